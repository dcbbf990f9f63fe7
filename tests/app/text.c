#include "app/text.h"

#include "engine/corpus.h"
#include "suites.h"
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { CODE_POINTS = 0x110000 };

static void enter_utf8(void)
{
    ck_assert(setlocale(LC_CTYPE, "C.UTF-8") || setlocale(LC_CTYPE, "en_US.UTF-8") ||
              setlocale(LC_CTYPE, "UTF-8"));
}

static void enter_ascii(void)
{
    ck_assert(setlocale(LC_CTYPE, "C"));
}

/* ---- what is shown --------------------------------------------------------------------------- */

static const struct {
    const char *text, *shown;
} shown_texts[] = {
    {"", ""},
    {"emma", "emma"},
    {"zoë Ωμέγα 山猫 שלום", "zoë Ωμέγα 山猫 שלום"},
    {"\x1b[31mred\x1b]0;title\x07", "^[[31mred^[]0;title^G"},
    {"a\tb\rc\bd\x7f", "a^Ib^Mc^Hd^?"},
    {"one\ntwo\r\n", "one\ntwo^M\n"},
    {"\xc2\x9b"
     "31m \xc2\x80",
     "U+009B31m U+0080"},
    {"abc\xe2\x80\xae"
     "cba\xe2\x81\xa6",
     "abcU+202Ecba"
     "U+2066"},
    {"a\xe2\x80\x8b"
     "b\xef\xbb\xbf"
     "c\xe2\x80\xa8",
     "aU+200BbU+FEFFcU+2028"},
    {"\xee\x80\x80\xf4\x8f\xbf\xbf\xef\xbf\xbf", "U+E000U+10FFFFU+FFFF"},
    {"\xf3\xa0\x81\xa1", "U+E0061"},
    {"a\xff"
     "b\xc3",
     "a\\xffb\\xc3"},
    {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
    {"\xc0\x80\xf4\x90\x80\x80", "\\xc0\\x80\\xf4\\x90\\x80\\x80"},
    {"\xe5\xb1", "\\xe5\\xb1"},
    {"e\xcc\x81", "e\xcc\x81"},
    {"\xcc\x81", "◌\xcc\x81"},
    {"\n\xcc\x81", "\n◌\xcc\x81"},
    {"\x01\xcc\x81", "^A◌\xcc\x81"},
    {"\xff\xcc\x81", "\\xff◌\xcc\x81"},
    {"e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85", "e\xcc\x81\xcc\x82\xcc\x83◌\xcc\x84\xcc\x85"},
};

START_TEST(a_text_is_shown_with_all_that_would_act_or_hide_written_out)
{
    char out[256];
    const char *text = shown_texts[_i].text, *shown = shown_texts[_i].shown;
    enter_utf8();
    ck_assert_uint_eq(text_show(text, strlen(text), out, sizeof out, true), strlen(shown));
    ck_assert_str_eq(out, shown);
}
END_TEST

START_TEST(printing_shows_the_same)
{
    const char *text = shown_texts[_i].text;
    char *out;
    size_t length;
    enter_utf8();
    FILE *stream = open_memstream(&out, &length);
    text_print(stream, text, strlen(text));
    fclose(stream);
    ck_assert_str_eq(out, shown_texts[_i].shown);
    free(out);
}
END_TEST

START_TEST(newlines_are_written_out_in_a_single_line)
{
    char out[32];
    ck_assert_uint_eq(text_show("a\nb", 3, out, sizeof out, false), 4);
    ck_assert_str_eq(out, "a^Jb");
}
END_TEST

START_TEST(a_nul_byte_is_shown_and_does_not_end_the_text)
{
    char out[32];
    text_show("a\0b", 3, out, sizeof out, false);
    ck_assert_str_eq(out, "a^@b");
}
END_TEST

START_TEST(text_is_cut_at_a_whole_character)
{
    static const struct {
        const char *text;
        size_t size;
        const char *shown;
    } rows[] = {
        {"山猫", 7, "山猫"}, {"山猫", 6, "山"}, {"山猫", 4, "山"}, {"山猫", 3, ""},
        {"a\x1b", 3, "a"},   {"\xff", 4, ""},   {"x", 1, ""},
    };
    enter_utf8();
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *out = malloc(rows[i].size); /* so that a byte too many is noticed */
        size_t written = text_show(rows[i].text, strlen(rows[i].text), out, rows[i].size, false);
        ck_assert_str_eq(out, rows[i].shown);
        ck_assert_uint_eq(written, strlen(rows[i].shown));
        free(out);
    }
}
END_TEST

