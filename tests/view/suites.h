/* The suites of this folder, one file each: MODULE.c exports MODULE_suite. */
#ifndef TESTS_VIEW_SUITES_H
#define TESTS_VIEW_SUITES_H

#include <check.h>

#define SUITES(ROW) \
    ROW(canvas)     \
    ROW(theme)      \
    ROW(plot)       \
    ROW(export)     \
    ROW(screens)

#define DECLARE(module) Suite *module##_suite(void);
SUITES(DECLARE)
#undef DECLARE

#endif
