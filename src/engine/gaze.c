#include "engine/gaze.h"

#include "engine/gpt.h"
#include "engine/sys.h"
#include <math.h>
#include <string.h>

static size_t row_of(const Gaze *gaze, int layer, int head, int query)
{
    const size_t positions = (size_t)gaze->positions;

    return (((size_t)layer * (size_t)gaze->heads + (size_t)head) * positions + (size_t)query) *
           positions;
}

bool gaze_init(Gaze *gaze, const Settings *settings, const int *token, int positions, Error *error)
{
    *gaze = (Gaze){.layers = (int)settings->n_layer,
                   .heads = (int)settings->n_head,
                   .positions =
                       positions < settings->block_size ? positions : (int)settings->block_size};
    const size_t weights = row_of(gaze, gaze->layers, 0, 0);

    gaze->token = sys_alloc((size_t)gaze->positions, sizeof *gaze->token);
    gaze->weight = sys_alloc(weights, sizeof *gaze->weight);
    if (!gaze->token || !gaze->weight) {
        gaze_release(gaze);
        return error_set(error, "out of memory for attention weights");
    }
    memcpy(gaze->token, token, (size_t)gaze->positions * sizeof *token);
    for (size_t i = 0; i < weights; i++)
        gaze->weight[i] = NAN;
    return true;
}

void gaze_release(Gaze *gaze)
{
    sys_free(gaze->token);
    sys_free(gaze->weight);
    *gaze = (Gaze){0};
}

double gaze_weight(const Gaze *gaze, int layer, int head, int query, int key)
{
    return gaze->weight[row_of(gaze, layer, head, query) + (size_t)key];
}

/* ---- finding --------------------------------------------------------------------------------- */

/* The row that a head's query at a position has. */
typedef void FindRow(const void *source, int layer, int head, int position, double *weight);

static void find_rows(Gaze *gaze, FindRow *find, const void *source)
{
    for (int layer = 0; layer < gaze->layers; layer++)
        for (int head = 0; head < gaze->heads; head++)
            for (int query = 0; query < gaze->positions; query++)
                find(source, layer, head, query, gaze->weight + row_of(gaze, layer, head, query));
}

static void find_by_kernels(const void *source, int layer, int head, int position, double *weight)
{
    fused_weights(source, layer, head, position, weight);
}

static void run_kernels(Gaze *gaze, Fused *fused, const double *value)
{
    fused_load(fused, value, NULL, NULL);
    for (int positions = 1; positions <= gaze->positions; positions++)
        fused_logits(fused, gaze->token, positions);
    find_rows(gaze, find_by_kernels, fused);
}

/* A model recorded for the text, and the numbers on its tape. */
typedef struct Recorded {
    Gpt gpt;
    Tape tape;
    double *value;
} Recorded;

static void find_on_tape(const void *source, int layer, int head, int position, double *weight)
{
    const Recorded *recorded = source;
    const Span *span = gpt_span(&recorded->gpt, (Place){PART_WEIGHT, position, layer, head});

    for (int key = 0; span && key < span->out.count; key++)
        weight[key] = recorded->value[span->out.first + key * span->out.stride];
}

static bool run_tape(Gaze *gaze, const Settings *settings, int vocab, const double *value,
                     Error *error)
{
    Recorded recorded = {.value = NULL};
    Gpt *gpt = &recorded.gpt;
    Tape *tape = &recorded.tape;

    bool done = gpt_init(gpt, settings, vocab, error) && gpt_tape(gpt, tape, error);
    recorded.value = done ? sys_alloc((size_t)tape->capacity, sizeof *recorded.value) : NULL;
    if (done && !recorded.value)
        done = error_set(error, "out of memory for attention weights");
    if (done) {
        memcpy(recorded.value, value, (size_t)gpt->params * sizeof *value);
        for (int pos = 0; pos < gaze->positions; pos++)
            gpt_record_position(gpt, tape, gaze->token[pos], pos);
        tape_forward(tape, recorded.value, tape->params, tape->count);
        find_rows(gaze, find_on_tape, &recorded);
    }
    sys_free(recorded.value);
    gpt_release(gpt);
    tape_release(tape);
    return done;
}

bool gaze_find(Gaze *gaze, const Settings *settings, int vocab, const double *value,
               const Fused *tried, Error *error)
{
    Fused fused = {0};

    if (!fused_can_forward(settings))
        return run_tape(gaze, settings, vocab, value, error);
    if (!fused_init(&fused, fused_find(FUSED_FLOAT64, NULL), settings, vocab, error))
        return false;
    if (tried)
        fused_trust_as(&fused, tried);
    const bool fast = fused_ready(&fused);
    if (fast)
        run_kernels(gaze, &fused, value);
    fused_release(&fused);
    return fast || run_tape(gaze, settings, vocab, value, error);
}
