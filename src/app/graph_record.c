/* The instructions of an expression, run on nodes in place of numbers: each operator records what
 * microgpt's would. */
#include "app/graph_record.h"

#include "app/expr_code.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <math.h>
#include <stdarg.h>
#include <string.h>

/* ---- room and errors ------------------------------------------------------------------------- */

bool graph_wrong(GraphRecorder *recorder, int at, const char *format, ...)
{
    va_list arguments;

    recorder->error->at = at;
    va_start(arguments, format);
    vsnprintf(recorder->error->why.text, sizeof recorder->error->why.text, _(format), arguments);
    va_end(arguments);
    return false;
}

bool graph_has_room(GraphRecorder *recorder, int at)
{
    const Tape *tape = &recorder->graph->tape;

    if (tape->count + 4 > tape->capacity)
        return graph_wrong(recorder, at, "more than %d nodes", GRAPH_NODES - 4);
    return tape->numbers + 2 <= TAPE_NUMBERS ||
           graph_wrong(recorder, at, "more than %d different numbers", TAPE_NUMBERS - 2);
}

GraphCell *graph_take(GraphRecorder *recorder, int32_t count, int at)
{
    GraphCell *cell = recorder->cell + recorder->cells;

    if (count > GRAPH_CELLS - recorder->cells) {
        graph_wrong(recorder, at, "too large for a graph");
        return NULL;
    }
    recorder->cells += count;
    return cell;
}

/* ---- operators on one entry ------------------------------------------------------------------ */

static GraphCell plain(double number)
{
    return (GraphCell){-1, number};
}

GraphCell graph_cell_of_node(int32_t node)
{
    return (GraphCell){.node = node};
}

static bool is_plain(GraphCell cell)
{
    return cell.node < 0;
}

/* The node itself, or a new const node. */
static int32_t as_node(Tape *tape, GraphCell cell)
{
    return is_plain(cell) ? tape_const(tape, cell.number) : cell.node;
}

/* A node comes first, whichever side it stands on: 2 + a is a + 2, and the const node is made just
 * before. */
static GraphCell add(Tape *tape, GraphCell a, GraphCell b)
{
    GraphCell first = is_plain(a) ? b : a, second = is_plain(a) ? a : b;

    if (is_plain(first))
        return plain(a.number + b.number);
    int32_t other = as_node(tape, second);
    return graph_cell_of_node(tape_add(tape, first.node, other));
}

static GraphCell multiply(Tape *tape, GraphCell a, GraphCell b)
{
    GraphCell first = is_plain(a) ? b : a, second = is_plain(a) ? a : b;

    if (is_plain(first))
        return plain(a.number * b.number);
    int32_t other = as_node(tape, second);
    return graph_cell_of_node(tape_mul(tape, first.node, other));
}

static GraphCell negate(Tape *tape, GraphCell a)
{
    return is_plain(a) ? plain(-a.number) : graph_cell_of_node(tape_neg(tape, a.node));
}

static GraphCell power(Tape *tape, GraphCell a, double exponent)
{
    return is_plain(a) ? plain(pow(a.number, exponent))
                       : graph_cell_of_node(tape_pow(tape, a.node, exponent));
}

static GraphCell divide(Tape *tape, GraphCell a, GraphCell b)
{
    if (is_plain(a) && is_plain(b))
        return plain(a.number / b.number);
    return multiply(tape, a, power(tape, b, -1));
}

static bool combine(GraphRecorder *recorder, const ExprCode *code, GraphCell a, GraphCell b,
                    GraphCell *result)
{
    Tape *tape = &recorder->graph->tape;

    if (!graph_has_room(recorder, code->at))
        return false;
    switch (code->op) {
    case CODE_ADD:
        *result = add(tape, a, b);
        return true;
    case CODE_SUBTRACT:
        *result = add(tape, a, negate(tape, b));
        return true;
    case CODE_MULTIPLY:
        *result = multiply(tape, a, b);
        return true;
    case CODE_DIVIDE:
        *result = divide(tape, a, b);
        return true;
    case CODE_POWER:
        *result = power(tape, a, b.number);
        return true;
    default:
        return graph_wrong(recorder, code->at, "a graph cannot have this: it is made of + - * / ^");
    }
}

bool graph_make_nodes(GraphRecorder *recorder, GraphItem *item)
{
    for (int32_t i = 0; i < item->rows * item->cols; i++) {
        if (!graph_has_room(recorder, item->at))
            return false;
        item->cell[i] = graph_cell_of_node(as_node(&recorder->graph->tape, item->cell[i]));
    }
    return true;
}

/* ---- operators on everything ----------------------------------------------------------------- */

static bool same_shape(const GraphItem *a, const GraphItem *b)
{
    return a->dims == b->dims && a->rows == b->rows && a->cols == b->cols;
}

static bool check_exponent(GraphRecorder *recorder, const GraphItem *exponent)
{
    for (int32_t i = 0; i < exponent->rows * exponent->cols; i++)
        if (!is_plain(exponent->cell[i]))
            return graph_wrong(recorder, exponent->at, "the exponent must be a plain number");
    return true;
}

