#include "engine/gpt_layout.h"

#include "engine/sys.h"
#include "suites.h"
#include "support.h"
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Sizes of every kind, and options of every kind that changes which nodes there are. More lengths
 * than a tape can keep numbers; more heads than are kept. */
static const struct {
    int vocab;
    const char *options;
} models[] = {
    {27, ""},
    {7, "--n-layer 2 --n-embd 6 --n-head 3 --block-size 8"},
    {7, "--n-embd 9 --n-head 3 --block-size 3"},
    {7, "--n-embd 5 --n-head 5 --block-size 20"},
    {3, "--n-embd 1 --n-head 1 --block-size 4"},
    {2, "--n-embd 2 --n-head 1 --block-size 1"},
    {7, "--n-embd 2 --n-head 1 --block-size 90"},
    {60, "--n-embd 40 --n-head 1 --block-size 3"},
    {7, "--n-embd 4 --n-head 2 --block-size 5 --position off"},
    {7, "--n-embd 4 --n-head 2 --block-size 5 --position off --norm off --attention off --mlp off"},
    {7, "--n-embd 4 --n-head 2 --block-size 5 --attention uniform --residual off"},
    {7, "--n-embd 4 --n-head 2 --block-size 5 --attention off --activation gelu"},
    {7, "--n-embd 4 --n-head 2 --block-size 5 --silence 0.1 --first-norm off"},
    {7, "--n-embd 4 --n-head 2 --block-size 5 --silence all --mlp off"},
    {7, "--n-embd 4 --n-head 2 --block-size 5 --subtract-max off --attn-scale off"},
    {7, "--n-embd 4 --n-head 2 --block-size 5 --k-gradient off --v-gradient off --activation none"},
};

enum { DOCUMENTS = 120, LONGEST = 90 };

/* One model with a tape that is laid out again and again, and one that is recorded afresh. */
typedef struct Pair {
    Gpt laid_gpt, fresh_gpt;
    Tape laid, fresh;
    GptLayout layout;
    Rng rng;
    int token[LONGEST + 1];
    int positions;
} Pair;

static void pair_open(Pair *pair, int model)
{
    const int vocab = models[model].vocab;
    Settings settings = test_settings(models[model].options);
    Error error;

    ck_assert(gpt_init(&pair->laid_gpt, &settings, vocab, &error));
    ck_assert(gpt_init(&pair->fresh_gpt, &settings, vocab, &error));
    ck_assert(gpt_tape(&pair->laid_gpt, &pair->laid, &error));
    ck_assert(gpt_tape(&pair->fresh_gpt, &pair->fresh, &error));
    ck_assert(gpt_layout_init(&pair->layout, &pair->laid_gpt, &error));
    rng_seed(&pair->rng, 8);
}

static void pair_close(Pair *pair)
{
    gpt_release(&pair->laid_gpt);
    gpt_release(&pair->fresh_gpt);
    tape_release(&pair->laid);
    tape_release(&pair->fresh);
    gpt_layout_release(&pair->layout);
}

/* A document of any length: short ones follow long ones, tokens come several times. */
static void any_document(Pair *pair)
{
    pair->positions = 1 + (int)rng_below(&pair->rng, (uint32_t)pair->laid_gpt.block_size);
    for (int i = 0; i <= pair->positions; i++)
        pair->token[i] = (int)rng_below(&pair->rng, (uint32_t)pair->laid_gpt.vocab);
}

static int32_t lay_out(Pair *pair)
{
    return gpt_layout_document(&pair->layout, &pair->laid_gpt, &pair->laid, pair->token,
                               pair->positions);
}

static int32_t record(Pair *pair)
{
    int32_t loss =
        gpt_record_document(&pair->fresh_gpt, &pair->fresh, pair->token, pair->positions);

    tape_sort(&pair->fresh, loss);
    return loss;
}

/* ---- the same as recorded afresh ------------------------------------------------------------- */

