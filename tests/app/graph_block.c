#include "app/graph_block.h"

#include "run.h"
#include "suites.h"
#include <math.h>

static AppRun run;
static GraphBlock block;

static void open_run(void)
{
    app_run_open(&run, "words.txt", "--steps 5 --n-embd 8 --n-head 2 --n-layer 2 --block-size 6");
    app_run_go(&run, "2");
}

static void close_run(void)
{
    app_run_close(&run);
}

static const Trainer *trainer(void)
{
    return run.scope.trainer;
}

static double entry(const GraphVector *vector, int32_t i)
{
    return trainer()->value[graph_vector_at(&trainer()->gpt, vector, i)];
}

/* The product of the block's matrix with its input, summed as the tape does. */
static double row_times_input(int32_t row)
{
    double sum = 0;

    for (int32_t i = 0; i < block.matrix.cols; i++)
        sum += trainer()->value[graph_matrix_at(&trainer()->gpt, &block.matrix, row, i)] *
               entry(&block.input[0], i);
    return sum;
}

/* Parameters stand as the forward pass used them: before any update of the step. */
static void expect_products(Part part, double scale)
{
    app_run_go(&run, "2.update.0");
    for (int layer = 0; layer < (place_parts[part].in_layer ? 2 : 1); layer++) {
        Place place = {part, 2, place_parts[part].in_layer ? layer : -1,
                       place_parts[part].in_head ? 1 : -1};
        ck_assert(graph_block(&block, trainer(), place));
        ck_assert_int_eq(block.inputs, 1);
        ck_assert_int_eq(block.matrix.cols, block.input[0].count);
        ck_assert_int_eq(block.matrix.rows, block.out.count);
        for (int32_t i = 0; i < block.out.count; i++)
            ck_assert_msg(fabs(row_times_input(i) * scale - entry(&block.out, i)) < 1e-14,
                          "%s, entry %d", place_parts[part].name, (int)i);
    }
}

START_TEST(rows_of_the_matrix_times_the_input_give_the_output)
{
    static const Part parts[] = {PART_Q,    PART_K,   PART_V,   PART_OUT,
                                 PART_PROJ, PART_FC1, PART_FC2, PART_LOGITS};

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        expect_products(parts[i], 1);
    expect_products(PART_SCORE, 1 / sqrt(4));
}
END_TEST

START_TEST(residuals_and_embeddings_are_sums_of_two_inputs)
{
    static const Place places[] = {{PART_EMBED, 2, -1, -1},
                                   {PART_ATTN_RESIDUAL, 1, 0, -1},
                                   {PART_ATTN_RESIDUAL, 2, 1, -1},
                                   {PART_MLP_RESIDUAL, 2, 1, -1}};

    app_run_go(&run, "2.update.0");
    for (size_t k = 0; k < sizeof places / sizeof *places; k++) {
        ck_assert(graph_block(&block, trainer(), places[k]));
        ck_assert_int_eq(block.inputs, 2);
        ck_assert_int_eq(block.matrix.source, MATRIX_NONE);
        for (int32_t i = 0; i < block.out.count; i++)
            ck_assert(entry(&block.input[0], i) + entry(&block.input[1], i) ==
                      entry(&block.out, i));
    }
}
END_TEST

START_TEST(norms_and_softmaxes_tell_their_numbers_on_the_way)
{
    double sum = 0;

    ck_assert(graph_block(&block, trainer(), (Place){PART_PROBS, 1, -1, -1}));
    ck_assert_int_eq(block.steps, 2);
    ck_assert(graph_block(&block, trainer(), (Place){PART_MLP_NORM, 1, 1, -1}));
    ck_assert_int_eq(block.steps, 2);
    for (int32_t i = 0; i < 8; i++)
        sum += entry(&block.input[0], i) * entry(&block.input[0], i);
    ck_assert(fabs(trainer()->value[block.step[0].node] - (sum / 8 + 1e-5)) < 1e-12);
    ck_assert(fabs(trainer()->value[block.step[1].node] -
                   1 / sqrt(trainer()->value[block.step[0].node])) < 1e-12);
}
END_TEST

START_TEST(entries_are_found_again)
{
    const Gpt *gpt = &trainer()->gpt;
    int32_t row, col, i;

    ck_assert(graph_block(&block, trainer(), (Place){PART_SCORE, 3, 1, 1}));
    ck_assert(graph_matrix_find(gpt, &block.matrix, graph_matrix_at(gpt, &block.matrix, 2, 3), &row,
                                &col));
    ck_assert_int_eq(row, 2);
    ck_assert_int_eq(col, 3);
    ck_assert(graph_block(&block, trainer(), (Place){PART_PROJ, 3, 1, -1}));
    ck_assert(
        graph_vector_find(gpt, &block.input[0], graph_vector_at(gpt, &block.input[0], 6), &i));
    ck_assert_int_eq(i, 6);
    ck_assert(graph_block_has(gpt, &block, graph_matrix_at(gpt, &block.matrix, 7, 7)));
    ck_assert(!graph_block_has(gpt, &block, trainer()->loss_node));
}
END_TEST

START_TEST(every_place_is_a_block_and_others_are_none)
{
    const Gpt *gpt = &trainer()->gpt;

    for (int i = 0; i < gpt->spans; i++) {
        ck_assert(graph_block(&block, trainer(), gpt->span[i].place));
        ck_assert_int_ge(block.inputs, 1);
    }
    ck_assert(!graph_block(&block, trainer(), (Place){PART_Q, 99, 0, -1}));
}
END_TEST

START_TEST(a_parameter_belongs_to_the_place_that_uses_its_matrix)
{
    const Gpt *gpt = &trainer()->gpt;

    for (int i = 0; i < gpt->tensors; i++) {
        Place place = graph_place_of_parameter(trainer(), gpt->tensor[i].first, 1);
        ck_assert(graph_block(&block, trainer(), place));
        if (i >= GPT_LM_HEAD)
            ck_assert_int_eq(block.matrix.first, gpt->tensor[i].first);
        else
            ck_assert_int_eq(place.part, PART_EMBED);
    }
}
END_TEST

START_TEST(what_an_option_leaves_out_has_no_input)
{
    app_run_close(&run);
    app_run_open(&run, "words.txt",
                 "--steps 5 --n-embd 8 --n-head 2 --block-size 6 --attention off --norm off");
    app_run_go(&run, "2");
    ck_assert(graph_block(&block, trainer(), (Place){PART_Q, 1, 0, -1}));
    ck_assert_int_eq(block.inputs, 0);
    ck_assert_int_eq(block.out.count, 0);
    ck_assert(graph_block(&block, trainer(), (Place){PART_MLP_NORM, 1, 0, -1}));
    ck_assert_int_eq(block.inputs, 0);
    ck_assert_int_eq(block.out.count, 8);
}
END_TEST

Suite *graph_block_suite(void)
{
    Suite *suite = suite_create("graph_block");
    TCase *all = tcase_create("block");

    tcase_add_checked_fixture(all, open_run, close_run);
    tcase_add_test(all, rows_of_the_matrix_times_the_input_give_the_output);
    tcase_add_test(all, residuals_and_embeddings_are_sums_of_two_inputs);
    tcase_add_test(all, norms_and_softmaxes_tell_their_numbers_on_the_way);
    tcase_add_test(all, entries_are_found_again);
    tcase_add_test(all, every_place_is_a_block_and_others_are_none);
    tcase_add_test(all, a_parameter_belongs_to_the_place_that_uses_its_matrix);
    tcase_add_test(all, what_an_option_leaves_out_has_no_input);
    suite_add_tcase(suite, all);
    return suite;
}
