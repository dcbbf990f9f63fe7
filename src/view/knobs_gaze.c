/* Attention in the knobs pane: every head of every layer for one text.
 *
 *        head 0    head 1
 *        ⟨emma     ⟨emma
 *      ⟨ █         █
 *      e ▓░        █░                                                                             */
#include "engine/words.h"
#include "view/knobs_pane.h"
#include "view/panel.h"
#include "view/plot.h"
#include <math.h>
#include <stdio.h>

enum { LABEL = 2, GAP = 2, NAME = 7 };

/* How heads are laid out: `names` says whether each has its name above its keys. */
typedef struct Grid {
    int columns, lines; /* of a cell */
    int width, height;  /* of a head with the gap behind it, and with its header */
    int across, down;   /* heads beside and below each other; each layer begins a row */
    int rows_a_layer;
    bool names;
} Grid;

static int least(int a, int b)
{
    return a < b ? a : b;
}

static int most(int a, int b)
{
    return a > b ? a : b;
}

static Grid grid_of(const Gaze *gaze, Area area, int columns, int lines, bool names)
{
    Grid grid = {.columns = columns, .lines = lines, .names = names};

    grid.width = most(columns * gaze->positions + GAP, names ? NAME : 0);
    grid.height = 1 + names + lines * gaze->positions;
    grid.across = least(most((area.w - LABEL + GAP) / grid.width, 1), gaze->heads);
    grid.down = most(area.h / grid.height, 1);
    grid.rows_a_layer = (gaze->heads + grid.across - 1) / grid.across;
    return grid;
}

/* The largest cells with which all heads of all layers are seen. */
static Grid lay_out(const Gaze *gaze, Area area)
{
    static const int sizes[][3] = {{6, 3, 1}, {4, 2, 1}, {2, 1, 1}, {2, 1, 0}, {1, 1, 1}};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        Grid grid = grid_of(gaze, area, sizes[i][0], sizes[i][1], sizes[i][2]);
        if (grid.down * grid.height <= area.h && grid.down >= grid.rows_a_layer * gaze->layers)
            return grid;
    }
    return grid_of(gaze, area, 1, 1, false);
}

static void draw_head(const App *app, const Gaze *gaze, Canvas *canvas, Area area, const Grid *grid,
                      int layer, int head)
{
    if (grid->names && gaze->layers > 1)
        canvas_print(canvas, area, 0, 0, ROLE_DIM, 0, "%d.%d", layer, head);
    else if (grid->names)
        canvas_print(canvas, area, 0, 0, ROLE_DIM, 0, "head %d", head);
    for (int key = 0; key < gaze->positions; key++)
        panel_token(app, canvas, area, key * grid->columns, grid->names, gaze->token[key], false,
                    ROLE_DIM, 0);
    for (int query = 0; query < gaze->positions; query++)
        for (int key = 0; key <= query; key++) {
            const double weight = gaze_weight(gaze, layer, head, query, key);
            const int y = 1 + grid->names + query * grid->lines;
            for (int line = 0; line < grid->lines && isfinite(weight); line++)
                plot_level(canvas, area, key * grid->columns, y + line, grid->columns, weight);
            if (!isfinite(weight))
                canvas_text(canvas, area, key * grid->columns, y, ROLE_ABSENT, 0, "·");
        }
}

static void draw_row(const App *app, const Gaze *gaze, Canvas *canvas, Area area, const Grid *grid,
                     int row)
{
    const int layer = row / grid->rows_a_layer, first = row % grid->rows_a_layer * grid->across;

    for (int query = 0; query < gaze->positions; query++)
        panel_token(app, canvas, area, 0, 1 + grid->names + query * grid->lines, gaze->token[query],
                    false, ROLE_TEXT, 0);
    for (int i = 0; i < grid->across && first + i < gaze->heads; i++) {
        Area map = area_inset(area, LABEL + i * grid->width, 0, 0, 0);
        map.w = least(map.w, grid->width);
        draw_head(app, gaze, canvas, map, grid, layer, first + i);
    }
}

/* "8 of 16 heads" where there is no room for all. */
static void draw_title(const Gaze *gaze, Canvas *canvas, Area area, const Grid *grid)
{
    const int all = gaze->layers * gaze->heads, seen = least(all, grid->down * grid->across),
              legend = plot_level_legend(canvas, (Area){0}, 0, 0, 1);
    int x = panel_title(canvas, area, _("Who looks at whom?"), N_("attention"));

    if (seen < all)
        x = canvas_print(canvas, area, x + 1, 0, ROLE_DIM, 0, "%d of %d heads", seen, all);
    if (area.w - x > legend)
        plot_level_legend(canvas, area, area.w - legend, 0, 1);
}

int knobs_gaze_rows(const Knobs *knobs)
{
    return 2 + knobs->positions;
}

/* There is one once the run is over, unless an option leaves attention out. */
static bool is_known(const KnobsRun *run)
{
    return run && atomic_load(&run->over) && isfinite(gaze_weight(&run->gaze, 0, 0, 0, 0));
}

void knobs_draw_gaze(const App *app, Canvas *canvas, Area area)
{
    const KnobsRun *run = knobs_seen(&app->knobs);
    const Area maps = area_inset(area, 0, 1, 0, 0);

    if (!is_known(run)) {
        panel_title(canvas, area, _("Who looks at whom?"), N_("attention"));
        if (app->knobs.turned.attention == ATTENTION_OFF)
            canvas_text(canvas, area, 0, 1, ROLE_DIM, 0, _("attention is off"));
        else
            canvas_text(canvas, area, 0, 1, ROLE_ABSENT, 0, "·");
        return;
    }
    const Grid grid = lay_out(&run->gaze, maps);
    draw_title(&run->gaze, canvas, area, &grid);
    for (int row = 0; row < grid.down && row < grid.rows_a_layer * run->gaze.layers; row++)
        draw_row(app, &run->gaze, canvas, area_inset(maps, 0, row * grid.height, 0, 0), &grid, row);
}
