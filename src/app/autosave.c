#include "app/autosave.h"

#include "app/app.h"
#include "app/keep.h"
#include "engine/sys.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- places ---------------------------------------------------------------------------------- */

/* FNV-1a. That two texts of documents have the same digest by chance is no danger: a run goes on
 * only with its own alphabet. */
static uint64_t digest(const Corpus *corpus)
{
    uint64_t bits = 0xcbf29ce484222325u;

    for (int64_t i = 0; i < corpus->count; i++) {
        const char *text = corpus->text + corpus->document[i].start;
        for (uint32_t k = 0; k <= corpus->document[i].length; k++) {
            bits ^= k < corpus->document[i].length ? (unsigned char)text[k] : '\n';
            bits *= 0x100000001b3u;
        }
    }
    return bits;
}

static bool find_path(const Autosave *autosave, int place, char path[PATHS_BYTES])
{
    char name[64];

    snprintf(name, sizeof name, "session-%016" PRIx64 "-%d.run", autosave->data, place);
    return paths_state(name, path);
}

/* Each set of documents has locks of its own; where two share them, both still have a place. */
static int64_t lock_of(const Autosave *autosave, int place)
{
    return (int64_t)(autosave->data >> 16) * AUTOSAVE_PLACES + place;
}

/* When the file of a place was written, 0 where there is none; -1: the place is another's. */
static double take_place(const Autosave *autosave, int place)
{
    char path[PATHS_BYTES];

    if (!sys_take_lock(autosave->locks, lock_of(autosave, place)))
        return -1;
    return find_path(autosave, place, path) ? sys_file_time(path) : 0;
}

/* The newest file is offered. A place without one is taken, or the oldest where all are full. */
static void choose_places(Autosave *autosave)
{
    double time[AUTOSAVE_PLACES];
    int own = -1, newest = -1;

    for (int i = 0; i < AUTOSAVE_PLACES; i++) {
        time[i] = take_place(autosave, i);
        if (time[i] > 0 && (newest < 0 || time[i] > time[newest]))
            newest = i;
    }
    for (int i = 0; i < AUTOSAVE_PLACES; i++)
        if (time[i] >= 0 && i != newest && (own < 0 || time[i] < time[own]))
            own = i;
    for (int i = 0; i < AUTOSAVE_PLACES; i++)
        if (time[i] >= 0 && i != newest && i != own)
            sys_give_lock(autosave->locks, lock_of(autosave, i));
    autosave->place = own;
    autosave->offered = newest;
}

static bool open_locks(Autosave *autosave, Error *error)
{
    char path[PATHS_BYTES], folder[PATHS_BYTES];

    if (!paths_state("sessions.lock", path))
        return error_set(error, "no home folder is known");
    snprintf(folder, sizeof folder, "%.*s", (int)(strrchr(path, '/') - path), path);
    if (!sys_make_folder(folder, error))
        return false;
    sys_sweep(path);
    autosave->locks = sys_open_locks(path, error);
    return autosave->locks >= 0;
}

/* ---- what has changed ------------------------------------------------------------------------ */

static void mark(const App *app, int64_t marks[AUTOSAVE_MARKS])
{
    const History *history = &app->session.history;
    const Moment at = app->session.trainer.at;
    const int64_t now[AUTOSAVE_MARKS] = {at.step,
                                         at.phase,
                                         at.n,
                                         app->session.changes,
                                         history->serial,
                                         history->events,
                                         app->watches.count,
                                         app->unit,
                                         app->branches.count,
                                         app->branches.current};

    memcpy(marks, now, sizeof now);
}

static bool has_changed(const App *app)
{
    int64_t now[AUTOSAVE_MARKS];

    mark(app, now);
    return memcmp(now, app->autosave.saved, sizeof now) != 0;
}

/* Whether what is on the screen is what was begun with. */
static bool is_own_work(const App *app)
{
    return !app->tutor.open && digest(&app->session.corpus) == app->autosave.data;
}

/* ---- saving ---------------------------------------------------------------------------------- */

/* On a thread: from here to finish_writing it alone has the writer and the error. */
static void write_file(void *context)
{
    Autosave *autosave = context;

    autosave->failed = !safetensors_save(&autosave->writer, autosave->path, &autosave->error);
}

/* Hands what is on the screen over to be written. */
static void start_writing(App *app, double now)
{
    Autosave *autosave = &app->autosave;

    autosave->next = now + AUTOSAVE_SECONDS;
    mark(app, autosave->saved);
    if (!find_path(autosave, autosave->place, autosave->path))
        return;
    autosave->writing = true;
    autosave->failed = false;
    if (!keep_write(app, &autosave->writer, autosave->path, &autosave->error))
        autosave->failed = true;
    else if (!pool_add(&autosave->pool, write_file, autosave, NULL))
        write_file(autosave);
}

