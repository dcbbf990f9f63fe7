#include "app/knobs.h"

#include "app/app.h"
#include "app/keep.h"
#include "engine/heldout.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double PATIENCE = 0.1; /* seconds after which what there is of a run is shown */
static const double GRACE = 0.3;    /* after which it is stopped where nobody waits for it */
static const double GLANCE = 0.005; /* between two looks at the runs under way */

/* ---- settings -------------------------------------------------------------------------------- */

static bool is_same(const Settings *a, const Settings *b)
{
    for (int i = 0; i < settings_count; i++)
        if (settings_get(a, &settings_table[i]) != settings_get(b, &settings_table[i]))
            return false;
    return true;
}

Knob knobs_knob(const Knobs *knobs)
{
    return knob_row(knobs->row);
}

bool knobs_is_turned(const Knobs *knobs, const SettingInfo *info)
{
    return settings_get(&knobs->turned, info) != settings_get(&knobs->base, info);
}

int knobs_turned(const Knobs *knobs)
{
    int count = 0;

    for (int i = 0; i < settings_count; i++)
        count += knobs_is_turned(knobs, &settings_table[i]);
    return count;
}

const char *knobs_print(const Settings *settings, const SettingInfo *info, char text[64])
{
    if (info->kind == SETTING_REAL)
        return expr_print_number(settings_get(settings, info), text);
    settings_print(settings, info, text, 64);
    return text;
}

const char *knobs_list(const Knobs *knobs, char *text, size_t size)
{
    size_t length = 0;
    char value[64];

    text[0] = '\0';
    for (int i = 0; i < settings_count && length < size; i++)
        if (knobs_is_turned(knobs, &settings_table[i]))
            length += (size_t)snprintf(text + length, size - length, "%s%s %s",
                                       length > 0 ? ", " : "", settings_table[i].name,
                                       knobs_print(&knobs->turned, &settings_table[i], value));
    return text;
}

/* ---- runs ------------------------------------------------------------------------------------ */

static void release_run(KnobsRun *run)
{
    course_release(&run->course);
    gaze_release(&run->gaze);
}

static bool is_under_way(const Knobs *knobs, const KnobsRun *run)
{
    for (int i = 0; i < KNOBS_WORKERS; i++)
        if (knobs->running[i] == run)
            return true;
    return false;
}

/* A slot that nobody looks at; there is one more than can be looked at. */
static KnobsRun *free_slot(const Knobs *knobs)
{
    KnobsRun *run = knobs->run;

    while (run == knobs->own || run == knobs->kept || run == knobs->shown ||
           run == knobs->growing || is_under_way(knobs, run))
        run++;
    return run;
}

/* On a worker's thread. */
static void do_run(void *job)
{
    KnobsRun *run = job;
    const CoursePlan *plan = &run->course.plan;

    course_run(&run->course);
    if (atomic_load(&run->course.state) == COURSE_DONE)
        gaze_find(&run->gaze, &plan->settings, corpus_vocab(plan->documents), run->course.value,
                  &run->course.trust, NULL);
    atomic_store(&run->over, true);
}

static bool begin_run(App *app, KnobsRun **place, Error *error)
{
    Knobs *knobs = &app->knobs;
    KnobsRun *run = free_slot(knobs);
    const CoursePlan plan = {.settings = knobs->turned,
                             .documents = &knobs->documents,
                             .texts = KNOBS_TEXTS,
                             .tried = &app->session.trainer.fused};

    release_run(run);
    if (!course_init(&run->course, &plan, error) ||
        !gaze_init(&run->gaze, &knobs->turned, knobs->token, knobs->positions, error))
        return false;
    run->number = knobs->number;
    run->points = 0;
    run->begun = sys_seconds();
    atomic_store(&run->over, false);
    if (!pool_add(&knobs->pool, do_run, run, error))
        return false;
    *place = run;
    return true;
}

