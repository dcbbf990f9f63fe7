/* Contents: which lessons there are: those that came with the program, then the reader's own in
 * $XDG_DATA_HOME/gptoscope/lessons.
 *
 *     1     The big picture      done
 *     2a    The chain rule       here: step 3 of 12
 *     2b    Topological order
 *
 * Where the folder of the reader's language, as lessons/de, has a file of the same name, that
 * stands in its place. A file is listed with its title, read from the file; one that cannot be read
 * is listed with what is wrong. */
#ifndef GPTOSCOPE_LESSON_CONTENTS_H
#define GPTOSCOPE_LESSON_CONTENTS_H

#include "app/answer.h"
#include "lesson/progress.h"

enum { CONTENTS_LIMIT = 64, CONTENTS_PATH_BYTES = 4096 };

typedef struct ContentsEntry {
    char path[CONTENTS_PATH_BYTES];
    char name[LESSON_NAME_BYTES];
    char title[128];
    char about[400];
    int steps, minutes;
    char wrong[480]; /* "": it can be read */
} ContentsEntry;

typedef struct Contents {
    ContentsEntry *entry; /* [CONTENTS_LIMIT] in the order of their files; owned */
    int count;
} Contents;

/* Lists the lessons of some folders, NULL or "" ones and those that are not there left out. Errors:
 * memory. */
bool contents_open(Contents *contents, const char *const folder[], int folders, Error *error);
void contents_close(Contents *contents);

/* The entry of that name ("2a"), or whose title or file has that word ("softmax"); -1: there is
 * none, or more than one. */
int contents_find(const Contents *contents, const char *word);

/* Says which there are, as lines and members. */
void contents_answer(const Contents *contents, const Progress *progress, Answer *answer);

#endif
