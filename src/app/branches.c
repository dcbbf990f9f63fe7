#include "app/branches.h"

#include "engine/sys.h"
#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

void branch_release(Branch *branch)
{
    beginning_release(&branch->begin);
    sys_free(branch->event);
    sys_free(branch->undone);
    sys_free(branch->loss);
    sys_free(branch->mean);
    *branch = (Branch){.events = 0};
}

static bool is_read(const Branches *branches, const char *data)
{
    for (int i = 0; i < branches->count; i++)
        if (strcmp(branches->branch[i].begin.data, data) == 0)
            return true;
    return false;
}

/* Of what is held, what no branch reads. */
static void release_unread(Branches *branches)
{
    int kept = 0;

    for (int i = 0; i < branches->files; i++)
        if (is_read(branches, branches->documents[i].data))
            branches->documents[kept++] = branches->documents[i];
        else
            corpus_release(&branches->documents[i].corpus);
    branches->files = kept;
}

void branches_release(Branches *branches)
{
    for (int i = 0; i < branches->count; i++)
        branch_release(&branches->branch[i]);
    branches->count = 0;
    release_unread(branches);
}

int branches_find(const Branches *branches, const char *name)
{
    for (int i = 0; i < branches->count; i++)
        if (strcmp(branches->branch[i].name, name) == 0)
            return i;
    return -1;
}

const char *branches_name(const Branches *branches)
{
    return branches->count > 0 ? branches->branch[branches->current].name : "main";
}

/* ---- keeping --------------------------------------------------------------------------------- */

static void *copy_of(const void *from, size_t count, size_t size)
{
    void *copy = sys_alloc(count > 0 ? count : 1, size);

    if (copy && count > 0)
        memcpy(copy, from, count * size);
    return copy;
}

/* The session's changes, losses and moment, under a name. */
static bool keep(const Session *session, const char *name, Branch *branch, Error *error)
{
    const History *history = &session->history;
    const Trainer *trainer = &session->trainer;
    const size_t steps = (size_t)trainer->settings.steps;

    *branch = (Branch){.events = history->events,
                       .undos = history->undos,
                       .known = session->means,
                       .at = trainer->at};
    snprintf(branch->name, sizeof branch->name, "%s", name);
    branch->event = copy_of(history->event, (size_t)history->events, sizeof *branch->event);
    branch->undone = copy_of(history->undone, (size_t)history->undos, sizeof *branch->undone);
    branch->loss = copy_of(trainer->loss, steps, sizeof *branch->loss);
    branch->mean = copy_of(session->mean_loss, steps, sizeof *branch->mean);
    if (!branch->event || !branch->undone || !branch->loss || !branch->mean)
        error_set(error, "out of memory for a branch");
    else if (beginning_keep(&branch->begin, session, error))
        return true;
    branch_release(branch);
    return false;
}

bool branches_is_name(const char *name)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < length; i++)
        if (!isalnum((unsigned char)name[i]) && name[i] != '-' && name[i] != '_')
            return false;
    return length > 0 && length < BRANCH_NAME_BYTES;
}

static bool may_fork(const Branches *branches, const char *name, Error *error)
{
    if (!branches_is_name(name))
        return error_set(error, "a branch's name has letters, digits, - and _, at most %d",
                         BRANCH_NAME_BYTES - 1);
    if (branches_find(branches, name) >= 0 || (branches->count == 0 && strcmp(name, "main") == 0))
        return error_set(error, "there is a branch %s already", name);
    return branches->count < BRANCHES_LIMIT ||
           error_set(error, "there are %d branches: drop one first", BRANCHES_LIMIT);
}

/* What has not happened yet where the fork stands is the old branch's alone. */
static void leave_behind(History *history)
{
    history->events = history->applied;
    history->undos = 0;
}

bool branches_fork(Branches *branches, Session *session, const char *name, Error *error)
{
    Branch left, made;

    if (!may_fork(branches, name, error) || !keep(session, branches_name(branches), &left, error))
        return false;
    if (!keep(session, name, &made, error)) {
        branch_release(&left);
        return false;
    }
    if (branches->count == 0)
        branches->count = 1;
    else
        branch_release(&branches->branch[branches->current]);
    branches->branch[branches->current] = left;
    branches->current = branches->count++;
    branches->branch[branches->current] = made;
    leave_behind(&session->history);
    return true;
}

