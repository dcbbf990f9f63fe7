#include "engine/tangent.h"

#include "suites.h"
#include "support.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A model with its document, run forward and backward, after some steps. */
typedef struct Pass {
    TestRun run;
    double *scratch;
} Pass;

static Pass *pass_new(int steps)
{
    Pass *pass = calloc(1, sizeof *pass);

    test_run_open(&pass->run, "words.txt", "--n-embd 8 --n-head 2 --block-size 8 --steps 10");
    Trainer *trainer = &pass->run.trainer;
    for (int i = 0; i < steps; i++)
        trainer_step(trainer);
    for (int phases = trainer->at.phase == PHASE_DONE ? 3 : 2; phases > 0; phases--)
        trainer_advance(trainer, trainer_phase_length(trainer, trainer->at.phase));
    ck_assert_int_eq(trainer->at.phase, PHASE_UPDATE);
    pass->scratch = calloc((size_t)trainer->tape.count, sizeof *pass->scratch);
    return pass;
}

static void pass_free(Pass *pass)
{
    free(pass->scratch);
    test_run_close(&pass->run);
    free(pass);
}

/* Where terms cancel, what is left has few right digits: so the numbers are compared with 1e-3, the
 * size of most gradients here, where they are smaller than that. */
static double disagreement(double a, double b)
{
    return fabs(a - b) / fmax(1e-3, fmax(fabs(a), fabs(b)));
}

START_TEST(the_tangents_of_the_tape_s_example_come_out)
{
    double value[6] = {2, 3}, scratch[6];
    Tape tape;
    Error error;

    ck_assert(tape_init(&tape, 6, 1, 2, &error));
    int32_t c = tape_mul(&tape, 0, 1), one = tape_const(&tape, 1);
    int32_t d = tape_add(&tape, c, one), root = tape_pow(&tape, d, 2);
    tape_forward(&tape, value, 0, tape.count);
    ck_assert_double_eq(tangent_push(&tape, value, 0, root, scratch), 42);
    ck_assert_double_eq(scratch[0], 1);
    ck_assert_double_eq(scratch[1], 0);
    ck_assert_double_eq(scratch[c], 3);
    ck_assert_double_eq(scratch[one], 0);
    ck_assert_double_eq(scratch[d], 3);
    ck_assert_double_eq(tangent_push(&tape, value, 1, root, scratch), 28);
    ck_assert_double_eq(tangent_push(&tape, value, root, root, scratch), 1);
    ck_assert_double_eq(tangent_probe(&tape, value, 0, 5, root, scratch), 256);
    ck_assert_double_eq(tangent_difference(&tape, value, 0, root, 0.5, scratch),
                        42); /* of a parabola: exact */
    tape_release(&tape);
}
END_TEST

START_TEST(pushing_forward_agrees_with_backpropagation_for_every_parameter)
{
    Pass *pass = pass_new(_i);
    Trainer *t = &pass->run.trainer;
    int moved = 0;

    for (int32_t i = 0; i < t->gpt.params; i++) {
        double tangent = tangent_push(&t->tape, t->value, i, t->loss_node, pass->scratch);
        ck_assert_msg(disagreement(tangent, t->grad[i]) < 1e-12, "parameter %d: %a is not %a",
                      (int)i, tangent, t->grad[i]);
        moved += tangent != 0;
    }
    ck_assert_int_gt(moved, t->gpt.params / 2);
    pass_free(pass);
}
END_TEST

START_TEST(each_lane_has_the_tangent_of_its_seed)
{
    Pass *pass = pass_new(1);
    Trainer *t = &pass->run.trainer;
    TangentLanes *lanes = calloc((size_t)t->tape.count, sizeof *lanes);
    int32_t seed[TANGENT_LANES] = {
        0, 1, 500, 500, t->gpt.params, t->gpt.params + 100, t->loss_node - 1, t->loss_node};

    tangent_push_lanes(&t->tape, t->value, seed, t->loss_node, lanes);
    for (int lane = 0; lane < TANGENT_LANES; lane++) {
        tangent_push(&t->tape, t->value, seed[lane], t->loss_node, pass->scratch);
        for (int32_t i = 0; i <= t->loss_node; i++)
            ck_assert_msg(lanes[i].d[lane] == pass->scratch[i], "lane %d, node %d", lane, (int)i);
    }
    free(lanes);
    pass_free(pass);
}
END_TEST

START_TEST(pushing_forward_agrees_with_backpropagation_at_any_node)
{
    Pass *pass = pass_new(2);
    Trainer *t = &pass->run.trainer;

    for (int32_t i = t->gpt.params; i < t->tape.count; i += 11) {
        double tangent = tangent_push(&t->tape, t->value, i, t->loss_node, pass->scratch);
        ck_assert_msg(disagreement(tangent, t->grad[i]) < 1e-12, "node %d: %a is not %a", (int)i,
                      tangent, t->grad[i]);
    }
    pass_free(pass);
}
END_TEST

START_TEST(differences_agree_with_backpropagation_at_any_node)
{
    Pass *pass = pass_new(1);
    Trainer *t = &pass->run.trainer;

    for (int32_t i = 0; i < t->tape.count; i += 5) {
        double slope = tangent_difference(&t->tape, t->value, i, t->loss_node, 1e-6, pass->scratch);
        ck_assert_msg(disagreement(slope, t->grad[i]) < 1e-5, "node %d: %a is not %a", (int)i,
                      slope, t->grad[i]);
    }
    pass_free(pass);
}
END_TEST

