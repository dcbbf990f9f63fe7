#include "app/spots.h"

#include "engine/sys.h"
#include <stdlib.h>

const char *const toward_names[TOWARD_COUNT] = {"left", "right", "up", "down"};

void spots_release(Spots *spots)
{
    sys_free(spots->spot);
    *spots = (Spots){.count = 0};
}

void spots_clear(Spots *spots)
{
    spots->count = 0;
}

void spots_add(Spots *spots, Spot spot)
{
    if (!spots->spot && !(spots->spot = sys_alloc(SPOTS_LIMIT, sizeof *spots->spot)))
        return;
    if (spots->count < SPOTS_LIMIT && spot.focus.kind != FOCUS_NONE)
        spots->spot[spots->count++] = spot;
}

int spots_find(const Spots *spots, Focus focus)
{
    for (int i = 0; i < spots->count; i++)
        if (focus_same(spots->spot[i].focus, focus))
            return i;
    return -1;
}

/* How far two stretches are apart, 0 where they overlap. */
static int gap(int a, int a_end, int b, int b_end)
{
    return a >= b_end ? a - b_end + 1 : b >= a_end ? b - a_end + 1 : 0;
}

/* How far spot b lies from a towards a side; -1: it does not lie there. What is beside the way
 * counts more than what is along it, so a row is followed to its end; of spots equally far the one
 * whose begin is nearest. */
static int distance(const Spot *a, const Spot *b, Toward side)
{
    const int aside = 64, along = 8;
    bool level = side == TOWARD_LEFT || side == TOWARD_RIGHT;
    int far = side == TOWARD_LEFT    ? a->x - b->x
              : side == TOWARD_RIGHT ? b->x - a->x
              : side == TOWARD_UP    ? a->y - b->y
                                     : b->y - a->y;
    int beside = level ? gap(a->y, a->y + a->h, b->y, b->y + b->h)
                       : gap(a->x, a->x + a->w, b->x, b->x + b->w);
    int skew = level ? 0 : abs(a->x - b->x);

    return far <= 0 ? -1 : far * along + beside * aside + (skew < along ? skew : along - 1);
}

/* A number that stands in two places is one to the cursor. */
static int nearest(const Spots *spots, int from, Toward side)
{
    int best = -1, least = 0;

    for (int i = 0; i < spots->count; i++) {
        int far = distance(&spots->spot[from], &spots->spot[i], side);
        if (far >= 0 && !focus_same(spots->spot[from].focus, spots->spot[i].focus) &&
            (best < 0 || far < least)) {
            best = i;
            least = far;
        }
    }
    return best;
}

int spots_toward(const Spots *spots, int from, Toward side, int count)
{
    if (spots->count == 0)
        return -1;
    if (from < 0)
        return 0;
    for (int next; count > 0 && (next = nearest(spots, from, side)) >= 0; count--)
        from = next;
    return from;
}

int spots_at(const Spots *spots, int x, int y)
{
    for (int i = 0; i < spots->count; i++) {
        const Spot *spot = &spots->spot[i];
        if (x >= spot->x && x < spot->x + spot->w && y >= spot->y && y < spot->y + spot->h)
            return i;
    }
    return -1;
}
