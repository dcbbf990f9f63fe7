#include "lesson/store.h"

#include "engine/sys.h"
#include <stdint.h>
#include <string.h>

enum { CHUNK_BYTES = 16384, ALIGNMENT = 16 };

typedef struct StoreChunk {
    struct StoreChunk *before;
    size_t used, size;
    _Alignas(16) unsigned char bytes[];
} StoreChunk;

void store_release(Store *store)
{
    while (store->last) {
        StoreChunk *chunk = store->last;
        store->last = chunk->before;
        sys_free(chunk);
    }
    *store = (Store){NULL, false};
}

static bool add_chunk(Store *store, size_t least)
{
    size_t size = least > CHUNK_BYTES ? least : CHUNK_BYTES;
    StoreChunk *chunk = size < SIZE_MAX - sizeof *chunk ? sys_alloc(1, sizeof *chunk + size) : NULL;

    if (!chunk) {
        store->failed = true;
        return false;
    }
    chunk->before = store->last;
    chunk->size = size;
    store->last = chunk;
    return true;
}

void *store_take(Store *store, size_t size)
{
    if (size > SIZE_MAX / 2) {
        store->failed = true;
        return NULL;
    }
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if ((!store->last || store->last->size - store->last->used < size) && !add_chunk(store, size))
        return NULL;
    void *piece = store->last->bytes + store->last->used;
    store->last->used += size;
    return piece;
}

char *store_text(Store *store, const char *text, size_t length)
{
    char *copy = store_take(store, length + 1);

    if (copy)
        memcpy(copy, text, length);
    return copy;
}

/* Room doubles at 0, 1, 2, 4, 8, ... entries; what was there before is left behind. */
void *store_grow(Store *store, void *array, int count, size_t size)
{
    bool full = (count & (count - 1)) == 0;

    if (!full)
        return array;
    void *grown = store_take(store, size * (count > 0 ? 2 * (size_t)count : 1));
    if (grown && count > 0)
        memcpy(grown, array, size * (size_t)count);
    return grown;
}
