/* Knob: a setting that can be turned, a notch at a time.
 *
 *     scale            notches                             dial
 *     KNOB_GEOMETRIC   0, 1e-05 ... .01 .011 .013 .014 ...  logarithm of the number
 *     KNOB_NEAR_ONE    0, .11 ... .85 .86 .87 ... .99 ...   logarithm of 1 - number
 *     KNOB_WHOLE       4, 5, 6 ...                          the number
 *     KNOB_WORDS       adam, sgd, momentum                  the word's place
 *     KNOB_HEADS       none, 0.0, 0.1 ... all               the same
 *
 * One table says which settings of numbers are knobs, how they turn and how far; every setting of
 * words is one by itself. Turning further than that can be typed. */
#ifndef GPTOSCOPE_APP_KNOB_H
#define GPTOSCOPE_APP_KNOB_H

#include "engine/settings.h"

typedef enum KnobScale {
    KNOB_GEOMETRIC,
    KNOB_NEAR_ONE,
    KNOB_WHOLE,
    KNOB_WORDS,
    KNOB_HEADS
} KnobScale;

typedef struct Knob {
    const SettingInfo *info;
    KnobScale scale;
    double low, high; /* of the dial, and of turning */
    int notches;      /* of the first two scales: to a factor of ten */
} Knob;

int knob_count(void);
Knob knob_row(int i);

/* The row of a setting; -1 if it is no knob. */
int knob_find(const SettingInfo *info);

/* What a run may take in memory: several go on at the same time. */
#define KNOB_BYTES_LIMIT ((int64_t)1 << 30)

/* Whether a run can have these settings, with so many tokens. Errors: settings_check's, sizes. */
bool knob_fits(const Settings *settings, int vocab, Error *error);

/* Turns by so many notches, over those that no run can have with the other settings and so many
 * tokens, as far as there is one that it can. Returns whether the settings are others now. */
bool knob_turn(const Knob *knob, Settings *settings, int vocab, int notches);

/* The next word, after the last the first; of other knobs as knob_turn by one. */
bool knob_cycle(const Knob *knob, Settings *settings, int vocab);

/* Where a number stands on the dial: 0 at its left end, 1 at its right. */
double knob_place(const Knob *knob, const Settings *settings, double number);

/* Places of a dial of words or heads; 0: it has no notches to be seen. */
int knob_places(const Knob *knob, const Settings *settings);

#endif
