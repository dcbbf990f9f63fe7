/* Frame: what a view draws with: the state, the canvas, and the spots that its numbers leave behind
 * for the cursor (app/spots.h).
 *
 * Every number of the run goes through frame_number (or frame_level, frame_signed for a cell of a
 * heatmap): so the cursor can stand on it, marks show, numbers that a lesson hides are hidden, what
 * is not computed yet is a dim dot, and what is another number before a change by hand or in
 * another branch (app/contrast.h) has the sign ≠ or, where there is no room, a line under it (a tick
 * in a heatmap), everywhere alike. */
#ifndef GPTOSCOPE_VIEW_FRAME_H
#define GPTOSCOPE_VIEW_FRAME_H

#include "app/app.h"
#include "view/canvas.h"

typedef struct Frame {
    const App *app;
    Canvas *canvas;
    Spots *spots; /* NULL: a picture without a cursor */
    Focus focus;  /* where the cursor of this view is; FOCUS_NONE: nowhere, or not in this pane */
    bool active;  /* keys go to this view */
} Frame;

/* A width that every number of three significant digits fits in, with its sign: "-1.2e-05". */
enum { FRAME_NUMBER = 8 };

/* A number in columns x ... x + width - 1, right-aligned, with three significant digits
 * (text_real); `·` where it is not known, question marks where it is hidden. */
void frame_number(Frame *frame, Area area, int x, int y, int width, Focus what, bool known,
                  double value, Role role, int attr);

/* The same from the state: frame_number with focus_value. */
void frame_value(Frame *frame, Area area, int x, int y, int width, Focus what, Role role, int attr);

/* A share of 0..1 in three columns: ".18", "1.0". */
void frame_share(Frame *frame, Area area, int x, int y, Focus what, bool known, double share,
                 Role role, int attr);

/* A cell of a heatmap, columns x rows: a weight of 0..1, or a signed number scaled to -1..1. */
void frame_level(Frame *frame, Area area, int x, int y, int columns, int rows, Focus what,
                 bool known, double value);
void frame_signed(Frame *frame, Area area, int x, int y, int columns, int rows, Focus what,
                  bool known, double value);

/* Text that the cursor can stand on: w columns, already drawn. Restyles it where the cursor or a
 * mark is. x, y may lie outside of area: there the cursor can only be moved to. */
void frame_spot(Frame *frame, Area area, int x, int y, int w, int h, Focus what);

/* The same for text that stands for a number, with a blank before it: where that differs, it has the
 * sign there. */
void frame_thing(Frame *frame, Area area, int x, int y, int w, Focus what);

/* Whether the cursor is there. */
bool frame_is_here(const Frame *frame, Focus what);

/* Whether a number may not be shown. */
bool frame_is_hidden(const Frame *frame, Focus what);

/* Whether it is another one where the app's contrast stands, and may be shown: *other is that. */
bool frame_differs(const Frame *frame, Focus what, double *other);

#endif
