#include "viewing.h"

#include "app/command.h"
#include "app/script.h"
#include "engine/support.h"
#include "support.h"
#include "view/export.h"
#include "view/layout.h"
#include "view/view.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>

void viewing_open(Viewing *viewing, ViewName view, const char *data, const char *options,
                  const char *moment)
{
    Settings settings = test_settings(options);
    Error error;

    *viewing = (Viewing){.text = NULL};
    ck_assert_msg(app_init(&viewing->app, &settings, test_path(data).text, NULL, &error), "%s",
                  error.text);
    ck_assert_msg(app_seek(&viewing->app, moment, &error), "%s", error.text);
    viewing->canvas = test_canvas(80, 24, GLYPHS_BRAILLE);
    look_show(&viewing->app.look, view);
    script_settle(&viewing->app, NULL);
}

void viewing_close(Viewing *viewing)
{
    free(viewing->text);
    canvas_release(&viewing->canvas);
    app_release(&viewing->app);
}

static const char *draw(Viewing *viewing)
{
    TestText text;

    layout_draw(&viewing->app, &viewing->canvas, &viewing->app.look.spots);
    test_text_open(&text);
    export_text(&viewing->canvas, text.stream);
    test_text_close(&text);
    free(viewing->text);
    return viewing->text = text.text;
}

const char *viewing_draw(Viewing *viewing, int width, int height)
{
    Error error;

    ck_assert(canvas_resize(&viewing->canvas, width, height, &error));
    return draw(viewing);
}

const char *viewing_run(Viewing *viewing, const char *command)
{
    Error error = {""};

    draw(viewing);
    ck_assert_msg(!(command_run(&viewing->app, command, &error) & CHANGE_FAILED), "%s: %s", command,
                  error.text);
    script_settle(&viewing->app, NULL);
    return draw(viewing);
}

const char *viewing_tell(Viewing *viewing, bool members)
{
    Answer answer = {.cut = false};

    view_table[look_view(&viewing->app.look)].tell(&viewing->app, &answer);
    ck_assert(!answer.cut);
    free(viewing->text);
    viewing->text = strdup(members ? answer.members.bytes : answer_first(&answer));
    answer_release(&answer);
    return viewing->text;
}

/* ---- sizes ----------------------------------------------------------------------------------- */

enum { FILLER = '~', MARGIN = 3 };

static bool is_inside(Area area, int x, int y)
{
    return x >= area.x && x < area.x + area.w && y >= area.y && y < area.y + area.h;
}

/* An assertion that holds writes to a file of Check's: too slow for each of millions of cells. */
static void check_size(const App *app, ViewName view, Glyphs glyphs, int width, int height,
                       Spots *spots)
{
    Canvas canvas = test_canvas(width + 2 * MARGIN, height + 2 * MARGIN, glyphs);
    const Area all = canvas_area(&canvas),
               area = area_inset(all, MARGIN, MARGIN, MARGIN, MARGIN);
    Frame frame = {.app = app,
                   .canvas = &canvas,
                   .spots = spots,
                   .focus = app->look.focus[view],
                   .active = true};

    for (int y = 0; y < all.h; y++)
        for (int x = 0; x < all.w; x++)
            if (!is_inside(area, x, y))
                canvas_put(&canvas, all, x, y, FILLER, ROLE_TEXT, 0);
    view_table[view].draw(&frame, area);
    for (int i = 0; i < all.w * all.h; i++) {
        const uint32_t glyph = canvas.cell[i].glyph;
        const bool inside = is_inside(area, i % all.w, i / all.w);
        if ((!inside && glyph != FILLER) || (glyph != 0 && glyph < ' '))
            ck_abort_msg("%dx%d: column %d, row %d has U+%04X", width, height, i % all.w - MARGIN,
                         i / all.w - MARGIN, (unsigned)glyph);
    }
    spots_clear(spots);
    canvas_release(&canvas);
}

void viewing_sweep_view(const App *app, ViewName view, Glyphs glyphs)
{
    static const int widths[] = {1, 7, 24, 40, 58, 62, 63, 78, 98, 118, 150, 198, 300};
    static const int heights[] = {1, 2, 3, 5, 8, 12, 17, 20, 27, 36, 56, 90};
    Spots spots = {.count = 0};

    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
        for (size_t h = 0; h < sizeof heights / sizeof *heights; h++)
            check_size(app, view, glyphs, widths[w], heights[h], &spots);
    spots_release(&spots);
}

void viewing_sweep(const Viewing *viewing)
{
    viewing_sweep_view(&viewing->app, look_view(&viewing->app.look), viewing->canvas.glyphs);
}
