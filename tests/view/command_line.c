#include "view/command_line.h"

#include "app/command.h"
#include "app/program.h"
#include "suites.h"
#include "support.h"
#include "view/export.h"
#include "view/layout.h"
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static App *app;
static Canvas canvas;
static char *rows; /* of the last picture */

static void open_program(void)
{
    ck_assert(setlocale(LC_CTYPE, "C.UTF-8") || setlocale(LC_CTYPE, "en_US.UTF-8"));
    app = program_open("");
    canvas = test_canvas(80, 24, GLYPHS_BRAILLE);
}

static void close_program(void)
{
    free(rows);
    rows = NULL;
    canvas_release(&canvas);
    program_close(app);
}

static void draw(void)
{
    TestText shown;

    app->scroll_limit = layout_draw(app, &canvas, &app->look.spots);
    free(rows);
    test_text_open(&shown);
    export_text(&canvas, shown.stream);
    test_text_close(&shown);
    rows = shown.text;
}

static void resize(int width, int height)
{
    ck_assert(canvas_resize(&canvas, width, height, NULL));
}

/* A row as text; counted from the end if negative. */
static const char *row(int y)
{
    static char text[4096];
    const char *at = rows;

    for (int i = y < 0 ? canvas.height + y : y; i > 0; i--)
        at = strchr(at, '\n') + 1;
    snprintf(text, sizeof text, "%.*s", (int)strcspn(at, "\n"), at);
    return text;
}

static void prompt(const char *text)
{
    program_press(app, ":");
    program_type(app, text);
    draw();
}

static const int sizes[][2] = {{60, 16}, {61, 17}, {80, 24}, {120, 40}, {200, 60}, {1000, 500}};

/* ---- the prompt ------------------------------------------------------------------------------ */

START_TEST(the_prompt_stands_in_the_last_row_at_every_size)
{
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        resize(sizes[i][0], sizes[i][1]);
        prompt("goto 4");
        ck_assert_str_eq(row(-1), " :goto 4");
        ck_assert(strstr(row(-2), "goto MOMENT") || strstr(row(-3), "goto MOMENT"));
        ck_assert(strstr(row(-3), "step 0 | untrained") || strstr(row(-4), "step 0 | untrained"));
        program_press(app, "Esc");
    }
}
END_TEST

/* The first column in the last row that stands for the cursor; fails unless there is one. */
static int cursor_column(void)
{
    const Cell *cells = canvas.cell + (size_t)(canvas.height - 1) * (size_t)canvas.width;
    int found = -1;

    for (int x = 0; x < canvas.width; x++)
        if (cells[x].attr & ATTR_REVERSE && found < 0)
            found = x;
    ck_assert_int_ge(found, 0);
    return found;
}

START_TEST(the_cursor_is_shown_where_it_is)
{
    prompt("abc");
    ck_assert_int_eq(cursor_column(), 5);
    program_press(app, "Left");
    draw();
    ck_assert_int_eq(cursor_column(), 4);
    program_press(app, "C-u 你");
    draw();
    ck_assert_int_eq(cursor_column(), 4);
    program_press(app, "Home");
    draw();
    ck_assert_int_eq(cursor_column(), 2);
}
END_TEST

START_TEST(of_a_long_line_the_part_around_the_cursor_is_shown)
{
    char text[300];

    resize(60, 16);
    for (int i = 0; i < 250; i++)
        text[i] = (char)('a' + i % 26);
    text[250] = '\0';
    prompt(text);
    ck_assert_int_le(cursor_column(), 58);
    ck_assert(strstr(row(-1), text + 200));
    program_press(app, "C-Left");
    draw();
    ck_assert_int_eq(cursor_column(), 2);
    ck_assert(strncmp(row(-1), " :abc", 5) == 0);
}
END_TEST

START_TEST(wide_and_hidden_characters_keep_the_cursor_in_the_row)
{
    resize(60, 16);
    program_press(app, ":");
    for (int i = 0; i < 60; i++)
        app_key(app, i % 3 ? "你" : "\xe2\x80\xae"); /* shown as U+202E */
    for (int i = 0; i < 130; i++) {
        draw();
        ck_assert_int_lt(cursor_column(), 59);
        program_press(app, i < 65 ? "Left" : "Right");
    }
}
END_TEST

START_TEST(the_command_that_is_typed_is_explained)
{
    prompt("theme");
    ck_assert_str_eq(row(-2), " theme dark|light|mono  colours for that background");
    program_press(app, "C-u l o");
    draw();
    ck_assert_str_eq(row(-2), " look  load");
    program_press(app, "x");
    draw();
    ck_assert_str_eq(row(-2), " there is no such command");
}
END_TEST

