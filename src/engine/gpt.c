#include "engine/gpt.h"

#include "engine/sys.h"
#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define NORM_EPSILON 1e-5

/* ---- shapes
 * --------------------------------------------------------------------------------------------------
 */

static Tensor *add_tensor(Gpt *gpt, int32_t rows, int32_t cols)
{
    Tensor *tensor = &gpt->tensor[gpt->tensors++];

    *tensor = (Tensor){.first = gpt->params, .rows = rows, .cols = cols};
    gpt->params += rows * cols;
    return tensor;
}

/* One row a tensor of a layer; rows and columns in multiples of n_embd. */
static const struct {
    const char *name;
    int rows, cols;
} layer_tensors[LAYER_TENSORS] = {
    [LAYER_WQ] = {"attn_wq", 1, 1},  [LAYER_WK] = {"attn_wk", 1, 1},
    [LAYER_WV] = {"attn_wv", 1, 1},  [LAYER_WO] = {"attn_wo", 1, 1},
    [LAYER_FC1] = {"mlp_fc1", 4, 1}, [LAYER_FC2] = {"mlp_fc2", 1, 4},
};

static void add_tensors(Gpt *gpt)
{
    const int32_t e = gpt->n_embd;

    strcpy(add_tensor(gpt, gpt->vocab, e)->name, "wte");
    strcpy(add_tensor(gpt, gpt->block_size, e)->name, "wpe");
    strcpy(add_tensor(gpt, gpt->vocab, e)->name, "lm_head");
    for (int layer = 0; layer < gpt->n_layer; layer++)
        for (int i = 0; i < LAYER_TENSORS; i++) {
            Tensor *tensor = add_tensor(gpt, layer_tensors[i].rows * e, layer_tensors[i].cols * e);
            snprintf(tensor->name, sizeof tensor->name, "layer%d.%s", layer, layer_tensors[i].name);
        }
}

/* Spans of one position: see span_offset. */
static int layer_spans(const Gpt *gpt)
{
    const int in_head = PART_PROJ - PART_SCORE, in_layer = PART_LOGITS - PART_ATTN_NORM - in_head;

    return in_layer + in_head * gpt->n_head;
}

static int position_spans(const Gpt *gpt)
{
    return PART_ATTN_NORM + gpt->n_layer * layer_spans(gpt) + PART_MEAN_LOSS - PART_LOGITS;
}

bool gpt_init(Gpt *gpt, const Settings *settings, int vocab, Error *error)
{
    *gpt = (Gpt){0};
    if (!settings_check(settings, error) || !gpt_fits(settings, vocab, error))
        return false;
    gpt->n_layer = (int)settings->n_layer;
    gpt->n_embd = (int)settings->n_embd;
    gpt->n_head = (int)settings->n_head;
    gpt->block_size = (int)settings->block_size;
    gpt->vocab = vocab;
    gpt->span_capacity = gpt->block_size * position_spans(gpt) + 1;
    gpt->tensor =
        sys_alloc((size_t)(GPT_LAYERS + gpt->n_layer * LAYER_TENSORS), sizeof *gpt->tensor);
    gpt->span = sys_alloc((size_t)gpt->span_capacity, sizeof *gpt->span);
    gpt->span_of_pos = sys_alloc((size_t)gpt->block_size, sizeof *gpt->span_of_pos);
    gpt->head_out = sys_alloc((size_t)gpt->n_head, sizeof *gpt->head_out);
    if (!gpt->tensor || !gpt->span || !gpt->span_of_pos || !gpt->head_out) {
        gpt_release(gpt);
        return error_set(error, "out of memory for the model");
    }
    add_tensors(gpt);
    return true;
}

void gpt_release(Gpt *gpt)
{
    sys_free(gpt->tensor);
    sys_free(gpt->span);
    sys_free(gpt->span_of_pos);
    sys_free(gpt->head_out);
    *gpt = (Gpt){0};
}

void gpt_draw(const Gpt *gpt, Rng *rng, double deviation, double *value)
{
    for (int32_t i = 0; i < gpt->params; i++)
        value[i] = rng_gauss(rng, 0, deviation);
}

const Tensor *gpt_tensor_of(const Gpt *gpt, int32_t i)
{
    const Tensor *tensor = gpt->tensor;

    assert(0 <= i && i < gpt->params);
    while (i >= tensor->first + tensor->rows * tensor->cols)
        tensor++;
    return tensor;
}

const Tensor *gpt_tensor(const Gpt *gpt, const char *name)
{
    for (int i = 0; i < gpt->tensors; i++)
        if (strcmp(gpt->tensor[i].name, name) == 0)
            return &gpt->tensor[i];
    return NULL;
}

