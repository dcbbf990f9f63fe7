#include "app/edited.h"

#include "app/app.h"
#include "program.h"
#include "scratch.h"
#include "suites.h"
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* The step without the latest change, beside the run. */

#define OPTIONS "--n-embd 4 --n-head 2 --steps 12 --block-size 8"

static App *open_at(const char *moment)
{
    App *app = program_open(OPTIONS);
    char line[64];

    snprintf(line, sizeof line, "goto %s", moment);
    program_enter(app, line);
    return app;
}

static const Trainer *before(const App *app)
{
    return &app->edited.step->trainer;
}

/* All that is known at both, to the bit: parameters, values, gradients, m and v. */
static void same_numbers(const Trainer *a, const Trainer *b)
{
    const size_t params = (size_t)a->gpt.params * sizeof(double);

    ck_assert_int_eq(moment_compare(a->at, b->at), 0);
    ck_assert_mem_eq(a->value, b->value, params);
    ck_assert_mem_eq(a->m, b->m, params);
    ck_assert_mem_eq(a->v, b->v, params);
    for (int32_t node = a->gpt.params; node < a->tape.count && trainer_has_value(a, node); node++)
        ck_assert_mem_eq(&a->value[node], &b->value[node], sizeof *a->value);
    for (int32_t node = 0; node < a->tape.count && trainer_has_grad(a) && trainer_has_grad(b);
         node++)
        ck_assert_mem_eq(&a->grad[node], &b->grad[node], sizeof *a->grad);
}

static const struct {
    const char *stands, *set;
} changes[] = {
    {"4", "set x[1].layer0.mlp.fc1[5] = 1"},
    {"4", "set attn[0][1][2][1] = 0.75"},
    {"4", "set grad(wte[0][1]) = 1"},
    {"4", "set tok[1] = 3"},
    {"4", "set loss = 1"},
    {"3.backward.900", "set wpe[0][0] = 0.5"},
    {"3.backward.900", "set x[0].embed[0] = 0.5"},
    {"3.update.20", "set adam(wte[0][0]).m = 0.5"},
    {"3.update.20", "set adam(lm_head[3][0]).v = 0.5"},
    {"3.forward.900", "set x[0].embed[0] = 0.5"},
};

/* Wherever one goes in the step, it is what a run without the change has there. */
START_TEST(what_is_kept_beside_is_the_run_without_the_change)
{
    static const char *const moments[] = {
        "3.forward.1000", "3.backward.0", "3.backward.1500", "3.update.30", "4", "3.backward.50"};
    App *app = open_at(changes[_i].stands), *plain = open_at(changes[_i].stands);
    char line[64];

    program_enter(app, changes[_i].set);
    ck_assert_msg(!app->message_wrong, "%s", app->message);
    ck_assert(edited_is_here(&app->edited, &app->session));
    same_numbers(&plain->session.trainer, before(app));
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        snprintf(line, sizeof line, "goto %s", moments[i]);
        program_enter(app, line);
        program_enter(plain, line);
        if (!edited_holds(&app->edited, &app->session))
            continue; /* before the change */
        ck_assert(edited_is_here(&app->edited, &app->session));
        ck_assert_ptr_eq(app->contrast.other.trainer, before(app));
        same_numbers(&plain->session.trainer, before(app));
    }
    program_close(plain);
    program_close(app);
}
END_TEST

/* Gradients that were not set to 0 are there, too. */
START_TEST(what_is_kept_beside_begins_with_the_gradients_of_the_step_before)
{
    App *app = program_open(OPTIONS " --zero-grad off"),
        *plain = program_open(OPTIONS " --zero-grad off");

    program_enter(app, "goto 3.backward.1500");
    program_enter(plain, "goto 3.backward.1500");
    program_enter(app, "set x[1].layer0.mlp.fc1[5] = 1");
    same_numbers(&plain->session.trainer, before(app));
    program_close(plain);
    program_close(app);
}
END_TEST

/* The curve of the losses has the new one, also where one stands after its step. */
START_TEST(the_losses_are_those_of_the_changed_run)
{
    App *app = open_at("4");
    const double old = app->session.mean_loss[3];

    ck_assert_int_eq(session_mark_steps(&app->session), 1);
    program_enter(app, "set x[1].layer0.mlp.fc1[5] = 1");
    ck_assert_double_ne(app->session.mean_loss[3], old);
    ck_assert_double_eq(app->session.mean_loss[3], app->session.trainer.loss[3]);
    program_close(app);
}
END_TEST

