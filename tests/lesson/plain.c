#include "suites.h"

#include "classroom.h"
#include "lesson/plain.h"
#include <stdlib.h>
#include <string.h>

static const char steps[] =
    "# t Test\n\n## One {#one}\n\nSome *words* and `code`.\n\n- item\n\n| a | b |\n|---|---|\n| 1 "
    "| 2 |\n\n```lesson\nscene init\n"
    "ask choice \"Which?\"\noption \"this\"\noption \"that\" if true\ntrap 1 \"No: that.\"\nhint "
    "\"the other\"\nwhy \"so\"\nend\n```\n\n"
    "Behind.\n\n## Two {#two}\n\n```lesson\ndo step > 0 \"Go.\"\nby goto 1\n```\n";

typedef struct Played {
    char *text;
    int status;
} Played;

static void say_view(const App *app, FILE *stream)
{
    fprintf(stream, "the view at step %d\n", (int)app->session.trainer.at.step);
}

static Played play(const char *input)
{
    Classroom *room = classroom_open(steps, NULL);
    Played played;
    size_t length;
    FILE *in = fmemopen((void *)(uintptr_t)input, strlen(input), "r");
    FILE *out = open_memstream(&played.text, &length);

    played.status = plain_run(&room->run, in, out, say_view);
    fclose(in);
    fclose(out);
    classroom_close(room);
    return played;
}

static void has(const Played *played, const char *text)
{
    ck_assert_msg(strstr(played->text, text), "no \"%s\" in:\n%s", text, played->text);
}

START_TEST(a_whole_lesson_goes_line_by_line)
{
    Played played = play("a\nb\n\n:goto 2\n\n\n");

    has(&played,
        "== t Test, step 1 of 2: One ==\n\nSome words and code.\n  - item\n  a | b\n  1 | 2\n");
    has(&played, "Question: Which?\n  a) this\n  b) that\n> ");
    has(&played, "No: that.\n");
    has(&played, "Right: b\nWhy: so\n\nBehind.\n");
    has(&played, "== t Test, step 2 of 2: Two ==\n\nTo do: Go.\n");
    has(&played, "Done.\n");
    has(&played, "Answered: 2. Shown: 0. Left out: 0.");
    ck_assert_int_eq(played.status, PLAIN_DONE);
    free(played.text);
}
END_TEST

START_TEST(words_hint_show_skip_and_go)
{
    Played played = play("hint\nshow\nnext\nview\nskip\nback\nhelp\nquit\n");

    has(&played, "Hint: the other\n");
    has(&played, "Answer: b\n");
    has(&played, "the view at step 0\n");
    has(&played, "Left out.");
    has(&played, "Type an answer, or one of");
    ck_assert_int_eq(played.status, PLAIN_DONE);
    free(played.text);
}
END_TEST

START_TEST(the_end_of_input_in_a_question_is_a_failure_and_elsewhere_is_none)
{
    Played played = play("a\n");

    ck_assert_int_eq(played.status, PLAIN_FAILED);
    free(played.text);
    played = play("b\n");
    ck_assert_int_eq(played.status, PLAIN_DONE);
    free(played.text);
    played = play("b\n\n");
    ck_assert_int_eq(played.status, PLAIN_FAILED);
    free(played.text);
}
END_TEST

START_TEST(what_goes_wrong_is_said)
{
    Played played = play("x\n:nothing\n:print 1+1\nquit\n");

    has(&played, "expected a letter from a to b");
    has(&played, "there is no command nothing");
    has(&played, "1+1 = 2");
    free(played.text);
}
END_TEST

Suite *plain_suite(void)
{
    Suite *suite = suite_create("plain");
    TCase *tests = tcase_create("plain");

    tcase_add_test(tests, a_whole_lesson_goes_line_by_line);
    tcase_add_test(tests, words_hint_show_skip_and_go);
    tcase_add_test(tests, the_end_of_input_in_a_question_is_a_failure_and_elsewhere_is_none);
    tcase_add_test(tests, what_goes_wrong_is_said);
    suite_add_tcase(suite, tests);
    return suite;
}
