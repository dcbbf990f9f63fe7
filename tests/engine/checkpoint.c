#include "engine/checkpoint.h"

#include "engine/safetensors.h"
#include "engine/sampler.h"
#include "engine/sys.h"
#include "saved.h"
#include "scratch.h"
#include "suites.h"
#include "support.h"
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

/* The sanitizer's own tables are larger than any limit on memory. */
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void steps(Trainer *trainer, int count)
{
    for (int i = 0; i < count; i++)
        ck_assert(trainer_step(trainer));
}

static void save(const Trainer *trainer, const char *path)
{
    Error error;
    ck_assert_msg(checkpoint_save(trainer, path, &error), "%s", error.text);
}

/* A new run that stands where the saved one stood. */
static void load(TestRun *run, const char *path, const char *data, const char *options)
{
    Checkpoint checkpoint;
    Error error;
    test_run_open(run, data, options);
    ck_assert_msg(checkpoint_read(&checkpoint, path, &error), "%s", error.text);
    ck_assert_msg(checkpoint_restore(&checkpoint, &run->trainer, &error), "%s", error.text);
    checkpoint_release(&checkpoint);
}

/* ---- going on -------------------------------------------------------------------------------- */

static void expect_same_rng(const Rng *a, const Rng *b)
{
    ck_assert_mem_eq(a->word, b->word, sizeof a->word);
    ck_assert_int_eq(a->next, b->next);
    ck_assert(a->gauss_kept == b->gauss_kept);
    ck_assert(!a->gauss_kept || a->gauss_next == b->gauss_next);
}

static void expect_same_samples(Trainer *a, Trainer *b)
{
    Trainer *trainers[] = {a, b};
    int tokens[2][64] = {{0}}, count[2] = {0};
    for (int i = 0; i < 2; i++) {
        Sampler sampler;
        Error error;
        Rng rng = trainers[i]->rng;
        ck_assert(sampler_init(&sampler, &trainers[i]->settings, trainers[i]->gpt.vocab, &error));
        while (count[i] < 64) {
            sampler_begin(&sampler, trainers[i]->value);
            while (sampler_next(&sampler, 0.8, &rng) && count[i] < 63)
                tokens[i][count[i]++] = sampler.token[sampler.length - 1];
            tokens[i][count[i]++] = -1;
        }
        sampler_release(&sampler);
    }
    ck_assert_mem_eq(tokens[0], tokens[1], sizeof tokens[0]);
}

static const struct {
    const char *data, *options;
} runs[] = {
    {"words.txt", "--steps 9 --n-embd 8 --n-head 2 --block-size 6"},
    {"letters.txt", "--steps 9 --n-embd 6 --n-head 3 --n-layer 2 --block-size 5 --seed 7 --lr 0.1"},
    {"one-character.txt", "--steps 9 --n-embd 4 --n-head 1 --beta1 0 --init-std 1e-300"},
};

START_TEST(a_run_that_is_saved_and_loaded_goes_on_with_the_same_bits)
{
    const char *data = runs[_i].data, *options = runs[_i].options;
    for (int stop = 0; stop <= 9; stop += 3) {
        TestRun whole, first, second;
        test_run_open(&whole, data, options);
        test_run_open(&first, data, options);
        steps(&first.trainer, stop);
        save(&first.trainer, "run");
        load(&second, "run", data, options);
        steps(&whole.trainer, 9);
        steps(&second.trainer, 9 - stop);
        test_same_bits(whole.trainer.value, second.trainer.value, whole.trainer.gpt.params,
                       "value");
        test_same_bits(whole.trainer.m, second.trainer.m, whole.trainer.gpt.params, "m");
        test_same_bits(whole.trainer.v, second.trainer.v, whole.trainer.gpt.params, "v");
        test_same_bits(whole.trainer.loss, second.trainer.loss, 9, "loss");
        expect_same_rng(&whole.trainer.rng, &second.trainer.rng);
        expect_same_samples(&whole.trainer, &second.trainer);
        test_run_close(&whole);
        test_run_close(&first);
        test_run_close(&second);
    }
}
END_TEST