/* ---- sizes
 * ---------------------------------------------------------------------------------------------------
 */

/* Numbers of nodes that each building block records; doubles, since settings from outside may ask
 * for any size. */
static double nodes_of_sum(double terms)
{
    return terms + 1; /* an addition a term, and the 0 it starts from */
}

static double nodes_of_linear(double rows, double cols)
{
    return rows * (cols + nodes_of_sum(cols));
}

static double nodes_of_norm(double width)
{
    return width + nodes_of_sum(width) + 2 + 2 + 1 + width;
}

static double nodes_of_softmax(double count)
{
    return 3 * count + nodes_of_sum(count) + 2 * count;
}

/* The same for `count` positions together, whose attention looks at 1, 2, ... count positions. */
static double nodes_of_attention(double head_dim, double count)
{
    double looks = count * (count + 1) / 2;

    return looks * (nodes_of_linear(1, head_dim) + 2)    /* scores */
           + 5 * looks + nodes_of_sum(0) * count + looks /* softmax, over `looks` in all */
           + head_dim * (looks + looks + nodes_of_sum(0) * count); /* weighted sums of values */
}

static double parameter_count(const Settings *s, double vocab)
{
    double e = (double)s->n_embd;

    return (2 * vocab + (double)s->block_size) * e + (double)s->n_layer * 12 * e * e;
}

static double node_count(const Settings *s, double vocab, double positions)
{
    double e = (double)s->n_embd, h = (double)s->n_head;
    double layer = 2 * nodes_of_norm(e) + 4 * nodes_of_linear(e, e) + nodes_of_linear(4 * e, e) +
                   nodes_of_linear(e, 4 * e) + 4 * e + 2 * e;
    double position = e + nodes_of_norm(e) + (double)s->n_layer * layer +
                      nodes_of_linear(vocab, e) + nodes_of_softmax(vocab) + 3;

    return parameter_count(s, vocab) + positions * position +
           (double)s->n_layer * h * nodes_of_attention(e / h, positions) + nodes_of_sum(positions) +
           2;
}

/* Room for scaling the logits when sampling, at every position. */
static double tape_capacity(const Settings *s, double vocab)
{
    return node_count(s, vocab, (double)s->block_size) + 2 * vocab * (double)s->block_size;
}

static double range_capacity(const Settings *s)
{
    return (double)s->block_size * ((double)s->n_layer * (double)s->n_head + 1);
}

int64_t gpt_nodes(const Settings *settings, int vocab, int64_t positions)
{
    return (int64_t)node_count(settings, vocab, (double)positions);
}

int64_t gpt_bytes(const Settings *settings, int vocab)
{
    double nodes = tape_capacity(settings, vocab);
    double optimiser = 2 * parameter_count(settings, vocab) * sizeof(double);

    if (nodes >= INT32_MAX)
        return -1;
    return (int64_t)tape_bytes((int64_t)nodes, (int64_t)range_capacity(settings)) +
           (int64_t)(2 * nodes * sizeof(double) + optimiser);
}

bool gpt_fits(const Settings *settings, int vocab, Error *error)
{
    int64_t bytes = gpt_bytes(settings, vocab);
    double gigabytes = (double)bytes / (1 << 30);

    if (bytes < 0)
        gigabytes = tape_capacity(settings, vocab) * 37 / (1 << 30);
    if (bytes >= 0 && bytes <= GPT_BYTES_LIMIT)
        return true;
    return error_set(error,
                     "a model of n_layer %" PRId64 ", n_embd %" PRId64 ", block_size %" PRId64
                     " and %d tokens would take %.1f GB of memory, the limit is %.0f GB: make one "
                     "of them smaller",
                     settings->n_layer, settings->n_embd, settings->block_size, vocab, gigabytes,
                     (double)GPT_BYTES_LIMIT / (1 << 30));
}

bool gpt_tape(const Gpt *gpt, Tape *tape, Error *error)
{
    Settings s = {.n_layer = gpt->n_layer,
                  .n_embd = gpt->n_embd,
                  .n_head = gpt->n_head,
                  .block_size = gpt->block_size};

    return tape_init(tape, (int32_t)tape_capacity(&s, gpt->vocab), (int32_t)range_capacity(&s),
                     gpt->params, error);
}

/* ---- recording: building blocks
 * ------------------------------------------------------------------------------- */

/* Everything that records takes its inputs as ranges of the tape and returns its results as one. */
static int32_t at(TapeRange range, int32_t i)
{
    return range.first + i * range.stride;
}