/* Nothing in it acts on a terminal or hides itself. */
static bool is_safe(const char *text)
{
    size_t left = strlen(text);
    bool safe = left > 0 && left <= 11;
    while (safe && left > 0) {
        uint32_t code_point = 0;
        int n = corpus_decode(text, left, &code_point);
        safe = n > 0 && text_is_plain(code_point);
        text += n;
        left -= (size_t)n;
    }
    return safe;
}

START_TEST(every_code_point_is_shown_safely_in_every_locale)
{
    for (int utf8 = 0; utf8 < 2; utf8++) {
        utf8 ? enter_utf8() : enter_ascii();
        for (uint32_t code_point = 0; code_point < CODE_POINTS; code_point++) {
            char text[16];
            if (text_show_character(code_point, text) != (int)strlen(text) || !is_safe(text))
                ck_abort_msg("U+%04X is shown as `%s`", code_point, text);
        }
    }
}
END_TEST

START_TEST(what_a_terminal_without_unicode_cannot_show_is_shown_as_its_number)
{
    char out[32];
    enter_ascii();
    text_show("zoë", strlen("zoë"), out, sizeof out, false);
    ck_assert_str_eq(out, "zoU+00EB");
}
END_TEST

START_TEST(controls_and_hidden_characters_are_not_plain)
{
    static const uint32_t no[] = {
        0,       0x1f,    0x7f,    0x80,     0x9f,     0xad,     0x34f,      0x61c,   0x115f,
        0x1160,  0x17b4,  0x180e,  0x200b,   0x200f,   0x2028,   0x2029,     0x202a,  0x202e,
        0x2060,  0x2066,  0x206f,  0x3164,   0xd800,   0xdfff,   0xe000,     0xf8ff,  0xfdd0,
        0xfdef,  0xfe0f,  0xfeff,  0xffa0,   0xfff9,   0xfffe,   0xffff,     0x1fffe, 0x1d173,
        0xe0001, 0xe0100, 0xf0000, 0x10fffd, 0x10ffff, 0x110000, UINT32_MAX,
    };
    static const uint32_t yes[] = {' ',    '~',    0xa0,   0xac,   0xae,   0x3a9,
                                   0x2027, 0x2800, 0x5c71, 0xac00, 0xfffd, 0x1f98a};
    enter_utf8();
    for (size_t i = 0; i < COUNT(no); i++)
        ck_assert_msg(!text_is_plain(no[i]), "U+%04X", no[i]);
    for (size_t i = 0; i < COUNT(yes); i++)
        ck_assert_msg(text_is_plain(yes[i]), "U+%04X", yes[i]);
}
END_TEST

START_TEST(width_is_counted_in_columns)
{
    static const struct {
        const char *text;
        int width;
    } rows[] = {{"", 0},          {"emma", 4}, {"zoë", 3}, {"山猫", 4},
                {"e\xcc\x81", 1}, {"🦊", 2}, {"⣿▆", 2},  {"a\xff", 2}};
    enter_utf8();
    for (size_t i = 0; i < COUNT(rows); i++)
        ck_assert_msg(text_width(rows[i].text) == rows[i].width, "%s: %d", rows[i].text,
                      text_width(rows[i].text));
    ck_assert_int_eq(text_width_of(0x1b), 0);
    ck_assert_int_eq(text_width_of(0x202e), 0);
    ck_assert_int_eq(text_width_of(0xe000), 0);
    ck_assert_int_eq(text_width_of(0x378), 0); /* given to no character */
}
END_TEST

/* ---- numbers --------------------------------------------------------------------------------- */

START_TEST(whole_numbers_have_commas)
{
    static const struct {
        int64_t number;
        const char *text;
    } rows[] = {
        {0, "0"},
        {999, "999"},
        {1000, "1,000"},
        {60475, "60,475"},
        {123456, "123,456"},
        {1234567, "1,234,567"},
        {-1, "-1"},
        {-999, "-999"},
        {-1000, "-1,000"},
        {-123456, "-123,456"},
        {INT64_MAX, "9,223,372,036,854,775,807"},
        {INT64_MIN, "-9,223,372,036,854,775,808"},
    };
    char text[32], small[4];
    for (size_t i = 0; i < COUNT(rows); i++)
        ck_assert_str_eq(text_whole(rows[i].number, text, sizeof text), rows[i].text);
    ck_assert_str_eq(text_whole(60475, small, sizeof small), "60,");
}
END_TEST

