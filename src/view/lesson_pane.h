/* The lesson, beside the views: what is to be read of the step, the question with what is being
 * typed, what came of it, and the keys.
 *
 *     2a The chain rule · step 6 of 14
 *
 *     d's gradient is 14: if d grows by      the sheet (lesson/sheet.h), its end in sight
 *     a little, L grows 14 times as much.
 *
 *     How fast does L grow with c?
 *     = 14_
 *     ✓ 14
 *     Adding 1 shifts c ...
 *
 *     Enter answer · ? hint · S show         keys */
#ifndef GPTOSCOPE_VIEW_LESSON_PANE_H
#define GPTOSCOPE_VIEW_LESSON_PANE_H

#include "lesson/lesson_run.h"
#include "view/canvas.h"

/* How many of so many columns the lesson takes; all of them where a view beside it would be too
 * narrow, or where the step wants it. */
int lesson_pane_width(const LessonRun *run, int columns);

/* Whether it is only a line above the view: in free play, where both would be narrow beside each
 * other. */
bool lesson_pane_is_line(const LessonRun *run, int columns);

/* Draws it. */
void lesson_pane_draw(const LessonRun *run, Canvas *canvas, Area area);

#endif
