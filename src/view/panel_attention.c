#include "engine/words.h"
#include "view/panel.h"
#include "view/plot.h"
#include <stdio.h>

/* Heads side by side share the labels of their rows, the queries; above each stand its keys.
 *
 *       ▸head 1 head 2
 *        ⟨emma  ⟨emma
 *      ⟨ █      █
 *     ▸e ▓░     █░
 *
 * Where there is room, cells grow: a heatmap is easier to read the larger it is. */
enum { ROW_LABEL = 3, HEADERS = 2, NAME = 8, LEGEND = 8 };

/* How the heads of a layer are laid out in an area. */
typedef struct Grid {
    int columns, lines; /* of one cell of a heatmap */
    int width;          /* of one heatmap and the gap behind it */
    int height;         /* of one row of heatmaps with its headers and the blank line behind */
    int rows;           /* queries shown of each */
    int first_row;      /* the first of them */
    int across, down;   /* heatmaps beside and below each other */
} Grid;

static int greater(int a, int b)
{
    return a > b ? a : b;
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

/* The grid with cells of this size. */
static Grid grid_of(const App *app, Area area, int columns, int lines)
{
    const int positions = app->session.trainer.positions, heads = app->session.trainer.gpt.n_head;
    Grid grid = {.columns = columns, .lines = lines};

    grid.width = greater(columns * positions + 1, NAME);
    grid.height = HEADERS + lines * positions + 1;
    grid.across = smaller(greater((area.w - ROW_LABEL + 1) / grid.width, 1), heads);
    grid.down =
        smaller(greater((area.h + 1) / grid.height, 1), (heads + grid.across - 1) / grid.across);
    grid.rows = smaller(positions, greater((area.h - HEADERS) / lines, 1));
    grid.first_row = panel_scroll(positions, grid.rows, app_position(app));
    return grid;
}

static bool shows_all(const App *app, const Grid *grid)
{
    return grid->across * grid->down >= app->session.trainer.gpt.n_head &&
           grid->rows == app->session.trainer.positions;
}

/* The largest cells with which every head is seen whole; small ones where none is large enough for
 * that. */
static Grid lay_out(const App *app, Area area)
{
    static const int sizes[][2] = {{6, 3}, {4, 2}, {2, 1}};
    Grid grid;

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        grid = grid_of(app, area, sizes[i][0], sizes[i][1]);
        if (shows_all(app, &grid))
            return grid;
    }
    return grid_of(app, area, 1, 1);
}

static void draw_row_labels(const App *app, Canvas *canvas, Area area, const Grid *grid)
{
    const Trainer *trainer = &app->session.trainer;

    for (int i = 0; i < grid->rows; i++) {
        int query = grid->first_row + i, y = HEADERS + i * grid->lines;
        bool here = query == app_position(app);
        if (here)
            canvas_text(canvas, area, 0, y, ROLE_ACCENT, ATTR_BOLD, "▸");
        panel_token(app, canvas, area, 1, y, trainer->token[query], false,
                    here ? ROLE_ACCENT : ROLE_TEXT, here ? ATTR_BOLD : 0);
    }
}

static void draw_cell(Frame *frame, Area area, const Grid *grid, int y, Place place, int key)
{
    double weight = 0;
    bool known = panel_value(frame->app, place, key, &weight);

    frame_level(frame, area, key * grid->columns, y, grid->columns, grid->lines,
                focus_of_place(&frame->app->session.trainer, FOCUS_VALUE, place, key), known,
                weight);
}

static void draw_head(Frame *frame, Area area, const Grid *grid, int head)
{
    const App *app = frame->app;
    Canvas *canvas = frame->canvas;
    const Trainer *trainer = &app->session.trainer;
    const bool here = head == app->head;

    canvas_print(canvas, area, 0, 0, here ? ROLE_ACCENT : ROLE_DIM, here ? ATTR_BOLD : 0,
                 "%shead %d", here ? "▸" : "", head);
    for (int key = 0; key < trainer->positions; key++)
        panel_token(app, canvas, area, key * grid->columns, 1, trainer->token[key], false, ROLE_DIM,
                    0);
    for (int i = 0; i < grid->rows; i++) {
        Place place = {PART_WEIGHT, grid->first_row + i, app->layer, head};
        for (int key = 0; key <= place.pos; key++)
            draw_cell(frame, area, grid, HEADERS + i * grid->lines, place, key);
    }
}

