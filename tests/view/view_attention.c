#include "app/pass.h"
#include "app/text.h"
#include "suites.h"
#include "view/plot.h"
#include "viewing.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS "--n-embd 8 --n-head 2 --n-layer 2 --block-size 8 --steps 40"

static Viewing viewing;

static void open_view(const char *moment)
{
    viewing_open(&viewing, VIEW_ATTENTION, "data/words.txt", OPTIONS, moment);
    viewing_draw(&viewing, 80, 24);
}

static void close_view(void)
{
    viewing_close(&viewing);
}

static Focus read_focus(const char *name)
{
    Scope scope = app_scope(&viewing.app);
    Focus focus;
    Error error;

    ck_assert_msg(focus_read(&scope, name, &focus, 1, &error) == 1, "%s", error.text);
    return focus;
}

static bool is_seen(const Spot *spot)
{
    return spot->x >= 0 && spot->y >= 0 && spot->x + spot->w <= viewing.canvas.width &&
           spot->y + spot->h <= viewing.canvas.height - 2;
}

/* What stands in the first row of a spot, without blanks. */
static const char *text_at(const Spot *spot, char text[256])
{
    int used = 0;

    for (int x = spot->x; x < spot->x + spot->w; x++) {
        char cell[CELL_TEXT_SIZE];
        canvas_cell_text(&viewing.canvas.cell[spot->y * viewing.canvas.width + x], cell);
        if (strcmp(cell, " ") != 0)
            used += snprintf(text + used, 256 - (size_t)used, "%s", cell);
    }
    return text;
}

static double value_of(Focus focus)
{
    Scope scope = app_scope(&viewing.app);
    double value;

    ck_assert(focus_value(&scope, focus, &value));
    return value;
}

START_TEST(each_cell_of_a_heatmap_is_of_the_weight_that_its_spot_names)
{
    const Spots *spots = &viewing.app.look.spots;
    int seen = 0;

    open_view("20");
    viewing_draw(&viewing, 120, 60);
    for (int i = 0; i < spots->count; i++) {
        const Spot *spot = &spots->spot[i];
        const Cell *cell = &viewing.canvas.cell[spot->y * viewing.canvas.width + spot->x];
        if (!is_seen(spot))
            continue;
        ck_assert_uint_eq(cell->glyph, plot_level_glyph(&viewing.canvas, value_of(spot->focus)));
        seen++;
    }
    const int n = viewing.app.session.trainer.positions;
    ck_assert_int_eq(seen, 2 * 2 * n * (n + 1) / 2);
    close_view();
}
END_TEST

/* Every number spot of the picture says what the engine has. */
static int expect_numbers(int width)
{
    const Spots *spots = &viewing.app.look.spots;
    char shown[256], expected[32];
    int seen = 0;

    for (int i = 0; i < spots->count; i++) {
        const Spot *spot = &spots->spot[i];
        if (spot->w != width || spot->h != 1 || !is_seen(spot))
            continue;
        text_real(value_of(spot->focus), width, expected, sizeof expected);
        ck_assert_str_eq(text_at(spot, shown), expected + strspn(expected, " "));
        seen++;
    }
    return seen;
}

START_TEST(the_numbers_of_a_head_are_those_of_the_engine)
{
    static const char *const shows[] = {"weight", "score", "weight gradient", "score gradient"};
    char command[64];

    open_view("20");
    viewing_run(&viewing, "focus attn[1][1][2][0]");
    viewing_run(&viewing, "open");
    snprintf(command, sizeof command, "look shows %s", shows[_i]);
    viewing_run(&viewing, command);
    viewing_draw(&viewing, 160, 60);
    const int n = viewing.app.session.trainer.positions;
    ck_assert_int_eq(expect_numbers(8), n * (n + 1) / 2);
    close_view();
}
END_TEST

START_TEST(the_numbers_of_a_cell_are_those_of_the_engine)
{
    open_view("20");
    viewing_run(&viewing, "focus attn[1][1][2][1]");
    viewing_run(&viewing, "open");
    viewing_run(&viewing, "open");
    viewing_draw(&viewing, 200, 40);
    /* q, k, products: 4 each; sum and score; 3 keys with score, exponential, weight, v, weight x v;
     * total and out */
    ck_assert_int_eq(expect_numbers(7), 3 * 4 + 2 + 3 * (3 + 8) + 1 + 4);
    viewing_run(&viewing, "look shows weight gradient");
    viewing_draw(&viewing, 200, 40);
    ck_assert_int_eq(expect_numbers(7), 3 * 4 + 2 + 3 * (3 + 8) + 1 + 4);
    close_view();
}
END_TEST

