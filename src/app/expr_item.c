/* What lies on the machine's stack: making values, and reading the numbers of nodes into them. */
#include "app/expr_code.h"
#include "app/graph.h"
#include "app/look.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <stdarg.h>
#include <string.h>

enum { CHUNK = 4096, CHUNKS = sizeof((ExprPool){0}.chunk) / sizeof(double *) };

_Static_assert(CHUNK << (CHUNKS - 1) == EXPR_NUMBER_LIMIT,
               "the last chunk can hold the most numbers");

/* Numbers that an evaluation may look at: about a second's work. */
#define WORK_LIMIT ((int64_t)1 << 28)

/* ---- errors ---------------------------------------------------------------------------------- */

bool expr_wrong(ExprMachine *machine, int at, const char *format, ...)
{
    va_list arguments;
    Error *why = &machine->error->why;

    machine->error->at = at;
    va_start(arguments, format);
    vsnprintf(why->text, sizeof why->text, _(format), arguments);
    va_end(arguments);
    return false;
}

/* What an item names is not computed where its run, or its graph, stands. */
static bool not_yet(ExprMachine *machine, const ExprItem *item)
{
    char moment[64];

    machine->error->not_yet = true;
    if (item->reference.own)
        return expr_wrong(machine, item->at, "not computed yet after %lld operations of the graph",
                          (long long)machine->scope->graph->at);
    moment_print(machine->scope->trainer->at, moment, sizeof moment);
    return expr_wrong(machine, item->at, "not computed yet at %s", moment);
}

/* ---- the pool -------------------------------------------------------------------------------- */

bool expr_charge(ExprMachine *machine, int64_t work, int at)
{
    machine->work += work;
    return machine->work <= WORK_LIMIT || expr_wrong(machine, at, "this takes too long to compute");
}

/* Chunks too small for what is asked are skipped, and made only when something fits. */
double *expr_take(ExprMachine *machine, int64_t count, int at)
{
    ExprPool *pool = &machine->expr->pool;

    if (count > EXPR_NUMBER_LIMIT - pool->taken) {
        expr_wrong(machine, at, "more than %d numbers: take an entry or a row", EXPR_NUMBER_LIMIT);
        return NULL;
    }
    if (!expr_charge(machine, count, at))
        return NULL;
    while (pool->current < CHUNKS && pool->used + (size_t)count > (size_t)CHUNK << pool->current) {
        pool->current++;
        pool->used = 0;
    }
    if (pool->current < CHUNKS && !pool->chunk[pool->current])
        pool->chunk[pool->current] = sys_alloc((size_t)CHUNK << pool->current, sizeof(double));
    if (pool->current == CHUNKS || !pool->chunk[pool->current]) {
        expr_wrong(machine, at, "out of memory");
        return NULL;
    }
    double *numbers = pool->chunk[pool->current] + pool->used;
    pool->used += (size_t)count;
    pool->taken += count;
    return numbers;
}

/* ---- making values --------------------------------------------------------------------------- */

static void set(ExprItem *item, ExprValue value)
{
    item->kind = ITEM_VALUE;
    item->value = value;
}

void expr_set_number(ExprItem *item, double number)
{
    set(item, (ExprValue){.kind = EXPR_NUMBER, .number = number});
}

void expr_set_truth(ExprItem *item, bool truth)
{
    set(item, (ExprValue){.kind = EXPR_TRUTH, .number = truth});
}

void expr_set_text(ExprItem *item, const char *text, size_t length)
{
    set(item, (ExprValue){.kind = EXPR_TEXT, .text = text, .length = length});
}

void expr_set_vector(ExprItem *item, const double *entry, int64_t count)
{
    set(item, (ExprValue){.kind = EXPR_VECTOR, .entry = entry, .count = count});
}

double *expr_set_like(ExprMachine *machine, ExprItem *item, const ExprValue *like)
{
    ExprValue value = *like;
    double *entry = expr_take(machine, value.count, item->at);

    value.entry = entry;
    value.truths = false;
    set(item, value);
    return entry;
}

double expr_entry(const ExprValue *value, int64_t i)
{
    return value->kind == EXPR_NUMBER || value->kind == EXPR_TRUTH ? value->number
                                                                   : value->entry[i];
}

int64_t expr_entries(const ExprValue *value)
{
    return value->kind == EXPR_NUMBER || value->kind == EXPR_TRUTH ? 1 : value->count;
}

const double *expr_row(const ExprValue *value, int32_t r, int32_t *count)
{
    int32_t begin = r > 0 ? value->end[r - 1] : 0;

    *count = value->kind == EXPR_MATRIX ? value->end[r] - begin : (int32_t)value->count;
    return value->entry + begin;
}

