#include "engine/gpt_layout.h"

#include "suites.h"
#include "support.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Sizes of every kind: widths that are no power of two, heads of one number, several layers. */
static const char *const sizes[] = {
    "",
    "--n-layer 3 --n-embd 6 --n-head 3 --block-size 8",
    "--n-layer 2 --n-embd 8 --n-head 4 --block-size 5",
    "--n-embd 12 --n-head 2",
    "--n-embd 10 --n-head 1",
    "--n-embd 9 --n-head 3 --block-size 3",
    "--n-embd 5 --n-head 5",
    "--n-embd 1 --n-head 1 --block-size 1",
    "--n-layer 4 --n-embd 4 --n-head 2 --block-size 4",
};

enum { VOCAB = 11 };

/* A model with random parameters and random tokens, as many as it can see and one to predict. */
typedef struct Model {
    Gpt gpt;
    Tape tape;
    double *value, *grad;
    int token[65];
} Model;

static void model_open(Model *model, const char *options)
{
    Settings settings = test_settings(options);
    Rng rng;
    Error error;

    ck_assert_msg(gpt_init(&model->gpt, &settings, VOCAB, &error), "%s", error.text);
    ck_assert_msg(gpt_tape(&model->gpt, &model->tape, &error), "%s", error.text);
    model->value = calloc((size_t)model->tape.capacity, sizeof(double));
    model->grad = calloc((size_t)model->tape.capacity, sizeof(double));
    rng_seed(&rng, 5);
    gpt_draw(&model->gpt, &rng, 0.5, model->value);
    for (int i = 0; i <= model->gpt.block_size; i++)
        model->token[i] = (int)rng_below(&rng, VOCAB);
}

static void model_close(Model *model)
{
    gpt_release(&model->gpt);
    tape_release(&model->tape);
    free(model->value);
    free(model->grad);
}

static int32_t model_record(Model *model)
{
    return gpt_record_document(&model->gpt, &model->tape, model->token, model->gpt.block_size);
}

static double model_forward(Model *model, int32_t loss)
{
    tape_forward(&model->tape, model->value, 0, model->tape.count);
    return model->value[loss];
}

static void model_backward(Model *model, int32_t loss)
{
    tape_sort(&model->tape, loss);
    tape_backward_begin(&model->tape, model->grad);
    tape_backward(&model->tape, model->value, model->grad, model->tape.order_count, 0);
}

static double in_range(const double *value, TapeRange range, int32_t i)
{
    return value[range.first + i * range.stride];
}

/* ---- shapes ---------------------------------------------------------------------------------- */

START_TEST(tensors_stand_in_the_order_of_their_creation)
{
    static const struct {
        const char *name;
        int32_t first, rows, cols;
    } rows[] = {
        {"wte", 0, 11, 6},
        {"wpe", 66, 8, 6},
        {"lm_head", 114, 11, 6},
        {"layer0.attn_wq", 180, 6, 6},
        {"layer0.attn_wk", 216, 6, 6},
        {"layer0.attn_wv", 252, 6, 6},
        {"layer0.attn_wo", 288, 6, 6},
        {"layer0.mlp_fc1", 324, 24, 6},
        {"layer0.mlp_fc2", 468, 6, 24},
        {"layer1.attn_wq", 612, 6, 6},
    };
    Model model;

    model_open(&model, sizes[1]);
    ck_assert_int_eq(model.gpt.tensors, GPT_LAYERS + 3 * LAYER_TENSORS);
    ck_assert_int_eq(model.gpt.params, 180 + 3 * 432);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Tensor *tensor = &model.gpt.tensor[i];
        ck_assert_str_eq(tensor->name, rows[i].name);
        ck_assert_int_eq(tensor->first, rows[i].first);
        ck_assert_int_eq(tensor->rows, rows[i].rows);
        ck_assert_int_eq(tensor->cols, rows[i].cols);
        ck_assert_ptr_eq(gpt_tensor(&model.gpt, rows[i].name), tensor);
    }
    ck_assert_ptr_null(gpt_tensor(&model.gpt, "layer3.attn_wq"));
    model_close(&model);
}
END_TEST

