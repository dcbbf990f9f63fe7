#include "term/keys.h"

#include "app/keymap.h"
#include "suites.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Codes in a row, as curses would give them; what it would make of an escape sequence is looked up
 * among those that keys_define has told. */
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

/* ---- names that can be bound ----------------------------------------------------------------- */

enum { MADE_LIMIT = 4000 };

static char made[MADE_LIMIT][KEYS_NAME_SIZE];
static int made_count;

static bool is_made(const char *name)
{
    for (int i = 0; i < made_count; i++)
        if (strcmp(made[i], name) == 0)
            return true;
    return false;
}

/* Keeps the names of the keys that bytes make, alone and with Alt. */
static void make_keys(const char *bytes)
{
    char with_alt[24];
    snprintf(with_alt, sizeof with_alt, "\033%s", bytes);
    for (int alt = 0; alt < 2; alt++) {
        const char *names = names_of(alt ? with_alt : bytes);
        if (!*names || strchr(names, ' ') || is_made(names))
            continue;
        ck_assert_int_lt(made_count, MADE_LIMIT);
        snprintf(made[made_count++], KEYS_NAME_SIZE, "%s", names);
    }
}

static void make_all_keys(void)
{
    use_unicode();
    made_count = 0;
    for (int byte = 1; byte < 128; byte++)
        make_keys((const char[]){(char)byte, '\0'});
    make_keys("é");
    names_of(""); /* fills `defined` */
    int count = defined_count;
    for (int i = 0; i < count; i++) {
        char sequence[sizeof defined[0].sequence];
        memcpy(sequence, defined[i].sequence, sizeof sequence);
        make_keys(sequence);
    }
    snprintf(made[made_count++], KEYS_NAME_SIZE, "C-Space"); /* a NUL byte, which ends a script */
    snprintf(made[made_count++], KEYS_NAME_SIZE, "M-C-Space");
}

START_TEST(every_key_can_be_bound)
{
    make_all_keys();
    ck_assert_int_gt(made_count, 300);
    for (int i = 0; i < made_count; i++)
        ck_assert_msg(keymap_is_key(made[i]), "%s", made[i]);
}
END_TEST

/* What can be made of the words that names of keys are made of. */
START_TEST(what_can_be_bound_is_a_key)
{
    static const char *const modifiers[] = {"",     "S-",   "M-",     "M-S-", "C-",
                                            "C-S-", "C-M-", "C-M-S-", "M-C-", "M-C-M-S-"};
    static const char *const words[] = {
        "Up",  "Down",  "Left", "Right", "Home",      "End", "PgUp", "PgDn", "Insert",    "Delete",
        "Tab", "Enter", "Esc",  "Space", "F1",        "F12", "F13",  "F0",   "Backspace", "a",
        "A",   "h",     "i",    "m",     "[",         "\\",  "]",    "^",    "_",         "@",
        "?",   "1",     "é",    "Menu",  "Page Down", "up",  "",     "z"};
    char name[32];

    make_all_keys();
    for (size_t m = 0; m < sizeof modifiers / sizeof *modifiers; m++)
        for (size_t w = 0; w < sizeof words / sizeof *words; w++) {
            snprintf(name, sizeof name, "%s%s", modifiers[m], words[w]);
            ck_assert_msg(keymap_is_key(name) == is_made(name), "%s: %s", name,
                          is_made(name) ? "cannot be bound" : "no keyboard sends it");
        }
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
    TCase *binding = tcase_create("binding");
    tcase_add_test(binding, every_key_can_be_bound);
    tcase_add_test(binding, what_can_be_bound_is_a_key);
    suite_add_tcase(suite, binding);
    return suite;
}
