/* Store: memory for the parts of something that is given back all at once: a lesson, what is shown
 * of a step.
 *
 *     chunk ◀── chunk ◀── last        pieces are taken from the last chunk; a large piece gets its own
 *
 * Pieces never move. Where memory runs out, NULL is returned and the store stays failed, so that a
 * long piece of work can be checked once, at its end. */
#ifndef GPTOSCOPE_LESSON_STORE_H
#define GPTOSCOPE_LESSON_STORE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Store {
    struct StoreChunk *last;
    bool failed;
} Store;

void store_release(Store *store);

/* size zeroed bytes, aligned for anything. */
void *store_take(Store *store, size_t size);

/* A copy of length bytes, terminated. */
char *store_text(Store *store, const char *text, size_t length);

/* Room for one more entry behind count entries of an array of the store's (NULL with count 0),
 * which moves as it grows. NULL where memory runs out: the array is as it was. */
void *store_grow(Store *store, void *array, int count, size_t size);

#endif
