#include "app/graph_walk.h"

#include "app/graph.h"
#include "run.h"
#include "suites.h"
#include <stdlib.h>

static AppRun run;
static Graph graph;
static GraphWalk *walk;

static void open_run(void)
{
    app_run_open(&run, "words.txt", "--steps 5 --n-embd 8 --block-size 6");
    app_run_go(&run, "2");
    walk = malloc(sizeof *walk);
    ck_assert(walk != NULL);
}

static void close_run(void)
{
    graph_release(&graph);
    app_run_close(&run);
    free(walk);
}

static void record(const char *statements)
{
    ExprError error;

    ck_assert_msg(graph_init(&graph, statements, &run.scope, &error), "%s", error.why.text);
}

/* a 0, b 1, c 2, the number 1: 3, d 4, L 5 */
START_TEST(each_step_visits_a_node_or_adds_one_whose_inputs_are_in_the_list)
{
    static const struct {
        GraphWalkStep step;
        int32_t node;
        int depth, listed;
    } steps[] = {{WALK_BEGINS, -1, 0, 0}, {WALK_VISITS, 5, 1, 0}, {WALK_VISITS, 4, 2, 0},
                 {WALK_VISITS, 2, 3, 0},  {WALK_VISITS, 0, 4, 0}, {WALK_ADDS, 0, 3, 1},
                 {WALK_VISITS, 1, 4, 1},  {WALK_ADDS, 1, 3, 2},   {WALK_ADDS, 2, 2, 3},
                 {WALK_VISITS, 3, 3, 3},  {WALK_ADDS, 3, 2, 4},   {WALK_ADDS, 4, 1, 5},
                 {WALK_ADDS, 5, 0, 6}};

    record("a=2; b=3; c=a*b; d=c+1; L=d^2");
    for (int i = 0; i < (int)(sizeof steps / sizeof *steps); i++) {
        graph_walk(walk, &graph.tape, graph.root, i);
        ck_assert_int_eq(walk->last, steps[i].step);
        ck_assert_int_eq(walk->node, steps[i].node);
        ck_assert_int_eq(walk->depth, steps[i].depth);
        ck_assert_int_eq(walk->listed, steps[i].listed);
        ck_assert_int_eq(walk->done, i == 12);
    }
    graph_walk(walk, &graph.tape, graph.root, 1000);
    ck_assert_int_eq(walk->steps, 12);
}
END_TEST

START_TEST(a_node_that_was_visited_is_skipped)
{
    record("a=2; L=a*a");
    graph_walk(walk, &graph.tape, graph.root, 4);
    ck_assert_int_eq(walk->last, WALK_SKIPS);
    ck_assert_int_eq(walk->node, 0);
    ck_assert_int_eq(walk->listed, 1);
    ck_assert(walk->visit[walk->visits - 1].skipped);
}
END_TEST

/* The tape's order leaves out what has no inputs. Returns how many of it the list has. */
static int expect_order(const Tape *tape)
{
    int count = 0;

    for (int i = 0; i < walk->listed; i++)
        if (tape_ops[tape->node[walk->list[i]].op].inputs > 0)
            ck_assert_int_eq(walk->list[i], tape->order[count++]);
    return count;
}

START_TEST(the_list_is_the_order_of_the_tape)
{
    record("x=[1,2,3]; w=[[1,2,3],[4,5,6]]; y=softmax(linear(x,w)); L=sum(y)*x[0]");
    graph_walk(walk, &graph.tape, graph.root, INT64_MAX);
    ck_assert(walk->done);
    ck_assert_int_eq(expect_order(&graph.tape), graph.tape.order_count);
    for (int i = 0; i < walk->visits; i++)
        ck_assert(walk->visit[i].skipped || walk->list[walk->visit[i].rank] == walk->visit[i].node);
}
END_TEST

START_TEST(a_walk_through_more_than_it_follows_stops_and_says_so)
{
    const Trainer *trainer = run.scope.trainer;

    graph_walk(walk, &trainer->tape, trainer->loss_node, INT64_MAX);
    ck_assert(walk->cut && !walk->done);
    ck_assert_int_le(walk->listed + walk->depth, GRAPH_WALK_NODES);
    ck_assert_int_gt(expect_order(&trainer->tape), 50);
}
END_TEST

Suite *graph_walk_suite(void)
{
    Suite *suite = suite_create("graph_walk");
    TCase *all = tcase_create("walk");

    tcase_add_checked_fixture(all, open_run, close_run);
    tcase_add_test(all, each_step_visits_a_node_or_adds_one_whose_inputs_are_in_the_list);
    tcase_add_test(all, a_node_that_was_visited_is_skipped);
    tcase_add_test(all, the_list_is_the_order_of_the_tape);
    tcase_add_test(all, a_walk_through_more_than_it_follows_stops_and_says_so);
    suite_add_tcase(suite, all);
    return suite;
}
