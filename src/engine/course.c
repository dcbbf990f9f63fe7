#include "engine/course.h"

#include "engine/diverged.h"
#include "engine/heldout.h"
#include "engine/sampler.h"
#include "engine/skip.h"
#include "engine/sys.h"
#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { OPERATIONS_A_PIECE = 100000 };

/* ---- beginning and end ----------------------------------------------------------------------- */

static int64_t count_points(const CoursePlan *plan)
{
    const int64_t every = plan->heldout_every, steps = plan->settings.steps;

    if (every <= 0)
        return every == 0;
    return (steps + every - 1) / every + 1;
}

static bool allocate(Course *course, Error *error)
{
    course->loss = sys_alloc((size_t)course->plan.settings.steps, sizeof *course->loss);
    course->heldout = sys_alloc((size_t)course->points, sizeof *course->heldout);
    course->value = sys_alloc((size_t)course->params, sizeof *course->value);
    course->text = sys_alloc((size_t)course->plan.texts, sizeof *course->text);
    return (course->loss && course->heldout && course->value && course->text) ||
           error_set(error, "out of memory for what comes of a run");
}

bool course_init(Course *course, const CoursePlan *plan, Error *error)
{
    Gpt shapes;

    *course = (Course){.plan = *plan};
    if (!settings_check(&plan->settings, error) ||
        !(fused_can(&plan->settings) ||
          gpt_fits(&plan->settings, corpus_vocab(plan->documents), error)) ||
        !gpt_init(&shapes, &plan->settings, corpus_vocab(plan->documents), error))
        return false;
    course->params = shapes.params;
    gpt_release(&shapes);
    course->points = count_points(plan);
    if (plan->heldout_most == 0)
        course->plan.heldout_most = HELDOUT_USUAL;
    if (plan->tried)
        course->trust = (Fused){.kernels = plan->tried->kernels, .trust = plan->tried->trust};
    course->plan.tried = NULL;
    if (allocate(course, error))
        return true;
    course_release(course);
    return false;
}

void course_release(Course *course)
{
    assert(atomic_load(&course->state) != COURSE_RUNNING);
    sys_free(course->loss);
    sys_free(course->heldout);
    sys_free(course->value);
    sys_free(course->text);
    *course = (Course){0};
}

int64_t course_bytes(const Settings *settings, int vocab)
{
    /* The held-out loss and the sampler have kernels, or a tape, of their own. */
    const double closed = 2 * trainer_bytes(settings, vocab);
    const int64_t inside = fused_can(settings) ? 0 : gpt_bytes(settings, vocab);

    return inside < 0 || closed > 1e15 ? -1 : (int64_t)closed + 2 * inside;
}

/* ---- running --------------------------------------------------------------------------------- */

typedef struct Running {
    Course *course;
    Corpus corpus; /* the order is its own, all else is the plan's */
    Trainer trainer;
    Heldout heldout;
} Running;

static void take_down(Running *run)
{
    trainer_release(&run->trainer);
    heldout_release(&run->heldout);
    sys_free(run->corpus.order);
}

static bool set_up(Running *run, Course *course)
{
    const CoursePlan *plan = &course->plan;

    *run = (Running){.course = course, .corpus = *plan->documents};
    run->corpus.order = sys_alloc((size_t)run->corpus.count, sizeof *run->corpus.order);
    if (!run->corpus.order)
        return error_set(&course->error, "out of memory for the order of the documents");
    if (!trainer_init_closed(&run->trainer, &plan->settings, &run->corpus, &course->error))
        return false;
    if (course->trust.kernels)
        fused_trust_as(&run->trainer.fused, &course->trust);
    if (!skip_can(&run->trainer) && !trainer_open(&run->trainer, &course->error))
        return false;
    return course->points == 0 ||
           heldout_init_closed(&run->heldout, &plan->settings, &run->corpus, plan->heldout_most,
                               &run->trainer.fused, &course->error);
}

static bool is_wanted(const Running *run)
{
    return !atomic_load(&run->course->stop);
}

static void note_steps(Running *run)
{
    const int64_t step = run->trainer.at.step;

    for (int64_t i = atomic_load(&run->course->done); i < step; i++)
        run->course->loss[i] = run->trainer.loss[i];
    atomic_store(&run->course->done, step);
}

static bool is_between_steps(Moment at)
{
    return at.phase == PHASE_DONE || (at.phase == PHASE_FORWARD && at.n == 0);
}

/* A point of the loss on documents held out is to be found where the run stands. */
static bool is_due(const Running *run)
{
    const int64_t known = atomic_load(&run->course->known);

    return known < run->course->points && is_between_steps(run->trainer.at) &&
           course_point_step(run->course, known) == run->trainer.at.step;
}

/* From trainer.value. A run that is not wanted any more leaves the point open. */
static void measure(Running *run)
{
    Course *course = run->course;

    heldout_begin(&run->heldout, &run->trainer.settings, run->trainer.value);
    while (is_wanted(run) && heldout_next(&run->heldout))
        continue;
    if (!is_wanted(run))
        return;
    course->heldout[atomic_load(&course->known)] =
        heldout_finished(&run->heldout) ? heldout_loss(&run->heldout) : NAN;
    atomic_fetch_add(&course->known, 1);
}

