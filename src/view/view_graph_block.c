/* Depth 1 of the view of the graph: one place as vectors and the matrix between them.
 *
 *     x            W_Q [16 x 16]         q
 *      0 ▒  0.31   ▒░ ▓   ...            0 ▓  0.85
 *      1 ░ -0.12   ░▒▓                 ▸ 1 ░ -0.02      the row whose product this is
 *
 * The vectors scroll by themselves, the rows of the matrix with the output. */
#include "app/graph_look.h"
#include "app/text.h"
#include "engine/words.h"
#include "view/graph_text.h"
#include "view/panel.h"
#include "view/plot.h"
#include "view/view_graph.h"
#include <math.h>
#include <stdio.h>

enum {
    HEAD_ROWS = 4,
    LABEL = 4,
    HEAT = 2,
    NUMBER = 8,
    NARROW = 7,
    GAP = 2,
    BEYOND = 8,
    WIDE = 100
};
enum { CELL_MOST = 5, LEGEND = 42 };

typedef struct Sheet {
    Frame *frame;
    const Trainer *trainer;
    GraphBlock block;
    int rows;     /* of entries that are seen */
    int number;   /* columns of a number */
    int vector_w; /* of a vector */
    bool graded;  /* vectors show gradients as well */
} Sheet;

/* ---- numbers --------------------------------------------------------------------------------- */

static bool has_grad(const Sheet *sheet)
{
    return trainer_has_grad(sheet->trainer);
}

/* The largest size of what is known of a vector; 1 where nothing is. */
static double scale_of_vector(const Sheet *sheet, const GraphVector *vector)
{
    double most = 0;

    for (int32_t i = 0; i < vector->count; i++) {
        int32_t node = graph_vector_at(&sheet->trainer->gpt, vector, i);
        if (trainer_has_value(sheet->trainer, node) && fabs(sheet->trainer->value[node]) > most)
            most = fabs(sheet->trainer->value[node]);
    }
    return most > 0 ? most : 1;
}

static double scale_of_matrix(const Sheet *sheet)
{
    const GraphMatrix *matrix = &sheet->block.matrix;
    double most = 0;

    for (int32_t row = 0; row < matrix->rows; row++)
        for (int32_t col = 0; col < matrix->cols; col++) {
            int32_t node = graph_matrix_at(&sheet->trainer->gpt, matrix, row, col);
            if (trainer_has_value(sheet->trainer, node) && fabs(sheet->trainer->value[node]) > most)
                most = fabs(sheet->trainer->value[node]);
        }
    return most > 0 ? most : 1;
}

/* ---- labels ---------------------------------------------------------------------------------- */

/* Which token an entry of a part's vector stands for; -1: for none. */
static int token_of(const Sheet *sheet, Part part, int32_t i)
{
    if (part == PART_LOGITS || part == PART_PROBS)
        return (int)i;
    if (part == PART_SCORE || part == PART_WEIGHT)
        return sheet->trainer->token[i];
    if (part == PART_MEAN_LOSS)
        return sheet->trainer->token[i + 1];
    return -1;
}

static void draw_label(const Sheet *sheet, Area area, int y, Part part, int32_t i, bool here)
{
    const Role role = here ? ROLE_ACCENT : ROLE_DIM;
    const int token = token_of(sheet, part, i);
    char text[16];

    if (token >= 0) {
        panel_token(sheet->frame->app, sheet->frame->canvas, area, LABEL - 2, y, token,
                    part >= PART_LOGITS, role, here ? ATTR_BOLD : 0);
        return;
    }
    snprintf(text, sizeof text, "%d", (int)i);
    canvas_text_right(sheet->frame->canvas, area, LABEL - 1, y, role, here ? ATTR_BOLD : 0, text);
}

/* What the entries of an input are, by the part that made it. */
static Part part_of_input(const Sheet *sheet)
{
    switch (sheet->block.place.part) {
    case PART_WEIGHT:
        return PART_SCORE;
    case PART_OUT:
        return PART_WEIGHT;
    case PART_PROBS:
        return PART_LOGITS;
    case PART_LOSS:
        return PART_PROBS;
    case PART_MEAN_LOSS:
        return PART_MEAN_LOSS;
    default:
        return PART_EMBED;
    }
}

/* ---- where the cursor is --------------------------------------------------------------------- */

static int32_t cursor_node(const Sheet *sheet)
{
    const Scope scope = app_scope(sheet->frame->app);
    const Focus focus = sheet->frame->focus;

    return focus.own ? -1 : focus_node(&scope, focus);
}

