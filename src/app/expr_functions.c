/* The functions of expressions, one row each. */
#include "app/expr_code.h"
#include "engine/words.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- arguments ------------------------------------------------------------------------------- */

static bool force_numbers(const ExprCall *call, int i)
{
    return expr_force_numbers(call->machine, &call->argument[i], call->function->name);
}

static bool force_number(const ExprCall *call, int i)
{
    return expr_force_number(call->machine, &call->argument[i], call->function->name);
}

/* ---- entry by entry -------------------------------------------------------------------------- */

static double relu(double x)
{
    return x > 0 ? x : 0.0; /* of NaN too: 0 */
}

static bool run_each(const ExprCall *call)
{
    if (!force_numbers(call, 0))
        return false;
    ExprValue before = call->argument->value;
    if (before.kind == EXPR_NUMBER) {
        expr_set_number(call->argument, call->function->one(before.number));
        return true;
    }
    double *entry = expr_set_like(call->machine, call->argument, &before);
    for (int64_t i = 0; entry && i < before.count; i++)
        entry[i] = call->function->one(before.entry[i]);
    return entry != NULL;
}

/* To so many decimals, as Python does it: the decimal number nearest to the exact value. */
static double round_decimals(double x, int decimals)
{
    char text[400];

    if (!isfinite(x))
        return x;
    snprintf(text, sizeof text, "%.*f", decimals, x);
    return strtod(text, NULL);
}

static bool run_round(const ExprCall *call)
{
    double decimals = 0;

    if (!force_numbers(call, 0))
        return false;
    if (call->count == 2) {
        if (!force_number(call, 1))
            return false;
        decimals = call->argument[1].value.number;
        if (!(decimals >= 0 && decimals <= 17) || decimals != floor(decimals))
            return expr_wrong(call->machine, call->argument[1].at, "decimals: expected 0 to 17");
    }
    ExprValue before = call->argument->value;
    if (before.kind == EXPR_NUMBER) {
        expr_set_number(call->argument, round_decimals(before.number, (int)decimals));
        return true;
    }
    double *entry = expr_set_like(call->machine, call->argument, &before);
    for (int64_t i = 0; entry && i < before.count; i++)
        entry[i] = round_decimals(before.entry[i], (int)decimals);
    return entry && expr_charge(call->machine, 64 * before.count, call->argument->at);
}

/* ---- all entries together -------------------------------------------------------------------- */

/* Makes the arguments one vector of numbers: of a vector or matrix all entries, of several numbers
 * these. */
static bool gather(const ExprCall *call, ExprValue *all)
{
    double *entry;

    if (call->count == 1) {
        if (!force_numbers(call, 0))
            return false;
        *all = call->argument->value;
        if (all->kind != EXPR_NUMBER)
            return true;
    }
    entry = expr_take(call->machine, call->count, call->argument->at);
    for (int i = 0; i < call->count; i++) {
        if (!entry || !force_number(call, i))
            return false;
        entry[i] = call->argument[i].value.number;
    }
    *all = (ExprValue){.kind = EXPR_VECTOR, .entry = entry, .count = call->count};
    return true;
}

static bool gather_some(const ExprCall *call, ExprValue *all)
{
    return gather(call, all) &&
           (all->count > 0 ||
            expr_wrong(call->machine, call->argument->at, "%s of nothing", call->function->name));
}

static int64_t greatest(const double *x, int64_t count)
{
    int64_t best = 0;

    for (int64_t i = 1; i < count; i++)
        if (x[i] > x[best])
            best = i;
    return best;
}

static bool run_max(const ExprCall *call)
{
    ExprValue all;

    if (!gather_some(call, &all))
        return false;
    expr_set_number(call->argument, all.entry[greatest(all.entry, all.count)]);
    return true;
}

static bool run_min(const ExprCall *call)
{
    ExprValue all;

    if (!gather_some(call, &all))
        return false;
    double least = all.entry[0];
    for (int64_t i = 1; i < all.count; i++)
        least = all.entry[i] < least ? all.entry[i] : least;
    expr_set_number(call->argument, least);
    return true;
}

static bool run_sum(const ExprCall *call)
{
    ExprValue all;

    if (!gather(call, &all))
        return false;
    expr_set_number(call->argument, expr_sum(all.entry, all.count));
    return true;
}

static bool run_mean(const ExprCall *call)
{
    ExprValue all;

    if (!gather_some(call, &all))
        return false;
    expr_set_number(call->argument, expr_sum(all.entry, all.count) * (1.0 / (double)all.count));
    return true;
}

static bool run_norm(const ExprCall *call)
{
    ExprValue all;

    if (!gather(call, &all))
        return false;
    expr_set_number(call->argument, sqrt(expr_dot(all.entry, all.entry, all.count)));
    return true;
}

/* Truth values of a comparison entry by entry: how many hold. */
static int64_t holding(const ExprValue *value)
{
    int64_t count = 0;

    for (int64_t i = 0; i < expr_entries(value); i++)
        count += expr_entry(value, i) != 0;
    return count;
}