static bool run_binary(GraphRecorder *recorder, const ExprCode *code)
{
    GraphItem *a = &recorder->stack[recorder->top - 2], *b = a + 1;
    const GraphItem left = *a, right = *b, *shape = left.dims == 0 ? b : a;

    recorder->top--;
    if (left.dims > 0 && right.dims > 0 && !same_shape(&left, &right))
        return graph_wrong(recorder, code->at, "these two differ in their length");
    if (code->op == CODE_POWER && !check_exponent(recorder, &right))
        return false;
    int32_t count = shape->rows * shape->cols;
    GraphItem result = *shape;
    result.at = left.at;
    result.cell = graph_take(recorder, count, code->at);
    for (int32_t i = 0; i < count; i++)
        if (!result.cell || !combine(recorder, code, left.cell[left.dims ? i : 0],
                                     right.cell[right.dims ? i : 0], &result.cell[i]))
            return false;
    *a = result;
    return result.cell != NULL;
}

static bool run_negate(GraphRecorder *recorder, const ExprCode *code, GraphItem *item)
{
    int32_t count = item->rows * item->cols;
    GraphCell *cell = graph_take(recorder, count, code->at);

    for (int32_t i = 0; i < count; i++) {
        if (!cell || !graph_has_room(recorder, code->at))
            return false;
        cell[i] = negate(&recorder->graph->tape, item->cell[i]);
    }
    item->cell = cell;
    item->at = code->at;
    return cell != NULL;
}

static bool run_call(GraphRecorder *recorder, const ExprCode *code)
{
    const GraphFunction *function = graph_find_function(code->index);
    GraphItem *argument = &recorder->stack[recorder->top - code->count];

    recorder->top += 1 - code->count;
    if (!function)
        return graph_wrong(recorder, code->at, "a graph cannot have %s",
                           expr_functions[code->index].name);
    if (code->count != function->arguments)
        return graph_wrong(recorder, code->at, "%s needs a vector, such as [a, b]", function->name);
    bool done = function->run(recorder, function, argument);
    argument->at = code->at;
    return done;
}

/* ---- names, lists, entries ------------------------------------------------------------------- */

static GraphItem *push(GraphRecorder *recorder, int at)
{
    GraphItem *item = &recorder->stack[recorder->top++];

    *item = (GraphItem){.rows = 1, .cols = 1, .at = at};
    return item;
}

static bool run_number(GraphRecorder *recorder, const ExprCode *code)
{
    GraphItem *item = push(recorder, code->at);

    item->cell = graph_take(recorder, 1, code->at);
    if (item->cell)
        *item->cell = plain(code->number);
    return item->cell != NULL;
}

static bool run_name(GraphRecorder *recorder, const ExprCode *code)
{
    const char *name = recorder->graph->statement[recorder->statement].expr.text + code->at;
    const GraphStatement *found =
        graph_find_statement(recorder->graph, recorder->statement, name, (size_t)code->length);
    GraphItem *item = push(recorder, code->at);

    if (!found)
        return graph_wrong(recorder, code->at,
                           "%.*s is not of this graph: give it a name in a statement of "
                           "its own",
                           code->length < 40 ? code->length : 40, name);
    item->dims = found->dims;
    item->rows = found->rows;
    item->cols = found->cols;
    item->cell = graph_take(recorder, item->rows * item->cols, code->at);
    for (int32_t i = 0; item->cell && i < item->rows * item->cols; i++)
        item->cell[i] = graph_cell_of_node(found->node[i]);
    return item->cell != NULL;
}

static bool run_list(GraphRecorder *recorder, const ExprCode *code)
{
    GraphItem *item = &recorder->stack[recorder->top - code->count];
    int32_t cols = code->count > 0 ? item[0].cols : 0, done = 0;
    GraphItem list = {.at = code->at};

    recorder->top += 1 - code->count;
    if (code->count == 0)
        return graph_wrong(recorder, code->at, "an empty list");
    list.dims = item[0].dims + 1;
    list.rows = item[0].dims == 0 ? 1 : code->count;
    list.cols = item[0].dims == 0 ? code->count : cols;
    list.cell = list.dims < 3 ? graph_take(recorder, list.rows * list.cols, code->at) : NULL;
    for (int i = 0; i < code->count; i++) {
        if (list.dims == 3 || item[i].dims != item[0].dims || item[i].cols != cols)
            return graph_wrong(recorder, item[i].at,
                               "a list holds numbers, or vectors of one length");
        if (!list.cell)
            return false;
        for (int32_t k = 0; k < item[i].cols; k++)
            list.cell[done++] = item[i].cell[k];
    }
    *item = list;
    return true;
}

/* A plain number on top of the stack, which goes. */
static bool pop_number(GraphRecorder *recorder, double *number)
{
    const GraphItem *item = &recorder->stack[--recorder->top];

    *number = item->cell[0].number;
    return (item->dims == 0 && is_plain(item->cell[0])) ||
           graph_wrong(recorder, item->at, "an index must be a plain number");
}

