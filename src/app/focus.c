#include "app/focus.h"

#include "app/graph.h"
#include "app/watch.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- nodes ----------------------------------------------------------------------------------- */

/* What is recorded once all positions are: it has another index in every document. */
static bool is_behind_positions(const Trainer *trainer, int32_t node)
{
    const Span *span = node < trainer->gpt.params ? NULL : gpt_span_of(&trainer->gpt, node);

    return span && span->place.part == PART_MEAN_LOSS;
}

Focus focus_of_node(const Trainer *trainer, FocusKind kind, int32_t node)
{
    if (node < 0)
        return (Focus){.kind = FOCUS_NONE};
    if (is_behind_positions(trainer, node))
        node -= trainer->tape.count;
    return (Focus){.kind = kind, .index = node};
}

Focus focus_of_own(FocusKind kind, int32_t node)
{
    return (Focus){.kind = kind, .own = true, .index = node};
}

Focus focus_of_event(const Trainer *trainer, const Event *event)
{
    static const FocusKind kinds[EVENT_KINDS] = {[EVENT_VALUE] = FOCUS_VALUE,
                                                 [EVENT_GRAD] = FOCUS_GRAD,
                                                 [EVENT_M] = FOCUS_M,
                                                 [EVENT_V] = FOCUS_V,
                                                 [EVENT_TOKEN] = FOCUS_INPUT};

    if (event->kind == EVENT_TOKEN)
        return (Focus){.kind = FOCUS_INPUT, .index = event->index};
    return event->kind == EVENT_SETTING
               ? (Focus){.kind = FOCUS_NONE}
               : focus_of_node(trainer, kinds[event->kind], event->index);
}

Focus focus_of_place(const Trainer *trainer, FocusKind kind, Place place, int32_t i)
{
    const Span *span = gpt_span(&trainer->gpt, place);

    if (!span || i >= span->out.count)
        return (Focus){.kind = FOCUS_NONE};
    return focus_of_node(trainer, kind, span->out.first + i * span->out.stride);
}

static bool is_of_node(FocusKind kind)
{
    return kind >= FOCUS_VALUE && kind <= FOCUS_UPDATE;
}

int32_t focus_node(const Scope *scope, Focus focus)
{
    const Tape *tape = &scope->trainer->tape;

    if (!is_of_node(focus.kind))
        return -1;
    if (focus.own)
        return scope->graph && focus.index < scope->graph->tape.count ? focus.index : -1;
    if (focus.index < 0)
        return tape->count + focus.index;
    if (focus.index >= tape->count || is_behind_positions(scope->trainer, focus.index))
        return -1;
    return focus.index;
}

bool focus_same(Focus a, Focus b)
{
    if (a.kind != b.kind || a.own != b.own)
        return false;
    return a.kind == FOCUS_PLACE ? place_same(a.place, b.place)
                                 : a.index == b.index && a.entry == b.entry;
}

/* ---- writing and reading --------------------------------------------------------------------- */

/* How each kind is written around what it is of. */
static const struct {
    const char *before, *after;
} forms[FOCUS_KINDS] = {
    [FOCUS_VALUE] = {"", ""},
    [FOCUS_GRAD] = {"grad(", ")"},
    [FOCUS_M] = {"adam(", ").m"},
    [FOCUS_V] = {"adam(", ").v"},
    [FOCUS_M_HAT] = {"adam(", ").m_hat"},
    [FOCUS_V_HAT] = {"adam(", ").v_hat"},
    [FOCUS_UPDATE] = {"adam(", ").update"},
    [FOCUS_RATE] = {"lr", ""},
    [FOCUS_STEP] = {"step ", ""},
    [FOCUS_DOCUMENT] = {"doc ", ""},
    [FOCUS_TOKEN] = {"token ", ""},
    [FOCUS_INPUT] = {"tokens[", "]"},
};

