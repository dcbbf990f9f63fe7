/* A program with a lesson from a text, for the lessons' tests: a tiny model on a few words. */
#ifndef TESTS_LESSON_CLASSROOM_H
#define TESTS_LESSON_CLASSROOM_H

#include "lesson/lesson_run.h"

/* Must stay where it is: its parts point at each other. */
typedef struct Classroom {
    App app;
    LessonRun run;
    Progress progress;
    char told[4096]; /* what was wrong with the lesson: "LINE: reason\n" */
} Classroom;

/* Opens the lesson; the caller closes it. progress is kept in the current folder under that name, or
 * (NULL) not at all. */
Classroom *classroom_open(const char *lesson, const char *progress);
void classroom_close(Classroom *room);

/* The places of the program, and the settings of the tiny model. */
LessonPlaces classroom_places(void);

/* A lesson "t" of one step with these directives. */
typedef struct LessonText {
    char text[4096];
} LessonText;
LessonText one_step(const char *directives);

/* Answers; fails unless that is the verdict. */
void classroom_answers(Classroom *room, const char *text, Verdict verdict);

/* Whether a piece of that kind on the sheet has that text in it. */
bool classroom_has(const Classroom *room, PieceKind kind, const char *text);

/* The value of an expression as the reader may read it, or what is wrong with it. */
typedef struct RoomText {
    char text[480];
} RoomText;
RoomText classroom_reads(const Classroom *room, const char *expression);

/* Keys, with blanks between. */
void classroom_press(Classroom *room, const char *keys);

#endif
