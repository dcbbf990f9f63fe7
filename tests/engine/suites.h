/* The suites of this folder, one file each: MODULE.c exports MODULE_suite. */
#ifndef TESTS_ENGINE_SUITES_H
#define TESTS_ENGINE_SUITES_H

#include <check.h>

#define SUITES(ROW)  \
    ROW(rng)         \
    ROW(corpus)      \
    ROW(settings)    \
    ROW(place)       \
    ROW(tape)        \
    ROW(tangent)     \
    ROW(gpt)         \
    ROW(gpt_layout)  \
    ROW(basis)       \
    ROW(bigram)      \
    ROW(adam)        \
    ROW(trainer)     \
    ROW(fused)       \
    ROW(history)     \
    ROW(heldout)     \
    ROW(course)      \
    ROW(diverged)    \
    ROW(change)      \
    ROW(revise)      \
    ROW(sampler)     \
    ROW(gaze)        \
    ROW(oracle)      \
    ROW(sys)         \
    ROW(tally)       \
    ROW(safetensors) \
    ROW(checkpoint)

#define DECLARE(module) Suite *module##_suite(void);
SUITES(DECLARE)
#undef DECLARE

#endif
