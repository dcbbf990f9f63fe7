#include "app/graph.h"

#include "app/expr_code.h"
#include "app/graph_record.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* ---- reading statements ---------------------------------------------------------------------- */

static bool wrong(ExprError *error, int at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool wrong(ExprError *error, int at, const char *format, ...)
{
    va_list arguments;

    *error = (ExprError){.at = at};
    va_start(arguments, format);
    vsnprintf(error->why.text, sizeof error->why.text, _(format), arguments);
    va_end(arguments);
    return false;
}

static bool is_name_character(char c, bool first)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (!first && c >= '0' && c <= '9');
}

/* Letters of their own are free; longer names must not hide those of the run, which conditions and
 * watches use. */
static bool is_taken(const Scope *scope, const char *name)
{
    static const char *const words[] = {"and", "or", "not"};
    Scope run = *scope;
    Reference reference;

    for (int i = 0; i < 3; i++)
        if (strcmp(words[i], name) == 0)
            return true;
    run.graph = NULL;
    if (strlen(name) > 1 && reference_begin(&run, name, strlen(name), &reference))
        return true;
    for (int i = 0; strlen(name) > 1 && expr_name(i); i++)
        if (strcmp(expr_name(i), name) == 0)
            return true;
    return false;
}

/* "c = " before an expression: the name, and how many bytes; 0 where there is none. */
static int read_name(const char *text, char name[GRAPH_NAME_BYTES + 1])
{
    int length = 0, end;

    while (is_name_character(text[length], length == 0))
        length++;
    for (end = length; text[end] == ' ' || text[end] == '\t';)
        end++;
    if (length == 0 || text[end] != '=' || text[end + 1] == '=')
        return 0;
    snprintf(name, GRAPH_NAME_BYTES + 1, "%.*s", length, text);
    return end + 1;
}

/* A statement from text[start] to before text[end]. */
static bool read_statement(Graph *graph, const Scope *scope, const char *text, int start, int end,
                           ExprError *error)
{
    GraphStatement *statement = &graph->statement[graph->statements];
    char name[GRAPH_NAME_BYTES + 1] = "";

    *statement = (GraphStatement){.start = start + read_name(text + start, name)};
    if (strlen(name) == GRAPH_NAME_BYTES)
        return wrong(error, start, "%s...: a shorter name, please", name);
    if (is_taken(scope, name))
        return wrong(error, start, "%s is taken: choose another name", name);
    memcpy(statement->name, name, GRAPH_NAME_BYTES);
    size_t length = (size_t)(end - statement->start);
    char *piece = sys_alloc(length + 1, 1);
    if (!piece)
        return wrong(error, start, "out of memory");
    memcpy(piece, text + statement->start, length);
    bool read = expr_init(&statement->expr, piece, error);
    sys_free(piece);
    error->at += statement->start;
    graph->statements += read;
    return read;
}

static bool is_between(char c)
{
    return c == ';' || c == '\n';
}

static bool is_blank(const char *text, int start, int end)
{
    while (start < end && isspace((unsigned char)text[start]))
        start++;
    return start == end;
}

static bool read_statements(Graph *graph, const Scope *scope, const char *text, ExprError *error)
{
    int start = 0, end;

    for (;; start = end + 1) {
        while (text[start] == ' ' || text[start] == '\t')
            start++;
        for (end = start; text[end] && !is_between(text[end]);)
            end++;
        if (!is_blank(text, start, end)) {
            if (graph->statements > 0 && !graph->statement[graph->statements - 1].name[0])
                return wrong(error, graph->statement[graph->statements - 1].start,
                             "only the last statement may be without a name, as in c = a*b");
            if (graph->statements == GRAPH_STATEMENTS)
                return wrong(error, start, "too many statements");
            if (!read_statement(graph, scope, text, start, end, error))
                return false;
        }
        if (!text[end])
            return graph->statements > 0 ||
                   wrong(error, 0, "expected statements such as a=2; b=3; c=a*b");
    }
}

/* ---- numbers that the reader gives ----------------------------------------------------------- */

const GraphStatement *graph_find_statement(const Graph *graph, int before, const char *name,
                                           size_t length)
{
    for (int i = before - 1; i >= 0; i--)
        if (length > 0 && strlen(graph->statement[i].name) == length &&
            memcmp(graph->statement[i].name, name, length) == 0)
            return &graph->statement[i];
    return NULL;
}

