/* The terms of an update with their formulas, as engine/adam.h has them. */
#include "engine/basis.h"
#include "engine/words.h"
#include "view/matrix.h"
#include "view/view_adam.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

AdamUpdate adam_update_of(const App *app, int32_t i)
{
    const Trainer *trainer = &app->session.trainer;
    const History *history = &app->session.history;
    AdamUpdate update = {.app = app,
                         .i = i,
                         .graded = trainer_has_grad(trainer),
                         .updated = basis_is_updated(trainer, i),
                         .step = trainer->tape_step,
                         .value = trainer->value[i],
                         .before = trainer->value[i],
                         .m_before = trainer->m[i],
                         .v_before = trainer->v[i],
                         .g = trainer->grad[i]};

    update.settings = basis_settings(history, (Moment){update.step, PHASE_UPDATE, i});
    update.adam = adam_step(&update.settings, update.step);
    if (!update.updated)
        return update;
    update.before = basis_before_update(history, i);
    update.m_before = basis_m(history, i);
    update.v_before = basis_v(history, i);
    update.terms = adam_terms_after(&update.adam, update.g, trainer->m[i], trainer->v[i]);
    return update;
}

const char *adam_name(const AdamUpdate *update)
{
    static const char *const names[] = {[OPTIMIZER_ADAM] = "Adam",
                                        [OPTIMIZER_SGD] = N_("plain gradient descent, SGD"),
                                        [OPTIMIZER_MOMENTUM] =
                                            N_("gradient descent with momentum")};

    return _(names[update->adam.optimizer]);
}

void adam_print_place(const App *app, int32_t i, char text[80])
{
    const Gpt *gpt = &app->session.trainer.gpt;
    const Tensor *tensor = gpt_tensor_of(gpt, i);
    char row[40];

    matrix_row_name(app, tensor, (i - tensor->first) / tensor->cols, row);
    snprintf(text, 80, _("%s, column %d"), row, (int)((i - tensor->first) % tensor->cols));
}

/* ---- filled formulas ------------------------------------------------------------------------- */

/* A number within a formula: `?` where it may not be shown, `·` where it is not known. */
typedef struct Shown {
    char text[32];
} Shown;

static Shown show(const AdamUpdate *update, FocusKind kind, bool known, double number)
{
    const Focus focus = {.kind = kind, .index = kind == FOCUS_RATE ? 0 : update->i};
    char digits[24];
    Shown shown;

    if (kind != FOCUS_NONE && look_is_hidden(&update->app->look, focus))
        snprintf(shown.text, sizeof shown.text, "?");
    else
        snprintf(shown.text, sizeof shown.text, "%s", known ? matrix_number(number, digits) : "·");
    return shown;
}

/* The same with brackets where it is negative. */
static Shown bracket(Shown shown)
{
    Shown bracketed;

    snprintf(bracketed.text, sizeof bracketed.text, shown.text[0] == '-' ? "(%.29s)" : "%.31s",
             shown.text);
    return bracketed;
}

/* What a term was before the update: the same number as now, until that is done. */
static Shown show_before(const AdamUpdate *update, FocusKind kind, double number)
{
    return show(update, update->updated ? FOCUS_NONE : kind, true, number);
}

static Shown show_g(const AdamUpdate *update)
{
    return bracket(show(update, FOCUS_GRAD, update->graded, update->g));
}

static void fill_m(const AdamUpdate *update, char *text)
{
    Shown before = show_before(update, FOCUS_M, update->m_before), g = show_g(update);

    if (update->adam.optimizer == OPTIMIZER_MOMENTUM)
        snprintf(text, ADAM_FILLED_BYTES, "%g × %s + %s", update->adam.beta1, bracket(before).text,
                 g.text);
    else
        snprintf(text, ADAM_FILLED_BYTES, "%g × %s + %.4g × %s", update->adam.beta1,
                 bracket(before).text, 1 - update->adam.beta1, g.text);
}

static void fill_v(const AdamUpdate *update, char *text)
{
    snprintf(text, ADAM_FILLED_BYTES, "%g × %s + %.4g × %s^2", update->adam.beta2,
             show_before(update, FOCUS_V, update->v_before).text, 1 - update->adam.beta2,
             show_g(update).text);
}

static void fill_corrected(const AdamUpdate *update, FocusKind kind, double mean, double beta,
                           char *text)
{
    snprintf(text, ADAM_FILLED_BYTES, "%s / (1 - %g^%lld)",
             show(update, kind, update->updated, mean).text, beta, (long long)update->step + 1);
}

static void fill_m_hat(const AdamUpdate *update, char *text)
{
    fill_corrected(update, FOCUS_M, update->terms.m, update->adam.beta1, text);
}

