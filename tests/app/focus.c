#include "app/focus.h"

#include "program.h"
#include "suites.h"
#include <stdio.h>
#include <string.h>

static App *app;

static void open_at(const char *moment)
{
    char line[64];

    app = program_open("--n-embd 4 --n-head 2 --steps 12 --block-size 12");
    snprintf(line, sizeof line, "goto %s", moment);
    program_enter(app, line);
}

static void set_up(void)
{
    open_at("5");
}

static void tear_down(void)
{
    program_close(app);
}

static Focus read_one(const char *text)
{
    Scope scope = app_scope(app);
    Error error = {""};
    Focus focus;

    ck_assert_msg(focus_read(&scope, text, &focus, 1, &error) == 1, "%s: %s", text, error.text);
    return focus;
}

/* What is written, then read, is written alike. */
static const char *const names[] = {
    "wte[0][1]",           "grad(wte[0][1])",      "adam(wte[0][1]).m",    "adam(wte[0][1]).v",
    "adam(wte[0][1]).m_hat", "adam(wte[0][1]).v_hat", "adam(wte[0][1]).update", "lr",
    "attn[0][1][0][0]",    "grad(attn[0][1][0][0])", "probs[0][2]",          "loss",
    "losses[0]",           "step 3",               "doc 2",                "token 1",
    "wpe",                 "pos0.layer0.attn.q",   "layer0.attn_wq[1][2]",
};

START_TEST(what_is_written_reads_back)
{
    Scope scope = app_scope(app);
    Focus focus = read_one(names[_i]);
    char text[FOCUS_TEXT_BYTES];

    focus_print(&scope, focus, text, sizeof text);
    ck_assert_str_eq(text, names[_i]);
    ck_assert(focus_same(focus, read_one(text)));
}
END_TEST

START_TEST(a_name_of_several_numbers_gives_them_all)
{
    Scope scope = app_scope(app);
    Focus list[64];
    Error error;

    ck_assert_int_eq(focus_read(&scope, "wte[0]", list, 64, &error), 4);
    ck_assert(focus_same(list[3], read_one("wte[0][3]")));
    ck_assert_int_eq(focus_read(&scope, "wte[0]", list, 2, &error), 2);
    ck_assert_int_eq(focus_read(&scope, "grad(wte[0])", list, 64, &error), 4);
    ck_assert_int_eq(list[0].kind, FOCUS_GRAD);
}
END_TEST

START_TEST(what_is_no_name_says_why)
{
    static const char *const wrong[][2] = {{"nobody", "nobody"},
                                           {"attn[0][9][0][0]", "head 9"},
                                           {"adam(loss).m", "no parameter"},
                                           {"step 99", "from 1 to 12"},
                                           {"token x", "from 0"},
                                           {"x[0]", ""}};
    Scope scope = app_scope(app);

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        Focus focus;
        Error error = {""};
        ck_assert_int_eq(focus_read(&scope, wrong[i][0], &focus, 1, &error), 0);
        ck_assert_msg(error.text[0] && strstr(error.text, wrong[i][1]), "%s: %s", wrong[i][0],
                      error.text);
    }
}
END_TEST

START_TEST(its_number_is_the_engines)
{
    Scope scope = app_scope(app);
    const Trainer *trainer = &app->session.trainer;
    double value;

    ck_assert(focus_value(&scope, read_one("wte[0][1]"), &value));
    ck_assert(value == trainer->value[1]);
    ck_assert(focus_value(&scope, read_one("grad(wte[0][1])"), &value));
    ck_assert(value == trainer->grad[1]);
    ck_assert(focus_value(&scope, read_one("adam(wte[0][1]).m"), &value));
    ck_assert(value == trainer->m[1]);
    ck_assert(focus_value(&scope, read_one("step 5"), &value));
    ck_assert(value == trainer->loss[4]);
    ck_assert(!focus_value(&scope, read_one("step 6"), &value));
    ck_assert(!focus_value(&scope, read_one("wte"), &value));
}
END_TEST

