#include "app/session.h"

#include "engine/checkpoint.h"
#include "engine/sys.h"
#include <string.h>

static bool init_run(Session *session, const Checkpoint *saved, Error *error)
{
    return (!saved || corpus_adopt(&session->corpus, saved->character, saved->characters, error)) &&
           trainer_init(&session->trainer, &session->settings, &session->corpus, error) &&
           (!saved || checkpoint_restore(saved, &session->trainer, error)) &&
           known_init(&session->known, &session->corpus, error) &&
           sampler_init(&session->sampler, &session->settings, corpus_vocab(&session->corpus), error);
}

int64_t session_mean_steps(const Session *session)
{
    return session_mark_steps(session);
}

/* The mean is formed anew for each step: a sum carried along would drift. */
static void fill_means(Session *session)
{
    const double *loss = session->trainer.loss;

    for (; session->means < session->trainer.at.step; session->means++) {
        int64_t first = session->means + 1 - session_mean_steps(session);
        double sum = 0;
        first = first < 0 ? 0 : first;
        for (int64_t i = first; i <= session->means; i++)
            sum += loss[i];
        session->mean_loss[session->means] = sum / (double)(session->means + 1 - first);
    }
}

bool session_init(Session *session, const Settings *settings, const char *data_path, const char *load_path,
                  Error *error)
{
    Checkpoint saved = {0};

    *session = (Session){.settings = *settings};
    bool done = !load_path || checkpoint_read(&saved, load_path, error);
    if (done && load_path)
        session->settings = saved.settings;
    done = done && corpus_read(&session->corpus, data_path, error) &&
           init_run(session, load_path ? &saved : NULL, error);
    checkpoint_release(&saved);
    if (done) {
        session->texts = sys_alloc(SESSION_MARKS + 1, sizeof *session->texts);
        session->mean_loss = sys_alloc((size_t)session->settings.steps, sizeof *session->mean_loss);
        done = (session->texts && session->mean_loss) || error_set(error, "out of memory for the session");
        if (done)
            fill_means(session);
    }
    if (!done)
        session_release(session);
    return done;
}

void session_release(Session *session)
{
    sampler_release(&session->sampler);
    known_release(&session->known);
    trainer_release(&session->trainer);
    corpus_release(&session->corpus);
    sys_free(session->texts);
    sys_free(session->mean_loss);
    *session = (Session){0};
}

/* ---- what the model writes ------------------------------------------------------------------------------------ */

int64_t session_mark_steps(const Session *session)
{
    return (session->settings.steps + SESSION_MARKS - 1) / SESSION_MARKS;
}

static SessionTexts *latest(Session *session)
{
    return &session->texts[session->sets - 1];
}

static bool set_is_due(const Session *session)
{
    Moment at = session->trainer.at;

    if (at.phase != PHASE_DONE || at.step % session_mark_steps(session) != 0)
        return false;
    return session->sets == 0 || session->texts[session->sets - 1].step < at.step;
}

bool session_must_write(const Session *session)
{
    return set_is_due(session) ||
           (session->sets > 0 && session->texts[session->sets - 1].count < SESSION_TEXTS);
}

/* Keeps the text that the sampler has just ended. */
static void keep_text(Session *session)
{
    SessionTexts *set = latest(session);
    const Sampler *sampler = &session->sampler;
    char *bytes = set->text[set->count].bytes;
    size_t length = 0;

    for (int i = 1; i < sampler->length && length + 4 < SESSION_TEXT_BYTES; i++)
        length += (size_t)corpus_encode(session->corpus.character[sampler->token[i]], bytes + length);
    bytes[length] = '\0';
    set->text[set->count].known = known_has(&session->known, bytes, length);
    set->count++;
}

void session_write(Session *session)
{
    if (set_is_due(session)) {
        session->sets++;
        *latest(session) = (SessionTexts){.step = session->trainer.at.step};
        session->dice = session->trainer.rng;
        sampler_begin(&session->sampler, session->trainer.value);
        session->writing = true;
    } else if (!session->writing) {
        sampler_begin(&session->sampler, NULL);
        session->writing = true;
    } else if (!sampler_next(&session->sampler, session->settings.temperature, &session->dice)) {
        keep_text(session);
        session->writing = false;
    }
}

const SessionTexts *session_texts(const Session *session, int back)
{
    return session->sets > back ? &session->texts[session->sets - 1 - back] : NULL;
}

/* ---- moving on ------------------------------------------------------------------------------------------------- */

bool session_advance(Session *session, int64_t operations)
{
    if (session_must_write(session)) {
        session_write(session);
        return true;
    }
    bool moved = trainer_advance(&session->trainer, operations) > 0;
    fill_means(session);
    return moved;
}
