#include "app/text.h"
#include "suites.h"
#include "viewing.h"
#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS "--n-embd 8 --n-head 2 --n-layer 2 --block-size 8 --steps 40"

static Viewing viewing;

static void open_view(const char *moment)
{
    viewing_open(&viewing, VIEW_GENERATE, "data/words.txt", OPTIONS, moment);
    viewing_draw(&viewing, 80, 24);
}

static void close_view(void)
{
    viewing_close(&viewing);
}

static bool shows(const char *text)
{
    return strstr(viewing.text, text) != NULL;
}

/* What stands in a spot, without blanks. */
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

START_TEST(the_probabilities_on_the_picture_are_those_drawn_from)
{
    const Spots *spots = &viewing.app.look.spots;
    char shown[256], expected[32];
    int numbers = 0;

    open_view("20");
    viewing_draw(&viewing, 120, 60);
    for (int i = 0; i < spots->count; i++) {
        const Spot *spot = &spots->spot[i];
        const WritingItem item = writing_item(spot->focus);
        double value;
        if (item != WRITING_ITEM_BEFORE && item != WRITING_ITEM_AFTER)
            continue;
        ck_assert(writing_value(&viewing.app, spot->focus, &value));
        text_real(value, spot->w, expected, sizeof expected);
        ck_assert_str_eq(text_at(spot, shown), expected + strspn(expected, " "));
        numbers++;
    }
    ck_assert_int_eq(numbers, 2 * viewing.app.session.trainer.gpt.vocab);
    snprintf(expected, sizeof expected, "%.5f",
             viewing.app.writing.drawn[writing_positions(&viewing.app.writing) - 1]);
    ck_assert(shows(expected));
    close_view();
}
END_TEST

START_TEST(a_character_under_the_cursor_shows_how_it_was_drawn)
{
    open_view("20");
    viewing_run(&viewing, "gen a");
    const int last = writing_positions(&viewing.app.writing) - 1;
    char title[64];
    snprintf(title, sizeof title, ", position %d", last);
    ck_assert(shows(title));
    viewing.app.look.focus[VIEW_GENERATE] = writing_focus(WRITING_ITEM_TOKEN, 0, 0);
    viewing_draw(&viewing, 80, 24);
    ck_assert(shows(", position 0"));
    ck_assert(shows("this character was given"));
    viewing_run(&viewing, "cursor right");
    ck_assert(shows(", position 1"));
    ck_assert(shows("where the drawn number fell"));
    /* Among the numbers below, the character stays. */
    for (int i = 0; i < 6; i++)
        viewing_run(&viewing, "cursor down");
    ck_assert_int_ne(writing_item(look_focus(&viewing.app.look)), WRITING_ITEM_TOKEN);
    close_view();
}
END_TEST

START_TEST(enter_writes_a_character_and_backspace_takes_it_back)
{
    open_view("20");
    viewing_run(&viewing, "open");
    ck_assert(shows("1 drawn"));
    viewing_run(&viewing, "open");
    ck_assert(shows("2 drawn") || viewing.app.writing.sampler.ended);
    viewing_run(&viewing, "leave");
    ck_assert(shows("1 drawn"));
    ck_assert_int_eq(writing_positions(&viewing.app.writing), 1);
    close_view();
}
END_TEST

START_TEST(the_cache_has_a_row_for_each_position_that_was_read)
{
    char count[64];
    int64_t made, saved;

    open_view("20");
    viewing_run(&viewing, "gen a");
    viewing.app.look.focus[VIEW_GENERATE] = writing_focus(WRITING_ITEM_TOKEN, 1, 0);
    viewing_draw(&viewing, 100, 30);
    int kept = 0;
    for (const char *at = viewing.text; (at = strstr(at, " kept")); at++)
        kept++;
    ck_assert_int_eq(kept, 1 + 1); /* of position 0; and in the title */
    ck_assert(shows(" new"));
    writing_count(&viewing.app.writing.sampler.gpt, 1, &made, &saved);
    char one[24], other[24];
    snprintf(count, sizeof count, "%s operations, %s saved", text_whole(made, one, sizeof one),
             text_whole(saved, other, sizeof other));
    ck_assert(shows(count));
    close_view();
}
END_TEST

START_TEST(the_list_says_what_each_text_is)
{
    open_view("40");
    viewing_run(&viewing, "look as list");
    const Writing *writing = &viewing.app.writing;
    ck_assert_int_eq(writing->count, WRITING_TEXTS);
    int kinds[WRITING_KINDS] = {0};
    for (int i = 0; i < WRITING_TEXTS; i++) {
        ck_assert(writing->text[i].bytes[0] == '\0' || shows(writing->text[i].bytes));
        kinds[writing->text[i].kind]++;
    }
    char sum[64];
    snprintf(sum, sizeof sum, "%d of 20 are new", kinds[WRITING_NEW]);
    ck_assert(shows(sum));
    ck_assert_ptr_nonnull(strstr(viewing_tell(&viewing, true), "\"texts\":["));
    close_view();
}
END_TEST

START_TEST(a_small_list_still_shows_the_texts)
{
    open_view("40");
    viewing_run(&viewing, "look as list");
    viewing_draw(&viewing, 60, 16);
    for (int i = 0; i < WRITING_TEXTS; i++)
        ck_assert(viewing.app.writing.text[i].bytes[0] == '\0' ||
                  shows(viewing.app.writing.text[i].bytes));
    close_view();
}
END_TEST

