/* Makes each call for memory and files fail in turn, once and for good, in what a reader does with
 * the program: training and saving, going on, scripts, lessons, sessions that are kept.
 *
 * Whatever fails: it ends with a reason and status 1 or 2, or the program does without; no block and
 * no descriptor is left, a file under its own name is whole, the one of before or the new one, and
 * no temporary file stays. */
#include "app/batch.h"
#include "app/eval.h"
#include "app/keep.h"
#include "app/script.h"
#include "engine/checkpoint.h"
#include "engine/sys.h"
#include "lesson/lint.h"
#include "lesson/progress.h"
#include "view/show.h"

#include "failing.h"
#include "scratch.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what is tried --------------------------------------------------------------------------- */

#define MODEL "--n-embd", "2", "--n-head", "1", "--block-size", "4", "--steps", "6"

static const char script[] = "goto 2.forward.5\n"
                             "set wte[0][0] = 3\n"
                             "watch loss + 1\n"
                             "fork warm\n"
                             "option lr = 0.05\n"
                             "goto 4\n"
                             "switch main\n"
                             "back 1 step\n"
                             "print grad(wte)[0]\n"
                             "why loss\n"
                             "undo\n"
                             "gen an\n"
                             "save run\n"
                             "load run\n"
                             "goto 5\n"
                             "export loss picture.svg\n";

static FILE *nowhere;

static bool never(void)
{
    return false;
}

/* Plays a command line; the status of its mode. */
static int play(const char *const *argument, Error *error)
{
    static char name[] = "gptoscope";
    char *argv[32] = {name};
    Options options;
    int argc = 1;

    for (; argument[argc - 1]; argc++)
        argv[argc] = (char *)(uintptr_t)argument[argc - 1];
    if (!options_parse(&options, argc, argv, error))
        return BATCH_UNUSABLE;
    switch (options.mode) {
    case MODE_TRAIN:
        return batch_train(&options, "names.txt", never, error);
    case MODE_SAMPLE:
        return batch_sample(&options, "names.txt", never, error);
    case MODE_EVAL:
        return eval_run(&options, "names.txt", never, nowhere, error);
    case MODE_SCRIPT:
        return script_run(&options, "names.txt", show_export, never, nowhere, error);
    default:
        return show_print(&options, "names.txt", nowhere, error) ? BATCH_DONE : BATCH_UNUSABLE;
    }
}

#define TRY(name, ...)                                             \
    static int try_##name(Error *error)                            \
    {                                                              \
        static const char *const argument[] = {__VA_ARGS__, NULL}; \
        return play(argument, error);                              \
    }

TRY(train, "train", MODEL, "--samples", "1", "--save", "run")
TRY(go_on, "train", "--load", "run", "--samples", "1", "--save", "run")
TRY(sample, "sample", "run", "--samples", "2")
TRY(eval, "eval", MODEL, "--at", "3.update.2", "loss", "norm(grad(wte))", "step")
TRY(script, "script", "script", MODEL)
TRY(show, "show", "graph", MODEL, "-e", "goto 2.forward.9", "--format", "svg")
TRY(show_attention, "show", "attention", MODEL, "-e", "goto 3", "--format", "json")

static App app;

static int end_app(bool good)
{
    Error ignored;

    autosave_end(&app, true, &ignored);
    app_release(&app);
    return good ? BATCH_DONE : BATCH_UNUSABLE;
}

static bool begin_app(Error *error)
{
    Settings settings;

    settings_default(&settings);
    settings.n_embd = settings.block_size = settings.steps = 4;
    return app_init(&app, &settings, "names.txt", NULL, error);
}

/* A session that goes on for a while, and is then interrupted by a signal. */
static int try_autosave(Error *error)
{
    bool good = begin_app(error) && autosave_begin(&app, error) && app_seek(&app, "2", error);

    if (good) {
        autosave_work(&app, sys_seconds() + 2 * AUTOSAVE_SECONDS);
        good = app_seek(&app, "3.forward.4", error) && autosave_end(&app, false, error);
    }
    return end_app(good);
}

static int try_resume(Error *error)
{
    return end_app(begin_app(error) && autosave_begin(&app, error) && autosave_resume(&app, error));
}

