#include "app/asking.h"

#include "app/app.h"
#include "program.h"
#include "suites.h"
#include <stdio.h>
#include <string.h>

static App *open_at(const char *moment)
{
    App *app = program_open("--n-embd 4 --n-head 2 --steps 12");
    char line[64];

    snprintf(line, sizeof line, "goto %s", moment);
    program_enter(app, line);
    return app;
}

/* ---- why ------------------------------------------------------------------------------------- */

START_TEST(a_question_opens_a_tree_that_keys_walk)
{
    App *app = open_at("5");

    program_enter(app, "why adam(wte[0][1]).update");
    ck_assert(app->asking.on);
    int count = app->asking.why.count;
    ck_assert_int_gt(count, 1);
    program_press(app, "Down Down Right");
    ck_assert_int_eq(app->asking.row, 2);
    ck_assert_int_gt(app->asking.why.count, count);
    program_press(app, "Left");
    ck_assert_int_eq(app->asking.why.count, count);
    program_press(app, "Left");
    ck_assert_int_eq(app->asking.row, 0);
    program_press(app, "PgDn PgDn");
    ck_assert_int_eq(app->asking.row, count - 1);
    program_press(app, "q");
    ck_assert(!app->asking.on);
    program_at(app, "5");
    program_close(app);
}
END_TEST

START_TEST(enter_goes_to_the_moment_that_a_number_comes_from)
{
    App *app = open_at("5");
    Moment moment;

    program_enter(app, "why probs[0][1]");
    ck_assert(why_moment(&app->asking.why, 0, &moment));
    ck_assert_int_eq(moment_compare(moment, app->session.trainer.at), -1);
    program_press(app, "Enter");
    program_settle(app);
    ck_assert_int_eq(moment_compare(moment, app->session.trainer.at), 0);
    ck_assert(app->asking.on && why_is_current(&app->asking.why));
    program_close(app);
}
END_TEST

START_TEST(when_the_run_moves_the_question_is_asked_anew)
{
    App *app = open_at("5");

    program_enter(app, "why loss");
    double before = app->asking.why.item[0].value;
    program_press(app, ".");
    program_settle(app);
    program_at(app, "6");
    ck_assert(app->asking.on && why_is_current(&app->asking.why));
    ck_assert_double_eq(app->asking.why.item[0].value, app->session.trainer.loss[5]);
    ck_assert_double_ne(app->asking.why.item[0].value, before);
    program_close(app);
}
END_TEST

/* Alone, why asks for what was computed last. */
static const struct {
    const char *moment;
    const char *begins;
} latest[] = {{"5", "loss"},
              {"5.forward.0", "loss"},
              {"5.forward.30", "node("},
              {"5.backward.3", "grad(node("},
              {"5.update.3", "node("}};

START_TEST(why_alone_asks_for_what_was_computed_last)
{
    App *app = open_at(latest[_i].moment);
    char question[WHY_QUESTION_BYTES];

    asking_latest(app, question);
    ck_assert_msg(strncmp(question, latest[_i].begins, strlen(latest[_i].begins)) == 0, "%s", question);
    program_press(app, "w");
    ck_assert_msg(app->asking.on || app->message_wrong, "no answer to %s", question);
    program_close(app);
}
END_TEST

START_TEST(a_question_that_is_none_is_refused)
{
    static const char *const wrong[] = {"why nothing", "why wte", "why 1 +", "why probs[99][0]"};
    App *app = open_at("5");

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        program_enter(app, wrong[i]);
        ck_assert_msg(app->message_wrong && !app->asking.on, "taken: %s", wrong[i]);
    }
    program_close(app);
}
END_TEST

/* ---- a graph of one's own -------------------------------------------------------------------- */

static double number(const App *app, const char *text)
{
    Scope scope = app_scope(app);
    Expr expr;
    ExprValue value;
    ExprError why;

    ck_assert_msg(expr_init(&expr, text, &why) && expr_eval(&expr, &scope, &value, &why), "%s: %s", text,
                  why.why.text);
    double found = value.number;
    expr_release(&expr);
    return found;
}

START_TEST(the_guides_example_steps_forward_and_back)
{
    App *app = open_at("5");

    program_enter(app, "expr a=2; b=3; c=a*b; d=c+1; L=d^2");
    ck_assert(app->graphing);
    program_press(app, ".");
    program_settle(app);
    ck_assert_double_eq(number(app, "c"), 6);
    program_press(app, "G");
    program_settle(app);
    ck_assert_double_eq(number(app, "d"), 7);
    ck_assert_double_eq(number(app, "L"), 49);
    ck_assert_double_eq(number(app, "grad(L)"), 1);
    ck_assert_double_eq(number(app, "grad(d)"), 14);
    ck_assert_double_eq(number(app, "grad(c)"), 14);
    ck_assert_double_eq(number(app, "grad(a)"), 42);
    ck_assert_double_eq(number(app, "grad(b)"), 28);
    program_press(app, ",");
    program_settle(app);
    ck_assert_double_eq(number(app, "grad(a)"), 0);
    ck_assert_double_eq(number(app, "grad(c)"), 14);
    program_press(app, "g");
    program_settle(app);
    ck_assert_int_eq(app->graph.at, 0);
    program_press(app, "q");
    ck_assert(!app->graphing);
    program_at(app, "5");
    program_close(app);
}
END_TEST

START_TEST(steps_beyond_either_end_of_a_graph_stay_there)
{
    App *app = open_at("5");

    program_enter(app, "expr a=2; L=a*a");
    program_press(app, ", , ,");
    program_settle(app);
    ck_assert_int_eq(app->graph.at, 0);
    program_enter(app, "step 100 operation");
    ck_assert_int_eq(app->graph.at, graph_length(&app->graph));
    program_at(app, "5");
    program_close(app);
}
END_TEST

Suite *asking_suite(void)
{
    Suite *suite = suite_create("asking");
    TCase *tests = tcase_create("asking");

    tcase_set_timeout(tests, 30);
    tcase_add_test(tests, a_question_opens_a_tree_that_keys_walk);
    tcase_add_test(tests, enter_goes_to_the_moment_that_a_number_comes_from);
    tcase_add_test(tests, when_the_run_moves_the_question_is_asked_anew);
    tcase_add_loop_test(tests, why_alone_asks_for_what_was_computed_last, 0, sizeof latest / sizeof *latest);
    tcase_add_test(tests, a_question_that_is_none_is_refused);
    tcase_add_test(tests, the_guides_example_steps_forward_and_back);
    tcase_add_test(tests, steps_beyond_either_end_of_a_graph_stay_there);
    suite_add_tcase(suite, tests);
    return suite;
}
