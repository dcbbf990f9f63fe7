/* Why a node has its value: by its place's formula, and by its one operation. */
#include "app/expr.h"
#include "app/why_kind.h"
#include "engine/words.h"
#include <stdio.h>
#include <string.h>

static TapeNode node_of(const Why *why, int32_t node)
{
    return why_tape(why)->node[node];
}

WhyItem why_value_item(const Why *why, int32_t node)
{
    WhyItem item = {.kind = WHY_OPERATION, .node = node};

    if (why->own)
        item.kind = node < why_tape(why)->params ? WHY_GIVEN : WHY_OPERATION;
    else if (node < why_trainer(why)->gpt.params)
        item.kind = why_same_bits(why->value[node], why_trainer(why)->value[node]) ? WHY_PARAMETER
                                                                                   : WHY_USED;
    else if (why_is_result(why, node))
        item.kind = WHY_RESULT;
    return item;
}

static bool is_plain(TapeNode n)
{
    return n.op == OP_CONST || n.op == OP_SHARE;
}

void why_look_value(const Why *why, WhyItem *item)
{
    item->known = why_has_value(why, item->node);
    item->here = item->known && why_is_named(why, item->node);
    item->value = why->value[item->node];
    item->leaf = item->kind == WHY_OPERATION && is_plain(node_of(why, item->node));
}

void why_name(const Why *why, const WhyItem *item, WhyText *text)
{
    why_put_name(why, text, item->node);
}

/* As an expression. */
void why_name_there(const Why *why, const WhyItem *item, WhyText *text)
{
    if (why_is_named(why, item->node))
        why_put_name(why, text, item->node);
}

bool why_value_moment(const Why *why, const WhyItem *item, Moment *moment)
{
    *moment = why_moment_after(why, PHASE_FORWARD, item->node - why_trainer(why)->gpt.params + 1);
    return true;
}

/* The same node may stand below itself: first by its place's formula, then by its operation. */
void why_operation_label(const Why *why, const WhyItem *item, WhyText *text)
{
    why_put_name(why, text, item->node);
    if (why_is_result(why, item->node))
        why_put(text, _(", operation by operation"));
}

static void put_when(const Why *why, const WhyItem *item, WhyText *text)
{
    char name[64];
    Moment moment;

    why_put(text, _("not computed yet"));
    if (!why->own && why_value_moment(why, item, &moment)) {
        moment_print(moment, name, sizeof name);
        why_put(text, _(": it is at %s"), name);
    }
}

/* "in pos3.layer0.attn.q", "attention weight", or when it will be known. */
void why_value_note(const Why *why, const WhyItem *item, WhyText *text)
{
    char name[96];

    if (!item->known) {
        put_when(why, item, text);
        return;
    }
    if (why->own)
        return;
    const Span *span = gpt_span_of(&why_trainer(why)->gpt, item->node);
    if (why_entry(span, item->node) < 0) {
        place_name(span->place, name, sizeof name);
        why_put(text, _("in %s"), name);
    } else if (item->depth == 0) {
        why_put(text, "%s", _(place_parts[span->place.part].title));
    }
}

/* ---- given numbers --------------------------------------------------------------------------- */

void why_look_given(const Why *why, WhyItem *item)
{
    item->known = true;
    item->here = why_is_named(why, item->node);
    item->value = why->value[item->node];
}

void why_given_note(const Why *why, const WhyItem *item, WhyText *text)
{
    (void)why;
    (void)item;
    why_put(text, _("given"));
}

/* ---- one operation --------------------------------------------------------------------------- */

static const char *const op_formulas[OP_COUNT] = {
    [OP_CONST] = N_("a plain number"),
    [OP_NEGMAX] = "-max(v)",
    [OP_REPEAT] = N_("the same number again"),
    [OP_SHARE] = N_("1 / positions so far"),
    [OP_ADD] = "a + b",
    [OP_MUL] = "a × b",
    [OP_POW] = "a ^ e",
    [OP_LOG] = "ln a",
    [OP_EXP] = "e ^ a",
    [OP_RELU] = "max(0, a)",
    [OP_GELU] = "a (1 + tanh(√(2/π) (a + 0.044715 a³))) / 2",
    [OP_MUL_CUT] = "a × b",
};

/* "W_Q x" of "q = W_Q x" */
void why_put_place_formula(WhyText *text, Part part)
{
    const char *formula = _(place_parts[part].formula), *sign = strstr(formula, " = ");

    why_put(text, "%s", sign ? sign + 3 : formula);
}

