#include "app/knobs.h"

#include "engine/support.h"
#include "engine/sys.h"
#include "program.h"
#include "suites.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SIZES "--n-embd 4 --n-head 2 --block-size 4 --steps 40 "

static App *app;
static Knobs *knobs;

static void set_up(void)
{
    app = program_open("");
    knobs = &app->knobs;
}

static void tear_down(void)
{
    program_close(app);
}

/* Opens the panel and chooses a knob. */
static void open_at(const char *name)
{
    program_press(app, "x");
    ck_assert(knobs->on);
    knobs->row = knob_find(settings_find(name));
}

static void turn(const char *keys)
{
    program_press(app, keys);
    program_settle(app);
}

static CourseState state_of(const KnobsRun *run)
{
    return (CourseState)atomic_load(&run->course.state);
}

/* Fails unless a run of the panel has the bits of a trainer with these options. */
static void compare(const KnobsRun *run, const char *options)
{
    TestRun own;
    char all[256];

    snprintf(all, sizeof all, SIZES "%s", options);
    test_run_open(&own, "words.txt", all);
    while (trainer_step(&own.trainer))
        continue;
    ck_assert_int_eq(state_of(run), COURSE_DONE);
    ck_assert_int_eq(run->course.params, own.trainer.gpt.params);
    test_same_bits(run->course.loss, own.trainer.loss, own.settings.steps, "loss");
    test_same_bits(run->course.value, own.trainer.value, own.trainer.gpt.params, "parameter");
    test_run_close(&own);
}

/* ---- runs ------------------------------------------------------------------------------------ */

START_TEST(a_turn_trains_the_whole_run_with_that_setting)
{
    open_at("lr");
    turn("Right Right");
    ck_assert(knobs_settled(knobs));
    compare(knobs->shown, "--lr 0.013");
    knobs->row = knob_find(settings_find("n_embd"));
    turn("Right");
    compare(knobs->shown, "--lr 0.013 --n-embd 6");
    knobs->row = knob_find(settings_find("residual"));
    turn("Left");
    compare(knobs->shown, "--lr 0.013 --n-embd 6 --residual off");
    ck_assert_int_eq(knobs_turned(knobs), 3);
}
END_TEST

START_TEST(the_ghost_is_the_run_that_the_session_has)
{
    program_enter(app, "goto end");
    open_at("lr");
    turn("Right");
    ck_assert_ptr_eq(knobs_ghost(knobs), knobs->own);
    test_same_bits(knobs->own->course.loss, app->session.trainer.loss, 40, "loss");
}
END_TEST

START_TEST(the_newest_settings_are_what_is_shown_at_last)
{
    open_at("lr");
    for (int i = 0; i < 100; i++) {
        program_press(app, i % 3 == 0 ? "Left" : "Right");
        if (i % 7 == 0)
            app_work(app, 0);
    }
    program_settle(app);
    ck_assert(knobs_settled(knobs));
    ck_assert(knobs->shown->course.plan.settings.lr == knobs->turned.lr);
    ck_assert_ptr_null(knobs->growing);
}
END_TEST

static bool has_begun(const KnobsRun *run)
{
    return run && run->number == knobs->number && atomic_load(&run->course.done) > 0;
}

/* Until a run with the newest settings is under way. */
static void wait_for_newest(void)
{
    while (!has_begun(knobs->running[0]) && !has_begun(knobs->running[1]))
        app_work(app, 0);
}

/* Some minutes long, if nobody stopped it. */
START_TEST(a_long_run_grows_on_the_screen_and_is_stopped_when_it_is_not_wanted)
{
    const double start = sys_seconds();

    open_at("steps");
    program_settle(app);
    program_press(app, "9 9 9 9 9 9 9 Enter");
    while (!knobs->growing || knobs->growing->points == 0)
        app_work(app, sys_seconds() + 0.01);
    ck_assert_ptr_eq(knobs_seen(knobs), knobs->growing);
    ck_assert(has_begun(knobs->growing));
    ck_assert(!knobs_settled(knobs));
    program_press(app, "R");
    program_settle(app);
    ck_assert_ptr_eq(knobs_seen(knobs), knobs->own);
    ck_assert(sys_seconds() - start < 8);
}
END_TEST

