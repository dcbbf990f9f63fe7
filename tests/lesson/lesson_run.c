#include "suites.h"

#include "classroom.h"
#include "engine/support.h"
#include <stdlib.h>
#include <string.h>

static const char walk[] =
    "# t Test\n\n## One {#one}\n\nfirst {{step}}\n\n```lesson\nscene init\nlet before = step\n"
    "ask num \"Which step?\"\n  after goto 3\n  answer step\n  trap before \"That was "
    "{{before}}.\"\n"
    "  trap 4 \"Too far.\"\n  hint \"h1\"\n  hint \"h2\"\n  why \"it is "
    "{{step}}\"\nend\n```\n\nbehind {{step}}\n\n"
    "## Two {#two}\n\n```lesson\ndo step >= before + 5 \"Go on.\"\nby goto 5\n```\n\ndone at "
    "{{step}}\n\n"
    "## Three {#three}\n\n```lesson\nset wte[0][0] = 0.25\n```\n\n{{wte[0][0]}}\n\n"
    "## Four {#four}\n\n```lesson\nscene expr a=2; b=3; c=a*b\ngoto 1\nmark a\n```\n\n{{c}}\n";

static Classroom *room;

static void open_room(void)
{
    room = classroom_open(walk, NULL);
}

static void close_room(void)
{
    ck_assert_str_eq(room->told, "");
    classroom_close(room);
}

static int64_t step_now(void)
{
    return room->app.session.trainer.at.step;
}

START_TEST(prose_is_shown_up_to_the_question)
{
    ck_assert_int_eq(room->run.phase, LESSON_ASKING);
    ck_assert(classroom_has(room, PIECE_BLOCK, "first 0"));
    ck_assert(classroom_has(room, PIECE_QUESTION, "Which step?"));
    ck_assert(!classroom_has(room, PIECE_BLOCK, "behind"));
}
END_TEST

START_TEST(what_an_answer_presupposes_happens_when_it_is_given)
{
    ck_assert_int_eq(step_now(), 0);
    classroom_answers(room, "3", VERDICT_RIGHT);
    ck_assert_int_eq(step_now(), 3);
    ck_assert(classroom_has(room, PIECE_RIGHT, "3"));
    ck_assert(classroom_has(room, PIECE_WHY, "it is 3"));
    ck_assert(classroom_has(room, PIECE_BLOCK, "behind 3"));
    ck_assert_int_eq(room->run.phase, LESSON_READING);
}
END_TEST

START_TEST(a_wrong_answer_gets_its_traps_feedback_and_the_second_a_hint)
{
    classroom_answers(room, "4", VERDICT_WRONG);
    ck_assert(classroom_has(room, PIECE_WRONG, "Too far."));
    ck_assert(!classroom_has(room, PIECE_HINT, "h1"));
    classroom_answers(room, "0", VERDICT_WRONG);
    ck_assert(!classroom_has(room, PIECE_WRONG, "Too far."));
    ck_assert(classroom_has(room, PIECE_WRONG, "That was 0."));
    ck_assert(classroom_has(room, PIECE_HINT, "h1"));
    classroom_answers(room, "77", VERDICT_WRONG);
    ck_assert(classroom_has(room, PIECE_WRONG, "Look again."));
    ck_assert(classroom_has(room, PIECE_HINT, "h2"));
    ck_assert_int_eq(room->run.attempts, 3);
    classroom_answers(room, "x y", VERDICT_UNREADABLE);
    ck_assert_int_eq(room->run.attempts, 3);
}
END_TEST

START_TEST(hints_come_one_at_a_time_and_end)
{
    Error error;

    ck_assert(lesson_run_hint(&room->run, &error));
    ck_assert(!classroom_has(room, PIECE_HINT, "h2"));
    ck_assert(lesson_run_hint(&room->run, &error));
    ck_assert(!lesson_run_hint(&room->run, &error));
    test_error(&error, "that was the last hint: the answer can be shown");
}
END_TEST

