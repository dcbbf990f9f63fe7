#include "app/graph_block.h"

#include "engine/words.h"
#include <string.h>

/* ---- what feeds what ------------------------------------------------------------------------- */

/* Parts that a part reads; PART_COUNT: none. STREAM_IN: what flows into the layer. */
enum { NONE = PART_COUNT, STREAM_IN, HEADS, POSITIONS };

typedef struct Feed {
    uint8_t input[GRAPH_BLOCK_INPUTS];
    const char *name[GRAPH_BLOCK_INPUTS];
    int8_t tensor; /* LayerTensor, or -1 */
    const char *out;
} Feed;

static const Feed feeds[PART_COUNT] = {
    [PART_EMBED] = {{NONE, NONE}, {"wte", "wpe"}, -1, "x"},
    [PART_NORM] = {{PART_EMBED, NONE}, {"x", NULL}, -1, "y"},
    [PART_ATTN_NORM] = {{STREAM_IN, NONE}, {"x", NULL}, -1, "y"},
    [PART_Q] = {{PART_ATTN_NORM, NONE}, {"x", NULL}, LAYER_WQ, "q"},
    [PART_K] = {{PART_ATTN_NORM, NONE}, {"x", NULL}, LAYER_WK, "k"},
    [PART_V] = {{PART_ATTN_NORM, NONE}, {"x", NULL}, LAYER_WV, "v"},
    [PART_SCORE] = {{PART_Q, NONE}, {"q", NULL}, -1, "score"},
    [PART_WEIGHT] = {{PART_SCORE, NONE}, {"score", NULL}, -1, "weight"},
    [PART_OUT] = {{PART_WEIGHT, NONE}, {"weight", NULL}, -1, "out"},
    [PART_PROJ] = {{HEADS, NONE}, {N_("heads"), NULL}, LAYER_WO, "y"},
    [PART_ATTN_RESIDUAL] = {{PART_PROJ, STREAM_IN}, {N_("attention"), "x"}, -1, "sum"},
    [PART_MLP_NORM] = {{PART_ATTN_RESIDUAL, NONE}, {"x", NULL}, -1, "y"},
    [PART_FC1] = {{PART_MLP_NORM, NONE}, {"x", NULL}, LAYER_FC1, "h"},
    [PART_RELU] = {{PART_FC1, NONE}, {"h", NULL}, -1, "y"},
    [PART_FC2] = {{PART_RELU, NONE}, {"x", NULL}, LAYER_FC2, "y"},
    [PART_MLP_RESIDUAL] = {{PART_FC2, PART_ATTN_RESIDUAL}, {"MLP", "x"}, -1, "sum"},
    [PART_LOGITS] = {{STREAM_IN, NONE}, {"x", NULL}, -1, "logit"},
    [PART_PROBS] = {{PART_LOGITS, NONE}, {"logit", NULL}, -1, "prob"},
    [PART_LOSS] = {{PART_PROBS, NONE}, {"prob", NULL}, -1, "loss"},
    [PART_MEAN_LOSS] = {{POSITIONS, NONE}, {"loss", NULL}, -1, "loss"},
};

/* The place that another of that part stands for, seen from a place. */
static Place place_of_part(const Gpt *gpt, Place from, int part)
{
    Place place = from;

    if (part == STREAM_IN) {
        int layer = from.part == PART_LOGITS ? gpt->n_layer : from.layer;
        place.layer = layer - 1;
        part = layer > 0 ? PART_MLP_RESIDUAL : PART_NORM;
    }
    place.part = (Part)part;
    if (!place_parts[part].in_layer)
        place.layer = -1;
    if (!place_parts[part].in_head)
        place.head = -1;
    return place;
}

/* ---- vectors --------------------------------------------------------------------------------- */

static int head_dim(const Gpt *gpt)
{
    return gpt->n_embd / gpt->n_head;
}

int32_t graph_vector_at(const Gpt *gpt, const GraphVector *vector, int32_t i)
{
    Place place = vector->place;
    TapeRange range = vector->range;

    if (vector->source == VECTOR_HEADS) {
        place.head = i / head_dim(gpt);
        range = gpt_span(gpt, place)->out;
        i %= head_dim(gpt);
    } else if (vector->source == VECTOR_POSITIONS) {
        place.pos = i;
        range = gpt_span(gpt, place)->out;
        i = vector->entry;
    }
    return range.first + i * range.stride;
}

