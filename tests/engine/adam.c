#include "engine/adam.h"

#include "engine/rng.h"
#include "suites.h"
#include "support.h"
#include <math.h>
#include <string.h>

/* Called through a pointer that the compiler knows nothing of: certainly the C library's pow. */
static double (*volatile const library_pow)(double, double) = pow;

enum { PARAMS = 500 };

typedef struct Optimiser {
    double value[PARAMS], grad[PARAMS], m[PARAMS], v[PARAMS];
} Optimiser;

static Optimiser random_optimiser(uint64_t seed)
{
    Optimiser o;
    Rng rng;

    rng_seed(&rng, seed);
    for (int i = 0; i < PARAMS; i++) {
        o.value[i] = rng_gauss(&rng, 0, 0.1);
        o.grad[i] = rng_gauss(&rng, 0, 0.01);
        o.m[i] = rng_gauss(&rng, 0, 0.01);
        o.v[i] = i % 2 ? rng_random(&rng) * 1e-4 : 0; /* 0: the last bit of g^2 is seen */
    }
    return o;
}

START_TEST(the_rate_falls_in_a_line_to_0)
{
    Settings s = test_settings("--steps 8 --lr 0.5"), usual = test_settings("");

    ck_assert_double_eq(adam_rate(&s, 0), 0.5);
    ck_assert_double_eq(adam_rate(&s, 2), 0.375);
    ck_assert_double_eq(adam_rate(&s, 7), 0.0625);
    ck_assert_double_eq(adam_rate(&s, 8), 0);
    for (int64_t step = 0; step < 1000; step++) {
        double left = 1 - (double)step / 1000;
        ck_assert_double_eq(adam_rate(&usual, step), 0.01 * left);
    }
}
END_TEST

START_TEST(the_corrections_are_one_minus_powers_of_the_betas)
{
    Settings s = test_settings("");

    for (int64_t step = 0; step < 1000; step++) {
        AdamStep a = adam_step(&s, step);
        ck_assert_double_eq(a.lr, adam_rate(&s, step));
        ck_assert_double_eq(a.correction1, 1 - library_pow(0.85, (double)step + 1));
        ck_assert_double_eq(a.correction2, 1 - library_pow(0.99, (double)step + 1));
    }
}
END_TEST

START_TEST(squares_and_roots_are_powers_of_the_c_library)
{
    Settings s = test_settings("");
    AdamStep step = adam_step(&s, 6);

    for (uint64_t seed = 0; seed < 50; seed++) {
        Optimiser o = random_optimiser(seed);
        for (int i = 0; i < PARAMS; i++) {
            double g = o.grad[i], one = 1;
            double m = 0.85 * o.m[i], v = 0.99 * o.v[i];
            m = m + (one - 0.85) * g;
            v = v + (one - 0.99) * library_pow(g, 2);
            double up = step.lr * (m / step.correction1);
            double update = up / (library_pow(v / step.correction2, 0.5) + 1e-8);
            AdamTerms terms = adam_terms(&step, g, o.m[i], o.v[i]);
            test_same_bits(&terms.m, &m, 1, "m");
            test_same_bits(&terms.v, &v, 1, "v");
            test_same_bits(&terms.update, &update, 1, "update");
        }
    }
}
END_TEST

START_TEST(an_update_does_what_its_terms_say)
{
    Settings s = test_settings("");
    AdamStep step = adam_step(&s, 3);
    Optimiser before = random_optimiser(1), after = before;

    adam_update(&step, after.value, after.grad, after.m, after.v, 0, PARAMS);
    for (int i = 0; i < PARAMS; i++) {
        AdamTerms terms = adam_terms(&step, before.grad[i], before.m[i], before.v[i]);
        double value = before.value[i] - terms.update;
        ck_assert_double_eq(terms.g, before.grad[i]);
        test_same_bits(&after.m[i], &terms.m, 1, "m");
        test_same_bits(&after.v[i], &terms.v, 1, "v");
        test_same_bits(&after.value[i], &value, 1, "value");
        ck_assert_double_eq(terms.m_hat, terms.m / step.correction1);
        ck_assert_double_eq(terms.v_hat, terms.v / step.correction2);
    }
}
END_TEST

START_TEST(an_update_in_pieces_gives_the_bits_of_one_at_once)
{
    Settings s = test_settings("");
    AdamStep step = adam_step(&s, 9);
    Optimiser whole = random_optimiser(2), pieces = whole;
    static const int32_t cuts[] = {0, 1, 2, 77, 77, 400, PARAMS};

    adam_update(&step, whole.value, whole.grad, whole.m, whole.v, 0, PARAMS);
    for (int i = 0; i + 1 < 7; i++)
        adam_update(&step, pieces.value, pieces.grad, pieces.m, pieces.v, cuts[i], cuts[i + 1]);
    ck_assert_mem_eq(&pieces, &whole, sizeof whole);
}
END_TEST

START_TEST(a_parameter_without_gradient_stays_as_it_is)
{
    Settings s = test_settings("");
    AdamStep step = adam_step(&s, 0);
    double value = 0.125, grad = 0, m = 0, v = 0;

    adam_update(&step, &value, &grad, &m, &v, 0, 1);
    ck_assert_double_eq(value, 0.125);
    ck_assert_double_eq(m, 0);
    ck_assert_double_eq(v, 0);
}
END_TEST

START_TEST(the_first_update_is_the_rate_whatever_the_gradients_size)
{
    Settings s = test_settings("");
    AdamStep step = adam_step(&s, 0);

    ck_assert_double_eq_tol(adam_terms(&step, 0.5, 0, 0).update, 0.01, 1e-9);
    ck_assert_double_eq_tol(adam_terms(&step, -0.002, 0, 0).update, -0.01, 1e-6);
}
END_TEST

Suite *adam_suite(void)
{
    Suite *suite = suite_create("adam");
    TCase *tests = tcase_create("adam");

    tcase_add_test(tests, the_rate_falls_in_a_line_to_0);
    tcase_add_test(tests, the_corrections_are_one_minus_powers_of_the_betas);
    tcase_add_test(tests, squares_and_roots_are_powers_of_the_c_library);
    tcase_add_test(tests, an_update_does_what_its_terms_say);
    tcase_add_test(tests, an_update_in_pieces_gives_the_bits_of_one_at_once);
    tcase_add_test(tests, a_parameter_without_gradient_stays_as_it_is);
    tcase_add_test(tests, the_first_update_is_the_rate_whatever_the_gradients_size);
    suite_add_tcase(suite, tests);
    return suite;
}
