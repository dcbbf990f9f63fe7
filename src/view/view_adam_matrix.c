/* The six quantities of a whole matrix beside each other. */
#include "app/text.h"
#include "engine/words.h"
#include "view/matrix.h"
#include "view/view_adam.h"
#include <stdio.h>

enum { MAPS = QUANTITY_COUNT, GAP = 2 };

/* How many numbers are seen of each map, where so many stand beside each other. */
static int seen(const Tensor *tensor, Area area, int across)
{
    const int down = (MAPS + across - 1) / across, label = 10;
    int cols = area.w / across - GAP - label, rows = area.h / down - 3;

    cols = cols < tensor->cols ? cols : tensor->cols;
    rows = rows < tensor->rows ? rows : tensor->rows;
    return cols > 0 && rows > 0 ? cols * rows : 0;
}

static int choose_across(const Tensor *tensor, Area area)
{
    static const int ways[] = {3, 2, 6, 1};
    int best = ways[0];

    for (size_t i = 1; i < sizeof ways / sizeof *ways; i++)
        if (seen(tensor, area, ways[i]) > seen(tensor, area, best))
            best = ways[i];
    return best;
}

/* "gradient  -0.2 ... +0.2" */
static void draw_name(Canvas *canvas, Area area, const Matrix *matrix)
{
    char scale[24];
    int x =
        canvas_text(canvas, area, 0, 0, ROLE_TEXT, ATTR_BOLD, _(quantities[matrix->shows].name));

    if (matrix->all.count > 0)
        canvas_print(canvas, area, x, 0, ROLE_DIM, 0,
                     quantities[matrix->shows].signs ? "  ±%s" : N_("  0 to %s"),
                     matrix_number(matrix->scale, scale));
}

void adam_draw_matrix(Frame *frame, Area area, int32_t i)
{
    const App *app = frame->app;
    const Tensor *tensor = gpt_tensor_of(&app->session.trainer.gpt, i);
    const Area body = area_inset(area, 0, 1, 0, 0);
    const int across = choose_across(tensor, body), down = (MAPS + across - 1) / across;
    const int width = body.w / across, height = body.h / down;
    int x = canvas_text(frame->canvas, area, 0, 0, ROLE_ACCENT, ATTR_BOLD, tensor->name);

    canvas_text(frame->canvas, area, x, 0, ROLE_DIM, 0,
                _("  all its quantities; the strongest shade is the number beside the name"));
    for (int k = 0; k < MAPS; k++) {
        const Area map = {body.x + k % across * width, body.y + k / across * height, width - GAP,
                          height};
        Matrix matrix = matrix_of(app, tensor, (Quantity)k);
        Frame part = *frame;
        matrix.among = true;
        if (k == QUANTITY_CHANGE) /* it has the name of its value: the cursor stays there */
            part.spots = NULL;
        draw_name(frame->canvas, map, &matrix);
        matrix_draw(&part, area_inset(map, 0, 1, 0, k / across < down - 1), &matrix,
                    (i - tensor->first) / tensor->cols, (i - tensor->first) % tensor->cols);
    }
}
