/* Since: the parameters of a chosen moment, kept to compare with: how far has each come since then?
 *
 * Without a choice it is the moment where the run begins, whose parameters the history keeps
 * anyway. The copy stays what it was when the run is changed later. */
#ifndef GPTOSCOPE_APP_SINCE_H
#define GPTOSCOPE_APP_SINCE_H

#include "engine/history.h"

typedef struct Since {
    double *value; /* [params] owned; NULL: nothing is chosen */
    Moment at;     /* when the copy was made */
} Since;

/* Forgets the choice. */
void since_release(Since *since);

/* Keeps the parameters of where the history stands. Errors: memory. */
bool since_keep(Since *since, const History *history, Error *error);

/* Keeps those of a moment as it is written, which is not after where the history stands; the
 * history stands there again afterwards. Errors: there is none such; it has not come yet;
 * memory. */
bool since_keep_moment(Since *since, History *history, const char *moment, Error *error);

/* [params] what change is counted from, and the moment that it is of. */
const double *since_base(const Since *since, const History *history);
Moment since_moment(const Since *since, const History *history);

#endif
