/* The suites of this folder, one file each: MODULE.c exports MODULE_suite. */
#ifndef TESTS_APP_SUITES_H
#define TESTS_APP_SUITES_H

#include <check.h>

#define SUITES(ROW) \
    ROW(asking)     \
    ROW(autosave)   \
    ROW(bench_memory) \
    ROW(branches)   \
    ROW(change)     \
    ROW(edited)     \
    ROW(keep)       \
    ROW(command)    \
    ROW(expr)       \
    ROW(focus)      \
    ROW(findings)   \
    ROW(gradcheck)  \
    ROW(graph)      \
    ROW(graph_block)\
    ROW(graph_element)\
    ROW(graph_layout)\
    ROW(graph_look) \
    ROW(graph_walk) \
    ROW(json)       \
    ROW(keymap)     \
    ROW(knob)       \
    ROW(knobs)      \
    ROW(known)      \
    ROW(look)       \
    ROW(nearest)    \
    ROW(options)    \
    ROW(pool)       \
    ROW(projection) \
    ROW(pace)       \
    ROW(prompt)     \
    ROW(reference)  \
    ROW(script)     \
    ROW(session)    \
    ROW(statistics) \
    ROW(storage)    \
    ROW(sweep)      \
    ROW(text)       \
    ROW(track)      \
    ROW(twin)       \
    ROW(spelling)   \
    ROW(why)        \
    ROW(writing)

#define DECLARE(module) Suite *module##_suite(void);
SUITES(DECLARE)
#undef DECLARE

#endif