START_TEST(a_change_between_two_steps_is_compared_in_the_step_that_follows)
{
    App *app = open_at("4"), *plain = open_at("4");

    program_enter(app, "set wpe[0][0] = 0.5");
    program_at(app, "4");
    program_enter(app, "goto 4.backward.100");
    program_enter(plain, "goto 4.backward.100");
    same_numbers(&plain->session.trainer, before(app));
    program_enter(app, "goto 6");
    ck_assert(!edited_holds(&app->edited, &app->session));
    ck_assert_ptr_null(app->contrast.other.trainer);
    program_close(plain);
    program_close(app);
}
END_TEST

/* Whether views mark what differs. */
static bool compares(const App *app)
{
    const Scope here = app_scope(app);
    const Focus loss = focus_of_node(here.trainer, FOCUS_GRAD, here.trainer->loss_node);
    const Trainer *other = app->contrast.other.trainer;

    return other && moment_compare(other->at, here.trainer->at) == 0 &&
           contrast_focus(&app->contrast, &here, loss).kind != FOCUS_NONE;
}

START_TEST(before_the_change_and_after_undo_there_is_nothing_to_compare)
{
    App *app = open_at("4");

    program_enter(app, "set x[2].layer0.mlp.fc1[5] = 1");
    ck_assert(compares(app));
    program_enter(app, "goto 3.forward.5");
    ck_assert(!compares(app));
    program_enter(app, "goto 3.backward.5");
    ck_assert(compares(app));
    program_enter(app, "undo");
    program_at(app, "3.backward.5");
    ck_assert(!compares(app));
    program_enter(app, "redo");
    program_at(app, "3.backward.5");
    ck_assert(compares(app));
    program_enter(app, "changes off");
    ck_assert(!compares(app));
    program_enter(app, "changes");
    ck_assert(app->message_wrong);
    program_close(app);
}
END_TEST

/* A second change is held against the step with the first. */
START_TEST(an_earlier_change_stays_in_what_is_kept_beside)
{
    App *app = open_at("4"), *one = open_at("4");

    program_enter(app, "set x[2].layer0.mlp.fc1[5] = 1");
    program_enter(app, "set x[1].embed[0] = 0.25");
    program_enter(one, "set x[2].layer0.mlp.fc1[5] = 1");
    same_numbers(&one->session.trainer, before(app));
    program_close(one);
    program_close(app);
}
END_TEST

/* ---- what is said ---------------------------------------------------------------------------- */

static json_t *answer_of(App *app, const char *command)
{
    char text[1 << 14];

    program_enter(app, command);
    snprintf(text, sizeof text, "{%s}", app->answer.members.bytes);
    json_t *answer = json_loads(text, 0, NULL);
    ck_assert_msg(answer, "%s", text);
    return answer;
}

static double number_at(const json_t *answer, const char *object, const char *name)
{
    const json_t *in = object ? json_object_get(answer, object) : answer;
    const json_t *number = json_object_get(in, name);

    ck_assert_msg(json_is_number(number), "%s", name);
    return json_number_value(number);
}

START_TEST(the_loss_before_and_after_and_what_the_gradient_foretold_are_the_runs_own)
{
    App *app = open_at("4"), *plain = open_at("4");
    const Trainer *was = &plain->session.trainer, *is = &app->session.trainer;
    const int32_t node = gpt_span(&was->gpt, (Place){PART_FC1, 1, 0, -1})->out.first;
    json_t *answer = answer_of(app, "set x[1].layer0.mlp.fc1[0] = x[1].layer0.mlp.fc1[0] + 0.001");

    const double delta = is->value[node] - was->value[node];
    ck_assert_double_eq(number_at(answer, "loss", "before"), was->loss[3]);
    ck_assert_double_eq(number_at(answer, "loss", "after"), is->loss[3]);
    ck_assert_double_eq(number_at(answer, "loss", "gradient"), was->grad[node]);
    ck_assert_double_eq(number_at(answer, "loss", "foretold"), was->grad[node] * delta);
    ck_assert_double_eq_tol(number_at(answer, "loss", "change"), was->grad[node] * delta, 1e-6);
    json_decref(answer);
    program_close(plain);
    program_close(app);
}
END_TEST

