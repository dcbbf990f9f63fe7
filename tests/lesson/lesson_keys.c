#include "suites.h"

#include "classroom.h"
#include <string.h>

static const char steps[] =
    "# t Test\n\n## One {#one}\n\n```lesson\nscene init\nask num \"x\"\nanswer 14\nhint \"h\"\n"
    "why \"w\"\nend\n```\n\n## Two {#two}\n\n```lesson\nask text \"own words\"\nwhy \"w\"\n"
    "end\n```\n\n## Three {#three}\n\n```lesson\ndo step > 0 \"go\"\nby goto 1\n```\n";

static Classroom *room;

static void open_room(void)
{
    room = classroom_open(steps, NULL);
}

static void close_room(void)
{
    classroom_close(room);
}

START_TEST(an_answer_is_typed_and_given_with_enter)
{
    classroom_press(room, "1 4");
    ck_assert_str_eq(room->run.line.text, "14");
    classroom_press(room, "Enter");
    ck_assert_int_eq(room->run.phase, LESSON_READING);
    classroom_press(room, "Enter");
    ck_assert_str_eq(lesson_run_step(&room->run)->id, "two");
}
END_TEST

START_TEST(keys_of_the_program_wait_while_an_answer_is_typed)
{
    classroom_press(room, ". 5 , q w");
    ck_assert_str_eq(room->run.line.text, ".5,qw");
    ck_assert(!room->app.asking.on);
}
END_TEST

START_TEST(letters_act_on_an_empty_line_and_are_typed_behind_others)
{
    classroom_press(room, "?");
    ck_assert(classroom_has(room, PIECE_HINT, "h"));
    classroom_press(room, "1 S");
    ck_assert_str_eq(room->run.line.text, "1S");
    classroom_press(room, "Backspace Backspace S");
    ck_assert(classroom_has(room, PIECE_SHOWN, "14"));
}
END_TEST

START_TEST(in_a_text_of_ones_own_capital_letters_are_typed)
{
    classroom_press(room, "N Enter S Space o");
    ck_assert_str_eq(lesson_run_step(&room->run)->id, "two");
    ck_assert_str_eq(room->run.line.text, "S o");
    classroom_press(room, "Enter");
    ck_assert(classroom_has(room, PIECE_SAID, "S o"));
}
END_TEST

START_TEST(what_is_no_answer_says_so_until_the_next_key)
{
    classroom_press(room, "x Enter");
    ck_assert_str_ne(room->run.notice, "");
    ck_assert_str_eq(room->run.line.text, "x");
    classroom_press(room, "Backspace");
    ck_assert_str_eq(room->run.notice, "");
}
END_TEST

START_TEST(free_play_is_one_key_away_and_one_key_back)
{
    classroom_press(room, "F .");
    scene_settle(&room->app);
    classroom_press(room, ".");
    scene_settle(&room->app);
    ck_assert(room->run.free);
    ck_assert_int_eq(room->app.session.trainer.at.step, 2);
    classroom_press(room, "Esc");
    ck_assert(!room->run.free);
    ck_assert_int_eq(room->app.session.trainer.at.step, 0);
    classroom_press(room, "Esc");
    ck_assert(room->run.free);
    classroom_press(room, "F 1 4 Enter");
    ck_assert_int_eq(room->run.phase, LESSON_READING);
}
END_TEST

START_TEST(a_task_leaves_the_keys_to_the_program)
{
    classroom_press(room, "N n Esc F x Enter n");
    ck_assert_str_eq(lesson_run_step(&room->run)->id, "three");
    ck_assert_int_eq(room->run.phase, LESSON_DOING);
    classroom_press(room, ".");
    scene_settle(&room->app);
    ck_assert_int_eq(room->run.phase, LESSON_READING);
    ck_assert_int_eq(room->app.session.trainer.at.step, 1);
}
END_TEST

START_TEST(n_and_b_walk_and_q_leaves)
{
    classroom_press(room, "1 4 Enter n");
    ck_assert_str_eq(lesson_run_step(&room->run)->id, "two");
    classroom_press(room, "x Enter b");
    ck_assert_str_eq(lesson_run_step(&room->run)->id, "one");
    classroom_press(room, "N"); /* it was met before */
    ck_assert_str_eq(lesson_run_step(&room->run)->id, "two");
    classroom_press(room, "x Enter q");
    ck_assert_int_eq(room->run.phase, LESSON_CLOSED);
    ck_assert(!room->app.tutor.open);
}
END_TEST

START_TEST(a_colon_opens_the_prompt_on_an_empty_line)
{
    classroom_press(room, ":");
    ck_assert(room->app.prompt.open);
    classroom_press(room, "s k i p Enter");
    ck_assert(classroom_has(room, PIECE_SKIPPED, ""));
}
END_TEST

START_TEST(commands_do_what_keys_do)
{
    app_enter(&room->app, "hint");
    ck_assert(classroom_has(room, PIECE_HINT, "h"));
    app_enter(&room->app, "answer 7*2");
    ck_assert_int_eq(room->run.phase, LESSON_READING);
    app_enter(&room->app, "retry");
    ck_assert_int_eq(room->run.phase, LESSON_ASKING);
    app_enter(&room->app, "show");
    app_enter(&room->app, "next");
    ck_assert_str_eq(lesson_run_step(&room->run)->id, "two");
    app_enter(&room->app, "prev");
    ck_assert_str_eq(lesson_run_step(&room->run)->id, "one");
    app_enter(&room->app, "close");
    ck_assert(!room->app.tutor.open);
    app_enter(&room->app, "hint");
    ck_assert(room->app.message_wrong);
}
END_TEST

START_TEST(the_keys_that_act_are_named)
{
    char keys[256];

    lesson_run_keys(&room->run, keys, sizeof keys);
    ck_assert_str_eq(keys,
                     "Enter answer · ? hint · S show · N skip · B back · F free play · Q leave");
    classroom_press(room, "N Enter");
    lesson_run_keys(&room->run, keys, sizeof keys);
    ck_assert_str_eq(keys, "Enter answer · ? hint · Esc free play");
}
END_TEST

Suite *lesson_keys_suite(void)
{
    Suite *suite = suite_create("lesson_keys");
    TCase *tests = tcase_create("lesson_keys");

    tcase_add_checked_fixture(tests, open_room, close_room);
    tcase_add_test(tests, an_answer_is_typed_and_given_with_enter);
    tcase_add_test(tests, keys_of_the_program_wait_while_an_answer_is_typed);
    tcase_add_test(tests, letters_act_on_an_empty_line_and_are_typed_behind_others);
    tcase_add_test(tests, in_a_text_of_ones_own_capital_letters_are_typed);
    tcase_add_test(tests, what_is_no_answer_says_so_until_the_next_key);
    tcase_add_test(tests, free_play_is_one_key_away_and_one_key_back);
    tcase_add_test(tests, a_task_leaves_the_keys_to_the_program);
    tcase_add_test(tests, n_and_b_walk_and_q_leaves);
    tcase_add_test(tests, a_colon_opens_the_prompt_on_an_empty_line);
    tcase_add_test(tests, commands_do_what_keys_do);
    tcase_add_test(tests, the_keys_that_act_are_named);
    suite_add_tcase(suite, tests);
    return suite;
}