/* Neither a name of the graph nor a function that records. */
static bool is_given(const Graph *graph, int i)
{
    const Expr *expr = &graph->statement[i].expr;

    for (int k = 0; k < expr->codes; k++) {
        const ExprCode *code = &expr->code[k];
        if (code->op == CODE_CALL && graph_find_function(code->index))
            return false;
        if (code->op == CODE_NAME &&
            graph_find_statement(graph, i, expr->text + code->at, (size_t)code->length))
            return false;
    }
    return true;
}

/* Its shape; the numbers stand in value. */
static bool check_given(GraphStatement *statement, const ExprValue *value, ExprError *error)
{
    int32_t count = (int32_t)expr_entries(value);

    if (value->kind == EXPR_TRUTH || value->kind == EXPR_TEXT || value->truths)
        return wrong(error, 0, "a graph is made of numbers");
    if (count == 0)
        return wrong(error, 0, "an empty list");
    if (count > GRAPH_NODES / 2)
        return wrong(error, 0, "too large for a graph");
    statement->given = true;
    statement->dims = value->kind == EXPR_NUMBER ? 0 : value->kind == EXPR_VECTOR ? 1 : 2;
    statement->rows = statement->dims == 2 ? value->rows : 1;
    statement->cols = count / statement->rows;
    for (int32_t r = 0; statement->dims == 2 && r < value->rows; r++)
        if (value->end[r] != (r + 1) * statement->cols)
            return wrong(error, 0, "rows of one length, please");
    return true;
}

/* Evaluates what is given, and makes those numbers the first nodes. */
static bool take_given(Graph *graph, const Scope *scope, ExprError *error)
{
    Scope run = *scope;
    int32_t params = 0;

    run.graph = NULL;
    for (int i = 0; i < graph->statements; i++) {
        GraphStatement *statement = &graph->statement[i];
        ExprValue value;
        if (!is_given(graph, i))
            continue;
        if (!expr_eval(&statement->expr, &run, &value, error) ||
            !check_given(statement, &value, error)) {
            error->at += statement->start;
            return false;
        }
        int32_t count = statement->rows * statement->cols;
        if (params + count > GRAPH_NODES / 2)
            return wrong(error, statement->start, "too large for a graph");
        statement->node = graph->list + graph->listed;
        graph->listed += count;
        for (int32_t k = 0; k < count; k++, params++) {
            statement->node[k] = params;
            graph->value[params] = expr_entry(&value, k);
        }
    }
    return tape_init(&graph->tape, GRAPH_NODES, 1, params, &error->why);
}

/* ---- recording ------------------------------------------------------------------------------- */

static bool record(Graph *graph, ExprError *error)
{
    const GraphStatement *last = &graph->statement[graph->statements - 1];

    for (int i = 0; i < graph->statements; i++)
        if (!graph->statement[i].given && !graph_record(graph, i, error)) {
            error->at += graph->statement[i].start;
            return false;
        }
    tape_forward(&graph->tape, graph->value, graph->tape.params, graph->tape.count);
    graph->root = last->dims == 0 ? last->node[0] : -1;
    if (graph->root >= 0)
        tape_sort(&graph->tape, graph->root);
    return true;
}

static bool build(Graph *graph, const char *text, const Scope *scope, ExprError *error)
{
    *error = (ExprError){0};
    graph->statement = sys_alloc(GRAPH_STATEMENTS, sizeof *graph->statement);
    graph->list = sys_alloc(GRAPH_CELLS, sizeof *graph->list);
    graph->value = sys_alloc(GRAPH_NODES, sizeof *graph->value);
    graph->grad = sys_alloc(GRAPH_NODES, sizeof *graph->grad);
    if (!graph->statement || !graph->list || !graph->value || !graph->grad)
        return wrong(error, 0, "out of memory");
    return read_statements(graph, scope, text, error) && take_given(graph, scope, error) &&
           record(graph, error);
}

bool graph_init(Graph *graph, const char *text, const Scope *scope, ExprError *error)
{
    *graph = (Graph){.root = -1};
    if (!build(graph, text, scope, error)) {
        graph_release(graph);
        return false;
    }
    graph_go(graph, 0);
    return true;
}

void graph_release(Graph *graph)
{
    for (int i = 0; i < graph->statements; i++)
        expr_release(&graph->statement[i].expr);
    if (graph->tape.node)
        tape_release(&graph->tape);
    sys_free(graph->statement);
    sys_free(graph->list);
    sys_free(graph->value);
    sys_free(graph->grad);
    sys_free(graph->stack);
    sys_free(graph->cell);
    *graph = (Graph){.root = -1};
}

