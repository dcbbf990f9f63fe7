/* The suites of this folder, one file each: MODULE.c exports MODULE_suite. */
#ifndef TESTS_LESSON_SUITES_H
#define TESTS_LESSON_SUITES_H

#include <check.h>

#define SUITES(ROW)  \
    ROW(claim)       \
    ROW(contents)    \
    ROW(datum)       \
    ROW(grade)       \
    ROW(hidden)      \
    ROW(hostile)     \
    ROW(lesson)      \
    ROW(lesson_keys) \
    ROW(lesson_run)  \
    ROW(lint)        \
    ROW(markdown)    \
    ROW(plain)       \
    ROW(progress)    \
    ROW(scene)

#define DECLARE(module) Suite *module##_suite(void);
SUITES(DECLARE)
#undef DECLARE

#endif
