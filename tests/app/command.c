#include "app/command.h"

#include "app/complete.h"
#include "engine/support.h"
#include "program.h"
#include "scratch.h"
#include "suites.h"
#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static App *app;

static void open_program(void)
{
    app = program_open("");
}

static void close_program(void)
{
    program_close(app);
}

/* ---- the table ------------------------------------------------------------------------------- */

START_TEST(every_command_has_a_name_a_kind_and_a_help_text)
{
    for (int i = 0; i < command_count; i++) {
        const Command *command = &command_table[i];
        ck_assert_int_gt((int)strlen(command->name), 1);
        for (const char *c = command->name; *c; c++)
            ck_assert_msg(islower((unsigned char)*c), "%s", command->name);
        ck_assert_msg(strlen(command->help) > 5, "%s", command->name);
        ck_assert_msg(!strchr(".!\n", command->help[strlen(command->help) - 1]), "%s",
                      command->name);
        ck_assert_msg(command->run != NULL, "%s", command->name);
        ck_assert_int_lt(command->kind & ~(COMMAND_ARRANGES | COMMAND_BESIDE), COMMAND_KINDS);
    }
}
END_TEST

START_TEST(no_two_commands_have_the_same_name)
{
    for (int i = 0; i < command_count; i++)
        ck_assert_ptr_eq(command_find(command_table[i].name), &command_table[i]);
}
END_TEST

START_TEST(no_key_stands_for_two_commands)
{
    for (int i = 0; i < command_count; i++)
        for (int k = 0; k < COMMAND_KEYS && command_table[i].keys[k].key; k++)
            for (int j = 0; j < command_count; j++)
                for (int l = 0; l < COMMAND_KEYS && command_table[j].keys[l].key; l++)
                    ck_assert_msg((i == j && k == l) || strcmp(command_table[i].keys[k].key,
                                                               command_table[j].keys[l].key) != 0,
                                  "%s: %s and %s", command_table[i].keys[k].key,
                                  command_table[i].name, command_table[j].name);
}
END_TEST

START_TEST(every_key_of_the_table_is_one_that_a_keyboard_has)
{
    for (int i = 0; i < command_count; i++)
        for (int k = 0; k < COMMAND_KEYS && command_table[i].keys[k].key; k++) {
            ck_assert_msg(keymap_is_key(command_table[i].keys[k].key), "%s",
                          command_table[i].keys[k].key);
            ck_assert_ptr_nonnull(command_table[i].keys[k].args);
        }
}
END_TEST

START_TEST(esc_is_left_for_leaving)
{
    ck_assert_ptr_null(keymap_line(&app->keymap, "Esc"));
    ck_assert_int_eq(program_press(app, "Esc"), CHANGE_NONE);
}
END_TEST

/* Every argument of a usage is known to the completion, so that none is misspelt. */
START_TEST(every_argument_of_the_table_is_known)
{
    for (int i = 0; i < command_count; i++) {
        char args[128];
        snprintf(args, sizeof args, "%s", command_table[i].args);
        for (char *word = strtok(args, " []|."); word; word = strtok(NULL, " []|."))
            ck_assert_msg(complete_knows(word), "%s: %s", command_table[i].name, word);
    }
    ck_assert(!complete_knows("MOMNET"));
}
END_TEST

START_TEST(every_default_key_stands_for_a_command_with_right_arguments)
{
    for (int i = 0; i < command_count; i++)
        for (int k = 0; k < COMMAND_KEYS && command_table[i].keys[k].key; k++) {
            app_key(app, command_table[i].keys[k].key);
            ck_assert_msg(!strstr(app->message, "expected") && !strstr(app->message, "no command"),
                          "%s: %s", command_table[i].keys[k].key, app->message);
            program_settle(app);
            app->prompt.open = app->reading = app->help = false;
        }
}
END_TEST

/* ---- names ----------------------------------------------------------------------------------- */

