/* Recording: the model's operations, one after another, in the order in which microgpt makes
 * them. */
#include "engine/gpt.h"

#include <assert.h>
#include <math.h>

#define NORM_EPSILON 1e-5

/* ---- building blocks ------------------------------------------------------------------------- */

/* Everything that records takes its inputs as ranges of the tape and returns its results as one. */
static int32_t at(TapeRange range, int32_t i)
{
    return range.first + i * range.stride;
}

static TapeRange row(const Tensor *tensor, int32_t i)
{
    return (TapeRange){tensor->first + i * tensor->cols, 1, tensor->cols};
}

/* A product; cut: one that hands no gradient to b. */
static int32_t mul(Tape *tape, int32_t a, int32_t b, bool cut)
{
    return cut ? tape_mul_cut(tape, a, b) : tape_mul(tape, a, b);
}

/* sum over i of a_i b_i: each product is made just before it is added */
static int32_t dot(Tape *tape, TapeRange a, TapeRange b, bool cut)
{
    int32_t sum = -1;

    for (int32_t i = 0; i < a.count; i++)
        sum = tape_sum(tape, sum, mul(tape, at(a, i), at(b, i), cut));
    return sum;
}

/* y_r = sum over j of W[r][j] x_j, the weight first. Each row leaves n products, n additions and a
 * 0 on the tape. */
static TapeRange linear(Tape *tape, const Tensor *weight, TapeRange x)
{
    TapeRange y = {tape->count + 2 * x.count, 2 * x.count + 1, weight->rows};

    for (int32_t r = 0; r < weight->rows; r++)
        dot(tape, row(weight, r), x, false);
    return y;
}

static TapeRange add(Tape *tape, TapeRange a, TapeRange b)
{
    TapeRange y = {tape->count, 1, a.count};

    for (int32_t i = 0; i < a.count; i++)
        tape_add(tape, at(a, i), at(b, i));
    return y;
}

static TapeRange activate(Tape *tape, TapeRange x, int64_t activation)
{
    TapeRange y = {tape->count, 1, x.count};

    if (activation == ACTIVATION_NONE)
        return x;
    for (int32_t i = 0; i < x.count; i++)
        if (activation == ACTIVATION_GELU)
            tape_gelu(tape, at(x, i));
        else
            tape_relu(tape, at(x, i));
    return y;
}

/* x_i / sqrt(mean(x^2) + epsilon) */
static TapeRange rmsnorm(Tape *tape, TapeRange x)
{
    int32_t mean = tape_scale(tape, dot(tape, x, x, false), pow(x.count, -1));
    int32_t epsilon = tape_const(tape, NORM_EPSILON);
    int32_t scale = tape_pow(tape, tape_add(tape, mean, epsilon), -0.5);
    TapeRange y = {tape->count, 1, x.count};

    for (int32_t i = 0; i < x.count; i++)
        tape_mul(tape, at(x, i), scale);
    return y;
}

/* e^(x_i - max), or e^x_i. The maximum is a plain number. */
static TapeRange exponentials(Tape *tape, TapeRange x, bool subtract_max)
{
    const int32_t each = subtract_max ? 3 : 1; /* const, add, exp; or exp alone */
    const TapeRange e = {tape->count + each - 1, each, x.count};
    int32_t negmax = -1;

    for (int32_t i = 0; i < x.count; i++) {
        int32_t from = at(x, i);
        if (subtract_max) {
            int32_t c = tape_negmax(tape, x, negmax);
            if (negmax < 0)
                negmax = c;
            from = tape_add(tape, from, c);
        }
        tape_exp(tape, from);
    }
    return e;
}

/* Exponentials / sum of them. Every division has its own power of the sum. */
static TapeRange softmax(Tape *tape, TapeRange x, bool subtract_max)
{
    const TapeRange e = exponentials(tape, x, subtract_max);
    int32_t sum = -1;

    for (int32_t i = 0; i < e.count; i++)
        sum = tape_sum(tape, sum, at(e, i));

    TapeRange y = {tape->count + 1, 2, x.count}; /* each: pow, mul */
    for (int32_t i = 0; i < e.count; i++) {
        int32_t inverse = tape_pow(tape, sum, -1);
        tape_mul(tape, at(e, i), inverse);
    }
    return y;
}

/* ---- the model ------------------------------------------------------------------------------- */

/* Closes the place whose nodes were just recorded: they begin where the span before them ended. */
static TapeRange close_place(Gpt *gpt, const Tape *tape, Place place, Part part, TapeRange out)
{
    int32_t first = gpt->spans ? gpt->span[gpt->spans - 1].end : gpt->params;

    assert(gpt->spans < gpt->span_capacity);
    place.part = part;
    gpt->span[gpt->spans++] = (Span){place, first, tape->count, out};
    return out;
}