START_TEST(candidates_stand_above_and_the_chosen_one_is_marked)
{
    prompt("unit p");
    program_press(app, "Tab");
    draw();
    ck_assert_str_eq(row(-4), " position  phase");
    program_press(app, "Tab Tab");
    draw();
    const Cell *cells = canvas.cell + (size_t)(canvas.height - 4) * (size_t)canvas.width;
    ck_assert(!(cells[1].attr & ATTR_REVERSE));
    ck_assert(cells[11].attr & ATTR_REVERSE);
    program_press(app, "C-u x Tab");
    draw();
    ck_assert_str_eq(row(-3), " nothing fits");
}
END_TEST

START_TEST(of_many_candidates_there_is_always_the_chosen_one)
{
    resize(60, 16);
    prompt("print ");
    for (int i = 0; i < 200; i++) {
        program_press(app, "Tab");
        draw();
        const Prompt *p = &app->prompt;
        if (p->chosen < 0)
            continue;
        int marked = 0;
        for (int k = 0; k < canvas.width * (canvas.height - 1); k++)
            marked += (canvas.cell[k].attr & ATTR_REVERSE) != 0;
        ck_assert_int_eq(marked, (int)strlen(p->completion.candidate[p->chosen]));
    }
    ck_assert(strstr(rows, " more"));
}
END_TEST

/* ---- messages and keys ----------------------------------------------------------------------- */

START_TEST(a_long_message_is_broken_into_rows)
{
    resize(60, 16);
    app_say(app, true, "%s",
            "one two three four five six seven eight nine ten eleven twelve "
            "thirteen fourteen fifteen");
    draw();
    ck_assert_str_eq(row(-2), " one two three four five six seven eight nine ten eleven");
    ck_assert_str_eq(row(-1), " twelve thirteen fourteen fifteen");
    ck_assert(strstr(row(-3), "step 0 | untrained"));
    app->message[0] = '\0';
    draw();
    ck_assert(strstr(row(-1), "q quit"));
    ck_assert(strstr(row(-2), "step 0 | untrained"));
}
END_TEST

START_TEST(a_message_never_takes_the_whole_screen)
{
    resize(60, 16);
    memset(app->message, 'x', sizeof app->message - 1);
    draw();
    ck_assert_int_eq(command_line_rows(app, &canvas, 60), COMMAND_LINE_MOST_ROWS);
    ck_assert(strstr(row(-1 - COMMAND_LINE_MOST_ROWS), "step 0 | untrained"));
}
END_TEST

START_TEST(a_message_is_made_safe)
{
    app_say(app, false, "a\x1b[31m\xff");
    draw();
    ck_assert_str_eq(row(-1), " a^[[31m\\xff");
}
END_TEST

START_TEST(the_row_of_keys_follows_the_bindings_and_the_width)
{
    draw();
    ck_assert_str_eq(
        row(-1), " Space run  . on  , back  + - step  w why  : command  ? help  q quit");
    app_enter(app, "bind Space none");
    app_enter(app, "bind F5 run");
    draw();
    ck_assert(strncmp(row(-1), " F5 run", 7) == 0);
    resize(200, 24);
    draw();
    ck_assert(strstr(row(-1), "← → ↑ ↓ cursor"));
    for (int width = 60; width < 130; width++) {
        resize(width, 24);
        draw();
        ck_assert(strstr(row(-1), "q quit"));
    }
}
END_TEST

START_TEST(two_views_are_told_apart_and_tab_is_named)
{
    resize(200, 60);
    app_enter(app, "view loss attention");
    draw();
    ck_assert_ptr_nonnull(strstr(row(-1), "Tab other view"));
    ck_assert(strncmp(row(3), "▸How surprised", strlen("▸How surprised")) == 0);
    app_enter(app, "pane next");
    draw();
    ck_assert(strncmp(row(3), " How surprised", 14) == 0);
    ck_assert_ptr_nonnull(strstr(row(3), "▸Who looks"));
    app_enter(app, "pane one");
    draw();
    ck_assert_ptr_null(strstr(row(-1), "Tab"));
    resize(80, 24);
    app_enter(app, "view loss attention");
    draw();
    ck_assert_ptr_null(strstr(row(-1), "Tab"));
}
END_TEST

/* ---- pages ----------------------------------------------------------------------------------- */

START_TEST(a_page_is_shown_above_the_status_line_and_scrolled_to_its_end)
{
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        resize(sizes[i][0], sizes[i][1]);
        program_enter(app, "list commands");
        draw();
        ck_assert(strstr(rows, "run [back]"));
        ck_assert(strstr(row(-2), "step 0 | untrained"));
        ck_assert(canvas.height >= 40 || app->scroll_limit > 0);
        program_press(app, "End");
        draw();
        ck_assert_int_eq(app->answer_row, app->scroll_limit);
        ck_assert_msg(strstr(row(-3), "program"), "%s", row(-3));
        ck_assert_int_ge(app->scroll_limit, 0);
        if (app->scroll_limit > 0) {
            program_press(app, "Up");
            draw();
            ck_assert(!strstr(row(-3), "program"));
        }
        program_press(app, "q");
    }
}
END_TEST

