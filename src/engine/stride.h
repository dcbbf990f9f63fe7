/* Stride: how far one step of the reader goes, forwards and backwards, from wherever one stands.
 *
 *     operation   one node computed, one node visited, one parameter updated
 *     block       to the next place: pos3.layer0.attn.q, then .k, ...; in the update, to the next tensor
 *     position    to the next position of the document, on the way up or down
 *     phase       forward, backward, update
 *     step        a whole update; and 10, and 100 of them */
#ifndef GPTOSCOPE_ENGINE_STRIDE_H
#define GPTOSCOPE_ENGINE_STRIDE_H

#include "engine/trainer.h"

typedef enum Unit {
    UNIT_OPERATION,
    UNIT_BLOCK,
    UNIT_POSITION,
    UNIT_PHASE,
    UNIT_STEP,
    UNIT_10_STEPS,
    UNIT_100_STEPS,
    UNIT_COUNT
} Unit;

typedef struct UnitInfo {
    const char *name;   /* "operation", "10 steps" */
    int64_t steps;      /* whole steps in it; 0: less than one */
    double per_second;  /* how many a reader can follow */
} UnitInfo;

extern const UnitInfo stride_units[UNIT_COUNT];

/* The unit of that name ("10" and "100" are enough for those), or UNIT_COUNT. */
Unit stride_find(const char *name);

/* The moment one unit after or before the trainer's; at either end of the run, that end. */
Moment stride_forward(const Trainer *trainer, Unit unit);
Moment stride_back(const Trainer *trainer, Unit unit);

/* The node that the next operation computes or visits, or the parameter that it updates; -1 between
 * two steps. */
int32_t stride_next_node(const Trainer *trainer);

/* How many visits the backward pass of the document on the tape makes before the first at a place;
 * -1: it makes none. */
int64_t stride_visits_before(const Trainer *trainer, Place place);

#endif
