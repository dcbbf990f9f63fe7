/* Lint: whether lessons hold, without a terminal: every directive, name, claim, answer, trap and
 * option.
 *
 *     lessons/2a-chain-rule.md:41: trap: its value, 28, is the answer
 *
 * A lesson is walked once with everything looked at; then every step is entered by itself, and must
 * begin in the same state; then it is played all wrong, all skipped and all shown, and must end
 * each step in the same state. A translation, lessons/de/2a.md, must have the steps of
 * lessons/2a.md. All lessons are walked in one run of the program, so that a training run is
 * trained once. */
#ifndef GPTOSCOPE_LESSON_LINT_H
#define GPTOSCOPE_LESSON_LINT_H

#include "lesson/lesson_run.h"
#include <stdio.h>

/* Checks files in an app of its own, which is made for them, and prints what is wrong to stream.
 * *wrong: how many lines. Errors: the run cannot be made. */
bool lint_files(const char *const path[], int count, const LessonPlaces *places, FILE *stream,
                int *wrong, Error *error);

#endif
