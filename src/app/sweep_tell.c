/* What a sweep has to say, in lines and as members (the third part of app/sweep.h). */
#include "app/sweep.h"

#include "engine/words.h"
#include <math.h>
#include <stdio.h>

/* A loss as it stands in the table. */
static const char *print_loss(double loss, char text[32])
{
    if (isnan(loss))
        return "-";
    snprintf(text, 32, fabs(loss) < 1e4 ? "%.3f" : "%.3g", loss);
    return text;
}

static const char *value_of(const Sweep *sweep, int row)
{
    return sweep->plan.name[0] ? sweep->plan.value[row] : _("all seeds");
}

static void tell_row_lines(const Sweep *sweep, int row, Answer *answer)
{
    const SweepSummary summary = sweep_summary(sweep, row);
    char mean[32], spread[32], low[32], high[32], state[32];

    sweep_state(sweep, row, state);
    answer_line(answer, "%s\t%s\t%s\t%s\t%s\t%s%s", value_of(sweep, row),
                print_loss(summary.mean, mean), print_loss(summary.spread, spread),
                print_loss(summary.low, low), print_loss(summary.high, high), state,
                sweep->plan.name[0] && row == sweep_best(sweep) ? _(", lowest") : "");
    if (sweep_reason(sweep, row)[0])
        answer_line(answer, "\t%s", sweep_reason(sweep, row));
}

/* A number, or the word of a choice. */
static void tell_value(const Sweep *sweep, int row, const char *name, Answer *answer)
{
    const SweepPlan *plan = &sweep->plan;
    const SettingInfo *info = plan->info[0];
    Settings settings;

    if (plan->settings_swept == 0)
        answer_null(answer, name);
    else if (plan->settings_swept > 1 || info->kind == SETTING_CHOICE ||
             info->kind == SETTING_HEAD || !sweep_settings(plan, row, &settings, NULL))
        answer_text(answer, name, sweep->plan.value[row]);
    else
        answer_real(answer, name, settings_get(&settings, info));
}

static void tell_real(Answer *answer, const char *name, double number)
{
    if (isnan(number))
        answer_null(answer, name);
    else
        answer_real(answer, name, number);
}

static void tell_run(const Sweep *sweep, int row, int seed, Answer *answer)
{
    static const char *const states[] = {"waiting",  "running", "done",
                                         "diverged", "stopped", "failed"};
    const Course *course = &sweep_run(sweep, row, seed)->course;
    const int state = atomic_load(&course->state);

    answer_open(answer, NULL, '{');
    answer_whole(answer, "seed", sweep_seed(sweep, row, seed));
    answer_text(answer, "state",
                state == COURSE_WAITING && sweep->stopped ? states[COURSE_STOPPED] : states[state]);
    answer_whole(answer, "steps", atomic_load(&course->done));
    tell_real(answer, "loss", course_last_losses(course, SWEEP_LAST));
    if (sweep->held_out)
        tell_real(answer, "held_out", course_heldout(course));
    else
        answer_null(answer, "held_out");
    answer_close(answer, '}');
}

static void tell_row_members(const Sweep *sweep, int row, Answer *answer)
{
    const SweepSummary summary = sweep_summary(sweep, row);
    const bool refused = sweep->refused[row].text[0];
    char state[32];

    sweep_state(sweep, row, state);
    answer_open(answer, NULL, '{');
    tell_value(sweep, row, "value", answer);
    answer_text(answer, "state", state);
    if (sweep_reason(sweep, row)[0])
        answer_text(answer, "reason", sweep_reason(sweep, row));
    tell_real(answer, "mean", summary.mean);
    tell_real(answer, "spread", summary.spread);
    tell_real(answer, "low", summary.low);
    tell_real(answer, "high", summary.high);
    answer_open(answer, "runs", '[');
    for (int seed = 0; seed < sweep->plan.seeds && !refused; seed++)
        tell_run(sweep, row, seed, answer);
    answer_close(answer, ']');
    answer_close(answer, '}');
}

static void tell_members(const Sweep *sweep, Answer *answer)
{
    const SweepPlan *plan = &sweep->plan;
    const int best = sweep_best(sweep);
    int runs, over = sweep_over(sweep, &runs);

    answer_open(answer, "sweep", '{');
    if (plan->name[0])
        answer_text(answer, "setting", plan->name);
    else
        answer_null(answer, "setting");
    answer_whole(answer, "seeds", plan->seeds);
    answer_whole(answer, "first_seed", plan->settings.seed);
    answer_whole(answer, "runs", runs);
    answer_whole(answer, "over", over);
    answer_text(answer, "compared", sweep->held_out ? "held_out" : "loss");
    answer_open(answer, "rows", '[');
    for (int row = 0; row < plan->rows; row++)
        tell_row_members(sweep, row, answer);
    answer_close(answer, ']');
    if (plan->name[0] && best >= 0)
        tell_value(sweep, best, "best", answer);
    answer_open(answer, "overlap", '[');
    for (int row = 0; best >= 0 && row < plan->rows; row++)
        if (row != best && sweep_overlap(sweep, best, row))
            tell_value(sweep, row, NULL, answer);
    answer_close(answer, ']');
    answer_close(answer, '}');
}

/* "lr, seeds 42 to 44" */
void sweep_describe(const Sweep *sweep, char *text, size_t size)
{
    const SweepPlan *plan = &sweep->plan;
    const long long first = plan->settings.seed, last = first + plan->seeds - 1;
    const char *name = plan->name;
    const char *gap = plan->name[0] ? ", " : "";

    if (plan->seeds == 1)
        snprintf(text, size, _("%s%sseed %lld"), name, gap, first);
    else
        snprintf(text, size, _("%s%sseeds %lld to %lld"), name, gap, first, last);
}

void sweep_tell(const Sweep *sweep, Answer *answer)
{
    char text[480];

    tell_members(sweep, answer);
    answer_line(answer,
                sweep->held_out ? N_("%s\theld out\tspread\tlowest\thighest\tstate")
                                : N_("%s\tfinal loss\tspread\tlowest\thighest\tstate"),
                sweep->plan.name[0] ? sweep->plan.name : _("seeds"));
    for (int row = 0; row < sweep->plan.rows; row++)
        tell_row_lines(sweep, row, answer);
    sweep_verdict(sweep, text, sizeof text);
    answer_line(answer, "%s", text);
}
