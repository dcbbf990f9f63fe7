#include "app/reference.h"

#include "run.h"
#include "suites.h"
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static AppRun run;

static void open_run(void)
{
    app_run_open(&run, "words.txt",
                 "--steps 5 --n-layer 2 --n-embd 8 --n-head 4 --block-size 6 --seed 7");
}

static void close_run(void)
{
    app_run_close(&run);
}

static Reference find(const char *text)
{
    Reference reference;
    ExprError error;

    ck_assert_msg(expr_reference(text, &run.scope, &reference, &error), "%s: %s", text,
                  error.why.text);
    return reference;
}

/* ---- names and nodes ------------------------------------------------------------------------- */

START_TEST(every_node_has_a_name_that_stands_for_it)
{
    const Trainer *trainer = &run.run.trainer;
    int by_number = 0;
    for (int32_t node = 0; node < trainer->tape.count; node++) {
        char name[128];
        Reference reference;
        ExprError error;
        int32_t found = -1;
        ck_assert_int_lt(reference_print(trainer, node, name, sizeof name), sizeof name);
        ck_assert_msg(expr_node(name, &run.scope, &reference, &found, &error), "%s: %s", name,
                      error.why.text);
        if (found != node)
            ck_abort_msg("%s is node %d, not %d", name, (int)found, (int)node);
        by_number += strncmp(name, "node(", 5) == 0;
    }
    ck_assert_int_lt(by_number, trainer->tape.count);
}
END_TEST

static const struct {
    Part part;
    int pos, layer, head, i; /* result i of a place */
    const char *name;
} named_results[] = {
    {PART_EMBED, 0, -1, -1, 3, "x[0].embed[3]"},
    {PART_NORM, 2, -1, -1, 0, "x[2].norm[0]"},
    {PART_ATTN_NORM, 1, 0, -1, 7, "x[1].layer0.attn.norm[7]"},
    {PART_Q, 1, 1, -1, 7, "x[1].layer1.attn.q[7]"},
    {PART_SCORE, 3, 1, 2, 3, "score[1][2][3][3]"},
    {PART_WEIGHT, 3, 0, 3, 1, "attn[0][3][3][1]"},
    {PART_OUT, 2, 0, 1, 1, "x[2].layer0.attn.head1.out[1]"},
    {PART_MLP_NORM, 0, 1, -1, 2, "x[0].layer1.mlp.norm[2]"},
    {PART_FC1, 0, 1, -1, 31, "x[0].layer1.mlp.fc1[31]"},
    {PART_MLP_RESIDUAL, 0, 1, -1, 5, "x[0].layer1.mlp.residual[5]"},
    {PART_LOGITS, 1, -1, -1, 4, "logits[1][4]"},
    {PART_PROBS, 1, -1, -1, 4, "probs[1][4]"},
    {PART_LOSS, 2, -1, -1, 0, "losses[2]"},
    {PART_MEAN_LOSS, -1, -1, -1, 0, "loss"},
};

START_TEST(results_are_named_by_their_place)
{
    char name[128];
    Place place = {named_results[_i].part, named_results[_i].pos, named_results[_i].layer,
                   named_results[_i].head};
    const Span *span = gpt_span(&run.run.trainer.gpt, place);
    ck_assert_ptr_nonnull(span);
    reference_print(&run.run.trainer, span->out.first + named_results[_i].i * span->out.stride,
                    name, sizeof name);
    ck_assert_str_eq(name, named_results[_i].name);
}
END_TEST

START_TEST(parameters_are_named_by_tensor_row_and_column)
{
    const Trainer *trainer = &run.run.trainer;
    const Tensor *fc2 = gpt_tensor(&trainer->gpt, "layer1.mlp_fc2");
    char name[64];
    reference_print(trainer, fc2->first + 3 * fc2->cols + 31, name, sizeof name);
    ck_assert_str_eq(name, "layer1.mlp_fc2[3][31]");
    ck_assert_int_eq(reference_print(trainer, 0, name, 4), 9);
    ck_assert_str_eq(name, "wte");
}
END_TEST

START_TEST(what_no_place_leaves_behind_is_named_by_number)
{
    char name[64];
    const Span *q = gpt_span(&run.run.trainer.gpt, (Place){PART_Q, 0, 0, -1});
    snprintf(name, sizeof name, "node(%d)", (int)q->first);
    char found[64];
    reference_print(&run.run.trainer, q->first, found, sizeof found);
    ck_assert_str_eq(found, name);
}
END_TEST

/* ---- shapes ---------------------------------------------------------------------------------- */

