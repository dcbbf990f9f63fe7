#include "engine/corpus.h"

#include "engine/sys.h"
#include "scratch.h"
#include "suites.h"
#include "support.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool parse_bytes(Corpus *corpus, const char *bytes, size_t length, Error *error)
{
    char *copy = sys_alloc(length + 1, 1);

    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes, length);
    return corpus_parse(corpus, copy, length, "somewhere/names.txt", error);
}

static Corpus parse(const char *text)
{
    Corpus corpus;
    Error error;

    ck_assert_msg(parse_bytes(&corpus, text, strlen(text), &error), "%s", error.text);
    return corpus;
}

/* Fails unless these are the documents, in the file's order; releases the corpus. */
static void assert_documents(Corpus *corpus, int count, ...)
{
    va_list texts;

    ck_assert_int_eq(corpus->count, count);
    va_start(texts, count);
    for (int d = 0; d < count; d++) {
        size_t length;
        const char *text = corpus_text(corpus, d, &length), *expected = va_arg(texts, char *);
        ck_assert_uint_eq(length, strlen(expected));
        ck_assert_mem_eq(text, expected, length);
    }
    va_end(texts);
    corpus_release(corpus);
}

/* ---- documents ------------------------------------------------------------------------------- */

START_TEST(a_document_is_a_line_without_white_space_at_its_ends)
{
    Corpus corpus = parse("emma\n\n  ava rose \t\n \t \nmia");

    assert_documents(&corpus, 3, "emma", "ava rose", "mia");
}
END_TEST

START_TEST(a_line_ends_at_lf_at_crlf_and_at_a_lone_cr)
{
    Corpus corpus = parse("a\nb\r\nc\rd\r\re\n\rf\r\n");

    assert_documents(&corpus, 6, "a", "b", "c", "d", "e", "f");
}
END_TEST

START_TEST(a_byte_order_mark_is_dropped_only_at_the_beginning)
{
    Corpus corpus = parse("\xef\xbb\xbf"
                          "a\n\xef\xbb\xbf"
                          "b\n");

    assert_documents(&corpus, 2, "a",
                     "\xef\xbb\xbf"
                     "b");
}
END_TEST

START_TEST(other_separators_do_not_end_a_line)
{
    Corpus corpus = parse("a\vb\fc\x1c"
                          "d\xc2\x85"
                          "e\xe2\x80\xa8"
                          "f\n");

    assert_documents(&corpus, 1,
                     "a\vb\fc\x1c"
                     "d\xc2\x85"
                     "e\xe2\x80\xa8"
                     "f");
}
END_TEST

/* What str.strip takes off in Python. */
static bool is_white(uint32_t c)
{
    static const uint32_t white[] = {0x09,   0x0a,   0x0b,   0x0c,   0x0d,   0x1c,   0x1d,   0x1e,
                                     0x1f,   0x20,   0x85,   0xa0,   0x1680, 0x2000, 0x2001, 0x2002,
                                     0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a,
                                     0x2028, 0x2029, 0x202f, 0x205f, 0x3000};

    for (size_t i = 0; i < COUNT(white); i++)
        if (white[i] == c)
            return true;
    return false;
}

/* A line "Ca" + C for every character C: the document is `a` alone where C is white space. */
START_TEST(white_space_is_what_python_takes_it_for)
{
    enum { LINE = 10, CHARACTERS = 0x110000 };
    char *text = sys_alloc(CHARACTERS, LINE);
    size_t length = 0;
    int64_t d = 0;
    Corpus corpus;
    Error error;

    for (uint32_t c = 1; c < CHARACTERS; c++) {
        if (c == '\n' || c == '\r' || (c >= 0xd800 && c <= 0xdfff))
            continue;
        length += (size_t)corpus_encode(c, text + length);
        text[length++] = 'a';
        length += (size_t)corpus_encode(c, text + length);
        text[length++] = '\n';
    }
    ck_assert_msg(corpus_parse(&corpus, text, length, "all", &error), "%s", error.text);
    for (uint32_t c = 1; c < CHARACTERS; c++) {
        char form[4];
        if (c == '\n' || c == '\r' || (c >= 0xd800 && c <= 0xdfff))
            continue;
        corpus_text(&corpus, d++, &length);
        if (length != (is_white(c) ? 1 : 1 + 2 * (size_t)corpus_encode(c, form)))
            ck_abort_msg("U+%04X", (unsigned)c);
    }
    ck_assert_int_eq(d, corpus.count);
    corpus_release(&corpus);
}
END_TEST

