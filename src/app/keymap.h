/* Keymap: which command line a key stands for. It begins as the command table has it; `bind`
 * changes it.
 *
 *     "Space" -> "run"      "G" -> "goto end"      "F5" -> "goto 412.backward" (bound by the reader) */
#ifndef GPTOSCOPE_APP_KEYMAP_H
#define GPTOSCOPE_APP_KEYMAP_H

#include "engine/error.h"

enum { KEYMAP_KEYS = 192, KEYMAP_NAME_BYTES = 16, KEYMAP_LINE_BYTES = 128 };

typedef struct Keymap {
    int count;
    struct {
        char key[KEYMAP_NAME_BYTES];
        char line[KEYMAP_LINE_BYTES];
    } bound[KEYMAP_KEYS];
} Keymap;

/* The keys of the command table. */
void keymap_init(Keymap *keymap);

/* The command line of a key, and the first key of a command line; NULL if there is none. */
const char *keymap_line(const Keymap *keymap, const char *key);
const char *keymap_key(const Keymap *keymap, const char *line);

/* Lets a key stand for another command line. Errors: there is no such key or command, no room. */
bool keymap_bind(Keymap *keymap, const char *key, const char *line, Error *error);

/* Lets it stand for nothing. */
void keymap_unbind(Keymap *keymap, const char *key);

/* Whether a keyboard can send a key of that name (term/keys.h makes the names). */
bool keymap_is_key(const char *name);

#endif
