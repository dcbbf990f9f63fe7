#include "view/loss_sweep.h"

#include "engine/support.h"
#include "suites.h"
#include "support.h"
#include "viewing.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

#define NAMES "../data/names.txt"
#define SMALL "--n-embd 4 --n-head 2 --block-size 5 --steps 60"

static void open_view(Viewing *viewing)
{
    viewing_open(viewing, VIEW_LOSS, NAMES, SMALL, "60");
}

static void shows(const char *picture, const char *part)
{
    ck_assert_msg(strstr(picture, part) != NULL, "no \"%s\" in\n%s", part, picture);
}

static void shows_not(const char *picture, const char *part)
{
    ck_assert_msg(strstr(picture, part) == NULL, "\"%s\" in\n%s", part, picture);
}

START_TEST(without_a_sweep_it_says_how_to_begin_one)
{
    Viewing viewing;

    open_view(&viewing);
    shows(viewing_run(&viewing, "look shows sweep"), ":sweep lr 0.001 0.01 0.1 seeds 3");
    viewing_sweep(&viewing);
    viewing_close(&viewing);
}
END_TEST

START_TEST(a_row_has_the_numbers_of_its_runs)
{
    Viewing viewing;
    char part[64];

    open_view(&viewing);
    viewing_run(&viewing, "sweep lr 0.003 0.01 0.1 seeds 3");
    const char *picture = viewing_draw(&viewing, 100, 30);
    for (int row = 0; row < 3; row++) {
        const SweepSummary summary = sweep_summary(&viewing.app.sweep, row);
        snprintf(part, sizeof part, "%.3f     %.3f", summary.mean, summary.spread);
        shows(picture, part);
        snprintf(part, sizeof part, " %c %s ", 'A' + row, viewing.app.sweep.plan.value[row]);
        shows(picture, part);
    }
    shows(picture, "9 of 9 runs");
    shows(picture, "lowest");
    shows(picture, "(lr, seeds 42 to 44)");
    viewing_close(&viewing);
}
END_TEST

/* Columns of a line of the picture where a glyph stands. */
static int count_glyphs(const char *line, const char *glyph)
{
    int count = 0;

    for (const char *at = line; *at && *at != '\n'; at++)
        count += strncmp(at, glyph, strlen(glyph)) == 0;
    return count;
}

START_TEST(every_seed_has_its_mark_on_one_axis)
{
    Viewing viewing;

    open_view(&viewing);
    viewing_run(&viewing, "sweep lr 0.003 0.01 seeds 3");
    Sweep *sweep = &viewing.app.sweep;
    static const double results[] = {2, 3, 4, 2.5, 2.75, 3.5};
    for (int i = 0; i < 6; i++)
        sweep->run[i].course.heldout[0] = results[i];
    const char *picture = viewing_draw(&viewing, 100, 30);
    shows(picture, "2.000"); /* the axis */
    shows(picture, "4.000");
    const char *first = strstr(picture, " A 0.003"), *second = strstr(picture, " B 0.01");
    ck_assert_int_eq(count_glyphs(first, "○"), 3);
    ck_assert_int_eq(count_glyphs(second, "●"), 3);
    shows(picture, "0.01 is lowest, but its seeds overlap with those of 0.003");
    shows(picture, "say nothing");
    viewing_close(&viewing);
}
END_TEST

START_TEST(a_band_reaches_from_the_lowest_to_the_highest_seed)
{
    Viewing viewing;
    static const double loss[] = {2.2, 2.8};

    open_view(&viewing);
    viewing_run(&viewing, "sweep lr 0.003 seeds 2");
    for (int seed = 0; seed < 2; seed++) {
        SweepRun *run = &viewing.app.sweep.run[seed];
        for (int k = 0; k < run->means; k++)
            run->mean[k] = loss[seed];
    }
    viewing.canvas.glyphs = GLYPHS_ASCII;
    const char *picture = viewing_draw(&viewing, 60, 30);
    int tinted = 0, means = 0;
    for (const char *line = picture; line; line = strchr(line + 1, '\n')) {
        const char *axis = strpbrk(line + 1, "|+\n");
        if (!axis || *axis == '\n')
            continue;
        tinted += count_glyphs(axis, ":") > 30;
        means += count_glyphs(axis, "*") > 30;
    }
    ck_assert_int_eq(means, 1);
    ck_assert_int_ge(tinted, 5);
    viewing_close(&viewing);
}
END_TEST

START_TEST(without_colours_letters_name_the_lines)
{
    Viewing viewing;

    open_view(&viewing);
    viewing_run(&viewing, "sweep lr 0.003 0.01 0.1 seeds 2");
    viewing.canvas.glyphs = GLYPHS_ASCII;
    const char *picture = viewing_draw(&viewing, 100, 40);
    const char *table = strstr(picture, "held out");
    int letters[3] = {0};
    for (const char *at = picture; at < table; at++)
        if (*at >= 'A' && *at <= 'C')
            letters[*at - 'A']++;
    for (int row = 0; row < 3; row++)
        ck_assert_int_ge(letters[row], 2);
    viewing_close(&viewing);
}
END_TEST

