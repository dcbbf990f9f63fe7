#include "app/twin.h"

#include "app/expr.h"
#include "app/watch.h"
#include "program.h"
#include "scratch.h"
#include "suites.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char options[] = "--n-embd 4 --n-head 2 --steps 40";
static App *app;

static void set_up(void)
{
    app = program_open(options);
    program_enter(app, "goto 10");
    program_enter(app, "fork warm");
    program_enter(app, "option lr = 0.05");
}

static void tear_down(void)
{
    program_close(app);
}

/* The number that an expression has, or NaN. */
static double number(const App *of, const char *text)
{
    const Scope scope = app_scope(of);
    ExprError error;
    ExprValue value = {.kind = EXPR_TEXT};
    Expr expr;

    ck_assert_msg(expr_init(&expr, text, &error), "%s: %s", text, error.why.text);
    bool known = expr_eval(&expr, &scope, &value, &error);
    expr_release(&expr);
    return known && value.kind == EXPR_NUMBER ? value.number : NAN;
}

/* What is wrong with it. */
static const char *wrong(const char *text, bool hurried, ExprError *error)
{
    Scope scope = app_scope(app);
    ExprValue value;
    Expr expr;

    scope.hurried = hurried;
    if (!expr_init(&expr, text, error))
        return error->why.text;
    bool known = expr_eval(&expr, &scope, &value, error);
    expr_release(&expr);
    return known ? "nothing" : error->why.text;
}

START_TEST(a_twin_has_the_bits_of_switching_there)
{
    static const char *const moments[] = {
        "10", "25", "12.forward.40", "12.backward.7", "12.update.30", "40", "9"};
    char line[80];

    program_enter(app, "compare main");
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        App *other = program_open(options);
        snprintf(line, sizeof line, "goto %s", moments[i]);
        program_enter(app, line);
        program_enter(other, line);
        program_same(twins_compared(app), other);
        ck_assert(twin_is_here(app, twins_compared(app)));
        program_close(other);
    }
}
END_TEST

START_TEST(a_twin_moves_along_unit_by_unit_and_back)
{
    static const char *const keys[] = {".", ".", ",", "-", ".", "-", ".", ".", ",", "G", ","};

    program_enter(app, "compare main");
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        program_press(app, keys[i]);
        program_settle(app);
        ck_assert_int_eq(
            moment_compare(twins_compared(app)->session.trainer.at, app->session.trainer.at), 0);
    }
}
END_TEST

START_TEST(a_running_branch_waits_for_its_twin)
{
    program_enter(app, "compare main");
    app_run(app, 1);
    for (int i = 0; i < 200 && app->direction != 0; i++) {
        app->due = 0;
        app_work(app, 0);
        int64_t ahead = app->session.trainer.at.step - twins_compared(app)->session.trainer.at.step;
        ck_assert(ahead >= 0 && ahead <= 1);
    }
}
END_TEST

START_TEST(where_graphs_differ_the_same_moment_is_the_same_place)
{
    program_enter(app, "option residual = off");
    program_enter(app, "compare main");
    program_enter(app, "goto 12.forward@pos2.layer0.mlp.fc1");
    const App *twin = twins_compared(app);
    int32_t here = stride_next_node(&app->session.trainer);
    int32_t there = stride_next_node(&twin->session.trainer);
    ck_assert_int_ne(here, there);
    ck_assert(place_same(gpt_span_of(&app->session.trainer.gpt, here)->place,
                         gpt_span_of(&twin->session.trainer.gpt, there)->place));
    program_enter(app, "goto 12.backward@pos2.layer0.attn.q");
    here = stride_next_node(&app->session.trainer);
    there = stride_next_node(&twin->session.trainer);
    ck_assert(place_same(gpt_span_of(&app->session.trainer.gpt, here)->place,
                         gpt_span_of(&twin->session.trainer.gpt, there)->place));
    program_enter(app, "goto 12.update.9");
    ck_assert_int_eq(twin->session.trainer.at.n, 9);
}
END_TEST

