#include "app/graph_layout.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { SWEEPS = 4, NODE_ROWS = 2, CHANNEL_ENDS = 2, MANY_LINKS = 200 };

/* ---- nodes, layers and bends ----------------------------------------------------------------- */

/* The nodes are sorted. */
int graph_layout_find(const GraphLayout *layout, int32_t node)
{
    int low = 0, high = layout->nodes - 1;

    while (low <= high) {
        int middle = (low + high) / 2;
        if (layout->slot[middle].node == node)
            return middle;
        if (layout->slot[middle].node < node)
            low = middle + 1;
        else
            high = middle - 1;
    }
    return -1;
}

/* The slot of input k of a slot's node, or -1. */
static int input_slot(const GraphLayout *layout, const Tape *tape, int slot, int k)
{
    int32_t input = tape_input(tape, layout->slot[slot].node, k);

    return input < 0 ? -1 : graph_layout_find(layout, input);
}

/* What is only a number needs no row for its gradient. */
static int rows_of(const Tape *tape, int32_t node)
{
    int op = tape->node[node].op;

    return tape_ops[op].inputs > 0 || op == OP_PARAM ? NODE_ROWS : 1;
}

/* A layer before the first user; what nobody uses stands as near to the beginning as its inputs
 * let it. Inputs have smaller indices than their users. */
static bool choose_layers(GraphLayout *layout, const Tape *tape)
{
    int earliest[GRAPH_LAYOUT_NODES];

    for (int i = 0; i < layout->nodes; i++) {
        earliest[i] = 0;
        for (int k = 0; k < 2; k++) {
            int input = input_slot(layout, tape, i, k);
            if (input >= 0 && earliest[input] + 1 > earliest[i])
                earliest[i] = earliest[input] + 1;
        }
        if (earliest[i] >= GRAPH_LAYOUT_LAYERS)
            return false;
        layout->slot[i].layer = -1;
    }
    for (int i = layout->nodes; i-- > 0;) {
        if (layout->slot[i].layer < 0)
            layout->slot[i].layer = (int16_t)earliest[i];
        for (int k = 0; k < 2; k++) {
            int input = input_slot(layout, tape, i, k), before = layout->slot[i].layer - 1;
            if (input >= 0 && (layout->slot[input].layer < 0 || layout->slot[input].layer > before))
                layout->slot[input].layer = (int16_t)before;
        }
        if (layout->slot[i].layer >= layout->layers)
            layout->layers = layout->slot[i].layer + 1;
    }
    return true;
}

static bool add_link(GraphLayout *layout, int from, int to, int input)
{
    if (layout->links == GRAPH_LAYOUT_LINKS)
        return false;
    layout->link[layout->links++] = (GraphLink){(int16_t)from, (int16_t)to, (int8_t)input, 0};
    return true;
}

/* The bend after `slot` in the chain of edges that leave `source`, made where there is none yet:
 * all edges of a node share one chain. next[s]: the bend after slot s, or 0. */
static int bend_after(GraphLayout *layout, int slot, int16_t *next)
{
    if (next[slot] > 0)
        return next[slot];
    if (layout->slots == GRAPH_LAYOUT_SLOTS)
        return -1;
    int bend = layout->slots++;
    layout->slot[bend] =
        (GraphSlot){.node = -1, .layer = (int16_t)(layout->slot[slot].layer + 1), .rows = 1};
    next[slot] = (int16_t)bend;
    return add_link(layout, slot, bend, 0) ? bend : -1;
}

static bool add_edge(GraphLayout *layout, int from, int to, int input, int16_t *next)
{
    while (from >= 0 && layout->slot[from].layer < layout->slot[to].layer - 1)
        from = bend_after(layout, from, next);
    return from >= 0 && add_link(layout, from, to, input);
}

static bool add_edges(GraphLayout *layout, const Tape *tape)
{
    int16_t next[GRAPH_LAYOUT_SLOTS] = {0};

    for (int i = 0; i < layout->nodes; i++)
        for (int k = 0; k < 2; k++) {
            int input = input_slot(layout, tape, i, k);
            if (input >= 0 && !add_edge(layout, input, i, k, next))
                return false;
        }
    return true;
}

/* Sorts the links by channel, keeping their order within one. */
static void sort_links(GraphLayout *layout)
{
    GraphLink sorted[GRAPH_LAYOUT_LINKS];
    int at[GRAPH_LAYOUT_LAYERS + 1] = {0};

    for (int i = 0; i < layout->links; i++)
        at[layout->slot[layout->link[i].from].layer + 1]++;
    for (int i = 0; i < layout->layers; i++)
        at[i + 1] += at[i];
    memcpy(layout->first_link, at, sizeof at);
    for (int i = 0; i < layout->links; i++)
        sorted[at[layout->slot[layout->link[i].from].layer]++] = layout->link[i];
    memcpy(layout->link, sorted, (size_t)layout->links * sizeof *sorted);
}