static TapeRange row(const Tensor *tensor, int32_t i)
{
    return (TapeRange){tensor->first + i * tensor->cols, 1, tensor->cols};
}

/* sum over i of a_i b_i: each product is made just before it is added */
static int32_t dot(Tape *tape, TapeRange a, TapeRange b)
{
    int32_t sum = -1;

    for (int32_t i = 0; i < a.count; i++)
        sum = tape_sum(tape, sum, tape_mul(tape, at(a, i), at(b, i)));
    return sum;
}

/* y_r = sum over j of W[r][j] x_j, the weight first. Each row leaves n products, n additions and a
 * 0 on the tape. */
static TapeRange linear(Tape *tape, const Tensor *weight, TapeRange x)
{
    TapeRange y = {tape->count + 2 * x.count, 2 * x.count + 1, weight->rows};

    for (int32_t r = 0; r < weight->rows; r++)
        dot(tape, row(weight, r), x);
    return y;
}

static TapeRange add(Tape *tape, TapeRange a, TapeRange b)
{
    TapeRange y = {tape->count, 1, a.count};

    for (int32_t i = 0; i < a.count; i++)
        tape_add(tape, at(a, i), at(b, i));
    return y;
}

static TapeRange relu(Tape *tape, TapeRange x)
{
    TapeRange y = {tape->count, 1, x.count};

    for (int32_t i = 0; i < x.count; i++)
        tape_relu(tape, at(x, i));
    return y;
}

/* x_i / sqrt(mean(x^2) + epsilon) */
static TapeRange rmsnorm(Tape *tape, TapeRange x)
{
    int32_t mean = tape_scale(tape, dot(tape, x, x), pow(x.count, -1));
    int32_t epsilon = tape_const(tape, NORM_EPSILON);
    int32_t scale = tape_pow(tape, tape_add(tape, mean, epsilon), -0.5);
    TapeRange y = {tape->count, 1, x.count};

    for (int32_t i = 0; i < x.count; i++)
        tape_mul(tape, at(x, i), scale);
    return y;
}

/* e^(x_i - max) / sum of them. The maximum is a plain number; every division has its own power of
 * the sum. */
static TapeRange softmax(Tape *tape, TapeRange x)
{
    const TapeRange e = {tape->count + 2, 3, x.count}; /* each: const, add, exp */
    int32_t negmax = -1, sum = -1;

    for (int32_t i = 0; i < x.count; i++) {
        int32_t c = tape_negmax(tape, x, negmax);
        if (negmax < 0)
            negmax = c;
        tape_exp(tape, tape_add(tape, at(x, i), c));
    }
    for (int32_t i = 0; i < e.count; i++)
        sum = tape_sum(tape, sum, at(e, i));

    TapeRange y = {tape->count + 1, 2, x.count}; /* each: pow, mul */
    for (int32_t i = 0; i < e.count; i++) {
        int32_t inverse = tape_pow(tape, sum, -1);
        tape_mul(tape, at(e, i), inverse);
    }
    return y;
}

/* ---- recording: the model
 * ------------------------------------------------------------------------------------- */

/* Closes the place whose nodes were just recorded: they begin where the span before them ended. */
static TapeRange close_place(Gpt *gpt, const Tape *tape, Place place, Part part, TapeRange out)
{
    int32_t first = gpt->spans ? gpt->span[gpt->spans - 1].end : gpt->params;

    assert(gpt->spans < gpt->span_capacity);
    place.part = part;
    gpt->span[gpt->spans++] = (Span){place, first, tape->count, out};
    return out;
}

/* The numbers of one head in a vector of n_embd. */
static TapeRange head_slice(const Gpt *gpt, TapeRange x, int head)
{
    const int head_dim = gpt->n_embd / gpt->n_head;

    return (TapeRange){at(x, head * head_dim), x.stride, head_dim};
}

/* Keys or values of an earlier position, for one head: where they stand on the tape since then. */
static TapeRange cached(const Gpt *gpt, Part part, int pos, int layer, int head)
{
    return head_slice(gpt, gpt_span(gpt, (Place){part, pos, layer, -1})->out, head);
}

/* score_t = q . k_t / sqrt(head_dim), for t = 0 ... pos */
static TapeRange record_scores(const Gpt *gpt, Tape *tape, TapeRange q, int pos, int layer,
                               int head)
{
    const double scale = pow(pow(q.count, 0.5), -1);
    TapeRange score = {tape->count + 2 * q.count + 2, 2 * q.count + 3, pos + 1};

    for (int t = 0; t <= pos; t++)
        tape_scale(tape, dot(tape, q, cached(gpt, PART_K, t, layer, head)), scale);
    return score;
}

