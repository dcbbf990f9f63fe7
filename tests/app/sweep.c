#include "app/sweep.h"

#include "app/command.h"
#include "app/script.h"
#include "engine/heldout.h"
#include "engine/support.h"
#include "engine/sys.h"
#include "program.h"
#include "scratch.h"
#include "suites.h"
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SMALL "--n-embd 4 --n-head 2 --block-size 5 --steps 12"

/* Settings as the program has them that is opened with these options. */
static App *open_app(const char *options)
{
    App *app = program_open(options);

    app->headless = true;
    return app;
}

static void enter(App *app, const char *line)
{
    Error error = {""};

    ck_assert_msg(!(command_run(app, line, &error) & CHANGE_FAILED), "%s: %s", line, error.text);
}

static void refused(App *app, const char *line, const char *why)
{
    Error error = {""};

    ck_assert_msg(command_run(app, line, &error) & CHANGE_FAILED, "%s", line);
    test_error_names(&error, why);
}

/* A whole run by the tape, with its loss on documents held out at the end. */
static double run_alone(const App *app, const Settings *settings, double *loss)
{
    Corpus corpus;
    Trainer trainer;
    Heldout heldout;

    ck_assert(corpus_copy(&corpus, &app->session.corpus, NULL));
    ck_assert(trainer_init(&trainer, settings, &corpus, NULL));
    while (trainer_step(&trainer))
        continue;
    memcpy(loss, trainer.loss, (size_t)settings->steps * sizeof *loss);
    ck_assert(heldout_init(&heldout, settings, &corpus, HELDOUT_USUAL, NULL));
    heldout_begin(&heldout, settings, trainer.value);
    while (heldout_next(&heldout))
        continue;
    const double held_out = heldout_loss(&heldout);
    heldout_release(&heldout);
    trainer_release(&trainer);
    corpus_release(&corpus);
    return held_out;
}

START_TEST(each_run_is_one_with_that_value_and_seed)
{
    App *app = open_app(SMALL);
    static const double values[] = {0.01, 0.1};

    enter(app, "option residual = off");
    enter(app, "sweep lr 0.01 1e-1 seeds 3 steps 10 also n_embd 6");
    program_settle(app);
    ck_assert_int_eq(app->sweep.plan.rows, 2);
    for (int row = 0; row < 2; row++)
        for (int seed = 0; seed < 3; seed++) {
            Settings settings = app->session.trainer.settings;
            double loss[10], result;
            settings.lr = values[row];
            settings.n_embd = 6;
            settings.steps = 10;
            settings.seed += seed;
            ck_assert_int_eq(settings.residual, 0);
            const double held_out = run_alone(app, &settings, loss);
            test_same_bits(sweep_run(&app->sweep, row, seed)->course.loss, loss, 10, "loss");
            ck_assert(sweep_result(&app->sweep, row, seed, &result));
            test_same_bits(&result, &held_out, 1, "held out");
            ck_assert_int_eq(sweep_seed(&app->sweep, row, seed), settings.seed);
        }
    program_close(app);
}
END_TEST

/* Gives the runs of a finished sweep other results. */
static void pretend(Sweep *sweep, const double *results)
{
    for (int i = 0; i < sweep->plan.rows * sweep->plan.seeds; i++)
        sweep->run[i].course.heldout[0] = results[i];
}

static void expect_verdict(const Sweep *sweep, const char *words)
{
    char text[480];

    sweep_verdict(sweep, text, sizeof text);
    ck_assert_str_eq(text, words);
}

START_TEST(what_differs_less_than_the_seeds_is_called_so)
{
    App *app = open_app(SMALL);
    Sweep *sweep = &app->sweep;

    enter(app, "sweep lr 0.01 0.02 0.03 seeds 2");
    program_settle(app);
    pretend(sweep, (const double[]){2.0, 2.2, 1.5, 1.7, 3, 4});
    const SweepSummary summary = sweep_summary(sweep, 0);
    ck_assert_double_eq_tol(summary.mean, 2.1, 1e-12);
    ck_assert_double_eq_tol(summary.spread, sqrt(0.02), 1e-12);
    ck_assert_double_eq(summary.low, 2.0);
    ck_assert_double_eq(summary.high, 2.2);
    ck_assert_int_eq(sweep_best(sweep), 1);
    ck_assert(!sweep_overlap(sweep, 0, 1));
    expect_verdict(sweep,
                   "0.02 is best: each of its seeds is lower than every seed of the others.");
    pretend(sweep, (const double[]){2.0, 2.2, 1.5, 2.1, 2.15, 4});
    ck_assert(sweep_overlap(sweep, 0, 1));
    ck_assert(!sweep_overlap(sweep, 1, 2));
    expect_verdict(sweep, "0.02 is lowest, but its seeds overlap with those of 0.01: differences "
                          "smaller than the spread of seeds say nothing.");
    enter(app, "sweep lr 0.01 0.02");
    program_settle(app);
    pretend(sweep, (const double[]){2.0, 1.9});
    expect_verdict(sweep, "0.02 is lowest, with one seed: what another seed would change is not "
                          "known. Try seeds 3.");
    ck_assert(isnan(sweep_summary(sweep, 0).spread));
    enter(app, "sweep seeds 3");
    program_settle(app);
    pretend(sweep, (const double[]){2.0, 2.25, 2.125});
    expect_verdict(sweep,
                   "The seed alone makes a difference of 0.250: a smaller one says nothing.");
    program_close(app);
}
END_TEST

