#include "app/json.h"

#include "app/text.h"
#include "engine/corpus.h"
#include "suites.h"
#include <jansson.h>
#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { CODE_POINTS = 0x110000 };

static void enter(const char *charset)
{
    ck_assert(setlocale(LC_CTYPE, charset) || setlocale(LC_CTYPE, "en_US.UTF-8"));
}

/* What has been written since print_begin. */
typedef struct Print {
    char *text;
    size_t length;
    FILE *stream;
} Print;

static Print print_begin(Print *print)
{
    print->stream = open_memstream(&print->text, &print->length);
    ck_assert(print->stream);
    return *print;
}

/* Another program's view of it; the caller gives the value back. */
static json_t *read_back(Print *print)
{
    json_error_t error;
    fclose(print->stream);
    json_t *value = json_loadb(print->text, print->length,
                               JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
    ck_assert_msg(value, "%s: %s", print->text, error.text);
    free(print->text);
    return value;
}

static void expect_text(const char *text, size_t length, const char *written)
{
    Print print;
    print_begin(&print);
    json_print_text(print.stream, text, length);
    fclose(print.stream);
    ck_assert_str_eq(print.text, written);
    free(print.text);
}

/* ---- numbers --------------------------------------------------------------------------------- */

START_TEST(numbers_are_written_with_17_digits_or_in_words)
{
    static const struct {
        double number;
        const char *text;
    } rows[] = {
        {0, "0"},
        {-0.0, "-0"},
        {1, "1"},
        {-1.5, "-1.5"},
        {0.1, "0.10000000000000001"},
        {1e300, "1.0000000000000001e+300"},
        {5e-324, "4.9406564584124654e-324"},
        {1e17, "1e+17"},
        {NAN, "\"nan\""},
        {-NAN, "\"nan\""},
        {INFINITY, "\"inf\""},
        {-INFINITY, "\"-inf\""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Print print;
        char piece[JSON_PIECE];
        print_begin(&print);
        json_print_real(print.stream, rows[i].number);
        fclose(print.stream);
        ck_assert_str_eq(print.text, rows[i].text);
        ck_assert_int_eq(json_real_piece(rows[i].number, piece), (int)strlen(rows[i].text));
        ck_assert_str_eq(piece, rows[i].text);
        free(print.text);
    }
}
END_TEST

START_TEST(every_number_reads_back_to_the_same_bits)
{
    uint64_t state = 5;
    for (int i = 0; i < 100000; i++) {
        char piece[JSON_PIECE];
        double number, read;
        uint64_t bits = state = state * 6364136223846793005U + 1442695040888963407U;
        bits ^= bits >> 31;
        if (i % 4 == 0)
            bits &= 0x800fffffffffffffU; /* too small for a full exponent */
        memcpy(&number, &bits, sizeof number);
        if (!isfinite(number))
            continue;
        ck_assert_int_lt(json_real_piece(number, piece), JSON_PIECE);
        read = strtod(piece, NULL);
        if (memcmp(&read, &number, sizeof read) != 0)
            ck_abort_msg("%a: %s", number, piece);
    }
}
END_TEST

/* ---- texts ----------------------------------------------------------------------------------- */

START_TEST(what_is_not_plain_is_escaped)
{
    static const struct {
        const char *text, *written;
    } rows[] = {
        {"", "\"\""},
        {"emma", "\"emma\""},
        {"a\"b\\c/d", "\"a\\\"b\\\\c/d\""},
        {"\n\r\t\b\x1b[0m\x7f", "\"\\u000a\\u000d\\u0009\\u0008\\u001b[0m\\u007f\""},
        {"zoë 山猫 🦊", "\"zoë 山猫 🦊\""},
        {"\xc2\x9b", "\"\\u009b\""},
        {"\xe2\x80\xae", "\"\\u202e\""},
        {"\xee\x80\x80", "\"\\ue000\""},
        {"\xf3\xa0\x81\xa1", "\"\\udb40\\udc61\""},
        {"\xf4\x8f\xbf\xbf", "\"\\udbff\\udfff\""},
        {"a\xff"
         "b",
         "\"a\xef\xbf\xbd"
         "b\""},
        {"\xe5\xb1", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
    };
    enter("C.UTF-8");
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_text(rows[i].text, strlen(rows[i].text), rows[i].written);
    expect_text("a\0b", 3, "\"a\\u0000b\"");
}
END_TEST

static void expect_code_point(uint32_t c)
{
    char bytes[4];
    size_t length = (size_t)corpus_encode(c, bytes);
    Print print;

    print_begin(&print);
    json_print_text(print.stream, bytes, length);
    fflush(print.stream);
    for (const char *at = print.text; *at;) {
        uint32_t shown = 0;
        int n = corpus_decode(at, strlen(at), &shown);
        if (n == 0 || !text_is_plain(shown))
            ck_abort_msg("U+%04X is written as %s", c, print.text);
        at += n;
    }
    json_t *read = read_back(&print);
    if (json_string_length(read) != length || memcmp(json_string_value(read), bytes, length) != 0)
        ck_abort_msg("U+%04X reads back as %s", c, json_string_value(read));
    json_decref(read);
}

START_TEST(every_character_reads_back_and_is_safe_to_show_in_every_locale)
{
    enter(_i ? "C.UTF-8" : "C");
    for (uint32_t c = 0; c < CODE_POINTS; c += c < 0x3100 || c > 0xd700 ? 1 : 13)
        if (c < 0xd800 || c > 0xdfff)
            expect_code_point(c);
}
END_TEST

START_TEST(a_text_in_pieces_is_the_text)
{
    static const char text[] = "a\"\x1b"
                               "\xff"
                               "é🦊\xf3\xa0\x81\xa1\0z";
    const char *at = text;
    size_t left = sizeof text - 1, pieces = 0;
    char piece[JSON_PIECE], whole[128] = "\"";

    enter("C.UTF-8");
    for (; left > 0; pieces++) {
        ck_assert_int_eq(json_text_piece(&at, &left, piece), (int)strlen(piece));
        strcat(whole, piece);
    }
    ck_assert_uint_eq(pieces, 9);
    ck_assert_ptr_eq(at, text + sizeof text - 1);
    strcat(whole, "\"");
    expect_text(text, sizeof text - 1, whole);
}
END_TEST

START_TEST(members_make_an_object)
{
    Print print;
    print_begin(&print);
    fputc('{', print.stream);
    json_print_member(print.stream, "step", 1);
    json_print_real(print.stream, 3);
    json_print_member(print.stream, "doc", 0);
    json_print_text(print.stream, "a\"b", 3);
    fputc('}', print.stream);
    json_t *read = read_back(&print);
    ck_assert_uint_eq(json_object_size(read), 2);
    ck_assert_int_eq(json_integer_value(json_object_get(read, "step")), 3);
    ck_assert_str_eq(json_string_value(json_object_get(read, "doc")), "a\"b");
    json_decref(read);
}
END_TEST

Suite *json_suite(void)
{
    Suite *suite = suite_create("json");
    TCase *numbers = tcase_create("numbers"), *texts = tcase_create("texts");

    tcase_add_test(numbers, numbers_are_written_with_17_digits_or_in_words);
    tcase_add_test(numbers, every_number_reads_back_to_the_same_bits);
    suite_add_tcase(suite, numbers);

    tcase_add_test(texts, what_is_not_plain_is_escaped);
    tcase_add_loop_test(texts, every_character_reads_back_and_is_safe_to_show_in_every_locale, 0,
                        2);
    tcase_add_test(texts, a_text_in_pieces_is_the_text);
    tcase_add_test(texts, members_make_an_object);
    suite_add_tcase(suite, texts);
    return suite;
}
