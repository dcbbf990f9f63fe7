#include "app/symmetric.h"

#include <math.h>

/* The sum of squares beside the diagonal, and on it. */
static void weigh(const Symmetric *matrix, double *beside, double *on)
{
    *beside = *on = 0;
    for (int i = 0; i < matrix->n; i++) {
        *on += matrix->entry[i][i] * matrix->entry[i][i];
        for (int j = 0; j < i; j++)
            *beside += 2 * matrix->entry[i][j] * matrix->entry[i][j];
    }
}

/* Turns two numbers by the angle whose cosine and sine are c and s. */
static void turn(double *a, double *b, double c, double s)
{
    double x = *a, y = *b;

    *a = c * x - s * y;
    *b = s * x + c * y;
}

/* Makes entry [p][q] 0 by the smaller of the two rotations that do. */
static void rotate(Symmetric *matrix, int p, int q)
{
    double(*entry)[SYMMETRIC_LIMIT] = matrix->entry;

    if (entry[p][q] == 0)
        return;
    double theta = (entry[q][q] - entry[p][p]) / (2 * entry[p][q]);
    double t = (theta < 0 ? -1 : 1) / (fabs(theta) + sqrt(theta * theta + 1));
    double c = 1 / sqrt(t * t + 1), s = t * c;

    for (int k = 0; k < matrix->n; k++)
        turn(&entry[k][p], &entry[k][q], c, s);
    for (int k = 0; k < matrix->n; k++) {
        turn(&entry[p][k], &entry[q][k], c, s);
        turn(&matrix->vector[p][k], &matrix->vector[q][k], c, s);
    }
    entry[p][q] = entry[q][p] = 0;
}

static void exchange(Symmetric *matrix, int i, int k)
{
    double value = matrix->value[i];

    matrix->value[i] = matrix->value[k];
    matrix->value[k] = value;
    for (int j = 0; j < matrix->n; j++) {
        double entry = matrix->vector[i][j];
        matrix->vector[i][j] = matrix->vector[k][j];
        matrix->vector[k][j] = entry;
    }
}

static void sort(Symmetric *matrix)
{
    for (int i = 0; i < matrix->n; i++) {
        int largest = i;
        for (int k = i + 1; k < matrix->n; k++)
            if (matrix->value[k] > matrix->value[largest])
                largest = k;
        exchange(matrix, i, largest);
    }
}

void symmetric_solve(Symmetric *matrix)
{
    enum { SWEEPS = 30 }; /* a handful is enough; the bound is for numbers that are none */
    double beside, on;

    for (int i = 0; i < matrix->n; i++)
        for (int j = 0; j < matrix->n; j++)
            matrix->vector[i][j] = i == j;
    weigh(matrix, &beside, &on);
    for (int sweep = 0; sweep < SWEEPS && beside > on * 1e-28; sweep++) {
        for (int p = 0; p < matrix->n; p++)
            for (int q = p + 1; q < matrix->n; q++)
                rotate(matrix, p, q);
        weigh(matrix, &beside, &on);
    }
    for (int i = 0; i < matrix->n; i++)
        matrix->value[i] = matrix->entry[i][i];
    sort(matrix);
}
