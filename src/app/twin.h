/* Twins: other branches, each as a program of its own that stands where the reader's stands.
 *
 *     app            branch warm, the one that is watched      step 412.forward.17
 *      └ twins ──▶   branch main, its own session              step 412.forward.17, in its own numbers
 *
 * A twin is made when somebody asks for its branch: to see it beside (compare), for run.main.loss,
 * for diff. From then on it follows, in pieces, whenever the run has moved: the run itself waits
 * for no longer than a piece. Its bits are those that switching to the branch gives. Where graphs
 * differ, the same moment is that of the same place.
 *
 * A twin has what an app has, so every view can be drawn of it: what it looks at is what the reader
 * looks at. It is forgotten when its branch becomes the one that is watched, or is dropped. */
#ifndef GPTOSCOPE_APP_TWIN_H
#define GPTOSCOPE_APP_TWIN_H

#include "app/app.h"

typedef struct Twin {
    App *app;                       /* owned; NULL: this place is free */
    char branch[BRANCH_NAME_BYTES]; /* whose it is */
    double asked;                   /* when its numbers were last asked for, in seconds */
    bool bare;    /* only its numbers are asked for: no texts are written on the way */
    bool settled; /* it has come as far towards `at` as its run goes */
    Moment at;
} Twin;

typedef struct Twins {
    Twin twin[BRANCHES_LIMIT];
    bool failed; /* there is no memory for one more: none is made unasked */
} Twins;

bool twins_init(App *app, Error *error);
void twins_release(App *app);

/* Forgets the twin of a branch; all of them. */
void twins_forget(App *app, const char *branch);
void twins_forget_all(App *app);

/* Shows the current branch beside another, or (NULL) alone again. Errors: there is none such, or it
 * is the current one; memory. */
bool twins_compare(App *app, const char *branch, Error *error);

/* The app of the branch that is compared with, wherever it stands; NULL: none is. */
const App *twins_compared(const App *app);

/* Makes branch i the one that is watched, as branches_switch does, with all that hangs on it; drops
 * one. Errors: those of branches_switch. */
bool twins_switch(App *app, int i, Moment *target, Error *error);
void twins_drop(App *app, int i);

/* The run is another from its beginning on: nothing that was found out about the last holds, and its
 * model may have another shape. */
void twins_follow_beginning(App *app);

/* The branch that is watched becomes another: what was compared with it is compared on, or with
 * what was watched before. */
void twins_follow_switch(App *app, const char *before);

/* The session of a branch as far as it has come, or NULL: for its losses on texts held out. While
 * the view of losses shows those and the run rests, every branch has a twin. */
const Session *twin_session(const App *app, const char *branch);

/* Whether a twin stands where the app stands, as near as its run comes. */
bool twin_is_here(const App *app, const App *twin);

/* The app of a branch, brought to where the app stands. Errors: it does not come so far; memory. */
const App *twin_bring(const App *app, const char *branch, Error *error);

/* Whether a twin that is looked at is not where it should be, or has other work. */
bool twins_want_work(const App *app);
bool twins_lag(const App *app);

/* A piece of it; false where there is none. */
bool twins_work(App *app, double until);

/* The scope of a branch, for expressions: Scope.other. */
bool twin_scope(const Scope *scope, const char *branch, Scope *other, bool *not_yet, Error *error);

#endif
