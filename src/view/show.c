#include "view/show.h"

#include "app/command.h"
#include "app/script.h"
#include "app/twin.h"
#include "engine/sys.h"
#include "engine/words.h"
#include "view/export.h"
#include "view/layout.h"
#include "view/view.h"
#include <stdlib.h>
#include <string.h>

void show_list(FILE *stream)
{
    for (int i = 0; i < VIEW_COUNT; i++)
        fprintf(stream, "%s\t%s\n", look_views[i].name, _(look_views[i].help));
}

/* What the options ask for, read. */
typedef struct Request {
    int width, height;
    Theme theme;
    Glyphs glyphs;
    enum {
        FORMAT_TEXT,
        FORMAT_ANSI,
        FORMAT_SVG,
        FORMAT_JSON,
        FORMAT_DESCRIBE,
        FORMAT_COUNT
    } format;
    ViewName view;
    bool knobs; /* the panel over it instead */
} Request;

/* The place of word in a list of names, or count. */
static int find_name(const char *const *names, int count, const char *word)
{
    int i = 0;

    while (i < count && strcmp(names[i], word) != 0)
        i++;
    return i;
}

static bool read_size(const char *text, Request *request, Error *error)
{
    char *end;
    long width = strtol(text, &end, 10), height = *end == 'x' ? strtol(end + 1, &end, 10) : 0;

    if (*end || width < 1 || width > CANVAS_WIDTH_LIMIT || height < 1 ||
        height > CANVAS_HEIGHT_LIMIT)
        return error_set(error,
                         "--size %.40s: expected columns x rows, such as 80x24, at most %dx%d",
                         text, CANVAS_WIDTH_LIMIT, CANVAS_HEIGHT_LIMIT);
    request->width = (int)width;
    request->height = (int)height;
    return true;
}

bool show_read_theme(const Options *options, Theme *theme, Error *error)
{
    const char *name = options->theme ? options->theme : theme_names[THEME_DARK];

    *theme = theme_find(name);
    return *theme != THEME_COUNT ||
           error_set(error, "--theme %.40s: expected dark, light or mono", name);
}

bool show_read_glyphs(const Options *options, Glyphs *glyphs, Error *error)
{
    const char *name = options->glyphs ? options->glyphs : glyphs_names[GLYPHS_BRAILLE];
    int found = find_name(glyphs_names, GLYPHS_BRAILLE + 1, name);

    *glyphs = (Glyphs)found;
    return found <= GLYPHS_BRAILLE ||
           error_set(error, "--glyphs %.40s: expected braille, blocks or ascii", name);
}

static bool find_picture(const char *name, Request *request, Error *error)
{
    request->knobs = strcmp(name, "knobs") == 0;
    request->view = request->knobs ? VIEW_OVERVIEW : look_find_view(name);
    return request->view != VIEW_COUNT ||
           error_set(error, "there is no view %.40s: see gptoscope list views", name);
}

static bool read_request(const Options *options, Request *request, Error *error)
{
    static const char *const formats[] = {"text", "ansi", "svg", "json", "describe"};
    const char *format = options->format ? options->format : formats[FORMAT_TEXT];

    if (!find_picture(options->argument[0], request, error))
        return false;
    request->format = find_name(formats, FORMAT_COUNT, format);
    if (request->format == FORMAT_COUNT)
        return error_set(error, "--format %.40s: expected text, ansi, svg, json or describe",
                         format);
    return show_read_theme(options, &request->theme, error) &&
           show_read_glyphs(options, &request->glyphs, error) &&
           read_size(options->size ? options->size : "80x24", request, error);
}

/* The same view of the branch that is shown beside. */
static void tell_compared(const App *app, ViewName view, Answer *answer)
{
    const App *twin = twins_compared(app);
    char moment[64], place[400];

    if (!twin)
        return;
    moment_print(twin->session.trainer.at, moment, sizeof moment);
    app_describe_place(twin, place, sizeof place);
    answer_line(answer, "%s: %s", app->compared, place);
    answer_open(answer, "compare", '{');
    answer_text(answer, "branch", app->compared);
    answer_text(answer, "moment", moment);
    view_table[view].tell(twin, answer);
    answer_close(answer, '}');
}

/* What a change by hand in this step has done. */
static void tell_changes(const App *app, Answer *answer)
{
    if (!edited_is_here(&app->edited, &app->session))
        return;
    answer_open(answer, "changes", '{');
    edited_tell(app, answer);
    answer_close(answer, '}');
}

/* A view in words and numbers: as lines, or as the members of an object. */
static void tell(const App *app, ViewName view, bool json, FILE *stream)
{
    Answer answer = {.cut = false};
    char moment[64], safe[4 * sizeof app->message];

    moment_print(app->session.trainer.at, moment, sizeof moment);
    const char *name = app->knobs.on ? "knobs" : look_views[view].name;
    if (json) {
        answer_text(&answer, "view", name);
        answer_text(&answer, "moment", moment);
    } else {
        app_describe_place(app, safe, sizeof safe);
        answer_line(&answer, "%s: %s", name, safe);
    }
    if (app->knobs.on)
        knobs_tell(app, &answer);
    else
        view_table[view].tell(app, &answer);
    tell_compared(app, view, &answer);
    tell_changes(app, &answer);
    if (json)
        fprintf(stream, "{%s}\n", answer.members.bytes);
    else
        fputs(answer_first(&answer), stream);
    answer_release(&answer);
}

