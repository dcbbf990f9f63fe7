#include "view/graph_pane.h"

#include "view/panel.h"
#include <stdio.h>

enum { HEAD_ROWS = 3, FOOT_ROWS = 2, NAME_BYTES = 48 };

/* Where the columns begin. */
typedef struct Columns {
    int name, operation, value, grad, slopes;
} Columns;

static Columns columns_of(Area area)
{
    int unit = area.w < 100 ? 15 : 20;

    return (Columns){2, 2 + unit * 4 / 5, 2 + unit * 9 / 5, 2 + unit * 13 / 5, 2 + unit * 17 / 5};
}

/* "a × b", "d ^ 2", "ln x", "given" */
static void describe(const Graph *graph, int32_t node, char *text, size_t size)
{
    const TapeNode n = graph->tape.node[node];
    const OpInfo *op = &tape_ops[n.op];
    char a[NAME_BYTES] = "", b[NAME_BYTES] = "", number[EXPR_NUMBER_BYTES];

    if (op->inputs > 0)
        graph_print(graph, n.a, a, sizeof a);
    if (op->inputs > 1)
        graph_print(graph, n.b, b, sizeof b);
    if (op->inputs == 2)
        snprintf(text, size, "%s %s %s", a, op->symbol, b);
    else if (n.op == OP_POW)
        snprintf(text, size, "%s ^ %s", a, expr_print_number(graph->tape.number[n.b], number));
    else if (op->inputs == 1)
        snprintf(text, size, "%s %s", op->symbol, a);
    else
        snprintf(text, size, "%s", n.op == OP_PARAM ? "given" : "a plain number");
}

static void draw_number(Canvas *canvas, Area area, int x, int y, bool known, double number,
                        Role role)
{
    char text[EXPR_NUMBER_BYTES];

    snprintf(text, sizeof text, "%.7g", number);
    canvas_text(canvas, area, x, y, known ? role : ROLE_ABSENT, 0, known ? text : "·");
}

static void draw_slopes(const Graph *graph, const Numbers *numbers, Canvas *canvas, Area area,
                        int x, int y, int32_t node)
{
    char input[NAME_BYTES];

    for (int k = 0; k < tape_ops[graph->tape.node[node].op].inputs; k++) {
        graph_print(graph, tape_input(&graph->tape, node, k), input, sizeof input);
        x = canvas_print(canvas, area, x, y, ROLE_DIM, 0, "by %s: %.6g   ", input,
                         tape_slope(&graph->tape, numbers->value, node, k));
    }
}

/* Whether any part of a node's gradient has come to it: it is the root's, or a user of it was
 * visited. */
static bool has_received(const Graph *graph, int32_t node)
{
    const Tape *tape = &graph->tape;
    int64_t visits = graph->at - graph_forward_length(graph);

    if (visits < 0 || graph->root < 0)
        return false;
    for (int32_t i = tape->order_count; i-- > 0 && visits > 0;) {
        int32_t user = tape->order[i];
        if (tape_input(tape, user, 0) == node || tape_input(tape, user, 1) == node)
            return true;
        visits -= tape_ops[tape->node[user].op].inputs > 0;
    }
    return node == graph->root;
}

static void draw_node(const Graph *graph, Canvas *canvas, Area area, int y, int32_t node)
{
    const Columns at = columns_of(area);
    const Numbers numbers = graph_numbers(graph);
    const bool known = node < numbers.computed, next = node == graph_next(graph);
    char text[2 * NAME_BYTES + 8];

    if (next)
        canvas_text(canvas, area, 0, y, ROLE_ACCENT, ATTR_BOLD, "▸");
    graph_print(graph, node, text, sizeof text);
    canvas_text(canvas, area_inset(area, 0, 0, area.w - at.operation + 1, 0), at.name, y,
                next ? ROLE_ACCENT : ROLE_TEXT, ATTR_BOLD, text);
    describe(graph, node, text, sizeof text);
    canvas_text(canvas, area_inset(area, 0, 0, area.w - at.value + 1, 0), at.operation, y, ROLE_DIM,
                0, text);
    draw_number(canvas, area, at.value, y, known, numbers.value[node], ROLE_FORWARD);
    bool received = has_received(graph, node);
    draw_number(canvas, area, at.grad, y, received, received ? numbers.grad[node] : 0,
                ROLE_BACKWARD);
    if (known)
        draw_slopes(graph, &numbers, canvas, area, at.slopes, y, node);
}

