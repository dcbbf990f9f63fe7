/* Spots: where on the screen which number stands, as whoever drew it last says. The cursor moves
 * from spot to spot by where they are, so no view has to know how.
 *
 *     ┌ spot 0 ┐   ┌ spot 1 ┐        right of 0: 1
 *     └────────┘   └────────┘        below 0: 2, which overlaps its columns
 *     ┌ spot 2 ┐
 *
 * Spots may lie outside of what can be seen: a view that scrolls adds those that the cursor can
 * move to next, and draws itself around the cursor. */
#ifndef GPTOSCOPE_APP_SPOTS_H
#define GPTOSCOPE_APP_SPOTS_H

#include "app/focus.h"

enum { SPOTS_LIMIT = 1 << 14 };

typedef struct Spot {
    int x, y, w, h; /* columns and rows of the screen */
    Focus focus;
} Spot;

typedef struct Spots {
    Spot *spot; /* [SPOTS_LIMIT] owned */
    int count;
} Spots;

typedef enum Toward { TOWARD_LEFT, TOWARD_RIGHT, TOWARD_UP, TOWARD_DOWN, TOWARD_COUNT } Toward;

extern const char *const toward_names[TOWARD_COUNT]; /* "left", ... */

void spots_release(Spots *spots);
void spots_clear(Spots *spots);

/* Adds a spot; those beyond the limit, and where memory is short all, are left out: the cursor
 * cannot go there. */
void spots_add(Spots *spots, Spot spot);

/* The spot of that focus, or -1. */
int spots_find(const Spots *spots, Focus focus);

/* The spot that lies `count` spots towards a side of spot `from`, as far as there are any; with
 * from -1 the first of the picture. -1: there are no spots. */
int spots_toward(const Spots *spots, int from, Toward side, int count);

/* The spot at a column and row of the screen, or -1. */
int spots_at(const Spots *spots, int x, int y);

#endif
