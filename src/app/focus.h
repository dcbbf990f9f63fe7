/* Focus: what can stand under the cursor of a view, be marked, hidden, or asked about: the name of
 * a number (or of a thing) that stays the same while the run moves.
 *
 *     kind            index                     written
 *     FOCUS_VALUE     node or parameter         "attn[0][2][3][1]"
 *     FOCUS_GRAD      node or parameter         "grad(wte[5][0])"
 *     FOCUS_M ...     parameter                 "adam(wte[5][0]).m"
 *     FOCUS_RATE      -                         "lr"
 *     FOCUS_STEP      losses from 1             "step 412"         the loss of that step
 *     FOCUS_DOCUMENT  in the order of training  "doc 17"
 *     FOCUS_TOKEN     token id                  "token 5"
 *     FOCUS_INPUT     position of the document  "tokens[3]"        its token
 *     FOCUS_TENSOR    of gpt.tensor             "wte"
 *     FOCUS_PLACE     -                         "pos3.layer0.attn.q"
 *     FOCUS_ITEM      what the view numbers     ""                 of that view alone
 *
 * Nodes after the last position (the sum of the losses) stand at other places on the tape of
 * another document: their index is counted from the end, and negative. */
#ifndef GPTOSCOPE_APP_FOCUS_H
#define GPTOSCOPE_APP_FOCUS_H

#include "app/reference.h"

typedef enum FocusKind {
    FOCUS_NONE,
    FOCUS_VALUE,
    FOCUS_GRAD,
    FOCUS_M,
    FOCUS_V,
    FOCUS_M_HAT,
    FOCUS_V_HAT,
    FOCUS_UPDATE,
    FOCUS_RATE,
    FOCUS_STEP,
    FOCUS_DOCUMENT,
    FOCUS_TOKEN,
    FOCUS_INPUT,
    FOCUS_TENSOR,
    FOCUS_PLACE,
    FOCUS_ITEM,
    FOCUS_KINDS
} FocusKind;

enum { FOCUS_TEXT_BYTES = 160 };

typedef struct Focus {
    FocusKind kind;
    bool own; /* of nodes: of the reader's own graph */
    int32_t index;
    int32_t entry; /* FOCUS_ITEM: a second number of the view's; else 0 */
    Place place;   /* FOCUS_PLACE */
} Focus;

/* A node or parameter of the run, or of the reader's own graph. kind: FOCUS_VALUE ...
 * FOCUS_UPDATE. */
Focus focus_of_node(const Trainer *trainer, FocusKind kind, int32_t node);
Focus focus_of_own(FocusKind kind, int32_t node);

/* The number that an event changes; FOCUS_NONE for an option. */
Focus focus_of_event(const Trainer *trainer, const Event *event);

/* Entry i of what a place leaves behind; FOCUS_NONE where it is not recorded. */
Focus focus_of_place(const Trainer *trainer, FocusKind kind, Place place, int32_t i);

/* The node or parameter that it stands for now; -1 if none (another kind, or a document that is too
 * short). */
int32_t focus_node(const Scope *scope, Focus focus);

bool focus_same(Focus a, Focus b);

/* The kind that a text is written as, and the name that is within: "wte[0][1]" of
 * "adam(wte[0][1]).m". */
FocusKind focus_form(const char *text, char name[FOCUS_TEXT_BYTES]);

/* Reads what was written. A name of several numbers ("attn[0][2]", "grad(b)") gives them all, at
 * most room of them; returns how many, 0 with error filled if it is no name. */
int focus_read(const Scope *scope, const char *text, Focus *list, int room, Error *error);

/* Writes it, snprintf-fashion; "" for FOCUS_NONE and FOCUS_ITEM. */
int focus_print(const Scope *scope, Focus focus, char *text, size_t size);

/* Whether why (app/why.h) can be asked of it: what is written is then the question. */
bool focus_has_why(Focus focus);

/* Its number at the scope's moment. Returns false where it has none or it is not computed. */
bool focus_value(const Scope *scope, Focus focus, double *value);

/* Where it stands in the model: position, layer and head, -1 for those that do not apply. */
Place focus_where(const Scope *scope, Focus focus);

#endif
