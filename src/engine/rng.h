/* Python's random numbers: the Mersenne Twister MT19937 with the seeding, gauss, shuffle and
 * choices of CPython's `random` module, so that a seed gives here the stream that it gives there,
 * to the last bit.
 *
 * Sources: M. Matsumoto and T. Nishimura, "Mersenne Twister", 1998; CPython's documentation of
 * random.seed (an integer is the array of its 32-bit digits), random.gauss (Box-Muller, the second
 * value kept for the next call). */
#ifndef GPTOSCOPE_ENGINE_RNG_H
#define GPTOSCOPE_ENGINE_RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RNG_WORDS = 624 };

typedef struct Rng {
    uint32_t word[RNG_WORDS];
    int next;          /* word to hand out next; RNG_WORDS: make new ones first */
    bool gauss_kept;   /* gauss_next holds the second value of the last pair */
    double gauss_next; /* standard normal */
} Rng;

/* random.seed(seed) */
void rng_seed(Rng *rng, uint64_t seed);

/* random.random(): uniform in [0, 1), 53 bits */
double rng_random(Rng *rng);

/* random.gauss(mean, deviation) */
double rng_gauss(Rng *rng, double mean, double deviation);

/* A whole number in [0, bound), as random.randrange draws it; 0 < bound < 2^32 */
uint32_t rng_below(Rng *rng, uint32_t bound);

/* random.shuffle of count items */
void rng_shuffle(Rng *rng, uint32_t *items, size_t count);

/* random.choices(range(count), weights)[0]: an index, drawn in proportion to the weights. running
 * is room for count numbers and afterwards holds the running sums; *drawn (may be NULL) the number
 * that fell among them. */
size_t rng_choice(Rng *rng, const double *weights, size_t count, double *running, double *drawn);

#endif
