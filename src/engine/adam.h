/* Adam: the optimiser, one parameter at a time; and two simpler ones in its place.
 *
 *     adam       m = beta1 m + (1 - beta1) g            running mean of the gradient
 *                v = beta2 v + (1 - beta2) g^2          running mean of its square
 *                m_hat = m / (1 - beta1^t)              corrected for starting at 0; t = step + 1
 *                v_hat = v / (1 - beta2^t)              (bias_correction off: m_hat = m, v_hat = v)
 *                update = lr m_hat / (sqrt(v_hat) + eps)
 *     sgd        update = lr g                          m and v stay what they are
 *     momentum   m = beta1 m + g                        v stays what it is
 *                update = lr m
 *
 *     parameter -= update
 *
 * with the learning rate lr of a schedule, of lr0, step and steps:
 *
 *     linear     lr0 (1 - step / steps)
 *     constant   lr0
 *     cosine     lr0 (1 + cos(pi step / steps)) / 2
 *     warmup     lr0 (step + 1) / warmup_steps for so many steps,
 *                then lr0 (steps - step) / (steps - warmup_steps)
 *
 * Sources: Kingma and Ba, "Adam", 2015, algorithm 1; Sutskever et al., "On the importance of
 * initialization and momentum in deep learning", 2013, section 2; Loshchilov and Hutter, "SGDR",
 * 2017, section 3 (one period); Goyal et al., "Accurate, large minibatch SGD", 2017, section 2.2.
 * Squares and roots are taken by pow, as microgpt does. */
#ifndef GPTOSCOPE_ENGINE_ADAM_H
#define GPTOSCOPE_ENGINE_ADAM_H

#include "engine/settings.h"

/* What is the same for every parameter in one step. */
typedef struct AdamStep {
    double lr;                       /* of this step */
    double beta1, beta2, eps;
    double correction1, correction2; /* 1 - beta^t, or 1 */
    SettingOptimizer optimizer;
} AdamStep;

/* Everything about one parameter's update, for those who ask why. What the optimiser does not use
 * is 0, but for m and v. */
typedef struct AdamTerms {
    double g, m, v, m_hat, v_hat, update;
} AdamTerms;

typedef enum AdamTerm { ADAM_G, ADAM_M, ADAM_V, ADAM_M_HAT, ADAM_V_HAT, ADAM_UPDATE } AdamTerm;

/* Whether an update of that optimiser is made from this term. */
bool adam_uses(SettingOptimizer optimizer, AdamTerm term);

/* The learning rate of step (0-based: the step that makes step updates into step + 1). */
double adam_rate(const Settings *settings, int64_t step);

/* Of the schedule warmup: whether the rate still rises. */
bool adam_is_rising(const Settings *settings, int64_t step);

AdamStep adam_step(const Settings *settings, int64_t step);

/* Updates parameters from ... to-1 in place: value, m and v from grad. */
void adam_update(const AdamStep *step, double *value, const double *grad, double *m, double *v, int32_t from,
                 int32_t to);

/* The same numbers for one parameter without changing anything; m and v are those before the
 * update. */
AdamTerms adam_terms(const AdamStep *step, double g, double m, double v);

/* The same from m and v as the update left them. */
AdamTerms adam_terms_after(const AdamStep *step, double g, double m, double v);

#endif
