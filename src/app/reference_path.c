#include "app/reference.h"

#include "app/graph.h"
#include "app/reference_make.h"
#include "engine/words.h"
#include <stdio.h>
#include <string.h>

const ReferenceName reference_names[] = {
    {"wte", "wte[token][i]", N_("embedding of a token; wte[token] is its row, wte the matrix")},
    {"wpe", "wpe[p][i]", N_("embedding of a position")},
    {"lm_head", "lm_head[token][i]", N_("weights from the last vector to a token's logit")},
    {"layer0", "layer0.attn_wq[i][j]",
     N_("weights of a layer; also attn_wk, attn_wv, attn_wo, mlp_fc1, mlp_fc2")},
    {"x", "x[p].embed", N_("activations of position p; also norm")},
    {"x", "x[p].layer0.attn.q",
     N_("also attn.norm, k, v, proj, residual, and mlp.norm, fc1, relu, fc2, residual")},
    {"x", "x[p].layer0.attn.head2.out", N_("of one head; also score and weight")},
    {"logits", "logits[p]", N_("logits of position p, one a token")},
    {"probs", "probs[p]", N_("probabilities of the next token after position p")},
    {"losses", "losses[p]", N_("loss of position p")},
    {"loss", "loss", N_("mean of the positions' losses")},
    {"attn", "attn[layer][head][p][s]",
     N_("attention weight: how much position p looks at position s")},
    {"score", "score[layer][head][p][s]", N_("the score before the softmax")},
};
const int reference_names_count = sizeof reference_names / sizeof *reference_names;

static const Place nowhere = {.pos = -1, .layer = -1, .head = -1};

static const Gpt *gpt_of(const Scope *scope)
{
    return &scope->trainer->gpt;
}

/* ---- the beginning of a path ----------------------------------------------------------------- */

/* "layer12" with word "layer": the number, or -1 if the name is something else. */
static int numbered(const char *name, size_t length, const char *word)
{
    size_t skip = strlen(word);
    int number = 0;

    if (length <= skip || length > skip + 6 || strncmp(name, word, skip) != 0)
        return -1;
    for (size_t i = skip; i < length; i++) {
        if (name[i] < '0' || name[i] > '9')
            return -1;
        number = number * 10 + (name[i] - '0');
    }
    return number;
}

static bool is(const char *word, const char *name, size_t length)
{
    return strlen(word) == length && memcmp(word, name, length) == 0;
}

static const Tensor *find_tensor(const Gpt *gpt, int layer, const char *name, size_t length)
{
    char full[64];

    if (length >= 32)
        return NULL;
    if (layer < 0)
        snprintf(full, sizeof full, "%.*s", (int)length, name);
    else
        snprintf(full, sizeof full, "layer%d.%.*s", layer, (int)length, name);
    return gpt_tensor(gpt, full);
}

/* Names that stand for a part at every position. */
static const struct {
    const char *name;
    Part part;
    int dims;
} parts_by_name[] = {
    {"logits", PART_LOGITS, 2}, {"probs", PART_PROBS, 2}, {"losses", PART_LOSS, 1}};

/* Those that a layer and a head must follow first. */
static const struct {
    const char *name;
    Part part;
} head_parts_by_name[] = {{"attn", PART_WEIGHT}, {"score", PART_SCORE}};

static bool begin_part(const Scope *scope, const char *name, size_t length, Reference *reference)
{
    Place place = nowhere;

    for (size_t i = 0; i < sizeof parts_by_name / sizeof *parts_by_name; i++)
        if (is(parts_by_name[i].name, name, length)) {
            place.part = parts_by_name[i].part;
            reference_make_positions(scope, reference, place, parts_by_name[i].dims);
            return true;
        }
    for (size_t i = 0; i < sizeof head_parts_by_name / sizeof *head_parts_by_name; i++)
        if (is(head_parts_by_name[i].name, name, length)) {
            place.part = head_parts_by_name[i].part;
            *reference = (Reference){.kind = REFERENCE_HEADS, .place = place};
            return true;
        }
    return false;
}

static bool begin_at_place(const Scope *scope, const char *name, size_t length,
                           Reference *reference)
{
    int layer = numbered(name, length, "layer"), pos = numbered(name, length, "pos");

    *reference = (Reference){.kind = REFERENCE_PLACE, .place = nowhere, .group = ""};
    if (is("x", name, length)) {
        reference->kind = REFERENCE_POSITIONS;
        return true;
    }
    if (layer >= 0 && layer < gpt_of(scope)->n_layer) {
        reference->kind = REFERENCE_LAYER;
        reference->place.layer = layer;
        return true;
    }
    reference->place.pos = pos;
    return pos >= 0 && pos < scope->trainer->positions;
}

bool reference_begin(const Scope *scope, const char *name, size_t length, Reference *reference)
{
    const Tensor *tensor = find_tensor(gpt_of(scope), -1, name, length);

    if (scope->graph && graph_find(scope->graph, name, length, reference))
        return true;
    if (tensor) {
        reference_make_tensor(reference, tensor);
        return true;
    }
    if (is("loss", name, length)) {
        reference_make_range(reference, 0, (TapeRange){scope->trainer->loss_node, 1, 1});
        return true;
    }
    return begin_part(scope, name, length, reference) ||
           begin_at_place(scope, name, length, reference);
}

bool reference_node(const Scope *scope, double number, Reference *reference, Error *error)
{
    if (!reference_check_index(N_("node"), N_("this tape"), scope->trainer->tape.count, number,
                               error))
        return false;
    reference_make_range(reference, 0, (TapeRange){(int32_t)number, 1, 1});
    return true;
}

