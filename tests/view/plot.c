#include "view/plot.h"

#include "suites.h"
#include "support.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- bars ------------------------------------------------------------------------------------ */

static void draw_bars(Canvas *canvas)
{
    static const double value[] = {1, .5, .3, .01, 0, NAN, 7, -7};
    for (int i = 0; i < 8; i++)
        plot_bar(canvas, canvas_area(canvas), 1, i, 6, value[i], ROLE_CURVE);
}

static void check_bars(Glyphs glyphs, const char *rows)
{
    Canvas canvas = test_canvas(8, 8, glyphs);
    draw_bars(&canvas);
    test_picture(&canvas, rows);
    canvas_release(&canvas);
}

START_TEST(a_bar_is_as_long_as_its_value)
{
    check_bars(GLYPHS_BRAILLE, " ██████\n ███\n █▊\n ▏\n\n ·\n ██████\n\n");
    check_bars(GLYPHS_BLOCKS, " ██████\n ███\n █▊\n ▏\n\n ·\n ██████\n\n");
    check_bars(GLYPHS_ASCII, " ######\n ###\n ##\n -\n\n .\n ######\n\n");
}
END_TEST

static void check_sparkline(Glyphs glyphs, const char *rows)
{
    static const double value[] = {0, 1, 2, 3, 4, 5, 6, 7, NAN};
    Canvas canvas = test_canvas(12, 3, glyphs);
    Area all = canvas_area(&canvas);
    plot_sparkline(&canvas, all, 1, 0, 9, value, 9, 0, 7, ROLE_CURVE);
    plot_sparkline(&canvas, all, 0, 1, 4, value, 8, 0, 7, ROLE_CURVE);
    plot_sparkline(&canvas, all, 8, 2, 9, value, 9, 0, 7, ROLE_CURVE);
    test_picture(&canvas, rows);
    canvas_release(&canvas);
}

START_TEST(a_sparkline_shows_eight_heights_and_means_where_it_is_narrow)
{
    check_sparkline(GLYPHS_BRAILLE, " ▁▂▃▄▅▆▇█·\n▂▄▆█\n        ▂▄▆·\n");
    check_sparkline(GLYPHS_ASCII, " _.-=+*%#.\n.=*#\n        .=*.\n");
}
END_TEST

START_TEST(columns_use_all_rows_of_their_area)
{
    static const double value[] = {0, 1, 2, 3, 4, 5, 6, 7};
    Canvas canvas = test_canvas(10, 4, GLYPHS_BLOCKS);
    plot_columns(&canvas, (Area){1, 1, 9, 3}, value, 8, 0, 7, ROLE_CURVE);
    test_picture(&canvas, "\n      ▁▅█\n    ▃▆███\n ▁▄██████\n");
    canvas_release(&canvas);
}
END_TEST

/* ---- heat ------------------------------------------------------------------------------------ */

static const double weights[] = {0, .02, .1, .2, .3, .5, .7, 1};

static void check_heat(Glyphs glyphs, const char *rows)
{
    Canvas canvas = test_canvas(12, 4, glyphs);
    Area all = canvas_area(&canvas);
    for (int i = 0; i < 8; i++)
        plot_level(&canvas, all, i, 0, 1, weights[i]);
    plot_level(&canvas, all, 9, 0, 3, NAN);
    for (int i = -4; i <= 4; i++)
        plot_signed(&canvas, all, i + 4, 1, 1, i / 4.0);
    plot_signed(&canvas, all, 10, 1, 1, NAN);
    for (int row = 0; row < 2; row++)
        for (int i = 0; i <= row; i++)
            plot_level(&canvas, all, 2 * i, 2 + row, 2, i == row ? .7 : .3);
    plot_signed(&canvas, all, 6, 2, 3, -.6);
    plot_signed(&canvas, all, 9, 2, 3, .6);
    test_picture(&canvas, rows);
    canvas_release(&canvas);
}

