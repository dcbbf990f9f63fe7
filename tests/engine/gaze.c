#include "engine/gaze.h"

#include "suites.h"
#include "support.h"
#include <math.h>

static const char *const options[] = {
    "--steps 9",
    "--steps 9 --n-layer 3 --n-embd 20 --n-head 5 --block-size 5",
    "--steps 9 --residual off",
    "--steps 9 --n-layer 2 --norm off --activation gelu",
    "--steps 9 --attention uniform",
    "--steps 9 --silence 0.2",
    "--steps 9 --n-embd 3 --n-head 1 --block-size 1",
};
enum { OPTIONS = sizeof options / sizeof *options, STEP = 5 };

/* Trained a little, with the values of a document on its tape. */
static void open_run(TestRun *run, const char *settings)
{
    test_run_open(run, "../../data/names.txt", settings);
    while (run->trainer.at.step < STEP)
        ck_assert(trainer_step(&run->trainer));
    trainer_advance(&run->trainer, 1);
    while (run->trainer.at.phase == PHASE_FORWARD)
        trainer_advance(&run->trainer, 1);
}

static Gaze find(const TestRun *run, int positions)
{
    const Trainer *trainer = &run->trainer;
    Gaze gaze;
    Error error;

    ck_assert(gaze_init(&gaze, &run->settings, trainer->token, positions, &error));
    ck_assert_msg(
        gaze_find(&gaze, &run->settings, trainer->gpt.vocab, trainer->value, NULL, &error), "%s",
        error.text);
    return gaze;
}

static void compare_row(const TestRun *run, const Gaze *gaze, Place place)
{
    const Trainer *trainer = &run->trainer;
    const Span *span = gpt_span(&trainer->gpt, place);

    ck_assert_int_eq(span->out.count, place.pos + 1);
    for (int key = 0; key < gaze->positions; key++) {
        double weight = gaze_weight(gaze, place.layer, place.head, place.pos, key);
        if (key <= place.pos)
            test_same_bits(&weight, &trainer->value[span->out.first + key * span->out.stride], 1,
                           "weight");
        else
            ck_assert(isnan(weight));
    }
}

START_TEST(its_weights_are_those_of_the_tape)
{
    TestRun run;

    open_run(&run, options[_i]);
    Gaze gaze = find(&run, run.trainer.positions);
    ck_assert_int_eq(gaze.positions, run.trainer.positions);
    for (int layer = 0; layer < run.trainer.gpt.n_layer; layer++)
        for (int head = 0; head < run.trainer.gpt.n_head; head++)
            for (int query = 0; query < gaze.positions; query++)
                compare_row(&run, &gaze, (Place){PART_WEIGHT, query, layer, head});
    gaze_release(&gaze);
    test_run_close(&run);
}
END_TEST

START_TEST(without_attention_there_are_no_weights)
{
    TestRun run;

    open_run(&run, "--steps 9 --attention off");
    Gaze gaze = find(&run, run.trainer.positions);
    for (int query = 0; query < gaze.positions; query++)
        ck_assert(isnan(gaze_weight(&gaze, 0, 0, query, 0)));
    gaze_release(&gaze);
    test_run_close(&run);
}
END_TEST

START_TEST(a_text_is_cut_where_the_model_sees_no_more)
{
    TestRun run;

    open_run(&run, "--steps 9 --block-size 3");
    Gaze gaze = find(&run, 3);
    Gaze cut;
    Error error;
    const int token[] = {run.trainer.token[0], run.trainer.token[1], run.trainer.token[2], 0, 0, 0};
    ck_assert(gaze_init(&cut, &run.settings, token, 6, &error));
    ck_assert(
        gaze_find(&cut, &run.settings, run.trainer.gpt.vocab, run.trainer.value, NULL, &error));
    ck_assert_int_eq(cut.positions, 3);
    for (int head = 0; head < 4; head++)
        ck_assert(gaze_weight(&cut, 0, head, 2, 1) == gaze_weight(&gaze, 0, head, 2, 1));
    gaze_release(&gaze);
    gaze_release(&cut);
    test_run_close(&run);
}
END_TEST

Suite *gaze_suite(void)
{
    Suite *suite = suite_create("gaze");
    TCase *tests = tcase_create("gaze");

    tcase_add_loop_test(tests, its_weights_are_those_of_the_tape, 0, OPTIONS);
    tcase_add_test(tests, without_attention_there_are_no_weights);
    tcase_add_test(tests, a_text_is_cut_where_the_model_sees_no_more);
    suite_add_tcase(suite, tests);
    return suite;
}
