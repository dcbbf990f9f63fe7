#include "app/graph_layout.h"

#include "app/graph.h"
#include "run.h"
#include "suites.h"
#include <stdlib.h>
#include <string.h>

enum { BOX = 10 };

static AppRun run;
static Graph graph;
static GraphLayout *layout;

static void open_run(void)
{
    app_run_open(&run, "words.txt", "--steps 5 --n-embd 8 --block-size 6");
    layout = malloc(sizeof *layout);
    ck_assert(layout != NULL);
}

static void close_run(void)
{
    graph_release(&graph);
    app_run_close(&run);
    free(layout);
}

static bool lay_out(const char *statements)
{
    static int32_t node[GRAPH_NODES];
    static int columns[GRAPH_NODES];
    ExprError error;

    graph_release(&graph);
    ck_assert_msg(graph_init(&graph, statements, &run.scope, &error), "%s", error.why.text);
    for (int32_t i = 0; i < graph.tape.count; i++) {
        node[i] = i;
        columns[i] = BOX;
    }
    return graph_layout(layout, &graph.tape, node, graph.tape.count, columns);
}

static const GraphSlot *slot_of(const char *name)
{
    Reference reference;

    ck_assert(graph_find(&graph, name, strlen(name), &reference));
    return &layout->slot[graph_layout_find(layout, reference.list[0])];
}

START_TEST(every_node_stands_one_layer_before_its_first_user)
{
    ck_assert(lay_out("a=2; b=3; c=a*b; d=c+1; L=d^2"));
    ck_assert_int_eq(layout->layers, 4);
    ck_assert_int_eq(slot_of("a")->layer, 0);
    ck_assert_int_eq(slot_of("b")->layer, 0);
    ck_assert_int_eq(slot_of("c")->layer, 1);
    ck_assert_int_eq(slot_of("d")->layer, 2);
    ck_assert_int_eq(slot_of("L")->layer, 3);
    ck_assert_int_eq(layout->slot[3].layer, 1); /* the plain number 1 */
}
END_TEST

START_TEST(the_upper_input_keeps_its_row_and_the_other_comes_from_below)
{
    ck_assert(lay_out("a=2; b=3; c=a*b"));
    ck_assert_int_eq(slot_of("a")->y, slot_of("c")->y);
    ck_assert_int_gt(slot_of("b")->y, slot_of("a")->y + 1);
    for (int i = 0; i < layout->links; i++)
        ck_assert_int_eq(layout->link[i].port, layout->slot[layout->link[i].from].node == 1);
}
END_TEST

START_TEST(a_long_edge_bends_through_the_layers_between_and_is_shared)
{
    ck_assert(lay_out("a=2; b=exp(a); c=exp(b); d=a+c; L=d*a"));
    int bends = layout->slots - layout->nodes;
    ck_assert_int_eq(bends, 3); /* beside b, c and d */
    for (int i = layout->nodes; i < layout->slots; i++)
        ck_assert_int_eq(layout->slot[i].node, -1);
}
END_TEST

START_TEST(inputs_that_were_written_crosswise_do_not_cross)
{
    ck_assert(lay_out("a=2; b=3; c=5; d=7; p=a*c; q=b*d; L=p+q"));
    ck_assert_int_eq(graph_layout_crossings(layout), 0);
    ck_assert(lay_out("a=2; b=3; c=5; d=7; p=b*d; q=a*c; s=exp(q); t=exp(p); L=t+s"));
    ck_assert_int_eq(graph_layout_crossings(layout), 0);
}
END_TEST

/* Graphs with many edges of all kinds. */
static const char *const graphs[] = {
    "a=2; b=3; c=a*b; d=c+1; L=d^2",
    "a=2; b=3; c=a*b; d=a+b; e=c*d; f=c+d; L=e*f*a",
    "a=2; L=a*a+a",
    "x=[1,2,3]; w=[4,5,6]; L=dot(x,w)",
    "x=[1,2,3]; y=softmax(x); L=dot(x,y)",
    "x=[1,2,3]; w=[[1,2,3],[4,5,6]]; h=linear(x,w); r=relu(h); L=sum(r)",
    "x=[1,2,3,4]; L=sum(rmsnorm(x))",
    "a=1; b=2; c=a+b",
    "a=1; b=2; c=3; d=4; p=a*d; q=b*c; r=a*c; s=b*d; t=c*d; L=p*q+r*s+t",
    "a=1; b=2; c=3; p=a*b; q=b*c; r=c*a; s=p*r; t=q*p; u=r*q; L=s*u+t*s",
    "a=1; b=2; c=3; d=4; e=5; p=e*a; q=d*b; r=c*a; s=b*e; t=d*a; L=((p+q)*(r+s)+t)*(q+t)",
};