START_TEST(heat_says_by_glyph_what_it_says_by_colour)
{
    check_heat(GLYPHS_BRAILLE, "▁░░▒▒▓▓█  ·\n≡═─╌ ░▒▓█ ·\n▓▓    ───▒▒▒\n▒▒▓▓\n");
    check_heat(GLYPHS_BLOCKS, "▁░░▒▒▓▓█  ·\n≡═─╌ ░▒▓█ ·\n▓▓    ───▒▒▒\n▒▒▓▓\n");
    check_heat(GLYPHS_ASCII, "_:-=+*#@  .\n%=~- :+*# .\n##    ~~~+++\n++##\n");
}
END_TEST

/* Fails if a glyph comes back after another one has followed it. */
static void check_rank(const Canvas *canvas, uint32_t (*glyph_of)(const Canvas *, double),
                       double low)
{
    uint32_t seen[16];
    int count = 0;
    for (int i = 0; i <= 1000; i++) {
        uint32_t glyph = glyph_of(canvas, low + (1 - low) * i / 1000);
        if (count > 0 && seen[count - 1] == glyph)
            continue;
        for (int k = 0; k < count; k++)
            ck_assert_uint_ne(seen[k], glyph);
        ck_assert_int_lt(count, 16);
        seen[count++] = glyph;
    }
    ck_assert_int_ge(count, 5);
}

START_TEST(greater_weights_never_have_the_glyph_of_smaller_ones)
{
    Canvas canvas = test_canvas(1, 1, GLYPHS_ASCII);
    for (Glyphs glyphs = GLYPHS_ASCII; glyphs <= GLYPHS_BRAILLE; glyphs++) {
        canvas.glyphs = glyphs;
        check_rank(&canvas, plot_level_glyph, 0);
        check_rank(&canvas, plot_signed_glyph, -1);
        for (int i = 0; i <= 100; i++) {
            ck_assert_uint_ne(plot_level_glyph(&canvas, i / 100.0), plot_level_glyph(&canvas, NAN));
            ck_assert_uint_ne(plot_signed_glyph(&canvas, i / 50.0 - 1),
                              plot_signed_glyph(&canvas, NAN));
        }
    }
    canvas_release(&canvas);
}
END_TEST

START_TEST(roles_of_heat_rise_with_the_value)
{
    ck_assert_int_eq(plot_level_role(-3), ROLE_LEVEL0);
    ck_assert_int_eq(plot_level_role(0), ROLE_LEVEL0);
    ck_assert_int_eq(plot_level_role(.25), ROLE_LEVEL0 + 4);
    ck_assert_int_eq(plot_level_role(1), ROLE_LEVEL7);
    ck_assert_int_eq(plot_level_role(INFINITY), ROLE_LEVEL7);
    ck_assert_int_eq(plot_signed_role(-INFINITY), ROLE_SIGNED0);
    ck_assert_int_eq(plot_signed_role(-.1), ROLE_SIGNED0 + 4);
    ck_assert_int_eq(plot_signed_role(.13), ROLE_SIGNED0 + 5);
    ck_assert_int_eq(plot_signed_role(1), ROLE_SIGNED8);
}
END_TEST

START_TEST(a_heat_cell_is_solid_and_an_absent_one_has_no_ground)
{
    Canvas canvas = test_canvas(4, 1, GLYPHS_BRAILLE);
    Area all = canvas_area(&canvas);
    plot_level(&canvas, all, 0, 0, 2, 1);
    plot_signed(&canvas, all, 2, 0, 2, -1);
    for (int x = 0; x < 4; x++) {
        ck_assert_int_eq(canvas.cell[x].role, x < 2 ? ROLE_LEVEL7 : ROLE_SIGNED0);
        ck_assert_int_eq(canvas.cell[x].ground, canvas.cell[x].role);
    }
    plot_level(&canvas, all, 0, 0, 2, NAN);
    ck_assert_int_eq(canvas.cell[0].ground, ROLE_TEXT);
    ck_assert_int_eq(canvas.cell[0].role, ROLE_ABSENT);
    plot_cursor(&canvas, all, 0, 0, 1);
    plot_cursor(&canvas, all, 2, 0, 2);
    test_picture(&canvas, "◆ []\n");
    ck_assert_int_eq(canvas.cell[3].ground, ROLE_SIGNED0);
    canvas_release(&canvas);
}
END_TEST

