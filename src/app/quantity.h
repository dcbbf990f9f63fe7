/* Quantity: what can be looked at of every parameter: its value, its gradient, the optimiser's two
 * running means, the update that it got, and how far it has come since a chosen moment.
 *
 *     quantity    known                                          written
 *     value       always                                         wte[5][0]
 *     gradient    from the backward pass on; the sum so far      grad(wte[5][0])
 *     m, v        where the optimiser uses them, also before any  adam(wte[5][0]).m
 *     update      once the step on the tape has updated it       adam(wte[5][0]).update
 *     change      always: value - value at the chosen moment     (of the value)
 *
 * A Quantities reads them at one moment, for many parameters; it is made anew for every picture. */
#ifndef GPTOSCOPE_APP_QUANTITY_H
#define GPTOSCOPE_APP_QUANTITY_H

#include "app/app.h"

typedef enum Quantity {
    QUANTITY_VALUE,
    QUANTITY_GRADIENT,
    QUANTITY_M,
    QUANTITY_V,
    QUANTITY_UPDATE,
    QUANTITY_CHANGE,
    QUANTITY_COUNT
} Quantity;

typedef struct QuantityInfo {
    const char *name;  /* as an option's choice: "gradient" */
    const char *words; /* what it is: "how the loss changes with it" */
    FocusKind focus;   /* what the cursor stands on where it is shown */
    bool signs;        /* it may be negative */
} QuantityInfo;

extern const QuantityInfo quantities[QUANTITY_COUNT];

typedef struct Quantities {
    const Trainer *trainer;
    const History *history;
    const double *base; /* [params] what change is counted from */
    bool graded;
    bool varies;   /* a setting changes within the update on the tape */
    AdamStep step; /* of that update, where it does not vary */
} Quantities;

Quantities quantities_of(const App *app);

/* The quantity of parameter i. false: this moment does not have it. */
bool quantity_read(const Quantities *from, Quantity which, int32_t i, double *number);

/* What every parameter has in common in the update of parameter i. */
AdamStep quantity_step(const Quantities *from, int32_t i);

/* Its number under the cursor. */
Focus quantity_focus(Quantity which, int32_t i);

/* The parameter that a cursor is on: -1 if on none. On the learning rate among the terms of an
 * update it is FOCUS_RATE with that parameter's index and the entry QUANTITY_RATE_OF: so the view
 * stays with its parameter. */
enum { QUANTITY_RATE_OF = 1 };
int32_t quantity_parameter(const Trainer *trainer, Focus focus);

#endif
