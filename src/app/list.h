/* List: the program's tables, one row a line with a tab between columns, for people, completions
 * and tests. */
#ifndef GPTOSCOPE_APP_LIST_H
#define GPTOSCOPE_APP_LIST_H

#include "app/answer.h"
#include "app/keymap.h"
#include <stdio.h>

/* Fills the answer with the rows of a table of the session: commands, keys. Returns false if there
 * is none of that name. */
bool list_answer(const char *what, const Keymap *keymap, Answer *answer);

/* what: commands, expressions, keys (those that nobody has changed), options. Errors: nothing of
 * that name. */
bool list_print(const char *what, FILE *stream, Error *error);

#endif
