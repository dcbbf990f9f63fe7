#include "engine/tape.h"

#include "engine/rng.h"
#include "suites.h"
#include "support.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Called through a pointer that the compiler knows nothing of: certainly the C library's pow. */
static double (*volatile const library_pow)(double, double) = pow;

/* A small tape with its numbers. */
enum { ROOM = 4096 };

typedef struct Run {
    Tape tape;
    double value[ROOM], grad[ROOM];
} Run;

static Run *run_new(const double *params, int count)
{
    Run *run = calloc(1, sizeof *run);
    Error error;

    ck_assert(tape_init(&run->tape, ROOM, 16, count, &error));
    if (count)
        memcpy(run->value, params, (size_t)count * sizeof *params);
    return run;
}

static void run_free(Run *run)
{
    tape_release(&run->tape);
    free(run);
}

/* Forward and backward, all at once. */
static void run_all(Run *run, int32_t root)
{
    tape_forward(&run->tape, run->value, 0, run->tape.count);
    tape_sort(&run->tape, root);
    tape_backward_begin(&run->tape, run->grad);
    tape_backward(&run->tape, run->value, run->grad, run->tape.order_count, 0);
}

/* Nodes of random ops on random earlier nodes. Returns the last, which depends on many but not on
 * all. */
static int32_t record_random(Tape *tape, uint64_t seed, int nodes)
{
    Rng rng;

    rng_seed(&rng, seed);
    while (tape->count < nodes) {
        int32_t a = (int32_t)rng_below(&rng, (uint32_t)tape->count);
        int32_t b = (int32_t)rng_below(&rng, (uint32_t)tape->count);
        switch (rng_below(&rng, 6)) {
        case 0:
            tape_mul(tape, a, b);
            break;
        case 1:
            tape_pow(tape, a, -0.5);
            break;
        case 2:
            tape_relu(tape, a);
            break;
        case 3:
            tape_const(tape, 0.25);
            break;
        default:
            tape_add(tape, a, b);
        }
    }
    return tape->count - 1;
}

static const double params[] = {0.5, 1.25, 2, 0.75};

static Run *run_random(uint64_t seed, int32_t *root)
{
    Run *run = run_new(params, 4);

    *root = record_random(&run->tape, seed, 300);
    return run;
}

/* ---- the numbers ----------------------------------------------------------------------------- */

START_TEST(the_example_of_the_header_comes_out)
{
    Run *run = run_new((double[]){2, 3}, 2);
    int32_t c = tape_mul(&run->tape, 0, 1);
    int32_t one = tape_const(&run->tape, 1);
    int32_t d = tape_add(&run->tape, c, one);
    int32_t loss = tape_pow(&run->tape, d, 2);

    run_all(run, loss);
    ck_assert_double_eq(run->value[c], 6);
    ck_assert_double_eq(run->value[d], 7);
    ck_assert_double_eq(run->value[loss], 49);
    ck_assert_double_eq(run->grad[loss], 1);
    ck_assert_double_eq(run->grad[d], 14);
    ck_assert_double_eq(run->grad[one], 14);
    ck_assert_double_eq(run->grad[c], 14);
    ck_assert_double_eq(run->grad[0], 42);
    ck_assert_double_eq(run->grad[1], 28);
    run_free(run);
}
END_TEST

START_TEST(a_node_used_often_sums_the_gradients_of_its_users)
{
    Run *run = run_new((double[]){3, 5, 7}, 3);
    int32_t sum = tape_sum(&run->tape, -1, tape_mul(&run->tape, 0, 1));

    sum = tape_sum(&run->tape, sum, tape_mul(&run->tape, 0, 2));
    sum = tape_sum(&run->tape, sum, 0);
    run_all(run, sum);
    ck_assert_double_eq(run->grad[0], 5 + 7 + 1);
    run_free(run);
}
END_TEST