/* ---- documents ------------------------------------------------------------------------------- */

static const Corpus *find_held(const Branches *branches, const char *data)
{
    for (int i = 0; i < branches->files; i++)
        if (strcmp(branches->documents[i].data, data) == 0)
            return &branches->documents[i].corpus;
    return NULL;
}

const Corpus *branches_documents(const Branches *branches, const Session *session, const char *data)
{
    const Corpus *held = find_held(branches, data);

    assert(held || strcmp(data, session->data) == 0);
    return held ? held : &session->corpus;
}

/* Takes the documents over. */
static void hold(Branches *branches, const char *data, const Corpus *corpus)
{
    assert(branches->files < BRANCHES_LIMIT);
    Documents *documents = &branches->documents[branches->files++];

    snprintf(documents->data, sizeof documents->data, "%s", data);
    documents->corpus = *corpus;
}

static bool hold_session(Branches *branches, const Session *session, Error *error)
{
    Corpus copy;

    if (find_held(branches, session->data))
        return true;
    if (!corpus_copy(&copy, &session->corpus, error))
        return false;
    hold(branches, session->data, &copy);
    return true;
}

static bool same_texts(const Corpus *a, const Corpus *b)
{
    uint8_t one[32], other[32];

    corpus_digest(a, one);
    corpus_digest(b, other);
    return memcmp(one, other, sizeof one) == 0;
}

bool branches_hold(Branches *branches, const Session *session, const char *data, const char *path,
                   Error *error)
{
    Corpus read;

    if (!hold_session(branches, session, error) || !corpus_read(&read, path, error))
        return false;
    const Corpus *held = find_held(branches, data);
    if (!held) {
        hold(branches, data, &read);
        return true;
    }
    const bool same = same_texts(held, &read);
    corpus_release(&read);
    return same || error_set(error, "%.300s was changed since a branch read it", path);
}

/* ---- switching ------------------------------------------------------------------------------- */

static bool same_event(const Event *a, const Event *b)
{
    return moment_compare(a->at, b->at) == 0 && a->kind == b->kind && a->index == b->index &&
           memcmp(&a->number, &b->number, sizeof a->number) == 0;
}

/* Where two lists of changes part: the moment of the first that is not in both; false: they are the
 * same. */
static bool find_parting(const Event *a, int as, const Event *b, int bs, Moment *at)
{
    int i = 0;

    while (i < as && i < bs && same_event(&a[i], &b[i]))
        i++;
    if (i == as && i == bs)
        return false;
    *at = i == as ? b[i].at : i == bs || moment_compare(a[i].at, b[i].at) < 0 ? a[i].at : b[i].at;
    return true;
}

/* In the order in which they were made: undo goes by that. */
static bool plan_events(History *history, const Branch *branch, Error *error)
{
    for (int serial = 0, done = 0; done < branch->events; serial++)
        for (int i = 0; i < branch->events; i++)
            if (branch->event[i].serial == serial) {
                if (!history_plan(history, branch->event[i], error))
                    return false;
                done++;
            }
    return true;
}

/* What was taken back was made after all that stands: the first to be taken back last. */
static void plan_undone(History *history, const Branch *branch)
{
    history->undos = branch->undos;
    for (int i = branch->undos - 1; i >= 0; i--) {
        history->undone[i] = branch->undone[i];
        history->undone[i].serial = ++history->serial;
    }
}

bool branch_plan(const Branch *branch, Session *session, Error *error)
{
    History *history = &session->history;

    for (int i = 0; i < branch->undos; i++)
        if (!history_allows(history, &branch->undone[i], error))
            return false;
    if (!plan_events(history, branch, error))
        return false;
    plan_undone(&session->history, branch);
    return true;
}

/* Takes everything back that the reader has changed, then makes the branch's changes instead. */
static void replace_events(History *history, const Branch *branch)
{
    Moment at;

    while (history_undo(history, &at))
        continue;
    history_seek(history, history->begin);
    plan_events(history, branch, NULL);
    plan_undone(history, branch);
}

