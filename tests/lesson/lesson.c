#include "suites.h"

#include "classroom.h"
#include "engine/support.h"
#include <string.h>

static void parse(Lesson *lesson, const char *text)
{
    Error error;

    ck_assert_msg(lesson_parse(lesson, "t.md", text, strlen(text), &error), "%s", error.text);
}

/* Fails unless a lesson is refused with that reason. */
static void refuses(const char *text, const char *reason)
{
    Lesson lesson;
    Error error = {""};

    ck_assert_msg(!lesson_parse(&lesson, "t.md", text, strlen(text), &error), "%s", reason);
    test_error(&error, reason);
}

/* The same of a line in the first step, which is line 6. */
static void refuses_line(const char *line, const char *reason)
{
    char expected[480];

    snprintf(expected, sizeof expected, "t.md:6: %s", reason);
    refuses(one_step(line).text, expected);
}

START_TEST(a_lesson_has_its_parts)
{
    Lesson lesson;

    parse(&lesson,
          "# 2a The chain rule\n\nAbout it.\n\n```lesson\nminutes 8\ndata names\nsetting seed = "
          "7\n```\n\n"
          "## One {#one}\n\nprose\n\n```lesson\nscene trained\nrecall\nwide\n"
          "do step > 1 \"Do it.\"\nby goto 2\nby goto 3\n```\n\nmore\n\n## Two `x` {#two}\n\n"
          "```lesson\n# a remark\nlet y = 2*3\nguide \"1\" wrong 2\n```\n");
    ck_assert_str_eq(lesson.name, "2a");
    ck_assert_str_eq(lesson.title, "2a The chain rule");
    ck_assert_str_eq(lesson.about, "About it.");
    ck_assert_int_eq(lesson.minutes, 8);
    ck_assert_str_eq(lesson.data, "names");
    ck_assert_int_eq(lesson.steps, 2);
    Settings settings, own;
    settings_default(&settings);
    own = lesson_settings(&lesson, &settings);
    ck_assert_int_eq(own.seed, 7);
    const Step *one = &lesson.step[0];
    ck_assert(one->scene == SCENE_TRAINED && one->wide && one->recall);
    ck_assert_int_eq(one->directives, 3);
    ck_assert_int_eq(one->directive[1].kind, DIRECTIVE_DO);
    ck_assert_int_eq(one->directive[1].line, 19);
    ck_assert_str_eq(one->directive[1].text, "step > 1");
    ck_assert_int_eq(one->directive[1].bys, 2);
    ck_assert_str_eq(one->directive[1].by[1].text, "goto 3");
    ck_assert_str_eq(lesson.step[1].directive[0].quoted, "y");
    ck_assert_str_eq(lesson.step[1].directive[0].text, "2*3");
    ck_assert(lesson.step[1].directive[1].wrong);
    ck_assert_int_eq(lesson_find(&lesson, "two"), 1);
    ck_assert_int_eq(lesson_find(&lesson, "three"), -1);
    ck_assert_int_eq(lesson_anchor(&lesson, 1), 0);
    lesson_release(&lesson);
}
END_TEST

START_TEST(a_question_has_its_parts)
{
    Lesson lesson;

    parse(&lesson, one_step("ask num \"How \\\"fast\\\" is {{\"x\"}}?\"\n  after goto end\n  "
                            "answer 14 * 3\n  tol 0.1 2\n"
                            "  trap \"a\" == \"b\" \"no\"\n  hint \"h\"\n  why \"w\"\nend")
                       .text);
    const Question *question = lesson.step[0].directive[0].question;
    ck_assert_str_eq(question->text, "How \"fast\" is {{\"x\"}}?");
    ck_assert_int_eq(question->afters, 1);
    ck_assert_str_eq(question->answer.text, "14 * 3");
    ck_assert(question->tolerant && question->absolute == 0.1 && question->relative == 2);
    ck_assert_str_eq(question->trap[0].expr, "\"a\" == \"b\"");
    ck_assert_str_eq(question->trap[0].feedback, "no");
    ck_assert_int_eq(question->hints, 1);
    ck_assert_str_eq(question->why.text, "w");
    lesson_release(&lesson);
}
END_TEST

