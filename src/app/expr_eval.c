/* The machine that runs an expression's instructions. */
#include "app/expr_code.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <assert.h>
#include <math.h>
#include <string.h>

/* ---- operators ------------------------------------------------------------------------------- */

static const char *const signs[] = {
    [CODE_NEGATE] = "-",     [CODE_NOT] = "not",          [CODE_ADD] = "+",
    [CODE_SUBTRACT] = "-",   [CODE_MULTIPLY] = "*",       [CODE_DIVIDE] = "/",
    [CODE_POWER] = "^",      [CODE_LESS] = "<",           [CODE_LESS_EQUAL] = "<=",
    [CODE_GREATER] = ">",    [CODE_GREATER_EQUAL] = ">=", [CODE_EQUAL] = "==",
    [CODE_UNEQUAL] = "!=",   [CODE_AND] = "and",          [CODE_OR] = "or",
    [CODE_TRUTH] = "and/or",
};

static double apply(ExprOp op, double a, double b)
{
    switch (op) {
    case CODE_ADD:
        return a + b;
    case CODE_SUBTRACT:
        return a - b;
    case CODE_MULTIPLY:
        return a * b;
    case CODE_DIVIDE:
        return a / b;
    case CODE_POWER:
        return pow(a, b);
    case CODE_LESS:
        return a < b;
    case CODE_LESS_EQUAL:
        return a <= b;
    case CODE_GREATER:
        return a > b;
    case CODE_GREATER_EQUAL:
        return a >= b;
    case CODE_EQUAL:
        return a == b;
    default:
        return a != b;
    }
}

static bool is_comparison(ExprOp op)
{
    return op >= CODE_LESS && op <= CODE_UNEQUAL;
}

static void describe(const ExprValue *value, char text[64])
{
    if (value->kind == EXPR_VECTOR)
        snprintf(text, 64, _("a vector of %lld"), (long long)value->count);
    else
        snprintf(text, 64, _("a matrix of %d rows with %lld numbers"), (int)value->rows,
                 (long long)value->count);
}

static bool same_shape(const ExprValue *a, const ExprValue *b)
{
    if (a->kind != b->kind || a->count != b->count || a->rows != b->rows)
        return false;
    return a->kind != EXPR_MATRIX || a->rows == 0 ||
           memcmp(a->end, b->end, (size_t)a->rows * sizeof *a->end) == 0;
}

/* Entry by entry; a number goes with every entry of the other. */
static bool run_on_numbers(ExprMachine *machine, const ExprCode *code, ExprItem *a, ExprItem *b)
{
    ExprValue left = a->value, right = b->value;
    const ExprValue *shape = left.kind == EXPR_NUMBER ? &right : &left;
    char texts[2][64];

    if (left.kind == EXPR_NUMBER && right.kind == EXPR_NUMBER) {
        double result = apply(code->op, left.number, right.number);
        if (is_comparison(code->op))
            expr_set_truth(a, result != 0);
        else
            expr_set_number(a, result);
        return true;
    }
    if (left.kind != EXPR_NUMBER && right.kind != EXPR_NUMBER && !same_shape(&left, &right)) {
        describe(&left, texts[0]);
        describe(&right, texts[1]);
        return expr_wrong(machine, code->at, "%s and %s do not fit", texts[0], texts[1]);
    }
    double *entry = expr_set_like(machine, a, shape);
    for (int64_t i = 0; entry && i < a->value.count; i++)
        entry[i] = apply(code->op, expr_entry(&left, i), expr_entry(&right, i));
    a->value.truths = is_comparison(code->op);
    return entry != NULL;
}

/* == and != of texts and of truth values. */
static bool run_on_others(ExprMachine *machine, const ExprCode *code, ExprItem *a, ExprItem *b)
{
    const ExprValue *left = &a->value, *right = &b->value;
    bool equal = left->kind == EXPR_TEXT
                     ? left->length == right->length &&
                           (left->length == 0 || memcmp(left->text, right->text, left->length) == 0)
                     : left->number == right->number;

    if (!expr_charge(machine, (int64_t)left->length / 8, code->at))
        return false;
    expr_set_truth(a, equal == (code->op == CODE_EQUAL));
    return true;
}

static bool run_binary(ExprMachine *machine, const ExprCode *code)
{
    ExprItem *a = &machine->expr->stack[machine->top - 2], *b = a + 1;

    machine->top--;
    if (!expr_force(machine, a) || !expr_force(machine, b))
        return false;
    bool others = a->value.kind == b->value.kind &&
                  (a->value.kind == EXPR_TEXT || a->value.kind == EXPR_TRUTH);
    if (others && (code->op == CODE_EQUAL || code->op == CODE_UNEQUAL))
        return run_on_others(machine, code, a, b);
    return expr_force_numbers(machine, a, signs[code->op]) &&
           expr_force_numbers(machine, b, signs[code->op]) && run_on_numbers(machine, code, a, b);
}

