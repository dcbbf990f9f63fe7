#include "app/pool.h"

#include "engine/course.h"
#include "engine/support.h"
#include "engine/sys.h"
#include "suites.h"
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

enum { JOBS = 200 };

typedef struct Counter {
    atomic_int runs;
    atomic_bool *hold; /* it waits while this is set */
    bool blocked;      /* SIGINT was, while it ran */
} Counter;

static void count(void *job)
{
    Counter *counter = job;
    sigset_t now;

    while (counter->hold && atomic_load(counter->hold))
        usleep(1000);
    sigemptyset(&now);
    pthread_sigmask(SIG_SETMASK, NULL, &now);
    counter->blocked = sigismember(&now, SIGINT) == 1;
    atomic_fetch_add(&counter->runs, 1);
}

static void add(Pool *pool, PoolWork *work, void *job)
{
    Error error;

    ck_assert_msg(pool_add(pool, work, job, &error), "%s", error.text);
}

START_TEST(every_job_runs_once)
{
    static Counter counter[JOBS];
    Pool pool;

    pool_init(&pool, _i);
    ck_assert_int_ge(pool.workers, 1);
    ck_assert(pool_wait(&pool, 0));
    for (int i = 0; i < JOBS; i++)
        add(&pool, count, &counter[i]);
    ck_assert(pool_wait(&pool, 60));
    ck_assert_int_eq(pool_unfinished(&pool), 0);
    for (int i = 0; i < JOBS; i++) {
        ck_assert_int_eq(atomic_load(&counter[i].runs), 1);
        ck_assert(counter[i].blocked);
    }
    pool_release(&pool);
    sigset_t now;
    sigemptyset(&now);
    pthread_sigmask(SIG_SETMASK, NULL, &now);
    ck_assert_int_eq(sigismember(&now, SIGINT), 0);
}
END_TEST

START_TEST(jobs_that_wait_are_dropped_at_the_end)
{
    static Counter counter[JOBS];
    atomic_bool hold = true;
    Pool pool;

    pool_init(&pool, 1);
    for (int i = 0; i < JOBS; i++) {
        counter[i].hold = &hold;
        add(&pool, count, &counter[i]);
    }
    while (pool_unfinished(&pool) == 0)
        usleep(1000);
    ck_assert(!pool_wait(&pool, 0.02));
    usleep(20000); /* the first one runs */
    pool_drop(&pool);
    ck_assert_int_le(pool_unfinished(&pool), 1);
    add(&pool, count, &counter[JOBS - 1]);
    atomic_store(&hold, false);
    ck_assert(pool_wait(&pool, 60));
    ck_assert_int_eq(atomic_load(&counter[0].runs), 1);
    ck_assert_int_eq(atomic_load(&counter[1].runs), 0);
    ck_assert_int_eq(atomic_load(&counter[JOBS - 1].runs), 1);
    atomic_store(&hold, true);
    for (int i = 0; i < JOBS; i++)
        add(&pool, count, &counter[i]);
    atomic_store(&hold, false);
    pool_release(&pool);
    add(&pool, count, &counter[1]); /* it can be used again */
    ck_assert(pool_wait(&pool, 60));
    ck_assert_int_ge(atomic_load(&counter[1].runs), 1);
    pool_release(&pool);
}
END_TEST

static void run_course(void *job)
{
    course_run(job);
}

START_TEST(what_comes_of_jobs_does_not_depend_on_the_workers)
{
    enum { COURSES = 6 };
    TestRun run;
    Course course[2][COURSES];

    test_run_open(&run, "../../data/names.txt", "--steps 40 --n-embd 6 --n-head 2");
    for (int k = 0; k < 2; k++) {
        Pool pool;
        pool_init(&pool, k ? 5 : 1);
        for (int i = 0; i < COURSES; i++) {
            CoursePlan plan = {.settings = run.settings, .documents = &run.corpus};
            plan.settings.seed += i / 2;
            plan.settings.norm = i % 2;
            ck_assert(course_init(&course[k][i], &plan, NULL));
            add(&pool, run_course, &course[k][i]);
        }
        ck_assert(pool_wait(&pool, 600));
        pool_release(&pool);
    }
    for (int i = 0; i < COURSES; i++) {
        ck_assert_int_eq(atomic_load(&course[1][i].state), COURSE_DONE);
        test_same_bits(course[0][i].value, course[1][i].value, course[0][i].params, "parameter");
        test_same_bits(course[0][i].heldout, course[1][i].heldout, 1, "held out");
        course_release(&course[0][i]);
        course_release(&course[1][i]);
    }
    test_run_close(&run);
}
END_TEST

START_TEST(a_child_of_a_fork_gives_it_back_without_waiting)
{
    static Counter counter;
    atomic_bool hold = true;
    Pool pool;
    int status;

    counter.hold = &hold;
    pool_init(&pool, 2);
    add(&pool, count, &counter);
    const pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        alarm(20);
        pool_release(&pool);
        _exit(7);
    }
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    atomic_store(&hold, false);
    ck_assert(pool_wait(&pool, 60));
    pool_release(&pool);
}
END_TEST

START_TEST(without_a_job_there_is_nothing)
{
    Pool pool;

    pool_init(&pool, 0);
    ck_assert_int_eq(pool.workers, pool_cores());
    ck_assert_ptr_null(pool.state);
    ck_assert_int_eq(pool_unfinished(&pool), 0);
    pool_drop(&pool);
    pool_release(&pool);
    pool_init(&pool, 100000);
    ck_assert_int_eq(pool.workers, POOL_WORKERS);
}
END_TEST

Suite *pool_suite(void)
{
    Suite *suite = suite_create("pool");
    TCase *all = tcase_create("pool");

    tcase_add_loop_test(all, every_job_runs_once, 0, 5);
    tcase_add_test(all, jobs_that_wait_are_dropped_at_the_end);
    tcase_add_test(all, what_comes_of_jobs_does_not_depend_on_the_workers);
    tcase_add_test(all, a_child_of_a_fork_gives_it_back_without_waiting);
    tcase_add_test(all, without_a_job_there_is_nothing);
    suite_add_tcase(suite, all);
    return suite;
}