/* To the end of what was begun, and of what the view wants to have found out before it is drawn. */
static void settle(App *app)
{
    script_settle(app, NULL);
    writing_settle(app);
}

/* One view alone, in the format that is asked for. */
static void print(App *app, const Request *request, Canvas *canvas, FILE *stream)
{
    if (request->format == FORMAT_JSON || request->format == FORMAT_DESCRIBE) {
        tell(app, request->view, request->format == FORMAT_JSON, stream);
        return;
    }
    layout_draw(app, canvas, &app->look.spots);
    if (request->format == FORMAT_SVG)
        export_svg(canvas, request->theme, stream);
    else if (request->format == FORMAT_ANSI)
        export_ansi(canvas, request->theme, request->theme == THEME_MONO ? 0 : 256, stream);
    else
        export_text(canvas, stream);
}

/* Runs what --execute says, each to its end. A picture is drawn before each, so that a cursor can
 * move in it. */
static bool execute(App *app, const Options *options, Canvas *canvas, Error *error)
{
    settle(app);
    for (int i = 0; i < options->executes; i++) {
        Error why = {""};
        layout_draw(app, canvas, &app->look.spots);
        if (command_run(app, options->execute[i], &why) & CHANGE_FAILED)
            return error_set(error, "--execute %.60s: %.400s", options->execute[i], why.text);
        settle(app);
    }
    return true;
}

bool show_print(const Options *options, const char *data_path, FILE *stream, Error *error)
{
    Request request = {0};
    App app = {0};
    Canvas canvas = {0};

    if (!read_request(options, &request, error))
        return false;
    bool done = app_init(&app, &options->settings, data_path, options->load, error) &&
                canvas_init(&canvas, request.width, request.height, request.glyphs, error) &&
                app_seek(&app, options->at ? options->at : "end", error);
    app.export = show_export;
    look_show(&app.look, request.view);
    app.look.wide = layout_is_wide(request.width);
    done = done && (!request.knobs || knobs_open(&app, error));
    done = done && execute(&app, options, &canvas, error);
    if (done)
        print(&app, &request, &canvas, stream);
    canvas_release(&canvas);
    app_release(&app);
    return done;
}

/* ---- as a file ------------------------------------------------------------------------------- */

/* The format that a file's name asks for by its ending; text for others. */
static int format_of(const char *path)
{
    static const char *const endings[FORMAT_COUNT] = {".txt", ".ansi", ".svg", ".json",
                                                      ".description"};
    size_t length = strlen(path);

    for (int i = 0; i < FORMAT_COUNT; i++) {
        size_t ending = strlen(endings[i]);
        if (length > ending && strcmp(path + length - ending, endings[i]) == 0)
            return i;
    }
    return FORMAT_TEXT;
}

/* The picture in memory, then at once as a file: a file is whole or not there. */
static bool write_picture(App *app, const Request *request, const char *path, Error *error)
{
    Canvas canvas = {0};
    char *bytes = NULL;
    size_t length = 0;
    FILE *stream = sys_open_memory(&bytes, &length);

    bool done =
        stream && canvas_init(&canvas, request->width, request->height, request->glyphs, error);
    if (done)
        print(app, request, &canvas, stream);
    canvas_release(&canvas);
    if (!stream || fclose(stream) != 0) {
        sys_free(bytes);
        return error_set(error, "out of memory for a picture");
    }
    done = done && sys_write_file(path, &(SysPiece){bytes, length}, 1, error);
    sys_free(bytes);
    return done;
}

/* Without the prompt and what is being read; afterwards all is as it was. */
bool show_export(App *app, const char *view, const char *path, const char *size, Error *error)
{
    Request request = {.glyphs = GLYPHS_BRAILLE};
    const Look look = app->look;
    const bool help = app->help, open = app->prompt.open, knobs = app->knobs.on;

    if (!find_picture(view, &request, NULL))
        return error_set(error, "there is no view %.40s: see list views", view);
    if (request.knobs && !knobs)
        return error_set(error, "the panel of knobs is not open: knobs opens it");
    if (!read_size(size, &request, error))
        return false;
    request.format = format_of(path);
    request.theme = theme_find(app->theme) == THEME_COUNT ? THEME_DARK : theme_find(app->theme);
    app->look.pane[0] = request.view;
    app->look.panes = 1;
    app->look.active = 0;
    app->look.chosen = true;
    app->help = app->prompt.open = false;
    app->knobs.on = request.knobs;
    if (app->direction == 0 && !app->moving && app->pending == 0)
        settle(app);
    else
        writing_settle(app); /* the run goes on by itself */
    bool done = write_picture(app, &request, path, error);
    Spots spots = app->look.spots;
    app->look = look;
    app->look.spots = spots;
    app->help = help;
    app->prompt.open = open;
    app->knobs.on = knobs;
    return done;
}
