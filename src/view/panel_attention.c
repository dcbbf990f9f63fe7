#include "view/panel.h"
#include "view/plot.h"
#include <stdio.h>

/* A heatmap of one head: a line with its name, the keys' characters above, then a row a query.
 *
 *     head 2
 *        ⟨emma
 *      ⟨ █
 *      e ▓░
 */
enum { ATTENTION_HEAD = 3, ROW_LABEL = 3, GAP = 2 };

/* How the heads are laid out in an area. */
typedef struct Grid {
    int columns;       /* of one cell of a heatmap: 1 or 2 */
    int width, height; /* of one heatmap with its labels and gap */
    int rows;          /* queries shown of each */
    int first_row;     /* the first of them */
    int across, down;  /* heatmaps beside and below each other */
} Grid;

static Grid lay_out(const App *app, Area area)
{
    const int positions = app->session.trainer.positions, heads = app->session.trainer.gpt.n_head;
    const int room = area.h - 2; /* below the panel's title, above the line on the selected row */
    Grid grid = {.columns = 2};

    if (heads * (ROW_LABEL + 2 * positions + GAP) > area.w + GAP)
        grid.columns = 1;
    grid.width = ROW_LABEL + grid.columns * positions + GAP;
    if (grid.width < ROW_LABEL + 8)
        grid.width = ROW_LABEL + 8;
    grid.across = (area.w + GAP) / grid.width;
    grid.across = grid.across < 1 ? 1 : grid.across > heads ? heads : grid.across;
    int wanted = (heads + grid.across - 1) / grid.across;
    grid.down = room / (positions + 3);
    grid.down = grid.down < 1 ? 1 : grid.down > wanted ? wanted : grid.down;
    grid.height = room / grid.down < positions + 3 ? room / grid.down : positions + 3;
    grid.rows = grid.height - 2 < positions ? grid.height - 2 : positions;
    grid.first_row = panel_scroll(positions, grid.rows, app_position(app));
    return grid;
}

static void draw_head(const App *app, Canvas *canvas, Area area, const Grid *grid, int head)
{
    const Trainer *trainer = &app->session.trainer;
    const bool here = head == app->head;
    char name[32];

    snprintf(name, sizeof name, "%shead %d", here ? "▸" : " ", head + 1);
    canvas_text(canvas, area, 1, 0, here ? ROLE_ACCENT : ROLE_DIM, here ? ATTR_BOLD : 0, name);
    for (int key = 0; key < trainer->positions; key++)
        panel_token(app, canvas, area, ROW_LABEL + key * grid->columns, 1, trainer->token[key], false, ROLE_DIM, 0);
    for (int i = 0; i < grid->rows; i++) {
        int query = grid->first_row + i;
        bool row = query == app_position(app);
        if (row)
            canvas_text(canvas, area, 0, 2 + i, ROLE_ACCENT, ATTR_BOLD, "▸");
        panel_token(app, canvas, area, 1, 2 + i, trainer->token[query], false, row ? ROLE_ACCENT : ROLE_TEXT,
                    row ? ATTR_BOLD : 0);
        for (int key = 0; key <= query; key++) {
            double weight;
            int x = ROW_LABEL + key * grid->columns;
            if (panel_value(app, (Place){PART_WEIGHT, query, app->layer, head}, key, &weight))
                plot_level(canvas, area, x, 2 + i, grid->columns, weight);
            else
                canvas_text(canvas, area, x, 2 + i, ROLE_ABSENT, 0, "·");
        }
    }
}

/* The selected row in numbers: "after m, head 2 looks at  ⟨ .12  e .50  m .38" */
static void draw_row(const App *app, Canvas *canvas, Area area, int y)
{
    const Trainer *trainer = &app->session.trainer;
    const int query = app_position(app);
    int x = canvas_text(canvas, area, 0, y, ROLE_ACCENT, ATTR_BOLD, "▸");

    x += panel_token(app, canvas, area, x, y, trainer->token[query], false, ROLE_ACCENT, ATTR_BOLD);
    x = canvas_print(canvas, area, x, y, ROLE_DIM, 0, " looks at ");
    int fit = (area.w - x) / 6, first = query + 1 > fit ? query + 1 - fit : 0;
    for (int key = first; key <= query; key++, x += 6) {
        double weight = 0;
        bool known = panel_value(app, (Place){PART_WEIGHT, query, app->layer, app->head}, key, &weight);
        panel_token(app, canvas, area, x, y, trainer->token[key], false, ROLE_TEXT, ATTR_BOLD);
        panel_share(canvas, area, x + 2, y, known, weight, ROLE_TEXT, 0);
    }
}

void panel_attention(const App *app, Canvas *canvas, Area area)
{
    const Gpt *gpt = &app->session.trainer.gpt;

    if (area.h < ATTENTION_HEAD + 2 || area.w < ROW_LABEL + 8)
        return;
    Grid grid = lay_out(app, area);
    int shown = grid.across * grid.down, first = panel_scroll(gpt->n_head, shown, app->head);
    int x = panel_title(canvas, area, "Who looks at whom?", "attention");
    if (gpt->n_layer > 1)
        x = canvas_print(canvas, area, x, 0, ROLE_ACCENT, 0, " layer %d of %d", app->layer + 1, gpt->n_layer);
    if (area.w - x > 12)
        plot_level_legend(canvas, area, area.w - 12, 0, 1);
    for (int i = 0; i < shown && first + i < gpt->n_head; i++) {
        Area cell = area_inset(area, i % grid.across * grid.width, 1 + i / grid.across * grid.height, 0, 1);
        cell.w = cell.w < grid.width - 1 ? cell.w : grid.width - 1;
        cell.h = cell.h < grid.height ? cell.h : grid.height;
        draw_head(app, canvas, cell, &grid, first + i);
    }
    int bottom = 1 + grid.down * grid.height;
    draw_row(app, canvas, area, bottom < area.h ? bottom : area.h - 1);
}
