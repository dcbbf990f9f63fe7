/* Session: the run that is being watched, and what the model writes along the way.
 *
 * At every mark (a twentieth of the run) the model writes a set of texts, from a copy of its
 * parameters and with a copy of the run's random numbers: always the same dice, so that two sets
 * differ by what was learnt and by nothing else, and the run itself is never disturbed. A set is
 * written token by token, before training goes on: which texts there are at a moment depends on
 * that moment alone. */
#ifndef GPTOSCOPE_APP_SESSION_H
#define GPTOSCOPE_APP_SESSION_H

#include "app/findings.h"
#include "app/known.h"
#include "engine/checkpoint.h"
#include "engine/history.h"
#include "engine/sampler.h"

enum { SESSION_MARKS = 20, SESSION_TEXTS = 20, SESSION_TEXT_BYTES = 96, SESSION_DATA_BYTES = 1024 };

/* Texts written with the parameters of one step. */
typedef struct SessionTexts {
    int64_t step;
    int count; /* finished so far, of SESSION_TEXTS */
    struct {
        char bytes[SESSION_TEXT_BYTES]; /* UTF-8, cut at a whole character where it is longer */
        bool known;                     /* is one of the documents */
    } text[SESSION_TEXTS];
} SessionTexts;

typedef struct Session {
    Corpus corpus;
    char data[SESSION_DATA_BYTES]; /* where its documents are; "": where those of the program are */
    Trainer trainer;
    History history;
    Known known;
    Sampler sampler;
    Rng dice;            /* of the set being written */
    SessionTexts *texts; /* [SESSION_MARKS + 1]: set k is of step k session_mark_steps; owned */
    SessionTexts *under_way; /* the set that the dice are of, or NULL; it is whole, or begins anew where it was left */
    bool writing;        /* a text is under way */
    double *mean_loss;   /* [steps] mean of the last session_mean_steps losses up to each step; owned */
    int64_t means;       /* filled so far */
    double *grad_norm;   /* [steps] length of the gradient by all parameters, of each step that ran on
                            the tape here; NaN for those that are not known; owned */
    Findings findings;   /* what views ask for that takes longer than a frame */
    int64_t changes;     /* how often the run was made another one: by session_forget, session_replace */
    char *kept;          /* what a saved run brought along for the app (app/keep.h), or NULL; owned */
    double *kept_begin;  /* [kept_begins] numbers with which its branches begin, or NULL; owned */
    int64_t kept_begins;
} Session;

/* Reads the documents and makes the run, standing at moment 0; load_path (or NULL) is a saved run
 * to go on from, whose settings then hold, and the documents that it names, if it does. Errors: those
 * of the files, sizes, memory. */
bool session_init(Session *session, const Settings *settings, const char *data_path, const char *load_path,
                  Error *error);

/* A run of its own from the same documents, which are copied; saved may be NULL. Errors: sizes,
 * memory. */
bool session_init_again(Session *session, const Settings *settings, const Corpus *documents,
                        const Checkpoint *saved, Error *error);

/* Stands where `saved` begins, with its numbers and losses: it is known to come by there. Both have
 * the same sizes. */
void session_adopt(Session *session, const Session *saved);

void session_release(Session *session);

/* Releases a session and puts another in its place, which must not be used under its old name
 * again. */
void session_replace(Session *session, Session *by);

/* Whether texts are to be written before the run moves on. */
bool session_must_write(const Session *session);

/* The latest set of texts at this moment, or that `back` marks before it, or NULL. It may still be
 * growing. */
const SessionTexts *session_texts(const Session *session, int back);

/* Steps between two marks, and how many losses the smoothed curve averages. */
int64_t session_mark_steps(const Session *session);

/* Moves towards target by at most `operations` operations; or writes a token, where texts are to be
 * written. */
Approach session_approach(Session *session, Moment target, int64_t operations);

/* Goes there, however far. Errors: the run ends or fails before it. */
bool session_seek(Session *session, Moment target, Error *error);

/* Goes to a moment as it was written. Errors: there is none such; it then stands where it stood. */
bool session_go(Session *session, const char *moment, Error *error);

/* Makes a change where it belongs, and stands where it stood (history_revise). Errors: the change
 * cannot be; nothing is changed. */
bool session_revise(Session *session, EventKind kind, int32_t index, double number, Moment *at,
                    Error *error);

/* After a change at the moment where the session stands: texts and means of what comes after are of
 * another run. */
void session_forget(Session *session);

#endif
