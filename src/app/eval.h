/* Eval: expressions from the command line, at a moment of a run, without a screen. */
#ifndef GPTOSCOPE_APP_EVAL_H
#define GPTOSCOPE_APP_EVAL_H

#include "app/batch.h"

/* Prints the value of each argument to stream, with --json an object a line. Returns an exit
 * status: BATCH_UNUSABLE for a wrong expression (shown on standard error with a mark at the place),
 * BATCH_FAILED for what is not computed at the moment. */
int eval_run(const Options *options, const char *data_path, BatchInterrupted interrupted,
             FILE *stream, Error *error);

#endif
