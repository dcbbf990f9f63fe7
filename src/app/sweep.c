#include "app/sweep.h"

#include "engine/gpt.h"
#include "engine/sys.h"
#include <stdio.h>
#include <string.h>

/* ---- beginning ------------------------------------------------------------------------------- */

static SweepRun *run_of(const Sweep *sweep, int row, int seed)
{
    return &sweep->run[row * sweep->plan.seeds + seed];
}

static void run_course(void *course)
{
    course_run(course);
}

bool sweep_settings(const SweepPlan *plan, int row, Settings *settings, Error *error)
{
    const char *at = plan->value[row];
    char part[SWEEP_VALUE_BYTES];

    *settings = plan->settings;
    for (int i = 0; i < plan->settings_swept; i++) {
        const size_t length = strcspn(at, ",");
        snprintf(part, sizeof part, "%.*s", (int)length, at);
        if (!settings_parse(settings, plan->info[i], part, error))
            return false;
        at += length + (at[length] == ',');
    }
    return *at == '\0' ||
           error_set(error, "%s: more values than settings in %s", plan->value[row], plan->name);
}

static bool init_run(SweepRun *run, const CoursePlan *plan, Error *error)
{
    if (!course_init(&run->course, plan, error))
        return false;
    run->mean = sys_alloc(SWEEP_POINTS, sizeof *run->mean);
    return run->mean || error_set(error, "out of memory for a sweep");
}

/* The runs of a row; where they cannot be, why. */
static bool init_row(Sweep *sweep, int row, const Fused *tried)
{
    CoursePlan plan = {.documents = &sweep->documents, .tried = tried};
    Error *error = &sweep->refused[row];

    if (!sweep_settings(&sweep->plan, row, &plan.settings, error))
        return false;
    sweep->held_out = sweep->held_out && plan.settings.steps < sweep->documents.count;
    const int64_t first = plan.settings.seed;
    for (int seed = 0; seed < sweep->plan.seeds; seed++) {
        plan.settings.seed = first + seed;
        if (!init_run(run_of(sweep, row, seed), &plan, error))
            return false;
    }
    return true;
}

/* As many workers as their memory allows. */
static int workers_for(const Sweep *sweep)
{
    int64_t most = 1;
    int workers = pool_cores();

    for (int row = 0; row < sweep->plan.rows; row++) {
        Settings settings;
        if (sweep->refused[row].text[0] || !sweep_settings(&sweep->plan, row, &settings, NULL))
            continue;
        const int64_t bytes = course_bytes(&settings, corpus_vocab(&sweep->documents));
        most = bytes > most ? bytes : most;
    }
    while (workers > 1 && most > GPT_BYTES_LIMIT / workers)
        workers--;
    return workers;
}

/* Seed by seed, so that all values can be compared early. */
static bool start_runs(Sweep *sweep, Error *error)
{
    pool_init(&sweep->pool, workers_for(sweep));
    for (int seed = 0; seed < sweep->plan.seeds; seed++)
        for (int row = 0; row < sweep->plan.rows; row++)
            if (!sweep->refused[row].text[0] &&
                !pool_add(&sweep->pool, run_course, &run_of(sweep, row, seed)->course, error))
                return false;
    return true;
}

static bool check_size(const SweepPlan *plan, Error *error)
{
    int64_t bytes = 0;

    for (int row = 0; row < plan->rows; row++) {
        Settings settings;
        if (sweep_settings(plan, row, &settings, NULL))
            bytes += plan->seeds * (settings.steps + SWEEP_POINTS) * (int64_t)sizeof(double);
    }
    return bytes <= SWEEP_BYTES_LIMIT ||
           error_set(error,
                     "the losses of %d runs would take %.1f GB, the limit is %.1f GB: fewer steps, "
                     "values or seeds",
                     plan->rows * plan->seeds, (double)bytes / (1 << 30),
                     (double)SWEEP_BYTES_LIMIT / (1 << 30));
}

bool sweep_begin(Sweep *sweep, const SweepPlan *plan, const Corpus *documents, const Fused *tried,
                 Error *error)
{
    Sweep next = {.plan = *plan, .held_out = true};
    int rows = 0;

    if (!check_size(plan, error) || !corpus_copy(&next.documents, documents, error))
        return false;
    sweep_release(sweep);
    *sweep = next; /* the runs point into it */
    sweep->run = sys_alloc((size_t)(plan->rows * plan->seeds), sizeof *sweep->run);
    if (!sweep->run) {
        sweep_release(sweep);
        return error_set(error, "out of memory for a sweep");
    }
    for (int row = 0; row < plan->rows; row++)
        rows += init_row(sweep, row, tried);
    if (rows > 0 && start_runs(sweep, error))
        return true;
    if (rows == 0)
        error_set(error, "%s", sweep->refused[0].text);
    sweep_release(sweep);
    return false;
}