/* Recorded anew, since the maximum that a softmax subtracts is a number on the tape. */
void graph_set(Graph *graph, int32_t parameter, double number)
{
    ExprError error;
    int64_t at = graph->at;

    assert(0 <= parameter && parameter < graph->tape.params);
    graph->value[parameter] = number;
    graph->listed = graph->tape.params;
    tape_clear(&graph->tape);
    bool recorded = record(graph, &error);
    assert(recorded); /* the same instructions as before, in the same room */
    (void)recorded;
    graph_go(graph, at);
}

/* ---- standing and stepping ------------------------------------------------------------------- */

int64_t graph_forward_length(const Graph *graph)
{
    return graph->tape.count - graph->tape.params;
}

int64_t graph_length(const Graph *graph)
{
    return graph_forward_length(graph) + (graph->root < 0 ? 0 : graph->tape.order_count);
}

/* Where in the order the visits so far have come to: the next is looked for before it. */
static int32_t cursor_after(const Tape *tape, int64_t visits)
{
    int32_t cursor = tape->order_count;

    while (visits > 0)
        visits -= tape_ops[tape->node[tape->order[--cursor]].op].inputs > 0;
    return cursor;
}

void graph_go(Graph *graph, int64_t at)
{
    const Tape *tape = &graph->tape;
    int64_t visits;

    graph->at = at < 0 ? 0 : at < graph_length(graph) ? at : graph_length(graph);
    visits = graph->at - graph_forward_length(graph);
    if (visits < 0 || graph->root < 0)
        return;
    tape_backward_begin(tape, graph->grad);
    tape_backward(tape, graph->value, graph->grad, tape->order_count, cursor_after(tape, visits));
}

int32_t graph_next(const Graph *graph)
{
    const Tape *tape = &graph->tape;
    int64_t forward = graph_forward_length(graph);

    if (graph->at < forward)
        return tape->params + (int32_t)graph->at;
    if (graph->at == graph_length(graph))
        return -1;
    return tape->order[cursor_after(tape, graph->at - forward + 1)];
}

int32_t graph_cursor(const Graph *graph)
{
    int64_t visits = graph->at - graph_forward_length(graph);

    return visits > 0 ? cursor_after(&graph->tape, visits) : graph->tape.order_count;
}

/* ---- names ----------------------------------------------------------------------------------- */

bool graph_find(const Graph *graph, const char *name, size_t length, Reference *reference)
{
    const GraphStatement *found = graph_find_statement(graph, graph->statements, name, length);

    if (!found)
        return false;
    *reference = (Reference){.kind = REFERENCE_NODES,
                             .own = true,
                             .dims = found->dims,
                             .rows = found->rows,
                             .source = ROWS_LIST,
                             .range = {.count = found->cols},
                             .list = found->node,
                             .place = {.pos = -1, .layer = -1, .head = -1}};
    return true;
}

Numbers graph_numbers(const Graph *graph)
{
    int64_t forward = graph_forward_length(graph);
    int64_t computed = graph->at < forward ? graph->at : forward;

    return (Numbers){.tape = &graph->tape,
                     .value = graph->value,
                     .grad = graph->grad,
                     .computed = graph->tape.params + (int32_t)computed,
                     .graded = graph->root >= 0 && graph->at >= forward};
}

/* Entry i of what a statement stands for. */
static int print_entry(const GraphStatement *statement, int32_t i, char *text, size_t size)
{
    if (statement->dims == 0)
        return snprintf(text, size, "%s", statement->name);
    if (statement->dims == 1)
        return snprintf(text, size, "%s[%d]", statement->name, (int)i);
    return snprintf(text, size, "%s[%d][%d]", statement->name, (int)(i / statement->cols),
                    (int)(i % statement->cols));
}

int graph_print(const Graph *graph, int32_t node, char *text, size_t size)
{
    for (int s = 0; s < graph->statements; s++) {
        const GraphStatement *statement = &graph->statement[s];
        bool known =
            statement->name[0] && graph_find_statement(graph, graph->statements, statement->name,
                                                       strlen(statement->name)) == statement;
        for (int32_t i = 0; known && i < statement->rows * statement->cols; i++)
            if (statement->node[i] == node)
                return print_entry(statement, i, text, size);
    }
    return snprintf(text, size, "%s %d", tape_ops[graph->tape.node[node].op].name, (int)node);
}
