#include "app/twin.h"

#include "app/command.h"
#include "suites.h"
#include "viewing.h"
#include <string.h>

static Viewing viewing;

static void set_up(void)
{
    viewing_open(&viewing, VIEW_PARAMETERS, "data/words.txt",
                 "--n-embd 4 --n-head 2 --block-size 4 --steps 40", "10");
    viewing_run(&viewing, "fork warm");
    viewing_run(&viewing, "option lr = 0.5");
    viewing_run(&viewing, "goto 20");
    viewing_run(&viewing, "compare main");
}

static void tear_down(void)
{
    viewing_close(&viewing);
}

/* How often a text stands in another. */
static int count(const char *text, const char *what)
{
    int found = 0;

    for (const char *at = text; (at = strstr(at, what)); at += strlen(what))
        found++;
    return found;
}

START_TEST(wide_windows_show_both_beside_each_other)
{
    const char *text = viewing_draw(&viewing, 160, 24);

    ck_assert(strstr(text, "▸ warm"));
    ck_assert(strstr(text, "  main"));
    ck_assert_int_eq(count(text, "What is learnt?"), 2);
    ck_assert_int_eq(count(text, "Tab:"), 0);
}
END_TEST

START_TEST(high_windows_show_both_below_each_other)
{
    ck_assert_int_eq(count(viewing_draw(&viewing, 100, 44), "What is learnt?"), 2);
}
END_TEST

START_TEST(small_windows_show_one_and_tab_the_other)
{
    const char *text = viewing_draw(&viewing, 80, 24);

    ck_assert_int_eq(count(text, "What is learnt?"), 1);
    ck_assert(strstr(text, "▸ warm") && strstr(text, "Tab: main"));
    text = viewing_run(&viewing, "pane next");
    text = viewing_draw(&viewing, 80, 24);
    ck_assert_int_eq(count(text, "What is learnt?"), 1);
    ck_assert(strstr(text, "  main") && strstr(text, "Tab: warm"));
}
END_TEST

START_TEST(the_status_line_has_the_number_in_both_and_the_difference)
{
    const char *text;

    viewing_draw(&viewing, 160, 24);
    viewing_run(&viewing, "focus wte[1][2]");
    text = viewing_draw(&viewing, 160, 24);
    ck_assert(strstr(text, "wte[1][2]: warm "));
    ck_assert(strstr(text, ", main ") && strstr(text, " apart"));
}
END_TEST

START_TEST(what_differs_is_marked_and_what_does_not_is_not)
{
    viewing_draw(&viewing, 160, 24);
    viewing_run(&viewing, "view attention");
    viewing_run(&viewing, "goto 20");
    ck_assert_int_gt(count(viewing_draw(&viewing, 160, 24), "’"), 2); /* two are of the legend */
    viewing_run(&viewing, "goto 10");
    ck_assert_int_eq(count(viewing_draw(&viewing, 160, 24), "’"), 2);
}
END_TEST

START_TEST(the_cursor_moves_in_the_branch_that_is_shown)
{
    viewing_run(&viewing, "option residual = off");
    viewing_run(&viewing, "goto 25");
    viewing_run(&viewing, "view attention");
    viewing_draw(&viewing, 80, 24);
    viewing_run(&viewing, "pane next");
    viewing_draw(&viewing, 80, 24);
    viewing_run(&viewing, "focus attn[0][1][1][0]");
    viewing_draw(&viewing, 80, 24);
    viewing_run(&viewing, "cursor right");
    ck_assert(strstr(viewing_draw(&viewing, 80, 24), "attn[0][1][1][1]: warm"));
}
END_TEST

START_TEST(every_view_of_two_branches_can_be_drawn_in_every_size)
{
    static const int sizes[][2] = {{60, 16}, {80, 24}, {100, 40}, {120, 40}, {150, 20}, {200, 60}};
    Error error;

    for (ViewName view = 0; view < VIEW_COUNT; view++) {
        look_show(&viewing.app.look, view);
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            viewing_draw(&viewing, sizes[i][0], sizes[i][1]);
            command_run(&viewing.app, "cursor down", &error);
            ck_assert(strlen(viewing_draw(&viewing, sizes[i][0], sizes[i][1])) > 0);
        }
    }
}
END_TEST

START_TEST(a_model_of_another_shape_can_stand_beside)
{
    viewing_run(&viewing, "fork large n_layer 2 n_embd 8");
    viewing_run(&viewing, "focus layer1.attn_wq[3][2]");
    viewing_run(&viewing, "compare warm");
    for (ViewName view = 0; view < VIEW_COUNT; view++) {
        look_show(&viewing.app.look, view);
        ck_assert(strstr(viewing_draw(&viewing, 160, 40), "▸ large"));
        viewing_run(&viewing, "step operation");
        viewing_draw(&viewing, 160, 40);
    }
}
END_TEST

Suite *compare_pane_suite(void)
{
    Suite *suite = suite_create("compare_pane");
    TCase *tests = tcase_create("compare_pane");

    suite_add_tcase(suite, tests);
    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, wide_windows_show_both_beside_each_other);
    tcase_add_test(tests, high_windows_show_both_below_each_other);
    tcase_add_test(tests, small_windows_show_one_and_tab_the_other);
    tcase_add_test(tests, the_status_line_has_the_number_in_both_and_the_difference);
    tcase_add_test(tests, what_differs_is_marked_and_what_does_not_is_not);
    tcase_add_test(tests, the_cursor_moves_in_the_branch_that_is_shown);
    tcase_add_test(tests, every_view_of_two_branches_can_be_drawn_in_every_size);
    tcase_add_test(tests, a_model_of_another_shape_can_stand_beside);
    return suite;
}
