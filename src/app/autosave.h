/* Autosave: the session on the screen, kept while it goes on, so that a program that was killed loses
 * half a minute and not an afternoon.
 *
 *     $XDG_STATE_HOME/gptoscope/session-DATA-0.run     an ordinary saved run; DATA: digest of the documents
 *                               session-DATA-1.run     of a second session that goes on at the same time
 *                               sessions.lock          which of them belong to a program that runs
 *
 * A session takes the first place that is free, and locks it; the system gives the lock back however
 * the program ends. So a file whose place is not locked is what an interrupted session has left: it
 * is offered, and `resume` goes on from it, taking over its place. A session that is left in order
 * removes its own file and no other.
 *
 * Saved is at most every 30 seconds, where something has changed. Numbers are copied between two
 * frames; digest, writing and flushing to disk, which may take long, are left to a thread. Nothing
 * is saved while a lesson is open, whose progress is kept by itself, or of other documents than
 * those the session began with. */
#ifndef GPTOSCOPE_APP_AUTOSAVE_H
#define GPTOSCOPE_APP_AUTOSAVE_H

#include "app/paths.h"
#include "app/pool.h"
#include "engine/safetensors.h"
#include <stdint.h>

enum { AUTOSAVE_PLACES = 8, AUTOSAVE_MARKS = 10 };

#define AUTOSAVE_SECONDS 30.0

struct App;

/* All zero: there is none, as in the modes without a screen. */
typedef struct Autosave {
    bool wanted, open;
    uint64_t data; /* digest of the documents */
    int locks;
    int place, offered;            /* of this session; of one that was interrupted, or -1 */
    int64_t saved[AUTOSAVE_MARKS]; /* what the file was made from */
    double next;                   /* not before then, in seconds of sys_seconds */
    bool writing;                  /* the thread has what follows */
    SafetensorsWriter writer;
    char path[PATHS_BYTES];
    bool failed, told;
    Error error;
    Pool pool;
} Autosave;

/* Takes a place, and looks for an interrupted session. Errors: no place to write to. */
bool autosave_begin(struct App *app, Error *error);

/* Ends it. in_order: the reader has left, and nothing is to be kept; else what there is now is
 * saved. Errors: that could not be done. */
bool autosave_end(struct App *app, bool in_order, Error *error);

/* From when autosave_work has something to do; false: not before something changes. */
bool autosave_is_due(const struct App *app, double *from);

/* Does what is due; a first failure is said. Returns whether something on the screen has changed. */
bool autosave_work(struct App *app, double now);

/* Whether an interrupted session waits. */
bool autosave_offers(const struct App *app);

/* Goes on from it, in the place of the session on the screen. Errors: there is none; those of
 * keep_load, the file then stays. */
bool autosave_resume(struct App *app, Error *error);

/* Removes what is offered. Errors: there is none; "PATH: reason". */
bool autosave_forget(struct App *app, Error *error);

#endif