static int print_name(const Scope *scope, Focus focus, char *text, size_t size)
{
    int32_t node = focus_node(scope, focus);

    switch (focus.kind) {
    case FOCUS_STEP:
    case FOCUS_DOCUMENT:
    case FOCUS_TOKEN:
    case FOCUS_INPUT:
        return snprintf(text, size, "%d", (int)focus.index);
    case FOCUS_TENSOR:
        return snprintf(text, size, "%s", scope->trainer->gpt.tensor[focus.index].name);
    case FOCUS_PLACE:
        return place_name(focus.place, text, size);
    default:
        if (node < 0)
            return snprintf(text, size, "%s", "");
        return focus.own ? graph_print(scope->graph, node, text, size)
                         : reference_print(scope->trainer, node, text, size);
    }
}

int focus_print(const Scope *scope, Focus focus, char *text, size_t size)
{
    char name[FOCUS_TEXT_BYTES];

    if (focus.kind == FOCUS_NONE || focus.kind == FOCUS_ITEM ||
        (is_of_node(focus.kind) && focus_node(scope, focus) < 0))
        return snprintf(text, size, "%s", "");
    print_name(scope, focus, name, sizeof name);
    return snprintf(text, size, "%s%s%s", forms[focus.kind].before ? forms[focus.kind].before : "",
                    name, forms[focus.kind].after ? forms[focus.kind].after : "");
}

/* The kind that a text is written as, whose name is cut out. "step 412" goes before names. */
FocusKind focus_form(const char *text, char name[FOCUS_TEXT_BYTES])
{
    static const FocusKind order[] = {FOCUS_GRAD,   FOCUS_M_HAT, FOCUS_V_HAT,    FOCUS_UPDATE, FOCUS_M,
                                      FOCUS_V,      FOCUS_STEP,  FOCUS_DOCUMENT, FOCUS_TOKEN,
                                      FOCUS_INPUT};
    size_t length = strlen(text);

    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        const char *before = forms[order[i]].before, *after = forms[order[i]].after;
        size_t first = strlen(before), last = strlen(after);
        if (length <= first + last || strncmp(text, before, first) != 0 ||
            strcmp(text + length - last, after) != 0)
            continue;
        snprintf(name, FOCUS_TEXT_BYTES, "%.*s", (int)(length - first - last), text + first);
        return order[i];
    }
    snprintf(name, FOCUS_TEXT_BYTES, "%s", text);
    return strcmp(text, forms[FOCUS_RATE].before) == 0 ? FOCUS_RATE : FOCUS_VALUE;
}

static int read_number(const Scope *scope, FocusKind kind, const char *name, Focus *focus,
                       Error *error)
{
    const Trainer *trainer = scope->trainer;
    const int64_t most = kind == FOCUS_STEP       ? trainer->settings.steps
                         : kind == FOCUS_DOCUMENT ? trainer->corpus->count - 1
                         : kind == FOCUS_INPUT    ? trainer->positions
                                                  : trainer->gpt.vocab - 1;
    const int64_t least = kind == FOCUS_STEP;
    char *end;
    long long number = strtoll(name, &end, 10);

    if (end == name || *end || number < least || number > most) {
        error_set(error, "%s%.60s: expected a number from %lld to %lld", forms[kind].before, name,
                  (long long)least, (long long)most);
        return 0;
    }
    *focus = (Focus){.kind = kind, .index = (int32_t)number};
    return 1;
}

/* Names of things rather than numbers. */
static bool read_thing(const Scope *scope, const char *name, Focus *focus)
{
    const Tensor *tensor = gpt_tensor(&scope->trainer->gpt, name);
    Place place;

    if (tensor) {
        *focus = (Focus){.kind = FOCUS_TENSOR, .index = (int32_t)(tensor - scope->trainer->gpt.tensor)};
        return true;
    }
    if (strcmp(name, "loss") == 0 || !place_parse(name, strlen(name), &place) ||
        !gpt_span(&scope->trainer->gpt, place))
        return false;
    *focus = (Focus){.kind = FOCUS_PLACE, .place = place};
    return true;
}

