#include "view/view_graph.h"

#include "app/graph_look.h"
#include "app/graph_walk.h"
#include "suites.h"
#include "view/graph_text.h"
#include "viewing.h"
#include <stdio.h>
#include <string.h>

static Viewing viewing;

static void set_up(void)
{
    viewing_open(&viewing, VIEW_GRAPH, "data/words.txt",
                 "--steps 20 --n-embd 8 --n-head 2 --block-size 6", "7.update.0");
}

static void tear_down(void)
{
    viewing_close(&viewing);
}

static const char *run(const char *command)
{
    return viewing_run(&viewing, command);
}

static bool shows(const char *text)
{
    return strstr(viewing.text, text) != NULL;
}

static int count_of(const char *text)
{
    int count = 0;

    for (const char *at = viewing.text; (at = strstr(at, text)); at += strlen(text))
        count++;
    return count;
}

static double number_of(const char *name)
{
    const Scope scope = app_scope(&viewing.app);
    Focus focus;
    Error error;
    double value;

    ck_assert(focus_read(&scope, name, &focus, 1, &error) == 1);
    ck_assert(focus_value(&scope, focus, &value));
    return value;
}

static bool shows_number(const char *name)
{
    char text[24];

    return shows(graph_number(number_of(name), false, text));
}

static void seek(const char *moment)
{
    Error error;

    ck_assert_msg(app_seek(&viewing.app, moment, &error), "%s", error.text);
}

static const char *cursor(void)
{
    static char text[FOCUS_TEXT_BYTES];
    const Scope scope = app_scope(&viewing.app);

    focus_print(&scope, look_focus(&viewing.app.look), text, sizeof text);
    return text;
}

/* ---- every depth ----------------------------------------------------------------------------- */

START_TEST(every_size_is_drawn_without_a_stray_cell)
{
    static const char *const commands[] = {"focus pos1.layer0.attn.head1.score", "open", "open",
                                           "look as whole", "look mode walk"};
    static const char *const moments[] = {"0", "7.forward.2000", "7.backward.1500", "20"};

    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        run(commands[i]);
        seek(moments[_i]);
        viewing_sweep(&viewing);
    }
}
END_TEST

START_TEST(enter_leads_from_the_model_to_a_block_to_a_number_and_backspace_back)
{
    viewing_draw(&viewing, 80, 24);
    ck_assert(shows("What is computed from what?"));
    run("focus pos1.layer0.attn.k");
    run("open");
    ck_assert(shows("Key, layer 0 (pos1.layer0.attn.k)"));
    run("focus x[1].layer0.attn.k[3]");
    run("open");
    ck_assert(shows("One number") && shows("x[1].layer0.attn.k[3]"));
    run("leave");
    ck_assert(shows("Key, layer 0"));
    run("leave");
    ck_assert(shows("What is computed from what?"));
}
END_TEST

/* ---- the model ------------------------------------------------------------------------------- */

START_TEST(the_model_shows_both_residual_ways_the_output_matrix_and_the_first_norm)
{
    viewing_draw(&viewing, 80, 24);
    ck_assert_int_eq(count_of("+◀┘"), 2);
    ck_assert_int_eq(count_of("├─▶"), 2);
    ck_assert(shows("normalised embedding") && shows("W_O (heads joined)"));
    ck_assert(shows("head 0 (of 2)"));
}
END_TEST

START_TEST(the_block_under_work_is_lit)
{
    seek("7.forward@pos1.layer0.mlp.fc2");
    viewing_draw(&viewing, 80, 24);
    ck_assert(shows("▸second linear layer"));
    seek("7.backward@pos1.logits");
    viewing_draw(&viewing, 80, 24);
    ck_assert(shows("▸logits") && !shows("▸second"));
}
END_TEST

START_TEST(what_is_not_computed_is_a_dot)
{
    seek("7");
    run("step");
    seek("7.forward.0");
    viewing_draw(&viewing, 80, 24);
    ck_assert_int_ge(count_of("·       ·"), 10);
}
END_TEST

