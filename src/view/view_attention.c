/* Attention, all of it: every layer and head as a heatmap.
 *
 *              head 0    head 1    head 2    head 3       columns: keys, what is looked at
 *     layer 0  <emma     <emma     <emma     <emma        rows: queries, who looks
 *     <        #         #         #         #
 *     e        *#        .*        ..        -#
 *
 * Cells are as large as lets every head be seen; where even the smallest do not, the heads around
 * the cursor are. */
#include "engine/words.h"
#include "view/attention.h"
#include "view/panel.h"
#include "view/view.h"
#include <stdio.h>

const char view_attention_about[] = N_(
    "When the model works on a position, it looks back: each head mixes in something from the "
    "positions before and from the position itself. How much it takes from each are the attention "
    "weights.\n"
    "One picture a layer and head. A row is the position that looks (the query), a column the one "
    "that is looked at (the key), with their characters beside and above. A row adds up to 1. The "
    "upper right half is empty: nobody looks ahead.\n"
    "Enter opens one head with its numbers, and there one cell: the vectors q and k, their "
    "products, the score, the softmax, and what is taken along of each v.\n"
    "score = q . k / sqrt(head_dim);  weights = softmax(scores);  out = sum of weight x v.\n"
    "t changes what is shown: weights, scores, or the gradient of either (how the loss would "
    "change "
    "if it grew). Signed numbers are scaled to the greatest of all heads.\n"
    "o changes of which text: that of the training step, or the one that the model writes (view "
    "7). "
    "Side by side with view 7 it is the latter.");

enum { HEADERS = 2, NAME = 7, SHORT_LABEL = 4, LONG_LABEL = 9, BEYOND = 8 };

/* How the heads are laid out: in lines, each of heads of one layer. */
typedef struct Grid {
    int columns, lines; /* of one cell of a heatmap */
    int label;          /* columns left of the maps */
    int width,
        height;    /* of one map with the gap behind it, of one line with the blank row behind it */
    int across;    /* maps beside each other */
    int per_layer; /* lines that a layer takes */
    int shown, first; /* lines that are seen, from which on */
    int rows, row;    /* queries seen of each, from which on */
    int keys, key;    /* keys likewise */
} Grid;

static int least(int a, int b)
{
    return a < b ? a : b;
}

static int most(int a, int b)
{
    return a > b ? a : b;
}

static Grid grid_of(const Attention *attention, Area area, int columns, int lines)
{
    const Gpt *gpt = attention->pass.gpt;
    const int positions = attention->pass.positions;
    Grid grid = {.columns = columns, .lines = lines, .label = SHORT_LABEL};

    grid.keys = least(positions, most((area.w - grid.label) / columns, 1));
    grid.key = panel_scroll(positions, grid.keys, attention->at.key);
    grid.width = most(columns * grid.keys, NAME) + 2;
    grid.across = least(most((area.w - grid.label + 2) / grid.width, 1), gpt->n_head);
    grid.per_layer = (gpt->n_head + grid.across - 1) / grid.across;
    grid.across = (gpt->n_head + grid.per_layer - 1) / grid.per_layer;
    if (gpt->n_layer > 1 && LONG_LABEL + grid.across * grid.width - 2 <= area.w)
        grid.label = LONG_LABEL;
    grid.height = HEADERS + lines * positions + 1;
    grid.shown = least(most((area.h + 1) / grid.height, 1), gpt->n_layer * grid.per_layer);
    grid.rows = least(positions, most((area.h - HEADERS) / lines, 1));
    grid.first =
        panel_scroll(gpt->n_layer * grid.per_layer, grid.shown,
                     attention->at.layer * grid.per_layer + attention->at.head / grid.across);
    grid.row = panel_scroll(positions, grid.rows, attention->at.query);
    return grid;
}

static bool shows_all(const Attention *attention, const Grid *grid)
{
    return grid->shown == attention->pass.gpt->n_layer * grid->per_layer &&
           grid->rows == attention->pass.positions && grid->keys == attention->pass.positions;
}

static Grid lay_out(const Attention *attention, Area area)
{
    static const int sizes[][2] = {{6, 3}, {4, 2}, {2, 1}};
    Grid grid;

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        grid = grid_of(attention, area, sizes[i][0], sizes[i][1]);
        if (shows_all(attention, &grid))
            return grid;
    }
    return grid_of(attention, area, 1, 1);
}

/* ---- drawing --------------------------------------------------------------------------------- */