/* out_j = sum over t of weight_t v_t[j] */
static TapeRange record_mix(const Gpt *gpt, Tape *tape, TapeRange weight, int layer, int head)
{
    const int head_dim = gpt->n_embd / gpt->n_head;
    TapeRange out = {tape->count + 2 * weight.count, 2 * weight.count + 1, head_dim};

    for (int j = 0; j < head_dim; j++) {
        int32_t sum = -1;
        for (int t = 0; t < weight.count; t++) {
            int32_t v = at(cached(gpt, PART_V, t, layer, head), j);
            sum = tape_sum(tape, sum, tape_mul(tape, at(weight, t), v));
        }
    }
    return out;
}

/* W_O times the results of all heads, joined: head_out[0], head_out[1], ... one after another */
static TapeRange record_proj(const Gpt *gpt, Tape *tape, const Tensor *weight)
{
    const int head_dim = gpt->n_embd / gpt->n_head;
    TapeRange y = {tape->count + 2 * weight->cols, 2 * weight->cols + 1, weight->rows};

    for (int32_t r = 0; r < weight->rows; r++) {
        int32_t sum = -1;
        for (int32_t j = 0; j < weight->cols; j++) {
            int32_t x = at(gpt->head_out[j / head_dim], j % head_dim);
            sum = tape_sum(tape, sum, tape_mul(tape, at(row(weight, r), j), x));
        }
    }
    return y;
}

static TapeRange record_attention(Gpt *gpt, Tape *tape, const Tensor *weights, TapeRange x, int pos,
                                  int layer)
{
    Place p = {.pos = pos, .layer = layer, .head = -1};
    TapeRange norm = close_place(gpt, tape, p, PART_ATTN_NORM, rmsnorm(tape, x));
    TapeRange q = close_place(gpt, tape, p, PART_Q, linear(tape, &weights[LAYER_WQ], norm));
    close_place(gpt, tape, p, PART_K, linear(tape, &weights[LAYER_WK], norm));
    close_place(gpt, tape, p, PART_V, linear(tape, &weights[LAYER_WV], norm));
    for (int h = 0; h < gpt->n_head; h++) {
        p.head = h;
        TapeRange score =
            close_place(gpt, tape, p, PART_SCORE,
                        record_scores(gpt, tape, head_slice(gpt, q, h), pos, layer, h));
        TapeRange weight = close_place(gpt, tape, p, PART_WEIGHT, softmax(tape, score));
        gpt->head_out[h] =
            close_place(gpt, tape, p, PART_OUT, record_mix(gpt, tape, weight, layer, h));
    }
    p.head = -1;
    TapeRange proj =
        close_place(gpt, tape, p, PART_PROJ, record_proj(gpt, tape, &weights[LAYER_WO]));
    return close_place(gpt, tape, p, PART_ATTN_RESIDUAL, add(tape, proj, x));
}

static TapeRange record_mlp(Gpt *gpt, Tape *tape, const Tensor *weights, TapeRange x, int pos,
                            int layer)
{
    Place p = {.pos = pos, .layer = layer, .head = -1};
    TapeRange norm = close_place(gpt, tape, p, PART_MLP_NORM, rmsnorm(tape, x));
    TapeRange h = close_place(gpt, tape, p, PART_FC1, linear(tape, &weights[LAYER_FC1], norm));
    TapeRange active = close_place(gpt, tape, p, PART_RELU, relu(tape, h));
    TapeRange y = close_place(gpt, tape, p, PART_FC2, linear(tape, &weights[LAYER_FC2], active));
    return close_place(gpt, tape, p, PART_MLP_RESIDUAL, add(tape, y, x));
}

TapeRange gpt_record_position(Gpt *gpt, Tape *tape, int token, int pos)
{
    Place p = {.pos = pos, .layer = -1, .head = -1};

    assert(pos == gpt->positions && pos < gpt->block_size);
    gpt->span_of_pos[gpt->positions++] = gpt->spans;
    TapeRange embed =
        close_place(gpt, tape, p, PART_EMBED,
                    add(tape, row(&gpt->tensor[GPT_WTE], token), row(&gpt->tensor[GPT_WPE], pos)));
    TapeRange x = close_place(gpt, tape, p, PART_NORM, rmsnorm(tape, embed));
    for (int layer = 0; layer < gpt->n_layer; layer++) {
        const Tensor *weights = &gpt->tensor[GPT_LAYERS + layer * LAYER_TENSORS];
        x = record_attention(gpt, tape, weights, x, pos, layer);
        x = record_mlp(gpt, tape, weights, x, pos, layer);
    }
    return close_place(gpt, tape, p, PART_LOGITS, linear(tape, &gpt->tensor[GPT_LM_HEAD], x));
}