/* The entry of a vector under the cursor, else -1. */
static int32_t entry_under_cursor(const Sheet *sheet, const GraphVector *vector)
{
    const int32_t node = cursor_node(sheet);
    int32_t i;

    return node >= 0 && graph_vector_find(&sheet->trainer->gpt, vector, node, &i) ? i : -1;
}

static bool cell_under_cursor(const Sheet *sheet, int32_t *row, int32_t *col)
{
    const int32_t node = cursor_node(sheet);

    return node >= 0 && sheet->block.matrix.source != MATRIX_NONE &&
           graph_matrix_find(&sheet->trainer->gpt, &sheet->block.matrix, node, row, col);
}

/* The entry of the output that is chosen, by the cursor on it or on its row of the matrix. */
static int32_t row_chosen(const Sheet *sheet)
{
    int32_t row, col, i = entry_under_cursor(sheet, &sheet->block.out);

    return i >= 0 ? i : cell_under_cursor(sheet, &row, &col) ? row : -1;
}

static int32_t column_chosen(const Sheet *sheet)
{
    int32_t row, col;

    if (cell_under_cursor(sheet, &row, &col))
        return col;
    return sheet->block.inputs > 0 ? entry_under_cursor(sheet, &sheet->block.input[0]) : -1;
}

/* ---- drawing --------------------------------------------------------------------------------- */

static void draw_entry(const Sheet *sheet, Area area, int y, int32_t node, double scale)
{
    const Trainer *trainer = sheet->trainer;
    const Focus value = focus_of_node(trainer, FOCUS_VALUE, node);
    const bool known = trainer_has_value(trainer, node);
    Frame heat = *sheet->frame;

    heat.spots = NULL; /* the number beside it is where the cursor stands */
    heat.focus = (Focus){.kind = FOCUS_NONE};
    frame_signed(&heat, area, LABEL, y, HEAT, 1, value, known,
                 known ? trainer->value[node] / scale : 0);
    frame_number(sheet->frame, area, LABEL + HEAT + 1, y, sheet->number - 1, value, known,
                 known ? trainer->value[node] : 0, ROLE_FORWARD, 0);
    if (sheet->graded)
        frame_number(sheet->frame, area, LABEL + HEAT + sheet->number + 1, y, sheet->number - 1,
                     focus_of_node(trainer, FOCUS_GRAD, node), has_grad(sheet),
                     has_grad(sheet) ? trainer->grad[node] : 0, ROLE_BACKWARD, 0);
}

/* A vector from the area's left side on, scrolled so that entry `chosen` is seen. */
static void draw_vector(const Sheet *sheet, Area area, const GraphVector *vector, Part part,
                        int32_t chosen)
{
    const double scale = scale_of_vector(sheet, vector);
    const int first = panel_scroll(vector->count, sheet->rows, chosen < 0 ? 0 : chosen);
    Canvas *canvas = sheet->frame->canvas;
    Area body = area_inset(area, 0, HEAD_ROWS, 0, 0);

    body.h = sheet->rows;
    canvas_print(canvas, area, LABEL, HEAD_ROWS - 2, ROLE_TITLE, ATTR_BOLD, "%s", _(vector->name));
    canvas_print(canvas, area, LABEL, HEAD_ROWS - 1, ROLE_DIM, 0, "[%d]", (int)vector->count);
    if (sheet->graded) {
        canvas_text_right(canvas, area, LABEL + HEAT + sheet->number, HEAD_ROWS - 1, ROLE_FORWARD,
                          0, _("value"));
        canvas_text_right(canvas, area, LABEL + HEAT + 2 * sheet->number, HEAD_ROWS - 1,
                          ROLE_BACKWARD, 0, "grad");
    }
    for (int i = first - BEYOND; i < first + sheet->rows + BEYOND; i++) {
        if (i < 0 || i >= vector->count)
            continue;
        draw_label(sheet, body, i - first, part, i, i == chosen);
        draw_entry(sheet, body, i - first, graph_vector_at(&sheet->trainer->gpt, vector, i), scale);
    }
}

static void draw_cell(const Sheet *sheet, Area area, int x, int y, int wide, int32_t node,
                      double scale)
{
    const bool known = trainer_has_value(sheet->trainer, node);

    frame_signed(sheet->frame, area, x, y, wide, 1,
                 focus_of_node(sheet->trainer, FOCUS_VALUE, node), known,
                 known ? sheet->trainer->value[node] / scale : 0);
}

