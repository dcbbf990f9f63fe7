#include "engine/trainer.h"

#include "engine/sys.h"
#include "suites.h"
#include "support.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What is tried on several models; more steps than documents in some. */
static const struct {
    const char *data, *options;
} runs[] = {
    {"words.txt", "--n-embd 6 --n-head 2 --steps 5"},
    {"one-document.txt", "--n-layer 2 --n-embd 4 --n-head 2 --steps 4"},
    {"one-character.txt", "--n-embd 3 --n-head 1 --block-size 4 --steps 7"},
    {"letters.txt", "--n-embd 5 --n-head 5 --block-size 2 --lr 0.3 --steps 20"},
};

static void open_run(TestRun *run, int i)
{
    test_run_open(run, runs[i].data, runs[i].options);
}

static int64_t operations_of_step(const Trainer *trainer)
{
    int64_t sum = 0;

    for (int phase = 0; phase < PHASE_COUNT; phase++)
        sum += trainer_phase_length(trainer, (Phase)phase);
    return sum;
}

/* ---- one line of operations ------------------------------------------------------------------ */

START_TEST(operation_by_operation_gives_the_bits_of_whole_steps)
{
    TestRun whole, single;

    open_run(&whole, _i);
    open_run(&single, _i);
    while (trainer_step(&whole.trainer)) {
        do
            trainer_advance(&single.trainer, 1);
        while (single.trainer.at.phase != PHASE_DONE);
        test_same_state(&single.trainer, &whole.trainer);
    }
    ck_assert(trainer_finished(&single.trainer));
    test_run_close(&whole);
    test_run_close(&single);
}
END_TEST

/* Both runs go on by the same number of operations, in different pieces. */
START_TEST(any_pieces_of_the_same_length_lead_to_the_same_bits)
{
    TestRun a, b;
    Rng rng;

    open_run(&a, _i);
    open_run(&b, _i);
    rng_seed(&rng, 6);
    while (!trainer_finished(&a.trainer)) {
        int64_t stride = 1 + rng_below(&rng, 20000), left = stride;
        trainer_advance(&a.trainer, stride);
        while (left > 0) {
            int64_t piece = rng_below(&rng, (uint32_t)left + 1);
            left -= piece;
            trainer_advance(&b.trainer, piece);
        }
        test_same_state(&a.trainer, &b.trainer);
    }
    test_run_close(&a);
    test_run_close(&b);
}
END_TEST

static bool same_moment(Moment a, Moment b)
{
    return a.step == b.step && a.phase == b.phase && a.n == b.n;
}

START_TEST(moments_follow_one_another_as_the_header_says)
{
    TestRun run;
    Trainer *trainer = &run.trainer;

    open_run(&run, _i);
    while (!trainer_finished(trainer)) {
        static const Phase next[] = {PHASE_FORWARD, PHASE_BACKWARD, PHASE_UPDATE, PHASE_DONE};
        Moment before = trainer->at, expected = before;
        expected.n++;
        trainer_advance(trainer, 1);
        if (expected.n == trainer_phase_length(trainer, before.phase))
            expected =
                (Moment){before.step + (before.phase == PHASE_UPDATE), next[before.phase], 0};
        if (!same_moment(trainer->at, expected))
            ck_abort_msg("after %s %d comes %s %d", phase_names[before.phase], (int)before.n,
                         phase_names[trainer->at.phase], (int)trainer->at.n);
    }
    test_run_close(&run);
}
END_TEST

/* The nodes of the order that have inputs, one by one from the loss down. */
START_TEST(an_operation_backward_is_one_visit_of_a_node_with_inputs)
{
    TestRun run;
    Trainer *trainer = &run.trainer;

    open_run(&run, _i);
    trainer_advance(trainer, 1 + trainer_phase_length(trainer, PHASE_FORWARD));
    const Tape *tape = &trainer->tape;
    double *grad = calloc((size_t)tape->count, sizeof *grad);
    int32_t visits = 0;
    tape_backward_begin(tape, grad);
    for (int32_t i = tape->order_count; i-- > 0;) {
        if (tape_input(tape, tape->order[i], 0) < 0)
            continue;
        tape_backward(tape, trainer->value, grad, i + 1, i);
        trainer_advance(trainer, 1);
        if (++visits % 97 < 3)
            test_same_bits(trainer->grad, grad, tape->count, "grad");
    }
    ck_assert_int_eq(trainer->at.phase, PHASE_UPDATE);
    ck_assert_int_eq(trainer->at.n, 0);
    free(grad);
    test_run_close(&run);
}
END_TEST

