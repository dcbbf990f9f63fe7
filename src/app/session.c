#include "app/session.h"

#include "app/failure.h"
#include "engine/sys.h"
#include <math.h>
#include <string.h>

/* ---- beginning and end ----------------------------------------------------------------------- */

/* The mean is formed anew for each step: a sum carried along would drift. */
static void fill_means(Session *session)
{
    const double *loss = session->trainer.loss;

    for (; session->means < session->trainer.at.step; session->means++) {
        int64_t first = session->means + 1 - session_mark_steps(session);
        double sum = 0;
        first = first < 0 ? 0 : first;
        for (int64_t i = first; i <= session->means; i++)
            sum += loss[i];
        session->mean_loss[session->means] = sum / (double)(session->means + 1 - first);
    }
}

/* The gradient of a step stands whole until the next document is laid out. Where a step was taken
 * without the tape nobody knows it. */
static void keep_grad_norm(Session *session)
{
    const Trainer *trainer = &session->trainer;
    double sum = 0;

    if (trainer->at.phase != PHASE_DONE || trainer->at.step == 0 || !trainer_has_grad(trainer))
        return;
    for (int32_t i = 0; i < trainer->gpt.params; i++)
        sum += trainer->grad[i] * trainer->grad[i];
    session->grad_norm[trainer->at.step - 1] = sqrt(sum);
}

static void forget_grad_norms(Session *session, int64_t from)
{
    for (int64_t i = from; i < session->trainer.settings.steps; i++)
        session->grad_norm[i] = NAN;
}

static bool init_run(Session *session, const Settings *settings, const Checkpoint *saved,
                     Error *error)
{
    return (!saved || corpus_adopt(&session->corpus, saved->character, saved->characters, error)) &&
           trainer_init(&session->trainer, settings, &session->corpus, error) &&
           (!saved || checkpoint_restore(saved, &session->trainer, error)) &&
           history_init(&session->history, &session->trainer, HISTORY_BYTES, error) &&
           known_init(&session->known, &session->corpus, error) &&
           sampler_init(&session->sampler, settings, corpus_vocab(&session->corpus), error) &&
           sampler_hurry(&session->sampler, settings, NULL, error);
}

static bool init_writing(Session *session, Error *error)
{
    session->texts = sys_alloc(SESSION_MARKS + 1, sizeof *session->texts);
    session->mean_loss =
        sys_alloc((size_t)session->trainer.settings.steps, sizeof *session->mean_loss);
    session->grad_norm =
        sys_alloc((size_t)session->trainer.settings.steps, sizeof *session->grad_norm);
    if (!session->texts || !session->mean_loss || !session->grad_norm)
        return error_set(error, "out of memory for the session");
    forget_grad_norms(session, 0);
    fill_means(session);
    return true;
}

/* A saved session whose documents are not the program's begins with a line that says where they
 * are (app/keep.h). */
static bool read_data_line(const char *lines, char data[SESSION_DATA_BYTES], Error *error)
{
    static const char word[] = "data ";

    if (!lines || strncmp(lines, word, sizeof word - 1) != 0)
        return true;
    const char *path = lines + sizeof word - 1;
    const size_t length = strcspn(path, "\n");
    if (length == 0 || length >= SESSION_DATA_BYTES)
        return error_set(error, "session: %.60s: expected a file", path);
    memcpy(data, path, length);
    data[length] = '\0';
    return true;
}

bool session_init(Session *session, const Settings *settings, const char *data_path,
                  const char *load_path, Error *error)
{
    Checkpoint saved = {0};

    *session = (Session){0};
    bool done = (!load_path || checkpoint_read(&saved, load_path, error)) &&
                read_data_line(saved.session, session->data, error) &&
                corpus_read(&session->corpus, session->data[0] ? session->data : data_path,
                            error) &&
                init_run(session, load_path ? &saved.settings : settings, load_path ? &saved : NULL,
                         error) &&
                init_writing(session, error);
    session->kept = saved.session;
    session->kept_begin = saved.begin;
    session->kept_begins = saved.begins;
    saved.session = NULL;
    saved.begin = NULL;
    checkpoint_release(&saved);
    if (!done)
        session_release(session);
    return done;
}