bool graph_vector_find(const Gpt *gpt, const GraphVector *vector, int32_t node, int32_t *i)
{
    for (*i = 0; *i < vector->count; ++*i)
        if (graph_vector_at(gpt, vector, *i) == node)
            return true;
    return false;
}

static void add_range(GraphBlock *block, const char *name, TapeRange range)
{
    block->input[block->inputs++] =
        (GraphVector){.source = VECTOR_RANGE, .name = name, .range = range, .count = range.count};
}

static void add_place(GraphBlock *block, const Gpt *gpt, const char *name, Place place)
{
    const Span *span = gpt_span(gpt, place);

    if (span && span->out.count > 0)
        add_range(block, name, span->out);
}

/* All heads have something to give, or none has. */
static void add_heads(GraphBlock *block, const Gpt *gpt, const char *name, Place place)
{
    place.part = PART_OUT;
    place.head = 0;
    const Span *span = gpt_span(gpt, place);
    if (span && span->out.count > 0)
        block->input[block->inputs++] = (GraphVector){
            .source = VECTOR_HEADS, .name = name, .place = place, .count = gpt->n_embd};
}

static void add_positions(GraphBlock *block, const Gpt *gpt, const char *name)
{
    block->input[block->inputs++] = (GraphVector){.source = VECTOR_POSITIONS,
                                                  .name = name,
                                                  .place = {PART_LOSS, 0, -1, -1},
                                                  .count = gpt->positions};
}

/* The part of q, k or v that a head reads. */
static TapeRange head_slice(const Gpt *gpt, TapeRange range, int head)
{
    range.first += head * head_dim(gpt) * range.stride;
    range.count = head_dim(gpt);
    return range;
}

/* ---- matrices -------------------------------------------------------------------------------- */

int32_t graph_matrix_at(const Gpt *gpt, const GraphMatrix *matrix, int32_t row, int32_t col)
{
    Place place = {PART_K, row, matrix->place.layer, -1};

    if (matrix->source == MATRIX_TENSOR)
        return matrix->first + row * matrix->cols + col;
    if (matrix->source == MATRIX_VALUES) {
        place = (Place){PART_V, col, matrix->place.layer, -1};
        col = row;
    }
    TapeRange range = head_slice(gpt, gpt_span(gpt, place)->out, matrix->place.head);
    return range.first + col * range.stride;
}

bool graph_matrix_find(const Gpt *gpt, const GraphMatrix *matrix, int32_t node, int32_t *row,
                       int32_t *col)
{
    int32_t i = node - matrix->first;

    if (matrix->source == MATRIX_TENSOR) {
        *row = i / matrix->cols;
        *col = i % matrix->cols;
        return i >= 0 && i < matrix->rows * matrix->cols;
    }
    for (*row = 0; *row < matrix->rows; ++*row)
        for (*col = 0; *col < matrix->cols; ++*col)
            if (graph_matrix_at(gpt, matrix, *row, *col) == node)
                return true;
    return false;
}

static void set_tensor(GraphBlock *block, const Tensor *tensor)
{
    block->matrix = (GraphMatrix){.source = MATRIX_TENSOR,
                                  .name = tensor->name,
                                  .first = tensor->first,
                                  .rows = tensor->rows,
                                  .cols = tensor->cols};
}

static void set_matrix(GraphBlock *block, const Gpt *gpt)
{
    const Place p = block->place;
    const int tensor = feeds[p.part].tensor;

    if (tensor >= 0)
        set_tensor(block, &gpt->tensor[GPT_LAYERS + p.layer * LAYER_TENSORS + tensor]);
    else if (p.part == PART_LOGITS)
        set_tensor(block, &gpt->tensor[GPT_LM_HEAD]);
    else if (p.part == PART_SCORE)
        block->matrix = (GraphMatrix){MATRIX_KEYS, N_("keys"), p, 0, p.pos + 1, head_dim(gpt)};
    else if (p.part == PART_OUT)
        block->matrix = (GraphMatrix){MATRIX_VALUES, N_("values"), p, 0, head_dim(gpt), p.pos + 1};
}