static int try_progress(Error *error)
{
    char message[480];
    Progress progress;
    bool good = progress_open(&progress, "gptoscope/lessons.json", message, sizeof message, error);

    if (good && message[0])
        good = error_set(error, "%s", message);
    if (good) {
        ProgressNote note = {OUTCOME_RIGHT, 1, true, false, "2 + 2?", "4", "four"};
        progress_note(&progress, "1", "sum", &note);
        good = progress_save(&progress, error);
    }
    progress_close(&progress);
    return good ? BATCH_DONE : BATCH_UNUSABLE;
}

static int try_recall(Error *error)
{
    Recall *recall = sys_alloc(1, sizeof *recall);
    bool good = recall ? recall_read(recall, "gptoscope/history", error)
                       : error_set(error, "out of memory");

    if (good) {
        recall_add(recall, "goto 7");
        good = recall_save(recall, "gptoscope/history", error);
    }
    sys_free(recall);
    return good ? BATCH_DONE : BATCH_UNUSABLE;
}

static bool find_data(void *context, const char *name, char path[PATHS_BYTES], Error *error)
{
    (void)context;
    (void)name;
    (void)error;
    return snprintf(path, PATHS_BYTES, "names.txt") > 0;
}

static int try_lint(Error *error)
{
    static const char *const path[] = {"lesson.md"};
    LessonPlaces places = {.find_data = find_data, .data = "names.txt"};
    int wrong = 0;

    settings_default(&places.settings);
    places.settings.steps = 20;
    bool good = lint_files(path, 1, &places, nowhere, &wrong, error);
    if (good && wrong > 0)
        error_set(error, "it does not hold");
    return !good ? BATCH_UNUSABLE : wrong > 0 ? BATCH_FAILED : BATCH_DONE;
}

static const struct {
    const char *what;
    int (*try)(Error *error);
    bool tells; /* itself, on standard error */
} rows[] = {
    {"training and saving", try_train, false},
    {"loading and going on", try_go_on, false},
    {"writing with a saved run", try_sample, false},
    {"reading expressions", try_eval, true},
    {"a script", try_script, false},
    {"showing a graph", try_show, false},
    {"showing attention", try_show_attention, false},
    {"keeping a session", try_autosave, false},
    {"resuming a session", try_resume, false},
    {"progress in lessons", try_progress, false},
    {"recalling what was typed", try_recall, false},
    {"checking a lesson", try_lint, false},
};

enum { ROWS = sizeof rows / sizeof *rows };

/* ---- the world before and after -------------------------------------------------------------- */

static const char *read_all(const char *path, size_t *length)
{
    static char bytes[65536];
    FILE *file = fopen(path, "rb");

    if (!file)
        return NULL;
    *length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return bytes;
}

static void copy_file(const char *from, const char *to)
{
    size_t length = 0;
    const char *bytes = read_all(from, &length);

    ck_assert_msg(bytes != NULL, "%s", from);
    scratch_write(to, bytes, length);
}

static void prepare(void)
{
    char state[4096], lesson[4096];
    Error error = {""};

    scratch_enter();
    ck_assert(getcwd(state, sizeof state));
    setenv("XDG_STATE_HOME", state, 1);
    nowhere = fopen("/dev/null", "w");
    ck_assert(nowhere && freopen("/dev/null", "w", stdout) && freopen("/dev/null", "w", stderr));
    scratch_put("names.txt", "emma\nanna\nbob\nzoë\n");
    scratch_put("script", script);
    snprintf(lesson, sizeof lesson, "%s/lessons/sound.md", getenv("TESTS_DIR"));
    copy_file(lesson, "lesson.md");
    ck_assert_int_eq(try_train(&error), 0);
    ck_assert(rename("run", "run.good") == 0);
    ck_assert_int_eq(try_autosave(&error), 0);
    ck_assert(rename("gptoscope", "state.good") == 0);
}

static bool is_file(const char *name, const char *end)
{
    size_t length = strlen(name), tail = strlen(end);

    return length >= tail && strcmp(name + length - tail, end) == 0;
}

static bool copy_entry(void *context, const char *name, bool is_folder)
{
    char from[512], to[512];

    (void)context;
    (void)is_folder;
    snprintf(from, sizeof from, "state.good/%.400s", name);
    snprintf(to, sizeof to, "gptoscope/%.400s", name);
    copy_file(from, to);
    return true;
}

static bool remove_entry(void *context, const char *name, bool is_folder)
{
    char path[512];

    (void)is_folder;
    snprintf(path, sizeof path, "%s/%.400s", (const char *)context, name);
    return unlink(path) == 0;
}

