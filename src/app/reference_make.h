/* Making references: for reference.c, which follows indices, and reference_path.c, which follows
 * names. */
#ifndef GPTOSCOPE_APP_REFERENCE_MAKE_H
#define GPTOSCOPE_APP_REFERENCE_MAKE_H

#include "app/reference.h"

/* A node (dims 0) or a vector (dims 1). */
void reference_make_range(Reference *reference, int dims, TapeRange range);

void reference_make_tensor(Reference *reference, const Tensor *tensor);

/* The results of a place's part at every position: a vector (dims 1) where each has one, else a
 * matrix. */
void reference_make_positions(const Scope *scope, Reference *reference, Place place, int dims);

#endif