static bool same_node(const Tape *a, const Tape *b, int32_t i)
{
    TapeNode x = a->node[i], y = b->node[i];
    bool linked = x.op == y.op && x.a == y.a && x.b == y.b;

    if (x.op == OP_CONST || x.op == OP_POW) /* numbers may be kept in another order */
        linked = y.op == x.op && x.a == y.a && a->number[x.b] == b->number[y.b];
    return linked && x.dot == y.dot && x.near == y.near && x.whole == y.whole;
}

static void assert_same_nodes(const Tape *laid, const Tape *fresh)
{
    ck_assert_int_eq(laid->count, fresh->count);
    for (int32_t i = 0; i < fresh->count; i++)
        if (!same_node(laid, fresh, i))
            ck_abort_msg("node %d is another", (int)i);
    ck_assert_int_eq(laid->ranges, fresh->ranges);
    ck_assert_mem_eq(laid->range, fresh->range, (size_t)fresh->ranges * sizeof *fresh->range);
}

static void assert_same_order(const Tape *laid, const Tape *fresh)
{
    ck_assert_int_eq(laid->order_count, fresh->order_count);
    for (int32_t i = 0; i < fresh->order_count; i++)
        if (laid->order[i] != fresh->order[i])
            ck_abort_msg("order[%d] is %d, not %d", (int)i, (int)laid->order[i],
                         (int)fresh->order[i]);
    ck_assert_int_eq(laid->root, fresh->root);
}

static void assert_same_spans(const Gpt *laid, const Gpt *fresh)
{
    ck_assert_int_eq(laid->positions, fresh->positions);
    ck_assert_int_eq(laid->spans, fresh->spans);
    for (int i = 0; i < fresh->spans; i++) {
        ck_assert(place_same(laid->span[i].place, fresh->span[i].place));
        ck_assert_int_eq(laid->span[i].first, fresh->span[i].first);
        ck_assert_int_eq(laid->span[i].end, fresh->span[i].end);
        ck_assert_mem_eq(&laid->span[i].out, &fresh->span[i].out, sizeof(TapeRange));
    }
    ck_assert_mem_eq(laid->span_of_pos, fresh->span_of_pos, (size_t)fresh->positions * sizeof(int));
}

static void assert_same(Pair *pair)
{
    ck_assert_int_eq(lay_out(pair), record(pair));
    assert_same_nodes(&pair->laid, &pair->fresh);
    assert_same_order(&pair->laid, &pair->fresh);
    assert_same_spans(&pair->laid_gpt, &pair->fresh_gpt);
}

START_TEST(a_document_is_laid_out_as_if_it_were_the_first)
{
    Pair pair;

    pair_open(&pair, _i);
    for (int i = 0; i < DOCUMENTS; i++) {
        any_document(&pair);
        assert_same(&pair);
    }
    pair_close(&pair);
}
END_TEST

/* Options may change between two steps: nothing of the other graph may be left. */
START_TEST(other_options_begin_anew)
{
    Pair pair;

    pair_open(&pair, _i);
    for (int i = 0; i < 20; i++) {
        Settings settings = test_settings(i % 3 == 1   ? "--attention off"
                                          : i % 3 == 2 ? "--norm off"
                                                       : "");
        gpt_choose(&pair.laid_gpt, &settings);
        gpt_choose(&pair.fresh_gpt, &settings);
        any_document(&pair);
        assert_same(&pair);
        any_document(&pair);
        assert_same(&pair);
    }
    pair_close(&pair);
}
END_TEST

Suite *gpt_layout_suite(void)
{
    Suite *suite = suite_create("gpt_layout");
    TCase *tests = tcase_create("gpt_layout");

    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, a_document_is_laid_out_as_if_it_were_the_first, 0, COUNT(models));
    tcase_add_loop_test(tests, other_options_begin_anew, 0, 3);
    suite_add_tcase(suite, tests);
    return suite;
}
