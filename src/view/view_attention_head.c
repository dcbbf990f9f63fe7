/* One head of attention, large, with its numbers.
 *
 *          <      e      m                 bars of the selected query
 *     <  # 1.0
 *     e  # .73  . .27
 *    ▸m  . .12  # .50  * .38 */
#include "engine/words.h"
#include "view/attention.h"
#include "view/panel.h"
#include <stdio.h>

enum { LABEL = 4, HEADER = 1, BEYOND = 8, BARS = 44 };

/* How a cell is drawn: heat over or before its number. */
typedef struct Format {
    int wide, lines;  /* with the gaps */
    int heat, number; /* columns of each; 3 for a number: a share in two digits */
} Format;

static const Format formats[] = {{9, 3, 8, 8}, {9, 2, 8, 8}, {8, 1, 1, 6},
                                 {7, 1, 0, 6}, {5, 1, 1, 3}, {4, 1, 0, 3}};

enum { FORMATS = sizeof formats / sizeof *formats };

typedef struct Grid {
    Format format;
    int rows, row; /* queries seen, from which on */
    int keys, key;
} Grid;

static int least(int a, int b)
{
    return a < b ? a : b;
}

static int most(int a, int b)
{
    return a > b ? a : b;
}

static Grid grid_of(const Attention *attention, Area area, Format format)
{
    const int positions = attention->pass.positions;
    Grid grid = {.format = format};

    grid.rows = least(positions, most((area.h - HEADER) / format.lines, 1));
    grid.keys = least(positions, most((area.w - LABEL) / format.wide, 1));
    grid.row = panel_scroll(positions, grid.rows, attention->at.query);
    grid.key = panel_scroll(positions, grid.keys, attention->at.key);
    return grid;
}

/* The largest cells with which all is seen, else the smallest that there are. */
static Grid lay_out(const Attention *attention, Area area)
{
    const int last = attention_is_share(attention) ? FORMATS : FORMATS - 2;
    Grid grid;

    for (int i = 0; i < last; i++) {
        grid = grid_of(attention, area, formats[i]);
        if (grid.rows == attention->pass.positions && grid.keys == attention->pass.positions)
            break;
    }
    return grid;
}

static void draw_cell(Frame *frame, Area area, const Attention *attention, const Grid *grid,
                      PassCell cell)
{
    const Format *format = &grid->format;
    const int x = (cell.key - grid->key) * format->wide,
              y = (cell.query - grid->row) * format->lines;

    if (format->lines > 1) {
        attention_heat(frame, area, attention, x, y, format->heat, format->lines - 1, cell);
        attention_number(frame, area, attention, x, y + format->lines - 1, format->number, cell);
        return;
    }
    attention_number(frame, area, attention, x + format->heat, y, format->number, cell);
    if (format->heat > 0)
        attention_heat(frame, area, attention, x, y, format->heat, 1, cell);
}

static void draw_cells(Frame *frame, Area area, const Attention *attention, const Grid *grid)
{
    const int end = least(grid->row + grid->rows + BEYOND, attention->pass.positions);
    const int end_key = grid->key + grid->keys + BEYOND;
    PassCell cell = attention->at;

    for (cell.query = most(grid->row - BEYOND, 0); cell.query < end; cell.query++)
        for (cell.key = most(grid->key - BEYOND, 0); cell.key <= least(cell.query, end_key);
             cell.key++)
            draw_cell(frame, area, attention, grid, cell);
}

static void draw_axes(Frame *frame, Area area, const Attention *attention, const Grid *grid)
{
    const Format *format = &grid->format;
    const PassCell at = attention->at;

    for (int key = grid->key; key < grid->key + grid->keys; key++)
        attention_token(frame, area, attention, LABEL + (key - grid->key + 1) * format->wide - 2, 0,
                        key, key == at.key);
    for (int query = grid->row; query < grid->row + grid->rows; query++) {
        int y = HEADER + (query - grid->row + 1) * format->lines - 1;
        if (query == at.query)
            canvas_text(frame->canvas, area, 0, y, ROLE_ACCENT, ATTR_BOLD, "▸");
        attention_token(frame, area, attention, 1, y, query, query == at.query);
    }
}

/* Bars beside or below the numbers, where there is room for them. */
static void draw_bars(Frame *frame, Area area, const Attention *attention, const Grid *grid)
{
    const int right = LABEL + grid->keys * grid->format.wide + 3;
    const int below = HEADER + grid->rows * grid->format.lines + 1;

    if (area.w - right >= BARS)
        attention_bars(frame, area_inset(area, right, 0, 0, 0), attention, 0);
    else if (area.h - below > attention->at.query + 2)
        attention_bars(frame, area, attention, below);
}

void attention_draw_head(Frame *frame, Area area, const Attention *attention)
{
    const Gpt *gpt = attention->pass.gpt;
    char words[64];

    snprintf(words, sizeof words,
             gpt->n_layer > 1 ? _("Head %d of layer %d in numbers") : _("Head %d in numbers"),
             attention->at.head, attention->at.layer);
    Area map = area_inset(area, 0, attention_title(frame, area, attention, words), 0, 0);
    const Grid grid = lay_out(attention, map);
    Area cells = area_inset(map, LABEL, HEADER, 0, 0);
    cells.w = least(cells.w, grid.keys * grid.format.wide);
    cells.h = least(cells.h, grid.rows * grid.format.lines);
    draw_axes(frame, map, attention, &grid);
    draw_cells(frame, cells, attention, &grid);
    draw_bars(frame, map, attention, &grid);
}

/* ---- in words -------------------------------------------------------------------------------- */

static void tell_row(const Attention *attention, Answer *answer, PassCell cell)
{
    char name[16], number[32];

    answer_format(answer, "Position %d, '%s':", cell.query,
                  attention_name(attention, cell.query, name));
    answer_open(answer, NULL, '[');
    for (cell.key = 0; cell.key <= cell.query; cell.key++) {
        int32_t node = pass_cell(&attention->pass, attention->part, cell);
        answer_format(answer, "%s '%s' %s", cell.key ? "," : "",
                      attention_name(attention, cell.key, name),
                      attention_words(attention, node, number));
        attention_member(attention, answer, NULL, node);
    }
    answer_line(answer, ".");
    answer_close(answer, ']');
}

void attention_tell_head(const Attention *attention, Answer *answer)
{
    PassCell cell = attention->at;

    answer_line(answer, "Layer %d, head %d: the %s of each key, for each query.", cell.layer,
                cell.head, _(attention_word(attention)));
    answer_whole(answer, "layer", cell.layer);
    answer_whole(answer, "head", cell.head);
    answer_open(answer, "rows", '[');
    for (cell.query = 0; cell.query < attention->pass.positions; cell.query++)
        tell_row(attention, answer, cell);
    answer_close(answer, ']');
}
