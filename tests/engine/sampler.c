#include "engine/sampler.h"

#include "suites.h"
#include "support.h"
#include <math.h>
#include <string.h>

/* A sampler for a run's model. */
static void open_sampler(Sampler *sampler, const TestRun *run)
{
    Error error;

    ck_assert_msg(sampler_init(sampler, &run->settings, corpus_vocab(&run->corpus), &error), "%s",
                  error.text);
}

static void write_text(Sampler *sampler, const TestRun *run, double temperature, Rng *rng)
{
    sampler_begin(sampler, run->trainer.value);
    while (sampler_next(sampler, temperature, rng))
        ;
}

START_TEST(the_same_numbers_give_the_same_text)
{
    TestRun run;
    Sampler first, second;
    Rng a, b;

    test_run_open(&run, "words.txt", "--n-embd 6 --n-head 2");
    open_sampler(&first, &run);
    open_sampler(&second, &run);
    rng_seed(&a, 3);
    b = a;
    for (int i = 0; i < 20; i++) {
        write_text(&first, &run, 0.5, &a);
        write_text(&second, &run, 0.5, &b);
        ck_assert_int_eq(first.length, second.length);
        ck_assert_mem_eq(first.token, second.token, (size_t)first.length * sizeof(int));
    }
    sampler_release(&first);
    sampler_release(&second);
    test_run_close(&run);
}
END_TEST

START_TEST(a_text_ends_at_bos_or_at_the_block_size)
{
    TestRun run;
    Sampler sampler;
    Rng rng;
    int ended_by_bos = 0, ended_by_size = 0;

    test_run_open(&run, "words.txt", "--n-embd 4 --n-head 1 --block-size 9");
    open_sampler(&sampler, &run);
    rng_seed(&rng, 3);
    const int bos = run.corpus.characters;
    for (int i = 0; i < 200; i++) {
        write_text(&sampler, &run, 1, &rng);
        ck_assert(sampler.ended);
        ck_assert_int_eq(sampler.token[0], bos);
        ck_assert_int_le(sampler.length, 1 + 9);
        for (int t = 1; t < sampler.length; t++)
            ck_assert(0 <= sampler.token[t] && sampler.token[t] < bos);
        *(sampler.length < 10 ? &ended_by_bos : &ended_by_size) += 1;
    }
    ck_assert_int_gt(ended_by_bos, 0);
    ck_assert_int_gt(ended_by_size, 0);
    sampler_release(&sampler);
    test_run_close(&run);
}
END_TEST

START_TEST(after_its_end_a_text_draws_no_more)
{
    TestRun run;
    Sampler sampler;
    Rng rng;

    test_run_open(&run, "words.txt", "--n-embd 4 --n-head 1 --block-size 5");
    open_sampler(&sampler, &run);
    rng_seed(&rng, 3);
    for (int i = 0; i < 50; i++) {
        write_text(&sampler, &run, 1, &rng);
        Rng untouched = rng;
        int length = sampler.length;
        ck_assert(!sampler_next(&sampler, 1, &rng));
        ck_assert_int_eq(sampler.length, length);
        ck_assert(test_same_numbers(&rng, &untouched));
    }
    sampler_release(&sampler);
    test_run_close(&run);
}
END_TEST

START_TEST(each_token_takes_one_random_number)
{
    TestRun run;
    Sampler sampler;
    Rng rng, counted;

    test_run_open(&run, "words.txt", "--n-embd 4 --n-head 1");
    open_sampler(&sampler, &run);
    rng_seed(&rng, 3);
    sampler_begin(&sampler, run.trainer.value);
    do
        counted = rng, rng_random(&counted);
    while (sampler_next(&sampler, 1, &rng) && test_same_numbers(&counted, &rng));
    ck_assert(sampler.ended);
    sampler_release(&sampler);
    test_run_close(&run);
}
END_TEST

START_TEST(a_token_is_drawn_in_proportion_to_the_weights_shown)
{
    TestRun run;
    Sampler sampler;
    Rng rng;
    double sum = 0;

    test_run_open(&run, "words.txt", "--n-embd 4 --n-head 1");
    open_sampler(&sampler, &run);
    rng_seed(&rng, 3);
    const int vocab = sampler.gpt.vocab;
    sampler_begin(&sampler, run.trainer.value);
    while (sampler_next(&sampler, 0.7, &rng)) {
        int token = sampler.token[sampler.length - 1];
        ck_assert_double_lt(sampler.drawn, sampler.running[token]);
        ck_assert_double_ge(sampler.drawn, token ? sampler.running[token - 1] : 0);
        ck_assert_double_eq_tol(sampler.running[vocab - 1], 1, 1e-14);
    }
    for (int i = 0; i < vocab; i++) {
        sum = sum + sampler.weight[i];
        ck_assert_double_eq(sampler.running[i], sum);
    }
    sampler_release(&sampler);
    test_run_close(&run);
}
END_TEST

