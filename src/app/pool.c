#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "app/pool.h"

#include "engine/sys.h"
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* What a wait is timed by: where it can be chosen, the clock that nobody sets. */
#ifdef HAVE_PTHREAD_CONDATTR_SETCLOCK
#define WAIT_CLOCK CLOCK_MONOTONIC
#else
#define WAIT_CLOCK CLOCK_REALTIME
#endif

/* The same on every system; the kernels keep their numbers elsewhere. */
enum { STACK_BYTES = 4 << 20 };

typedef struct PoolJob {
    PoolWork *work;
    void *job;
} PoolJob;

struct PoolState {
    pthread_mutex_t mutex; /* of all that follows, but thread, threads and owner */
    pthread_cond_t wake;   /* there is a job, or it ends */
    pthread_cond_t rest;   /* a job is done */
    PoolJob *waiting;      /* [room] a ring; owned */
    size_t first, count, room;
    int running;
    bool ending;
    pthread_t thread[POOL_WORKERS];
    int threads;
    pid_t owner;
};

int pool_cores(void)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);

    return cores < 1 ? 1 : cores > POOL_WORKERS ? POOL_WORKERS : (int)cores;
}

void pool_init(Pool *pool, int workers)
{
    if (workers <= 0)
        workers = pool_cores();
    *pool = (Pool){.workers = workers < POOL_WORKERS ? workers : POOL_WORKERS};
}

/* ---- workers --------------------------------------------------------------------------------- */

static void *work(void *context)
{
    PoolState *state = context;

    pthread_mutex_lock(&state->mutex);
    for (;;) {
        while (state->count == 0 && !state->ending)
            pthread_cond_wait(&state->wake, &state->mutex);
        if (state->ending)
            break;
        const PoolJob next = state->waiting[state->first];
        state->first = (state->first + 1) % state->room;
        state->count--;
        state->running++;
        pthread_mutex_unlock(&state->mutex);
        next.work(next.job);
        pthread_mutex_lock(&state->mutex);
        state->running--;
        pthread_cond_broadcast(&state->rest);
    }
    pthread_mutex_unlock(&state->mutex);
    return NULL;
}

/* With all signals blocked, so that the terminal's are handled where the screen is. */
static bool start_thread(PoolState *state)
{
    pthread_attr_t attributes;
    sigset_t all, before;

    if (pthread_attr_init(&attributes) != 0)
        return false;
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int failed = pthread_create(&state->thread[state->threads], &attributes, work, state);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    state->threads += failed == 0;
    return failed == 0;
}

/* One of them is enough for everything to be done. */
static bool start(Pool *pool, Error *error)
{
    PoolState *state = sys_alloc(1, sizeof *state);
    pthread_condattr_t attributes;

    if (!state)
        return error_set(error, "out of memory for work in the background");
    state->owner = getpid();
    pthread_mutex_init(&state->mutex, NULL);
    pthread_condattr_init(&attributes);
#ifdef HAVE_PTHREAD_CONDATTR_SETCLOCK
    pthread_condattr_setclock(&attributes, WAIT_CLOCK);
#endif
    pthread_cond_init(&state->wake, NULL);
    pthread_cond_init(&state->rest, &attributes);
    pthread_condattr_destroy(&attributes);
    pool->state = state;
    while (state->threads < pool->workers && start_thread(state))
        continue;
    if (state->threads > 0)
        return true;
    pool_release(pool);
    return error_set(error, "the system gives no thread for work in the background");
}

/* ---- jobs ------------------------------------------------------------------------------------ */

static bool make_room(PoolState *state)
{
    const size_t room = state->room ? 2 * state->room : 64;
    PoolJob *more = sys_alloc(room, sizeof *more);

    if (!more)
        return false;
    for (size_t i = 0; i < state->count; i++)
        more[i] = state->waiting[(state->first + i) % state->room];
    sys_free(state->waiting);
    state->waiting = more;
    state->first = 0;
    state->room = room;
    return true;
}

bool pool_add(Pool *pool, PoolWork *work_of, void *job, Error *error)
{
    if (!pool->state && !start(pool, error))
        return false;
    PoolState *state = pool->state;
    pthread_mutex_lock(&state->mutex);
    const bool fits = state->count < state->room || make_room(state);
    if (fits) {
        state->waiting[(state->first + state->count) % state->room] = (PoolJob){work_of, job};
        state->count++;
        pthread_cond_signal(&state->wake);
    }
    pthread_mutex_unlock(&state->mutex);
    return fits || error_set(error, "out of memory for work in the background");
}

int pool_unfinished(Pool *pool)
{
    PoolState *state = pool->state;

    if (!state)
        return 0;
    pthread_mutex_lock(&state->mutex);
    const int unfinished = (int)state->count + state->running;
    pthread_mutex_unlock(&state->mutex);
    return unfinished;
}

static struct timespec after(double seconds)
{
    const double most = 3600;
    struct timespec at;

    clock_gettime(WAIT_CLOCK, &at);
    seconds = seconds < 0 ? 0 : seconds > most ? most : seconds;
    const int64_t nanoseconds = at.tv_nsec + (int64_t)(seconds * 1e9);
    at.tv_sec += (time_t)(nanoseconds / 1000000000);
    at.tv_nsec = (long)(nanoseconds % 1000000000);
    return at;
}

bool pool_wait(Pool *pool, double seconds)
{
    PoolState *state = pool->state;
    const struct timespec until = after(seconds);

    if (!state)
        return true;
    pthread_mutex_lock(&state->mutex);
    int timed_out = 0;
    while (timed_out == 0 && state->count + (size_t)state->running > 0)
        timed_out = pthread_cond_timedwait(&state->rest, &state->mutex, &until);
    const bool finished = state->count + (size_t)state->running == 0;
    pthread_mutex_unlock(&state->mutex);
    return finished;
}

void pool_drop(Pool *pool)
{
    PoolState *state = pool->state;

    if (!state)
        return;
    pthread_mutex_lock(&state->mutex);
    state->count = 0;
    pthread_cond_broadcast(&state->rest);
    pthread_mutex_unlock(&state->mutex);
}

static void end_threads(PoolState *state)
{
    pthread_mutex_lock(&state->mutex);
    state->ending = true;
    state->count = 0;
    pthread_cond_broadcast(&state->wake);
    pthread_mutex_unlock(&state->mutex);
    for (int i = 0; i < state->threads; i++)
        pthread_join(state->thread[i], NULL);
    pthread_cond_destroy(&state->wake);
    pthread_cond_destroy(&state->rest);
    pthread_mutex_destroy(&state->mutex);
}

void pool_release(Pool *pool)
{
    PoolState *state = pool->state;

    if (state && state->owner == getpid())
        end_threads(state);
    if (state)
        sys_free(state->waiting);
    sys_free(state);
    pool->state = NULL;
}