START_TEST(a_node_that_meets_itself_gets_both_gradients)
{
    Run *run = run_new((double[]){3}, 1);
    int32_t square = tape_mul(&run->tape, 0, 0);
    int32_t twice = tape_add(&run->tape, square, square);

    run_all(run, twice);
    ck_assert_double_eq(run->grad[square], 2);
    ck_assert_double_eq(run->grad[0], 12);
    run_free(run);
}
END_TEST

START_TEST(two_equal_gradients_are_added_one_after_the_other)
{
    Run *run = run_new((double[]){0x1p-53, 3}, 2);
    /* a (b + b) + b: b gets 1, then twice 2^-53, each too little to change it */
    int32_t twice = tape_mul(&run->tape, 0, tape_add(&run->tape, 1, 1));
    int32_t root = tape_add(&run->tape, twice, 1);

    run_all(run, root);
    ck_assert_double_eq(run->grad[1], 1);
    run_free(run);
}
END_TEST

START_TEST(a_node_that_the_root_does_not_need_has_gradient_0)
{
    Run *run = run_new((double[]){3, 4}, 2);
    int32_t root = tape_mul(&run->tape, 0, 0);
    int32_t beside = tape_mul(&run->tape, 0, 1);

    run->grad[beside] = run->grad[1] = 99;
    run_all(run, root);
    ck_assert_double_eq(run->grad[1], 0);
    ck_assert_double_eq(run->grad[beside], 0);
    ck_assert_double_eq(run->grad[0], 6);
    run_free(run);
}
END_TEST

START_TEST(every_power_is_the_one_of_the_c_library)
{
    static const double exponents[] = {2, -1, 0.5, -0.5, 3};
    Run *run = run_new((double[]){1}, 1);
    Rng rng;

    for (int i = 0; i < 5; i++)
        tape_pow(&run->tape, 0, exponents[i]);
    rng_seed(&rng, 12);
    for (int round = 0; round < 20000; round++) {
        double x = run->value[0] = rng_random(&rng) * 4 + 1e-3;
        tape_forward(&run->tape, run->value, 0, run->tape.count);
        for (int i = 0; i < 5; i++) {
            double e = exponents[i], slope = tape_slope(&run->tape, run->value, 1 + i, 0);
            test_same_bits(&run->value[1 + i], &(double){library_pow(x, e)}, 1, "power");
            test_same_bits(&slope, &(double){e * library_pow(x, e - 1)}, 1, "slope");
        }
    }
    run_free(run);
}
END_TEST

START_TEST(a_power_that_was_changed_by_hand_is_not_taken_for_another)
{
    Run *run = run_new((double[]){3, 5}, 2);
    int32_t power[3];

    for (int i = 0; i < 3; i++) {
        power[i] = tape_pow(&run->tape, i / 2, -1);
        tape_mul(&run->tape, 1, power[i]);
    }
    tape_forward(&run->tape, run->value, 0, power[0] + 1);
    run->value[power[0]] = 7;
    tape_forward(&run->tape, run->value, power[0] + 1, run->tape.count);
    ck_assert_double_eq(run->value[power[0] + 1], 35);
    ck_assert_double_eq(run->value[power[1]], library_pow(3, -1));
    ck_assert_double_eq(run->value[power[2]], library_pow(5, -1));
    tape_forward(&run->tape, run->value, 0, run->tape.count);
    ck_assert_double_eq(run->value[power[1]], library_pow(3, -1));
    ck_assert_double_eq(run->value[power[2]], library_pow(5, -1));
    run_free(run);
}
END_TEST

START_TEST(a_product_is_rounded_before_it_is_added_to_a_gradient)
{
    const double a = 1 + 0x1p-30; /* its square has a last bit that only a fused operation keeps */
    Run *run = run_new((double[]){a, -(1 + 0x1p-29), 0.5}, 3);
    /* a (a x) + c x, where x's gradient is c, then c + a a, with c near -a^2 */
    int32_t ax = tape_mul(&run->tape, 0, 2);
    int32_t left = tape_mul(&run->tape, 0, ax);
    int32_t right = tape_mul(&run->tape, 1, 2);

    run_all(run, tape_add(&run->tape, left, right));
    ck_assert_double_eq(run->grad[2], 0);
    run_free(run);
}
END_TEST