START_TEST(every_parameter_knows_its_tensor)
{
    Model model;

    model_open(&model, sizes[_i]);
    for (int32_t i = 0, t = 0; i < model.gpt.params; i++) {
        const Tensor *tensor = &model.gpt.tensor[t];
        if (i == tensor->first + tensor->rows * tensor->cols)
            tensor = &model.gpt.tensor[++t];
        ck_assert_ptr_eq(gpt_tensor_of(&model.gpt, i), tensor);
    }
    model_close(&model);
}
END_TEST

START_TEST(sizes_foretold_are_those_recorded)
{
    Settings settings = test_settings(sizes[_i]);
    Model model;

    model_open(&model, sizes[_i]);
    for (int positions = 1; positions <= model.gpt.block_size; positions++) {
        gpt_record_document(&model.gpt, &model.tape, model.token, positions);
        ck_assert_int_eq(model.tape.count, gpt_nodes(&settings, VOCAB, positions));
    }
    model_close(&model);
}
END_TEST

START_TEST(the_tape_has_room_for_sampling_every_position)
{
    Model model;

    model_open(&model, sizes[_i]);
    for (int pos = 0; pos < model.gpt.block_size; pos++) {
        TapeRange logits = gpt_record_position(&model.gpt, &model.tape, model.token[pos], pos);
        TapeRange probs = gpt_record_probs(&model.gpt, &model.tape, logits, 2, pos);
        ck_assert_int_eq(logits.count, VOCAB);
        ck_assert_int_eq(probs.count, VOCAB);
    }
    ck_assert_int_le(model.tape.count, model.tape.capacity);
    ck_assert_int_eq(model.tape.ranges, model.tape.range_capacity);
    model_close(&model);
}
END_TEST

START_TEST(a_model_too_large_is_refused_with_its_size_and_the_limit)
{
    static const struct {
        const char *options, *size;
    } rows[] = {
        {"--n-embd 512", "would take 3.6 GB of memory"},
        {"--n-embd 4096 --n-layer 64 --block-size 4096",
         "n_layer 64, n_embd 4096, block_size 4096"},
        {"--n-embd 4096 --n-head 256 --n-layer 64 --block-size 4096", " GB of memory"},
        {"--block-size 4096 --n-layer 64", "block_size 4096"},
    };

    for (size_t i = 0; i < COUNT(rows); i++) {
        Settings settings = test_settings(rows[i].options);
        Gpt gpt;
        Error error;
        ck_assert_msg(!gpt_fits(&settings, 27, &error), "%s", rows[i].options);
        test_error_names(&error, rows[i].size);
        test_error_names(&error, "27 tokens would take ");
        test_error_names(&error, "the limit is 2 GB");
        if (gpt_init(&gpt, &settings, 27, &error)) {
            Tape tape;
            ck_assert(!gpt_tape(&gpt, &tape, &error));
            test_error_names(&error, rows[i].size);
            ck_assert_ptr_null(gpt.span);
            ck_assert_ptr_null(tape.node);
            gpt_release(&gpt);
        }
    }
}
END_TEST

START_TEST(parameters_are_counted_before_they_are_there)
{
    Settings settings = test_settings(sizes[_i]);
    Model model;

    model_open(&model, sizes[_i]);
    ck_assert_double_eq(gpt_params(&settings, VOCAB), model.gpt.params);
    model_close(&model);
}
END_TEST

START_TEST(more_parameters_than_can_be_counted_are_refused)
{
    Settings settings = test_settings("--n-embd 1660 --n-layer 64 --block-size 1");
    Gpt gpt;
    Error error;

    ck_assert(gpt_init(&gpt, &settings, 27, &error));
    ck_assert_int_eq(gpt.params, (int32_t)gpt_params(&settings, 27));
    gpt_release(&gpt);
    settings.n_embd = 1680;
    ck_assert(!gpt_init(&gpt, &settings, 27, &error));
    test_error_names(&error, "n_embd 1680, block_size 1 and 27 tokens has 2.2 billion parameters");
}
END_TEST

START_TEST(a_model_can_give_its_tape_back_and_have_another)
{
    Model model;
    Error error;

    model_open(&model, "--n-embd 4 --n-head 2 --block-size 4");
    double before = model_forward(&model, model_record(&model));
    gpt_drop_tape(&model.gpt, &model.tape);
    ck_assert_ptr_null(model.tape.node);
    ck_assert(gpt_tape(&model.gpt, &model.tape, &error));
    ck_assert_double_eq(model_forward(&model, model_record(&model)), before);
    model_close(&model);
}
END_TEST

