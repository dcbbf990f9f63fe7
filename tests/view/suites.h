/* The suites of this folder, one file each: MODULE.c exports MODULE_suite. */
#ifndef TESTS_VIEW_SUITES_H
#define TESTS_VIEW_SUITES_H

#include <check.h>

#define SUITES(ROW)     \
    ROW(bench_views)    \
    ROW(canvas)         \
    ROW(command_line)   \
    ROW(compare_pane)   \
    ROW(export)         \
    ROW(hostile)        \
    ROW(knobs_pane)     \
    ROW(lesson_pane)    \
    ROW(loss_sweep)     \
    ROW(plot)           \
    ROW(screens)        \
    ROW(show)           \
    ROW(theme)          \
    ROW(view_attention) \
    ROW(view_generate)  \
    ROW(view_data)      \
    ROW(view_loss)      \
    ROW(view_memory)    \
    ROW(view_adam)      \
    ROW(view_graph)     \
    ROW(view_parameters)

#define DECLARE(module) Suite *module##_suite(void);
SUITES(DECLARE)
#undef DECLARE

#endif
