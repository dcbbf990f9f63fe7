/* The suites of this folder, one file each: MODULE.c exports MODULE_suite. */
#ifndef TESTS_TERM_SUITES_H
#define TESTS_TERM_SUITES_H

#include <check.h>

/* In the last row, which is drawn last: where it stands, a frame is whole. */
#define FRAME_MARK "Space"

#define SUITES(ROW) \
    ROW(keys)       \
    ROW(kind)       \
    ROW(terminal)   \
    ROW(signals)    \
    ROW(resume)     \
    ROW(storm)      \
    ROW(loop)

#define DECLARE(module) Suite *module##_suite(void);
SUITES(DECLARE)
#undef DECLARE

#endif