START_TEST(a_broken_shape_is_named_with_its_line)
{
    refuses("", "t.md:1: a lesson begins with its title: # NAME TITLE");
    refuses("# t T\n", "t.md:1: there is no step: ## TITLE {#id}");
    refuses("hello\n", "t.md:1: a lesson begins with its title: # NAME TITLE");
    refuses(
        "# t T\n\n## Step\n",
        "t.md:3: a step's heading ends with its id, as {#my-step}: small letters, digits and -");
    refuses("# t T\n\n## A {#a}\n\n## B {#a}\n", "t.md:5: the id a is that of an earlier step");
    refuses("# t T\n\n# u U\n",
            "t.md:3: a lesson has one title, at its beginning; steps begin with ##");
    refuses("# t T\n\n```lesson\nminutes 0\n```\n",
            "t.md:4: minutes: expected a number from 1 to 120");
    refuses("# t T\n\n```lesson\ndata /etc/passwd\n```\n",
            "t.md:4: data /etc/passwd: expected names, words, genera, places or turkish");
    refuses("# t T\n\n```lesson\nsetting nothing = 3\n```\n",
            "t.md:4: setting: expected NAME = NUMBER, such as seed = 7");
    refuses("# t T\n\n```lesson\nscene init\n```\n",
            "t.md:4: scene stands behind the heading of the first step");
    refuses("# t T\n\nnot \xff UTF-8\n", "t.md:3: not UTF-8 (byte 0xff)");
}
END_TEST

START_TEST(a_broken_directive_is_named_with_its_line)
{
    refuses_line("scene nowhere",
                 "scene: expected init, trained, keep, at MOMENT or expr STATEMENTS, not nowhere");
    refuses_line("scene at",
                 "scene: expected init, trained, keep, at MOMENT or expr STATEMENTS, not at");
    refuses_line("minutes 3", "minutes stands before the first step");
    refuses_line("let 3x = 1", "let: expected NAME = EXPRESSION");
    refuses_line("let x == 1", "let: expected NAME = EXPRESSION");
    refuses_line("mask", "expected names of numbers, such as grad(b) or wte[5][0]");
    refuses_line("do step > 1", "expected a text between quotes");
    refuses_line("do \"Press it.\"", "do: expected CONDITION \"INSTRUCTION\"");
    refuses_line("do step > 1 \"Press.\"", "do: there is no by line below it");
    refuses_line("by goto 3", "by stands below a do line");
    refuses_line("guide \"1\" 1",
                 "guide: expected \"TEXT\" is EXPRESSION, or wrong in place of is");
    refuses_line("ask maybe \"x\"", "ask maybe: expected num, text, choice, order, pick or guess");
    refuses_line("ask num \"x", "expected a text between quotes");
    refuses_line("ask num \"x\"\n  why \"y\"", "this question has no end");
}
END_TEST