static void fill_layers(GraphLayout *layout)
{
    int at[GRAPH_LAYOUT_LAYERS + 1] = {0};

    for (int i = 0; i < layout->slots; i++)
        at[layout->slot[i].layer + 1]++;
    for (int i = 0; i < layout->layers; i++)
        at[i + 1] += at[i];
    memcpy(layout->first_member, at, sizeof at);
    for (int i = 0; i < layout->slots; i++)
        layout->member[at[layout->slot[i].layer]++] = (int16_t)i;
}

/* ---- the order within layers ----------------------------------------------------------------- */

static void number_places(GraphLayout *layout, int layer)
{
    for (int i = layout->first_member[layer]; i < layout->first_member[layer + 1]; i++)
        layout->slot[layout->member[i]].place = (int16_t)(i - layout->first_member[layer]);
}

/* Sorts a layer by a key a slot; equal ones stay in their order. */
static void sort_layer(GraphLayout *layout, int layer, const double *key)
{
    int16_t *member = layout->member + layout->first_member[layer];
    int count = layout->first_member[layer + 1] - layout->first_member[layer];

    for (int i = 1; i < count; i++) {
        int16_t slot = member[i];
        int k = i;
        for (; k > 0 && key[member[k - 1]] > key[slot]; k--)
            member[k] = member[k - 1];
        member[k] = slot;
    }
    number_places(layout, layer);
}

/* Orders a layer by the mean place of its neighbours on one side; first inputs come before second
 * ones. */
static void order_by_neighbours(GraphLayout *layout, int layer, bool by_users)
{
    int channel = by_users ? layer : layer - 1;
    double sum[GRAPH_LAYOUT_SLOTS];
    int count[GRAPH_LAYOUT_SLOTS];

    for (int i = layout->first_member[layer]; i < layout->first_member[layer + 1]; i++) {
        sum[layout->member[i]] = 0;
        count[layout->member[i]] = 0;
    }
    for (int i = layout->first_link[channel]; i < layout->first_link[channel + 1]; i++) {
        const GraphLink *link = &layout->link[i];
        int slot = by_users ? link->from : link->to;
        sum[slot] += by_users ? layout->slot[link->to].place + 0.25 * link->input
                              : layout->slot[link->from].place;
        count[slot]++;
    }
    for (int i = layout->first_member[layer]; i < layout->first_member[layer + 1]; i++) {
        int slot = layout->member[i];
        sum[slot] = count[slot] ? sum[slot] / count[slot] : layout->slot[slot].place;
    }
    sort_layer(layout, layer, sum);
}

static int crossings_of(const GraphLayout *layout, int channel)
{
    int count = 0;

    for (int i = layout->first_link[channel]; i < layout->first_link[channel + 1]; i++)
        for (int k = layout->first_link[channel]; k < i; k++) {
            const GraphLink *a = &layout->link[i], *b = &layout->link[k];
            int left = layout->slot[a->from].place - layout->slot[b->from].place;
            int right = layout->slot[a->to].place - layout->slot[b->to].place;
            count += (left < 0 && right > 0) || (left > 0 && right < 0);
        }
    return count;
}

int graph_layout_crossings(const GraphLayout *layout)
{
    int count = 0;

    for (int channel = 0; channel + 1 < layout->layers; channel++)
        count += crossings_of(layout, channel);
    return count;
}

static bool is_crowded(const GraphLayout *layout)
{
    for (int i = 0; i < layout->layers; i++)
        if (layout->first_link[i + 1] - layout->first_link[i] > MANY_LINKS)
            return true;
    return false;
}

static void sweep(GraphLayout *layout, bool by_users)
{
    for (int i = 1; i < layout->layers; i++)
        order_by_neighbours(layout, by_users ? layout->layers - 1 - i : i, by_users);
}

