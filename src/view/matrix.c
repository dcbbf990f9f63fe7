#include "view/matrix.h"

#include "app/text.h"
#include "engine/words.h"
#include "view/panel.h"
#include "view/plot.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- what rows and columns are --------------------------------------------------------------- */

const char *const matrix_axes[] = {
    [AXIS_NUMBERS] = N_("number"),     [AXIS_TOKENS] = N_("token"),
    [AXIS_POSITIONS] = N_("position"), [AXIS_HEADS] = N_("head's number"),
    [AXIS_NEURONS] = N_("neuron"),
};

static const MatrixKind kinds[GPT_LAYERS + LAYER_TENSORS] = {
    [GPT_WTE] = {N_("the vector that each token is turned into"), AXIS_TOKENS, AXIS_NUMBERS},
    [GPT_WPE] = {N_("the vector that each position adds"), AXIS_POSITIONS, AXIS_NUMBERS},
    [GPT_LM_HEAD] = {N_("what speaks for each next token"), AXIS_TOKENS, AXIS_NUMBERS},
    [GPT_LAYERS +
        LAYER_WQ] = {N_("makes the queries: what is looked for"), AXIS_HEADS, AXIS_NUMBERS},
    [GPT_LAYERS + LAYER_WK] = {N_("makes the keys: what is found by"), AXIS_HEADS, AXIS_NUMBERS},
    [GPT_LAYERS + LAYER_WV] = {N_("makes the values: what is handed on"), AXIS_HEADS, AXIS_NUMBERS},
    [GPT_LAYERS + LAYER_WO] = {N_("mixes what the heads have found"), AXIS_NUMBERS, AXIS_HEADS},
    [GPT_LAYERS +
        LAYER_FC1] = {N_("into the hidden neurons of the MLP"), AXIS_NEURONS, AXIS_NUMBERS},
    [GPT_LAYERS +
        LAYER_FC2] = {N_("out of the hidden neurons of the MLP"), AXIS_NUMBERS, AXIS_NEURONS},
};

const MatrixKind *matrix_kind(const Gpt *gpt, const Tensor *tensor)
{
    int i = (int)(tensor - gpt->tensor);

    return &kinds[i < GPT_LAYERS ? i : GPT_LAYERS + (i - GPT_LAYERS) % LAYER_TENSORS];
}

static int head_dim(const App *app)
{
    return app->session.trainer.gpt.n_embd / app->session.trainer.gpt.n_head;
}

static void token_name(const App *app, int32_t token, char text[40])
{
    const Corpus *corpus = &app->session.corpus;
    char shown[16];

    if (token >= corpus->characters) {
        snprintf(text, 40, "%s", _("begin/end"));
        return;
    }
    text_show_character(corpus->character[token], shown);
    snprintf(text, 40, "'%s'", shown);
}

void matrix_row_name(const App *app, const Tensor *tensor, int32_t row, char text[40])
{
    const MatrixAxis axis = matrix_kind(&app->session.trainer.gpt, tensor)->rows;

    if (axis == AXIS_TOKENS)
        token_name(app, row, text);
    else if (axis == AXIS_HEADS)
        snprintf(text, 40, _("head %d, number %d"), (int)row / head_dim(app),
                 (int)row % head_dim(app));
    else
        snprintf(text, 40, "%s %d", _(matrix_axes[axis]), (int)row);
}

/* ---- numbers --------------------------------------------------------------------------------- */

bool matrix_read(const Matrix *matrix, int32_t row, int32_t col, double *number)
{
    return quantity_read(&matrix->from, matrix->shows,
                         matrix->tensor->first + row * matrix->tensor->cols + col, number);
}

Matrix matrix_of(const App *app, const Tensor *tensor, Quantity shows)
{
    Matrix matrix = {.app = app, .tensor = tensor, .shows = shows, .from = quantities_of(app)};
    double number;

    statistics_begin(&matrix.all);
    for (int32_t i = tensor->first; i < tensor->first + tensor->rows * tensor->cols; i++)
        if (quantity_read(&matrix.from, shows, i, &number))
            statistics_add(&matrix.all, number);
    matrix.scale = statistics_scale(&matrix.all);
    return matrix;
}