static bool run_count(const ExprCall *call)
{
    if (!expr_force(call->machine, call->argument))
        return false;
    if (call->argument->value.truths)
        expr_set_number(call->argument, (double)holding(&call->argument->value));
    else if (force_numbers(call, 0))
        expr_set_number(call->argument, (double)expr_entries(&call->argument->value));
    else
        return false;
    return true;
}

/* all and any */
static bool run_truths(const ExprCall *call)
{
    if (!expr_force(call->machine, call->argument))
        return false;
    const ExprValue *value = &call->argument->value;
    if (!value->truths && value->kind != EXPR_TRUTH)
        return expr_wrong(call->machine, call->argument->at,
                          "%s needs a comparison, such as wte[0] > 0", call->function->name);
    int64_t hold = holding(value);
    expr_set_truth(call->argument, strcmp(call->function->name, "all") == 0
                                       ? hold == expr_entries(value)
                                       : hold > 0);
    return true;
}

/* ---- row by row ------------------------------------------------------------------------------ */

/* A vector or a matrix. */
static bool force_rows(const ExprCall *call, int i)
{
    const ExprItem *item = &call->argument[i];

    return force_numbers(call, i) &&
           (item->value.kind != EXPR_NUMBER ||
            expr_wrong(call->machine, item->at, "%s needs a vector, not a number",
                       call->function->name));
}

static int32_t rows_of(const ExprValue *value)
{
    return value->kind == EXPR_MATRIX ? value->rows : 1;
}

/* e^(x_i - max) times the inverse of their sum: as the model's own. */
static void softmax(const double *x, int32_t count, double *y)
{
    double negmax = count > 0 ? -x[greatest(x, count)] : 0;

    for (int32_t i = 0; i < count; i++)
        y[i] = exp(x[i] + negmax);
    double sum = expr_sum(y, count);
    for (int32_t i = 0; i < count; i++)
        y[i] *= pow(sum, -1);
}

/* x_i / sqrt(mean square + 1e-5): as the model's own. */
static void rmsnorm(const double *x, int32_t count, double *y)
{
    double mean = expr_dot(x, x, count) * pow(count, -1), scale = pow(mean + 1e-5, -0.5);

    for (int32_t i = 0; i < count; i++)
        y[i] = x[i] * scale;
}

static bool run_rows(const ExprCall *call,
                     void (*change)(const double *x, int32_t count, double *y))
{
    if (!force_rows(call, 0))
        return false;
    ExprValue before = call->argument->value;
    double *entry = expr_set_like(call->machine, call->argument, &before);
    for (int32_t r = 0; entry && r < rows_of(&before); r++) {
        int32_t columns;
        const double *row = expr_row(&before, r, &columns);
        change(row, columns, entry + (row - before.entry));
    }
    return entry && expr_charge(call->machine, 16 * before.count, call->argument->at);
}

static bool run_softmax(const ExprCall *call)
{
    return run_rows(call, softmax);
}

static bool run_rmsnorm(const ExprCall *call)
{
    return run_rows(call, rmsnorm);
}

static bool run_argmax(const ExprCall *call)
{
    if (!force_rows(call, 0))
        return false;
    ExprValue value = call->argument->value;
    double *entry = expr_take(call->machine, rows_of(&value), call->argument->at);
    for (int32_t r = 0; r < rows_of(&value); r++) {
        int32_t columns;
        const double *row = expr_row(&value, r, &columns);
        if (!entry || columns == 0)
            return entry && expr_wrong(call->machine, call->argument->at, "argmax of nothing");
        entry[r] = (double)greatest(row, columns);
    }
    if (value.kind == EXPR_MATRIX)
        expr_set_vector(call->argument, entry, value.rows);
    else
        expr_set_number(call->argument, entry[0]);
    return true;
}

/* ---- two vectors ----------------------------------------------------------------------------- */

static bool force_pair(const ExprCall *call)
{
    for (int i = 0; i < 2; i++)
        if (!force_rows(call, i) ||
            (call->argument[i].value.kind != EXPR_VECTOR &&
             !expr_wrong(call->machine, call->argument[i].at, "%s needs a vector, not a matrix",
                         call->function->name)))
            return false;
    return call->argument[0].value.count == call->argument[1].value.count ||
           expr_wrong(call->machine, call->argument[1].at,
                      "%s needs vectors of one length, not %lld and %lld", call->function->name,
                      (long long)call->argument[0].value.count,
                      (long long)call->argument[1].value.count);
}

static bool run_dot(const ExprCall *call)
{
    if (!force_pair(call))
        return false;
    const ExprValue *a = &call->argument[0].value, *b = &call->argument[1].value;
    expr_set_number(call->argument, expr_dot(a->entry, b->entry, a->count));
    return true;
}