/* What the next operation does, with its numbers: "next: c hands its gradient on: a += 3 × 14, b +=
 * 2 × 14". */
static void draw_next(const Graph *graph, Canvas *canvas, Area area, int y)
{
    const Numbers numbers = graph_numbers(graph);
    const int32_t node = graph_next(graph);
    char name[NAME_BYTES], text[2 * NAME_BYTES + 8];

    if (node < 0) {
        canvas_text(canvas, area, 0, y, ROLE_NOTE, 0, "all is computed");
        return;
    }
    graph_print(graph, node, name, sizeof name);
    int x = canvas_print(canvas, area, 0, y, ROLE_ACCENT, ATTR_BOLD, "next: ");
    if (graph->at < graph_forward_length(graph)) {
        describe(graph, node, text, sizeof text);
        canvas_print(canvas, area, x, y, ROLE_TEXT, 0, "%s = %s", name, text);
        return;
    }
    x = canvas_print(canvas, area, x, y, ROLE_TEXT, 0, "%s hands its gradient %.6g on: ", name,
                     numbers.grad[node]);
    for (int k = 0; k < tape_ops[graph->tape.node[node].op].inputs; k++) {
        graph_print(graph, tape_input(&graph->tape, node, k), text, sizeof text);
        x = canvas_print(canvas, area, x, y, ROLE_BACKWARD, 0, "%s += %.6g × %.6g   ", text,
                         tape_slope(&graph->tape, numbers.value, node, k), numbers.grad[node]);
    }
}

static void draw_head(const Graph *graph, Canvas *canvas, Area area)
{
    const Columns at = columns_of(area);
    const int64_t forward = graph_forward_length(graph), all = graph_length(graph);
    bool backward = graph->at >= forward;
    int x = canvas_text(canvas, area, 0, 0, ROLE_TITLE, ATTR_BOLD, "Your own graph");

    canvas_print(canvas, area, x, 0, ROLE_DIM, 0, "  %s %lld of %lld  (q leaves)",
                 backward ? "backward" : "forward",
                 (long long)(backward ? graph->at - forward : graph->at),
                 (long long)(backward ? all - forward : forward));
    canvas_text(canvas, area, at.name, 2, ROLE_DIM, 0, "name");
    canvas_text(canvas, area, at.operation, 2, ROLE_DIM, 0, "computed as");
    canvas_text(canvas, area, at.value, 2, ROLE_FORWARD, 0, "value");
    canvas_text(canvas, area, at.grad, 2, ROLE_BACKWARD, 0, "gradient");
    canvas_text(canvas, area, at.slopes, 2, ROLE_DIM, 0, "slope");
}

void graph_pane_draw(Frame *frame, Area area)
{
    const App *app = frame->app;
    Canvas *canvas = frame->canvas;
    const Graph *graph = &app->graph;
    const int32_t next = graph_next(graph), count = graph->tape.count;
    int rows = area.h - HEAD_ROWS - FOOT_ROWS,
        first = panel_scroll(count, rows, next < 0 ? 0 : next);

    draw_head(graph, canvas, area);
    for (int i = 0; i < rows && first + i < count; i++)
        draw_node(graph, canvas, area, HEAD_ROWS + i, first + i);
    int below = HEAD_ROWS + (count < rows ? count : rows) + 1;
    draw_next(graph, canvas, area, below < area.h ? below : area.h - 1);
}
