/* Projection: the rows of a matrix as points of a plane, seen from where they spread most:
 * principal component analysis.
 *
 *     X = rows - their mean                                     [rows][cols]
 *     X'X u = lambda u, for the two largest lambda              the directions
 *     point of a row = (X u1, X u2)
 *
 * Where rows are fewer than columns, XX' w = lambda w gives the same points, w sqrt(lambda), from a
 * smaller matrix. A direction is as good as its opposite: taken is the one towards the rows that
 * the caller names, so that a picture is a function of the numbers alone and does not turn over
 * from step to step. */
#ifndef GPTOSCOPE_APP_PROJECTION_H
#define GPTOSCOPE_APP_PROJECTION_H

#include <stdbool.h>
#include <stdint.h>

enum { PROJECTION_ROWS = 512 };

typedef struct Projection {
    int rows;
    double x[PROJECTION_ROWS], y[PROJECTION_ROWS];
    double share_x, share_y; /* of the spread of all directions, 0..1 */
} Projection;

/* The points of rows x cols numbers, row by row; on both axes the sum of point x side[row] is
 * positive. false: there are too many rows, or rows and columns (SYMMETRIC_LIMIT), or fewer than
 * two, or the numbers are no finite ones. */
bool projection_find(Projection *projection, const double *number, int rows, int cols,
                     const double *side);

/* The cosine of the angle between two vectors: 1 the same direction, 0 at right angles, -1
 * opposite; 0 where one of them is 0. */
double projection_cosine(const double *a, const double *b, int cols);

/* The other rows by their cosine with row `of`, the most similar first: order has rows - 1
 * places. */
void projection_neighbours(const double *number, int rows, int cols, int of, int *order,
                           double *cosine);

#endif