START_TEST(showing_and_skipping_carry_out_what_the_answer_presupposes)
{
    Error error;

    ck_assert(lesson_run_show(&room->run, &error));
    ck_assert_int_eq(step_now(), 3);
    ck_assert(classroom_has(room, PIECE_SHOWN, "3"));
    ck_assert(classroom_has(room, PIECE_WHY, "it is 3"));
    lesson_run_retry(&room->run);
    ck_assert_int_eq(step_now(), 0);
    ck_assert(lesson_run_skip(&room->run, &error));
    ck_assert_int_eq(step_now(), 3);
    ck_assert(!classroom_has(room, PIECE_WHY, "it is 3"));
    ck_assert(!lesson_run_skip(&room->run, &error));
    ck_assert(!lesson_run_show(&room->run, &error));
    ck_assert(!lesson_run_hint(&room->run, &error));
}
END_TEST

START_TEST(a_task_waits_until_it_is_done)
{
    classroom_answers(room, "3", VERDICT_RIGHT);
    lesson_run_next(&room->run);
    ck_assert_int_eq(room->run.phase, LESSON_DOING);
    ck_assert(!lesson_run_follow(&room->run));
    app_enter(&room->app, "goto 4");
    scene_settle(&room->app);
    ck_assert_int_eq(room->run.phase, LESSON_DOING);
    app_enter(&room->app, "goto 6");
    scene_settle(&room->app);
    ck_assert_int_eq(room->run.phase, LESSON_READING);
    ck_assert(classroom_has(room, PIECE_DONE, ""));
    ck_assert(classroom_has(room, PIECE_BLOCK, "done at 6"));
}
END_TEST

START_TEST(going_back_restores_the_scene)
{
    classroom_answers(room, "3", VERDICT_RIGHT);
    for (int i = 0; i < 4; i++)
        lesson_run_next(&room->run);
    ck_assert_str_eq(lesson_run_step(&room->run)->id, "four");
    ck_assert(room->app.graphing);
    ck_assert_int_eq(room->app.session.history.events, 0);
    lesson_run_prev(&room->run);
    ck_assert(!room->app.graphing);
    ck_assert_int_eq(step_now(), 5);
    ck_assert_str_eq(classroom_reads(room, "wte[0][0]").text, "0.25");
    lesson_run_prev(&room->run);
    ck_assert_int_eq(step_now(), 3);
    ck_assert_int_eq(room->app.session.history.events, 0);
    lesson_run_prev(&room->run);
    lesson_run_prev(&room->run);
    ck_assert_int_eq(step_now(), 0);
    ck_assert_int_eq(room->run.phase, LESSON_ASKING);
}
END_TEST

START_TEST(an_answer_counts_from_where_the_lesson_stood)
{
    app_enter(&room->app, "set wte[0][0] = 7");
    app_enter(&room->app, "goto 20");
    scene_settle(&room->app);
    classroom_answers(room, "3", VERDICT_RIGHT);
    ck_assert_int_eq(step_now(), 3);
    ck_assert_int_eq(room->app.session.history.events, 0);
}
END_TEST

START_TEST(free_play_comes_back_to_where_the_lesson_stood)
{
    lesson_run_free(&room->run);
    app_enter(&room->app, "goto 9");
    app_enter(&room->app, "expr x=1; y=exp(x)");
    scene_settle(&room->app);
    ck_assert(room->run.free);
    lesson_run_free(&room->run);
    ck_assert(!room->run.free);
    ck_assert_int_eq(step_now(), 0);
    ck_assert(!room->app.graphing);
}
END_TEST

START_TEST(a_mark_lasts_for_its_step)
{
    for (int i = 0; i < 5; i++)
        lesson_run_next(&room->run);
    ck_assert_int_eq(room->app.look.marks, 1);
    lesson_run_prev(&room->run);
    ck_assert_int_eq(room->app.look.marks, 0);
}
END_TEST

START_TEST(behind_the_last_step_the_lesson_ends)
{
    for (int i = 0; i < 9 && room->run.phase != LESSON_ENDED; i++)
        lesson_run_next(&room->run);
    ck_assert_int_eq(room->run.phase, LESSON_ENDED);
    ck_assert(classroom_has(room, PIECE_NOTE, "This was lesson t Test."));
    ck_assert(progress_is_done(&room->progress, "t"));
    ck_assert_int_eq(progress_count(&room->progress, "t", OUTCOME_SKIPPED), 2);
    lesson_run_prev(&room->run);
    ck_assert_str_eq(lesson_run_step(&room->run)->id, "four");
}
END_TEST