START_TEST(a_step_can_be_finished_from_any_of_its_moments)
{
    TestRun whole, broken;

    test_run_open(&whole, "words.txt", "--n-embd 4 --n-head 1 --steps 12");
    test_run_open(&broken, "words.txt", "--n-embd 4 --n-head 1 --steps 12");
    for (int64_t part = 0; trainer_step(&whole.trainer); part++) {
        trainer_advance(&broken.trainer, 1); /* lays out the step's own document */
        trainer_advance(&broken.trainer, part * (operations_of_step(&broken.trainer) - 2) / 11);
        ck_assert_int_eq(broken.trainer.at.step, part);
        ck_assert(trainer_step(&broken.trainer));
        test_same_state(&broken.trainer, &whole.trainer);
    }
    test_run_close(&whole);
    test_run_close(&broken);
}
END_TEST

START_TEST(nothing_runs_beyond_the_end)
{
    TestRun run, short_run;
    int64_t operations = 0;

    open_run(&run, 0);
    open_run(&short_run, 0);
    while (!trainer_finished(&short_run.trainer))
        operations += trainer_advance(&short_run.trainer, 100);
    ck_assert_int_eq(trainer_advance(&run.trainer, INT64_MAX), operations);
    test_same_state(&run.trainer, &short_run.trainer);
    ck_assert_int_eq(trainer_advance(&run.trainer, 1), 0);
    ck_assert(!trainer_step(&run.trainer));
    ck_assert_int_eq(run.trainer.at.step, run.settings.steps);
    ck_assert_int_eq(run.trainer.at.phase, PHASE_DONE);
    test_run_close(&run);
    test_run_close(&short_run);
}
END_TEST

START_TEST(no_operations_change_nothing)
{
    TestRun run, untouched;

    open_run(&run, 0);
    open_run(&untouched, 0);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(trainer_advance(&run.trainer, 0), 0);
        test_same_state(&run.trainer, &untouched.trainer);
        trainer_advance(&run.trainer, 1234);
        trainer_advance(&untouched.trainer, 1234);
    }
    test_run_close(&run);
    test_run_close(&untouched);
}
END_TEST

/* ---- what is known when ---------------------------------------------------------------------- */

START_TEST(only_what_is_computed_is_said_to_be_known)
{
    TestRun run;
    Trainer *trainer = &run.trainer;

    open_run(&run, 0);
    const int32_t params = trainer->gpt.params, last = trainer->tape.count - 1;
    ck_assert(trainer_has_value(trainer, params - 1));
    ck_assert(!trainer_has_value(trainer, params));
    ck_assert(!trainer_has_grad(trainer));

    trainer_advance(trainer, 1 + 10);
    ck_assert(trainer_has_value(trainer, params + 9));
    ck_assert(!trainer_has_value(trainer, params + 10));
    ck_assert(!trainer_has_grad(trainer));

    trainer_advance(trainer, trainer_phase_length(trainer, PHASE_FORWARD) - 10);
    ck_assert_int_eq(trainer->at.phase, PHASE_BACKWARD);
    ck_assert(trainer_has_value(trainer, last));
    ck_assert(trainer_has_grad(trainer));

    trainer_step(trainer);
    ck_assert(trainer_has_value(trainer, last));
    ck_assert(trainer_has_grad(trainer));

    trainer_advance(trainer, 1);
    ck_assert(!trainer_has_value(trainer, params));
    ck_assert(!trainer_has_grad(trainer));
    test_run_close(&run);
}
END_TEST

START_TEST(documents_come_round_again_in_the_shuffled_order)
{
    TestRun run;
    Trainer *trainer = &run.trainer;

    test_run_open(&run, "one-character.txt", "--n-embd 2 --n-head 1 --steps 11");
    ck_assert_int_eq(run.corpus.count, 4);
    for (int64_t step = 0; trainer_step(trainer); step++) {
        size_t length;
        corpus_text(&run.corpus, step % 4, &length);
        ck_assert_int_eq(trainer_document(trainer), step % 4);
        ck_assert_int_eq(trainer->positions, length + 1);
        ck_assert_double_eq(trainer_rate(trainer), adam_rate(&run.settings, step));
    }
    test_run_close(&run);
}
END_TEST