START_TEST(heads_that_do_not_share_out_the_width_are_refused)
{
    Settings settings = test_settings("--n-embd 10 --n-head 4");
    Gpt gpt;
    Error error;

    ck_assert(!gpt_init(&gpt, &settings, 27, &error));
    test_error_names(&error, "n_embd 10 cannot be shared out");
}
END_TEST

/* ---- places ---------------------------------------------------------------------------------- */

START_TEST(spans_cover_the_tape_without_a_gap)
{
    Model model;

    model_open(&model, sizes[_i]);
    model_record(&model);
    int32_t next = model.gpt.params;
    for (int i = 0; i < model.gpt.spans; i++) {
        const Span *span = &model.gpt.span[i];
        int32_t last = span->out.first + (span->out.count - 1) * span->out.stride;
        ck_assert_int_eq(span->first, next);
        ck_assert_int_gt(span->end, span->first);
        ck_assert(span->first <= span->out.first && last < span->end);
        next = span->end;
    }
    ck_assert_int_eq(next, model.tape.count);
    model_close(&model);
}
END_TEST

START_TEST(every_place_of_a_model_is_found_by_its_name)
{
    Model model;

    model_open(&model, sizes[_i]);
    model_record(&model);
    for (int i = 0; i < model.gpt.spans; i++) {
        char name[96];
        Place place;
        int length = place_name(model.gpt.span[i].place, name, sizeof name);
        ck_assert_msg(place_parse(name, (size_t)length, &place), "%s", name);
        ck_assert_ptr_eq(gpt_span(&model.gpt, place), &model.gpt.span[i]);
    }
    model_close(&model);
}
END_TEST

START_TEST(every_node_is_in_its_span_and_parameters_are_in_none)
{
    Model model;

    model_open(&model, sizes[_i]);
    model_record(&model);
    for (int32_t node = 0; node < model.tape.count; node++) {
        const Span *span = gpt_span_of(&model.gpt, node);
        if (node < model.gpt.params)
            ck_assert_ptr_null(span);
        else
            ck_assert(span && span->first <= node && node < span->end);
    }
    ck_assert_ptr_null(gpt_span_of(&model.gpt, model.tape.count));
    model_close(&model);
}
END_TEST

START_TEST(places_that_are_not_there_are_not_found)
{
    static const Place places[] = {
        {PART_EMBED, 5, -1, -1},      {PART_EMBED, -1, -1, -1}, {PART_EMBED, 0, 0, -1},
        {PART_Q, 0, 2, -1},           {PART_Q, 0, -1, -1},      {PART_Q, 0, 0, 0},
        {PART_SCORE, 0, 0, 4},        {PART_SCORE, 0, 0, -1},   {PART_SCORE, 0, -1, 0},
        {PART_PROBS, 4096, 0, 0},     {PART_LOSS, 4, -1, -1},   {PART_MEAN_LOSS, 0, -1, -1},
        {PART_MEAN_LOSS, -1, -1, -1},
    };
    Model model;

    model_open(&model, sizes[2]);
    for (int pos = 0; pos < 5; pos++)
        gpt_record_position(&model.gpt, &model.tape, 1, pos);
    for (size_t i = 0; i < COUNT(places); i++)
        ck_assert_msg(!gpt_span(&model.gpt, places[i]), "row %zu", i);
    ck_assert_ptr_nonnull(gpt_span(&model.gpt, (Place){PART_SCORE, 4, 1, 3}));
    gpt_clear(&model.gpt, &model.tape);
    ck_assert_ptr_null(gpt_span(&model.gpt, (Place){PART_EMBED, 0, -1, -1}));
    model_close(&model);
}
END_TEST

