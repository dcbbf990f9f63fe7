/* Why a parameter is what it is: its last update, term by term (engine/adam.h). */
#include "app/text.h"
#include "app/why_kind.h"
#include "engine/basis.h"
#include "engine/words.h"

/* The last update of a parameter. What it began from is known if the step on the tape did it. */
typedef struct Last {
    bool any; /* there was one since the run began or was loaded */
    bool fresh;
    int64_t step;
    Settings settings;
    AdamStep adam;
    double m, v, m_hat, v_hat, update;
} Last;

static Last last_of(const Why *why, int32_t i)
{
    const Trainer *trainer = why_trainer(why);
    Last last = {.fresh = basis_is_updated(trainer, i), .m = trainer->m[i], .v = trainer->v[i]};

    last.step = last.fresh ? trainer->tape_step : trainer->tape_step - 1;
    last.any = last.step >= why->scope.history->begin.step;
    last.settings = basis_settings(why->scope.history, (Moment){last.step, PHASE_UPDATE, i});
    last.adam = adam_step(&last.settings, last.step);
    AdamTerms terms = adam_terms_after(&last.adam, trainer->grad[i], last.m, last.v);
    last.m_hat = terms.m_hat;
    last.v_hat = terms.v_hat;
    last.update = terms.update;
    return last;
}

/* Of sgd's update nothing is left once the gradients are another step's. */
static bool is_update_kept(const Last *last)
{
    return last->any && (last->fresh || last->adam.optimizer != OPTIMIZER_SGD);
}

bool why_check_term(const Why *why, const WhyItem *item, Error *error)
{
    static const AdamTerm terms[WHY_KINDS] = {
        [WHY_M] = ADAM_M, [WHY_V] = ADAM_V, [WHY_M_HAT] = ADAM_M_HAT, [WHY_V_HAT] = ADAM_V_HAT};
    char optimizer[32];

    if (terms[item->kind] == ADAM_G) /* of other kinds */
        return true;
    Last last = last_of(why, item->node);
    settings_print(&last.settings, settings_find("optimizer"), optimizer, sizeof optimizer);
    return adam_uses(last.adam.optimizer, terms[item->kind]) ||
           error_set(error, "%s does not use this term", optimizer);
}

/* The change by hand that came after the last update, or NULL. */
static const Event *later_change(const Why *why, int32_t i)
{
    const Event *event = basis_change(why->scope.history, EVENT_VALUE, i);
    Last last = last_of(why, i);

    if (event && last.any && moment_compare(event->at, (Moment){last.step, PHASE_UPDATE, i}) <= 0)
        return NULL;
    return event;
}

static Moment after_update(const Why *why, int64_t step, int32_t i)
{
    if (i + 1 == why_trainer(why)->gpt.params)
        return (Moment){step + 1, PHASE_DONE, 0};
    return (Moment){step, PHASE_UPDATE, i + 1};
}

static void put_moment(WhyText *text, Moment moment)
{
    char name[64];

    moment_print(moment, name, sizeof name);
    why_put(text, "%s", name);
}

/* "step 412, by "emma"" */
static void put_step(const Why *why, WhyText *text, int64_t step)
{
    const Corpus *corpus = why_trainer(why)->corpus;
    char shown[64];
    size_t length;
    const char *document = corpus_text(corpus, step % corpus->count, &length);

    text_show(document, length, shown, sizeof shown, false);
    why_put(text, _("step %lld, by \"%s\""), (long long)step, shown);
}

/* ---- a parameter ----------------------------------------------------------------------------- */

void why_look_parameter(const Why *why, WhyItem *item)
{
    item->known = item->here = true;
    item->value = why_trainer(why)->value[item->node];
    item->leaf = !last_of(why, item->node).any || later_change(why, item->node);
}

void why_parameter_formula(const Why *why, const WhyItem *item, WhyText *text)
{
    if (!item->leaf)
        why_put(text, _("before - update"));
    else if (!later_change(why, item->node) && why->scope.history->begin.step == 0)
        why_put(text, _("a random number around 0, with deviation init_std"));
}

void why_parameter_filled(const Why *why, const WhyItem *item, WhyText *text)
{
    Last last = last_of(why, item->node);

    if (item->leaf || !last.fresh)
        return;
    why_put_number(text, basis_before_update(why->scope.history, item->node));
    why_put(text, " - ");
    why_put(text, last.update < 0 ? "(" : "");
    why_put_number(text, last.update);
    why_put(text, last.update < 0 ? ")" : "");
}

