#include "support.h"

#include <check.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestPath test_path(const char *name)
{
    const char *folder = getenv("TESTS_DIR");
    TestPath path;

    snprintf(path.text, sizeof path.text, "%s/%s", folder ? folder : "tests", name);
    return path;
}

bool test_full(void)
{
    return getenv("GPTOSCOPE_FULL") != NULL;
}

Settings test_settings(const char *options)
{
    Settings settings;
    char text[512], *rest = text;
    Error error;

    settings_default(&settings);
    ck_assert(strlen(options) < sizeof text);
    strcpy(text, options);
    for (char *name; (name = strtok_r(rest, " ", &rest));) {
        const SettingInfo *info = settings_find(name + strlen("--"));
        ck_assert_msg(info, "no such setting: %s", name);
        const char *value = strtok_r(rest, " ", &rest);
        ck_assert_msg(value, "%s has no value", name);
        ck_assert_msg(settings_parse(&settings, info, value, &error), "%s", error.text);
    }
    return settings;
}

void test_run_open(TestRun *run, const char *data, const char *options)
{
    char name[64];
    Error error;

    snprintf(name, sizeof name, "data/%s", data);
    run->settings = test_settings(options);
    ck_assert_msg(corpus_read(&run->corpus, test_path(name).text, &error), "%s", error.text);
    ck_assert_msg(trainer_init(&run->trainer, &run->settings, &run->corpus, &error), "%s",
                  error.text);
}

void test_run_close(TestRun *run)
{
    trainer_release(&run->trainer);
    corpus_release(&run->corpus);
}

void test_same_bits(const double *a, const double *b, int64_t count, const char *what)
{
    for (int64_t i = 0; i < count; i++)
        if (memcmp(&a[i], &b[i], sizeof *a) != 0)
            ck_abort_msg("%s[%d]: %a is not %a", what, (int)i, a[i], b[i]);
}

void test_same_state(const Trainer *a, const Trainer *b)
{
    ck_assert_int_eq(a->at.step, b->at.step);
    ck_assert_int_eq(a->at.phase, b->at.phase);
    ck_assert_int_eq(a->at.n, b->at.n);
    ck_assert_int_eq(a->tape.count, b->tape.count);
    test_same_bits(a->m, b->m, a->gpt.params, "m");
    test_same_bits(a->v, b->v, a->gpt.params, "v");
    test_same_bits(a->loss, b->loss, a->at.step, "loss");
    for (int32_t i = 0; i < a->tape.count; i++) {
        if (trainer_has_value(a, i) != trainer_has_value(b, i))
            ck_abort_msg("node %d is known to one of them", (int)i);
        if (trainer_has_value(a, i))
            test_same_bits(&a->value[i], &b->value[i], 1, "value");
    }
    ck_assert(trainer_has_grad(a) == trainer_has_grad(b));
    if (trainer_has_grad(a))
        test_same_bits(a->grad, b->grad, a->tape.count, "grad");
}

/* The definition: a node comes after its inputs, which are looked at first to last. */
static int32_t search(const Tape *tape, int32_t node, bool *seen, int32_t *order, int32_t count)
{
    if (seen[node])
        return count;
    seen[node] = true;
    for (int k = 0; k < tape_ops[tape->node[node].op].inputs; k++)
        count = search(tape, tape_input(tape, node, k), seen, order, count);
    order[count] = node;
    return count + 1;
}

int32_t test_postorder(const Tape *tape, int32_t root, int32_t *order)
{
    bool *seen = calloc((size_t)tape->count, sizeof *seen);
    int32_t count = search(tape, root, seen, order, 0);

    free(seen);
    return count;
}

bool test_same_numbers(const Rng *a, const Rng *b)
{
    return memcmp(a->word, b->word, sizeof a->word) == 0 && a->next == b->next &&
           a->gauss_kept == b->gauss_kept && (!a->gauss_kept || a->gauss_next == b->gauss_next);
}

static void hash_word(struct sha256_ctx *context, uint64_t word, size_t bytes)
{
    uint8_t little[8];

    for (size_t i = 0; i < bytes; i++)
        little[i] = (uint8_t)(word >> 8 * i);
    sha256_update(context, bytes, little);
}

static TestDigest hash_end(struct sha256_ctx *context)
{
    uint8_t bytes[SHA256_DIGEST_SIZE];
    TestDigest digest;

    sha256_digest(context, sizeof bytes, bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(digest.text + 2 * i, 3, "%02x", bytes[i]);
    return digest;
}

TestDigest test_digest_reals(const double *numbers, int64_t count)
{
    struct sha256_ctx context;

    sha256_init(&context);
    for (int64_t i = 0; i < count; i++) {
        uint64_t word;
        memcpy(&word, &numbers[i], sizeof word);
        hash_word(&context, word, sizeof word);
    }
    return hash_end(&context);
}

TestDigest test_digest_indices(const int32_t *indices, int64_t count)
{
    struct sha256_ctx context;

    sha256_init(&context);
    for (int64_t i = 0; i < count; i++)
        hash_word(&context, (uint32_t)indices[i], sizeof *indices);
    return hash_end(&context);
}

void test_error(const Error *error, const char *text)
{
    ck_assert_str_eq(error->text, text);
}

void test_error_names(const Error *error, const char *words)
{
    ck_assert_msg(strstr(error->text, words), "`%s` is not in: %s", words, error->text);
}
