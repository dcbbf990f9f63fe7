/* Pool: work that runs beside the screen, on as many threads as there are cores.
 *
 *     pool_add(job) --> | job | job | job |  --> worker --> done
 *                        first in, first out --> worker
 *
 * A job is a function and what it is given; it must touch nothing that another thread writes. What
 * comes of jobs does not depend on how many workers there are, only when it comes does. Threads are
 * started by the first job, and sleep while there is none. Signals are blocked in them: those are
 * for the main thread.
 *
 * A pool belongs to the thread and the process that made it. In a child of a fork there are no
 * workers: there, pool_release only gives its memory back. */
#ifndef GPTOSCOPE_APP_POOL_H
#define GPTOSCOPE_APP_POOL_H

#include "engine/error.h"

enum { POOL_WORKERS = 64 };

typedef void PoolWork(void *job);

typedef struct PoolState PoolState; /* pool.c: what the workers share */

typedef struct Pool {
    PoolState *state; /* NULL: no job yet; owned */
    int workers;
} Pool;

/* workers: at most so many threads; 0: one a core. Nothing is started yet. */
void pool_init(Pool *pool, int workers);

/* Errors: no memory, no thread. */
bool pool_add(Pool *pool, PoolWork *work, void *job, Error *error);

/* Jobs that wait or run. */
int pool_unfinished(Pool *pool);

/* Waits until none is left, at most so many seconds; whether none is. */
bool pool_wait(Pool *pool, double seconds);

/* Drops the jobs that wait. Those that run go on. */
void pool_drop(Pool *pool);

/* Drops the jobs that wait, waits for those that run, ends the threads. It may be used again. */
void pool_release(Pool *pool);

/* Cores that a program may use here. */
int pool_cores(void);

#endif