static void fill_v_hat(const AdamUpdate *update, char *text)
{
    fill_corrected(update, FOCUS_V, update->terms.v, update->adam.beta2, text);
}

static void fill_rate(const AdamUpdate *update, char *text)
{
    adam_rate_filled(&update->settings, update->step, text);
}

static void fill_update(const AdamUpdate *update, char *text)
{
    const bool corrected = update->settings.bias_correction;
    Shown lr = show(update, FOCUS_RATE, true, update->adam.lr);
    Shown g = show_g(update);
    Shown m = bracket(show(update, FOCUS_M, update->updated, update->terms.m));
    Shown m_hat = show(update, corrected ? FOCUS_M_HAT : FOCUS_M, update->updated,
                       corrected ? update->terms.m_hat : update->terms.m);
    Shown v_hat = show(update, corrected ? FOCUS_V_HAT : FOCUS_V, update->updated,
                       corrected ? update->terms.v_hat : update->terms.v);

    if (update->adam.optimizer == OPTIMIZER_ADAM)
        snprintf(text, ADAM_FILLED_BYTES, "%s × %s / (√%s + %g)", lr.text, bracket(m_hat).text,
                 v_hat.text, update->adam.eps);
    else
        snprintf(text, ADAM_FILLED_BYTES, "%s × %s", lr.text,
                 update->adam.optimizer == OPTIMIZER_SGD ? g.text : m.text);
}

static void fill_value(const AdamUpdate *update, char *text)
{
    snprintf(text, ADAM_FILLED_BYTES, "%s - %s",
             show_before(update, FOCUS_VALUE, update->before).text,
             bracket(show(update, FOCUS_UPDATE, update->updated, update->terms.update)).text);
}

/* ---- rows ------------------------------------------------------------------------------------ */

typedef enum Row { ROW_G, ROW_M, ROW_V, ROW_M_HAT, ROW_V_HAT, ROW_RATE, ROW_UPDATE, ROW_VALUE } Row;

/* One row a term; formulas by the optimiser, NULL where it does not use the term. */
static const struct {
    const char *name, *words;
    FocusKind focus;
    const char *formula[3]; /* by SettingOptimizer */
    void (*fill)(const AdamUpdate *update, char *text);
} rows[ADAM_ROWS] = {
    [ROW_G] = {"g",
               N_("gradient: how the loss changes with it"),
               FOCUS_GRAD,
               {N_("from the backward pass"), N_("from the backward pass"),
                N_("from the backward pass")},
               NULL},
    [ROW_M] = {"m",
               N_("running mean of g"),
               FOCUS_M,
               {[OPTIMIZER_ADAM] = "beta1 × m + (1 - beta1) × g",
                [OPTIMIZER_MOMENTUM] = N_("beta1 × m + g")},
               fill_m},
    [ROW_V] = {"v",
               N_("running mean of g^2"),
               FOCUS_V,
               {[OPTIMIZER_ADAM] = "beta2 × v + (1 - beta2) × g^2"},
               fill_v},
    [ROW_M_HAT] = {"m_hat",
                   N_("m, made up for its start at 0"),
                   FOCUS_M_HAT,
                   {[OPTIMIZER_ADAM] = "m / (1 - beta1^(step + 1))"},
                   fill_m_hat},
    [ROW_V_HAT] = {"v_hat",
                   N_("v, made up for its start at 0"),
                   FOCUS_V_HAT,
                   {[OPTIMIZER_ADAM] = "v / (1 - beta2^(step + 1))"},
                   fill_v_hat},
    [ROW_RATE] =
        {"lr", N_("learning rate: how far a step goes"), FOCUS_RATE, {"", "", ""}, fill_rate},
    [ROW_UPDATE] = {"update",
                    N_("what is taken away from it"),
                    FOCUS_UPDATE,
                    {[OPTIMIZER_ADAM] = "lr × m_hat / (√v_hat + eps)",
                     [OPTIMIZER_SGD] = N_("lr × g"),
                     [OPTIMIZER_MOMENTUM] = "lr × m"},
                    fill_update},
    [ROW_VALUE] = {N_("value"),
                   N_("its new value"),
                   FOCUS_VALUE,
                   {N_("value - update"), N_("value - update"), N_("value - update")},
                   fill_value},
};

static double number_of(const AdamUpdate *update, Row row)
{
    const double numbers[ADAM_ROWS] = {
        [ROW_G] = update->g,
        [ROW_M] = update->terms.m,
        [ROW_V] = update->terms.v,
        [ROW_M_HAT] = update->terms.m_hat,
        [ROW_V_HAT] = update->terms.v_hat,
        [ROW_RATE] = update->adam.lr,
        [ROW_UPDATE] = update->terms.update,
        [ROW_VALUE] = update->value,
    };

    return numbers[row];
}

