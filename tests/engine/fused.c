/* The fused kernels against the tape: the same bits, for every set of instructions that this
 * machine has. */
#include "engine/fused.h"

#include "engine/history.h"
#include "engine/sampler.h"
#include "engine/skip.h"
#include "suites.h"
#include "support.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const names[] = {"avx512", "avx2", "plain"};

/* Odd widths, heads of one number, blocks of one position and of many, numbers that leave the
 * usual range. */
static const struct {
    const char *data, *options;
} runs[] = {
    {"words.txt", "--steps 30"},
    {"words.txt", "--n-embd 6 --n-head 2 --steps 20"},
    {"one-document.txt", "--n-layer 2 --n-embd 4 --n-head 2 --steps 20"},
    {"one-character.txt", "--n-embd 3 --n-head 1 --block-size 4 --steps 20"},
    {"letters.txt", "--n-embd 5 --n-head 5 --block-size 2 --lr 0.3 --steps 20"},
    {"words.txt", "--n-embd 1 --n-head 1 --block-size 1 --steps 10"},
    {"words.txt", "--n-embd 9 --n-head 3 --block-size 37 --n-layer 3 --steps 5"},
    {"wide.txt", "--n-embd 20 --n-head 4 --block-size 64 --n-layer 2 --steps 5"},
    {"odd.txt", "--n-embd 12 --n-head 3 --block-size 17 --beta1 0 --steps 10"},
    {"words.txt", "--n-embd 24 --n-head 2 --init-std 0 --steps 5"},
    {"words.txt", "--n-embd 24 --n-head 8 --block-size 9 --eps 0 --steps 5"},
    {"words.txt", "--n-embd 7 --n-head 7 --init-std 5 --steps 10"},
    {"words.txt", "--n-embd 8 --n-head 4 --lr 1e3 --steps 10"},
    {"words.txt", "--n-embd 8 --n-head 4 --lr 1e300 --steps 10"},
    {"words.txt", "--n-embd 8 --n-head 4 --init-std 1e-30 --steps 10"},
    {"words.txt", "--n-embd 8 --n-head 4 --init-std 1e-160 --steps 10"},
    {"words.txt", "--n-embd 8 --n-head 4 --init-std 1e30 --steps 10"},
    {"words.txt", "--n-embd 8 --n-head 4 --beta2 1 --steps 10"},
    {"words.txt", "--n-embd 8 --n-head 4 --beta1 1 --steps 10"},
    {"words.txt", "--n-embd 8 --n-head 4 --beta1 0 --beta2 0 --steps 10"},
    {"words.txt", "--n-embd 8 --n-head 4 --lr 0 --steps 10"},
};

/* A run on the tape, and beside it the same on fused kernels. */
typedef struct Pair {
    TestRun run;
    Fused fused;
    double *value, *m, *v; /* as the kernels have them */
    int *token;
    int positions;
} Pair;

static bool pair_open(Pair *pair, const char *data, const char *options, const char *name)
{
    const FusedKernels *kernels = fused_find(FUSED_FLOAT64, name);
    Error error;

    if (!kernels)
        return false;
    test_run_open(&pair->run, data, options);
    const Trainer *trainer = &pair->run.trainer;
    const size_t params = (size_t)trainer->gpt.params;
    ck_assert(fused_init(&pair->fused, kernels, &pair->run.settings, trainer->gpt.vocab, &error));
    pair->value = calloc(params, sizeof(double));
    pair->m = calloc(params, sizeof(double));
    pair->v = calloc(params, sizeof(double));
    pair->token = calloc((size_t)trainer->gpt.block_size + 1, sizeof(int));
    fused_load(&pair->fused, trainer->value, trainer->m, trainer->v);
    return true;
}

static void pair_close(Pair *pair)
{
    test_run_close(&pair->run);
    fused_release(&pair->fused);
    free(pair->value);
    free(pair->m);
    free(pair->v);
    free(pair->token);
}

