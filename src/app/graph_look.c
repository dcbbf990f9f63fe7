#include "app/graph_look.h"

#include "app/app.h"
#include "app/graph_walk.h"

static const Trainer *trainer_of(const App *app)
{
    return &app->session.trainer;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

/* What is being worked on; before anything is computed, the embedding. */
static Place place_under_work(const App *app)
{
    const Trainer *trainer = trainer_of(app);
    int32_t node = stride_next_node(trainer);
    const Span *span =
        node < 0 || trainer->at.phase == PHASE_UPDATE ? NULL : gpt_span_of(&trainer->gpt, node);

    return span ? span->place : (Place){PART_EMBED, app_position(app), -1, -1};
}

/* The place that a focus leads into. */
static Place place_of(const App *app, Focus focus)
{
    const Trainer *trainer = trainer_of(app);
    const Scope scope = app_scope(app);
    const int32_t node = focus.own ? -1 : focus_node(&scope, focus);

    if (focus.kind == FOCUS_PLACE && gpt_span(&trainer->gpt, focus.place))
        return focus.place;
    if (focus.kind == FOCUS_TENSOR)
        return graph_place_of_parameter(trainer, trainer->gpt.tensor[focus.index].first,
                                        app_position(app));
    if (node < 0)
        return place_under_work(app);
    if (node < trainer->gpt.params)
        return graph_place_of_parameter(trainer, node, app_position(app));
    return gpt_span_of(&trainer->gpt, node)->place;
}

/* Whether a focus is one of the numbers of a place. */
static bool is_within(const App *app, Place place, Focus focus)
{
    const Trainer *trainer = trainer_of(app);
    const Scope scope = app_scope(app);
    const int32_t node = focus.own ? -1 : focus_node(&scope, focus);
    GraphBlock block;

    if (focus.kind == FOCUS_PLACE)
        return place_same(place, focus.place);
    return node >= 0 && graph_block(&block, trainer, place) &&
           graph_block_has(&trainer->gpt, &block, node);
}

Place graph_look_block(const App *app)
{
    const GraphLook *look = &app->graph_look;
    const Focus focus = app->look.focus[VIEW_GRAPH];

    if (look->opened && gpt_span(&trainer_of(app)->gpt, look->block) &&
        is_within(app, look->block, focus))
        return look->block;
    return place_of(app, focus);
}

/* ---- one number ------------------------------------------------------------------------------ */

int32_t graph_look_element(const App *app)
{
    const Trainer *trainer = trainer_of(app);
    const Focus focus = app->look.focus[VIEW_GRAPH];
    const Scope scope = app_scope(app);
    int32_t node = focus.own ? -1 : focus_node(&scope, focus);

    if (node >= 0)
        return node;
    if (focus.kind == FOCUS_TENSOR)
        return trainer->gpt.tensor[focus.index].first;
    if (focus.kind == FOCUS_TOKEN)
        return trainer->gpt.tensor[GPT_WTE].first + focus.index * trainer->gpt.tensor[GPT_WTE].cols;
    if (focus.kind == FOCUS_NONE && (node = stride_next_node(trainer)) >= 0)
        return node;
    const Span *span = gpt_span(&trainer->gpt, place_of(app, focus));
    return span && span->out.count > 0 ? span->out.first : trainer->loss_node;
}

static bool is_input(const Tape *tape, int32_t node, int32_t user)
{
    return user > node && user < tape->count &&
           (tape_input(tape, user, 0) == node || tape_input(tape, user, 1) == node);
}

int32_t graph_look_user(const App *app, int32_t node)
{
    const Scope scope = app_scope(app);
    const int32_t user = focus_node(&scope, app->graph_look.user);

    return user >= 0 && is_input(&trainer_of(app)->tape, node, user) ? user : -1;
}

/* ---- the whole of one result ----------------------------------------------------------------- */

/* The result of its place that a node is on the way to; the node itself where it is none. */
static int32_t result_of(const Trainer *trainer, int32_t node)
{
    const Span *span = node < trainer->gpt.params ? NULL : gpt_span_of(&trainer->gpt, node);

    if (!span || span->out.count == 0 || span->first == span->end)
        return node;
    for (int32_t i = 0; i < span->out.count; i++)
        if (span->out.first + i * span->out.stride >= node)
            return span->out.first + i * span->out.stride;
    return node;
}

static bool holds(const int32_t *list, int count, int32_t node)
{
    for (int i = 0; i < count; i++)
        if (list[i] == node)
            return true;
    return false;
}

/* Goes down from `root` as long as it stays within the root's place; list[0] is the root. */
static int collect(const Trainer *trainer, int32_t root, int32_t *list, int room)
{
    const Span *span = root < trainer->gpt.params ? NULL : gpt_span_of(&trainer->gpt, root);
    int count = 1;

    list[0] = root;
    for (int i = 0; i < count && span; i++)
        for (int k = 0; k < 2 && list[i] >= span->first; k++) {
            int32_t input = tape_input(&trainer->tape, list[i], k);
            if (input < 0 || holds(list, count, input))
                continue;
            if (count == room)
                return 0;
            list[count++] = input;
        }
    return count;
}

static void sort(int32_t *list, int count)
{
    for (int i = 1; i < count; i++) {
        int32_t node = list[i];
        int k = i;
        for (; k > 0 && list[k - 1] > node; k--)
            list[k] = list[k - 1];
        list[k] = node;
    }
}

/* The remembered root, as long as the node is part of what it is computed from. */
int graph_look_whole(const App *app, int32_t *node, int room)
{
    const Trainer *trainer = trainer_of(app);
    const Scope scope = app_scope(app);
    const int32_t here = graph_look_element(app);
    const int32_t kept = focus_node(&scope, app->graph_look.root);
    int count = kept >= trainer->gpt.params ? collect(trainer, kept, node, room) : 0;

    if (!holds(node, count, here))
        count = collect(trainer, result_of(trainer, here), node, room);
    sort(node, count);
    return count;
}

/* ---- following the cursor -------------------------------------------------------------------- */

static void follow_element(App *app, Focus before, Focus now)
{
    GraphLook *look = &app->graph_look;
    const Trainer *trainer = trainer_of(app);
    const Scope scope = app_scope(app);
    const int32_t from = focus_node(&scope, before), to = focus_node(&scope, now);
    int32_t node[GRAPH_LAYOUT_NODES];

    if (from >= 0 && to >= 0 && is_input(&trainer->tape, to, from))
        look->user = before;
    else if (to < 0 || graph_look_user(app, to) < 0)
        look->user = (Focus){.kind = FOCUS_NONE};
    const int count = to < 0 ? 0 : graph_look_whole(app, node, GRAPH_LAYOUT_NODES);
    if (count > 0)
        look->root = focus_of_node(trainer, FOCUS_VALUE, node[count - 1]);
}

void graph_look_follow(App *app, Focus before, Focus now)
{
    GraphLook *look = &app->graph_look;

    if (now.own || now.kind == FOCUS_NONE)
        return;
    if (app->look.depth[VIEW_GRAPH] != GRAPH_DEPTH_BLOCK || !look->opened ||
        !is_within(app, look->block, now)) {
        look->block = place_of(app, now);
        look->opened = true;
    }
    if (app->look.depth[VIEW_GRAPH] == GRAPH_DEPTH_ELEMENT)
        follow_element(app, before, now);
    else
        look->user = look->root = (Focus){.kind = FOCUS_NONE};
}

/* ---- the depth-first walk -------------------------------------------------------------------- */

bool graph_look_walks(const App *app)
{
    return app->graphing && app->graph.root >= 0 && app->look.choice[LOOK_GRAPH_MODE] == 1;
}

bool graph_look_step(App *app, int direction)
{
    int64_t *at = &app->graph_look.walk, wanted = *at + direction;
    GraphWalk walk;

    graph_walk(&walk, &app->graph.tape, app->graph.root, wanted);
    if (wanted < 0 || walk.steps < wanted)
        return false;
    *at = wanted;
    return true;
}
