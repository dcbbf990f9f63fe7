/* Makes each call for memory and files fail in turn, once and for good, in everything of the engine
 * that can fail because of the world.
 *
 * Whatever fails: the answer is false with a reason, no block and no descriptor is left, a saved
 * run under its own name is whole, and no temporary file stays. */
#include "engine/checkpoint.h"
#include "engine/history.h"
#include "engine/sampler.h"
#include "engine/sys.h"

#include "failing.h"
#include "scratch.h"
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- what is tried --------------------------------------------------------------------------- */

static Settings settings;
static Corpus corpus;
static Trainer trainer; /* stands at step 2; the file `run` was saved at step 1 */

static void prepare(void)
{
    Error error = {""};
    scratch_enter();
    scratch_put("names.txt", "emma\nanna\nbob\nzoë\n");
    settings_default(&settings);
    settings.n_embd = settings.n_head = settings.block_size = 2;
    ck_assert(corpus_read(&corpus, "names.txt", &error) &&
              trainer_init(&trainer, &settings, &corpus, &error));
    ck_assert(trainer_step(&trainer) && checkpoint_save(&trainer, "run", &error) &&
              trainer_step(&trainer));
}

static void clean_up(void)
{
    trainer_release(&trainer);
    corpus_release(&corpus);
    scratch_leave();
}

static bool try_corpus(Error *error)
{
    Corpus other;
    bool good = corpus_read(&other, "names.txt", error);
    if (good)
        corpus_release(&other);
    return good;
}

static bool try_adopt(Error *error)
{
    Corpus other;
    bool good = corpus_read(&other, "names.txt", error);
    if (good) {
        good = corpus_adopt(&other, corpus.character, corpus.characters, error);
        corpus_release(&other);
    }
    return good;
}

static bool try_trainer(Error *error)
{
    Trainer other;
    bool good = trainer_init(&other, &settings, &corpus, error);
    if (good)
        trainer_release(&other);
    return good;
}

static bool try_sampler(Error *error)
{
    Sampler sampler;
    bool good = sampler_init(&sampler, &settings, corpus_vocab(&corpus), error);
    if (good)
        sampler_release(&sampler);
    return good;
}

static bool try_history(Error *error)
{
    History history;
    bool good = history_init(&history, &trainer, 1 << 16, error);
    if (good)
        history_release(&history);
    return good;
}

static bool try_save(Error *error)
{
    return checkpoint_save(&trainer, "run", error);
}

static bool try_save_anew(Error *error)
{
    return checkpoint_save(&trainer, "folder/new", error);
}

static bool try_load(Error *error)
{
    Checkpoint checkpoint;
    bool good = checkpoint_read(&checkpoint, "run", error);
    if (good)
        checkpoint_release(&checkpoint);
    return good;
}

static const struct {
    const char *what;
    bool (*try)(Error *error);
    bool closes; /* it opens files */
} rows[] = {
    {"reading documents", try_corpus, true},    {"taking over an alphabet", try_adopt, true},
    {"beginning to train", try_trainer, false}, {"beginning to write", try_sampler, false},
    {"keeping a history", try_history, false},  {"saving over an old run", try_save, true},
    {"saving a new run", try_save_anew, true},  {"loading a run", try_load, true},
};

enum { ROWS = sizeof rows / sizeof *rows };

static void expect_whole(const char *path, int64_t least, const char *what)
{
    Checkpoint checkpoint;
    Error error = {""};
    ck_assert_msg(checkpoint_read(&checkpoint, path, &error), "%s: %s", what, error.text);
    ck_assert_int_ge(checkpoint.step, least);
    ck_assert_int_le(checkpoint.step, 2);
    checkpoint_release(&checkpoint);
}

/* The saved runs are whole, old or new, and nothing else is in the folders. */
static void expect_tidy(const char *what)
{
    ck_assert_int_eq(chdir("folder"), 0);
    bool is_new = access("new", F_OK) == 0;
    ck_assert_msg(scratch_entries() == is_new, "%s leaves a temporary file", what);
    if (is_new)
        expect_whole("new", 2, what);
    unlink("new");
    ck_assert_int_eq(chdir(".."), 0);
    ck_assert_msg(scratch_entries() == 3, "%s leaves a temporary file", what);
    expect_whole("run", 1, what);
}

/* A close that fails is no harm: nothing was written, or all has been flushed. Nor is what only
 * looks for the leftovers of others, or chooses a name. */
static bool is_harmless(const char *function)
{
    return strcmp(function, "close") == 0 || strcmp(function, "opendir") == 0 ||
           strcmp(function, "getentropy") == 0;
}

/* Tries one row with call number `at` failing. Returns false when there are fewer calls. */
static bool try_at(int row, Fault fault, long at)
{
    Error error = {""};
    world_arm(fault, at);
    bool good = rows[row].try(&error);
    world_disarm();
    bool harmless = !world.failed || (rows[row].closes && is_harmless(world.failed));
    const char *what = rows[row].what, *failed = world.failed ? world.failed : "nothing";
    ck_assert_msg(!good || harmless, "%s: %s (call %ld) fails, and nobody notices", what, failed,
                  at);
    ck_assert_msg(good || *error.text, "%s: %s (call %ld) fails without a reason", what, failed,
                  at);
    ck_assert_msg(good || world.failed, "%s: %s, though nothing failed", what, error.text);
    ck_assert_msg(world.blocks == 0, "%s: %s (call %ld) fails, %ld blocks are lost", what, failed,
                  at, world.blocks);
    ck_assert_msg(world.files == 0, "%s: %s (call %ld) fails, %ld files stay open", what, failed,
                  at, world.files);
    ck_assert_msg(!world.careless, "%s: a file is opened without O_CLOEXEC, O_NOCTTY or O_NONBLOCK",
                  what);
    return world.failed != NULL;
}

START_TEST(whatever_fails_is_told_and_nothing_is_lost)
{
    int row = _i / 2;
    long at = 1;
    ck_assert_int_eq(mkdir("folder", 0755), 0);
    for (; try_at(row, _i % 2 ? FAULT_FOR_GOOD : FAULT_ONCE, at); at++)
        expect_tidy(rows[row].what);
    ck_assert_msg(at > 2, "%s calls nothing that could fail", rows[row].what);
    expect_tidy(rows[row].what);
}
END_TEST

START_TEST(a_few_bytes_at_a_time_and_signals_do_no_harm)
{
    ck_assert_int_eq(mkdir("folder", 0755), 0);
    for (int row = 0; row < ROWS; row++) {
        try_at(row, FAULT_SHORT, 0);
        expect_tidy(rows[row].what);
        try_at(row, FAULT_INTERRUPTED, 0);
        expect_tidy(rows[row].what);
    }
    expect_whole("run", 2, "saving in small pieces");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("faults");
    TCase *tests = tcase_create("faults");
    SRunner *runner = srunner_create(suite);

    tcase_add_checked_fixture(tests, prepare, clean_up);
    tcase_add_loop_test(tests, whatever_fails_is_told_and_nothing_is_lost, 0, 2 * ROWS);
    tcase_add_test(tests, a_few_bytes_at_a_time_and_signals_do_no_harm);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    int run = srunner_ntests_run(runner), failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return run == 0 || failed > 0;
}