START_TEST(a_document_longer_than_the_block_is_seen_to_its_end_only)
{
    TestRun run;

    test_run_open(&run, "one-document.txt", "--n-embd 2 --n-head 1 --block-size 3");
    ck_assert_int_eq(run.trainer.positions, 3);
    ck_assert_int_eq(run.trainer.token[0], run.corpus.characters);
    ck_assert_int_eq(run.trainer.token[3], corpus_token(&run.corpus, 'r'));
    test_run_close(&run);
}
END_TEST

START_TEST(the_loss_is_kept_step_by_step)
{
    TestRun run;
    Trainer *trainer = &run.trainer;

    open_run(&run, 0);
    while (trainer_step(trainer))
        test_same_bits(&trainer->loss[trainer->at.step - 1], &trainer->value[trainer->loss_node], 1,
                       "loss");
    test_run_close(&run);
}
END_TEST

START_TEST(training_lowers_the_loss)
{
    TestRun run;
    Trainer *trainer = &run.trainer;

    test_run_open(&run, "one-document.txt", "--steps 60");
    while (trainer_step(trainer))
        ;
    ck_assert_double_gt(trainer->loss[0], 1.5);
    ck_assert_double_lt(trainer->loss[59], 0.2);
    test_run_close(&run);
}
END_TEST

/* ---- going back ------------------------------------------------------------------------------ */

typedef struct Keyframe {
    int64_t step;
    double *value, *m, *v;
} Keyframe;

static double *copy(const double *numbers, int32_t count)
{
    double *block = malloc((size_t)count * sizeof *block);

    memcpy(block, numbers, (size_t)count * sizeof *block);
    return block;
}

static Keyframe keyframe(const Trainer *t)
{
    return (Keyframe){t->at.step, copy(t->value, t->gpt.params), copy(t->m, t->gpt.params),
                      copy(t->v, t->gpt.params)};
}

static void keyframe_free(Keyframe *k)
{
    free(k->value);
    free(k->m);
    free(k->v);
}

START_TEST(replaying_from_any_step_gives_the_same_bits)
{
    TestRun straight, run;
    Keyframe keyframes[32];
    int count = 0;
    Rng rng;

    open_run(&straight, _i);
    open_run(&run, _i);
    do
        keyframes[count++] = keyframe(&straight.trainer);
    while (trainer_step(&straight.trainer));
    rng_seed(&rng, 8);
    for (int round = 0; round < 30; round++) {
        const Keyframe *k = &keyframes[rng_below(&rng, (uint32_t)count)];
        trainer_advance(&run.trainer, rng_below(&rng, 30000)); /* wherever it was before */
        memcpy(run.trainer.loss, straight.trainer.loss, (size_t)k->step * sizeof(double));
        trainer_restore(&run.trainer, k->step, k->value, k->m, k->v);
        if (trainer_finished(&run.trainer))
            continue;
        while (trainer_step(&run.trainer))
            test_same_bits(run.trainer.value, keyframes[run.trainer.at.step].value,
                           run.trainer.gpt.params, "parameter");
        test_same_state(&run.trainer, &straight.trainer);
    }
    while (count > 0)
        keyframe_free(&keyframes[--count]);
    test_run_close(&straight);
    test_run_close(&run);
}
END_TEST

START_TEST(a_fresh_trainer_goes_on_from_a_step_of_another)
{
    TestRun straight, run;

    open_run(&straight, 0);
    open_run(&run, 0);
    for (int i = 0; i < 3; i++)
        trainer_step(&straight.trainer);
    Keyframe k = keyframe(&straight.trainer);
    trainer_restore(&run.trainer, k.step, k.value, k.m, k.v);
    ck_assert_int_eq(run.trainer.at.phase, PHASE_FORWARD);
    ck_assert_int_eq(run.trainer.at.n, 0);
    ck_assert(!trainer_has_value(&run.trainer, run.trainer.gpt.params));
    memcpy(run.trainer.loss, straight.trainer.loss, 3 * sizeof(double));
    while (trainer_step(&straight.trainer)) {
        trainer_step(&run.trainer);
        test_same_state(&run.trainer, &straight.trainer);
    }
    keyframe_free(&k);
    test_run_close(&straight);
    test_run_close(&run);
}
END_TEST

