/* Asking: from the text of a question to the first item of its tree. */
#include "app/graph.h"
#include "app/watch.h"
#include "app/why_kind.h"
#include "engine/basis.h"
#include "engine/sys.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

void why_release(Why *why)
{
    sys_free(why->value);
    sys_free(why->item);
    *why = (Why){.count = 0};
}

/* ---- the numbers ----------------------------------------------------------------------------- */

/* The place in a tape's order that so many visits of a backward pass have come down to. */
static int32_t cursor_after(const Tape *tape, int64_t visits)
{
    int32_t cursor = tape->order_count;

    while (visits > 0 && cursor > 0)
        visits -= tape_ops[tape->node[tape->order[--cursor]].op].inputs > 0;
    return cursor;
}

static int32_t cursor_of(const Why *why)
{
    const Trainer *trainer = why_trainer(why);
    const Graph *graph = why->scope.graph;

    if (!why->numbers.graded)
        return why_tape(why)->order_count;
    if (why->own)
        return cursor_after(&graph->tape, graph->at - graph_forward_length(graph));
    return trainer->at.phase == PHASE_BACKWARD ? trainer->cursor : 0;
}

/* The tree's own copies. Another question may be about another tape. */
static bool copy_numbers(Why *why, Error *error)
{
    const int32_t nodes = why_tape(why)->count;
    double *value = sys_resize(why->value, (size_t)nodes, sizeof *value);

    why->value = value ? value : why->value;
    if (!why->item)
        why->item = sys_alloc(WHY_ROOM, sizeof *why->item);
    if (!value || !why->item)
        return error_set(error, "out of memory for an explanation");
    why->nodes = nodes;
    memcpy(value, why->numbers.value, (size_t)nodes * sizeof *value);
    if (!why->own)
        basis_params(why->scope.history, value);
    return true;
}

/* reference: what the question names. */
static bool prepare(Why *why, const Reference *reference, Error *error)
{
    why->own = reference->own;
    why->numbers = reference_numbers(&why->scope, reference);
    why->at = why_trainer(why)->at;
    why->applied = why->scope.history->applied;
    why->graph_at = why->own ? why->scope.graph->at : 0;
    why->cursor = cursor_of(why);
    return copy_numbers(why, error);
}

/* A graph can be made anew, or given other numbers, at the same moment. */
static bool is_graph_current(const Why *why)
{
    const Graph *graph = why->scope.graph;

    return graph->at == why->graph_at && graph->tape.count == why->nodes &&
           memcmp(graph->value, why->value, (size_t)why->nodes * sizeof *graph->value) == 0;
}

bool why_is_current(const Why *why)
{
    if (why->count == 0)
        return false;
    if (why->own)
        return is_graph_current(why);
    return moment_compare(why->at, why_trainer(why)->at) == 0 &&
           why->applied == why->scope.history->applied;
}

/* ---- the question ---------------------------------------------------------------------------- */

/* What can be asked: what stands around the name of a node, and what it makes of it. */
static const struct {
    const char *before, *after;
    WhyKind kind;
    bool parameter; /* it must be one */
} forms[] = {
    {"grad(", ")", WHY_GRADIENT, false},     {"adam(", ").g", WHY_GRADIENT, true},
    {"adam(", ").m", WHY_M, true},           {"adam(", ").v", WHY_V, true},
    {"adam(", ").m_hat", WHY_M_HAT, true},   {"adam(", ").v_hat", WHY_V_HAT, true},
    {"adam(", ").update", WHY_UPDATE, true}, {"", ".grad", WHY_GRADIENT, false},
    {"", ".value", WHY_RESULT, false},       {"", "", WHY_RESULT, false},
};
enum { FORMS = sizeof forms / sizeof *forms };

/* The form of a question, whose name is cut out. */
static int find_form(const char *question, char name[WHY_QUESTION_BYTES])
{
    size_t length = strlen(question);

    for (int i = 0; i < FORMS; i++) {
        size_t before = strlen(forms[i].before), after = strlen(forms[i].after);
        if (length < before + after || strncmp(question, forms[i].before, before) != 0 ||
            strcmp(question + length - after, forms[i].after) != 0)
            continue;
        snprintf(name, WHY_QUESTION_BYTES, "%.*s", (int)(length - before - after),
                 question + before);
        return i;
    }
    return FORMS - 1;
}

/* The kind of the first item: what the form says, or where the value of the node comes from. */
static bool find_kind(const Why *why, int form, const char *name, WhyItem *item, Error *error)
{
    bool parameter = !why->own && item->node < why_trainer(why)->gpt.params;

    if (forms[form].parameter && !parameter)
        return error_set(error, "%.120s is no parameter of the model: only these are updated",
                         name);
    item->kind = forms[form].kind;
    if (item->kind == WHY_RESULT)
        item->kind = parameter ? WHY_PARAMETER : why_value_item(why, item->node).kind;
    return why_check_term(why, item, error);
}

static bool find_item(Why *why, WhyItem *item, Error *error)
{
    char name[WHY_QUESTION_BYTES];
    int form = find_form(why->question, name);
    Reference reference;
    ExprError wrong;

    if (!expr_node(name, &why->scope, &reference, &item->node, &wrong)) {
        wrong.at += (int)strlen(forms[form].before);
        return watch_error(why->question, &wrong, error);
    }
    return prepare(why, &reference, error) && find_kind(why, form, name, item, error);
}

static void copy_question(const char *question, char copy[WHY_QUESTION_BYTES])
{
    size_t length;

    while (isspace((unsigned char)*question))
        question++;
    snprintf(copy, WHY_QUESTION_BYTES, "%s", question);
    for (length = strlen(copy); length > 0 && isspace((unsigned char)copy[length - 1]);)
        copy[--length] = '\0';
}

bool why_ask(Why *why, const Scope *scope, const char *question, Error *error)
{
    WhyItem item = {.kind = WHY_RATE, .node = -1};
    const Reference run = {.own = false};

    why->count = 0;
    why->scope = *scope;
    if (strlen(question) >= WHY_QUESTION_BYTES)
        return error_set(error, "a question has at most %d characters", WHY_QUESTION_BYTES - 1);
    copy_question(question, why->question);
    if (strcmp(why->question, "lr") == 0 ? !prepare(why, &run, error)
                                         : !find_item(why, &item, error))
        return false;
    why_look(why, &item);
    why->item[why->count++] = item;
    why_open(why, 0);
    return true;
}
