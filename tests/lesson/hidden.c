/* What a lesson hides cannot be read anywhere until the question is answered. */
#include "suites.h"

#include "app/command.h"
#include "classroom.h"
#include <string.h>

static const char graph_lesson[] =
    "scene expr a=2; b=3; c=a*b; d=c+1; L=d^2\ngoto end\nmask c grad(b)\n"
    "ask num \"x\"\nanswer c\nwhy \"w\"\nend";
static const char run_lesson[] =
    "scene at 3.update.10\nmask probs[0] grad(wte[1][0]) adam(wte[0][1]).m lm_head\n"
    "ask num \"x\"\nanswer probs[0][1]\nwhy \"w\"\nend";

static const char hidden_text[] = "hidden until you have answered";

static void hides(const Classroom *room, const char *expression)
{
    ck_assert_msg(strstr(classroom_reads(room, expression).text, hidden_text), "%s: %s", expression,
                  classroom_reads(room, expression).text);
}

static void shows(const Classroom *room, const char *expression)
{
    ck_assert_msg(!strstr(classroom_reads(room, expression).text, hidden_text), "%s: %s",
                  expression, classroom_reads(room, expression).text);
}

/* What a command says, or why it does not. */
static RoomText says(Classroom *room, const char *command)
{
    RoomText said;
    Error error = {""};
    bool done = scene_run(&room->app, command, &error);

    snprintf(said.text, sizeof said.text, "%s",
             done ? answer_first(&room->app.answer) : error.text);
    return said;
}

START_TEST(expressions_over_the_readers_graph_do_not_tell)
{
    Classroom *room = classroom_open(one_step(graph_lesson).text, NULL);

    hides(room, "c");
    hides(room, "c + 1");
    hides(room, "node(0) * 0 + c");
    hides(room, "grad(b)");
    hides(room, "[a, c]");
    shows(room, "a");
    shows(room, "d");
    shows(room, "grad(c)");
    ck_assert_str_eq(classroom_reads(room, "grad(a)").text, "42");
    classroom_answers(room, "6", VERDICT_RIGHT);
    ck_assert_str_eq(classroom_reads(room, "c").text, "6");
    ck_assert_str_eq(classroom_reads(room, "grad(b)").text, "28");
    classroom_close(room);
}
END_TEST

START_TEST(expressions_over_the_run_do_not_tell)
{
    Classroom *room = classroom_open(one_step(run_lesson).text, NULL);

    hides(room, "probs[0]");
    hides(room, "probs[0][2]");
    hides(room, "probs");
    hides(room, "grad(wte[1][0])");
    hides(room, "grad(wte)");
    hides(room, "adam(wte[1][0]).g");
    hides(room, "adam(wte[0][1]).m");
    hides(room, "lm_head[0][0]");
    shows(room, "probs[1]");
    shows(room, "wte[1][0]");
    shows(room, "adam(wte[0][1]).v");
    shows(room, "grad(lm_head)");
    classroom_close(room);
}
END_TEST

START_TEST(why_tells_neither_the_number_nor_what_it_is_made_of)
{
    Classroom *room = classroom_open(one_step(graph_lesson).text, NULL);

    room->app.headless = true;
    ck_assert_ptr_null(strstr(says(room, "why c").text, "6"));
    ck_assert_ptr_null(strstr(says(room, "why d").text, "6"));
    ck_assert_ptr_null(strstr(says(room, "why grad(b)").text, "28"));
    classroom_answers(room, "6", VERDICT_RIGHT);
    ck_assert_ptr_nonnull(strstr(says(room, "why d").text, "6"));
    ck_assert_ptr_nonnull(strstr(says(room, "why grad(b)").text, "28"));
    classroom_close(room);
}
END_TEST

START_TEST(commands_that_would_say_it_do_not)
{
    Classroom *room = classroom_open(one_step(run_lesson).text, NULL);

    ck_assert_ptr_nonnull(strstr(says(room, "print probs[0]").text, hidden_text));
    ck_assert_ptr_nonnull(strstr(says(room, "set lm_head[0][0] = 1").text, hidden_text));
    ck_assert_ptr_nonnull(strstr(says(room, "set wte[0][0] = lm_head[0][0]").text, hidden_text));
    ck_assert_ptr_nonnull(
        strstr(says(room, "gradcheck wte[1][0]").text, "a lesson hides a number"));
    ck_assert_ptr_nonnull(strstr(says(room, "expr x=lm_head[0][0]; y=x^2").text, hidden_text));
    classroom_close(room);
}
END_TEST

START_TEST(an_answer_cannot_read_what_is_asked)
{
    Classroom *room = classroom_open(one_step(graph_lesson).text, NULL);

    classroom_answers(room, "c", VERDICT_UNREADABLE);
    classroom_answers(room, "a*b", VERDICT_RIGHT);
    classroom_close(room);
}
END_TEST

START_TEST(a_watched_number_is_a_dot)
{
    Classroom *room = classroom_open(one_step(graph_lesson).text, NULL);
    char text[WATCH_TEXT_BYTES];
    Error error;

    ck_assert(watch_add(&room->app.watches, "c", &error));
    Scope scope = app_scope(&room->app);
    ck_assert(watch_read(&room->app.watches.expr[0], &scope, text));
    ck_assert_str_eq(text, "·");
    classroom_close(room);
}
END_TEST

START_TEST(what_several_questions_ask_stays_hidden_until_the_last)
{
    Classroom *room = classroom_open(one_step("scene expr a=2; b=3; c=a*b\ngoto end\nmask c\n"
                                              "ask num \"x\"\nanswer 1\nwhy \"w\"\nend\n"
                                              "ask num \"y\"\nanswer c\nwhy \"w\"\nend")
                                         .text,
                                     NULL);

    classroom_answers(room, "1", VERDICT_RIGHT);
    hides(room, "c");
    classroom_answers(room, "6", VERDICT_RIGHT);
    shows(room, "c");
    classroom_close(room);
}
END_TEST

START_TEST(skipping_and_closing_reveal)
{
    Classroom *room = classroom_open(one_step(run_lesson).text, NULL);
    Error error;

    ck_assert(lesson_run_skip(&room->run, &error));
    shows(room, "probs[0]");
    lesson_run_retry(&room->run);
    hides(room, "probs[0]");
    lesson_run_close(&room->run);
    ck_assert_int_eq(room->app.look.hiddens, 0);
    classroom_close(room);
}
END_TEST

Suite *hidden_suite(void)
{
    Suite *suite = suite_create("hidden");
    TCase *tests = tcase_create("hidden");

    tcase_add_test(tests, expressions_over_the_readers_graph_do_not_tell);
    tcase_add_test(tests, expressions_over_the_run_do_not_tell);
    tcase_add_test(tests, why_tells_neither_the_number_nor_what_it_is_made_of);
    tcase_add_test(tests, commands_that_would_say_it_do_not);
    tcase_add_test(tests, an_answer_cannot_read_what_is_asked);
    tcase_add_test(tests, a_watched_number_is_a_dot);
    tcase_add_test(tests, what_several_questions_ask_stays_hidden_until_the_last);
    tcase_add_test(tests, skipping_and_closing_reveal);
    suite_add_tcase(suite, tests);
    return suite;
}
