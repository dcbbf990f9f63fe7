#include "engine/tangent.h"

#include <assert.h>
#include <string.h>

double tangent_push(const Tape *tape, const double *value, int32_t seed, int32_t root,
                    double *scratch)
{
    assert(0 <= seed && seed < tape->count && root < tape->count);
    memset(scratch, 0, (size_t)(root + 1) * sizeof *scratch);
    if (seed > root)
        return 0;
    scratch[seed] = 1;
    for (int32_t i = seed + 1; i <= root; i++)
        for (int k = 0; k < tape_ops[tape->node[i].op].inputs; k++) {
            double tangent = scratch[tape_input(tape, i, k)];
            if (tangent != 0) /* most nodes have nothing to do with the seed */
                scratch[i] += tape_slope(tape, value, i, k) * tangent;
        }
    return scratch[root];
}

void tangent_push_lanes(const Tape *tape, const double *value, const int32_t seed[TANGENT_LANES],
                        int32_t root, TangentLanes *scratch)
{
    memset(scratch, 0, (size_t)(root + 1) * sizeof *scratch);
    for (int lane = 0; lane < TANGENT_LANES; lane++) {
        assert(0 <= seed[lane] && seed[lane] <= root);
        scratch[seed[lane]].d[lane] = 1;
    }
    for (int32_t i = tape->params; i <= root; i++)
        for (int k = 0; k < tape_ops[tape->node[i].op].inputs; k++) {
            const double *tangent = scratch[tape_input(tape, i, k)].d;
            double slope = tape_slope(tape, value, i, k);
            for (int lane = 0; lane < TANGENT_LANES; lane++)
                scratch[i].d[lane] += slope * tangent[lane];
        }
}

/* A repeated number is one of its own to the chain rule: it stays when the first is changed. */
static bool stays(const Tape *tape, int32_t i, int32_t changed)
{
    return tape->node[i].op == OP_REPEAT && tape->node[i].a == changed;
}

double tangent_probe(const Tape *tape, const double *value, int32_t node, double x, int32_t root,
                     double *scratch)
{
    assert(0 <= node && node < tape->count && root < tape->count);
    memcpy(scratch, value, (size_t)(root + 1) * sizeof *scratch);
    if (node > root)
        return scratch[root];
    scratch[node] = x;
    for (int32_t from = node + 1, to = from; from <= root; from = ++to) {
        while (to <= root && !stays(tape, to, node))
            to++;
        tape_forward(tape, scratch, from, to);
    }
    return scratch[root];
}

double tangent_difference(const Tape *tape, const double *value, int32_t node, int32_t root,
                          double h, double *scratch)
{
    double above = tangent_probe(tape, value, node, value[node] + h, root, scratch);
    double below = tangent_probe(tape, value, node, value[node] - h, root, scratch);

    return (above - below) / (2 * h);
}
