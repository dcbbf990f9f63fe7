#include "app/keep.h"

#include "engine/checkpoint.h"
#include "program.h"
#include "scratch.h"
#include "suites.h"
#include <stdio.h>
#include <string.h>

#define OPTIONS "--n-embd 4 --n-head 2 --steps 12"

/* Moments of every phase, with changes before, at and after them. */
static const char *const sessions[][5] = {
    {"goto 5"},
    {"goto 5.forward.0"},
    {"goto 5.forward.77", "set wte[0][1] = 2"},
    {"goto 5.backward.10", "set wpe[0][1] = -1", "step 20 operation"},
    {"goto 5.update.9", "set wpe[0][0] = 0.25", "set wte[1][1] = 4", "step 3 operation"},
    {"goto 5", "set wte[0][0] = 1", "option lr = 0.05"},
    {"goto 7", "option lr = 0.2", "set wte[0][0] = 1", "goto 6.forward.3"},
    {"goto 5.forward.3", "option beta1 = 0.5", "step 9 operation", "set x[0].embed[1] = 3"},
};

static void play(App *app, int i)
{
    for (int k = 0; k < 5 && sessions[i][k]; k++)
        program_enter(app, sessions[i][k]);
}

START_TEST(a_loaded_session_stands_where_it_stood_and_goes_on_with_the_same_bits)
{
    App *whole = program_open(OPTIONS), *loaded = program_open(OPTIONS);

    play(whole, _i);
    program_enter(whole, "save run");
    ck_assert_msg(!whole->message_wrong, "%s", whole->message);
    program_enter(loaded, "load run");
    ck_assert_msg(!loaded->message_wrong, "%s", loaded->message);
    if (whole->session.trainer.at.phase != PHASE_DONE)
        program_same(loaded, whole);
    program_enter(whole, "goto 9.forward.50");
    program_enter(loaded, "goto 9.forward.50");
    program_same(loaded, whole);
    program_close(whole);
    program_close(loaded);
}
END_TEST

START_TEST(unit_and_watched_expressions_come_along)
{
    App *app = program_open(OPTIONS), *loaded = program_open(OPTIONS);

    program_enter(app, "watch loss + 1");
    program_enter(app, "watch wte[0][0]");
    program_enter(app, "unit block");
    program_enter(app, "goto 2.forward.5");
    program_enter(app, "save run");
    program_enter(loaded, "watch step");
    program_enter(loaded, "load run");
    ck_assert_int_eq(loaded->unit, UNIT_BLOCK);
    ck_assert_int_eq(loaded->watches.count, 2);
    ck_assert_str_eq(loaded->watches.expr[0].text, "loss + 1");
    ck_assert_str_eq(loaded->watches.expr[1].text, "wte[0][0]");
    program_at(loaded, "2.forward.5");
    program_close(app);
    program_close(loaded);
}
END_TEST

static const char *const hostile[] = {
    "quit",
    "save other",
    "unit parsec",
    "goto 3",
    "goto 4000000.forward.1",
    "goto x",
    "watch )",
    "event",
    "event 2.forward.5 value 0",
    "event 2.forward.5 nose 0 1",
    "event 2.forward.5 value -1 1",
    "event 2.forward.5 value 999999999 1",
    "event 2.forward.5 value 0 1x",
    "event 1 value 0 1",
    "event 99 value 0 1",
    "event 2@pos0.embed value 0 1",
    "event 2.forward.5 setting 0 7",
    "event 2.forward.5 setting 6 -1",
    "event 2.forward.5 setting 6 nan",
    "event 2.forward.5 setting 99 1",
};

START_TEST(a_line_that_is_not_the_programs_own_is_refused)
{
    App *app = program_open(OPTIONS);
    Error error;

    program_enter(app, "goto 2");
    ck_assert(checkpoint_save_session(&app->session.trainer, hostile[_i], "run", &error));
    program_enter(app, "load run");
    ck_assert_msg(app->message_wrong, "taken: %s", hostile[_i]);
    ck_assert_int_eq(scratch_entries(), 1);
    program_close(app);
}
END_TEST

START_TEST(training_without_a_screen_says_that_changes_are_still_to_come)
{
    ck_assert(keep_has_changes("event 2 value 0 1\n"));
    ck_assert(keep_has_changes("unit step\nevent 2 value 0 1\n"));
    ck_assert(!keep_has_changes("unit step\nwatch event 2\n"));
    ck_assert(!keep_has_changes(""));
}
END_TEST

Suite *keep_suite(void)
{
    Suite *suite = suite_create("keep");
    TCase *tests = tcase_create("keep");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, scratch_enter, scratch_leave);
    tcase_add_loop_test(tests,
                        a_loaded_session_stands_where_it_stood_and_goes_on_with_the_same_bits, 0,
                        sizeof sessions / sizeof *sessions);
    tcase_add_test(tests, unit_and_watched_expressions_come_along);
    tcase_add_loop_test(tests, a_line_that_is_not_the_programs_own_is_refused, 0,
                        sizeof hostile / sizeof *hostile);
    tcase_add_test(tests, training_without_a_screen_says_that_changes_are_still_to_come);
    suite_add_tcase(suite, tests);
    return suite;
}
