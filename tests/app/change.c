#include "app/app.h"
#include "program.h"
#include "suites.h"
#include <stdio.h>

static App *open_small(void)
{
    return program_open("--n-embd 4 --n-head 2 --steps 12");
}

static double parameter(const App *app)
{
    return app->session.trainer.value[gpt_tensor(&app->session.trainer.gpt, "wpe")->first];
}

/* ---- changes --------------------------------------------------------------------------------- */

START_TEST(a_number_set_here_holds_until_one_goes_back_before_it)
{
    App *app = open_small();

    program_enter(app, "goto 4");
    double old = parameter(app);
    program_enter(app, "set wpe[0][0] = 2 ^ 3 + 0.5");
    ck_assert_double_eq(parameter(app), 8.5);
    ck_assert(!app->message_wrong);
    program_at(app, "4");
    program_enter(app, "goto 3.update.5");
    ck_assert_double_ne(parameter(app), 8.5);
    program_enter(app, "goto 4.forward.31");
    ck_assert_double_eq(parameter(app), 8.5);
    program_enter(app, "undo");
    program_enter(app, "goto 4");
    ck_assert_double_eq(parameter(app), old);
    program_close(app);
}
END_TEST

/* In the middle of a step it is computed with from the step's beginning. */
START_TEST(a_number_set_in_a_step_is_what_the_step_computed_with)
{
    App *app = open_small(), *begun = open_small();

    program_enter(app, "goto 4.backward.30");
    program_enter(app, "set wpe[0][0] = 8.5");
    program_at(app, "4.backward.30");
    program_enter(begun, "goto 4.forward.0");
    program_enter(begun, "set wpe[0][0] = 8.5");
    program_enter(begun, "goto 4.backward.30");
    program_same(app, begun);
    program_enter(app, "undo");
    program_at(app, "4.backward.30");
    program_enter(begun, "undo");
    program_enter(begun, "goto 4.backward.30");
    program_same(app, begun);
    program_close(begun);
    program_close(app);
}
END_TEST

START_TEST(undo_and_redo_lead_to_the_run_without_and_with_the_change)
{
    App *plain = open_small(), *changed = open_small(), *app = open_small();

    program_enter(plain, "goto 9.backward.50");
    program_enter(changed, "goto 3");
    program_enter(changed, "set lm_head[0][1] = -1");
    program_enter(changed, "goto 9.backward.50");

    program_enter(app, "goto 9");
    program_enter(app, "goto 3");
    program_enter(app, "set lm_head[0][1] = -1");
    program_enter(app, "goto 9.backward.50");
    program_same(app, changed);
    program_enter(app, "undo");
    program_at(app, "3");
    program_enter(app, "goto 9.backward.50");
    program_same(app, plain);
    program_enter(app, "redo");
    program_enter(app, "goto 9.backward.50");
    program_same(app, changed);
    program_close(plain);
    program_close(changed);
    program_close(app);
}
END_TEST

START_TEST(an_option_holds_from_its_moment_on)
{
    App *app = open_small();

    program_enter(app, "goto 5");
    program_enter(app, "option lr = 0.5");
    ck_assert_double_eq(app->session.trainer.settings.lr, 0.5);
    program_enter(app, "goto 4");
    ck_assert_double_eq(app->session.trainer.settings.lr, 0.01);
    program_enter(app, "goto 7");
    ck_assert_double_eq(app->session.trainer.settings.lr, 0.5);
    program_enter(app, "undo");
    ck_assert_double_eq(app->session.trainer.settings.lr, 0.01);
    program_close(app);
}
END_TEST

START_TEST(an_option_of_the_graph_changes_in_the_step_under_way)
{
    App *app = open_small();

    program_enter(app, "goto 5.forward.100");
    program_enter(app, "option residual = off");
    ck_assert(!app->message_wrong);
    ck_assert_ptr_nonnull(strstr(answer_first(&app->answer), "from 5.forward.0 on"));
    ck_assert_int_eq(app->session.trainer.gpt.options.residual, 0);
    program_at(app, "5.forward.100");
    program_enter(app, "goto 7");
    ck_assert_int_eq(app->session.trainer.gpt.options.residual, 0);
    program_enter(app, "goto 4");
    ck_assert_int_eq(app->session.trainer.gpt.options.residual, 1);
    program_close(app);
}
END_TEST

