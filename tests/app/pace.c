#include "app/pace.h"

#include "engine/history.h"
#include "engine/support.h"
#include "run.h"
#include "suites.h"

#define OPTIONS "--n-embd 4 --n-head 2 --block-size 5 --steps 40"

/* Goes to a moment as the program does, at time `now`: each piece takes a second. */
static void go(AppRun *run, Pace *pace, Moment target, double now, int64_t operations)
{
    const Trainer *trainer = &run->run.trainer;

    while (moment_compare(trainer->at, target) != 0) {
        Moment before = trainer->at;
        history_approach(&run->history, pace_next(pace, trainer, target, now), operations);
        pace_note(pace, trainer, before, 1, true);
    }
}

START_TEST(one_step_is_taken_phase_by_phase)
{
    AppRun run;
    Pace pace = {.since = 0};

    app_run_open(&run, "words.txt", OPTIONS);
    go(&run, &pace, (Moment){1, PHASE_DONE, 0}, 10, INT64_MAX);
    ck_assert(pace.known);
    const Trainer *trainer = &run.run.trainer;
    for (int i = 0; i < PHASE_COUNT; i++)
        ck_assert_double_eq(pace.phase[i].seconds, 1);
    ck_assert_int_eq(pace.phase[PHASE_FORWARD].operations,
                     trainer->tape.count - trainer->gpt.params);
    ck_assert_int_eq(pace.phase[PHASE_BACKWARD].operations,
                     trainer_phase_length(trainer, PHASE_BACKWARD));
    ck_assert_int_eq(pace.phase[PHASE_UPDATE].operations, trainer->gpt.params);
    ck_assert_double_eq(pace_step(&pace).seconds, 4);
    app_run_close(&run);
}
END_TEST

START_TEST(a_phase_of_many_pieces_is_their_sum)
{
    AppRun run;
    Pace pace = {.since = 0};

    app_run_open(&run, "words.txt", OPTIONS);
    go(&run, &pace, (Moment){1, PHASE_DONE, 0}, 10, 100);
    ck_assert(pace.known);
    int64_t forward = pace.phase[PHASE_FORWARD].operations;
    ck_assert_double_eq(pace.phase[PHASE_FORWARD].seconds, (double)((forward + 99) / 100));
    app_run_close(&run);
}
END_TEST

START_TEST(between_two_measurements_time_must_pass)
{
    AppRun run;
    Pace pace = {.since = 0};

    app_run_open(&run, "words.txt", OPTIONS);
    go(&run, &pace, (Moment){1, PHASE_DONE, 0}, 10, INT64_MAX);
    pace.known = false;
    go(&run, &pace, (Moment){2, PHASE_DONE, 0}, 10.2, INT64_MAX);
    ck_assert(!pace.known);
    go(&run, &pace, (Moment){3, PHASE_DONE, 0}, 11, INT64_MAX);
    ck_assert(pace.known);
    app_run_close(&run);
}
END_TEST

START_TEST(the_least_disturbed_of_the_last_steps_is_shown)
{
    AppRun run;
    Pace pace = {.since = 0};

    app_run_open(&run, "words.txt", OPTIONS);
    for (int64_t step = 1; step <= PACE_KEPT; step++)
        go(&run, &pace, (Moment){step, PHASE_DONE, 0}, (double)step, step == 2 ? INT64_MAX : 20);
    ck_assert_double_eq(pace_step(&pace).seconds, 4);
    go(&run, &pace, (Moment){PACE_KEPT + 1, PHASE_DONE, 0}, 20, 20);
    ck_assert_double_eq(pace_step(&pace).seconds, 4);
    go(&run, &pace, (Moment){PACE_KEPT + 2, PHASE_DONE, 0}, 30, 20); /* forgotten by now */
    ck_assert_double_gt(pace_step(&pace).seconds, 4);
    app_run_close(&run);
}
END_TEST

START_TEST(single_operations_and_going_back_are_not_measured)
{
    AppRun run;
    Pace pace = {.since = 0};

    app_run_open(&run, "words.txt", OPTIONS);
    for (int64_t n = 0; n < 50; n++)
        go(&run, &pace, (Moment){0, PHASE_FORWARD, n}, 10, INT64_MAX);
    go(&run, &pace, (Moment){1, PHASE_DONE, 0}, 10, INT64_MAX);
    ck_assert(!pace.known);
    go(&run, &pace, (Moment){0, PHASE_BACKWARD, 5}, 20, INT64_MAX);
    go(&run, &pace, (Moment){0, PHASE_DONE, 0}, 20, INT64_MAX);
    ck_assert(!pace.known);
    app_run_close(&run);
}
END_TEST

START_TEST(steps_taken_together_are_those_of_the_kernels)
{
    AppRun run;
    Pace pace = {.since = 1e9}; /* nothing phase by phase */

    app_run_open(&run, "words.txt", OPTIONS);
    if (fused_ready(&run.run.trainer.fused)) {
        go(&run, &pace, (Moment){30, PHASE_DONE, 0}, 10, INT64_MAX);
        ck_assert_int_ge(pace.fused_steps, 2);
        ck_assert(!pace.known);
    }
    app_run_close(&run);
}
END_TEST

Suite *pace_suite(void)
{
    Suite *suite = suite_create("pace");
    TCase *tests = tcase_create("pace");

    tcase_add_test(tests, one_step_is_taken_phase_by_phase);
    tcase_add_test(tests, a_phase_of_many_pieces_is_their_sum);
    tcase_add_test(tests, between_two_measurements_time_must_pass);
    tcase_add_test(tests, the_least_disturbed_of_the_last_steps_is_shown);
    tcase_add_test(tests, single_operations_and_going_back_are_not_measured);
    tcase_add_test(tests, steps_taken_together_are_those_of_the_kernels);
    suite_add_tcase(suite, tests);
    return suite;
}