START_TEST(results_are_as_many_as_the_place_says)
{
    Model model;

    model_open(&model, sizes[_i]);
    model_record(&model);
    for (int i = 0; i < model.gpt.spans; i++) {
        const Span *span = &model.gpt.span[i];
        const int e = model.gpt.n_embd;
        int count = e;
        switch (span->place.part) {
        case PART_SCORE:
        case PART_WEIGHT:
            count = span->place.pos + 1;
            break;
        case PART_OUT:
            count = e / model.gpt.n_head;
            break;
        case PART_FC1:
        case PART_RELU:
            count = 4 * e;
            break;
        case PART_LOGITS:
        case PART_PROBS:
            count = VOCAB;
            break;
        case PART_LOSS:
        case PART_MEAN_LOSS:
            count = 1;
            break;
        default:
            break;
        }
        ck_assert_int_eq(span->out.count, count);
    }
    model_close(&model);
}
END_TEST

/* ---- what the model computes ----------------------------------------------------------------- */

START_TEST(probabilities_and_attention_weights_add_up_to_1)
{
    Model model;

    model_open(&model, sizes[_i]);
    model_forward(&model, model_record(&model));
    for (int i = 0; i < model.gpt.spans; i++) {
        const Span *span = &model.gpt.span[i];
        double sum = 0;
        if (span->place.part != PART_WEIGHT && span->place.part != PART_PROBS)
            continue;
        for (int32_t k = 0; k < span->out.count; k++) {
            double weight = in_range(model.value, span->out, k);
            ck_assert(0 < weight && weight <= 1);
            sum += weight;
        }
        ck_assert_double_eq_tol(sum, 1, 1e-14);
    }
    model_close(&model);
}
END_TEST

START_TEST(a_later_token_leaves_earlier_positions_bit_equal)
{
    Model model;

    model_open(&model, sizes[_i]);
    const int changed = model.gpt.block_size / 2 + 1;
    int32_t loss = model_record(&model);
    model_forward(&model, loss);
    double *before = calloc((size_t)model.tape.count, sizeof *before);
    memcpy(before, model.value, (size_t)model.tape.count * sizeof *before);

    for (int i = changed; i <= model.gpt.block_size; i++)
        model.token[i] = (model.token[i] + 1) % VOCAB;
    ck_assert_int_eq(model_record(&model), loss);
    model_forward(&model, loss);
    const Span *last = gpt_span(&model.gpt, (Place){PART_PROBS, changed - 1, -1, -1});
    test_same_bits(model.value, before, last->end, "value");
    ck_assert(model.value[loss] != before[loss]);
    free(before);
    model_close(&model);
}
END_TEST

START_TEST(every_token_so_far_reaches_the_last_logits)
{
    Model model;

    model_open(&model, sizes[1]);
    const int last = model.gpt.block_size - 1;
    int32_t loss = model_record(&model);
    model_forward(&model, loss);
    TapeRange logits = gpt_span(&model.gpt, (Place){PART_LOGITS, last, -1, -1})->out;
    double before = in_range(model.value, logits, 0);
    for (int i = 0; i <= last; i++) {
        int token = model.token[i];
        model.token[i] = (token + 1) % VOCAB;
        model_record(&model);
        model_forward(&model, loss);
        ck_assert_msg(in_range(model.value, logits, 0) != before, "token %d", i);
        model.token[i] = token;
    }
    model_close(&model);
}
END_TEST

START_TEST(a_shift_of_all_logits_leaves_the_probabilities_equal)
{
    Model model;
    Rng rng;

    model_open(&model, "");
    rng_seed(&rng, 2);
    TapeRange logits = {0, 1, VOCAB}; /* parameters stand in for logits */
    for (int i = 0; i < VOCAB; i++)
        model.value[i] = rng_below(&rng, 64) / 8.0;
    TapeRange probs = gpt_record_probs(&model.gpt, &model.tape, logits, 1, 0);
    tape_forward(&model.tape, model.value, 0, model.tape.count);
    for (int shift = -512; shift <= 512; shift += 64) {
        double before[VOCAB];
        for (int i = 0; i < VOCAB; i++) {
            before[i] = in_range(model.value, probs, i);
            model.value[i] += shift;
        }
        tape_forward(&model.tape, model.value, 0, model.tape.count);
        for (int i = 0; i < VOCAB; i++)
            ck_assert_double_eq(in_range(model.value, probs, i), before[i]);
    }
    model_close(&model);
}
END_TEST

