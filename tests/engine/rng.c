/* The numbers in the tables are what CPython's random module gives. */
#include "engine/rng.h"

#include "suites.h"
#include "support.h"
#include <math.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

START_TEST(a_seed_gives_the_numbers_that_it_gives_in_python)
{
    static const struct {
        uint64_t seed;
        double numbers[3];
    } rows[] = {
        {42, {0x1.4762f307200c5p-1, 0x1.99c6b5eeb2060p-6, 0x1.19a1491f589dcp-2}},
        {0, {0x1.b0580f98a7dbep-1, 0x1.84129978f9c1ap-1, 0x1.aeaa51052e978p-2}},
        {4294967295, {0x1.454d9227a7013p-1, 0x1.a0274a3720bf8p-3, 0x1.36f8c1616ef77p-1}},
        {4294967296, {0x1.ced31cb3df170p-4, 0x1.abdb5477a4f26p-2, 0x1.1139c02ebd380p-6}},
        {4294967301, {0x1.4218067c49768p-3, 0x1.21442cf1e9172p-2, 0x1.357affb575f81p-1}},
        {9007199254740992, {0x1.62c10e5f87ad2p-1, 0x1.ffbb0f267ebc2p-1, 0x1.b4e33f33f635dp-1}},
    };
    Rng rng;

    for (size_t i = 0; i < COUNT(rows); i++) {
        rng_seed(&rng, rows[i].seed);
        for (int k = 0; k < 3; k++)
            ck_assert_double_eq(rng_random(&rng), rows[i].numbers[k]);
    }
}
END_TEST

START_TEST(the_stream_goes_on_beyond_its_first_block_of_words)
{
    Rng rng;

    rng_seed(&rng, 42);
    for (int i = 0; i < 700; i++)
        rng_random(&rng);
    ck_assert_double_eq(rng_random(&rng), 0x1.4b96c749890adp-1);
}
END_TEST

/* Within a rounding of the C library's sine, cosine and logarithm. */
#define NEARLY 1e-15

START_TEST(normal_numbers_are_those_of_python)
{
    static const double numbers[] = {-0x1.79b96220d7201p-7, -0x1.c541a459f41e7p-7,
                                     -0x1.23cecf65fb604p-7, 0x1.cc0d536a8e9edp-5,
                                     -0x1.4e770c3f7da0ep-7};
    Rng rng;

    rng_seed(&rng, 42);
    for (size_t i = 0; i < COUNT(numbers); i++)
        ck_assert_double_eq_tol(rng_gauss(&rng, 0, 0.08), numbers[i], NEARLY);
}
END_TEST

START_TEST(the_second_normal_number_of_a_pair_waits_for_its_call)
{
    Rng rng;

    rng_seed(&rng, 7);
    ck_assert_double_eq_tol(rng_gauss(&rng, 3, 2), 0x1.3e7ea1216d2fcp+1, NEARLY);
    ck_assert_double_eq(rng_random(&rng), 0x1.4d474883171ffp-1);
    ck_assert_double_eq_tol(rng_gauss(&rng, 3, 2), 0x1.0176967a337cbp+2, NEARLY);
    ck_assert_double_eq_tol(rng_gauss(&rng, 3, 2), 0x1.4e73fe6f7536dp+2, NEARLY);
}
END_TEST

START_TEST(seeding_forgets_a_normal_number_that_waits)
{
    Rng fresh, used;

    rng_seed(&fresh, 5);
    rng_seed(&used, 6);
    rng_gauss(&used, 0, 1);
    rng_seed(&used, 5);
    ck_assert_double_eq(rng_gauss(&used, 0, 1), rng_gauss(&fresh, 0, 1));
}
END_TEST

START_TEST(whole_numbers_below_a_bound_are_those_of_python)
{
    static const struct {
        uint32_t bound, number;
    } rows[] = {{1, 0},
                {2, 0},
                {3, 2},
                {7, 2},
                {27, 7},
                {1000, 228},
                {1U << 31, 599310825},
                {UINT32_MAX, 3163119785}};
    Rng rng;

    rng_seed(&rng, 42);
    for (size_t i = 0; i < COUNT(rows); i++)
        ck_assert_uint_eq(rng_below(&rng, rows[i].bound), rows[i].number);
}
END_TEST

