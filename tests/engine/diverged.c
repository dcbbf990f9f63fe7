#include "engine/diverged.h"

#include "engine/stride.h"
#include "suites.h"
#include "support.h"
#include <math.h>
#include <string.h>

#define SMALL "--steps 15 --n-embd 6 --n-head 2 --block-size 8 "

static void open_run(TestRun *run, History *history, const char *options)
{
    Error error;

    test_run_open(run, "words.txt", options);
    ck_assert_msg(history_init(history, &run->trainer, HISTORY_BYTES, &error), "%s", error.text);
}

static void close_run(TestRun *run, History *history)
{
    history_release(history);
    test_run_close(run);
}

/* When the first number of a step is not finite, found by looking after every operation. */
static Moment first_by_walking(History *history, int64_t step)
{
    Trainer *trainer = history->trainer;

    history_seek(history, (Moment){step, PHASE_FORWARD, 0});
    for (;;) {
        int32_t node = trainer->gpt.params + (int32_t)trainer->at.n;
        bool forward = trainer->at.phase == PHASE_FORWARD;
        Moment next = stride_forward(trainer, UNIT_OPERATION);
        if (!history_seek(history, next))
            return (Moment){-1, PHASE_DONE, 0};
        if (forward && !isfinite(trainer->value[node]))
            return trainer->at;
        for (int32_t i = 0; !forward && i < trainer->tape.count; i++)
            if (!isfinite(trainer->grad[i]))
                return trainer->at;
        for (int32_t i = 0; i < trainer->gpt.params; i++)
            if (!isfinite(trainer->value[i]))
                return trainer->at;
    }
}

START_TEST(a_run_of_finite_numbers_has_none)
{
    TestRun run;
    History history;

    open_run(&run, &history, SMALL);
    for (int step = 0; step <= 15; step += 5) {
        ck_assert(history_seek(&history, (Moment){step, PHASE_DONE, 0}));
        ck_assert_int_eq(diverged_here(&history).kind, DIVERGED_NOWHERE);
        ck_assert_int_eq(diverged_seek(&history).kind, DIVERGED_NOWHERE);
    }
    close_run(&run, &history);
}
END_TEST

static const char *const diverging[] = {
    SMALL "--norm off --lr 1e300", SMALL "--subtract-max off --norm off --init-std 40",
    SMALL "--optimizer sgd --lr 1e200 --norm off", SMALL "--norm off --init-std 1e60",
    SMALL "--norm off --lr 1e120 --activation gelu"};

/* Where looking finds it, walking through the step operation by operation meets it first. */
START_TEST(the_first_is_the_one_that_a_walk_meets)
{
    TestRun run;
    History history;

    open_run(&run, &history, diverging[_i]);
    ck_assert(!history_seek(&history, (Moment){15, PHASE_DONE, 0}));
    ck_assert(trainer_failed(&run.trainer));
    Diverged found = diverged_seek(&history);
    ck_assert_int_ne(found.kind, DIVERGED_NOWHERE);
    ck_assert(!isfinite(found.number));
    ck_assert_int_ne(found.kind, DIVERGED_BEFORE);
    Moment walked = first_by_walking(&history, run.trainer.tape_step);
    ck_assert_int_eq(moment_compare(found.at, walked), 0);
    close_run(&run, &history);
}
END_TEST

/* A loss that is still finite, of a probability too small to be divided by. */
START_TEST(a_gradient_can_be_the_first)
{
    TestRun run;
    History history;
    Error error;

    open_run(&run, &history, SMALL);
    ck_assert(history_seek(&history, (Moment){4, PHASE_FORWARD, 0}));
    const Gpt *gpt = &run.trainer.gpt;
    TapeRange probs = gpt_span(gpt, (Place){PART_PROBS, 0, -1, -1})->out;
    int32_t node = probs.first + run.trainer.token[1] * probs.stride;
    int32_t loss = gpt_span(gpt, (Place){PART_LOSS, 0, -1, -1})->first;
    ck_assert(history_seek(&history, (Moment){4, PHASE_FORWARD, loss - gpt->params}));
    ck_assert(history_edit(&history, EVENT_VALUE, node, 1e-310, &error));
    ck_assert(!history_seek(&history, (Moment){15, PHASE_DONE, 0}));
    ck_assert(isfinite(run.trainer.loss[4]));
    Diverged found = diverged_seek(&history);
    ck_assert_int_eq(found.kind, DIVERGED_GRAD);
    ck_assert_int_eq(found.node, node);
    ck_assert_int_eq(run.trainer.tape_step, 4);
    Moment walked = first_by_walking(&history, 4);
    ck_assert_int_eq(moment_compare(found.at, walked), 0);
    close_run(&run, &history);
}
END_TEST

