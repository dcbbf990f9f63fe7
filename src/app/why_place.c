/* What a place leaves behind, by the place's own formula: a whole sum or norm at once, before it is
 * taken apart into operations. */
#include "app/why_kind.h"
#include "engine/words.h"
#include <stdio.h>
#include <string.h>

typedef enum Form {
    FORM_OPERATION, /* the one operation says it all */
    FORM_LINEAR,    /* dot(row, x) */
    FORM_SCORE,     /* dot(q, k) * scale */
    FORM_SOFTMAX,   /* softmax(x)[i] */
    FORM_NORM,      /* rmsnorm(x)[i] */
    FORM_MIX,       /* dot(weights, values) */
    FORM_NEGLOG,    /* -log(p) */
    FORM_MEAN       /* mean(losses) */
} Form;

/* One row a place: what it reads (in the same layer and head), and the tensor of its weights. */
static const struct {
    Form form;
    Part input;
    int tensor;
} places[PART_COUNT] = {
    [PART_EMBED] = {FORM_OPERATION, 0, 0},
    [PART_NORM] = {FORM_NORM, PART_EMBED, 0},
    [PART_ATTN_NORM] = {FORM_NORM, PART_MLP_RESIDUAL, 0}, /* of the layer before */
    [PART_Q] = {FORM_LINEAR, PART_ATTN_NORM, LAYER_WQ},
    [PART_K] = {FORM_LINEAR, PART_ATTN_NORM, LAYER_WK},
    [PART_V] = {FORM_LINEAR, PART_ATTN_NORM, LAYER_WV},
    [PART_SCORE] = {FORM_SCORE, PART_Q, 0},
    [PART_WEIGHT] = {FORM_SOFTMAX, PART_SCORE, 0},
    [PART_OUT] = {FORM_MIX, PART_WEIGHT, 0},
    [PART_PROJ] = {FORM_LINEAR, PART_OUT, LAYER_WO}, /* of all heads */
    [PART_ATTN_RESIDUAL] = {FORM_OPERATION, 0, 0},
    [PART_MLP_NORM] = {FORM_NORM, PART_ATTN_RESIDUAL, 0},
    [PART_FC1] = {FORM_LINEAR, PART_MLP_NORM, LAYER_FC1},
    [PART_RELU] = {FORM_OPERATION, 0, 0},
    [PART_FC2] = {FORM_LINEAR, PART_RELU, LAYER_FC2},
    [PART_MLP_RESIDUAL] = {FORM_OPERATION, 0, 0},
    [PART_LOGITS] = {FORM_LINEAR, PART_MLP_RESIDUAL, 0}, /* of the last layer */
    [PART_PROBS] = {FORM_SOFTMAX, PART_LOGITS, 0},
    [PART_LOSS] = {FORM_NEGLOG, PART_PROBS, 0},
    [PART_MEAN_LOSS] = {FORM_MEAN, PART_LOSS, 0},
};

static const Gpt *gpt_of(const Why *why)
{
    return &why_trainer(why)->gpt;
}

int32_t why_entry(const Span *span, int32_t node)
{
    int32_t offset = node - span->out.first;

    if (offset < 0 || offset % span->out.stride != 0 ||
        offset / span->out.stride >= span->out.count)
        return -1;
    return offset / span->out.stride;
}

/* Options can make plain numbers of a place's results: weights that are uniform, a silent head. */
static bool is_plain(const Why *why, int32_t node)
{
    return tape_ops[why_tape(why)->node[node].op].inputs == 0;
}

bool why_is_result(const Why *why, int32_t node)
{
    if (why->own)
        return false;
    const Span *span = gpt_span_of(gpt_of(why), node);
    return places[span->place.part].form != FORM_OPERATION && why_entry(span, node) >= 0 &&
           !is_plain(why, node);
}

/* ---- vectors --------------------------------------------------------------------------------- */

static WhyVector vector_of(TapeRange range)
{
    return (WhyVector){.source = WHY_RANGE, .range = range, .count = range.count};
}

static TapeRange slice(TapeRange range, int32_t from, int32_t count)
{
    return (TapeRange){range.first + from * range.stride, range.stride, count};
}

int32_t why_vector_at(const Why *why, const WhyVector *vector, int32_t i)
{
    Place place = vector->place;
    int32_t entry = vector->entry, head_dim = gpt_of(why)->n_embd / gpt_of(why)->n_head;

    if (vector->source == WHY_RANGE)
        return vector->range.first + i * vector->range.stride;
    if (vector->source == WHY_COLUMN) {
        place.pos = i;
    } else {
        place.head = i / head_dim;
        entry = i % head_dim;
    }
    TapeRange out = gpt_span(gpt_of(why), place)->out;
    return out.first + entry * out.stride;
}

