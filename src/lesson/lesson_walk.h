/* The inside of LessonRun: what its files share. lesson_run.c takes directives, lesson_open.c opens
 * and closes, lesson_answer.c answers, lesson_keys.c reads keys. */
#ifndef GPTOSCOPE_LESSON_LESSON_WALK_H
#define GPTOSCOPE_LESSON_LESSON_WALK_H

#include "lesson/lesson_run.h"

/* Adds a text of the lesson to the sheet, its numbers filled in. */
void lesson_walk_put(LessonRun *run, PieceKind kind, const Block *block, const char *label,
                     int line, const char *text);

/* Carries out a command of the lesson. */
void lesson_walk_command(LessonRun *run, const Said *command, bool in_sight);

/* Takes directives until one waits or the step is over. */
void lesson_walk_on(LessonRun *run);

/* Enters a step. */
void lesson_walk_enter(LessonRun *run, int visit);

#endif