START_TEST(closing_brings_the_reader_back)
{
    lesson_run_close(&room->run);
    app_enter(&room->app, "set wte[1][1] = 3");
    app_enter(&room->app, "goto 7");
    scene_settle(&room->app);
    Lesson lesson;
    Error error;
    ck_assert(lesson_parse(&lesson, "t.md", walk, sizeof walk - 1, &error));
    ck_assert(lesson_run_take(&room->run, &lesson, 3, &error));
    ck_assert(room->app.graphing);
    lesson_run_close(&room->run);
    ck_assert(!room->app.graphing);
    ck_assert_int_eq(step_now(), 7);
    ck_assert_int_eq(room->app.session.history.events, 1);
    ck_assert(!room->app.tutor.open);
}
END_TEST

START_TEST(a_run_under_way_stops_where_it_is_when_a_lesson_opens)
{
    Lesson lesson;
    Error error;

    lesson_run_close(&room->run);
    app_enter(&room->app, "goto 7");
    scene_settle(&room->app);
    app_enter(&room->app, "run");
    ck_assert(lesson_parse(&lesson, "t.md", walk, sizeof walk - 1, &error));
    ck_assert(lesson_run_take(&room->run, &lesson, 0, &error));
    lesson_run_close(&room->run);
    ck_assert_int_eq(step_now(), 7);
}
END_TEST

START_TEST(a_lesson_with_settings_of_its_own_has_a_run_of_its_own)
{
    static const char other[] =
        "# u U\n\n```lesson\nsetting n_embd = 8\n```\n\n## A {#a}\n\n{{n_embd}}\n";
    Lesson lesson;
    Error error;

    lesson_run_close(&room->run);
    app_enter(&room->app, "goto 7");
    scene_settle(&room->app);
    ck_assert(lesson_parse(&lesson, "u.md", other, sizeof other - 1, &error));
    ck_assert(lesson_run_take(&room->run, &lesson, 0, &error));
    ck_assert(classroom_has(room, PIECE_BLOCK, "8"));
    ck_assert_int_eq(step_now(), 0);
    lesson_run_close(&room->run);
    ck_assert_int_eq(room->app.session.trainer.gpt.n_embd, 4);
    ck_assert_int_eq(step_now(), 7);
}
END_TEST

/* Questions of each kind. */
static void question(const char *lines, const char *wrong, const char *unreadable,
                     const char *right)
{
    Classroom *one = classroom_open(one_step(lines).text, NULL);

    ck_assert_str_eq(one->told, "");
    if (unreadable)
        classroom_answers(one, unreadable, VERDICT_UNREADABLE);
    if (wrong)
        classroom_answers(one, wrong, VERDICT_WRONG);
    classroom_answers(one, right, VERDICT_RIGHT);
    classroom_close(one);
}

START_TEST(every_kind_of_question_takes_its_answers)
{
    question("ask num \"x\"\nanswer [1, 2.5]\nwhy \"w\"\nend", "1 3", "1", "1, 2.5");
    question("ask text \"x\"\nanswer \"emma\"\nwhy \"w\"\nend", "em", " ", "Emma");
    question("ask text \"x\"\nwhy \"w\"\nend", NULL, "  ", "because");
    question("ask choice \"x\"\noption \"a\" if 1 > 2\noption \"b\" if 2 > 1\nwhy \"w\"\nend", "a",
             "c", "B");
    question("ask pick \"x\"\nanswer wte[1][0]\nwhy \"w\"\nend", "wte[1][1]", "nothing",
             "wte[1][0]");
    question("ask pick \"x\"\nanswer wte[1][0]\nwhy \"w\"\nend", NULL, NULL, "grad(wte[1][0])");
    question("ask pick \"x\"\nanswer grad(wte[1][0])\nwhy \"w\"\nend", "wte[1][0]", "",
             "grad(wte[1][0])");
    question("ask guess \"x\"\noption \"a\"\noption \"b\"\nwhy \"w\"\nend", NULL, "c", "a");
    question("ask guess \"x\"\nwhy \"w\"\nend", NULL, "often", "2.5");
    question("ask num \"x\"\nanswer nan\nwhy \"w\"\nend", "0", NULL, "nan");
}
END_TEST