START_TEST(the_beginning_of_a_name_is_enough_if_it_is_the_only_one)
{
    ck_assert_str_eq(command_find("goto")->name, "goto");
    ck_assert_str_eq(command_find("got")->name, "goto");
    ck_assert_ptr_null(command_find("l"));
    ck_assert_ptr_null(command_find(""));
    ck_assert_ptr_null(command_find("gotox"));
}
END_TEST

START_TEST(a_mistyped_name_is_told_the_nearest)
{
    Error error;

    ck_assert_int_eq(command_run(app, "wher", &error), CHANGE_SCREEN);
    ck_assert_int_eq(command_run(app, "weher", &error), CHANGE_FAILED);
    ck_assert_str_eq(error.text, "there is no command weher: did you mean where?");
    ck_assert_int_eq(command_run(app, "xylophone", &error), CHANGE_FAILED);
    ck_assert_str_eq(error.text, "there is no command xylophone: see help");
}
END_TEST

START_TEST(wrong_arguments_say_what_was_expected_and_change_nothing)
{
    static const char *const lines[] = {
        "goto",     "goto 1 2",  "goto x",     "step 0",      "step 1 mile", "unit mile",
        "position", "head zero", "theme pink", "glyphs",      "list",        "list days",
        "print",    "print 1 +", "help fly",   "where there", "bind F5 fly"};
    Error error;

    app_enter(app, "goto 3");
    program_settle(app);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        error.text[0] = '\0';
        ck_assert_msg(command_run(app, lines[i], &error) == CHANGE_FAILED, "%s", lines[i]);
        ck_assert_msg(strlen(error.text) > 10, "%s", lines[i]);
        ck_assert(!strchr(error.text, '\n'));
        program_settle(app);
        program_at(app, "3");
    }
    ck_assert_int_eq(app->unit, UNIT_STEP);
    ck_assert_str_eq(app->theme, "");
}
END_TEST

/* ---- answers --------------------------------------------------------------------------------- */

START_TEST(an_answer_of_one_line_is_the_message)
{
    program_enter(app, "print 1 + 1");
    ck_assert_str_eq(app->message, "1 + 1 = 2");
    ck_assert(!app->message_wrong && !app->reading);
    program_press(app, "Right");
    ck_assert_str_eq(app->message, "");
}
END_TEST

START_TEST(a_longer_answer_is_a_page_that_esc_and_q_put_away)
{
    const char *const keys[] = {"Esc", "q"};

    for (int i = 0; i < 2; i++) {
        program_enter(app, "list commands");
        ck_assert(app->reading);
        ck_assert_str_eq(app->message, "");
        ck_assert_int_eq(answer_lines(&app->answer), command_count);
        ck_assert(!(program_press(app, keys[i]) & CHANGE_QUIT));
        ck_assert(!app->reading);
    }
    ck_assert(program_press(app, "q") & CHANGE_QUIT);
}
END_TEST

START_TEST(a_page_is_scrolled_as_far_as_it_goes)
{
    program_enter(app, "list commands");
    app->scroll_limit = 5;
    program_press(app, "Down j");
    ck_assert_int_eq(app->answer_row, 2);
    program_press(app, "PgDn");
    ck_assert_int_eq(app->answer_row, 5);
    program_press(app, "Up");
    ck_assert_int_eq(app->answer_row, 4);
    program_press(app, "Home Up");
    ck_assert_int_eq(app->answer_row, 0);
    program_press(app, "G");
    ck_assert_int_eq(app->answer_row, 5);
    ck_assert(app->reading);
    program_at(app, "0");
}
END_TEST

START_TEST(another_key_puts_the_page_away_and_does_what_it_does)
{
    program_enter(app, "list commands");
    program_press(app, ".");
    program_settle(app);
    ck_assert(!app->reading);
    program_at(app, "1");
    program_enter(app, "list commands");
    ck_assert_int_eq(program_press(app, "F9"), CHANGE_SCREEN); /* stands for nothing */
    ck_assert(!app->reading);
}
END_TEST