START_TEST(the_cursor_walks_through_all_blocks_at_every_size)
{
    static const int sizes[][2] = {{60, 16}, {80, 24}, {120, 40}};

    for (int i = 0; i < 3; i++) {
        viewing_draw(&viewing, sizes[i][0], sizes[i][1]);
        run("focus pos0.embed");
        int steps = 0;
        for (; steps < 40 && strcmp(cursor(), "loss") != 0; steps++)
            run("cursor down");
        ck_assert_int_ge(steps, 13);
        ck_assert_str_eq(cursor(), "loss");
    }
}
END_TEST

START_TEST(of_several_layers_the_selected_one_is_open_where_not_all_fit)
{
    viewing_close(&viewing);
    viewing_open(&viewing, VIEW_GRAPH, "data/words.txt",
                 "--steps 20 --n-embd 8 --n-head 2 --n-layer 3 --block-size 6", "3");
    viewing_draw(&viewing, 80, 28);
    ck_assert(shows("layer 1: attention, MLP") && shows("layer 2: attention, MLP"));
    run("focus pos0.layer1.mlp.residual");
    ck_assert(shows("layer 0: attention, MLP") && !shows("layer 1: attention, MLP"));
    viewing_draw(&viewing, 80, 60);
    ck_assert(!shows("attention, MLP"));
}
END_TEST

/* ---- a block --------------------------------------------------------------------------------- */

START_TEST(a_block_shows_the_numbers_of_its_vectors)
{
    viewing_draw(&viewing, 80, 24);
    run("focus pos1.layer0.attn.q");
    run("open");
    ck_assert(shows("q = W_Q x") && shows("layer0.attn_wq [8×8]"));
    ck_assert(shows_number("x[1].layer0.attn.q[0]") && shows_number("x[1].layer0.attn.q[7]"));
    ck_assert(shows_number("x[1].layer0.attn.norm[5]"));
}
END_TEST

START_TEST(the_cursor_goes_from_the_input_over_the_matrix_to_the_output)
{
    viewing_draw(&viewing, 80, 24);
    run("focus pos1.layer0.attn.q");
    run("open");
    run("focus x[1].layer0.attn.norm[2]");
    run("cursor right");
    ck_assert_str_eq(cursor(), "layer0.attn_wq[2][0]");
    run("cursor right 8");
    ck_assert_str_eq(cursor(), "x[1].layer0.attn.q[2]");
    ck_assert(shows("Query, layer 0"));
}
END_TEST

START_TEST(a_block_scrolls_to_every_entry)
{
    viewing_draw(&viewing, 60, 16);
    run("focus pos1.layer0.mlp.fc1");
    run("open");
    run("focus x[1].layer0.mlp.fc1[0]");
    run("cursor down 31");
    for (int i = 0; i < 31; i++)
        run("cursor down");
    ck_assert_str_eq(cursor(), "x[1].layer0.mlp.fc1[31]");
    ck_assert(shows_number("x[1].layer0.mlp.fc1[31]"));
}
END_TEST

/* ---- one number ------------------------------------------------------------------------------ */

static void open_number(const char *name)
{
    char line[128];

    viewing_draw(&viewing, 80, 24);
    snprintf(line, sizeof line, "find %s", name);
    run(line);
}

START_TEST(left_goes_to_an_input_down_to_the_other_and_right_back)
{
    const Tape *tape = &viewing.app.session.trainer.tape;

    open_number("x[1].layer0.attn.q[2]");
    int32_t node = graph_look_element(&viewing.app);
    run("cursor left");
    ck_assert_int_eq(graph_look_element(&viewing.app), tape_input(tape, node, 0));
    run("cursor down 2"); /* past the gradient */
    ck_assert_int_eq(graph_look_element(&viewing.app), tape_input(tape, node, 1));
    run("cursor right");
    ck_assert_int_eq(graph_look_element(&viewing.app), node);
}
END_TEST