START_TEST(an_older_run_that_ends_later_is_not_shown)
{
    open_at("steps");
    program_settle(app);
    program_press(app, "6 0 0 0 Enter");
    wait_for_newest();
    turn("9 Enter");
    ck_assert_int_eq(knobs->shown->course.plan.settings.steps, 9);
    ck_assert_int_eq(knobs_seen(knobs)->course.plan.settings.steps, 9);
}
END_TEST

START_TEST(leaving_stops_a_long_run_too)
{
    const double start = sys_seconds();

    open_at("steps");
    program_press(app, "9 9 9 9 9 9 9 Enter");
    wait_for_newest();
    program_press(app, "q");
    ck_assert(!knobs->on);
    ck_assert(sys_seconds() - start < 8);
}
END_TEST

START_TEST(a_run_that_diverges_says_why)
{
    open_at("lr");
    turn("1 e 3 0 0 Enter");
    ck_assert_int_eq(state_of(knobs->shown), COURSE_DIVERGED);
    ck_assert(strstr(knobs->shown->course.error.text, "the loss of step") != NULL);
    ck_assert(isnan(knobs_last(knobs->shown)) && isnan(knobs_heldout(knobs->shown)));
}
END_TEST

START_TEST(what_it_writes_is_what_train_writes)
{
    Sampler sampler;
    TestRun own;
    Rng rng;
    Error error;

    open_at("temperature");
    turn("Right Right Right Right");
    test_run_open(&own, "words.txt", SIZES "--temperature 0.79");
    while (trainer_step(&own.trainer))
        continue;
    ck_assert(knobs->turned.temperature == 0.79);
    ck_assert(sampler_init(&sampler, &own.settings, own.trainer.gpt.vocab, &error));
    rng = own.trainer.rng;
    for (int i = 0; i < KNOBS_TEXTS; i++) {
        char text[64] = "";
        size_t length = 0;
        sampler_begin(&sampler, own.trainer.value);
        while (sampler_next(&sampler, 0.79, &rng))
            continue;
        for (int k = 1; k < sampler.length; k++)
            length += (size_t)corpus_encode(own.corpus.character[sampler.token[k]], text + length);
        text[length] = '\0';
        ck_assert_str_eq(knobs->shown->course.text[i], text);
    }
    sampler_release(&sampler);
    test_run_close(&own);
}
END_TEST

START_TEST(a_curve_is_the_mean_of_the_last_twentieth)
{
    open_at("lr");
    program_settle(app);
    const KnobsRun *run = knobs->own;
    ck_assert_int_eq(run->points, 40);
    ck_assert(run->curve[0] == run->course.loss[0]);
    ck_assert(run->curve[39] == (run->course.loss[38] + run->course.loss[39]) / 2);
}
END_TEST

/* ---- ghosts, resets, typing ------------------------------------------------------------------ */

START_TEST(a_run_is_kept_as_a_ghost_until_it_is_let_go)
{
    open_at("lr");
    turn("Right");
    program_press(app, "g");
    const KnobsRun *kept = knobs->shown;
    const double last = knobs_last(kept);
    turn("Right Right Right Right");
    turn("Left Left Left");
    ck_assert_ptr_eq(knobs_ghost(knobs), kept);
    ck_assert(knobs_last(kept) == last);
    compare(kept, "--lr 0.011");
    turn("Left");
    program_press(app, "g");
    ck_assert_ptr_null(knobs->kept);
    ck_assert_ptr_eq(knobs_ghost(knobs), knobs->own);
}
END_TEST

