#include "app/track.h"

#include "app/subject.h"
#include "program.h"
#include "suites.h"
#include <math.h>
#include <string.h>

static App *app;

static void set_up(void)
{
    app = program_open("--steps 12");
}

static void tear_down(void)
{
    program_close(app);
}

static void go(const char *moment)
{
    Error error;

    ck_assert_msg(app_seek(app, moment, &error), "%s", error.text);
}

static void go_step(int step)
{
    char moment[16];

    snprintf(moment, sizeof moment, "%d", step);
    go(moment);
}

static double gradient(int64_t step, int32_t i)
{
    return track_gradient(&app->track, &app->session.history, step, i);
}

/* Fails unless the samples of all steps before `end` are what the run's gradients are when each is
 * done; leaves the run at `end`. */
static void check_samples(int end)
{
    const Trainer *trainer = &app->session.trainer;

    for (int step = 0; step < end; step++) {
        go_step(step + 1);
        for (int32_t i = 0; i < trainer->gpt.params; i++)
            ck_assert_msg(gradient(step, i) == (double)(float)trainer->grad[i],
                          "step %d, parameter %d", step, (int)i);
    }
}

START_TEST(the_past_is_made_while_the_view_is_looked_at)
{
    go("9");
    ck_assert(isnan(gradient(3, 5)));
    program_press(app, "6");
    program_settle(app);
    ck_assert(!track_wants_work(&app->track, &app->session.history));
    ck_assert_ptr_null(app->track.twin);
    for (int step = 0; step < 9; step++)
        ck_assert(!isnan(gradient(step, 5)));
    ck_assert(isnan(gradient(9, 5)));
    check_samples(9);
}
END_TEST

START_TEST(samples_are_taken_while_the_run_moves)
{
    program_press(app, "6");
    program_settle(app);
    for (int step = 0; step < 6; step++) {
        program_press(app, ".");
        do /* one piece at a time: the twin has no turn yet */
            app_work(app, 0);
        while (app->moving);
        ck_assert(!isnan(gradient(step, 0)));
    }
    check_samples(6);
}
END_TEST

START_TEST(nothing_is_kept_until_it_is_looked_at)
{
    go("9");
    program_press(app, "5");
    program_settle(app);
    ck_assert_int_eq(app->track.samples, 0);
    ck_assert_ptr_null(app->track.sample);
}
END_TEST

START_TEST(before_anything_is_kept_a_curve_is_empty_and_can_be_drawn)
{
    static TrackCurve curve;

    go("9");
    track_curve(&app->track, &app->session.history, TRACK_GRADIENT, 6, &curve);
    ck_assert_int_eq(curve.count, 0);
    ck_assert(curve.spacing > 0);
}
END_TEST

START_TEST(making_the_past_leaves_the_run_as_it_is)
{
    App *untouched = program_open("--steps 12");
    Error error;

    ck_assert(app_seek(untouched, "7.backward.30", &error));
    go("7.backward.30");
    program_press(app, "6");
    program_settle(app);
    ck_assert(!isnan(gradient(6, 0)));
    program_same(app, untouched);
    go("10");
    ck_assert(app_seek(untouched, "10", &error));
    program_same(app, untouched);
    program_close(untouched);
}
END_TEST

START_TEST(going_back_takes_samples_away_and_forward_gives_them_back)
{
    go("9");
    program_press(app, "6");
    program_settle(app);
    double before = gradient(7, 11);
    go("4.forward.3");
    ck_assert(!isnan(gradient(3, 11)));
    ck_assert(isnan(gradient(4, 11)) && isnan(gradient(7, 11)));
    go("9");
    ck_assert_double_eq(gradient(7, 11), before);
}
END_TEST

START_TEST(a_change_by_hand_opens_all_samples_and_they_are_made_anew)
{
    go("4");
    program_enter(app, "set wte[0][1] = 0.9");
    go("9");
    program_press(app, "6");
    program_settle(app);
    check_samples(9);
    go("5.update.7");
    program_enter(app, "option lr = 0.3");
    go("9");
    program_settle(app);
    check_samples(9);
    program_enter(app, "undo");
    go("9");
    program_settle(app);
    check_samples(9);
}
END_TEST

