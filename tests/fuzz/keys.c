/* Keys pressed in the program, without a terminal: what the screen would be is drawn on a canvas. */
#include "fuzz.h"
#include "world.h"

#include "view/layout.h"
#include <stdlib.h>

enum { KEYS = 48 };

/* What bytes that are no character of a keyboard stand for. */
static const char *const names[] = {
    "Enter", "Esc",  "Tab",       "S-Tab",  "Space",  "Backspace", "Delete",    "Insert",
    "Up",    "Down", "Left",      "Right",  "Home",   "End",       "PgUp",      "PgDn",
    "F1",    "F12",  "S-Up",      "S-Down", "C-Left", "C-Right",   "C-a",       "C-e",
    "C-k",   "C-r",  "C-u",       "C-w",    "C-l",    "M-b",       "M-f",       "é",
    "😀",     "́",     "Click 4 2", "work",   "work",   "work",      "Click 9 9", "C-c"};
enum { NAMES = sizeof names / sizeof *names };

/* A screen of one of several sizes, too small ones too; safe whatever stands in it. The cursor can
 * go to what was drawn last. */
static void draw(App *app, unsigned size)
{
    static const int sizes[][2] = {{80, 24}, {60, 16}, {120, 40}, {20, 5}, {1, 1}, {200, 60}};
    const int *chosen = sizes[size % (sizeof sizes / sizeof *sizes)];
    char text[CELL_TEXT_SIZE];
    Canvas canvas;
    Error error;

    if (!canvas_init(&canvas, chosen[0], chosen[1], (Glyphs)(size % 3), &error))
        abort();
    app->look.wide = layout_is_wide(canvas.width);
    app->scroll_limit = layout_draw(app, &canvas, &app->look.spots);
    for (int i = 0; i < canvas.width * canvas.height; i++)
        world_expect_safe(text, (size_t)canvas_cell_text(&canvas.cell[i], text), "");
    canvas_release(&canvas);
}

/* Returns whether the program goes on. */
static bool press(App *app, uint8_t byte)
{
    char character[2] = {(char)byte, '\0'};
    const char *name = byte > ' ' && byte < 127 ? character : names[byte % NAMES];

    if (*name == 'w' && name[1]) {
        app_work(app, 0);
        return true;
    }
    return !(app_key(app, name) & CHANGE_QUIT);
}

void fuzz_keys(const uint8_t *bytes, size_t length)
{
    const uint8_t none = 0;
    App app;

    if (length == 0)
        return;
    world_serve(&none, 0);
    world_open_app(&app);
    for (size_t i = 1; i < length && i <= KEYS && press(&app, bytes[i]); i++)
        if (i == KEYS / 4)
            draw(&app, bytes[0]);
    app_work(&app, 0);
    draw(&app, bytes[0]);
    app_release(&app);
}