TapeRange gpt_record_probs(Gpt *gpt, Tape *tape, TapeRange logits, double scale, int pos)
{
    Place p = {.pos = pos, .layer = -1, .head = -1};

    if (scale != 1) {
        TapeRange scaled = {tape->count + 1, 2, logits.count}; /* each: const, mul */
        for (int32_t i = 0; i < logits.count; i++)
            tape_scale(tape, at(logits, i), scale);
        logits = scaled;
    }
    return close_place(gpt, tape, p, PART_PROBS, softmax(tape, logits));
}

/* Loss of one position: -ln of what the right token was given */
static TapeRange record_loss(Gpt *gpt, Tape *tape, TapeRange probs, int target, int pos)
{
    Place p = {.pos = pos, .layer = -1, .head = -1};
    int32_t loss = tape_neg(tape, tape_log(tape, at(probs, target)));

    return close_place(gpt, tape, p, PART_LOSS, ((TapeRange){loss, 1, 1}));
}

int32_t gpt_record_document(Gpt *gpt, Tape *tape, const int *tokens, int positions)
{
    Place p = {.pos = -1, .layer = -1, .head = -1};
    int32_t sum = -1;

    gpt_clear(gpt, tape);
    for (int pos = 0; pos < positions; pos++) {
        TapeRange logits = gpt_record_position(gpt, tape, tokens[pos], pos);
        TapeRange probs = gpt_record_probs(gpt, tape, logits, 1, pos);
        record_loss(gpt, tape, probs, tokens[pos + 1], pos);
    }
    for (int pos = 0; pos < positions; pos++)
        sum = tape_sum(tape, sum, gpt_span(gpt, (Place){PART_LOSS, pos, -1, -1})->out.first);
    int32_t loss = tape_scale(tape, sum, 1.0 / positions);
    close_place(gpt, tape, p, PART_MEAN_LOSS, ((TapeRange){loss, 1, 1}));
    return loss;
}

void gpt_clear(Gpt *gpt, Tape *tape)
{
    tape_clear(tape);
    gpt->spans = 0;
    gpt->positions = 0;
}

/* ---- places
 * --------------------------------------------------------------------------------------------------
 */

/* Where a place's span is among those of its position: embed, norm, then a layer's (attn.norm, q,
 * k, v, then score, weight and out of each head, then proj ... mlp.residual), then logits, probs,
 * loss. */
static int span_offset(const Gpt *gpt, Place p)
{
    const int in_head = PART_PROJ - PART_SCORE;
    int layer_start = PART_ATTN_NORM + p.layer * layer_spans(gpt);

    if (p.part < PART_ATTN_NORM)
        return (int)p.part;
    if (p.part >= PART_LOGITS)
        return PART_ATTN_NORM + gpt->n_layer * layer_spans(gpt) + (int)p.part - PART_LOGITS;
    if (p.part < PART_SCORE)
        return layer_start + (int)p.part - PART_ATTN_NORM;
    if (p.part < PART_PROJ)
        return layer_start + PART_SCORE - PART_ATTN_NORM + p.head * in_head + (int)p.part -
               PART_SCORE;
    return layer_start + PART_SCORE - PART_ATTN_NORM + gpt->n_head * in_head + (int)p.part -
           PART_PROJ;
}

const Span *gpt_span(const Gpt *gpt, Place place)
{
    int i = gpt->spans - 1;

    if (place.part != PART_MEAN_LOSS) {
        if (place.pos < 0 || place.pos >= gpt->positions || place.layer >= gpt->n_layer ||
            place.head >= gpt->n_head)
            return NULL;
        i = gpt->span_of_pos[place.pos] + span_offset(gpt, place);
    }
    return i >= 0 && i < gpt->spans && place_same(gpt->span[i].place, place) ? &gpt->span[i] : NULL;
}

const Span *gpt_span_of(const Gpt *gpt, int32_t node)
{
    int low = 0, high = gpt->spans;

    while (low < high) { /* the first span that ends beyond node */
        int middle = (low + high) / 2;
        if (gpt->span[middle].end <= node)
            low = middle + 1;
        else
            high = middle;
    }
    return node >= gpt->params && low < gpt->spans ? &gpt->span[low] : NULL;
}
