/* The tree: its items, opening and closing them, and saying all of it. */
#include "app/why.h"

#include "app/expr.h"
#include "app/graph.h"
#include "app/look.h"
#include "app/why_kind.h"
#include "engine/words.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const WhyKindInfo why_kinds[WHY_KINDS] = {
    [WHY_RESULT] = {"result", why_look_value, why_open_result, why_name, why_result_formula,
                    why_result_filled, why_name_there, why_value_note, why_value_moment},
    [WHY_OPERATION] = {"operation", why_look_value, why_open_operation, why_operation_label,
                       why_operation_formula, why_operation_filled, why_name_there, why_value_note,
                       why_value_moment},
    [WHY_VECTOR] = {"vector", why_look_vector, why_open_vector, why_vector_label, NULL, NULL,
                    why_vector_name, why_vector_note, NULL},
    [WHY_GIVEN] = {"given", why_look_given, NULL, why_name, NULL, NULL, why_name_there,
                   why_given_note, NULL},
    [WHY_PARAMETER] = {"parameter", why_look_parameter, why_open_parameter, why_name,
                       why_parameter_formula, why_parameter_filled, why_name, why_parameter_note,
                       why_parameter_moment},
    [WHY_USED] = {"used", why_look_used, NULL, why_used_label, NULL, NULL, why_name, why_used_note,
                  why_used_moment},
    [WHY_BEFORE] = {"before", why_look_term, NULL, why_term_label, NULL, NULL, why_name,
                    why_term_note, why_term_moment},
#define TERM(kind, name)                                         \
    [kind] = {name,           why_look_term,    why_open_term,   \
              why_term_label, why_term_formula, why_term_filled, \
              why_term_there, why_term_note,    why_term_moment}
    TERM(WHY_UPDATE, "update"),
    TERM(WHY_RATE, "lr"),
    TERM(WHY_M_HAT, "m_hat"),
    TERM(WHY_M, "m"),
    TERM(WHY_M_BEFORE, "m_before"),
    TERM(WHY_V_HAT, "v_hat"),
    TERM(WHY_V, "v"),
    TERM(WHY_V_BEFORE, "v_before"),
#undef TERM
    [WHY_GRADIENT] = {"gradient", why_look_gradient, why_open_gradient, why_gradient_label,
                      why_gradient_formula, why_gradient_filled, why_gradient_there,
                      why_gradient_note, why_gradient_moment},
    [WHY_USE] = {"use", why_look_use, why_open_use, why_use_label, why_use_formula, why_use_filled,
                 why_use_there, why_use_note, why_use_moment},
    [WHY_SLOPE] = {"slope", why_look_slope, why_open_slope, why_slope_label, why_slope_formula,
                   why_slope_filled, NULL, NULL, NULL},
};

/* ---- texts ----------------------------------------------------------------------------------- */

void why_put(WhyText *text, const char *format, ...)
{
    size_t used = text->length < text->size ? text->length : text->size;
    va_list args;

    va_start(args, format);
    int length = vsnprintf(text->text + used, text->size - used, format, args);
    va_end(args);
    text->length += length > 0 ? (size_t)length : 0;
}

void why_put_number(WhyText *text, double number)
{
    char digits[EXPR_NUMBER_BYTES];

    why_put(text, "%s", expr_print_number(number, digits));
}

void why_put_base(WhyText *text, double number)
{
    char digits[EXPR_NUMBER_BYTES];

    expr_print_number(number, digits);
    why_put(text, *digits == '-' ? "(%s)" : "%s", digits);
}

static void print_name(const Why *why, int32_t node, char *name, size_t size)
{
    if (why->own)
        graph_print(why->scope.graph, node, name, size);
    else
        reference_print(why_trainer(why), node, name, size);
}

void why_put_name(const Why *why, WhyText *text, int32_t node)
{
    char name[128];

    print_name(why, node, name, sizeof name);
    why_put(text, "%s", name);
}

bool why_is_named(const Why *why, int32_t node)
{
    char name[128];

    print_name(why, node, name, sizeof name);
    return !strchr(name, ' ');
}

static bool run_writer(const Why *why, const WhyItem *item, WhyWriter *writer,
                       char text[WHY_TEXT_BYTES])
{
    WhyText writing = {text, WHY_TEXT_BYTES, 0};

    text[0] = '\0';
    if (writer)
        writer(why, item, &writing);
    if (writing.length >= WHY_TEXT_BYTES) /* half a formula says something wrong */
        text[0] = '\0';
    return text[0] != '\0';
}

/* Formulas with numbers are left out while a lesson hides any: these could stand in them. */
static bool any_hidden(const Why *why)
{
    return why->scope.look && why->scope.look->hiddens > 0;
}

/* By its name, else by its formula, else as the plain number that it is. */
static bool write_expression(const Why *why, const WhyItem *item, char text[WHY_TEXT_BYTES])
{
    const WhyKindInfo *kind = &why_kinds[item->kind];

    if (item->here || !item->known)
        return run_writer(why, item, kind->there, text);
    if (!item->changed && !any_hidden(why) && run_writer(why, item, kind->filled, text))
        return true;
    expr_print_number(item->value, text);
    return true;
}