START_TEST(restored_to_its_end_a_run_is_finished_with_nothing_computed)
{
    TestRun run;
    Trainer *trainer = &run.trainer;

    open_run(&run, 0);
    while (trainer_step(trainer))
        ;
    Keyframe k = keyframe(trainer);
    trainer_restore(trainer, k.step, k.value, k.m, k.v);
    ck_assert(trainer_finished(trainer));
    ck_assert(!trainer_has_value(trainer, trainer->gpt.params));
    ck_assert(!trainer_has_grad(trainer));
    ck_assert_int_eq(trainer_advance(trainer, 1), 0);
    keyframe_free(&k);
    test_run_close(&run);
}
END_TEST

/* ---- when numbers go wrong ------------------------------------------------------------------- */

START_TEST(a_diverging_run_stops_where_its_loss_is_not_finite)
{
    static const char *const options[] = {
        "--n-embd 6 --n-head 2 --lr 1e10",         "--n-embd 6 --n-head 2 --lr 1e300",
        "--n-embd 6 --n-head 2 --init-std 1e300",  "--n-embd 6 --n-head 2 --beta2 1",
        "--n-embd 6 --n-head 2 --beta1 1 --eps 0", "--n-embd 6 --n-head 2 --init-std 1e10",
    };
    TestRun run;
    Trainer *trainer = &run.trainer;

    test_run_open(&run, "words.txt", options[_i]);
    while (trainer_step(trainer))
        ck_assert(isfinite(trainer->loss[trainer->at.step - 1]));
    ck_assert(trainer_failed(trainer));
    ck_assert(!trainer_finished(trainer));
    ck_assert(!isfinite(trainer->loss[trainer->at.step]));
    ck_assert_int_eq(trainer->at.phase, PHASE_BACKWARD);
    ck_assert_int_eq(trainer_advance(trainer, 1000), 0);
    ck_assert(!trainer_step(trainer));
    test_run_close(&run);
}
END_TEST

START_TEST(a_run_that_failed_can_go_back)
{
    TestRun run, straight;
    const char *options = "--n-embd 6 --n-head 2 --lr 1e10";

    test_run_open(&run, "words.txt", options);
    test_run_open(&straight, "words.txt", options);
    Keyframe k = keyframe(&run.trainer);
    while (trainer_step(&run.trainer))
        ;
    ck_assert(trainer_failed(&run.trainer));
    trainer_restore(&run.trainer, 0, k.value, k.m, k.v);
    ck_assert(!trainer_failed(&run.trainer));
    trainer_step(&run.trainer);
    trainer_step(&straight.trainer);
    test_same_state(&run.trainer, &straight.trainer);
    keyframe_free(&k);
    test_run_close(&run);
    test_run_close(&straight);
}
END_TEST

START_TEST(sizes_that_do_not_fit_leave_nothing_behind)
{
    Corpus corpus;
    Trainer trainer;
    Error error;
    Settings large = test_settings("--n-embd 4096"), odd = test_settings("--n-embd 10");

    ck_assert(corpus_read(&corpus, test_path("data/words.txt").text, &error));
    ck_assert(!trainer_init(&trainer, &large, &corpus, &error));
    test_error_names(&error, "would take ");
    ck_assert_ptr_null(trainer.value);
    ck_assert(!trainer_init(&trainer, &odd, &corpus, &error));
    test_error_names(&error, "n_embd 10 cannot be shared out");
    corpus_release(&corpus);
}
END_TEST

START_TEST(more_memory_than_the_machine_has_is_refused_with_both_numbers)
{
    Settings large = test_settings("--n-embd 1600 --n-layer 64");
    Trainer trainer;
    Corpus corpus;
    Error error;

    ck_assert(corpus_read(&corpus, test_path("data/words.txt").text, &error));
    ck_assert_double_gt(trainer_bytes(&large, corpus_vocab(&corpus)), 1e11);
    if (trainer_bytes(&large, corpus_vocab(&corpus)) > sys_memory()) {
        ck_assert(!trainer_init_closed(&trainer, &large, &corpus, &error));
        test_error_names(&error, "to train a model of n_layer 64, n_embd 1600");
        test_error_names(&error, "GB of memory, this machine has");
        ck_assert_ptr_null(trainer.value);
    }
    corpus_release(&corpus);
}
END_TEST

/* ---- memory ---------------------------------------------------------------------------------- */

/* With the GNU C library every allocation can be counted by standing in front of it; a sanitizer
 * stands there itself. */
#if defined(__SANITIZE_ADDRESS__)
#define COUNTING 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define COUNTING 0
#endif
#endif
#if !defined(COUNTING) && defined(__GLIBC__)
#define COUNTING 1