START_TEST(legends_show_all_cells_in_order)
{
    Canvas canvas = test_canvas(32, 2, GLYPHS_BLOCKS);
    Area all = canvas_area(&canvas);
    ck_assert_int_eq(plot_level_legend(&canvas, all, 1, 0, 1), 21);
    ck_assert_int_eq(plot_signed_legend(&canvas, all, 0, 1, .25), 30);
    test_picture(&canvas, " 0 ▁▁░░░░▒▒▒▒▓▓▓▓██ 1\n-0.25 ≡≡══──╌╌  ░░▒▒▓▓██ +0.25\n");
    canvas_release(&canvas);
}
END_TEST

/* ---- charts ---------------------------------------------------------------------------------- */

static void check_chart(Glyphs glyphs, const char *rows)
{
    static const double y[] = {0, 1, 2, 3, 4, 5, 4, 3, NAN, 1, 1};
    Canvas canvas = test_canvas(24, 8, glyphs);
    Chart chart = plot_axes(&canvas, canvas_area(&canvas), 0, 10, 0, 5);
    plot_level_line(&canvas, &chart, 4, "base", ROLE_BASE);
    plot_curve(&canvas, &chart, 0, 1, y, 11, ROLE_SMOOTH);
    test_picture(&canvas, rows);
    canvas_release(&canvas);
}

START_TEST(a_chart_has_axes_a_base_line_and_a_curve_with_a_gap)
{
    check_chart(GLYPHS_BRAILLE, "    │        ⡠⠚⢄\n"
                                "   4┤╌╌╌╌╌╌⢀⠔⠁╌⠈⠢⡀╌ base\n"
                                "    │     ⡰⠁     ⠈⠂\n"
                                "   2┤   ⢠⠊\n"
                                "    │ ⢀⠔⠁            ⠠⠤⠤\n"
                                "   0┤⡠⠊\n"
                                "    └┬────────┬────────┬\n"
                                "     0        5       10\n");
    check_chart(GLYPHS_BLOCKS, "    │        ▄▀▄\n"
                               "   4┤╌╌╌╌╌╌╌█╌╌╌█╌╌ base\n"
                               "    │     █▀     ▀▀\n"
                               "   2┤   ▄█\n"
                               "    │  ▄▀            ▄▄▄\n"
                               "   0┤▄▀\n"
                               "    └┬────────┬────────┬\n"
                               "     0        5       10\n");
    check_chart(GLYPHS_ASCII, "    |         *\n"
                              "   4+-------**-**-- base\n"
                              "    |     **     **\n"
                              "   2+   **\n"
                              "    | **             ***\n"
                              "   0+*\n"
                              "    ++--------+--------+\n"
                              "     0        5       10\n");
}
END_TEST

static void check_noise(Glyphs glyphs, const char *rows)
{
    static const double line[] = {0, 1};
    double noise[200];
    Canvas canvas = test_canvas(12, 4, glyphs);
    Chart chart = {canvas_area(&canvas), 0, 1, 0, 1};
    for (int i = 0; i < 200; i++)
        noise[i] = i % 2 ? .2 + .3 * i / 200 : .5 + .5 * i / 200;
    plot_curve(&canvas, &chart, 0, 1 / 199.0, noise, 200, ROLE_CURVE);
    plot_curve(&canvas, &chart, 0, 1, line, 2, ROLE_SMOOTH);
    test_picture(&canvas, rows);
    canvas_release(&canvas);
}

START_TEST(a_line_stands_out_from_the_range_of_raw_data)
{
    check_noise(GLYPHS_BRAILLE, "      ⣀⣠⢤⣀⠔⠊\n⣀⣠⢤⢖⢞⢝⣀⠔⠊⢕⢕⢕\n⢕⢕⣕⡠⠔⠉⠵⠓⠓⠋⠉⠉\n⡠⠔⠉\n");
    check_noise(GLYPHS_BLOCKS, "      ...▄▄▀\n...:::▄▄▀:::\n:::▄▀▀:˙˙˙˙˙\n▄▀▀\n");
    check_noise(GLYPHS_ASCII, "       ...**\n......****..\n..****......\n**\n");
}
END_TEST

