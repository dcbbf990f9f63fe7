/* Asking: the tree under a question (app/why.h) as the reader walks it, with a cursor.
 *
 *     Up Down      to another line        Right     open it
 *     Enter        open it; an open one, or one with nothing below: go to the moment that it comes from
 *     Left         close it; a closed one: to the line that it stands below
 *     q Esc        leave
 *
 * When the run moves, the question is asked anew. */
#ifndef GPTOSCOPE_APP_ASKING_H
#define GPTOSCOPE_APP_ASKING_H

#include "app/why.h"

struct App;

typedef struct Asking {
    bool on;
    Why why;
    int row; /* the item with the cursor */
} Asking;

/* Asks why. Errors: those of why_ask; what was asked before is then gone. */
bool asking_begin(struct App *app, const char *question, Error *error);
void asking_end(struct App *app);
void asking_release(Asking *asking);

/* What was computed last, as a question: "loss" between two steps. */
void asking_latest(const struct App *app, char question[WHY_QUESTION_BYTES]);

/* After the run has moved. */
void asking_refresh(struct App *app);

/* Returns whether the key was one of its own. */
bool asking_key(struct App *app, const char *key);

#endif
