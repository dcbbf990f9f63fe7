/* The suites of this folder, one file each: MODULE.c exports MODULE_suite. */
#ifndef TESTS_APP_SUITES_H
#define TESTS_APP_SUITES_H

#include <check.h>

#define SUITES(ROW) \
    ROW(text)       \
    ROW(reference)  \
    ROW(expr)       \
    ROW(gradcheck)

#define DECLARE(module) Suite *module##_suite(void);
SUITES(DECLARE)
#undef DECLARE

#endif
