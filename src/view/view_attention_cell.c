/* One cell of attention: how much one position looks at another, number by number.
 *
 *     query  q of position 3, 'm'   0.12  -0.45   0.78   0.01
 *     key    k of position 1, 'e'   0.12  -0.45   0.78   0.01
 *            q x k                  .015   .208   .616   .0001
 *     score = sum / sqrt(4) = 0.84 x 0.5 = 0.42
 *
 *      key   score        exp        weight      v ...        weight x v ...
 *     ▸e      0.42      1.0          .50
 *      sum              2.0         1.00       out:
 *
 * What is too wide or too long is shown around the cursor. */
#include "engine/words.h"
#include "view/attention.h"
#include "view/panel.h"
#include <math.h>
#include <stdio.h>

enum { NAME = 12, COLUMN = 8, NUMBER = 7, KEY = 4, FIXED = 3, BEYOND = 8 };

/* What is seen of the table: keys, and columns of v and of weight x v. */
typedef struct Window {
    int dimensions;
    int rows, row;
    int columns, column; /* of 2 x dimensions */
} Window;

static int least(int a, int b)
{
    return a < b ? a : b;
}

static int most(int a, int b)
{
    return a > b ? a : b;
}

/* ---- where the cursor is --------------------------------------------------------------------- */

static bool is_here(Frame *frame, const Attention *attention, int32_t node)
{
    return node >= 0 && frame_is_here(frame, pass_focus(&attention->pass, attention->kind, node));
}

/* Column 0 ... 2 dimensions - 1 of the table: v, then weight x v. */
static int32_t column_node(const Attention *attention, PassCell cell, int column)
{
    const int dimensions = pass_dimensions(&attention->pass);

    return column < dimensions ? pass_entry(&attention->pass, PART_V, cell, column)
                               : pass_share(&attention->pass, cell, column - dimensions);
}

/* The row and column of the table where the cursor is, else the opened key and the first. */
static void find_cursor(Frame *frame, const Attention *attention, int *row, int *column)
{
    const int columns = 2 * pass_dimensions(&attention->pass);
    PassCell cell = attention->at, at;

    *row = cell.key;
    *column = 0;
    if (pass_find(&attention->pass, frame->focus, &at))
        *row = at.key;
    for (cell.key = 0; cell.key <= cell.query; cell.key++) {
        if (is_here(frame, attention, pass_exponential(&attention->pass, cell)))
            *row = cell.key;
        for (int i = 0; i < columns; i++)
            if (is_here(frame, attention, column_node(attention, cell, i))) {
                *row = cell.key;
                *column = i;
            }
    }
    for (int j = 0; j < columns / 2; j++)
        if (is_here(frame, attention, pass_entry(&attention->pass, PART_OUT, cell, j)))
            *column = columns / 2 + j;
}

/* The dimension of q, k or their product that the cursor is on. */
static int find_dimension(Frame *frame, const Attention *attention)
{
    const Pass *pass = &attention->pass;

    for (int j = 0; j < pass_dimensions(pass); j++)
        if (is_here(frame, attention, pass_entry(pass, PART_Q, attention->at, j)) ||
            is_here(frame, attention, pass_entry(pass, PART_K, attention->at, j)) ||
            is_here(frame, attention, pass_product(pass, attention->at, j)))
            return j;
    return 0;
}

/* ---- the score ------------------------------------------------------------------------------- */

static void draw_vector_name(Frame *frame, Area area, const Attention *attention, int y,
                             const char *name, int position)
{
    int x = canvas_text(frame->canvas, area, 1, y, ROLE_DIM, 0, name);

    if (position >= 0)
        attention_token(frame, area, attention, x + 1, y, position, true);
}

