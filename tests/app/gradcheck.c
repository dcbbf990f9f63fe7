#include "app/gradcheck.h"

#include "run.h"
#include "suites.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

#define SMALL "--n-embd 8 --n-head 2 --block-size 8 --steps 10"

static const Moment moments[] = {
    {0, PHASE_DONE, 0},     {0, PHASE_FORWARD, 0},      {2, PHASE_FORWARD, 1234},
    {2, PHASE_BACKWARD, 0}, {2, PHASE_BACKWARD, 10000}, {2, PHASE_UPDATE, 0},
    {2, PHASE_UPDATE, 700}, {3, PHASE_DONE, 0},         {10, PHASE_DONE, 0},
};
enum { MOMENTS = sizeof moments / sizeof *moments };

START_TEST(autograd_s_gradient_is_that_of_the_step_on_the_tape)
{
    AppRun run;
    Gradcheck check;
    Error error;

    app_run_open(&run, "words.txt", SMALL);
    Trainer *t = &run.run.trainer;
    ck_assert(history_seek(&run.history, (Moment){2, PHASE_UPDATE, 0}));
    double loss = t->value[t->loss_node], gradient = t->grad[77], value = t->value[77];
    for (int i = 2; i <= 7; i++) { /* wherever in the step one stands */
        ck_assert(history_seek(&run.history, moments[i]));
        ck_assert(gradcheck_one(&run.history, 77, &check, &error));
        ck_assert_int_eq(check.step, 2);
        ck_assert_str_eq(check.name, "wte[9][5]");
        test_same_bits(&check.value, &value, 1, "value");
        test_same_bits(&check.loss, &loss, 1, "loss");
        test_same_bits(&check.autograd, &gradient, 1, "gradient");
    }
    app_run_close(&run);
}
END_TEST

START_TEST(a_check_leaves_the_state_as_it_was)
{
    uint8_t before[32], after[32];
    AppRun run;
    Gradcheck one;
    GradcheckAll all;
    Error error;

    app_run_open(&run, "words.txt", SMALL);
    ck_assert(history_seek(&run.history, moments[_i]));
    history_digest(&run.history, before);
    ck_assert(gradcheck_one(&run.history, 5, &one, &error));
    ck_assert(gradcheck_one(&run.history, run.run.trainer.tape.count - 9, &one, &error));
    ck_assert(gradcheck_all(&run.history, &all, &error));
    history_digest(&run.history, after);
    ck_assert_mem_eq(before, after, sizeof before);
    app_run_close(&run);
}
END_TEST

START_TEST(the_best_h_lies_between_bending_and_rounding)
{
    AppRun run;
    Gradcheck check;
    Error error;

    app_run_open(&run, "words.txt", SMALL);
    ck_assert(history_seek(&run.history, (Moment){3, PHASE_FORWARD, 50}));
    const int32_t node = gpt_tensor(&run.run.trainer.gpt, "layer0.attn_wv")->first + 3;
    ck_assert(gradcheck_one(&run.history, node, &check, &error));
    ck_assert_double_eq_tol(check.tangent, check.autograd, 1e-14);
    ck_assert_double_eq(check.row[0].h, 1e-1);
    ck_assert_double_eq(check.row[GRADCHECK_ROWS - 1].h, 1e-12);
    for (int i = 0; i < GRADCHECK_ROWS; i++) {
        const GradcheckRow *row = &check.row[i];
        ck_assert_double_eq(row->error, fabs(row->difference - check.autograd));
        ck_assert_double_ge(row->error, check.row[check.best].error);
    }
    ck_assert_int_ge(check.best, 2);
    ck_assert_int_le(check.best, 7);
    ck_assert_double_lt(check.row[check.best].error, 1e-9);
    ck_assert_double_gt(check.row[0].error, 1000 * check.row[check.best].error);
    ck_assert_double_gt(check.row[11].error, 1000 * check.row[check.best].error);
    app_run_close(&run);
}
END_TEST

START_TEST(a_relu_that_switches_between_is_counted)
{
    AppRun run;
    Gradcheck check;
    Error error;
    int bends = 0;

    app_run_open(&run, "words.txt", SMALL);
    Trainer *t = &run.run.trainer;
    ck_assert(history_seek(&run.history, (Moment){1, PHASE_BACKWARD, 0}));
    const TapeRange h = gpt_span(&t->gpt, (Place){PART_FC1, 0, 0, -1})->out;
    for (int32_t i = 0; i < h.count; i++) {
        int32_t node = h.first + i * h.stride;
        double x = t->value[node];
        ck_assert(gradcheck_one(&run.history, node, &check, &error));
        for (int k = 0; k < GRADCHECK_ROWS; k++)
            ck_assert_msg((check.row[k].bends > 0) >= (fabs(x) < check.row[k].h),
                          "x %g, h %g: %d bends", x, check.row[k].h, check.row[k].bends);
        ck_assert_int_eq(check.row[11].bends, 0);
        bends += check.row[0].bends;
    }
    ck_assert_int_gt(bends, 0);
    app_run_close(&run);
}
END_TEST