START_TEST(every_place_is_a_vector_of_its_results)
{
    const Gpt *gpt = &run.run.trainer.gpt;
    for (int s = 0; s < gpt->spans; s++) {
        const Span *span = &gpt->span[s];
        char place[96], path[128];
        if (span->place.part == PART_MEAN_LOSS)
            continue;
        place_name(span->place, place, sizeof place);
        snprintf(path, sizeof path, "x[%d]%s", span->place.pos, strchr(place, '.'));
        Reference by_index = find(path), by_name = find(place);
        ck_assert_int_eq(by_index.dims, span->place.part == PART_LOSS ? 0 : 1);
        ck_assert_int_eq(reference_count(&run.scope, &by_index), span->out.count);
        for (int32_t i = 0; i < span->out.count; i++) {
            int32_t node = span->out.first + i * span->out.stride;
            ck_assert_int_eq(reference_at(&run.scope, &by_index, 0, i), node);
            ck_assert_int_eq(reference_at(&run.scope, &by_name, 0, i), node);
        }
    }
}
END_TEST

START_TEST(a_tensor_is_a_matrix_of_parameters)
{
    const Gpt *gpt = &run.run.trainer.gpt;
    for (int t = 0; t < gpt->tensors; t++) {
        const Tensor *tensor = &gpt->tensor[t];
        Reference reference = find(tensor->name);
        ck_assert_int_eq(reference.dims, 2);
        ck_assert_int_eq(reference.rows, tensor->rows);
        ck_assert_int_eq(reference_count(&run.scope, &reference), tensor->rows * tensor->cols);
        for (int32_t r = 0; r < tensor->rows; r++)
            for (int32_t c = 0; c < reference_cols(&run.scope, &reference, r); c++)
                ck_assert_int_eq(reference_at(&run.scope, &reference, r, c),
                                 tensor->first + r * tensor->cols + c);
    }
}
END_TEST

START_TEST(rows_of_attention_grow_with_the_position)
{
    Reference all = find("attn[1][2]"), scores = find("score[1][2]");
    int n = run.run.trainer.positions;
    ck_assert_int_gt(n, 2);
    ck_assert_int_eq(all.rows, n);
    ck_assert_int_eq(reference_count(&run.scope, &all), n * (n + 1) / 2);
    for (int t = 0; t < n; t++) {
        const Span *weight = gpt_span(&run.run.trainer.gpt, (Place){PART_WEIGHT, t, 1, 2});
        const Span *score = gpt_span(&run.run.trainer.gpt, (Place){PART_SCORE, t, 1, 2});
        ck_assert_int_eq(reference_cols(&run.scope, &all, t), t + 1);
        for (int s = 0; s <= t; s++) {
            ck_assert_int_eq(reference_at(&run.scope, &all, t, s),
                             weight->out.first + s * weight->out.stride);
            ck_assert_int_eq(reference_at(&run.scope, &scores, t, s),
                             score->out.first + s * score->out.stride);
        }
    }
}
END_TEST

static const struct {
    const char *text;
    int dims, rows, count;
} shapes[] = {
    {"loss", 0, 1, 1},
    {"losses[1]", 0, 1, 1},
    {"losses[0:2]", 1, 2, 2},
    {"losses[1:][0]", 0, 1, 1},
    {"wte[1]", 1, 1, 8},
    {"wte[1][2:5]", 1, 1, 3},
    {"wte[1:3]", 2, 2, 16},
    {"wte[1:3][1]", 1, 1, 8},
    {"wte[2:2]", 2, 0, 0},
    {"logits[1:3][0]", 1, 1, 0},
    {"attn[0][1][2:4]", 2, 2, 7},
    {"attn[0][1][2:4][1]", 1, 1, 4},
    {"x[1].layer0.attn.out", 2, 4, 8},
    {"x[1].layer0.attn.out[1:3]", 2, 2, 4},
    {"x[1].layer0.attn.out[2]", 1, 1, 2},
    {"x[2].layer0.attn.weight", 2, 4, 12},
    {"node(3)", 0, 1, 1},
    {"x[argmax([1, 5, 2])].embed", 1, 1, 8},
    {"(x [ 1 ] . embed) [ 1 : 3 ]", 1, 1, 2},
};