/* One that is finished with these settings, of those that are kept for a look. */
static KnobsRun *find_finished(const Knobs *knobs, const Settings *settings)
{
    KnobsRun *const finished[] = {knobs->shown, knobs->own, knobs->kept};

    for (int i = 0; i < 3; i++)
        if (finished[i] && is_same(&finished[i]->course.plan.settings, settings))
            return finished[i];
    return NULL;
}

static void show(Knobs *knobs, KnobsRun *run, int64_t number)
{
    knobs->shown = run;
    knobs->shown_number = number;
    knobs->growing = NULL;
}

/* The settings are others now. */
static void want_run(Knobs *knobs)
{
    KnobsRun *finished = find_finished(knobs, &knobs->turned);

    knobs->number++;
    knobs->sure = false;
    knobs->error.text[0] = '\0';
    knobs->waiting = finished == NULL;
    if (finished)
        show(knobs, finished, knobs->number);
}

/* ---- beginning and end ----------------------------------------------------------------------- */

/* The first of the documents held out that is short enough to be seen whole, or the first. */
static bool choose_text(Knobs *knobs, const Corpus *corpus, int64_t steps)
{
    const int64_t unseen = corpus->count - steps;
    int64_t first =
        unseen <= 0 ? 0 : corpus->count - (unseen < HELDOUT_USUAL ? unseen : HELDOUT_USUAL);
    const int limit = KNOBS_LETTERS + 2;

    knobs->token = sys_alloc((size_t)limit + 1, sizeof *knobs->token);
    if (!knobs->token)
        return false;
    for (int64_t d = first; d < corpus->count; d++)
        if (corpus_tokens(corpus, d, knobs->token, limit + 1) <= limit) {
            first = d;
            break;
        }
    knobs->positions = corpus_tokens(corpus, first, knobs->token, limit) - 1;
    return true;
}

bool knobs_open(App *app, Error *error)
{
    Knobs *knobs = &app->knobs;
    const Trainer *trainer = &app->session.trainer;

    if (knobs->on)
        return true;
    *knobs = (Knobs){.base = trainer->settings, .turned = trainer->settings, .row = knobs->row};
    knobs->run = sys_alloc(KNOBS_SLOTS, sizeof *knobs->run);
    if (!knobs->run || !choose_text(knobs, &app->session.corpus, trainer->settings.steps) ||
        !corpus_copy(&knobs->documents, &app->session.corpus, NULL)) {
        knobs_release(knobs);
        return error_set(error, "out of memory for the knobs");
    }
    pool_init(&knobs->pool, KNOBS_WORKERS);
    fused_ready(&app->session.trainer.fused); /* tried once, not by every run */
    knobs->on = true;
    knobs->number = 1;
    if (begin_run(app, &knobs->running[0], error))
        return true;
    knobs_release(knobs);
    return false;
}

static void stop_all(Knobs *knobs)
{
    for (int i = 0; i < KNOBS_WORKERS; i++)
        if (knobs->running[i])
            atomic_store(&knobs->running[i]->course.stop, true);
}

void knobs_release(Knobs *knobs)
{
    stop_all(knobs);
    if (knobs->on)
        pool_release(&knobs->pool);
    for (int i = 0; knobs->run && i < KNOBS_SLOTS; i++)
        release_run(&knobs->run[i]);
    sys_free(knobs->run);
    sys_free(knobs->token);
    corpus_release(&knobs->documents);
    *knobs = (Knobs){.row = knobs->row};
}

void knobs_close(App *app)
{
    knobs_release(&app->knobs);
}

/* ---- turning --------------------------------------------------------------------------------- */

void knobs_turn(App *app, int notches)
{
    Knobs *knobs = &app->knobs;
    const Knob knob = knobs_knob(knobs);

    if (knob_turn(&knob, &knobs->turned, corpus_vocab(&knobs->documents), notches))
        want_run(knobs);
}