/* ---- numbers on the way ---------------------------------------------------------------------- */

static void add_step(GraphBlock *block, const char *name, int32_t node)
{
    if (node >= block->span->first && node < block->span->end)
        block->step[block->steps++] = (GraphStep){name, node};
}

/* Found from what comes out, backwards: the last product of each knows its factor. */
static void find_steps(GraphBlock *block, const Tape *tape)
{
    const Part part = block->place.part;
    const bool norm = part == PART_NORM || part == PART_ATTN_NORM || part == PART_MLP_NORM;
    const bool softmax = part == PART_WEIGHT || part == PART_PROBS;
    const int32_t last = tape_input(tape, block->span->out.first, 1);

    if ((!norm && !softmax) || last < block->span->first)
        return;
    add_step(block, norm ? N_("mean of squares + eps") : N_("sum of exponentials"),
             tape_input(tape, last, 0));
    add_step(block, norm ? N_("1 / root of it") : N_("1 / sum"), last);
}

/* ---- all together ---------------------------------------------------------------------------- */

static void find_inputs(GraphBlock *block, const Trainer *trainer)
{
    const Gpt *gpt = &trainer->gpt;
    const Place p = block->place;
    const Feed *feed = &feeds[p.part];

    if (p.part == PART_EMBED) {
        const Tensor *wte = &gpt->tensor[GPT_WTE], *wpe = &gpt->tensor[GPT_WPE];
        add_range(block, "wte",
                  (TapeRange){wte->first + trainer->token[p.pos] * wte->cols, 1, wte->cols});
        if (gpt->options.position)
            add_range(block, "wpe", (TapeRange){wpe->first + p.pos * wpe->cols, 1, wpe->cols});
        return;
    }
    for (int i = 0; i < GRAPH_BLOCK_INPUTS && feed->input[i] != NONE; i++) {
        if (feed->input[i] == HEADS)
            add_heads(block, gpt, feed->name[i], p);
        else if (feed->input[i] == POSITIONS)
            add_positions(block, gpt, feed->name[i]);
        else
            add_place(block, gpt, feed->name[i], place_of_part(gpt, p, feed->input[i]));
    }
    if (p.part == PART_SCORE && block->inputs > 0) {
        block->input[0].range = head_slice(gpt, block->input[0].range, p.head);
        block->input[0].count = head_dim(gpt);
    }
}

bool graph_block(GraphBlock *block, const Trainer *trainer, Place place)
{
    const Span *span = gpt_span(&trainer->gpt, place);

    *block = (GraphBlock){.place = place, .span = span};
    if (!span)
        return false;
    block->out = (GraphVector){.source = VECTOR_RANGE,
                               .name = feeds[place.part].out,
                               .range = span->out,
                               .count = span->out.count};
    if (span->first == span->end)
        return true;
    find_inputs(block, trainer);
    set_matrix(block, &trainer->gpt);
    find_steps(block, &trainer->tape);
    return true;
}

bool graph_block_has(const Gpt *gpt, const GraphBlock *block, int32_t node)
{
    int32_t row, col;

    if (node >= block->span->first && node < block->span->end)
        return true;
    for (int i = 0; i < block->inputs; i++)
        if (graph_vector_find(gpt, &block->input[i], node, &row))
            return true;
    return graph_vector_find(gpt, &block->out, node, &row) ||
           (block->matrix.source != MATRIX_NONE &&
            graph_matrix_find(gpt, &block->matrix, node, &row, &col));
}

Place graph_place_of_parameter(const Trainer *trainer, int32_t parameter, int pos)
{
    const Gpt *gpt = &trainer->gpt;
    const int tensor = (int)(gpt_tensor_of(gpt, parameter) - gpt->tensor);
    Place place = {PART_EMBED, pos, -1, -1};

    if (tensor == GPT_LM_HEAD)
        place.part = PART_LOGITS;
    if (tensor < GPT_LAYERS)
        return place;
    place.layer = (tensor - GPT_LAYERS) / LAYER_TENSORS;
    for (int part = 0; part < PART_COUNT; part++)
        if (place_parts[part].in_layer &&
            feeds[part].tensor == (tensor - GPT_LAYERS) % LAYER_TENSORS)
            place.part = (Part)part;
    return place;
}