START_TEST(curves_are_the_numbers_of_the_steps)
{
    const History *history = &app->session.history;
    const Trainer *trainer = &app->session.trainer;
    static TrackCurve value, m, v, g;

    go("9");
    program_press(app, "6");
    program_settle(app);
    track_curve(&app->track, history, TRACK_VALUE, 6, &value);
    track_curve(&app->track, history, TRACK_M, 6, &m);
    track_curve(&app->track, history, TRACK_V, 6, &v);
    track_curve(&app->track, history, TRACK_GRADIENT, 6, &g);
    ck_assert_int_eq(g.count, 9);
    ck_assert_double_eq(g.first, 1);
    ck_assert_int_eq(value.count, 10);
    ck_assert_double_eq(value.spacing, 1);
    for (int step = 0; step < 9; step++) { /* a keyframe is taken where the next step begins */
        go_step(step);
        ck_assert_double_eq(value.number[step], trainer->value[6]);
        ck_assert_double_eq(m.number[step], trainer->m[6]);
        ck_assert_double_eq(v.number[step], trainer->v[6]);
        if (step > 0)
            ck_assert_double_eq(g.number[step - 1], (float)trainer->grad[6]);
    }
    go("3");
    track_curve(&app->track, history, TRACK_VALUE, 6, &value);
    ck_assert_int_eq(value.count, 4);
}
END_TEST

START_TEST(long_runs_are_sampled_within_their_memory)
{
    App *large = program_open("--n-embd 32 --steps 3000");

    program_press(large, "6");
    program_settle(large);
    const Track *track = &large->track;
    ck_assert_int_gt(track->spacing, 1);
    ck_assert_int_le(track->samples, TRACK_LIMIT);
    ck_assert_uint_le((size_t)track->samples * (size_t)track->params * sizeof *track->sample,
                      TRACK_BYTES);
    ck_assert_int_ge(track->samples * track->spacing, 3000);
    program_close(large);
}
END_TEST

/* A step between two samples is none, also where it is the first that is seen. */
START_TEST(samples_lie_evenly)
{
    App *large = program_open("--n-embd 32 --steps 3000");
    const Trainer *trainer = &large->session.trainer;
    const int32_t i = trainer->gpt.tensor[GPT_LM_HEAD].first;
    char moment[16];
    Error error;

    program_press(large, "6");
    program_settle(large);
    const int64_t spacing = large->track.spacing;
    ck_assert_int_gt(spacing, 2);
    snprintf(moment, sizeof moment, "%d", (int)spacing + 2);
    ck_assert(app_seek(large, moment, &error));
    program_press(large, ".");
    program_settle(large);
    double kept = track_gradient(&large->track, &large->session.history, 1, i);
    snprintf(moment, sizeof moment, "%d", (int)spacing + 1);
    ck_assert(app_seek(large, moment, &error));
    ck_assert_double_eq(kept, (float)trainer->grad[i]);
    program_close(large);
}
END_TEST

/* ---- what changes are counted from ----------------------------------------------------------- */

static const double *base(void)
{
    return since_base(&app->since, &app->session.history);
}

START_TEST(changes_are_counted_from_the_beginning_or_from_a_moment)
{
    const Trainer *trainer = &app->session.trainer;
    const size_t bytes = (size_t)trainer->gpt.params * sizeof(double);
    double at_0, at_3;
    char moment[64];

    at_0 = trainer->value[9];
    go("3");
    at_3 = trainer->value[9];
    go("8.update.4");
    ck_assert_double_eq(base()[9], at_0);
    program_enter(app, "since 3");
    ck_assert_double_eq(base()[9], at_3);
    program_at(app, "8.update.4");
    moment_print(since_moment(&app->since, &app->session.history), moment, sizeof moment);
    ck_assert_str_eq(moment, "3");
    program_enter(app, "since here");
    ck_assert_mem_eq(base(), trainer->value, bytes);
    go("2"); /* the copy stays */
    ck_assert_int_ne(memcmp(base(), trainer->value, bytes), 0);
}
END_TEST

START_TEST(what_has_not_come_yet_is_refused)
{
    static const char *const wrong[] = {"since 5", "since end", "since 4.forward.9",
                                        "since nonsense", "since 4.forward@pos1.layer0.attn.q"};

    go("4");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        program_enter(app, wrong[i]);
        ck_assert_msg(app->message_wrong, "%s", wrong[i]);
        ck_assert_ptr_null(app->since.value);
        program_at(app, "4");
    }
}
END_TEST

/* ---- quantities ------------------------------------------------------------------------------ */

/* Each is what its name has in expressions, at every kind of moment. */
static void check_quantities(const char *moment)
{
    const int32_t params = app->session.trainer.gpt.params;
    Scope scope = app_scope(app);

    go(moment);
    const Quantities from = quantities_of(app);
    for (int which = QUANTITY_GRADIENT; which <= QUANTITY_UPDATE; which++)
        for (int32_t i = 0; i < params; i += 17) {
            double read = 0, named = 0;
            bool known = quantity_read(&from, (Quantity)which, i, &read);
            ck_assert_int_eq(known,
                             focus_value(&scope, quantity_focus((Quantity)which, i), &named));
            ck_assert_msg(!known || read == named, "%s of %d at %s", quantities[which].name, (int)i,
                          moment);
        }
}

