#include "app/reference.h"

#include "app/graph.h"
#include "app/reference_make.h"
#include "engine/words.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- making them ----------------------------------------------------------------------------- */

static const Place nowhere = {.pos = -1, .layer = -1, .head = -1};

void reference_make_range(Reference *reference, int dims, TapeRange range)
{
    *reference = (Reference){
        .kind = REFERENCE_NODES, .dims = dims, .rows = 1, .range = range, .place = nowhere};
}

void reference_make_tensor(Reference *reference, const Tensor *tensor)
{
    reference_make_range(reference, 2, (TapeRange){tensor->first, 1, tensor->cols});
    reference->rows = tensor->rows;
    reference->source = ROWS_TENSOR;
}

void reference_make_positions(const Scope *scope, Reference *reference, Place place, int dims)
{
    place.pos = 0;
    *reference = (Reference){.kind = REFERENCE_NODES,
                             .dims = dims,
                             .rows = scope->trainer->positions,
                             .source = ROWS_POSITIONS,
                             .place = place};
}

/* ---- what there is --------------------------------------------------------------------------- */

static const Gpt *gpt_of(const Scope *scope)
{
    return &scope->trainer->gpt;
}

Numbers reference_numbers(const Scope *scope, const Reference *reference)
{
    const Trainer *trainer = scope->trainer;
    int32_t computed = trainer->gpt.params;

    if (reference->own)
        return graph_numbers(scope->graph);
    if (trainer->at.phase == PHASE_FORWARD)
        computed += (int32_t)trainer->at.n;
    else if (trainer_has_value(trainer, trainer->loss_node))
        computed = trainer->tape.count;
    return (Numbers){&trainer->tape, trainer->value, trainer->grad, computed,
                     trainer_has_grad(trainer)};
}

/* Row r of nodes that are not a list. */
static TapeRange row_range(const Scope *scope, const Reference *reference, int32_t r)
{
    TapeRange range = reference->range;
    Place place = reference->place;

    switch (reference->source) {
    case ROWS_TENSOR:
        range.first += r * range.count;
        return range;
    case ROWS_POSITIONS:
        place.pos += r;
        return gpt_span(gpt_of(scope), place)->out;
    case ROWS_HEADS:
        place.head += r;
        return gpt_span(gpt_of(scope), place)->out;
    default:
        return range;
    }
}

/* A vector with an entry a row: the losses. */
static bool is_column(const Reference *reference)
{
    return reference->dims == 1 && reference->source == ROWS_POSITIONS;
}

int32_t reference_cols(const Scope *scope, const Reference *reference, int32_t row)
{
    if (is_column(reference))
        return reference->rows;
    return row_range(scope, reference, row).count;
}

int32_t reference_at(const Scope *scope, const Reference *reference, int32_t row, int32_t col)
{
    if (reference->source == ROWS_LIST)
        return reference->list[row * reference->range.count + col];
    if (is_column(reference))
        return row_range(scope, reference, col).first;
    TapeRange range = row_range(scope, reference, row);
    return range.first + col * range.stride;
}

int64_t reference_count(const Scope *scope, const Reference *reference)
{
    int64_t count = 0;

    if (reference->dims < 2)
        return reference_cols(scope, reference, 0);
    for (int32_t r = 0; r < reference->rows; r++)
        count += reference_cols(scope, reference, r);
    return count;
}

int64_t reference_length(const Scope *scope, const Reference *reference)
{
    switch (reference->kind) {
    case REFERENCE_POSITIONS:
        return scope->trainer->positions;
    case REFERENCE_HEADS:
        return reference->place.layer < 0 ? gpt_of(scope)->n_layer : gpt_of(scope)->n_head;
    case REFERENCE_NODES:
        return reference->dims == 2   ? reference->rows
               : reference->dims == 1 ? reference_cols(scope, reference, 0)
                                      : 0;
    default:
        return 0;
    }
}

/* ---- indices --------------------------------------------------------------------------------- */

bool reference_check_index(const char *what, const char *whole, int64_t count, double index,
                           Error *error)
{
    if (index >= 0 && index < (double)count && index == floor(index))
        return true;
    if (index != floor(index)) /* also NaN */
        return error_set(error, "%s %.17g is not a whole number", _(what), index);
    if (count == 0)
        return error_set(error, "%s %.17g: %s has none", _(what), index, _(whole));
    return error_set(error, "%s %.17g: %s has %" PRId64 " (0 to %" PRId64 ")", _(what), index,
                     _(whole), count, count - 1);
}

bool reference_check_slice(const char *whole, int64_t count, double from, double to, Error *error)
{
    if (from != floor(from) || to != floor(to))
        return error_set(error, "slice %.17g:%.17g: expected whole numbers", from, to);
    if (from >= 0 && from <= to && to <= (double)count)
        return true;
    return error_set(error, "slice %.17g:%.17g: %s has %" PRId64 " (0:%" PRId64 " is all of it)",
                     from, to, _(whole), count, count);
}

/* Its name, where all of it is meant. */
static const char *tensor_name(const Scope *scope, const Reference *reference)
{
    for (int i = 0; i < gpt_of(scope)->tensors; i++) {
        const Tensor *tensor = &gpt_of(scope)->tensor[i];
        if (tensor->first == reference->range.first && tensor->rows == reference->rows)
            return tensor->name;
    }
    return N_("this matrix");
}