static void write_note(const Why *why, const WhyItem *item, WhyText *text)
{
    if (item->changed)
        why_put(text, _("changed by hand: the formula gives another number"));
    else if (why_kinds[item->kind].note)
        why_kinds[item->kind].note(why, item, text);
}

bool why_write(const Why *why, int i, WhyPart part, char text[WHY_TEXT_BYTES])
{
    const WhyItem *item = &why->item[i];
    const WhyKindInfo *kind = &why_kinds[item->kind];

    switch (part) {
    case WHY_LABEL:
        return run_writer(why, item, kind->label, text);
    case WHY_FORMULA:
        return run_writer(why, item, kind->formula, text);
    case WHY_FILLED:
        return run_writer(why, item, item->known && !any_hidden(why) ? kind->filled : NULL, text);
    case WHY_EXPRESSION:
        return write_expression(why, item, text);
    case WHY_THERE:
        return run_writer(why, item, kind->there, text);
    default:
        return run_writer(why, item, write_note, text);
    }
}

/* ---- moments --------------------------------------------------------------------------------- */

Moment why_moment_after(const Why *why, Phase phase, int64_t n)
{
    const Trainer *trainer = why_trainer(why);
    bool ends = n == trainer_phase_length(trainer, phase);

    if (!ends)
        return (Moment){trainer->tape_step, phase, n};
    if (phase == PHASE_UPDATE)
        return (Moment){trainer->tape_step + 1, PHASE_DONE, 0};
    return (Moment){trainer->tape_step, phase + 1, 0};
}

bool why_moment(const Why *why, int i, Moment *moment)
{
    const WhyItem *item = &why->item[i];

    return !why->own && why_kinds[item->kind].moment &&
           why_kinds[item->kind].moment(why, item, moment);
}

/* ---- items ----------------------------------------------------------------------------------- */

bool why_same_bits(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0 || (a != a && b != b);
}

/* A change by hand may have come between a number and what it was computed from: then its formula,
 * as it would be read, gives another. */
static bool is_changed(const Why *why, const WhyItem *item)
{
    char text[WHY_TEXT_BYTES];
    ExprValue value;
    ExprError error;
    Expr expr;

    if (why->own || why->applied == 0 || !item->known ||
        !run_writer(why, item, why_kinds[item->kind].filled, text) ||
        !expr_init(&expr, text, &error))
        return false;
    bool same = expr_eval(&expr, &why->scope, &value, &error) && value.kind == EXPR_NUMBER &&
                why_same_bits(value.number, item->value);
    expr_release(&expr);
    return !same;
}

/* Whether a lesson hides an item's number. The parts that a hidden gradient is the sum of say as
 * much as it does. */
static bool is_hidden(const Why *why, const WhyItem *item)
{
    /* clang-format off */
    static const FocusKind kinds[WHY_KINDS] = {
        [WHY_RESULT] = FOCUS_VALUE, [WHY_OPERATION] = FOCUS_VALUE, [WHY_GIVEN] = FOCUS_VALUE,
        [WHY_PARAMETER] = FOCUS_VALUE, [WHY_USED] = FOCUS_VALUE, [WHY_BEFORE] = FOCUS_VALUE,
        [WHY_UPDATE] = FOCUS_UPDATE, [WHY_RATE] = FOCUS_RATE, [WHY_M_HAT] = FOCUS_M_HAT,
        [WHY_M] = FOCUS_M, [WHY_M_BEFORE] = FOCUS_M, [WHY_V_HAT] = FOCUS_V_HAT,
        [WHY_V] = FOCUS_V, [WHY_V_BEFORE] = FOCUS_V, [WHY_GRADIENT] = FOCUS_GRAD,
        [WHY_USE] = FOCUS_GRAD};
    /* clang-format on */
    const FocusKind kind = kinds[item->kind];

    if (!any_hidden(why) || kind == FOCUS_NONE)
        return false;
    return look_is_hidden(why->scope.look, kind == FOCUS_RATE ? (Focus){.kind = FOCUS_RATE}
                                           : why->own
                                               ? focus_of_own(kind, item->node)
                                               : focus_of_node(why_trainer(why), kind, item->node));
}

void why_look(const Why *why, WhyItem *item)
{
    why_kinds[item->kind].look(why, item);
    if (is_hidden(why, item)) {
        item->known = item->here = false;
        item->value = 0;
    }
    if (!why_kinds[item->kind].open)
        item->leaf = true;
    item->changed = is_changed(why, item);
}

void why_add(Why *why, WhyItem item)
{
    if (why->count + 2 * (why->added + 1) > WHY_ROOM) {
        why->full = true;
        return;
    }
    why_look(why, &item);
    why->item[why->count + why->added++] = item;
}

/* Moves those that were added behind all others to their place below item i. */
static void insert_added(Why *why, int i)
{
    size_t one = sizeof *why->item, added = (size_t)why->added;
    WhyItem *below = &why->item[i + 1];

    memmove(below + added, below, (size_t)(why->count + why->added - (i + 1)) * one);
    memcpy(below, &why->item[why->count + why->added], added * one);
    for (int k = 0; k < why->added; k++)
        below[k].depth = why->item[i].depth + 1;
    why->count += why->added;
}