START_TEST(quantities_are_those_that_expressions_name)
{
    static const char *const moments[] = {"0",          "0.forward.9", "3", "3.backward.20",
                                          "3.update.0", "3.update.50", "12"};

    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++)
        check_quantities(moments[i]);
    go("3.update.40");
    program_enter(app, "option lr = 0.5");
    check_quantities("3.update.90");
    go("2");
    program_enter(app, "option optimizer = momentum");
    check_quantities("3.update.90");
    program_enter(app, "option optimizer = sgd");
    check_quantities("5");
}
END_TEST

START_TEST(an_update_is_the_difference_that_it_makes)
{
    Quantities from;
    double before, update;

    go("6.update.20");
    before = app->session.trainer.value[20];
    go("6.update.21");
    from = quantities_of(app);
    ck_assert(quantity_read(&from, QUANTITY_UPDATE, 20, &update));
    ck_assert_double_eq(before - update, app->session.trainer.value[20]);
    ck_assert(!quantity_read(&from, QUANTITY_UPDATE, 21, &update));
}
END_TEST

/* ---- what the views are about ---------------------------------------------------------------- */

START_TEST(the_cursor_or_the_option_says_which_matrix)
{
    program_press(app, "4");
    ck_assert_str_eq(subject_tensor(app)->name, "wte");
    program_press(app, "o");
    ck_assert_str_eq(subject_tensor(app)->name, "wpe");
    program_enter(app, "focus layer0.mlp_fc1[3][2]");
    ck_assert_str_eq(subject_tensor(app)->name, "layer0.mlp_fc1");
    ck_assert_int_eq(subject_row(app), 3);
    ck_assert_int_eq(subject_col(app), 2);
    program_press(app, "o");
    ck_assert_str_eq(subject_tensor(app)->name, "layer0.mlp_fc2");
    ck_assert_int_eq(look_focus(&app->look).kind, FOCUS_NONE);
}
END_TEST

START_TEST(the_cursor_stays_on_its_parameter_when_another_quantity_is_shown)
{
    program_press(app, "4");
    program_enter(app, "focus wpe[1][2]");
    const int32_t i = look_focus(&app->look).index;
    program_press(app, "t");
    ck_assert_int_eq(subject_quantity(app), QUANTITY_GRADIENT);
    ck_assert_int_eq(look_focus(&app->look).kind, FOCUS_GRAD);
    ck_assert_int_eq(look_focus(&app->look).index, i);
}
END_TEST

START_TEST(without_a_cursor_the_view_follows_the_update)
{
    program_press(app, "6");
    go("2.update.31");
    ck_assert_int_eq(subject_parameter(app), 30);
    ck_assert(!subject_is_chosen(app));
    go("3");
    int32_t farthest = subject_parameter(app);
    const Trainer *trainer = &app->session.trainer;
    const double *begin = app->session.history.frame;
    for (int32_t i = 0; i < trainer->gpt.params; i++)
        ck_assert_double_ge(fabs(trainer->value[farthest] - begin[farthest]),
                            fabs(trainer->value[i] - begin[i]));
    program_enter(app, "focus adam(wpe[0][1]).v");
    ck_assert_int_eq(subject_parameter(app), app->session.trainer.gpt.tensor[GPT_WPE].first + 1);
}
END_TEST

Suite *track_suite(void)
{
    Suite *suite = suite_create("track");
    TCase *tests = tcase_create("track");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, the_past_is_made_while_the_view_is_looked_at);
    tcase_add_test(tests, samples_are_taken_while_the_run_moves);
    tcase_add_test(tests, nothing_is_kept_until_it_is_looked_at);
    tcase_add_test(tests, before_anything_is_kept_a_curve_is_empty_and_can_be_drawn);
    tcase_add_test(tests, making_the_past_leaves_the_run_as_it_is);
    tcase_add_test(tests, going_back_takes_samples_away_and_forward_gives_them_back);
    tcase_add_test(tests, a_change_by_hand_opens_all_samples_and_they_are_made_anew);
    tcase_add_test(tests, curves_are_the_numbers_of_the_steps);
    tcase_add_test(tests, long_runs_are_sampled_within_their_memory);
    tcase_add_test(tests, samples_lie_evenly);
    tcase_add_test(tests, changes_are_counted_from_the_beginning_or_from_a_moment);
    tcase_add_test(tests, what_has_not_come_yet_is_refused);
    tcase_add_test(tests, quantities_are_those_that_expressions_name);
    tcase_add_test(tests, an_update_is_the_difference_that_it_makes);
    tcase_add_test(tests, the_cursor_or_the_option_says_which_matrix);
    tcase_add_test(tests, the_cursor_stays_on_its_parameter_when_another_quantity_is_shown);
    tcase_add_test(tests, without_a_cursor_the_view_follows_the_update);
    suite_add_tcase(suite, tests);
    return suite;
}
