#include "suites.h"
#include "support.h"
#include "viewing.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

#define NAMES "../data/names.txt"
#define SMALL "--n-embd 4 --n-head 2 --block-size 5 --steps 60"

static void open_view(Viewing *viewing, const char *moment)
{
    viewing_open(viewing, VIEW_LOSS, NAMES, SMALL, moment);
}

static void shows(const char *picture, const char *part)
{
    ck_assert_msg(strstr(picture, part) != NULL, "no \"%s\" in\n%s", part, picture);
}

static void shows_not(const char *picture, const char *part)
{
    ck_assert_msg(strstr(picture, part) == NULL, "\"%s\" in\n%s", part, picture);
}

START_TEST(the_numbers_of_the_step_are_the_engines)
{
    Viewing viewing;
    char part[64];

    open_view(&viewing, "30");
    const Session *session = &viewing.app.session;
    const char *picture = viewing_run(&viewing, "focus step 17");
    shows(picture, "step 17");
    snprintf(part, sizeof part, "loss  %.2f", session->trainer.loss[16]);
    shows(picture, part);
    snprintf(part, sizeof part, "mean  %.2f", session->mean_loss[16]);
    shows(picture, part);
    snprintf(part, sizeof part, "rate   .00%.0f", 1e5 * 0.01 * (1 - 16.0 / 60));
    shows(picture, part);
    viewing_close(&viewing);
}
END_TEST

START_TEST(base_lines_are_guessing_and_the_bigram_model)
{
    Viewing viewing;
    char part[64];
    double bigram;

    open_view(&viewing, "30");
    const char *picture = viewing_draw(&viewing, 100, 40);
    shows(picture, "guessing: ln 27 = 3.30");
    ck_assert(findings_bigram(&viewing.app.session.findings, &bigram));
    snprintf(part, sizeof part, "bigram model: %.2f", bigram);
    shows(picture, part);
    shows(picture, "the run's 60 texts, each count + 1");
    viewing_close(&viewing);
}
END_TEST

START_TEST(no_loss_is_drawn_over_the_name_of_a_base_line)
{
    static const int sizes[][2] = {{60, 16}, {80, 24}, {100, 30}, {120, 40}};
    Viewing viewing;

    open_view(&viewing, "60");
    viewing_run(&viewing, "look held-out 10");
    for (int scale = 0; scale < 2; scale++) {
        viewing_run(&viewing, scale ? "look scale log" : "look scale linear");
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            const char *picture = viewing_draw(&viewing, sizes[i][0], sizes[i][1]);
            shows(picture, "guessing: ln 27 = 3.30");
            shows(picture, "bigram model: ");
        }
    }
    viewing_close(&viewing);
}
END_TEST

START_TEST(held_out_losses_are_found_and_drawn_up_to_the_moment)
{
    Viewing viewing;

    open_view(&viewing, "60");
    viewing_run(&viewing, "look held-out 10");
    shows(viewing_tell(&viewing, false), "Held out, step 50:");
    viewing_run(&viewing, "goto 20");
    const char *told = viewing_tell(&viewing, false);
    shows(told, "Held out, step 20:");
    shows_not(told, "Held out, step 30:");
    shows_not(viewing_run(&viewing, "look held-out off"), "○");
    shows(viewing_run(&viewing, "look held-out 10"), "○");
    viewing_close(&viewing);
}
END_TEST

/* The last column of the picture with a dot of a curve in it. */
static int last_dot(const Canvas *canvas)
{
    for (int x = canvas->width - 1; x >= 0; x--)
        for (int y = 5; y < canvas->height - 8; y++) {
            const Cell *cell = &canvas->cell[y * canvas->width + x];
            if (cell->glyph > 0x2800 && cell->glyph < 0x2900)
                return x;
        }
    return -1;
}

START_TEST(going_back_takes_the_curve_back)
{
    Viewing viewing;

    open_view(&viewing, "60");
    viewing_draw(&viewing, 80, 24);
    ck_assert_int_gt(last_dot(&viewing.canvas), 76);
    viewing_run(&viewing, "goto 30");
    ck_assert_int_gt(last_dot(&viewing.canvas), 38);
    ck_assert_int_lt(last_dot(&viewing.canvas), 46);
    viewing_run(&viewing, "goto 0");
    ck_assert_int_eq(last_dot(&viewing.canvas), -1);
    viewing_close(&viewing);
}
END_TEST

static int64_t cursor_step(const Viewing *viewing)
{
    Focus focus = look_focus(&viewing->app.look);

    ck_assert_int_eq(focus.kind, FOCUS_STEP);
    return focus.index;
}

START_TEST(the_cursor_begins_where_the_run_stands_and_enter_goes_to_its_step)
{
    Viewing viewing;

    open_view(&viewing, "30");
    viewing_run(&viewing, "cursor left");
    ck_assert_int_eq(cursor_step(&viewing), 30);
    viewing_run(&viewing, "cursor left 5");
    ck_assert_int_lt(cursor_step(&viewing), 30);
    int64_t step = cursor_step(&viewing);
    viewing_run(&viewing, "open");
    ck_assert_int_eq(viewing.app.session.trainer.at.step, step);
    viewing_close(&viewing);
}
END_TEST

