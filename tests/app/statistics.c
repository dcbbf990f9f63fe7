#include "app/statistics.h"

#include "suites.h"
#include <math.h>

static Statistics of(const double *number, int count)
{
    Statistics statistics;

    statistics_begin(&statistics);
    for (int i = 0; i < count; i++)
        statistics_add(&statistics, number[i]);
    return statistics;
}

START_TEST(norm_mean_deviation_and_zeros_are_those_of_the_numbers)
{
    const double number[] = {3, -4, 0, 0, 12};
    const Statistics all = of(number, 5);

    ck_assert_int_eq(all.count, 5);
    ck_assert_double_eq(statistics_norm(&all), 13);
    ck_assert_double_eq_tol(all.mean, 2.2, 1e-15);
    ck_assert_double_eq_tol(statistics_deviation(&all), sqrt(169 / 5.0 - 2.2 * 2.2), 1e-14);
    ck_assert_double_eq(all.least, -4);
    ck_assert_double_eq(all.most, 12);
    ck_assert_double_eq(statistics_zeros(&all), 0.4);
}
END_TEST

START_TEST(what_is_no_finite_number_is_counted_apart)
{
    const double number[] = {1, NAN, INFINITY, 3};
    const Statistics all = of(number, 4), none = of(number, 0);

    ck_assert_int_eq(all.count, 2);
    ck_assert_int_eq(all.odd, 2);
    ck_assert_double_eq(all.mean, 2);
    ck_assert_double_eq(
        statistics_norm(&none) + statistics_deviation(&none) + statistics_zeros(&none), 0);
    ck_assert_double_eq(statistics_scale(&none), 1);
}
END_TEST

START_TEST(a_small_spread_far_from_zero_is_not_lost)
{
    const double number[] = {1e9 + 1, 1e9 + 2, 1e9 + 3};
    const Statistics all = of(number, 3);

    ck_assert_double_eq_tol(statistics_deviation(&all), sqrt(2 / 3.0), 1e-7);
}
END_TEST

START_TEST(a_scale_is_round_and_not_beyond_the_largest)
{
    double many[100] = {[0] = 50};
    const double even[] = {0.41, -0.41, 0.41, -0.41};
    Statistics all = of(even, 4);

    ck_assert_double_eq_tol(statistics_scale(&all), 0.5, 1e-12);
    for (int i = 1; i < 100; i++)
        many[i] = 0.1;
    all = of(many, 100); /* one far out: three times the root mean square is 15.003 */
    ck_assert_double_eq_tol(statistics_scale(&all), 20, 1e-12);
    ck_assert_double_eq_tol(statistics_round_up(0.0151), 0.02, 1e-12);
    ck_assert_double_eq_tol(statistics_round_up(0.015), 0.015, 1e-12);
    ck_assert_double_eq_tol(statistics_round_up(7.1), 10, 1e-12);
    ck_assert_double_eq_tol(statistics_round_up(1000), 1000, 1e-9);
}
END_TEST

START_TEST(a_histogram_counts_each_number_once)
{
    Histogram histogram;
    double sum = 0;

    histogram_begin(&histogram, -1, 1);
    histogram_add(&histogram, -5);
    histogram_add(&histogram, -1);
    histogram_add(&histogram, 0);
    histogram_add(&histogram, 1);
    histogram_add(&histogram, 7);
    histogram_add(&histogram, NAN);
    for (int i = 0; i < HISTOGRAM_BINS; i++)
        sum += histogram.count[i];
    ck_assert_double_eq(sum, 5);
    ck_assert_double_eq(histogram.count[0], 2);
    ck_assert_double_eq(histogram.count[HISTOGRAM_BINS / 2], 1);
    ck_assert_double_eq(histogram.count[HISTOGRAM_BINS - 1], 2);
    ck_assert_double_eq(histogram_most(&histogram), 2);
}
END_TEST

Suite *statistics_suite(void)
{
    Suite *suite = suite_create("statistics");
    TCase *tests = tcase_create("statistics");

    tcase_add_test(tests, norm_mean_deviation_and_zeros_are_those_of_the_numbers);
    tcase_add_test(tests, what_is_no_finite_number_is_counted_apart);
    tcase_add_test(tests, a_small_spread_far_from_zero_is_not_lost);
    tcase_add_test(tests, a_scale_is_round_and_not_beyond_the_largest);
    tcase_add_test(tests, a_histogram_counts_each_number_once);
    suite_add_tcase(suite, tests);
    return suite;
}
