#include "app/statistics.h"

#include <math.h>
#include <stdbool.h>

void statistics_begin(Statistics *statistics)
{
    *statistics = (Statistics){.count = 0};
}

/* The mean is moved by each number's share of it: sums of large numbers would lose the small ones
 * (Welford, "Note on a method for calculating corrected sums of squares and products", 1962). */
void statistics_add(Statistics *statistics, double number)
{
    if (!isfinite(number)) {
        statistics->odd++;
        return;
    }
    bool first = statistics->count++ == 0;
    double from_mean = number - statistics->mean;

    statistics->mean += from_mean / (double)statistics->count;
    statistics->spread += from_mean * (number - statistics->mean);
    statistics->squares += number * number;
    statistics->zeros += number == 0;
    statistics->least = first || number < statistics->least ? number : statistics->least;
    statistics->most = first || number > statistics->most ? number : statistics->most;
}

double statistics_norm(const Statistics *statistics)
{
    return sqrt(statistics->squares);
}

double statistics_deviation(const Statistics *statistics)
{
    return statistics->count > 0 ? sqrt(statistics->spread / (double)statistics->count) : 0;
}

double statistics_zeros(const Statistics *statistics)
{
    return statistics->count > 0 ? (double)statistics->zeros / (double)statistics->count : 0;
}

double statistics_round_up(double number)
{
    static const double steps[] = {1, 1.5, 2, 3, 5, 7, 10};
    double power = pow(10, floor(log10(number)));
    int i = 0;

    while (i < 6 && steps[i] * power < number * (1 - 1e-12))
        i++;
    return steps[i] * power;
}

double statistics_scale(const Statistics *statistics)
{
    const double reach = 3;
    double size = fmax(fabs(statistics->least), fabs(statistics->most));
    double usual =
        statistics->count > 0 ? reach * sqrt(statistics->squares / (double)statistics->count) : 0;
    double scale = fmin(size, usual);

    return scale > 1e-300 && isfinite(scale) ? statistics_round_up(scale) : 1;
}

void histogram_begin(Histogram *histogram, double low, double high)
{
    *histogram = (Histogram){.low = low, .high = high};
}

void histogram_add(Histogram *histogram, double number)
{
    double part = (number - histogram->low) / (histogram->high - histogram->low);

    if (!isfinite(part))
        return;
    int bin = part <= 0 ? 0 : part >= 1 ? HISTOGRAM_BINS - 1 : (int)(part * HISTOGRAM_BINS);
    histogram->count[bin]++;
}

double histogram_most(const Histogram *histogram)
{
    double most = 0;

    for (int i = 0; i < HISTOGRAM_BINS; i++)
        most = fmax(most, histogram->count[i]);
    return most;
}
