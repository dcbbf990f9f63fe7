/* What the runs of a sweep came to, and what can be said of it (the second part of app/sweep.h). */
#include "app/sweep.h"

#include "engine/words.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

int64_t sweep_seed(const Sweep *sweep, int row, int seed)
{
    return sweep_run(sweep, row, seed)->course.plan.settings.seed;
}

bool sweep_result(const Sweep *sweep, int row, int seed, double *loss)
{
    const Course *course = &sweep_run(sweep, row, seed)->course;

    if (sweep->refused[row].text[0] || atomic_load(&course->state) != COURSE_DONE)
        return false;
    *loss = sweep->held_out ? course_heldout(course) : course_last_losses(course, SWEEP_LAST);
    return isfinite(*loss);
}

static void count_run(const Sweep *sweep, int row, int seed, SweepSummary *summary)
{
    const Course *course = &sweep_run(sweep, row, seed)->course;
    double loss;

    summary->running += atomic_load(&course->state) == COURSE_RUNNING;
    if (sweep_result(sweep, row, seed, &loss))
        summary->done++;
    else
        summary->failed += course_over(course);
    summary->part += course_over(course)
                         ? 1
                         : (double)atomic_load(&course->done) / (double)course->plan.settings.steps;
}

SweepSummary sweep_summary(const Sweep *sweep, int row)
{
    SweepSummary summary = {.low = NAN, .high = NAN, .mean = NAN, .spread = NAN};
    double sum = 0, squares = 0, loss;

    for (int seed = 0; seed < sweep->plan.seeds && !sweep->refused[row].text[0]; seed++) {
        count_run(sweep, row, seed, &summary);
        if (!sweep_result(sweep, row, seed, &loss))
            continue;
        sum += loss;
        summary.low = fmin(summary.low, loss);
        summary.high = fmax(summary.high, loss);
    }
    summary.part /= sweep->plan.seeds;
    if (summary.done > 0)
        summary.mean = sum / summary.done;
    for (int seed = 0; seed < sweep->plan.seeds; seed++)
        if (sweep_result(sweep, row, seed, &loss))
            squares += (loss - summary.mean) * (loss - summary.mean);
    if (summary.done > 1)
        summary.spread = sqrt(squares / (summary.done - 1));
    return summary;
}

/* The first of a row's runs that came to such an end, or NULL. */
static const Course *find_run(const Sweep *sweep, int row, CourseState state)
{
    for (int seed = 0; seed < sweep->plan.seeds; seed++) {
        const Course *course = &sweep_run(sweep, row, seed)->course;
        if (atomic_load(&course->state) == (int)state)
            return course;
    }
    return NULL;
}

void sweep_state(const Sweep *sweep, int row, char text[32])
{
    const SweepSummary summary = sweep_summary(sweep, row);
    const int seeds = sweep->plan.seeds, over = summary.done + summary.failed;

    if (sweep->refused[row].text[0])
        snprintf(text, 32, "%s", _("refused"));
    else if (sweep->stopped && (over < seeds || find_run(sweep, row, COURSE_STOPPED)))
        snprintf(text, 32, _("stopped, %d of %d"), summary.done, seeds);
    else if (summary.failed > 0 && (summary.done == 0 || over == seeds))
        snprintf(text, 32,
                 find_run(sweep, row, COURSE_FAILED) ? _("%d of %d failed")
                                                     : _("%d of %d diverged"),
                 summary.failed, seeds);
    else if (over < seeds)
        snprintf(text, 32, "%.0f %%", 100 * summary.part);
    else
        snprintf(text, 32, "%s", _("done"));
}

const char *sweep_reason(const Sweep *sweep, int row)
{
    const Course *course = NULL;

    if (sweep->refused[row].text[0])
        return sweep->refused[row].text;
    if ((course = find_run(sweep, row, COURSE_DIVERGED)) ||
        (course = find_run(sweep, row, COURSE_FAILED)))
        return course->error.text;
    const SweepSummary summary = sweep_summary(sweep, row);
    return summary.failed > 0 && !find_run(sweep, row, COURSE_STOPPED)
               ? _("the last update leaves a loss that is not a number")
               : "";
}

