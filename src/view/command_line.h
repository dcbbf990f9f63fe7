/* Command line: the rows below the status line.
 *
 *      Space run  . on  , back  ...                        the keys that matter now; or
 *      there is no command gto: did you mean goto?         a message, in as many rows as it needs; or
 *
 *      wte  wpe  lm_head  loss  +12 more                   the prompt: candidates after Tab,
 *      print EXPR  the value of an expression              the command that is being typed, or those it may become,
 *      :print l_                                           the line */
#ifndef GPTOSCOPE_VIEW_COMMAND_LINE_H
#define GPTOSCOPE_VIEW_COMMAND_LINE_H

#include "app/app.h"
#include "view/canvas.h"

enum { COMMAND_LINE_MOST_ROWS = 7 };

/* Rows that it needs in so many columns: 1 to COMMAND_LINE_MOST_ROWS. */
int command_line_rows(const App *app, Canvas *canvas, int width);

void command_line_draw(const App *app, Canvas *canvas, Area area);

#endif
