/* Beginning: what a run begins from, to begin it again.
 *
 *     settings alone             fresh parameters by the seed, at moment 0
 *     settings and a saved run   the numbers of that run's file, where it was loaded
 *
 * Which documents it reads it names, by the path of their file; who opens it brings them. With the
 * same documents a beginning gives the same bits as often as it is opened. */
#ifndef GPTOSCOPE_APP_BEGINNING_H
#define GPTOSCOPE_APP_BEGINNING_H

#include "app/session.h"

typedef struct Beginning {
    Settings settings;
    char data[SESSION_DATA_BYTES]; /* as Session.data */
    Checkpoint *saved; /* owned; NULL: it begins at moment 0 */
} Beginning;

/* A beginning of a run like that of `fresh`, at a step, from its numbers there: value, m, v and
 * gradient of every parameter one behind the other, then the losses of the steps before. Errors:
 * memory. */
bool beginning_make(Beginning *beginning, const Session *fresh, int64_t step, const double *numbers,
                    Error *error);

/* The same numbers back: 4 params + step of them, as many as beginning_numbers says. */
int64_t beginning_numbers(const Beginning *beginning);
void beginning_write(const Beginning *beginning, double *numbers);

/* That of a session. Errors: memory. */
bool beginning_keep(Beginning *beginning, const Session *session, Error *error);
bool beginning_copy(Beginning *copy, const Beginning *of, Error *error);
void beginning_release(Beginning *beginning);

/* Whether two runs begin alike; and whether a session begins so. */
bool beginning_same(const Beginning *a, const Beginning *b);
bool beginning_is_of(const Beginning *beginning, const Session *session);

/* A session that stands there. The documents, which are those of beginning->data, are copied. Errors: sizes, memory. */
bool beginning_open(const Beginning *beginning, const Corpus *documents, Session *session,
                    Error *error);

#endif