/* A place that an option leaves out together with what it would read: no nodes, no results. */
static void leave_out(Gpt *gpt, const Tape *tape, Place place, Part part)
{
    close_place(gpt, tape, place, part, (TapeRange){tape->count, 1, 0});
}

/* A norm, or what it would have normalised. */
static TapeRange record_norm(Gpt *gpt, Tape *tape, Place place, Part part, bool on, TapeRange x)
{
    return close_place(gpt, tape, place, part, on && gpt->options.norm ? rmsnorm(tape, x) : x);
}

/* The end of a block: what it made, added to what came in. */
static TapeRange record_residual(Gpt *gpt, Tape *tape, Place place, Part part, TapeRange made,
                                 TapeRange x)
{
    return close_place(gpt, tape, place, part, gpt->options.residual ? add(tape, made, x) : made);
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

/* score_t = q . k_t / sqrt(head_dim), for t = 0 ... pos; or q . k_t */
static TapeRange record_scores(const Gpt *gpt, Tape *tape, TapeRange q, int pos, int layer,
                               int head)
{
    const double scale = pow(pow(q.count, 0.5), -1);
    const int32_t each = 2 * q.count + (gpt->options.attn_scale ? 3 : 1);
    TapeRange score = {tape->count + each - 1, each, pos + 1};

    for (int t = 0; t <= pos; t++) {
        int32_t sum = dot(tape, q, cached(gpt, PART_K, t, layer, head), !gpt->options.k_gradient);
        if (gpt->options.attn_scale)
            tape_scale(tape, sum, scale);
    }
    return score;
}

/* softmax(score); or the same for all */
static TapeRange record_weights(const Gpt *gpt, Tape *tape, TapeRange score)
{
    TapeRange weight = {tape->count, 1, score.count};

    if (gpt->options.attention != ATTENTION_UNIFORM)
        return softmax(tape, score, gpt->options.subtract_max);
    for (int32_t t = 0; t < score.count; t++)
        tape_share(tape, score.count);
    return weight;
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
            sum = tape_sum(tape, sum, mul(tape, at(weight, t), v, !gpt->options.v_gradient));
        }
    }
    return out;
}

static TapeRange record_silence(const Gpt *gpt, Tape *tape)
{
    TapeRange out = {tape->count, 1, gpt->n_embd / gpt->n_head};

    for (int32_t j = 0; j < out.count; j++)
        tape_const(tape, 0);
    return out;
}

static void record_head(Gpt *gpt, Tape *tape, TapeRange q, Place p)
{
    TapeRange score =
        close_place(gpt, tape, p, PART_SCORE,
                    record_scores(gpt, tape, head_slice(gpt, q, p.head), p.pos, p.layer, p.head));
    TapeRange weight = close_place(gpt, tape, p, PART_WEIGHT, record_weights(gpt, tape, score));
    TapeRange out = settings_is_silent(&gpt->options, p.layer, p.head)
                        ? record_silence(gpt, tape)
                        : record_mix(gpt, tape, weight, p.layer, p.head);

    gpt->head_out[p.head] = close_place(gpt, tape, p, PART_OUT, out);
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
    TapeRange norm = record_norm(gpt, tape, p, PART_ATTN_NORM, gpt->options.attn_norm, x);
    TapeRange q = close_place(gpt, tape, p, PART_Q, linear(tape, &weights[LAYER_WQ], norm));
    close_place(gpt, tape, p, PART_K, linear(tape, &weights[LAYER_WK], norm));
    close_place(gpt, tape, p, PART_V, linear(tape, &weights[LAYER_WV], norm));
    for (p.head = 0; p.head < gpt->n_head; p.head++)
        record_head(gpt, tape, q, p);
    p.head = -1;
    TapeRange proj =
        close_place(gpt, tape, p, PART_PROJ, record_proj(gpt, tape, &weights[LAYER_WO]));
    return record_residual(gpt, tape, p, PART_ATTN_RESIDUAL, proj, x);
}

static TapeRange record_mlp(Gpt *gpt, Tape *tape, const Tensor *weights, TapeRange x, int pos,
                            int layer)
{
    Place p = {.pos = pos, .layer = layer, .head = -1};
    TapeRange norm = record_norm(gpt, tape, p, PART_MLP_NORM, gpt->options.mlp_norm, x);
    TapeRange h = close_place(gpt, tape, p, PART_FC1, linear(tape, &weights[LAYER_FC1], norm));
    TapeRange active =
        close_place(gpt, tape, p, PART_RELU, activate(tape, h, gpt->options.activation));
    TapeRange y = close_place(gpt, tape, p, PART_FC2, linear(tape, &weights[LAYER_FC2], active));
    return record_residual(gpt, tape, p, PART_MLP_RESIDUAL, y, x);
}