/* q, k and their products, dimension by dimension; 4 rows. */
static void draw_products(Frame *frame, Area area, const Attention *attention)
{
    const Pass *pass = &attention->pass;
    const PassCell at = attention->at;
    const int dimensions = pass_dimensions(pass), fit = most((area.w - NAME) / COLUMN, 1);
    const int first =
        panel_scroll(dimensions, least(fit, dimensions), find_dimension(frame, attention));

    draw_vector_name(frame, area, attention, 1, _("q, query"), at.query);
    draw_vector_name(frame, area, attention, 2, _("k, key  "), at.key);
    draw_vector_name(frame, area, attention, 3, "q x k", -1);
    area = area_inset(area, NAME, 0, 0, 0);
    for (int j = most(first - BEYOND, 0); j < least(first + fit + BEYOND, dimensions); j++) {
        const int x = (j - first) * COLUMN;
        bool seen = j >= first && j < first + fit;
        Area part = seen ? area : (Area){area.x, area.y, 0, 0};
        canvas_print(frame->canvas, part, x + 4, 0, ROLE_DIM, 0, "[%d]", j);
        attention_node(frame, part, attention, x, 1, NUMBER, pass_entry(pass, PART_Q, at, j));
        attention_node(frame, part, attention, x, 2, NUMBER, pass_entry(pass, PART_K, at, j));
        attention_node(frame, part, attention, x, 3, NUMBER, pass_product(pass, at, j));
    }
}

/* "sum 0.84   / sqrt(4)   = score 0.42" */
static void draw_score(Frame *frame, Area area, const Attention *attention)
{
    const Pass *pass = &attention->pass;
    Canvas *canvas = frame->canvas;
    const int32_t sum = pass_sum(pass, attention->at),
                  score = pass_cell(pass, PART_SCORE, attention->at);
    int x = canvas_text(canvas, area, 1, 0, ROLE_DIM, 0, _("their sum"));

    attention_node(frame, area, attention, NAME, 0, NUMBER, sum);
    x = NAME + NUMBER;
    if (sum != score)
        x = canvas_print(canvas, area, x, 0, ROLE_DIM, 0, "  ÷ √%d  ", pass_dimensions(pass));
    x = canvas_text(canvas, area, x, 0, ROLE_DIM, 0, _("= score "));
    attention_node(frame, area, attention, x, 0, NUMBER, score);
}

/* ---- the table ------------------------------------------------------------------------------- */

static void draw_head_row(Frame *frame, Area area, const Attention *attention, const Window *window)
{
    static const char *const names[FIXED] = {N_("score"), "exp", N_("weight")};
    Canvas *canvas = frame->canvas;
    char name[24];

    canvas_text(canvas, area, 0, 0, ROLE_DIM, 0, C_("column", "key"));
    for (int i = 0; i < FIXED; i++)
        canvas_text_right(canvas, area, KEY + i * COLUMN + NUMBER, 0, ROLE_DIM, 0, _(names[i]));
    for (int i = 0; i < window->columns; i++) {
        int column = window->column + i, j = column % window->dimensions;
        snprintf(name, sizeof name, column < window->dimensions ? "v[%d]" : "w×v[%d]", j);
        canvas_text_right(canvas, area, KEY + (FIXED + i) * COLUMN + NUMBER, 0, ROLE_DIM, 0, name);
    }
    (void)attention;
}

/* One key: score, exponential, weight; v and what of it is taken along. */
static void draw_key(Frame *frame, Area area, const Attention *attention, const Window *window,
                     int y, PassCell cell)
{
    const Pass *pass = &attention->pass;
    const bool here = cell.key == attention->at.key;
    const int32_t nodes[FIXED] = {pass_cell(pass, PART_SCORE, cell), pass_exponential(pass, cell),
                                  pass_cell(pass, PART_WEIGHT, cell)};

    if (here)
        canvas_text(frame->canvas, area, 0, y, ROLE_ACCENT, ATTR_BOLD, "▸");
    attention_token(frame, area, attention, 1, y, cell.key, here);
    for (int i = 0; i < FIXED; i++)
        attention_node(frame, area, attention, KEY + i * COLUMN, y, NUMBER, nodes[i]);
    for (int column = most(window->column - 1, 0);
         column < least(window->column + window->columns + 1, 2 * window->dimensions); column++) {
        int i = column - window->column;
        bool seen = i >= 0 && i < window->columns;
        attention_node(frame, seen ? area : (Area){area.x, area.y, 0, 0}, attention,
                       KEY + (FIXED + i) * COLUMN, y, NUMBER, column_node(attention, cell, column));
    }
}

