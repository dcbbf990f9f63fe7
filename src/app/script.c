#include "app/script.h"

#include "app/command.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- lines ----------------------------------------------------------------------------------- */

/* Lines of a text in memory, or of standard input, which may be a person who waits for the
 * answers. */
typedef struct Lines {
    const char *name;
    FILE *stream;
    char *text, *at; /* of a file; owned */
    int number;
    char line[COMMAND_LINE_BYTES];
    bool too_long;
} Lines;

static bool lines_open(Lines *lines, const char *path, Error *error)
{
    size_t length;

    *lines = (Lines){.name = path};
    if (strcmp(path, "-") == 0) {
        lines->name = _("standard input");
        lines->stream = stdin;
        return true;
    }
    if (!sys_read_file(path, SCRIPT_FILE_LIMIT, &lines->text, &length, error))
        return false;
    lines->at = lines->text;
    return memchr(lines->text, '\0', length) == NULL ||
           error_set(error, "%s: a NUL byte: it is no text", path);
}

static void lines_close(Lines *lines)
{
    sys_free(lines->text);
}

static int next_byte(Lines *lines)
{
    if (lines->stream)
        return fgetc(lines->stream);
    return *lines->at ? (unsigned char)*lines->at++ : EOF;
}

/* A line that does not fit is read to its end all the same. */
static bool lines_next(Lines *lines)
{
    size_t length = 0;
    int c = next_byte(lines);

    if (c == EOF)
        return false;
    for (; c != EOF && c != '\n'; c = next_byte(lines)) {
        if (length < sizeof lines->line - 1)
            lines->line[length] = (char)c;
        length++;
    }
    lines->too_long = length >= sizeof lines->line;
    lines->line[lines->too_long ? sizeof lines->line - 1 : length] = '\0';
    lines->number++;
    return true;
}

/* The command of the line, or NULL where it says nothing. */
static const char *lines_command(const Lines *lines)
{
    const char *at = lines->line;

    while (isspace((unsigned char)*at))
        at++;
    return *at && *at != '#' ? at : NULL;
}

static void blame(const Lines *lines, const char *reason, Error *error)
{
    error_set(error, "%.200s:%d: %s", lines->name, lines->number, reason);
}

static Change refuse_length(Error *error)
{
    error_set(error, "a command has at most %d bytes", COMMAND_LINE_BYTES - 1);
    return CHANGE_FAILED;
}

/* The row of a line's command; NULL where there is none. */
static const Command *find_command(const char *line)
{
    char name[64];

    snprintf(name, sizeof name, "%.*s", (int)strcspn(line, " \t"), line);
    return command_find(name);
}

/* ---- scripts --------------------------------------------------------------------------------- */

bool script_settle(App *app, BatchInterrupted interrupted)
{
    const double slice = 0.05; /* seconds until Ctrl-C is seen */
    double from;

    while (app_wants_work(app, &from)) {
        if (interrupted && interrupted())
            return false;
        if (from > sys_seconds())
            sweep_wait(&app->sweep, slice);
        app->due = app->sweep_due = 0;
        app_work(app, sys_seconds() + slice);
    }
    return true;
}

static void print_json(const Answer *answer, const char *name, FILE *stream)
{
    fprintf(stream, "{\"command\":\"%s\",%s}\n", name, answer->members.bytes);
}

static void print_answer(const Answer *answer, const char *line, bool json, FILE *stream)
{
    if (json && answer->members.length > 0)
        print_json(answer, find_command(line)->name, stream);
    else if (!json)
        answer_print(answer, stream);
    fflush(stream);
}

/* One command, with everything that it sets going. */
static Change play(App *app, const char *line, BatchInterrupted interrupted, Error *error)
{
    app->message[0] = '\0';
    app->message_wrong = false;
    app->help = false; /* there is nobody to put it away */
    Change change = command_run(app, line, error);
    if (change & (CHANGE_FAILED | CHANGE_QUIT) || !script_settle(app, interrupted))
        return change;
    if (app->message_wrong)
        error_set(error, "%s", app->message);
    else if (app->answer.cut)
        error_set(error, "the answer is longer than %d MB, or there is no memory for it", ANSWER_LIMIT >> 20);
    return error->text[0] ? change | CHANGE_FAILED : change;
}

/* A script under way. */
typedef struct Script {
    App app;
    Lines lines;
    bool json;
    FILE *stream;
    BatchInterrupted interrupted;
} Script;

static int play_all(Script *script, Error *error)
{
    Lines *lines = &script->lines;
    Change change = CHANGE_NONE;

    while (!(change & CHANGE_QUIT) && lines_next(lines)) {
        Error reason = {""};
        const char *line = lines_command(lines);
        if (!line)
            continue;
        change = lines->too_long ? refuse_length(&reason)
                                 : play(&script->app, line, script->interrupted, &reason);
        if (change & CHANGE_FAILED) {
            blame(lines, reason.text, error);
            return BATCH_FAILED;
        }
        if (script->interrupted())
            break;
        print_answer(&script->app.answer, line, script->json, script->stream);
    }
    return script->interrupted() ? BATCH_INTERRUPTED : BATCH_DONE;
}

int script_run(const Options *options, const char *data_path, AppExport *export,
               BatchInterrupted interrupted, FILE *stream, Error *error)
{
    Script script = {.json = options->json, .stream = stream, .interrupted = interrupted};
    int status = BATCH_UNUSABLE;

    if (lines_open(&script.lines, options->argument[0], error) &&
        app_init(&script.app, &options->settings, data_path, options->load, error)) {
        app_run(&script.app, 0);
        script.app.headless = true;
        script.app.export = export;
        status = play_all(&script, error);
    }
    app_release(&script.app);
    lines_close(&script.lines);
    return status;
}

/* ---- configuration --------------------------------------------------------------------------- */

static Change configure(App *app, const Lines *lines, const char *line, Error *error)
{
    const Command *command = find_command(line);

    if (lines->too_long)
        return refuse_length(error);
    if (!command || command->kind & COMMAND_ARRANGES)
        return command_run(app, line, error);
    error_set(error, "%s may not stand in a configuration file", command->name);
    return CHANGE_FAILED;
}

bool script_configure(App *app, const char *path, Error *error)
{
    Lines lines;
    Error first = {""};
    int wrong = 0;

    if (access(path, F_OK) != 0 && errno == ENOENT)
        return true;
    bool read = lines_open(&lines, path, error);
    while (read && lines_next(&lines)) {
        Error reason = {""};
        const char *line = lines_command(&lines);
        if (line && configure(app, &lines, line, &reason) & CHANGE_FAILED && wrong++ == 0)
            blame(&lines, reason.text, &first);
    }
    lines_close(&lines);
    answer_clear(&app->answer);
    if (wrong > 1)
        error_set(error, "%.400s (and %d more)", first.text, wrong - 1);
    else if (wrong == 1)
        error_set(error, "%s", first.text);
    return read && wrong == 0;
}