/* The place that node is a result of, where its one operation is the place's formula; or NULL. */
static const Span *simple_place(const Why *why, int32_t node)
{
    const Span *span = why->own ? NULL : gpt_span_of(&why_trainer(why)->gpt, node);

    return span && why_entry(span, node) >= 0 && !why_is_result(why, node) ? span : NULL;
}

void why_operation_formula(const Why *why, const WhyItem *item, WhyText *text)
{
    const Span *span = simple_place(why, item->node);
    Op op = (Op)node_of(why, item->node).op;

    if (span && !is_plain(node_of(why, item->node)) && op != OP_GELU)
        why_put_place_formula(text, span->place.part);
    else
        why_put(text, "%s", _(op_formulas[op]));
}

static WhyVector range_of(const Why *why, TapeNode negmax)
{
    TapeRange range = why_tape(why)->range[negmax.b];

    return (WhyVector){.source = WHY_RANGE, .range = range, .count = range.count};
}

static void put_function(WhyText *text, const char *name, double a)
{
    why_put(text, "%s(", name);
    why_put_number(text, a);
    why_put(text, ")");
}

static void put_pair(WhyText *text, double a, const char *sign, double b)
{
    why_put_number(text, a);
    why_put(text, " %s ", sign);
    why_put_number(text, b);
}

static void put_power(WhyText *text, double a, double exponent)
{
    why_put_base(text, a);
    why_put(text, " ^ ");
    why_put_number(text, exponent);
}

void why_operation_filled(const Why *why, const WhyItem *item, WhyText *text)
{
    const Tape *tape = why_tape(why);
    const TapeNode n = tape->node[item->node];
    const double *value = why->value;
    WhyVector vector;

    switch ((Op)n.op) {
    case OP_ADD:
        put_pair(text, value[n.a], "+", value[n.b]);
        break;
    case OP_MUL:
    case OP_MUL_CUT:
        put_pair(text, value[n.a], "*", value[n.b]);
        break;
    case OP_POW:
        put_power(text, value[n.a], tape->number[n.b]);
        break;
    case OP_LOG:
        put_function(text, "log", value[n.a]);
        break;
    case OP_EXP:
        put_function(text, "exp", value[n.a]);
        break;
    case OP_RELU:
        put_function(text, "relu", value[n.a]);
        break;
    case OP_GELU:
        put_function(text, "gelu", value[n.a]);
        break;
    case OP_SHARE:
        why_put(text, "1 / %d", (int)n.b);
        break;
    case OP_NEGMAX:
        vector = range_of(why, n);
        why_put(text, "-max(");
        why_put_vector(why, text, &vector);
        why_put(text, ")");
        break;
    case OP_REPEAT:
        why_put_number(text, value[n.a]);
        break;
    default: /* a plain number */
        break;
    }
}

void why_open_operation(Why *why, const WhyItem *item)
{
    const Tape *tape = why_tape(why);
    const TapeNode n = tape->node[item->node];
    WhyItem vector = {.kind = WHY_VECTOR};

    if (n.op == OP_NEGMAX) {
        vector.vector = range_of(why, n);
        why_add(why, vector);
    } else if (n.op == OP_REPEAT) {
        why_add(why, why_value_item(why, n.a));
    }
    for (int k = 0; k < tape_ops[n.op].inputs; k++)
        why_add(why, why_value_item(why, tape_input(tape, item->node, k)));
}

/* ---- vectors --------------------------------------------------------------------------------- */

static int32_t known_entries(const Why *why, const WhyVector *vector)
{
    int32_t known = 0;

    for (int32_t i = 0; i < vector->count; i++)
        known += why_has_value(why, why_vector_at(why, vector, i));
    return known;
}

/* Its entries are what can be known; the name stands for all of them. */
void why_look_vector(const Why *why, WhyItem *item)
{
    item->here = known_entries(why, &item->vector) == item->vector.count;
    item->leaf = item->vector.count == 0;
}

void why_vector_name(const Why *why, const WhyItem *item, WhyText *text)
{
    why_put_vector(why, text, &item->vector);
}

void why_vector_note(const Why *why, const WhyItem *item, WhyText *text)
{
    int32_t known = known_entries(why, &item->vector);

    why_put(text, words_count("%d number", "%d numbers", (unsigned long)item->vector.count),
            (int)item->vector.count);
    if (known < item->vector.count)
        why_put(text, _(", %d computed so far"), (int)known);
}

void why_open_vector(Why *why, const WhyItem *item)
{
    for (int32_t i = 0; i < item->vector.count; i++)
        why_add(why, why_value_item(why, why_vector_at(why, &item->vector, i)));
}
