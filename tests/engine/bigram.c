#include "engine/bigram.h"

#include "engine/sys.h"
#include "suites.h"
#include "support.h"
#include <math.h>
#include <string.h>

static Corpus parse(const char *text)
{
    char *copy = sys_alloc(strlen(text) + 1, 1);
    Corpus corpus;
    Error error;

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, text, strlen(text));
    ck_assert_msg(corpus_parse(&corpus, copy, strlen(text), "pairs.txt", &error), "%s", error.text);
    return corpus;
}

static Bigram count(const Corpus *corpus, int64_t documents, int positions, int64_t piece)
{
    Bigram bigram;
    Error error;

    ck_assert(bigram_init(&bigram, corpus, documents, positions, &error));
    while (!bigram_is_done(&bigram))
        ck_assert(bigram_advance(&bigram, piece, &error));
    return bigram;
}

/* "ab", "aab": a is followed by b, a, b; tokens a, b and BOS are 0, 1, 2. */
START_TEST(a_pair_has_one_more_than_its_count_of_the_chances)
{
    Corpus corpus = parse("ab\naab\n");
    Bigram bigram = count(&corpus, 2, 16, 1);

    ck_assert_double_eq(bigram_probability(&bigram, 0, 1), 3.0 / 6);
    ck_assert_double_eq(bigram_probability(&bigram, 0, 0), 2.0 / 6);
    ck_assert_double_eq(bigram_probability(&bigram, 0, 2), 1.0 / 6);
    ck_assert_double_eq(bigram_probability(&bigram, 2, 0), 3.0 / 5);
    bigram_release(&bigram);
    corpus_release(&corpus);
}
END_TEST

START_TEST(its_loss_is_the_mean_over_documents_of_their_mean_losses)
{
    Corpus corpus = parse("ab\naab\n");
    Bigram bigram = count(&corpus, 2, 16, 1);
    double begin = 3.0 / 5, ab = 3.0 / 6, aa = 2.0 / 6, end = 3.0 / 5;
    double first = -(log(begin) + log(ab) + log(end)) / 3;
    double second = -(log(begin) + log(aa) + log(ab) + log(end)) / 4;

    ck_assert_double_eq_tol(bigram_loss(&bigram), (first + second) / 2, 1e-15);
    bigram_release(&bigram);
    corpus_release(&corpus);
}
END_TEST

START_TEST(only_what_the_run_reads_is_counted)
{
    Corpus corpus = parse("ab\nba\n");
    Bigram one = count(&corpus, 1, 16, 1), cut = count(&corpus, 2, 1, 1);

    ck_assert_double_eq(bigram_probability(&one, 1, 0), 1.0 / 4); /* "ba" is not read */
    ck_assert_double_eq(bigram_probability(&cut, 2, 1), 2.0 / 5);
    ck_assert_double_eq(bigram_probability(&cut, 1, 0), 1.0 / 3); /* cut off in "ba" */
    bigram_release(&one);
    bigram_release(&cut);
    corpus_release(&corpus);
}
END_TEST

START_TEST(the_size_of_the_pieces_changes_nothing)
{
    TestRun run;
    test_run_open(&run, "words.txt", "");
    Bigram whole = count(&run.corpus, run.corpus.count, 16, run.corpus.count),
           pieces = count(&run.corpus, run.corpus.count, 16, 3);
    const int vocab = corpus_vocab(&run.corpus);

    ck_assert_double_eq(bigram_loss(&whole), bigram_loss(&pieces));
    ck_assert_double_lt(bigram_loss(&whole), log(vocab));
    for (int token = 0; token < vocab; token++) {
        double sum = 0;
        for (int next = 0; next < vocab; next++)
            sum += bigram_probability(&whole, token, next);
        ck_assert_double_eq_tol(sum, 1, 1e-12);
    }
    bigram_release(&whole);
    bigram_release(&pieces);
    test_run_close(&run);
}
END_TEST

/* More pairs than the table begins with: each of 70 letters after each other one. */
START_TEST(the_table_grows_with_the_pairs)
{
    enum { LETTERS = 70, FIRST = 0x30 };
    char text[LETTERS * LETTERS * 3 + 1];
    size_t length = 0;

    for (int a = 0; a < LETTERS; a++)
        for (int b = 0; b < LETTERS; b++) {
            text[length++] = (char)(FIRST + a);
            text[length++] = (char)(FIRST + b);
            text[length++] = '\n';
        }
    text[length] = '\0';
    Corpus corpus = parse(text);
    Bigram bigram = count(&corpus, corpus.count, 16, 100);
    ck_assert_uint_eq(bigram.pairs, LETTERS * LETTERS + 2 * LETTERS);
    for (int a = 0; a < LETTERS; a++)
        for (int b = 0; b < LETTERS; b++)
            ck_assert_double_eq(bigram_probability(&bigram, a, b), 2.0 / (2 * LETTERS + LETTERS + 1));
    bigram_release(&bigram);
    corpus_release(&corpus);
}
END_TEST

Suite *bigram_suite(void)
{
    Suite *suite = suite_create("bigram");
    TCase *tests = tcase_create("bigram");

    tcase_add_test(tests, a_pair_has_one_more_than_its_count_of_the_chances);
    tcase_add_test(tests, its_loss_is_the_mean_over_documents_of_their_mean_losses);
    tcase_add_test(tests, only_what_the_run_reads_is_counted);
    tcase_add_test(tests, the_size_of_the_pieces_changes_nothing);
    tcase_add_test(tests, the_table_grows_with_the_pairs);
    suite_add_tcase(suite, tests);
    return suite;
}
