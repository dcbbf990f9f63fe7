/* Depth 2 of the view of the graph: one number with its edges.
 *
 *     inputs                          this number                 users
 *
 *     wq[1][15]                       ▲ q[0]                      + #21970
 *       0.0123                        + q[1]                      slope 1.00 × grad 0.02 = 0.02 ✓
 *       slope 1.00  ────────▶         data 0.385
 *     #21933                          grad -0.041                 × ...
 *       0.372                         ▼ q[2]
 *       slope 1.00  ────────▶
 *
 * Left goes to an input, Right to a user, Up and Down to what stands beside it; the picture is then
 * drawn around that. */
#include "app/graph_element.h"
#include "app/graph_look.h"
#include "app/text.h"
#include "engine/words.h"
#include "view/graph_picture.h"
#include "view/panel.h"
#include "view/view_graph.h"
#include <stdio.h>
#include <string.h>

enum { HEAD_ROWS = 4, LABEL = 5, NUMBER = 9, INPUT_ROWS = 4, FOOT_ROWS = 2 };
enum { INPUT_WIDTH = 21, CENTRE_WIDTH = 19, USER_WIDTH = 10, EDGE_ROWS = 20, WHOLE_ROWS = 10 };
enum { ROOMY = 14, COMPACT_ROW = 4, ROW = 7, TERMS = 4, FEW_TERMS = 2, WIDE = 100 };

typedef struct Desk {
    Frame *frame;
    const Trainer *trainer;
    GraphElement element;
    int left, centre, right; /* columns where the three parts begin */
    int row;                 /* of the number's name */
} Desk;

static Focus value_of(const Desk *desk, int32_t node)
{
    return focus_of_node(desk->trainer, FOCUS_VALUE, node);
}

static Focus grad_of(const Desk *desk, int32_t node)
{
    return focus_of_node(desk->trainer, FOCUS_GRAD, node);
}

static double value_at(const Desk *desk, int32_t node)
{
    return node < desk->element.numbers.computed ? desk->element.numbers.value[node] : 0;
}

/* ---- head ------------------------------------------------------------------------------------ */

static Place place_of(const Desk *desk)
{
    const int32_t node = desk->element.node;

    if (node < desk->trainer->gpt.params)
        return graph_place_of_parameter(desk->trainer, node, app_position(desk->frame->app));
    return gpt_span_of(&desk->trainer->gpt, node)->place;
}

static void describe_index(const Desk *desk, char *text, size_t size)
{
    const GraphElement *element = &desk->element;
    char node[24], nodes[24], rank[24], ranks[24];

    text_whole(element->node, node, sizeof node);
    text_whole(desk->trainer->tape.count, nodes, sizeof nodes);
    if (element->reached && element->rank < 0)
        snprintf(text, size,
                 _("node %s of %s, without inputs: in topological order before its users"), node,
                 nodes);
    else if (element->reached)
        snprintf(text, size, _("node %s of %s, number %s of %s in topological order"), node, nodes,
                 text_whole(element->rank + 1, rank, sizeof rank),
                 text_whole(element->ranks, ranks, sizeof ranks));
    else
        snprintf(text, size, _("node %s of %s; the loss does not depend on it"), node, nodes);
}

static void draw_head(const Desk *desk, Area area)
{
    const Place place = place_of(desk);
    Canvas *canvas = desk->frame->canvas;
    char title[GRAPH_TITLE_BYTES], name[FOCUS_TEXT_BYTES], text[160], formula[GRAPH_NAME_ROOM];
    const bool parameter = desk->element.node < desk->trainer->gpt.params;

    reference_print(desk->trainer, desk->element.node, name, sizeof name);
    panel_title(canvas, area, parameter ? N_("One number that is learnt") : N_("One number"),
                "Value");
    int x = canvas_text(canvas, area, 0, 1, ROLE_ACCENT, ATTR_BOLD, name);
    x = canvas_print(canvas, area, x, 1, ROLE_DIM, 0, "  %s%s:", parameter ? _("used in ") : "",
                     graph_place_title(place, title));
    graph_formula(canvas, place.part, formula);
    canvas_print(canvas, area, x, 1, ROLE_NOTE, 0, " %s", formula);
    describe_index(desk, text, sizeof text);
    if (area.h >= ROOMY)
        canvas_text(canvas, area, 0, 2, ROLE_DIM, 0, text);
}