START_TEST(up_and_down_go_along_the_vector)
{
    open_number("x[1].layer0.attn.q[2]");
    run("cursor up");
    ck_assert_str_eq(cursor(), "x[1].layer0.attn.q[1]");
    run("cursor down");
    ck_assert_str_eq(cursor(), "grad(x[1].layer0.attn.q[1])");
    run("cursor down");
    ck_assert_str_eq(cursor(), "x[1].layer0.attn.q[2]");
}
END_TEST

START_TEST(from_every_number_right_leads_to_the_loss)
{
    open_number("x[0].embed[3]");
    for (int i = 0; i < 200 && strcmp(cursor(), "loss") != 0; i++)
        run("cursor right");
    ck_assert_str_eq(cursor(), "loss");
    ck_assert(shows("grad = 1: gradients are of this number"));
}
END_TEST

START_TEST(terms_come_during_the_backward_pass_and_go_when_stepping_back)
{
    open_number("x[1].layer0.attn.k[2]");
    ck_assert_int_ge(count_of("✓"), 2);
    ck_assert(shows("grad +="));
    seek("7.forward@pos2.embed");
    viewing_draw(&viewing, 80, 24);
    ck_assert_int_eq(count_of("✓"), 0);
    ck_assert(shows("grad += 0 of"));
}
END_TEST

START_TEST(where_the_last_gradient_wins_there_is_no_plus)
{
    viewing_close(&viewing);
    viewing_open(&viewing, VIEW_GRAPH, "data/words.txt",
                 "--steps 20 --n-embd 8 --n-head 2 --block-size 6 --accumulate off", "7.update.0");
    open_number("x[1].layer0.attn.k[2]");
    ck_assert(shows("grad = ") && !shows("grad +="));
}
END_TEST

START_TEST(hidden_numbers_are_neither_drawn_nor_told)
{
    static const char *const names[] = {"x[1].layer0.attn.q[2]", "grad(x[1].layer0.attn.q[2])"};
    char text[2][24], full[2][32];
    Error error;
    const Scope scope = app_scope(&viewing.app);

    viewing_draw(&viewing, 80, 24);
    for (int i = 0; i < 2; i++) {
        Focus focus;
        graph_number(number_of(names[i]), false, text[i]);
        snprintf(full[i], sizeof full[i], "%.17g", number_of(names[i]));
        ck_assert(focus_read(&scope, names[i], &focus, 1, &error) == 1);
        ck_assert(look_hide(&viewing.app.look, focus));
    }
    run("focus x[1].layer0.attn.q[2]");
    for (int depth = 0; depth < 4; depth++) {
        for (int i = 0; i < 2; i++) {
            ck_assert_msg(depth == 0 || !shows(text[i]), "%s at depth %d:\n%s", text[i], depth,
                          viewing.text);
            ck_assert(!strstr(viewing_tell(&viewing, true), full[i]));
            ck_assert(depth == 0 || !strstr(viewing_tell(&viewing, false), text[i]));
        }
        viewing_draw(&viewing, 80, 24);
        ck_assert(depth != 2 || shows("? ✓"));
        if (depth == 2)
            ck_assert(strstr(viewing_tell(&viewing, true), "\"term\":\"hidden\""));
        run(depth < 2 ? "open" : "look as whole");
    }
}
END_TEST

START_TEST(the_whole_of_a_number_is_drawn_with_its_inputs)
{
    viewing_draw(&viewing, 200, 40);
    run("pane one");
    run("find score[0][1][2][1]");
    run("look as whole");
    ck_assert(shows("q[4]") && shows("q[7]") && shows("k[4]@1") && shows("score[1]"));
    ck_assert_int_eq(count_of("× "), 4 + 1); /* products, and the scaling */
}
END_TEST

START_TEST(the_walk_from_a_number_of_the_run_lists_its_inputs_first)
{
    viewing_draw(&viewing, 80, 24);
    run("find x[0].embed[2]");
    run("look mode walk");
    ck_assert(shows("The list so far: 3, complete"));
    ck_assert(shows("embed[2] number 3"));
}
END_TEST

/* ---- the reader's own graph ------------------------------------------------------------------ */

#define CHAIN "expr a=2; b=3; c=a*b; d=c+1; L=d^2"

