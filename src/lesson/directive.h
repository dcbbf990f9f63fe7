/* Directives: the lines of a lesson's `lesson` blocks, a row a directive. For lesson.c. */
#ifndef GPTOSCOPE_LESSON_DIRECTIVE_H
#define GPTOSCOPE_LESSON_DIRECTIVE_H

#include "lesson/lesson.h"

/* A lesson while it is being read. */
typedef struct Reading {
    Lesson *lesson;
    Step *step;         /* under way; NULL: before the first */
    Question *question; /* between ask and end; its directive is the step's last */
    bool begun;         /* the step has a scene line or anything behind it */
} Reading;

/* Reads one line of a block, without blanks around it. Errors: reasons without file and line. */
bool directive_read(Reading *reading, int line, const char *text, Error *error);

/* Adds a directive to the step under way; NULL where memory runs out. */
Directive *directive_add(Reading *reading, DirectiveKind kind, int line);

/* Whether a command may stand in a lesson: the first word of its line. */
bool directive_allows(const char *command);

#endif