/* ---- ending ---------------------------------------------------------------------------------- */

static int count_runs(const Sweep *sweep)
{
    return sweep->run ? sweep->plan.rows * sweep->plan.seeds : 0;
}

void sweep_stop(Sweep *sweep)
{
    const bool running = sweep_is_running(sweep);

    for (int i = 0; i < count_runs(sweep); i++)
        atomic_store(&sweep->run[i].course.stop, true);
    pool_release(&sweep->pool);
    sweep->stopped = sweep->stopped || running;
    sweep_look(sweep);
}

void sweep_release(Sweep *sweep)
{
    sweep_stop(sweep);
    for (int i = 0; i < count_runs(sweep); i++) {
        course_release(&sweep->run[i].course);
        sys_free(sweep->run[i].mean);
    }
    sys_free(sweep->run);
    corpus_release(&sweep->documents);
    *sweep = (Sweep){0};
}

bool sweep_is_on(const Sweep *sweep)
{
    return sweep->run != NULL;
}

/* A run that was refused has nothing to run. */
static bool is_unfinished(const Sweep *sweep, int i)
{
    const int state = atomic_load(&sweep->run[i].course.state);

    return !sweep->refused[i / sweep->plan.seeds].text[0] &&
           (state == COURSE_WAITING || state == COURSE_RUNNING || state == COURSE_STOPPED);
}

bool sweep_is_running(const Sweep *sweep)
{
    for (int i = 0; i < count_runs(sweep) && !sweep->stopped; i++)
        if (is_unfinished(sweep, i))
            return true;
    return false;
}

void sweep_wait(Sweep *sweep, double seconds)
{
    pool_wait(&sweep->pool, seconds);
}

/* ---- what the runs bring --------------------------------------------------------------------- */

static int count_points(const Course *course)
{
    const int64_t steps = course->plan.settings.steps;

    return steps < SWEEP_POINTS ? (int)steps : SWEEP_POINTS;
}

static int64_t step_of_point(const Course *course, int k)
{
    const int64_t steps = course->plan.settings.steps;

    return steps < SWEEP_POINTS ? k + 1 : 1 + (steps - 1) * k / (SWEEP_POINTS - 1);
}

int64_t sweep_window(const Sweep *sweep, int row)
{
    const int64_t parts = sweep->plan.name[0] ? 10 : 20;

    return (run_of(sweep, row, 0)->course.plan.settings.steps + parts - 1) / parts;
}

static double smoothed(const Course *course, int64_t window, int64_t step)
{
    const int64_t first = step > window ? step - window : 0;
    double sum = 0;

    for (int64_t i = first; i < step; i++)
        sum += course->loss[i];
    return sum / (double)(step - first);
}

static void take_in(SweepRun *run, int64_t window)
{
    const int64_t done = atomic_load(&run->course.done);

    while (run->means < count_points(&run->course) &&
           step_of_point(&run->course, run->means) <= done) {
        run->mean[run->means] =
            smoothed(&run->course, window, step_of_point(&run->course, run->means));
        run->means++;
    }
}

/* A number that grows whenever something has come. */
static int64_t come_so_far(const Sweep *sweep)
{
    int64_t come = sweep->stopped;

    for (int i = 0; i < count_runs(sweep); i++)
        if (!sweep->refused[i / sweep->plan.seeds].text[0])
            come +=
                atomic_load(&sweep->run[i].course.done) + atomic_load(&sweep->run[i].course.state);
    return come;
}

bool sweep_wants_look(const Sweep *sweep)
{
    return sweep->run && !sweep->settled;
}

bool sweep_look(Sweep *sweep)
{
    const int64_t before = sweep->seen;
    const bool running = sweep_is_running(sweep);

    sweep->seen = come_so_far(sweep);
    for (int i = 0; i < count_runs(sweep); i++)
        if (!sweep->refused[i / sweep->plan.seeds].text[0])
            take_in(&sweep->run[i], sweep_window(sweep, i / sweep->plan.seeds));
    sweep->settled = !running;
    return sweep->seen != before;
}

/* ---- reading --------------------------------------------------------------------------------- */

const SweepRun *sweep_run(const Sweep *sweep, int row, int seed)
{
    return run_of(sweep, row, seed);
}

int sweep_over(const Sweep *sweep, int *runs)
{
    int over = 0;

    *runs = count_runs(sweep);
    for (int i = 0; i < *runs; i++)
        over += !is_unfinished(sweep, i);
    return over;
}

int sweep_points(const Sweep *sweep, int row)
{
    return count_points(&run_of(sweep, row, 0)->course);
}

int64_t sweep_point_step(const Sweep *sweep, int row, int k)
{
    return step_of_point(&run_of(sweep, row, 0)->course, k);
}