START_TEST(switching_to_what_is_compared_turns_the_two_around)
{
    program_enter(app, "compare main");
    program_enter(app, "switch main");
    ck_assert_str_eq(app->compared, "warm");
    program_enter(app, "fork third");
    ck_assert_str_eq(app->compared, "warm");
    program_enter(app, "switch warm");
    ck_assert_str_eq(app->compared, "third");
    program_enter(app, "drop third");
    ck_assert_str_eq(app->compared, "");
    ck_assert_ptr_null(twins_compared(app));
}
END_TEST

START_TEST(numbers_of_a_branch_with_other_documents_are_those_that_it_has_there)
{
    const double loss = number(app, "loss");

    scratch_put("towns.txt", "Arhus\nBonn\nBern\n");
    program_enter(app, "fork towns data towns.txt");
    const double other = number(app, "loss");
    ck_assert(number(app, "run.warm.loss") == loss);
    program_enter(app, "switch main");
    ck_assert(number(app, "run.towns.loss") == other);
    ck_assert(loss != other);
    const App *towns = twin_bring(app, "towns", NULL);
    ck_assert_str_eq(towns->session.corpus.source, "towns.txt");
    ck_assert_int_eq(corpus_vocab(&towns->session.corpus), 10);
}
END_TEST

START_TEST(a_dropped_branch_of_the_same_name_is_another)
{
    program_enter(app, "compare main");
    program_enter(app, "compare off");
    program_enter(app, "switch main");
    double before = number(app, "run.warm.lr");
    program_enter(app, "drop warm");
    program_enter(app, "fork warm");
    program_enter(app, "option lr = 0.5");
    program_enter(app, "switch main");
    ck_assert(number(app, "run.warm.lr") > 5 * before);
}
END_TEST

START_TEST(a_branch_that_was_changed_since_has_its_new_numbers)
{
    program_enter(app, "compare main");
    program_enter(app, "switch main");
    program_enter(app, "set wte[1][1] = 0.75");
    program_enter(app, "switch warm");
    ck_assert(number(app, "run.main.wte[1][1]") == 0.75);
    ck_assert(number(app, "wte[1][1]") != 0.75);
}
END_TEST

START_TEST(numbers_of_a_branch_are_those_that_it_has_there)
{
    static const char *const names[] = {"loss",
                                        "wte[5][0]",
                                        "grad(wte[0][1])",
                                        "adam(wte[0][1]).v_hat",
                                        "x[1].layer0.attn.q[2]",
                                        "attn[0][1][2][1]",
                                        "sum(softmax(logits[2]) * probs[2])",
                                        "lr",
                                        "step",
                                        "wte[tokens[0]][n - 2]"};
    App *other = program_open(options);
    char line[120];

    program_enter(app, "goto 23");
    program_enter(other, "goto 23");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const double expected = number(other, names[i]);
        snprintf(line, sizeof line, "run.main.%s", names[i]);
        const double got = number(app, line);
        ck_assert_msg(memcmp(&expected, &got, sizeof got) == 0 && !isnan(got), "%s: %g, not %g",
                      line, got, expected);
        snprintf(line, sizeof line, "run.warm.%s", names[i]);
        ck_assert(number(app, line) == number(app, names[i]));
    }
    ck_assert(number(app, "loss") != number(app, "run.main.loss"));
    ck_assert(number(app, "loss - run.main.loss") == number(app, "loss") - number(other, "loss"));
    program_close(other);
}
END_TEST

START_TEST(a_branch_that_cannot_be_read_says_why)
{
    static const char *const texts[][2] = {{"run.nobody.loss", "there is no branch nobody"},
                                           {"run.main", "expected a point and a name"},
                                           {"run.main.", "expected a name"},
                                           {"run.main.[0]", "expected a name"},
                                           {"run.main.3", "expected a name"},
                                           {"run.", "expected a branch"},
                                           {"run", "a branch must follow"},
                                           {"run.main.wte", "nothing"},
                                           {"run.main.nothing", "there is no nothing"},
                                           {"run.main.wte[99]", "wte"},
                                           {"grad(run.main.wte)", "name"}};
    ExprError error;
    char deep[400] = "";

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *says = wrong(texts[i][0], false, &error);
        ck_assert_msg(strstr(says, texts[i][1]), "%s: %s", texts[i][0], says);
    }
    for (int i = 0; i < EXPR_DEPTH_LIMIT / 8; i++)
        strcat(deep, "run.main.");
    strcat(deep, "loss");
    ck_assert(strstr(wrong(deep, false, &error), "branches within each other"));
    program_enter(app, "goto 12.forward.5");
    ck_assert(strstr(wrong("run.main.loss", false, &error), "not computed yet"));
    ck_assert(error.not_yet);
}
END_TEST