static void check_crossing(Glyphs glyphs, const char *rows)
{
    static const double zigzag[] = {0, 1, 0, 1, 0}, level[] = {.5, .5};
    Canvas canvas = test_canvas(12, 4, glyphs);
    Chart chart = {canvas_area(&canvas), 0, 1, 0, 1};
    plot_curve(&canvas, &chart, 0, .25, zigzag, 5, ROLE_SMOOTH);
    plot_curve(&canvas, &chart, 0, 1, level, 2, ROLE_SMOOTH);
    plot_mark(&canvas, &chart, .3, ROLE_ACCENT);
    plot_point(&canvas, &chart, 1, 0, ROLE_ACCENT);
    test_picture(&canvas, rows);
    canvas_release(&canvas);
}

START_TEST(curves_of_one_role_merge_and_marks_leave_them)
{
    check_crossing(GLYPHS_BRAILLE, "  ⢠⢣    ⡜⡄\n ⢀⠇⠈⡆  ⢰⠁⠸⡀\n⠉⡏⠉⠉⠙⡍⢩⠋⠉⠉⢹⠉\n⡜  │ ⠱⡜    ●\n");
    check_crossing(GLYPHS_BLOCKS, "   █    █\n  █│█  █ █\n▀█▀▀▀█▀█▀▀█▀\n█  │ ▀█    ●\n");
    check_crossing(GLYPHS_ASCII, "   *    *\n  *|*  * *\n************\n*  |  *    *\n");
}
END_TEST

START_TEST(letters_in_a_chart_stay)
{
    static const double level[] = {.5, .5};
    Canvas canvas = test_canvas(10, 1, GLYPHS_BRAILLE);
    Chart chart = {canvas_area(&canvas), 0, 1, 0, 1};
    canvas_text(&canvas, chart.plot, 2, 0, ROLE_NOTE, 0, "日 ok");
    plot_curve(&canvas, &chart, 0, 1, level, 2, ROLE_SMOOTH);
    plot_mark(&canvas, &chart, .3, ROLE_ACCENT);
    test_picture(&canvas, "⠤⠤日⠤ok⠤⠤⠤\n");
    canvas_release(&canvas);
}
END_TEST

START_TEST(only_the_part_of_a_curve_within_the_chart_is_drawn)
{
    static const double y[] = {-100, 100, -100};
    Canvas canvas = test_canvas(8, 4, GLYPHS_ASCII);
    Chart chart = {{1, 1, 6, 2}, 0, 1, 0, 1};
    plot_curve(&canvas, &chart, -1, 1.5, y, 3, ROLE_SMOOTH);
    test_picture(&canvas, "\n\n\n\n");
    plot_curve(&canvas, &chart, -1, 3, (double[]){-1, 2}, 2, ROLE_SMOOTH);
    test_picture(&canvas, "\n    ***\n ***\n\n");
    canvas_release(&canvas);
}
END_TEST

static double odd_number(uint32_t *seed)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 1e308, -1e308, 1e-308, 0, -0.0, 1e15};
    int chance = test_chance(seed, 0, 29);
    return chance < 9 ? odd[chance] : test_chance(seed, -1000, 1000) / 100.0;
}

