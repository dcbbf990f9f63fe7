#include "app/graph_look.h"

#include "app/app.h"
#include "program.h"
#include "suites.h"
#include <string.h>

static App *app;

static void set_up(void)
{
    Error error;

    app = program_open("--n-embd 8 --n-head 2 --steps 20");
    ck_assert(app_seek(app, "3.update.0", &error));
    program_press(app, "2");
}

static void tear_down(void)
{
    program_close(app);
}

static const Trainer *trainer(void)
{
    return &app->session.trainer;
}

static Focus named(const char *name)
{
    const Scope scope = app_scope(app);
    Focus focus;
    Error error;

    ck_assert_msg(focus_read(&scope, name, &focus, 1, &error) == 1, "%s", error.text);
    return focus;
}

static void put_cursor(const char *name)
{
    app_focus(app, named(name));
}

static int32_t node_of(const char *name)
{
    const Scope scope = app_scope(app);

    return focus_node(&scope, named(name));
}

static void expect_block(const char *name)
{
    char text[96];

    place_name(graph_look_block(app), text, sizeof text);
    ck_assert_str_eq(text, name);
}

START_TEST(the_block_stays_while_the_cursor_is_on_its_numbers)
{
    put_cursor("pos1.layer0.attn.q");
    program_press(app, "Enter");
    expect_block("pos1.layer0.attn.q");
    put_cursor("x[1].layer0.attn.norm[3]"); /* an input of it, which another place made */
    expect_block("pos1.layer0.attn.q");
    put_cursor("layer0.attn_wq[1][2]");
    expect_block("pos1.layer0.attn.q");
    put_cursor("x[1].layer0.mlp.fc1[3]");
    expect_block("pos1.layer0.mlp.fc1");
}
END_TEST

START_TEST(coming_back_from_a_number_shows_the_block_where_it_was_opened)
{
    put_cursor("pos1.layer0.attn.q");
    program_press(app, "Enter");
    put_cursor("x[1].layer0.attn.q[1]");
    program_press(app, "Enter");
    put_cursor("x[1].layer0.mlp.fc2[3]");
    expect_block("pos1.layer0.mlp.fc2");
    program_press(app, "Backspace");
    expect_block("pos1.layer0.attn.q");
}
END_TEST

START_TEST(every_focus_leads_to_a_block_and_to_a_number)
{
    put_cursor("layer0.mlp_fc2");
    expect_block("pos0.layer0.mlp.fc2");
    ck_assert_int_eq(graph_look_element(app), node_of("layer0.mlp_fc2[0][0]"));
    put_cursor("token 2");
    ck_assert_int_eq(graph_look_element(app), node_of("wte[2][0]"));
    put_cursor("pos1.probs");
    ck_assert_int_eq(graph_look_element(app), node_of("probs[1][0]"));
    put_cursor("grad(logits[1][2])");
    ck_assert_int_eq(graph_look_element(app), node_of("logits[1][2]"));
    app_focus(app, (Focus){.kind = FOCUS_NONE});
    ck_assert_int_ge(graph_look_element(app), 0);
}
END_TEST

START_TEST(the_user_is_remembered_whose_inputs_the_cursor_walks_through)
{
    const Tape *tape = &trainer()->tape;

    program_press(app, "Enter Enter");
    put_cursor("x[1].layer0.attn.q[2]");
    int32_t user = node_of("x[1].layer0.attn.q[2]"), other = tape_input(tape, user, 1);
    app_focus(app, focus_of_node(trainer(), FOCUS_VALUE, tape_input(tape, user, 0)));
    ck_assert_int_eq(graph_look_user(app, tape_input(tape, user, 0)), user);
    app_focus(app, focus_of_node(trainer(), FOCUS_VALUE, other));
    ck_assert_int_eq(graph_look_user(app, other), user);
    put_cursor("wte[0][0]");
    ck_assert_int_eq(graph_look_user(app, node_of("wte[0][0]")), -1);
}
END_TEST

START_TEST(the_whole_of_a_score_is_its_products_and_their_sum)
{
    int32_t node[GRAPH_LAYOUT_NODES];

    program_press(app, "Enter Enter");
    put_cursor("score[0][1][2][1]");
    int count = graph_look_whole(app, node, GRAPH_LAYOUT_NODES);
    /* 4 of q, 4 of k, 4 products, 4 sums, the 0 that they start from, the factor, the score */
    ck_assert_int_eq(count, 4 + 4 + 4 + 4 + 1 + 1 + 1);
    ck_assert_int_eq(node[count - 1], node_of("score[0][1][2][1]"));
    for (int i = 1; i < count; i++)
        ck_assert_int_lt(node[i - 1], node[i]);
    put_cursor("x[2].layer0.attn.q[5]"); /* within it: the picture stays */
    int again = graph_look_whole(app, node, GRAPH_LAYOUT_NODES);
    ck_assert_int_eq(again, count);
    ck_assert_int_eq(node[count - 1], node_of("score[0][1][2][1]"));
    ck_assert_int_eq(graph_look_whole(app, node, 5), 0);
}
END_TEST