START_TEST(the_cell_stays_open_wherever_the_cursor_goes)
{
    open_view("20");
    viewing_run(&viewing, "focus attn[1][1][3][1]");
    viewing_run(&viewing, "open");
    viewing_run(&viewing, "open");
    char title[64];
    ck_assert_ptr_nonnull(strstr(viewing.text, "How position 3"));
    snprintf(title, sizeof title, "%.30s", strstr(viewing.text, "How position 3"));
    for (int i = 0; i < 40; i++) {
        viewing_run(&viewing, i % 3 ? "cursor down" : "cursor right");
        ck_assert_ptr_nonnull(strstr(viewing.text, title));
    }
    viewing_run(&viewing, "leave");
    ck_assert(focus_same(look_focus(&viewing.app.look), read_focus("attn[1][1][3][1]")));
    close_view();
}
END_TEST

START_TEST(without_a_cursor_a_position_that_looks_at_itself_is_opened)
{
    open_view("20");
    viewing.app.position = 2;
    viewing_run(&viewing, "open");
    viewing_run(&viewing, "open");
    ck_assert(focus_same(look_focus(&viewing.app.look), read_focus("attn[0][0][2][2]")));
    ck_assert_ptr_nonnull(strstr(viewing.text, "How position 2"));
    close_view();
}
END_TEST

START_TEST(a_document_that_is_too_short_for_the_open_cell_says_so)
{
    open_view("20");
    Session *session = &viewing.app.session;
    Error error;
    while (session->trainer.positions < 6)
        ck_assert(
            session_seek(session, (Moment){session->trainer.at.step + 1, PHASE_DONE, 0}, &error));
    viewing_run(&viewing, "focus attn[0][0][5][1]");
    viewing_run(&viewing, "open");
    viewing_run(&viewing, "open");
    while (session->trainer.positions >= 6)
        ck_assert(
            session_seek(session, (Moment){session->trainer.at.step + 1, PHASE_DONE, 0}, &error));
    ck_assert_ptr_nonnull(strstr(viewing_draw(&viewing, 80, 24), "the opened cell is not there"));
    ck_assert_ptr_nonnull(strstr(viewing_tell(&viewing, false), "the opened cell is not there"));
    close_view();
}
END_TEST

/* In as little room as there may be, the cursor reaches every cell. */
START_TEST(the_cursor_reaches_every_cell)
{
    open_view("20");
    const int n = viewing.app.session.trainer.positions;
    if (_i == 1) {
        viewing_run(&viewing, "focus attn[0][0][0][0]");
        viewing_run(&viewing, "open");
    }
    viewing_draw(&viewing, 60, 16);
    viewing_run(&viewing, "focus attn[0][0][0][0]");
    for (int i = 0; i + 1 < n; i++)
        viewing_run(&viewing, "cursor down");
    for (int i = 0; i + 1 < n; i++)
        viewing_run(&viewing, "cursor right");
    char name[64];
    snprintf(name, sizeof name, "attn[0][0][%d][%d]", n - 1, n - 1);
    ck_assert(focus_same(look_focus(&viewing.app.look), read_focus(name)));
    if (_i == 0) {
        for (int i = 0; i < 2 * n + 2; i++)
            viewing_run(&viewing, "cursor down");
        ck_assert_int_eq(viewing.app.layer, 1);
    }
    close_view();
}
END_TEST

START_TEST(what_is_not_computed_is_a_dot)
{
    const Spots *spots = &viewing.app.look.spots;
    char shown[256];
    int dots = 0, numbers = 0;

    open_view("20.forward@pos2.layer1.attn.head0.score");
    viewing_run(&viewing, "focus attn[1][0][2][0]");
    viewing_run(&viewing, "open");
    viewing_draw(&viewing, 160, 60);
    for (int i = 0; i < spots->count; i++)
        if (spots->spot[i].w == 8 && spots->spot[i].h == 1 && is_seen(&spots->spot[i]))
            *(strcmp(text_at(&spots->spot[i], shown), "·") == 0 ? &dots : &numbers) += 1;
    const int n = viewing.app.session.trainer.positions;
    ck_assert_int_eq(numbers, 1 + 2);
    ck_assert_int_eq(dots, n * (n + 1) / 2 - 3);
    ck_assert_ptr_nonnull(strstr(viewing_tell(&viewing, false), "not computed yet"));
    close_view();
}
END_TEST

START_TEST(a_hidden_weight_is_nowhere_to_be_read)
{
    char digits[64], exact[64];

    open_view("20");
    const Focus hidden = read_focus("attn[0][1][2][1]");
    snprintf(digits, sizeof digits, "%.3g", value_of(hidden));
    snprintf(exact, sizeof exact, "%.17g", value_of(hidden));
    viewing_run(&viewing, "focus attn[0][1][2][1]");
    ck_assert(look_hide(&viewing.app.look, hidden));
    for (int depth = 0; depth < 3; depth++) {
        viewing_draw(&viewing, 160, 50);
        ck_assert_ptr_nonnull(strchr(viewing.text, '?'));
        ck_assert_ptr_null(strstr(viewing.text, digits + 1)); /* without the 0 before the point */
        ck_assert_ptr_null(strstr(viewing_tell(&viewing, false), digits));
        ck_assert_ptr_nonnull(strstr(viewing_tell(&viewing, false), "hidden"));
        ck_assert_ptr_null(strstr(viewing_tell(&viewing, true), exact));
        viewing_run(&viewing, "open");
    }
    close_view();
}
END_TEST

