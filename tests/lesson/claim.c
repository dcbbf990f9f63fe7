#include "suites.h"

#include "lesson/claim.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static bool holds(const char *text, double value)
{
    Datum datum = {.kind = DATUM_NUMBER, .count = 1, .number = {value}};
    Error reason = {""};

    return claim_holds(text, &datum, &reason);
}

START_TEST(a_number_holds_rounded_to_the_digits_that_were_written)
{
    ck_assert(holds("sum: 11.76", 11.7626));
    ck_assert(!holds("sum: 11.76", 11.77));
    ck_assert(holds("about .63", 0.6285));
    ck_assert(!holds("it is 14", 14.6));
    ck_assert(holds("it is 14", 14.4));
    ck_assert(holds("lr = 1e-5", 0.00001));
    ck_assert(!holds("lr = 1e-5", 0.00003));
}
END_TEST

START_TEST(the_last_number_counts_and_digits_in_names_do_not)
{
    ck_assert(holds("d(loss)/d(c) = 14 x 1 = 14", 14));
    ck_assert(!holds("1 and then 15", 1));
    ck_assert(holds("7 for x12", 7));
    ck_assert(holds("a sign: -0.5", -0.5));
    ck_assert(holds("taken away: 3-2", 2));
    ck_assert(holds("4,192 parameters", 4192));
}
END_TEST

START_TEST(a_vector_is_held_against_as_many_numbers)
{
    Datum datum = {.kind = DATUM_VECTOR, .count = 3, .number = {0.628, 0.231, 0.140}};
    Error reason = {""};

    ck_assert(claim_holds("1.0: softmax([2.0, 1.0, 0.5]) = [0.63, 0.23, 0.14]", &datum, &reason));
    ck_assert(!claim_holds("[0.63, 0.23, 0.15]", &datum, &reason));
    ck_assert_str_eq(reason.text, "it says 0.15, but it is 0.14");
    ck_assert(!claim_holds("0.23 0.14", &datum, &reason));
    ck_assert_str_eq(reason.text, "the claim has 2 numbers, the value 3");
}
END_TEST

START_TEST(a_truth_value_and_a_text_hold_by_themselves)
{
    Datum truth = {.kind = DATUM_TRUTH, .count = 1, .number = {1}},
          text = {.kind = DATUM_TEXT, .text = "emma"};
    Error reason = {""};

    ck_assert(claim_holds("so it is", &truth, &reason));
    truth.number[0] = 0;
    ck_assert(!claim_holds("so it is", &truth, &reason));
    ck_assert(claim_holds("emma is a name", &text, &reason));
    ck_assert(!claim_holds("harley is a name", &text, &reason));
}
END_TEST

START_TEST(nan_is_no_number_that_was_written)
{
    ck_assert(!holds("it is 3", NAN));
    ck_assert(!holds("no number at all", 3));
}
END_TEST

Suite *claim_suite(void)
{
    Suite *suite = suite_create("claim");
    TCase *tests = tcase_create("claim");

    tcase_add_test(tests, a_number_holds_rounded_to_the_digits_that_were_written);
    tcase_add_test(tests, the_last_number_counts_and_digits_in_names_do_not);
    tcase_add_test(tests, a_vector_is_held_against_as_many_numbers);
    tcase_add_test(tests, a_truth_value_and_a_text_hold_by_themselves);
    tcase_add_test(tests, nan_is_no_number_that_was_written);
    suite_add_tcase(suite, tests);
    return suite;
}
