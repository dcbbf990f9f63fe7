/* Bench of whole runs in the background: one worker beside as many as there are cores. */
#include "app/bench.h"

#include "app/pool.h"
#include "engine/course.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 5, RUNS_A_WORKER = 4 };

typedef struct Batch {
    Corpus corpus;
    Fused tried; /* one trial of the kernels for all */
    int runs, workers;
    Course *course; /* [2 runs]: of one worker, then of all; owned */
    double seconds[2][ROUNDS];
} Batch;

static void run_course(void *course)
{
    course_run(course);
}

static bool open_batch(Batch *batch, const Options *options, const char *data_path, Error *error)
{
    *batch = (Batch){.workers = pool_cores()};
    batch->runs = RUNS_A_WORKER * batch->workers;
    batch->course = sys_alloc(2 * (size_t)batch->runs, sizeof *batch->course);
    if (!batch->course)
        return error_set(error, "out of memory");
    if (!corpus_read(&batch->corpus, data_path, error) ||
        !fused_init(&batch->tried, fused_find(FUSED_FLOAT64, NULL), &options->settings,
                    corpus_vocab(&batch->corpus), error))
        return false;
    fused_ready(&batch->tried);
    return true;
}

static void close_courses(Batch *batch)
{
    for (int i = 0; i < 2 * batch->runs; i++)
        course_release(&batch->course[i]);
}

static void close_batch(Batch *batch)
{
    if (batch->course)
        close_courses(batch);
    sys_free(batch->course);
    fused_release(&batch->tried);
    corpus_release(&batch->corpus);
}

/* Seconds that all the runs take with so many workers. */
static bool time_runs(Batch *batch, const Settings *settings, Course *course, int workers,
                      double *seconds, Error *error)
{
    CoursePlan plan = {.settings = *settings, .documents = &batch->corpus, .tried = &batch->tried};
    Pool pool;
    bool started = true;

    for (int i = 0; i < batch->runs; i++, plan.settings.seed++)
        if (!course_init(&course[i], &plan, error))
            return false;
    pool_init(&pool, workers);
    const double start = sys_seconds();
    for (int i = 0; i < batch->runs && started; i++)
        started = pool_add(&pool, run_course, &course[i], error);
    while (started && !pool_wait(&pool, 60))
        continue;
    *seconds = sys_seconds() - start;
    pool_release(&pool);
    return started;
}

/* What comes of the runs must not depend on how many ran side by side. */
static bool same_bits(const Batch *batch, Error *error)
{
    for (int i = 0; i < batch->runs; i++) {
        const Course *one = &batch->course[i], *other = &batch->course[batch->runs + i];
        if (one->state != COURSE_DONE)
            return error_set(error, "%s", one->error.text);
        if (memcmp(one->value, other->value, (size_t)one->params * sizeof *one->value) != 0)
            return error_set(error, "run %d is another one beside others: this is a bug", i + 1);
    }
    return true;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void print(const Options *options, Batch *batch, FILE *stream)
{
    double rate[2];

    for (int i = 0; i < 2; i++) {
        qsort(batch->seconds[i], ROUNDS, sizeof **batch->seconds, compare);
        rate[i] = batch->runs / batch->seconds[i][ROUNDS / 2];
    }
    if (options->json)
        fprintf(stream,
                "{\"bench\":\"sweep\",\"unit\":\"runs/s\",\"steps\":%lld,\"one\":%.17g,\"workers\":"
                "%d,\"all\":%.17g,\"ratio\":%.17g}\n",
                (long long)options->settings.steps, rate[0], batch->workers, rate[1],
                rate[1] / rate[0]);
    else
        fprintf(stream,
                _("sweep: %.1f runs of %lld steps a second with 1 worker, %.1f with %d: %.2f times "
                  "as many, the same bits\n"),
                rate[0], (long long)options->settings.steps, rate[1], batch->workers,
                rate[1] / rate[0]);
}

bool bench_sweep(const Options *options, const char *data_path, FILE *stream, Error *error)
{
    Batch batch;
    bool done = open_batch(&batch, options, data_path, error);

    for (int round = 0; round < ROUNDS && done; round++) {
        done = time_runs(&batch, &options->settings, batch.course, 1, &batch.seconds[0][round],
                         error) &&
               time_runs(&batch, &options->settings, batch.course + batch.runs, batch.workers,
                         &batch.seconds[1][round], error) &&
               same_bits(&batch, error);
        close_courses(&batch);
    }
    if (done)
        print(options, &batch, stream);
    close_batch(&batch);
    return done;
}