START_TEST(what_is_told_is_exact)
{
    char exact[64];

    open_view("20");
    for (int depth = 0; depth < 3; depth++) {
        snprintf(exact, sizeof exact, "%.17g", value_of(read_focus("attn[0][1][2][1]")));
        ck_assert_ptr_nonnull(strstr(viewing_tell(&viewing, true), exact));
        viewing_run(&viewing, "focus attn[0][1][2][1]");
        viewing_run(&viewing, "open");
    }
    close_view();
}
END_TEST

START_TEST(the_cursor_stays_on_its_cell_when_another_number_of_it_is_shown)
{
    open_view("20");
    viewing_run(&viewing, "focus attn[0][1][2][1]");
    viewing_run(&viewing, "look shows score");
    ck_assert(focus_same(look_focus(&viewing.app.look), read_focus("score[0][1][2][1]")));
    viewing_run(&viewing, "look shows weight gradient");
    ck_assert(focus_same(look_focus(&viewing.app.look), read_focus("grad(attn[0][1][2][1])")));
    viewing_run(&viewing, "look shows weight");
    ck_assert(focus_same(look_focus(&viewing.app.look), read_focus("attn[0][1][2][1]")));
    close_view();
}
END_TEST

START_TEST(the_attention_of_a_text_that_is_written_is_shown_too)
{
    open_view("20");
    viewing_run(&viewing, "look of writing");
    ck_assert_ptr_nonnull(strstr(viewing.text, "of the text that is written"));
    const Pass pass = pass_of_writing(&viewing.app);
    ck_assert_int_gt(pass.positions, 0);
    for (int depth = 0; depth < 3; depth++) {
        viewing_run(&viewing, "cursor down");
        ck_assert_int_eq(look_focus(&viewing.app.look).kind, FOCUS_ITEM);
        viewing_sweep(&viewing);
        viewing_run(&viewing, "open");
    }
    close_view();
}
END_TEST

START_TEST(every_size_is_drawn_within_its_area)
{
    open_view(_i % 2 ? "20.backward.4000" : "7");
    for (int depth = 0; depth < 3; depth++) {
        viewing_sweep(&viewing);
        viewing_run(&viewing, "look shows +");
        viewing_run(&viewing, "cursor down");
        viewing_run(&viewing, "open");
    }
    close_view();
}
END_TEST

START_TEST(models_without_parts_of_attention_are_drawn)
{
    static const char *const options[] = {"attention = off", "attention = uniform", "silence = all",
                                          "attn_scale = off", "subtract_max = off"};
    char command[64];

    open_view("7");
    snprintf(command, sizeof command, "option %s", options[_i]);
    viewing_run(&viewing, command);
    viewing_run(&viewing, "goto 9");
    for (int depth = 0; depth < 3; depth++) {
        viewing_sweep(&viewing);
        viewing_tell(&viewing, true);
        viewing_run(&viewing, "cursor down");
        viewing_run(&viewing, "open");
    }
    close_view();
}
END_TEST

Suite *view_attention_suite(void)
{
    Suite *suite = suite_create("view_attention");
    TCase *tests = tcase_create("view_attention");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, each_cell_of_a_heatmap_is_of_the_weight_that_its_spot_names);
    tcase_add_loop_test(tests, the_numbers_of_a_head_are_those_of_the_engine, 0, 4);
    tcase_add_test(tests, the_numbers_of_a_cell_are_those_of_the_engine);
    tcase_add_test(tests, the_cell_stays_open_wherever_the_cursor_goes);
    tcase_add_test(tests, without_a_cursor_a_position_that_looks_at_itself_is_opened);
    tcase_add_test(tests, a_document_that_is_too_short_for_the_open_cell_says_so);
    tcase_add_loop_test(tests, the_cursor_reaches_every_cell, 0, 2);
    tcase_add_test(tests, what_is_not_computed_is_a_dot);
    tcase_add_test(tests, a_hidden_weight_is_nowhere_to_be_read);
    tcase_add_test(tests, what_is_told_is_exact);
    tcase_add_test(tests, the_cursor_stays_on_its_cell_when_another_number_of_it_is_shown);
    tcase_add_test(tests, the_attention_of_a_text_that_is_written_is_shown_too);
    tcase_add_loop_test(tests, every_size_is_drawn_within_its_area, 0, 2);
    tcase_add_loop_test(tests, models_without_parts_of_attention_are_drawn, 0, 5);
    suite_add_tcase(suite, tests);
    return suite;
}
