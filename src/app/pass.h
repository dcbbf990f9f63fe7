/* Pass: a forward pass whose attention can be looked at: of the run's document, or of the text that
 * is being written (app/writing.h). Both are recorded alike; here stands where their numbers are,
 * whether they are computed, and what the cursor calls them.
 *
 *     cell: one query looking at one key, in one head
 *
 *         q . k                products, one a dimension; their sum
 *         x 1 / sqrt(d)        score
 *         e^(score - max)      exponential; their sum over all keys: total
 *         / total              weight
 *         x v                  shares, one a dimension; their sum over all keys: out */
#ifndef GPTOSCOPE_APP_PASS_H
#define GPTOSCOPE_APP_PASS_H

#include "app/focus.h"

struct App;

typedef struct Pass {
    const struct App *app;
    const Gpt *gpt;
    const Tape *tape;
    const double *value;
    const int *token; /* of each position */
    int positions;    /* that are recorded; those of the run need not be computed */
    bool writing;
} Pass;

typedef struct PassCell {
    int layer, head, query, key;
} PassCell;

Pass pass_of_run(const struct App *app);

/* positions is 0 as long as nothing is written. */
Pass pass_of_writing(const struct App *app);

/* As the options of the view attention have it: of which text; which of a cell's numbers, as the
 * part and the kind of focus. */
Pass pass_shown(const struct App *app);
Part pass_shown_part(const struct App *app);
FocusKind pass_shown_kind(const struct App *app);

/* After one of them was changed: puts the cursor of that view on the same cell's number that is
 * shown now. */
void pass_refocus(struct App *app);

/* The value (FOCUS_VALUE) or gradient (FOCUS_GRAD) of a node; false: not computed, or node is
 * -1. */
bool pass_number(const Pass *pass, FocusKind kind, int32_t node, double *number);

/* What the cursor calls it. */
Focus pass_focus(const Pass *pass, FocusKind kind, int32_t node);

/* The cell whose score or weight the cursor is on; false: it is on something else. */
bool pass_find(const Pass *pass, Focus focus, PassCell *cell);

/* Entry i of what a place leaves behind; -1 where there is none. */
int32_t pass_node(const Pass *pass, Place place, int i);

/* Numbers of a head. */
int pass_dimensions(const Pass *pass);

/* The node of a cell's score or weight; entry j of the query's q, the key's k and v, the head's
 * out. */
int32_t pass_cell(const Pass *pass, Part part, PassCell cell);
int32_t pass_entry(const Pass *pass, Part part, PassCell cell, int j);

/* Nodes between these, -1 where an option left them out. */
int32_t pass_product(const Pass *pass, PassCell cell, int j);
int32_t pass_sum(const Pass *pass, PassCell cell);
int32_t pass_exponential(const Pass *pass, PassCell cell);
int32_t pass_total(const Pass *pass, PassCell cell);
int32_t pass_share(const Pass *pass, PassCell cell, int j);

#endif