/* Their names stand for other numbers: parameters among them are written over. */
static bool is_stale(const Why *why, const WhyVector *vector)
{
    for (int32_t i = 0; i < vector->count; i++) {
        int32_t node = why_vector_at(why, vector, i);
        if (node < gpt_of(why)->params &&
            !why_same_bits(why->value[node], why_trainer(why)->value[node]))
            return true;
    }
    return false;
}

/* How many numbers the vector has whose part this one is, and where in it node stands. */
static int32_t whole_count(const Why *why, int32_t node, int32_t *entry)
{
    if (node < gpt_of(why)->params) {
        const Tensor *tensor = gpt_tensor_of(gpt_of(why), node);
        *entry = (node - tensor->first) % tensor->cols;
        return tensor->cols;
    }
    const Span *span = gpt_span_of(gpt_of(why), node);
    *entry = why_entry(span, node);
    return span->out.count;
}

/* The name of its first number without the last index; a slice of it if it is not all there. */
static void put_range(const Why *why, WhyText *text, const WhyVector *vector)
{
    char name[128];
    int32_t from, whole = whole_count(why, vector->range.first, &from);

    reference_print(why_trainer(why), vector->range.first, name, sizeof name);
    *strrchr(name, '[') = '\0';
    why_put(text, "%s", name);
    if (vector->count < whole)
        why_put(text, "[%d:%d]", (int)from, (int)(from + vector->count));
}

/* One by one: plain numbers where the names stand for others by now. */
static void put_list(const Why *why, WhyText *text, const WhyVector *vector, bool numbers)
{
    for (int32_t i = 0; i < vector->count; i++) {
        int32_t node = why_vector_at(why, vector, i);
        why_put(text, i == 0 ? "[" : ", ");
        if (numbers)
            why_put_number(text, why->value[node]);
        else
            why_put_name(why, text, node);
    }
    why_put(text, "]");
}

void why_put_vector(const Why *why, WhyText *text, const WhyVector *vector)
{
    if (is_stale(why, vector))
        put_list(why, text, vector, true);
    else if (vector->source == WHY_RANGE)
        put_range(why, text, vector);
    else if (vector->source == WHY_COLUMN && vector->place.part == PART_LOSS)
        why_put(text, "losses");
    else
        put_list(why, text, vector, false);
}

/* "v[3] of positions 0 to 5", "the heads joined", or its name. */
void why_vector_label(const Why *why, const WhyItem *item, WhyText *text)
{
    const WhyVector *vector = &item->vector;
    const char *part = place_parts[vector->place.part].name;

    if (vector->source == WHY_HEADS)
        why_put(text, _("the heads joined"));
    else if (vector->source == WHY_COLUMN && vector->place.part != PART_LOSS)
        why_put(text, _("%s[%d] of positions 0 to %d"), part, (int)vector->entry,
                (int)vector->count - 1);
    else if (vector->source == WHY_COLUMN)
        why_put(text, "losses");
    else
        put_range(why, text, vector);
    if (is_stale(why, vector))
        why_put(text, _(" before its update"));
}

/* ---- what a place reads ---------------------------------------------------------------------- */

static WhyVector row_of(const Tensor *tensor, int32_t row)
{
    return vector_of((TapeRange){tensor->first + row * tensor->cols, 1, tensor->cols});
}

/* The weights that entry i of a linear place is computed with. */
static WhyVector weights_of(const Why *why, Place place, int32_t i)
{
    const Gpt *gpt = gpt_of(why);

    if (place.part == PART_LOGITS)
        return row_of(&gpt->tensor[GPT_LM_HEAD], i);
    return row_of(
        &gpt->tensor[GPT_LAYERS + place.layer * LAYER_TENSORS + places[place.part].tensor], i);
}

/* The place that a place reads: mostly one of the same layer and head. */
static Place input_of(const Why *why, Place place)
{
    Place input = place;

    input.part = places[place.part].input;
    if (place.part == PART_ATTN_NORM && place.layer == 0) {
        input.part = PART_NORM;
        input.layer = -1;
    } else if (place.part == PART_ATTN_NORM) {
        input.layer--;
    } else if (place.part == PART_LOGITS) {
        input.layer = gpt_of(why)->n_layer - 1;
    }
    if (!place_parts[input.part].in_head)
        input.head = -1;
    return input;
}

static TapeRange out_of(const Why *why, Place place)
{
    return gpt_span(gpt_of(why), place)->out;
}

static TapeRange head_slice(const Why *why, Part part, Place place, int pos)
{
    int32_t head_dim = gpt_of(why)->n_embd / gpt_of(why)->n_head;
    TapeRange out = out_of(why, (Place){part, pos, place.layer, -1});

    return slice(out, place.head * head_dim, head_dim);
}

