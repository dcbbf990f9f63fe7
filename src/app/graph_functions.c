/* Functions that graphs have: each records what microgpt's function of that name does. */
#include "app/expr_code.h"
#include "app/graph_record.h"
#include <math.h>
#include <string.h>

static void set_node(GraphItem *item, int32_t node)
{
    item->dims = 0;
    item->rows = item->cols = 1;
    item->cell[0] = graph_cell_of_node(node);
}

static int32_t record_sqrt(Tape *tape, int32_t a)
{
    return tape_pow(tape, a, 0.5);
}

static bool run_each(GraphRecorder *recorder, const GraphFunction *function, GraphItem *argument)
{
    int32_t count = argument->rows * argument->cols;
    GraphCell *cell = graph_take(recorder, count, argument->at);

    if (!cell || !graph_make_nodes(recorder, argument))
        return false;
    for (int32_t i = 0; i < count; i++) {
        if (!graph_has_room(recorder, argument->at))
            return false;
        cell[i] = graph_cell_of_node(function->one(&recorder->graph->tape, argument->cell[i].node));
    }
    argument->cell = cell;
    return true;
}

/* Arguments of a function that takes vectors. */
static bool check_vector(GraphRecorder *recorder, const GraphFunction *function,
                         const GraphItem *argument)
{
    return (argument->dims == 1 && argument->cols > 0) ||
           graph_wrong(recorder, argument->at, "%s needs a vector", function->name);
}

/* ((0 + x_0) + x_1) + ... */
static bool record_sum(GraphRecorder *recorder, const GraphItem *x, int32_t *sum)
{
    *sum = -1;
    for (int32_t i = 0; i < x->cols; i++) {
        if (!graph_has_room(recorder, x->at))
            return false;
        *sum = tape_sum(&recorder->graph->tape, *sum, x->cell[i].node);
    }
    return true;
}

/* The sum of the products, each made just before it is added. */
static bool record_dot(GraphRecorder *recorder, const GraphCell *a, const GraphItem *b,
                       int32_t *sum)
{
    Tape *tape = &recorder->graph->tape;

    *sum = -1;
    for (int32_t i = 0; i < b->cols; i++) {
        if (!graph_has_room(recorder, b->at))
            return false;
        *sum = tape_sum(tape, *sum, tape_mul(tape, a[i].node, b->cell[i].node));
    }
    return true;
}

/* sum and mean */
static bool run_sum(GraphRecorder *recorder, const GraphFunction *function, GraphItem *argument)
{
    bool mean = strcmp(function->name, "mean") == 0;
    int32_t sum;

    if (!check_vector(recorder, function, argument) || !graph_make_nodes(recorder, argument) ||
        !record_sum(recorder, argument, &sum) || !graph_has_room(recorder, argument->at))
        return false;
    set_node(argument, mean ? tape_scale(&recorder->graph->tape, sum, 1.0 / argument->cols) : sum);
    return true;
}

static bool run_dot(GraphRecorder *recorder, const GraphFunction *function, GraphItem *argument)
{
    int32_t sum;

    for (int i = 0; i < 2; i++)
        if (!check_vector(recorder, function, &argument[i]) ||
            !graph_make_nodes(recorder, &argument[i]))
            return false;
    if (argument[0].cols != argument[1].cols)
        return graph_wrong(recorder, argument[1].at, "dot needs vectors of one length");
    if (!record_dot(recorder, argument[0].cell, &argument[1], &sum))
        return false;
    set_node(argument, sum);
    return true;
}

static double greatest(const Graph *graph, const GraphItem *x)
{
    double top = graph->value[x->cell[0].node];

    for (int32_t i = 1; i < x->cols; i++)
        if (graph->value[x->cell[i].node] > top)
            top = graph->value[x->cell[i].node];
    return top;
}

/* e^(x_i - max) / sum of them; the maximum is a plain number, every division has its own power of
 * the sum. */
