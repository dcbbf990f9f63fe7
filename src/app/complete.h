/* Complete: what could stand where the cursor of a command line is.
 *
 *     goto 412.backward@pos3.layer0.at|         the command's arguments, MOMENT  ->  where moments come from
 *          ^start                               candidates 412.backward@pos3.layer0.attn.q, ...k, ...
 *
 * The arguments of the command table say it all: a word in small letters stands for itself, one in
 * capitals for a source of names. */
#ifndef GPTOSCOPE_APP_COMPLETE_H
#define GPTOSCOPE_APP_COMPLETE_H

#include <stdbool.h>

enum { COMPLETION_CANDIDATES = 128, COMPLETION_BYTES = 288 };

typedef struct Completion {
    int start; /* where in the line the candidates begin: they end at the cursor */
    int count;
    int more;  /* there are as many besides */
    char candidate[COMPLETION_CANDIDATES][COMPLETION_BYTES];
    char common[COMPLETION_BYTES]; /* what all begin with */
    int shown; /* bytes of common that need not be shown with each: the folder of a file, the place around a part */
} Completion;

struct App;

/* What could stand before byte `cursor` of line. */
void complete_line(const struct App *app, const char *line, int cursor, Completion *completion);

/* Whether a name of the argument column has a source, or has none for good (N: a number). For the
 * test of the table. */
bool complete_knows(const char *argument);

#endif