static bool run_negate(ExprMachine *machine, const ExprCode *code, ExprItem *item)
{
    if (!expr_force_numbers(machine, item, "-"))
        return false;
    item->at = code->at;
    ExprValue before = item->value;
    if (before.kind == EXPR_NUMBER) {
        expr_set_number(item, -before.number);
        return true;
    }
    double *entry = expr_set_like(machine, item, &before);
    for (int64_t i = 0; entry && i < before.count; i++)
        entry[i] = -before.entry[i];
    return entry != NULL;
}

/* ---- truth ----------------------------------------------------------------------------------- */

static bool force_truth(ExprMachine *machine, ExprItem *item, const char *what)
{
    if (!expr_force(machine, item))
        return false;
    if (item->value.truths)
        return expr_wrong(machine, item->at, "%s needs one truth value: write all(...) or any(...)",
                          _(what));
    return item->value.kind == EXPR_TRUTH ||
           expr_wrong(machine, item->at, "%s needs a comparison, such as loss < 2", _(what));
}

static bool run_not(ExprMachine *machine, const ExprCode *code, ExprItem *item)
{
    if (!expr_force(machine, item))
        return false;
    ExprValue before = item->value;
    if (before.truths) {
        double *entry = expr_set_like(machine, item, &before);
        for (int64_t i = 0; entry && i < before.count; i++)
            entry[i] = before.entry[i] == 0;
        item->value.truths = true;
        item->at = code->at;
        return entry != NULL;
    }
    if (!force_truth(machine, item, "not"))
        return false;
    expr_set_truth(item, before.number == 0);
    item->at = code->at;
    return true;
}

/* ---- names ----------------------------------------------------------------------------------- */

static bool unknown_name(ExprMachine *machine, const char *name, const ExprCode *code)
{
    char word[32] = "";
    const char *best;

    strncat(word, name, (size_t)(code->length < 31 ? code->length : 31));
    if (expr_find_function(name, (size_t)code->length) >= 0)
        return expr_wrong(machine, code->at, "%s is a function: ( must follow", word);
    best = expr_nearest_name(machine->scope, word);
    return best ? expr_wrong(machine, code->at, "there is no %s: did you mean %s?", word, best)
                : expr_wrong(machine, code->at, "there is no %s here", word);
}

static bool run_name(ExprMachine *machine, const ExprCode *code, ExprItem *item)
{
    const char *name = machine->expr->text + code->at;
    size_t length = (size_t)code->length;
    bool found = false;

    if (reference_begin(machine->scope, name, length, &item->reference)) {
        item->kind = ITEM_REFERENCE;
        item->reading = READ_VALUE;
        return true;
    }
    bool read = expr_read_name(machine, name, length, item, &found);
    return found ? read : unknown_name(machine, name, code);
}

/* ---- the machine ----------------------------------------------------------------------------- */

static ExprItem *push(ExprMachine *machine, int at)
{
    assert(machine->top < machine->expr->depth);
    ExprItem *item = &machine->expr->stack[machine->top++];
    item->kind = ITEM_VALUE;
    item->at = at;
    return item;
}

static bool run_call(ExprMachine *machine, const ExprCode *code)
{
    const ExprFunction *function = &expr_functions[code->index];
    ExprItem *argument = &machine->expr->stack[machine->top - code->count];

    machine->top += 1 - code->count;
    bool done = function->run(&(ExprCall){machine, function, argument, code->count});
    argument->at = code->at;
    return done;
}

/* From here on names are those of another branch, which stands at the same moment. */
static bool run_enter(ExprMachine *machine, const ExprCode *code, const char *text)
{
    char branch[64] = "";
    Scope *scope = &machine->entered[machine->branches];

    strncat(branch, text, (size_t)(code->length < 63 ? code->length : 63));
    if (!machine->scope->other)
        return expr_wrong(machine, code->at, "there is no branch %s", branch);
    machine->error->at = code->at;
    if (!machine->scope->other(machine->scope, branch, scope, &machine->error->not_yet,
                               &machine->error->why))
        return false;
    machine->left[machine->branches++] = machine->scope;
    machine->scope = scope;
    return true;
}

static bool run_leave(ExprMachine *machine, ExprItem *item)
{
    if (!expr_force(machine, item))
        return false;
    machine->scope = machine->left[--machine->branches];
    return true;
}

