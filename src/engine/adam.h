/* Adam: the optimiser, one parameter at a time.
 *
 *     m = beta1 m + (1 - beta1) g            running mean of the gradient
 *     v = beta2 v + (1 - beta2) g^2          running mean of its square
 *     m_hat = m / (1 - beta1^t)              corrected for starting at 0; t = step + 1
 *     v_hat = v / (1 - beta2^t)
 *     update = lr m_hat / (sqrt(v_hat) + eps)
 *     parameter -= update
 *
 * with lr = lr0 (1 - step / steps), falling in a line to 0. Source: Kingma and Ba, "Adam", 2015,
 * algorithm 1. Squares and roots are taken by pow, as microgpt does. */
#ifndef GPTOSCOPE_ENGINE_ADAM_H
#define GPTOSCOPE_ENGINE_ADAM_H

#include "engine/settings.h"

/* What is the same for every parameter in one step. */
typedef struct AdamStep {
    double lr;                       /* of this step */
    double beta1, beta2, eps;
    double correction1, correction2; /* 1 - beta^t */
} AdamStep;

/* Everything about one parameter's update, for those who ask why. */
typedef struct AdamTerms {
    double g, m, v, m_hat, v_hat, update;
} AdamTerms;

/* The learning rate of step (0-based: the step that makes step updates into step + 1). */
double adam_rate(const Settings *settings, int64_t step);

AdamStep adam_step(const Settings *settings, int64_t step);

/* Updates parameters from ... to-1 in place: value, m and v from grad. */
void adam_update(const AdamStep *step, double *value, const double *grad, double *m, double *v, int32_t from,
                 int32_t to);

/* The same numbers for one parameter without changing anything; m and v are those before the
 * update. */
AdamTerms adam_terms(const AdamStep *step, double g, double m, double v);

#endif