/* To and fro, and back to the best order that was met. */
static void order_layers(GraphLayout *layout)
{
    int16_t best[GRAPH_LAYOUT_SLOTS];
    int least, now;

    for (int i = 0; i < layout->layers; i++)
        number_places(layout, i);
    sweep(layout, true);
    least = is_crowded(layout) ? 0 : graph_layout_crossings(layout);
    memcpy(best, layout->member, sizeof best);
    for (int i = 0; i < SWEEPS && least > 0; i++) {
        sweep(layout, i % 2);
        now = graph_layout_crossings(layout);
        if (now < least) {
            least = now;
            memcpy(best, layout->member, sizeof best);
        }
    }
    memcpy(layout->member, best, sizeof best);
    for (int i = 0; i < layout->layers; i++)
        number_places(layout, i);
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* Puts the slots of a layer below each other, each on the row it wishes for if that is free. */
static void stack_layer(GraphLayout *layout, int layer, const int *wish)
{
    const GraphSlot *above = NULL;

    for (int i = layout->first_member[layer]; i < layout->first_member[layer + 1]; i++) {
        GraphSlot *slot = &layout->slot[layout->member[i]];
        int gap = above && above->node >= 0 && slot->node >= 0;
        int least = above ? above->y + above->rows + gap : 0;
        slot->y = wish[layout->member[i]] > least ? wish[layout->member[i]] : least;
        above = slot;
    }
}

/* By users: the row of the first of them; by inputs: the row of the uppermost. */
static void choose_rows(GraphLayout *layout, int layer, bool by_users)
{
    int wish[GRAPH_LAYOUT_SLOTS], channel = by_users ? layer : layer - 1;

    for (int i = layout->first_member[layer]; i < layout->first_member[layer + 1]; i++)
        wish[layout->member[i]] = -1;
    for (int i = channel < 0 ? 0 : layout->first_link[channel];
         channel >= 0 && i < layout->first_link[channel + 1]; i++) {
        const GraphLink *link = &layout->link[i];
        int slot = by_users ? link->from : link->to;
        int row = layout->slot[by_users ? link->to : link->from].y;
        if (wish[slot] < 0 || row < wish[slot])
            wish[slot] = row;
    }
    for (int i = layout->first_member[layer]; i < layout->first_member[layer + 1]; i++)
        if (wish[layout->member[i]] < 0)
            wish[layout->member[i]] = by_users ? 0 : layout->slot[layout->member[i]].y;
    stack_layer(layout, layer, wish);
}

/* The upper of two inputs arrives on the first row. */
static void choose_ports(GraphLayout *layout)
{
    int16_t other[GRAPH_LAYOUT_SLOTS];

    memset(other, -1, sizeof other);
    for (int i = 0; i < layout->links; i++) {
        GraphLink *link = &layout->link[i];
        if (other[link->to] < 0) {
            other[link->to] = (int16_t)i;
            continue;
        }
        GraphLink *before = &layout->link[other[link->to]];
        bool above = layout->slot[link->from].y < layout->slot[before->from].y;
        link->port = !above;
        before->port = above;
    }
}

/* ---- tracks ---------------------------------------------------------------------------------- */

/* The net of one slot in a channel. */
typedef struct Net {
    int slot;
    int top, bottom; /* rows of its vertical part */
    int track;       /* -1: not chosen yet */
} Net;

static int row_of(const GraphLayout *layout, const GraphLink *link)
{
    return layout->slot[link->to].y + link->port;
}

static int collect_nets(const GraphLayout *layout, int channel, Net *nets)
{
    int count = 0;

    for (int i = layout->first_member[channel]; i < layout->first_member[channel + 1]; i++) {
        int slot = layout->member[i], y = layout->slot[slot].y;
        Net net = {slot, y, y, -1};
        for (int k = layout->first_link[channel]; k < layout->first_link[channel + 1]; k++) {
            if (layout->link[k].from != slot)
                continue;
            int row = row_of(layout, &layout->link[k]);
            net.top = row < net.top ? row : net.top;
            net.bottom = row > net.bottom ? row : net.bottom;
        }
        if (net.top < net.bottom)
            nets[count++] = net;
    }
    return count;
}

/* Whether the vertical part of a must stand left of that of b: b arrives on the row that a
 * leaves. */
static bool comes_before(const GraphLayout *layout, int channel, const Net *a, const Net *b)
{
    for (int k = layout->first_link[channel]; a != b && k < layout->first_link[channel + 1]; k++)
        if (layout->link[k].from == b->slot &&
            row_of(layout, &layout->link[k]) == layout->slot[a->slot].y)
            return true;
    return false;
}

/* The net to place next: one that needs not wait for another. Where they wait for each other,
 * any. */
static Net *next_net(const GraphLayout *layout, int channel, Net *nets, int count)
{
    Net *any = NULL;

    for (int i = 0; i < count; i++) {
        bool waits = false;
        for (int k = 0; k < count && nets[i].track < 0 && !waits; k++)
            waits = nets[k].track < 0 && comes_before(layout, channel, &nets[k], &nets[i]);
        if (nets[i].track < 0 && !waits)
            return &nets[i];
        if (nets[i].track < 0 && !any)
            any = &nets[i];
    }
    return any;
}

static bool is_taken(const Net *nets, int count, const Net *net, int track)
{
    for (int i = 0; i < count; i++)
        if (nets[i].track == track && nets[i].top <= net->bottom && nets[i].bottom >= net->top)
            return true;
    return false;
}

/* Returns how many tracks the channel has. */
static int choose_tracks(GraphLayout *layout, int channel)
{
    Net nets[GRAPH_LAYOUT_NODES];
    int tracks = 0, members = layout->first_member[channel + 1] - layout->first_member[channel];
    int count = members <= GRAPH_LAYOUT_NODES ? collect_nets(layout, channel, nets) : 0;

    for (int placed = 0; placed < count; placed++) {
        Net *net = next_net(layout, channel, nets, count);
        int track = 0;
        for (int k = 0; k < count; k++)
            if (nets[k].track >= track && comes_before(layout, channel, &nets[k], net))
                track = nets[k].track + 1;
        while (is_taken(nets, count, net, track))
            track++;
        net->track = track;
        layout->slot[net->slot].track = track;
        tracks = track + 1 > tracks ? track + 1 : tracks;
    }
    return tracks;
}

/* ---- columns --------------------------------------------------------------------------------- */

static void choose_columns(GraphLayout *layout)
{
    int x = 0;

    for (int layer = 0; layer < layout->layers; layer++) {
        layout->layer_x[layer] = x;
        for (int i = layout->first_member[layer]; i < layout->first_member[layer + 1]; i++) {
            GraphSlot *slot = &layout->slot[layout->member[i]];
            slot->x = x;
            if (slot->w > layout->layer_w[layer])
                layout->layer_w[layer] = slot->w;
            if (slot->y + slot->rows > layout->height)
                layout->height = slot->y + slot->rows;
        }
        x += layout->layer_w[layer];
        layout->width = x;
        int tracks = layer + 1 < layout->layers ? choose_tracks(layout, layer) : 0;
        for (int i = layout->first_member[layer]; i < layout->first_member[layer + 1]; i++)
            if (layout->slot[layout->member[i]].track >= 0)
                layout->slot[layout->member[i]].track += x + 1;
        x += tracks + CHANNEL_ENDS;
    }
}

bool graph_layout(GraphLayout *layout, const Tape *tape, const int32_t *node, int count,
                  const int *columns)
{
    layout->slots = layout->nodes = layout->links = layout->layers = 0;
    layout->width = layout->height = 0;
    memset(layout->layer_w, 0, sizeof layout->layer_w);
    if (count > GRAPH_LAYOUT_NODES)
        return false;
    for (int i = 0; i < count; i++)
        layout->slot[i] =
            (GraphSlot){.node = node[i], .rows = (int16_t)rows_of(tape, node[i]), .w = columns[i]};
    layout->slots = layout->nodes = count;
    if (!choose_layers(layout, tape) || !add_edges(layout, tape))
        return false;
    for (int i = 0; i < layout->slots; i++)
        layout->slot[i].track = -1;
    sort_links(layout);
    fill_layers(layout);
    order_layers(layout);
    for (int i = layout->layers; i-- > 0;)
        choose_rows(layout, i, true);
    for (int i = 0; i < layout->layers; i++)
        choose_rows(layout, i, false);
    choose_ports(layout);
    choose_columns(layout);
    return true;
}

/* ---- wires ----------------------------------------------------------------------------------- */

int graph_layout_wire(const GraphLayout *layout, int slot, int x, int y)
{
    const GraphSlot *from = &layout->slot[slot];
    const int channel = from->layer;
    const int end = layout->first_link[channel + 1];
    int top = from->y, bottom = from->y, wires = 0;
    bool arrives = false, leaves = false;

    for (int k = layout->first_link[channel]; k < end; k++) {
        if (layout->link[k].from != slot)
            continue;
        int row = row_of(layout, &layout->link[k]);
        leaves = true;
        arrives |= row == y;
        top = row < top ? row : top;
        bottom = row > bottom ? row : bottom;
    }
    if (!leaves)
        return 0;
    if (from->track < 0)
        return y == from->y ? WIRE_LEFT | WIRE_RIGHT : 0;
    if (x < from->track)
        return y == from->y ? WIRE_LEFT | WIRE_RIGHT : 0;
    if (x > from->track)
        return arrives ? WIRE_LEFT | WIRE_RIGHT : 0;
    wires |= y == from->y ? WIRE_LEFT : 0;
    wires |= arrives ? WIRE_RIGHT : 0;
    wires |= y > top && y <= bottom ? WIRE_UP : 0;
    wires |= y >= top && y < bottom ? WIRE_DOWN : 0;
    return wires;
}

bool graph_layout_is_crossed(const GraphLayout *layout, int slot, int x, int y)
{
    const int channel = layout->slot[slot].layer;

    for (int k = layout->first_link[channel]; k < layout->first_link[channel + 1]; k++) {
        const GraphLink *link = &layout->link[k];
        const GraphSlot *from = &layout->slot[link->from];
        if (link->from == slot)
            continue;
        if (from->y == y && (from->track < 0 || x <= from->track))
            return true;
        if (from->track >= 0 && x >= from->track && row_of(layout, link) == y)
            return true;
    }
    return false;
}
