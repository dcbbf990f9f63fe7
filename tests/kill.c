/* Kills a program that saves, again and again, at any moment: the file under its own name is whole,
 * the old one or the new, and what the killed have left is swept. KILLS says how often (40). */
#include "engine/checkpoint.h"
#include "engine/sys.h"

#include "scratch.h"
#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static Settings settings;
static Corpus corpus;
static Trainer trainer;

static void prepare(void)
{
    Error error = {""};

    scratch_enter();
    scratch_put("names.txt", "emma\nanna\nbob\n");
    settings_default(&settings);
    settings.n_embd = 8;
    settings.n_head = settings.block_size = 2;
    ck_assert(corpus_read(&corpus, "names.txt", &error) &&
              trainer_init(&trainer, &settings, &corpus, &error));
    ck_assert(trainer_step(&trainer) && checkpoint_save(&trainer, "run", &error));
}

static void clean_up(void)
{
    trainer_release(&trainer);
    corpus_release(&corpus);
    scratch_leave();
}

/* Saves a run that grows, for good. */
static void save_on(void)
{
    Error error = {""};

    while (trainer_step(&trainer) && checkpoint_save(&trainer, "run", &error))
        continue;
    _exit(1);
}

static void wait_microseconds(long microseconds)
{
    struct timespec rest = {.tv_sec = 0, .tv_nsec = microseconds * 1000};

    nanosleep(&rest, NULL);
}

static void kill_once(long microseconds)
{
    int status;
    pid_t program = fork();

    ck_assert_int_ge(program, 0);
    if (program == 0)
        save_on();
    wait_microseconds(microseconds);
    kill(program, SIGKILL);
    ck_assert_int_eq(waitpid(program, &status, 0), program);
    ck_assert_msg(WIFSIGNALED(status), "it could not save");
}

static bool is_temporary(const char *name)
{
    return strncmp(name, ".gptoscope-", 11) == 0;
}

/* How many temporary files there are; as if they were old, if wanted. */
static int temporaries(bool age)
{
    const struct timespec old[2] = {{.tv_sec = 1000000}, {.tv_sec = 1000000}};
    DIR *folder = opendir(".");
    int count = 0;

    ck_assert(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (!is_temporary(entry->d_name))
            continue;
        count++;
        ck_assert(!age || utimensat(AT_FDCWD, entry->d_name, old, 0) == 0);
    }
    closedir(folder);
    return count;
}

static int64_t step_of_run(void)
{
    Checkpoint checkpoint;
    Error error = {""};

    ck_assert_msg(checkpoint_read(&checkpoint, "run", &error), "%s", error.text);
    int64_t step = checkpoint.step;
    checkpoint_release(&checkpoint);
    return step;
}

START_TEST(a_file_is_whole_whenever_its_program_is_killed)
{
    const char *wanted = getenv("KILLS");
    const int kills = wanted ? atoi(wanted) : getenv("GPTOSCOPE_FULL") ? 1000 : 40;
    int amid = 0, saved = 0;

    srand(1);
    for (int i = 0; i < kills; i++) {
        int64_t before = step_of_run();
        kill_once(rand() % (i % 2 ? 4000 : 40000));
        saved += step_of_run() != before;
        amid += temporaries(true);
        sys_sweep("run");
        ck_assert_int_eq(temporaries(false), 0);
    }
    printf("%d kills, %d of them amid a save, %d after one or more\n", kills, amid, saved);
    fflush(stdout);
    ck_assert_msg(amid > 0 && saved > 0, "no kill came while it saved: nothing was tried");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kill");
    TCase *tests = tcase_create("kill");
    SRunner *runner = srunner_create(suite);

    tcase_add_checked_fixture(tests, prepare, clean_up);
    tcase_add_test(tests, a_file_is_whole_whenever_its_program_is_killed);
    tcase_set_timeout(tests, 0);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    int run = srunner_ntests_run(runner), failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return run == 0 || failed > 0;
}