START_TEST(several_settings_go_together)
{
    App *app = open_app(SMALL);
    Settings settings;

    enter(app, "sweep residual,norm on,on off,on on,off seeds 2");
    program_settle(app);
    ck_assert_str_eq(app->sweep.plan.name, "residual,norm");
    ck_assert_int_eq(app->sweep.plan.rows, 3);
    ck_assert(sweep_settings(&app->sweep.plan, 2, &settings, NULL));
    ck_assert_int_eq(settings.residual, 1);
    ck_assert_int_eq(settings.norm, 0);
    ck_assert_int_eq(sweep_run(&app->sweep, 1, 1)->course.plan.settings.residual, 0);
    ck_assert_int_eq(sweep_summary(&app->sweep, 2).done, 2);
    refused(app, "sweep residual,norm on", "norm");
    refused(app, "sweep residual,norm on,on,on", "more values than settings");
    refused(app, "sweep residual, on,on", "there is no setting");
    refused(app, "sweep residual,norm,mlp,attention on,on,on,on", "at most 3 settings");
    refused(app, "sweep residual,seed on,1", "sweep seeds 3");
    refused(app, "sweep residual,norm on,on on,on", "is there twice");
    program_close(app);
}
END_TEST

START_TEST(a_value_that_cannot_be_is_a_row_with_its_reason)
{
    App *app = open_app(SMALL);
    char state[32];

    enter(app, "sweep n_embd 5 4 6 seeds 2");
    program_settle(app);
    sweep_state(&app->sweep, 0, state);
    ck_assert_str_eq(state, "refused");
    ck_assert_ptr_nonnull(strstr(sweep_reason(&app->sweep, 0), "n_embd 5 cannot be shared out"));
    sweep_state(&app->sweep, 1, state);
    ck_assert_str_eq(state, "done");
    ck_assert_ptr_nonnull(strstr(app->answer.lines.bytes, "5\t-\t-\t-\t-\trefused\n"));
    refused(app, "sweep n_embd 5 7", "n_embd 5 cannot be shared out");
    ck_assert(!sweep_is_on(&app->sweep));
    program_close(app);
}
END_TEST

START_TEST(a_run_that_diverges_is_a_row_with_its_reason)
{
    App *app = open_app(SMALL);
    char state[32];

    enter(app, "sweep lr 1e300 0.01 seeds 2 also norm off");
    program_settle(app);
    sweep_state(&app->sweep, 0, state);
    ck_assert_str_eq(state, "2 of 2 diverged");
    ck_assert_ptr_nonnull(strstr(sweep_reason(&app->sweep, 0), "the loss of step 2 is nan"));
    ck_assert_int_eq(sweep_best(&app->sweep), 1);
    expect_verdict(&app->sweep, "0.01 has a result, no other value has one to compare it with.");
    enter(app, "sweep lr 1e300 seeds 2 steps 1 also norm off");
    program_settle(app);
    ck_assert_int_eq(sweep_summary(&app->sweep, 0).done, 0);
    ck_assert_ptr_nonnull(strstr(sweep_reason(&app->sweep, 0), "the last update leaves"));
    program_close(app);
}
END_TEST