START_TEST(relu_lets_nothing_but_positive_numbers_pass)
{
    static const double inputs[] = {2.5, 0, -0.0, -1, NAN, INFINITY};
    static const double outputs[] = {2.5, 0, 0, 0, 0, INFINITY};
    static const double slopes[] = {1, 0, 0, 0, 0, 1};
    Run *run = run_new(inputs, 6);

    for (int i = 0; i < 6; i++)
        tape_relu(&run->tape, i);
    tape_forward(&run->tape, run->value, 0, run->tape.count);
    test_same_bits(run->value + 6, outputs, 6, "relu");
    for (int i = 0; i < 6; i++)
        ck_assert_double_eq(tape_slope(&run->tape, run->value, 6 + i, 0), slopes[i]);
    run_free(run);
}
END_TEST

START_TEST(every_slope_is_that_of_its_op)
{
    Run *run = run_new((double[]){3, 5}, 2);
    int32_t add = tape_add(&run->tape, 0, 1), mul = tape_mul(&run->tape, 0, 1);
    int32_t ln = tape_log(&run->tape, 0), power = tape_exp(&run->tape, 0);
    const Tape *tape = &run->tape;

    tape_forward(tape, run->value, 0, tape->count);
    ck_assert_double_eq(run->value[ln], log(3));
    ck_assert_double_eq(run->value[power], exp(3));
    ck_assert_double_eq(tape_slope(tape, run->value, add, 0), 1);
    ck_assert_double_eq(tape_slope(tape, run->value, add, 1), 1);
    ck_assert_double_eq(tape_slope(tape, run->value, mul, 0), 5);
    ck_assert_double_eq(tape_slope(tape, run->value, mul, 1), 3);
    ck_assert_double_eq(tape_slope(tape, run->value, ln, 0), 1.0 / 3);
    ck_assert_double_eq(tape_slope(tape, run->value, power, 0), exp(3));
    run_free(run);
}
END_TEST

START_TEST(the_greatest_of_a_range_is_a_plain_number_without_gradient)
{
    Run *run = run_new((double[]){1, 9, -4, 7, 2}, 5);
    int32_t top = tape_negmax(&run->tape, (TapeRange){0, 2, 3}, -1);
    int32_t again = tape_negmax(&run->tape, (TapeRange){0}, top);
    int32_t root = tape_add(&run->tape, tape_add(&run->tape, 0, top), again);

    run_all(run, root);
    ck_assert_double_eq(run->value[top], -2);
    ck_assert_double_eq(run->value[again], -2);
    ck_assert_double_eq(run->grad[0], 1);
    ck_assert_double_eq(run->grad[4], 0);
    ck_assert_int_eq(tape_input(&run->tape, top, 0), -1);
    ck_assert_int_eq(tape_input(&run->tape, again, 0), -1);
    ck_assert_str_eq(tape_ops[run->tape.node[top].op].name, "const");
    ck_assert_str_eq(tape_ops[run->tape.node[again].op].name, "const");
    run_free(run);
}
END_TEST

/* ---- the structure --------------------------------------------------------------------------- */

static void assert_node(const Tape *tape, int32_t node, Op op, int32_t a, int32_t b)
{
    ck_assert_int_eq(tape->node[node].op, op);
    ck_assert_int_eq(tape_input(tape, node, 0), a);
    ck_assert_int_eq(tape_input(tape, node, 1), b);
}

