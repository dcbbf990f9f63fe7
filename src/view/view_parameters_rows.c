/* The rows of a matrix held against each other: as points of a plane, as a table of cosines. */
#include "app/projection.h"
#include "app/subject.h"
#include "app/text.h"
#include "engine/words.h"
#include "view/panel.h"
#include "view/plot.h"
#include "view/view_parameters.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static bool has_tokens(const App *app, const Tensor *tensor)
{
    return matrix_kind(&app->session.trainer.gpt, tensor)->rows == AXIS_TOKENS;
}

static const double *numbers_of(const App *app, const Tensor *tensor)
{
    return app->session.trainer.value + tensor->first;
}

/* ---- vowels ---------------------------------------------------------------------------------- */

bool parameters_is_vowel(const App *app, const Tensor *tensor, int32_t row)
{
    static const char vowels[] = "aeiouAEIOUàáâãäåæèéêëìíîïòóôõöøùúûüÀÁÂÃÄÅÆÈÉÊËÌÍÎÏÒÓÔÕÖØÙÚÛÜ"
                                 "āăąēĕėęěĩīĭįıİōŏőœũūŭůűųаеёиоуыэюяАЕЁИОУЫЭЮЯαεηιουωάέήίόύώ";
    const Corpus *corpus = &app->session.corpus;
    char letter[5] = "";

    if (!has_tokens(app, tensor) || row >= corpus->characters)
        return false;
    corpus_encode(corpus->character[row], letter);
    return strstr(vowels, letter) != NULL;
}

void parameters_sides(const App *app, const Tensor *tensor, double *side)
{
    bool any = false;

    for (int32_t row = 0; row < tensor->rows && row < PROJECTION_ROWS; row++) {
        side[row] = parameters_is_vowel(app, tensor, row);
        any = any || side[row] > 0;
    }
    for (int32_t row = 0; !any && row < tensor->rows && row < PROJECTION_ROWS; row++)
        side[row] = row - (tensor->rows - 1) / 2.0;
}

/* ---- rows under the cursor ------------------------------------------------------------------- */

/* A row as the cursor knows it: what it is on already, if that is of this row. */
static Focus focus_of_row(const Frame *frame, const Tensor *tensor, int32_t row)
{
    const Focus here = frame->focus;

    if (here.kind != FOCUS_NONE && here.kind != FOCUS_TENSOR && subject_row(frame->app) == row)
        return here;
    return has_tokens(frame->app, tensor) ? (Focus){.kind = FOCUS_TOKEN, .index = row}
                                          : (Focus){.kind = FOCUS_ITEM, .index = row};
}

/* Its short name, in at most 3 columns: "e", "⟨", "12". Returns the column after it. */
static int draw_row_name(const Frame *frame, Area area, int x, int y, const Tensor *tensor,
                         int32_t row, Role role, int attr)
{
    if (has_tokens(frame->app, tensor))
        return x + panel_token(frame->app, frame->canvas, area, x, y, row, false, role, attr);
    return canvas_print(frame->canvas, area, x, y, role, attr, "%d", (int)row);
}

enum { NEIGHBOURS_WIDTH = 22 };

/* "Most like 'e'  a .82  i .77 ..." down a column, the least like at its end. */
static void draw_neighbours(Frame *frame, Area area, const Tensor *tensor, int32_t row)
{
    int order[PROJECTION_ROWS];
    double cosine[PROJECTION_ROWS];
    char name[40], text[16];
    const int others = tensor->rows - 1;
    const int width = area.w < NEIGHBOURS_WIDTH ? area.w : NEIGHBOURS_WIDTH;

    if (tensor->rows > PROJECTION_ROWS || area.h < 4)
        return;
    projection_neighbours(numbers_of(frame->app, tensor), tensor->rows, tensor->cols, row, order,
                          cosine);
    matrix_row_name(frame->app, tensor, row, name);
    canvas_print(frame->canvas, area, 0, 0, ROLE_ACCENT, ATTR_BOLD, "Most like %s", name);
    const int room = area.h - 1 < others ? area.h - 1 : others, last = room < others ? room / 3 : 0;
    for (int i = 0; i < room; i++) {
        int k = i < room - last ? i : others - (room - i);
        draw_row_name(frame, area, 2, 1 + i, tensor, order[k], ROLE_TEXT, 0);
        snprintf(text, sizeof text, "%5.2f", cosine[k]);
        canvas_text(frame->canvas, area, 7, 1 + i, ROLE_TEXT, 0, text);
        plot_bar(frame->canvas, area, 13, 1 + i, width - 13, fabs(cosine[k]),
                 cosine[k] < 0 ? ROLE_DIM : ROLE_CURVE);
        if (last > 0 && i == room - last)
            canvas_text(frame->canvas, area, 0, 1 + i, ROLE_DIM, 0, "…");
    }
}

/* ---- the map --------------------------------------------------------------------------------- */

/* Where a point may stand: the nearest free cell beside or below its own, so that letters do not
 * cover each other. */
