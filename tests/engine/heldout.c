#include "engine/heldout.h"

#include "engine/trainer.h"
#include "suites.h"
#include "support.h"
#include <math.h>
#include <stdio.h>

static Heldout heldout_of(const TestRun *run, int64_t most)
{
    Heldout heldout;
    Error error;

    ck_assert_msg(heldout_init(&heldout, &run->settings, &run->corpus, most, &error), "%s",
                  error.text);
    return heldout;
}

static double loss_of(Heldout *heldout, const Trainer *trainer)
{
    heldout_begin(heldout, &trainer->settings, trainer->value);
    while (heldout_next(heldout))
        continue;
    ck_assert(heldout_finished(heldout));
    return heldout_loss(heldout);
}

/* The loss of one document, by a trainer that is made to stand before it. */
static double loss_by_trainer(Trainer *other, const Trainer *trainer, int64_t document)
{
    trainer_restore(other, document, trainer->value, trainer->m, trainer->v);
    trainer_advance(other, trainer_phase_length(other, PHASE_FORWARD));
    return other->loss[document];
}

START_TEST(it_is_the_mean_of_what_training_would_say)
{
    static const char *const options[] = {
        "--steps 30 --n-embd 6 --n-head 2", "--steps 30 --n-embd 6 --n-head 2 --residual off",
        "--steps 30 --n-layer 2 --n-embd 6 --n-head 2 --attention uniform --activation gelu"};
    TestRun run, other;
    char longer[256];
    double sum = 0;

    snprintf(longer, sizeof longer, "%s --steps 40000", options[_i]);
    test_run_open(&run, "../../data/names.txt", options[_i]);
    test_run_open(&other, "../../data/names.txt", longer);
    for (int step = 0; step < 10; step++)
        trainer_step(&run.trainer);
    Heldout heldout = heldout_of(&run, 12);
    double loss = loss_of(&heldout, &run.trainer);
    ck_assert_int_eq(heldout.count, 12);
    for (int64_t i = 0; i < heldout.count; i++)
        sum += loss_by_trainer(&other.trainer, &run.trainer, heldout.first + i);
    ck_assert_double_eq(loss, sum / 12);
    ck_assert_double_eq(loss, loss_of(&heldout, &run.trainer));
    heldout_release(&heldout);
    test_run_close(&other);
    test_run_close(&run);
}
END_TEST

START_TEST(kernels_and_tape_give_the_same_bits)
{
    TestRun run;

    test_run_open(&run, "../../data/names.txt", "--steps 30 --n-layer 2 --n-embd 8 --n-head 2");
    for (int step = 0; step < 5; step++)
        trainer_step(&run.trainer);
    Heldout heldout = heldout_of(&run, 40);
    heldout.fused.trust = FUSED_NEVER;
    double tape = loss_of(&heldout, &run.trainer);
    ck_assert(!heldout.fast);
    heldout.fused.trust = FUSED_UNTRIED;
    double either = loss_of(&heldout, &run.trainer);
    test_same_bits(&either, &tape, 1, "loss");
    heldout_release(&heldout);
    test_run_close(&run);
}
END_TEST

START_TEST(no_document_of_the_run_is_held_out)
{
    TestRun run;

    test_run_open(&run, "../../data/names.txt", "--n-embd 4 --n-head 2 --steps 20");
    const int64_t count = run.corpus.count;
    for (int64_t most = 1; most <= count; most *= 9) {
        Heldout heldout = heldout_of(&run, most);
        ck_assert_int_ge(heldout.first, 20);
        ck_assert_int_eq(heldout.first + heldout.count, count);
        ck_assert_int_le(heldout.count, most);
        heldout_release(&heldout);
    }
    run.settings.steps = count - 2;
    Heldout two = heldout_of(&run, 100);
    ck_assert_int_eq(two.count, 2);
    heldout_release(&two);
    test_run_close(&run);
}
END_TEST

START_TEST(a_run_through_all_documents_leaves_none)
{
    TestRun run;

    test_run_open(&run, "one-document.txt", "--n-embd 4 --n-head 2 --steps 20");
    Heldout heldout = heldout_of(&run, 100);
    heldout_begin(&heldout, &run.settings, run.trainer.value);
    ck_assert_int_eq(heldout.count, 0);
    ck_assert(!heldout_next(&heldout));
    ck_assert(!heldout_finished(&heldout));
    ck_assert_double_eq(heldout_loss(&heldout), 0);
    heldout_release(&heldout);
    test_run_close(&run);
}
END_TEST

START_TEST(the_run_goes_on_as_if_nobody_had_asked)
{
    TestRun run, alone;

    test_run_open(&run, "../../data/names.txt", "--n-embd 6 --n-head 2 --steps 30");
    test_run_open(&alone, "../../data/names.txt", "--n-embd 6 --n-head 2 --steps 30");
    Heldout heldout = heldout_of(&run, 5);
    for (int step = 0; step < 10; step++) {
        trainer_step(&run.trainer);
        trainer_step(&alone.trainer);
        ck_assert(isfinite(loss_of(&heldout, &run.trainer)));
    }
    test_same_bits(run.trainer.value, alone.trainer.value, run.trainer.tape.count, "values");
    test_same_bits(run.trainer.grad, alone.trainer.grad, run.trainer.tape.count, "gradients");
    heldout_release(&heldout);
    test_run_close(&alone);
    test_run_close(&run);
}
END_TEST

START_TEST(a_model_that_is_not_finite_says_so)
{
    TestRun run;

    test_run_open(&run, "../../data/names.txt", "--n-embd 6 --n-head 2 --steps 30");
    Heldout heldout = heldout_of(&run, 5);
    for (int32_t i = 0; i < run.trainer.gpt.params; i++)
        run.trainer.value[i] = NAN;
    ck_assert(!isfinite(loss_of(&heldout, &run.trainer)));
    heldout_release(&heldout);
    test_run_close(&run);
}
END_TEST

Suite *heldout_suite(void)
{
    Suite *suite = suite_create("heldout");
    TCase *tests = tcase_create("heldout");

    tcase_add_loop_test(tests, it_is_the_mean_of_what_training_would_say, 0, 3);
    tcase_add_test(tests, kernels_and_tape_give_the_same_bits);
    tcase_add_test(tests, no_document_of_the_run_is_held_out);
    tcase_add_test(tests, a_run_through_all_documents_leaves_none);
    tcase_add_test(tests, the_run_goes_on_as_if_nobody_had_asked);
    tcase_add_test(tests, a_model_that_is_not_finite_says_so);
    suite_add_tcase(suite, tests);
    return suite;
}