START_TEST(a_plain_number_becomes_a_node_of_its_own_each_time)
{
    Run *run = run_new((double[]){3}, 1);
    Tape *tape = &run->tape;

    ck_assert_int_eq(tape_neg(tape, 0), 2);
    ck_assert_int_eq(tape_scale(tape, 2, -1), 4);
    assert_node(tape, 1, OP_CONST, -1, -1);
    assert_node(tape, 2, OP_MUL, 0, 1);
    assert_node(tape, 3, OP_CONST, -1, -1);
    assert_node(tape, 4, OP_MUL, 2, 3);
    tape_const(tape, 0.0);
    tape_const(tape, -0.0);
    tape_forward(tape, run->value, 0, tape->count);
    test_same_bits(&run->value[1], (double[]){-1, -3, -1, 3, 0.0, -0.0}, 6, "value");
    run_free(run);
}
END_TEST

START_TEST(a_sum_starts_at_0_and_goes_left_to_right)
{
    Run *run = run_new((double[]){1e16, 1, -1e16}, 3);
    Tape *tape = &run->tape;
    int32_t sum = -1;

    for (int32_t i = 0; i < 3; i++)
        sum = tape_sum(tape, sum, i);
    assert_node(tape, 3, OP_CONST, -1, -1);
    assert_node(tape, 4, OP_ADD, 0, 3);
    assert_node(tape, 5, OP_ADD, 4, 1);
    assert_node(tape, 6, OP_ADD, 5, 2);
    tape_forward(tape, run->value, 0, tape->count);
    ck_assert_double_eq(run->value[sum], 0);
    run_free(run);
}
END_TEST

START_TEST(the_order_of_the_walk_is_that_of_the_recursive_search)
{
    for (uint64_t seed = 0; seed < 50; seed++) {
        int32_t root, order[ROOM], visits = 0;
        Run *run = run_random(seed, &root);
        int32_t count = test_postorder(&run->tape, root, order);

        tape_sort(&run->tape, root);
        for (int32_t i = 0; i < count; i++)
            if (tape_input(&run->tape, order[i], 0) >= 0)
                ck_assert_int_eq(run->tape.order[visits++], order[i]);
        ck_assert_int_eq(run->tape.order_count, visits);
        ck_assert_int_eq(run->tape.root, root);
        ck_assert_int_eq(tape_reachable(&run->tape), count);
        run_free(run);
    }
}
END_TEST

START_TEST(a_root_without_inputs_is_reached_and_not_visited)
{
    Run *run = run_new((double[]){3, 4}, 2);

    run->grad[0] = 9;
    run_all(run, 1);
    ck_assert_int_eq(run->tape.order_count, 0);
    ck_assert_int_eq(tape_reachable(&run->tape), 1);
    ck_assert_double_eq(run->grad[0], 0);
    ck_assert_double_eq(run->grad[1], 1);
    run_free(run);
}
END_TEST

START_TEST(a_chain_of_a_million_nodes_needs_no_deep_stack)
{
    enum { LENGTH = 1000000 };
    double *value = calloc(LENGTH + 3, sizeof *value), *grad = calloc(LENGTH + 3, sizeof *grad);
    Tape tape;
    Error error;

    ck_assert(tape_init(&tape, LENGTH + 3, 0, 1, &error));
    value[0] = 0.5;
    int32_t one = tape_const(&tape, 1), last = 0;
    for (int i = 0; i < LENGTH; i++)
        last = tape_add(&tape, last, one);
    tape_forward(&tape, value, 0, tape.count);
    tape_sort(&tape, last);
    tape_backward_begin(&tape, grad);
    tape_backward(&tape, value, grad, tape.order_count, 0);
    ck_assert_double_eq(value[last], LENGTH + 0.5);
    ck_assert_double_eq(grad[0], 1);
    ck_assert_double_eq(grad[one], LENGTH);
    tape_release(&tape);
    free(value);
    free(grad);
}
END_TEST