START_TEST(no_numbers_and_no_size_draw_outside_of_the_area)
{
    uint32_t seed = 99;
    for (int round = 0; round < 1000; round++) {
        Canvas canvas = test_canvas(30, 12, round % 3);
        Area area = {test_chance(&seed, -5, 25), test_chance(&seed, -5, 10),
                     test_chance(&seed, -2, 40), test_chance(&seed, -2, 20)};
        double y[20];
        for (int i = 0; i < 20; i++)
            y[i] = odd_number(&seed);
        Chart chart = plot_axes(&canvas, area, odd_number(&seed), odd_number(&seed),
                                odd_number(&seed), odd_number(&seed));
        double dx = fabs(odd_number(&seed));
        plot_level_line(&canvas, &chart, odd_number(&seed), "日 label", ROLE_BASE);
        plot_curve(&canvas, &chart, odd_number(&seed), dx > 0 ? dx : 1, y, 20,
                   round % 2 ? ROLE_CURVE : ROLE_SMOOTH);
        plot_mark(&canvas, &chart, odd_number(&seed), ROLE_ACCENT);
        plot_point(&canvas, &chart, odd_number(&seed), odd_number(&seed), ROLE_ACCENT);
        plot_columns(&canvas, area, y, 20, odd_number(&seed), odd_number(&seed), ROLE_CURVE);
        plot_bar(&canvas, area, 1, 1, test_chance(&seed, -3, 30), odd_number(&seed), ROLE_CURVE);
        plot_signed(&canvas, area, 3, 2, test_chance(&seed, -1, 5), odd_number(&seed));
        plot_level(&canvas, area, 3, 3, test_chance(&seed, -1, 5), odd_number(&seed));
        for (int i = 0; i < 30 * 12; i++) {
            int x = i % 30 - area.x, row = i / 30 - area.y;
            bool inside = x >= 0 && x < area.w && row >= 0 && row < area.h;
            ck_assert(inside || canvas.cell[i].glyph == ' ');
        }
        canvas_release(&canvas);
    }
}
END_TEST

/* ---- ticks ----------------------------------------------------------------------------------- */

START_TEST(ticks_are_round_and_no_more_than_asked_for)
{
    ck_assert_double_eq(plot_tick(0, 1000, 6), 200);
    ck_assert_double_eq(plot_tick(0, 1000, 5), 500);
    ck_assert_double_eq(plot_tick(2, 3.5, 4), .5);
    ck_assert_double_eq(plot_tick(0, 0, 4), 1);
    uint32_t seed = 5;
    for (int i = 0; i < 3000; i++) {
        double low = test_chance(&seed, -5000, 5000) / 37.0;
        double high = low + pow(10, test_chance(&seed, -40, 40) / 10.0);
        int most = test_chance(&seed, 1, 12);
        double step = plot_tick(low, high, most), digit = step / pow(10, floor(log10(step) + 1e-9));
        ck_assert(fabs(digit - 1) < 1e-6 || fabs(digit - 2) < 1e-6 || fabs(digit - 5) < 1e-6);
        ck_assert_double_le(floor(high / step) - ceil(low / step) + 1, most);
    }
}
END_TEST

/* Fails unless the last row holds rising numbers with two blanks between, within the width. */
static void check_labels(const Canvas *canvas, double low, double high)
{
    const Cell *row = &canvas->cell[(canvas->height - 1) * canvas->width];
    char text[256];
    for (int x = 0; x < canvas->width; x++)
        text[x] = (char)(row[x].glyph == ',' ? '0' : row[x].glyph);
    text[canvas->width] = '\0';
    double last = -INFINITY;
    char *end;
    for (char *c = text; c[strspn(c, " ")]; c = end) {
        ck_assert_msg(c == text || strspn(c, " ") >= 1, "%s", text);
        double number = strtod(c, &end);
        ck_assert_msg(end > c && number > last, "%s", text);
        ck_assert_msg(number < 1e4 ? number >= low - 1e-6 && number <= high + 1e-6 : true, "%s",
                      text);
        last = number;
    }
}

START_TEST(labels_of_an_axis_never_overlap)
{
    uint32_t seed = 31;
    for (int i = 0; i < 1000; i++) {
        Canvas canvas = test_canvas(test_chance(&seed, 14, 150), 8, GLYPHS_BRAILLE);
        double low = test_chance(&seed, 0, 3) ? 0 : test_chance(&seed, -900, 900) / 10.0;
        double high = low + pow(10, test_chance(&seed, -10, 60) / 10.0);
        plot_axes(&canvas, canvas_area(&canvas), low, high, 0, 1);
        check_labels(&canvas, low, high);
        canvas_release(&canvas);
    }
}
END_TEST