START_TEST(what_is_not_computed_has_no_number)
{
    program_enter(app, "goto 5.forward.3");
    Scope scope = app_scope(app);
    double value;

    ck_assert(!focus_value(&scope, read_one("probs[0][0]"), &value));
    ck_assert(!focus_value(&scope, read_one("grad(wte[0][1])"), &value));
    ck_assert(focus_value(&scope, read_one("wte[0][1]"), &value));
}
END_TEST

START_TEST(the_loss_stays_the_loss_in_another_document)
{
    Focus loss = read_one("loss");
    Scope scope = app_scope(app);
    int32_t before = focus_node(&scope, loss);
    bool moved = false;

    for (int step = 6; step <= 9; step++) {
        program_press(app, ".");
        program_settle(app);
        ck_assert_int_eq(focus_node(&scope, loss), app->session.trainer.loss_node);
        moved |= app->session.trainer.loss_node != before;
    }
    ck_assert(moved);
}
END_TEST

START_TEST(a_node_of_a_longer_document_is_absent_in_a_shorter_one)
{
    Scope scope = app_scope(app);
    const Trainer *trainer = &app->session.trainer;
    Place place = {PART_LOGITS, 0, -1, -1};
    int longest = 0;

    for (int step = 0; step < 12; step++) {
        char line[32];
        snprintf(line, sizeof line, "goto %d.forward.0", step);
        program_enter(app, line);
        longest = trainer->positions > longest ? trainer->positions : longest;
    }
    for (int step = 0; trainer->positions < longest; step++) {
        char line[32];
        snprintf(line, sizeof line, "goto %d.forward.0", step);
        program_enter(app, line);
    }
    place.pos = longest - 1;
    Focus focus = focus_of_place(trainer, FOCUS_VALUE, place, 0);
    ck_assert_int_eq(focus.kind, FOCUS_VALUE);
    ck_assert_int_ge(focus_node(&scope, focus), 0);
    for (int step = 0; trainer->positions == longest; step++) {
        char line[32];
        snprintf(line, sizeof line, "goto %d.forward.0", step);
        program_enter(app, line);
    }
    ck_assert_int_eq(focus_node(&scope, focus), -1);
}
END_TEST

START_TEST(numbers_of_ones_own_graph_can_be_named)
{
    program_enter(app, "expr a=2; b=3; c=a*b; L=c^2");
    Scope scope = app_scope(app);
    char text[FOCUS_TEXT_BYTES];
    Focus focus = read_one("grad(a)");
    double value;

    ck_assert(focus.own);
    focus_print(&scope, focus, text, sizeof text);
    ck_assert_str_eq(text, "grad(a)");
    ck_assert(!focus_value(&scope, focus, &value));
    program_enter(app, "goto end");
    ck_assert(focus_value(&scope, read_one("a"), &value) && value == 2);
}
END_TEST

START_TEST(it_knows_where_in_the_model_it_stands)
{
    Scope scope = app_scope(app);
    Place place = focus_where(&scope, read_one("attn[0][1][0][0]"));

    ck_assert_int_eq(place.pos, 0);
    ck_assert_int_eq(place.layer, 0);
    ck_assert_int_eq(place.head, 1);
    ck_assert_int_eq(focus_where(&scope, read_one("wte[0][1]")).pos, -1);
}
END_TEST

Suite *focus_suite(void)
{
    Suite *suite = suite_create("focus");
    TCase *tests = tcase_create("names");

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_loop_test(tests, what_is_written_reads_back, 0, sizeof names / sizeof *names);
    tcase_add_test(tests, a_name_of_several_numbers_gives_them_all);
    tcase_add_test(tests, what_is_no_name_says_why);
    tcase_add_test(tests, its_number_is_the_engines);
    tcase_add_test(tests, what_is_not_computed_has_no_number);
    tcase_add_test(tests, the_loss_stays_the_loss_in_another_document);
    tcase_add_test(tests, a_node_of_a_longer_document_is_absent_in_a_shorter_one);
    tcase_add_test(tests, numbers_of_ones_own_graph_can_be_named);
    tcase_add_test(tests, it_knows_where_in_the_model_it_stands);
    return suite;
}