START_TEST(clearing_leaves_the_parameters_alone)
{
    int32_t root;
    Run *run = run_random(9, &root);

    tape_clear(&run->tape);
    ck_assert_int_eq(run->tape.count, 4);
    ck_assert_int_eq(record_random(&run->tape, 9, 300), root);
    for (int32_t i = 0; i < 4; i++)
        ck_assert_int_eq(run->tape.node[i].op, OP_PARAM);
    test_same_bits(run->value, params, 4, "parameter");
    run_free(run);
}
END_TEST

/* ---- dot products ---------------------------------------------------------------------------- */

enum { INPUTS = 24 };

/* A dot product of inputs that are neighbours, or spaced, or the same, or overlap. */
static int32_t record_dot(Tape *tape, Rng *rng)
{
    const uint32_t a = rng_below(rng, INPUTS), step_a = rng_below(rng, 3);
    const uint32_t b = rng_below(rng, INPUTS), step_b = rng_below(rng, 3);
    const int count = 1 + (int)rng_below(rng, 9);
    int32_t sum = -1;

    for (uint32_t i = 0; i < (uint32_t)count; i++)
        sum = tape_sum(tape, sum,
                       tape_mul(tape, (int32_t)((a + i * step_a) % INPUTS),
                                (int32_t)((b + i * step_b) % INPUTS)));
    return sum;
}

/* Dot products, some of which others look into, all of them added up. */
static Run *run_dots(uint64_t seed, int32_t *root)
{
    double inputs[INPUTS];
    Rng rng;

    rng_seed(&rng, seed);
    for (int i = 0; i < INPUTS; i++)
        inputs[i] = rng_below(&rng, 8) ? rng_gauss(&rng, 0, 1) : -0.0;
    Run *run = run_new(inputs, INPUTS);
    *root = -1;
    for (int i = 0; i < 20; i++) {
        int32_t dot = record_dot(&run->tape, &rng);
        if (rng_below(&rng, 4) == 0)
            dot = tape_mul(&run->tape, (int32_t)rng_below(&rng, (uint32_t)dot), dot);
        *root = tape_sum(&run->tape, *root, dot);
    }
    return run;
}

/* Gradients that somebody changed before they were handed on. */
static void write_into(Run *run, uint64_t seed)
{
    static const double numbers[] = {-0.0, 1e-3, 7};
    Rng rng;

    rng_seed(&rng, seed);
    for (uint64_t i = 0; i < seed % 4; i++)
        run->grad[rng_below(&rng, (uint32_t)run->tape.count)] = numbers[rng_below(&rng, 3)];
}

START_TEST(dot_products_at_once_give_the_bits_of_node_by_node)
{
    for (uint64_t seed = 0; seed < 400; seed++) {
        int32_t root;
        Run *whole = run_dots(seed, &root), *single = run_dots(seed, &root);

        run_all(whole, root);
        tape_backward_begin(&whole->tape, whole->grad);
        write_into(whole, seed);
        tape_backward(&whole->tape, whole->value, whole->grad, whole->tape.order_count, 0);
        for (int32_t i = 0; i < single->tape.count; i++)
            tape_forward(&single->tape, single->value, i, i + 1);
        tape_sort(&single->tape, root);
        tape_backward_begin(&single->tape, single->grad);
        write_into(single, seed);
        for (int32_t i = single->tape.order_count; i > 0; i--)
            tape_backward(&single->tape, single->value, single->grad, i, i - 1);
        test_same_bits(whole->value, single->value, whole->tape.count, "value");
        test_same_bits(whole->grad, single->grad, whole->tape.count, "grad");
        run_free(whole);
        run_free(single);
    }
}
END_TEST

/* What the tape has noticed at a node. */
static void assert_dot(const Tape *tape, int32_t node, int dot, bool near, bool whole)
{
    ck_assert_int_eq(tape->node[node].dot, dot);
    ck_assert_int_eq(tape->node[node].near, near);
    ck_assert_int_eq(tape->node[node].whole, whole);
}