static void find_free(const Canvas *canvas, Area area, int *x, int *y)
{
    static const int ways[][2] = {{0, 0}, {1, 0},  {-1, 0}, {0, 1},   {0, -1}, {2, 0}, {-2, 0},
                                  {1, 1}, {-1, 1}, {1, -1}, {-1, -1}, {3, 0},  {-3, 0}};

    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        int column = *x + ways[i][0], line = *y + ways[i][1];
        if (column < 0 || line < 0 || column >= area.w || line >= area.h)
            continue;
        const Cell *cell = &canvas->cell[(area.y + line) * canvas->width + area.x + column];
        if (cell->role == ROLE_TEXT || cell->role == ROLE_DIM) {
            *x = column;
            *y = line;
            return;
        }
    }
}

/* The map's plane: cells per unit, the same length on both axes on the screen. */
typedef struct Plane {
    Area area;
    double across, down;
} Plane;

static Plane plane_of(const Projection *map, Area area)
{
    const double cell = 2; /* a cell is about twice as high as it is wide */
    double width = 1e-12, height = 1e-12;

    for (int i = 0; i < map->rows; i++) {
        width = fmax(width, fabs(map->x[i]));
        height = fmax(height, fabs(map->y[i]));
    }
    double across = (area.w - 3) / 2.0 / statistics_round_up(width);
    double down = (area.h - 1) / 2.0 / statistics_round_up(height);
    double unit = fmin(across, down * cell);
    return (Plane){area, unit, unit / cell};
}

static void draw_axes(Canvas *canvas, const Plane *plane)
{
    const Area area = plane->area;

    for (int x = 0; x < area.w; x++)
        canvas_put(canvas, area, x, area.h / 2, 0x2500, ROLE_DIM, 0);
    for (int y = 0; y < area.h; y++)
        canvas_put(canvas, area, area.w / 2, y, y == area.h / 2 ? 0x253c : 0x2502, ROLE_DIM, 0);
}

static void draw_point(Frame *frame, const Plane *plane, const Tensor *tensor,
                       const Projection *map, int32_t row)
{
    const Area area = plane->area;
    const bool vowel = parameters_is_vowel(frame->app, tensor, row);
    int x = area.w / 2 + (int)lrint(map->x[row] * plane->across);
    int y = area.h / 2 - (int)lrint(map->y[row] * plane->down);

    x = x < 0 ? 0 : x > area.w - 3 ? area.w - 3 : x;
    y = y < 0 ? 0 : y > area.h - 1 ? area.h - 1 : y;
    find_free(frame->canvas, area, &x, &y);
    int end = draw_row_name(frame, area, x, y, tensor, row, vowel ? ROLE_NOTE : ROLE_CURVE,
                            vowel ? ATTR_BOLD | ATTR_UNDERLINE : ATTR_BOLD);
    frame_spot(frame, area, x, y, end - x, 1, focus_of_row(frame, tensor, row));
}

static void draw_map_legend(Frame *frame, Area area, const Tensor *tensor, const Projection *map)
{
    Canvas *canvas = frame->canvas;
    int x = canvas_print(canvas, area, 0, 0, ROLE_DIM, 0,
                         "seen from where they spread most (principal components): %.0f %% of the "
                         "spread",
                         100 * (map->share_x + map->share_y));
    bool vowels = false;

    for (int32_t row = 0; row < tensor->rows; row++)
        vowels = vowels || parameters_is_vowel(frame->app, tensor, row);
    if (!vowels || x + 10 > area.w)
        return;
    x = canvas_text(canvas, area, x, 0, ROLE_DIM, 0, " · ");
    canvas_text(canvas, area, x, 0, ROLE_NOTE, ATTR_BOLD | ATTR_UNDERLINE, _("vowels"));
}

void parameters_draw_map(Frame *frame, Area area, const Tensor *tensor)
{
    Projection map;
    double side[PROJECTION_ROWS];
    const bool beside = area.w >= 58;

    parameters_sides(frame->app, tensor, side);
    if (!projection_find(&map, numbers_of(frame->app, tensor), tensor->rows, tensor->cols, side)) {
        canvas_wrap(
            frame->canvas, area, 1, ROLE_NOTE, 0,
            _("There is no map of this matrix: it has too many rows and columns, or numbers "
              "that are none."));
        return;
    }
    Plane plane = plane_of(&map, area_inset(area, 0, 1, beside ? NEIGHBOURS_WIDTH + 3 : 0, 0));
    draw_map_legend(frame, area, tensor, &map);
    draw_axes(frame->canvas, &plane);
    for (int32_t row = 0; row < tensor->rows; row++)
        draw_point(frame, &plane, tensor, &map, row);
    if (beside)
        draw_neighbours(frame, area_inset(area, area.w - NEIGHBOURS_WIDTH, 1, 0, 0), tensor,
                        subject_row(frame->app));
}

/* ---- the table of cosines -------------------------------------------------------------------- */

enum { LEAST_CELL = 2, MOST_CELL = 4, LABEL = 3, REACH = 8 };

