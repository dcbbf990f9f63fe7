/* Basis: what the numbers of the document on the tape were computed from.
 *
 *     step 412   forward ......... backward ......... update 0 . . . i . . . |   step 413
 *                parameters as the step began         the new ones take their places
 *
 * A node's value and its slopes come from the parameters as the step began, and the update writes
 * over these, one by one: who explains or checks a number needs those that were there. They are in
 * history->start, with m and v; what the reader changed by hand since then comes on top. */
#ifndef GPTOSCOPE_ENGINE_BASIS_H
#define GPTOSCOPE_ENGINE_BASIS_H

#include "engine/history.h"

/* Updates have begun: parameters in the trainer may be newer than those of the document. */
bool basis_is_overwritten(const Trainer *trainer);

/* The step on the tape has updated parameter i. */
bool basis_is_updated(const Trainer *trainer, int32_t i);

/* The parameters that the document on the tape is computed with: value[0 .. params-1]. */
void basis_params(const History *history, double *value);

/* The number that the update of parameter i, which is done, began from. */
double basis_before_update(const History *history, int32_t i);

/* m and v of parameter i as its update in the step on the tape finds them. */
double basis_m(const History *history, int32_t i);
double basis_v(const History *history, int32_t i);

/* The gradient that parameter i had then: what the backward pass begins with where zero_grad is
 * off. */
double basis_carried(const History *history, int32_t i);

/* The settings that hold at a moment of the line up to now. */
Settings basis_settings(const History *history, Moment at);

/* The latest change of this number by hand: of a parameter at any time, of a node since its
 * document is on the tape. NULL: there is none. */
const Event *basis_change(const History *history, EventKind kind, int32_t index);

#endif