/* Its repetitions are numbers of their own: only so do gradient and difference mean the same. */
START_TEST(the_plain_number_of_a_softmax_is_changed_alone)
{
    Pass *pass = pass_new(1);
    Trainer *t = &pass->run.trainer;
    int seen = 0;

    for (int32_t i = 0; i < t->tape.count; i++)
        if (t->tape.node[i].op == OP_NEGMAX && fabs(t->grad[i]) > 1e-3) {
            double slope =
                tangent_difference(&t->tape, t->value, i, t->loss_node, 1e-5, pass->scratch);
            ck_assert_msg(disagreement(slope, t->grad[i]) < 1e-5, "node %d: %a is not %a", (int)i,
                          slope, t->grad[i]);
            seen++;
        }
    ck_assert_int_gt(seen, 3);
    pass_free(pass);
}
END_TEST

START_TEST(a_probe_gives_the_bits_of_a_forward_pass_with_that_number)
{
    Pass *pass = pass_new(1);
    Trainer *t = &pass->run.trainer;
    const double before = t->value[t->loss_node];

    for (int32_t i = 0; i < t->gpt.params; i += 13) {
        double same =
            tangent_probe(&t->tape, t->value, i, t->value[i], t->loss_node, pass->scratch);
        test_same_bits(&same, &before, 1, "the same number");
        double kept = t->value[i];
        double probe =
            tangent_probe(&t->tape, t->value, i, kept + 0.25, t->loss_node, pass->scratch);
        t->value[i] = kept + 0.25;
        tape_forward(&t->tape, t->value, 0, t->tape.count);
        test_same_bits(&probe, &t->value[t->loss_node], 1, "another number");
        t->value[i] = kept;
        tape_forward(&t->tape, t->value, 0, t->tape.count);
    }
    pass_free(pass);
}
END_TEST

START_TEST(values_and_tape_stay_as_they_are)
{
    Pass *pass = pass_new(1);
    Trainer *t = &pass->run.trainer;
    TestDigest before = test_digest_reals(t->value, t->tape.count);

    for (int32_t i = 0; i < t->tape.count; i += 101) {
        tangent_push(&t->tape, t->value, i, t->loss_node, pass->scratch);
        tangent_difference(&t->tape, t->value, i, t->loss_node, 0.1, pass->scratch);
    }
    ck_assert_str_eq(before.text, test_digest_reals(t->value, t->tape.count).text);
    pass_free(pass);
}
END_TEST

START_TEST(a_node_after_the_root_has_no_slope)
{
    Pass *pass = pass_new(1);
    Trainer *t = &pass->run.trainer;
    int32_t root = t->gpt.params + 100;

    pass->scratch[root + 1] = 77; /* beyond the room that is promised */
    ck_assert_double_eq(tangent_push(&t->tape, t->value, root + 1, root, pass->scratch), 0);
    ck_assert_double_eq(tangent_difference(&t->tape, t->value, root + 1, root, 1e-3, pass->scratch),
                        0);
    ck_assert_double_eq(pass->scratch[root + 1], 77);
    pass_free(pass);
}
END_TEST

START_TEST(halving_a_large_h_quarters_the_error_and_a_tiny_h_drowns_in_rounding)
{
    double value[3] = {1.5}, scratch[3];
    Tape tape;
    Error error;

    ck_assert(tape_init(&tape, 3, 1, 1, &error));
    int32_t root = tape_pow(&tape, tape_exp(&tape, 0), 3);
    tape_forward(&tape, value, 0, tape.count);
    double slope = tangent_push(&tape, value, 0, root, scratch);
    double coarse = fabs(tangent_difference(&tape, value, 0, root, 0.02, scratch) - slope);
    double half = fabs(tangent_difference(&tape, value, 0, root, 0.01, scratch) - slope);
    double tiny = fabs(tangent_difference(&tape, value, 0, root, 1e-13, scratch) - slope);
    double best = fabs(tangent_difference(&tape, value, 0, root, 1e-5, scratch) - slope);
    ck_assert_double_eq_tol(coarse / half, 4, 0.01);
    ck_assert_double_gt(tiny, 100 * best);
    tape_release(&tape);
}
END_TEST

Suite *tangent_suite(void)
{
    Suite *suite = suite_create("tangent");
    TCase *tests = tcase_create("tangent");

    tcase_add_test(tests, the_tangents_of_the_tape_s_example_come_out);
    tcase_add_loop_test(tests, pushing_forward_agrees_with_backpropagation_for_every_parameter, 0,
                        3);
    tcase_add_test(tests, each_lane_has_the_tangent_of_its_seed);
    tcase_add_test(tests, pushing_forward_agrees_with_backpropagation_at_any_node);
    tcase_add_test(tests, differences_agree_with_backpropagation_at_any_node);
    tcase_add_test(tests, the_plain_number_of_a_softmax_is_changed_alone);
    tcase_add_test(tests, a_probe_gives_the_bits_of_a_forward_pass_with_that_number);
    tcase_add_test(tests, values_and_tape_stay_as_they_are);
    tcase_add_test(tests, a_node_after_the_root_has_no_slope);
    tcase_add_test(tests, halving_a_large_h_quarters_the_error_and_a_tiny_h_drowns_in_rounding);
    suite_add_tcase(suite, tests);
    return suite;
}
