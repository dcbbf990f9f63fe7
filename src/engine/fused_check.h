/* Whether fused kernels give the bits of libm and of the tape on this machine: tried out before
 * they are first used. */
#ifndef GPTOSCOPE_ENGINE_FUSED_CHECK_H
#define GPTOSCOPE_ENGINE_FUSED_CHECK_H

#include "engine/fused.h"

/* The cheaper powers and exponentials against libm's, at some thousand numbers of those that a
 * run meets. state is of any shape. */
bool fused_check_functions(const FusedKernels *kernels, const void *state);

/* Some steps of a small model against the tape's, with libm alone (plain) or without. false also
 * for want of memory. */
bool fused_check_steps(const FusedKernels *kernels, bool plain);

#endif