/* ---- the number ------------------------------------------------------------------------------ */

/* The neighbour by `by` in the vector or row that it is an entry of; else on the tape. */
static int32_t neighbour(const Desk *desk, int by)
{
    const int32_t node = desk->element.node, other = node + by;
    const Gpt *gpt = &desk->trainer->gpt;
    const Span *span = node < gpt->params ? NULL : gpt_span_of(gpt, node);
    int32_t offset = span ? node - span->out.first : -1;

    if (span && offset >= 0 && offset % span->out.stride == 0 &&
        offset / span->out.stride < span->out.count) {
        int32_t i = offset / span->out.stride + by;
        return i < 0 || i >= span->out.count ? -1 : span->out.first + i * span->out.stride;
    }
    if (other < 0 || other >= desk->trainer->tape.count)
        return -1;
    return (other < gpt->params) == (node < gpt->params) ? other : -1;
}

/* What Up and Down go to: the other input of the user from which the reader came, where it lies on
 * that side; else the neighbour. */
static int32_t sibling(const Desk *desk, int by)
{
    const Tape *tape = &desk->trainer->tape;
    const int32_t node = desk->element.node, user = graph_look_user(desk->frame->app, node);
    const int k = by < 0 ? 0 : 1;

    if (user >= 0 && tape_input(tape, user, 1 - k) == node && tape_input(tape, user, k) >= 0 &&
        tape_input(tape, user, k) != node)
        return tape_input(tape, user, k);
    return neighbour(desk, by);
}

static void draw_sibling(const Desk *desk, Area area, int y, int by)
{
    const int32_t node = sibling(desk, by);
    char name[GRAPH_NAME_ROOM];

    if (node < 0)
        return;
    graph_name_or_number(desk->frame->app, false, node, name);
    canvas_text(desk->frame->canvas, area, desk->centre, y, ROLE_DIM, 0, by < 0 ? "↑" : "↓");
    int x = desk->centre + LABEL; /* above the number, or Left would lead here */
    int end = canvas_text(desk->frame->canvas, area, x, y, ROLE_DIM, 0, name);
    frame_spot(desk->frame, area, x, y, end - x, 1, value_of(desk, node));
}

/* The cursor may be on another of its numbers (m, v): then that is what stands at its value. */
static Focus focus_here(const Desk *desk, int32_t node)
{
    const Scope scope = app_scope(desk->frame->app);
    const Focus focus = desk->frame->focus;

    if (!focus.own && focus.kind > FOCUS_GRAD && focus_node(&scope, focus) == node)
        return focus;
    return value_of(desk, node);
}

static void draw_centre(const Desk *desk, Area area)
{
    const GraphElement *element = &desk->element;
    const int x = desk->centre, y = desk->row;
    const int32_t node = element->node;
    const bool graded = element->numbers.graded && graph_element_has_grad(element);
    Canvas *canvas = desk->frame->canvas;
    char operation[GRAPH_NAME_ROOM], name[GRAPH_NAME_ROOM];

    frame_number(desk->frame, area, x + LABEL, y, NUMBER + 2, value_of(desk, node), element->known,
                 value_at(desk, node), ROLE_FORWARD, ATTR_BOLD);
    if (focus_here(desk, node).kind != FOCUS_VALUE)
        frame_spot(desk->frame, area, x, y, 4, 1, focus_here(desk, node));
    canvas_text(canvas, area, x, y, ROLE_DIM, 0, "data");
    canvas_text(canvas, area, x, y + 1, ROLE_DIM, 0, "grad");
    frame_number(desk->frame, area, x + LABEL, y + 1, NUMBER + 2, grad_of(desk, node), graded,
                 graded ? element->numbers.grad[node] : 0, ROLE_BACKWARD, ATTR_BOLD);
    graph_operation(element->numbers.tape, node, operation);
    graph_name_or_number(desk->frame->app, false, node, name);
    canvas_text(canvas, area, x, y - 1, ROLE_ACCENT, ATTR_BOLD, name);
    canvas_print(canvas, area, x, y + 2, ROLE_DIM, 0, "op   %s %s", tape_ops[element->op].name,
                 operation);
    draw_sibling(desk, area, y - 2, -1);
    draw_sibling(desk, area, y + 4, 1);
}