/* Of one number its cosine; of two vectors that of the angle between them. */
static bool run_cos(const ExprCall *call)
{
    if (call->count == 1)
        return run_each(call);
    if (!force_pair(call))
        return false;
    const ExprValue *a = &call->argument[0].value, *b = &call->argument[1].value;
    double lengths =
        sqrt(expr_dot(a->entry, a->entry, a->count)) * sqrt(expr_dot(b->entry, b->entry, b->count));
    expr_set_number(call->argument, expr_dot(a->entry, b->entry, a->count) / lengths);
    return true;
}

/* W x, with either of them first. */
static bool run_linear(const ExprCall *call)
{
    for (int i = 0; i < 2; i++)
        if (!force_rows(call, i))
            return false;
    bool first = call->argument[0].value.kind == EXPR_MATRIX;
    const ExprValue weight = call->argument[first ? 0 : 1].value,
                    x = call->argument[first ? 1 : 0].value;
    if (weight.kind != EXPR_MATRIX || x.kind != EXPR_VECTOR)
        return expr_wrong(call->machine, call->argument->at, "linear needs a matrix and a vector");
    double *entry = expr_take(call->machine, weight.rows, call->argument->at);
    for (int32_t r = 0; entry && r < weight.rows; r++) {
        int32_t columns;
        const double *row = expr_row(&weight, r, &columns);
        if (columns != x.count)
            return expr_wrong(call->machine, call->argument->at,
                              "row %d has %d numbers, the vector %lld", (int)r, (int)columns,
                              (long long)x.count);
        entry[r] = expr_dot(row, x.entry, columns);
    }
    expr_set_vector(call->argument, entry, weight.rows);
    return entry && expr_charge(call->machine, weight.count, call->argument->at);
}

/* ---- the table ------------------------------------------------------------------------------- */

enum { MANY = 1 << 16 };

const ExprFunction expr_functions[] = {
    {"exp", "x", N_("e^x, entry by entry"), 1, 1, run_each, exp},
    {"log", "x", N_("natural logarithm"), 1, 1, run_each, log},
    {"sqrt", "x", N_("square root"), 1, 1, run_each, sqrt},
    {"abs", "x", N_("without its sign"), 1, 1, run_each, fabs},
    {"relu", "x", N_("x where it is greater than 0, else 0"), 1, 1, run_each, relu},
    {"gelu", "x", N_("x, smoothly bent to 0 where it is less than 0"), 1, 1, run_each,
     tape_gelu_value},
    {"round", "x, decimals", N_("rounded; to a whole number without decimals"), 1, 2, run_round,
     NULL},
    {"min", "v", N_("the least entry, or of several numbers"), 1, MANY, run_min, NULL},
    {"max", "v", N_("the greatest"), 1, MANY, run_max, NULL},
    {"argmax", "v", N_("where the greatest stands; of a matrix, in each row"), 1, 1, run_argmax,
     NULL},
    {"sum", "v", N_("sum of the entries, from left to right"), 1, MANY, run_sum, NULL},
    {"mean", "v", N_("their mean"), 1, MANY, run_mean, NULL},
    {"count", "v", N_("how many entries; of a comparison, how many hold"), 1, 1, run_count, NULL},
    {"all", "v > 0", N_("whether a comparison holds for all entries"), 1, 1, run_truths, NULL},
    {"any", "v > 0", N_("whether it holds for one of them"), 1, 1, run_truths, NULL},
    {"norm", "v", N_("length of a vector: root of the sum of squares"), 1, 1, run_norm, NULL},
    {"dot", "v, w", N_("sum of the products of two vectors"), 2, 2, run_dot, NULL},
    {"cos", "v, w", N_("cosine of the angle between two vectors; of one number, its cosine"), 1, 2,
     run_cos, cos},
    {"softmax", "v", N_("e^v in shares of 1; of a matrix, row by row"), 1, 1, run_softmax, NULL},
    {"rmsnorm", "v", N_("v / sqrt(mean(v^2) + 1e-5)"), 1, 1, run_rmsnorm, NULL},
    {"linear", "W, v", N_("W v: the dot product of each row with v"), 2, 2, run_linear, NULL},
    {"grad", "NAME", N_("d loss / d it; partial during a backward pass"), 1, 1, expr_run_grad,
     NULL},
    {"adam", "NAME", N_("the optimiser's numbers of a parameter: a field follows"), 1, 1,
     expr_run_adam, NULL},
    {"node", "K", N_("node K of the graph"), 1, 1, expr_run_node, NULL},
    {"tok", "\"emma\"", N_("tokens of a text"), 1, 1, expr_run_tok, NULL},
    {"text", "v", N_("text of tokens; BOS is left out"), 1, 1, expr_run_text, NULL},
};
const int expr_function_count = sizeof expr_functions / sizeof *expr_functions;

int expr_find_function(const char *name, size_t length)
{
    for (int i = 0; i < expr_function_count; i++)
        if (strlen(expr_functions[i].name) == length &&
            memcmp(expr_functions[i].name, name, length) == 0)
            return i;
    return -1;
}