/* ---- signal and noise ------------------------------------------------------------------------ */

static bool is_whole(const Sweep *sweep, const SweepSummary *summary)
{
    return summary->done == sweep->plan.seeds;
}

int sweep_best(const Sweep *sweep)
{
    int best = -1;
    double least = INFINITY;

    for (int row = 0; row < sweep->plan.rows; row++) {
        const SweepSummary summary = sweep_summary(sweep, row);
        if (is_whole(sweep, &summary) && summary.mean < least) {
            least = summary.mean;
            best = row;
        }
    }
    return best;
}

bool sweep_overlap(const Sweep *sweep, int a, int b)
{
    const SweepSummary one = sweep_summary(sweep, a), other = sweep_summary(sweep, b);

    return one.low <= other.high && other.low <= one.high;
}

/* Names the rows that reach into the best, "0.02, 0.05"; how many. */
static int name_rivals(const Sweep *sweep, int best, char *names, size_t size)
{
    int rivals = 0;
    size_t used = 0;

    names[0] = '\0';
    for (int row = 0; row < sweep->plan.rows; row++)
        if (row != best && sweep_overlap(sweep, best, row) && used < size) {
            used += (size_t)snprintf(names + used, size - used, "%s%s", rivals ? ", " : "",
                                     sweep->plan.value[row]);
            rivals++;
        }
    return rivals;
}

/* Whether another row than the best has a result to compare with. */
static bool has_others(const Sweep *sweep, int best)
{
    for (int row = 0; row < sweep->plan.rows; row++)
        if (row != best && sweep_summary(sweep, row).done > 0)
            return true;
    return false;
}

void sweep_verdict(const Sweep *sweep, char *text, size_t size)
{
    const int best = sweep_best(sweep);
    char names[SWEEP_ROWS * SWEEP_VALUE_BYTES];
    int runs, over = sweep_over(sweep, &runs);

    if (best < 0 || (over < runs && !sweep->stopped)) {
        snprintf(text, size,
                 over < runs && !sweep->stopped
                     ? _("%d of %d runs are over.")
                     : _("%d of %d runs are over: no value has all its results."),
                 over, runs);
    } else if (!sweep->plan.name[0]) {
        const SweepSummary summary = sweep_summary(sweep, best);
        snprintf(text, size,
                 _("The seed alone makes a difference of %.3f: a smaller one says nothing."),
                 summary.high - summary.low);
    } else if (!has_others(sweep, best)) {
        snprintf(text, size, _("%s has a result, no other value has one to compare it with."),
                 sweep->plan.value[best]);
    } else if (sweep->plan.seeds == 1) {
        snprintf(text, size,
                 _("%s is lowest, with one seed: what another seed would change is not known. Try "
                   "seeds 3."),
                 sweep->plan.value[best]);
    } else if (name_rivals(sweep, best, names, sizeof names) > 0) {
        snprintf(text, size,
                 _("%s is lowest, but its seeds overlap with those of %s: differences smaller than "
                   "the spread of seeds say nothing."),
                 sweep->plan.value[best], names);
    } else {
        snprintf(text, size,
                 _("%s is best: each of its seeds is lower than every seed of the others."),
                 sweep->plan.value[best]);
    }
}

/* ---- bands ----------------------------------------------------------------------------------- */

bool sweep_band(const Sweep *sweep, int row, int k, double *low, double *mean, double *high)
{
    double sum = 0;
    int count = 0;

    *low = INFINITY;
    *high = -INFINITY;
    for (int seed = 0; seed < sweep->plan.seeds && !sweep->refused[row].text[0]; seed++) {
        const SweepRun *run = sweep_run(sweep, row, seed);
        if (k >= run->means || !isfinite(run->mean[k]))
            continue;
        *low = fmin(*low, run->mean[k]);
        *high = fmax(*high, run->mean[k]);
        sum += run->mean[k];
        count++;
    }
    *mean = count > 0 ? sum / count : NAN;
    return count > 0;
}