/* ---- edges ----------------------------------------------------------------------------------- */

static void draw_input(const Desk *desk, Area area, int k)
{
    const GraphElement *element = &desk->element;
    const int32_t input = element->input[k];
    const int y = desk->row + k * INPUT_ROWS, x = desk->left;
    Canvas *canvas = desk->frame->canvas;
    Area part = area;
    char name[GRAPH_NAME_ROOM], slope[24];

    part.w = desk->centre - 1 < area.w ? desk->centre - 1 : area.w;
    graph_name_or_number(desk->frame->app, false, input, name);
    canvas_text(canvas, part, x, y - 1, ROLE_TEXT, ATTR_BOLD, name);
    canvas_text(canvas, part, x, y, ROLE_DIM, 0, "data");
    frame_number(desk->frame, part, x + LABEL, y, NUMBER, value_of(desk, input),
                 input < element->numbers.computed, value_at(desk, input), ROLE_FORWARD, 0);
    graph_number(element->slope[k], graph_slope_is_hidden(desk->frame, false, element->node, k),
                 slope);
    canvas_text(canvas, part, x, y + 1, ROLE_DIM, 0, _("slope"));
    canvas_text_right(canvas, part, x + LABEL + NUMBER, y + 1,
                      element->known ? ROLE_NOTE : ROLE_ABSENT, 0, element->known ? slope : "·");
    for (int at = x + LABEL + 1 + NUMBER; at < part.w - 2; at++)
        canvas_put(canvas, part, at, y, 0x2500, ROLE_DIM, 0);
    canvas_text(canvas, part, part.w - 2, y, ROLE_DIM, 0, k == 0 ? "▶" : "┘");
    for (int up = 1; k > 0 && up < INPUT_ROWS; up++)
        canvas_text(canvas, part, part.w - 2, y - up, ROLE_DIM, 0, "│");
}

static bool is_term_hidden(const Desk *desk, const GraphUse *use)
{
    const Frame *frame = desk->frame;

    return frame_is_hidden(frame, grad_of(desk, desk->element.node)) ||
           frame_is_hidden(frame, grad_of(desk, use->user)) ||
           graph_slope_is_hidden(frame, false, use->user, use->input);
}

/* "  1.00 × 0.0213 = 0.0213 ✓": slope, gradient of the user, what it adds. */
static void describe_term(const Desk *desk, const GraphUse *use, char *text, size_t size)
{
    const GraphElement *element = &desk->element;
    const bool slope_hidden = graph_slope_is_hidden(desk->frame, false, use->user, use->input);
    const bool known = use->user < element->numbers.computed;
    char slope[24] = "·", grad[24] = "·", term[24] = "·";

    if (known)
        graph_number(use->slope, slope_hidden, slope);
    if (use->done) {
        graph_number(element->numbers.grad[use->user],
                     frame_is_hidden(desk->frame, grad_of(desk, use->user)), grad);
        graph_number(use->term, is_term_hidden(desk, use), term);
    }
    snprintf(text, size, "%6s × %6s = %6s %s", slope, grad, term, use->done ? "✓" : "");
}