/* All steps, where the kernels can. */
static void train_by_kernels(Running *run)
{
    Trainer *trainer = &run->trainer;
    bool finite = true;

    if (!skip_begin(trainer))
        return;
    while (finite && trainer->at.step < trainer->settings.steps && is_wanted(run)) {
        if (is_due(run)) {
            skip_keep(trainer, trainer->value, trainer->m, trainer->v);
            measure(run);
        }
        finite = skip_to(trainer, trainer->at.step + 1);
        note_steps(run);
    }
    skip_end(trainer);
}

static void train_by_tape(Running *run)
{
    Trainer *trainer = &run->trainer;

    while (is_wanted(run)) {
        if (is_due(run))
            measure(run);
        if (!trainer_is_open(trainer) || trainer_finished(trainer) || trainer_failed(trainer))
            break;
        const int64_t left = trainer_phase_length(trainer, trainer->at.phase) - trainer->at.n;
        trainer_advance(trainer, left < OPERATIONS_A_PIECE ? left : OPERATIONS_A_PIECE);
        note_steps(run);
    }
}

/* ---- what comes of it ------------------------------------------------------------------------ */

static void keep_text(const Sampler *sampler, const Corpus *corpus, char text[COURSE_TEXT_BYTES])
{
    size_t length = 0;

    for (int i = 1; i < sampler->length && length + 4 < COURSE_TEXT_BYTES; i++)
        length += (size_t)corpus_encode(corpus->character[sampler->token[i]], text + length);
    text[length] = '\0';
}

static bool write_texts(Running *run)
{
    Course *course = run->course;
    const Settings *settings = &run->trainer.settings;
    Rng rng = run->trainer.rng;
    Sampler sampler;

    if (course->plan.texts == 0)
        return true;
    if (!sampler_init_closed(&sampler, settings, run->trainer.gpt.vocab, &run->trainer.fused,
                             &course->error))
        return false;
    for (int64_t i = 0; i < course->plan.texts && is_wanted(run); i++) {
        sampler_begin(&sampler, i == 0 ? run->trainer.value : NULL);
        while (is_wanted(run) && sampler_next(&sampler, settings->temperature, &rng))
            continue;
        keep_text(&sampler, &run->corpus, course->text[i]);
    }
    sampler_release(&sampler);
    return true;
}

/* Without a tape to look for more, "the loss of step 13 is nan". */
static void name_loss(const Trainer *trainer, Error *error)
{
    error_set(error, "the loss of step %lld is %s", (long long)trainer->at.step + 1,
              isnan(trainer->loss[trainer->at.step]) ? "nan" : "inf");
}

/* "the loss of step 13 is nan; first inf in pos2.layer0.mlp.fc1", or, where it came with a
 * parameter, "the loss of step 13 is nan; wte was inf before it" */
static void name_failure(const Trainer *trainer, Error *error)
{
    const Diverged first = diverged_failed(trainer);
    const Span *span = gpt_span_of(&trainer->gpt, first.node);
    const char *loss = isnan(trainer->loss[trainer->at.step]) ? "nan" : "inf";
    const long long step = trainer->at.step + 1;
    const char *number = isnan(first.number) ? "nan" : "inf";
    char name[64];

    if (span)
        place_name(span->place, name, sizeof name);
    else
        snprintf(name, sizeof name, "%s", gpt_tensor_of(&trainer->gpt, first.node)->name);
    if (first.kind == DIVERGED_BEFORE)
        error_set(error, "the loss of step %lld is %s; %s was %s before it", step, loss, name,
                  number);
    else
        error_set(error, "the loss of step %lld is %s; first %s in %s", step, loss, number, name);
}

static CourseState finish(Running *run)
{
    Course *course = run->course;

    if (!trainer_finished(&run->trainer)) {
        name_loss(&run->trainer, &course->error);
        if (trainer_open(&run->trainer, &(Error){""}) && !trainer_step(&run->trainer))
            name_failure(&run->trainer, &course->error);
        return COURSE_DIVERGED;
    }
    memcpy(course->value, run->trainer.value, (size_t)course->params * sizeof *course->value);
    if (!write_texts(run))
        return COURSE_FAILED;
    return is_wanted(run) ? COURSE_DONE : COURSE_STOPPED;
}

void course_run(Course *course)
{
    Running run;
    CourseState state = COURSE_STOPPED;

    assert(atomic_load(&course->state) == COURSE_WAITING);
    atomic_store(&course->state, COURSE_RUNNING);
    if (!set_up(&run, course)) {
        state = COURSE_FAILED;
    } else {
        train_by_kernels(&run);
        train_by_tape(&run);
        if (is_wanted(&run))
            state = finish(&run);
    }
    take_down(&run);
    atomic_store(&course->state, state);
}

/* ---- reading --------------------------------------------------------------------------------- */

bool course_over(const Course *course)
{
    return atomic_load(&course->state) > COURSE_RUNNING;
}

int64_t course_point_step(const Course *course, int64_t k)
{
    const int64_t every = course->plan.heldout_every, steps = course->plan.settings.steps;

    return every == 0 || k * every > steps ? steps : k * every;
}

double course_heldout(const Course *course)
{
    return course->points > 0 && atomic_load(&course->state) == COURSE_DONE
               ? course->heldout[course->points - 1]
               : NAN;
}

double course_last_losses(const Course *course, int64_t most)
{
    const int64_t done = atomic_load(&course->done), first = done > most ? done - most : 0;
    double sum = 0;

    for (int64_t i = first; i < done; i++)
        sum += course->loss[i];
    return done > first ? sum / (double)(done - first) : NAN;
}
