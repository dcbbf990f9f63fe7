/* Symmetric: eigenvalues and eigenvectors of a small symmetric matrix.
 *
 *     A v = lambda v, with A [n][n] and A[i][j] = A[j][i]
 *
 * By Jacobi's rotations: each makes one number beside the diagonal 0, and what is left beside it
 * shrinks until it is nothing. Slow for large matrices, and exact and simple for small ones.
 * Source: Golub and Van Loan, "Matrix Computations", 4th edition, section 8.5. */
#ifndef GPTOSCOPE_APP_SYMMETRIC_H
#define GPTOSCOPE_APP_SYMMETRIC_H

enum { SYMMETRIC_LIMIT = 64 };

typedef struct Symmetric {
    int n;
    double entry[SYMMETRIC_LIMIT][SYMMETRIC_LIMIT];  /* the matrix; afterwards nothing of use */
    double vector[SYMMETRIC_LIMIT][SYMMETRIC_LIMIT]; /* vector[k] is of value[k], of length 1 */
    double value[SYMMETRIC_LIMIT];                   /* falling */
} Symmetric;

/* n and entry are given, vector and value are found. Of a vector, which of its two signs is
 * open. */
void symmetric_solve(Symmetric *matrix);

#endif