/* In a long run a column holds many steps; around the cursor it is one. */
START_TEST(the_cursor_moves_by_a_column_or_by_a_step)
{
    Viewing viewing;

    viewing_open(&viewing, VIEW_LOSS, NAMES, "--n-embd 4 --n-head 2 --block-size 5 --steps 4000",
                 "0");
    viewing_run(&viewing, "focus step 2000");
    viewing_run(&viewing, "cursor right");
    int64_t column = cursor_step(&viewing) - 2000;
    ck_assert_int_gt(column, 20);
    ck_assert_int_lt(column, 120);
    viewing_run(&viewing, "look zoom around");
    for (int64_t step = 2000; step < 2200; step++) {
        viewing_run(&viewing, step == 2000 ? "focus step 2000" : "cursor right");
        ck_assert_int_eq(cursor_step(&viewing), step);
    }
    viewing_close(&viewing);
}
END_TEST

START_TEST(every_zoom_shows_the_cursor)
{
    static const char *const zooms[] = {"look zoom whole", "look zoom tenth", "look zoom around"};
    static const int steps[] = {1, 17, 500, 999, 1000};
    Viewing viewing;
    char command[32];

    viewing_open(&viewing, VIEW_LOSS, NAMES, "--n-embd 4 --n-head 2 --block-size 5", "3");
    for (int z = 0; z < 3; z++)
        for (int i = 0; i < 5; i++) {
            viewing_run(&viewing, zooms[z]);
            snprintf(command, sizeof command, "focus step %d", steps[i]);
            viewing_run(&viewing, command);
            const Spots *spots = &viewing.app.look.spots;
            int spot = spots_find(spots, look_focus(&viewing.app.look));
            ck_assert_int_ge(spot, 0);
            ck_assert_int_ge(spots->spot[spot].x, 0);
            ck_assert_int_lt(spots->spot[spot].x, 80);
        }
    viewing_close(&viewing);
}
END_TEST

START_TEST(a_hidden_loss_is_neither_drawn_nor_told)
{
    Viewing viewing;
    char loss[32];

    open_view(&viewing, "30");
    ck_assert(look_hide(&viewing.app.look, (Focus){.kind = FOCUS_STEP, .index = 30}));
    snprintf(loss, sizeof loss, "%.2f", viewing.app.session.trainer.loss[29]);
    const char *picture = viewing_draw(&viewing, 80, 20);
    shows(picture, "????");
    char *line = strstr(picture, "loss  ");
    ck_assert_msg(!line || strncmp(line + 6, loss, strlen(loss)) != 0, "%s", picture);
    snprintf(loss, sizeof loss, "%.4g", viewing.app.session.trainer.loss[29]);
    shows(viewing_tell(&viewing, false), "The loss of step 30 is hidden.");
    shows_not(viewing.text, loss);
    snprintf(loss, sizeof loss, "%.17g", viewing.app.session.trainer.loss[29]);
    shows(viewing_tell(&viewing, true), "\"loss\":\"hidden\"");
    shows_not(viewing.text, loss);
    viewing_close(&viewing);
}
END_TEST

START_TEST(a_gradient_that_nobody_measured_is_a_dot)
{
    Viewing viewing;

    open_view(&viewing, "30");
    viewing.app.session.grad_norm[16] = NAN;
    shows(viewing_run(&viewing, "focus step 17"), "grad     ·");
    shows(viewing_tell(&viewing, true), "\"gradient\":null");
    viewing.app.session.grad_norm[16] = 1.25;
    shows(viewing_run(&viewing, "focus step 17"), "grad  1.25");
    shows(viewing_tell(&viewing, false), "The length of its gradient is 1.25.");
    viewing_close(&viewing);
}
END_TEST

START_TEST(all_sizes_scales_and_moments_stay_in_their_area)
{
    static const char *const moments[] = {"0", "1", "5.forward.30", "30.backward.40", "60"};
    Viewing viewing;

    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        open_view(&viewing, moments[i]);
        viewing_sweep(&viewing);
        viewing_run(&viewing, "look scale log");
        viewing_run(&viewing, "look zoom around");
        viewing_run(&viewing, "focus step 60");
        viewing_sweep(&viewing);
        viewing_close(&viewing);
    }
}
END_TEST

START_TEST(branches_that_end_at_one_place_are_named_one_below_the_other)
{
    Viewing viewing;

    open_view(&viewing, "30");
    viewing_run(&viewing, "fork first");
    viewing_run(&viewing, "fork second");
    viewing_run(&viewing, "fork third");
    const char *picture = viewing_draw(&viewing, 120, 40);
    shows(picture, "main");
    shows(picture, "first");
    shows(picture, "second");
    shows(strstr(picture, "on third") + strlen("on third"), "third");
    viewing_close(&viewing);
}
END_TEST

Suite *view_loss_suite(void)
{
    Suite *suite = suite_create("view_loss");
    TCase *tests = tcase_create("view_loss");

    tcase_add_test(tests, the_numbers_of_the_step_are_the_engines);
    tcase_add_test(tests, branches_that_end_at_one_place_are_named_one_below_the_other);
    tcase_add_test(tests, base_lines_are_guessing_and_the_bigram_model);
    tcase_add_test(tests, no_loss_is_drawn_over_the_name_of_a_base_line);
    tcase_add_test(tests, held_out_losses_are_found_and_drawn_up_to_the_moment);
    tcase_add_test(tests, going_back_takes_the_curve_back);
    tcase_add_test(tests, the_cursor_begins_where_the_run_stands_and_enter_goes_to_its_step);
    tcase_add_test(tests, the_cursor_moves_by_a_column_or_by_a_step);
    tcase_add_test(tests, every_zoom_shows_the_cursor);
    tcase_add_test(tests, a_hidden_loss_is_neither_drawn_nor_told);
    tcase_add_test(tests, a_gradient_that_nobody_measured_is_a_dot);
    tcase_add_test(tests, all_sizes_scales_and_moments_stay_in_their_area);
    suite_add_tcase(suite, tests);
    return suite;
}
