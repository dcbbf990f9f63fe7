#include "view/graph_picture.h"

#include "app/graph_layout.h"
#include "app/text.h"
#include "view/panel.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { GRAD_LABEL = 4, SUM_LABEL = 7, LONGEST_NAME = 12 }; /* "grad", "grad +=" */

/* How wide the parts of a box are: the slopes before it, what its numbers are called, the
 * numbers. */
typedef struct Style {
    int slope, number;
    int name;
} Style;

/* What is known of the picture's nodes, by slot. */
typedef struct Progress {
    bool visited[GRAPH_LAYOUT_SLOTS];  /* handed its gradient on; of a bend: some user of it did */
    bool received[GRAPH_LAYOUT_SLOTS]; /* something has come to its gradient */
    bool several[GRAPH_LAYOUT_SLOTS];  /* several users */
} Progress;

typedef struct Drawing {
    Frame *frame;
    Area area; /* in which columns and rows of the layout are shown, moved by dx, dy */
    int dx, dy;
    const GraphPicture *picture;
    Numbers numbers;
    Style style;
    Progress progress;
    GraphLayout layout;
} Drawing;

/* ---- what has happened ----------------------------------------------------------------------- */

static void find_visited(Drawing *drawing)
{
    const GraphPicture *picture = drawing->picture;
    const Tape *tape = drawing->numbers.tape;
    const int32_t last = picture->node[picture->count - 1];

    for (int32_t i = picture->cursor; i < tape->order_count; i++) {
        int32_t node = tape->order[i];
        int slot =
            node < tape->params || node > last ? -1 : graph_layout_find(&drawing->layout, node);
        if (slot >= 0)
            drawing->progress.visited[slot] = tape_ops[tape->node[node].op].inputs > 0;
    }
}

/* From the users back; bends pass on what stands behind them, layer by layer. In the run users
 * outside of the picture hand gradients on as well. */
static void find_progress(Drawing *drawing)
{
    const GraphLayout *layout = &drawing->layout;
    const Numbers *numbers = &drawing->numbers;
    Progress *progress = &drawing->progress;
    int users[GRAPH_LAYOUT_SLOTS] = {0};

    memset(progress, 0, sizeof *progress);
    if (numbers->graded)
        find_visited(drawing);
    for (int i = layout->links; i-- > 0;) {
        const GraphLink *link = &layout->link[i];
        bool handed = layout->slot[link->to].node < 0 ? progress->received[link->to]
                                                      : progress->visited[link->to];
        progress->received[link->from] |= handed;
        users[link->from] += layout->slot[link->to].node < 0 ? users[link->to] : 1;
    }
    for (int i = 0; i < layout->nodes; i++) {
        int32_t node = layout->slot[i].node;
        bool is_end = numbers->tape->root == node;
        progress->several[i] = users[i] > 1;
        progress->received[i] |= numbers->graded && is_end;
        if (!drawing->picture->own)
            progress->received[i] |=
                numbers->graded && (numbers->grad[node] != 0 || drawing->picture->cursor == 0);
    }
}

/* ---- sizes ----------------------------------------------------------------------------------- */

static bool is_drawn(const GraphPicture *picture, int32_t node)
{
    int low = 0, high = picture->count;

    while (low < high) { /* the first that is not below node */
        int middle = (low + high) / 2;
        if (picture->node[middle] < node)
            low = middle + 1;
        else
            high = middle;
    }
    return low < picture->count && picture->node[low] == node;
}

/* What comes from outside of the picture has no operation in it. */
static void print_operation(const Drawing *drawing, int32_t node, char text[GRAPH_NAME_ROOM])
{
    const Tape *tape = drawing->numbers.tape;

    text[0] = '\0';
    for (int k = 0; k < 2; k++)
        if (tape_input(tape, node, k) >= 0 && is_drawn(drawing->picture, tape_input(tape, node, k)))
            graph_operation(tape, node, text);
}

static int operation_width(const Drawing *drawing, int32_t node)
{
    char text[GRAPH_NAME_ROOM];

    print_operation(drawing, node, text);
    return text[0] ? text_width(text) + 1 : 0;
}

/* Of the run, nodes on the way are told apart by their operations. */
static void name_node(const Drawing *drawing, int32_t node, char text[GRAPH_NAME_ROOM])
{
    graph_name(drawing->frame->app, drawing->picture->own, node, text);
    if (text[0] == '#')
        text[0] = '\0';
}

