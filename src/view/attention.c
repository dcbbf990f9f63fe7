#include "view/attention.h"

#include "app/text.h"
#include "engine/words.h"
#include "view/panel.h"
#include "view/plot.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- what is shown --------------------------------------------------------------------------- */

/* 1, 2 or 5 times a power of ten, not below number: a scale that does not change at every
 * moment. */
static double round_up(double number)
{
    double ten = pow(10, floor(log10(number)));

    if (!(number > 0) || !isfinite(number))
        return 1;
    return number <= ten       ? ten
           : number <= 2 * ten ? 2 * ten
           : number <= 5 * ten ? 5 * ten
                               : 10 * ten;
}

static double row_most(const Attention *attention, int layer, int head, int query)
{
    const Pass *pass = &attention->pass;
    double most = 0, number;

    for (PassCell cell = {layer, head, query, 0}; cell.key <= query; cell.key++)
        if (pass_number(pass, attention->kind, pass_cell(pass, attention->part, cell), &number))
            most = fmax(most, fabs(number));
    return most;
}

/* Over all layers and heads, so that they can be compared; of one that is opened alone. */
static double find_most(const Attention *attention)
{
    const Gpt *gpt = attention->pass.gpt;
    const PassCell at = attention->at;
    const bool all = attention->pass.app->look.depth[VIEW_ATTENTION] == 0;
    double most = 0;

    if (attention_is_share(attention))
        return 1;
    for (int i = 0; i < gpt->n_layer * gpt->n_head; i++)
        for (int query = 0; query < attention->pass.positions; query++)
            if (all || i == at.layer * gpt->n_head + at.head)
                most = fmax(most, row_most(attention, i / gpt->n_head, i % gpt->n_head, query));
    return round_up(most);
}

static int limited(int value, int most)
{
    return value < 0 ? 0 : value > most ? most : value;
}

/* The cursor, else what is selected; of a text that is written its latest position. */
static PassCell find_cell(const Attention *attention, Focus focus)
{
    const Pass *pass = &attention->pass;
    const App *app = pass->app;
    PassCell cell = {limited(app->layer, pass->gpt->n_layer - 1),
                     limited(app->head, pass->gpt->n_head - 1),
                     pass->writing ? pass->positions - 1 : app_position(app), 0};

    cell.key = cell.query;
    pass_find(pass, focus, &cell);
    return cell;
}

Attention attention_of(const App *app, Focus focus)
{
    Attention attention = {
        .pass = pass_shown(app), .part = pass_shown_part(app), .kind = pass_shown_kind(app)};

    if (attention.pass.positions == 0)
        return attention;
    attention.at = find_cell(&attention, focus);
    attention.most = find_most(&attention);
    return attention;
}

bool attention_is_share(const Attention *attention)
{
    return attention->part == PART_WEIGHT && attention->kind == FOCUS_VALUE;
}

const char *attention_word(const Attention *attention)
{
    if (attention->kind == FOCUS_VALUE)
        return attention->part == PART_WEIGHT ? N_("weight") : N_("score");
    return attention->part == PART_WEIGHT ? N_("weight gradient") : N_("score gradient");
}

/* ---- cells ----------------------------------------------------------------------------------- */

void attention_heat(Frame *frame, Area area, const Attention *attention, int x, int y, int columns,
                    int lines, PassCell cell)
{
    const Pass *pass = &attention->pass;
    const int32_t node = pass_cell(pass, attention->part, cell);
    const Focus focus = pass_focus(pass, attention->kind, node);
    double number;
    bool known = pass_number(pass, attention->kind, node, &number);

    if (attention_is_share(attention))
        frame_level(frame, area, x, y, columns, lines, focus, known, number);
    else
        frame_signed(frame, area, x, y, columns, lines, focus, known, number / attention->most);
}

void attention_node(Frame *frame, Area area, const Attention *attention, int x, int y, int width,
                    int32_t node)
{
    const Pass *pass = &attention->pass;
    double number;
    bool known = pass_number(pass, attention->kind, node, &number);

    frame_number(frame, area, x, y, width, pass_focus(pass, attention->kind, node), known, number,
                 ROLE_TEXT, 0);
}

void attention_number(Frame *frame, Area area, const Attention *attention, int x, int y, int width,
                      PassCell cell)
{
    const Pass *pass = &attention->pass;
    const int32_t node = pass_cell(pass, attention->part, cell);
    double number;
    bool known = pass_number(pass, attention->kind, node, &number);

    if (width == 3)
        frame_share(frame, area, x, y, pass_focus(pass, attention->kind, node), known, number,
                    ROLE_TEXT, 0);
    else
        attention_node(frame, area, attention, x, y, width, node);
}

int attention_token(Frame *frame, Area area, const Attention *attention, int x, int y, int position,
                    bool here)
{
    return panel_token(frame->app, frame->canvas, area, x, y, attention->pass.token[position],
                       false, here ? ROLE_ACCENT : ROLE_TEXT, here ? ATTR_BOLD : 0);
}

/* ---- around the pictures --------------------------------------------------------------------- */

