#include "view/knobs_pane.h"

#include "engine/sys.h"
#include "suites.h"
#include "view/view.h"
#include "viewing.h"
#include <string.h>

static Viewing viewing;
static Knobs *knobs;

static void set_up(void)
{
    viewing_open(&viewing, VIEW_OVERVIEW, "data/words.txt",
                 "--n-embd 4 --n-head 2 --block-size 4 --steps 40", "5");
    knobs = &viewing.app.knobs;
    viewing_draw(&viewing, 120, 40);
}

static void tear_down(void)
{
    viewing_close(&viewing);
}

static void press(const char *key)
{
    app_key(&viewing.app, key);
}

/* Whether a row of the picture has both. */
static bool has_row(const char *picture, const char *left, const char *right)
{
    for (const char *row = picture; *row; row += strcspn(row, "\n") + 1) {
        char line[1024];
        snprintf(line, sizeof line, "%.*s", (int)strcspn(row, "\n"), row);
        if (strstr(line, left) && strstr(line, right))
            return true;
    }
    return false;
}

START_TEST(what_is_turned_has_a_star_and_its_number)
{
    const char *picture = viewing_run(&viewing, "knobs residual=off lr=0.025");

    ck_assert(has_row(picture, "▸*lr", "0.025"));
    ck_assert(has_row(picture, " *residual", "●off"));
    ck_assert(has_row(picture, " beta1", "0.85"));
    ck_assert(!strstr(picture, "*beta1"));
    ck_assert(has_row(picture, "lr  learning rate at the start", "default 0.01"));
}
END_TEST

START_TEST(the_numbers_are_those_of_the_runs)
{
    const char *picture = viewing_run(&viewing, "knobs lr=0.1");
    char now[32], before[32], change[32];

    snprintf(now, sizeof now, "%.3f", knobs_last(knobs->shown));
    snprintf(before, sizeof before, "%.3f", knobs_last(knobs->own));
    snprintf(change, sizeof change, "%+.3f", knobs_last(knobs->shown) - knobs_last(knobs->own));
    ck_assert(has_row(picture, "last 100", now));
    ck_assert(has_row(picture, now, before));
    ck_assert(has_row(picture, before, change));
    for (int i = 0; i < 2; i++)
        ck_assert(strstr(picture, knobs->shown->course.text[i]));
}
END_TEST

START_TEST(a_ghost_has_its_name_beside_its_end)
{
    char kept[32];

    viewing_run(&viewing, "knobs lr=0.1");
    viewing_run(&viewing, "knobs keep");
    snprintf(kept, sizeof kept, "kept %.2f", knobs->kept->curve[knobs->kept->points - 1]);
    const char *picture = viewing_run(&viewing, "knobs lr=0.0001");
    ck_assert(strstr(picture, kept));
    ck_assert(strstr(picture, "now "));
    ck_assert(strstr(picture, "yours "));
    ck_assert(strstr(picture, "guess "));
    ck_assert(has_row(picture, "Loss", "kept"));
}
END_TEST

START_TEST(a_number_is_seen_while_it_is_typed)
{
    viewing_run(&viewing, "knobs");
    press("0");
    press(".");
    press("3");
    ck_assert(has_row(viewing_draw(&viewing, 120, 40), "▸ ", "0.3_"));
}
END_TEST

START_TEST(a_run_that_takes_long_shows_how_far_it_is)
{
    viewing_run(&viewing, "knobs");
    Error error;
    ck_assert(knobs_set(&viewing.app, settings_find("steps"), "9999999", &error));
    while (!knobs->growing)
        app_work(&viewing.app, sys_seconds() + 0.01);
    const char *picture = viewing_draw(&viewing, 120, 40);
    ck_assert(strstr(picture, "training: step "));
    ck_assert(strstr(picture, " of 9,999,999, "));
    knobs_close(&viewing.app);
}
END_TEST

START_TEST(where_it_diverges_the_reason_stands_for_the_texts)
{
    const char *picture = viewing_run(&viewing, "knobs lr=1e300");

    ck_assert(strstr(picture, "the loss of step"));
    ck_assert(strstr(picture, "now nan"));
    ck_assert(has_row(picture, "last 100", "·"));
    picture = viewing_run(&viewing, "knobs lr=0.01 attention=off");
    ck_assert(strstr(picture, "attention is off"));
}
END_TEST

START_TEST(help_explains_the_panel_and_its_keys)
{
    viewing_run(&viewing, "knobs");
    const char *picture = viewing_run(&viewing, "help");

    ck_assert(strstr(picture, "What you see: knobs"));
    ck_assert(has_row(picture, "Enter", "make it your run"));
    press("q");
    ck_assert(knobs->on && !viewing.app.help);
    ck_assert(strstr(viewing_draw(&viewing, 80, 24), "make it your run"));
}
END_TEST

/* Drawn alone into areas of many sizes, it stays within them. */
START_TEST(no_size_is_too_small_or_left)
{
    viewing_run(&viewing, "knobs n_head=4 n_layer=3");
    for (int glyphs = GLYPHS_ASCII; glyphs <= GLYPHS_BRAILLE; glyphs++)
        for (int width = 0; width < 130; width += 7)
            for (int height = 0; height < 50; height += 3) {
                const Area area = {3, 2, width, height};
                Canvas *canvas = &viewing.canvas;
                ck_assert(canvas_resize(canvas, 140, 56, NULL));
                canvas->glyphs = (Glyphs)glyphs;
                canvas_clear(canvas);
                knobs_pane_draw(&viewing.app, canvas, area);
                for (int i = 0; i < canvas->width * canvas->height; i++) {
                    const int x = i % canvas->width - 3, y = i / canvas->width - 2;
                    if (x < 0 || x >= width || y < 0 || y >= height)
                        ck_assert_msg(canvas->cell[i].glyph == 0x20, "%dx%d: %d %d has U+%04x",
                                      width, height, x, y, (unsigned)canvas->cell[i].glyph);
                }
            }
}
END_TEST

Suite *knobs_pane_suite(void)
{
    Suite *suite = suite_create("knobs_pane");
    TCase *tests = tcase_create("knobs_pane");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, what_is_turned_has_a_star_and_its_number);
    tcase_add_test(tests, the_numbers_are_those_of_the_runs);
    tcase_add_test(tests, a_ghost_has_its_name_beside_its_end);
    tcase_add_test(tests, a_number_is_seen_while_it_is_typed);
    tcase_add_test(tests, a_run_that_takes_long_shows_how_far_it_is);
    tcase_add_test(tests, where_it_diverges_the_reason_stands_for_the_texts);
    tcase_add_test(tests, help_explains_the_panel_and_its_keys);
    tcase_add_test(tests, no_size_is_too_small_or_left);
    suite_add_tcase(suite, tests);
    return suite;
}
