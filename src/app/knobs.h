/* Knobs: the whole run trained anew, again and again, while a setting is turned.
 *
 *     a key --> turned settings --> a course beside the screen --> curve, losses, texts, attention
 *
 *     own    the session's settings, trained once: the ghost that is always there
 *     kept   another ghost, if the reader has kept one
 *     shown  the latest run that is finished; of a slow one meanwhile what there is of it (growing)
 *
 * The newest settings win. A run that is soon done is let go on and shown on the way; one that
 * takes long is stopped as soon as other settings are wanted. While the panel is open the session
 * stands still, and nothing in it is touched; only adopting makes the turned settings a session of
 * their own, from its beginning. The documents are copied, so that courses can read them whatever
 * becomes of the session. */
#ifndef GPTOSCOPE_APP_KNOBS_H
#define GPTOSCOPE_APP_KNOBS_H

#include "app/answer.h"
#include "app/knob.h"
#include "app/pool.h"
#include "engine/course.h"
#include "engine/gaze.h"

struct App;

enum {
    KNOBS_TEXTS = 10,
    KNOBS_LAST = 100,   /* steps that the mean training loss is of */
    KNOBS_POINTS = 512, /* of a smoothed curve, at the most */
    KNOBS_LETTERS = 5,  /* of the text whose attention is shown, where there is one so short */
    KNOBS_WORKERS = 2,  /* runs at the same time */
    KNOBS_SLOTS = KNOBS_WORKERS + 4,
    KNOBS_TYPED = 24,
    KNOBS_TIMES = 64
};

typedef struct KnobsRun {
    int64_t number; /* in the order of asking, from 1 */
    Course course;
    Gaze gaze;
    atomic_bool over;           /* both are */
    double begun;               /* in seconds of sys_seconds */
    int points;                 /* of the curve, so far */
    double curve[KNOBS_POINTS]; /* mean of the last losses, a twentieth of the run */
} KnobsRun;

typedef struct Knobs {
    bool on;
    Settings base, turned;   /* as the session has them, and as they are turned */
    int row;                 /* the knob that keys turn; stays when the panel is left */
    char typed[KNOBS_TYPED]; /* a number for it, as far as it is typed */
    bool sure;               /* adopting was asked for once: the next time it is done */
    int64_t number;          /* of the newest settings */
    bool waiting;            /* no run is begun with them yet */
    Error error;             /* why none could be begun; "": it could */
    KnobsRun *run;           /* [KNOBS_SLOTS] owned */
    KnobsRun *own, *kept, *shown, *growing; /* NULL: there is none */
    KnobsRun *running[KNOBS_WORKERS];
    int64_t shown_number; /* of the settings that it is shown for */
    int *token;           /* the text whose attention is shown; owned */
    int positions;
    Pool pool;
    Corpus documents;         /* owned */
    bool owes;                /* where there is no screen: an answer, when all is done */
    double due;               /* when to look again */
    bool by_keys;             /* settings are turned by keys: it is measured how fast runs follow */
    double time[KNOBS_TIMES]; /* when runs were shown, round and round */
    int64_t times;
    double rate; /* runs a second that were shown while a key was held; 0: not measured */
} Knobs;

/* Opens the panel, where it is not open, with the session's settings; the session stands still.
 * Errors: memory. */
bool knobs_open(struct App *app, Error *error);

/* Leaves it: all is as it was before. */
void knobs_close(struct App *app);
void knobs_release(Knobs *knobs);

/* The knob with the cursor. */
Knob knobs_knob(const Knobs *knobs);

/* Turns it; knobs_set sets any setting, as settings_parse reads it. Errors: settings_parse's,
 * settings that no run can have. */
void knobs_turn(struct App *app, int notches);
void knobs_cycle(struct App *app); /* as knob_cycle */
bool knobs_set(struct App *app, const SettingInfo *info, const char *text, Error *error);

/* Back to the session's: the knob with the cursor, or all. */
void knobs_reset(struct App *app, bool all);

/* Keeps what is shown as a ghost, or lets it go where it is that already. Says so. */
const char *knobs_keep(struct App *app);

/* Makes a session of the turned settings, at its beginning, in the place of the one there is, and
 * leaves. Errors: memory; nothing has changed then. */
bool knobs_adopt(struct App *app, Error *error);

/* Whether it looks for what courses have brought, and from when; and looks, until done or `until`.
 * Returns whether anything came. */
bool knobs_wants_work(const struct App *app, double *from);
bool knobs_work(struct App *app, double until);

/* ---- reading --------------------------------------------------------------------------------- */

/* Whether the turned settings are those that are shown, and whole. */
bool knobs_settled(const Knobs *knobs);

/* The run that is drawn now, and the one that it is held against; NULL: none yet. */
const KnobsRun *knobs_seen(const Knobs *knobs);
const KnobsRun *knobs_ghost(const Knobs *knobs);

/* Steps between two points of a run's curve; the first is of so many. */
double knobs_spacing(const KnobsRun *run);

/* Mean of the last KNOBS_LAST losses, or the loss on documents held out: NaN where there is none,
 * or where the run came to no end. */
double knobs_last(const KnobsRun *run);
double knobs_heldout(const KnobsRun *run);

/* How many settings are turned; whether one is. */
int knobs_turned(const Knobs *knobs);
bool knobs_is_turned(const Knobs *knobs, const SettingInfo *info);

/* "lr 0.02, n_embd 32": those that are, as far as there is room. Returns text. */
const char *knobs_list(const Knobs *knobs, char *text, size_t size);

/* A setting as people read it: "0.01", "on". Returns text. */
const char *knobs_print(const Settings *settings, const SettingInfo *info, char text[64]);

/* Everything in words and numbers, once it is settled. */
void knobs_tell(const struct App *app, Answer *answer);

/* ---- keys ------------------------------------------------------------------------------------ */

/* The panel's own keys, as the bottom line shows them: those of one label together. */
typedef struct KnobsKey {
    const char *key, *label; /* NULL: a second key for the same */
    int rank;                /* the lower, the later it is left out where there is no room */
    void (*act)(struct App *app, int by);
    int by;
} KnobsKey;

extern const KnobsKey knobs_keys[];
extern const int knobs_key_count;

/* Returns whether the key was one of its own; those for the prompt and the help page are not. */
bool knobs_key(struct App *app, const char *key);

#endif