static int32_t length_of(const GraphItem *item)
{
    return item->dims == 2 ? item->rows : item->dims == 1 ? item->cols : 0;
}

static bool run_index(GraphRecorder *recorder, const ExprCode *code)
{
    GraphItem *item = &recorder->stack[recorder->top - 2];
    double index;

    if (!pop_number(recorder, &index))
        return false;
    recorder->error->at = code->at;
    if (item->dims == 0)
        return graph_wrong(recorder, code->at, "this is one number: it has no index");
    if (!reference_check_index(item->dims == 2 ? N_("row") : N_("entry"),
                               item->dims == 2 ? N_("this matrix") : N_("this vector"),
                               length_of(item), index, &recorder->error->why))
        return false;
    item->cell += item->dims == 2 ? (int32_t)index * item->cols : (int32_t)index;
    item->cols = item->dims == 2 ? item->cols : 1;
    item->rows = 1;
    item->dims--;
    return true;
}

static bool run_slice(GraphRecorder *recorder, const ExprCode *code)
{
    GraphItem *item = &recorder->stack[recorder->top - 3];
    double from, to;

    if (!pop_number(recorder, &to) || !pop_number(recorder, &from))
        return false;
    recorder->error->at = code->at;
    if (item->dims == 0)
        return graph_wrong(recorder, code->at, "this is one number: it has no index");
    if (!reference_check_slice(item->dims == 2 ? N_("this matrix") : N_("this vector"),
                               length_of(item), from, to, &recorder->error->why))
        return false;
    if (from == to)
        return graph_wrong(recorder, code->at, "an empty list");
    item->cell += item->dims == 2 ? (int32_t)from * item->cols : (int32_t)from;
    *(item->dims == 2 ? &item->rows : &item->cols) = (int32_t)(to - from);
    return true;
}

static bool run_length(GraphRecorder *recorder, const ExprCode *code)
{
    ExprCode number = {.at = code->at, .number = length_of(&recorder->stack[recorder->top - 2])};

    return run_number(recorder, &number);
}

/* ---- a statement ----------------------------------------------------------------------------- */

static bool run_code(GraphRecorder *recorder, const ExprCode *code)
{
    switch (code->op) {
    case CODE_NUMBER:
        return run_number(recorder, code);
    case CODE_NAME:
        return run_name(recorder, code);
    case CODE_INDEX:
        return run_index(recorder, code);
    case CODE_LENGTH:
        return run_length(recorder, code);
    case CODE_SLICE:
        return run_slice(recorder, code);
    case CODE_CALL:
        return run_call(recorder, code);
    case CODE_LIST:
        return run_list(recorder, code);
    case CODE_NEGATE:
        return run_negate(recorder, code, &recorder->stack[recorder->top - 1]);
    case CODE_ADD:
    case CODE_SUBTRACT:
    case CODE_MULTIPLY:
    case CODE_DIVIDE:
    case CODE_POWER:
        return run_binary(recorder, code);
    default:
        return graph_wrong(recorder, code->at, "a graph cannot have this: it is made of numbers");
    }
}

/* The result becomes what the statement's name stands for. */
static bool keep(GraphRecorder *recorder, GraphItem *item)
{
    Graph *graph = recorder->graph;
    GraphStatement *statement = &graph->statement[recorder->statement];
    int32_t count = item->rows * item->cols;

    if (!graph_make_nodes(recorder, item))
        return false;
    if (count > GRAPH_CELLS - graph->listed)
        return graph_wrong(recorder, item->at, "too large for a graph");
    statement->dims = item->dims;
    statement->rows = item->rows;
    statement->cols = item->cols;
    statement->node = graph->list + graph->listed;
    graph->listed += count;
    for (int32_t i = 0; i < count; i++)
        statement->node[i] = item->cell[i].node;
    return true;
}

static bool make_room(GraphRecorder *recorder, int depth)
{
    Graph *graph = recorder->graph;

    if (graph->depth < depth) {
        sys_free(graph->stack);
        graph->stack = sys_alloc((size_t)depth, sizeof *recorder->stack);
        graph->depth = graph->stack ? depth : 0;
    }
    if (!graph->cell)
        graph->cell = sys_alloc(GRAPH_CELLS, sizeof *recorder->cell);
    recorder->stack = graph->stack;
    recorder->cell = graph->cell;
    return (graph->depth >= depth && graph->cell) || graph_wrong(recorder, 0, "out of memory");
}

bool graph_record(Graph *graph, int i, ExprError *error)
{
    const Expr *expr = &graph->statement[i].expr;
    GraphRecorder recorder = {.graph = graph, .statement = i, .error = error};

    bool done = make_room(&recorder, expr->depth);
    for (int k = 0; done && k < expr->codes; k++)
        done = run_code(&recorder, &expr->code[k]);
    return done && keep(&recorder, &recorder.stack[0]);
}
