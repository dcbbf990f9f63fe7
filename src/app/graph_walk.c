#include "app/graph_walk.h"

/* Whether a node is in the list or being visited. */
static bool is_visited(const GraphWalk *walk, int32_t node)
{
    for (int i = 0; i < walk->visits; i++)
        if (walk->visit[i].node == node)
            return true;
    return false;
}

static void visit(GraphWalk *walk, int32_t node)
{
    bool skipped = is_visited(walk, node);

    walk->visit[walk->visits] = (GraphVisit){node, (int16_t)walk->depth, -1, skipped};
    if (!skipped)
        walk->open[walk->depth++] = (int16_t)walk->visits;
    walk->visits++;
    walk->last = skipped ? WALK_SKIPS : WALK_VISITS;
    walk->node = node;
}

static void add(GraphWalk *walk)
{
    GraphVisit *latest = &walk->visit[walk->open[--walk->depth]];

    latest->rank = (int16_t)walk->listed;
    walk->list[walk->listed++] = latest->node;
    walk->last = WALK_ADDS;
    walk->node = latest->node;
    walk->done = walk->depth == 0;
}

static bool is_full(const GraphWalk *walk)
{
    return walk->visits == 3 * GRAPH_WALK_NODES || walk->listed + walk->depth == GRAPH_WALK_NODES;
}

/* tried[d]: inputs that the visit at depth d has come to. */
static void step(GraphWalk *walk, const Tape *tape, int32_t root, int8_t *tried)
{
    int depth = walk->depth - 1;
    int32_t next = root;

    if (depth >= 0)
        next = tape_input(tape, walk->visit[walk->open[depth]].node, tried[depth]);
    if (next < 0) {
        add(walk);
    } else if (is_full(walk)) {
        walk->cut = true;
        return;
    } else {
        if (depth >= 0)
            tried[depth]++;
        visit(walk, next);
        if (walk->last == WALK_VISITS)
            tried[walk->depth - 1] = 0;
    }
    walk->steps++;
}

void graph_walk(GraphWalk *walk, const Tape *tape, int32_t root, int64_t steps)
{
    int8_t tried[GRAPH_WALK_NODES];

    walk->visits = walk->depth = walk->listed = 0;
    walk->last = WALK_BEGINS;
    walk->node = -1;
    walk->steps = 0;
    walk->done = walk->cut = root < 0;
    while (walk->steps < steps && !walk->done && !walk->cut)
        step(walk, tape, root, tried);
}