static void draw_queries(Frame *frame, Area area, const Attention *attention, const Grid *grid,
                         int layer)
{
    if (attention->pass.gpt->n_layer > 1)
        canvas_print(frame->canvas, area, 0, 0, ROLE_DIM, 0,
                     grid->label == LONG_LABEL ? N_("layer %d") : "L%d", layer);
    for (int i = 0; i < grid->rows; i++) {
        int query = grid->row + i, y = HEADERS + i * grid->lines + (grid->lines - 1) / 2;
        bool here = query == attention->at.query;
        if (here)
            canvas_text(frame->canvas, area, grid->label - 3, y, ROLE_ACCENT, ATTR_BOLD, "▸");
        attention_token(frame, area, attention, grid->label - 2, y, query, here);
    }
}

/* The cells; also those a little beyond what is seen, for the cursor to go to. */
static void draw_cells(Frame *frame, Area area, const Attention *attention, const Grid *grid,
                       PassCell cell)
{
    const int end = least(grid->row + grid->rows + BEYOND, attention->pass.positions);
    const int end_key = grid->key + grid->keys + BEYOND;

    for (cell.query = most(grid->row - BEYOND, 0); cell.query < end; cell.query++)
        for (cell.key = most(grid->key - BEYOND, 0); cell.key <= least(cell.query, end_key);
             cell.key++)
            attention_heat(frame, area, attention, (cell.key - grid->key) * grid->columns,
                           (cell.query - grid->row) * grid->lines, grid->columns, grid->lines,
                           cell);
}

static void draw_map(Frame *frame, Area area, const Attention *attention, const Grid *grid,
                     PassCell cell)
{
    const PassCell at = attention->at;
    const bool here = cell.layer == at.layer && cell.head == at.head;
    Area cells = area_inset(area, 0, HEADERS, 0, 0);

    canvas_print(frame->canvas, area, 0, 0, here ? ROLE_ACCENT : ROLE_DIM, here ? ATTR_BOLD : 0,
                 "%shead %d", here ? "▸" : "", cell.head);
    for (int key = grid->key; key < grid->key + grid->keys; key++)
        attention_token(frame, area, attention,
                        (key - grid->key) * grid->columns + (grid->columns - 1) / 2, 1, key,
                        here && key == at.key);
    cells.h = area.h > 0 ? least(cells.h, grid->rows * grid->lines) : 0;
    if (area.h <= 0)
        cells.y = area.y + HEADERS; /* out of sight: spots alone */
    draw_cells(frame, cells, attention, grid, cell);
}

/* One line of heads; seen or, next to what is seen, for the cursor alone. */
static void draw_line(Frame *frame, Area area, const Attention *attention, const Grid *grid,
                      int line)
{
    const Gpt *gpt = attention->pass.gpt;
    const int layer = line / grid->per_layer, first = line % grid->per_layer * grid->across;
    const int at = line - grid->first;
    const bool seen = at >= 0 && at < grid->shown;
    Area row = {area.x, area.y + at * grid->height, area.w, seen ? area.h - at * grid->height : 0};

    if (seen)
        draw_queries(frame, row, attention, grid, layer);
    for (int i = 0; i < grid->across && first + i < gpt->n_head; i++) {
        Area map = {row.x + grid->label + i * grid->width, row.y,
                    least(grid->width - 2, area.w - grid->label - i * grid->width), row.h};
        draw_map(frame, map, attention, grid, (PassCell){layer, first + i, 0, 0});
    }
}

/* Where not all is seen: what else there is. */
static void draw_rest(Frame *frame, Area area, const Attention *attention, const Grid *grid, int y)
{
    const Gpt *gpt = attention->pass.gpt;

    if (!shows_all(attention, grid))
        canvas_print(
            frame->canvas, area, 0, y, ROLE_DIM, 0,
            words_count("in all %d layer of %d heads, %d positions: arrows go on to the rest",
                        "in all %d layers of %d heads, %d positions: arrows go on to the rest",
                        (unsigned long)gpt->n_layer),
            gpt->n_layer, gpt->n_head, attention->pass.positions);
}

static void draw_heads(Frame *frame, Area area, const Attention *attention)
{
    const int rows = attention_title(frame, area, attention, _("Who looks at whom?"));
    Area maps = area_inset(area, 0, rows, 0, 2);
    const Grid grid = lay_out(attention, maps);
    const int lines = attention->pass.gpt->n_layer * grid.per_layer;
    const int end = rows + least(grid.shown * grid.height, maps.h + 1);

    for (int line = most(grid.first - 1, 0); line < least(grid.first + grid.shown + 1, lines);
         line++)
        draw_line(frame, maps, attention, &grid, line);
    attention_row(frame, area, attention, least(end, area.h - 1));
    if (area.h - end > attention->at.query + 4)
        attention_bars(frame, area, attention, end + 2);
    draw_rest(frame, area, attention, &grid, least(end, area.h - 1) - 1);
}