/* and, or: what stands on top decides whether the other side is looked at. */
static bool run_jump(ExprMachine *machine, const ExprCode *code, int *next)
{
    ExprItem *item = &machine->expr->stack[machine->top - 1];

    if (!force_truth(machine, item, signs[code->op]))
        return false;
    if ((item->value.number != 0) == (code->op == CODE_OR))
        *next = code->index;
    else
        machine->top--;
    return true;
}

static bool run_code(ExprMachine *machine, const ExprCode *code, int *next)
{
    ExprItem *top = machine->top ? &machine->expr->stack[machine->top - 1] : NULL;
    const char *text = machine->expr->text + code->at;

    switch (code->op) {
    case CODE_NUMBER:
        expr_set_number(push(machine, code->at), code->number);
        return true;
    case CODE_TEXT:
        expr_set_text(push(machine, code->at), text, (size_t)code->length);
        return true;
    case CODE_NAME:
        return run_name(machine, code, push(machine, code->at));
    case CODE_FIELD:
        return expr_read_field(machine, top, text, (size_t)code->length, code->at);
    case CODE_INDEX:
        return expr_run_index(machine, code);
    case CODE_LENGTH:
        expr_set_number(push(machine, code->at), (double)expr_length_of(machine->scope, top - 1));
        return true;
    case CODE_SLICE:
        return expr_run_slice(machine, code);
    case CODE_CALL:
        return run_call(machine, code);
    case CODE_ENTER:
        return run_enter(machine, code, text);
    case CODE_LEAVE:
        return run_leave(machine, top);
    case CODE_LIST:
        if (code->count == 0)
            push(machine, code->at), machine->top--;
        return expr_run_list(machine, code);
    case CODE_NEGATE:
        return run_negate(machine, code, top);
    case CODE_NOT:
        return run_not(machine, code, top);
    case CODE_AND:
    case CODE_OR:
        return run_jump(machine, code, next);
    case CODE_TRUTH:
        return force_truth(machine, top, signs[code->op]);
    default:
        return run_binary(machine, code);
    }
}

/* Leaves the result as the only item on the stack. */
static bool run(ExprMachine *machine)
{
    Expr *expr = machine->expr;

    expr->pool.current = 0;
    expr->pool.used = 0;
    expr->pool.taken = 0;
    *machine->error = (ExprError){0};
    for (int i = 0; i < expr->codes;) {
        int next = i + 1;
        if (!expr_charge(machine, 1, 0) || !run_code(machine, &expr->code[i], &next))
            return false;
        i = next;
    }
    assert(machine->top == 1);
    return true;
}

bool expr_eval(Expr *expr, const Scope *scope, ExprValue *value, ExprError *error)
{
    ExprMachine machine = {.scope = scope, .expr = expr, .error = error};

    if (!run(&machine) || !expr_force(&machine, &expr->stack[0]))
        return false;
    *value = expr->stack[0].value;
    return true;
}

bool expr_eval_truth(Expr *expr, const Scope *scope, bool *truth, ExprError *error)
{
    ExprMachine machine = {.scope = scope, .expr = expr, .error = error};

    if (!run(&machine) || !force_truth(&machine, &expr->stack[0], N_("a condition")))
        return false;
    *truth = expr->stack[0].value.number != 0;
    return true;
}

/* ---- names of nodes -------------------------------------------------------------------------- */

static bool run_reference(ExprMachine *machine, Reference *reference)
{
    if (!run(machine))
        return false;
    ExprItem *item = &machine->expr->stack[0];
    if (item->kind != ITEM_REFERENCE || item->reading != READ_VALUE)
        return expr_wrong(machine, 0, "expected the name of nodes, such as wte[5][0]");
    *reference = item->reference;
    machine->error->at = 0;
    return reference_is_whole(machine->scope, reference, &machine->error->why);
}

bool expr_reference(const char *text, const Scope *scope, Reference *reference, ExprError *error)
{
    Expr expr;

    if (!expr_init(&expr, text, error))
        return false;
    ExprMachine machine = {.scope = scope, .expr = &expr, .error = error};
    bool done = run_reference(&machine, reference);
    expr_release(&expr);
    return done;
}

bool expr_node(const char *text, const Scope *scope, Reference *reference, int32_t *node,
               ExprError *error)
{
    if (!expr_reference(text, scope, reference, error))
        return false;
    if (reference->dims > 0) {
        error->at = 0;
        return error_set(&error->why, "this is %lld numbers: expected one, such as %.40s[0]%s",
                         (long long)reference_count(scope, reference), text,
                         reference->dims == 2 ? "[0]" : "");
    }
    *node = reference_at(scope, reference, 0, 0);
    return true;
}