START_TEST(all_gradients_of_a_small_model_agree)
{
    AppRun run;
    GradcheckAll check;
    Error error;

    app_run_open(&run, "words.txt", SMALL);
    ck_assert(history_seek(&run.history, moments[_i]));
    ck_assert(gradcheck_all(&run.history, &check, &error));
    ck_assert_int_eq(check.checked, run.run.trainer.gpt.params);
    ck_assert_int_eq(check.params, run.run.trainer.gpt.params);
    ck_assert_double_lt(check.disagreement, 1e-11);
    ck_assert_double_gt(check.disagreement, 0);
    ck_assert_double_gt(check.largest, 0.01);
    ck_assert_int_ge(check.where, 0);
    app_run_close(&run);
}
END_TEST

static const char *const options[] = {
    "--residual off",      "--norm off",
    "--first-norm off",    "--attn-norm off",
    "--mlp-norm off",      "--attention off",
    "--attention uniform", "--attn-scale off",
    "--silence 1.1",       "--silence all",
    "--position off",      "--mlp off",
    "--activation gelu",   "--activation none",
    "--subtract-max off",  "--residual off --norm off --activation gelu --attention uniform",
};

/* The largest disagreement on step 3, in a model of two layers. */
static double disagreement_with(const char *more)
{
    char text[256];
    AppRun run;
    GradcheckAll check;
    Error error;

    snprintf(text, sizeof text, "%s --n-layer 2 --init-std 0.3 %s", SMALL, more);
    app_run_open(&run, "words.txt", text);
    ck_assert(history_seek(&run.history, (Moment){3, PHASE_UPDATE, 0}));
    ck_assert_msg(gradcheck_all(&run.history, &check, &error), "%s: %s", more, error.text);
    app_run_close(&run);
    return check.disagreement;
}

START_TEST(gradients_agree_with_every_option)
{
    ck_assert_double_le(disagreement_with(options[_i]), GRADCHECK_GOOD);
}
END_TEST

static const char *const bugs[] = {"--accumulate off", "--k-gradient off", "--v-gradient off",
                                   "--zero-grad off"};

START_TEST(every_bug_of_a_backward_pass_is_found)
{
    ck_assert_double_gt(disagreement_with(bugs[_i]), 0.1);
}
END_TEST

START_TEST(the_gradients_checked_are_those_of_the_run_with_its_bugs)
{
    AppRun run;
    Gradcheck check;
    Error error;

    for (int bug = 0; bug < 4; bug++) {
        char text[256];
        snprintf(text, sizeof text, "%s %s", SMALL, bugs[bug]);
        app_run_open(&run, "words.txt", text);
        ck_assert(history_seek(&run.history, (Moment){3, PHASE_UPDATE, 0}));
        for (int32_t i = 0; i < run.run.trainer.gpt.params; i += 91) {
            ck_assert(gradcheck_one(&run.history, i, &check, &error));
            test_same_bits(&check.autograd, &run.run.trainer.grad[i], 1, bugs[bug]);
        }
        app_run_close(&run);
    }
}
END_TEST

START_TEST(a_large_model_is_sampled)
{
    AppRun run;
    GradcheckAll check;
    Error error;

    app_run_open(&run, "words.txt", "--n-embd 48 --n-layer 3 --block-size 4 --steps 2");
    ck_assert(gradcheck_all(&run.history, &check, &error));
    ck_assert_int_lt(check.checked, check.params);
    ck_assert_int_gt(check.checked, 100);
    ck_assert_int_eq(check.checked % 8, 0);
    ck_assert_double_lt(check.disagreement, 1e-11);
    app_run_close(&run);
}
END_TEST

START_TEST(changes_by_hand_are_checked_as_they_stand)
{
    AppRun run;
    Gradcheck check;
    Error error;

    app_run_open(&run, "words.txt", SMALL);
    ck_assert(history_seek(&run.history, (Moment){1, PHASE_FORWARD, 0}));
    ck_assert(history_edit(&run.history, EVENT_VALUE, 3, 0.5, &error));
    ck_assert(history_seek(&run.history, (Moment){1, PHASE_UPDATE, 100}));
    ck_assert(gradcheck_one(&run.history, 3, &check, &error));
    ck_assert_double_eq(check.value, 0.5);
    test_same_bits(&check.autograd, &run.run.trainer.grad[3], 1, "gradient");
    test_same_bits(&check.loss, &run.run.trainer.value[run.run.trainer.loss_node], 1, "loss");
    app_run_close(&run);
}
END_TEST