/* Attention without its inside: no nodes and no results, what came in passes on. */
static TapeRange leave_out_attention(Gpt *gpt, const Tape *tape, TapeRange x, int pos, int layer)
{
    Place p = {.pos = pos, .layer = layer, .head = -1};

    for (Part part = PART_ATTN_NORM; part < PART_SCORE; part++)
        leave_out(gpt, tape, p, part);
    for (p.head = 0; p.head < gpt->n_head; p.head++)
        for (Part part = PART_SCORE; part < PART_PROJ; part++)
            leave_out(gpt, tape, p, part);
    p.head = -1;
    leave_out(gpt, tape, p, PART_PROJ);
    return close_place(gpt, tape, p, PART_ATTN_RESIDUAL, x);
}

static TapeRange leave_out_mlp(Gpt *gpt, const Tape *tape, TapeRange x, int pos, int layer)
{
    Place p = {.pos = pos, .layer = layer, .head = -1};

    for (Part part = PART_MLP_NORM; part < PART_MLP_RESIDUAL; part++)
        leave_out(gpt, tape, p, part);
    return close_place(gpt, tape, p, PART_MLP_RESIDUAL, x);
}

static TapeRange record_layer(Gpt *gpt, Tape *tape, TapeRange x, int pos, int layer)
{
    const Tensor *weights = &gpt->tensor[GPT_LAYERS + layer * LAYER_TENSORS];

    x = gpt->options.attention == ATTENTION_OFF
            ? leave_out_attention(gpt, tape, x, pos, layer)
            : record_attention(gpt, tape, weights, x, pos, layer);
    return gpt->options.mlp ? record_mlp(gpt, tape, weights, x, pos, layer)
                            : leave_out_mlp(gpt, tape, x, pos, layer);
}

TapeRange gpt_record_embed(Gpt *gpt, Tape *tape, int token, int pos)
{
    Place p = {.pos = pos, .layer = -1, .head = -1};
    TapeRange of_token = row(&gpt->tensor[GPT_WTE], token);
    TapeRange of_pos = row(&gpt->tensor[GPT_WPE], pos);

    return close_place(gpt, tape, p, PART_EMBED,
                       gpt->options.position ? add(tape, of_token, of_pos) : of_token);
}

TapeRange gpt_record_position(Gpt *gpt, Tape *tape, int token, int pos)
{
    Place p = {.pos = pos, .layer = -1, .head = -1};

    assert(pos == gpt->positions && pos < gpt->block_size);
    gpt->span_of_pos[gpt->positions++] = gpt->spans;
    TapeRange x = gpt_record_embed(gpt, tape, token, pos);
    x = record_norm(gpt, tape, p, PART_NORM, gpt->options.first_norm, x);
    for (int layer = 0; layer < gpt->n_layer; layer++)
        x = record_layer(gpt, tape, x, pos, layer);
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
    return close_place(gpt, tape, p, PART_PROBS, softmax(tape, logits, gpt->options.subtract_max));
}

/* -ln of what the right token was given */
void gpt_record_loss(Gpt *gpt, Tape *tape, int target, int pos)
{
    Place p = {PART_PROBS, pos, -1, -1};
    TapeRange probs = gpt_span(gpt, p)->out;
    int32_t loss = tape_neg(tape, tape_log(tape, at(probs, target)));

    close_place(gpt, tape, p, PART_LOSS, ((TapeRange){loss, 1, 1}));
}

void gpt_record_predicted(Gpt *gpt, Tape *tape, int token, int target, int pos)
{
    TapeRange logits = gpt_record_position(gpt, tape, token, pos);

    gpt_record_probs(gpt, tape, logits, 1, pos);
    gpt_record_loss(gpt, tape, target, pos);
}

int32_t gpt_record_mean_loss(Gpt *gpt, Tape *tape)
{
    Place p = {.pos = -1, .layer = -1, .head = -1};
    int32_t sum = -1;

    for (int pos = 0; pos < gpt->positions; pos++)
        sum = tape_sum(tape, sum, gpt_span(gpt, (Place){PART_LOSS, pos, -1, -1})->out.first);
    int32_t loss = tape_scale(tape, sum, 1.0 / gpt->positions);
    close_place(gpt, tape, p, PART_MEAN_LOSS, ((TapeRange){loss, 1, 1}));
    return loss;
}

int32_t gpt_record_document(Gpt *gpt, Tape *tape, const int *tokens, int positions)
{
    gpt_clear(gpt, tape);
    for (int pos = 0; pos < positions; pos++)
        gpt_record_predicted(gpt, tape, tokens[pos], tokens[pos + 1], pos);
    return gpt_record_mean_loss(gpt, tape);
}