/* Puts the changes of branch i on the line. */
static void put_on_line(Branches *branches, Session *session, int i)
{
    History *history = &session->history;
    const Branch *to = &branches->branch[i];
    Moment parting;

    if (find_parting(history->event, history->events, to->event, to->events, &parting)) {
        replace_events(history, to);
        history_seek(history, parting);
        session_forget(session);
    }
    branches->current = i;
}

/* Keeps what the current branch is now. */
static bool keep_current(Branches *branches, const Session *session, Error *error)
{
    Branch now;

    if (!keep(session, branches_name(branches), &now, error))
        return false;
    branch_release(&branches->branch[branches->current]);
    branches->branch[branches->current] = now;
    return true;
}

bool branches_begin_alike(const Branches *branches, const Session *session, int a, int b)
{
    const Branch *one = &branches->branch[a], *other = &branches->branch[b];

    return a == b                   ? true
           : a == branches->current ? beginning_is_of(&other->begin, session)
           : b == branches->current ? beginning_is_of(&one->begin, session)
                                    : beginning_same(&one->begin, &other->begin);
}

/* Returns false. */
static bool release_session(Session *session)
{
    session_release(session);
    return false;
}

bool branches_open(const Branches *branches, int i, const Session *session, Session *made,
                   Error *error)
{
    const Branch *branch = &branches->branch[i];

    assert(i != branches->current);
    const Corpus *documents = branches_documents(branches, session, branch->begin.data);
    if (!beginning_open(&branch->begin, documents, made, error))
        return false;
    return branch_plan(branch, made, error) || release_session(made);
}

/* Begins the run of branch i again, in the place of the one that begins otherwise. */
static bool replace_session(Branches *branches, Session *session, int i, Error *error)
{
    Session made;

    if (!branches_open(branches, i, session, &made, error))
        return false;
    session_replace(session, &made);
    branches->current = i;
    return true;
}

bool branches_switch(Branches *branches, Session *session, int i, Moment *target, Error *error)
{
    *target = branches->branch[i].at;
    if (i == branches->current)
        *target = session->trainer.at;
    else if (!keep_current(branches, session, error))
        return false;
    else if (!beginning_is_of(&branches->branch[i].begin, session))
        return replace_session(branches, session, i, error);
    else
        put_on_line(branches, session, i);
    return true;
}

bool branch_init(Branch *branch, const char *name, const Beginning *begin, Error *error)
{
    const size_t steps = (size_t)begin->settings.steps;

    *branch = (Branch){.events = 0};
    snprintf(branch->name, sizeof branch->name, "%s", name);
    branch->event = copy_of(NULL, 0, sizeof *branch->event);
    branch->undone = copy_of(NULL, 0, sizeof *branch->undone);
    branch->loss = sys_alloc(steps, sizeof *branch->loss);
    branch->mean = sys_alloc(steps, sizeof *branch->mean);
    if (!branch->event || !branch->undone || !branch->loss || !branch->mean)
        error_set(error, "out of memory for a branch");
    else if (beginning_copy(&branch->begin, begin, error))
        return true;
    branch_release(branch);
    return false;
}

/* Puts the branch behind the others and begins its run. What was made for it is left on failure. */
static bool begin_last(Branches *branches, Session *session, const Branch *made, Error *error)
{
    Branch left;

    if (branches->count == 0) {
        if (!keep(session, "main", &left, error))
            return false;
        branches->branch[branches->count++] = left;
    }
    branches->branch[branches->count++] = *made;
    if (keep_current(branches, session, error) &&
        replace_session(branches, session, branches->count - 1, error))
        return true;
    branches->count--;
    return false;
}

bool branches_begin(Branches *branches, Session *session, const char *name,
                    const Settings *settings, const char *data, Error *error)
{
    Beginning begin = {.settings = *settings};
    Branch made;

    snprintf(begin.data, sizeof begin.data, "%s", data ? data : session->data);
    if (!may_fork(branches, name, error) || !branch_init(&made, name, &begin, error))
        return false;
    if ((!data || branches_hold(branches, session, data, data, error)) &&
        begin_last(branches, session, &made, error))
        return true;
    branch_release(&made);
    if (branches->count <= 1)
        branches_release(branches);
    release_unread(branches);
    return false;
}

void branches_drop(Branches *branches, int i)
{
    branch_release(&branches->branch[i]);
    branches->count--;
    memmove(&branches->branch[i], &branches->branch[i + 1],
            (size_t)(branches->count - i) * sizeof branches->branch[0]);
    branches->current -= branches->current > i;
    release_unread(branches);
}