START_TEST(resetting_brings_back_the_session_s_settings)
{
    open_at("lr");
    turn("Right");
    knobs->row = knob_find(settings_find("beta1"));
    turn("Right");
    ck_assert_int_eq(knobs_turned(knobs), 2);
    turn("r");
    ck_assert_int_eq(knobs_turned(knobs), 1);
    compare(knobs->shown, "--lr 0.011");
    turn("R");
    ck_assert_int_eq(knobs_turned(knobs), 0);
    ck_assert_ptr_eq(knobs->shown, knobs->own);
}
END_TEST

START_TEST(one_reset_may_not_go_without_the_other)
{
    open_at("n_embd");
    turn("6 Enter");
    knobs->row = knob_find(settings_find("n_head"));
    turn("3 Enter");
    ck_assert_int_eq(knobs->turned.n_head, 3);
    knobs->row = knob_find(settings_find("n_embd"));
    turn("r");
    ck_assert_int_eq(knobs->turned.n_embd, 6);
    ck_assert(app->message_wrong);
    turn("R");
    ck_assert_int_eq(knobs_turned(knobs), 0);
}
END_TEST

START_TEST(a_number_can_be_typed)
{
    open_at("lr");
    program_press(app, "0 . 0 2 5 5 Backspace");
    ck_assert_str_eq(knobs->typed, "0.025");
    turn("Enter");
    compare(knobs->shown, "--lr 0.025");
    program_press(app, "7 Esc");
    ck_assert(knobs->on);
    ck_assert_str_eq(knobs->typed, "");
    program_press(app, "7 Down");
    ck_assert_str_eq(knobs->typed, "");
    ck_assert(knobs->turned.lr == 0.025);
}
END_TEST

START_TEST(a_number_that_cannot_be_changes_nothing)
{
    static const char *const wrong[][2] = {
        {"n_head", "3 Enter"}, {"beta1", "2 Enter"}, {"n_layer", "0 Enter"}, {"lr", ". . Enter"}};

    open_at("lr");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        knobs->row = knob_find(settings_find(wrong[i][0]));
        turn(wrong[i][1]);
        ck_assert_int_eq(knobs_turned(knobs), 0);
        ck_assert(app->message_wrong);
    }
}
END_TEST

/* ---- the session ----------------------------------------------------------------------------- */

START_TEST(leaving_leaves_everything_as_it_was)
{
    App *other = program_open("");
    static const char *const leave[] = {"q", "Esc", "Backspace", "x"};

    program_enter(app, "set wte[0][0] = 0.5");
    program_enter(other, "set wte[0][0] = 0.5");
    program_enter(app, "goto 7.backward.5");
    program_enter(other, "goto 7.backward.5");
    open_at("lr");
    turn("Right Right Down Left");
    program_press(app, leave[_i]);
    ck_assert(!knobs->on);
    program_same(app, other);
    ck_assert_int_eq(app->session.history.events, 1);
    program_enter(app, "goto end");
    program_enter(other, "goto end");
    program_same(app, other);
    program_close(other);
}
END_TEST

START_TEST(a_run_under_way_stands_still_and_goes_on)
{
    program_press(app, "Space");
    open_at("lr");
    for (int i = 0; i < 20; i++)
        app_work(app, sys_seconds() + 0.01);
    program_at(app, "0");
    program_press(app, "q");
    ck_assert_int_eq(app->direction, 1);
    program_settle(app);
    program_at(app, "40");
}
END_TEST

START_TEST(adopting_makes_the_run_that_begins_with_these_options)
{
    App *other = program_open("--lr 0.013 --n-embd 6 --activation gelu");

    program_enter(app, "goto 9");
    open_at("lr");
    turn("Right Right");
    knobs->row = knob_find(settings_find("n_embd"));
    turn("Right");
    knobs->row = knob_find(settings_find("activation"));
    turn("Right");
    program_press(app, "Enter");
    ck_assert(knobs->on && knobs->sure);
    program_press(app, "Enter");
    ck_assert(!knobs->on);
    ck_assert_int_eq(app->session.trainer.at.step, 0);
    ck_assert_int_eq(app->direction, 1);
    program_enter(app, "goto 20.update.3");
    program_enter(other, "goto 20.update.3");
    program_same(app, other);
    test_same_bits(app->session.trainer.loss, other->session.trainer.loss, 20, "loss");
    program_close(other);
}
END_TEST

