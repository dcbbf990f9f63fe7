/* gptoscope: options, mode, wiring. */
#include "config.h"

#include "app/batch.h"
#include "app/bench.h"
#include "app/bench_memory.h"
#include "app/eval.h"
#include "app/list.h"
#include "app/options.h"
#include "app/paths.h"
#include "app/script.h"
#include "app/text.h"
#include "engine/words.h"
#include "lesson/learn.h"
#include "term/interrupt.h"
#include "term/kind.h"
#include "term/loop.h"
#include "view/bench_knobs.h"
#include "view/bench_views.h"
#include "view/show.h"
#include "view/view.h"
#include <locale.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { DONE = 0, FAILED = 1, UNUSABLE = 2 };

static bool read_color(const Options *options, ColorWhen *color, Error *error)
{
    static const char *const names[] = {"auto", "always", "never"};
    const char *name = options->color ? options->color : "auto";

    for (int i = 0; i < 3; i++)
        if (strcmp(names[i], name) == 0) {
            *color = (ColorWhen)i;
            return true;
        }
    return error_set(error, "--color %.40s: expected auto, always or never", name);
}

/* What the reader has arranged and typed in earlier sessions. It works without: what fails is said
 * on the screen. What the command line says of looks goes before. */
static void bring_back(App *app, const Options *options)
{
    char path[PATHS_BYTES];
    Error error = {""};

    if (paths_state("history", path))
        recall_read(&app->prompt.recall, path, &error);
    if (paths_config("config", path))
        script_configure(app, path, &error);
    if (error.text[0])
        app_say(app, true, "%s", error.text);
    if (options->theme)
        app->theme[0] = '\0';
    if (options->glyphs)
        app->glyphs[0] = '\0';
}

static void keep(const App *app, Error *error)
{
    char path[PATHS_BYTES];

    if (paths_state("history", path))
        recall_save(&app->prompt.recall, path, error);
}

/* What the view with the cursor says in words and numbers. */
static void describe(const App *app, FILE *stream)
{
    Answer answer = {.cut = false};

    view_table[look_view(&app->look)].tell(app, &answer);
    answer_print(&answer, stream);
    answer_release(&answer);
}

/* Lessons, and the one that was asked for. */
static bool open_lessons(Learn *learn, App *app, const Options *options, const char *program,
                         const char *data, Error *error)
{
    if (!learn_init(learn, app, options, program, data, error))
        return false;
    if (learn->message[0])
        app_say(app, true, "%s", learn->message);
    else if (options->mode == MODE_EXPLORE && learn_is_new())
        app_say(app, false, "New here? Type :lesson 1 and Enter for the first lesson; ? for help.");
    if (options->mode != MODE_LEARN || learn_begin(learn, options, error))
        return true;
    learn_release(learn);
    return false;
}

/* The session is kept while it goes on; one that was interrupted is offered, or taken up. */
static bool begin_autosave(App *app, const Options *options, Error *error)
{
    Error reason;

    if (options->resume && (options->load || options->no_autosave))
        return error_set(error, "--resume goes with neither --load nor --no-autosave");
    if (options->no_autosave)
        app->autosave.wanted = false;
    if ((app->autosave.wanted || options->resume) && !autosave_begin(app, &reason))
        app_say(app, true, "the session is not kept: %.400s", reason.text);
    if (options->resume)
        return autosave_resume(app, error);
    if (autosave_offers(app) && !app->message[0])
        app_say(app, false,
                "An earlier session was interrupted: type :resume and Enter to go on there.");
    return true;
}

/* explore and learn. */
static int explore(const Options *options, const char *program, const char *data, Error *error)
{
    TerminalOptions terminal = {.choose_glyphs = !options->glyphs};
    Learn learn;
    App app = {0};
    int status = UNUSABLE;

    if (options->plain)
        error_set(error, "--plain: there is no plain form of this mode: try gptoscope train, or "
                         "gptoscope show overview");
    else if (read_color(options, &terminal.color, error) &&
             show_read_theme(options, &terminal.theme, error) &&
             show_read_glyphs(options, &terminal.glyphs, error) &&
             app_init(&app, &options->settings, data, options->load, error)) {
        app.export = show_export;
        app.autosave.wanted = options->mode == MODE_EXPLORE;
        bring_back(&app, options);
        if (begin_autosave(&app, options, error) &&
            open_lessons(&learn, &app, options, program, data, error)) {
            status = loop_run(&app, &terminal, error);
            if (!autosave_end(&app, status == DONE, error))
                status = status == DONE ? FAILED : status;
            learn_release(&learn);
        }
        if (status != LOOP_NO_SCREEN)
            keep(&app, error);
    }
    app_release(&app);
    return status;
}

