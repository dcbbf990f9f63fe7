/* Statistics: what can be said about many numbers at once: how large they are, how they spread, how
 * many are exactly 0.
 *
 *     statistics_begin, statistics_add for each, then read the fields        one pass
 *     histogram_begin, histogram_add for each                                a second, with the range known
 *
 * Numbers that are no finite numbers are counted and otherwise left out. */
#ifndef GPTOSCOPE_APP_STATISTICS_H
#define GPTOSCOPE_APP_STATISTICS_H

#include <stdint.h>

typedef struct Statistics {
    int64_t count, zeros; /* of finite numbers */
    int64_t odd;          /* NaN and infinities */
    double mean, spread;  /* spread: sum of squared distances from the mean */
    double squares;       /* sum of squares */
    double least, most;
} Statistics;

void statistics_begin(Statistics *statistics);
void statistics_add(Statistics *statistics, double number);

/* sqrt(sum of squares); standard deviation; the share that is exactly 0. All are 0 of no
 * numbers. */
double statistics_norm(const Statistics *statistics);
double statistics_deviation(const Statistics *statistics);
double statistics_zeros(const Statistics *statistics);

/* The bound of a picture's scale: about three times the root of the mean square, so that a few
 * numbers that are far out do not pale all others, never beyond the largest size, and round, so
 * that it stays the same from step to step. 1 of no numbers or zeros only. */
double statistics_scale(const Statistics *statistics);

/* number rounded up to 1, 1.5, 2, 3, 5 or 7 times a power of ten; number > 0. */
double statistics_round_up(double number);

enum { HISTOGRAM_BINS = 24 };

/* How many numbers fall into each of HISTOGRAM_BINS equal parts of low ... high; what lies beyond
 * counts to the outermost. */
typedef struct Histogram {
    double low, high;
    double count[HISTOGRAM_BINS];
} Histogram;

void histogram_begin(Histogram *histogram, double low, double high);
void histogram_add(Histogram *histogram, double number);

/* The largest count. */
double histogram_most(const Histogram *histogram);

#endif
