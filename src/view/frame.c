#include "view/frame.h"

#include "app/contrast.h"
#include "app/text.h"
#include "view/plot.h"
#include <stdio.h>
#include <string.h>

/* ---- spots ----------------------------------------------------------------------------------- */

static void add_spot(Frame *frame, Area area, int x, int y, int w, int h, Focus what)
{
    if (frame->spots && what.kind != FOCUS_NONE)
        spots_add(frame->spots, (Spot){area.x + x, area.y + y, w, h, what});
}

static bool is_marked(const Frame *frame, Focus what)
{
    return frame->app->look.marks > 0 && look_is_marked(&frame->app->look, what);
}

void frame_spot(Frame *frame, Area area, int x, int y, int w, int h, Focus what)
{
    const bool here = frame_is_here(frame, what);

    for (int row = 0; row < h && (here || is_marked(frame, what)); row++)
        canvas_restyle(frame->canvas, area, x, y + row, w, here ? ROLE_ACCENT : ROLE_NOTE,
                       here ? ATTR_BOLD | ATTR_REVERSE : ATTR_BOLD | ATTR_UNDERLINE);
    add_spot(frame, area, x, y, w, h, what);
}

/* ---- numbers --------------------------------------------------------------------------------- */

bool frame_is_hidden(const Frame *frame, Focus what)
{
    return frame->app->look.hiddens > 0 && look_is_hidden(&frame->app->look, what);
}

bool frame_is_here(const Frame *frame, Focus what)
{
    return frame->focus.kind != FOCUS_NONE && focus_same(frame->focus, what);
}

bool frame_differs(const Frame *frame, Focus what, double *other)
{
    if (!frame->app->contrast.other.trainer || frame_is_hidden(frame, what))
        return false;
    const Scope here = app_scope(frame->app);
    return contrast_find(&frame->app->contrast, &here, what, other);
}

enum { GLYPH_DIFFERS = 0x2260, GLYPH_TICK = 0x2019 };

/* A number that differs: the sign before it, or a line under it where it fills its columns. */
static void mark_number(Frame *frame, Area area, int x, int y, int width, Focus what,
                        const char *text)
{
    const int blank = (int)strspn(text, " "), column = x + width - text_width(text) + blank - 1;
    double other;

    if (!frame_differs(frame, what, &other))
        return;
    if (column < x)
        canvas_underline(frame->canvas, area, x, y, width);
    else
        canvas_put(frame->canvas, area, column, y, canvas_glyph(frame->canvas, GLYPH_DIFFERS),
                   ROLE_NOTE, ATTR_BOLD);
}

void frame_thing(Frame *frame, Area area, int x, int y, int w, Focus what)
{
    double other;

    if (frame_differs(frame, what, &other))
        canvas_put(frame->canvas, area, x - 1, y, canvas_glyph(frame->canvas, GLYPH_DIFFERS),
                   ROLE_NOTE, ATTR_BOLD);
    frame_spot(frame, area, x, y, w, 1, what);
}

/* What stands on the canvas in place of a number: its text, a dot or question marks. */
static void draw_text(Frame *frame, Area area, int x, int y, int width, Focus what, bool known,
                      const char *text, Role role, int attr)
{
    if (frame_is_hidden(frame, what)) {
        int marks = width < 4 ? width : 4;
        canvas_fill(frame->canvas, area, x + width - marks, y, marks, '?', ROLE_NOTE, ATTR_BOLD);
    } else if (!known) {
        canvas_text_right(frame->canvas, area, x + width, y, ROLE_ABSENT, 0, "·");
    } else {
        canvas_text_right(frame->canvas, area, x + width, y, role, attr, text);
        mark_number(frame, area, x, y, width, what, text);
    }
    frame_spot(frame, area, x, y, width, 1, what);
}

void frame_number(Frame *frame, Area area, int x, int y, int width, Focus what, bool known,
                  double value, Role role, int attr)
{
    char text[32];

    draw_text(frame, area, x, y, width, what, known, text_real(value, width, text, sizeof text),
              role, attr);
}

void frame_value(Frame *frame, Area area, int x, int y, int width, Focus what, Role role, int attr)
{
    Scope scope = app_scope(frame->app);
    double value;
    bool known = focus_value(&scope, what, &value);

    frame_number(frame, area, x, y, width, what, known, value, role, attr);
}

void frame_share(Frame *frame, Area area, int x, int y, Focus what, bool known, double share,
                 Role role, int attr)
{
    char text[16];

    snprintf(text, sizeof text, "%.2f", share);
    draw_text(frame, area, x, y, 3, what, known,
              text[0] == '0' ? text + 1
              : share >= 1   ? "1.0"
                             : text,
              role, attr);
}

/* ---- heat ------------------------------------------------------------------------------------ */

typedef void DrawCell(Canvas *canvas, Area area, int x, int y, int columns, double value);

/* A cell that differs: the sign in its last column; a tick where that would cover too much, a cell
 * of one column or a picture where nearly all differ. Where the glyph alone tells the number, a cell
 * of one column keeps it, with a line under it. */
static void mark_cell(Frame *frame, Area area, int x, int y, int columns, Focus what)
{
    double other;

    if (!frame_differs(frame, what, &other))
        return;
    if (columns == 1 && frame->canvas->glyphs == GLYPHS_ASCII) {
        canvas_underline(frame->canvas, area, x, y, 1);
        return;
    }
    const bool tick = columns == 1 || frame->app->contrast.faint;
    canvas_put(frame->canvas, area, x + columns - 1, y,
               canvas_glyph(frame->canvas, tick ? GLYPH_TICK : GLYPH_DIFFERS), ROLE_NOTE,
               ATTR_BOLD);
}

static void draw_heat(Frame *frame, Area area, int x, int y, int columns, int rows, Focus what,
                      bool known, double value, DrawCell *draw)
{
    for (int row = 0; row < rows; row++) {
        if (frame_is_hidden(frame, what))
            canvas_fill(frame->canvas, area, x, y + row, columns, '?', ROLE_NOTE, 0);
        else if (known)
            draw(frame->canvas, area, x, y + row, columns, value);
        else if (row == 0)
            canvas_text(frame->canvas, area, x, y, ROLE_ABSENT, 0, "·");
    }
    if (known)
        mark_cell(frame, area, x, y + (rows - 1) / 2, columns, what);
    if (frame_is_here(frame, what))
        plot_cursor(frame->canvas, area, x, y + (rows - 1) / 2, columns);
    else if (is_marked(frame, what))
        canvas_put(frame->canvas, area, x + columns / 2, y + (rows - 1) / 2, '*', ROLE_NOTE,
                   ATTR_BOLD);
    add_spot(frame, area, x, y, columns, rows, what);
}

void frame_level(Frame *frame, Area area, int x, int y, int columns, int rows, Focus what,
                 bool known, double value)
{
    draw_heat(frame, area, x, y, columns, rows, what, known, value, plot_level);
}

void frame_signed(Frame *frame, Area area, int x, int y, int columns, int rows, Focus what,
                  bool known, double value)
{
    draw_heat(frame, area, x, y, columns, rows, what, known, value, plot_signed);
}