START_TEST(a_loss_that_is_no_number_cannot_be_checked)
{
    AppRun run;
    Gradcheck one;
    GradcheckAll all;
    Error error;

    app_run_open(&run, "words.txt", SMALL);
    ck_assert(history_edit(&run.history, EVENT_VALUE, 0, NAN, &error));
    for (int32_t i = 0; i < run.run.trainer.gpt.params; i++)
        run.run.trainer.value[i] = NAN;
    ck_assert(!gradcheck_one(&run.history, 3, &one, &error));
    test_error(&error, "the loss is not a finite number: it has no gradients to check");
    ck_assert(!gradcheck_all(&run.history, &all, &error));
    app_run_close(&run);
}
END_TEST

/* ---- the command ----------------------------------------------------------------------------- */

static int count_of(const char *text, const char *word)
{
    int count = 0;

    for (; (text = strstr(text, word)); text++)
        count++;
    return count;
}

START_TEST(the_command_answers_with_a_table_and_with_rows)
{
    AppRun run;
    Answer answer = {.cut = false};
    Error error;

    app_run_open(&run, "words.txt", SMALL);
    ck_assert_msg(gradcheck_run(&run.scope, "x[1].layer0.mlp.fc1[2]", &answer, &error), "%s",
                  error.text);
    const char *lines = answer_first(&answer);
    ck_assert_msg(strstr(lines, "gradient of x[1].layer0.mlp.fc1[2] at step 0"), "%s", lines);
    ck_assert_int_eq(count_of(lines, "\n  1e-"), GRADCHECK_ROWS);
    ck_assert_int_eq(count_of(lines, "  best"), 1);
    ck_assert(strstr(lines, "A smaller h is not better"));
    ck_assert_int_eq(count_of(answer.members.bytes, "\"h\":"), GRADCHECK_ROWS);
    ck_assert(strstr(answer.members.bytes, "\"node\":\"x[1].layer0.mlp.fc1[2]\",\"step\":0,"));
    answer_release(&answer);
    app_run_close(&run);
}
END_TEST

START_TEST(the_command_checks_all)
{
    AppRun run;
    Answer answer = {.cut = false};
    Error error;

    app_run_open(&run, "words.txt", SMALL);
    ck_assert(gradcheck_run(&run.scope, "all", &answer, &error));
    ck_assert(strstr(answer_first(&answer), "They agree: what is left is rounding."));
    ck_assert(strstr(answer.members.bytes, "\"disagreement\":"));
    answer_release(&answer);
    app_run_close(&run);
}
END_TEST

START_TEST(gradients_that_differ_are_said_to)
{
    GradcheckAll check = {.params = 10, .checked = 8, .seed = 1, .disagreement = 0.5, .name = "b"};
    Answer answer = {.cut = false};

    gradcheck_answer_all(&check, &answer);
    ck_assert(strstr(answer_first(&answer), "8 of 10 gradients of step 0, drawn with seed 1,"));
    ck_assert(strstr(answer_first(&answer), "They do not agree."));
    answer_release(&answer);
}
END_TEST

START_TEST(what_is_no_node_is_refused)
{
    AppRun run;
    Answer answer = {.cut = false};
    Error error;

    app_run_open(&run, "words.txt", SMALL);
    ck_assert(!gradcheck_run(&run.scope, "wte[0]", &answer, &error));
    ck_assert(!gradcheck_run(&run.scope, "nothing", &answer, &error));
    test_error_names(&error, "nothing");
    ck_assert_int_eq(answer_lines(&answer), 0);
    answer_release(&answer);
    app_run_close(&run);
}
END_TEST

Suite *gradcheck_suite(void)
{
    Suite *suite = suite_create("gradcheck");
    TCase *tests = tcase_create("gradcheck");
    tcase_set_timeout(tests, 20);

    tcase_add_test(tests, autograd_s_gradient_is_that_of_the_step_on_the_tape);
    tcase_add_loop_test(tests, a_check_leaves_the_state_as_it_was, 0, MOMENTS);
    tcase_add_test(tests, the_best_h_lies_between_bending_and_rounding);
    tcase_add_test(tests, a_relu_that_switches_between_is_counted);
    tcase_add_loop_test(tests, all_gradients_of_a_small_model_agree, 0, MOMENTS);
    tcase_add_loop_test(tests, gradients_agree_with_every_option, 0,
                        sizeof options / sizeof *options);
    tcase_add_loop_test(tests, every_bug_of_a_backward_pass_is_found, 0, 4);
    tcase_add_test(tests, the_gradients_checked_are_those_of_the_run_with_its_bugs);
    tcase_add_test(tests, a_large_model_is_sampled);
    tcase_add_test(tests, changes_by_hand_are_checked_as_they_stand);
    tcase_add_test(tests, a_loss_that_is_no_number_cannot_be_checked);
    tcase_add_test(tests, the_command_answers_with_a_table_and_with_rows);
    tcase_add_test(tests, the_command_checks_all);
    tcase_add_test(tests, gradients_that_differ_are_said_to);
    tcase_add_test(tests, what_is_no_node_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
