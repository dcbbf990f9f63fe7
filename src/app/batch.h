/* Batch: training and writing without a screen. Results go to standard output, everything else to
 * standard error. */
#ifndef GPTOSCOPE_APP_BATCH_H
#define GPTOSCOPE_APP_BATCH_H

#include "app/options.h"

/* Asked between two steps: whether the reader wants an end (Ctrl-C). */
typedef bool (*BatchInterrupted)(void);

enum { BATCH_DONE = 0, BATCH_FAILED = 1, BATCH_UNUSABLE = 2, BATCH_INTERRUPTED = 130 };

/* Each returns an exit status; where it is not 0, error says why (or is empty: interrupted as
 * wished).
 *
 * batch_train prints what microgpt.py prints for the same data and settings; with --json an object
 * a line. */
int batch_train(const Options *options, const char *data_path, BatchInterrupted interrupted, Error *error);

/* Writes texts with the saved run of the first argument, or trains first, quietly. */
int batch_sample(const Options *options, const char *data_path, BatchInterrupted interrupted, Error *error);

#endif
