/* Matrix: one quantity of all parameters of a tensor as a heatmap, with names on rows and columns
 * where they mean something.
 *
 *          0  1  2  3            numbers of a vector; or heads, where they are joined
 *      ⟨  ██ ░░ ▒▒ ──            rows: tokens, positions, heads, hidden neurons
 *      a  ░░ ══ ▓▓ ▒▒
 *
 * Where not all rows and columns fit, those around the cursor are shown. */
#ifndef GPTOSCOPE_VIEW_MATRIX_H
#define GPTOSCOPE_VIEW_MATRIX_H

#include "app/quantity.h"
#include "app/statistics.h"
#include "view/frame.h"

/* What the rows or columns of a tensor stand for. */
typedef enum MatrixAxis {
    AXIS_NUMBERS, /* of the vectors between the blocks */
    AXIS_TOKENS,
    AXIS_POSITIONS,
    AXIS_HEADS,  /* head_dim numbers each */
    AXIS_NEURONS /* hidden ones, of the MLP */
} MatrixAxis;

typedef struct MatrixKind {
    const char *words; /* what it does: "what each token is turned into" */
    MatrixAxis rows, cols;
} MatrixKind;

extern const char *const matrix_axes[]; /* "token", ... of one row or column */

const MatrixKind *matrix_kind(const Gpt *gpt, const Tensor *tensor);

/* The name of a row as a reader would say it: "e", "⟨", "position 3", "head 2, 1". */
void matrix_row_name(const App *app, const Tensor *tensor, int32_t row, char text[40]);

/* A quantity of a tensor at the moment. */
typedef struct Matrix {
    const App *app;
    const Tensor *tensor;
    Quantity shows;
    Quantities from;
    Statistics all; /* of what is known of it */
    double scale;   /* the number that is drawn as the strongest */
    bool among;     /* other quantities of the tensor are drawn beside it */
} Matrix;

Matrix matrix_of(const App *app, const Tensor *tensor, Quantity shows);

bool matrix_read(const Matrix *matrix, int32_t row, int32_t col, double *number);

/* Whether all of it may be summed up: nothing that it is made of is hidden. */
bool matrix_is_open(const Matrix *matrix);

/* The heatmap around a row and column, as large as fits. Returns the columns used. */
int matrix_draw(Frame *frame, Area area, const Matrix *matrix, int32_t row, int32_t col);

/* The whole of it in a few cells, each for a block of numbers: the strongest of them; its name
 * above. */
void matrix_draw_small(Frame *frame, Area area, const Matrix *matrix, bool selected);

/* Three significant digits, without blanks before them. Returns a part of text. */
const char *matrix_number(double number, char text[24]);

/* The colours and what they stand for, ending before column x_end, where there is room for them.
 * Returns where they begin. */
int matrix_draw_legend(Canvas *canvas, Area area, int x_end, int y, const Matrix *matrix);

#endif
