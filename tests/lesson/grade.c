#include "suites.h"

#include "classroom.h"
#include "lesson/grade.h"
#include <math.h>

static Classroom *room;

static void open_room(void)
{
    room = classroom_open(one_step("scene expr a=2; b=3; c=a*b").text, NULL);
}

static void close_room(void)
{
    classroom_close(room);
}

static bool right(const char *typed, double answer)
{
    TypedNumbers numbers;
    Error error;

    ck_assert_msg(grade_read(&room->app, typed, 1, &numbers, &error), "%s: %s", typed, error.text);
    return grade_number(&numbers.entry[0], answer, false, 0, 0);
}

START_TEST(two_significant_digits_are_enough_and_one_is_not)
{
    ck_assert(right("1.6", 1.6094));
    ck_assert(right("1.61", 1.6094));
    ck_assert(!right("1.62", 1.6094));
    ck_assert(!right("2", 1.6094));
    ck_assert(!right("0.002", 0.00182));
    ck_assert(right("0.0018", 0.00182));
    ck_assert(right(".0018", 0.00182));
    ck_assert(right("1.8e-3", 0.00182));
    ck_assert(!right("2e-3", 0.00182));
    ck_assert(right("-1.6", -1.6094));
    ck_assert(!right("1.6", -1.6094));
}
END_TEST

START_TEST(one_digit_is_right_where_it_is_the_answer)
{
    ck_assert(right("6", 6));
    ck_assert(right("0", 0));
    ck_assert(right("0.5", 0.5));
    ck_assert(!right("0", 0.001));
}
END_TEST

START_TEST(whole_numbers_are_right_as_they_are)
{
    ck_assert(right("4192", 4192));
    ck_assert(right("4,192", 4192));
    ck_assert(!right("4193", 4192));
    ck_assert(!right("42", 43));
    ck_assert(!right("100", 91));
    ck_assert(right(" = 42 ", 42));
}
END_TEST

START_TEST(an_expression_is_an_answer)
{
    ck_assert(right("14*3", 42));
    ck_assert(right("log(5)", 1.6094379124341003));
    ck_assert(!right("14*2", 42));
    ck_assert(right("1/3", 0.33333333));
    ck_assert(right("a*7", 14));
}
END_TEST

START_TEST(nan_and_infinity_are_answers)
{
    ck_assert(right("nan", NAN));
    ck_assert(!right("nan", 1));
    ck_assert(!right("1.0", NAN));
    ck_assert(right("inf", INFINITY));
    ck_assert(!right("-inf", INFINITY));
    ck_assert(!right("12", INFINITY));
}
END_TEST

START_TEST(a_tolerance_holds_besides)
{
    Typed typed = {.number = 2};

    ck_assert(!grade_number(&typed, 2.3, false, 0, 0));
    ck_assert(grade_number(&typed, 2.3, true, 0.31, 0));
    ck_assert(!grade_number(&typed, 2.3, true, 0.29, 0));
    ck_assert(grade_number(&typed, 2.2, true, 0, 0.1));
    ck_assert(!grade_number(&typed, 2.3, true, 0, 0.1));
}
END_TEST

START_TEST(a_vector_is_typed_with_blanks_commas_or_brackets)
{
    static const char *const typed[] = {".63 .23 .14", ".63, .23, .14", "[.63, .23, .14]",
                                        "softmax([2, 1, .5])"};
    const double third = exp(.5) / (exp(2) + exp(1) + exp(.5));
    TypedNumbers numbers;
    Error error;

    for (int i = 0; i < 4; i++) {
        ck_assert_msg(grade_read(&room->app, typed[i], 3, &numbers, &error), "%s", error.text);
        ck_assert_int_eq(numbers.count, 3);
        ck_assert(grade_number(&numbers.entry[2], third, false, 0, 0));
    }
    ck_assert(!grade_read(&room->app, ".63 .23", 3, &numbers, &error));
    ck_assert_str_eq(error.text, "expected 3 numbers, not 2");
}
END_TEST

START_TEST(what_is_no_number_says_so)
{
    TypedNumbers numbers;
    Error error;

    ck_assert(!grade_read(&room->app, "", 1, &numbers, &error));
    ck_assert(!grade_read(&room->app, "many", 1, &numbers, &error));
    ck_assert(!grade_read(&room->app, "2 < 3", 1, &numbers, &error));
    ck_assert(!grade_read(&room->app, "\"six\"", 1, &numbers, &error));
    ck_assert(!grade_read(&room->app, "[1, 2]", 1, &numbers, &error));
}
END_TEST

START_TEST(texts_are_compared_without_case_and_blanks)
{
    ck_assert(grade_text(" Emma ", "emma"));
    ck_assert(grade_text("\"em ma\"", "emma"));
    ck_assert(!grade_text("emm", "emma"));
    ck_assert(!grade_text("emmas", "emma"));
}
END_TEST

START_TEST(letters_stand_for_options)
{
    int chosen[3];

    ck_assert_int_eq(grade_letters("B", 3, chosen, 3), 1);
    ck_assert_int_eq(chosen[0], 1);
    ck_assert_int_eq(grade_letters("c, a b", 3, chosen, 3), 3);
    ck_assert_int_eq(chosen[0], 2);
    ck_assert_int_eq(grade_letters("2)", 3, chosen, 3), 1);
    ck_assert_int_eq(chosen[0], 1);
    ck_assert_int_eq(grade_letters("d", 3, chosen, 3), -1);
    ck_assert_int_eq(grade_letters("abca", 3, chosen, 3), -1);
    ck_assert_int_eq(grade_letters("0", 3, chosen, 3), -1);
}
END_TEST

Suite *grade_suite(void)
{
    Suite *suite = suite_create("grade");
    TCase *tests = tcase_create("grade");

    tcase_add_checked_fixture(tests, open_room, close_room);
    tcase_add_test(tests, two_significant_digits_are_enough_and_one_is_not);
    tcase_add_test(tests, one_digit_is_right_where_it_is_the_answer);
    tcase_add_test(tests, whole_numbers_are_right_as_they_are);
    tcase_add_test(tests, an_expression_is_an_answer);
    tcase_add_test(tests, nan_and_infinity_are_answers);
    tcase_add_test(tests, a_tolerance_holds_besides);
    tcase_add_test(tests, a_vector_is_typed_with_blanks_commas_or_brackets);
    tcase_add_test(tests, what_is_no_number_says_so);
    tcase_add_test(tests, texts_are_compared_without_case_and_blanks);
    tcase_add_test(tests, letters_stand_for_options);
    suite_add_tcase(suite, tests);
    return suite;
}