START_TEST(indices_and_slices_narrow_a_name_down)
{
    Reference reference = find(shapes[_i].text);
    int count = shapes[_i].count      ? shapes[_i].count
                : reference.dims == 1 ? run.run.trainer.gpt.vocab
                                      : 0;
    ck_assert_int_eq(reference.dims, shapes[_i].dims);
    ck_assert_int_eq(reference.dims == 2 ? reference.rows : 1,
                     reference.dims == 2 ? shapes[_i].rows : 1);
    ck_assert_int_eq(reference_count(&run.scope, &reference), count);
}
END_TEST

static const char *const same_nodes[][2] = {
    {"wte[1:3][1][2:][1]", "wte[2][3]"},
    {"losses[1:][0]", "losses[1]"},
    {"logits[1:3][1][4]", "logits[2][4]"},
    {"attn[1][0][1:][2][3]", "attn[1][0][3][3]"},
    {"x[2].layer1.attn.out[1:][2][1]", "x[2].layer1.attn.head3.out[1]"},
    {"x[2].layer1.attn.weight[3][1]", "attn[1][3][2][1]"},
    {"x[2].layer1.attn.head3.score[1]", "score[1][3][2][1]"},
    {"x[2].logits[3]", "logits[2][3]"},
    {"pos2.probs[3]", "probs[2][3]"},
    {"x[2].loss", "losses[2]"},
    {"x[2].embed[1:4][2]", "x[2].embed[3]"},
};

START_TEST(two_ways_to_a_node_meet)
{
    Reference a = find(same_nodes[_i][0]), b = find(same_nodes[_i][1]);
    ck_assert_int_eq(a.dims, 0);
    ck_assert_int_eq(reference_at(&run.scope, &a, 0, 0), reference_at(&run.scope, &b, 0, 0));
}
END_TEST

/* ---- what is not there ----------------------------------------------------------------------- */

static const struct {
    const char *text;
    int at;
    const char *why;
} wrong_names[] = {
    {"wte[90]", 4, "row 90: wte has 27 (0 to 26)"},
    {"layer1.mlp_fc2[8]", 15, "row 8: layer1.mlp_fc2 has 8 (0 to 7)"},
    {"wte[1][8]", 7, "entry 8: this vector has 8 (0 to 7)"},
    {"wte[1:3][2]", 9, "row 2: this matrix has 2 (0 to 1)"},
    {"wte[-1]", 4, "row -1: wte has 27 (0 to 26)"},
    {"wte[1.5]", 4, "row 1.5 is not a whole number"},
    {"wte[nan]", 4, "row nan is not a whole number"},
    {"wte[inf]", 4, "row inf: wte has 27 (0 to 26)"},
    {"wte[1][2][0]", 10, "this is one number: it has no index"},
    {"attn[2][0]", 5, "layer 2: this model has 2 (0 to 1)"},
    {"attn[0][9][3][1]", 8, "head 9: this model has 4 (0 to 3)"},
    {"attn[0][3][6]", 11, "position 6: this document has 6 (0 to 5)"},
    {"attn[0][3][1:3][2]", 16, "position 2: this slice has 2 (0 to 1)"},
    {"attn[0][3][3][4]", 14, "key position 4: the position that looks has 4 (0 to 3)"},
    {"x[1].layer0.attn.out[4]", 21, "head 4: this model has 4 (0 to 3)"},
    {"x[6].embed", 2, "position 6: this document has 6 (0 to 5)"},
    {"x[1].layer2.attn.q", 5, "layer 2: this model has 2 (0 to 1)"},
    {"x[1].layer0.attn.head4.out", 17, "head 4: this model has 4 (0 to 3)"},
    {"x[1].layer0.attn.foo", 17,
     "there is no foo here: expected one of norm, q, k, v, proj, residual, head0"},
    {"x[1].layer0.foo", 12, "there is no foo here: expected one of attn, mlp"},
    {"x[1].foo", 5,
     "there is no foo here: expected one of embed, norm, logits, probs, loss, layer0"},
    {"x[1].layer0.attn.head1.q", 23, "there is no q here: expected one of score, weight, out"},
    {"x[1].layer0.mlp.attn", 16,
     "there is no attn here: expected one of norm, fc1, relu, fc2, residual"},
    {"x[1].attn.q", 5,
     "there is no attn here: expected one of embed, norm, logits, probs, loss, layer0"},
    {"layer0.foo", 7,
     "there is no layer0.foo: expected attn_wq, attn_wk, attn_wv, attn_wo, mlp_fc1 or mlp_fc2"},
    {"layer2.attn_wq", 0, "there is no layer2: did you mean layer0?"},
    {"wte[3:1]", 4, "slice 3:1: wte has 27 (0:27 is all of it)"},
    {"wte[0:28]", 4, "slice 0:28: wte has 27 (0:27 is all of it)"},
    {"wte[-1:2]", 4, "slice -1:2: wte has 27 (0:27 is all of it)"},
    {"wte[0:1.5]", 4, "slice 0:1.5: expected whole numbers"},
    {"x[0:2].embed", 2, "a slice cannot stand here: one number must"},
    {"attn[0:1]", 5, "a slice cannot stand here: one number must"},
    {"node(-1)", 5, "node -1: this tape has NODES"},
    {"x", 0, "[position] must follow, as in x[0].embed"},
    {"x[0]", 0, "a part must follow, as in x[0].embed or x[0].layer0.attn.q"},
    {"x[0].layer0.attn", 0, "a part must follow, as in x[0].embed or x[0].layer0.attn.q"},
    {"layer0", 0, "a tensor's name must follow, such as .attn_wq"},
    {"attn[0]", 0, "[layer][head] must follow, as in attn[0][2]"},
    {"3", 0, "expected the name of nodes, such as wte[5][0]"},
    {"grad(loss)", 0, "expected the name of nodes, such as wte[5][0]"},
    {"2 + 1", 0, "expected the name of nodes, such as wte[5][0]"},
};