START_TEST(gradients_appear_backwards_and_un_happen)
{
    viewing_draw(&viewing, 80, 24);
    run(CHAIN);
    ck_assert_int_eq(count_of("6.00"), 0);
    run("goto 4");
    ck_assert(shows("6.00") && shows("7.00") && shows("49.0") && shows("forward"));
    run("goto 6");
    ck_assert(shows("14.0") && shows("c hands its gradient 14.0 on:   a += 3.00 × 14.0"));
    run("goto end");
    ck_assert(shows("42.0") && shows("28.0"));
    run("goto 1");
    ck_assert(!shows("42.0") && !shows("49.0") && shows("6.00"));
}
END_TEST

START_TEST(the_picture_has_edges_with_slopes_in_every_set_of_glyphs)
{
    viewing_draw(&viewing, 80, 24);
    run(CHAIN);
    run("goto end");
    ck_assert(shows("3.00 × c") && shows("2.00 ┘") && shows("14.0 ^2 L"));
    viewing.canvas.glyphs = GLYPHS_ASCII;
    viewing_draw(&viewing, 80, 24);
    ck_assert(shows("3.00 x c") && shows("2.00 +") && !shows("─"));
}
END_TEST

START_TEST(where_ways_meet_gradients_add_up)
{
    viewing_draw(&viewing, 120, 30);
    run("expr a=2; b=a*a; L=b+a");
    ck_assert(shows("grad +="));
    run(CHAIN);
    ck_assert(!shows("grad +="));
}
END_TEST

START_TEST(the_cursor_stands_on_values_and_gradients_of_ones_own_graph)
{
    viewing_draw(&viewing, 80, 24);
    run(CHAIN);
    run("goto end");
    run("focus a");
    ck_assert(shows("a = 2"));
    run("cursor down");
    ck_assert_str_eq(cursor(), "grad(a)");
    ck_assert(shows("grad(a) = 42"));
    run("cursor down");
    ck_assert_str_eq(cursor(), "b");
    run("cursor up 2");
    run("cursor right");
    ck_assert_str_eq(cursor(), "c");
    run("cursor right 2");
    ck_assert_str_eq(cursor(), "L");
}
END_TEST

START_TEST(a_large_picture_scrolls_and_the_cursor_reaches_its_ends)
{
    viewing_draw(&viewing, 60, 16);
    run("expr x=[1,2,3]; w=[[1,2,3],[4,5,6]]; h=linear(x,w); y=softmax(h); L=sum(y)");
    run("goto end");
    run("focus L");
    ck_assert(shows("L"));
    for (int i = 0; i < 30; i++)
        run("cursor left");
    for (int i = 0; i < 30; i++)
        run("cursor up");
    ck_assert(cursor()[0] != '\0' && strcmp(cursor(), "L") != 0);
    for (int i = 0; i < 60 && !strstr(cursor(), "L"); i++)
        run("cursor right");
    ck_assert(strstr(cursor(), "L"));
}
END_TEST

START_TEST(what_is_too_large_for_a_picture_is_a_table)
{
    viewing_draw(&viewing, 80, 24);
    run("expr x=[1,2,3,4,5,6,7,8]; "
        "y=softmax(softmax(softmax(softmax(softmax(softmax(softmax(softmax("
        "softmax(softmax(softmax(softmax(x))))))))))))");
    ck_assert(shows("computed as") && shows("x[0]"));
    run("focus x[0]");
    for (int i = 0; i < 40; i++)
        run("cursor down");
    ck_assert(viewing.app.look.focus[VIEW_GRAPH].index == 40);
}
END_TEST

START_TEST(a_hidden_number_of_ones_own_graph_shows_nowhere)
{
    viewing_draw(&viewing, 80, 24);
    run(CHAIN);
    run("goto end");
    ck_assert(look_hide(&viewing.app.look, focus_of_own(FOCUS_GRAD, 0)));
    ck_assert(look_hide(&viewing.app.look, focus_of_own(FOCUS_VALUE, 1)));
    viewing_draw(&viewing, 80, 24);
    ck_assert(!shows("42.0") && !shows("3.00") && shows("?"));
    ck_assert(!strstr(viewing_tell(&viewing, false), "42"));
    run("goto 6");
    ck_assert(shows("a += ? × 14.0"));
}
END_TEST