START_TEST(the_walk_of_ones_own_graph_goes_by_the_keys_for_steps)
{
    program_enter(app, "expr a=2; b=3; c=a*b");
    ck_assert_int_eq(look_view(&app->look), VIEW_GRAPH);
    program_press(app, "t");
    ck_assert(graph_look_walks(app));
    for (int i = 0; i < 3; i++) {
        program_press(app, ".");
        program_settle(app);
    }
    ck_assert_int_eq(app->graph_look.walk, 3);
    ck_assert_int_eq(app->graph.at, 0);
    program_press(app, ",");
    program_settle(app);
    ck_assert_int_eq(app->graph_look.walk, 2);
    program_enter(app, "step 100");
    ck_assert_int_eq(app->graph_look.walk, 6); /* three visits, three that are added */
    program_enter(app, "back 100");
    ck_assert_int_eq(app->graph_look.walk, 0);
    program_press(app, "t .");
    program_settle(app);
    ck_assert_int_eq(app->graph.at, 1);
}
END_TEST

START_TEST(leaving_ones_own_graph_leads_back_to_the_view_before)
{
    program_press(app, "5");
    program_enter(app, "expr a=2; b=3; c=a*b");
    ck_assert_int_eq(look_view(&app->look), VIEW_GRAPH);
    put_cursor("a");
    program_press(app, "q");
    ck_assert(!app->graphing);
    ck_assert_int_eq(look_view(&app->look), VIEW_LOSS);
    ck_assert_int_eq(app->look.focus[VIEW_GRAPH].kind, FOCUS_NONE);
}
END_TEST

START_TEST(given_numbers_of_ones_own_graph_are_edited_where_they_stand)
{
    program_enter(app, "expr a=2; b=3; c=a*b");
    program_press(app, ".");
    program_settle(app);
    put_cursor("a");
    program_press(app, "e");
    ck_assert_str_eq(app->prompt.line.text, "set a = 2");
    program_type(app, ".001");
    program_press(app, "Enter");
    ck_assert(app->graph.value[0] == 2.001 && app->graph.value[2] == 2.001 * 3);
    ck_assert_int_eq(app->graph.at, 1);
}
END_TEST

START_TEST(why_asks_about_the_number_of_ones_own_graph_under_the_cursor)
{
    program_enter(app, "expr a=2; b=3; c=a*b");
    program_press(app, ".");
    program_settle(app);
    put_cursor("c");
    program_press(app, "w");
    ck_assert(app->asking.on && app->asking.why.own);
    ck_assert_str_eq(app->asking.why.question, "c");
}
END_TEST

START_TEST(names_are_found_and_marked_in_ones_own_graph)
{
    program_enter(app, "expr a=2; b=3; c=a*b");
    program_enter(app, "find b");
    ck_assert(focus_same(look_focus(&app->look), focus_of_own(FOCUS_VALUE, 1)));
    program_enter(app, "mark");
    ck_assert(look_is_marked(&app->look, focus_of_own(FOCUS_VALUE, 1)));
    program_enter(app, "find grad(c)");
    ck_assert(focus_same(look_focus(&app->look), focus_of_own(FOCUS_GRAD, 2)));
    program_enter(app, "mark next");
    ck_assert(focus_same(look_focus(&app->look), focus_of_own(FOCUS_VALUE, 1)));
}
END_TEST

START_TEST(finding_a_number_of_the_run_shows_it)
{
    program_enter(app, "find x[1].layer0.mlp.fc1[3]");
    ck_assert_int_eq(app->look.depth[VIEW_GRAPH], GRAPH_DEPTH_ELEMENT);
    ck_assert_int_eq(graph_look_element(app), node_of("x[1].layer0.mlp.fc1[3]"));
}
END_TEST

Suite *graph_look_suite(void)
{
    Suite *suite = suite_create("graph_look");
    TCase *all = tcase_create("look");

    tcase_add_checked_fixture(all, set_up, tear_down);
    tcase_add_test(all, the_block_stays_while_the_cursor_is_on_its_numbers);
    tcase_add_test(all, coming_back_from_a_number_shows_the_block_where_it_was_opened);
    tcase_add_test(all, every_focus_leads_to_a_block_and_to_a_number);
    tcase_add_test(all, the_user_is_remembered_whose_inputs_the_cursor_walks_through);
    tcase_add_test(all, the_whole_of_a_score_is_its_products_and_their_sum);
    tcase_add_test(all, the_walk_of_ones_own_graph_goes_by_the_keys_for_steps);
    tcase_add_test(all, leaving_ones_own_graph_leads_back_to_the_view_before);
    tcase_add_test(all, given_numbers_of_ones_own_graph_are_edited_where_they_stand);
    tcase_add_test(all, why_asks_about_the_number_of_ones_own_graph_under_the_cursor);
    tcase_add_test(all, names_are_found_and_marked_in_ones_own_graph);
    tcase_add_test(all, finding_a_number_of_the_run_shows_it);
    suite_add_tcase(suite, all);
    return suite;
}
