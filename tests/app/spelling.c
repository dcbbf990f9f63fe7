#include "app/spelling.h"

#include "engine/support.h"
#include "suites.h"
#include <string.h>

static int cut(const Corpus *corpus, const char *text, SpelledToken *list, int room)
{
    return spelling_cut(corpus, text, strlen(text), list, room);
}

START_TEST(a_text_is_cut_as_training_cuts_it)
{
    TestRun run;
    SpelledToken list[64];
    int token[64];

    test_run_open(&run, "words.txt", "");
    for (int64_t d = 0; d < run.corpus.count; d++) {
        size_t length;
        const char *text = corpus_text(&run.corpus, d, &length);
        int count = corpus_tokens(&run.corpus, d, token, 64);
        ck_assert_int_eq(spelling_cut(&run.corpus, text, length, list, 64), count);
        for (int i = 0; i < count; i++)
            ck_assert_int_eq(list[i].token, token[i]);
        ck_assert_int_eq(spelling_unknown(list, count), 0);
    }
    test_run_close(&run);
}
END_TEST

START_TEST(what_no_document_has_is_said_to_be_unknown)
{
    TestRun run;
    SpelledToken list[64];

    test_run_open(&run, "words.txt", "");
    int count = cut(&run.corpus, "a\xe6\x97\xa5\xff", list, 64);
    ck_assert_int_eq(count, 5);
    ck_assert_int_eq(list[0].token, run.corpus.characters);
    ck_assert_int_eq(list[1].token, corpus_token(&run.corpus, 'a'));
    ck_assert_uint_eq(list[2].code_point, 0x65e5);
    ck_assert_int_eq(list[2].token, SPELLING_UNKNOWN);
    ck_assert_uint_eq(list[3].code_point, 0xfffd); /* a byte that is no UTF-8 */
    ck_assert_int_eq(list[3].token, SPELLING_UNKNOWN);
    ck_assert_int_eq(list[4].token, run.corpus.characters);
    ck_assert_int_eq(spelling_unknown(list, count), 2);
    ck_assert_int_eq(cut(&run.corpus, "aaa", list, 3), 3);
    test_run_close(&run);
}
END_TEST

START_TEST(a_long_text_is_cut_off_at_a_whole_character)
{
    char text[SPELLING_BYTES + 100] = "a";
    Spelling spelling;

    for (int i = 1; i + 2 < (int)sizeof text; i += 2)
        memcpy(text + i, "\xc3\xa9", 3);
    spelling_keep(&spelling, text);
    ck_assert_uint_eq(spelling.length, SPELLING_BYTES - 1);
    spelling_keep(&spelling, text + 1);
    ck_assert_uint_eq(spelling.length, SPELLING_BYTES - 2);
    ck_assert_uint_eq(strlen(spelling.text), spelling.length);
}
END_TEST

Suite *spelling_suite(void)
{
    Suite *suite = suite_create("spelling");
    TCase *tests = tcase_create("spelling");

    tcase_add_test(tests, a_text_is_cut_as_training_cuts_it);
    tcase_add_test(tests, what_no_document_has_is_said_to_be_unknown);
    tcase_add_test(tests, a_long_text_is_cut_off_at_a_whole_character);
    suite_add_tcase(suite, tests);
    return suite;
}
