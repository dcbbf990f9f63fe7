/* Edited: the step as it would be without the reader's latest change, beside the step as it is.
 *
 *     before   3 ── forward ─────────── backward ── update ── 4      a second trainer: the same operations
 *                          │                                         without that change
 *     now      3 ── forward ●────────── backward ── update ── 4      the run that is watched
 *
 * The second trainer follows the run to every moment of that step, in pieces, so the same numbers can
 * be held against each other (app/contrast.h): what the change has changed, and how far it spread. It
 * has gone through the whole step once, so it knows the loss without the change, and the slope by the
 * number that was changed: what the change of the loss should be, were the loss a straight line.
 *
 * It holds from the change to the end of its step (of the step that follows, where the change was
 * made between two), until the next change, undo, or another run. Going back before the change there
 * is nothing to compare; forward again, there is. */
#ifndef GPTOSCOPE_APP_EDITED_H
#define GPTOSCOPE_APP_EDITED_H

#include "app/answer.h"
#include "app/contrast.h"
#include "app/session.h"

/* The second trainer, with its own order of documents; the texts are shared. */
typedef struct EditedStep {
    Corpus corpus;
    Trainer trainer;
    History history;
    bool runs;
} EditedStep;

typedef struct Edited {
    bool on;
    char name[FOCUS_TEXT_BYTES]; /* what was changed, as it is written */
    EventKind kind;
    int32_t index;
    double before, after;
    Moment at;        /* the change */
    double loss;      /* of its step without it; NaN: that has none, at the end of the run */
    double slope;     /* of that loss by the number; NaN: it has none (a token, an option) */
    double foretold;  /* the loss with it, found apart from the run; NaN: not found */
    int64_t changes;  /* of the session, with it: after another one it does not hold */
    EditedStep *step; /* owned, or NULL */
} Edited;

/* What the change has changed at this moment. */
typedef struct EditedCount {
    int64_t changed, all; /* of the numbers that are computed in both */
} EditedCount;

typedef struct EditedSpread {
    EditedCount values, grads, params;
    int32_t first, last;  /* nodes whose values differ; -1: none */
    int32_t most;         /* the one that differs most; -1 */
    double before, after; /* its values */
} EditedSpread;

/* Makes the second trainer of a change that is about to be made: name, kind, index and `after` are
 * given, `at` where it belongs (engine/history.h). false: there is no memory, and so nothing to
 * compare. */
bool edited_take(Edited *edited, const Session *session, const char *name, EventKind kind,
                 int32_t index, double after);

/* The change is made: from now on it holds. */
void edited_begin(Edited *edited, const Session *session);

void edited_release(Edited *edited, Contrast *contrast);

/* Whether there is something to compare at the session's moment. */
bool edited_holds(const Edited *edited, const Session *session);

/* Brings the second trainer to the session's moment, and the contrast with it; a piece of at most so
 * many operations. edited_lags: there is something to be done. */
bool edited_lags(const Edited *edited, const Session *session);
void edited_follow(Edited *edited, const Session *session, Contrast *contrast, int64_t operations);

/* Both stand at the same moment. edited_settle sees to that, however long it takes. */
bool edited_is_here(const Edited *edited, const Session *session);
void edited_settle(Edited *edited, const Session *session, Contrast *contrast);

EditedSpread edited_spread(const Edited *edited, const Trainer *now);

/* Says in lines and members what the change did at this moment: how far it spread, what became of the
 * loss, and what the gradient had foretold. */
struct App;
void edited_tell(const struct App *app, Answer *answer);

/* What a number was before the change, by its name. Returns false where it is no other, hidden, or no
 * name of one number. edited_tell_before adds it as a line and as the member "before". */
bool edited_before(const struct App *app, const char *name, double *before);
void edited_tell_before(const struct App *app, const char *name, Answer *answer);

/* The loss of that step in the run: computed there, or foretold; NaN: not known. */
double edited_loss_now(const Edited *edited, const Trainer *now);

#endif