START_TEST(a_name_that_stands_for_nothing_is_refused_where_it_goes_wrong)
{
    Reference reference;
    ExprError error;
    const char *end = strstr(wrong_names[_i].why, "NODES");
    size_t length = end ? (size_t)(end - wrong_names[_i].why) : strlen(wrong_names[_i].why) + 1;
    ck_assert(!expr_reference(wrong_names[_i].text, &run.scope, &reference, &error));
    ck_assert_msg(strncmp(error.why.text, wrong_names[_i].why, length) == 0, "%s: %s",
                  wrong_names[_i].text, error.why.text);
    ck_assert_int_eq(error.at, wrong_names[_i].at);
    ck_assert(!error.not_yet);
}
END_TEST

START_TEST(one_node_is_asked_for_where_a_name_stands_for_many)
{
    Reference reference;
    ExprError error;
    int32_t node;
    ck_assert(!expr_node("wte", &run.scope, &reference, &node, &error));
    ck_assert_str_eq(error.why.text, "this is 216 numbers: expected one, such as wte[0][0]");
    ck_assert(!expr_node("losses[1:3]", &run.scope, &reference, &node, &error));
    ck_assert_str_eq(error.why.text, "this is 2 numbers: expected one, such as losses[1:3][0]");
}
END_TEST

START_TEST(names_follow_the_document_on_the_tape)
{
    app_run_go(&run, "1.forward.0");
    int n = run.run.trainer.positions;
    char text[64];
    snprintf(text, sizeof text, "x[%d].embed", n - 1);
    find(text);
    for (int step = 0; step < 5; step++) {
        Reference reference;
        ExprError error;
        snprintf(text, sizeof text, "%d.forward.0", step);
        app_run_go(&run, text);
        n = run.run.trainer.positions;
        snprintf(text, sizeof text, "x[%d].embed", n);
        ck_assert(!expr_reference(text, &run.scope, &reference, &error));
    }
}
END_TEST

Suite *reference_suite(void)
{
    Suite *suite = suite_create("reference");
    TCase *tests = tcase_create("reference");

    tcase_add_checked_fixture(tests, open_run, close_run);
    tcase_add_test(tests, every_node_has_a_name_that_stands_for_it);
    tcase_add_loop_test(tests, results_are_named_by_their_place, 0, COUNT(named_results));
    tcase_add_test(tests, parameters_are_named_by_tensor_row_and_column);
    tcase_add_test(tests, what_no_place_leaves_behind_is_named_by_number);
    tcase_add_test(tests, every_place_is_a_vector_of_its_results);
    tcase_add_test(tests, a_tensor_is_a_matrix_of_parameters);
    tcase_add_test(tests, rows_of_attention_grow_with_the_position);
    tcase_add_loop_test(tests, indices_and_slices_narrow_a_name_down, 0, COUNT(shapes));
    tcase_add_loop_test(tests, two_ways_to_a_node_meet, 0, COUNT(same_nodes));
    tcase_add_loop_test(tests, a_name_that_stands_for_nothing_is_refused_where_it_goes_wrong, 0,
                        COUNT(wrong_names));
    tcase_add_test(tests, one_node_is_asked_for_where_a_name_stands_for_many);
    tcase_add_test(tests, names_follow_the_document_on_the_tape);
    suite_add_tcase(suite, tests);
    return suite;
}