static bool is_used(const AdamUpdate *update, Row row)
{
    bool correction = row == ROW_M_HAT || row == ROW_V_HAT;

    return rows[row].formula[update->adam.optimizer] &&
           (!correction || update->settings.bias_correction);
}

static const char *formula_of(const AdamUpdate *update, Row row)
{
    if (row == ROW_RATE)
        return adam_rate_formula(&update->settings, update->step);
    if (row == ROW_UPDATE && update->adam.optimizer == OPTIMIZER_ADAM &&
        !update->settings.bias_correction)
        return "lr × m / (√v + eps)";
    return rows[row].formula[update->adam.optimizer];
}

int adam_rows(const AdamUpdate *update, AdamRow row[ADAM_ROWS])
{
    int count = 0;

    for (int i = 0; i < ADAM_ROWS; i++) {
        AdamRow *to = &row[count];
        if (!is_used(update, (Row)i))
            continue;
        *to = (AdamRow){.name = rows[i].name,
                        .words = _(rows[i].words),
                        .formula = _(formula_of(update, (Row)i)),
                        .focus = {.kind = rows[i].focus, .index = update->i},
                        .known = i == ROW_G ? update->graded : i == ROW_RATE || update->updated,
                        .number = number_of(update, (Row)i)};
        if (rows[i].fill)
            rows[i].fill(update, to->filled);
        count++;
    }
    return count;
}

const char *adam_compare(const AdamUpdate *update, char *text, size_t size)
{
    const double plain = update->adam.lr * update->g, done = update->terms.update;
    char shown[24], times[24];

    text[0] = '\0';
    if (!update->updated || update->adam.optimizer == OPTIMIZER_SGD ||
        look_is_hidden(&update->app->look, (Focus){.kind = FOCUS_GRAD, .index = update->i}) ||
        look_is_hidden(&update->app->look, (Focus){.kind = FOCUS_UPDATE, .index = update->i}))
        return text;
    if (plain == 0)
        snprintf(text, size, _("Plain gradient descent would not move it: g is 0.%s"),
                 done != 0 ? _(" Earlier gradients do.") : "");
    else
        snprintf(text, size, _("Plain gradient descent: lr × g = %s. This is %s times as far%s."),
                 matrix_number(plain, shown), matrix_number(fabs(done / plain), times),
                 (done < 0) != (plain < 0) && done != 0 ? _(", the other way") : "");
    return text;
}

/* ---- the schedule ---------------------------------------------------------------------------- */

double adam_rate_at(const App *app, int64_t step)
{
    Settings settings = basis_settings(&app->session.history, (Moment){step, PHASE_UPDATE, 0});

    return adam_rate(&settings, step);
}

const char *adam_rate_formula(const Settings *settings, int64_t step)
{
    static const char *const formulas[] = {
        [SCHEDULE_LINEAR] = "lr0 × (1 - step / steps)",
        [SCHEDULE_CONSTANT] = "lr0",
        [SCHEDULE_COSINE] = "lr0 × (1 + cos(pi × step / steps)) / 2",
        [SCHEDULE_WARMUP] = "lr0 × (steps - step) / (steps - warmup)",
    };

    if (settings->schedule == SCHEDULE_WARMUP && adam_is_rising(settings, step))
        return "lr0 × (step + 1) / warmup";
    return formulas[settings->schedule];
}

void adam_rate_filled(const Settings *settings, int64_t step, char text[ADAM_FILLED_BYTES])
{
    const long long at = step, steps = settings->steps, rising = settings->warmup_steps;

    if (settings->schedule == SCHEDULE_CONSTANT)
        snprintf(text, ADAM_FILLED_BYTES, "%g", settings->lr);
    else if (settings->schedule == SCHEDULE_COSINE)
        snprintf(text, ADAM_FILLED_BYTES, "%g × (1 + cos(pi × %lld / %lld)) / 2", settings->lr, at,
                 steps);
    else if (settings->schedule == SCHEDULE_LINEAR)
        snprintf(text, ADAM_FILLED_BYTES, "%g × (1 - %lld / %lld)", settings->lr, at, steps);
    else if (adam_is_rising(settings, step))
        snprintf(text, ADAM_FILLED_BYTES, "%g × (%lld + 1) / %lld", settings->lr, at, rising);
    else
        snprintf(text, ADAM_FILLED_BYTES, "%g × (%lld - %lld) / (%lld - %lld)", settings->lr, steps,
                 at, steps, rising);
}
