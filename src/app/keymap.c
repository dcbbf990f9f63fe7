#include "app/keymap.h"

#include "app/command.h"
#include "app/text.h"
#include "engine/corpus.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- names of keys --------------------------------------------------------------------------- */

/* Whether name is a word of a list with blanks between. */
static bool is_among(const char *name, const char *list)
{
    size_t length = strlen(name);

    if (length == 0 || strchr(name, ' '))
        return false;
    for (const char *at = list; (at = strstr(at, name)); at++)
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

static bool is_character(const char *name)
{
    uint32_t code_point;
    int bytes = corpus_decode(name, strlen(name), &code_point);

    return bytes > 0 && name[bytes] == '\0' && code_point > 0x20 &&
           (code_point < 0x7f || code_point >= 0xa0);
}

static bool is_function_key(const char *name)
{
    char *end;
    long number = name[0] == 'F' && name[1] != '0' ? strtol(name + 1, &end, 10) : 0;

    return number >= 1 && number <= 12 && *end == '\0';
}

/* Terminals send Ctrl with a letter as a control character; some of these are keys of their own:
 * C-i is Tab. */
static bool is_control(const char *name)
{
    return strncmp(name, "C-", 2) == 0 &&
           ((name[2] >= 'a' && name[2] <= 'z' && name[3] == '\0' && !strchr("hijm", name[2])) ||
            is_among(name + 2, "Space \\ ] ^ _"));
}

/* Keys that terminals send together with Shift, Alt and Ctrl. */
static bool is_modified(const char *name)
{
    static const char *const modifiers[] = {"C-", "M-", "S-"};
    const char *rest = name;

    for (size_t i = 0; i < sizeof modifiers / sizeof *modifiers; i++)
        if (strncmp(rest, modifiers[i], 2) == 0)
            rest += 2;
    return is_among(rest, "Up Down Left Right Home End PgUp PgDn Insert Delete");
}

static bool is_plain_key(const char *name)
{
    return is_character(name) || is_function_key(name) || is_control(name) || is_modified(name) ||
           is_among(name, "Space Tab S-Tab Enter Backspace Esc");
}

bool keymap_is_key(const char *name)
{
    bool with_alt = strncmp(name, "M-", 2) == 0;

    if (strlen(name) >= KEYMAP_NAME_BYTES)
        return false;
    return is_plain_key(name) ||
           (with_alt && is_plain_key(name + 2) && (unsigned char)name[2] < 0x80);
}

/* ---- what they stand for --------------------------------------------------------------------- */

static int find(const Keymap *keymap, const char *key)
{
    int i = 0;

    while (i < keymap->count && strcmp(keymap->bound[i].key, key) != 0)
        i++;
    return i;
}

const char *keymap_line(const Keymap *keymap, const char *key)
{
    int i = find(keymap, key);

    return i < keymap->count ? keymap->bound[i].line : NULL;
}

const char *keymap_key(const Keymap *keymap, const char *line)
{
    for (int i = 0; i < keymap->count; i++)
        if (strcmp(keymap->bound[i].line, line) == 0)
            return keymap->bound[i].key;
    return NULL;
}

static bool put(Keymap *keymap, const char *key, const char *line, Error *error)
{
    int i = find(keymap, key);

    if (i == KEYMAP_KEYS)
        return error_set(error, "%d keys are bound: unbind one first (bind KEY none)", KEYMAP_KEYS);
    if (strlen(line) >= KEYMAP_LINE_BYTES)
        return error_set(error, "the command is longer than %d bytes", KEYMAP_LINE_BYTES - 1);
    keymap->count += i == keymap->count;
    snprintf(keymap->bound[i].key, KEYMAP_NAME_BYTES, "%s", key);
    snprintf(keymap->bound[i].line, KEYMAP_LINE_BYTES, "%s", line);
    return true;
}

void keymap_init(Keymap *keymap)
{
    char line[COMMAND_LINE_BYTES];

    keymap->count = 0;
    for (int i = 0; i < command_count; i++)
        for (int k = 0; k < COMMAND_KEYS && command_table[i].keys[k].key; k++)
            put(keymap, command_table[i].keys[k].key, command_key_line(&command_table[i], k, line),
                NULL);
}

bool keymap_bind(Keymap *keymap, const char *key, const char *line, Error *error)
{
    if (!keymap_is_key(key))
        return error_set(error, "there is no key %.30s: names are like a, Space, F5, C-t, M-x",
                         key);
    return command_check(line, error) && put(keymap, key, line, error);
}

void keymap_unbind(Keymap *keymap, const char *key)
{
    int i = find(keymap, key);

    if (i == keymap->count)
        return;
    keymap->count--;
    memmove(&keymap->bound[i], &keymap->bound[i + 1],
            sizeof keymap->bound[0] * (size_t)(keymap->count - i));
}
