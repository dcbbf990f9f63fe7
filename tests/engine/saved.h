/* A small saved run in memory, to be read back, damaged, or turned into a lie that its seal does
 * not betray. */
#ifndef TESTS_ENGINE_SAVED_H
#define TESTS_ENGINE_SAVED_H

#include <stddef.h>
#include <stdint.h>

typedef struct Saved {
    char *bytes;
    size_t length;
} Saved;

/* A run of 3 steps on "ab" and "ba", saved after 2; in the current folder as saved.safetensors
 * too. */
Saved saved_run(void);
void saved_release(Saved *saved);

/* Puts `to` in the place of the first `from` in the header, and mends the header's length and the
 * seal. */
void saved_edit(Saved *saved, const char *from, const char *to);

/* Mends the seal, if the file still has one. */
void saved_seal(Saved *saved);

/* Where the text stands in the file's header; 0: nowhere. */
size_t saved_find(const Saved *saved, const char *text);

/* The first byte of the data. */
char *saved_data(Saved *saved);

#endif
