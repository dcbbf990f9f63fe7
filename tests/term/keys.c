#include "term/keys.h"

#include "suites.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Codes in a row, as curses would give them; what it would make of an escape sequence is looked up among those that
 * keys_define has told. */
typedef struct Script {
    const char *bytes;
    size_t at;
} Script;

enum { DEFINED_LIMIT = 200 };

static struct {
    char sequence[16];
    int code;
} defined[DEFINED_LIMIT];
static int defined_count;

static void define(const char *sequence, int code)
{
    ck_assert_int_lt(defined_count, DEFINED_LIMIT);
    snprintf(defined[defined_count].sequence, sizeof defined[0].sequence, "%s", sequence);
    defined[defined_count++].code = code;
}

static int next_code(void *context, int milliseconds)
{
    (void)milliseconds;
    Script *script = context;
    const char *rest = script->bytes + script->at;
    for (int i = 0; i < defined_count; i++) {
        size_t length = strlen(defined[i].sequence);
        if (strncmp(rest, defined[i].sequence, length) == 0) {
            script->at += length;
            return defined[i].code;
        }
    }
    if (!*rest)
        return KEYS_NONE;
    script->at++;
    return (unsigned char)*rest;
}

/* The names of all keys in bytes, with blanks between. */
static const char *names_of(const char *bytes)
{
    static char names[256];
    char name[KEYS_NAME_SIZE];
    Script script = {.bytes = bytes};
    KeyReader reader;
    defined_count = 0;
    keys_define(define);
    keys_init(&reader, next_code, &script);
    names[0] = '\0';
    while (keys_read(&reader, name)) {
        strcat(names, *names ? " " : "");
        strcat(names, name);
    }
    return names;
}

static void use_unicode(void)
{
    if (!setlocale(LC_ALL, "C.UTF-8"))
        ck_assert_ptr_nonnull(setlocale(LC_ALL, "en_US.UTF-8"));
}

START_TEST(characters_name_themselves)
{
    use_unicode();
    ck_assert_str_eq(names_of("qQ?:1é你😀"), "q Q ? : 1 é 你 😀");
}
END_TEST

START_TEST(keys_without_a_character_have_a_name)
{
    ck_assert_str_eq(names_of(" \t\r\x7f\b"), "Space Tab Enter Backspace Backspace");
    ck_assert_str_eq(names_of("\x01\x0c\x1a\x1c"), "C-a C-l C-z C-\\");
}
END_TEST

START_TEST(arrows_are_known_in_both_modes)
{
    ck_assert_str_eq(names_of("\033[A\033OA\033[D\033OD"), "Up Up Left Left");
}
END_TEST

START_TEST(home_and_end_are_known_as_every_terminal_sends_them)
{
    ck_assert_str_eq(names_of("\033[H\033OH\033[1~\033[7~"), "Home Home Home Home");
    ck_assert_str_eq(names_of("\033[F\033OF\033[4~\033[8~"), "End End End End");
}
END_TEST

START_TEST(modifiers_stand_before_the_name)
{
    ck_assert_str_eq(names_of("\033[1;2A\033[1;5C\033[5;3~\033[1;8F"),
                     "S-Up C-Right M-PgUp C-M-S-End");
    ck_assert_str_eq(names_of("\033[Z"), "S-Tab");
}
END_TEST

START_TEST(function_keys_are_numbered)
{
    ck_assert_str_eq(names_of("\033OP\033[15~\033[24~"), "F1 F5 F12");
}
END_TEST

START_TEST(a_lone_escape_is_a_key)
{
    ck_assert_str_eq(names_of("\033"), "Esc");
}
END_TEST

START_TEST(escape_before_a_character_is_alt)
{
    ck_assert_str_eq(names_of("\033xy"), "M-x y");
    ck_assert_str_eq(names_of("\033["), "M-[");
}
END_TEST

START_TEST(an_unknown_sequence_is_swallowed_to_its_end)
{
    ck_assert_str_eq(names_of("a\033[99;99qb\033[?7$yc\033Oqd"), "a b c d");
}
END_TEST

START_TEST(pasted_text_is_no_key)
{
    ck_assert_str_eq(names_of("a\033[200~q\r:quit\r\033[201~b"), "a b");
}
END_TEST

/* A source that falls silent before the x, as a terminal that forgets the end mark. */
static int forgetful_code(void *context, int milliseconds)
{
    Script *script = context;
    int code = next_code(script, milliseconds);
    if (script->at == strlen("\033[200~pqx"))
        nanosleep(&(struct timespec){.tv_sec = KEYS_PASTE_PATIENCE, .tv_nsec = 100000000}, NULL);
    return code;
}

START_TEST(a_paste_that_never_ends_is_given_up)
{
    char name[KEYS_NAME_SIZE];
    Script script = {.bytes = "\033[200~pqx"};
    KeyReader reader;
    defined_count = 0;
    keys_define(define);
    keys_init(&reader, forgetful_code, &script);
    ck_assert(keys_read(&reader, name));
    ck_assert_str_eq(name, "x");
}
END_TEST

START_TEST(a_stray_byte_does_not_swallow_the_next_key)
{
    use_unicode();
    ck_assert_str_eq(names_of("\xff"
                              "a\xc3"
                              "b\x80"
                              "c"),
                     "a b c");
}
END_TEST

Suite *keys_suite(void)
{
    Suite *suite = suite_create("keys");
    TCase *names = tcase_create("names");
    tcase_add_test(names, characters_name_themselves);
    tcase_add_test(names, keys_without_a_character_have_a_name);
    tcase_add_test(names, arrows_are_known_in_both_modes);
    tcase_add_test(names, home_and_end_are_known_as_every_terminal_sends_them);
    tcase_add_test(names, modifiers_stand_before_the_name);
    tcase_add_test(names, function_keys_are_numbered);
    suite_add_tcase(suite, names);
    TCase *sequences = tcase_create("sequences");
    tcase_add_test(sequences, a_lone_escape_is_a_key);
    tcase_add_test(sequences, escape_before_a_character_is_alt);
    tcase_add_test(sequences, an_unknown_sequence_is_swallowed_to_its_end);
    tcase_add_test(sequences, pasted_text_is_no_key);
    tcase_add_test(sequences, a_paste_that_never_ends_is_given_up);
    tcase_add_test(sequences, a_stray_byte_does_not_swallow_the_next_key);
    suite_add_tcase(suite, sequences);
    return suite;
}