/* Takes back what was handed over, once it is written. Returns whether a failure is to be told. */
static bool finish_writing(Autosave *autosave)
{
    const bool news = autosave->failed && !autosave->told;

    autosave->writing = false;
    autosave->told = autosave->failed;
    safetensors_end(&autosave->writer);
    return news;
}

static void wait_for_writing(Autosave *autosave)
{
    while (!pool_wait(&autosave->pool, 60))
        continue;
    if (autosave->writing)
        finish_writing(autosave);
}

bool autosave_is_due(const App *app, double *from)
{
    const Autosave *autosave = &app->autosave;
    const double glance = 0.1; /* seconds between two looks at the thread */

    if (autosave->wanted != autosave->open) {
        *from = 0;
        return true;
    }
    if (!autosave->open)
        return false;
    *from = autosave->writing ? sys_seconds() + glance : autosave->next;
    return autosave->writing || has_changed(app);
}

static void say_failure(App *app, const Error *error)
{
    app_say(app, true, "the session is not kept: %.400s", error->text);
}

static bool begin_or_end(App *app)
{
    Error error;

    if (app->autosave.wanted ? autosave_begin(app, &error) : autosave_end(app, true, &error))
        return false;
    say_failure(app, &error);
    return true;
}

bool autosave_work(App *app, double now)
{
    Autosave *autosave = &app->autosave;
    bool said = false;

    if (autosave->wanted != autosave->open)
        return begin_or_end(app);
    if (autosave->writing && pool_unfinished(&autosave->pool) == 0)
        said = finish_writing(autosave);
    if (said)
        say_failure(app, &autosave->error);
    if (!autosave->open || autosave->writing || now < autosave->next || !has_changed(app))
        return said;
    if (is_own_work(app))
        start_writing(app, now);
    else
        autosave->next = now + AUTOSAVE_SECONDS;
    return said;
}

/* ---- from beginning to end ------------------------------------------------------------------- */

bool autosave_begin(App *app, Error *error)
{
    Autosave *autosave = &app->autosave;

    *autosave = (Autosave){.offered = -1};
    if (!open_locks(autosave, error))
        return false;
    autosave->data = digest(&app->session.corpus);
    choose_places(autosave);
    pool_init(&autosave->pool, 1);
    autosave->next = sys_seconds() + AUTOSAVE_SECONDS;
    mark(app, autosave->saved);
    autosave->wanted = autosave->open = autosave->place >= 0;
    if (autosave->open)
        return true;
    sys_close_locks(autosave->locks);
    return error_set(error, "%d sessions with these documents are open", AUTOSAVE_PLACES);
}

static void remove_place(const Autosave *autosave, int place)
{
    char path[PATHS_BYTES];

    if (find_path(autosave, place, path))
        sys_remove_file(path, NULL);
    sys_give_lock(autosave->locks, lock_of(autosave, place));
}

bool autosave_end(App *app, bool in_order, Error *error)
{
    Autosave *autosave = &app->autosave;

    if (!autosave->open)
        return true;
    wait_for_writing(autosave);
    autosave->failed = false;
    if (in_order)
        remove_place(autosave, autosave->place);
    else if (has_changed(app) && is_own_work(app))
        start_writing(app, 0);
    wait_for_writing(autosave);
    pool_release(&autosave->pool);
    sys_close_locks(autosave->locks);
    const bool kept = !autosave->failed;
    if (!kept)
        error_set(error, "the session is not kept: %.400s", autosave->error.text);
    *autosave = (Autosave){.offered = -1};
    return kept;
}

/* ---- going on -------------------------------------------------------------------------------- */

bool autosave_offers(const App *app)
{
    return app->autosave.open && app->autosave.offered >= 0;
}

static bool find_offer(const App *app, char path[PATHS_BYTES], Error *error)
{
    return (autosave_offers(app) && find_path(&app->autosave, app->autosave.offered, path)) ||
           error_set(error, "there is no interrupted session with these documents");
}

/* Its place becomes the session's own: were it removed now, a death before the next save would lose
 * it. */
bool autosave_resume(App *app, Error *error)
{
    Autosave *autosave = &app->autosave;
    char path[PATHS_BYTES];

    if (!find_offer(app, path, error))
        return false;
    wait_for_writing(autosave);
    if (!keep_load(app, path, error))
        return false;
    remove_place(autosave, autosave->place);
    autosave->place = autosave->offered;
    autosave->offered = -1;
    mark(app, autosave->saved);
    return true;
}

bool autosave_forget(App *app, Error *error)
{
    Autosave *autosave = &app->autosave;
    char path[PATHS_BYTES];

    if (!find_offer(app, path, error) || !sys_remove_file(path, error))
        return false;
    sys_give_lock(autosave->locks, lock_of(autosave, autosave->offered));
    autosave->offered = -1;
    return true;
}