/* ---- fields ---------------------------------------------------------------------------------- */

/* A part that may follow here: all parts of the group, those of heads also without a head. */
static bool may_follow(const Reference *reference, const PartInfo *part)
{
    return part->in_layer == (reference->place.layer >= 0) &&
           strcmp(part->group, reference->group) == 0 &&
           (part->in_head || reference->place.head < 0);
}

/* "there are norm, q, k": what can follow here. */
static bool no_such_part(const Reference *reference, const char *name, size_t length, Error *error)
{
    char known[200] = "";
    size_t used = 0;
    bool at_layer = reference->place.layer >= 0 && !*reference->group;

    if (at_layer)
        used = (size_t)snprintf(known, sizeof known, "attn, mlp");
    for (int i = 0; !at_layer && i < PART_MEAN_LOSS; i++)
        if (may_follow(reference, &place_parts[i]) &&
            (!place_parts[i].in_head || reference->place.head >= 0))
            used += (size_t)snprintf(known + used, sizeof known - used, "%s%s", used ? ", " : "",
                                     place_parts[i].name);
    if (reference->place.layer < 0)
        snprintf(known + used, sizeof known - used, ", layer0");
    if (strcmp(reference->group, "attn.") == 0 && reference->place.head < 0)
        snprintf(known + used, sizeof known - used, ", head0");
    return error_set(error, "there is no %.*s here: expected one of %s",
                     (int)(length < 40 ? length : 40), name, known);
}

/* The piece of a place's name that narrows it down: layerN, attn, mlp, headN. *found tells whether
 * it was one. */
static bool narrow(const Scope *scope, Reference *reference, const char *name, size_t length,
                   bool *found, Error *error)
{
    Place *place = &reference->place;
    int layer = numbered(name, length, "layer"), head = numbered(name, length, "head");

    *found = true;
    if (layer >= 0 && place->layer < 0) {
        place->layer = layer;
        return reference_check_index(N_("layer"), N_("this model"), gpt_of(scope)->n_layer, layer,
                                     error);
    }
    if (head >= 0 && place->head < 0 && strcmp(reference->group, "attn.") == 0) {
        place->head = head;
        return reference_check_index(N_("head"), N_("this model"), gpt_of(scope)->n_head, head,
                                     error);
    }
    if (place->layer >= 0 && !*reference->group && is("attn", name, length)) {
        reference->group = "attn.";
        return true;
    }
    if (place->layer >= 0 && !*reference->group && is("mlp", name, length)) {
        reference->group = "mlp.";
        return true;
    }
    *found = false;
    return true;
}

static void set_place(const Scope *scope, Reference *reference, Place place)
{
    bool all_heads = place_parts[place.part].in_head && place.head < 0;

    place.head = all_heads ? 0 : place.head;
    reference_make_range(reference, place.part == PART_LOSS ? 0 : 1,
                         gpt_span(gpt_of(scope), place)->out);
    reference->place = place;
    if (all_heads) {
        reference->dims = 2;
        reference->rows = gpt_of(scope)->n_head;
        reference->source = ROWS_HEADS;
    }
}

static bool place_field(const Scope *scope, Reference *reference, const char *name, size_t length,
                        Error *error)
{
    bool found;

    if (!narrow(scope, reference, name, length, &found, error))
        return false;
    if (found)
        return true;
    for (int i = 0; i < PART_MEAN_LOSS; i++)
        if (is(place_parts[i].name, name, length) && may_follow(reference, &place_parts[i])) {
            reference->place.part = (Part)i;
            set_place(scope, reference, reference->place);
            return true;
        }
    return no_such_part(reference, name, length, error);
}

static bool layer_field(const Scope *scope, Reference *reference, const char *name, size_t length,
                        Error *error)
{
    int layer = reference->place.layer;
    const Tensor *tensor = find_tensor(gpt_of(scope), layer, name, length);

    if (!tensor)
        return error_set(error,
                         "there is no layer%d.%.*s: expected attn_wq, attn_wk, attn_wv, attn_wo, "
                         "mlp_fc1 or mlp_fc2",
                         layer, (int)(length < 40 ? length : 40), name);
    reference_make_tensor(reference, tensor);
    return true;
}

bool reference_field(const Scope *scope, Reference *reference, const char *name, size_t length,
                     Error *error)
{
    switch (reference->kind) {
    case REFERENCE_LAYER:
        return layer_field(scope, reference, name, length, error);
    case REFERENCE_PLACE:
        return place_field(scope, reference, name, length, error);
    default:
        return reference_is_whole(scope, reference, error) &&
               error_set(error, "numbers have no .%.*s", (int)(length < 40 ? length : 40), name);
    }
}

bool reference_is_whole(const Scope *scope, const Reference *reference, Error *error)
{
    static const char *const missing[] = {
        [REFERENCE_LAYER] = N_("a tensor's name must follow, such as .attn_wq"),
        [REFERENCE_POSITIONS] = N_("[position] must follow, as in x[0].embed"),
        [REFERENCE_PLACE] = N_("a part must follow, as in x[0].embed or x[0].layer0.attn.q"),
        [REFERENCE_HEADS] = N_("[layer][head] must follow, as in attn[0][2]")};

    (void)scope;
    return reference->kind == REFERENCE_NODES ||
           error_set(error, "%s", _(missing[reference->kind]));
}
