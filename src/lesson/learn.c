#include "lesson/learn.h"

#include "app/batch.h"
#include "app/text.h"
#include "engine/sys.h"
#include "lesson/lint.h"
#include <string.h>
#include <unistd.h>

/* ---- where things are ------------------------------------------------------------------------ */

static bool find_data(void *context, const char *name, char path[PATHS_BYTES], Error *error)
{
    const char *program = context;
    char file[64];

    snprintf(file, sizeof file, "data/%.40s.txt", name);
    return paths_find(program, file, path, error);
}

/* Folders of lessons; "" where there is none. */
static void find_lessons(const char *program, char lessons[PATHS_BYTES], char own[PATHS_BYTES])
{
    char *end;

    if (!paths_find(program, "lessons/README.md", lessons, NULL))
        lessons[0] = '\0';
    else if ((end = strrchr(lessons, '/')))
        *end = '\0';
    if (!paths_data("lessons", own))
        own[0] = '\0';
}

static LessonPlaces places_of(const Options *options, const char *program, const char *data)
{
    return (LessonPlaces){.find_data = find_data,
                          .context = (void *)(uintptr_t)program,
                          .settings = options->settings,
                          .data = data};
}

static bool open_progress(Progress *progress, char *message, size_t size, Error *error)
{
    char path[PATHS_BYTES];

    return progress_open(progress, paths_state("lessons.json", path) ? path : NULL, message, size,
                         error);
}

/* ---- with an app ----------------------------------------------------------------------------- */

bool learn_init(Learn *learn, App *app, const Options *options, const char *program,
                const char *data, Error *error)
{
    LessonPlaces places = places_of(options, program, data);

    learn->message[0] = '\0';
    find_lessons(program, learn->lessons, learn->own);
    places.lessons[0] = learn->lessons;
    places.lessons[1] = learn->own;
    if (!open_progress(&learn->progress, learn->message, sizeof learn->message, error))
        return false;
    if (!lesson_run_init(&learn->run, app, &places, &learn->progress, error)) {
        progress_close(&learn->progress);
        return false;
    }
    lesson_run_fasten(&learn->run);
    return true;
}

void learn_release(Learn *learn)
{
    Error error;

    progress_save(&learn->progress, &error);
    lesson_run_release(&learn->run);
    progress_close(&learn->progress);
}

bool learn_begin(Learn *learn, const Options *options, Error *error)
{
    app_run(learn->run.app, 0);
    learn->run.watching = options->watch;
    learn->run.app->tutor.look_at = options->watch ? 1e-9 : 0; /* from the beginning */
    if (options->review)
        return lesson_run_review(&learn->run, error);
    return lesson_run_open(&learn->run, options->arguments > 0 ? options->argument[0] : "", error);
}

bool learn_is_new(void)
{
    char path[PATHS_BYTES], lessons[PATHS_BYTES];
    SysPiece piece = {"begun\n", 6};
    char *slash;

    if (!paths_state("welcome", path) || !paths_state("lessons.json", lessons) ||
        access(path, F_OK) == 0 || access(lessons, F_OK) == 0)
        return false;
    memcpy(lessons, path, sizeof lessons);
    slash = strrchr(lessons, '/');
    *slash = '\0';
    return sys_make_folder(lessons, NULL) && sys_write_file(path, &piece, 1, NULL);
}

/* ---- without a screen ------------------------------------------------------------------------ */

static void warn(const char *message)
{
    fputs("gptoscope: ", stderr);
    text_print(stderr, message, strlen(message));
    fputc('\n', stderr);
}

int learn_plain(const Options *options, const char *program, const char *data,
                PlainDescribe *describe, Error *error)
{
    App *app = sys_alloc(1, sizeof *app);
    Learn *learn = sys_alloc(1, sizeof *learn);
    int status = BATCH_UNUSABLE;

    if (!app || !learn) {
        error_set(error, "out of memory");
    } else if (app_init(app, &options->settings, data, options->load, error)) {
        app->headless = true;
        if (learn_init(learn, app, options, program, data, error)) {
            if (learn->message[0])
                warn(learn->message);
            if (learn_begin(learn, options, error))
                status = plain_run(&learn->run, stdin, stdout, describe);
            learn_release(learn);
        }
    }
    if (app)
        app_release(app);
    sys_free(learn);
    sys_free(app);
    return status;
}

int learn_lint(const Options *options, const char *program, const char *data, Error *error)
{
    LessonPlaces places = places_of(options, program, data);
    int wrong = 0;

    if (!lint_files(options->argument, options->arguments, &places, stdout, &wrong, error))
        return BATCH_UNUSABLE;
    return wrong > 0 ? BATCH_FAILED : BATCH_DONE;
}

int learn_recap(const Options *options, Error *error)
{
    char message[480];
    Progress progress;

    (void)options;
    if (!open_progress(&progress, message, sizeof message, error))
        return BATCH_UNUSABLE;
    if (message[0])
        error_set(error, "%s", message);
    progress_recap(&progress, stdout);
    progress_close(&progress);
    return message[0] ? BATCH_FAILED : BATCH_DONE;
}

int learn_reset(const Options *options, Error *error)
{
    const char *name = options->arguments > 0 ? options->argument[0] : NULL;
    char message[480];
    Progress progress;

    if (!open_progress(&progress, message, sizeof message, error))
        return BATCH_UNUSABLE;
    bool known = !name || progress_is_begun(&progress, name);
    if (!known)
        error_set(error, "nothing is known of a lesson %.40s", name);
    progress_reset(&progress, name);
    bool saved = known && progress_save(&progress, error);
    progress_close(&progress);
    return saved ? BATCH_DONE : BATCH_UNUSABLE;
}

bool learn_list(const char *program, FILE *stream, Error *error)
{
    char lessons[PATHS_BYTES], own[PATHS_BYTES], message[480];
    const char *const folders[] = {lessons, own};
    Answer answer = {.cut = false};
    Progress progress;
    Contents contents;

    find_lessons(program, lessons, own);
    if (!open_progress(&progress, message, sizeof message, error))
        return false;
    bool made = contents_open(&contents, folders, 2, error);
    if (made) {
        contents_answer(&contents, &progress, &answer);
        answer_print(&answer, stream);
    }
    answer_release(&answer);
    contents_close(&contents);
    progress_close(&progress);
    return made;
}