static Focus focus_of_pair(const Frame *frame, int32_t row, int32_t col)
{
    const Focus pair = {.kind = FOCUS_ITEM, .index = row, .entry = col};
    const Focus here = frame->focus;

    return here.kind != FOCUS_NONE && here.kind != FOCUS_ITEM && here.kind != FOCUS_TENSOR &&
                   row == subject_row(frame->app) && row == col
               ? here
               : pair;
}

/* The pair under the cursor in words, where there is one. */
static void draw_pair(Frame *frame, Area area, const Tensor *tensor, int32_t row, int32_t col)
{
    const double *number = numbers_of(frame->app, tensor);
    char first[40], second[40];

    matrix_row_name(frame->app, tensor, row, first);
    matrix_row_name(frame->app, tensor, col, second);
    canvas_print(
        frame->canvas, area, 0, 0, ROLE_TEXT, 0, "cosine of %s and %s: %.3f", first, second,
        projection_cosine(number + row * tensor->cols, number + col * tensor->cols, tensor->cols));
}

/* Which pairs are shown where. */
typedef struct Table {
    Area cells;
    int columns;      /* of one cell */
    int across, down; /* pairs shown */
    int left, top;    /* the first of them */
} Table;

static Table lay_out(Area area, const Tensor *tensor, int32_t row, int32_t col)
{
    Table table = {.cells = area_inset(area, LABEL, 1, 0, 0), .columns = LEAST_CELL};

    while (table.columns < MOST_CELL && (table.columns + 1) * tensor->rows <= table.cells.w)
        table.columns++;
    table.across = table.cells.w / table.columns;
    table.across = table.across < tensor->rows ? table.across : tensor->rows;
    table.down = table.cells.h < tensor->rows ? table.cells.h : tensor->rows;
    table.left = panel_scroll(tensor->rows, table.across, col);
    table.top = panel_scroll(tensor->rows, table.down, row);
    return table;
}

static void draw_pair_cell(Frame *frame, const Table *table, const Tensor *tensor, int32_t i,
                           int32_t k)
{
    const double *number = numbers_of(frame->app, tensor);
    const bool level = i >= table->top && i < table->top + table->down;
    const bool upright = k >= table->left && k < table->left + table->across;
    const int x = (k - table->left) * table->columns, y = i - table->top;

    if (level && upright)
        frame_signed(
            frame, table->cells, x, y, table->columns, 1, focus_of_pair(frame, i, k), true,
            projection_cosine(number + i * tensor->cols, number + k * tensor->cols, tensor->cols));
    else if (level || upright)
        frame_spot(frame, table->cells, x, y, table->columns, 1, focus_of_pair(frame, i, k));
}

static int limited(int number, int most)
{
    return number < 0 ? 0 : number > most ? most : number;
}

static void draw_table(Frame *frame, Area area, const Tensor *tensor, const Table *table,
                       int32_t row, int32_t col)
{
    const int every = has_tokens(frame->app, tensor) ? 1 : 5;
    const int last_row = limited(table->top + table->down + REACH, tensor->rows);
    const int last_col = limited(table->left + table->across + REACH, tensor->rows);

    for (int32_t i = limited(table->top - REACH, last_row); i < last_row; i++)
        for (int32_t k = limited(table->left - REACH, last_col); k < last_col; k++)
            draw_pair_cell(frame, table, tensor, i, k);
    for (int i = 0; i < table->down; i++) {
        bool here = table->top + i == row;
        draw_row_name(frame, area, 0, 1 + i, tensor, table->top + i, here ? ROLE_ACCENT : ROLE_TEXT,
                      here ? ATTR_BOLD : 0);
    }
    for (int k = 0; k < table->across; k += every)
        draw_row_name(frame, area, LABEL + k * table->columns, 0, tensor, table->left + k,
                      table->left + k == col ? ROLE_ACCENT : ROLE_DIM, 0);
}

void parameters_draw_cosines(Frame *frame, Area area, const Tensor *tensor)
{
    const Focus focus = frame->app->look.focus[VIEW_PARAMETERS];
    const int32_t row = subject_row(frame->app);
    const int32_t col = focus.kind == FOCUS_ITEM && focus.entry < tensor->rows ? focus.entry : row;
    const bool beside = area.w >= LABEL + 8 * LEAST_CELL + 3 + NEIGHBOURS_WIDTH;
    const Area pairs = area_inset(area, 0, 1, beside ? NEIGHBOURS_WIDTH + 3 : 0, 0);
    const Table table = lay_out(pairs, tensor, row, col);
    int legend = plot_signed_legend(frame->canvas, (Area){0}, 0, 0, 1);

    if (area.w - legend > 38)
        plot_signed_legend(frame->canvas, area, area.w - legend, 0, 1);
    draw_pair(frame, area, tensor, row, col);
    draw_table(frame, pairs, tensor, &table, row, col);
    if (beside)
        draw_neighbours(frame, area_inset(area, LABEL + table.across * table.columns + 3, 2, 0, 0),
                        tensor, row);
}