START_TEST(adopting_is_asked_for_twice)
{
    open_at("lr");
    program_press(app, "Enter");
    ck_assert(!knobs->sure);
    turn("Right");
    program_press(app, "Enter Down Enter");
    ck_assert(knobs->on && knobs->sure);
    program_press(app, "Right");
    ck_assert(knobs->on && !knobs->sure);
}
END_TEST

START_TEST(the_turned_settings_are_those_of_the_moment)
{
    program_enter(app, "option lr = 0.1");
    open_at("lr");
    ck_assert(knobs->base.lr == 0.1);
    program_settle(app);
    compare(knobs->own, "--lr 0.1");
}
END_TEST

/* ---- commands -------------------------------------------------------------------------------- */

START_TEST(settings_are_turned_by_name)
{
    program_enter(app, "knobs lr=0.025 n-embd=6 schedule=cosine");
    ck_assert(knobs->on && knobs_settled(knobs));
    compare(knobs->shown, "--lr 0.025 --n-embd 6 --schedule cosine");
    program_enter(app, "knobs reset");
    ck_assert_int_eq(knobs_turned(knobs), 0);
    program_enter(app, "knobs beta1=0.5");
    program_enter(app, "knobs keep");
    ck_assert_ptr_eq(knobs->kept, knobs->shown);
    program_enter(app, "knobs close");
    ck_assert(!knobs->on);
    program_enter(app, "knobs beta1=0.5");
    program_enter(app, "knobs adopt");
    ck_assert(!knobs->on);
    ck_assert(app->session.trainer.settings.beta1 == 0.5);
}
END_TEST

START_TEST(what_is_no_knob_is_refused_and_turns_nothing)
{
    static const char *const wrong[] = {"knobs lr=x", "knobs samples=3", "knobs lrr=1",
                                        "knobs lr=0.5 n_head=3", "knobs n_embd"};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        program_enter(app, wrong[i]);
        ck_assert_msg(app->message_wrong, "%s", wrong[i]);
        ck_assert_msg(!knobs->on, "%s", wrong[i]);
    }
    program_enter(app, "knobs lr=0.5");
    program_enter(app, "knobs lr=0.1 n_head=3");
    ck_assert(knobs->on);
    ck_assert(knobs->turned.lr == 0.5);
}
END_TEST

START_TEST(a_command_that_moves_the_run_leaves_the_panel)
{
    program_enter(app, "knobs lr=0.5");
    program_enter(app, "print loss");
    ck_assert(knobs->on);
    program_enter(app, "theme light");
    ck_assert(knobs->on);
    program_enter(app, "goto 5");
    ck_assert(!knobs->on);
    program_at(app, "5");
}
END_TEST

START_TEST(without_a_screen_the_command_answers_with_the_numbers)
{
    char expected[64];

    app->headless = true;
    program_enter(app, "knobs lr=0.025");
    const char *lines = answer_first(&app->answer);
    ck_assert(strstr(lines, "lr is turned to 0.025; your run has 0.01.") != NULL);
    snprintf(expected, sizeof expected, "%.4f; of your run %.4f", knobs_last(knobs->shown),
             knobs_last(knobs->own));
    ck_assert_msg(strstr(lines, expected) != NULL, "%s", lines);
    ck_assert(strstr(lines, knobs->shown->course.text[9]) != NULL);
    ck_assert(strstr(app->answer.members.bytes, "\"turned\":{\"lr\":0.025") != NULL);
    ck_assert(strstr(app->answer.members.bytes, "\"state\":\"done\"") != NULL);
    program_enter(app, "knobs lr=1e300");
    ck_assert(strstr(answer_first(&app->answer), "The run ends after") != NULL);
    ck_assert(strstr(app->answer.members.bytes, "\"state\":\"diverged\"") != NULL);
}
END_TEST