void why_parameter_note(const Why *why, const WhyItem *item, WhyText *text)
{
    const Event *event = later_change(why, item->node);
    Last last = last_of(why, item->node);

    if (event) {
        why_put(text, _("set by hand at "));
        put_moment(text, event->at);
    } else if (last.any) {
        why_put(text, _("updated in "));
        put_step(why, text, last.step);
    } else if (why->scope.history->begin.step > 0) {
        why_put(text, _("loaded with the run"));
    } else {
        why_put(text, _("drawn at the beginning, with seed %lld"),
                (long long)why->scope.history->settings.seed);
    }
}

bool why_parameter_moment(const Why *why, const WhyItem *item, Moment *moment)
{
    const Event *event = later_change(why, item->node);
    Last last = last_of(why, item->node);

    *moment = event      ? event->at
              : last.any ? after_update(why, last.step, item->node)
                         : why->scope.history->begin;
    return true;
}

void why_open_parameter(Why *why, const WhyItem *item)
{
    why_add(why, (WhyItem){.kind = WHY_BEFORE, .node = item->node});
    why_add(why, (WhyItem){.kind = WHY_UPDATE, .node = item->node});
}

/* ---- a parameter as the document had it ------------------------------------------------------ */

void why_look_used(const Why *why, WhyItem *item)
{
    item->known = true;
    item->value = why->value[item->node];
}

void why_used_label(const Why *why, const WhyItem *item, WhyText *text)
{
    why_put_name(why, text, item->node);
    why_put(text, _(" before its update"));
}

void why_used_note(const Why *why, const WhyItem *item, WhyText *text)
{
    Moment moment;

    why_used_moment(why, item, &moment);
    why_put(text, _("it stands there at "));
    put_moment(text, moment);
}

bool why_used_moment(const Why *why, const WhyItem *item, Moment *moment)
{
    (void)item;
    *moment = (Moment){why_trainer(why)->tape_step, PHASE_BACKWARD, 0};
    return true;
}

/* ---- the terms of an update ------------------------------------------------------------------ */

/* lr, asked by itself, is that of the step on the tape. */
static double rate_of(const Why *why, const WhyItem *item, Settings *settings, int64_t *step)
{
    *settings = why_trainer(why)->settings;
    *step = why_trainer(why)->tape_step;
    if (item->node >= 0) {
        Last last = last_of(why, item->node);
        *settings = last.settings;
        *step = last.step;
    }
    return adam_rate(settings, *step);
}

static void look_rate(const Why *why, WhyItem *item)
{
    Settings settings;
    int64_t step;

    item->value = rate_of(why, item, &settings, &step);
    item->here = why_same_bits(item->value, trainer_rate(why_trainer(why)));
    item->known = item->leaf = true;
}

static double term_value(const Why *why, const WhyItem *item, const Last *last)
{
    const History *history = why->scope.history;

    switch (item->kind) {
    case WHY_UPDATE:
        return last->update;
    case WHY_M_HAT:
        return last->m_hat;
    case WHY_V_HAT:
        return last->v_hat;
    case WHY_M:
        return last->m;
    case WHY_V:
        return last->v;
    case WHY_M_BEFORE:
        return basis_m(history, item->node);
    case WHY_V_BEFORE:
        return basis_v(history, item->node);
    default:
        return basis_before_update(history, item->node);
    }
}

void why_look_term(const Why *why, WhyItem *item)
{
    if (item->kind == WHY_RATE) {
        look_rate(why, item);
        return;
    }
    Last last = last_of(why, item->node);
    item->value = term_value(why, item, &last);
    switch (item->kind) {
    case WHY_M:
    case WHY_V:
        item->known = item->here = true;
        item->leaf = !last.fresh;
        break;
    case WHY_BEFORE:
    case WHY_M_BEFORE:
    case WHY_V_BEFORE:
        item->known = last.fresh;
        item->leaf = true;
        break;
    default:
        item->known = is_update_kept(&last);
        item->here = last.fresh;
        item->leaf = !item->known;
        break;
    }
}