static void draw_heads(Frame *frame, Area area, const Grid *grid)
{
    const App *app = frame->app;
    const int heads = app->session.trainer.gpt.n_head, shown = grid->across * grid->down;
    int first = panel_scroll(heads, shown, app->head);

    for (int row = 0; row < grid->down; row++) {
        Area line = area_inset(area, 0, row * grid->height, 0, 0);
        if (first + row * grid->across < heads)
            draw_row_labels(app, frame->canvas, line, grid);
        for (int i = 0; i < grid->across && first + row * grid->across + i < heads; i++) {
            Area map = area_inset(line, ROW_LABEL + i * grid->width, 0, 0, 0);
            map.w = smaller(map.w, grid->width - 1);
            draw_head(frame, map, grid, first + row * grid->across + i);
        }
    }
}

/* The selected row in numbers: "▸head 2, m looks at  ⟨ .12  e .50  m .38"; the latest keys where not all fit. */
static void draw_row(Frame *frame, Area area, int y)
{
    const App *app = frame->app;
    Canvas *canvas = frame->canvas;
    const Trainer *trainer = &app->session.trainer;
    const Place place = {PART_WEIGHT, app_position(app), app->layer, app->head};
    int x = canvas_print(canvas, area, 0, y, ROLE_ACCENT, ATTR_BOLD, "▸%d ", app->head);

    x += panel_token(app, canvas, area, x, y, trainer->token[place.pos], false, ROLE_ACCENT,
                     ATTR_BOLD);
    x = canvas_text(canvas, area, x, y, ROLE_DIM, 0, _(" looks at "));
    int fit = (area.w - x) / 6;
    for (int key = greater(place.pos + 1 - fit, 0); key <= place.pos; key++, x += 6) {
        double weight = 0;
        bool known = panel_value(app, place, key, &weight);
        panel_token(app, canvas, area, x, y, trainer->token[key], false, ROLE_TEXT, ATTR_BOLD);
        frame_share(frame, area, x + 2, y, focus_of_place(trainer, FOCUS_VALUE, place, key), known,
                    weight, ROLE_TEXT, 0);
    }
}

/* "0 ░▒▓█ 1", in as many cells as weights are told apart by. */
static void draw_legend(Canvas *canvas, Area area, int x)
{
    enum { CELLS = 5 };

    x = canvas_text(canvas, area, x, 0, ROLE_DIM, 0, "0");
    for (int i = 0; i < CELLS; i++) {
        double root = (double)i / (CELLS - 1);
        plot_level(canvas, area, x++, 0, 1, root * root);
    }
    canvas_text(canvas, area, x, 0, ROLE_DIM, 0, "1");
}

void panel_attention(Frame *frame, Area area)
{
    const App *app = frame->app;
    Canvas *canvas = frame->canvas;
    const Gpt *gpt = &app->session.trainer.gpt;

    if (area.h < 2 + HEADERS || area.w < ROW_LABEL + NAME)
        return;
    int x = panel_title(canvas, area, "Who looks at whom?", N_("attention"));
    Area heads = area_inset(area, 0, 1, 0, 1);
    Grid grid = lay_out(app, heads);
    if (gpt->n_layer > 1)
        x = canvas_print(canvas, area, x, 0, ROLE_ACCENT, 0, " layer %d (of %d)", app->layer,
                         gpt->n_layer);
    else if (grid.across * grid.down < gpt->n_head)
        x = canvas_print(canvas, area, x, 0, ROLE_DIM, 0, " of %d", gpt->n_head);
    if (area.w - x > LEGEND)
        draw_legend(canvas, area, area.w - LEGEND + 1);
    draw_heads(frame, heads, &grid);
    draw_row(frame, area, smaller(grid.down * grid.height, area.h - 1));
}

int panel_attention_rows(const App *app)
{
    return 2 + HEADERS + app->session.trainer.positions;
}