START_TEST(no_two_boxes_overlap)
{
    ck_assert(lay_out(graphs[_i]));
    for (int i = 0; i < layout->slots; i++)
        for (int k = 0; k < i; k++) {
            const GraphSlot *a = &layout->slot[i], *b = &layout->slot[k];
            bool apart = a->layer != b->layer || a->y >= b->y + b->rows || b->y >= a->y + a->rows;
            ck_assert_msg(apart, "slots %d and %d", i, k);
        }
    for (int i = 1; i < layout->layers; i++)
        ck_assert_int_ge(layout->layer_x[i], layout->layer_x[i - 1] + layout->layer_w[i - 1] + 2);
}
END_TEST

/* A net must lead from its slot to each of its targets, one cell after another. */
static void follow(int slot, int x, int y, uint8_t *seen, int width)
{
    const GraphSlot *from = &layout->slot[slot];
    int left = layout->layer_x[from->layer] + layout->layer_w[from->layer];
    int right = layout->layer_x[from->layer + 1];
    int wires = graph_layout_wire(layout, slot, x, y);

    if (x < left || x >= right || y < 0 || seen[y * width + x])
        return;
    seen[y * width + x] = 1;
    if (wires & WIRE_LEFT)
        follow(slot, x - 1, y, seen, width);
    if (wires & WIRE_RIGHT)
        follow(slot, x + 1, y, seen, width);
    if (wires & WIRE_UP)
        follow(slot, x, y - 1, seen, width);
    if (wires & WIRE_DOWN)
        follow(slot, x, y + 1, seen, width);
}

START_TEST(every_edge_leads_from_its_node_to_its_port)
{
    ck_assert(lay_out(graphs[_i]));
    int width = layout->width + 1, height = layout->height + 2;
    for (int i = 0; i < layout->links; i++) {
        const GraphLink *link = &layout->link[i];
        const GraphSlot *from = &layout->slot[link->from], *to = &layout->slot[link->to];
        uint8_t *seen = calloc((size_t)(width * height), 1);
        ck_assert(seen);
        follow(link->from, layout->layer_x[from->layer] + layout->layer_w[from->layer], from->y,
               seen, width);
        ck_assert(seen[(to->y + link->port) * width + layout->layer_x[to->layer] - 1]);
        free(seen);
    }
}
END_TEST

/* What a cell holds of two nets must be a crossing: one goes straight up, the other straight on. */
START_TEST(two_edges_only_cross_and_never_run_together)
{
    ck_assert(lay_out(graphs[_i]));
    for (int a = 0; a < layout->slots; a++)
        for (int b = 0; b < a; b++) {
            int layer = layout->slot[a].layer;
            if (layer != layout->slot[b].layer || layer + 1 == layout->layers)
                continue;
            for (int y = 0; y < layout->height; y++)
                for (int x = layout->layer_x[layer] + layout->layer_w[layer];
                     x < layout->layer_x[layer + 1]; x++) {
                    int of_a = graph_layout_wire(layout, a, x, y);
                    int of_b = graph_layout_wire(layout, b, x, y);
                    bool crossing = (of_a | of_b) == 15 && (of_a == 3 || of_a == 12);
                    ck_assert_msg(!of_a || !of_b || crossing, "column %d, row %d", x, y);
                    ck_assert(!crossing ||
                              graph_layout_is_crossed(layout, of_a == 12 ? a : b, x, y));
                }
        }
}
END_TEST

START_TEST(a_graph_that_is_too_large_has_no_layout)
{
    ck_assert(!lay_out("x=[1,2,3,4,5,6,7,8]; w=[x[0],x[1],x[2],x[3],x[4],x[5],x[6],x[7]];"
                       "y=softmax(softmax(softmax(softmax(softmax(softmax(softmax(softmax("
                       "softmax(softmax(softmax(softmax(x))))))))))))"));
}
END_TEST

Suite *graph_layout_suite(void)
{
    Suite *suite = suite_create("graph_layout");
    TCase *all = tcase_create("layout");
    const int count = sizeof graphs / sizeof *graphs;

    tcase_add_checked_fixture(all, open_run, close_run);
    tcase_add_test(all, every_node_stands_one_layer_before_its_first_user);
    tcase_add_test(all, the_upper_input_keeps_its_row_and_the_other_comes_from_below);
    tcase_add_test(all, a_long_edge_bends_through_the_layers_between_and_is_shared);
    tcase_add_test(all, inputs_that_were_written_crosswise_do_not_cross);
    tcase_add_loop_test(all, no_two_boxes_overlap, 0, count);
    tcase_add_loop_test(all, every_edge_leads_from_its_node_to_its_port, 0, count);
    tcase_add_loop_test(all, two_edges_only_cross_and_never_run_together, 0, count);
    tcase_add_test(all, a_graph_that_is_too_large_has_no_layout);
    suite_add_tcase(suite, all);
    return suite;
}
