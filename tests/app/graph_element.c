#include "app/graph_element.h"

#include "app/graph.h"
#include "run.h"
#include "suites.h"
#include <math.h>
#include <stdlib.h>

static AppRun run;
static Graph graph;
static GraphElement *element;

static void open_run(void)
{
    app_run_open(&run, "words.txt", "--steps 5 --n-embd 8 --block-size 6");
    element = malloc(sizeof *element);
    ck_assert(element != NULL);
}

static void close_run(void)
{
    graph_release(&graph);
    app_run_close(&run);
    run.scope.graph = NULL;
    free(element);
}

static void record(const char *statements, int64_t at)
{
    ExprError error;

    ck_assert_msg(graph_init(&graph, statements, &run.scope, &error), "%s", error.why.text);
    graph_go(&graph, at);
    run.scope.graph = &graph;
}

static double sum_of_terms(void)
{
    double sum = 0;

    for (int i = 0; i < element->uses; i++)
        sum += element->use[i].term;
    return sum;
}

/* Every tenth node with users whose terms are all told. */
static void expect_sums(const char *moment)
{
    const Trainer *trainer = run.scope.trainer;

    app_run_go(&run, moment);
    for (int32_t node = 0; node < trainer->tape.count; node += 31) {
        graph_element(element, &run.scope, false, node);
        if (!element->reached || element->is_end)
            continue;
        ck_assert_int_eq(element->uses, element->users);
        ck_assert_msg(sum_of_terms() == trainer->grad[node], "node %d: %.17g, not %.17g", (int)node,
                      sum_of_terms(), trainer->grad[node]);
    }
}

START_TEST(the_terms_of_the_users_add_up_to_the_gradient_in_their_order)
{
    expect_sums("2.update.0");
    expect_sums("2.update.100");
    expect_sums("3");
}
END_TEST

START_TEST(in_the_middle_of_a_backward_pass_they_add_up_to_the_sum_so_far)
{
    expect_sums("2.backward.500");
    expect_sums("2.backward.3000");
}
END_TEST

START_TEST(before_the_backward_pass_nothing_has_come)
{
    app_run_go(&run, "2.forward.900");
    graph_element(element, &run.scope, false, 3);
    ck_assert(!graph_element_has_grad(element));
    ck_assert_int_eq(element->done, 0);
    ck_assert_int_gt(element->users, 0);
}
END_TEST

START_TEST(an_element_stands_in_the_order_between_its_neighbours)
{
    const Tape *tape = &run.scope.trainer->tape;

    app_run_go(&run, "2");
    for (int32_t i = 1; i + 1 < tape->order_count; i += 97) {
        graph_element(element, &run.scope, false, tape->order[i]);
        ck_assert_int_eq(element->rank, i);
        ck_assert_int_eq(element->before, tape->order[i - 1]);
        ck_assert_int_eq(element->after, tape->order[i + 1]);
    }
    graph_element(element, &run.scope, false, tape->order[tape->order_count - 1]);
    ck_assert(element->is_end && graph_element_has_grad(element));
}
END_TEST

START_TEST(a_number_of_ones_own_graph_has_slopes_and_users_step_by_step)
{
    record("a=2; b=3; c=a*b; d=c+a", 0);
    graph_element(element, &run.scope, true, 2);
    ck_assert(!element->known);
    graph_go(&graph, 1);
    graph_element(element, &run.scope, true, 2);
    ck_assert(element->known && element->slope[0] == 3 && element->slope[1] == 2);
    graph_go(&graph, 3);
    graph_element(element, &run.scope, true, 0);
    ck_assert_int_eq(element->users, 2);
    ck_assert_int_eq(element->done, 1); /* d has handed on, c has not */
    ck_assert(graph_element_has_grad(element) && sum_of_terms() == 1);
    graph_go(&graph, 4);
    graph_element(element, &run.scope, true, 0);
    ck_assert(element->done == 2 && sum_of_terms() == 4 && graph.grad[0] == 4);
}
END_TEST

START_TEST(what_the_end_does_not_depend_on_has_users_but_no_place_in_the_order)
{
    record("a=2; b=3; c=a*b; d=exp(a)", 9);
    graph_element(element, &run.scope, true, 1);
    ck_assert(!element->reached && element->rank == -1);
    ck_assert_int_eq(element->users, 1);
    ck_assert(!graph_element_has_grad(element));
}
END_TEST

Suite *graph_element_suite(void)
{
    Suite *suite = suite_create("graph_element");
    TCase *all = tcase_create("element");

    tcase_set_timeout(all, 60);
    tcase_add_checked_fixture(all, open_run, close_run);
    tcase_add_test(all, the_terms_of_the_users_add_up_to_the_gradient_in_their_order);
    tcase_add_test(all, in_the_middle_of_a_backward_pass_they_add_up_to_the_sum_so_far);
    tcase_add_test(all, before_the_backward_pass_nothing_has_come);
    tcase_add_test(all, an_element_stands_in_the_order_between_its_neighbours);
    tcase_add_test(all, a_number_of_ones_own_graph_has_slopes_and_users_step_by_step);
    tcase_add_test(all, what_the_end_does_not_depend_on_has_users_but_no_place_in_the_order);
    suite_add_tcase(suite, all);
    return suite;
}