static bool run_softmax(GraphRecorder *recorder, const GraphFunction *function, GraphItem *argument)
{
    Tape *tape = &recorder->graph->tape;
    GraphItem e = *argument;
    int32_t sum;

    if (!check_vector(recorder, function, argument) || !graph_make_nodes(recorder, argument) ||
        !(e.cell = graph_take(recorder, 2 * argument->cols, argument->at)))
        return false;
    tape_forward(tape, recorder->graph->value, tape->params, tape->count);
    double top = greatest(recorder->graph, argument);
    for (int32_t i = 0; i < e.cols; i++) {
        if (!graph_has_room(recorder, argument->at))
            return false;
        int32_t c = tape_const(tape, -top);
        e.cell[i] = graph_cell_of_node(tape_exp(tape, tape_add(tape, argument->cell[i].node, c)));
    }
    if (!record_sum(recorder, &e, &sum))
        return false;
    argument->cell = e.cell + e.cols;
    for (int32_t i = 0; i < e.cols; i++) {
        if (!graph_has_room(recorder, argument->at))
            return false;
        int32_t inverse = tape_pow(tape, sum, -1);
        argument->cell[i] = graph_cell_of_node(tape_mul(tape, e.cell[i].node, inverse));
    }
    return true;
}

/* x_i (mean of x^2 + 1e-5)^-0.5 */
static bool run_rmsnorm(GraphRecorder *recorder, const GraphFunction *function, GraphItem *argument)
{
    Tape *tape = &recorder->graph->tape;
    GraphCell *cell = graph_take(recorder, argument->cols, argument->at);
    int32_t sum;

    if (!check_vector(recorder, function, argument) || !cell ||
        !graph_make_nodes(recorder, argument) ||
        !record_dot(recorder, argument->cell, argument, &sum) ||
        !graph_has_room(recorder, argument->at))
        return false;
    int32_t mean = tape_scale(tape, sum, pow(argument->cols, -1));
    int32_t epsilon = tape_const(tape, 1e-5);
    if (!graph_has_room(recorder, argument->at))
        return false;
    int32_t scale = tape_pow(tape, tape_add(tape, mean, epsilon), -0.5);
    for (int32_t i = 0; i < argument->cols; i++) {
        if (!graph_has_room(recorder, argument->at))
            return false;
        cell[i] = graph_cell_of_node(tape_mul(tape, argument->cell[i].node, scale));
    }
    argument->cell = cell;
    return true;
}

/* W x, with either of them first; the weight comes first in each product. */
static bool run_linear(GraphRecorder *recorder, const GraphFunction *function, GraphItem *argument)
{
    bool first = argument[0].dims == 2;
    GraphItem weight = argument[first ? 0 : 1], x = argument[first ? 1 : 0];
    GraphCell *cell;

    if (weight.dims != 2 || !check_vector(recorder, function, &x) || weight.cols != x.cols)
        return graph_wrong(recorder, argument->at,
                           "linear needs a matrix and a vector as long as its rows");
    cell = graph_take(recorder, weight.rows, argument->at);
    if (!cell || !graph_make_nodes(recorder, &weight) || !graph_make_nodes(recorder, &x))
        return false;
    for (int32_t r = 0; r < weight.rows; r++)
        if (!record_dot(recorder, weight.cell + r * weight.cols, &x, &cell[r].node))
            return false;
    *argument =
        (GraphItem){.dims = 1, .rows = 1, .cols = weight.rows, .cell = cell, .at = argument->at};
    return true;
}

static const GraphFunction functions[] = {
    {"exp", 1, run_each, tape_exp},     {"log", 1, run_each, tape_log},
    {"relu", 1, run_each, tape_relu},   {"gelu", 1, run_each, tape_gelu},
    {"sqrt", 1, run_each, record_sqrt}, {"sum", 1, run_sum, NULL},
    {"mean", 1, run_sum, NULL},         {"dot", 2, run_dot, NULL},
    {"softmax", 1, run_softmax, NULL},  {"rmsnorm", 1, run_rmsnorm, NULL},
    {"linear", 2, run_linear, NULL},
};

const GraphFunction *graph_find_function(int row)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (strcmp(functions[i].name, expr_functions[row].name) == 0)
            return &functions[i];
    return NULL;
}