bool session_init_again(Session *session, const Settings *settings, const Corpus *documents,
                        const Checkpoint *saved, Error *error)
{
    *session = (Session){0};
    if (corpus_copy(&session->corpus, documents, error) &&
        init_run(session, settings, saved, error) && init_writing(session, error))
        return true;
    session_release(session);
    return false;
}

void session_adopt(Session *session, const Session *saved)
{
    const Trainer *from = &saved->trainer;
    const double *frame = saved->history.frame;
    const size_t params = (size_t)from->gpt.params;

    memcpy(session->trainer.loss, from->loss, (size_t)from->at.step * sizeof *from->loss);
    history_adopt(&session->history, saved->history.begin.step, frame, frame + params,
                  frame + 2 * params, saved->history.start + 3 * params);
    fill_means(session);
}

void session_release(Session *session)
{
    findings_release(&session->findings);
    sampler_release(&session->sampler);
    known_release(&session->known);
    history_release(&session->history);
    trainer_release(&session->trainer);
    corpus_release(&session->corpus);
    sys_free(session->texts);
    sys_free(session->mean_loss);
    sys_free(session->grad_norm);
    sys_free(session->kept);
    sys_free(session->kept_begin);
    *session = (Session){0};
}

void session_replace(Session *session, Session *by)
{
    by->changes = session->changes + 1;
    session_release(session);
    findings_release(&by->findings); /* they point into it; they are soon found again */
    *session = *by;
    session->trainer.corpus = session->known.corpus = &session->corpus;
    session->history.trainer = &session->trainer;
    *by = (Session){0};
}

/* ---- what the model writes ------------------------------------------------------------------- */

int64_t session_mark_steps(const Session *session)
{
    return (session->trainer.settings.steps + SESSION_MARKS - 1) / SESSION_MARKS;
}

/* The set of the last mark that is not after this moment. */
static SessionTexts *current_set(const Session *session)
{
    return &session->texts[session->trainer.at.step / session_mark_steps(session)];
}

bool session_must_write(const Session *session)
{
    Moment at = session->trainer.at;

    return at.phase == PHASE_DONE && at.step % session_mark_steps(session) == 0 &&
           current_set(session)->count < SESSION_TEXTS;
}

/* Keeps the text that the sampler has just ended. */
static void keep_text(Session *session, SessionTexts *set)
{
    const Sampler *sampler = &session->sampler;
    char *bytes = set->text[set->count].bytes;
    size_t length = 0;

    for (int i = 1; i < sampler->length && length + 4 < SESSION_TEXT_BYTES; i++)
        length +=
            (size_t)corpus_encode(session->corpus.character[sampler->token[i]], bytes + length);
    bytes[length] = '\0';
    set->text[set->count].known = known_has(&session->known, bytes, length);
    set->count++;
}

/* Nobody keeps the dice of a half-written set. */
static void leave_set(Session *session)
{
    if (session->under_way && session->under_way->count < SESSION_TEXTS)
        session->under_way->count = 0;
    session->under_way = NULL;
    session->writing = false;
}

static void begin_set(Session *session, SessionTexts *set)
{
    leave_set(session);
    session->under_way = set;
    set->step = session->trainer.at.step;
    set->count = 0;
    session->dice = session->trainer.rng;
}

/* One token of the set that is due, or what comes before and after a text. */
static void write_token(Session *session)
{
    SessionTexts *set = current_set(session);

    if (session->under_way != set)
        begin_set(session, set);
    if (!session->writing) {
        gpt_choose(&session->sampler.gpt, &session->trainer.settings);
        sampler_begin(&session->sampler, session->trainer.value);
        session->writing = true;
    } else if (!sampler_next(&session->sampler, session->trainer.settings.temperature,
                             &session->dice)) {
        keep_text(session, set);
        session->writing = false;
    }
}

