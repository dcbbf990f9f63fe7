/* What the reference run, tests/oracle.py, prints, and the engine beside it. */
#ifndef TESTS_ENGINE_REFERENCE_H
#define TESTS_ENGINE_REFERENCE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* One line of tests/golden/settings.txt. */
typedef struct ReferenceRun {
    char name[32], data[32], options[256];
} ReferenceRun;

/* Runs the engine with the same settings on the same documents, and fails unless all that the
 * output holds, at least so many steps, is the same: structure and texts exactly; numbers to the
 * last bit if the output is live, that is, made just now on this machine, else nearly: the C
 * library's exp and pow round differently from machine to machine. */
void reference_compare(const ReferenceRun *of, bool live, FILE *output, int64_t steps);

#endif