static void read_document(Pair *pair, int64_t step)
{
    Corpus *corpus = &pair->run.corpus;

    pair->positions = corpus_tokens(corpus, step % corpus->count, pair->token,
                                    pair->run.trainer.gpt.block_size + 1) -
                      1;
}

static void same_parameters(Pair *pair)
{
    const Trainer *trainer = &pair->run.trainer;

    fused_store(&pair->fused, pair->value, pair->m, pair->v);
    test_same_bits(pair->value, trainer->value, trainer->gpt.params, "value");
    test_same_bits(pair->m, trainer->m, trainer->gpt.params, "m");
    test_same_bits(pair->v, trainer->v, trainer->gpt.params, "v");
}

/* Whether the run goes on. */
static bool same_step(Pair *pair)
{
    Trainer *trainer = &pair->run.trainer;
    int64_t step = trainer->at.step;
    double loss;

    read_document(pair, step);
    bool more =
        fused_step(&pair->fused, pair->token, pair->positions, &trainer->settings, step, &loss);
    ck_assert(trainer_step(trainer) == more);
    if (!isnan(loss))
        test_same_bits(&loss, &trainer->loss[step], 1, "loss");
    same_parameters(pair);
    return more && !trainer_finished(trainer);
}

START_TEST(every_set_of_instructions_gives_the_bits_of_the_tape)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        Pair pair;
        if (!pair_open(&pair, runs[_i].data, runs[_i].options, names[i]))
            continue;
        while (same_step(&pair))
            ;
        pair_close(&pair);
    }
}
END_TEST

enum { UPDATED = 137 };

/* What Adam keeps of so many parameters: of every size, and 0 now and then. */
typedef struct Kept {
    double value[UPDATED], grad[UPDATED], m[UPDATED], v[UPDATED];
} Kept;

static double any_number(Rng *rng)
{
    double size =
        ldexp(1 + rng_random(rng), (int)rng_below(rng, rng_below(rng, 4) ? 60 : 400) - 55);

    return rng_below(rng, 12) == 0 ? 0 : rng_below(rng, 2) ? size : -size;
}

static void any_numbers(Kept *kept, Rng *rng)
{
    for (int i = 0; i < UPDATED; i++) {
        kept->value[i] = any_number(rng);
        kept->grad[i] = any_number(rng);
        kept->m[i] = any_number(rng);
        kept->v[i] = fabs(any_number(rng));
    }
}

START_TEST(updates_of_any_stretch_have_the_bits_of_adam)
{
    TestRun run;
    Fused fused;
    Rng rng;
    Error error;
    const FusedKernels *kernels = fused_find(FUSED_FLOAT64, names[_i]);

    if (!kernels)
        return;
    test_run_open(&run, "words.txt", "--n-embd 1 --n-head 1 --block-size 1");
    ck_assert(fused_init(&fused, kernels, &run.settings, run.trainer.gpt.vocab, &error));
    rng_seed(&rng, 15);
    for (int round = 0; round < 3000; round++) {
        AdamStep step = adam_step(&run.settings, rng_below(&rng, 1000));
        int32_t from = (int32_t)rng_below(&rng, UPDATED),
                to = from + (int32_t)rng_below(&rng, (uint32_t)(UPDATED - from + 1));
        Kept ours, theirs;
        any_numbers(&ours, &rng);
        theirs = ours;
        fused_adam(&fused, &step, ours.value, ours.grad, ours.m, ours.v, from, to);
        adam_update(&step, theirs.value, theirs.grad, theirs.m, theirs.v, from, to);
        test_same_bits(ours.value, theirs.value, 4 * UPDATED, "value, grad, m, v");
    }
    fused_release(&fused);
    test_run_close(&run);
}
END_TEST

