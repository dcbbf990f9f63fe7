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