/* Between two steps the loss of the next is told before it is computed. */
START_TEST(the_loss_that_a_parameter_leads_to_is_told_before)
{
    App *app = open_at("4");
    json_t *answer = answer_of(app, "set wpe[1][0] = 0.5");
    const double foretold = number_at(answer, "loss", "after");

    program_enter(app, "goto 5");
    ck_assert_double_eq_tol(app->session.trainer.loss[4], foretold, 1e-13);
    json_decref(answer);
    program_close(app);
}
END_TEST

START_TEST(what_spread_is_counted)
{
    App *app = open_at("4"), *plain = open_at("4");
    const Trainer *is = &app->session.trainer, *was = &plain->session.trainer;
    json_t *answer = answer_of(app, "set attn[0][1][2][1] = 0.75");
    int64_t changed = 0;

    for (int32_t node = is->gpt.params; node < is->tape.count; node++)
        changed += memcmp(&is->value[node], &was->value[node], sizeof *is->value) != 0;
    ck_assert_int_gt(changed, 100);
    ck_assert_double_eq(number_at(answer, "values", "changed"), (double)changed);
    ck_assert_double_eq(number_at(answer, "values", "all"), is->tape.count - is->gpt.params);
    ck_assert_str_eq(json_string_value(json_object_get(answer, "first")),
                     "pos2.layer0.attn.head1.weight");
    ck_assert_str_eq(json_string_value(json_object_get(answer, "last")), "loss");
    ck_assert_double_gt(fabs(number_at(answer, NULL, "sum") - 1), 1e-3);
    json_decref(answer);
    program_close(plain);
    program_close(app);
}
END_TEST

/* ---- tokens ---------------------------------------------------------------------------------- */

START_TEST(a_token_is_set_by_its_character_or_its_number)
{
    App *app = open_at("4"), *same = open_at("4");

    program_enter(app, "set tok[1] = \"q\"");
    program_enter(same, "set tokens[1] = 16");
    program_same(app, same);
    ck_assert_int_eq(app->session.trainer.token[1], 16);
    program_enter(app, "goto 3.forward.40");
    ck_assert_int_eq(app->session.trainer.token[1], 16);
    program_enter(app, "goto 3");
    program_enter(app, "goto 2.forward.40");
    program_enter(app, "goto 3.forward.40");
    ck_assert_int_eq(app->session.trainer.token[1], 16);
    program_close(same);
    program_close(app);
}
END_TEST

START_TEST(a_saved_session_holds_every_kind_of_change)
{
    static const char *const all[] = {"set tok[1] = \"q\"",          "set adam(wte[0][0]).m = 0.5",
                                      "set adam(wte[0][1]).v = 0.5", "set x[0].embed[0] = 0.5",
                                      "set grad(wpe[0][0]) = 2",     "set wpe[0][1] = 1"};
    App *app = open_at("3.update.0"), *loaded = open_at("0");

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        program_enter(app, all[i]);
        ck_assert_msg(!app->message_wrong, "%s: %s", all[i], app->message);
    }
    program_enter(app, "save run.safetensors");
    ck_assert_msg(!app->message_wrong, "%s", app->message);
    program_enter(loaded, "load run.safetensors");
    program_same(app, loaded);
    program_enter(app, "goto 9");
    program_enter(loaded, "goto 9");
    program_same(app, loaded);
    program_close(loaded);
    program_close(app);
}
END_TEST

Suite *edited_suite(void)
{
    Suite *suite = suite_create("edited");
    TCase *tests = tcase_create("edited");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, scratch_enter, scratch_leave);
    tcase_add_loop_test(tests, what_is_kept_beside_is_the_run_without_the_change, 0,
                        sizeof changes / sizeof *changes);
    tcase_add_test(tests, what_is_kept_beside_begins_with_the_gradients_of_the_step_before);
    tcase_add_test(tests, the_losses_are_those_of_the_changed_run);
    tcase_add_test(tests, a_change_between_two_steps_is_compared_in_the_step_that_follows);
    tcase_add_test(tests, before_the_change_and_after_undo_there_is_nothing_to_compare);
    tcase_add_test(tests, an_earlier_change_stays_in_what_is_kept_beside);
    tcase_add_test(tests,
                   the_loss_before_and_after_and_what_the_gradient_foretold_are_the_runs_own);
    tcase_add_test(tests, the_loss_that_a_parameter_leads_to_is_told_before);
    tcase_add_test(tests, what_spread_is_counted);
    tcase_add_test(tests, a_token_is_set_by_its_character_or_its_number);
    tcase_add_test(tests, a_saved_session_holds_every_kind_of_change);
    suite_add_tcase(suite, tests);
    return suite;
}
