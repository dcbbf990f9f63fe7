/* What a view shows of a small program: its picture as text, its words, its members. */
#ifndef TESTS_VIEW_SHOWN_H
#define TESTS_VIEW_SHOWN_H

#include "app/app.h"
#include "view/canvas.h"

enum { SHOWN_BYTES = 1 << 18 };

typedef struct Shown {
    char text[SHOWN_BYTES];
} Shown;

/* The screen at that size; also leaves the spots that the cursor moves by. */
void shown_screen(App *app, int width, int height, Glyphs glyphs, Shown *shown);

/* What the view says in lines, and as members of an object. */
void shown_words(const App *app, ViewName view, Shown *shown);
void shown_members(const App *app, ViewName view, Shown *shown);

/* Presses a key after the screen was drawn at that size. */
void shown_press(App *app, int width, int height, const char *key);

/* Goes to a moment and works until nothing is left to do. */
void shown_go(App *app, const char *moment);

#endif
