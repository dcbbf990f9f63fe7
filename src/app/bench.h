/* Bench: how fast the engine is, measured on the reader's machine: medians over rounds of steps
 * that are timed one by one, in processor time, so that what else the machine does is not in it. */
#ifndef GPTOSCOPE_APP_BENCH_H
#define GPTOSCOPE_APP_BENCH_H

#include "app/options.h"

/* Measures training: microseconds a step, nodes a second, and the share of each phase. Prints
 * lines, or with --json objects. Errors: those of making the run. */
bool bench_train(const Options *options, const char *data_path, FILE *stream, Error *error);

/* Measures a step by the fused kernels of each set of instructions that this machine has, in both
 * precisions, beside the tape: round by round in turn. Errors: those of making the run, or that the
 * kernels have not what the options ask for. */
bool bench_fused(const Options *options, const char *data_path, FILE *stream, Error *error);

/* Measures a step of models of 1 to 4 layers and width 16 to 128 by the widest kernels. Errors:
 * those of making the runs. */
bool bench_sizes(const Options *options, const char *data_path, FILE *stream, Error *error);

/* Runs the same steps in float64 and in float32, and says from where on they differ and by how much.
 * Errors: as above. */
bool bench_precision(const Options *options, const char *data_path, FILE *stream, Error *error);

/* Measures whole runs in the background, with one worker and with as many as there are cores: runs a
 * second. Errors: those of making the runs; that their bits are not the same. */
bool bench_sweep(const Options *options, const char *data_path, FILE *stream, Error *error);

/* Measures going from any moment of the run to any other, by operation: milliseconds. Errors: those
 * of making the run, or that it fails. */
bool bench_seek(const Options *options, const char *data_path, FILE *stream, Error *error);

#endif
