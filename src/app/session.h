/* Session: the run that is being watched, and what it writes along the way.
 *
 * The texts are written from a copy of the parameters with a copy of the run's random numbers: always the same dice, so
 * that two sets of texts differ by what was learnt and by nothing else, and the run itself is never disturbed. */
#ifndef GPTOSCOPE_APP_SESSION_H
#define GPTOSCOPE_APP_SESSION_H

#include "engine/sampler.h"
#include "engine/trainer.h"

enum { SESSION_TEXTS = 20, SESSION_TEXT_BYTES = 128, SESSION_SETS = 2 };

/* Texts written with the parameters of one step. */
typedef struct SessionTexts {
    int64_t step;
    int count; /* finished so far, of SESSION_TEXTS */
    char text[SESSION_TEXTS][SESSION_TEXT_BYTES];
    bool known[SESSION_TEXTS]; /* is a document of the data */
} SessionTexts;

typedef struct Session {
    Settings settings;
    Corpus corpus;
    Trainer trainer;
    Sampler sampler;
    Rng dice;                         /* of the set being written */
    SessionTexts texts[SESSION_SETS]; /* [0] the latest, still growing; [1] the one before */
    uint32_t *sorted;                 /* documents by text, for `known`; owned */
} Session;

/* Reads the documents and makes the run; load_path (or NULL) is a saved run to go on from, whose settings then hold. */
bool session_init(Session *session, const Settings *settings, const char *data_path, const char *load_path,
                  Error *error);
void session_release(Session *session);

/* Starts a new set of texts with the parameters as they are now; the one before it is kept. */
void session_write_anew(Session *session);

/* Draws one more token of the set being written. Returns false when all its texts are finished. */
bool session_write_token(Session *session);

/* Whether a text is one of the documents. */
bool session_knows(const Session *session, const char *text, size_t length);

#endif