/* What the next index of these nodes counts, and of what. */
static const char *axis_of_nodes(const Scope *scope, const Reference *reference, const char **whole)
{
    bool all;

    switch (reference->source) {
    case ROWS_TENSOR:
        *whole = tensor_name(scope, reference);
        return N_("row");
    case ROWS_POSITIONS:
        all = reference->rows == scope->trainer->positions;
        *whole = all ? N_("this document") : N_("this slice");
        return N_("position");
    case ROWS_LIST:
        *whole = reference->dims == 2 ? N_("this matrix") : N_("this vector");
        return reference->dims == 2 ? N_("row") : N_("entry");
    case ROWS_HEADS:
        all = reference->rows == gpt_of(scope)->n_head;
        *whole = all ? N_("this model") : N_("this slice");
        return N_("head");
    default:
        all = reference->place.pos >= 0 &&
              (reference->place.part == PART_SCORE || reference->place.part == PART_WEIGHT);
        *whole = all ? N_("the position that looks") : N_("this vector");
        return all ? N_("key position") : N_("entry");
    }
}

static const char *axis(const Scope *scope, const Reference *reference, const char **whole)
{
    switch (reference->kind) {
    case REFERENCE_HEADS:
        *whole = N_("this model");
        return reference->place.layer < 0 ? N_("layer") : N_("head");
    case REFERENCE_POSITIONS:
        *whole = N_("this document");
        return N_("position");
    default:
        return axis_of_nodes(scope, reference, whole);
    }
}

static bool takes_index(const Scope *scope, const Reference *reference, Error *error)
{
    if (reference->kind == REFERENCE_LAYER || reference->kind == REFERENCE_PLACE)
        return reference_is_whole(scope, reference, error);
    return reference->kind != REFERENCE_NODES || reference->dims > 0 ||
           error_set(error, "this is one number: it has no index");
}

/* The index is in range. */
static void index_nodes(const Scope *scope, Reference *reference, int32_t i)
{
    if (reference->dims == 2 && reference->source != ROWS_LIST) {
        Place place = reference->place;
        place.pos += reference->source == ROWS_POSITIONS ? i : 0;
        reference_make_range(reference, 1, row_range(scope, reference, i));
        reference->place = place;
    } else if (reference->dims == 2) {
        reference->list += i * reference->range.count;
        reference->rows = 1;
        reference->dims = 1;
    } else {
        bool own = reference->own;
        reference_make_range(reference, 0, (TapeRange){reference_at(scope, reference, 0, i), 1, 1});
        reference->own = own;
    }
}

bool reference_index(const Scope *scope, Reference *reference, double index, Error *error)
{
    const char *whole, *what = axis(scope, reference, &whole);

    if (!takes_index(scope, reference, error) ||
        !reference_check_index(what, whole, reference_length(scope, reference), index, error))
        return false;
    int32_t i = (int32_t)index;
    if (reference->kind == REFERENCE_POSITIONS) {
        reference->kind = REFERENCE_PLACE;
        reference->place.pos = i;
    } else if (reference->kind == REFERENCE_NODES) {
        index_nodes(scope, reference, i);
    } else if (reference->place.layer < 0) {
        reference->place.layer = i;
    } else {
        reference->place.head = i;
        reference_make_positions(scope, reference, reference->place, 2);
    }
    return true;
}

bool reference_slice(const Scope *scope, Reference *reference, double from, double to, Error *error)
{
    const char *whole;

    axis(scope, reference, &whole);
    if (!takes_index(scope, reference, error))
        return false;
    if (reference->kind != REFERENCE_NODES)
        return error_set(error, "a slice cannot stand here: one number must");
    if (!reference_check_slice(whole, reference_length(scope, reference), from, to, error))
        return false;
    int32_t first = (int32_t)from, count = (int32_t)(to - from);
    if (reference->dims == 2 || is_column(reference))
        reference->rows = count;
    else
        reference->range.count = count;
    switch (reference->source) {
    case ROWS_RANGE:
        reference->range.first += first * reference->range.stride;
        break;
    case ROWS_TENSOR:
        reference->range.first += first * reference->range.count;
        break;
    case ROWS_POSITIONS:
        reference->place.pos += first;
        break;
    case ROWS_HEADS:
        reference->place.head += first;
        break;
    case ROWS_LIST:
        reference->list += reference->dims == 2 ? first * reference->range.count : first;
        break;
    }
    return true;
}

/* ---- the way back ---------------------------------------------------------------------------- */

/* Entry i of a place's results. */
static int print_result(Place place, int32_t i, char *text, size_t size)
{
    char name[96];

    switch (place.part) {
    case PART_MEAN_LOSS:
        return snprintf(text, size, "loss");
    case PART_LOSS:
        return snprintf(text, size, "losses[%d]", place.pos);
    case PART_LOGITS:
    case PART_PROBS:
        return snprintf(text, size, "%s[%d][%d]", place_parts[place.part].name, place.pos, (int)i);
    case PART_SCORE:
    case PART_WEIGHT:
        return snprintf(text, size, "%s[%d][%d][%d][%d]",
                        place.part == PART_SCORE ? "score" : "attn", place.layer, place.head,
                        place.pos, (int)i);
    default:
        place_name(place, name, sizeof name);
        return snprintf(text, size, "x[%d]%s[%d]", place.pos, strchr(name, '.'), (int)i);
    }
}

int reference_print(const Trainer *trainer, int32_t node, char *text, size_t size)
{
    if (node < trainer->gpt.params) {
        const Tensor *tensor = gpt_tensor_of(&trainer->gpt, node);
        int32_t i = node - tensor->first;
        return snprintf(text, size, "%s[%d][%d]", tensor->name, (int)(i / tensor->cols),
                        (int)(i % tensor->cols));
    }
    const Span *span = gpt_span_of(&trainer->gpt, node);
    int32_t offset = span ? node - span->out.first : -1;
    if (offset >= 0 && offset % span->out.stride == 0 &&
        offset / span->out.stride < span->out.count)
        return print_result(span->place, offset / span->out.stride, text, size);
    return snprintf(text, size, "node(%" PRId32 ")", node);
}
