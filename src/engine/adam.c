#include "engine/adam.h"

#include <math.h>

double adam_rate(const Settings *settings, int64_t step)
{
    return settings->lr * (1 - (double)step / (double)settings->steps);
}

AdamStep adam_step(const Settings *settings, int64_t step)
{
    double t = (double)(step + 1);

    return (AdamStep){
        .lr = adam_rate(settings, step),
        .beta1 = settings->beta1,
        .beta2 = settings->beta2,
        .eps = settings->eps,
        .correction1 = 1 - pow(settings->beta1, t),
        .correction2 = 1 - pow(settings->beta2, t),
    };
}

AdamTerms adam_terms(const AdamStep *step, double g, double m, double v)
{
    AdamTerms terms = {.g = g};

    terms.m = step->beta1 * m + (1 - step->beta1) * g;
    terms.v = step->beta2 * v + (1 - step->beta2) * pow(g, 2);
    terms.m_hat = terms.m / step->correction1;
    terms.v_hat = terms.v / step->correction2;
    terms.update = step->lr * terms.m_hat / (pow(terms.v_hat, 0.5) + step->eps);
    return terms;
}

void adam_update(const AdamStep *step, double *value, const double *grad, double *m, double *v,
                 int32_t from, int32_t to)
{
    for (int32_t i = from; i < to; i++) {
        AdamTerms terms = adam_terms(step, grad[i], m[i], v[i]);
        m[i] = terms.m;
        v[i] = terms.v;
        value[i] -= terms.update;
    }
}