static void draw_use(const Desk *desk, Area area, int y, const GraphUse *use)
{
    const Tape *tape = desk->element.numbers.tape;
    char operation[GRAPH_NAME_ROOM], name[GRAPH_NAME_ROOM], text[96];
    Canvas *canvas = desk->frame->canvas;

    graph_operation(tape, use->user, operation);
    graph_name(desk->frame->app, false, use->user, name);
    int x = canvas_text(canvas, area, desk->right, y, ROLE_TEXT, ATTR_BOLD, operation);
    x = canvas_text(canvas, area, x + 1, y, ROLE_TEXT, 0, name);
    frame_spot(desk->frame, area, desk->right, y, x - desk->right, 1, value_of(desk, use->user));
    describe_term(desk, use, text, sizeof text);
    int at = desk->right + USER_WIDTH > x + 1 ? desk->right + USER_WIDTH : x + 1;
    if (at + text_width(text) <= area.w)
        canvas_text(canvas, area, at, y, use->done ? ROLE_BACKWARD : ROLE_DIM, 0, text);
}

/* The user from whose inputs the reader came stands first, on the row that Right goes to. */
static int first_use(const Desk *desk)
{
    const int32_t user = graph_look_user(desk->frame->app, desk->element.node);

    for (int i = 0; i < desk->element.uses && user >= 0; i++)
        if (desk->element.use[i].user == user)
            return i;
    return 0;
}

static void draw_uses(const Desk *desk, Area area)
{
    const GraphElement *element = &desk->element;
    Canvas *canvas = desk->frame->canvas;
    const int first = first_use(desk);
    int y = desk->row;

    for (int i = 0; i < element->uses && y < area.h - FOOT_ROWS - 1; i++, y++)
        draw_use(desk, area, y, &element->use[i == 0 ? first : i - (i <= first)]);
    if (element->users > y - desk->row)
        canvas_print(canvas, area, desk->right, y, ROLE_DIM, 0, "and %d more users",
                     element->users - (y - desk->row));
    if (element->users > 0)
        canvas_text_right(canvas, area, desk->right - 1, desk->row, ROLE_DIM, 0, "▶");
}

/* ---- the gradient ---------------------------------------------------------------------------- */

/* "grad += 0.02 + 0.01 = 0.03, 2 of 3 users so far" */
static void describe_sum(const Desk *desk, int most, char *text, size_t size)
{
    const GraphElement *element = &desk->element;
    const bool hidden = frame_is_hidden(desk->frame, grad_of(desk, element->node));
    char number[24];
    size_t used;

    if (element->is_end) {
        snprintf(text, size, _("grad = 1: gradients are of this number"));
        return;
    }
    if (!element->reached || element->users == 0) {
        snprintf(text, size, _("grad stays 0: the loss does not depend on it"));
        return;
    }
    used = (size_t)snprintf(text, size, _("grad %s "), element->adds_up ? "+=" : "=");
    for (int i = 0, said = 0; i < element->uses && used + 48 < size; i++) {
        if (!element->use[i].done || (said == most && i + 1 < element->done))
            continue;
        graph_number(element->use[i].term, is_term_hidden(desk, &element->use[i]), number);
        used += (size_t)snprintf(text + used, size - used, "%s%s", said++ ? " + " : "", number);
        if (said == most && element->done > most + 1)
            used += (size_t)snprintf(text + used, size - used, " + ...");
    }
    if (element->done > 0) {
        graph_number(element->numbers.grad[element->node], hidden, number);
        used += (size_t)snprintf(text + used, size - used, " = %s, ", number);
    }
    snprintf(text + used, size - used, _("%d of %d users%s"), element->done, element->users,
             element->done < element->users ? _(" so far") : "");
}

static void draw_foot(const Desk *desk, Area area)
{
    char text[256];

    describe_sum(desk, area.w >= WIDE ? TERMS : area.w >= 70 ? FEW_TERMS : 1, text, sizeof text);
    canvas_text(desk->frame->canvas, area, 0, area.h - 1, ROLE_BACKWARD, ATTR_BOLD, text);
}