START_TEST(at_temperature_1_the_weights_are_the_probabilities_of_training)
{
    TestRun run;
    Sampler sampler;
    Rng rng;
    Trainer *trainer = &run.trainer;

    test_run_open(&run, "words.txt", "--n-embd 6 --n-head 2 --n-layer 2");
    open_sampler(&sampler, &run);
    rng_seed(&rng, 4);
    write_text(&sampler, &run, 1, &rng);
    ck_assert_int_gt(sampler.length, 2);
    gpt_record_document(&trainer->gpt, &trainer->tape, sampler.token, sampler.length - 1);
    tape_forward(&trainer->tape, trainer->value, 0, trainer->tape.count);
    for (int pos = 0; pos < sampler.length - 1; pos++) {
        Place place = {PART_PROBS, pos, -1, -1};
        TapeRange mine = gpt_span(&sampler.gpt, place)->out;
        TapeRange theirs = gpt_span(&trainer->gpt, place)->out;
        for (int i = 0; i < mine.count; i++)
            test_same_bits(&sampler.value[mine.first + i * mine.stride],
                           &trainer->value[theirs.first + i * theirs.stride], 1, "probability");
    }
    sampler_release(&sampler);
    test_run_close(&run);
}
END_TEST

START_TEST(a_low_temperature_takes_the_most_likely_token)
{
    TestRun run;
    Sampler sampler;
    Rng rng;

    test_run_open(&run, "words.txt", "--init-std 1 --n-embd 8 --n-head 2");
    open_sampler(&sampler, &run);
    rng_seed(&rng, 3);
    sampler_begin(&sampler, run.trainer.value);
    while (sampler_next(&sampler, 0.001, &rng))
        for (int i = 0, token = sampler.token[sampler.length - 1]; i < sampler.gpt.vocab; i++)
            ck_assert_double_le(sampler.weight[i], sampler.weight[token]);
    sampler_release(&sampler);
    test_run_close(&run);
}
END_TEST

START_TEST(a_high_temperature_makes_all_tokens_nearly_equal)
{
    TestRun run;
    Sampler sampler;
    Rng rng;

    test_run_open(&run, "words.txt", "--n-embd 8 --n-head 2");
    open_sampler(&sampler, &run);
    rng_seed(&rng, 3);
    write_text(&sampler, &run, 1000, &rng);
    for (int i = 0; i < sampler.gpt.vocab; i++)
        ck_assert_double_eq_tol(sampler.weight[i], 1.0 / sampler.gpt.vocab, 1e-4);
    sampler_release(&sampler);
    test_run_close(&run);
}
END_TEST

START_TEST(writing_between_steps_does_not_change_the_training)
{
    TestRun alone, watched;
    Sampler sampler;
    Rng rng;

    test_run_open(&alone, "words.txt", "--n-embd 6 --n-head 2 --steps 5");
    test_run_open(&watched, "words.txt", "--n-embd 6 --n-head 2 --steps 5");
    open_sampler(&sampler, &watched);
    rng_seed(&rng, 3);
    while (trainer_step(&alone.trainer)) {
        write_text(&sampler, &watched, 0.5, &rng);
        trainer_advance(&watched.trainer, 1000);
        write_text(&sampler, &watched, 0.5, &rng);
        trainer_step(&watched.trainer);
        test_same_state(&watched.trainer, &alone.trainer);
    }
    ck_assert(test_same_numbers(&watched.trainer.rng, &alone.trainer.rng));
    sampler_release(&sampler);
    test_run_close(&alone);
    test_run_close(&watched);
}
END_TEST

START_TEST(a_text_can_be_begun_again_with_the_parameters_of_the_text_before)
{
    TestRun run;
    Sampler copied, kept;
    Rng a, b;

    test_run_open(&run, "words.txt", "--n-embd 6 --n-head 2");
    open_sampler(&copied, &run);
    open_sampler(&kept, &run);
    rng_seed(&a, 3);
    b = a;
    write_text(&copied, &run, 1, &a);
    write_text(&kept, &run, 1, &b);
    write_text(&copied, &run, 1, &a);
    sampler_begin(&kept, NULL);
    while (sampler_next(&kept, 1, &b))
        ;
    ck_assert_int_eq(kept.length, copied.length);
    ck_assert_mem_eq(kept.token, copied.token, (size_t)kept.length * sizeof(int));
    sampler_release(&copied);
    sampler_release(&kept);
    test_run_close(&run);
}
END_TEST

START_TEST(a_model_too_large_cannot_write)
{
    Settings settings = test_settings("--n-embd 4096");
    Sampler sampler;
    Error error;

    ck_assert(!sampler_init(&sampler, &settings, 27, &error));
    test_error_names(&error, "n_embd 4096");
}
END_TEST

