/* Learn: lessons as modes of the program: where their files are, what is known of the reader, and
 * what the options ask for. */
#ifndef GPTOSCOPE_LESSON_LEARN_H
#define GPTOSCOPE_LESSON_LEARN_H

#include "app/options.h"
#include "app/paths.h"
#include "lesson/plain.h"

typedef struct Learn {
    LessonRun run;
    Progress progress;
    char lessons[PATHS_BYTES], own[PATHS_BYTES];
    char message[480]; /* what became of a damaged file, or "" */
} Learn;

/* Fastens lessons to an app; none is open yet. program is argv[0], data the documents of the run.
 * Errors: memory. */
bool learn_init(Learn *learn, App *app, const Options *options, const char *program,
                const char *data, Error *error);

/* Closes the lesson, and keeps what was done. */
void learn_release(Learn *learn);

/* Opens what the options ask for: a lesson, a file, the review, or what was begun last. */
bool learn_begin(Learn *learn, const Options *options, Error *error);

/* Whether this is the reader's first start: then an invitation, which is made once. */
bool learn_is_new(void);

/* Modes without a screen. Each returns an exit status as in app/batch.h. */
int learn_plain(const Options *options, const char *program, const char *data,
                PlainDescribe *describe, Error *error);
int learn_lint(const Options *options, const char *program, const char *data, Error *error);

/* --recap and --reset. */
int learn_recap(const Options *options, Error *error);
int learn_reset(const Options *options, Error *error);

/* The lessons that there are, one a line. */
bool learn_list(const char *program, FILE *stream, Error *error);

#endif