/* weight 2 times x plus weight 3 times y */
static int32_t record_two(Tape *tape, int32_t x, int32_t y)
{
    int32_t sum = tape_sum(tape, -1, tape_mul(tape, 2, x));

    return tape_sum(tape, sum, tape_mul(tape, 3, y));
}

START_TEST(a_gradient_of_minus_0_becomes_0_on_its_way)
{
    Run *run = run_new((double[]){1, 2, 3, 4}, 4);
    int32_t root = record_two(&run->tape, 0, 1);

    run_all(run, root);
    tape_backward_begin(&run->tape, run->grad);
    run->grad[root] = -0.0;
    tape_backward(&run->tape, run->value, run->grad, run->tape.order_count, 0);
    for (int32_t i = 0; i < root; i++)
        test_same_bits(&run->grad[i], &(double){0}, 1, "grad");
    run_free(run);
}
END_TEST

START_TEST(dot_products_are_noticed_while_they_are_recorded)
{
    Run *run = run_new((double[]){1, 2, 3, 4, 5, 6, 7}, 7);
    Tape *tape = &run->tape;
    int32_t sum = -1, first = tape->count;

    for (int32_t i = 0; i < 3; i++)
        sum = tape_sum(tape, sum, tape_mul(tape, i, i + 3));
    assert_dot(tape, first, 3, true, false);
    assert_dot(tape, first + 2, 0, false, false);
    assert_dot(tape, first + 4, 0, false, false);
    assert_dot(tape, sum, 3, false, false);
    sum = tape_sum(tape, sum, tape_mul(tape, 6, 6)); /* no neighbour of input 2 */
    assert_dot(tape, first, 4, false, false);
    assert_dot(tape, sum - 2, 0, false, false);
    int32_t own = tape_mul(tape, 0, sum); /* reads the dot product that it would belong to */
    int32_t root = tape_sum(tape, sum, own);
    assert_dot(tape, sum, 4, false, false);
    assert_dot(tape, root, 0, false, false);
    tape_sort(tape, root);
    assert_dot(tape, sum, 4, false, true);
    run_free(run);
}
END_TEST

START_TEST(a_dot_product_whose_visits_are_apart_is_not_whole)
{
    Run *run = run_new((double[]){1, 2, 3, 4}, 4);
    Tape *tape = &run->tape;
    int32_t x = tape_exp(tape, 0), y = tape_exp(tape, 1);
    int32_t first = record_two(tape, x, y), second = record_two(tape, x, y);

    tape_sort(tape, tape_add(tape, first, second));
    assert_dot(tape, first, 2, false, false); /* the walk turns aside to x and to y */
    assert_dot(tape, second, 2, false, true);
    run_free(run);
}
END_TEST

/* ---- in pieces ------------------------------------------------------------------------------- */

START_TEST(forward_in_pieces_gives_the_bits_of_forward_at_once)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        int32_t root, at = 0;
        Run *whole = run_random(seed, &root), *pieces = run_random(seed, &root);
        Rng rng;

        rng_seed(&rng, seed);
        tape_forward(&whole->tape, whole->value, 0, whole->tape.count);
        while (at < pieces->tape.count) {
            int32_t to = at + (int32_t)rng_below(&rng, (uint32_t)(pieces->tape.count - at + 1));
            tape_forward(&pieces->tape, pieces->value, at, to);
            at = to;
        }
        test_same_bits(pieces->value, whole->value, whole->tape.count, "value");
        run_free(whole);
        run_free(pieces);
    }
}
END_TEST

