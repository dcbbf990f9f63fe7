#include "app/projection.h"

#include "app/symmetric.h"
#include <math.h>

/* ---- principal components -------------------------------------------------------------------- */

/* X'X of the rows less their mean: how the columns spread together. */
static void columns_together(Symmetric *matrix, const double *number, int rows, int cols)
{
    double mean[SYMMETRIC_LIMIT];

    matrix->n = cols;
    for (int j = 0; j < cols; j++) {
        mean[j] = 0;
        for (int i = 0; i < rows; i++)
            mean[j] += number[i * cols + j] / rows;
    }
    for (int j = 0; j < cols; j++)
        for (int k = 0; k <= j; k++) {
            double sum = 0;
            for (int i = 0; i < rows; i++)
                sum += (number[i * cols + j] - mean[j]) * (number[i * cols + k] - mean[k]);
            matrix->entry[j][k] = matrix->entry[k][j] = sum;
        }
}

/* XX' of the same: products of the rows, then each row and column less its mean. */
static void rows_together(Symmetric *matrix, const double *number, int rows, int cols)
{
    double mean[SYMMETRIC_LIMIT] = {0}, all = 0;

    matrix->n = rows;
    for (int i = 0; i < rows; i++)
        for (int k = 0; k < rows; k++) {
            double sum = 0;
            for (int j = 0; j < cols; j++)
                sum += number[i * cols + j] * number[k * cols + j];
            matrix->entry[i][k] = sum;
            mean[i] += sum / rows;
        }
    for (int i = 0; i < rows; i++)
        all += mean[i] / rows;
    for (int i = 0; i < rows; i++)
        for (int k = 0; k < rows; k++)
            matrix->entry[i][k] += all - mean[i] - mean[k];
}

/* The points along direction k of the columns. */
static void project(const Symmetric *matrix, int k, const double *number, int rows, int cols,
                    double *point)
{
    double mean = 0;

    for (int i = 0; i < rows; i++) {
        point[i] = 0;
        for (int j = 0; j < cols; j++)
            point[i] += number[i * cols + j] * matrix->vector[k][j];
        mean += point[i] / rows;
    }
    for (int i = 0; i < rows; i++)
        point[i] -= mean;
}

static void scale(const Symmetric *matrix, int k, double *point)
{
    for (int i = 0; i < matrix->n; i++)
        point[i] = matrix->vector[k][i] * sqrt(fmax(matrix->value[k], 0));
}

static void choose_side(double *point, int rows, const double *side)
{
    double sum = 0;

    for (int i = 0; i < rows; i++)
        sum += point[i] * side[i];
    for (int i = 0; i < rows && sum < 0; i++)
        point[i] = -point[i];
}

static bool all_finite(const double *number, int count)
{
    bool finite = true;

    for (int i = 0; i < count; i++)
        finite = finite && isfinite(number[i]);
    return finite;
}

bool projection_find(Projection *projection, const double *number, int rows, int cols,
                     const double *side)
{
    Symmetric matrix;
    const bool of_columns = cols <= rows;
    double all = 0;

    if (rows > PROJECTION_ROWS || (of_columns ? cols : rows) > SYMMETRIC_LIMIT ||
        (of_columns ? cols : rows) < 2 || !all_finite(number, rows * cols))
        return false;
    (of_columns ? columns_together : rows_together)(&matrix, number, rows, cols);
    symmetric_solve(&matrix);
    projection->rows = rows;
    for (int axis = 0; axis < 2; axis++) {
        double *point = axis == 0 ? projection->x : projection->y;
        if (of_columns)
            project(&matrix, axis, number, rows, cols, point);
        else
            scale(&matrix, axis, point);
        choose_side(point, rows, side);
    }
    for (int i = 0; i < matrix.n; i++)
        all += fmax(matrix.value[i], 0);
    projection->share_x = all > 0 ? fmax(matrix.value[0], 0) / all : 0;
    projection->share_y = all > 0 ? fmax(matrix.value[1], 0) / all : 0;
    return true;
}

/* ---- cosines --------------------------------------------------------------------------------- */

double projection_cosine(const double *a, const double *b, int cols)
{
    double ab = 0, aa = 0, bb = 0;

    for (int j = 0; j < cols; j++) {
        ab += a[j] * b[j];
        aa += a[j] * a[j];
        bb += b[j] * b[j];
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}

void projection_neighbours(const double *number, int rows, int cols, int of, int *order,
                           double *cosine)
{
    int count = 0;

    for (int row = 0; row < rows; row++) {
        double similar = projection_cosine(number + row * cols, number + of * cols, cols);
        int at = count;
        if (row == of)
            continue;
        for (; at > 0 && cosine[at - 1] < similar; at--) {
            cosine[at] = cosine[at - 1];
            order[at] = order[at - 1];
        }
        cosine[at] = similar;
        order[at] = row;
        count++;
    }
}