/* Below the columns: the total of the exponentials; what the head hands on. */
static void draw_sums(Frame *frame, Area area, const Attention *attention, const Window *window,
                      int y)
{
    const Pass *pass = &attention->pass;
    PassCell first = attention->at;

    first.key = 0;
    canvas_text(frame->canvas, area, 0, y, ROLE_DIM, 0, _("sum"));
    attention_node(frame, area, attention, KEY + COLUMN, y, NUMBER, pass_total(pass, first));
    for (int i = 0; i < window->columns; i++) {
        int column = window->column + i;
        if (column >= window->dimensions)
            attention_node(frame, area, attention, KEY + (FIXED + i) * COLUMN, y, NUMBER,
                           pass_entry(pass, PART_OUT, first, column - window->dimensions));
    }
    if (window->column + window->columns > window->dimensions)
        canvas_text(frame->canvas, area, KEY + (FIXED + window->columns) * COLUMN, y, ROLE_DIM, 0,
                    _("= out"));
}

static void draw_table(Frame *frame, Area area, const Attention *attention)
{
    const int queries = attention->at.query + 1;
    Window window = {.dimensions = pass_dimensions(&attention->pass)};
    int row, column;

    find_cursor(frame, attention, &row, &column);
    window.rows = least(queries, most(area.h - 2, 1));
    window.row = panel_scroll(queries, window.rows, row);
    window.columns = least(2 * window.dimensions, most((area.w - KEY) / COLUMN - FIXED, 1));
    window.column = panel_scroll(2 * window.dimensions, window.columns, column);
    draw_head_row(frame, area, attention, &window);
    Area keys = {area.x, area.y + 1, area.w, least(window.rows, area.h - 1)};
    PassCell cell = attention->at;
    for (cell.key = most(window.row - BEYOND, 0);
         cell.key < least(window.row + window.rows + BEYOND, queries); cell.key++)
        draw_key(frame, keys, attention, &window, cell.key - window.row, cell);
    draw_sums(frame, area, attention, &window, 1 + window.rows);
}

/* ---- all together ---------------------------------------------------------------------------- */

/* The cell that was opened, whatever the cursor is on now. false: this text is too short for it. */
static bool find_opened(Attention *attention)
{
    const App *app = attention->pass.app;

    if (pass_find(&attention->pass, app->look.opened[VIEW_ATTENTION], &attention->at))
        return true;
    return app->look.opened[VIEW_ATTENTION].kind == FOCUS_NONE;
}

static void draw_opened(Frame *frame, Area area, const Attention *attention)
{
    const Gpt *gpt = attention->pass.gpt;
    Canvas *canvas = frame->canvas;
    const bool roomy = area.h > 16;
    char query[16], key[16];
    int y = roomy ? 2 : 1, x;

    attention_name(attention, attention->at.query, query);
    attention_name(attention, attention->at.key, key);
    x = canvas_print(canvas, area, 0, 0, ROLE_TITLE, ATTR_BOLD,
                     "How position %d, '%s', looks at %d, '%s'", attention->at.query, query,
                     attention->at.key, key);
    if (attention->kind == FOCUS_GRAD)
        x = canvas_text(canvas, area, x, 0, ROLE_BACKWARD, ATTR_BOLD, _("  gradients"));
    canvas_print(canvas, area, x + 2, 0, ROLE_DIM, 0,
                 gpt->n_layer > 1 ? N_("head %d, layer %d") : N_("head %d"), attention->at.head,
                 attention->at.layer);
    draw_products(frame, area_inset(area, 0, y, 0, 0), attention);
    draw_score(frame, area_inset(area, 0, y + 4, 0, 0), attention);
    y += 6 + roomy;
    draw_table(frame, area_inset(area, 0, y, 0, 0), attention);
    y += 3 + least(attention->at.query + 1, most(area.h - y - 2, 1));
    canvas_text(canvas, area, 0, y, ROLE_DIM, 0,
                attention->kind == FOCUS_GRAD
                    ? _("each number: how the loss changes if that number grows by a little")
                : gpt->options.subtract_max
                    ? _("exp = e^(score - max)   weight = exp ÷ its sum   out = sum of weight × v")
                    : _("exp = e^score   weight = exp ÷ its sum   out = sum of weight × v"));
}

void attention_draw_cell(Frame *frame, Area area, const Attention *attention)
{
    Attention opened = *attention;

    if (find_opened(&opened)) {
        draw_opened(frame, area, &opened);
        return;
    }
    panel_title(frame->canvas, area, "How one position looks at another", N_("attention"));
    canvas_print(
        frame->canvas, area, 0, 1, ROLE_DIM, 0,
        "This text has only %d positions: the opened cell is not there. Backspace goes back.",
        attention->pass.positions);
}