START_TEST(an_option_may_stand_beside_its_value_without_a_sign)
{
    App *app = open_small();

    program_enter(app, "option lr 0.5");
    ck_assert(!app->message_wrong);
    ck_assert_double_eq(app->session.trainer.settings.lr, 0.5);
    program_enter(app, "option lr 0.5 0.25");
    ck_assert(app->message_wrong);
    ck_assert_double_eq(app->session.trainer.settings.lr, 0.5);
    program_close(app);
}
END_TEST

START_TEST(an_option_that_is_mistyped_is_told_its_name)
{
    App *app = open_small();

    program_enter(app, "option residul = off");
    ck_assert_ptr_nonnull(strstr(app->message, "did you mean residual?"));
    program_enter(app, "option residual = of");
    ck_assert_ptr_nonnull(strstr(app->message, "residual: of is not one of off|on"));
    program_close(app);
}
END_TEST

START_TEST(the_model_writes_with_the_options_of_the_moment)
{
    App *plain = open_small(), *silent = open_small();

    program_enter(silent, "option attention = off");
    program_enter(silent, "goto 4");
    program_enter(plain, "goto 4");
    ck_assert_int_eq(silent->session.sampler.gpt.options.attention, ATTENTION_OFF);
    ck_assert_int_eq(plain->session.sampler.gpt.options.attention, ATTENTION_ON);
    program_close(plain);
    program_close(silent);
}
END_TEST

START_TEST(what_an_optimiser_does_without_is_said)
{
    App *app = open_small();

    program_enter(app, "option optimizer = sgd");
    program_enter(app, "goto 3");
    program_enter(app, "print adam(wte[0][0]).m_hat");
    ck_assert_ptr_nonnull(strstr(app->message, "m_hat is not used by sgd"));
    program_enter(app, "why adam(wte[0][0]).v");
    ck_assert_ptr_nonnull(strstr(app->message, "not use"));
    program_close(app);
}
END_TEST

START_TEST(texts_after_a_change_are_written_anew)
{
    App *app = open_small();
    program_enter(app, "goto 12");
    SessionTexts before = *session_texts(&app->session, 0);
    program_enter(app, "goto 1");
    for (int i = 0; i < 4; i++) {
        char line[64];
        snprintf(line, sizeof line, "set wte[%d][0] = %d", i, 3 * i - 4);
        program_enter(app, line);
    }
    program_enter(app, "goto 12");
    const SessionTexts *after = session_texts(&app->session, 0);
    ck_assert_int_eq(after->step, before.step);
    ck_assert_int_eq(after->count, SESSION_TEXTS);
    ck_assert_mem_ne(after->text, before.text, sizeof before.text);
    program_close(app);
}
END_TEST

static const char *const refused[] = {
    "set",
    "set wte[0][0]",
    "set wte[0][0] =",
    "set = 3",
    "set nothing[0] = 1",
    "set wte[0] = 1",
    "set loss = 1",
    "set wte[0][0] = tokens",
    "set wte[0][0] = )",
    "set grad(wte[0][0]) = 1",
    "set grad(wte[0][0] = 1",
    "option",
    "option n_embd = 8",
    "option lr = -1",
    "option lr = x",
    "option lr",
    "option seed = 3",
    "option init_std = 0",
    "set adam(wte[0][0]).m_hat = 1",
    "set adam(wte[0][0]).update = 1",
    "set adam(wte[0]).m = 1",
    "set lr = 1",
    "set wte = 1",
    "set step 1 = 1",
    "set tokens = 1",
    "set tok[99] = 1",
    "set tok[0] = 27",
    "set tok[0] = \"ab\"",
    "set tok[0] = \"\"",
    "set tok[0] = 0.5",
    "set tokens[-1] = 1",
    "changes",
    "changes on",
    "option optimizer = adamw",
    "option silence = 0.9",
    "option residul = off",
    "option = off",
    "undo",
    "redo",
    "watch",
    "watch 1 +",
    "unwatch 1",
    "unwatch x",
    "until",
    "until back",
    "until loss +",
    "until 3",
    "until nothing < 2",
    "gradcheck",
    "gradcheck nothing",
};

START_TEST(what_cannot_be_changed_is_refused_in_a_line_with_the_state_untouched)
{
    App *app = open_small(), *untouched = open_small();

    program_enter(app, "goto 2.forward.9");
    program_enter(untouched, "goto 2.forward.9");
    program_enter(app, refused[_i]);
    ck_assert_msg(app->message_wrong && app->message[0], "not refused: %s", refused[_i]);
    program_same(app, untouched);
    ck_assert_int_eq(app->watches.count, 0);
    ck_assert(!app->until.set);
    program_close(app);
    program_close(untouched);
}
END_TEST