/* The files as they are before each try. */
static void set_up(void)
{
    char folder[] = "gptoscope";

    copy_file("run.good", "run");
    unlink("picture.svg");
    sys_visit_folder(folder, remove_entry, folder, NULL);
    mkdir(folder, 0700);
    ck_assert(sys_visit_folder("state.good", copy_entry, NULL, NULL));
    scratch_put("gptoscope/history", "goto 3\n");
    scratch_put("gptoscope/lessons.json", "{\"version\": 1, \"lessons\": {}}\n");
}

/* No temporary file, and every saved run is whole. */
static bool look_at(void *context, const char *name, bool is_folder)
{
    Checkpoint checkpoint;
    Error error = {""};
    char path[512];

    (void)is_folder;
    snprintf(path, sizeof path, "%s/%.400s", (const char *)context, name);
    ck_assert_msg(!is_file(name, ".tmp"), "%s is left", path);
    if (strcmp(name, "run") == 0 || is_file(name, ".run")) {
        ck_assert_msg(checkpoint_read(&checkpoint, path, &error), "%s", error.text);
        checkpoint_release(&checkpoint);
    }
    if (is_file(name, ".json")) {
        char message[480];
        Progress progress;
        ck_assert(progress_open(&progress, path, message, sizeof message, &error));
        ck_assert_msg(!message[0], "%s", message);
        progress_close(&progress);
    }
    return true;
}

static void expect_whole(void)
{
    char here[] = ".", state[] = "gptoscope";

    ck_assert(access("run", F_OK) == 0 && access("gptoscope/history", F_OK) == 0 &&
              access("gptoscope/lessons.json", F_OK) == 0);
    ck_assert(sys_visit_folder(here, look_at, here, NULL));
    ck_assert(sys_visit_folder(state, look_at, state, NULL));
}

/* ---- faults ---------------------------------------------------------------------------------- */

/* Tries one row with call number `at` failing. Returns false when there are fewer calls. */
static bool try_at(int row, Fault fault, bool memory_spared, long at)
{
    Error error = {""};
    const char *what = rows[row].what;

    set_up();
    world_arm(fault, at);
    world.memory_spared = memory_spared;
    int status = rows[row].try(&error);
    world_disarm();
    const char *failed = world.failed ? world.failed : "nothing";
    ck_assert_msg(status == 0 || *error.text || rows[row].tells,
                  "%s: %s (call %ld) fails without a reason", what, failed, at);
    ck_assert_msg(status >= 0 && status <= 2, "%s: %s (call %ld) fails with status %d", what,
                  failed, at, status);
    ck_assert_msg(status == 0 || world.failed, "%s: %s, though nothing failed", what, error.text);
    ck_assert_msg(world.blocks == 0, "%s: %s (call %ld) fails, %ld blocks are lost", what, failed,
                  at, world.blocks);
    ck_assert_msg(world.files == 0, "%s: %s (call %ld) fails, %ld files stay open", what, failed,
                  at, world.files);
    expect_whole();
    return world.failed != NULL;
}

static long *faults; /* of all tests, which are processes of their own */

/* In short, each call for files fails, and of the many for memory that are alike only some. */
START_TEST(whatever_fails_is_told_and_nothing_is_lost)
{
    const bool full = getenv("GPTOSCOPE_FULL") != NULL, memory_spared = !full && _i & 2;
    const int row = _i / 4, close = full || memory_spared ? 1000000 : 16, apart = 47;
    long at = 1, tried = 0;

    while (!(full && _i & 2) &&
           try_at(row, _i & 1 ? FAULT_FOR_GOOD : FAULT_ONCE, memory_spared, at)) {
        at += at < close ? 1 : apart;
        tried++;
    }
    *faults += tried;
}
END_TEST

int main(void)
{
    faults = mmap(NULL, sizeof *faults, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    Suite *suite = suite_create("faults of the program");
    TCase *tests = tcase_create("faults");
    SRunner *runner = srunner_create(suite);

    tcase_add_checked_fixture(tests, prepare, scratch_leave);
    tcase_add_loop_test(tests, whatever_fails_is_told_and_nothing_is_lost, 0, 4 * ROWS);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    int run = srunner_ntests_run(runner), failed = srunner_ntests_failed(runner);
    printf("%ld faults injected\n", *faults);
    srunner_free(runner);
    return run == 0 || failed > 0;
}