START_TEST(a_guess_that_is_shown_has_no_right_answer)
{
    Classroom *one = classroom_open(one_step("ask guess \"x\"\nwhy \"w\"\nend").text, NULL);
    Error error;

    ck_assert(lesson_run_show(&one->run, &error));
    ck_assert(classroom_has(one, PIECE_SHOWN, "any will do"));
    classroom_close(one);
}
END_TEST

START_TEST(what_a_command_answers_in_columns_is_set_apart_by_blanks)
{
    Classroom *one = classroom_open(one_step("bench layout").text, NULL);

    ck_assert(classroom_has(one, PIECE_OUTPUT, "a small matrix, 16 x 16: boxes "));
    ck_assert(!classroom_has(one, PIECE_OUTPUT, "\t"));
    classroom_close(one);
}
END_TEST

START_TEST(an_order_is_asked_for_scrambled)
{
    Classroom *one = classroom_open(
        one_step("ask order \"x\"\noption \"1\"\noption \"2\"\noption \"3\"\nwhy \"w\"\nend").text,
        NULL);
    char right[8], wrong[8];

    ck_assert(posed_print_right(&one->run.posed, &one->app, right, sizeof right));
    posed_print_wrong(&one->run.posed, &one->app, wrong, sizeof wrong);
    ck_assert_str_ne(right, "abc");
    classroom_answers(one, "ab", VERDICT_UNREADABLE);
    classroom_answers(one, "aab", VERDICT_UNREADABLE);
    classroom_answers(one, wrong, VERDICT_WRONG);
    classroom_answers(one, right, VERDICT_RIGHT);
    classroom_close(one);
}
END_TEST

START_TEST(a_question_that_cannot_be_asked_does_not_stop_the_lesson)
{
    Classroom *one =
        classroom_open(one_step("ask num \"x\"\nanswer nobody\nwhy \"w\"\nend").text, NULL);

    ck_assert_int_eq(one->run.phase, LESSON_READING);
    ck_assert(classroom_has(one, PIECE_NOTE, "cannot be asked"));
    ck_assert_ptr_nonnull(strstr(one->told, "7: answer: nobody"));
    classroom_close(one);
}
END_TEST

Suite *lesson_run_suite(void)
{
    Suite *suite = suite_create("lesson_run");
    TCase *walks = tcase_create("walks"), *tests = tcase_create("questions");

    tcase_add_checked_fixture(walks, open_room, close_room);
    tcase_add_test(walks, prose_is_shown_up_to_the_question);
    tcase_add_test(walks, what_an_answer_presupposes_happens_when_it_is_given);
    tcase_add_test(walks, a_wrong_answer_gets_its_traps_feedback_and_the_second_a_hint);
    tcase_add_test(walks, hints_come_one_at_a_time_and_end);
    tcase_add_test(walks, showing_and_skipping_carry_out_what_the_answer_presupposes);
    tcase_add_test(walks, a_task_waits_until_it_is_done);
    tcase_add_test(walks, going_back_restores_the_scene);
    tcase_add_test(walks, an_answer_counts_from_where_the_lesson_stood);
    tcase_add_test(walks, free_play_comes_back_to_where_the_lesson_stood);
    tcase_add_test(walks, a_mark_lasts_for_its_step);
    tcase_add_test(walks, behind_the_last_step_the_lesson_ends);
    tcase_add_test(walks, closing_brings_the_reader_back);
    tcase_add_test(walks, a_run_under_way_stops_where_it_is_when_a_lesson_opens);
    tcase_add_test(walks, a_lesson_with_settings_of_its_own_has_a_run_of_its_own);
    tcase_add_test(tests, every_kind_of_question_takes_its_answers);
    tcase_add_test(tests, a_guess_that_is_shown_has_no_right_answer);
    tcase_add_test(tests, what_a_command_answers_in_columns_is_set_apart_by_blanks);
    tcase_add_test(tests, an_order_is_asked_for_scrambled);
    tcase_add_test(tests, a_question_that_cannot_be_asked_does_not_stop_the_lesson);
    suite_add_tcase(suite, walks);
    suite_add_tcase(suite, tests);
    return suite;
}
