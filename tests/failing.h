/* The system's calls for memory and files, made to fail. The linker puts the functions of failing.c
 * in the place of the system's (--wrap); engine/sys is the one object of the program that calls
 * those (tests/thin-layer.sh), so no call is missed. */
#ifndef TESTS_FAILING_H
#define TESTS_FAILING_H

#include <stdbool.h>

typedef enum Fault {
    FAULT_ONCE,        /* call number `at` fails */
    FAULT_FOR_GOOD,    /* it and all after it */
    FAULT_SHORT,       /* none, but reads and writes do a few bytes at a time */
    FAULT_INTERRUPTED, /* none, but every other read, write and flush is interrupted by a signal */
    FAULT_COUNT
} Fault;

typedef struct World {
    bool armed;
    Fault fault;
    long at, calls;
    const char *failed; /* the first function that failed */
    bool memory_spared; /* only files fail */
    bool interrupt;     /* the next call that can be is interrupted */
    long blocks, files; /* that are open now */
    bool
        careless; /* a file was opened so that it may be kept by other programs, rule the terminal or
                      block */
} World;

extern World world;

/* From here on calls are counted, and fail as told. */
void world_arm(Fault fault, long at);
void world_disarm(void);

#endif