/* ---- the first difference -------------------------------------------------------------------- */

/* The numbers of a finished step: values and gradients of its nodes, parameters first. */
typedef struct Snapshot {
    double *value, *grad;
    int32_t nodes;
} Snapshot;

static bool differ(double a, double b)
{
    return memcmp(&a, &b, sizeof a) != 0;
}

/* Stands in branch i when `step` updates are done. false: its run ends before. */
static bool stand(Branches *branches, Session *session, int i, int64_t step)
{
    put_on_line(branches, session, i);
    return session_seek(session, (Moment){step, PHASE_DONE, 0}, NULL);
}

/* In the step just finished: the first node whose value differs, else the first visit that hands on
 * another gradient, else the first parameter. */
static bool compare_step(const Trainer *trainer, const Snapshot *a, BranchDifference *difference)
{
    const Tape *tape = &trainer->tape;
    const int64_t step = trainer->at.step - 1;
    const int32_t params = trainer->gpt.params;

    for (int32_t node = params; node < tape->count && node < a->nodes; node++)
        if (differ(a->value[node], trainer->value[node])) {
            *difference = (BranchDifference){true,
                                             {step, PHASE_FORWARD, node - params},
                                             node,
                                             a->value[node],
                                             trainer->value[node]};
            return true;
        }
    for (int32_t visit = 0; visit < tape->order_count; visit++) {
        int32_t node = tape->order[tape->order_count - 1 - visit];
        if (differ(a->grad[node], trainer->grad[node])) {
            *difference = (BranchDifference){
                true, {step, PHASE_BACKWARD, visit}, node, a->grad[node], trainer->grad[node]};
            return true;
        }
    }
    for (int32_t i = 0; i < params; i++)
        if (differ(a->value[i], trainer->value[i])) {
            *difference = (BranchDifference){
                true, {step, PHASE_UPDATE, i}, i, a->value[i], trainer->value[i]};
            return true;
        }
    return false;
}

static bool take_snapshot(const Trainer *trainer, Snapshot *snapshot)
{
    snapshot->nodes = trainer->tape.count;
    snapshot->value = copy_of(trainer->value, (size_t)snapshot->nodes, sizeof(double));
    snapshot->grad = copy_of(trainer->grad, (size_t)snapshot->nodes, sizeof(double));
    return snapshot->value && snapshot->grad;
}

/* Compares what one step has left in both. false: a run ends before it. */
static bool look_at_step(Branches *branches, Session *session, int a, int b, int64_t step,
                         BranchDifference *difference, Error *error)
{
    Snapshot snapshot = {.nodes = 0};
    bool done = stand(branches, session, a, step + 1);

    if (done && !take_snapshot(&session->trainer, &snapshot))
        error_set(error, "out of memory for a comparison");
    else if (done && stand(branches, session, b, step + 1))
        compare_step(&session->trainer, &snapshot, difference);
    sys_free(snapshot.value);
    sys_free(snapshot.grad);
    return done;
}

/* The step after which a change can no longer make a difference: it shows in the numbers of its own
 * step or of the next. */
static int64_t last_change(const Event *event, int events, int64_t step)
{
    for (int i = 0; i < events; i++)
        step = event[i].at.step + 1 > step ? event[i].at.step + 1 : step;
    return step;
}

bool branches_diff(Branches *branches, Session *session, int a, int b, BranchDifference *difference,
                   Error *error)
{
    const Branch *one = &branches->branch[a], *other = &branches->branch[b];
    Moment parting;

    *difference = (BranchDifference){.found = false};
    error->text[0] = '\0';
    if (!keep_current(branches, session, error))
        return false;
    if (!find_parting(one->event, one->events, other->event, other->events, &parting))
        return true;
    const int64_t last = last_change(one->event, one->events,
                                     last_change(other->event, other->events, parting.step));
    for (int64_t step = parting.step; step <= last && !difference->found; step++)
        if (!look_at_step(branches, session, a, b, step, difference, error))
            break;
    put_on_line(branches, session, a);
    session_seek(session, difference->found ? difference->at : parting, NULL);
    return !error->text[0];
}
