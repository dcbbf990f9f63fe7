/* Prompt: the line at which commands are typed.
 *
 *     wte  wpe  lm_head  loss            candidates, after Tab
 *     print EXPR  the value of ...       the command that is being typed (drawn from the table)
 *     :print l|                          the line
 *
 * Tab fills in what all candidates begin with, then goes through them; Up and Down go through what
 * was typed before and begins like this line. */
#ifndef GPTOSCOPE_APP_PROMPT_H
#define GPTOSCOPE_APP_PROMPT_H

#include "app/complete.h"
#include "app/line.h"
#include "app/recall.h"

typedef struct Prompt {
    bool open;
    Line line;
    Recall recall;
    int back;   /* the line shown is that one of recall, so many lines back; 0: it is being typed */
    Line typed; /* back > 0: what was typed before */
    bool completing;
    Completion completion; /* while completing */
    int chosen;            /* of its candidates; -1: none */
} Prompt;

typedef enum PromptOutcome {
    PROMPT_OPEN,    /* it goes on */
    PROMPT_ENTERED, /* closed: line is to be run */
    PROMPT_CLOSED   /* closed, nothing to run */
} PromptOutcome;

/* Opens it with a text to go on from. */
void prompt_open(Prompt *prompt, const char *text);

/* A key press while it is open. */
PromptOutcome prompt_key(Prompt *prompt, const struct App *app, const char *key);

#endif