START_TEST(plain_kernels_run_on_every_machine)
{
    ck_assert(fused_find(FUSED_FLOAT64, "plain"));
    ck_assert(fused_find(FUSED_FLOAT32, "plain"));
    ck_assert(fused_find(FUSED_FLOAT64, NULL));
    ck_assert(!fused_find(FUSED_FLOAT64, "abacus"));
}
END_TEST

START_TEST(a_loss_that_is_not_finite_changes_nothing)
{
    Pair pair;
    double loss;

    ck_assert(pair_open(&pair, "words.txt", "--n-embd 4 --n-head 1 --steps 5", NULL));
    Trainer *trainer = &pair.run.trainer;
    trainer->value[trainer->gpt.tensor[GPT_LM_HEAD].first] = INFINITY;
    fused_load(&pair.fused, trainer->value, trainer->m, trainer->v);
    read_document(&pair, 0);
    ck_assert(!fused_step(&pair.fused, pair.token, pair.positions, &trainer->settings, 0, &loss));
    ck_assert(!isfinite(loss));
    same_parameters(&pair);
    pair_close(&pair);
}
END_TEST

START_TEST(a_loss_alone_is_that_of_the_step)
{
    Pair pair;

    ck_assert(pair_open(&pair, "words.txt", "--n-embd 8 --n-head 2 --n-layer 2 --steps 3", NULL));
    read_document(&pair, 0);
    double loss = fused_loss(&pair.fused, pair.token, pair.positions);
    same_parameters(&pair);
    ck_assert(trainer_step(&pair.run.trainer));
    test_same_bits(&loss, pair.run.trainer.loss, 1, "loss");
    pair_close(&pair);
}
END_TEST

/* The logits of a text that grows, against those on the sampler's tape. */
START_TEST(a_growing_text_has_the_logits_of_the_tape)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        Pair pair;
        Sampler sampler;
        Error error;
        if (!pair_open(&pair, "words.txt", "--n-embd 6 --n-head 3 --n-layer 2 --block-size 30",
                       names[i]))
            continue;
        const int vocab = pair.run.trainer.gpt.vocab;
        Rng rng = pair.run.trainer.rng;
        ck_assert(sampler_init(&sampler, &pair.run.settings, vocab, &error));
        for (int text = 0; text < 5; text++) {
            sampler_begin(&sampler, pair.run.trainer.value);
            for (int length = 1; !sampler.ended; length++) {
                if (length > 30)
                    break;
                memcpy(pair.token, sampler.token, (size_t)length * sizeof(int));
                const double *logit = fused_logits(&pair.fused, pair.token, length);
                sampler_next(&sampler, 1, &rng);
                TapeRange theirs =
                    gpt_span(&sampler.gpt, (Place){PART_LOGITS, length - 1, -1, -1})->out;
                for (int t = 0; t < vocab; t++)
                    test_same_bits(&logit[t], &sampler.value[theirs.first + t * theirs.stride], 1,
                                   "logit");
            }
        }
        sampler_release(&sampler);
        pair_close(&pair);
    }
}
END_TEST

START_TEST(texts_written_in_a_hurry_are_those_of_the_tape)
{
    static const double temperatures[] = {0.5, 1, 3};
    TestRun run;
    Sampler slow, fast;
    Error error;

    test_run_open(&run, "words.txt",
                  "--n-embd 6 --n-head 3 --n-layer 2 --block-size 30 --steps 40");
    const int vocab = run.trainer.gpt.vocab;
    ck_assert(sampler_init(&slow, &run.settings, vocab, &error));
    ck_assert(sampler_init(&fast, &run.settings, vocab, &error));
    ck_assert(sampler_hurry(&fast, &run.settings, NULL, &error));
    while (trainer_step(&run.trainer))
        ;
    Rng slow_rng = run.trainer.rng, fast_rng = slow_rng;
    for (int text = 0; text < 12; text++) {
        bool more = true;
        sampler_begin(&slow, run.trainer.value);
        sampler_begin(&fast, text % 2 ? NULL : run.trainer.value);
        while (more) {
            more = sampler_next(&slow, temperatures[text % 3], &slow_rng);
            ck_assert(sampler_next(&fast, temperatures[text % 3], &fast_rng) == more);
            test_same_bits(fast.weight, slow.weight, vocab, "weight");
        }
        ck_assert_int_eq(fast.length, slow.length);
        ck_assert_mem_eq(fast.token, slow.token, (size_t)slow.length * sizeof(int));
        ck_assert_int_eq(fast.tape.count, fast.tape.params);
    }
    ck_assert(test_same_numbers(&slow_rng, &fast_rng));
    sampler_release(&slow);
    sampler_release(&fast);
    test_run_close(&run);
}
END_TEST

