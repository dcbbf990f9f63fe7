#include "app/known.h"

#include "engine/support.h"
#include "engine/sys.h"
#include "suites.h"
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What known_has must say. */
static bool is_document(const Corpus *corpus, const char *text, size_t length)
{
    for (int64_t d = 0; d < corpus->count; d++) {
        size_t of;
        const char *document = corpus_text(corpus, d, &of);
        if (of == length && memcmp(document, text, length) == 0)
            return true;
    }
    return false;
}

static void expect(const Known *known, const char *text, size_t length)
{
    if (known_has(known, text, length) != is_document(known->corpus, text, length))
        ck_abort_msg("`%.*s` is taken for %s", (int)length, text,
                     known_has(known, text, length) ? "a document" : "new");
}

/* A document, every beginning and end of it, and it with its last byte changed. */
static void expect_around(const Known *known, int64_t d)
{
    char copy[256];
    size_t length;
    const char *text = corpus_text(known->corpus, d, &length);

    ck_assert(known_has(known, text, length));
    for (size_t i = 0; i <= length; i++) {
        expect(known, text, i);
        expect(known, text + i, length - i);
    }
    ck_assert(length < sizeof copy);
    memcpy(copy, text, length);
    copy[length - 1]++;
    expect(known, copy, length);
}

static void open_corpus(Corpus *corpus, Known *known, char *bytes, size_t length)
{
    Error error;
    ck_assert_msg(corpus_parse(corpus, bytes, length, "documents", &error), "%s", error.text);
    ck_assert_msg(known_init(known, corpus, &error), "%s", error.text);
}

static const char *const files[] = {"words.txt",        "letters.txt", "odd.txt",
                                    "one-document.txt", "wide.txt",    "one-character.txt"};

START_TEST(what_is_known_is_what_a_search_through_all_documents_finds)
{
    Corpus corpus;
    Known known;
    Error error;
    char name[64];

    snprintf(name, sizeof name, "data/%s", files[_i]);
    ck_assert_msg(corpus_read(&corpus, test_path(name).text, &error), "%s", error.text);
    ck_assert_msg(known_init(&known, &corpus, &error), "%s", error.text);
    for (int64_t d = 0; d < corpus.count; d++)
        expect_around(&known, d);
    known_release(&known);
    corpus_release(&corpus);
}
END_TEST

enum { MANY = 3000, BYTES = 16 };

/* Short words of few letters, some of them outside ASCII: many are there twice, and many fall
 * together. */
static char *many_words(size_t *length)
{
    static const char *const letters[] = {"a", "b", "ë", "山", "🦊"};
    char *bytes = sys_alloc(MANY, BYTES * 4);
    uint32_t dice = 1;

    *length = 0;
    for (int i = 0; i < MANY; i++) {
        for (int k = 0; k < 1 + i % 5; k++) {
            const char *letter = letters[(dice = dice * 1664525 + 1013904223) >> 24 & 3];
            letter = dice >> 16 & 1 ? letter : letters[4];
            memcpy(bytes + *length, letter, strlen(letter));
            *length += strlen(letter);
        }
        bytes[(*length)++] = '\n';
    }
    return bytes;
}

START_TEST(many_documents_are_found_and_others_are_not)
{
    Corpus corpus;
    Known known;
    size_t length;
    char *bytes = many_words(&length);

    open_corpus(&corpus, &known, bytes, length);
    ck_assert_int_eq(corpus.count, MANY);
    ck_assert_uint_gt(known.slots, MANY);
    for (int64_t d = 0; d < corpus.count; d += 7)
        expect_around(&known, d);
    ck_assert(!known_has(&known, "abcabc", 6));
    ck_assert(!known_has(&known, "", 0));
    known_release(&known);
    corpus_release(&corpus);
}
END_TEST

START_TEST(a_full_table_still_has_an_end)
{
    for (int count = 1; count <= 64; count++) {
        Corpus corpus;
        Known known;
        char *bytes = sys_alloc(64, 4);
        size_t length = 0;
        for (int i = 0; i < count; i++)
            length += (size_t)sprintf(bytes + length, "%d\n", i);
        open_corpus(&corpus, &known, bytes, length);
        for (int i = 0; i < 100; i++) {
            char word[16];
            expect(&known, word, (size_t)sprintf(word, "%d", i));
        }
        known_release(&known);
        corpus_release(&corpus);
    }
}
END_TEST

START_TEST(shuffling_the_documents_changes_nothing)
{
    Corpus corpus;
    Known known;
    Error error;
    Rng rng;

    ck_assert(corpus_read(&corpus, test_path("data/letters.txt").text, &error));
    ck_assert(known_init(&known, &corpus, &error));
    rng_seed(&rng, 7);
    corpus_shuffle(&corpus, &rng);
    for (int64_t d = 0; d < corpus.count; d++)
        expect_around(&known, d);
    known_release(&known);
    corpus_release(&corpus);
}
END_TEST

START_TEST(the_first_documents_are_those_of_the_order_of_training)
{
    static const char text[] = "one\ntwo\nthree\ntwo\n";
    Corpus corpus;
    Known known;
    char *bytes = sys_alloc(sizeof text, 1);

    memcpy(bytes, text, sizeof text - 1);
    open_corpus(&corpus, &known, bytes, sizeof text - 1);
    corpus.order[0] = 2; /* three, one, two, two */
    corpus.order[1] = 0;
    corpus.order[2] = 1;
    ck_assert(!known_is_among(&known, "three", 5, 0));
    ck_assert(known_is_among(&known, "three", 5, 1));
    ck_assert(!known_is_among(&known, "one", 3, 1));
    ck_assert(known_is_among(&known, "one", 3, 2));
    ck_assert(!known_is_among(&known, "two", 3, 2));
    ck_assert(known_is_among(&known, "two", 3, 3));
    ck_assert(known_is_among(&known, "two", 3, 1000));
    ck_assert(!known_is_among(&known, "four", 4, 1000));
    known_release(&known);
    corpus_release(&corpus);
}
END_TEST

Suite *known_suite(void)
{
    Suite *suite = suite_create("known");
    TCase *tests = tcase_create("known");

    tcase_add_loop_test(tests, what_is_known_is_what_a_search_through_all_documents_finds, 0,
                        COUNT(files));
    tcase_add_test(tests, many_documents_are_found_and_others_are_not);
    tcase_add_test(tests, a_full_table_still_has_an_end);
    tcase_add_test(tests, shuffling_the_documents_changes_nothing);
    tcase_add_test(tests, the_first_documents_are_those_of_the_order_of_training);
    suite_add_tcase(suite, tests);
    return suite;
}