/* ---- a storm --------------------------------------------------------------------------------- */

START_TEST(ten_thousand_keys_leave_a_sane_state)
{
    static const char *const keys[] = {
        "Up",     "Down",      "Left",  "Right", "PgUp", "PgDn", "Home",  "End",
        "S-Left", "S-Right",   "Space", "g",     "r",    "R",    "h",     "l",
        "0",      "1",         "9",     ".",     "e",    "-",    "Enter", "Esc",
        "q",      "Backspace", "x",     "?",     "Tab",  "w",    "z",     "Delete",
        "F1",     "a",         "H",     "L",     "u",    ",",    "+",     "é",
    };
    enum { KEYS = sizeof keys / sizeof *keys };
    Rng rng;

    rng_seed(&rng, 7);
    for (int i = 0; i < 10000; i++) {
        if (!knobs->on || i % 500 == 0)
            program_enter(app, "knobs reset");
        program_press(app, keys[rng_below(&rng, KEYS)]);
        if (i % 5 == 0)
            app_work(app, 0);
        ck_assert(!knobs->on || settings_check(&knobs->turned, NULL));
        ck_assert(!knobs->on || (knobs->row >= 0 && knobs->row < knob_count()));
    }
    program_enter(app, "knobs reset");
    ck_assert(knobs_settled(knobs));
    program_enter(app, "goto 5");
    program_at(app, "5");
}
END_TEST

Suite *knobs_suite(void)
{
    Suite *suite = suite_create("knobs");
    TCase *tests = tcase_create("knobs");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_turn_trains_the_whole_run_with_that_setting);
    tcase_add_test(tests, the_ghost_is_the_run_that_the_session_has);
    tcase_add_test(tests, the_newest_settings_are_what_is_shown_at_last);
    tcase_add_test(tests, a_long_run_grows_on_the_screen_and_is_stopped_when_it_is_not_wanted);
    tcase_add_test(tests, an_older_run_that_ends_later_is_not_shown);
    tcase_add_test(tests, leaving_stops_a_long_run_too);
    tcase_add_test(tests, a_run_that_diverges_says_why);
    tcase_add_test(tests, what_it_writes_is_what_train_writes);
    tcase_add_test(tests, a_curve_is_the_mean_of_the_last_twentieth);
    tcase_add_test(tests, a_run_is_kept_as_a_ghost_until_it_is_let_go);
    tcase_add_test(tests, resetting_brings_back_the_session_s_settings);
    tcase_add_test(tests, one_reset_may_not_go_without_the_other);
    tcase_add_test(tests, a_number_can_be_typed);
    tcase_add_test(tests, a_number_that_cannot_be_changes_nothing);
    tcase_add_loop_test(tests, leaving_leaves_everything_as_it_was, 0, 4);
    tcase_add_test(tests, a_run_under_way_stands_still_and_goes_on);
    tcase_add_test(tests, adopting_makes_the_run_that_begins_with_these_options);
    tcase_add_test(tests, adopting_is_asked_for_twice);
    tcase_add_test(tests, the_turned_settings_are_those_of_the_moment);
    tcase_add_test(tests, settings_are_turned_by_name);
    tcase_add_test(tests, what_is_no_knob_is_refused_and_turns_nothing);
    tcase_add_test(tests, a_command_that_moves_the_run_leaves_the_panel);
    tcase_add_test(tests, without_a_screen_the_command_answers_with_the_numbers);
    tcase_add_test(tests, ten_thousand_keys_leave_a_sane_state);
    suite_add_tcase(suite, tests);
    return suite;
}