START_TEST(what_is_read_counts_as_if_it_had_been_drawn)
{
    TestRun run;
    Sampler drawn, read;
    Rng rng, before;

    test_run_open(&run, "words.txt", "--n-embd 6 --n-head 2 --block-size 7");
    open_sampler(&drawn, &run);
    open_sampler(&read, &run);
    rng_seed(&rng, 4);
    write_text(&drawn, &run, 0.7, &rng);
    before = rng;
    ck_assert_int_gt(drawn.length, 2);
    sampler_begin(&read, run.trainer.value);
    for (int i = 1; i < drawn.length; i++)
        ck_assert(sampler_read(&read, 0.7, drawn.token[i]));
    ck_assert_int_eq(read.length, drawn.length);
    ck_assert_mem_eq(&rng, &before, sizeof rng);
    ck_assert_mem_eq(read.token, drawn.token, (size_t)drawn.length * sizeof(int));
    const int32_t nodes = read.tape.count;
    ck_assert_int_le(nodes, drawn.tape.count);
    test_same_bits(read.value, drawn.value, (size_t)nodes, "node");
    while (sampler_read(&read, 0.7, 0))
        ck_assert_int_le(read.length, 8);
    ck_assert_int_eq(read.length, 8);
    ck_assert(read.ended);
    sampler_release(&drawn);
    sampler_release(&read);
    test_run_close(&run);
}
END_TEST

/* ---- the cache ------------------------------------------------------------------------------- */

/* In the fused kernels and on the tape: the same operations, so the same bits. */
START_TEST(without_the_cache_the_bits_are_the_same)
{
    TestRun run;
    Sampler with, without;
    Rng a, b;
    Error error;

    test_run_open(&run, "words.txt",
                  "--n-layer 2 --n-embd 6 --n-head 2 --block-size 9 --init-std 0.4");
    open_sampler(&with, &run);
    run.settings.kv_cache = 0;
    open_sampler(&without, &run);
    if (_i > 0) {
        ck_assert(sampler_hurry(&with, &with.gpt.options, NULL, &error));
        ck_assert(sampler_hurry(&without, &without.gpt.options, NULL, &error));
    }
    rng_seed(&a, 3);
    b = a;
    for (int i = 0; i < 20; i++) {
        bool goes_on = true;
        sampler_begin(&with, run.trainer.value);
        sampler_begin(&without, run.trainer.value);
        while (goes_on) {
            goes_on = sampler_next(&with, 0.7, &a);
            ck_assert_int_eq(sampler_next(&without, 0.7, &b), goes_on);
            test_same_bits(with.weight, without.weight, with.gpt.vocab, "weight");
        }
        ck_assert_int_eq(with.tape.count, without.tape.count);
        test_same_bits(with.value, without.value, with.tape.count, "value");
    }
    sampler_release(&without);
    sampler_release(&with);
    test_run_close(&run);
}
END_TEST

/* A key that is spoilt once it is made is read by whoever keeps it. */
START_TEST(only_with_the_cache_what_was_made_before_is_read)
{
    TestRun run;
    Sampler kept, anew, sound;
    Sampler *const all[] = {&kept, &anew, &sound};

    test_run_open(&run, "words.txt", "--n-embd 6 --n-head 2 --block-size 9 --init-std 0.4");
    for (int i = 0; i < 3; i++) {
        run.settings.kv_cache = i != 1;
        open_sampler(all[i], &run);
        sampler_begin(all[i], run.trainer.value);
        ck_assert(sampler_read(all[i], 1, 5));
        if (i < 2)
            all[i]->value[gpt_span(&all[i]->gpt, (Place){PART_K, 0, 0, -1})->out.first] = 99;
        ck_assert(sampler_read(all[i], 1, 7));
    }
    const size_t bytes = (size_t)kept.gpt.vocab * sizeof *kept.weight;
    ck_assert_mem_ne(kept.weight, sound.weight, bytes);
    ck_assert_mem_eq(anew.weight, sound.weight, bytes);
    for (int i = 0; i < 3; i++)
        sampler_release(all[i]);
    test_run_close(&run);
}
END_TEST

Suite *sampler_suite(void)
{
    Suite *suite = suite_create("sampler");
    TCase *tests = tcase_create("sampler");

    tcase_add_test(tests, the_same_numbers_give_the_same_text);
    tcase_add_test(tests, a_text_ends_at_bos_or_at_the_block_size);
    tcase_add_test(tests, after_its_end_a_text_draws_no_more);
    tcase_add_test(tests, each_token_takes_one_random_number);
    tcase_add_test(tests, a_token_is_drawn_in_proportion_to_the_weights_shown);
    tcase_add_test(tests, at_temperature_1_the_weights_are_the_probabilities_of_training);
    tcase_add_test(tests, a_low_temperature_takes_the_most_likely_token);
    tcase_add_test(tests, a_high_temperature_makes_all_tokens_nearly_equal);
    tcase_add_test(tests, writing_between_steps_does_not_change_the_training);
    tcase_add_test(tests, a_text_can_be_begun_again_with_the_parameters_of_the_text_before);
    tcase_add_test(tests, a_model_too_large_cannot_write);
    tcase_add_test(tests, what_is_read_counts_as_if_it_had_been_drawn);
    tcase_add_loop_test(tests, without_the_cache_the_bits_are_the_same, 0, 2);
    tcase_add_test(tests, only_with_the_cache_what_was_made_before_is_read);
    suite_add_tcase(suite, tests);
    return suite;
}