START_TEST(backward_in_pieces_gives_the_bits_of_backward_at_once)
{
    for (uint64_t seed = 0; seed < 20; seed++) {
        int32_t root;
        Run *whole = run_random(seed, &root), *pieces = run_random(seed, &root);
        Rng rng;

        rng_seed(&rng, seed);
        run_all(whole, root);
        tape_forward(&pieces->tape, pieces->value, 0, pieces->tape.count);
        tape_sort(&pieces->tape, root);
        tape_backward_begin(&pieces->tape, pieces->grad);
        for (int32_t at = pieces->tape.order_count; at > 0;) {
            int32_t to = (int32_t)rng_below(&rng, (uint32_t)at + 1);
            tape_backward(&pieces->tape, pieces->value, pieces->grad, at, to);
            at = to;
        }
        test_same_bits(pieces->grad, whole->grad, whole->tape.count, "grad");
        run_free(whole);
        run_free(pieces);
    }
}
END_TEST

START_TEST(a_second_pass_with_other_numbers_forgets_the_first)
{
    int32_t root;
    Run *again = run_random(3, &root), *fresh = run_random(3, &root);

    run_all(again, root);
    again->value[0] = fresh->value[0] = 0.625;
    run_all(again, root);
    run_all(fresh, root);
    test_same_bits(again->value, fresh->value, fresh->tape.count, "value");
    test_same_bits(again->grad, fresh->grad, fresh->tape.count, "grad");
    run_free(again);
    run_free(fresh);
}
END_TEST

START_TEST(the_table_of_ops_is_complete)
{
    for (int op = 0; op < OP_COUNT; op++) {
        ck_assert_msg(tape_ops[op].name && tape_ops[op].symbol, "op %d", op);
        ck_assert_int_ge(tape_ops[op].inputs, 0);
        ck_assert_int_le(tape_ops[op].inputs, 2);
    }
}
END_TEST

Suite *tape_suite(void)
{
    Suite *suite = suite_create("tape");
    TCase *tests = tcase_create("tape");

    tcase_add_test(tests, the_example_of_the_header_comes_out);
    tcase_add_test(tests, a_node_used_often_sums_the_gradients_of_its_users);
    tcase_add_test(tests, a_node_that_meets_itself_gets_both_gradients);
    tcase_add_test(tests, two_equal_gradients_are_added_one_after_the_other);
    tcase_add_test(tests, a_node_that_the_root_does_not_need_has_gradient_0);
    tcase_add_test(tests, every_power_is_the_one_of_the_c_library);
    tcase_add_test(tests, a_power_that_was_changed_by_hand_is_not_taken_for_another);
    tcase_add_test(tests, a_product_is_rounded_before_it_is_added_to_a_gradient);
    tcase_add_test(tests, relu_lets_nothing_but_positive_numbers_pass);
    tcase_add_test(tests, every_slope_is_that_of_its_op);
    tcase_add_test(tests, the_greatest_of_a_range_is_a_plain_number_without_gradient);
    tcase_add_test(tests, a_plain_number_becomes_a_node_of_its_own_each_time);
    tcase_add_test(tests, a_sum_starts_at_0_and_goes_left_to_right);
    tcase_add_test(tests, the_order_of_the_walk_is_that_of_the_recursive_search);
    tcase_add_test(tests, a_root_without_inputs_is_reached_and_not_visited);
    tcase_add_test(tests, a_chain_of_a_million_nodes_needs_no_deep_stack);
    tcase_add_test(tests, clearing_leaves_the_parameters_alone);
    tcase_add_test(tests, dot_products_at_once_give_the_bits_of_node_by_node);
    tcase_add_test(tests, a_gradient_of_minus_0_becomes_0_on_its_way);
    tcase_add_test(tests, dot_products_are_noticed_while_they_are_recorded);
    tcase_add_test(tests, a_dot_product_whose_visits_are_apart_is_not_whole);
    tcase_add_test(tests, forward_in_pieces_gives_the_bits_of_forward_at_once);
    tcase_add_test(tests, backward_in_pieces_gives_the_bits_of_backward_at_once);
    tcase_add_test(tests, a_second_pass_with_other_numbers_forgets_the_first);
    tcase_add_test(tests, the_table_of_ops_is_complete);
    suite_add_tcase(suite, tests);
    return suite;
}