/* ---- in words -------------------------------------------------------------------------------- */

static void tell_vector(const Attention *attention, Answer *answer, const char *words,
                        const char *name, PassCell cell,
                        int32_t (*node)(const Attention *, PassCell, int))
{
    char number[32];

    answer_format(answer, "%s:", words);
    answer_open(answer, name, '[');
    for (int j = 0; j < pass_dimensions(&attention->pass); j++) {
        answer_format(answer, " %s", attention_words(attention, node(attention, cell, j), number));
        attention_member(attention, answer, NULL, node(attention, cell, j));
    }
    answer_line(answer, ".");
    answer_close(answer, ']');
}

static int32_t query_node(const Attention *attention, PassCell cell, int j)
{
    return pass_entry(&attention->pass, PART_Q, cell, j);
}

static int32_t key_node(const Attention *attention, PassCell cell, int j)
{
    return pass_entry(&attention->pass, PART_K, cell, j);
}

static int32_t product_node(const Attention *attention, PassCell cell, int j)
{
    return pass_product(&attention->pass, cell, j);
}

static int32_t value_node(const Attention *attention, PassCell cell, int j)
{
    return pass_entry(&attention->pass, PART_V, cell, j);
}

static int32_t out_node(const Attention *attention, PassCell cell, int j)
{
    return pass_entry(&attention->pass, PART_OUT, cell, j);
}

static void tell_key(const Attention *attention, Answer *answer, PassCell cell)
{
    const Pass *pass = &attention->pass;
    const int32_t score = pass_cell(pass, PART_SCORE, cell),
                  weight = pass_cell(pass, PART_WEIGHT, cell);
    char name[16], text[2][32], words[96];

    answer_open(answer, NULL, '{');
    answer_line(answer, "Key %d, '%s': score %s, weight %s.", cell.key,
                attention_name(attention, cell.key, name),
                attention_words(attention, score, text[0]),
                attention_words(attention, weight, text[1]));
    attention_member(attention, answer, "score", score);
    attention_member(attention, answer, "exponential", pass_exponential(pass, cell));
    attention_member(attention, answer, "weight", weight);
    snprintf(words, sizeof words, "%s", _("Its v"));
    tell_vector(attention, answer, words, "v", cell, value_node);
    answer_close(answer, '}');
}

static void tell_opened(const Attention *attention, Answer *answer)
{
    const Pass *pass = &attention->pass;
    PassCell cell = attention->at;
    char query[16], key[16], text[2][32];

    answer_line(answer,
                "How position %d, '%s', looks at position %d, '%s', in layer %d, head %d%s.",
                cell.query, attention_name(attention, cell.query, query), cell.key,
                attention_name(attention, cell.key, key), cell.layer, cell.head,
                attention->kind == FOCUS_GRAD ? _(": gradients") : "");
    answer_whole(answer, "layer", cell.layer);
    answer_whole(answer, "head", cell.head);
    answer_whole(answer, "query", cell.query);
    answer_whole(answer, "key", cell.key);
    tell_vector(attention, answer, _("The query's q"), "q", cell, query_node);
    tell_vector(attention, answer, _("The key's k"), "k", cell, key_node);
    tell_vector(attention, answer, _("Their products"), "products", cell, product_node);
    answer_line(answer, "Their sum: %s; divided by the root of %d, the score: %s.",
                attention_words(attention, pass_sum(pass, cell), text[0]), pass_dimensions(pass),
                attention_words(attention, pass_cell(pass, PART_SCORE, cell), text[1]));
    attention_member(attention, answer, "sum", pass_sum(pass, cell));
    attention_member(attention, answer, "score", pass_cell(pass, PART_SCORE, cell));
    answer_open(answer, "keys", '[');
    for (PassCell each = {cell.layer, cell.head, cell.query, 0}; each.key <= each.query; each.key++)
        tell_key(attention, answer, each);
    answer_close(answer, ']');
    tell_vector(attention, answer, _("What the head hands on, out"), "out", cell, out_node);
}

void attention_tell_cell(const Attention *attention, Answer *answer)
{
    Attention opened = *attention;

    if (find_opened(&opened))
        tell_opened(&opened, answer);
    else
        answer_line(answer, "This text has only %d positions: the opened cell is not there.",
                    attention->pass.positions);
}
