/* Bench knobs: how fast a whole run follows a turn of a setting, all the way to a picture. */
#ifndef GPTOSCOPE_VIEW_BENCH_KNOBS_H
#define GPTOSCOPE_VIEW_BENCH_KNOBS_H

#include "app/options.h"

/* Turns the learning rate in the panel of knobs: once at a time, until each run is drawn, and then
 * as a key that is held. In seconds of the clock, since runs have threads of their own. Prints a
 * line, or with --json an object. Errors: those of making the run. */
bool bench_knobs(const Options *options, const char *data_path, FILE *stream, Error *error);

#endif