static int draw_legend(Frame *frame, Area area, const Attention *attention, int x, int y)
{
    if (attention_is_share(attention))
        return plot_level_legend(frame->canvas, area, x, y, 1);
    return plot_signed_legend(frame->canvas, area, x, y, attention->most);
}

int attention_title(Frame *frame, Area area, const Attention *attention, const char *words)
{
    Canvas *canvas = frame->canvas;
    char of[96];
    int x = panel_title(canvas, area, words, N_("attention")),
        legend = draw_legend(frame, (Area){0}, attention, 0, 0);

    if (attention->pass.writing)
        snprintf(of, sizeof of, _("of the text that is written"));
    else
        snprintf(of, sizeof of, "%s", _(attention_word(attention)));
    if (x + 2 + text_width(of) + 3 + legend <= area.w) {
        canvas_text(canvas, area, x + 2, 0, ROLE_NOTE, 0, of);
        draw_legend(frame, area, attention, area.w - legend, 0);
        return 1;
    }
    x = canvas_text(canvas, area, 0, 1, ROLE_NOTE, 0, of);
    if (x + 2 + legend <= area.w)
        draw_legend(frame, area, attention, area.w - legend, 1);
    return 2;
}

/* To draw what stands in a cell too: the cursor moves among the cells. */
static Frame without_spots(const Frame *frame)
{
    Frame quiet = *frame;

    quiet.spots = NULL;
    return quiet;
}

void attention_row(const Frame *all, Area area, const Attention *attention, int y)
{
    Frame quiet = without_spots(all), *frame = &quiet;
    Canvas *canvas = frame->canvas;
    const int number = attention_is_share(attention) ? 3 : 7, each = number + 3;
    PassCell cell = attention->at;
    int x = canvas_text(canvas, area, 0, y, ROLE_ACCENT, ATTR_BOLD, "▸");

    x += attention_token(frame, area, attention, x, y, cell.query, true);
    x = canvas_text(canvas, area, x, y, ROLE_DIM, 0,
                    attention_is_share(attention) ? _(" looks at ") : ": ");
    int fit = (area.w - x) / each,
        first = panel_scroll(cell.query + 1, fit < 1 ? 1 : fit, cell.key);
    for (cell.key = first; cell.key <= cell.query && cell.key < first + fit;
         cell.key++, x += each) {
        attention_token(frame, area, attention, x, y, cell.key, false);
        attention_number(frame, area, attention, x + 2, y, number, cell);
    }
}

static void draw_bar(Frame *frame, Area area, const Attention *attention, int y, PassCell cell)
{
    const Pass *pass = &attention->pass;
    const int32_t node = pass_cell(pass, attention->part, cell);
    const int from = 14, room = area.w - from < 40 ? area.w - from : 40;
    const Focus focus = pass_focus(pass, attention->kind, node);
    double number;

    attention_token(frame, area, attention, 2, y, cell.key, cell.key == attention->at.key);
    attention_number(frame, area, attention, 5, y, FRAME_NUMBER, cell);
    if (pass_number(pass, attention->kind, node, &number) && !frame_is_hidden(frame, focus))
        plot_bar(frame->canvas, area, from, y, room, fabs(number) / attention->most,
                 number < 0 ? ROLE_BASE : ROLE_CURVE);
}

void attention_bars(const Frame *all, Area area, const Attention *attention, int y)
{
    Frame quiet = without_spots(all), *frame = &quiet;
    Canvas *canvas = frame->canvas;
    PassCell cell = attention->at;
    const int room = area.h - y - 1, first = panel_scroll(cell.query + 1, room, cell.key);
    char name[16];

    canvas_print(canvas, area, 0, y, ROLE_TITLE, ATTR_BOLD,
                 "head %d: what position %d, '%s', looks at", cell.head, cell.query,
                 attention_name(attention, cell.query, name));
    for (cell.key = first; cell.key <= cell.query && cell.key < first + room; cell.key++)
        draw_bar(frame, area, attention, y + 1 + cell.key - first, cell);
}

/* ---- in words -------------------------------------------------------------------------------- */

static bool is_hidden(const Attention *attention, int32_t node)
{
    return look_is_hidden(&attention->pass.app->look,
                          pass_focus(&attention->pass, attention->kind, node));
}

const char *attention_words(const Attention *attention, int32_t node, char text[32])
{
    double number;

    if (is_hidden(attention, node))
        snprintf(text, 32, _("hidden"));
    else if (pass_number(&attention->pass, attention->kind, node, &number))
        snprintf(text, 32, "%.3g", number);
    else
        snprintf(text, 32, _("not computed yet"));
    return text;
}

void attention_member(const Attention *attention, Answer *answer, const char *name, int32_t node)
{
    double number;

    if (is_hidden(attention, node))
        answer_text(answer, name, "hidden");
    else if (pass_number(&attention->pass, attention->kind, node, &number))
        answer_real(answer, name, number);
    else
        answer_null(answer, name);
}

const char *attention_name(const Attention *attention, int position, char text[16])
{
    const Corpus *corpus = &attention->pass.app->session.corpus;
    const int token = attention->pass.token[position];

    if (token < corpus->characters)
        text_show_character(corpus->character[token], text);
    else
        snprintf(text, 16, _("begin"));
    return text;
}
