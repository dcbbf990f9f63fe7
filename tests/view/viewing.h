/* A program that shows one view, for the views' tests. */
#ifndef TESTS_VIEW_VIEWING_H
#define TESTS_VIEW_VIEWING_H

#include "app/app.h"
#include "view/canvas.h"

/* It must stay where it is: its parts point at each other. */
typedef struct Viewing {
    App app;
    Canvas canvas;
    char *text; /* the latest picture or answer, owned */
} Viewing;

/* Options as on the command line; the data lies below tests/. All that the view asks for is found. */
void viewing_open(Viewing *viewing, ViewName view, const char *data, const char *options,
                  const char *moment);
void viewing_close(Viewing *viewing);

/* The picture at this size, as text. It stands until the next call. */
const char *viewing_draw(Viewing *viewing, int width, int height);

/* Runs a command to its end, with the latest picture before it; then draws anew. */
const char *viewing_run(Viewing *viewing, const char *command);

/* What the view tells: lines, or the members of an object. */
const char *viewing_tell(Viewing *viewing, bool members);

/* Fails where the view, drawn alone into areas of many sizes, leaves a cell outside of its area
 * changed, or draws a control character. */
void viewing_sweep(const Viewing *viewing);
void viewing_sweep_view(const App *app, ViewName view, Glyphs glyphs);

#endif
