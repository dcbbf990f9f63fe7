/* Tangent: the slope of one node by another, found in two ways that know nothing of
 * backpropagation. They check it.
 *
 *     backpropagation   from the root to all inputs:   grad[input] += slope grad[node]
 *     tangent           from one seed to the root:     tangent[node] = sum of slope tangent[input]
 *     difference        no slopes at all:              (root(x + h) - root(x - h)) / 2h
 *
 * The first two multiply and add the same local slopes along the same paths, in another order: they
 * agree but for rounding. The third uses nothing but the forward pass. Its error has two parts:
 * what a straight line misses of a curve, about h^2, and rounding of the root's value, about
 * 1e-16 / h; so there is a best h in between. Source: Nocedal and Wright, "Numerical Optimization",
 * 2006, chapter 8.
 *
 * Values up to the root must be computed. What is written goes to `scratch`, room for root + 1
 * numbers that the caller gives; tape and values stay as they are, nothing is allocated. */
#ifndef GPTOSCOPE_ENGINE_TANGENT_H
#define GPTOSCOPE_ENGINE_TANGENT_H

#include "engine/tape.h"

/* d root / d seed; scratch then holds d node / d seed for every node up to the root. */
double tangent_push(const Tape *tape, const double *value, int32_t seed, int32_t root,
                    double *scratch);

/* The same for many seeds in one walk, each in a lane of its own: scratch[root].d[lane] is
 * d root / d seed[lane]. No seed may come after the root. */
enum { TANGENT_LANES = 8 };

typedef struct TangentLanes {
    double d[TANGENT_LANES];
} TangentLanes;

void tangent_push_lanes(const Tape *tape, const double *value, const int32_t seed[TANGENT_LANES],
                        int32_t root, TangentLanes *scratch);

/* The root's value with x in the place of the node's: what comes after it is run again, in
 * scratch. */
double tangent_probe(const Tape *tape, const double *value, int32_t node, double x, int32_t root,
                     double *scratch);

/* (root(x + h) - root(x - h)) / 2h, where x is the node's value. */
double tangent_difference(const Tape *tape, const double *value, int32_t node, int32_t root,
                          double h, double *scratch);

#endif