static int read_nodes(const Scope *scope, FocusKind kind, const char *name, Focus *list, int room,
                      Error *error)
{
    Reference reference;
    ExprError wrong;
    int count = 0;

    if (!expr_reference(name, scope, &reference, &wrong)) {
        watch_error(name, &wrong, error);
        return 0;
    }
    if (!reference_is_whole(scope, &reference, error))
        return 0;
    for (int32_t row = 0; row < reference.rows; row++)
        for (int32_t col = 0; col < reference_cols(scope, &reference, row) && count < room; col++) {
            int32_t node = reference_at(scope, &reference, row, col);
            bool parameter = !reference.own && node < scope->trainer->gpt.params;
            if (kind > FOCUS_GRAD && !parameter) {
                error_set(error, "%.120s is no parameter of the model: only these are updated",
                          name);
                return 0;
            }
            list[count++] = reference.own ? focus_of_own(kind, node)
                                          : focus_of_node(scope->trainer, kind, node);
        }
    return count;
}

int focus_read(const Scope *scope, const char *text, Focus *list, int room, Error *error)
{
    char name[FOCUS_TEXT_BYTES];

    if (room < 1)
        return 0;
    if (strlen(text) >= sizeof name) {
        error_set(error, "a name has at most %d characters", FOCUS_TEXT_BYTES - 1);
        return 0;
    }
    FocusKind kind = focus_form(text, name);
    if (kind == FOCUS_RATE) {
        list[0] = (Focus){.kind = FOCUS_RATE};
        return 1;
    }
    if (kind >= FOCUS_STEP)
        return read_number(scope, kind, name, list, error);
    if (kind == FOCUS_VALUE && read_thing(scope, name, list))
        return 1;
    return read_nodes(scope, kind, name, list, room, error);
}

/* ---- numbers --------------------------------------------------------------------------------- */

bool focus_has_why(Focus focus)
{
    return is_of_node(focus.kind) || focus.kind == FOCUS_RATE;
}

/* The number of an expression, if it is one that is known here. */
static bool evaluate(const Scope *scope, const char *text, double *value)
{
    Expr expr;
    ExprError wrong;
    ExprValue found;

    if (!expr_init(&expr, text, &wrong))
        return false;
    bool known = expr_eval(&expr, scope, &found, &wrong) && found.kind == EXPR_NUMBER;
    *value = known ? found.number : 0;
    expr_release(&expr);
    return known;
}

static bool node_value(const Scope *scope, Focus focus, double *value)
{
    const Reference reference = {.own = focus.own};
    const Numbers numbers = reference_numbers(scope, &reference);
    int32_t node = focus_node(scope, focus);

    if (node < 0 || (focus.kind == FOCUS_VALUE ? node >= numbers.computed : !numbers.graded))
        return false;
    *value = (focus.kind == FOCUS_VALUE ? numbers.value : numbers.grad)[node];
    return true;
}

bool focus_value(const Scope *scope, Focus focus, double *value)
{
    const Trainer *trainer = scope->trainer;
    char text[FOCUS_TEXT_BYTES];

    *value = 0;
    if (focus.kind == FOCUS_VALUE || focus.kind == FOCUS_GRAD)
        return node_value(scope, focus, value);
    if (focus.kind == FOCUS_STEP) {
        if (focus.index > trainer->at.step)
            return false;
        *value = trainer->loss[focus.index - 1];
        return true;
    }
    if (focus.kind == FOCUS_INPUT) {
        *value = focus.index <= trainer->positions ? trainer->token[focus.index] : 0;
        return focus.index <= trainer->positions;
    }
    return focus_has_why(focus) && focus_print(scope, focus, text, sizeof text) > 0 &&
           evaluate(scope, text, value);
}

Place focus_where(const Scope *scope, Focus focus)
{
    const Place nowhere = {PART_COUNT, -1, -1, -1};
    int32_t node = focus_node(scope, focus);
    const Span *span;

    if (focus.kind == FOCUS_PLACE)
        return focus.place;
    if (focus.kind == FOCUS_INPUT && focus.index < scope->trainer->positions)
        return (Place){PART_COUNT, focus.index, -1, -1};
    if (node < scope->trainer->gpt.params || focus.own)
        return nowhere;
    span = gpt_span_of(&scope->trainer->gpt, node);
    return span ? span->place : nowhere;
}