START_TEST(a_page_hides_what_lies_below_it)
{
    app_enter(app, "goto 20");
    program_settle(app);
    app->answer_row = 0;
    program_enter(app, "list keys");
    draw();
    for (int y = 3; y < canvas.height - 2; y++)
        for (int x = 0; x < canvas.width; x++)
            ck_assert_int_eq(canvas.cell[y * canvas.width + x].ground, ROLE_TEXT);
}
END_TEST

START_TEST(columns_of_a_page_stand_below_each_other)
{
    answer_line(&app->answer, "long\tone");
    answer_line(&app->answer, "a\ttwo");
    app->reading = true;
    draw();
    ck_assert_str_eq(row(-4), " long  one");
    ck_assert_str_eq(row(-3), " a     two");
}
END_TEST

START_TEST(the_help_page_has_every_key_and_command_and_scrolls_to_its_end)
{
    char usage[128];

    app_enter(app, "bind F5 goto 3");
    program_press(app, "?");
    resize(120, 500);
    draw();
    ck_assert_int_eq(app->scroll_limit, 0);
    for (int i = 0; i < command_count; i++) {
        snprintf(usage, sizeof usage, ":%s", command_table[i].name);
        ck_assert_msg(strstr(rows, usage), "%s", usage);
        for (int k = 0; k < COMMAND_KEYS && command_table[i].keys[k].key; k++)
            if (command_table[i].keys[k].label)
                ck_assert_msg(strstr(rows, command_table[i].keys[k].label), "%s",
                              command_table[i].keys[k].label);
    }
    ck_assert(strstr(rows, "Your own keys"));
    for (size_t i = 0; i < 4; i++) {
        resize(sizes[i][0], sizes[i][1]);
        draw();
        ck_assert_int_gt(app->scroll_limit, 0);
        program_press(app, "End");
        draw();
        ck_assert_int_eq(app->help_line, app->scroll_limit);
        ck_assert_msg(strstr(row(-4), "leave help") || strstr(row(-4), "program"), "%s", row(-4));
        program_press(app, "Up");
        ck_assert_int_eq(app->help_line, app->scroll_limit - 1);
        program_press(app, "Home");
    }
}
END_TEST

START_TEST(an_unbound_key_leaves_the_help_page)
{
    app_enter(app, "bind r none");
    program_press(app, "?");
    draw();
    ck_assert(!strstr(rows, "run backwards"));
}
END_TEST

START_TEST(keys_and_sizes_by_chance_draw_within_the_canvas)
{
    static const char *const keys[] = {":",   "Tab",  "Tab",  "p",   "l",     "Space", "Enter",
                                       "Esc", "Up",   "?",    "q",   "你",    "g",     "Down",
                                       "End", "Left", "list", "C-u", "S-Tab", "."};
    uint32_t seed = 7;

    for (int i = 0; i < 3000; i++) {
        program_press(app, keys[test_chance(&seed, 0, sizeof keys / sizeof *keys - 1)]);
        app_work(app, 0);
        if (i % 10 == 0)
            resize(test_chance(&seed, 1, 130), test_chance(&seed, 1, 45));
        draw();
        ck_assert_int_ge(app->scroll_limit, 0);
    }
}
END_TEST

Suite *command_line_suite(void)
{
    Suite *suite = suite_create("command_line");
    TCase *tests = tcase_create("rows");

    tcase_add_checked_fixture(tests, open_program, close_program);
    tcase_add_test(tests, the_prompt_stands_in_the_last_row_at_every_size);
    tcase_add_test(tests, the_cursor_is_shown_where_it_is);
    tcase_add_test(tests, of_a_long_line_the_part_around_the_cursor_is_shown);
    tcase_add_test(tests, wide_and_hidden_characters_keep_the_cursor_in_the_row);
    tcase_add_test(tests, the_command_that_is_typed_is_explained);
    tcase_add_test(tests, candidates_stand_above_and_the_chosen_one_is_marked);
    tcase_add_test(tests, of_many_candidates_there_is_always_the_chosen_one);
    tcase_add_test(tests, a_long_message_is_broken_into_rows);
    tcase_add_test(tests, a_message_never_takes_the_whole_screen);
    tcase_add_test(tests, a_message_is_made_safe);
    tcase_add_test(tests, the_row_of_keys_follows_the_bindings_and_the_width);
    tcase_add_test(tests, two_views_are_told_apart_and_tab_is_named);
    tcase_add_test(tests, a_page_is_shown_above_the_status_line_and_scrolled_to_its_end);
    tcase_add_test(tests, a_page_hides_what_lies_below_it);
    tcase_add_test(tests, columns_of_a_page_stand_below_each_other);
    tcase_add_test(tests, the_help_page_has_every_key_and_command_and_scrolls_to_its_end);
    tcase_add_test(tests, an_unbound_key_leaves_the_help_page);
    tcase_add_test(tests, keys_and_sizes_by_chance_draw_within_the_canvas);
    suite_add_tcase(suite, tests);
    return suite;
}
