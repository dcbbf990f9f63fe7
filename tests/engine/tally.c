#include "engine/tally.h"

#include "suites.h"
#include "support.h"

START_TEST(every_token_of_every_document_is_counted)
{
    TestRun run;
    Tally tally;
    Error error;

    test_run_open(&run, "words.txt", "");
    ck_assert(tally_init(&tally, &run.corpus, &error));
    while (tally_advance(&tally, 5))
        ;
    int64_t sum = 0, longest = 0;
    for (int64_t d = 0; d < run.corpus.count; d++) {
        int token[1000], count = corpus_tokens(&run.corpus, d, token, 1000);
        longest = count - 2 > longest ? count - 2 : longest;
        for (int i = 0; i < count; i++)
            tally.count[token[i]]--;
        sum += count;
    }
    for (int t = 0; t < corpus_vocab(&run.corpus); t++)
        ck_assert_int_eq(tally.count[t], 0);
    ck_assert_int_eq(tally.tokens, sum);
    ck_assert_int_eq(tally.longest, longest);
    ck_assert_int_eq(tally.documents, run.corpus.count);
    tally_release(&tally);
    test_run_close(&run);
}
END_TEST

START_TEST(the_most_frequent_character_is_known)
{
    TestRun run;
    Tally tally;
    Error error;

    test_run_open(&run, "one-document.txt", "");
    ck_assert(tally_init(&tally, &run.corpus, &error));
    ck_assert(!tally_advance(&tally, INT64_MAX));
    int64_t most = 0;
    for (int t = 0; t < run.corpus.characters; t++)
        most = tally.count[t] > most ? tally.count[t] : most;
    ck_assert_int_gt(most, 0);
    ck_assert_int_eq(tally.most, most);
    ck_assert_int_eq(tally.count[run.corpus.characters], 2);
    tally_release(&tally);
    test_run_close(&run);
}
END_TEST

Suite *tally_suite(void)
{
    Suite *suite = suite_create("tally");
    TCase *tests = tcase_create("tally");

    tcase_add_test(tests, every_token_of_every_document_is_counted);
    tcase_add_test(tests, the_most_frequent_character_is_known);
    suite_add_tcase(suite, tests);
    return suite;
}