void view_attention_draw(Frame *frame, Area area)
{
    const App *app = frame->app;
    const int depth = app->look.depth[VIEW_ATTENTION];
    const Attention attention = attention_of(app, frame->focus);

    if (attention.pass.positions == 0) {
        panel_title(frame->canvas, area, "Who looks at whom?", N_("attention"));
        canvas_text(frame->canvas, area, 0, 1, ROLE_DIM, 0,
                    _("Nothing is written yet: view 7 lets the model write."));
    } else if (depth == 0) {
        draw_heads(frame, area, &attention);
    } else if (depth == 1) {
        attention_draw_head(frame, area, &attention);
    } else {
        attention_draw_cell(frame, area, &attention);
    }
}

/* ---- in words -------------------------------------------------------------------------------- */

/* What a query looks at most. */
static void tell_query(const Attention *attention, Answer *answer, PassCell cell)
{
    char name[16], other[16], number[32];
    PassCell best = cell;
    double top = 0, share;
    bool hidden = false;

    for (cell.key = 0; cell.key <= cell.query; cell.key++) {
        int32_t node = pass_cell(&attention->pass, PART_WEIGHT, cell);
        hidden = hidden || look_is_hidden(&attention->pass.app->look,
                                          pass_focus(&attention->pass, FOCUS_VALUE, node));
        if (pass_number(&attention->pass, FOCUS_VALUE, node, &share) && share > top) {
            top = share;
            best = cell;
        }
    }
    attention_name(attention, cell.query, name);
    if (hidden)
        answer_line(answer, "Position %d, '%s': a weight is hidden.", cell.query, name);
    else if (top == 0)
        answer_line(answer, "Position %d, '%s': not computed yet.", cell.query, name);
    else
        answer_line(
            answer, "Position %d, '%s', looks most at position %d, '%s': %s %s.", cell.query, name,
            best.key, attention_name(attention, best.key, other), _(attention_word(attention)),
            attention_words(attention, pass_cell(&attention->pass, attention->part, best), number));
}

static void tell_matrix(const Attention *attention, Answer *answer, PassCell cell)
{
    answer_open(answer, NULL, '[');
    for (cell.query = 0; cell.query < attention->pass.positions; cell.query++) {
        answer_open(answer, NULL, '[');
        for (cell.key = 0; cell.key <= cell.query; cell.key++)
            attention_member(attention, answer, NULL,
                             pass_cell(&attention->pass, attention->part, cell));
        answer_close(answer, ']');
    }
    answer_close(answer, ']');
}

static void tell_heads(const Attention *attention, Answer *answer)
{
    const Gpt *gpt = attention->pass.gpt;

    answer_open(answer, "heads", '[');
    for (int layer = 0; layer < gpt->n_layer; layer++) {
        answer_open(answer, NULL, '[');
        for (int head = 0; head < gpt->n_head; head++) {
            answer_line(answer, "Layer %d, head %d.", layer, head);
            for (int query = 0; query < attention->pass.positions; query++)
                tell_query(attention, answer, (PassCell){layer, head, query, 0});
            tell_matrix(attention, answer, (PassCell){layer, head, 0, 0});
        }
        answer_close(answer, ']');
    }
    answer_close(answer, ']');
}

static void tell_text(const Attention *attention, Answer *answer)
{
    char name[16];

    answer_text(answer, "of", attention->pass.writing ? "writing" : "run");
    answer_text(answer, "shows", attention_word(attention));
    answer_open(answer, "tokens", '[');
    for (int i = 0; i < attention->pass.positions; i++)
        answer_text(answer, NULL, attention_name(attention, i, name));
    answer_close(answer, ']');
}

void view_attention_tell(const App *app, Answer *answer)
{
    const int depth = app->look.depth[VIEW_ATTENTION];
    const Attention attention = attention_of(app, app->look.focus[VIEW_ATTENTION]);

    tell_text(&attention, answer);
    if (attention.pass.positions == 0)
        answer_line(answer, "Nothing is written yet.");
    else if (depth == 0)
        tell_heads(&attention, answer);
    else if (depth == 1)
        attention_tell_head(&attention, answer);
    else
        attention_tell_cell(&attention, answer);
}