START_TEST(a_value_comes_with_what_it_was_made_of)
{
    TestRun run;
    History history;

    open_run(&run, &history, SMALL "--norm off --lr 1e160");
    history_seek(&history, (Moment){15, PHASE_DONE, 0});
    Diverged found = diverged_seek(&history);
    ck_assert_int_eq(found.kind, DIVERGED_VALUE);
    ck_assert_int_ge(found.inputs, 1);
    for (int k = 0; k < found.inputs; k++)
        ck_assert(isfinite(found.given[k]));
    ck_assert(history_seek(&history, found.at));
    ck_assert(run.trainer.value[found.node] == found.number || isnan(found.number));
    close_run(&run, &history);
}
END_TEST

/* NaN in the MLP's first layer becomes 0 in relu: the loss stays finite, the parameter does not. */
START_TEST(what_a_finite_loss_hides_is_found_where_it_came_in)
{
    TestRun run;
    History history;
    Error error;

    open_run(&run, &history, SMALL);
    int32_t hidden = gpt_tensor(&run.trainer.gpt, "layer0.mlp_fc1")->first;
    ck_assert(history_seek(&history, (Moment){4, PHASE_UPDATE, 0}));
    ck_assert(history_edit(&history, EVENT_GRAD, hidden, NAN, &error));
    ck_assert(!history_seek(&history, (Moment){9, PHASE_DONE, 0}));
    ck_assert(isfinite(run.trainer.loss[5]) && run.trainer.at.step > 5);
    Diverged found = diverged_seek(&history);
    ck_assert_int_eq(found.kind, DIVERGED_BY_HAND);
    ck_assert_int_eq(found.node, hidden);
    ck_assert_int_eq(run.trainer.tape_step, 4);
    close_run(&run, &history);
}
END_TEST

START_TEST(a_parameter_set_by_hand_is_told_from_computed_ones)
{
    TestRun run;
    History history;
    Error error;

    open_run(&run, &history, SMALL);
    ck_assert(history_seek(&history, (Moment){0, PHASE_FORWARD, 0}));
    ck_assert(history_edit(&history, EVENT_VALUE, 7, INFINITY, &error));
    history_seek(&history, (Moment){3, PHASE_DONE, 0});
    Diverged found = diverged_seek(&history);
    ck_assert_int_eq(found.kind, DIVERGED_BY_HAND);
    ck_assert_int_eq(found.node, 7);
    ck_assert_int_eq(run.trainer.tape_step, 0);
    close_run(&run, &history);
}
END_TEST

START_TEST(without_a_history_the_failing_step_is_looked_at)
{
    TestRun run;

    test_run_open(&run, "words.txt", SMALL "--norm off --init-std 1e60");
    while (trainer_step(&run.trainer))
        continue;
    ck_assert(trainer_failed(&run.trainer));
    Diverged found = diverged_failed(&run.trainer);
    ck_assert_int_eq(found.kind, DIVERGED_VALUE);
    ck_assert(!isfinite(found.number) && isfinite(found.given[0]));
    test_run_close(&run);
}
END_TEST

START_TEST(the_state_comes_back_to_the_bit)
{
    TestRun run;
    History history;
    uint8_t before[32], after[32];

    open_run(&run, &history, diverging[0]);
    history_seek(&history, (Moment){15, PHASE_DONE, 0});
    Moment here = run.trainer.at;
    history_digest(&history, before);
    diverged_seek(&history);
    history_seek(&history, here);
    history_digest(&history, after);
    ck_assert_mem_eq(before, after, sizeof before);
    close_run(&run, &history);
}
END_TEST

Suite *diverged_suite(void)
{
    Suite *suite = suite_create("diverged");
    TCase *tests = tcase_create("diverged");

    tcase_add_test(tests, a_run_of_finite_numbers_has_none);
    tcase_add_loop_test(tests, the_first_is_the_one_that_a_walk_meets, 0,
                        sizeof diverging / sizeof *diverging);
    tcase_add_test(tests, a_gradient_can_be_the_first);
    tcase_add_test(tests, a_value_comes_with_what_it_was_made_of);
    tcase_add_test(tests, what_a_finite_loss_hides_is_found_where_it_came_in);
    tcase_add_test(tests, a_parameter_set_by_hand_is_told_from_computed_ones);
    tcase_add_test(tests, without_a_history_the_failing_step_is_looked_at);
    tcase_add_test(tests, the_state_comes_back_to_the_bit);
    suite_add_tcase(suite, tests);
    return suite;
}