/* The widest name, where that is not too wide. */
static int name_width(const Drawing *drawing)
{
    int width = GRAD_LABEL;
    char text[GRAPH_NAME_ROOM];

    for (int i = 0; i < drawing->picture->count; i++) {
        name_node(drawing, drawing->picture->node[i], text);
        int wide = text_width(text);
        width = wide > width ? wide : width;
    }
    return width < LONGEST_NAME ? width : LONGEST_NAME;
}

static bool lay_out(Drawing *drawing, Style style)
{
    const GraphPicture *picture = drawing->picture;
    const Tape *tape = drawing->numbers.tape;
    int columns[GRAPH_LAYOUT_NODES];

    for (int i = 0; i < picture->count; i++) {
        int operation = operation_width(drawing, picture->node[i]);
        columns[i] = (operation ? style.slope + operation : 0) + style.name + 1 + style.number;
    }
    drawing->style = style;
    return graph_layout(&drawing->layout, tape, picture->node, picture->count, columns);
}

/* The widest boxes with which the picture fits; wide ones where it must be scrolled anyway. */
static bool choose_style(Drawing *drawing, int width)
{
    static const Style styles[] = {{8, 7, SUM_LABEL}, {6, 6, 0}, {0, 6, 0}};
    Style style = {0, 6, LONGEST_NAME};

    if (drawing->picture->count > GRAPH_LAYOUT_NODES || !lay_out(drawing, style))
        return false;
    int name = name_width(drawing);
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
        style = styles[i];
        style.name = name > style.name ? name : style.name;
        if (!lay_out(drawing, style))
            return false;
        if (drawing->layout.width <= width)
            return true;
    }
    style = styles[1];
    style.name = name;
    return lay_out(drawing, style);
}

/* ---- where we are ---------------------------------------------------------------------------- */

/* The slot that must be seen. */
static int slot_of_interest(const Drawing *drawing)
{
    const Scope scope = app_scope(drawing->frame->app);
    const Focus focus = drawing->frame->focus;
    int32_t node = focus.own == drawing->picture->own ? focus_node(&scope, focus) : -1;
    int slot = node < 0 ? -1 : graph_layout_find(&drawing->layout, node);

    if (slot < 0 && drawing->picture->next >= 0)
        slot = graph_layout_find(&drawing->layout, drawing->picture->next);
    return slot < 0 ? drawing->layout.nodes - 1 : slot;
}

static int scrolled(int size, int room, int middle)
{
    return size <= room ? 0 : -panel_scroll(size, room, middle);
}

static void scroll(Drawing *drawing)
{
    const GraphSlot *slot = &drawing->layout.slot[slot_of_interest(drawing)];

    drawing->dx = scrolled(drawing->layout.width, drawing->area.w, slot->x + slot->w / 2);
    drawing->dy = scrolled(drawing->layout.height, drawing->area.h, slot->y);
}

static bool is_seen(const Drawing *drawing, int x, int y)
{
    x += drawing->dx;
    y += drawing->dy;
    return x >= 0 && x < drawing->area.w && y >= 0 && y < drawing->area.h;
}

/* ---- edges ----------------------------------------------------------------------------------- */

static const uint16_t wire_glyphs[16] = {
    [WIRE_LEFT | WIRE_RIGHT] = 0x2500,
    [WIRE_UP | WIRE_DOWN] = 0x2502,
    [WIRE_LEFT | WIRE_DOWN] = 0x2510,
    [WIRE_LEFT | WIRE_UP] = 0x2518,
    [WIRE_RIGHT | WIRE_DOWN] = 0x250c,
    [WIRE_RIGHT | WIRE_UP] = 0x2514,
    [WIRE_LEFT | WIRE_UP | WIRE_DOWN] = 0x2524,
    [WIRE_RIGHT | WIRE_UP | WIRE_DOWN] = 0x251c,
    [WIRE_LEFT | WIRE_RIGHT | WIRE_DOWN] = 0x252c,
    [WIRE_LEFT | WIRE_RIGHT | WIRE_UP] = 0x2534,
    [WIRE_LEFT | WIRE_RIGHT | WIRE_UP | WIRE_DOWN] = 0x25cf, /* a crossing is none */
};