bool why_open(Why *why, int i)
{
    const WhyItem item = why->item[i];

    if (item.leaf || item.open)
        return item.open;
    why->added = 0;
    why->full = false;
    why_kinds[item.kind].open(why, &item);
    if (why->full)
        return false;
    why->item[i].open = true;
    insert_added(why, i);
    return true;
}

void why_close(Why *why, int i)
{
    int end = i + 1;

    while (end < why->count && why->item[end].depth > why->item[i].depth)
        end++;
    memmove(&why->item[i + 1], &why->item[end], (size_t)(why->count - end) * sizeof *why->item);
    why->count -= end - (i + 1);
    why->item[i].open = false;
}

int why_parent(const Why *why, int i)
{
    int parent = i - 1;

    while (parent >= 0 && why->item[parent].depth >= why->item[i].depth)
        parent--;
    return parent;
}

/* ---- saying it ------------------------------------------------------------------------------- */

static void say(Answer *answer, const char *text)
{
    answer_bytes(answer, text, strlen(text));
}

static void indent(Answer *answer, int depth)
{
    while (depth-- > 0)
        say(answer, "  ");
}

/* "m_hat = adam(wte[4][7]).m_hat = 0.0311  (note)"; what would be said twice is said once. */
static void say_head(const Why *why, int i, Answer *answer)
{
    const WhyItem *item = &why->item[i];
    char label[WHY_TEXT_BYTES], text[WHY_TEXT_BYTES], number[EXPR_NUMBER_BYTES] = "-";

    if (item->known)
        expr_print_number(item->value, number);
    why_write(why, i, WHY_LABEL, label);
    indent(answer, item->depth);
    say(answer, label);
    if (why_write(why, i, WHY_EXPRESSION, text) && strcmp(text, label) != 0 &&
        strcmp(text, number) != 0) {
        say(answer, " = ");
        say(answer, text);
    }
    if (item->kind != WHY_VECTOR) {
        say(answer, " = ");
        say(answer, number);
    }
    if (why_write(why, i, WHY_NOTE, text)) {
        say(answer, "  (");
        say(answer, text);
        say(answer, ")");
    }
    say(answer, "\n");
}

/* Below its head: the formula, and the same with numbers unless the head says just that. */
static void say_formula(const Why *why, int i, WhyPart part, Answer *answer)
{
    char text[WHY_TEXT_BYTES], said[WHY_TEXT_BYTES], number[EXPR_NUMBER_BYTES];

    if (!why_write(why, i, part, text))
        return;
    why_write(why, i, WHY_EXPRESSION, said);
    if (strcmp(text, said) == 0 || strcmp(text, expr_print_number(why->item[i].value, number)) == 0)
        return;
    indent(answer, why->item[i].depth + 1);
    say(answer, "= ");
    say(answer, text);
    say(answer, "\n");
}

static void answer_part(const Why *why, int i, WhyPart part, const char *name, Answer *answer)
{
    char text[WHY_TEXT_BYTES];

    if (why_write(why, i, part, text))
        answer_text(answer, name, text);
}

static void answer_members(const Why *why, int i, Answer *answer)
{
    const WhyItem *item = &why->item[i];
    char text[64];
    Moment moment;

    answer_open(answer, NULL, '{');
    answer_whole(answer, "depth", item->depth);
    answer_text(answer, "kind", why_kinds[item->kind].name);
    answer_part(why, i, WHY_LABEL, "label", answer);
    answer_part(why, i, WHY_EXPRESSION, "expr", answer);
    if (item->known)
        answer_real(answer, "value", item->value);
    else
        answer_null(answer, "value");
    answer_part(why, i, WHY_FORMULA, "formula", answer);
    answer_part(why, i, WHY_FILLED, "filled", answer);
    answer_part(why, i, WHY_NOTE, "note", answer);
    if (why_moment(why, i, &moment)) {
        moment_print(moment, text, sizeof text);
        answer_text(answer, "moment", text);
    }
    answer_close(answer, '}');
}

void why_answer(Why *why, int depth, Answer *answer)
{
    char moment[64];

    moment_print(why->at, moment, sizeof moment);
    answer_text(answer, "why", why->question);
    answer_text(answer, "moment", moment);
    answer_open(answer, "items", '[');
    if (depth == 0)
        why_close(why, 0);
    for (int i = 0; i < why->count; i++) {
        bool opens = why->item[i].depth < depth;
        if (opens)
            why_open(why, i);
        say_head(why, i, answer);
        if (opens) {
            say_formula(why, i, WHY_FORMULA, answer);
            say_formula(why, i, WHY_FILLED, answer);
        }
        answer_members(why, i, answer);
    }
    answer_close(answer, ']');
}

bool why_run(const Scope *scope, const char *question, int depth, Answer *answer, Error *error)
{
    Why why = {.count = 0};
    bool asked = why_ask(&why, scope, question, error);

    if (asked)
        why_answer(&why, depth, answer);
    why_release(&why);
    return asked;
}
