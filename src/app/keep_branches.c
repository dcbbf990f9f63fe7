#include "app/keep_branches.h"

#include "engine/sys.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- writing --------------------------------------------------------------------------------- */

static void print_digest(const Corpus *corpus, char text[KEEP_DIGEST_BYTES])
{
    uint8_t digest[KEEP_DIGEST_BYTES / 2];

    corpus_digest(corpus, digest);
    for (size_t i = 0; i < sizeof digest; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

/* The digest of the documents of that name. */
static void print_digest_of(const App *app, const char *data, char text[KEEP_DIGEST_BYTES])
{
    print_digest(branches_documents(&app->branches, &app->session, data), text);
}

static void print_settings(const Settings *settings, Answer *text)
{
    char word[64], usual[64];
    Settings standard;

    settings_default(&standard);
    for (int i = 0; i < settings_count; i++) {
        settings_print(settings, &settings_table[i], word, sizeof word);
        settings_print(&standard, &settings_table[i], usual, sizeof usual);
        if (strcmp(word, usual) != 0)
            answer_line(text, "%s %s %s", "with", settings_table[i].name, word);
    }
}

/* In the order in which they were made. */
static void print_changes(const Event *event, int events, Answer *text)
{
    int last = 0;

    for (int i = 0; i < events; i++)
        last = event[i].serial > last ? event[i].serial : last;
    for (int serial = 0; serial <= last; serial++)
        for (int i = 0; i < events; i++)
            if (event[i].serial == serial)
                keep_print_event(text, "change", &event[i]);
}

/* What the history holds is the current branch's. */
static void print_branch(const App *app, int i, Answer *text)
{
    const Branch *branch = &app->branches.branch[i];
    const History *history = &app->session.history;
    const bool here = i == app->branches.current;
    const Event *undone = here ? history->undone : branch->undone;
    char moment[64], digest[KEEP_DIGEST_BYTES];

    moment_print(here ? app->session.trainer.at : branch->at, moment, sizeof moment);
    answer_line(text, "%s %s %s", "branch", branch->name, moment);
    if (branch->begin.data[0]) {
        print_digest_of(app, branch->begin.data, digest);
        answer_line(text, "%s %s %s", "reads", digest, branch->begin.data);
    }
    if (branch->begin.saved)
        answer_line(text, "%s %" PRId64, "begin", branch->begin.saved->step);
    print_settings(&branch->begin.settings, text);
    print_changes(here ? history->event : branch->event, here ? history->events : branch->events,
                  text);
    for (int k = 0; k < (here ? history->undos : branch->undos); k++)
        keep_print_event(text, "undone", &undone[k]);
}

/* The first branch that reads the program's documents, or -1. */
static int find_usual(const Branches *branches)
{
    for (int i = 0; i < branches->count; i++)
        if (!branches->branch[i].begin.data[0])
            return i;
    return -1;
}

void keep_print_branches(const App *app, Answer *text)
{
    char digest[KEEP_DIGEST_BYTES];

    if (app->branches.count == 0)
        return;
    if (find_usual(&app->branches) >= 0) {
        print_digest_of(app, "", digest);
        answer_line(text, "%s %s", "documents", digest);
    }
    for (int i = 0; i < app->branches.count; i++)
        print_branch(app, i, text);
    answer_line(text, "%s %s", "here", branches_name(&app->branches));
}

/* Loading takes the place of all branches: so those that do not begin at moment 0 begin alike. */
bool keep_add_begin(const App *app, SafetensorsWriter *writer, const char *path, Error *error)
{
    const Beginning *begin = NULL;

    for (int i = 0; i < app->branches.count; i++)
        if (app->branches.branch[i].begin.saved)
            begin = &app->branches.branch[i].begin;
    if (!begin)
        return true;
    const uint64_t count = (uint64_t)beginning_numbers(begin);
    double *numbers = sys_alloc((size_t)count, sizeof *numbers);
    if (!numbers)
        return error_set(error, "%.300s: not saved: out of memory", path);
    beginning_write(begin, numbers);
    safetensors_add_array(writer, "begin", &count, 1, numbers);
    sys_free(numbers);
    return true;
}

/* ---- reading a line -------------------------------------------------------------------------- */

static bool refuse(const char *line, const char *reason, Error *error)
{
    return error_set(error, "session: %.60s: %s", line, reason);
}

static bool read_documents(KeepBranches *keep, const Session *session, const char *line,
                           Error *error)
{
    (void)session;
    (void)error;
    snprintf(keep->documents, sizeof keep->documents, "%s", line);
    return true;
}

static bool read_branch(KeepBranches *keep, const Session *session, const char *line, Error *error)
{
    Branches *branches = &keep->branches;
    char word[BRANCH_NAME_BYTES], moment[64];
    MomentName at;
    int end = 0;

    (void)session;
    if (branches->count == BRANCHES_LIMIT)
        return refuse(line, "too many branches", error);
    if (sscanf(line, "%23s %63s%n", word, moment, &end) != 2 || line[end] ||
        !branches_is_name(word) || !moment_parse(moment, &at, NULL) || at.at_place || at.at_end)
        return refuse(line, "expected a name and a moment", error);
    if (branches_find(branches, word) >= 0)
        return refuse(line, "there is a branch of that name already", error);
    snprintf(branches->branch[branches->count].name, BRANCH_NAME_BYTES, "%s", word);
    keep->at[branches->count] = at.at;
    settings_default(&keep->settings[branches->count]);
    branches->count++;
    return true;
}

static bool read_reads(KeepBranches *keep, const Session *session, const char *line, Error *error)
{
    const int i = keep->branches.count - 1;
    const size_t digest = KEEP_DIGEST_BYTES - 1;

    (void)session;
    if (strspn(line, "0123456789abcdef") != digest || line[digest] != ' ' || !line[digest + 1] ||
        strlen(line + digest + 1) >= SESSION_DATA_BYTES)
        return refuse(line, "expected a digest and a file", error);
    snprintf(keep->digest[i], KEEP_DIGEST_BYTES, "%.*s", (int)digest, line);
    snprintf(keep->data[i], SESSION_DATA_BYTES, "%s", line + digest + 1);
    return true;
}

static bool read_begin(KeepBranches *keep, const Session *session, const char *line, Error *error)
{
    const int i = keep->branches.count - 1;
    char *end;

    (void)session;
    keep->begin[i] = strtoll(line, &end, 10);
    keep->saved[i] = true;
    return (end != line && !*end && keep->begin[i] >= 0) || refuse(line, "expected a step", error);
}

static bool read_with(KeepBranches *keep, const Session *session, const char *line, Error *error)
{
    Settings *settings = &keep->settings[keep->branches.count - 1];
    char name[64];
    int end = 0;

    (void)session;
    const bool read = sscanf(line, "%63s %n", name, &end) == 1 && end > 0;
    const SettingInfo *info = read ? settings_find(name) : NULL;
    if (!info)
        return refuse(line, "no such setting", error);
    return settings_parse(settings, info, line + end, error);
}

static bool add_event(Event **list, int *count, Event event, Error *error)
{
    if (*count == HISTORY_EVENTS)
        return error_set(error, "session: more than %d changes", HISTORY_EVENTS);
    Event *more = sys_resize(*list, (size_t)*count + 1, sizeof *more);
    if (!more)
        return error_set(error, "out of memory for a branch");
    *list = more;
    event.serial = ++*count;
    more[*count - 1] = event;
    return true;
}

static bool read_change(KeepBranches *keep, const Session *session, const char *line, Error *error)
{
    Branch *branch = &keep->branches.branch[keep->branches.count - 1];
    Event event;

    (void)session;
    return keep_parse_event(line, &event, error) &&
           add_event(&branch->event, &branch->events, event, error);
}

static bool read_undone(KeepBranches *keep, const Session *session, const char *line, Error *error)
{
    Branch *branch = &keep->branches.branch[keep->branches.count - 1];
    Event event;

    (void)session;
    return keep_parse_event(line, &event, error) &&
           add_event(&branch->undone, &branch->undos, event, error);
}

static bool read_here(KeepBranches *keep, const Session *session, const char *line, Error *error)
{
    (void)session;
    keep->here = branches_find(&keep->branches, line);
    return keep->here >= 0 || refuse(line, "no such branch", error);
}

static const struct {
    const char *word;
    bool of_branch; /* a branch must stand before it */
    bool (*read)(KeepBranches *keep, const Session *session, const char *line, Error *error);
} readers[] = {
    {"documents ", false, read_documents},
    {"branch ", false, read_branch},
    {"reads ", true, read_reads},
    {"begin ", true, read_begin},
    {"with ", true, read_with},
    {"change ", true, read_change},
    {"undone ", true, read_undone},
    {"here ", true, read_here},
};

bool keep_read_branches(KeepBranches *keep, const Session *session, const char *line, bool *known,
                        Error *error)
{
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        size_t length = strlen(readers[i].word);
        if (strncmp(line, readers[i].word, length) != 0)
            continue;
        if (keep->here >= 0)
            return refuse(line, "this stands behind the last line", error);
        if (readers[i].of_branch && keep->branches.count == 0)
            return refuse(line, "this is of no branch", error);
        return readers[i].read(keep, session, line + length, error);
    }
    *known = false;
    return false;
}

/* ---- documents ------------------------------------------------------------------------------- */

static const Corpus *documents_of(const KeepBranches *keep, int i, const Session *session)
{
    return branches_documents(&keep->branches, session, keep->data[i]);
}

/* Where branches read other files than the session, all of them are held. */
static bool hold_documents(KeepBranches *keep, const App *app, Error *error)
{
    const Session *session = &app->session;

    if (strcmp(keep->data[keep->here], session->data) != 0)
        return error_set(error, "session: branch %s reads other documents than the file",
                         keep->branches.branch[keep->here].name);
    for (int i = 0; i < keep->branches.count; i++) {
        const char *data = keep->data[i];
        if (strcmp(data, session->data) != 0 &&
            !branches_hold(&keep->branches, session, data, data[0] ? data : app->data_path, error))
            return false;
    }
    return true;
}

/* A file may have been changed since. */
static bool check_documents(const KeepBranches *keep, const Session *session, Error *error)
{
    char digest[KEEP_DIGEST_BYTES];

    for (int i = 0; i < keep->branches.count; i++) {
        const char *data = keep->data[i];
        const Corpus *documents = documents_of(keep, i, session);
        print_digest(documents, digest);
        if (!data[0] && strcmp(digest, keep->documents) != 0)
            return error_set(error,
                             "session: its branches were made with other documents than those of "
                             "%.60s: give them with --data",
                             documents->source);
        if (data[0] && strcmp(digest, keep->digest[i]) != 0)
            return error_set(error, "session: branch %s was made with other documents than %.300s",
                             keep->branches.branch[i].name, data);
    }
    return true;
}

/* ---- opening --------------------------------------------------------------------------------- */

/* From the array. What a run's random numbers are when it begins, its seed says: a fresh run has
 * them. */
static bool make_saved(const KeepBranches *keep, int i, const Session *session, Beginning *begin,
                       Error *error)
{
    const Settings *settings = &keep->settings[i];
    const int64_t step = keep->begin[i];
    Session fresh;

    if (!session_init_again(&fresh, settings, documents_of(keep, i, session), NULL, error))
        return false;
    memcpy(fresh.data, keep->data[i], sizeof fresh.data);
    const int64_t params = fresh.trainer.gpt.params;
    bool made = true;
    if (!session->kept_begin || step > settings->steps || session->kept_begins != 4 * params + step)
        made = error_set(error, "session: begin %lld: the numbers of that are not there",
                         (long long)step);
    for (int64_t k = 2 * params; made && k < 3 * params; k++)
        if (session->kept_begin[k] < 0)
            made = error_set(error, "session: begin %lld: a number of adam.v is negative",
                             (long long)step);
    made = made && beginning_make(begin, &fresh, step, session->kept_begin, error);
    session_release(&fresh);
    return made;
}

/* The beginning of branch i. */
static bool make_beginning(const KeepBranches *keep, int i, const Session *session,
                           Beginning *begin, Error *error)
{
    *begin = (Beginning){.settings = keep->settings[i]};
    memcpy(begin->data, keep->data[i], sizeof begin->data);
    return settings_check(&keep->settings[i], error) &&
           (!keep->saved[i] || make_saved(keep, i, session, begin, error));
}

/* What the lines say, as a branch. */
static bool make_branch(KeepBranches *keep, int i, const Session *session, Error *error)
{
    Branch *read = &keep->branches.branch[i], made;
    Beginning begin;

    if (keep->at[i].step > keep->settings[i].steps)
        return error_set(error, "session: branch %s was left at step %lld of %lld", read->name,
                         (long long)keep->at[i].step, (long long)keep->settings[i].steps);
    if (!make_beginning(keep, i, session, &begin, error))
        return false;
    bool done = branch_init(&made, read->name, &begin, error);
    beginning_release(&begin);
    if (!done)
        return false;
    sys_free(made.event);
    sys_free(made.undone);
    made.event = read->event;
    made.events = read->events;
    made.undone = read->undone;
    made.undos = read->undos;
    made.at = keep->at[i];
    *read = made;
    return true;
}

/* Every change is one that its run can have: that is known once it is put there. */
static bool open_branch(const KeepBranches *keep, int i, const Session *session, Session *made,
                        Error *error)
{
    const Branch *branch = &keep->branches.branch[i];

    if (!beginning_open(&branch->begin, documents_of(keep, i, session), made, error))
        return false;
    if (branch_plan(branch, made, error))
        return true;
    session_release(made);
    return false;
}

/* Its changes are then in the order of their moments. */
static bool check_branch(KeepBranches *keep, int i, const Session *session, Error *error)
{
    Branch *branch = &keep->branches.branch[i];
    Session made;

    if (!open_branch(keep, i, session, &made, error))
        return false;
    if (branch->events > 0)
        memcpy(branch->event, made.history.event, (size_t)branch->events * sizeof *branch->event);
    session_release(&made);
    return true;
}

static bool check_branches(KeepBranches *keep, const Session *session, Error *error)
{
    for (int i = 0; i < keep->branches.count; i++)
        if (i != keep->here && !check_branch(keep, i, session, error))
            return false;
    return true;
}

static bool same_sizes(const Session *a, const Session *b)
{
    return a->trainer.gpt.params == b->trainer.gpt.params &&
           settings_same_part(&a->history.settings, &b->history.settings, SETTING_RUN);
}

/* The branch where the reader stood, with the numbers of the file in their place on its line. */
static bool open_here(KeepBranches *keep, App *app, Error *error)
{
    const Branch *here = &keep->branches.branch[keep->here];
    const Moment begin = app->session.history.begin;
    Session made;

    if (!open_branch(keep, keep->here, &app->session, &made, error))
        return false;
    if (!same_sizes(&made, &app->session) || begin.step < made.history.begin.step) {
        session_release(&made);
        return error_set(error, "session: the numbers of the file are not those of branch %s",
                         here->name);
    }
    session_adopt(&made, &app->session);
    session_replace(&app->session, &made);
    return true;
}

bool keep_open_branches(KeepBranches *keep, App *app, Error *error)
{
    char moment[64];

    if (keep->branches.count == 0)
        return true;
    if (keep->here < 0)
        return error_set(error, "session: its branches are not told to the end");
    if (!hold_documents(keep, app, error) || !check_documents(keep, &app->session, error))
        return false;
    for (int i = 0; i < keep->branches.count; i++)
        if (!make_branch(keep, i, &app->session, error))
            return false;
    const Moment at = keep->at[keep->here];
    if (at.step != app->session.trainer.at.step)
        return error_set(error, "session: branch %s does not stand where the file does",
                         keep->branches.branch[keep->here].name);
    if (!check_branches(keep, &app->session, error) || !open_here(keep, app, error))
        return false;
    app->branches = keep->branches;
    app->branches.current = keep->here;
    keep->branches = (Branches){.count = 0};
    if (at.phase == PHASE_DONE)
        return true;
    moment_print(at, moment, sizeof moment);
    return app_seek(app, moment, error);
}

void keep_release_branches(KeepBranches *keep)
{
    branches_release(&keep->branches);
}
