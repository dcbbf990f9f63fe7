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

static bool never(void)
{
    return false;
}

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
    script_settle(&viewing->app, never);
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
    script_settle(&viewing->app, never);
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

enum { FILLER = '~' };

static bool is_inside(Area area, int x, int y)
{
    return x >= area.x && x < area.x + area.w && y >= area.y && y < area.y + area.h;
}

static void check_size(Viewing *viewing, int width, int height)
{
    const ViewName view = look_view(&viewing->app.look);
    Canvas canvas = test_canvas(width + 4, height + 4, viewing->canvas.glyphs);
    const Area all = canvas_area(&canvas), area = area_inset(all, 2, 2, 2, 2);
    Frame frame = {.app = &viewing->app,
                   .canvas = &canvas,
                   .spots = &viewing->app.look.spots,
                   .focus = viewing->app.look.focus[view],
                   .active = true};

    for (int y = 0; y < all.h; y++)
        for (int x = 0; x < all.w; x++)
            if (!is_inside(area, x, y))
                canvas_put(&canvas, all, x, y, FILLER, ROLE_TEXT, 0);
    spots_clear(frame.spots);
    view_table[view].draw(&frame, area);
    for (int i = 0; i < all.w * all.h; i++) {
        bool inside = is_inside(area, i % all.w, i / all.w);
        ck_assert_msg(inside || canvas.cell[i].glyph == FILLER, "%dx%d: column %d, row %d", width,
                      height, i % all.w - 2, i / all.w - 2);
        ck_assert(canvas.cell[i].glyph == 0 || canvas.cell[i].glyph >= ' ');
    }
    canvas_release(&canvas);
}

void viewing_sweep(Viewing *viewing)
{
    static const int widths[] = {1, 5, 24, 58, 63, 78, 100, 118, 198, 300};
    static const int heights[] = {1, 3, 8, 12, 17, 20, 36, 56, 80};

    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
        for (size_t h = 0; h < sizeof heights / sizeof *heights; h++)
            check_size(viewing, widths[w], heights[h]);
}
