#include "engine/adam.h"

#include <math.h>

#define PI 3.141592653589793

bool adam_is_rising(const Settings *settings, int64_t step)
{
    return step < settings->warmup_steps || settings->steps <= settings->warmup_steps;
}

double adam_rate(const Settings *settings, int64_t step)
{
    double at = (double)step, steps = (double)settings->steps;
    double rising = (double)settings->warmup_steps;

    switch ((SettingSchedule)settings->schedule) {
    case SCHEDULE_CONSTANT:
        return settings->lr;
    case SCHEDULE_COSINE:
        return settings->lr * (0.5 * (1 + cos(PI * at / steps)));
    case SCHEDULE_WARMUP:
        if (adam_is_rising(settings, step))
            return settings->lr * ((at + 1) / rising);
        return settings->lr * ((steps - at) / (steps - rising));
    default:
        return settings->lr * (1 - at / steps);
    }
}

AdamStep adam_step(const Settings *settings, int64_t step)
{
    double t = (double)(step + 1);
    bool correct = settings->bias_correction;

    return (AdamStep){
        .lr = adam_rate(settings, step),
        .beta1 = settings->beta1,
        .beta2 = settings->beta2,
        .eps = settings->eps,
        .correction1 = correct ? 1 - pow(settings->beta1, t) : 1,
        .correction2 = correct ? 1 - pow(settings->beta2, t) : 1,
        .optimizer = (SettingOptimizer)settings->optimizer,
    };
}

bool adam_uses(SettingOptimizer optimizer, AdamTerm term)
{
    if (term == ADAM_G || term == ADAM_UPDATE || optimizer == OPTIMIZER_ADAM)
        return true;
    return term == ADAM_M && optimizer == OPTIMIZER_MOMENTUM;
}

AdamTerms adam_terms_after(const AdamStep *step, double g, double m, double v)
{
    AdamTerms terms = {.g = g, .m = m, .v = v};

    switch (step->optimizer) {
    case OPTIMIZER_SGD:
        terms.update = step->lr * g;
        break;
    case OPTIMIZER_MOMENTUM:
        terms.update = step->lr * m;
        break;
    default:
        terms.m_hat = m / step->correction1;
        terms.v_hat = v / step->correction2;
        terms.update = step->lr * terms.m_hat / (pow(terms.v_hat, 0.5) + step->eps);
        break;
    }
    return terms;
}

AdamTerms adam_terms(const AdamStep *step, double g, double m, double v)
{
    if (step->optimizer == OPTIMIZER_MOMENTUM) {
        m = step->beta1 * m + g;
    } else if (step->optimizer == OPTIMIZER_ADAM) {
        m = step->beta1 * m + (1 - step->beta1) * g;
        v = step->beta2 * v + (1 - step->beta2) * pow(g, 2);
    }
    return adam_terms_after(step, g, m, v);
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