/* About the same in the other precision: a step's loss to six digits, and no more. */
START_TEST(in_float32_the_loss_is_nearly_the_same)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        const FusedKernels *kernels = fused_find(FUSED_FLOAT32, names[i]);
        Pair pair;
        Error error;
        if (!kernels || !pair_open(&pair, "words.txt", "--steps 40", "plain"))
            continue;
        fused_release(&pair.fused);
        const Trainer *trainer = &pair.run.trainer;
        ck_assert(fused_init(&pair.fused, kernels, &pair.run.settings, trainer->gpt.vocab, &error));
        fused_load(&pair.fused, trainer->value, trainer->m, trainer->v);
        for (int64_t step = 0; trainer_step(&pair.run.trainer); step++) {
            double loss;
            read_document(&pair, step);
            ck_assert(fused_step(&pair.fused, pair.token, pair.positions, &trainer->settings, step,
                                 &loss));
            ck_assert_double_eq_tol(loss, trainer->loss[step], 1e-4);
            ck_assert(step != 20 || loss != trainer->loss[step]);
        }
        pair_close(&pair);
    }
}
END_TEST

/* ---- what a machine may do otherwise --------------------------------------------------------- */

static void apply_and_err(const void *state, FusedFunction function, const double *x, double *y,
                          int count)
{
    fused_find(FUSED_FLOAT64, NULL)->apply(state, function, x, y, count);
    if (function == FUSED_ROOT)
        y[7] = nextafter(y[7], 1);
}

static void train_nothing(void *state, const int *token, int positions, const AdamStep *adam)
{
    (void)state, (void)token, (void)positions, (void)adam;
}

/* What a run makes of these kernels; where it skips steps with them, the bits are those of the
 * tape. */
static FusedTrust trust_of(FusedKernels *kernels, bool *skips)
{
    TestRun run;

    test_run_open(&run, "words.txt", "--n-embd 4 --n-head 2 --steps 6");
    run.trainer.fused.kernels = kernels;
    *skips = skip_begin(&run.trainer);
    if (*skips) {
        TestRun whole;
        test_run_open(&whole, "words.txt", "--n-embd 4 --n-head 2 --steps 6");
        ck_assert(skip_to(&run.trainer, 5));
        skip_end(&run.trainer);
        while (whole.trainer.at.step < 5)
            trainer_step(&whole.trainer);
        test_same_bits(run.trainer.value, whole.trainer.value, whole.trainer.gpt.params, "value");
        test_run_close(&whole);
    }
    FusedTrust trust = run.trainer.fused.trust;
    ck_assert_str_ne(fused_note(&run.trainer.fused), "");
    test_run_close(&run);
    return trust;
}

START_TEST(kernels_are_tried_before_they_are_used)
{
    FusedKernels kernels = *fused_find(FUSED_FLOAT64, NULL);
    bool skips;

    ck_assert_int_eq(trust_of(&kernels, &skips), FUSED_SHORT);
    ck_assert(skips);
}
END_TEST

