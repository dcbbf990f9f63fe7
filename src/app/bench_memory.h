/* Bench memory: what the layout of numbers in memory, and where they are allocated, cost on the
 * reader's machine. For lessons 7a and 7b: how much is to be measured, never to be believed.
 *
 *     layout    the numbers of a matrix are added up, row by row
 *         boxes   each number in a block of its own, found by a pointer          as in Python
 *         rows    each row in a block of its own, found by a pointer             [][]Value
 *         flat    all in one block, element [i][j] at i * columns + j            []Value
 *     alloc     the values of a graph are made, and given back
 *         each    one allocation a value
 *         arena   one block, from which each takes the next place
 *       and a step's gradients start at 0
 *         fresh   in a new block
 *         zeroed  in the old one, set to 0
 *
 * Times are processor time, the least of several rounds that take turns. */
#ifndef GPTOSCOPE_APP_BENCH_MEMORY_H
#define GPTOSCOPE_APP_BENCH_MEMORY_H

#include "app/answer.h"
#include "app/options.h"

/* Nanoseconds a number by one way and by another. */
typedef struct BenchPair {
    const char *what; /* "a large matrix" */
    const char *slow, *fast;
    double slow_ns, fast_ns;
} BenchPair;

/* Measures "layout" or "alloc", in about a second. Lines, and for each pair the members what, slow,
 * fast, slow_ns, fast_ns and ratio. Errors: no such measurement, memory. */
bool bench_memory(const char *name, Answer *answer, Error *error);

/* The same as modes: print it. */
bool bench_layout(const Options *options, const char *data_path, FILE *stream, Error *error);
bool bench_alloc(const Options *options, const char *data_path, FILE *stream, Error *error);

#endif