bool matrix_is_open(const Matrix *matrix)
{
    const Look *look = &matrix->app->look;
    const Tensor *tensor = matrix->tensor;

    for (int i = 0; i < look->hiddens; i++)
        if (look->hidden[i].kind == quantities[matrix->shows].focus && !look->hidden[i].own &&
            look->hidden[i].index >= tensor->first &&
            look->hidden[i].index < tensor->first + tensor->rows * tensor->cols)
            return false;
    return true;
}

/* ---- the large picture ----------------------------------------------------------------------- */

enum { BEYOND = 8 }; /* rows and columns that the cursor can reach at once beyond what is seen */

typedef struct Grid {
    Area cells;         /* where the heatmap is */
    int columns, lines; /* of one cell */
    int rows, cols;     /* shown */
    int first_row, first_col;
} Grid;

static int digits(int32_t number)
{
    char text[16];

    return snprintf(text, sizeof text, "%d", (int)number);
}

/* Columns that the names of rows take. */
static int label_columns(const Matrix *matrix)
{
    const MatrixAxis axis = matrix_kind(&matrix->from.trainer->gpt, matrix->tensor)->rows;

    if (axis == AXIS_TOKENS)
        return 3;
    if (axis == AXIS_HEADS)
        return text_width(_("head %d")) - 2 + digits(matrix->from.trainer->gpt.n_head) + 1 +
               digits(head_dim(matrix->app) - 1) + 1;
    return digits(matrix->tensor->rows - 1) + 1;
}

static int limited(int number, int least, int most)
{
    return number < least ? least : number > most ? most : number;
}

static Grid lay_out(const Matrix *matrix, Area area, int32_t row, int32_t col)
{
    const Tensor *tensor = matrix->tensor;
    Grid grid = {.cells = area_inset(area, label_columns(matrix), 1, 0, 0)};

    grid.columns = limited(grid.cells.w / tensor->cols, 1, 6);
    grid.lines = limited(grid.cells.h / tensor->rows, 1, grid.columns > 3 ? grid.columns / 2 : 1);
    grid.cols = limited(grid.cells.w / grid.columns, 1, tensor->cols);
    grid.rows = limited(grid.cells.h / grid.lines, 1, tensor->rows);
    grid.first_col = panel_scroll(tensor->cols, grid.cols, col);
    grid.first_row = panel_scroll(tensor->rows, grid.rows, row);
    return grid;
}

/* "head 2 1", the head named where it begins, or is seen first. */
static void draw_head_label(const Matrix *matrix, Canvas *canvas, Area area, int y, int32_t row,
                            bool first, Role role, int attr)
{
    char text[16];
    int end = label_columns(matrix) - 1, size = head_dim(matrix->app);

    snprintf(text, sizeof text, "%d", (int)row % size);
    if (row % size == 0 || first)
        canvas_print(canvas, area, 0, y, role, attr, "head %d", (int)row / size);
    canvas_text_right(canvas, area, end, y, role, attr, text);
}

static void draw_row_labels(const Matrix *matrix, Canvas *canvas, Area area, const Grid *grid,
                            int32_t here)
{
    const MatrixAxis axis = matrix_kind(&matrix->from.trainer->gpt, matrix->tensor)->rows;
    char text[16];

    for (int i = 0; i < grid->rows; i++) {
        int32_t row = grid->first_row + i;
        int y = 1 + i * grid->lines;
        Role role = row == here ? ROLE_ACCENT : ROLE_DIM;
        int attr = row == here ? ATTR_BOLD : 0;
        snprintf(text, sizeof text, "%d", (int)row);
        if (axis == AXIS_TOKENS)
            panel_token(matrix->app, canvas, area, 0, y, row, false, row == here ? role : ROLE_TEXT,
                        attr);
        else if (axis == AXIS_HEADS)
            draw_head_label(matrix, canvas, area, y, row, i == 0, role, attr);
        else
            canvas_text_right(canvas, area, label_columns(matrix) - 1, y, role, attr, text);
    }
}