static long allocations;
static size_t allocated; /* bytes of sys_alloc, which is calloc's */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    allocated += count * size;
    return __libc_calloc(count, size);
}

void *realloc(void *block, size_t size)
{
    allocations++;
    return __libc_realloc(block, size);
}
#endif

#if COUNTING
START_TEST(a_step_allocates_nothing)
{
    TestRun run;
    Trainer *trainer = &run.trainer;

    long before = allocations;
    open_run(&run, _i);
    bool counting = allocations > before; /* under valgrind it is not asked */
    before = allocations;
    while (trainer_step(trainer))
        ;
    ck_assert(!counting || allocations == before);
    test_run_close(&run);
}
END_TEST

static const char *const sizes[] = {"", "--n-embd 6 --n-head 3 --n-layer 3 --block-size 9",
                                    "--n-embd 1 --n-head 1 --block-size 1 --steps 7",
                                    "--n-embd 40 --block-size 33 --n-layer 2"};

/* What opening grows is counted twice: the old numbers are given back. */
START_TEST(a_trainer_takes_the_memory_that_is_stated)
{
    Settings settings = test_settings(sizes[_i]);
    Trainer trainer;
    Corpus corpus;
    Error error;

    ck_assert(corpus_read(&corpus, test_path("data/words.txt").text, &error));
    const int vocab = corpus_vocab(&corpus);
    allocated = 0;
    ck_assert(trainer_init_closed(&trainer, &settings, &corpus, &error));
    const size_t closed = allocated;
    allocated = 0;
    ck_assert(trainer_open(&trainer, &error));
    const size_t opened = allocated - 2 * (size_t)trainer.gpt.params * sizeof(double);
    if (closed > 0) { /* under valgrind it is not asked */
        ck_assert_double_eq(trainer_bytes(&settings, vocab), (double)closed);
        ck_assert_int_eq(gpt_bytes(&settings, vocab), (int64_t)opened);
    }
    trainer_release(&trainer);
    corpus_release(&corpus);
}
END_TEST
#endif

Suite *trainer_suite(void)
{
    Suite *suite = suite_create("trainer");
    TCase *tests = tcase_create("trainer");

    tcase_add_loop_test(tests, operation_by_operation_gives_the_bits_of_whole_steps, 0,
                        COUNT(runs));
    tcase_add_loop_test(tests, any_pieces_of_the_same_length_lead_to_the_same_bits, 0, COUNT(runs));
    tcase_add_loop_test(tests, moments_follow_one_another_as_the_header_says, 0, COUNT(runs));
    tcase_add_loop_test(tests, an_operation_backward_is_one_visit_of_a_node_with_inputs, 0,
                        COUNT(runs));
    tcase_add_test(tests, a_step_can_be_finished_from_any_of_its_moments);
    tcase_add_test(tests, nothing_runs_beyond_the_end);
    tcase_add_test(tests, no_operations_change_nothing);
    tcase_add_test(tests, only_what_is_computed_is_said_to_be_known);
    tcase_add_test(tests, documents_come_round_again_in_the_shuffled_order);
    tcase_add_test(tests, a_document_longer_than_the_block_is_seen_to_its_end_only);
    tcase_add_test(tests, the_loss_is_kept_step_by_step);
    tcase_add_test(tests, training_lowers_the_loss);
    tcase_add_loop_test(tests, replaying_from_any_step_gives_the_same_bits, 0, COUNT(runs));
    tcase_add_test(tests, a_fresh_trainer_goes_on_from_a_step_of_another);
    tcase_add_test(tests, restored_to_its_end_a_run_is_finished_with_nothing_computed);
    tcase_add_loop_test(tests, a_diverging_run_stops_where_its_loss_is_not_finite, 0, 6);
    tcase_add_test(tests, a_run_that_failed_can_go_back);
    tcase_add_test(tests, sizes_that_do_not_fit_leave_nothing_behind);
    tcase_add_test(tests, more_memory_than_the_machine_has_is_refused_with_both_numbers);
#if COUNTING
    tcase_add_loop_test(tests, a_step_allocates_nothing, 0, COUNT(runs));
    tcase_add_loop_test(tests, a_trainer_takes_the_memory_that_is_stated, 0, COUNT(sizes));
#endif
    suite_add_tcase(suite, tests);
    return suite;
}