static void draw_wire(const Drawing *drawing, int slot, int x, int y, Role role)
{
    int wires = is_seen(drawing, x, y) ? graph_layout_wire(&drawing->layout, slot, x, y) : 0;
    uint32_t glyph = wire_glyphs[wires];

    if (wires == (WIRE_UP | WIRE_DOWN) && graph_layout_is_crossed(&drawing->layout, slot, x, y))
        glyph = 0x253c;
    if (glyph)
        canvas_put(drawing->frame->canvas, drawing->area, x + drawing->dx, y + drawing->dy, glyph,
                   role, 0);
}

static Role wire_role(const Drawing *drawing, int slot)
{
    const GraphLayout *layout = &drawing->layout;

    if (layout->slot[slot].node < 0)
        return drawing->progress.received[slot] ? ROLE_BACKWARD : ROLE_DIM;
    if (drawing->numbers.graded && drawing->progress.received[slot])
        return ROLE_BACKWARD;
    return layout->slot[slot].node < drawing->numbers.computed ? ROLE_TEXT : ROLE_DIM;
}

static void draw_net(const Drawing *drawing, int slot)
{
    const GraphLayout *layout = &drawing->layout;
    const GraphSlot *from = &layout->slot[slot];
    const int layer = from->layer, right = layout->layer_x[layer] + layout->layer_w[layer];
    const Role role = wire_role(drawing, slot);

    if (layer + 1 == layout->layers)
        return;
    for (int k = layout->first_link[layer]; k < layout->first_link[layer + 1]; k++) {
        const GraphLink *link = &layout->link[k];
        if (link->from != slot)
            continue;
        int row = layout->slot[link->to].y + link->port, end = layout->layer_x[layer + 1];
        int top = row < from->y ? row : from->y, bottom = row > from->y ? row : from->y;
        for (int x = right + (from->node >= 0); x < (from->track < 0 ? end : from->track); x++)
            draw_wire(drawing, slot, x, from->y, role);
        for (int y = top; from->track >= 0 && y <= bottom; y++)
            draw_wire(drawing, slot, from->track, y, role);
        for (int x = from->track + 1; from->track >= 0 && x < end; x++)
            draw_wire(drawing, slot, x, row, role);
    }
    for (int x = layout->layer_x[layer]; from->node < 0 && x < right; x++)
        if (is_seen(drawing, x, from->y))
            canvas_put(drawing->frame->canvas, drawing->area, x + drawing->dx,
                       from->y + drawing->dy, wire_glyphs[WIRE_LEFT | WIRE_RIGHT], role, 0);
}

/* ---- boxes ----------------------------------------------------------------------------------- */

/* What a slope is written as in a few columns. */
static void print_slope(const Drawing *drawing, int32_t node, int input, char text[24])
{
    const bool hidden = graph_slope_is_hidden(drawing->frame, drawing->picture->own, node, input);
    double slope = tape_slope(drawing->numbers.tape, drawing->numbers.value, node, input);

    graph_number(slope, hidden, text);
    for (int digits = 3; !hidden && (int)strlen(text) > drawing->style.slope - 1 && digits > 0; digits--)
        snprintf(text, 24, "%.*g", digits, slope);
}

/* The end of an edge, from the layer's left side to the operation, with the slope on it. */
static void draw_port(const Drawing *drawing, const GraphSlot *slot, const GraphLink *link, int x)
{
    Canvas *canvas = drawing->frame->canvas;
    const int y = slot->y + link->port + drawing->dy, left = drawing->layout.layer_x[slot->layer];
    const Role role = wire_role(drawing, link->from);
    char text[24];

    for (int at = left; at < x - (link->port == 0); at++)
        canvas_put(canvas, drawing->area, at + drawing->dx, y, 0x2500, role, 0);
    if (link->port > 0)
        canvas_put(canvas, drawing->area, x + drawing->dx, y, 0x2518, role, 0);
    if (drawing->style.slope == 0 || slot->node >= drawing->numbers.computed)
        return;
    print_slope(drawing, slot->node, link->input, text);
    int end = x + drawing->dx - 1, wide = (int)strlen(text);
    if (end - wide < 0 || end > drawing->area.w)
        return; /* a part of a number would be another number */
    if (wide < drawing->style.slope - 1)
        canvas_put(canvas, drawing->area, end - wide - 1, y, ' ', ROLE_DIM, 0);
    canvas_text(canvas, drawing->area, end - wide, y, ROLE_NOTE, 0, text);
    canvas_put(canvas, drawing->area, end, y, ' ', ROLE_DIM, 0);
}