START_TEST(a_shuffle_is_the_one_of_python)
{
    static const uint32_t shuffled[] = {7, 3, 2, 8, 5, 6, 9, 4, 0, 1};
    uint32_t items[COUNT(shuffled)];
    Rng rng;

    for (uint32_t i = 0; i < COUNT(items); i++)
        items[i] = i;
    rng_seed(&rng, 42);
    rng_shuffle(&rng, items, COUNT(items));
    ck_assert_mem_eq(items, shuffled, sizeof items);
}
END_TEST

START_TEST(shuffling_one_item_or_none_draws_nothing)
{
    uint32_t item = 9;
    Rng rng, untouched;

    rng_seed(&rng, 1);
    untouched = rng;
    rng_shuffle(&rng, &item, 1);
    rng_shuffle(&rng, &item, 0);
    ck_assert_uint_eq(item, 9);
    ck_assert(test_same_numbers(&rng, &untouched));
}
END_TEST

START_TEST(choices_by_weight_are_those_of_python)
{
    static const struct {
        double weights[4];
        int drawn[20];
    } rows[] = {
        {{.1, .2, .3, .4}, {3, 0, 1, 1, 3, 3, 3, 0, 2, 0, 1, 2, 0, 1, 3, 2, 1, 2, 3, 0}},
        {{0, .2, 0, .4}, {3, 1, 1, 1, 3, 3, 3, 1, 3, 1, 1, 3, 1, 1, 3, 3, 1, 3, 3, 1}},
    };
    double running[4];
    Rng rng;

    for (size_t i = 0; i < COUNT(rows); i++) {
        rng_seed(&rng, 42);
        for (int k = 0; k < 20; k++)
            ck_assert_int_eq(rng_choice(&rng, rows[i].weights, 4, running, NULL), rows[i].drawn[k]);
    }
}
END_TEST

START_TEST(a_choice_shows_the_running_sums_and_the_number_that_fell_among_them)
{
    static const double weights[] = {1, 0, 2, 0.5, 4};
    double running[COUNT(weights)], drawn;
    Rng rng;

    rng_seed(&rng, 3);
    for (int k = 0; k < 200; k++) {
        size_t chosen = rng_choice(&rng, weights, COUNT(weights), running, &drawn);
        ck_assert_double_eq(running[COUNT(weights) - 1], 7.5);
        ck_assert_double_lt(drawn, running[chosen]);
        ck_assert_double_ge(drawn, chosen ? running[chosen - 1] : 0);
    }
}
END_TEST

START_TEST(a_number_on_a_border_belongs_to_what_comes_after_it)
{
    double running[3];
    Rng rng;

    rng_seed(&rng, 1);
    rng.next = 0;
    rng.word[0] = rng.word[1] = 0; /* random() is 0 */
    ck_assert_int_eq(rng_choice(&rng, (double[]){0, 0, 1}, 3, running, NULL), 2);
}
END_TEST

START_TEST(every_number_lies_from_0_to_below_1)
{
    Rng rng;

    rng_seed(&rng, 8);
    for (int i = 0; i < 100000; i++) {
        double number = rng_random(&rng);
        if (!(0 <= number && number < 1))
            ck_abort_msg("%a", number);
    }
}
END_TEST

Suite *rng_suite(void)
{
    Suite *suite = suite_create("rng");
    TCase *tests = tcase_create("rng");

    tcase_add_test(tests, a_seed_gives_the_numbers_that_it_gives_in_python);
    tcase_add_test(tests, the_stream_goes_on_beyond_its_first_block_of_words);
    tcase_add_test(tests, normal_numbers_are_those_of_python);
    tcase_add_test(tests, the_second_normal_number_of_a_pair_waits_for_its_call);
    tcase_add_test(tests, seeding_forgets_a_normal_number_that_waits);
    tcase_add_test(tests, whole_numbers_below_a_bound_are_those_of_python);
    tcase_add_test(tests, a_shuffle_is_the_one_of_python);
    tcase_add_test(tests, shuffling_one_item_or_none_draws_nothing);
    tcase_add_test(tests, choices_by_weight_are_those_of_python);
    tcase_add_test(tests, a_choice_shows_the_running_sums_and_the_number_that_fell_among_them);
    tcase_add_test(tests, a_number_on_a_border_belongs_to_what_comes_after_it);
    tcase_add_test(tests, every_number_lies_from_0_to_below_1);
    suite_add_tcase(suite, tests);
    return suite;
}