START_TEST(a_norm_has_a_mean_square_of_nearly_1)
{
    Model model;

    model_open(&model, sizes[3]);
    model_forward(&model, model_record(&model));
    for (int i = 0; i < model.gpt.spans; i++) {
        const Span *span = &model.gpt.span[i];
        double sum = 0;
        if (strcmp(place_parts[span->place.part].name, "norm") != 0)
            continue;
        for (int32_t k = 0; k < span->out.count; k++)
            sum += pow(in_range(model.value, span->out, k), 2);
        ck_assert_double_eq_tol(sum / span->out.count, 1, 1e-3);
    }
    model_close(&model);
}
END_TEST

START_TEST(the_loss_is_the_mean_surprise_at_the_right_tokens)
{
    Model model;
    double sum = 0;

    model_open(&model, sizes[_i]);
    double loss = model_forward(&model, model_record(&model));
    for (int pos = 0; pos < model.gpt.block_size; pos++) {
        TapeRange probs = gpt_span(&model.gpt, (Place){PART_PROBS, pos, -1, -1})->out;
        sum -= log(in_range(model.value, probs, model.token[pos + 1]));
    }
    ck_assert_double_eq_tol(loss, sum / model.gpt.block_size, 1e-14);
    model_close(&model);
}
END_TEST

/* ---- gradients ------------------------------------------------------------------------------- */

/* Slopes of a node by its inputs, written out again, from the values of the inputs alone. */
static double tangent_of(const Tape *tape, const double *x, const double *dx, int32_t node)
{
    const TapeNode n = tape->node[node];

    switch ((Op)n.op) {
    case OP_ADD:
        return dx[n.a] + dx[n.b];
    case OP_MUL:
        return dx[n.a] * x[n.b] + x[n.a] * dx[n.b];
    case OP_POW:
        return dx[n.a] * tape->number[n.b] * exp((tape->number[n.b] - 1) * log(x[n.a]));
    case OP_LOG:
        return dx[n.a] / x[n.a];
    case OP_EXP:
        return dx[n.a] * exp(x[n.a]);
    case OP_RELU:
        return x[n.a] > 0 ? dx[n.a] : 0;
    default:
        return 0;
    }
}

/* How the loss changes along a direction of the parameters: found forwards here, backwards by the
 * engine. That both agree for random directions, a sum over all parameters each, leaves a wrong
 * gradient nowhere to hide. */
START_TEST(gradients_agree_with_forward_differentiation)
{
    Model model;
    Rng rng;

    model_open(&model, sizes[_i]);
    int32_t loss = model_record(&model), count = model.tape.count;
    double *tangent = calloc((size_t)count, sizeof *tangent);
    model_forward(&model, loss);
    model_backward(&model, loss);
    rng_seed(&rng, 77);
    for (int round = 0; round < 5; round++) {
        double along = 0, size = 0;
        for (int32_t i = 0; i < model.gpt.params; i++) {
            tangent[i] = rng_gauss(&rng, 0, 1);
            along += model.grad[i] * tangent[i];
            size += fabs(model.grad[i] * tangent[i]);
        }
        for (int32_t i = model.gpt.params; i < count; i++)
            tangent[i] = tangent_of(&model.tape, model.value, tangent, i);
        ck_assert_double_gt(size, 0);
        ck_assert_double_eq_tol(tangent[loss], along, 1e-13 * size);
    }
    free(tangent);
    model_close(&model);
}
END_TEST

START_TEST(gradients_agree_with_central_differences)
{
    const double h = 1e-6;
    Model model;
    Rng rng;

    model_open(&model, sizes[_i]);
    int32_t loss = model_record(&model);
    model_forward(&model, loss);
    model_backward(&model, loss);
    rng_seed(&rng, 78);
    for (int round = 0; round < 40; round++) {
        int32_t i = (int32_t)rng_below(&rng, (uint32_t)model.gpt.params);
        double x = model.value[i];
        model.value[i] = x + h;
        double above = model_forward(&model, loss);
        model.value[i] = x - h;
        double below = model_forward(&model, loss);
        model.value[i] = x;
        ck_assert_msg(fabs((above - below) / (2 * h) - model.grad[i]) < 1e-8, "%s: %g, %g",
                      gpt_tensor_of(&model.gpt, i)->name, (above - below) / (2 * h), model.grad[i]);
    }
    model_close(&model);
}
END_TEST

