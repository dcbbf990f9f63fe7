#include "engine/gpt.h"

#include "engine/gpt_layout.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- shapes ---------------------------------------------------------------------------------- */

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
static int layer_spans(int heads)
{
    const int in_head = PART_PROJ - PART_SCORE, in_layer = PART_LOGITS - PART_ATTN_NORM - in_head;

    return in_layer + in_head * heads;
}

static int64_t span_capacity(const Settings *s)
{
    const int64_t position =
        PART_ATTN_NORM + s->n_layer * layer_spans((int)s->n_head) + PART_MEAN_LOSS - PART_LOGITS;

    return s->block_size * position + 1;
}

/* Parameters are counted in 32 bits. */
static bool has_room(const Settings *settings, int vocab, Error *error)
{
    const double params = gpt_params(settings, vocab);
    char why[128];

    snprintf(why, sizeof why,
             _("has %.1f billion parameters, the limit is 2.1: make one of them smaller"),
             params / 1e9);
    return params < INT32_MAX || gpt_refuse(settings, vocab, "", why, error);
}

bool gpt_init(Gpt *gpt, const Settings *settings, int vocab, Error *error)
{
    *gpt = (Gpt){0};
    if (!settings_check(settings, error) || !has_room(settings, vocab, error))
        return false;
    gpt->n_layer = (int)settings->n_layer;
    gpt->n_embd = (int)settings->n_embd;
    gpt->n_head = (int)settings->n_head;
    gpt->block_size = (int)settings->block_size;
    gpt->vocab = vocab;
    gpt_choose(gpt, settings);
    gpt->tensor =
        sys_alloc((size_t)(GPT_LAYERS + gpt->n_layer * LAYER_TENSORS), sizeof *gpt->tensor);
    if (!gpt->tensor)
        return error_set(error, "out of memory for the model");
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

void gpt_drop_tape(Gpt *gpt, Tape *tape)
{
    sys_free(gpt->span);
    sys_free(gpt->span_of_pos);
    sys_free(gpt->head_out);
    gpt->span = NULL;
    gpt->span_of_pos = NULL;
    gpt->head_out = NULL;
    gpt->spans = gpt->positions = 0;
    tape_release(tape);
}

bool gpt_same_graph(const Settings *a, const Settings *b)
{
    return a->n_layer == b->n_layer && a->n_embd == b->n_embd && a->n_head == b->n_head &&
           a->block_size == b->block_size && settings_same_part(a, b, SETTING_GRAPH);
}

void gpt_choose(Gpt *gpt, const Settings *settings)
{
    gpt->options = *settings;
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

/* ---- sizes ----------------------------------------------------------------------------------- */

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

double gpt_params(const Settings *settings, int vocab)
{
    return parameter_count(settings, vocab);
}

/* Bytes of the places, by name and by position. */
static int64_t place_bytes(const Settings *s)
{
    return span_capacity(s) * (int64_t)sizeof(Span) + s->block_size * (int64_t)sizeof(int) +
           s->n_head * (int64_t)sizeof(TapeRange);
}

int64_t gpt_bytes(const Settings *settings, int vocab)
{
    const double nodes = tape_capacity(settings, vocab);
    const double inner = nodes - parameter_count(settings, vocab);

    if (nodes >= INT32_MAX)
        return -1;
    return (int64_t)tape_bytes((int64_t)nodes, (int64_t)range_capacity(settings)) +
           2 * (int64_t)(inner * sizeof(double)) + gpt_layout_bytes(settings, vocab) +
           place_bytes(settings);
}

bool gpt_refuse(const Settings *settings, int vocab, const char *what, const char *why,
                Error *error)
{
    return error_set(error,
                     "%sa model of n_layer %" PRId64 ", n_embd %" PRId64 ", block_size %" PRId64
                     " and %d tokens %s",
                     what, settings->n_layer, settings->n_embd, settings->block_size, vocab, why);
}

bool gpt_fits(const Settings *settings, int vocab, Error *error)
{
    int64_t bytes = gpt_bytes(settings, vocab);
    double gigabytes = (double)bytes / (1 << 30);
    char why[192];

    if (bytes < 0)
        gigabytes = tape_capacity(settings, vocab) * 37 / (1 << 30);
    if (bytes >= 0 && bytes <= GPT_BYTES_LIMIT)
        return true;
    snprintf(why, sizeof why,
             _("would take %.1f GB of memory, the limit is %.0f GB: make one of them smaller, or "
               "train without looking inside: gptoscope train"),
             gigabytes, (double)GPT_BYTES_LIMIT / (1 << 30));
    return gpt_refuse(settings, vocab, _("to look inside "), why, error);
}

static Settings sizes_of(const Gpt *gpt)
{
    return (Settings){.n_layer = gpt->n_layer,
                      .n_embd = gpt->n_embd,
                      .n_head = gpt->n_head,
                      .block_size = gpt->block_size};
}

bool gpt_tape(Gpt *gpt, Tape *tape, Error *error)
{
    const Settings s = sizes_of(gpt);

    *tape = (Tape){0};
    if (!gpt_fits(&s, gpt->vocab, error))
        return false;
    gpt->span_capacity = (int)span_capacity(&s);
    gpt->span = sys_alloc((size_t)gpt->span_capacity, sizeof *gpt->span);
    gpt->span_of_pos = sys_alloc((size_t)gpt->block_size, sizeof *gpt->span_of_pos);
    gpt->head_out = sys_alloc((size_t)gpt->n_head, sizeof *gpt->head_out);
    bool done = (gpt->span && gpt->span_of_pos && gpt->head_out) ||
                error_set(error, "out of memory for the model");
    done = done && tape_init(tape, (int32_t)tape_capacity(&s, gpt->vocab),
                             (int32_t)range_capacity(&s), gpt->params, error);
    if (!done)
        gpt_drop_tape(gpt, tape);
    return done;
}

/* ---- places ---------------------------------------------------------------------------------- */

/* Where a place's span is among those of its position: embed, norm, then a layer's (attn.norm, q,
 * k, v, then score, weight and out of each head, then proj ... mlp.residual), then logits, probs,
 * loss. */
static int span_offset(const Gpt *gpt, Place p)
{
    const int in_head = PART_PROJ - PART_SCORE;
    int layer_start = PART_ATTN_NORM + p.layer * layer_spans(gpt->n_head);

    if (p.part < PART_ATTN_NORM)
        return (int)p.part;
    if (p.part >= PART_LOGITS)
        return PART_ATTN_NORM + gpt->n_layer * layer_spans(gpt->n_head) + (int)p.part - PART_LOGITS;
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

void gpt_clear(Gpt *gpt, Tape *tape)
{
    tape_clear(tape);
    gpt->spans = 0;
    gpt->positions = 0;
}