START_TEST(real_numbers_fill_a_column)
{
    static const struct {
        double number;
        int width;
        const char *text;
    } rows[] = {
        {2.3061, 6, "  2.31"},
        {-0.0041, 6, "-.0041"},
        {-0.0041, 8, " -.00410"},
        {0, 6, "     0"},
        {-0.0, 6, "     0"},
        {1, 6, "  1.00"},
        {0.18, 3, ".18"},
        {0.004, 3, ".00"},
        {99.96, 6, "   100"},
        {.9996, 6, "  1.00"},
        {12345.678, 6, " 12346"},
        {-123456, 6, "-1.2e5"},
        {1e-9, 6, "1.0e-9"},
        {-1e-9, 6, " -1e-9"},
        {1.234e-9, 8, " 1.23e-9"},
        {1e300, 6, " 1e300"},
        {-1e300, 6, "-1e300"},
        {1e-300, 6, "1e-300"},
        {-1e-300, 6, "-.0000"},
        {-1e-300, 7, "-1e-300"},
        {1e6, 7, "1000000"},
        {1e6, 6, "1.00e6"},
        {1e300, 4, "####"},
        {-12345, 4, "-1e4"},
        {NAN, 6, "   nan"},
        {-NAN, 6, "   nan"},
        {INFINITY, 6, "   inf"},
        {-INFINITY, 6, "  -inf"},
        {0.1, 24, "      .10000000000000001"},
        {-2.2250738585072014e-308, 24, "-2.2250738585072014e-308"},
        {1. / 3, 12, "      .33333"},
        {1e15, 24, "      1000000000000000.0"},
        {1e16, 24, "   1.0000000000000000e16"},
        {1.5e-7, 12, "   1.5000e-7"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[64];
        ck_assert_str_eq(text_real(rows[i].number, rows[i].width, text, sizeof text), rows[i].text);
    }
}
END_TEST

/* Numbers of any size, from the bits of a simple generator. */
static double any_number(uint64_t *state)
{
    double number;
    uint64_t bits = *state = *state * 6364136223846793005u + 1442695040888963407u;
    bits ^= bits >> 29;
    memcpy(&number, &bits, sizeof number);
    return number;
}

START_TEST(no_number_is_wider_than_its_column)
{
    uint64_t state = 1;
    for (int i = 0; i < 20000; i++) {
        double number = any_number(&state);
        for (int width = 6; width <= 24; width++) {
            char text[64];
            if ((int)strlen(text_real(number, width, text, sizeof text)) != width)
                ck_abort_msg("%a in %d columns: `%s`", number, width, text);
        }
    }
}
END_TEST

START_TEST(a_number_in_a_column_reads_back_as_nearly_itself)
{
    uint64_t state = 2;
    for (int i = 0; i < 20000; i++) {
        double number = any_number(&state);
        char text[64];
        if (!isfinite(number))
            continue;
        double read = strtod(text_real(number, 10, text, sizeof text), NULL);
        if (fabs(read / number - 1) > 0.0051 && fabs(number) > 1e-300)
            ck_abort_msg("%a: `%s`", number, text);
        read = strtod(text_real(number, 24, text, sizeof text), NULL);
        if (read != number)
            ck_abort_msg("%a: `%s`", number, text);
    }
}
END_TEST

Suite *text_suite(void)
{
    Suite *suite = suite_create("text");
    TCase *shown = tcase_create("shown"), *numbers = tcase_create("numbers");

    tcase_add_loop_test(shown, a_text_is_shown_with_all_that_would_act_or_hide_written_out, 0,
                        COUNT(shown_texts));
    tcase_add_loop_test(shown, printing_shows_the_same, 0, COUNT(shown_texts));
    tcase_add_test(shown, newlines_are_written_out_in_a_single_line);
    tcase_add_test(shown, a_nul_byte_is_shown_and_does_not_end_the_text);
    tcase_add_test(shown, text_is_cut_at_a_whole_character);
    tcase_add_test(shown, every_code_point_is_shown_safely_in_every_locale);
    tcase_add_test(shown, what_a_terminal_without_unicode_cannot_show_is_shown_as_its_number);
    tcase_add_test(shown, controls_and_hidden_characters_are_not_plain);
    tcase_add_test(shown, width_is_counted_in_columns);
    suite_add_tcase(suite, shown);

    tcase_add_test(numbers, whole_numbers_have_commas);
    tcase_add_test(numbers, real_numbers_fill_a_column);
    tcase_add_test(numbers, no_number_is_wider_than_its_column);
    tcase_add_test(numbers, a_number_in_a_column_reads_back_as_nearly_itself);
    suite_add_tcase(suite, numbers);
    return suite;
}
