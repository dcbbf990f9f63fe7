/* Options: the command line, read into one struct.
 *
 *     gptoscope [MODE] [OPTION...] [ARGUMENT...]
 *
 * Every setting of the engine's table is an option of the same name. One table has the rest. */
#ifndef GPTOSCOPE_APP_OPTIONS_H
#define GPTOSCOPE_APP_OPTIONS_H

#include "engine/settings.h"
#include <stdio.h>

typedef enum Mode {
    MODE_EXPLORE,
    MODE_LEARN,
    MODE_TRAIN,
    MODE_SAMPLE,
    MODE_SHOW,
    MODE_EVAL,
    MODE_SCRIPT,
    MODE_LIST,
    MODE_LINT,
    MODE_BENCH,
    MODE_COUNT
} Mode;

enum { OPTIONS_ARGUMENTS = 64, OPTIONS_COMMANDS = 32 };

/* Texts are as typed (NULL: not given) and belong to argv. */
typedef struct Options {
    Mode mode;
    Settings settings;
    const char *data, *load, *save;
    const char *color, *theme, *glyphs;
    const char *at, *size, *format;
    const char *stop;
    const char *execute[OPTIONS_COMMANDS]; /* commands to run first, in their order */
    int executes;
    bool json, quiet, plain;
    bool resume, no_autosave;
    bool watch, review, recap, reset; /* of lessons */
    bool help, version;
    const char *argument[OPTIONS_ARGUMENTS];
    int arguments;
} Options;

/* Errors: unknown mode or option (with the nearest known one), missing or extra arguments, values
 * outside their ranges. */
bool options_parse(Options *options, int argc, char **argv, Error *error);

/* The text of --help, of the whole program or of the mode that was given with it. */
void options_print_help(const Options *options, FILE *stream);

/* Names of modes and options for lists and completions, one a line: "train\ttrain without a
 * screen". */
void options_list(FILE *stream);

#endif
