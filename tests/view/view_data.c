#include "suites.h"
#include "support.h"
#include "viewing.h"
#include <stdio.h>
#include <string.h>

#define NAMES "../data/names.txt"
#define SMALL "--n-embd 4 --n-head 2 --block-size 5 --steps 60"

static void shows(const char *picture, const char *part)
{
    ck_assert_msg(strstr(picture, part) != NULL, "no \"%s\" in\n%s", part, picture);
}

static void shows_not(const char *picture, const char *part)
{
    ck_assert_msg(strstr(picture, part) == NULL, "\"%s\" in\n%s", part, picture);
}

/* The text of document d, with its mark: "▸ emma". */
static const char *marked(const Viewing *viewing, int64_t d, const char *mark, char text[80])
{
    size_t length;
    const char *bytes = corpus_text(&viewing->app.session.corpus, d, &length);

    snprintf(text, 80, "%s %.*s", mark, (int)length, bytes);
    return text;
}

START_TEST(documents_are_marked_as_read_under_work_and_to_come)
{
    Viewing viewing;
    char text[80];

    viewing_open(&viewing, VIEW_DATA, NAMES, SMALL, "12.forward.5");
    const char *picture = viewing_draw(&viewing, 80, 24);
    shows(picture, "read:    12 of 8,403");
    shows(picture, marked(&viewing, 11, "✓", text));
    shows(picture, marked(&viewing, 12, "▸", text));
    shows(picture, marked(&viewing, 13, " ", text));
    viewing_run(&viewing, "goto 5.forward.5");
    shows(viewing.text, marked(&viewing, 4, "✓", text));
    shows(viewing.text, marked(&viewing, 5, "▸", text));
    shows_not(viewing.text, marked(&viewing, 11, "✓", text));
    viewing_close(&viewing);
}
END_TEST

START_TEST(documents_held_out_are_marked)
{
    Viewing viewing;
    char text[80];

    viewing_open(&viewing, VIEW_DATA, NAMES, SMALL, "1");
    const char *picture = viewing_run(&viewing, "focus doc 8303");
    shows(picture, marked(&viewing, 8303, "○", text));
    shows(picture, marked(&viewing, 8302, " ", text));
    viewing_close(&viewing);
    viewing_open(&viewing, VIEW_DATA, "data/words.txt", SMALL, "1");
    shows_not(viewing_draw(&viewing, 80, 24), "○");
    viewing_close(&viewing);
}
END_TEST

START_TEST(a_document_that_was_read_twice_has_the_loss_of_the_later_step)
{
    Viewing viewing;
    char loss[32];

    viewing_open(&viewing, VIEW_DATA, "data/words.txt", SMALL, "40");
    viewing_run(&viewing, "focus step 34");
    int count = (int)viewing.app.session.corpus.count;
    ck_assert_int_eq(count, 16);
    snprintf(loss, sizeof loss, "%.2f", viewing.app.session.trainer.loss[33]);
    shows(viewing.text, loss);
    ck_assert_int_eq(spots_find(&viewing.app.look.spots, (Focus){.kind = FOCUS_STEP, .index = 2}),
                     -1);
    ck_assert_int_ge(spots_find(&viewing.app.look.spots, (Focus){.kind = FOCUS_STEP, .index = 34}),
                     0);
    viewing_close(&viewing);
}
END_TEST

START_TEST(the_cursor_walks_over_all_documents_and_enter_goes_to_a_step)
{
    Viewing viewing;

    viewing_open(&viewing, VIEW_DATA, NAMES, SMALL, "12.forward.5");
    viewing_run(&viewing, "cursor down");
    ck_assert_int_eq(look_focus(&viewing.app.look).kind, FOCUS_DOCUMENT);
    ck_assert_int_eq(look_focus(&viewing.app.look).index, 12);
    for (int i = 0, last = 12; i < 30; i++, last = look_focus(&viewing.app.look).index) {
        viewing_run(&viewing, "cursor down 8");
        ck_assert_int_gt(look_focus(&viewing.app.look).index, last);
    }
    viewing_run(&viewing, "focus doc 20");
    viewing_run(&viewing, "open");
    ck_assert_int_eq(viewing.app.session.trainer.at.step, 21);
    viewing_close(&viewing);
}
END_TEST

