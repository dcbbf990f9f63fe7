/* The reference run, tests/oracle.py, live: the same machine, the same C library, so the same
 * bits. */
#ifndef TESTS_ENGINE_PYTHON_H
#define TESTS_ENGINE_PYTHON_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

typedef struct Python {
    FILE *output;
    pid_t child;
} Python;

/* Starts `python3 -X utf8 ARGUMENTS...`, which end with NULL. Returns false if that cannot be. */
bool python_start(Python *python, const char *const *arguments);

/* Waits for its end. Returns false unless it ended well. */
bool python_finish(Python *python);

/* NULL where python3 can be compared with, else why not: it is missing, older than 3.9, or uses
 * another C library (or another variant of it: valgrind's processor has fewer instructions), whose
 * exp and pow round differently. */
const char *python_unusable(void);

#endif