static const struct {
    const char *label, *formula, *field;
} terms[WHY_KINDS] = {
    [WHY_BEFORE] = {N_("before"), "", ""},
    [WHY_UPDATE] = {N_("update"), "lr × m_hat / (√v_hat + ε)", "update"},
    [WHY_RATE] = {"lr", N_("lr0 × (1 - step / steps)"), ""},
    [WHY_M_HAT] = {"m_hat", N_("m / (1 - β1^(step + 1))"), "m_hat"},
    [WHY_M] = {"m", N_("β1 × m before + (1 - β1) × g"), "m"},
    [WHY_M_BEFORE] = {N_("m before"), "", "m"},
    [WHY_V_HAT] = {"v_hat", N_("v / (1 - β2^(step + 1))"), "v_hat"},
    [WHY_V] = {"v", N_("β2 × v before + (1 - β2) × g²"), "v"},
    [WHY_V_BEFORE] = {N_("v before"), "", "v"},
};

void why_term_label(const Why *why, const WhyItem *item, WhyText *text)
{
    (void)why;
    why_put(text, "%s", _(terms[item->kind].label));
}

static const char *formula_of_rate(const Settings *settings, int64_t step)
{
    switch ((SettingSchedule)settings->schedule) {
    case SCHEDULE_CONSTANT:
        return "lr0";
    case SCHEDULE_COSINE:
        return "lr0 × (1 + cos(π × step / steps)) / 2";
    case SCHEDULE_WARMUP:
        return adam_is_rising(settings, step) ? "lr0 × (step + 1) / warmup_steps"
                                              : "lr0 × (steps - step) / (steps - warmup_steps)";
    default:
        return terms[WHY_RATE].formula;
    }
}

/* Where the optimiser or an option has another formula than the table; else NULL. */
static const char *formula_of_option(const Last *last, WhyKind kind)
{
    bool sgd = last->adam.optimizer == OPTIMIZER_SGD;

    if (kind == WHY_UPDATE && last->adam.optimizer != OPTIMIZER_ADAM)
        return sgd ? "lr × g" : "lr × m";
    if (kind == WHY_M && last->adam.optimizer == OPTIMIZER_MOMENTUM)
        return "β1 × m before + g";
    if (!last->settings.bias_correction && (kind == WHY_M_HAT || kind == WHY_V_HAT))
        return kind == WHY_M_HAT ? "m" : "v";
    return NULL;
}

void why_term_formula(const Why *why, const WhyItem *item, WhyText *text)
{
    const char *formula = NULL;
    Settings settings;
    int64_t step;

    if (item->kind == WHY_RATE) {
        rate_of(why, item, &settings, &step);
        formula = formula_of_rate(&settings, step);
    } else {
        Last last = last_of(why, item->node);
        formula = formula_of_option(&last, item->kind);
    }
    why_put(text, "%s", _(formula ? formula : terms[item->kind].formula));
}

void why_term_there(const Why *why, const WhyItem *item, WhyText *text)
{
    if (item->kind == WHY_RATE) {
        why_put(text, "lr");
        return;
    }
    why_put(text, "adam(");
    why_put_name(why, text, item->node);
    why_put(text, ").%s", terms[item->kind].field);
}

static void put_update(WhyText *text, const Last *last, double g)
{
    why_put_number(text, last->adam.lr);
    why_put(text, " * ");
    if (last->adam.optimizer != OPTIMIZER_ADAM) {
        why_put_number(text, last->adam.optimizer == OPTIMIZER_SGD ? g : last->m);
        return;
    }
    why_put_number(text, last->m_hat);
    why_put(text, " / (");
    why_put_number(text, last->v_hat);
    why_put(text, " ^ 0.5 + ");
    why_put_number(text, last->adam.eps);
    why_put(text, ")");
}

static void put_corrected(WhyText *text, const Last *last, double mean, double beta)
{
    const int64_t step = last->step;

    why_put_number(text, mean);
    if (!last->settings.bias_correction)
        return;
    why_put(text, " / (1 - ");
    why_put_number(text, beta);
    why_put(text, " ^ %lld)", (long long)step + 1);
}

/* "0.85 * 0.03 + (1 - 0.85) * 0.0385", with the gradient to a power where there is one. */
static void put_mean(WhyText *text, double beta, double before, double g, const char *power)
{
    why_put_number(text, beta);
    why_put(text, " * ");
    why_put_number(text, before);
    why_put(text, " + (1 - ");
    why_put_number(text, beta);
    why_put(text, ") * ");
    why_put_base(text, g);
    why_put(text, "%s", power);
}

/* "0.85 * 0.03 + 0.0385" */
static void put_sum(WhyText *text, double beta, double before, double g)
{
    why_put_number(text, beta);
    why_put(text, " * ");
    why_put_number(text, before);
    why_put(text, " + ");
    why_put_number(text, g);
}

