/* 20 texts of the same model, and whether they are documents. */
#include "app/text.h"
#include "engine/words.h"
#include "view/generate.h"
#include "view/panel.h"
#include <stdio.h>
#include <string.h>

static const struct {
    const char *mark;
    Role role;
} kinds[WRITING_KINDS] = {
    [WRITING_NEW] = {" ", ROLE_TEXT},
    [WRITING_IN_DATA] = {"✓", ROLE_RIGHT},
    [WRITING_TRAINED] = {"●", ROLE_NOTE},
};

enum { KIND = 11, NAMED = 5 + 12 + 2 + KIND };

static void draw_text(Frame *frame, Area area, int y, int i)
{
    const WritingText *text = &frame->app->writing.text[i];
    char shown[4 * WRITING_TEXT_BYTES];

    text_show(text->bytes, strlen(text->bytes), shown, sizeof shown, false);
    canvas_print(frame->canvas, area, 0, y, ROLE_DIM, 0, "%2d", i + 1);
    canvas_text(frame->canvas, area, 3, y, kinds[text->kind].role, ATTR_BOLD,
                kinds[text->kind].mark);
    const bool named = area.w >= NAMED; /* else the mark says it, and the sum below explains it */
    canvas_text(frame->canvas, area_inset(area, 0, 0, named ? KIND + 2 : 0, 0), 5, y,
                kinds[text->kind].role, 0, shown);
    if (named)
        canvas_text(frame->canvas, area, area.w - KIND, y, ROLE_DIM, 0,
                    _(writing_kind_names[text->kind]));
    frame_spot(frame, area, 3, y, area.w - 3, 1, writing_focus(WRITING_ITEM_TEXT, 0, i));
}

static void count_kinds(const Writing *writing, int count[WRITING_KINDS])
{
    for (int i = 0; i < writing->count; i++)
        count[writing->text[i].kind]++;
}

static void draw_sum(Frame *frame, Area area, int y)
{
    const Writing *writing = &frame->app->writing;
    int count[WRITING_KINDS] = {0};

    count_kinds(writing, count);
    canvas_print(
        frame->canvas, area, 0, y, ROLE_DIM, 0,
        area.w >= 74
            ? N_("%d of %d are new   ✓ %d in the data, not yet trained on   ● %d trained on")
            : N_("%d of %d new   ✓ %d in the data   ● %d trained on"),
        count[WRITING_NEW], writing->count, count[WRITING_IN_DATA], count[WRITING_TRAINED]);
}

/* In as many columns as the rows ask for. */
void generate_draw_list(Frame *frame, Area area)
{
    const Writing *writing = &frame->app->writing;
    const int room = area.h - 2 > 1 ? area.h - 2 : 1, columns = (WRITING_TEXTS + room - 1) / room;
    const int rows = (WRITING_TEXTS + columns - 1) / columns, across = area.w / columns;
    const int wide = across - 2 < 48 ? across - 2 : 48;

    for (int i = 0; i < writing->count; i++) {
        Area cell = {area.x + i / rows * (wide + 2), area.y, wide, area.h};
        draw_text(frame, cell, i % rows, i);
    }
    draw_sum(frame, area, rows + 1 < area.h ? rows + 1 : area.h - 1);
}

void generate_tell_list(const App *app, Answer *answer)
{
    const Writing *writing = &app->writing;
    char shown[4 * WRITING_TEXT_BYTES];

    answer_open(answer, "texts", '[');
    for (int i = 0; i < writing->count; i++) {
        const WritingText *text = &writing->text[i];
        text_show(text->bytes, strlen(text->bytes), shown, sizeof shown, false);
        answer_line(answer, "%d: %s, %s.", i + 1, shown, _(writing_kind_names[text->kind]));
        answer_open(answer, NULL, '{');
        answer_text(answer, "text", text->bytes);
        answer_text(answer, "kind", writing_kind_names[text->kind]);
        answer_close(answer, '}');
    }
    answer_close(answer, ']');
}