START_TEST(what_is_loaded_and_saved_again_is_the_same_file)
{
    TestRun run, again;
    char *bytes[2];
    size_t length[2];
    test_run_open(&run, runs[1].data, runs[1].options);
    steps(&run.trainer, 4);
    rng_gauss(&run.trainer.rng, 0, 1);
    ck_assert(run.trainer.rng.gauss_kept);
    save(&run.trainer, "one");
    load(&again, "one", runs[1].data, runs[1].options);
    expect_same_rng(&run.trainer.rng, &again.trainer.rng);
    save(&again.trainer, "two");
    ck_assert(sys_read_file("one", 1 << 24, &bytes[0], &length[0], NULL));
    ck_assert(sys_read_file("two", 1 << 24, &bytes[1], &length[1], NULL));
    ck_assert_uint_eq(length[0], length[1]);
    ck_assert_mem_eq(bytes[0], bytes[1], length[0]);
    sys_free(bytes[0]);
    sys_free(bytes[1]);
    test_run_close(&run);
    test_run_close(&again);
}
END_TEST

START_TEST(a_step_under_way_is_not_saved)
{
    TestRun run, again;
    test_run_open(&run, runs[0].data, runs[0].options);
    steps(&run.trainer, 2);
    trainer_advance(&run.trainer, 100);
    save(&run.trainer, "run");
    load(&again, "run", runs[0].data, runs[0].options);
    ck_assert_int_eq(again.trainer.at.step, 2);
    steps(&run.trainer, 1);
    steps(&again.trainer, 1);
    test_same_state(&run.trainer, &again.trainer);
    test_run_close(&run);
    test_run_close(&again);
}
END_TEST

START_TEST(a_saved_run_tells_what_it_is)
{
    TestRun run;
    Checkpoint checkpoint;
    Error error;
    test_run_open(&run, "letters.txt", runs[1].options);
    steps(&run.trainer, 2);
    save(&run.trainer, "run");
    ck_assert_msg(checkpoint_read(&checkpoint, "run", &error), "%s", error.text);
    ck_assert_mem_eq(&checkpoint.settings, &run.settings, sizeof run.settings);
    ck_assert_int_eq(checkpoint.step, 2);
    ck_assert_str_eq(checkpoint.data, "letters.txt");
    ck_assert_int_eq(checkpoint.documents, run.corpus.count);
    ck_assert_int_eq(checkpoint.characters, run.corpus.characters);
    ck_assert_mem_eq(checkpoint.character, run.corpus.character,
                     (size_t)run.corpus.characters * sizeof(uint32_t));
    ck_assert_int_eq(checkpoint.params, run.trainer.gpt.params);
    checkpoint_release(&checkpoint);
    test_run_close(&run);
}
END_TEST

START_TEST(a_run_goes_on_only_with_its_own_shape_alphabet_and_steps)
{
    static const struct {
        const char *data, *options, *error;
    } rows[] = {
        {"words.txt", "--steps 9 --n-embd 8 --n-head 4 --block-size 6",
         "the saved run has a model of another shape"},
        {"words.txt", "--steps 9 --n-embd 8 --n-head 2 --block-size 7",
         "the saved run has a model of another shape"},
        {"letters.txt", "--steps 9 --n-embd 8 --n-head 2 --block-size 6",
         "the saved run has other characters"},
        {"words.txt", "--steps 4 --n-embd 8 --n-head 2 --block-size 6",
         "the saved run has already done 5 steps: it cannot end after 4"},
    };
    TestRun run;
    Checkpoint checkpoint;
    test_run_open(&run, runs[0].data, runs[0].options);
    steps(&run.trainer, 5);
    save(&run.trainer, "run");
    ck_assert(checkpoint_read(&checkpoint, "run", NULL));
    for (size_t i = 0; i < COUNT(rows); i++) {
        TestRun other;
        Error error = {""};
        test_run_open(&other, rows[i].data, rows[i].options);
        ck_assert(!checkpoint_restore(&checkpoint, &other.trainer, &error));
        test_error(&error, rows[i].error);
        test_run_close(&other);
    }
    checkpoint_release(&checkpoint);
    test_run_close(&run);
}
END_TEST

/* ---- saving ---------------------------------------------------------------------------------- */

START_TEST(a_run_that_went_to_infinity_is_not_saved)
{
    double *places[] = {NULL, NULL, NULL};
    TestRun run;
    test_run_open(&run, runs[0].data, runs[0].options);
    steps(&run.trainer, 1);
    scratch_put("run", "old");
    places[0] = run.trainer.value, places[1] = run.trainer.m, places[2] = run.trainer.v;
    for (int i = 0; i < 3; i++) {
        Error error = {""};
        double before = places[i][3];
        places[i][3] = i ? INFINITY : NAN;
        ck_assert(!checkpoint_save(&run.trainer, "run", &error));
        test_error(&error, "run: not saved: the training of wte has gone to infinity");
        scratch_expect("run", "old");
        places[i][3] = before;
    }
    save(&run.trainer, "run");
    test_run_close(&run);
}
END_TEST