START_TEST(who_is_in_a_hurry_gets_the_number_when_it_is_there)
{
    ExprError error;

    program_enter(app, "goto 30");
    ck_assert(strstr(wrong("run.main.loss", true, &error), "not at this moment yet"));
    ck_assert(error.not_yet);
    program_settle(app);
    ck_assert_str_eq(wrong("run.main.loss", true, &error), "nothing");
}
END_TEST

START_TEST(a_condition_may_be_about_a_branch)
{
    program_enter(app, "goto 20");
    program_enter(app, "until run.main.step >= 31");
    program_at(app, "31");
    program_enter(app, "watch run.main.loss - loss");
    ck_assert_int_eq(app->watches.count, 1);
}
END_TEST

START_TEST(what_cannot_be_compared_says_why)
{
    static const char *const wrongs[][2] = {{"compare nobody", "no branch nobody"},
                                            {"compare warm", "where you are"},
                                            {"compare", "a branch or off"}};

    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        program_enter(app, wrongs[i][0]);
        ck_assert_msg(app->message_wrong && strstr(app->message, wrongs[i][1]), "%s: %s",
                      wrongs[i][0], app->message);
        ck_assert_str_eq(app->compared, "");
    }
}
END_TEST

START_TEST(a_twin_whose_run_ends_stands_at_its_end)
{
    App *other = program_open("--n-embd 4 --n-head 2 --steps 40");

    program_enter(other, "fork wild");
    program_enter(other, "goto 3");
    program_enter(other, "option lr = 1e200");
    program_enter(other, "switch main");
    program_enter(other, "compare wild");
    program_enter(other, "goto 30");
    ck_assert_int_eq(other->session.trainer.at.step, 30);
    ck_assert_int_lt(twins_compared(other)->session.trainer.at.step, 30);
    ck_assert(isnan(number(other, "run.wild.loss")));
    program_enter(other, "goto 2");
    ck_assert_int_eq(twins_compared(other)->session.trainer.at.step, 2);
    program_close(other);
}
END_TEST

Suite *twin_suite(void)
{
    Suite *suite = suite_create("twin");
    TCase *tests = tcase_create("twin");

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_checked_fixture(tests, scratch_enter, scratch_leave);
    tcase_add_test(tests, a_twin_has_the_bits_of_switching_there);
    tcase_add_test(tests, a_twin_moves_along_unit_by_unit_and_back);
    tcase_add_test(tests, a_running_branch_waits_for_its_twin);
    tcase_add_test(tests, where_graphs_differ_the_same_moment_is_the_same_place);
    tcase_add_test(tests, switching_to_what_is_compared_turns_the_two_around);
    tcase_add_test(tests, numbers_of_a_branch_with_other_documents_are_those_that_it_has_there);
    tcase_add_test(tests, a_dropped_branch_of_the_same_name_is_another);
    tcase_add_test(tests, a_branch_that_was_changed_since_has_its_new_numbers);
    tcase_add_test(tests, numbers_of_a_branch_are_those_that_it_has_there);
    tcase_add_test(tests, a_branch_that_cannot_be_read_says_why);
    tcase_add_test(tests, who_is_in_a_hurry_gets_the_number_when_it_is_there);
    tcase_add_test(tests, a_condition_may_be_about_a_branch);
    tcase_add_test(tests, what_cannot_be_compared_says_why);
    tcase_add_test(tests, a_twin_whose_run_ends_stands_at_its_end);
    return suite;
}
