/* Bench of the views: how long a redraw of each takes, in processor time, so that what else the
 * machine does is not in it. */
#ifndef GPTOSCOPE_VIEW_BENCH_VIEWS_H
#define GPTOSCOPE_VIEW_BENCH_VIEWS_H

#include "app/options.h"
#include <stdio.h>

/* Draws every view at 200x60, with what stands beside it and the lines around, in the middle of a
 * backward pass: milliseconds, the median and the 95th percentile. Prints a line a view, or with
 * --json an object. Errors: those of making the run. */
bool bench_views(const Options *options, const char *data_path, FILE *stream, Error *error);

#endif
