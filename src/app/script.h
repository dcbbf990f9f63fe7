/* Script: commands from a file, one a line; blank lines and those that begin with # say nothing.
 *
 *     goto 412.backward@pos3.layer0.attn.q      # a script moves to exactly there before it goes on,
 *     where                                       and prints what commands answer
 *
 * The reader's configuration file is a script too, of commands that arrange things
 * (COMMAND_ARRANGES). */
#ifndef GPTOSCOPE_APP_SCRIPT_H
#define GPTOSCOPE_APP_SCRIPT_H

#include "app/app.h"
#include "app/batch.h"

enum { SCRIPT_FILE_LIMIT = 1 << 20 };

/* Runs the script of the options' first argument ("-": standard input) in a session of its own and
 * prints the answers to stream, with --json as an object a line; export draws views. Returns an
 * exit status as in batch.h; the first command that fails ends it: "FILE:LINE: reason". */
int script_run(const Options *options, const char *data_path, AppExport *export,
               BatchInterrupted interrupted, FILE *stream, Error *error);

/* Runs a configuration file; that there is none is no error. A wrong line is left out. Errors: the
 * first of them, and how many more there are. */
bool script_configure(App *app, const char *path, Error *error);

/* Works until nothing is left to do: a run under way goes on to its end without taking its time.
 * Returns false where that was interrupted; interrupted NULL: it cannot be. */
bool script_settle(App *app, BatchInterrupted interrupted);

#endif
