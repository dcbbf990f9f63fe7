/* Contrast: the numbers on the screen held against the same numbers elsewhere at the same moment,
 * so that every view can mark those that differ:
 *
 *     before a change by hand (app/edited.h)      in another branch
 *
 * "The same number" goes by its name, not by its place on a tape: graphs may differ. */
#ifndef GPTOSCOPE_APP_CONTRAST_H
#define GPTOSCOPE_APP_CONTRAST_H

#include "app/focus.h"

enum { CONTRAST_NAME_BYTES = 40 };

typedef struct Contrast {
    Scope other; /* borrowed; other.trainer is NULL: there is nothing to hold against */
    char name[CONTRAST_NAME_BYTES]; /* where that is: "before", "main" */
    bool exact;                     /* it holds only while both stand at the same moment */
    bool faint; /* nearly all may differ: in a picture a line under a cell is mark enough */
} Contrast;

/* The same number elsewhere. Returns false where it is not known there, where it is not known
 * here, or where both are equal to the bit. */
bool contrast_find(const Contrast *contrast, const Scope *here, Focus what, double *other);

/* Whether there is something to hold against here. */
bool contrast_holds(const Contrast *contrast, const Scope *here);

/* What a focus of `here` is called there; FOCUS_NONE where there is no such number. */
Focus contrast_focus(const Contrast *contrast, const Scope *here, Focus what);

#endif