START_TEST(a_run_too_large_to_be_saved_is_told_before_it_begins)
{
    Settings settings = test_settings("--steps 8000000");
    Error error = {""};
    ck_assert(checkpoint_fits(&settings, 27, &error));
    settings.steps = 10000000;
    ck_assert(!checkpoint_fits(&settings, 27, &error));
    test_error(&error,
               "a run of this model and 10000000 steps takes 77 MB when saved, the limit is 64 MB");
    settings = test_settings("--n-embd 1024 --n-layer 1");
    ck_assert(!checkpoint_fits(&settings, 27, &error));
    settings = test_settings("--n-embd 4096 --n-layer 64 --block-size 4096");
    ck_assert(!checkpoint_fits(&settings, 1114112, &error));
}
END_TEST

START_TEST(a_full_disk_leaves_the_old_saved_run_whole)
{
    struct rlimit limit = {4096, RLIM_INFINITY};
    Saved saved = saved_run();
    TestRun run;
    Checkpoint checkpoint;
    Error error = {""};
    test_run_open(&run, runs[0].data, runs[0].options);
    signal(SIGXFSZ, SIG_IGN);
    ck_assert(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    bool good = checkpoint_save(&run.trainer, "saved.safetensors", &error);
    limit.rlim_cur = RLIM_INFINITY;
    ck_assert(setrlimit(RLIMIT_FSIZE, &limit) == 0 && !good);
    test_error(&error, "saved.safetensors: File too large");
    ck_assert_int_eq(scratch_entries(), 1);
    ck_assert(checkpoint_read(&checkpoint, "saved.safetensors", &error));
    ck_assert_int_eq(checkpoint.step, 2);
    checkpoint_release(&checkpoint);
    saved_release(&saved);
    test_run_close(&run);
}
END_TEST

/* ---- damage ---------------------------------------------------------------------------------- */

/* Check notes each of its assertions in a file, which takes longer than the reading: so here is
 * none until one fails. */
static void expect_refused(const char *bytes, size_t length, const char *why, const char *what,
                           size_t where)
{
    static const char path[] = "a/path";
    Checkpoint checkpoint;
    Error error = {""};
    if (checkpoint_parse(&checkpoint, bytes, length, path, &error) || checkpoint.value)
        ck_abort_msg("%s %zu passes", what, where);
    if (strncmp(error.text, "a/path: ", 8) != 0 || strlen(error.text) < 12 ||
        !strstr(error.text, why))
        ck_abort_msg("%s %zu is refused with `%s`", what, where, error.text);
}

/* Each is read from a block of its own length, so that a byte read beyond it is noticed. */
START_TEST(a_run_cut_short_anywhere_is_refused)
{
    Saved saved = saved_run();
    for (size_t length = 0; length < saved.length; length++) {
        char *bytes = sys_alloc(length, 1);
        memcpy(bytes, saved.bytes, length);
        expect_refused(bytes, length, length < 8 ? "it has only" : "cut short", "a file cut to",
                       length);
        sys_free(bytes);
    }
    saved_release(&saved);
}
END_TEST

/* Half of the file is the 5,000 digits of the random numbers, each as good as the other: unless the
 * long checks are asked for, every sixth is tried. */
START_TEST(a_run_with_any_bit_flipped_is_refused)
{
    Saved saved = saved_run();
    Checkpoint checkpoint;
    long flips = 0;
    size_t digits = saved_find(&saved, "\"rng\":\"") + 8, end = digits + 8 * RNG_WORDS;
    for (size_t i = 0; i < saved.length; i += i >= digits && i + 6 < end && !test_full() ? 6 : 1)
        for (int bit = 0; bit < 8; bit++) {
            saved.bytes[i] ^= (char)(1 << bit);
            expect_refused(saved.bytes, saved.length, "", "a flipped bit of byte", i);
            saved.bytes[i] ^= (char)(1 << bit);
            flips++;
        }
    printf("%zu lengths and %ld flipped bits of a saved run refused\n", saved.length, flips);
    fflush(stdout);
    ck_assert(checkpoint_parse(&checkpoint, saved.bytes, saved.length, "run", NULL));
    checkpoint_release(&checkpoint);
    saved_release(&saved);
}
END_TEST

START_TEST(bytes_behind_the_run_are_refused)
{
    Saved saved = saved_run();
    Checkpoint checkpoint;
    Error error;
    saved.bytes = sys_resize(saved.bytes, saved.length + 8, 1);
    memset(saved.bytes + saved.length, 0, 8);
    saved.length += 8;
    saved_seal(&saved);
    ck_assert(!checkpoint_parse(&checkpoint, saved.bytes, saved.length, "run", &error));
    test_error(&error, "run: damaged: 8 bytes stand behind its data");
    saved_release(&saved);
}
END_TEST

START_TEST(a_header_that_lies_about_its_length_is_refused)
{
    static const uint64_t lengths[] = {
        0,          1,          7,          1 << 20,        (1 << 20) + 1,
        1ull << 31, 1ull << 32, 1ull << 63, UINT64_MAX - 7, UINT64_MAX,
    };
    Saved saved = saved_run();
    for (size_t i = 0; i < COUNT(lengths); i++) {
        for (int byte = 0; byte < 8; byte++)
            saved.bytes[byte] = (char)(lengths[i] >> 8 * byte & 0xff);
        expect_refused(saved.bytes, saved.length, "", "header length", i);
    }
    saved_release(&saved);
}
END_TEST

/* ---- lies: the seal is right, the file is not ------------------------------------------------ */

static const struct {
    const char *from, *to, *error;
} lies[] = {
    /* arrays */
    {"\"F64\"", "\"F32\"", "wte has the type F32, not F64"},
    {"\"F64\"", "1", "wte is not described by dtype, shape and data_offsets"},
    {"{\"dtype\":\"F64\",", "{", "wte is not described by dtype, shape and data_offsets"},
    {"{\"dtype\":\"F64\",", "{\"dtype\":\"F64\",\"x\":1,", "wte is not described by dtype"},
    {"{\"dtype\":\"F64\",\"shape\":[3,2],\"data_offsets\":[0,48]}", "[]", "wte is not described"},
    {"[3,2]", "[2,3]", "wte is not of 3 rows and 2 columns"},
    {"[3,2]", "[6]", "wte is not of 3 rows and 2 columns"},
    {"[3,2]", "[3,2,1]", "wte is not of 3 rows and 2 columns"},
    {"[3,2]", "[3,2,1,1,1]", "wte has no possible shape"},
    {"[3,2]", "[3,3]", "the data_offsets of wte do not fit its shape"},
    {"[3,2]", "[-3,-2]", "wte has no possible shape"},
    {"[3,2]", "[3.0,2]", "wte has no possible shape"},
    {"[3,2]", "[\"3\",2]", "wte has no possible shape"},
    {"[3,2]", "\"3,2\"", "wte has no possible shape"},
    {"[3,2]", "[4611686018427387904,4,2]", "wte has no possible shape"},
    {"[3,2]", "[2305843009213693952]", "wte has no possible shape"},
    {"[3,2]", "[2305843009213693951]", "the data_offsets of wte do not fit its shape"},
    {"[3,2]", "[9223372036854775808]", "in the header"},
    {"[3,2]", "[1e300]", "wte has no possible shape"},
    {"[3,2]", "[1e999]", "in the header"},
    {"[3,2],\"data_offsets\":[0,48]", "[2305843009213693946],\"data_offsets\":[48,0]",
     "the data_offsets of wte do not fit its shape"},
    {"[0,48]", "[0]", "the data_offsets of wte do not fit its shape"},
    {"[0,48]", "[48,0]", "the data_offsets of wte do not fit its shape"},
    {"[0,48]", "[-48,0]", "the data_offsets of wte do not fit its shape"},
    {"[0,48]", "[0,48,48]", "the data_offsets of wte do not fit its shape"},
    {"[0,48]", "[0,40]", "the data_offsets of wte do not fit its shape"},
    {"[0,48]", "[4,52]", "the data_offsets of wte cannot be"},
    {"[0,48]", "[9223372036854775752,9223372036854775800]", "the data_offsets of wte cannot be"},
    {"[0,48]", "[8,56]", "the data of wte leave a gap before them"},
    {"[48,80]", "[40,72]", "the data of wpe overlap others"},
    {"[48,80]", "[0,32]", "the data of wte overlap others"},
    {"[48,80]", "[56,88]", "the data of wpe leave a gap before them"},
    {"\"wpe\"", "\"wte\"", "duplicate"},
    {"\"wpe\"", "\"\\u0077te\"", "duplicate"},
    {"\"wpe\"", "\"wpf\"", "it lacks wpe"},
    {"\"wte\"", "\"more\":{\"dtype\":\"F64\",\"shape\":[0],\"data_offsets\":[0,0]},\"wte\"",
     "it holds more than a saved run: 29 arrays, not 28"},
    {"\"adam.v.layer0.mlp_fc2\"", "\"adam.v.layer1.mlp_fc2\"", "it lacks adam.v.layer0.mlp_fc2"},
    {"\"history.loss\"", "\"history.losses\"",
     "history.loss does not hold one loss for each of the 2 steps"},
    {"\"step\":\"2\"", "\"step\":\"1\"",
     "history.loss does not hold one loss for each of the 1 steps"},
    /* the header as a whole */
    {"{\"__metadata__\"", "{\"__metadata_\"", "it has no __metadata__"},
    {"{\"__metadata__\":{", "{\"__metadata__\":[{}],\"x\":{", "it has no __metadata__"},
    {"{\"__metadata__\"", "{}{\"__metadata__\"", "in the header"},
    {"\"sha256\"", "\"sha255\"", "it has no seal"},
    {"\"step\":\"2\"", "\"step\":2", "step in its __metadata__ is no text"},
    {"\"step\":\"2\"", "\"step\":\"2\",\"step\":\"2\"", "duplicate"},
    {"\"step\":\"2\"", "\"step\":\"2\",\"more\":\"2\"",
     "it holds more than a saved run: "},
    {"\"step\":\"2\"", "\"stop\":\"2\"", "it lacks step"},
    {"gptoscope 1", "gptoscope 2",
     "saved in the format gptoscope 2: this program reads gptoscope 1"},
    {"gptoscope 1", "gptoscope 1\\u0000", "in the header"},
    {"gptoscope 1", "gptoscope 1\xff", "in the header"},
    /* settings */
    {"\"steps\":\"3\"", "\"steps\":\"1e300\"", "steps: 1e300 is not"},
    {"\"steps\":\"3\"", "\"steps\":\"99999999999999999999\"", "steps: 99999999999999999999 is not"},
    {"\"steps\":\"3\"", "\"steps\":\"0\"", "steps: 0 is not from 1"},
    {"\"steps\":\"3\"", "\"steps\":\"1\"", "step: 2 is not from 0 to 1"},
    {"\"steps\":\"3\"", "\"steps\":\"10000000\"", "steps takes 77 MB when saved"},
    {"\"n_embd\":\"2\"", "\"n_embd\":\"1e300\"", "n_embd: 1e300 is not"},
    {"\"n_embd\":\"2\"", "\"n_embd\":\"-2\"", "n_embd: -2 is not"},
    {"\"n_embd\":\"2\"", "\"n_embd\":\"4\"", "wte is not of 3 rows and 4 columns"},
    {"\"n_embd\":\"2\"", "\"n_embd\":\"4096\"", "MB when saved, the limit is 64 MB"},
    {"\"n_embd\":\"2\"", "\"n_embd\":\"\"", "n_embd:  is not a whole number"},
    {"\"n_head\":\"1\"", "\"n_head\":\"3\"", "n_head 3"},
    {"\"n_layer\":\"1\"", "\"n_layer\":\"64\"", "it lacks layer1.attn_wq"},
    {"\"block_size\":\"2\"", "\"block_size\":\"3\"", "wpe is not of 3 rows and 2 columns"},
    {"\"block_size\":\"2\"", "\"block_size\":\"4096\"", "wpe is not of 4096 rows and 2 columns"},
    {"\"lr\":\"0.01", "\"lr\":\"1e301", "lr: 1e301 is not"},
    {"\"lr\":\"0.01", "\"lr\":\"nan", "lr: nan is not a number"},
    {"\"lr\":\"0.01", "\"lr\":\"inf", "lr: inf is not"},
    {"\"samples\":\"20\"", "\"samples\":\"-1\"", "samples: -1 is not"},
    /* the rest */
    {"\"step\":\"2\"", "\"step\":\"-1\"", "step: -1 is not a whole number"},
    {"\"step\":\"2\"", "\"step\":\"\"", "step:  is not from 0 to 3"},
    {"\"step\":\"2\"", "\"step\":\"+2\"", "step: +2 is not a whole number"},
    {"\"step\":\"2\"", "\"step\":\"4\"", "step: 4 is not from 0 to 3"},
    {"\"step\":\"2\"", "\"step\":\"18446744073709551618\"",
     "step: 18446744073709551618 is not a whole number"},
    {"\"documents\":\"2\"", "\"documents\":\"0\"", "documents: 0 is not from 1"},
    {"\"documents\":\"2\"", "\"documents\":\"99999999\"", "documents: 99999999 is not from 1"},
    {"\"characters\":\"ab\"", "\"characters\":\"ba\"",
     "characters: U+0061 does not come after U+0062"},
    {"\"characters\":\"ab\"", "\"characters\":\"aa\"",
     "characters: U+0061 does not come after U+0061"},
    {"\"characters\":\"ab\"", "\"characters\":\"\"", "characters: there are none"},
    {"\"characters\":\"ab\"", "\"characters\":\"abc\"", "wte is not of 4 rows and 2 columns"},
    {"\"characters\":\"ab\"", "\"characters\":\"a\xff\"", "in the header"},
    {"\"characters\":\"ab\"", "\"characters\":\"a\xed\xa0\x80\"", "in the header"},
    {"\"characters\":\"ab\"", "\"characters\":\"a\\ud800\"", "in the header"},
    {"\"characters\":\"ab\"", "\"characters\":\"\\u0000b\"", "in the header"},
    {"\"rng\":\"", "\"rng\":\"0", "rng: not 624 words"},
    {"\"rng_next\":\"", "\"rng_next\":\"9", "is not from 0 to 624"},
    {"\"rng_gauss\":\"", "\"rng_gauss\":\"0", "rng_gauss: not the bits of a number"},
    {"\"rng_gauss\":\"\"", "\"rng_gauss\":\"7ff0000000000000\"",
     "rng_gauss: not the bits of a number"},
    {"\"rng_gauss\":\"\"", "\"rng_gauss\":\"3FF0000000000000\"",
     "rng_gauss: not the bits of a number"},
};

START_TEST(a_lie_is_refused_with_the_reason)
{
    Saved saved = saved_run();
    Checkpoint checkpoint;
    Error error = {""};
    saved_edit(&saved, lies[_i].from, lies[_i].to);
    ck_assert_msg(!checkpoint_parse(&checkpoint, saved.bytes, saved.length, "run", &error),
                  "%s passes", lies[_i].to);
    ck_assert_msg(strncmp(error.text, "run: ", 5) == 0, "%s", error.text);
    test_error_names(&error, lies[_i].error);
    saved_release(&saved);
}
END_TEST

START_TEST(a_truth_that_is_told_in_another_way_is_believed)
{
    static const char *const truths[][2] = {
        {"\"dtype\"", " \"dtype\" "},
        {"\"steps\":\"3\"", "\"steps\":\"0003\""},
        {"\"characters\":\"ab\"", "\"characters\":\"\\u0061b\""},
        {"\"rng_gauss\":\"\"", "\"rng_gauss\":\"3ff0000000000000\""},
        {"{\"dtype\":\"F64\",\"shape\":[3,2],", "{\"shape\":[3,2],\"dtype\":\"F64\","},
    };
    for (size_t i = 0; i < COUNT(truths); i++) {
        Saved saved = saved_run();
        Checkpoint checkpoint;
        Error error;
        saved_edit(&saved, truths[i][0], truths[i][1]);
        ck_assert_msg(checkpoint_parse(&checkpoint, saved.bytes, saved.length, "run", &error), "%s",
                      error.text);
        checkpoint_release(&checkpoint);
        saved_release(&saved);
    }
}
END_TEST

START_TEST(a_number_that_is_not_finite_is_refused)
{
    static const struct {
        size_t number;
        double is;
        const char *error;
    } rows[] = {
        {0, NAN, "run: number 0 of wte is not finite"},
        {5, INFINITY, "run: number 5 of wte is not finite"},
        {6, -INFINITY, "run: number 0 of wpe is not finite"},
        {3 * 64, NAN, "run: number 0 of history.loss is not finite"},
        {2 * 64 + 9, -1e-300, "run: a number of adam.v is negative"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Saved saved = saved_run();
        Checkpoint checkpoint;
        Error error = {""};
        memcpy(saved_data(&saved) + 8 * rows[i].number, &rows[i].is, 8);
        saved_seal(&saved);
        ck_assert(!checkpoint_parse(&checkpoint, saved.bytes, saved.length, "run", &error));
        test_error(&error, rows[i].error);
        saved_release(&saved);
    }
}
END_TEST

/* The worst that fits below the header's limit, in a process that may take 256 MB. */
START_TEST(a_hostile_header_takes_bounded_memory)
{
    static const char *const pieces[] = {"[",     "{\"a\":", "[],",       "{},",       "0,",
                                         "\"\",", "\\",      "\"\\u0001", "[{\"\":[0,"};
    struct rlimit limit = {256 << 20, RLIM_INFINITY};
    size_t length = 8 + SAFETENSORS_HEADER_LIMIT;
    char *bytes = sys_alloc(length, 1);
    ck_assert(SANITIZED || setrlimit(RLIMIT_AS, &limit) == 0);
    for (size_t i = 0; i < COUNT(pieces); i++) {
        size_t size = strlen(pieces[i]);
        memset(bytes, 0, 8);
        bytes[2] = 16; /* 2^20 */
        bytes[8] = '[';
        for (size_t at = 9; at < length; at++)
            bytes[at] = pieces[i][(at - 9) % size];
        bytes[length - 1] = ']';
        expect_refused(bytes, length, "the header", "hostile header", i);
    }
    sys_free(bytes);
}
END_TEST

START_TEST(a_path_that_cannot_be_read_is_refused)
{
    Checkpoint checkpoint;
    Error error = {""};
    ck_assert(!checkpoint_read(&checkpoint, "missing", &error));
    test_error(&error, "missing: No such file or directory");
    ck_assert(!checkpoint_read(&checkpoint, ".", &error));
    test_error(&error, ".: is a folder, not a file");
    scratch_put("names.txt", "emma\nolivia\nava\n");
    ck_assert(!checkpoint_read(&checkpoint, "names.txt", &error));
    test_error_names(&error, "names.txt: not a saved run");
    scratch_put("empty", "");
    ck_assert(!checkpoint_read(&checkpoint, "empty", &error));
    test_error(&error, "empty: not a saved run: it has only 0 bytes");
}
END_TEST

Suite *checkpoint_suite(void)
{
    Suite *suite = suite_create("checkpoint");
    TCase *tests = tcase_create("checkpoint"), *damage = tcase_create("damage");

    tcase_add_checked_fixture(tests, scratch_enter, scratch_leave);
    tcase_add_loop_test(tests, a_run_that_is_saved_and_loaded_goes_on_with_the_same_bits, 0,
                        COUNT(runs));
    tcase_add_test(tests, what_is_loaded_and_saved_again_is_the_same_file);
    tcase_add_test(tests, a_step_under_way_is_not_saved);
    tcase_add_test(tests, a_saved_run_tells_what_it_is);
    tcase_add_test(tests, a_run_goes_on_only_with_its_own_shape_alphabet_and_steps);
    tcase_add_test(tests, a_run_that_went_to_infinity_is_not_saved);
    tcase_add_test(tests, a_run_too_large_to_be_saved_is_told_before_it_begins);
    tcase_add_test(tests, a_full_disk_leaves_the_old_saved_run_whole);
    tcase_add_test(tests, a_path_that_cannot_be_read_is_refused);
    suite_add_tcase(suite, tests);

    tcase_set_timeout(damage, 60);
    tcase_add_checked_fixture(damage, scratch_enter, scratch_leave);
    tcase_add_test(damage, a_run_cut_short_anywhere_is_refused);
    tcase_add_test(damage, a_run_with_any_bit_flipped_is_refused);
    tcase_add_test(damage, bytes_behind_the_run_are_refused);
    tcase_add_test(damage, a_header_that_lies_about_its_length_is_refused);
    tcase_add_loop_test(damage, a_lie_is_refused_with_the_reason, 0, COUNT(lies));
    tcase_add_test(damage, a_truth_that_is_told_in_another_way_is_believed);
    tcase_add_test(damage, a_number_that_is_not_finite_is_refused);
    tcase_add_test(damage, a_hostile_header_takes_bounded_memory);
    suite_add_tcase(suite, damage);
    return suite;
}