/* ---- watching -------------------------------------------------------------------------------- */

START_TEST(a_watched_expression_says_what_holds_at_the_moment)
{
    App *app = open_small();
    Scope scope = app_scope(app);
    char text[WATCH_TEXT_BYTES];

    program_enter(app, "watch step + 1");
    program_enter(app, "watch probs[0][0] >= 0");
    program_enter(app, "goto 3.forward.0");
    ck_assert(watch_read(&app->watches.expr[0], &scope, text));
    ck_assert_str_eq(text, "4");
    ck_assert(watch_read(&app->watches.expr[1], &scope, text));
    ck_assert_str_eq(text, "·");
    program_enter(app, "goto 3.backward.0");
    ck_assert(watch_read(&app->watches.expr[1], &scope, text));
    ck_assert_str_eq(text, "true");
    program_enter(app, "unwatch 1");
    ck_assert_int_eq(app->watches.count, 1);
    program_enter(app, "unwatch");
    ck_assert_int_eq(app->watches.count, 0);
    program_close(app);
}
END_TEST

START_TEST(no_more_are_watched_than_fit)
{
    App *app = open_small();

    for (int i = 0; i < WATCH_LIMIT; i++)
        program_enter(app, "watch loss");
    ck_assert(!app->message_wrong);
    program_enter(app, "watch loss");
    ck_assert(app->message_wrong);
    ck_assert_int_eq(app->watches.count, WATCH_LIMIT);
    program_close(app);
}
END_TEST

/* ---- running until --------------------------------------------------------------------------- */

START_TEST(a_run_stops_at_the_first_moment_where_the_condition_holds)
{
    App *app = open_small();

    program_enter(app, "unit step");
    program_enter(app, "until step >= 4");
    program_at(app, "4");
    ck_assert_int_eq(app->direction, 0);
    program_enter(app, "unit operation");
    program_enter(app, "until grad(wte[0][0]) == 0 and phase == \"backward\"");
    ck_assert_int_eq(app->session.trainer.at.step, 4);
    ck_assert_int_eq(app->session.trainer.at.phase, PHASE_BACKWARD);
    program_close(app);
}
END_TEST

START_TEST(a_run_backwards_stops_too)
{
    App *app = open_small();

    program_enter(app, "goto 9");
    program_enter(app, "unit step");
    program_enter(app, "until back step <= 6");
    program_at(app, "6");
    program_close(app);
}
END_TEST

START_TEST(a_condition_that_never_holds_ends_with_the_run)
{
    App *app = open_small();

    program_enter(app, "unit 10");
    program_enter(app, "until loss < -1");
    program_at(app, "12");
    ck_assert_int_eq(app->direction, 0);
    program_close(app);
}
END_TEST

Suite *change_suite(void)
{
    Suite *suite = suite_create("change");
    TCase *tests = tcase_create("change");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_number_set_here_holds_until_one_goes_back_before_it);
    tcase_add_test(tests, a_number_set_in_a_step_is_what_the_step_computed_with);
    tcase_add_test(tests, undo_and_redo_lead_to_the_run_without_and_with_the_change);
    tcase_add_test(tests, an_option_holds_from_its_moment_on);
    tcase_add_test(tests, an_option_of_the_graph_changes_in_the_step_under_way);
    tcase_add_test(tests, an_option_may_stand_beside_its_value_without_a_sign);
    tcase_add_test(tests, an_option_that_is_mistyped_is_told_its_name);
    tcase_add_test(tests, the_model_writes_with_the_options_of_the_moment);
    tcase_add_test(tests, what_an_optimiser_does_without_is_said);
    tcase_add_test(tests, texts_after_a_change_are_written_anew);
    tcase_add_loop_test(tests, what_cannot_be_changed_is_refused_in_a_line_with_the_state_untouched,
                        0, sizeof refused / sizeof *refused);
    tcase_add_test(tests, a_watched_expression_says_what_holds_at_the_moment);
    tcase_add_test(tests, no_more_are_watched_than_fit);
    tcase_add_test(tests, a_run_stops_at_the_first_moment_where_the_condition_holds);
    tcase_add_test(tests, a_run_backwards_stops_too);
    tcase_add_test(tests, a_condition_that_never_holds_ends_with_the_run);
    suite_add_tcase(suite, tests);
    return suite;
}
