#include "view/graph_pane.h"

#include "app/graph_element.h"
#include "app/graph_layout.h"
#include "app/graph_walk.h"
#include "engine/words.h"
#include "view/graph_picture.h"
#include "view/graph_table.h"
#include "view/graph_walk_pane.h"
#include "view/panel.h"
#include "view/view_graph.h"
#include <stdio.h>

enum { HEAD_ROWS = 2, NEXT_ROWS = 1, ORDER_ROWS = 3, ROOMY = 14 };

/* ---- what comes next ------------------------------------------------------------------------- */

/* "c hands its gradient 14 on: a += 3 × 14, b += 2 × 14" */
static void describe_handing(const Frame *frame, int32_t node, char *text, size_t size)
{
    const App *app = frame->app;
    const Graph *graph = &app->graph;
    char name[GRAPH_NAME_ROOM], grad[24], slope[24];
    size_t used;

    graph_number(graph->grad[node], frame_is_hidden(frame, focus_of_own(FOCUS_GRAD, node)), grad);
    graph_name(app, true, node, name);
    used = (size_t)snprintf(text, size, _("%s hands its gradient %s on:"), name, grad);
    for (int k = 0; k < tape_ops[graph->tape.node[node].op].inputs && used < size; k++) {
        int32_t input = tape_input(&graph->tape, node, k);
        graph_name(app, true, input, name);
        graph_number(tape_slope(&graph->tape, graph->value, node, k),
                     graph_slope_is_hidden(frame, true, node, k), slope);
        if (name[0])
            used +=
                (size_t)snprintf(text + used, size - used, "   %s += %s × %s", name, slope, grad);
    }
}

static void describe_next(const Frame *frame, char *text, size_t size)
{
    const App *app = frame->app;
    const int32_t node = graph_next(&app->graph);
    char name[GRAPH_NAME_ROOM], computed[3 * GRAPH_NAME_ROOM];

    if (node < 0) {
        snprintf(text, size, _("all is computed: , goes back"));
        return;
    }
    if (app->graph.at >= graph_forward_length(&app->graph)) {
        describe_handing(frame, node, text, size);
        return;
    }
    graph_name(app, true, node, name);
    graph_computed_as(app, true, node, computed);
    snprintf(text, size, "%s%s%s", name, name[0] ? " = " : "", computed);
}

static void draw_next(Frame *frame, Area area, int y)
{
    char text[400];
    int x = 0;

    describe_next(frame, text, sizeof text);
    if (graph_next(&frame->app->graph) >= 0)
        x = canvas_text(frame->canvas, area, 0, y, ROLE_ACCENT, ATTR_BOLD, _("▸ next: "));
    canvas_text(frame->canvas, area, x, y, x ? ROLE_TEXT : ROLE_NOTE, 0, text);
}

/* ---- the order of the operations ------------------------------------------------------------- */

static int draw_step(Frame *frame, Area area, int x, int y, int32_t node, bool done, bool here,
                     Role role)
{
    const bool next = here && node == graph_next(&frame->app->graph);
    char name[GRAPH_NAME_ROOM];

    graph_name_or_number(frame->app, true, node, name);
    x = canvas_text(frame->canvas, area, x + 2, y,
                    done   ? role
                    : next ? ROLE_ACCENT
                           : ROLE_DIM,
                    done || next ? ATTR_BOLD : 0, name);
    return canvas_text(frame->canvas, area, x, y, done ? role : ROLE_ACCENT, ATTR_BOLD,
                       done   ? "✓"
                       : next ? "▸"
                              : "");
}

/* "forward  c✓ 1✓ d▸ L", and below it the visits of the backward pass, the last node first. */
static void draw_order(Frame *frame, Area area, int y)
{
    const Graph *graph = &frame->app->graph;
    const Tape *tape = &graph->tape;
    const int64_t forward = graph_forward_length(graph);
    int x = canvas_text(frame->canvas, area, 0, y, ROLE_DIM, 0, _("forward "));

    for (int32_t node = tape->params; node < tape->count && x < area.w - 4; node++)
        x = draw_step(frame, area, x, y, node, node - tape->params < graph->at, graph->at < forward,
                      ROLE_FORWARD);
    if (graph->root < 0)
        return;
    x = canvas_text(frame->canvas, area, 0, y + 1, ROLE_DIM, 0, _("backward"));
    for (int32_t i = tape->order_count; i-- > 0 && x < area.w - 4;)
        if (tape_ops[tape->node[tape->order[i]].op].inputs > 0)
            x = draw_step(frame, area, x, y + 1, tape->order[i],
                          graph->at > forward && i >= graph_cursor(graph), graph->at >= forward,
                          ROLE_BACKWARD);
}

/* ---- all together ---------------------------------------------------------------------------- */