START_TEST(the_source_is_the_last_part_of_the_path)
{
    Corpus corpus = parse("a\n");

    ck_assert_str_eq(corpus.source, "names.txt");
    corpus_release(&corpus);
}
END_TEST

/* ---- characters and tokens ------------------------------------------------------------------- */

START_TEST(tokens_are_characters_sorted_by_number_with_bos_on_both_sides)
{
    Corpus corpus = parse("b\xf0\x9f\xa6\x8a"
                          "a\xc3\xa9\n");
    static const uint32_t alphabet[] = {'a', 'b', 0xe9, 0x1f98a};
    static const int expected[] = {4, 1, 3, 0, 2, 4};
    int tokens[10];

    ck_assert_int_eq(corpus_vocab(&corpus), 5);
    ck_assert_int_eq(corpus.characters, 4);
    ck_assert_mem_eq(corpus.character, alphabet, sizeof alphabet);
    for (int t = 0; t < 4; t++)
        ck_assert_int_eq(corpus_token(&corpus, alphabet[t]), t);
    ck_assert_int_eq(corpus_token(&corpus, 'c'), -1);
    ck_assert_int_eq(corpus_token(&corpus, 0x10ffff), -1);
    ck_assert_int_eq(corpus_tokens(&corpus, 0, tokens, 10), 6);
    ck_assert_mem_eq(tokens, expected, sizeof expected);
    corpus_release(&corpus);
}
END_TEST

START_TEST(no_more_tokens_are_given_than_asked_for)
{
    Corpus corpus = parse("abc\n");
    int tokens[6];

    for (int limit = 0; limit <= 6; limit++) {
        memset(tokens, -1, sizeof tokens);
        ck_assert_int_eq(corpus_tokens(&corpus, 0, tokens, limit), limit < 5 ? limit : 5);
        for (int i = limit; i < 6; i++)
            ck_assert_int_eq(tokens[i], -1);
    }
    corpus_release(&corpus);
}
END_TEST

START_TEST(spaces_inside_a_document_are_characters)
{
    Corpus corpus = parse(" a b \n c\td ");

    ck_assert_int_ge(corpus_token(&corpus, ' '), 0);
    ck_assert_int_ge(corpus_token(&corpus, '\t'), 0);
    ck_assert_int_eq(corpus_vocab(&corpus), 7);
    corpus_release(&corpus);
}
END_TEST

START_TEST(every_code_point_is_read_back_as_it_was_written)
{
    for (uint32_t c = 0; c < 0x110000; c++) {
        char text[4];
        uint32_t read;
        if (c >= 0xd800 && c <= 0xdfff)
            continue;
        int n = corpus_encode(c, text);
        if (corpus_decode(text, (size_t)n - 1, &read) != 0 ||
            corpus_decode(text, (size_t)n, &read) != n || read != c)
            ck_abort_msg("U+%04X", (unsigned)c);
    }
}
END_TEST

/* ---- order ----------------------------------------------------------------------------------- */