START_TEST(where_libm_rounds_another_way_libm_does_it_all)
{
    FusedKernels kernels = *fused_find(FUSED_FLOAT64, NULL);
    bool skips;

    kernels.apply = apply_and_err;
    ck_assert_int_eq(trust_of(&kernels, &skips), FUSED_PLAIN);
    ck_assert(skips);
}
END_TEST

START_TEST(where_a_step_has_other_bits_the_tape_does_it_all)
{
    FusedKernels kernels = *fused_find(FUSED_FLOAT64, NULL);
    bool skips;

    kernels.train = train_nothing;
    ck_assert_int_eq(trust_of(&kernels, &skips), FUSED_NEVER);
    ck_assert(!skips);
}
END_TEST

/* ---- in a run -------------------------------------------------------------------------------- */

START_TEST(a_run_that_skipped_steps_has_the_bits_of_one_that_did_not)
{
    TestRun whole, skipped;
    Trainer *trainer = &skipped.trainer;

    test_run_open(&whole, runs[_i].data, runs[_i].options);
    test_run_open(&skipped, runs[_i].data, runs[_i].options);
    const int64_t last = whole.settings.steps - 1;
    while (whole.trainer.at.step < last && trainer_step(&whole.trainer))
        ;
    ck_assert(skip_begin(trainer));
    while (trainer->at.step < last && skip_to(trainer, trainer->at.step + 1))
        ;
    skip_end(trainer);
    if (whole.trainer.at.phase == PHASE_DONE)
        trainer_advance(&whole.trainer, 1);
    else /* its loss is not finite: the other stands before that step */
        trainer_advance(trainer, trainer_phase_length(trainer, PHASE_FORWARD));
    test_same_state(trainer, &whole.trainer);
    trainer_step(trainer);
    trainer_step(&whole.trainer);
    test_same_state(trainer, &whole.trainer);
    test_run_close(&whole);
    test_run_close(&skipped);
}
END_TEST

static void same_digest(const History *history, const Trainer *by_tape)
{
    History other = {.trainer = (Trainer *)by_tape};
    uint8_t ours[32], theirs[32];

    history_digest(history, ours);
    history_digest(&other, theirs);
    ck_assert_mem_eq(ours, theirs, sizeof ours);
}

/* To step `middle` without a tape, then with one, looked into on the way; and beside it a run that
 * had a tape all along. */
START_TEST(a_run_opened_in_the_middle_has_the_digests_of_one_that_was_open)
{
    static const int64_t middles[] = {0, 1, 11, 20};
    TestRun closed, open;
    History history;
    Error error;

    test_run_open(&open, "words.txt", "--n-embd 6 --n-head 3 --n-layer 2 --steps 20");
    closed.settings = open.settings;
    ck_assert(corpus_read(&closed.corpus, test_path("data/words.txt").text, &error));
    ck_assert(trainer_init_closed(&closed.trainer, &closed.settings, &closed.corpus, &error));
    ck_assert(!trainer_is_open(&closed.trainer));
    if (middles[_i] > 0) {
        ck_assert(skip_begin(&closed.trainer));
        ck_assert(skip_to(&closed.trainer, middles[_i]));
        skip_end(&closed.trainer);
    }
    ck_assert(trainer_open(&closed.trainer, &error));
    ck_assert(trainer_open(&closed.trainer, &error)); /* once is enough */
    ck_assert(history_init(&history, &closed.trainer, 1 << 16, &error));
    while (open.trainer.at.step < middles[_i] && trainer_step(&open.trainer))
        ;
    if (middles[_i] > 0 && middles[_i] < 20)
        trainer_advance(&open.trainer, 1);
    while (!trainer_finished(&open.trainer)) {
        same_digest(&history, &open.trainer);
        trainer_advance(&open.trainer, 777);
        ck_assert(history_seek(&history, open.trainer.at));
    }
    test_same_bits(closed.trainer.value, open.trainer.value, open.trainer.gpt.params, "value");
    test_same_bits(closed.trainer.loss, open.trainer.loss, 20, "loss");
    history_release(&history);
    test_run_close(&closed);
    test_run_close(&open);
}
END_TEST