/* Lessons have other ways where there is no screen. */
static int learn(const Options *options, const char *program, const char *data, Error *error)
{
    Error reason = {""};

    if (options->recap)
        return learn_recap(options, error);
    if (options->reset)
        return learn_reset(options, error);
    if (options->plain || !kind_check(&reason))
        return learn_plain(options, program, data, describe, error);
    return explore(options, program, data, error);
}

static int list(const Options *options, const char *program, Error *error)
{
    if (strcmp(options->argument[0], "lessons") == 0)
        return learn_list(program, stdout, error) ? DONE : UNUSABLE;
    if (strcmp(options->argument[0], "views") == 0)
        show_list(stdout);
    else if (!list_print(options->argument[0], stdout, error))
        return UNUSABLE;
    return DONE;
}

static int bench(const Options *options, const char *data, Error *error)
{
    static const struct {
        const char *name;
        bool (*measure)(const Options *options, const char *data, FILE *stream, Error *error);
    } benches[] = {{"train", bench_train},
                   {"fused", bench_fused},
                   {"sizes", bench_sizes},
                   {"precision", bench_precision},
                   {"sweep", bench_sweep},
                   {"seek", bench_seek},
                   {"views", bench_views},
                   {"knobs", bench_knobs},
                   {"layout", bench_layout},
                   {"alloc", bench_alloc}};
    bool known = options->arguments == 0;

    for (size_t i = 0; i < sizeof benches / sizeof *benches; i++) {
        if (options->arguments > 0 && strcmp(options->argument[0], benches[i].name) != 0)
            continue;
        known = true;
        if (!benches[i].measure(options, data, stdout, error))
            return UNUSABLE;
    }
    if (known)
        return DONE;
    error_set(error,
              "there is no measurement %.40s: try train, fused, sizes, precision, sweep, seek, "
              "views, layout or alloc",
              options->argument[0]);
    return UNUSABLE;
}

/* On Ctrl-C: the screen takes it as a key, and what only prints or measures is simply ended. */
static bool ends_in_order(Mode mode)
{
    return mode != MODE_EXPLORE && mode != MODE_LEARN && mode != MODE_LINT && mode != MODE_SHOW &&
           mode != MODE_BENCH;
}

static int run(const Options *options, const char *program, Error *error)
{
    char standard[PATHS_BYTES];
    const char *data = options->data;
    bool needs_data =
        options->mode != MODE_LIST && !(options->mode == MODE_SAMPLE && options->arguments > 0);

    if (needs_data && !data) {
        if (!paths_find(program, "data/names.txt", standard, error))
            return UNUSABLE;
        data = standard;
    }
    interrupt_ignore_limits();
    if (ends_in_order(options->mode))
        interrupt_install();
    switch (options->mode) {
    case MODE_LEARN:
        return learn(options, program, data, error);
    case MODE_LINT:
        return learn_lint(options, program, data, error);
    case MODE_TRAIN:
        return batch_train(options, data, interrupt_noted, error);
    case MODE_SAMPLE:
        return batch_sample(options, data, interrupt_noted, error);
    case MODE_SHOW:
        return show_print(options, data, stdout, error) ? DONE : UNUSABLE;
    case MODE_EVAL:
        return eval_run(options, data, interrupt_noted, stdout, error);
    case MODE_SCRIPT:
        return script_run(options, data, show_export, interrupt_noted, stdout, error);
    case MODE_LIST:
        return list(options, program, error);
    case MODE_BENCH:
        return bench(options, data, error);
    default:
        return explore(options, program, data, error);
    }
}

/* Standard output is a pipe, and the program at its other end wants no more. */
static bool reader_has_left(void)
{
    struct pollfd pipe = {.fd = STDOUT_FILENO};

    return poll(&pipe, 1, 0) > 0 && (pipe.revents & POLLERR);
}

/* Results that could not be written are a failure, never silence, unless nobody wants them. */
static int finish(int status, Error *error)
{
    char line[4 * sizeof error->text];

    if (fflush(stdout) != 0 || ferror(stdout)) {
        status = status == DONE ? FAILED : status;
        if (!error->text[0] && !reader_has_left())
            error_set(error, "cannot write the results to standard output");
    }
    if (error->text[0]) {
        text_show(error->text, strlen(error->text), line, sizeof line, false);
        fprintf(stderr, "gptoscope: %s\n", line);
    }
    return status;
}

int main(int argc, char **argv)
{
    Options options;
    Error error = {""};
    char locale[PATHS_BYTES];

    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C"); /* 0.01 is a number in every language */
    paths_locale(argv[0], locale);
    words_open(locale);
    if (!options_parse(&options, argc, argv, &error))
        return finish(UNUSABLE, &error);
    if (options.version)
        puts(PACKAGE_STRING);
    else if (options.help)
        options_print_help(&options, stdout);
    else
        return finish(run(&options, argv[0], &error), &error);
    return finish(DONE, &error);
}
