#include "suites.h"

#include "classroom.h"
#include <string.h>

static Classroom *room;

static void open_room(void)
{
    room = classroom_open(
        one_step("scene expr a=2; b=3; c=a*b\nlet half = 0.5\nlet both = [a, b]").text, NULL);
}

static void close_room(void)
{
    classroom_close(room);
}

static void fills(const char *text, const char *expected)
{
    char out[200];
    Error error = {""};

    ck_assert_msg(datum_fill(&room->app, &room->run.lets, text, out, sizeof out, &error), "%s",
                  error.text);
    ck_assert_str_eq(out, expected);
}

START_TEST(numbers_stand_in_texts_in_the_wanted_form)
{
    fills("{{a}} and {{b}}", "2 and 3");
    fills("{{1/3}}", "0.333333");
    fills("{{1/3|%.2f}}", "0.33");
    fills("{{60475|%d}}", "60,475");
    fills("{{1/3 | %.1e}}", "3.3e-01");
    fills("{{softmax([2, 1, .5])|%.2f}}", "[0.63, 0.23, 0.14]");
    fills("{{2 < 3}}", "true");
    fills("{{\"emma\"}}", "emma");
    fills("{{nan}}", "nan");
    fills("{{inf/inf}}, {{inf/inf|%.2f}}, {{-(inf/inf)|%.2e}}", "nan, nan, nan");
    fills("a {{ b", "a {{ b");
}
END_TEST

START_TEST(words_of_the_lesson_stand_for_their_values)
{
    fills("{{half * 4}}", "2");
    fills("{{both[1]}}", "3");
    fills("{{sum(both)}}", "5");
    fills("{{graph_at}} of {{graph_length}}", "0 of 2");
    fills("{{view}} {{view == \"graph\"}}", "graph true");
    fills("{{cursor}}", "-1");
}
END_TEST

START_TEST(a_word_within_a_name_a_text_or_behind_a_point_is_none)
{
    Datum datum = {.kind = DATUM_NUMBER, .count = 1, .number = {7}};
    Error error;

    ck_assert(lets_add(&room->run.lets, &room->app, "op", &datum, &error));
    fills("{{\"op\"}}", "op");
    fills("{{node(0).op}}", "param");
    fills("{{op + 1}}", "8");
}
END_TEST

START_TEST(a_word_that_means_something_is_refused)
{
    static const char *const taken[] = {"a", "loss", "wte", "cursor", "step", "n_embd"};
    Datum datum = {.kind = DATUM_NUMBER, .count = 1, .number = {7}};
    Error error;

    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        ck_assert_msg(!lets_add(&room->run.lets, &room->app, taken[i], &datum, &error), "%s",
                      taken[i]);
    ck_assert(lets_add(&room->run.lets, &room->app, "half", &datum, &error));
    fills("{{half}}", "7");
}
END_TEST

START_TEST(what_cannot_be_filled_in_is_shown_as_written)
{
    char out[200];
    Error error;

    ck_assert(
        !datum_fill(&room->app, NULL, "x {{nothing}} {{a|%q}} {{b}}", out, sizeof out, &error));
    ck_assert_str_eq(out, "x {{nothing}} {{a|%q}} 3");
    ck_assert_ptr_nonnull(strstr(error.text, "nothing"));
}
END_TEST

START_TEST(what_is_not_computed_yet_does_not_hold)
{
    bool holds = true;
    Error error;

    ck_assert(datum_holds(&room->app, NULL, "c > 0", &holds, &error));
    ck_assert(!holds);
    ck_assert(datum_holds(&room->app, NULL, "a > 0", &holds, &error));
    ck_assert(holds);
    ck_assert(!datum_holds(&room->app, NULL, "a", &holds, &error));
    ck_assert(!datum_holds(&room->app, NULL, "nobody > 0", &holds, &error));
}
END_TEST

Suite *datum_suite(void)
{
    Suite *suite = suite_create("datum");
    TCase *tests = tcase_create("datum");

    tcase_add_checked_fixture(tests, open_room, close_room);
    tcase_add_test(tests, numbers_stand_in_texts_in_the_wanted_form);
    tcase_add_test(tests, words_of_the_lesson_stand_for_their_values);
    tcase_add_test(tests, a_word_within_a_name_a_text_or_behind_a_point_is_none);
    tcase_add_test(tests, a_word_that_means_something_is_refused);
    tcase_add_test(tests, what_cannot_be_filled_in_is_shown_as_written);
    tcase_add_test(tests, what_is_not_computed_yet_does_not_hold);
    suite_add_tcase(suite, tests);
    return suite;
}