void knobs_cycle(App *app)
{
    Knobs *knobs = &app->knobs;
    const Knob knob = knobs_knob(knobs);

    if (knob_cycle(&knob, &knobs->turned, corpus_vocab(&knobs->documents)))
        want_run(knobs);
}

bool knobs_set(App *app, const SettingInfo *info, const char *text, Error *error)
{
    Knobs *knobs = &app->knobs;
    Settings settings = knobs->turned;

    if (!settings_parse(&settings, info, text, error) ||
        !knob_fits(&settings, corpus_vocab(&knobs->documents), error))
        return false;
    knobs->turned = settings;
    if (knob_find(info) >= 0)
        knobs->row = knob_find(info);
    want_run(knobs);
    return true;
}

void knobs_reset(App *app, bool all)
{
    Knobs *knobs = &app->knobs;
    const SettingInfo *info = knobs_knob(knobs).info;
    Settings settings = all ? knobs->base : knobs->turned;

    settings_set(&settings, info, settings_get(&knobs->base, info));
    if (!settings_check(&settings, NULL)) {
        app_say(app, true, "not with the other settings: reset those first, or all of them");
        return;
    }
    knobs->turned = settings;
    want_run(knobs);
}

const char *knobs_keep(App *app)
{
    Knobs *knobs = &app->knobs;

    if (!knobs->shown)
        return N_("no run is finished yet");
    knobs->kept = knobs->kept == knobs->shown ? NULL : knobs->shown;
    return knobs->kept ? N_("kept as a ghost") : N_("the ghost is let go");
}

bool knobs_adopt(App *app, Error *error)
{
    const Settings settings = app->knobs.turned;
    Session fresh;

    if (!session_init_again(&fresh, &settings, &app->session.corpus, NULL, error))
        return false;
    memcpy(fresh.data, app->session.data, sizeof fresh.data);
    knobs_close(app);
    keep_replace(app, &fresh);
    app_run(app, app->headless ? 0 : 1);
    return true;
}

/* ---- work ------------------------------------------------------------------------------------ */

double knobs_spacing(const KnobsRun *run)
{
    const double steps = (double)run->course.plan.settings.steps;

    return steps > KNOBS_POINTS ? steps / KNOBS_POINTS : 1;
}

/* Extends a curve by what is trained. Returns whether there is more of it. */
static bool extend_curve(KnobsRun *run)
{
    const int64_t steps = run->course.plan.settings.steps, window = (steps + 19) / 20,
                  done = atomic_load(&run->course.done);
    const int before = run->points, limit = steps < KNOBS_POINTS ? (int)steps : KNOBS_POINTS;

    for (; run->points < limit; run->points++) {
        const int64_t end = (int64_t)((run->points + 1) * knobs_spacing(run)),
                      first = end > window ? end - window : 0;
        double sum = 0;
        if (end > done)
            break;
        for (int64_t i = first; i < end; i++)
            sum += run->course.loss[i];
        run->curve[run->points] = sum / (double)(end - first);
    }
    return run->points > before;
}

/* Runs a second over the last second of those that were shown. */
static void note_time(Knobs *knobs, double now)
{
    const double window = 1;
    int64_t first;

    knobs->time[knobs->times++ % KNOBS_TIMES] = now;
    for (first = knobs->times - 1; first > 0 && knobs->times - first < KNOBS_TIMES &&
                                   now - knobs->time[(first - 1) % KNOBS_TIMES] < window;)
        first--;
    const double spent = now - knobs->time[first % KNOBS_TIMES];
    if (spent > window / 2)
        knobs->rate = (double)(knobs->times - 1 - first) / spent;
}

