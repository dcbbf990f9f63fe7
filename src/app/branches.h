/* Branches: one run going on in several ways.
 *
 *     main   ──────────●──────────────────── 1000        events of main
 *                      └── warm ──────────── 700         events of main up to the fork, then its own
 *     other  ─────────────────────────────── 1000        a beginning of its own: another seed, other documents
 *
 * Branches that begin alike differ by the reader's changes alone (engine/history.h): what they have
 * in common is the same to the bit. So a branch is a beginning, a list of changes and the moment
 * where it was left; switching puts its list on the line and replays from where the lists part, or
 * begins its run again where the beginning is another one. Its losses are kept, to be laid over
 * those of the others.
 *
 * Once branches read different files, all that they read are held beside them, each once. */
#ifndef GPTOSCOPE_APP_BRANCHES_H
#define GPTOSCOPE_APP_BRANCHES_H

#include "app/beginning.h"

enum { BRANCHES_LIMIT = 24, BRANCH_NAME_BYTES = 24 };

typedef struct Branch {
    char name[BRANCH_NAME_BYTES]; /* "main" is the first */
    Beginning begin;
    Event *event, *undone;        /* owned; of the current branch: those of the history hold */
    int events, undos;
    double *loss, *mean; /* [steps] of the run as it was when the branch was left; owned */
    int64_t known;       /* filled so far */
    Moment at;           /* where it was left */
} Branch;

/* What branches read. */
typedef struct Documents {
    char data[SESSION_DATA_BYTES]; /* as Session.data */
    Corpus corpus;
} Documents;

typedef struct Branches {
    Branch branch[BRANCHES_LIMIT];
    Documents documents[BRANCHES_LIMIT]; /* [files] owned */
    int files;                           /* 0: all branches read what the session reads */
    int count; /* 0: nobody has forked yet, there is only main */
    int current;
} Branches;

void branches_release(Branches *branches);

/* The branch of that name, or -1. */
int branches_find(const Branches *branches, const char *name);
const char *branches_name(const Branches *branches);

/* Makes a branch that goes on from where the session stands, and is now current. Errors: the name
 * is taken or is none (letters, digits, - and _), too many, memory. */
bool branches_fork(Branches *branches, Session *session, const char *name, Error *error);

/* Makes a branch whose run begins anew with these settings and the documents of a file, or (NULL)
 * of the session; it is now current, and the session stands at its moment 0. Errors: those of
 * branches_fork, of the file; sizes; nothing has changed. */
bool branches_begin(Branches *branches, Session *session, const char *name,
                    const Settings *settings, const char *data, Error *error);

/* Holds the documents that are named `data` and stand in the file `path`, and those of the session.
 * Errors: those of corpus_read; held ones of that name are others. */
bool branches_hold(Branches *branches, const Session *session, const char *data, const char *path,
                   Error *error);

/* The documents of that name, of a branch. */
const Corpus *branches_documents(const Branches *branches, const Session *session,
                                 const char *data);

/* Puts a branch's changes on the line of a session that has none and stands at its beginning, in
 * the order in which they were made. Errors: one of them cannot be. */
bool branch_plan(const Branch *branch, Session *session, Error *error);

/* A branch that nobody has been in yet. Errors: memory. */
bool branch_init(Branch *branch, const char *name, const Beginning *begin, Error *error);
void branch_release(Branch *branch);

/* Whether a branch can have that name. */
bool branches_is_name(const char *name);

/* A session of its own for branch i, which must not be current: it stands where that begins, with
 * the branch's changes on its line. Errors: sizes, memory. */
bool branches_open(const Branches *branches, int i, const Session *session, Session *made,
                   Error *error);

/* Whether two branches begin alike. */
bool branches_begin_alike(const Branches *branches, const Session *session, int a, int b);

/* Makes branch i current: the session stands where it was left, or near its beginning if that is
 * far; *target is then where to go. Errors: memory; nothing has changed. */
bool branches_switch(Branches *branches, Session *session, int i, Moment *target, Error *error);

/* Drops branch i, which must not be current. */
void branches_drop(Branches *branches, int i);

/* The first operation at which two branches differ in a number. */
typedef struct BranchDifference {
    bool found;
    Moment at;    /* just before it */
    int32_t node; /* what it computes, visits or updates */
    double a, b;  /* its value, gradient, or parameter in both */
} BranchDifference;

/* Finds it, and stands there, in branch a. Both must begin alike. Errors: memory. */
bool branches_diff(Branches *branches, Session *session, int a, int b, BranchDifference *difference,
                   Error *error);

#endif