static void open_desk(Desk *desk, Frame *frame)
{
    const Scope scope = app_scope(frame->app);

    desk->frame = frame;
    desk->trainer = &frame->app->session.trainer;
    graph_element(&desk->element, &scope, false, graph_look_element(frame->app));
}

/* ---- the whole of it ------------------------------------------------------------------------- */

/* Returns false where it is too large for a picture. */
static bool draw_whole(Frame *frame, Area area)
{
    int32_t node[GRAPH_LAYOUT_NODES];
    const int count = graph_look_whole(frame->app, node, GRAPH_LAYOUT_NODES);
    const Trainer *trainer = &frame->app->session.trainer;
    const GraphPicture picture = {.own = false,
                                  .node = node,
                                  .count = count,
                                  .next = stride_next_node(trainer),
                                  .cursor = trainer->at.phase == PHASE_BACKWARD ? trainer->cursor
                                            : trainer_has_grad(trainer)
                                                ? 0
                                                : trainer->tape.order_count};

    return graph_picture_draw(frame, area, &picture) > 0;
}

void graph_whole_draw(Frame *frame, Area area)
{
    Desk desk;

    open_desk(&desk, frame);
    draw_head(&desk, area);
    if (!draw_whole(frame, area_inset(area, 0, HEAD_ROWS, 0, FOOT_ROWS)))
        canvas_text(frame->canvas, area, 0, HEAD_ROWS, ROLE_NOTE, 0,
                    _("too large for a picture: o shows the number alone"));
    draw_foot(&desk, area);
}

/* The number with its edges, in the upper part where there is room for more. */
static void draw_edges(Frame *frame, Area area)
{
    Desk desk;
    Canvas *canvas = frame->canvas;

    open_desk(&desk, frame);
    desk.left = 0;
    desk.centre = area.w < WIDE ? INPUT_WIDTH : area.w / 4;
    desk.right = desk.centre + CENTRE_WIDTH;
    desk.row = area.h >= ROOMY ? ROW : COMPACT_ROW;
    draw_head(&desk, area);
    draw_centre(&desk, area); /* its spots come first: there the cursor begins */
    const int heads = area.h >= ROOMY ? ROW - 3 : COMPACT_ROW - 2;
    canvas_text(canvas, area, desk.left, heads, ROLE_TITLE, ATTR_BOLD, _("inputs ←"));
    canvas_text(canvas, area, desk.right, heads, ROLE_TITLE, ATTR_BOLD, _("→ users"));
    if (desk.right + USER_WIDTH + 26 <= area.w)
        canvas_text(canvas, area, desk.right + USER_WIDTH, heads, ROLE_DIM, 0,
                    _(" slope ×   grad =   term"));
    for (int k = 0; k < desk.element.inputs; k++)
        draw_input(&desk, area, k);
    if (desk.element.inputs == 0)
        canvas_text(canvas, area, desk.left, desk.row, ROLE_DIM, 0,
                    desk.element.op == OP_PARAM ? _("none: it is learnt")
                                                : _("none: a plain number"));
    draw_uses(&desk, area);
    draw_foot(&desk, area);
}

void graph_element_draw(Frame *frame, Area area)
{
    Frame beside = *frame;
    Area below = area_inset(area, 0, EDGE_ROWS + 1, 0, 0);

    beside.spots = NULL; /* the cursor walks along the edges above */
    if (below.h < WHOLE_ROWS || frame->focus.kind == FOCUS_NONE) {
        draw_edges(frame, area);
        return;
    }
    draw_edges(frame, (Area){area.x, area.y, area.w, EDGE_ROWS});
    panel_title(frame->canvas, below, "All that it is computed from", N_("within its block"));
    draw_whole(&beside, area_inset(below, 0, 2, 0, 0));
}

/* ---- in words -------------------------------------------------------------------------------- */