static void draw_matrix(const Sheet *sheet, Area area)
{
    const GraphMatrix *matrix = &sheet->block.matrix;
    const double scale = scale_of_matrix(sheet);
    const int32_t row = row_chosen(sheet), col = column_chosen(sheet);
    const int first = panel_scroll(matrix->rows, sheet->rows, row < 0 ? 0 : row);
    const int most = area.w / matrix->cols, wide = most < 1           ? 1
                                                   : most < CELL_MOST ? most
                                                                      : CELL_MOST;
    const int cols = area.w / wide < matrix->cols ? area.w / wide : matrix->cols;
    const int left = panel_scroll(matrix->cols, cols, col < 0 ? 0 : col);
    Canvas *canvas = sheet->frame->canvas;
    Area body = area_inset(area, 0, HEAD_ROWS, 0, 0);

    body.h = sheet->rows;
    int x = canvas_text(canvas, area, 0, HEAD_ROWS - 2, ROLE_TITLE, ATTR_BOLD, _(matrix->name));
    canvas_print(canvas, area, x + 1, HEAD_ROWS - 2, ROLE_DIM, 0, "[%d×%d]", (int)matrix->rows,
                 (int)matrix->cols);
    if (cols < matrix->cols)
        canvas_print(canvas, area, 0, HEAD_ROWS - 1, ROLE_DIM, 0, "columns %d to %d", left,
                     left + cols - 1);
    for (int r = first - BEYOND; r < first + sheet->rows + BEYOND; r++)
        for (int c = left - BEYOND; c < left + cols + BEYOND; c++)
            if (r >= 0 && r < matrix->rows && c >= 0 && c < matrix->cols)
                draw_cell(sheet, body, (c - left) * wide, r - first, wide,
                          graph_matrix_at(&sheet->trainer->gpt, matrix, r, c), scale);
}

/* The numbers on the way, in the row below the formula. */
static void draw_steps(const Sheet *sheet, Area area, int y)
{
    const GraphBlock *block = &sheet->block;
    int x = 0;

    for (int i = 0; i < block->steps; i++) {
        const int32_t node = block->step[i].node;
        const bool known = trainer_has_value(sheet->trainer, node);
        x = canvas_text(sheet->frame->canvas, area, x, y, ROLE_DIM, 0, _(block->step[i].name));
        frame_number(sheet->frame, area, x, y, NUMBER + 1,
                     focus_of_node(sheet->trainer, FOCUS_VALUE, node), known,
                     known ? sheet->trainer->value[node] : 0, ROLE_FORWARD, ATTR_BOLD);
        x += NUMBER + 4;
    }
}

/* The colours, with the matrix's numbers, or those of what comes out. */
static void draw_legend(const Sheet *sheet, Area area, int x)
{
    const bool matrix = sheet->block.matrix.source != MATRIX_NONE;
    const char *what = matrix ? _("matrix") : _(sheet->block.out.name);

    if (sheet->block.inputs == 0 || x + LEGEND + 2 > area.w)
        return;
    x = canvas_print(sheet->frame->canvas, area, area.w - LEGEND, 1, ROLE_DIM, 0, "%s ", what);
    plot_signed_legend(sheet->frame->canvas, area, x, 1,
                       matrix ? scale_of_matrix(sheet) : scale_of_vector(sheet, &sheet->block.out));
}

static void draw_title(const Sheet *sheet, Area area)
{
    const Place place = sheet->block.place;
    char title[GRAPH_TITLE_BYTES], name[96], formula[GRAPH_NAME_ROOM];

    graph_place_title(place, title);
    place_name(place, name, sizeof name);
    if (title[0] >= 'a' && title[0] <= 'z')
        title[0] = (char)(title[0] - 'a' + 'A');
    panel_title(sheet->frame->canvas, area, title, name);
    graph_formula(sheet->frame->canvas, place.part, formula);
    int x = canvas_text(sheet->frame->canvas, area, 0, 1, ROLE_NOTE, 0, formula);
    draw_legend(sheet, area, x);
}

static void draw_signs(const Sheet *sheet, Area area, int x, const char *sign)
{
    if (sheet->rows > 0)
        canvas_text(sheet->frame->canvas, area, x, HEAD_ROWS - 2, ROLE_NOTE, ATTR_BOLD, sign);
}

