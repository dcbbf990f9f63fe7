#include "suites.h"

#include "lesson/markdown.h"
#include <string.h>

static Store store;

static Markdown read(const char *text)
{
    Markdown markdown;
    Error error;

    ck_assert(markdown_read(text, strlen(text), &store, &markdown, &error));
    return markdown;
}

static void close_store(void)
{
    store_release(&store);
}

START_TEST(blocks_come_in_order_with_their_lines)
{
    Markdown markdown =
        read("# Title\n\nOne *two*\nthree.\n\n## Step {#s}\n\n- a\n- b\n\n> said\n");

    ck_assert_int_eq(markdown.count, 6);
    ck_assert_int_eq(markdown.block[0].kind, BLOCK_HEADING);
    ck_assert_int_eq(markdown.block[0].level, 1);
    ck_assert_str_eq(markdown.block[0].text, "Title");
    ck_assert_int_eq(markdown.block[1].line, 3);
    ck_assert_str_eq(markdown.block[1].text, "One \2two\2 three.");
    ck_assert_int_eq(markdown.block[2].line, 6);
    ck_assert_int_eq(markdown.block[3].kind, BLOCK_ITEM);
    ck_assert_str_eq(markdown.block[3].label, "-");
    ck_assert_int_eq(markdown.block[4].line, 9);
    ck_assert_int_eq(markdown.block[5].kind, BLOCK_QUOTE);
}
END_TEST

START_TEST(code_keeps_its_lines_and_the_number_of_its_first)
{
    Markdown markdown =
        read("text\n\n```lesson\n\nscene init\n  mask loss\n```\n\n```go x\n\tif a {\n```\n");

    ck_assert_int_eq(markdown.count, 3);
    ck_assert_str_eq(markdown.block[1].label, "lesson");
    ck_assert_str_eq(markdown.block[1].text, "\nscene init\n  mask loss");
    ck_assert_int_eq(markdown.block[1].line, 4);
    ck_assert_str_eq(markdown.block[2].label, "go");
    ck_assert_str_eq(markdown.block[2].text, "    if a {");
}
END_TEST

START_TEST(numbered_and_nested_lists_have_their_labels)
{
    Markdown markdown = read("3. three\n4. four\n   - inner\n\n     more\n");

    ck_assert_str_eq(markdown.block[0].label, "3.");
    ck_assert_str_eq(markdown.block[1].label, "4.");
    ck_assert_int_eq(markdown.block[2].level, 1);
    ck_assert_str_eq(markdown.block[3].text, "more");
    ck_assert_str_eq(markdown.block[3].label, "");
}
END_TEST

START_TEST(a_table_is_rows_of_cells)
{
    Markdown markdown = read("| a | b |\n|---|---|\n| 1 | `{{x|%.2f}}` |\n");

    ck_assert_int_eq(markdown.count, 2);
    ck_assert(markdown.block[0].head);
    ck_assert_str_eq(markdown.block[0].text, "a\tb");
    ck_assert(!markdown.block[1].head);
    ck_assert_str_eq(markdown.block[1].text, "1\t\3{{x|%.2f}}\3");
}
END_TEST

START_TEST(nothing_between_braces_means_anything_to_markdown)
{
    Markdown markdown =
        read("{{a*b}} and {{c*d}} and {{wte[5][0]|%.3f}} {{x_hat}} {{a<b}} {{p || q}}\n");

    ck_assert_str_eq(markdown.block[0].text,
                     "{{a*b}} and {{c*d}} and {{wte[5][0]|%.3f}} {{x_hat}} {{a<b}} {{p || q}}");
    markdown = read("{{ open and *this*\n");
    ck_assert_str_eq(markdown.block[0].text, "{{ open and \2this\2");
}
END_TEST

START_TEST(what_would_act_on_a_terminal_is_written_out)
{
    Markdown markdown =
        read("a\033[31m b \xe2\x80\xae c <b>html</b> &amp; &copy;\n\n    \033]0;x\a\n");

    ck_assert_str_eq(markdown.block[0].text, "a^[[31m b U+202E c <b>html</b> & &copy;");
    ck_assert_str_eq(markdown.block[1].text, "^[]0;x^G");
}
END_TEST

START_TEST(the_text_of_a_directive_takes_strong_and_code)
{
    const char *text = "a **b** `c*d` 2*3 \033";

    ck_assert_str_eq(markdown_inline(text, strlen(text), &store), "a \1b\1 \3c*d\3 2*3 ^[");
}
END_TEST

Suite *markdown_suite(void)
{
    Suite *suite = suite_create("markdown");
    TCase *tests = tcase_create("markdown");

    tcase_add_checked_fixture(tests, NULL, close_store);
    tcase_add_test(tests, blocks_come_in_order_with_their_lines);
    tcase_add_test(tests, code_keeps_its_lines_and_the_number_of_its_first);
    tcase_add_test(tests, numbered_and_nested_lists_have_their_labels);
    tcase_add_test(tests, a_table_is_rows_of_cells);
    tcase_add_test(tests, nothing_between_braces_means_anything_to_markdown);
    tcase_add_test(tests, what_would_act_on_a_terminal_is_written_out);
    tcase_add_test(tests, the_text_of_a_directive_takes_strong_and_code);
    suite_add_tcase(suite, tests);
    return suite;
}