static void put_rate(const Why *why, const WhyItem *item, WhyText *text)
{
    Settings settings;
    int64_t step;

    rate_of(why, item, &settings, &step);
    const long long at = step, steps = settings.steps, rising = settings.warmup_steps;
    why_put_number(text, settings.lr);
    if (settings.schedule == SCHEDULE_LINEAR)
        why_put(text, " * (1 - %lld / %lld)", at, steps);
    else if (settings.schedule == SCHEDULE_COSINE)
        why_put(text, " * (0.5 * (1 + cos(3.141592653589793 * %lld / %lld)))", at, steps);
    else if (settings.schedule == SCHEDULE_WARMUP && adam_is_rising(&settings, step))
        why_put(text, " * ((%lld + 1) / %lld)", at, rising);
    else if (settings.schedule == SCHEDULE_WARMUP)
        why_put(text, " * ((%lld - %lld) / (%lld - %lld))", steps, at, steps, rising);
}

void why_term_filled(const Why *why, const WhyItem *item, WhyText *text)
{
    const History *history = why->scope.history;

    if (item->kind == WHY_RATE) {
        put_rate(why, item, text);
        return;
    }
    Last last = last_of(why, item->node);
    double g = why_trainer(why)->grad[item->node];
    if (item->kind == WHY_UPDATE)
        put_update(text, &last, g);
    else if (item->kind == WHY_M_HAT)
        put_corrected(text, &last, last.m, last.adam.beta1);
    else if (item->kind == WHY_V_HAT)
        put_corrected(text, &last, last.v, last.adam.beta2);
    else if (item->kind == WHY_M && last.fresh && last.adam.optimizer == OPTIMIZER_MOMENTUM)
        put_sum(text, last.adam.beta1, basis_m(history, item->node), g);
    else if (item->kind == WHY_M && last.fresh)
        put_mean(text, last.adam.beta1, basis_m(history, item->node), g, "");
    else if (item->kind == WHY_V && last.fresh)
        put_mean(text, last.adam.beta2, basis_v(history, item->node), g, " ^ 2");
}

/* Of what the reader can go and see where it was. */
void why_term_note(const Why *why, const WhyItem *item, WhyText *text)
{
    if (item->kind == WHY_RATE)
        return;
    Last last = last_of(why, item->node);
    if (!last.any && item->kind != WHY_M && item->kind != WHY_V) {
        why_put(text, _("not updated yet"));
    } else if (!last.any) {
        why_put(text, why->scope.history->begin.step > 0 ? _("loaded with the run")
                                                         : _("0 before the first update"));
    } else if (!item->known || (item->leaf && !last.fresh)) {
        Moment moment;
        why_term_moment(why, item, &moment);
        why_put(text, item->known ? _("made in ") : _("not kept: go to "));
        if (item->known)
            put_step(why, text, last.step);
        else
            put_moment(text, moment);
    }
}

bool why_term_moment(const Why *why, const WhyItem *item, Moment *moment)
{
    if (item->node < 0)
        return false;
    Last last = last_of(why, item->node);
    bool before = item->kind == WHY_BEFORE || item->kind == WHY_M_BEFORE ||
                  item->kind == WHY_V_BEFORE || item->kind == WHY_RATE;
    *moment = before ? (Moment){last.step, PHASE_UPDATE, item->node}
                     : after_update(why, last.step, item->node);
    return last.any;
}

static void add_term(Why *why, WhyKind kind, int32_t i)
{
    why_add(why, (WhyItem){.kind = kind, .node = i});
}

static void open_update(Why *why, int32_t i)
{
    add_term(why, WHY_RATE, i);
    switch (last_of(why, i).adam.optimizer) {
    case OPTIMIZER_SGD:
        add_term(why, WHY_GRADIENT, i);
        break;
    case OPTIMIZER_MOMENTUM:
        add_term(why, WHY_M, i);
        break;
    default:
        add_term(why, WHY_M_HAT, i);
        add_term(why, WHY_V_HAT, i);
        break;
    }
}

void why_open_term(Why *why, const WhyItem *item)
{
    switch (item->kind) {
    case WHY_UPDATE:
        open_update(why, item->node);
        break;
    case WHY_M_HAT:
        add_term(why, WHY_M, item->node);
        break;
    case WHY_V_HAT:
        add_term(why, WHY_V, item->node);
        break;
    default:
        add_term(why, item->kind == WHY_M ? WHY_M_BEFORE : WHY_V_BEFORE, item->node);
        add_term(why, WHY_GRADIENT, item->node);
        break;
    }
}