double expr_sum(const double *x, int64_t count)
{
    double sum = 0;

    for (int64_t i = 0; i < count; i++)
        sum += x[i];
    return sum;
}

double expr_dot(const double *a, const double *b, int64_t count)
{
    double sum = 0;

    for (int64_t i = 0; i < count; i++)
        sum += a[i] * b[i];
    return sum;
}

/* ---- reading nodes --------------------------------------------------------------------------- */

/* The settings with which a parameter was updated: changes by hand later than that do not count. */
static Settings settings_of_update(const Scope *scope, int32_t parameter)
{
    const History *history = scope->history;
    Settings settings = scope->trainer->settings;

    if (!history)
        return settings;
    settings = history->settings;
    for (int i = 0; i < history->events; i++) {
        const Event *event = &history->event[i];
        Moment update = {scope->trainer->tape_step, PHASE_UPDATE, parameter};
        if (event->kind == EVENT_SETTING && moment_compare(event->at, update) <= 0)
            settings_set(&settings, &settings_table[event->index], event->number);
    }
    return settings;
}

/* The terms of an update that is done, from m and v as it left them. */
static double term_of_update(const Scope *scope, ExprReading reading, int32_t parameter)
{
    const Trainer *trainer = scope->trainer;
    Settings settings = settings_of_update(scope, parameter);
    AdamStep step = adam_step(&settings, trainer->tape_step);
    AdamTerms terms = adam_terms_after(&step, trainer->grad[parameter], trainer->m[parameter],
                                       trainer->v[parameter]);

    return reading == READ_ADAM_M_HAT   ? terms.m_hat
           : reading == READ_ADAM_V_HAT ? terms.v_hat
                                        : terms.update;
}

/* An optimiser simpler than Adam does without some of the terms: then there is no such number. */
static bool check_term(ExprMachine *machine, const ExprItem *item)
{
    static const struct {
        const char *name;
        AdamTerm term;
    } terms[] = {[READ_ADAM_M] = {"m", ADAM_M},
                 [READ_ADAM_V] = {"v", ADAM_V},
                 [READ_ADAM_M_HAT] = {"m_hat", ADAM_M_HAT},
                 [READ_ADAM_V_HAT] = {"v_hat", ADAM_V_HAT}};

    if (item->reading < READ_ADAM_M || item->reading > READ_ADAM_V_HAT)
        return true;
    Settings settings =
        settings_of_update(machine->scope, reference_at(machine->scope, &item->reference, 0, 0));
    char optimizer[32];
    settings_print(&settings, settings_find("optimizer"), optimizer, sizeof optimizer);
    return adam_uses((SettingOptimizer)settings.optimizer, terms[item->reading].term) ||
           expr_wrong(machine, item->at, "%s is not used by %s", terms[item->reading].name,
                      optimizer);
}

/* Whether the update of the step on the tape has come to this parameter. */
static bool is_updated(const Trainer *trainer, int32_t parameter)
{
    if (trainer->at.phase == PHASE_UPDATE)
        return parameter < trainer->at.n;
    return trainer->at.phase == PHASE_DONE && trainer_has_grad(trainer);
}

/* *known: whether this moment has it. */
static double read_adam(const Scope *scope, ExprReading reading, int32_t parameter, bool *known)
{
    const Trainer *trainer = scope->trainer;

    *known = true;
    if (reading == READ_ADAM_M)
        return trainer->m[parameter];
    if (reading == READ_ADAM_V)
        return trainer->v[parameter];
    *known = reading == READ_ADAM_G ? trainer_has_grad(trainer) : is_updated(trainer, parameter);
    if (!*known)
        return 0;
    return reading == READ_ADAM_G ? trainer->grad[parameter]
                                  : term_of_update(scope, reading, parameter);
}

static double read_node(const Scope *scope, const Numbers *numbers, ExprReading reading,
                        int32_t node, bool *known)
{
    if (reading == READ_VALUE) {
        *known = node < numbers->computed;
        return *known ? numbers->value[node] : 0;
    }
    if (reading == READ_GRAD) {
        *known = numbers->graded;
        return *known ? numbers->grad[node] : 0;
    }
    return read_adam(scope, reading, node, known);
}

/* Whether a lesson hides that number until its question is answered. */
static bool is_hidden(const Scope *scope, const Reference *reference, ExprReading reading,
                      int32_t node)
{
    static const FocusKind kinds[] = {
        [READ_VALUE] = FOCUS_VALUE,      [READ_GRAD] = FOCUS_GRAD,
        [READ_ADAM_G] = FOCUS_GRAD,      [READ_ADAM_M] = FOCUS_M,
        [READ_ADAM_V] = FOCUS_V,         [READ_ADAM_M_HAT] = FOCUS_M_HAT,
        [READ_ADAM_V_HAT] = FOCUS_V_HAT, [READ_ADAM_UPDATE] = FOCUS_UPDATE};
    const FocusKind kind = kinds[reading];

    if (!scope->look || scope->look->hiddens == 0)
        return false;
    return look_is_hidden(scope->look, reference->own ? focus_of_own(kind, node)
                                                      : focus_of_node(scope->trainer, kind, node));
}

