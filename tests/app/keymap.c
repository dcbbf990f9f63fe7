#include "app/keymap.h"

#include "app/command.h"
#include "program.h"
#include "suites.h"
#include <stdio.h>
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

START_TEST(every_default_key_stands_for_its_command)
{
    char line[COMMAND_LINE_BYTES];

    for (int i = 0; i < command_count; i++)
        for (int k = 0; k < COMMAND_KEYS && command_table[i].keys[k].key; k++)
            ck_assert_str_eq(keymap_line(&app->keymap, command_table[i].keys[k].key),
                             command_key_line(&command_table[i], k, line));
    ck_assert_ptr_null(keymap_line(&app->keymap, "F9"));
}
END_TEST

START_TEST(a_key_can_be_bound_to_another_command)
{
    program_enter(app, "bind q goto 2");
    ck_assert(!(program_press(app, "q") & CHANGE_QUIT));
    program_settle(app);
    program_at(app, "2");
}
END_TEST

START_TEST(a_new_key_gets_a_command_with_all_its_arguments)
{
    program_enter(app, "bind F5 goto 3.backward.2");
    program_press(app, "F5");
    program_settle(app);
    program_at(app, "3.backward.2");
    ck_assert_str_eq(keymap_key(&app->keymap, "goto 3.backward.2"), "F5");
}
END_TEST

START_TEST(a_key_bound_to_none_does_nothing)
{
    int before = app->keymap.count;

    program_enter(app, "bind G none");
    ck_assert_int_eq(app->keymap.count, before - 1);
    ck_assert_int_eq(program_press(app, "G"), CHANGE_NONE);
    program_at(app, "0");
    program_enter(app, "bind G none");
    ck_assert_int_eq(app->keymap.count, before - 1);
    ck_assert_str_eq(keymap_line(&app->keymap, "End"), "goto end");
}
END_TEST

START_TEST(bind_alone_says_what_a_key_stands_for)
{
    program_enter(app, "bind G");
    ck_assert_str_eq(app->message, "G\tgoto end");
    program_enter(app, "bind F9");
    ck_assert_str_eq(app->message, "F9\tnone");
}
END_TEST

static const struct {
    const char *command, *message;
} wrong[] = {
    {"bind", "expected a key, such as F5, not nothing"},
    {"bind F13 run", "there is no key F13: names are like a, Space, F5, C-t, M-x"},
    {"bind ab run", "there is no key ab: names are like a, Space, F5, C-t, M-x"},
    {"bind F13", "there is no key F13: names are like a, Space, F5, C-t, M-x"},
    {"bind F13 none", "there is no key F13: names are like a, Space, F5, C-t, M-x"},
    {"bind F5 gto 3", "there is no command gto: did you mean goto?"},
};

START_TEST(a_wrong_binding_is_refused)
{
    int before = app->keymap.count;

    program_enter(app, wrong[_i].command);
    ck_assert_str_eq(app->message, wrong[_i].message);
    ck_assert(app->message_wrong);
    ck_assert_int_eq(app->keymap.count, before);
    ck_assert_ptr_null(keymap_line(&app->keymap, "F5"));
}
END_TEST

START_TEST(a_command_that_is_too_long_is_not_cut)
{
    char line[200] = "echo ";
    Error error;

    memset(line + 5, 'x', 150);
    ck_assert(!keymap_bind(&app->keymap, "F5", line, &error));
    ck_assert_str_eq(error.text, "the command is longer than 127 bytes");
    ck_assert_ptr_null(keymap_line(&app->keymap, "F5"));
}
END_TEST

START_TEST(a_full_keymap_says_so)
{
    char key[8];
    Error error = {""};
    bool bound = true;

    for (int i = 0; bound && i < 2 * KEYMAP_KEYS; i++) { /* U+4E00 and on */
        snprintf(key, sizeof key, "\xe4%c%c", 0xb8 + i / 64, 0x80 + i % 64);
        bound = keymap_bind(&app->keymap, key, "run", &error);
    }
    ck_assert_int_eq(app->keymap.count, KEYMAP_KEYS);
    ck_assert_str_eq(error.text, "192 keys are bound: unbind one first (bind KEY none)");
    ck_assert(keymap_bind(&app->keymap, "Space", "pause", &error));
}
END_TEST

START_TEST(names_of_keys_are_known)
{
    static const char *const good[] = {"a",   "Z",     "+",       ":",      "é",         "你",
                                       "Tab", "S-Tab", "Space",   "C-a",    "C-Space",   "C-\\",
                                       "M-x", "M-:",   "M-Up",    "C-S-Up", "C-M-S-End", "F1",
                                       "F12", "PgDn",  "M-Enter", "Esc",    "M-C-a"};
    static const char *const bad[] = {"",    "ab",     "C-",   "C-i",  "C-h",  "C-é",     "F0",
                                      "F13", "F01",    "Up ",  " ",    "S-a",  "tab",     "C-Enter",
                                      "M-",  "S-C-Up", "Page", "\x1b", "\xff", "Up Down", "M-é"};

    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        ck_assert_msg(keymap_is_key(good[i]), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(!keymap_is_key(bad[i]), "%s", bad[i]);
}
END_TEST

START_TEST(lists_show_what_was_bound)
{
    program_enter(app, "bind F5 goto 3");
    program_enter(app, "bind G none");
    program_enter(app, "list keys");
    ck_assert(strstr(answer_first(&app->answer), "\nF5\tgoto 3\n"));
    ck_assert(!strstr(answer_first(&app->answer), "\nG\t"));
    program_enter(app, "help goto");
    ck_assert(strstr(answer_first(&app->answer), "\nF5\tgoto 3\n"));
}
END_TEST

Suite *keymap_suite(void)
{
    Suite *suite = suite_create("keymap");
    TCase *tests = tcase_create("keys");

    tcase_add_checked_fixture(tests, open_program, close_program);
    tcase_add_test(tests, every_default_key_stands_for_its_command);
    tcase_add_test(tests, a_key_can_be_bound_to_another_command);
    tcase_add_test(tests, a_new_key_gets_a_command_with_all_its_arguments);
    tcase_add_test(tests, a_key_bound_to_none_does_nothing);
    tcase_add_test(tests, bind_alone_says_what_a_key_stands_for);
    tcase_add_loop_test(tests, a_wrong_binding_is_refused, 0, sizeof wrong / sizeof *wrong);
    tcase_add_test(tests, a_command_that_is_too_long_is_not_cut);
    tcase_add_test(tests, a_full_keymap_says_so);
    tcase_add_test(tests, names_of_keys_are_known);
    tcase_add_test(tests, lists_show_what_was_bound);
    suite_add_tcase(suite, tests);
    return suite;
}
