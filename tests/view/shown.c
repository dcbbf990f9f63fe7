#include "shown.h"

#include "app/program.h"
#include "support.h"
#include "view/export.h"
#include "view/layout.h"
#include "view/view.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

static void keep(const char *text, Shown *shown)
{
    ck_assert_uint_lt(strlen(text), SHOWN_BYTES);
    strcpy(shown->text, text);
}

void shown_screen(App *app, int width, int height, Glyphs glyphs, Shown *shown)
{
    Canvas canvas = test_canvas(width, height, glyphs);
    TestText text;

    layout_draw(app, &canvas, &app->look.spots);
    test_text_open(&text);
    export_text(&canvas, text.stream);
    test_text_close(&text);
    keep(text.text, shown);
    free(text.text);
    canvas_release(&canvas);
}

void shown_words(const App *app, ViewName view, Shown *shown)
{
    Answer answer = {.cut = false};

    view_table[view].tell(app, &answer);
    keep(answer_first(&answer), shown);
    answer_release(&answer);
}

void shown_members(const App *app, ViewName view, Shown *shown)
{
    Answer answer = {.cut = false};

    view_table[view].tell(app, &answer);
    ck_assert(answer.members.bytes && !answer.cut);
    keep(answer.members.bytes, shown);
    answer_release(&answer);
}

void shown_press(App *app, int width, int height, const char *key)
{
    Canvas canvas = test_canvas(width, height, GLYPHS_BRAILLE);

    layout_draw(app, &canvas, &app->look.spots);
    program_press(app, key);
    program_settle(app);
    canvas_release(&canvas);
}

void shown_go(App *app, const char *moment)
{
    Error error;

    ck_assert_msg(app_seek(app, moment, &error), "%s", error.text);
    program_settle(app);
}

enum { MARGIN = 3, SENTINEL = 0x2603 };

static void check_cells(const Canvas *canvas, Area area)
{
    for (int y = 0; y < canvas->height; y++)
        for (int x = 0; x < canvas->width; x++) {
            uint32_t glyph = canvas->cell[y * canvas->width + x].glyph;
            bool inside = x >= area.x && x < area.x + area.w && y >= area.y && y < area.y + area.h;
            if (!inside)
                ck_assert_msg(glyph == SENTINEL, "%dx%d: a stray cell at %d, %d", area.w, area.h, x,
                              y);
            ck_assert(glyph == 0 || glyph >= ' ');
        }
}

void shown_sweep(const App *app, ViewName view)
{
    static const int widths[] = {1, 7, 20, 40, 58, 61, 62, 72, 78, 98, 118, 150, 198, 300};
    static const int heights[] = {1, 2, 3, 5, 8, 12, 16, 20, 27, 35, 55, 90};
    enum { WIDTHS = sizeof widths / sizeof *widths, HEIGHTS = sizeof heights / sizeof *heights };

    for (int i = 0; i < WIDTHS * HEIGHTS; i++) {
        const Area area = {MARGIN, MARGIN, widths[i % WIDTHS], heights[i / WIDTHS]};
        Canvas canvas = test_canvas(area.w + 2 * MARGIN, area.h + 2 * MARGIN, GLYPHS_BRAILLE);
        Frame frame = {
            .app = app, .canvas = &canvas, .focus = app->look.focus[view], .active = true};
        for (int y = 0; y < canvas.height; y++)
            canvas_fill(&canvas, canvas_area(&canvas), 0, y, canvas.width, SENTINEL, ROLE_TEXT, 0);
        view_table[view].draw(&frame, area);
        check_cells(&canvas, area);
        canvas_release(&canvas);
    }
}
