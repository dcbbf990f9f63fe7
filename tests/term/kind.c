#include "term/kind.h"

#include "suites.h"

#include <fcntl.h>
#include <pty.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

START_TEST(a_unicode_terminal_gets_braille)
{
    ck_assert_int_eq(kind_choose_glyphs("xterm", "UTF-8"), GLYPHS_BRAILLE);
}
END_TEST

START_TEST(another_charset_or_a_console_gets_ascii)
{
    ck_assert_int_eq(kind_choose_glyphs("xterm", "ISO-8859-1"), GLYPHS_ASCII);
    ck_assert_int_eq(kind_choose_glyphs("linux", "UTF-8"), GLYPHS_ASCII);
}
END_TEST

START_TEST(colours_are_rounded_down_to_what_the_themes_know)
{
    static const int pairs[][2] = {{-1, 0},  {2, 0},     {8, 8},        {15, 8},
                                   {88, 16}, {256, 256}, {1 << 24, 256}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        ck_assert_int_eq(kind_choose_depth(COLOR_AUTO, NULL, pairs[i][0]), pairs[i][1]);
}
END_TEST

START_TEST(no_color_counts_unless_colours_are_asked_for)
{
    ck_assert_int_eq(kind_choose_depth(COLOR_AUTO, "1", 256), 0);
    ck_assert_int_eq(kind_choose_depth(COLOR_AUTO, "", 256), 256);
    ck_assert_int_eq(kind_choose_depth(COLOR_ALWAYS, "1", 256), 256);
    ck_assert_int_eq(kind_choose_depth(COLOR_NEVER, NULL, 256), 0);
}
END_TEST

START_TEST(padding_is_left_out_of_a_string)
{
    char bytes[8] = "<";
    size_t length = kind_append_string(bytes, 1, sizeof bytes, "ab$<5/>c$d");
    ck_assert_mem_eq(bytes, "<abc$d", 6);
    ck_assert_uint_eq(length, 6);
    ck_assert_uint_eq(kind_append_string(bytes, length, sizeof bytes, "xyz"), sizeof bytes);
    ck_assert_uint_eq(kind_append_string(bytes, 3, sizeof bytes, NULL), 3);
    ck_assert_uint_eq(kind_append_string(bytes, 3, sizeof bytes, (char *)-1), 3);
}
END_TEST

/* Puts a terminal or the null device at input and output. */
static void use_ends(bool input, bool output)
{
    int terminal, other, null = open("/dev/null", O_RDWR);
    ck_assert_int_ge(null, 0);
    ck_assert_int_eq(openpty(&other, &terminal, NULL, NULL, NULL), 0);
    dup2(input ? terminal : null, STDIN_FILENO);
    dup2(output ? terminal : null, STDOUT_FILENO);
}

START_TEST(the_end_that_is_no_terminal_is_named)
{
    Error error;
    setenv("TERM", "xterm", 1);
    use_ends(false, true);
    ck_assert(!kind_check(&error));
    ck_assert_ptr_nonnull(strstr(error.text, "no terminal on standard input"));
    use_ends(true, false);
    ck_assert(!kind_check(&error));
    ck_assert_ptr_nonnull(strstr(error.text, "no terminal on standard output"));
    ck_assert_ptr_nonnull(strstr(error.text, "gptoscope show overview"));
    use_ends(true, true);
    ck_assert(kind_check(&error));
}
END_TEST

Suite *kind_suite(void)
{
    Suite *suite = suite_create("kind");
    TCase *choices = tcase_create("choices");
    tcase_add_test(choices, a_unicode_terminal_gets_braille);
    tcase_add_test(choices, another_charset_or_a_console_gets_ascii);
    tcase_add_test(choices, colours_are_rounded_down_to_what_the_themes_know);
    tcase_add_test(choices, no_color_counts_unless_colours_are_asked_for);
    tcase_add_test(choices, padding_is_left_out_of_a_string);
    suite_add_tcase(suite, choices);
    TCase *ends = tcase_create("ends");
    tcase_add_test(ends, the_end_that_is_no_terminal_is_named);
    suite_add_tcase(suite, ends);
    return suite;
}
