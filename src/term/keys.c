#include "term/keys.h"

#include "engine/corpus.h"
#include "engine/sys.h"

#include <assert.h>
#include <curses.h>
#include <stdio.h>
#include <string.h>

enum { ESCAPE = 27, NAMED_FUNCTION_KEYS = 12 };

/* Codes of our own, far from those that curses gives to what terminfo knows beyond its standard. */
enum {
    CODE_PASTE_BEGIN = 0x1000,
    CODE_PASTE_END,
    CODE_MOUSE, /* then b;x;yM: a button is pressed, or m: let go */
    CODE_MODIFIED = 0x1100, /* + row of `modified` x MODIFIERS + modifier bits */
    MODIFIERS = 8
};

typedef struct KeyName {
    int code;
    const char *name;
} KeyName;

static const KeyName names[] = {
    {' ', "Space"},
    {'\t', "Tab"},
    {'\r', "Enter"},
    {'\n', "Enter"},
    {'\b', "Backspace"},
    {127, "Backspace"},
    {ESCAPE, "Esc"},
    {0, "C-Space"},
    {28, "C-\\"},
    {29, "C-]"},
    {30, "C-^"},
    {31, "C-_"},
    {KEY_UP, "Up"},
    {KEY_DOWN, "Down"},
    {KEY_LEFT, "Left"},
    {KEY_RIGHT, "Right"},
    {KEY_HOME, "Home"},
    {KEY_FIND, "Home"},
    {KEY_A1, "Home"},
    {KEY_END, "End"},
    {KEY_SELECT, "End"},
    {KEY_C1, "End"},
    {KEY_PPAGE, "PgUp"},
    {KEY_A3, "PgUp"},
    {KEY_NPAGE, "PgDn"},
    {KEY_C3, "PgDn"},
    {KEY_IC, "Insert"},
    {KEY_DC, "Delete"},
    {KEY_BACKSPACE, "Backspace"},
    {KEY_ENTER, "Enter"},
    {KEY_BTAB, "S-Tab"},
    {KEY_SR, "S-Up"},
    {KEY_SF, "S-Down"},
    {KEY_SLEFT, "S-Left"},
    {KEY_SRIGHT, "S-Right"},
    {KEY_SHOME, "S-Home"},
    {KEY_SEND, "S-End"},
    {KEY_SPREVIOUS, "S-PgUp"},
    {KEY_SNEXT, "S-PgDn"},
    {KEY_SIC, "S-Insert"},
    {KEY_SDC, "S-Delete"},
};

typedef struct KeySequence {
    const char *sequence;
    int code;
} KeySequence;

/* What terminals send besides what terminfo says of them: tmux and rxvt have Home and End of their
 * own, and a terminal may be in either of its two cursor-key modes. */
static const KeySequence sequences[] = {
    {"\033[A", KEY_UP},
    {"\033OA", KEY_UP},
    {"\033[B", KEY_DOWN},
    {"\033OB", KEY_DOWN},
    {"\033[C", KEY_RIGHT},
    {"\033OC", KEY_RIGHT},
    {"\033[D", KEY_LEFT},
    {"\033OD", KEY_LEFT},
    {"\033[H", KEY_HOME},
    {"\033OH", KEY_HOME},
    {"\033[F", KEY_END},
    {"\033OF", KEY_END},
    {"\033[1~", KEY_HOME},
    {"\033[7~", KEY_HOME},
    {"\033[4~", KEY_END},
    {"\033[8~", KEY_END},
    {"\033[2~", KEY_IC},
    {"\033[3~", KEY_DC},
    {"\033[5~", KEY_PPAGE},
    {"\033[6~", KEY_NPAGE},
    {"\033[Z", KEY_BTAB},
    {"\033OM", KEY_ENTER},
    {"\033OP", KEY_F(1)},
    {"\033OQ", KEY_F(2)},
    {"\033OR", KEY_F(3)},
    {"\033OS", KEY_F(4)},
    {"\033[15~", KEY_F(5)},
    {"\033[17~", KEY_F(6)},
    {"\033[18~", KEY_F(7)},
    {"\033[19~", KEY_F(8)},
    {"\033[20~", KEY_F(9)},
    {"\033[21~", KEY_F(10)},
    {"\033[23~", KEY_F(11)},
    {"\033[24~", KEY_F(12)},
    {"\033[200~", CODE_PASTE_BEGIN},
    {"\033[201~", CODE_PASTE_END},
    {"\033[<", CODE_MOUSE},
};

/* Keys that come with Shift, Alt and Ctrl as a number: ESC [ 1 ; 5 A is Ctrl-Up. */
static const struct {
    int number;
    char final;
    const char *name;
} modified[] = {
    {1, 'A', "Up"},  {1, 'B', "Down"},   {1, 'C', "Right"},  {1, 'D', "Left"}, {1, 'H', "Home"},
    {1, 'F', "End"}, {2, '~', "Insert"}, {3, '~', "Delete"}, {5, '~', "PgUp"}, {6, '~', "PgDn"},
};

enum {
    NAMES = sizeof names / sizeof *names,
    SEQUENCES = sizeof sequences / sizeof *sequences,
    MODIFIED = sizeof modified / sizeof *modified
};

static const char *const modifier_names[MODIFIERS] = {"",   "S-",   "M-",   "M-S-",
                                                      "C-", "C-S-", "C-M-", "C-M-S-"};

