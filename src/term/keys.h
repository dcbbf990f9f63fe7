/* Keys: from what arrives from the keyboard to the names of keys that app_key knows.
 *
 *     bytes  --curses, terminfo-->  codes  --keys_read-->  "q"  "é"  "Space"  "C-l"  "M-x"  "S-Tab"
 * "C-Up"
 *
 * A code is a byte (0..255; several make one character) or a number of curses for a whole key. Two
 * things are swallowed here, because their letters would otherwise act as commands: pasted text
 * (between bracketed-paste marks), and escape sequences that neither curses nor this module knows.
 */
#ifndef GPTOSCOPE_TERM_KEYS_H
#define GPTOSCOPE_TERM_KEYS_H

#include <stdbool.h>
#include <wchar.h>

enum {
    KEYS_NAME_SIZE = 16,
    KEYS_NONE = -1,          /* no code has arrived */
    KEYS_SEQUENCE_WAIT = 25, /* milliseconds within which the rest of an escape sequence arrives */
    KEYS_PASTE_PATIENCE =
        1 /* seconds of silence after which a paste is over, even if its end mark never came */
};

/* Gives the next code, or KEYS_NONE if none arrives within so many milliseconds (0: at once). */
typedef int KeySource(void *context, int milliseconds);

typedef struct KeyReader {
    KeySource *next;
    void *context;
    mbstate_t partial; /* the character that is arriving */
    bool pasting;
    double paste_heard; /* when its last code came, in seconds of sys_seconds */
} KeyReader;

void keys_init(KeyReader *reader, KeySource *next, void *context);

/* Writes the name of the next key press. Returns false when no code is left, having made no key. */
bool keys_read(KeyReader *reader, char name[KEYS_NAME_SIZE]);

/* Tells `define` every escape sequence that terminals send for a key, whatever terminfo says, and
 * the code to give it. */
void keys_define(void (*define)(const char *sequence, int code));

#endif