const SessionTexts *session_texts(const Session *session, int back)
{
    int64_t mark = session->trainer.at.step / session_mark_steps(session) - back;

    if (mark >= 0 && back == 0 && session->texts[mark].count == 0)
        mark--; /* it has only just come up */
    return mark >= 0 && session->texts[mark].count > 0 ? &session->texts[mark] : NULL;
}

/* ---- moving ---------------------------------------------------------------------------------- */

/* The first mark on the way to target whose texts are not written yet: nothing may pass it. */
static Moment next_stop(const Session *session, Moment target)
{
    const int64_t spacing = session_mark_steps(session), last = session->trainer.settings.steps;

    for (int64_t mark = session->trainer.at.step / spacing + 1; mark * spacing <= last; mark++) {
        Moment stop = {mark * spacing, PHASE_DONE, 0};
        if (moment_compare(stop, target) >= 0)
            break;
        if (session->texts[mark].count < SESSION_TEXTS)
            return stop;
    }
    return target;
}

Approach session_approach(Session *session, Moment target, int64_t operations)
{
    const Moment stop = next_stop(session, target);

    if (session_must_write(session)) {
        write_token(session);
        return APPROACH_MOVING;
    }
    Approach approach = history_approach(&session->history, stop, operations);
    fill_means(session);
    keep_grad_norm(session);
    leave_set(session);
    if (approach == APPROACH_ARRIVED &&
        (session_must_write(session) || moment_compare(stop, target) < 0))
        return APPROACH_MOVING;
    return approach;
}

bool session_seek(Session *session, Moment target, Error *error)
{
    Approach approach;

    do
        approach = session_approach(session, target, INT64_MAX);
    while (approach == APPROACH_MOVING);
    if (approach == APPROACH_ARRIVED)
        return true;
    char first[320];
    failure_describe(&session->history, first, sizeof first);
    return error_set(error, "the loss is not a number any more, the run ends there; the first: %s",
                     first);
}

bool session_go(Session *session, const char *moment, Error *error)
{
    const int64_t steps = session->trainer.settings.steps;
    MomentName name;

    if (!moment_parse(moment, &name, error))
        return false;
    if (name.at_end)
        name = (MomentName){.at = {steps, PHASE_DONE, 0}};
    if (name.at.step > steps)
        return error_set(error, "%.60s: the run has %lld steps", moment, (long long)steps);
    /* First to its step, with all the texts that are written on the way. */
    Moment before = session->trainer.at, step = {name.at.step, PHASE_DONE, 0};
    bool there = (moment_compare(step, before) <= 0 || session_seek(session, step, error)) &&
                 history_go(&session->history, &name, error) &&
                 session_seek(session, session->trainer.at, error);
    if (!there)
        history_seek(&session->history, before);
    return there;
}

static void forget_after(Session *session, Moment at)
{
    int64_t mark = at.step / session_mark_steps(session) + 1;

    if (at.phase == PHASE_DONE && at.step % session_mark_steps(session) == 0)
        mark--;
    session->changes++;
    for (; mark <= SESSION_MARKS; mark++)
        session->texts[mark].count = 0;
    session->means = session->means < at.step ? session->means : at.step;
    forget_grad_norms(session, at.step);
    findings_forget(&session->findings, &session->history);
    leave_set(session);
}

void session_forget(Session *session)
{
    forget_after(session, session->trainer.at);
}

bool session_revise(Session *session, EventKind kind, int32_t index, double number, Moment *at,
                    Error *error)
{
    if (!history_revise(&session->history, kind, index, number, at, error))
        return false;
    forget_after(session, *at);
    fill_means(session);
    keep_grad_norm(session);
    return true;
}