START_TEST(what_failed_says_why)
{
    Viewing viewing;

    open_view(&viewing);
    viewing_run(&viewing, "sweep n_embd 5 4 seeds 2");
    shows(viewing_draw(&viewing, 100, 30), "refused: n_embd 5 cannot be shared out");
    viewing_run(&viewing, "sweep lr 1e300 0.01 seeds 2 also norm off");
    shows(viewing_draw(&viewing, 100, 30), "2 of 2 diverged: the loss of step 2 is nan");
    viewing_sweep(&viewing);
    viewing_close(&viewing);
}
END_TEST

START_TEST(seeds_alone_stand_behind_the_curve_of_the_run)
{
    Viewing viewing;

    open_view(&viewing);
    shows_not(viewing_draw(&viewing, 100, 40), "its range over");
    viewing_run(&viewing, "sweep seeds 4");
    shows(viewing_draw(&viewing, 100, 40), "its range over 4 seeds");
    shows(viewing_draw(&viewing, 100, 40), "How surprised is it?");
    viewing_sweep(&viewing);
    viewing_run(&viewing, "look shows sweep");
    shows(viewing_draw(&viewing, 100, 40), "What does the seed change?");
    shows(viewing_draw(&viewing, 100, 40), "The seed alone makes a difference of");
    viewing_close(&viewing);
}
END_TEST

START_TEST(it_keeps_to_its_area_at_any_size)
{
    static const char *const sweeps[] = {
        "sweep lr 1 2 3 4 5 6 7 8 9 10 seeds 2 steps 20",
        "sweep n_embd 4 5 6 8 also lr 1e300",
        "sweep steps 1 2 30 seeds 2",
        "sweep block_size 1 2 seeds 3",
        "sweep attention on uniform off seeds 2 steps 5",
    };
    Viewing viewing;

    open_view(&viewing);
    for (size_t i = 0; i < sizeof sweeps / sizeof *sweeps; i++) {
        viewing_run(&viewing, sweeps[i]);
        viewing_sweep(&viewing);
        viewing_run(&viewing, i % 2 ? "look scale linear" : "look scale log");
        viewing_sweep(&viewing);
    }
    viewing_close(&viewing);
}
END_TEST

START_TEST(the_cursor_goes_along_the_rows_and_into_a_run)
{
    Viewing viewing;

    open_view(&viewing);
    viewing_run(&viewing, "sweep lr 0.003 0.01 0.1 seeds 2 steps 20 also norm off");
    viewing_run(&viewing, "cursor down");
    viewing_run(&viewing, "cursor down 2");
    const Focus focus = look_focus(&viewing.app.look);
    ck_assert_int_eq(focus.kind, FOCUS_ITEM);
    ck_assert_int_eq(focus.index, 2);
    viewing_run(&viewing, "open");
    const Settings *settings = &viewing.app.session.trainer.settings;
    ck_assert_double_eq(settings->lr, 0.1);
    ck_assert_int_eq(settings->norm, 0);
    ck_assert_int_eq(settings->steps, 20);
    ck_assert_str_eq(branches_name(&viewing.app.branches), "lr-C");
    test_same_bits(viewing.app.session.trainer.loss,
                   sweep_run(&viewing.app.sweep, 2, 0)->course.loss, 20, "loss");
    viewing_close(&viewing);
}
END_TEST

START_TEST(it_tells_what_it_shows)
{
    Viewing viewing;

    open_view(&viewing);
    viewing_run(&viewing, "sweep lr 0.003 0.01 seeds 2");
    shows(viewing_tell(&viewing, false), "lr\theld out\tspread");
    shows(viewing_tell(&viewing, true), "\"setting\":\"lr\"");
    shows(viewing_tell(&viewing, true), "\"value\":0.003");
    viewing_run(&viewing, "look shows run");
    shows(viewing_tell(&viewing, false), "The loss of step 60");
    viewing_close(&viewing);
}
END_TEST

Suite *loss_sweep_suite(void)
{
    Suite *suite = suite_create("loss_sweep");
    TCase *all = tcase_create("loss_sweep");

    tcase_add_test(all, without_a_sweep_it_says_how_to_begin_one);
    tcase_add_test(all, a_row_has_the_numbers_of_its_runs);
    tcase_add_test(all, every_seed_has_its_mark_on_one_axis);
    tcase_add_test(all, a_band_reaches_from_the_lowest_to_the_highest_seed);
    tcase_add_test(all, without_colours_letters_name_the_lines);
    tcase_add_test(all, what_failed_says_why);
    tcase_add_test(all, seeds_alone_stand_behind_the_curve_of_the_run);
    tcase_add_test(all, it_keeps_to_its_area_at_any_size);
    tcase_add_test(all, the_cursor_goes_along_the_rows_and_into_a_run);
    tcase_add_test(all, it_tells_what_it_shows);
    suite_add_tcase(suite, all);
    return suite;
}
