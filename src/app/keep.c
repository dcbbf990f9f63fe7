#include "app/keep.h"

#include "app/answer.h"
#include "app/keep_branches.h"
#include "app/twin.h"
#include "engine/basis.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_names[EVENT_KINDS] = {
    [EVENT_VALUE] = "value", [EVENT_GRAD] = "grad", [EVENT_SETTING] = "setting",
    [EVENT_M] = "m",         [EVENT_V] = "v",       [EVENT_TOKEN] = "token"};

/* ---- saving ---------------------------------------------------------------------------------- */

void keep_print_event(Answer *text, const char *word, const Event *event)
{
    char moment[64];

    moment_print(event->at, moment, sizeof moment);
    answer_line(text, "%s %s %s %d %a", word, moment, kind_names[event->kind], (int)event->index,
                event->number);
}

/* The lines of a session whose numbers are those of moment `base`. Their words are the same in every
 * language. */
static void write_lines(const App *app, Moment base, Answer *text)
{
    const History *history = &app->session.history;
    Moment at = app->session.trainer.at;
    char moment[64];

    if (app->session.data[0])
        answer_line(text, "%s %s", "data", app->session.data);
    answer_line(text, "%s %s", "unit", stride_units[app->unit].name);
    for (int i = 0; i < app->watches.count; i++)
        answer_line(text, "%s %s", "watch", app->watches.expr[i].text);
    for (int i = 0; i < history->events; i++) {
        const Event *event = &history->event[i];
        if (moment_compare(event->at, base) < 0)
            continue; /* it is in the numbers */
        keep_print_event(text, "event", event);
    }
    moment_print(at, moment, sizeof moment);
    if (at.phase != PHASE_DONE)
        answer_line(text, "%s %s", "goto", moment);
    keep_print_branches(app, text);
}

bool keep_save(App *app, const char *path, Error *error)
{
    SafetensorsWriter writer;
    bool saved = keep_write(app, &writer, path, error) && safetensors_save(&writer, path, error);

    safetensors_end(&writer);
    return saved;
}

bool keep_write(App *app, SafetensorsWriter *writer, const char *path, Error *error)
{
    const History *history = &app->session.history;
    Trainer base = app->session.trainer; /* with the numbers that the file is to hold */
    Answer text = {0};

    if (base.at.phase != PHASE_DONE) {
        base.at = (Moment){base.at.step, PHASE_FORWARD, 0};
        base.value = history->start;
        base.m = history->start + base.gpt.params;
        base.v = history->start + 2 * base.gpt.params;
        base.grad = history->start + 3 * base.gpt.params;
        base.settings = basis_settings(history, base.at);
    }
    /* Between two steps, changes made there are in the numbers already. */
    Moment first = base.at.phase == PHASE_DONE ? (Moment){base.at.step, PHASE_FORWARD, 0} : base.at;
    write_lines(app, first, &text);
    const char *lines = text.lines.bytes ? text.lines.bytes : "";
    *writer = (SafetensorsWriter){0};
    bool written =
        (!text.cut && strlen(lines) <= CHECKPOINT_SESSION_LIMIT) ||
        error_set(error, "%.300s: not saved: too many changes and watched expressions, or no memory", path);
    written = written && checkpoint_write(&base, lines, writer, path, error) &&
              keep_add_begin(app, writer, path, error);
    answer_release(&text);
    return written;
}

bool keep_has_changes(const char *lines)
{
    return strncmp(lines, "event ", 6) == 0 || strstr(lines, "\nevent ");
}

/* ---- loading --------------------------------------------------------------------------------- */

bool keep_parse_event(const char *line, Event *event, Error *error)
{
    char moment[64], kind[16], number[64], *end;
    MomentName name;
    int index, known = 0;

    *event = (Event){.kind = EVENT_VALUE};
    if (sscanf(line, "%63s %15s %d %63s", moment, kind, &index, number) != 4)
        return error_set(error, "session: %.60s: expected a change", line);
    while (known < EVENT_KINDS && strcmp(kind_names[known], kind) != 0)
        known++;
    event->number = strtod(number, &end);
    if (known == EVENT_KINDS || *end || !moment_parse(moment, &name, NULL) || name.at_place ||
        name.at_end)
        return error_set(error, "session: %.60s: expected a change", line);
    event->kind = (EventKind)known;
    event->index = index;
    event->at = name.at;
    if (event->kind == EVENT_SETTING && (index < 0 || index >= settings_count ||
                                         !settings_allows(&settings_table[index], event->number)))
        return error_set(error, "session: %.60s: no such setting", line);
    return true;
}

static bool read_event(App *app, const char *line, Error *error)
{
    Event event;

    return keep_parse_event(line, &event, error) &&
           history_plan(&app->session.history, event, error);
}

static bool read_goto(App *app, const char *line, Error *error)
{
    MomentName name;

    if (!moment_parse(line, &name, error))
        return false;
    if (name.at_place || name.at_end || name.at.step != app->session.trainer.at.step)
        return error_set(error, "session: %.60s: not a moment of the step that was saved", line);
    return app_seek(app, line, error);
}

/* The documents are read already: session_init needs them. */
static bool read_data(App *app, const char *line, Error *error)
{
    return strcmp(app->session.data, line) == 0 ||
           error_set(error, "session: %.60s: this is not the first line", line);
}

static bool read_unit(App *app, const char *line, Error *error)
{
    Unit unit = stride_find(line);

    if (unit == UNIT_COUNT)
        return error_set(error, "session: %.60s: no such unit", line);
    app->unit = unit;
    return true;
}

static bool read_watch(App *app, const char *line, Error *error)
{
    return watch_add(&app->watches, line, error);
}

static const struct {
    const char *word;
    bool (*read)(App *app, const char *line, Error *error);
} readers[] = {
    {"data ", read_data},   {"unit ", read_unit}, {"watch ", read_watch}, {"event ", read_event}, {"goto ", read_goto}};

static bool read_line(App *app, KeepBranches *branches, const char *line, Error *error)
{
    bool known = true;

    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        size_t length = strlen(readers[i].word);
        if (strncmp(line, readers[i].word, length) == 0)
            return readers[i].read(app, line + length, error);
    }
    return keep_read_branches(branches, &app->session, line, &known, error) ||
           (!known && error_set(error, "session: %.60s: no such line", line));
}

static bool read_lines(App *app, KeepBranches *branches, Error *error)
{
    char *line = app->session.kept;

    while (line && *line) {
        char *end = strchr(line, '\n');
        if (end)
            *end = '\0';
        if (!read_line(app, branches, line, error))
            return false;
        line = end ? end + 1 : NULL;
    }
    return true;
}

bool keep_restore(App *app, Error *error)
{
    KeepBranches branches = {.here = -1};

    watch_release(&app->watches);
    bool restored = read_lines(app, &branches, error) && keep_open_branches(&branches, app, error);
    keep_release_branches(&branches);
    return restored;
}

void keep_replace(App *app, Session *by)
{
    twins_forget_all(app);
    app->compared[0] = '\0';
    branches_release(&app->branches);
    session_replace(&app->session, by);
    twins_follow_beginning(app);
    app_run(app, 0);
}

bool keep_load(App *app, const char *path, Error *error)
{
    Session loaded;

    if (!session_init(&loaded, &app->session.trainer.settings, app->data_path, path, error))
        return false;
    keep_replace(app, &loaded);
    return keep_restore(app, error);
}