/* A run that has ended is shown, unless newer ones are already. */
static bool take_in(Knobs *knobs, KnobsRun *run)
{
    if (atomic_load(&run->course.state) == COURSE_STOPPED)
        return false;
    extend_curve(run);
    if (run->number == 1)
        knobs->own = run;
    if (run->number <= knobs->shown_number)
        return true;
    show(knobs, run, run->number);
    if (knobs->by_keys)
        note_time(knobs, sys_seconds());
    return true;
}

static bool collect(Knobs *knobs)
{
    bool came = false;

    for (int i = 0; i < KNOBS_WORKERS; i++) {
        KnobsRun *run = knobs->running[i];
        if (!run || !atomic_load(&run->over))
            continue;
        knobs->running[i] = NULL;
        came = take_in(knobs, run) || came;
    }
    return came;
}

/* The newest settings get a run as soon as there is a place; what takes long makes room. */
static void begin_newest(App *app, double now)
{
    Knobs *knobs = &app->knobs;

    for (int i = 0; i < KNOBS_WORKERS && knobs->waiting; i++)
        if (!knobs->running[i]) {
            knobs->waiting = false;
            begin_run(app, &knobs->running[i], &knobs->error);
        }
    for (int i = 0; i < KNOBS_WORKERS; i++) {
        KnobsRun *run = knobs->running[i];
        if (run && run->number != 1 && run->number < knobs->number && now - run->begun > GRACE)
            atomic_store(&run->course.stop, true);
    }
}

static bool is_busy(const Knobs *knobs)
{
    bool busy = knobs->waiting;

    for (int i = 0; i < KNOBS_WORKERS; i++)
        busy = busy || knobs->running[i];
    return busy;
}

/* The newest of those under way for long, if it is newer than what is shown; where there is none
 * yet, the last such one, though it is stopped: the picture does not go to and fro. */
static bool look_at_growing(Knobs *knobs, double now)
{
    const KnobsRun *before = knobs->growing;
    bool more = false;

    if (before && (before->number <= knobs->shown_number || !is_busy(knobs)))
        knobs->growing = NULL;
    for (int i = 0; i < KNOBS_WORKERS; i++) {
        KnobsRun *run = knobs->running[i];
        if (!run || now - run->begun < PATIENCE || run->number <= knobs->shown_number ||
            (knobs->growing && run->number < knobs->growing->number))
            continue;
        more = extend_curve(run) || more;
        knobs->growing = run;
    }
    return more || knobs->growing != before;
}

bool knobs_wants_work(const App *app, double *from)
{
    *from = app->knobs.due;
    return is_busy(&app->knobs) || app->knobs.owes;
}

bool knobs_work(App *app, double until)
{
    Knobs *knobs = &app->knobs;
    bool came;

    do {
        const double now = sys_seconds();
        came = collect(knobs);
        begin_newest(app, now);
        came = look_at_growing(knobs, now) || came;
        knobs->due = now + GLANCE;
    } while (!came && is_busy(knobs) && sys_seconds() + GLANCE < until &&
             (pool_wait(&knobs->pool, GLANCE), true));
    if (knobs->owes && !is_busy(knobs)) {
        knobs->owes = false;
        knobs_tell(app, &app->answer);
    }
    return came;
}

/* ---- reading --------------------------------------------------------------------------------- */

bool knobs_settled(const Knobs *knobs)
{
    return knobs->shown && knobs->shown_number == knobs->number;
}

const KnobsRun *knobs_seen(const Knobs *knobs)
{
    return knobs->growing ? knobs->growing : knobs->shown;
}

const KnobsRun *knobs_ghost(const Knobs *knobs)
{
    return knobs->kept && knobs->kept != knobs_seen(knobs) ? knobs->kept : knobs->own;
}

double knobs_last(const KnobsRun *run)
{
    const bool ends = run && atomic_load(&run->course.state) != COURSE_DIVERGED;

    return ends ? course_last_losses(&run->course, KNOBS_LAST) : NAN;
}

double knobs_heldout(const KnobsRun *run)
{
    return run ? course_heldout(&run->course) : NAN;
}