static void draw_ports(const Drawing *drawing, int slot, int x)
{
    const GraphLayout *layout = &drawing->layout;
    const int layer = layout->slot[slot].layer;

    for (int k = layer > 0 ? layout->first_link[layer - 1] : 0;
         layer > 0 && k < layout->first_link[layer]; k++)
        if (layout->link[k].to == slot)
            draw_port(drawing, &layout->slot[slot], &layout->link[k], x);
}

static void draw_names(const Drawing *drawing, const GraphSlot *slot, int x, int y, bool several)
{
    Canvas *canvas = drawing->frame->canvas;
    const bool next = slot->node == drawing->picture->next;
    const Area names = area_inset(drawing->area, 0, 0, 0, 0);
    char text[GRAPH_NAME_ROOM];
    int operation = operation_width(drawing, slot->node);

    print_operation(drawing, slot->node, text);
    canvas_text(canvas, names, x, y, next ? ROLE_ACCENT : ROLE_TEXT, ATTR_BOLD, text);
    if (next)
        canvas_text(canvas, names, x + (operation ? operation - 1 : -1), y, ROLE_ACCENT, ATTR_BOLD,
                    "▸");
    name_node(drawing, slot->node, text);
    Area room = drawing->area;
    int limit = x + operation < 0 ? 0 : x + operation + drawing->style.name;
    room.w = limit < room.w ? limit : room.w;
    canvas_text(canvas, room, x + operation, y, next ? ROLE_ACCENT : ROLE_TEXT, ATTR_BOLD, text);
    if (slot->rows > 1 && x + operation >= 0)
        canvas_text(canvas, drawing->area, x + operation, y + 1, ROLE_DIM, 0,
                    !several                          ? "grad"
                    : drawing->style.name < SUM_LABEL ? "+="
                                                      : "grad +=");
}

/* A node: its operation, name and value, below these its gradient; flush with the right side of its
 * layer. */
static void draw_box(const Drawing *drawing, int i)
{
    const GraphLayout *layout = &drawing->layout;
    const GraphSlot *slot = &layout->slot[i];
    const Numbers *numbers = &drawing->numbers;
    const App *app = drawing->frame->app;
    const bool own = drawing->picture->own, known = slot->node < numbers->computed;
    const bool received = drawing->progress.received[i];
    const int number = drawing->style.number;
    const int end = layout->layer_x[slot->layer] + layout->layer_w[slot->layer];
    const int x = end - number - 1 - drawing->style.name - operation_width(drawing, slot->node);
    const int y = slot->y + drawing->dy, at = end - number + drawing->dx;
    Area whole = drawing->area; /* a part of a number would be another number */

    whole.w = at < 0 || at + number > whole.w ? 0 : whole.w;

    draw_ports(drawing, i, x);
    draw_names(drawing, slot, x + drawing->dx, y, drawing->progress.several[i]);
    frame_number(drawing->frame, whole, at, y, number,
                 graph_focus(app, own, FOCUS_VALUE, slot->node), known,
                 known ? numbers->value[slot->node] : 0, ROLE_FORWARD, ATTR_BOLD);
    if (slot->rows > 1)
        frame_number(drawing->frame, whole, at, y + 1, number,
                     graph_focus(app, own, FOCUS_GRAD, slot->node), received,
                     received ? numbers->grad[slot->node] : 0, ROLE_BACKWARD, 0);
}

static void draw_all(Drawing *drawing)
{
    for (int i = 0; i < drawing->layout.slots; i++)
        draw_net(drawing, i);
    for (int i = 0; i < drawing->layout.nodes; i++)
        draw_box(drawing, i);
}

int graph_picture_draw(Frame *frame, Area area, const GraphPicture *picture)
{
    const Scope scope = app_scope(frame->app);
    const Reference reference = {.own = picture->own};
    Drawing drawing = {.frame = frame, .area = area, .picture = picture};

    drawing.numbers = reference_numbers(&scope, &reference);
    if (picture->count == 0 || !choose_style(&drawing, area.w))
        return 0;
    scroll(&drawing);
    find_progress(&drawing);
    draw_all(&drawing);
    return drawing.layout.height;
}