START_TEST(what_an_earlier_model_wrote_is_marked_as_older)
{
    Error error;

    open_view("20");
    ck_assert(shows("model of step 20"));
    ck_assert(!shows("older"));
    ck_assert(session_seek(&viewing.app.session, (Moment){25, PHASE_DONE, 0}, &error));
    viewing_draw(&viewing, 80, 24);
    ck_assert(shows("older: model of step 20"));
    ck_assert_ptr_nonnull(strstr(viewing_tell(&viewing, false), "older"));
    writing_settle(&viewing.app);
    viewing_draw(&viewing, 80, 24);
    ck_assert(shows("model of step 25"));
    ck_assert(!shows("older"));
    close_view();
}
END_TEST

START_TEST(what_is_told_is_exact)
{
    char exact[WRITING_TEXT_BYTES + 64], text[WRITING_TEXT_BYTES];
    double value;

    open_view("20");
    viewing_run(&viewing, "gen a");
    const int pos = 1, token = viewing.app.writing.picked[pos];
    ck_assert(writing_value(&viewing.app, writing_focus(WRITING_ITEM_AFTER, pos, token), &value));
    snprintf(exact, sizeof exact, "%.17g", value);
    ck_assert_ptr_nonnull(strstr(viewing_tell(&viewing, true), exact));
    writing_print(&viewing.app, text, sizeof text);
    snprintf(exact, sizeof exact, "\"text\":\"%s\"", text);
    ck_assert_ptr_nonnull(strstr(viewing_tell(&viewing, true), exact));
    ck_assert_ptr_nonnull(strstr(viewing_tell(&viewing, false), "was given"));
    close_view();
}
END_TEST

START_TEST(what_is_written_appears_while_the_run_goes_on)
{
    open_view("0");
    app_run(&viewing.app, 1);
    for (int i = 0; i < 2000 && viewing.app.session.trainer.at.step < 40; i++) {
        viewing.app.due = 0;
        app_work(&viewing.app, 0);
        viewing_draw(&viewing, 80, 24);
        ck_assert(shows("The model writes"));
    }
    while (app_work(&viewing.app, 0) != CHANGE_NONE && viewing.app.direction)
        viewing.app.due = 0;
    writing_settle(&viewing.app);
    viewing_draw(&viewing, 80, 24);
    ck_assert(shows("model of step 40"));
    close_view();
}
END_TEST

START_TEST(every_size_is_drawn_within_its_area)
{
    static const char *const commands[] = {"look as one", "look as list", "gen a", "open",
                                           "look temperature 2"};

    open_view("20");
    viewing_run(&viewing, commands[_i]);
    viewing_sweep(&viewing);
    viewing_run(&viewing, "cursor down");
    viewing_sweep(&viewing);
    close_view();
}
END_TEST

START_TEST(before_anything_is_written_there_is_a_dot)
{
    open_view("20");
    writing_release(&viewing.app.writing);
    viewing_draw(&viewing, 80, 24);
    ck_assert(shows("·"));
    viewing_sweep(&viewing);
    ck_assert_ptr_nonnull(strstr(viewing_tell(&viewing, false), "Nothing is written yet"));
    viewing.app.look.choice[LOOK_GENERATE_AS] = 1;
    viewing_sweep(&viewing);
    close_view();
}
END_TEST

/* The text is the same; what is done again for it is counted. */
START_TEST(without_the_cache_the_page_says_what_is_made_again)
{
    char count[96], one[24], again[24];
    int64_t made, saved;

    open_view("20");
    viewing_run(&viewing, "option kv_cache = off");
    viewing_run(&viewing, "gen a");
    viewing.app.look.focus[VIEW_GENERATE] = writing_focus(WRITING_ITEM_TOKEN, 1, 0);
    viewing_draw(&viewing, 100, 30);
    const Gpt *gpt = &viewing.app.writing.sampler.gpt;
    ck_assert(shows("made anew"));
    ck_assert(!shows("kept "));
    ck_assert_int_gt(writing_again(gpt, 1), 0);
    ck_assert_int_eq(writing_again(gpt, 0), 0);
    writing_count(gpt, 1, &made, &saved);
    snprintf(count, sizeof count, "%s operations, %s again", text_whole(made, one, sizeof one),
             text_whole(writing_again(gpt, 1), again, sizeof again));
    ck_assert(shows(count));
    close_view();
}
END_TEST

Suite *view_generate_suite(void)
{
    Suite *suite = suite_create("view_generate");
    TCase *tests = tcase_create("view_generate");

    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, the_probabilities_on_the_picture_are_those_drawn_from);
    tcase_add_test(tests, a_character_under_the_cursor_shows_how_it_was_drawn);
    tcase_add_test(tests, enter_writes_a_character_and_backspace_takes_it_back);
    tcase_add_test(tests, the_cache_has_a_row_for_each_position_that_was_read);
    tcase_add_test(tests, the_list_says_what_each_text_is);
    tcase_add_test(tests, a_small_list_still_shows_the_texts);
    tcase_add_test(tests, what_an_earlier_model_wrote_is_marked_as_older);
    tcase_add_test(tests, what_is_told_is_exact);
    tcase_add_test(tests, what_is_written_appears_while_the_run_goes_on);
    tcase_add_loop_test(tests, every_size_is_drawn_within_its_area, 0, 5);
    tcase_add_test(tests, before_anything_is_written_there_is_a_dot);
    tcase_add_test(tests, without_the_cache_the_page_says_what_is_made_again);
    suite_add_tcase(suite, tests);
    return suite;
}