START_TEST(the_help_page_is_scrolled_and_left)
{
    program_press(app, "?");
    ck_assert(app->help);
    app->scroll_limit = 3;
    program_press(app, "Down Down Down Down Down");
    ck_assert_int_eq(app->help_line, 3);
    ck_assert_int_eq(app->position, 0);
    ck_assert(!(program_press(app, "Esc") & CHANGE_QUIT));
    ck_assert(!app->help);
    program_press(app, "?");
    ck_assert_int_eq(app->help_line, 0);
    program_press(app, "?");
    ck_assert(!app->help);
    program_press(app, "?");
    ck_assert(!(program_press(app, "q") & CHANGE_QUIT));
    ck_assert(!app->help);
}
END_TEST

START_TEST(help_on_a_command_says_what_the_table_says)
{
    for (int i = 0; i < command_count; i++) {
        char line[64];
        snprintf(line, sizeof line, "help %s", command_table[i].name);
        program_enter(app, line);
        const char *text = answer_first(&app->answer);
        ck_assert(strncmp(text, command_table[i].name, strlen(command_table[i].name)) == 0);
        ck_assert(strstr(text, command_table[i].args));
        ck_assert(strstr(text, command_table[i].help));
        for (int k = 0; k < COMMAND_KEYS && command_table[i].keys[k].key; k++) {
            snprintf(line, sizeof line, "\n%s\t%s", command_table[i].keys[k].key,
                     command_table[i].name);
            ck_assert_msg(strstr(text, line), "%s lacks %s", text, line);
        }
        ck_assert(!app->help);
    }
}
END_TEST

START_TEST(an_answer_has_a_limit_and_says_when_it_is_cut)
{
    static char text[100000];
    Answer answer = {.cut = false};

    memset(text, 'x', sizeof text);
    for (int i = 0; i < 100; i++)
        answer_bytes(&answer, text, sizeof text);
    ck_assert(answer.cut);
    ck_assert_uint_le(answer.lines.length, ANSWER_LIMIT);
    ck_assert_uint_gt(answer.lines.length, ANSWER_LIMIT / 3);
    ck_assert_uint_eq(strlen(answer_first(&answer)), answer.lines.length);
    size_t length = answer.lines.length;
    answer_bytes(&answer, "y", 1); /* would fit again, but not where it belongs */
    ck_assert_uint_eq(answer.lines.length, length);
    answer_clear(&answer);
    answer_line(&answer, "short");
    ck_assert_str_eq(answer_first(&answer), "short\n");
    answer_release(&answer);
}
END_TEST

/* ---- a storm of keys ------------------------------------------------------------------------- */

/* Commands that make no events and replace no run: what is left of them is a moment. */
static const char *const words[] = {
    "goto ",   "step ",   "back ",      "unit ",    "run ",        "print ", "where",
    "echo ",   "list ",   "help ",      "bind F5 ", "theme ",      "until ", "watch ",
    "unwatch", "prompt ", "end",        "12",       "39.forward",  "@pos1.", "layer0.",
    "attn.",   "head1.",  "operation",  "commands", "keys",        "light",  "loss",
    " < 2",    "wte[0]",  "softmax(",   "((((",     "-1",          "999999", "你好",
    "é",       "none",    "3.update.1", "pause",    "position +1",
};
static const char *const others[] = {
    "Esc",  "Enter",   "Enter",  "Enter",  "Tab",  "Tab",  "S-Tab",     "Up",    "Down",
    "Left", "Right",   "Home",   "End",    "PgUp", "PgDn", "Delete",    "C-w",   "C-u",
    "C-a",  "C-e",     "C-k",    "C-g",    "C-c",  "C-l",  "Backspace", "Space", ":",
    ":",    "?",       "q",      "a",      "0",    "7",    ".",         ",",     "+",
    "-",    "g",       "G",      "r",      "é",    "你",   "e\xcc\x81", "M-x",   "F1",
    "F5",   "C-Space", "Insert", "no key", "",
};

static int chance(uint32_t *seed, size_t below)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (int)((*seed >> 8) % below);
}

static void type_word(uint32_t *seed)
{
    program_type(app, words[chance(seed, sizeof words / sizeof *words)]);
}