START_TEST(hostile_lines_are_refused_and_nothing_is_lost)
{
    static const char *const lines[][2] = {
        {"sweep", "there is no sweep"},
        {"sweep stop", "there is no sweep"},
        {"sweep off", "there is no sweep"},
        {"sweep lr", "expected its values"},
        {"sweep lr seeds 3", "expected its values"},
        {"sweep lr 0.1 x", "lr"},
        {"sweep lr 0.1 1e-1", "is there twice"},
        {"sweep lr nan", "lr"},
        {"sweep wte 1", "there is no setting wte"},
        {"sweep temperature 1 2", "no loss depends on it"},
        {"sweep seed 1 2", "sweep seeds 3"},
        {"sweep seeds", "expected a number from 1 to 32"},
        {"sweep seeds 1000", "expected a number from 1 to 32, not 1000"},
        {"sweep seeds 0", "expected a number from 1 to 32"},
        {"sweep seeds 3x", "expected a number from 1 to 32"},
        {"sweep seeds 3 4", "expected seeds, steps or also, not 4"},
        {"sweep lr 1 2 3 4 5 6 7 8 9 10 11", "at most 10 values"},
        {"sweep lr 0.1 steps", "steps: expected a number"},
        {"sweep lr 0.1 steps 0", "steps"},
        {"sweep lr 0.1 also", NULL},
        {"sweep lr 0.1 also norm", "norm"},
        {"sweep lr 0.1 also norm perhaps", "norm"},
        {"sweep lr 0.1 also x 1", "there is no setting x"},
        {"sweep seeds 32 steps 10000000", "the limit is 0.5 GB"},
        {"sweep n_embd 1048576", "n_embd"},
    };
    App *app = open_app(SMALL);

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (lines[i][1])
            refused(app, lines[i][0], lines[i][1]);
        else
            enter(app, lines[i][0]);
        enter(app, "sweep residual off also attention off");
        enter(app, "sweep off");
        ck_assert(!sweep_is_on(&app->sweep));
    }
    program_close(app);
}
END_TEST

START_TEST(it_runs_beside_whatever_the_reader_does)
{
    App *app = program_open("--n-embd 8 --n-head 2 --steps 400");

    app_enter(app, "sweep lr 0.01 0.1 seeds 3");
    ck_assert(sweep_is_on(&app->sweep));
    ck_assert_int_eq(look_view(&app->look), VIEW_LOSS);
    ck_assert_int_eq(app->look.choice[LOOK_LOSS_SHOWS], LOOK_LOSS_SWEEP);
    for (int i = 0; i < 300; i++) {
        program_press(app, i % 3 ? "." : "4 Tab y 5 , z");
        app_work(app, 0);
    }
    app_enter(app, "option residual = off"); /* of this run; the sweep has its settings already */
    double until = sys_seconds() + 60, from;
    while (sweep_is_running(&app->sweep) && sys_seconds() < until)
        app_work(app, sys_seconds() + 0.01);
    app->sweep_due = 0;
    app_run(app, 0);
    while (app_wants_work(app, &from))
        app_work(app, sys_seconds() + 0.01);
    ck_assert(!sweep_wants_look(&app->sweep));
    ck_assert_int_eq(sweep_run(&app->sweep, 1, 2)->means, SWEEP_POINTS);
    ck_assert_int_eq(sweep_run(&app->sweep, 0, 0)->course.plan.settings.residual, 1);
    program_close(app);
}
END_TEST

START_TEST(it_is_stopped_at_once_and_what_came_stays)
{
    App *app = program_open("--n-embd 16 --n-head 4 --steps 500000");
    char state[32];
    double loss;
    int runs;

    app_enter(app, "sweep norm on off seeds 3");
    while (atomic_load(&sweep_run(&app->sweep, 0, 0)->course.done) < 5)
        continue;
    const double start = sys_seconds();
    app_enter(app, "sweep stop");
    ck_assert_double_lt(sys_seconds() - start, 1);
    ck_assert(!sweep_is_running(&app->sweep));
    ck_assert(!sweep_wants_look(&app->sweep));
    sweep_state(&app->sweep, 0, state);
    ck_assert_str_eq(state, "stopped, 0 of 3");
    ck_assert_int_eq(sweep_over(&app->sweep, &runs), 0);
    ck_assert_int_eq(runs, 6);
    ck_assert(!sweep_result(&app->sweep, 0, 0, &loss));
    ck_assert(!isnan(course_last_losses(&sweep_run(&app->sweep, 0, 0)->course, 100)));
    app_enter(app, "sweep stop");
    app_enter(app, "sweep");
    ck_assert_ptr_nonnull(strstr(app->answer.lines.bytes, "no value has all its results"));
    app_enter(app, "sweep lr 0.1 0.2"); /* another in its place, and the end of the program */
    const double quit = sys_seconds();
    program_close(app);
    ck_assert_double_lt(sys_seconds() - quit, 1);
}
END_TEST

static bool never(void)
{
    return false;
}

