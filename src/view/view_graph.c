#include "view/view_graph.h"

#include "app/graph_element.h"
#include "app/graph_walk.h"
#include "app/text.h"
#include "engine/words.h"
#include "view/graph_pane.h"
#include "view/graph_text.h"
#include "view/graph_walk_pane.h"
#include "view/panel.h"
#include "view/view.h"
#include <stdint.h>
#include <stdio.h>

const char view_graph_about[] = N_(
    "What is computed from what, in three depths; Enter goes deeper, Backspace comes back.\n"
    "The model: a row a block, for the selected position. The line on the left is the residual "
    "stream: attention and the MLP read it and add to it. Beside each block: how many numbers "
    "leave it, their mean, the length of their gradient.\n"
    "A block: its inputs, the matrix between and its output, each cell a number. Row r of the "
    "matrix times the input gives entry r of the output.\n"
    "One number, a Value: data, grad, the operation, its inputs on the left with the local "
    "gradients, its users on the right. The gradient is the sum over users of local gradient "
    "times the user's gradient (+=). Left and Right walk along edges, Up and Down to what stands "
    "beside. o shows everything that the number is computed from in its block, t the depth-first "
    "walk (topological sort) from it.\n"
    "Guide: 2, Automatic Differentiation, and 4, The Transformer Architecture.");

const char *graph_place_title(Place place, char text[GRAPH_TITLE_BYTES])
{
    const PartInfo *part = &place_parts[place.part];

    if (part->in_head)
        snprintf(text, GRAPH_TITLE_BYTES, _("%s, layer %d, head %d"), _(part->title), place.layer,
                 place.head);
    else if (part->in_layer)
        snprintf(text, GRAPH_TITLE_BYTES, _("%s, layer %d"), _(part->title), place.layer);
    else
        snprintf(text, GRAPH_TITLE_BYTES, "%s", _(part->title));
    return text;
}

const char *graph_said(const App *app, Focus what, bool known, double number, char text[24])
{
    if (look_is_hidden(&app->look, what))
        return _("hidden");
    return known ? graph_number(number, false, text) : _("not computed yet");
}

void graph_tell_number(const App *app, Answer *answer, const char *name, Focus what, bool known,
                       double number)
{
    if (look_is_hidden(&app->look, what))
        answer_text(answer, name, "hidden");
    else if (known)
        answer_real(answer, name, number);
    else
        answer_null(answer, name);
}

/* ---- the walk from a number of the run ------------------------------------------------------- */

static void walk_from(const App *app, int32_t node, GraphWalk *walk)
{
    graph_walk(walk, &app->session.trainer.tape, node, INT64_MAX);
}

/* "x[3].norm[2]: number 12,345 of 38,116 in topological order" */
static void describe_rank(const App *app, int32_t node, char *text, size_t size)
{
    const Scope scope = app_scope(app);
    char name[FOCUS_TEXT_BYTES], rank[24], all[24];
    GraphElement element;

    graph_element(&element, &scope, false, node);
    reference_print(scope.trainer, node, name, sizeof name);
    if (element.reached && element.rank < 0)
        snprintf(text, size, _("%s has no inputs: the walk adds it at once"), name);
    else if (element.reached)
        snprintf(text, size, _("%s: number %s of %s in topological order"), name,
                 text_whole(element.rank + 1, rank, sizeof rank),
                 text_whole(element.ranks, all, sizeof all));
    else
        snprintf(text, size, _("the loss does not depend on %s: the walk never comes to it"), name);
}

static void draw_walk(Frame *frame, Area area)
{
    const int32_t node = graph_look_element(frame->app);
    char text[256];
    GraphWalk walk;

    walk_from(frame->app, node, &walk);
    panel_title(frame->canvas, area, "What must be computed first?", N_("topological sort"));
    describe_rank(frame->app, node, text, sizeof text);
    canvas_text(frame->canvas, area, 0, 1, ROLE_DIM, 0, text);
    graph_walk_pane_draw(frame, area_inset(area, 0, 2, 0, 0), &walk, false);
}

static void tell_walk(const App *app, Answer *answer)
{
    const int32_t node = graph_look_element(app);
    char text[256], name[GRAPH_NAME_ROOM];
    GraphWalk walk;

    walk_from(app, node, &walk);
    describe_rank(app, node, text, sizeof text);
    answer_line(answer, "%s.", text);
    answer_open(answer, "walk", '[');
    for (int i = 0; i < walk.listed; i++) {
        graph_name_or_number(app, false, walk.list[i], name);
        answer_line(answer, "Number %d: %s.", i + 1, name);
        answer_text(answer, NULL, name);
    }
    answer_close(answer, ']');
}

/* ---- all depths ------------------------------------------------------------------------------ */

static bool is_walking(const App *app)
{
    return app->look.choice[LOOK_GRAPH_MODE] == 1;
}

void view_graph_draw(Frame *frame, Area area)
{
    const App *app = frame->app;
    const int depth = app->look.depth[VIEW_GRAPH];

    if (is_walking(app))
        draw_walk(frame, area);
    else if (depth == GRAPH_DEPTH_MODEL)
        graph_model_draw(frame, area);
    else if (depth == GRAPH_DEPTH_BLOCK)
        graph_block_draw(frame, area, graph_look_block(app));
    else if (app->look.choice[LOOK_GRAPH_AS] == 1)
        graph_whole_draw(frame, area);
    else
        graph_element_draw(frame, area);
}

void view_graph_tell(const App *app, Answer *answer)
{
    static const char *const names[] = {"model", "block", "element"};
    const int depth = app->look.depth[VIEW_GRAPH];

    if (app->graphing) {
        answer_text(answer, "depth", "own");
        graph_pane_tell(app, answer);
        return;
    }
    answer_text(answer, "depth", names[depth]);
    if (is_walking(app))
        tell_walk(app, answer);
    else if (depth == GRAPH_DEPTH_MODEL)
        graph_model_tell(app, answer);
    else if (depth == GRAPH_DEPTH_BLOCK)
        graph_block_tell(app, answer);
    else
        graph_element_tell(app, answer);
}