/* There and back, with changes on the way, against a run that goes operation by operation. */
START_TEST(a_moment_has_one_digest_however_one_came_there)
{
    static const char options[] = "--n-embd 4 --n-head 2 --steps 40";
    const int64_t lr = settings_find("lr") - settings_table;
    TestRun run, by_tape;
    History history;
    Error error;
    Rng rng;

    test_run_open(&run, "words.txt", options);
    test_run_open(&by_tape, "words.txt", options);
    ck_assert(history_init(&history, &run.trainer, 1 << 16, &error));
    ck_assert(history_plan(&history, (Event){{7, PHASE_DONE, 0}, EVENT_SETTING, (int)lr, 0.5, 0},
                           &error));
    ck_assert(
        history_plan(&history, (Event){{20, PHASE_FORWARD, 0}, EVENT_VALUE, 3, 0.25, 0}, &error));
    ck_assert(
        history_plan(&history, (Event){{30, PHASE_BACKWARD, 9}, EVENT_GRAD, 5, 2.0, 0}, &error));
    rng_seed(&rng, 8);
    for (Moment at = {0}; at.step < 40; at.step++) {
        if (at.step == 7)
            by_tape.trainer.settings.lr = 0.5;
        ck_assert(history_seek(&history, at));
        same_digest(&history, &by_tape.trainer);
        history_seek(&history, (Moment){rng_below(&rng, 40), PHASE_DONE, 0});
        trainer_advance(&by_tape.trainer, 1);
        if (at.step == 20)
            by_tape.trainer.value[3] = 0.25;
        if (at.step == 30) {
            trainer_advance(&by_tape.trainer,
                            trainer_phase_length(&by_tape.trainer, PHASE_FORWARD) + 9);
            by_tape.trainer.grad[5] = 2.0;
        }
        trainer_step(&by_tape.trainer);
    }
    history_release(&history);
    test_run_close(&run);
    test_run_close(&by_tape);
}
END_TEST

/* ---- float32 --------------------------------------------------------------------------------- */

/* Runs on to a step by the kernels, without a tape. */
static void closed_run(TestRun *run, const char *options, int64_t step)
{
    Error error;

    run->settings = test_settings(options);
    ck_assert(corpus_read(&run->corpus, test_path("data/words.txt").text, &error));
    ck_assert(trainer_init_closed(&run->trainer, &run->settings, &run->corpus, &error));
    ck_assert(skip_begin(&run->trainer));
    ck_assert(skip_to(&run->trainer, step));
    skip_end(&run->trainer);
}

START_TEST(a_run_in_float32_has_numbers_of_that_precision_near_those_of_float64)
{
    TestRun rounded, exact;

    closed_run(&rounded, "--steps 30 --precision float32", 30);
    closed_run(&exact, "--steps 30", 30);
    ck_assert_int_eq(rounded.trainer.fused.trust, FUSED_OTHER);
    ck_assert(trainer_finished(&rounded.trainer));
    for (int32_t i = 0; i < rounded.trainer.gpt.params; i++) {
        const double value = rounded.trainer.value[i];
        ck_assert_double_eq((double)(float)value, value);
        ck_assert_double_eq_tol(value, exact.trainer.value[i], 1e-4);
    }
    for (int i = 0; i < 30; i++) {
        ck_assert_double_ne(rounded.trainer.loss[i], exact.trainer.loss[i]);
        ck_assert_double_eq_tol(rounded.trainer.loss[i], exact.trainer.loss[i], 1e-4);
    }
    test_run_close(&rounded);
    test_run_close(&exact);
}
END_TEST