/* The vectors that entry i of a place is computed from: one or two. Returns how many. */
static int vectors_of(const Why *why, Place place, int32_t i, WhyVector vector[2])
{
    const Gpt *gpt = gpt_of(why);
    Place input = input_of(why, place), value = {PART_V, 0, place.layer, -1};
    int32_t head_dim = gpt->n_embd / gpt->n_head;

    switch (places[place.part].form) {
    case FORM_LINEAR:
        vector[0] = weights_of(why, place, i);
        vector[1] = place.part == PART_PROJ
                        ? (WhyVector){.source = WHY_HEADS,
                                      .place = {PART_OUT, place.pos, place.layer, 0},
                                      .count = gpt->n_embd}
                        : vector_of(out_of(why, input));
        return 2;
    case FORM_SCORE:
        vector[0] = vector_of(head_slice(why, PART_Q, place, place.pos));
        vector[1] = vector_of(head_slice(why, PART_K, place, i));
        return 2;
    case FORM_MIX:
        vector[0] = vector_of(out_of(why, input));
        vector[1] = (WhyVector){.source = WHY_COLUMN,
                                .place = value,
                                .entry = place.head * head_dim + i,
                                .count = vector[0].count};
        return 2;
    case FORM_MEAN:
        vector[0] = (WhyVector){.source = WHY_COLUMN,
                                .place = {PART_LOSS, 0, -1, -1},
                                .count = why_trainer(why)->positions};
        return 1;
    case FORM_SOFTMAX:
    case FORM_NORM:
        vector[0] = vector_of(out_of(why, input));
        return 1;
    default:
        return 0;
    }
}

/* ---- results --------------------------------------------------------------------------------- */

void why_result_formula(const Why *why, const WhyItem *item, WhyText *text)
{
    const Settings *options = &gpt_of(why)->options;
    Part part = gpt_span_of(gpt_of(why), item->node)->place.part;

    if (part == PART_SCORE && !options->attn_scale)
        why_put(text, "q · k_t");
    else if (places[part].form == FORM_SOFTMAX && !options->subtract_max)
        why_put(text, _("e^x / sum of e^x"));
    else
        why_put_place_formula(text, part);
}

static void put_dot(const Why *why, WhyText *text, const WhyVector vector[2])
{
    why_put(text, "dot(");
    why_put_vector(why, text, &vector[0]);
    why_put(text, ", ");
    why_put_vector(why, text, &vector[1]);
    why_put(text, ")");
}

static void put_entry(const Why *why, WhyText *text, const char *function, const WhyVector *vector,
                      int32_t i)
{
    why_put(text, "%s(", function);
    why_put_vector(why, text, vector);
    why_put(text, i < 0 ? ")" : ")[%d]", (int)i);
}

/* Without its maximum taken off, softmax gives other bits than the function of expressions. */
static void put_softmax(const Why *why, WhyText *text, const WhyVector *vector, int32_t i)
{
    if (gpt_of(why)->options.subtract_max) {
        put_entry(why, text, "softmax", vector, i);
        return;
    }
    put_entry(why, text, "exp", vector, i);
    why_put(text, " * sum(");
    put_entry(why, text, "exp", vector, -1);
    why_put(text, ") ^ -1");
}

/* Minus the logarithm of a probability: the node itself is log × -1. */
static int32_t probability_of(const Why *why, int32_t loss)
{
    const TapeNode *node = why_tape(why)->node;

    return node[node[loss].a].a;
}

void why_result_filled(const Why *why, const WhyItem *item, WhyText *text)
{
    const Span *span = gpt_span_of(gpt_of(why), item->node);
    int32_t i = why_entry(span, item->node);
    WhyVector vector[2];

    vectors_of(why, span->place, i, vector);
    switch (places[span->place.part].form) {
    case FORM_SCORE: /* the factor is the last operation's other input */
        put_dot(why, text, vector);
        if (!gpt_of(why)->options.attn_scale)
            break;
        why_put(text, " * ");
        why_put_number(text, why->value[why_tape(why)->node[item->node].b]);
        break;
    case FORM_SOFTMAX:
        put_softmax(why, text, vector, i);
        break;
    case FORM_NORM:
        put_entry(why, text, "rmsnorm", vector, i);
        break;
    case FORM_MEAN:
        put_entry(why, text, "mean", vector, -1);
        break;
    case FORM_NEGLOG:
        why_put(text, "-log(");
        why_put_name(why, text, probability_of(why, item->node));
        why_put(text, ")");
        break;
    default:
        put_dot(why, text, vector);
        break;
    }
}

/* First what the formula reads, then the same once more as operations. */
void why_open_result(Why *why, const WhyItem *item)
{
    const Span *span = gpt_span_of(gpt_of(why), item->node);
    WhyVector vector[2];
    int count = vectors_of(why, span->place, why_entry(span, item->node), vector);

    for (int i = 0; i < count; i++)
        why_add(why, (WhyItem){.kind = WHY_VECTOR, .vector = vector[i]});
    if (count == 0)
        why_add(why, why_value_item(why, probability_of(why, item->node)));
    why_add(why, (WhyItem){.kind = WHY_OPERATION, .node = item->node});
}