static bool hidden(ExprMachine *machine, const ExprItem *item)
{
    machine->error->not_yet = true;
    return expr_wrong(machine, item->at, "hidden until you have answered");
}

static bool read_row(ExprMachine *machine, const ExprItem *item, const Numbers *numbers, int32_t r,
                     int32_t cols, double *entry)
{
    for (int32_t i = 0; i < cols; i++) {
        int32_t node = reference_at(machine->scope, &item->reference, r, i);
        bool known;
        if (is_hidden(machine->scope, &item->reference, item->reading, node))
            return hidden(machine, item);
        entry[i] = read_node(machine->scope, numbers, item->reading, node, &known);
        if (!known)
            return not_yet(machine, item);
    }
    return true;
}

static bool read_one(ExprMachine *machine, ExprItem *item, const Numbers *numbers)
{
    double number;

    if (!read_row(machine, item, numbers, 0, 1, &number))
        return false;
    expr_set_number(item, number);
    return true;
}

static bool read_vector(ExprMachine *machine, ExprItem *item, const Numbers *numbers)
{
    int32_t cols = reference_cols(machine->scope, &item->reference, 0);
    double *entry = expr_take(machine, cols, item->at);

    if (!entry || !read_row(machine, item, numbers, 0, cols, entry))
        return false;
    expr_set_vector(item, entry, cols);
    return true;
}

static bool read_matrix(ExprMachine *machine, ExprItem *item, const Numbers *numbers)
{
    const Reference *reference = &item->reference;
    int64_t count = reference_count(machine->scope, reference), done = 0;
    double *entry = expr_take(machine, count, item->at);
    int32_t *end = entry ? (int32_t *)(void *)expr_take(machine, reference->rows, item->at) : NULL;

    if (!end)
        return false;
    for (int32_t r = 0; r < reference->rows; r++) {
        int32_t cols = reference_cols(machine->scope, reference, r);
        if (!read_row(machine, item, numbers, r, cols, entry + done))
            return false;
        done += cols;
        end[r] = (int32_t)done;
    }
    set(item, (ExprValue){.kind = EXPR_MATRIX,
                          .entry = entry,
                          .count = count,
                          .rows = reference->rows,
                          .end = end});
    return true;
}

bool expr_force(ExprMachine *machine, ExprItem *item)
{
    if (item->kind == ITEM_VALUE)
        return true;
    if (item->kind == ITEM_BRANCH)
        return expr_wrong(machine, item->at, "a branch must follow, as in run.main.loss");
    if (!reference_is_whole(machine->scope, &item->reference, &machine->error->why)) {
        machine->error->at = item->at;
        return false;
    }
    if (item->reading == READ_ADAM)
        return expr_wrong(machine, item->at,
                          "a term must follow: .g, .m, .v, .m_hat, .v_hat or .update");
    if (!check_term(machine, item))
        return false;
    Numbers numbers = reference_numbers(machine->scope, &item->reference);
    return item->reference.dims == 0   ? read_one(machine, item, &numbers)
           : item->reference.dims == 1 ? read_vector(machine, item, &numbers)
                                       : read_matrix(machine, item, &numbers);
}

static const char *const kinds[] = {[EXPR_NUMBER] = N_("a number"),
                                    [EXPR_TRUTH] = N_("a truth value"),
                                    [EXPR_TEXT] = N_("a text"),
                                    [EXPR_VECTOR] = N_("a vector"),
                                    [EXPR_MATRIX] = N_("a matrix")};

bool expr_force_numbers(ExprMachine *machine, ExprItem *item, const char *what)
{
    if (!expr_force(machine, item))
        return false;
    if (item->value.kind == EXPR_TRUTH || item->value.kind == EXPR_TEXT || item->value.truths)
        return expr_wrong(machine, item->at, "%s needs numbers, not %s", _(what),
                          item->value.truths ? _("truth values") : _(kinds[item->value.kind]));
    return true;
}

bool expr_force_number(ExprMachine *machine, ExprItem *item, const char *what)
{
    if (!expr_force(machine, item))
        return false;
    return item->value.kind == EXPR_NUMBER ||
           expr_wrong(machine, item->at, "%s needs one number, not %s", _(what),
                      _(kinds[item->value.kind]));
}