START_TEST(a_run_in_float32_goes_on_with_the_same_bits_after_a_stop)
{
    TestRun whole, halves;

    closed_run(&whole, "--steps 30 --precision float32 --n-embd 12 --n-layer 2", 30);
    closed_run(&halves, "--steps 30 --precision float32 --n-embd 12 --n-layer 2", 13);
    ck_assert(skip_begin(&halves.trainer));
    ck_assert(skip_to(&halves.trainer, 30));
    skip_end(&halves.trainer);
    test_same_bits(whole.trainer.loss, halves.trainer.loss, 30, "loss");
    test_same_bits(whole.trainer.value, halves.trainer.value, whole.trainer.gpt.params, "value");
    test_run_close(&whole);
    test_run_close(&halves);
}
END_TEST

START_TEST(in_float32_there_is_no_tape_to_look_at)
{
    Settings settings = test_settings("--precision float32 --optimizer sgd");
    TestRun run;
    Trainer trainer;
    Error error;

    closed_run(&run, "--steps 3 --precision float32", 2);
    ck_assert(!trainer_open(&run.trainer, &error));
    test_error_names(&error, "in float32 a run goes by whole steps only");
    ck_assert(!trainer_is_open(&run.trainer));
    ck_assert(!trainer_init(&trainer, &run.settings, &run.corpus, &error));
    ck_assert(!trainer_init_closed(&trainer, &settings, &run.corpus, &error));
    test_error_names(&error, "precision float32 is for microgpt's model and Adam");
    test_run_close(&run);
}
END_TEST

START_TEST(options_of_the_model_are_left_to_the_tape)
{
    Settings settings = test_settings("--lr 0.5 --n-layer 3 --beta1 0 --temperature 2");

    ck_assert(fused_can(&settings));
    settings.residual = 0;
    ck_assert(!fused_can(&settings));
    settings = test_settings("--zero-grad off");
    ck_assert(!fused_can(&settings));
    settings = test_settings("--optimizer sgd");
    ck_assert(!fused_can(&settings));
    settings = test_settings("--schedule cosine --bias-correction off");
    ck_assert(fused_can(&settings));
}
END_TEST

Suite *fused_suite(void)
{
    Suite *suite = suite_create("fused");
    TCase *tests = tcase_create("fused");

    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, every_set_of_instructions_gives_the_bits_of_the_tape, 0,
                        COUNT(runs));
    tcase_add_loop_test(tests, updates_of_any_stretch_have_the_bits_of_adam, 0, COUNT(names));
    tcase_add_test(tests, plain_kernels_run_on_every_machine);
    tcase_add_test(tests, a_loss_that_is_not_finite_changes_nothing);
    tcase_add_test(tests, a_loss_alone_is_that_of_the_step);
    tcase_add_test(tests, a_growing_text_has_the_logits_of_the_tape);
    tcase_add_test(tests, texts_written_in_a_hurry_are_those_of_the_tape);
    tcase_add_test(tests, in_float32_the_loss_is_nearly_the_same);
    tcase_add_test(tests, kernels_are_tried_before_they_are_used);
    tcase_add_test(tests, where_libm_rounds_another_way_libm_does_it_all);
    tcase_add_test(tests, where_a_step_has_other_bits_the_tape_does_it_all);
    tcase_add_loop_test(tests, a_run_that_skipped_steps_has_the_bits_of_one_that_did_not, 0,
                        COUNT(runs));
    tcase_add_loop_test(tests, a_run_opened_in_the_middle_has_the_digests_of_one_that_was_open, 0,
                        4);
    tcase_add_test(tests, a_moment_has_one_digest_however_one_came_there);
    tcase_add_test(tests, a_run_in_float32_has_numbers_of_that_precision_near_those_of_float64);
    tcase_add_test(tests, a_run_in_float32_goes_on_with_the_same_bits_after_a_stop);
    tcase_add_test(tests, in_float32_there_is_no_tape_to_look_at);
    tcase_add_test(tests, options_of_the_model_are_left_to_the_tape);
    suite_add_tcase(suite, tests);
    return suite;
}