START_TEST(the_walk_shows_open_visits_beside_the_list)
{
    viewing_draw(&viewing, 80, 24);
    run(CHAIN);
    run("look mode walk");
    run("step 5");
    ck_assert(shows("all inputs of a are in the list: now a is number 1"));
    ck_assert(shows("Visits (the recursion): 3 open") && shows("▸ L open"));
    ck_assert(shows("The list so far: 1"));
    run("back 1");
    ck_assert(shows("visit(a): it is new") && shows("The list so far: 0"));
    run("step 100");
    ck_assert(shows("The list so far: 6, complete"));
}
END_TEST

START_TEST(what_is_told_names_every_node_with_its_numbers)
{
    viewing_draw(&viewing, 80, 24);
    run(CHAIN);
    run("goto 5");
    ck_assert(strstr(viewing_tell(&viewing, false), "d, c + 1: value 7.00, gradient 14.0."));
    ck_assert(strstr(viewing_tell(&viewing, true),
                     "{\"name\":\"c\",\"computed_as\":\"a × b\",\"value\":6,\"gradient\":null}"));
}
END_TEST

Suite *view_graph_suite(void)
{
    Suite *suite = suite_create("view_graph");
    TCase *all = tcase_create("view");

    tcase_set_timeout(all, 60);
    tcase_add_checked_fixture(all, set_up, tear_down);
    tcase_add_loop_test(all, every_size_is_drawn_without_a_stray_cell, 0, 4);
    tcase_add_test(all, enter_leads_from_the_model_to_a_block_to_a_number_and_backspace_back);
    tcase_add_test(all, the_model_shows_both_residual_ways_the_output_matrix_and_the_first_norm);
    tcase_add_test(all, the_block_under_work_is_lit);
    tcase_add_test(all, what_is_not_computed_is_a_dot);
    tcase_add_test(all, the_cursor_walks_through_all_blocks_at_every_size);
    tcase_add_test(all, of_several_layers_the_selected_one_is_open_where_not_all_fit);
    tcase_add_test(all, a_block_shows_the_numbers_of_its_vectors);
    tcase_add_test(all, the_cursor_goes_from_the_input_over_the_matrix_to_the_output);
    tcase_add_test(all, a_block_scrolls_to_every_entry);
    tcase_add_test(all, left_goes_to_an_input_down_to_the_other_and_right_back);
    tcase_add_test(all, up_and_down_go_along_the_vector);
    tcase_add_test(all, from_every_number_right_leads_to_the_loss);
    tcase_add_test(all, terms_come_during_the_backward_pass_and_go_when_stepping_back);
    tcase_add_test(all, where_the_last_gradient_wins_there_is_no_plus);
    tcase_add_test(all, hidden_numbers_are_neither_drawn_nor_told);
    tcase_add_test(all, the_whole_of_a_number_is_drawn_with_its_inputs);
    tcase_add_test(all, the_walk_from_a_number_of_the_run_lists_its_inputs_first);
    tcase_add_test(all, gradients_appear_backwards_and_un_happen);
    tcase_add_test(all, the_picture_has_edges_with_slopes_in_every_set_of_glyphs);
    tcase_add_test(all, where_ways_meet_gradients_add_up);
    tcase_add_test(all, the_cursor_stands_on_values_and_gradients_of_ones_own_graph);
    tcase_add_test(all, a_large_picture_scrolls_and_the_cursor_reaches_its_ends);
    tcase_add_test(all, what_is_too_large_for_a_picture_is_a_table);
    tcase_add_test(all, a_hidden_number_of_ones_own_graph_shows_nowhere);
    tcase_add_test(all, the_walk_shows_open_visits_beside_the_list);
    tcase_add_test(all, what_is_told_names_every_node_with_its_numbers);
    suite_add_tcase(suite, all);
    return suite;
}