START_TEST(a_shuffle_starts_from_the_files_order_whatever_came_before)
{
    Corpus corpus = parse("0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    Rng rng;

    for (int round = 0; round < 2; round++) {
        rng_seed(&rng, 42);
        corpus_shuffle(&corpus, &rng);
        ck_assert_int_eq(corpus.order[0], 7);
        ck_assert_int_eq(corpus.order[9], 1);
    }
    assert_documents(&corpus, 10, "7", "3", "2", "8", "5", "6", "9", "4", "0", "1");
}
END_TEST

/* ---- refused --------------------------------------------------------------------------------- */

START_TEST(bytes_that_are_not_utf8_are_refused_with_their_line)
{
    static const struct {
        const char *text, *error;
    } rows[] = {
        {"\xff", "somewhere/names.txt:1: not UTF-8 (byte 0xff)"},
        {"ok\n\nok\xfe", "somewhere/names.txt:3: not UTF-8 (byte 0xfe)"},
        {"\x80", "somewhere/names.txt:1: not UTF-8 (byte 0x80)"},
        {"a\r\nb\rc\n\xc3\n", "somewhere/names.txt:4: not UTF-8 (byte 0xc3)"},
        {"\xc3", "somewhere/names.txt:1: not UTF-8 (byte 0xc3)"},
        {"\xc0\xaf", "somewhere/names.txt:1: not UTF-8 (byte 0xc0)"},
        {"\xc1\xbf", "somewhere/names.txt:1: not UTF-8 (byte 0xc1)"},
        {"\xe0\x9f\xbf", "somewhere/names.txt:1: not UTF-8 (byte 0xe0)"},
        {"\xed\xa0\x80", "somewhere/names.txt:1: not UTF-8 (byte 0xed)"},
        {"\xed\xbf\xbf", "somewhere/names.txt:1: not UTF-8 (byte 0xed)"},
        {"\xf0\x8f\xbf\xbf", "somewhere/names.txt:1: not UTF-8 (byte 0xf0)"},
        {"\xf4\x90\x80\x80", "somewhere/names.txt:1: not UTF-8 (byte 0xf4)"},
        {"\xf8\x88\x80\x80\x80", "somewhere/names.txt:1: not UTF-8 (byte 0xf8)"},
        {"\xe2\x82", "somewhere/names.txt:1: not UTF-8 (byte 0xe2)"},
        {"\xef\xbb\xbf\n\xf0\x9f\xa6\n", "somewhere/names.txt:2: not UTF-8 (byte 0xf0)"},
    };
    Corpus corpus;
    Error error;

    for (size_t i = 0; i < COUNT(rows); i++) {
        ck_assert(!parse_bytes(&corpus, rows[i].text, strlen(rows[i].text), &error));
        test_error(&error, rows[i].error);
    }
}
END_TEST

START_TEST(a_nul_byte_is_refused_with_its_line)
{
    Corpus corpus;
    Error error;

    ck_assert(!parse_bytes(&corpus, "a\nb\0c\n", 6, &error));
    test_error(&error, "somewhere/names.txt:2: a NUL byte: this is not a text file");
    ck_assert(!parse_bytes(&corpus, "a\n \0", 4, &error));
    test_error(&error, "somewhere/names.txt:2: a NUL byte: this is not a text file");
}
END_TEST

START_TEST(a_file_without_a_document_is_refused)
{
    static const char *const texts[] = {"", "\n", " \t\r\n\r \n", "\xef\xbb\xbf", "\xe3\x80\x80"};
    Corpus corpus;
    Error error;

    for (size_t i = 0; i < COUNT(texts); i++) {
        ck_assert(!parse_bytes(&corpus, texts[i], strlen(texts[i]), &error));
        test_error(&error, "somewhere/names.txt: no document in it: every line is blank");
    }
}
END_TEST

START_TEST(a_document_beyond_the_limit_is_refused_with_its_line)
{
    const size_t limit = CORPUS_DOCUMENT_LIMIT;
    char *text = sys_alloc(limit + 8, 1);
    Corpus corpus;
    Error error;

    memcpy(text, "a\n ", 3);
    memset(text + 3, 'x', limit + 1);
    ck_assert(parse_bytes(&corpus, text, limit + 3, &error));
    ck_assert_uint_eq(corpus.document[1].length, limit);
    corpus_release(&corpus);
    ck_assert(!parse_bytes(&corpus, text, limit + 4, &error));
    test_error(&error, "somewhere/names.txt:2: a document of 1048577 bytes, the limit is 1048576");
    sys_free(text);
}
END_TEST

START_TEST(too_many_documents_are_refused_with_the_line)
{
    const size_t limit = CORPUS_COUNT_LIMIT;
    char *text = sys_alloc(limit + 1, 2), expected[80];
    Corpus corpus;
    Error error;

    for (size_t i = 0; i <= limit; i++)
        memcpy(text + 2 * i, "a\n", 2);
    ck_assert(parse_bytes(&corpus, text, 2 * limit, &error));
    ck_assert_int_eq(corpus.count, limit);
    corpus_release(&corpus);
    ck_assert(!parse_bytes(&corpus, text, 2 * (limit + 1), &error));
    snprintf(expected, sizeof expected, "somewhere/names.txt:%zu: more than %zu documents",
             limit + 1, limit);
    test_error(&error, expected);
    sys_free(text);
}
END_TEST

START_TEST(files_that_cannot_be_read_are_refused_by_name)
{
    Corpus corpus;
    Error error;

    ck_assert(!corpus_read(&corpus, test_path("data/no-such-file").text, &error));
    test_error_names(&error, "data/no-such-file: ");
    ck_assert(!corpus_read(&corpus, test_path("data").text, &error));
    test_error_names(&error, "/data: ");
    ck_assert(!corpus_read(&corpus, "/dev/zero", &error));
    test_error_names(&error, "/dev/zero: ");
}
END_TEST

START_TEST(a_file_beyond_the_limit_is_refused_unread)
{
    Corpus corpus;
    Error error;

    scratch_put("large.txt", "a");
    ck_assert_int_eq(truncate("large.txt", (off_t)CORPUS_FILE_LIMIT + 1), 0);
    ck_assert(!corpus_read(&corpus, "large.txt", &error));
    test_error_names(&error, "large.txt: ");
}
END_TEST

/* ---- a saved run's alphabet ------------------------------------------------------------------ */

START_TEST(an_adopted_alphabet_numbers_the_tokens)
{
    Corpus corpus = parse("cab\n");
    static const uint32_t alphabet[] = {'a', 'b', 'c', 'x'};
    static const int expected[] = {4, 2, 0, 1, 4};
    int tokens[8];
    Error error;

    ck_assert(corpus_adopt(&corpus, alphabet, 4, &error));
    ck_assert_int_eq(corpus_vocab(&corpus), 5);
    ck_assert_int_eq(corpus_tokens(&corpus, 0, tokens, 8), 5);
    ck_assert_mem_eq(tokens, expected, sizeof expected);
    corpus_release(&corpus);
}
END_TEST

START_TEST(a_character_that_the_alphabet_lacks_is_named)
{
    Corpus corpus = parse("ab\nb\xc3\xa9\nc\n");
    static const uint32_t alphabet[] = {'a', 'b'};
    Error error;

    ck_assert(!corpus_adopt(&corpus, alphabet, 2, &error));
    test_error(&error, "names.txt: document 2: character U+00E9 is not known to the run");
    corpus_release(&corpus);
}
END_TEST

Suite *corpus_suite(void)
{
    Suite *suite = suite_create("corpus");
    TCase *tests = tcase_create("corpus"), *files = tcase_create("files");

    tcase_add_test(tests, a_document_is_a_line_without_white_space_at_its_ends);
    tcase_add_test(tests, a_line_ends_at_lf_at_crlf_and_at_a_lone_cr);
    tcase_add_test(tests, a_byte_order_mark_is_dropped_only_at_the_beginning);
    tcase_add_test(tests, other_separators_do_not_end_a_line);
    tcase_add_test(tests, white_space_is_what_python_takes_it_for);
    tcase_add_test(tests, the_source_is_the_last_part_of_the_path);
    tcase_add_test(tests, tokens_are_characters_sorted_by_number_with_bos_on_both_sides);
    tcase_add_test(tests, no_more_tokens_are_given_than_asked_for);
    tcase_add_test(tests, spaces_inside_a_document_are_characters);
    tcase_add_test(tests, every_code_point_is_read_back_as_it_was_written);
    tcase_add_test(tests, a_shuffle_starts_from_the_files_order_whatever_came_before);
    tcase_add_test(tests, bytes_that_are_not_utf8_are_refused_with_their_line);
    tcase_add_test(tests, a_nul_byte_is_refused_with_its_line);
    tcase_add_test(tests, a_file_without_a_document_is_refused);
    tcase_add_test(tests, a_document_beyond_the_limit_is_refused_with_its_line);
    tcase_add_test(tests, too_many_documents_are_refused_with_the_line);
    tcase_add_test(tests, files_that_cannot_be_read_are_refused_by_name);
    tcase_add_test(files, a_file_beyond_the_limit_is_refused_unread);
    tcase_add_test(tests, an_adopted_alphabet_numbers_the_tokens);
    tcase_add_test(tests, a_character_that_the_alphabet_lacks_is_named);
    tcase_add_checked_fixture(files, scratch_enter, scratch_leave);
    suite_add_tcase(suite, tests);
    suite_add_tcase(suite, files);
    return suite;
}
