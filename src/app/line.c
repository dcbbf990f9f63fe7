#include "app/line.h"

#include "app/text.h"
#include "engine/corpus.h"
#include <stddef.h>
#include <string.h>

static bool is_control(uint32_t code_point)
{
    return code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0);
}

/* Bytes of the character at text, 0 at the end and for what a line cannot hold. */
static int character_bytes(const char *text, uint32_t *code_point)
{
    int bytes = corpus_decode(text, strlen(text), code_point);

    return bytes > 0 && !is_control(*code_point) ? bytes : 0;
}

void line_set(Line *line, const char *text)
{
    uint32_t code_point;
    int bytes;

    *line = (Line){.length = 0};
    for (; *text; text += bytes ? bytes : 1) {
        bytes = character_bytes(text, &code_point);
        if (line->length + bytes >= LINE_BYTES)
            break;
        memcpy(line->text + line->length, text, (size_t)bytes);
        line->length += bytes;
    }
    line->cursor = line->length;
}

bool line_can_hold(const char *text)
{
    uint32_t code_point;
    int bytes;

    while ((bytes = character_bytes(text, &code_point)) > 0)
        text += bytes;
    return *text == '\0';
}

bool line_replace(Line *line, int from, const char *text)
{
    int bytes = (int)strlen(text), rest = line->length - line->cursor;

    if (from + bytes + rest >= LINE_BYTES)
        return false;
    memmove(line->text + from + bytes, line->text + line->cursor, (size_t)rest + 1);
    memcpy(line->text + from, text, (size_t)bytes);
    line->cursor = from + bytes;
    line->length = line->cursor + rest;
    return true;
}

/* ---- where the cursor can stand -------------------------------------------------------------- */

static bool is_mark_at(const Line *line, int at)
{
    uint32_t code_point;

    return character_bytes(line->text + at, &code_point) > 0 && text_is_plain(code_point) &&
           text_width_of(code_point) == 0;
}

static bool is_inside_character(const Line *line, int at)
{
    return ((unsigned char)line->text[at] & 0xc0) == 0x80;
}

static int after(const Line *line, int at)
{
    do
        at += at < line->length;
    while (at < line->length && (is_inside_character(line, at) || is_mark_at(line, at)));
    return at;
}

static int before(const Line *line, int at)
{
    do
        at -= at > 0;
    while (at > 0 && (is_inside_character(line, at) || is_mark_at(line, at)));
    return at;
}

static int beginning(const Line *line, int at)
{
    (void)line;
    (void)at;
    return 0;
}

static int end(const Line *line, int at)
{
    (void)at;
    return line->length;
}

/* Words are what stands between blanks. */
static int word_before(const Line *line, int at)
{
    while (at > 0 && line->text[at - 1] == ' ')
        at--;
    while (at > 0 && line->text[at - 1] != ' ')
        at--;
    return at;
}

static int word_after(const Line *line, int at)
{
    while (at < line->length && line->text[at] == ' ')
        at++;
    while (at < line->length && line->text[at] != ' ')
        at++;
    return at;
}

/* ---- keys ------------------------------------------------------------------------------------ */

/* Each goes to where `to` says, or deletes all that lies between. */
static const struct {
    const char *key;
    int (*to)(const Line *line, int at);
    bool deletes;
} keys[] = {
    {"Left", before, false},
    {"C-b", before, false},
    {"Right", after, false},
    {"C-f", after, false},
    {"Home", beginning, false},
    {"C-a", beginning, false},
    {"End", end, false},
    {"C-e", end, false},
    {"C-Left", word_before, false},
    {"M-b", word_before, false},
    {"C-Right", word_after, false},
    {"M-f", word_after, false},
    {"Backspace", before, true},
    {"Delete", after, true},
    {"C-d", after, true},
    {"C-u", beginning, true},
    {"C-k", end, true},
    {"C-w", word_before, true},
    {"M-Backspace", word_before, true},
    {"M-d", word_after, true},
};

static void delete_to(Line *line, int to)
{
    int from = to < line->cursor ? to : line->cursor;

    if (to > line->cursor)
        line->cursor = to;
    line_replace(line, from, "");
}

static bool type_character(Line *line, const char *key)
{
    uint32_t code_point;
    const char *text = strcmp(key, "Space") == 0 ? " " : key;
    int bytes = character_bytes(text, &code_point);

    if (bytes == 0 || text[bytes] != '\0')
        return false;
    line_replace(line, line->cursor, text);
    return true;
}

bool line_key(Line *line, const char *key)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(keys[i].key, key) != 0)
            continue;
        int to = keys[i].to(line, line->cursor);
        if (keys[i].deletes)
            delete_to(line, to);
        else
            line->cursor = to;
        return true;
    }
    return type_character(line, key);
}