START_TEST(a_question_that_lacks_something_is_named)
{
    static const struct {
        const char *lines, *reason;
    } rows[] = {
        {"ask num \"x\"\nwhy \"y\"\nend",
         "t.md:8: the question of line 6: num: there is no answer line"},
        {"ask num \"x\"\nanswer 3\nend", "t.md:8: the question of line 6: there is no why line"},
        {"ask choice \"x\"\noption \"a\"\noption \"b\"\nwhy \"y\"\nend",
         "t.md:10: the question of line 6: a choice needs at least two options, and one of them an "
         "if"},
        {"ask order \"x\"\noption \"a\" if true\noption \"b\"\nwhy \"y\"\nend",
         "t.md:10: the question of line 6: order needs at least two options, none with an if"},
        {"ask num \"x\"\nanswer 3\noption \"a\"\nwhy \"y\"\nend",
         "t.md:10: the question of line 6: num takes no options"},
        {"ask num \"x\"\nanswer 3\nanswer 4",
         "t.md:8: a question has one answer: the other stands in line 7"},
        {"ask num \"x\"\ntol many",
         "t.md:7: tol: expected how far off is still right, as 0.01 or 0.01 0"},
        {"ask num \"x\"\nmask a", "t.md:7: mask: a question has after, answer, tol, option, trap, "
                                  "hint and why, and ends with end"},
        {"ask guess \"x\"\ntrap 1 \"t\"\nwhy \"y\"\nend",
         "t.md:9: the question of line 6: guess takes no traps"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        refuses(one_step(rows[i].lines).text, rows[i].reason);
}
END_TEST

START_TEST(only_commands_that_touch_nothing_outside_may_stand_in_a_lesson)
{
    static const char *const forbidden[] = {"save x",   "load x", "bind a quit", "quit",
                                            "lesson 1", "close",  "theme dark",  "prompt x"};
    char reason[80];

    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        snprintf(reason, sizeof reason, "%.*s may not stand in a lesson",
                 (int)strcspn(forbidden[i], " "), forbidden[i]);
        refuses_line(forbidden[i], reason);
    }
    refuses_line("gotoo 3", "there is no command gotoo: did you mean goto?");
    refuses(one_step("ask num \"x\"\nafter save f\nanswer 1\nwhy \"y\"\nend").text,
            "t.md:10: after: save f may not stand in a lesson");
    refuses(one_step("do step > 1 \"x\"\nby save f").text,
            "t.md:7: by: save f may not stand in a lesson");
}
END_TEST

/* The step's lines begin in line 6. */
START_TEST(a_wrong_line_says_what_was_expected)
{
    static const struct {
        const char *lines, *reason;
    } wrong[] = {
        {"minutes 8", "6: minutes stands before the first step"},
        {"data names", "6: data stands before the first step"},
        {"setting seed = 7", "6: setting stands before the first step"},
        {"scene",
         "6: scene: expected init, trained, keep, at MOMENT or expr STATEMENTS, not nothing"},
        {"scene nowhere",
         "6: scene: expected init, trained, keep, at MOMENT or expr STATEMENTS, not nowhere"},
        {"scene keep now",
         "6: scene: expected init, trained, keep, at MOMENT or expr STATEMENTS, not keep now"},
        {"wide open", "6: wide stands alone"},
        {"recall me", "6: recall stands alone"},
        {"mark", "6: expected names of numbers, such as grad(b) or wte[5][0]"},
        {"mask", "6: expected names of numbers, such as grad(b) or wte[5][0]"},
        {"let", "6: let: expected NAME = EXPRESSION"},
        {"let x", "6: let: expected NAME = EXPRESSION"},
        {"let 2x = 1", "6: let: expected NAME = EXPRESSION"},
        {"let x = 1\nlet x =", "7: let: expected NAME = EXPRESSION"},
        {"do", "6: expected a text between quotes"},
        {"do step > 1", "6: expected a text between quotes"},
        {"do \"x\"", "6: do: expected CONDITION \"INSTRUCTION\""},
        {"do step > 1 \"x\" y", "6: do: expected CONDITION \"INSTRUCTION\""},
        {"by goto 1", "6: by stands below a do line"},
        {"do step > 1 \"x\"\nby", "7: by: nothing may not stand in a lesson"},
        {"do step > 1 \"x\"\nby save x", "7: by: save x may not stand in a lesson"},
        {"assert", "6: assert: expected a condition"},
        {"guide", "6: expected a text between quotes"},
        {"guide \"x\"", "6: guide: expected \"TEXT\" is EXPRESSION, or wrong in place of is"},
        {"guide \"x\" means 2",
         "6: guide: expected \"TEXT\" is EXPRESSION, or wrong in place of is"},
        {"guide x \"y\" is 2",
         "6: guide: expected \"TEXT\" is EXPRESSION, or wrong in place of is"},
        {"echo x", "6: echo may not stand in a lesson"},
        {"nonsense", "6: there is no command nonsense: see help"},
        {"scene init\nscene keep", "7: a step has one scene: the other stands in line 6"},
        {"mark loss\nscene init", "7: scene stands before the other directives of its step"},
        {"ask", "6: ask : expected num, text, choice, order, pick or guess"},
        {"ask what \"x\"", "6: ask what: expected num, text, choice, order, pick or guess"},
        {"ask num", "6: expected a text between quotes"},
        {"ask num x", "6: expected a text between quotes"},
        {"ask num \"x\" y", "6: expected a text between quotes and nothing else, not y"},
        {"ask num \"x\"\nend", "7: the question of line 6: num: there is no answer line"},
        {"ask num \"x\"\nanswer 1\nanswer 2",
         "8: a question has one answer: the other stands in line 7"},
        {"ask num \"x\"\nanswer", "7: answer: expected an expression"},
        {"ask num \"x\"\nanswer 1\nend", "8: the question of line 6: there is no why line"},
        {"ask num \"x\"\ntol x", "7: tol: expected how far off is still right, as 0.01 or 0.01 0"},
        {"ask num \"x\"\ntol 1 2 3",
         "7: tol: expected how far off is still right, as 0.01 or 0.01 0"},
        {"ask num \"x\"\ntol -1", "7: tol: expected how far off is still right, as 0.01 or 0.01 0"},
        {"ask num \"x\"\noption \"a\"", "6: this question has no end"},
        {"ask choice \"x\"\nanswer 1", "6: this question has no end"},
        {"ask choice \"x\"\noption a", "7: expected a text between quotes"},
        {"ask choice \"x\"\noption \"a\" when 1",
         "7: option: expected \"TEXT\" or \"TEXT\" if CONDITION"},
        {"ask choice \"x\"\noption \"a\" if",
         "7: option: expected \"TEXT\" or \"TEXT\" if CONDITION"},
        {"ask choice \"x\"\noption \"a\"\nwhy \"w\"\nend",
         "9: the question of line 6: a choice needs at least two options, and one of them an if"},
        {"ask choice \"x\"\noption \"a\" if 1 == 1\nwhy \"w\"\nend",
         "9: the question of line 6: a choice needs at least two options, and one of them an if"},
        {"ask num \"x\"\ntrap", "7: expected a text between quotes"},
        {"ask num \"x\"\ntrap 1", "7: expected a text between quotes"},
        {"ask num \"x\"\ntrap \"x\"", "7: trap: expected EXPRESSION \"FEEDBACK\""},
        {"ask num \"x\"\nhint x", "7: expected a text between quotes"},
        {"ask num \"x\"\nhint \"x\" y",
         "7: expected a text between quotes and nothing else, not y"},
        {"ask num \"x\"\nwhy x", "7: expected a text between quotes"},
        {"ask num \"x\"\nwhy \"x\"\nwhy \"y\"",
         "8: a question has one why: the other stands in line 7"},
        {"ask num \"x\"\nwhat \"y\"", "7: what: a question has after, answer, tol, option, trap, "
                                      "hint and why, and ends with end"},
        {"ask num \"x\"\nafter save x\nanswer 1\nwhy \"w\"\nend",
         "10: after: save x may not stand in a lesson"},
        {"ask guess \"x\"\nanswer 1\nwhy \"w\"\nend",
         "9: the question of line 6: guess takes no answer line"},
        {"ask num \"x\"\nhint \"1\"\nhint \"2\"\nhint \"3\"\nhint \"4\"\nhint \"5\"\nhint "
         "\"6\"\nhint \"7\"",
         "13: a question has at most 6 hints"},
        {"ask order \"x\"\noption \"a\"\nwhy \"w\"\nend",
         "9: the question of line 6: order needs at least two options, none with an if"},
        {"ask num \"x\"", "6: this question has no end"},
        {"end", "6: there is no command end: did you mean undo?"},
    };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char expected[480];
        snprintf(expected, sizeof expected, "t.md:%s", wrong[i].reason);
        refuses(one_step(wrong[i].lines).text, expected);
    }
}
END_TEST

Suite *lesson_suite(void)
{
    Suite *suite = suite_create("lesson");
    TCase *tests = tcase_create("lesson");

    tcase_add_test(tests, a_lesson_has_its_parts);
    tcase_add_test(tests, a_question_has_its_parts);
    tcase_add_test(tests, a_broken_shape_is_named_with_its_line);
    tcase_add_test(tests, a_broken_directive_is_named_with_its_line);
    tcase_add_test(tests, a_question_that_lacks_something_is_named);
    tcase_add_test(tests, only_commands_that_touch_nothing_outside_may_stand_in_a_lesson);
    tcase_add_test(tests, a_wrong_line_says_what_was_expected);
    suite_add_tcase(suite, tests);
    return suite;
}