/* Numbers over every column where they fit, else over every fifth. Heads over where they begin. */
static void draw_col_labels(const Matrix *matrix, Canvas *canvas, Area area, const Grid *grid,
                            int32_t here)
{
    const bool heads = matrix_kind(&matrix->from.trainer->gpt, matrix->tensor)->cols == AXIS_HEADS;
    const int widest = digits(matrix->tensor->cols - 1);
    const int every = heads ? head_dim(matrix->app) : grid->columns > widest ? 1 : 5;
    const char *name = heads && every * grid->columns > 6 ? N_("head %d") : "%d";
    char text[24];

    for (int i = 0; i < grid->cols; i++) {
        int32_t col = grid->first_col + i;
        Role role = col == here ? ROLE_ACCENT : ROLE_DIM;
        snprintf(text, sizeof text, name, (int)(heads ? col / every : col));
        if (col % every == 0 && (grid->cols - i) * grid->columns >= (int)strlen(text))
            canvas_text(canvas, area, grid->cells.x - area.x + i * grid->columns, 0, role,
                        col == here ? ATTR_BOLD : 0, text);
    }
}

/* The cursor is on another quantity of that parameter. It is shown here too; it can be moved from
 * here where it is not shown in its own place. */
static void draw_other_focus(const Frame *frame, const Grid *grid, const Matrix *matrix, int x,
                             int y)
{
    Frame part = *frame;

    part.spots = matrix->among ? NULL : frame->spots;
    frame_spot(&part, grid->cells, x, y, grid->columns, grid->lines, frame->focus);
}

static void draw_cell(Frame *frame, const Grid *grid, const Matrix *matrix, int32_t row,
                      int32_t col)
{
    const int32_t i = matrix->tensor->first + row * matrix->tensor->cols + col;
    const Focus what = quantity_focus(matrix->shows, i);
    int x = (col - grid->first_col) * grid->columns, y = (row - grid->first_row) * grid->lines;
    double number = 0;
    bool known = matrix_read(matrix, row, col, &number);

    (quantities[matrix->shows].signs ? frame_signed : frame_level)(
        frame, grid->cells, x, y, grid->columns, grid->lines, what, known, number / matrix->scale);
    if (quantity_parameter(matrix->from.trainer, frame->focus) == i && !frame_is_here(frame, what))
        draw_other_focus(frame, grid, matrix, x, y);
}

static void add_spot(Frame *frame, const Grid *grid, const Matrix *matrix, int32_t row, int32_t col)
{
    frame_spot(
        frame, grid->cells, (col - grid->first_col) * grid->columns,
        (row - grid->first_row) * grid->lines, grid->columns, grid->lines,
        quantity_focus(matrix->shows, matrix->tensor->first + row * matrix->tensor->cols + col));
}

/* What the cursor can reach beyond the picture: rows above and below, columns beside. */
static void add_spots_beyond(Frame *frame, const Grid *grid, const Matrix *matrix)
{
    const int end_row = grid->first_row + grid->rows, end_col = grid->first_col + grid->cols;

    for (int32_t row = grid->first_row - BEYOND; row < end_row + BEYOND; row++)
        for (int32_t col = grid->first_col - BEYOND; col < end_col + BEYOND; col++) {
            bool level = row >= grid->first_row && row < end_row;
            bool upright = col >= grid->first_col && col < end_col;
            if (row >= 0 && row < matrix->tensor->rows && col >= 0 && col < matrix->tensor->cols &&
                level != upright)
                add_spot(frame, grid, matrix, row, col);
        }
}

/* Arrows in the corners, where there is more than is seen. */
static void draw_more(const Matrix *matrix, Canvas *canvas, Area area, const Grid *grid)
{
    const int left = label_columns(matrix) - 1, right = left + 1 + grid->cols * grid->columns;
    const int bottom = 1 + (grid->rows - 1) * grid->lines;

    if (grid->first_row > 0)
        canvas_text(canvas, area, left, 1, ROLE_DIM, 0, "↑");
    if (grid->first_row + grid->rows < matrix->tensor->rows)
        canvas_text(canvas, area, left, bottom, ROLE_DIM, 0, "↓");
    if (grid->first_col > 0)
        canvas_text(canvas, area, left, 0, ROLE_DIM, 0, "←");
    if (grid->first_col + grid->cols < matrix->tensor->cols)
        canvas_text(canvas, area, right, 0, ROLE_DIM, 0, "→");
}

