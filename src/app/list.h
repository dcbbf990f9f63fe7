/* List: the program's tables, one row a line with a tab between columns, for people, completions and tests. */
#ifndef GPTOSCOPE_APP_LIST_H
#define GPTOSCOPE_APP_LIST_H

#include "engine/error.h"
#include <stdio.h>

/* what: commands, keys, options. Errors: nothing of that name. */
bool list_print(const char *what, FILE *stream, Error *error);

#endif
