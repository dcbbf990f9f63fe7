#include "view/show.h"

#include "view/export.h"
#include "view/layout.h"
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *help;
} views[] = {{"overview", "the whole run in one picture"}};

void show_list(FILE *stream)
{
    for (size_t i = 0; i < sizeof views / sizeof *views; i++)
        fprintf(stream, "%s\t%s\n", views[i].name, views[i].help);
}

/* What the options ask for, read. */
typedef struct Request {
    int width, height;
    Theme theme;
    Glyphs glyphs;
    enum { FORMAT_TEXT, FORMAT_ANSI, FORMAT_SVG, FORMAT_COUNT } format;
} Request;

static bool find_view(const char *name, Error *error)
{
    for (size_t i = 0; i < sizeof views / sizeof *views; i++)
        if (strcmp(views[i].name, name) == 0)
            return true;
    return error_set(error, "there is no view %.40s: see gptoscope list views", name);
}

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

static bool read_request(const Options *options, Request *request, Error *error)
{
    static const char *const formats[] = {"text", "ansi", "svg"};
    const char *format = options->format ? options->format : formats[FORMAT_TEXT];

    request->format = find_name(formats, FORMAT_COUNT, format);
    if (request->format == FORMAT_COUNT)
        return error_set(error, "--format %.40s: expected text, ansi or svg", format);
    return show_read_theme(options, &request->theme, error) &&
           show_read_glyphs(options, &request->glyphs, error) &&
           read_size(options->size ? options->size : "80x24", request, error);
}

static void print(const App *app, const Request *request, Canvas *canvas, FILE *stream)
{
    layout_draw(app, canvas);
    if (request->format == FORMAT_SVG)
        export_svg(canvas, request->theme, stream);
    else if (request->format == FORMAT_ANSI)
        export_ansi(canvas, request->theme, request->theme == THEME_MONO ? 0 : 256, stream);
    else
        export_text(canvas, stream);
}

bool show_print(const Options *options, const char *data_path, FILE *stream, Error *error)
{
    Request request = {0};
    App app = {0};
    Canvas canvas = {0};

    if (!find_view(options->argument[0], error) || !read_request(options, &request, error))
        return false;
    bool done = app_init(&app, &options->settings, data_path, options->load, error) &&
                canvas_init(&canvas, request.width, request.height, request.glyphs, error) &&
                app_seek(&app, options->at ? options->at : "end", error);
    if (done)
        print(&app, &request, &canvas, stream);
    canvas_release(&canvas);
    app_release(&app);
    return done;
}