int matrix_draw(Frame *frame, Area area, const Matrix *matrix, int32_t row, int32_t col)
{
    if (area.h < 2 || area.w < label_columns(matrix) + 1)
        return 0;
    Grid grid = lay_out(matrix, area, row, col);
    bool here = quantity_parameter(matrix->from.trainer, frame->focus) >= 0;

    draw_row_labels(matrix, frame->canvas, area, &grid, here ? row : -1);
    draw_col_labels(matrix, frame->canvas, area, &grid, here ? col : -1);
    for (int y = 0; y < grid.rows; y++)
        for (int x = 0; x < grid.cols; x++)
            draw_cell(frame, &grid, matrix, grid.first_row + y, grid.first_col + x);
    draw_more(matrix, frame->canvas, area, &grid);
    add_spots_beyond(frame, &grid, matrix);
    return label_columns(matrix) + grid.cols * grid.columns;
}

/* ---- the small one --------------------------------------------------------------------------- */

enum { SAMPLES = 6 }; /* rows and columns of a block that are looked at: a large one is sampled */

static int32_t least(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

/* The strongest number of a block. false: none of those looked at is known, or one is hidden. */
static bool strongest(const Matrix *matrix, int32_t row, int32_t end_row, int32_t col,
                      int32_t end_col, double *most)
{
    const int32_t down = (end_row - row + SAMPLES - 1) / SAMPLES;
    const int32_t across = (end_col - col + SAMPLES - 1) / SAMPLES;
    bool known = false;
    double number;

    *most = 0;
    for (int32_t y = row; y < end_row; y += down)
        for (int32_t x = col; x < end_col; x += across)
            if (matrix_read(matrix, y, x, &number)) {
                known = true;
                *most = fabs(number) > fabs(*most) ? number : *most;
            }
    return known;
}

void matrix_draw_small(Frame *frame, Area area, const Matrix *matrix, bool selected)
{
    const Tensor *tensor = matrix->tensor;
    const int cols = (int)least(tensor->cols, area.w), rows = (int)least(tensor->rows, area.h - 1);
    const bool open = matrix_is_open(matrix);
    const char *dot = strchr(tensor->name, '.');
    const char *name = dot && (int)strlen(tensor->name) > area.w ? dot + 1 : tensor->name;
    const Focus what = {.kind = FOCUS_TENSOR,
                        .index = (int32_t)(tensor - matrix->from.trainer->gpt.tensor)};

    canvas_text(frame->canvas, area, 0, 0, selected ? ROLE_ACCENT : ROLE_DIM,
                selected ? ATTR_BOLD : 0, name);
    frame_spot(frame, area, 0, 0, (int)least((int32_t)strlen(name), area.w), 1, what);
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < cols; x++) {
            double most;
            bool known = strongest(matrix, tensor->rows * y / rows, tensor->rows * (y + 1) / rows,
                                   tensor->cols * x / cols, tensor->cols * (x + 1) / cols, &most);
            if (!open || !known)
                canvas_text(frame->canvas, area, x, y + 1, ROLE_ABSENT, 0, open ? "·" : "?");
            else
                (quantities[matrix->shows].signs ? plot_signed : plot_level)(
                    frame->canvas, area, x, y + 1, 1, most / matrix->scale);
        }
}

const char *matrix_number(double number, char text[24])
{
    text_real(number, FRAME_NUMBER, text, 24);
    return text + strspn(text, " ");
}

int matrix_draw_legend(Canvas *canvas, Area area, int x_end, int y, const Matrix *matrix)
{
    const bool signs = quantities[matrix->shows].signs;
    int (*draw)(Canvas *, Area, int, int, double) = signs ? plot_signed_legend : plot_level_legend;
    int width = draw(canvas, (Area){0}, 0, 0, matrix->scale);

    if (x_end - width < 12 || matrix->all.count == 0)
        return x_end;
    draw(canvas, area, x_end - width, y, matrix->scale);
    return x_end - width;
}