void keys_define(void (*define)(const char *sequence, int code))
{
    for (int i = 0; i < SEQUENCES; i++)
        define(sequences[i].sequence, sequences[i].code);
    for (int i = 0; i < MODIFIED * MODIFIERS; i++) {
        int row = i / MODIFIERS, modifiers = i % MODIFIERS;
        char sequence[16];
        snprintf(sequence, sizeof sequence, "\033[%d;%d%c", modified[row].number, modifiers + 1,
                 modified[row].final);
        define(sequence, CODE_MODIFIED + i);
    }
}

void keys_init(KeyReader *reader, KeySource *next, void *context)
{
    *reader = (KeyReader){.next = next, .context = context};
}

static bool name_from_table(int code, char *name)
{
    for (int i = 0; i < NAMES; i++) {
        if (names[i].code == code) {
            snprintf(name, KEYS_NAME_SIZE, "%s", names[i].name);
            return true;
        }
    }
    return false;
}

static bool name_computed(int code, char *name)
{
    if (code >= 1 && code <= 26) {
        snprintf(name, KEYS_NAME_SIZE, "C-%c", 'a' + code - 1);
    } else if (code >= KEY_F(1) && code <= KEY_F(NAMED_FUNCTION_KEYS)) {
        snprintf(name, KEYS_NAME_SIZE, "F%d", code - KEY_F0);
    } else if (code >= CODE_MODIFIED && code < CODE_MODIFIED + MODIFIED * MODIFIERS) {
        int i = code - CODE_MODIFIED;
        snprintf(name, KEYS_NAME_SIZE, "%s%s", modifier_names[i % MODIFIERS],
                 modified[i / MODIFIERS].name);
    } else {
        return false;
    }
    return true;
}

/* One more byte of a character in the locale's encoding. A byte that fits nowhere is dropped. */
static bool name_of_byte(KeyReader *reader, int byte, char *name)
{
    wchar_t character;
    const char input = (char)byte;
    size_t length = mbrtowc(&character, &input, 1, &reader->partial);
    if (length == (size_t)-2)
        return false;
    if (length == (size_t)-1) {
        reader->partial = (mbstate_t){0};
        return false;
    }
    name[corpus_encode((uint32_t)character, name)] = '\0';
    return true;
}

static bool name_of(KeyReader *reader, int code, char *name)
{
    if (code < 128 || code > 255)
        reader->partial = (mbstate_t){0};
    if (name_from_table(code, name) || name_computed(code, name))
        return true;
    return code <= 255 && name_of_byte(reader, code, name);
}

/* ESC [ numbers letter, of a key that nobody knows: to its end. */
static void swallow_sequence(KeyReader *reader)
{
    int code;
    do
        code = reader->next(reader->context, KEYS_SEQUENCE_WAIT);
    while (code >= ' ' && code < '@');
}

/* Terminals send Alt-x as ESC x, without a pause between. */
static bool read_after_escape(KeyReader *reader, char *name)
{
    int code = reader->next(reader->context, 0);
    if (code == KEYS_NONE)
        return name_of(reader, ESCAPE, name);
    int after =
        code == '[' || code == 'O' ? reader->next(reader->context, KEYS_SEQUENCE_WAIT) : KEYS_NONE;
    if (after != KEYS_NONE) {
        if (code == '[' && after >= ' ' && after < '@')
            swallow_sequence(reader);
        return false;
    }
    memcpy(name, "M-", 2);
    return name_of(reader, code, name + 2);
}

enum { MOUSE_LEFT = 0, MOUSE_WHEEL_UP = 64, MOUSE_WHEEL_DOWN = 65, MOUSE_NUMBERS = 3 };

/* The rest of what a mouse says: b;x;yM, columns and rows from 1. The left button becomes a key
 * with the place where it was pressed, the wheel two keys that there are. */
static bool read_mouse(KeyReader *reader, char *name)
{
    int number[MOUSE_NUMBERS] = {0}, i = 0, code;

    while ((code = reader->next(reader->context, KEYS_SEQUENCE_WAIT)) >= ' ' && code < '@')
        if (code == ';' && i + 1 < MOUSE_NUMBERS)
            i++;
        else if (code >= '0' && code <= '9' && number[i] < 1000)
            number[i] = number[i] * 10 + (code - '0');
    if (code != 'M' || i + 1 < MOUSE_NUMBERS)
        return false;
    if (number[0] == MOUSE_WHEEL_UP || number[0] == MOUSE_WHEEL_DOWN)
        snprintf(name, KEYS_NAME_SIZE, "%s", number[0] == MOUSE_WHEEL_UP ? "Up" : "Down");
    else if (number[0] == MOUSE_LEFT && number[1] > 0 && number[1] < 1000 && number[2] > 0 &&
             number[2] < 1000)
        snprintf(name, KEYS_NAME_SIZE, "Click %d %d", number[1] - 1, number[2] - 1);
    else
        return false;
    return true;
}

/* A mark that never ends would make the keyboard dead. */
static bool is_pasted(KeyReader *reader, int code)
{
    double now = sys_seconds();
    if (code == CODE_PASTE_BEGIN || code == CODE_PASTE_END)
        reader->pasting = code == CODE_PASTE_BEGIN;
    else if (now > reader->paste_heard + KEYS_PASTE_PATIENCE)
        reader->pasting = false;
    reader->paste_heard = now;
    return reader->pasting || code == CODE_PASTE_END;
}

bool keys_read(KeyReader *reader, char name[KEYS_NAME_SIZE])
{
    for (;;) {
        int code = reader->next(reader->context, 0);
        if (code == KEYS_NONE)
            return false;
        if (is_pasted(reader, code))
            continue;
        if (code == CODE_MOUSE   ? read_mouse(reader, name)
            : code == ESCAPE     ? read_after_escape(reader, name)
                                 : name_of(reader, code, name))
            return true;
    }
}
