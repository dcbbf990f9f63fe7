#include "app/graph_element.h"

#include "app/graph.h"
#include "engine/basis.h"

/* A number as the document was computed with it. */
static double value_of(const Scope *scope, const GraphElement *element, int32_t node)
{
    if (!element->own && scope->history && node < scope->trainer->gpt.params &&
        basis_is_updated(scope->trainer, node))
        return basis_before_update(scope->history, node);
    return element->numbers.value[node];
}

/* Products are those of parameters; everything else is of nodes, which no update writes over. */
static double slope_of(const Scope *scope, const GraphElement *element, int32_t node, int k)
{
    const Tape *tape = element->numbers.tape;
    int op = tape->node[node].op;

    if (op == OP_MUL || op == OP_MUL_CUT)
        return value_of(scope, element, tape_input(tape, node, 1 - k));
    return tape_slope(tape, element->numbers.value, node, k);
}

/* Users from here on in the order were visited. */
static int32_t cursor_of(const Scope *scope, bool own)
{
    const Trainer *trainer = scope->trainer;

    if (own)
        return graph_cursor(scope->graph);
    if (trainer->at.phase == PHASE_BACKWARD)
        return trainer->cursor;
    return trainer_has_grad(trainer) ? 0 : trainer->tape.order_count;
}

static void add_uses(GraphElement *element, const Scope *scope, int32_t user, bool done)
{
    const Tape *tape = element->numbers.tape;

    for (int k = 0; k < 2; k++) {
        if (tape_input(tape, user, k) != element->node)
            continue;
        element->users++;
        element->done += done;
        if (element->uses == GRAPH_USES)
            continue;
        GraphUse *use = &element->use[element->uses++];
        *use = (GraphUse){user, k, done, 0, 0};
        if (user < element->numbers.computed)
            use->slope = slope_of(scope, element, user, k);
        if (done && tape_hands_on(tape, user, k))
            use->term = use->slope * element->numbers.grad[user];
    }
}

/* Those that the end depends on, the last of them first; then, where it does not depend on the
 * element at all, whoever uses it. */
static void find_users(GraphElement *element, const Scope *scope)
{
    const Tape *tape = element->numbers.tape;
    const int32_t cursor = cursor_of(scope, element->own);

    for (int32_t i = tape->order_count; i-- > 0;) {
        if (tape->order[i] == element->node)
            element->rank = i;
        else if (tape->order[i] > element->node)
            add_uses(element, scope, tape->order[i], i >= cursor);
    }
    element->is_end = tape->root == element->node;
    element->reached = element->is_end || element->uses > 0;
    for (int32_t i = element->node + 1; !element->reached && i < tape->count; i++)
        add_uses(element, scope, i, false);
    if (element->rank > 0)
        element->before = tape->order[element->rank - 1];
    if (element->rank >= 0 && element->rank + 1 < tape->order_count)
        element->after = tape->order[element->rank + 1];
}

void graph_element(GraphElement *element, const Scope *scope, bool own, int32_t node)
{
    const Reference reference = {.own = own};
    const Numbers numbers = reference_numbers(scope, &reference);
    const Tape *tape = numbers.tape;

    *element = (GraphElement){.own = own,
                              .node = node,
                              .op = tape->node[node].op,
                              .numbers = numbers,
                              .known = node < numbers.computed,
                              .adds_up = own || scope->trainer->settings.accumulate,
                              .rank = -1,
                              .ranks = tape->order_count,
                              .before = -1,
                              .after = -1};
    element->inputs = tape_ops[element->op].inputs;
    for (int k = 0; k < element->inputs; k++) {
        element->input[k] = tape_input(tape, node, k);
        element->slope[k] = element->known ? slope_of(scope, element, node, k) : 0;
    }
    find_users(element, scope);
}

bool graph_element_has_grad(const GraphElement *element)
{
    return element->numbers.graded && (element->is_end || element->done > 0);
}