static void tell_node(const Desk *desk, Answer *answer, const char *role, int32_t node)
{
    const App *app = desk->frame->app;
    const bool known = node < desk->element.numbers.computed;
    char name[FOCUS_TEXT_BYTES], number[24];

    reference_print(desk->trainer, node, name, sizeof name);
    answer_format(answer, "%s %s, value %s", role, name,
                  graph_said(app, value_of(desk, node), known, value_at(desk, node), number));
    answer_text(answer, "name", name);
    graph_tell_number(app, answer, "value", value_of(desk, node), known, value_at(desk, node));
}

static void tell_real(Answer *answer, const char *name, bool known, bool hidden, double number)
{
    if (hidden)
        answer_text(answer, name, "hidden");
    else if (known)
        answer_real(answer, name, number);
    else
        answer_null(answer, name);
}

static void tell_inputs(const Desk *desk, Answer *answer)
{
    const GraphElement *element = &desk->element;

    answer_open(answer, "inputs", '[');
    for (int k = 0; k < element->inputs; k++) {
        const bool hidden = graph_slope_is_hidden(desk->frame, false, element->node, k);
        char number[24];
        snprintf(number, sizeof number, "%s", _("not computed yet"));
        answer_open(answer, NULL, '{');
        tell_node(desk, answer, _("Input"), element->input[k]);
        if (element->known)
            graph_number(element->slope[k], hidden, number);
        answer_line(answer, ", local gradient %s.", hidden ? _("hidden") : number);
        tell_real(answer, "local_gradient", element->known, hidden, element->slope[k]);
        answer_close(answer, '}');
    }
    answer_close(answer, ']');
}

static void tell_uses(const Desk *desk, Answer *answer)
{
    const GraphElement *element = &desk->element;

    answer_open(answer, "users", '[');
    for (int i = 0; i < element->uses; i++) {
        const GraphUse *use = &element->use[i];
        const bool hidden = is_term_hidden(desk, use);
        char number[24];
        snprintf(number, sizeof number, "%s", _("nothing yet"));
        answer_open(answer, NULL, '{');
        tell_node(desk, answer, _("User"), use->user);
        if (use->done)
            graph_number(use->term, hidden, number);
        answer_line(answer, ": it adds %s to the gradient.",
                    hidden ? _("a hidden number") : number);
        answer_truth(answer, "visited", use->done);
        tell_real(answer, "term", use->done, hidden, use->term);
        answer_close(answer, '}');
    }
    answer_close(answer, ']');
}

void graph_element_tell(const App *app, Answer *answer)
{
    Frame frame = {.app = app};
    char text[256], name[96], operation[GRAPH_NAME_ROOM];
    Desk desk;

    open_desk(&desk, &frame);
    const GraphElement *element = &desk.element;
    const Place place = place_of(&desk);
    const bool graded = graph_element_has_grad(element);
    tell_node(&desk, answer, _("One number:"), element->node);
    answer_line(answer, ", gradient %s.",
                graph_said(app, grad_of(&desk, element->node), graded,
                           graded ? element->numbers.grad[element->node] : 0, text));
    graph_tell_number(app, answer, "gradient", grad_of(&desk, element->node), graded,
                      graded ? element->numbers.grad[element->node] : 0);
    graph_operation(element->numbers.tape, element->node, operation);
    answer_line(answer, "Operation: %s %s.", tape_ops[element->op].name, operation);
    answer_text(answer, "operation", tape_ops[element->op].name);
    place_name(place, name, sizeof name);
    answer_line(answer, "Place: %s, %s.", name, _(place_parts[place.part].formula));
    answer_text(answer, "place", name);
    answer_text(answer, "formula", place_parts[place.part].formula);
    describe_index(&desk, text, sizeof text);
    answer_line(answer, "It is %s.", text);
    answer_whole(answer, "node", element->node);
    answer_whole(answer, "order", element->rank);
    tell_inputs(&desk, answer);
    tell_uses(&desk, answer);
    describe_sum(&desk, TERMS, text, sizeof text);
    answer_line(answer, "%s.", text);
}