static void draw_head(const App *app, Canvas *canvas, Area area)
{
    const Graph *graph = &app->graph;
    const int64_t forward = graph_forward_length(graph), all = graph_length(graph);
    const bool backward = graph->at >= forward && graph->root >= 0;
    int x = panel_title(canvas, area, "Your own graph", N_("computation graph"));

    if (graph_look_walks(app))
        canvas_text(canvas, area, x, 0, ROLE_DIM, 0, _("  depth-first walk, . and , step"));
    else
        canvas_print(canvas, area, x, 0, backward ? ROLE_BACKWARD : ROLE_FORWARD, 0,
                     "  %s %lld of %lld", backward ? _("backward") : _("forward"),
                     (long long)(backward ? graph->at - forward : graph->at),
                     (long long)(backward ? all - forward : forward));
}

/* All nodes, where they are few enough for a picture. */
static int draw_picture(Frame *frame, Area area)
{
    const Graph *graph = &frame->app->graph;
    int32_t node[GRAPH_LAYOUT_NODES];

    if (graph->tape.count > GRAPH_LAYOUT_NODES)
        return 0;
    for (int32_t i = 0; i < graph->tape.count; i++)
        node[i] = i;
    return graph_picture_draw(frame, area,
                              &(GraphPicture){.own = true,
                                              .node = node,
                                              .count = graph->tape.count,
                                              .next = graph_next(graph),
                                              .cursor = graph_cursor(graph)});
}

static void draw_steps(Frame *frame, Area area)
{
    const int foot = NEXT_ROWS + 1 + (area.h >= ROOMY ? ORDER_ROWS : 0);
    Area picture = area_inset(area, 0, HEAD_ROWS, 0, foot);
    int rows = draw_picture(frame, picture);

    if (rows == 0)
        graph_table_draw(frame, picture);
    int below = HEAD_ROWS + (rows > 0 && rows < picture.h ? rows : picture.h) + 1;
    draw_next(frame, area, below);
    if (area.h >= ROOMY)
        draw_order(frame, area, below + 2);
}

static void draw_walk(Frame *frame, Area area)
{
    const Graph *graph = &frame->app->graph;
    GraphWalk walk;

    graph_walk(&walk, &graph->tape, graph->root, frame->app->graph_look.walk);
    graph_walk_pane_draw(frame, area_inset(area, 0, HEAD_ROWS, 0, 0), &walk, true);
}

void graph_pane_draw(Frame *frame, Area area)
{
    draw_head(frame->app, frame->canvas, area);
    if (graph_look_walks(frame->app))
        draw_walk(frame, area);
    else
        draw_steps(frame, area);
}

/* ---- in words -------------------------------------------------------------------------------- */

static void tell_node(const App *app, Answer *answer, int32_t node)
{
    const Scope scope = app_scope(app);
    const Focus value = focus_of_own(FOCUS_VALUE, node), grad = focus_of_own(FOCUS_GRAD, node);
    char name[GRAPH_NAME_ROOM], computed[3 * GRAPH_NAME_ROOM], a[24], b[24];
    GraphElement element;

    graph_element(&element, &scope, true, node);
    const bool known = element.known, received = graph_element_has_grad(&element);
    const double v = element.numbers.value[node], g = received ? element.numbers.grad[node] : 0;
    graph_print(&app->graph, node, name, sizeof name);
    graph_computed_as(app, true, node, computed);
    answer_line(answer, "%s, %s: value %s, gradient %s.", name, computed,
                graph_said(app, value, known, v, a), graph_said(app, grad, received, g, b));
    answer_open(answer, NULL, '{');
    answer_text(answer, "name", name);
    answer_text(answer, "computed_as", computed);
    graph_tell_number(app, answer, "value", value, known, v);
    graph_tell_number(app, answer, "gradient", grad, received, g);
    answer_close(answer, '}');
}

void graph_pane_tell(const App *app, Answer *answer)
{
    const Frame frame = {.app = app};
    const Graph *graph = &app->graph;
    char text[400];
    GraphWalk walk;

    answer_line(answer, "Your own graph: %lld of %lld operations are done.", (long long)graph->at,
                (long long)graph_length(graph));
    answer_whole(answer, "done", graph->at);
    answer_whole(answer, "operations", graph_length(graph));
    answer_open(answer, "nodes", '[');
    for (int32_t i = 0; i < graph->tape.count; i++)
        tell_node(app, answer, i);
    answer_close(answer, ']');
    describe_next(&frame, text, sizeof text);
    answer_line(answer, "Next: %s.", text);
    if (!graph_look_walks(app))
        return;
    graph_walk(&walk, &graph->tape, graph->root, app->graph_look.walk);
    answer_line(answer, "The walk: %s; %d visits are open.",
                graph_walk_sentence(app, &walk, true, text), walk.depth);
    answer_text(answer, "walk", text);
}