START_TEST(the_labels_of_a_run_are_round)
{
    Canvas canvas = test_canvas(60, 7, GLYPHS_ASCII);
    plot_axes(&canvas, canvas_area(&canvas), 0, 50000, 2, 3.5);
    test_picture(&canvas, "    |\n"
                          "   3+\n"
                          "    |\n"
                          "    |\n"
                          "   2+\n"
                          "    ++----------+----------+---------+----------+----------+\n"
                          "     0        10,000     20,000    30,000     40,000  50,000\n");
    canvas_release(&canvas);
}
END_TEST

/* Half of it is as far from it as it is from its double. */
START_TEST(a_logarithmic_axis_has_the_numbers_themselves)
{
    Canvas canvas = test_canvas(24, 8, GLYPHS_ASCII);
    Chart chart = plot_axes_log(&canvas, canvas_area(&canvas), 0, 10, log10(1), log10(4));

    plot_point(&canvas, &chart, 5, log10(2), ROLE_ACCENT);
    test_picture(&canvas, "    |\n   3+\n    |\n   2+         *\n    |\n   1+\n"
                          "    ++--------+--------+\n     0        5       10\n");
    ck_assert_int_eq(plot_column_of(&canvas, &chart, 0), 0);
    ck_assert_int_eq(plot_column_of(&canvas, &chart, 10), chart.plot.w - 1);
    ck_assert_int_eq(plot_row_of(&canvas, &chart, 0), chart.plot.h - 1);
    canvas_release(&canvas);
}
END_TEST

START_TEST(without_room_there_are_no_axes)
{
    Canvas canvas = test_canvas(13, 3, GLYPHS_ASCII);
    Chart chart = plot_axes(&canvas, canvas_area(&canvas), 5, 5, NAN, 1);
    ck_assert_int_eq(chart.plot.w, 13);
    ck_assert_double_eq(chart.x_low, 4.5);
    ck_assert_double_eq(chart.x_high, 5.5);
    ck_assert_double_eq(chart.y_high, 1);
    test_picture(&canvas, "\n\n\n");
    canvas_release(&canvas);
}
END_TEST

Suite *plot_suite(void)
{
    Suite *suite = suite_create("plot");
    TCase *bars = tcase_create("bars");
    TCase *heat = tcase_create("heat");
    TCase *charts = tcase_create("charts");

    tcase_set_timeout(charts, 20);
    tcase_add_test(bars, a_bar_is_as_long_as_its_value);
    tcase_add_test(bars, a_sparkline_shows_eight_heights_and_means_where_it_is_narrow);
    tcase_add_test(bars, columns_use_all_rows_of_their_area);
    tcase_add_test(heat, heat_says_by_glyph_what_it_says_by_colour);
    tcase_add_test(heat, greater_weights_never_have_the_glyph_of_smaller_ones);
    tcase_add_test(heat, roles_of_heat_rise_with_the_value);
    tcase_add_test(heat, a_heat_cell_is_solid_and_an_absent_one_has_no_ground);
    tcase_add_test(heat, legends_show_all_cells_in_order);
    tcase_add_test(charts, a_chart_has_axes_a_base_line_and_a_curve_with_a_gap);
    tcase_add_test(charts, a_line_stands_out_from_the_range_of_raw_data);
    tcase_add_test(charts, curves_of_one_role_merge_and_marks_leave_them);
    tcase_add_test(charts, letters_in_a_chart_stay);
    tcase_add_test(charts, only_the_part_of_a_curve_within_the_chart_is_drawn);
    tcase_add_test(charts, no_numbers_and_no_size_draw_outside_of_the_area);
    tcase_add_test(charts, ticks_are_round_and_no_more_than_asked_for);
    tcase_add_test(charts, labels_of_an_axis_never_overlap);
    tcase_add_test(charts, the_labels_of_a_run_are_round);
    tcase_add_test(charts, a_logarithmic_axis_has_the_numbers_themselves);
    tcase_add_test(charts, without_room_there_are_no_axes);
    suite_add_tcase(suite, bars);
    suite_add_tcase(suite, heat);
    suite_add_tcase(suite, charts);
    return suite;
}