START_TEST(a_script_waits_and_has_it_all_as_numbers)
{
    Options options = {.settings = test_settings(SMALL), .json = true, .argument = {"script"}};
    const TestPath data = test_path("data/words.txt");
    Error error = {""};
    char *text;
    size_t length;
    FILE *stream = open_memstream(&text, &length);

    scratch_put("script", "sweep lr 0.01 0.1 1e300 seeds 2 also norm off\n");
    const int status = script_run(&options, data.text, NULL, never, stream, &error);
    fclose(stream);
    ck_assert_msg(status == BATCH_DONE, "%s", error.text);
    json_t *root = json_loads(text, 0, NULL), *sweep = json_object_get(root, "sweep");
    json_t *rows = json_object_get(sweep, "rows");
    ck_assert_str_eq(json_string_value(json_object_get(sweep, "setting")), "lr");
    ck_assert_int_eq(json_array_size(rows), 3);
    json_t *row = json_array_get(rows, 1), *runs = json_object_get(row, "runs");
    ck_assert_double_eq(json_number_value(json_object_get(row, "value")), 0.1);
    ck_assert_str_eq(json_string_value(json_object_get(row, "state")), "done");
    double sum = 0;
    for (size_t i = 0; i < 2; i++) {
        json_t *run = json_array_get(runs, i);
        ck_assert_int_eq(json_integer_value(json_object_get(run, "seed")), 42 + (int)i);
        ck_assert(json_is_number(json_object_get(run, "loss")));
        sum += json_number_value(json_object_get(run, "held_out"));
    }
    ck_assert_double_eq(json_number_value(json_object_get(row, "mean")), sum / 2);
    row = json_array_get(rows, 2);
    ck_assert(json_is_null(json_object_get(row, "mean")));
    ck_assert(json_is_string(json_object_get(row, "reason")));
    json_decref(root);
    free(text);
}
END_TEST

START_TEST(where_nothing_is_held_out_the_final_losses_are_compared)
{
    App *app = open_app(SMALL);
    double loss;

    app->session.corpus.count = 12; /* as many documents as steps */
    enter(app, "sweep lr 0.01 0.1");
    program_settle(app);
    ck_assert(!app->sweep.held_out);
    ck_assert(sweep_result(&app->sweep, 0, 0, &loss));
    ck_assert_double_eq(loss, course_last_losses(&sweep_run(&app->sweep, 0, 0)->course, 100));
    ck_assert_ptr_nonnull(strstr(app->answer.lines.bytes, "lr\tfinal loss\t"));
    program_close(app);
}
END_TEST

START_TEST(bands_are_of_the_smoothed_losses)
{
    App *app = open_app("--n-embd 4 --n-head 2 --block-size 5 --steps 600");
    double low, mean, high;

    enter(app, "sweep lr 0.01 seeds 3");
    program_settle(app);
    ck_assert_int_eq(sweep_points(&app->sweep, 0), SWEEP_POINTS);
    ck_assert_int_eq(sweep_point_step(&app->sweep, 0, 0), 1);
    ck_assert_int_eq(sweep_point_step(&app->sweep, 0, SWEEP_POINTS - 1), 600);
    for (int k = 0; k < SWEEP_POINTS; k += 33) {
        const int64_t step = sweep_point_step(&app->sweep, 0, k), first = step > 60 ? step - 60 : 0;
        double least = INFINITY, greatest = -INFINITY, sum = 0;
        for (int seed = 0; seed < 3; seed++) {
            double window = 0;
            for (int64_t i = first; i < step; i++)
                window += sweep_run(&app->sweep, 0, seed)->course.loss[i];
            window /= (double)(step - first);
            least = fmin(least, window);
            greatest = fmax(greatest, window);
            sum += window;
        }
        ck_assert(sweep_band(&app->sweep, 0, k, &low, &mean, &high));
        ck_assert_double_eq(low, least);
        ck_assert_double_eq(high, greatest);
        ck_assert_double_eq_tol(mean, sum / 3, 1e-12);
    }
    enter(app, "sweep lr 0.01 steps 7"); /* a run shorter than its points */
    program_settle(app);
    ck_assert_int_eq(sweep_points(&app->sweep, 0), 7);
    ck_assert_int_eq(sweep_point_step(&app->sweep, 0, 6), 7);
    ck_assert_int_eq(sweep_run(&app->sweep, 0, 0)->means, 7);
    program_close(app);
}
END_TEST

Suite *sweep_suite(void)
{
    Suite *suite = suite_create("sweep");
    TCase *all = tcase_create("sweep");

    tcase_add_checked_fixture(all, scratch_enter, scratch_leave);
    tcase_add_test(all, each_run_is_one_with_that_value_and_seed);
    tcase_add_test(all, what_differs_less_than_the_seeds_is_called_so);
    tcase_add_test(all, several_settings_go_together);
    tcase_add_test(all, a_value_that_cannot_be_is_a_row_with_its_reason);
    tcase_add_test(all, a_run_that_diverges_is_a_row_with_its_reason);
    tcase_add_test(all, hostile_lines_are_refused_and_nothing_is_lost);
    tcase_add_test(all, it_runs_beside_whatever_the_reader_does);
    tcase_add_test(all, it_is_stopped_at_once_and_what_came_stays);
    tcase_add_test(all, a_script_waits_and_has_it_all_as_numbers);
    tcase_add_test(all, where_nothing_is_held_out_the_final_losses_are_compared);
    tcase_add_test(all, bands_are_of_the_smoothed_losses);
    suite_add_tcase(suite, all);
    return suite;
}
