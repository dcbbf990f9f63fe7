/* Plain: a lesson on standard input and output, line by line: for a serial line, a screen reader, a
 * pipe.
 *
 *     2a The chain rule. Step 3 of 12.
 *     ...
 *     Question: How fast does L grow with b?
 *     > 42
 *     Not so. That is a's. ...
 *
 * What is typed is an answer, or one of the words help, hint, show, skip, next, back, again, view,
 * quit; behind a colon any command of the program. */
#ifndef GPTOSCOPE_LESSON_PLAIN_H
#define GPTOSCOPE_LESSON_PLAIN_H

#include "lesson/lesson_run.h"
#include <stdio.h>

enum { PLAIN_DONE = 0, PLAIN_FAILED = 1 };

/* Describes what the views would show, in words and numbers. */
typedef void PlainDescribe(const App *app, FILE *stream);

/* Runs the lesson that is open. Returns the exit status: 1 where the input ends in the middle of a
 * question. */
int plain_run(LessonRun *run, FILE *in, FILE *out, PlainDescribe *describe);

#endif