static void enter_at_random(uint32_t *seed)
{
    program_press(app, "C-u");
    for (int i = chance(seed, 4); i >= 0; i--)
        type_word(seed);
    program_press(app, "Enter");
}

static void press_at_random(uint32_t *seed)
{
    int what = chance(seed, 12);

    if (app->prompt.open && what < 2)
        type_word(seed);
    else if (app->prompt.open && what < 4)
        enter_at_random(seed);
    else if (what < 7)
        app_key(app, app->keymap.bound[chance(seed, (size_t)app->keymap.count)].key);
    else
        app_key(app, others[chance(seed, sizeof others / sizeof *others)]);
}

static void check_prompt(void)
{
    const Line *line = &app->prompt.line;

    ck_assert(line->length >= 0 && line->length < LINE_BYTES);
    ck_assert_int_eq((int)strlen(line->text), line->length);
    ck_assert(line->cursor >= 0 && line->cursor <= line->length);
    ck_assert(line_can_hold(line->text));
    ck_assert_int_ne(line->text[line->cursor] & 0xc0, 0x80);
}

START_TEST(a_storm_of_keys_leaves_the_run_as_it_would_be)
{
    const int keys = test_full() ? 200000 : 20000;
    uint32_t seed = 1;

    ck_assert(setlocale(LC_CTYPE, "C.UTF-8") || setlocale(LC_CTYPE, "en_US.UTF-8"));
    scratch_put("names.run", "");
    for (int i = 0; i < keys; i++) {
        press_at_random(&seed);
        app_work(app, 0);
        app->scroll_limit = chance(&seed, 30);
        if (app->prompt.open)
            check_prompt();
    }
    app->prompt.open = app->reading = app->help = false;
    app_enter(app, "goto 5");
    program_settle(app);
    program_at(app, "5");
    App *fresh = program_open("");
    ck_assert(app_seek(fresh, "5", NULL));
    program_same(app, fresh);
    program_close(fresh);
}
END_TEST

Suite *command_suite(void)
{
    Suite *suite = suite_create("command");
    TCase *tests = tcase_create("table"), *storm = tcase_create("storm");

    tcase_add_checked_fixture(tests, open_program, close_program);
    tcase_add_test(tests, every_command_has_a_name_a_kind_and_a_help_text);
    tcase_add_test(tests, no_two_commands_have_the_same_name);
    tcase_add_test(tests, no_key_stands_for_two_commands);
    tcase_add_test(tests, every_key_of_the_table_is_one_that_a_keyboard_has);
    tcase_add_test(tests, esc_is_left_for_leaving);
    tcase_add_test(tests, every_argument_of_the_table_is_known);
    tcase_add_test(tests, every_default_key_stands_for_a_command_with_right_arguments);
    tcase_add_test(tests, the_beginning_of_a_name_is_enough_if_it_is_the_only_one);
    tcase_add_test(tests, a_mistyped_name_is_told_the_nearest);
    tcase_add_test(tests, wrong_arguments_say_what_was_expected_and_change_nothing);
    tcase_add_test(tests, an_answer_of_one_line_is_the_message);
    tcase_add_test(tests, a_longer_answer_is_a_page_that_esc_and_q_put_away);
    tcase_add_test(tests, a_page_is_scrolled_as_far_as_it_goes);
    tcase_add_test(tests, another_key_puts_the_page_away_and_does_what_it_does);
    tcase_add_test(tests, the_help_page_is_scrolled_and_left);
    tcase_add_test(tests, help_on_a_command_says_what_the_table_says);
    tcase_add_test(tests, an_answer_has_a_limit_and_says_when_it_is_cut);
    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(storm, open_program, close_program);
    tcase_add_checked_fixture(storm, scratch_enter, scratch_leave);
    tcase_add_test(storm, a_storm_of_keys_leaves_the_run_as_it_would_be);
    tcase_set_timeout(storm, 600);
    suite_add_tcase(suite, storm);
    return suite;
}