START_TEST(tokens_are_counted_over_all_documents)
{
    Viewing viewing;
    char part[80], number[32];

    viewing_open(&viewing, VIEW_DATA, NAMES, SMALL, "12");
    const char *picture = viewing_run(&viewing, "look as vocabulary");
    const Tally *tally = &viewing.app.session.findings.tally;
    snprintf(number, sizeof number, "%lld", (long long)tally->count[9]);
    shows(viewing_tell(&viewing, true), number);
    picture = viewing_draw(&viewing, 78, 50);
    ck_assert_int_lt(tally->count[9], 1000);
    snprintf(part, sizeof part, " 9 j  U+006A  %10lld%5.1f%%", (long long)tally->count[9],
             100 * (double)tally->count[9] / (double)tally->tokens);
    shows(picture, part);
    shows(picture, "BOS");
    viewing_close(&viewing);
}
END_TEST

START_TEST(typed_text_is_cut_into_tokens_and_what_is_unknown_is_said)
{
    Viewing viewing;

    viewing_open(&viewing, VIEW_DATA, NAMES, SMALL, "12");
    const char *picture = viewing_run(&viewing, "tok emm\xc3\xa9");
    shows(picture, "the text you typed");
    shows(picture, "26  4 12 12  ? 26");
    shows(picture, "1 character is not in the data");
    shows(viewing_tell(&viewing, true), "\"tokens\":[26,4,12,12,null,26]");
    shows(viewing_tell(&viewing, false), "m 12, \xc3\xa9 unknown, BOS 26.");
    viewing_close(&viewing);
}
END_TEST

/* The same token twice in a text is two places for the cursor. */
START_TEST(the_cursor_walks_over_equal_tokens)
{
    Viewing viewing;

    viewing_open(&viewing, VIEW_DATA, NAMES, SMALL, "12");
    viewing_run(&viewing, "tok mmmm");
    viewing.app.look.focus[VIEW_DATA] = (Focus){.kind = FOCUS_TOKEN, .index = 12, .entry = 2};
    for (int i = 3; i <= 5; i++) {
        viewing_run(&viewing, "cursor right");
        ck_assert_int_eq(look_focus(&viewing.app.look).entry, i);
    }
    viewing_close(&viewing);
}
END_TEST

START_TEST(odd_bytes_reach_no_cell)
{
    Viewing viewing;

    viewing_open(&viewing, VIEW_DATA, "data/odd.txt", SMALL, "3");
    viewing_sweep(&viewing);
    viewing_run(&viewing, "tok a\x1b[2J\xff\x01");
    viewing_sweep(&viewing);
    viewing_close(&viewing);
}
END_TEST

START_TEST(all_sizes_and_choices_stay_in_their_area)
{
    static const char *const choices[] = {"look as documents", "look as vocabulary",
                                          "look as tokenizer"};
    static const char *const data[] = {NAMES, "data/wide.txt", "../data/turkish.txt"};
    Viewing viewing;

    for (int i = 0; i < 3; i++) {
        viewing_open(&viewing, VIEW_DATA, data[i], SMALL, i == 0 ? "0" : "7.backward.20");
        for (int k = 0; k < 3; k++) {
            viewing_run(&viewing, choices[k]);
            viewing_sweep(&viewing);
        }
        viewing_run(&viewing, "focus doc 0");
        viewing_sweep(&viewing);
        viewing_close(&viewing);
    }
}
END_TEST

Suite *view_data_suite(void)
{
    Suite *suite = suite_create("view_data");
    TCase *tests = tcase_create("view_data");

    tcase_add_test(tests, documents_are_marked_as_read_under_work_and_to_come);
    tcase_add_test(tests, documents_held_out_are_marked);
    tcase_add_test(tests, a_document_that_was_read_twice_has_the_loss_of_the_later_step);
    tcase_add_test(tests, the_cursor_walks_over_all_documents_and_enter_goes_to_a_step);
    tcase_add_test(tests, tokens_are_counted_over_all_documents);
    tcase_add_test(tests, typed_text_is_cut_into_tokens_and_what_is_unknown_is_said);
    tcase_add_test(tests, the_cursor_walks_over_equal_tokens);
    tcase_add_test(tests, odd_bytes_reach_no_cell);
    tcase_add_test(tests, all_sizes_and_choices_stay_in_their_area);
    suite_add_tcase(suite, tests);
    return suite;
}