START_TEST(parameters_of_tokens_not_in_the_document_have_gradient_0)
{
    Model model;

    model_open(&model, "");
    for (int i = 0; i <= model.gpt.block_size; i++)
        model.token[i] %= 3;
    int32_t loss = model_record(&model);
    model_forward(&model, loss);
    model_backward(&model, loss);
    const Tensor *wte = gpt_tensor(&model.gpt, "wte");
    for (int token = 0; token < VOCAB; token++)
        for (int j = 0; j < wte->cols; j++) {
            double grad = model.grad[wte->first + token * wte->cols + j];
            ck_assert((grad != 0) == (token < 3));
        }
    model_close(&model);
}
END_TEST

START_TEST(fresh_parameters_are_drawn_in_order_from_the_given_spread)
{
    Model model;
    Rng rng;
    double sum = 0, squares = 0;

    model_open(&model, "");
    rng_seed(&rng, 9);
    gpt_draw(&model.gpt, &rng, 0.25, model.value);
    rng_seed(&rng, 9);
    for (int32_t i = 0; i < model.gpt.params; i++) {
        ck_assert_double_eq(model.value[i], rng_gauss(&rng, 0, 0.25));
        sum += model.value[i];
        squares += model.value[i] * model.value[i];
    }
    ck_assert_double_eq_tol(sum / model.gpt.params, 0, 0.02);
    ck_assert_double_eq_tol(sqrt(squares / model.gpt.params), 0.25, 0.02);
    model_close(&model);
}
END_TEST

Suite *gpt_suite(void)
{
    Suite *suite = suite_create("gpt");
    TCase *tests = tcase_create("gpt");

    tcase_add_test(tests, tensors_stand_in_the_order_of_their_creation);
    tcase_add_loop_test(tests, every_parameter_knows_its_tensor, 0, COUNT(sizes));
    tcase_add_loop_test(tests, sizes_foretold_are_those_recorded, 0, COUNT(sizes));
    tcase_add_loop_test(tests, the_tape_has_room_for_sampling_every_position, 0, COUNT(sizes));
    tcase_add_test(tests, a_model_too_large_is_refused_with_its_size_and_the_limit);
    tcase_add_loop_test(tests, parameters_are_counted_before_they_are_there, 0, COUNT(sizes));
    tcase_add_test(tests, more_parameters_than_can_be_counted_are_refused);
    tcase_add_test(tests, a_model_can_give_its_tape_back_and_have_another);
    tcase_add_test(tests, heads_that_do_not_share_out_the_width_are_refused);
    tcase_add_loop_test(tests, spans_cover_the_tape_without_a_gap, 0, COUNT(sizes));
    tcase_add_loop_test(tests, every_place_of_a_model_is_found_by_its_name, 0, COUNT(sizes));
    tcase_add_loop_test(tests, every_node_is_in_its_span_and_parameters_are_in_none, 0,
                        COUNT(sizes));
    tcase_add_test(tests, places_that_are_not_there_are_not_found);
    tcase_add_loop_test(tests, results_are_as_many_as_the_place_says, 0, COUNT(sizes));
    tcase_add_loop_test(tests, probabilities_and_attention_weights_add_up_to_1, 0, COUNT(sizes));
    tcase_add_loop_test(tests, a_later_token_leaves_earlier_positions_bit_equal, 0, COUNT(sizes));
    tcase_add_test(tests, every_token_so_far_reaches_the_last_logits);
    tcase_add_test(tests, a_shift_of_all_logits_leaves_the_probabilities_equal);
    tcase_add_test(tests, a_norm_has_a_mean_square_of_nearly_1);
    tcase_add_loop_test(tests, the_loss_is_the_mean_surprise_at_the_right_tokens, 0, COUNT(sizes));
    tcase_add_loop_test(tests, gradients_agree_with_forward_differentiation, 0, COUNT(sizes));
    tcase_add_loop_test(tests, gradients_agree_with_central_differences, 0, COUNT(sizes));
    tcase_add_test(tests, parameters_of_tokens_not_in_the_document_have_gradient_0);
    tcase_add_test(tests, fresh_parameters_are_drawn_in_order_from_the_given_spread);
    suite_add_tcase(suite, tests);
    return suite;
}
