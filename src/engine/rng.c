#include "engine/rng.h"

#include <assert.h>
#include <math.h>

enum { RNG_SHIFT = 397 }; /* distance of the recurrence */

static void seed_word(Rng *rng, uint32_t seed)
{
    rng->word[0] = seed;
    for (uint32_t i = 1; i < RNG_WORDS; i++)
        rng->word[i] = 1812433253U * (rng->word[i - 1] ^ (rng->word[i - 1] >> 30)) + i;
}

/* Both passes of seeding by an array step through the words in a circle that leaves out word 0,
 * which then holds a copy of the last word. */
static uint32_t next_in_circle(Rng *rng, uint32_t i)
{
    if (i + 1 < RNG_WORDS)
        return i + 1;
    rng->word[0] = rng->word[RNG_WORDS - 1];
    return 1;
}

static uint32_t mixed(const Rng *rng, uint32_t i, uint32_t factor)
{
    uint32_t before = rng->word[i - 1];
    return rng->word[i] ^ ((before ^ (before >> 30)) * factor);
}

static void seed_array(Rng *rng, const uint32_t *key, uint32_t length)
{
    uint32_t i = 1;

    seed_word(rng, 19650218U);
    for (uint32_t k = 0; k < RNG_WORDS; k++) {
        uint32_t j = k % length;
        rng->word[i] = mixed(rng, i, 1664525U) + key[j] + j;
        i = next_in_circle(rng, i);
    }
    for (uint32_t k = 0; k < RNG_WORDS - 1; k++) {
        rng->word[i] = mixed(rng, i, 1566083941U) - i;
        i = next_in_circle(rng, i);
    }
    rng->word[0] = 0x80000000U;
}

void rng_seed(Rng *rng, uint64_t seed)
{
    uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};

    seed_array(rng, key, key[1] ? 2 : 1);
    rng->next = RNG_WORDS;
    rng->gauss_kept = false;
    rng->gauss_next = 0;
}

static void make_words(Rng *rng)
{
    for (int i = 0; i < RNG_WORDS; i++) {
        uint32_t pair =
            (rng->word[i] & 0x80000000U) | (rng->word[(i + 1) % RNG_WORDS] & 0x7fffffffU);
        uint32_t odd = pair & 1 ? 0x9908b0dfU : 0;
        rng->word[i] = rng->word[(i + RNG_SHIFT) % RNG_WORDS] ^ (pair >> 1) ^ odd;
    }
    rng->next = 0;
}

static uint32_t next_word(Rng *rng)
{
    if (rng->next == RNG_WORDS)
        make_words(rng);

    uint32_t y = rng->word[rng->next++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680U;
    y ^= (y << 15) & 0xefc60000U;
    return y ^ (y >> 18);
}

double rng_random(Rng *rng)
{
    uint32_t high = next_word(rng) >> 5; /* 27 bits */
    uint32_t low = next_word(rng) >> 6;  /* 26 bits */

    return (high * 67108864.0 + low) * (1.0 / 9007199254740992.0);
}

double rng_gauss(Rng *rng, double mean, double deviation)
{
    double z = rng->gauss_next;

    if (!rng->gauss_kept) {
        double angle = rng_random(rng) * (2.0 * 3.14159265358979323846);
        double radius = sqrt(-2.0 * log(1.0 - rng_random(rng)));
        z = cos(angle) * radius;
        rng->gauss_next = sin(angle) * radius;
    }
    rng->gauss_kept = !rng->gauss_kept;
    return mean + z * deviation;
}

uint32_t rng_below(Rng *rng, uint32_t bound)
{
    int bits = 0;
    uint32_t r;

    assert(bound > 0);
    while (bits < 32 && bound >> bits)
        bits++;
    do
        r = next_word(rng) >> (32 - bits);
    while (r >= bound);
    return r;
}

void rng_shuffle(Rng *rng, uint32_t *items, size_t count)
{
    for (size_t i = count; i-- > 1;) {
        uint32_t j = rng_below(rng, (uint32_t)i + 1);
        uint32_t item = items[i];
        items[i] = items[j];
        items[j] = item;
    }
}

size_t rng_choice(Rng *rng, const double *weights, size_t count, double *running, double *drawn)
{
    double sum = 0;
    size_t low = 0, high = count - 1;

    assert(count > 0);
    for (size_t i = 0; i < count; i++)
        running[i] = sum = i ? sum + weights[i] : weights[i];

    double at = rng_random(rng) * (sum + 0.0);
    while (low < high) { /* the first running sum beyond `at` */
        size_t middle = (low + high) / 2;
        if (at < running[middle])
            high = middle;
        else
            low = middle + 1;
    }
    if (drawn)
        *drawn = at;
    return low;
}