static void draw_columns(const Sheet *sheet, Area area)
{
    const GraphBlock *block = &sheet->block;
    const int step = sheet->vector_w + GAP;
    const Part part = part_of_input(sheet);
    Area column = area;
    int x = 0;

    for (int i = 0; i < block->inputs; i++, x += step) {
        column = area_inset(area, x, 0, 0, 0);
        column.w = column.w < sheet->vector_w ? column.w : sheet->vector_w;
        draw_vector(sheet, column, &block->input[i], part,
                    entry_under_cursor(sheet, &block->input[i]));
        if (i > 0)
            draw_signs(sheet, column, 0, "+");
    }
    int room = area.w - x - sheet->vector_w - 2 * GAP;
    if (block->matrix.source != MATRIX_NONE && room >= LABEL) {
        int wide = block->matrix.cols * CELL_MOST < room ? block->matrix.cols * CELL_MOST : room;
        wide = wide < 24 && room >= 24 ? 24 : wide;
        column = area_inset(area, x, 0, 0, 0);
        column.w = wide;
        draw_matrix(sheet, column);
        x += wide + 1;
    }
    column = area_inset(area, x, 0, 0, 0);
    column.w = column.w < sheet->vector_w ? column.w : sheet->vector_w;
    if (block->inputs > 0)
        draw_signs(sheet, column, 0, "=");
    draw_vector(sheet, column, &block->out,
                block->matrix.source == MATRIX_VALUES ? PART_EMBED : block->place.part,
                row_chosen(sheet));
}

void graph_block_draw(Frame *frame, Area area, Place place)
{
    Sheet sheet = {.frame = frame, .trainer = &frame->app->session.trainer};
    const bool exists = graph_block(&sheet.block, sheet.trainer, place);

    if (!exists) {
        panel_title(frame->canvas, area, "Nothing is recorded here", "");
        return;
    }
    draw_title(&sheet, area);
    if (sheet.block.out.count == 0 || sheet.block.inputs == 0) {
        canvas_text(frame->canvas, area, 0, 3, ROLE_NOTE, 0,
                    _("An option has left this block out: what comes in passes on."));
        return;
    }
    const int foot = sheet.block.steps > 0 ? 2 : 0;
    const int vectors = sheet.block.inputs + 1;
    sheet.rows = area.h - HEAD_ROWS - foot;
    sheet.graded = area.w >= vectors * (LABEL + HEAT + 2 * NUMBER + GAP) + 34 || area.w >= WIDE;
    sheet.number = vectors * (LABEL + HEAT + NUMBER + GAP) - GAP <= area.w ? NUMBER : NARROW;
    sheet.vector_w = LABEL + HEAT + (sheet.graded ? 2 : 1) * sheet.number;
    draw_columns(&sheet, area);
    if (sheet.block.steps > 0)
        draw_steps(&sheet, area, area.h - 1);
}

/* ---- in words -------------------------------------------------------------------------------- */

static void tell_vector(const App *app, Answer *answer, const char *role, const GraphVector *vector)
{
    const Trainer *trainer = &app->session.trainer;
    char number[24];

    answer_format(answer, "%s %s:", role, _(vector->name));
    answer_open(answer, NULL, '{');
    answer_text(answer, "role", role);
    answer_text(answer, "name", vector->name);
    answer_open(answer, "values", '[');
    for (int32_t i = 0; i < vector->count; i++) {
        int32_t node = graph_vector_at(&trainer->gpt, vector, i);
        Focus focus = focus_of_node(trainer, FOCUS_VALUE, node);
        bool known = trainer_has_value(trainer, node);
        double value = known ? trainer->value[node] : 0;
        answer_format(answer, " %s", graph_said(app, focus, known, value, number));
        graph_tell_number(app, answer, NULL, focus, known, value);
    }
    answer_close(answer, ']');
    answer_close(answer, '}');
    answer_format(answer, "\n");
}

void graph_block_tell(const App *app, Answer *answer)
{
    const Trainer *trainer = &app->session.trainer;
    const Place place = graph_look_block(app);
    char title[GRAPH_TITLE_BYTES], name[96];
    GraphBlock block;

    place_name(place, name, sizeof name);
    answer_line(answer, "%s, %s: %s.", graph_place_title(place, title), name,
                _(place_parts[place.part].formula));
    answer_text(answer, "place", name);
    answer_text(answer, "formula", place_parts[place.part].formula);
    if (!graph_block(&block, trainer, place))
        return;
    if (block.matrix.source != MATRIX_NONE) {
        answer_line(answer, "Matrix %s, %d rows, %d columns.", _(block.matrix.name),
                    (int)block.matrix.rows, (int)block.matrix.cols);
        answer_text(answer, "matrix", block.matrix.name);
    }
    answer_open(answer, "vectors", '[');
    for (int i = 0; i < block.inputs; i++)
        tell_vector(app, answer, _("Input"), &block.input[i]);
    tell_vector(app, answer, _("Output"), &block.out);
    answer_close(answer, ']');
}
