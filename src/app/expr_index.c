/* Entries, rows and slices of what is on the stack, and lists. */
#include "app/expr_code.h"

#include "engine/words.h"

int64_t expr_length_of(const Scope *scope, const ExprItem *item)
{
    if (item->kind == ITEM_REFERENCE)
        return reference_length(scope, &item->reference);
    if (item->kind != ITEM_VALUE)
        return 0;
    return item->value.kind == EXPR_MATRIX ? item->value.rows : item->value.count;
}

static const char *whole_of(const ExprValue *value)
{
    return value->kind == EXPR_MATRIX ? N_("this matrix") : N_("this vector");
}

static void index_value(ExprItem *item, int32_t i)
{
    bool truths = item->value.truths;

    if (item->value.kind == EXPR_MATRIX) {
        int32_t count;
        const double *row = expr_row(&item->value, i, &count);
        expr_set_vector(item, row, count);
        item->value.truths = truths;
    } else if (truths) {
        expr_set_truth(item, item->value.entry[i] != 0);
    } else {
        expr_set_number(item, item->value.entry[i]);
    }
}

static bool can_index(ExprMachine *machine, const ExprItem *item, int at)
{
    return item->kind != ITEM_VALUE || item->value.kind == EXPR_VECTOR ||
           item->value.kind == EXPR_MATRIX ||
           expr_wrong(machine, at, "only vectors and matrices have an index");
}

/* Errors are about the index. */
bool expr_run_index(ExprMachine *machine, const ExprCode *code)
{
    ExprItem *item = &machine->expr->stack[machine->top - 2], *index = item + 1;
    Error *why = &machine->error->why;

    machine->top--;
    machine->error->at = code->at;
    if (!can_index(machine, item, code->at) || !expr_force_number(machine, index, N_("an index")))
        return false;
    double i = index->value.number;
    if (item->kind == ITEM_REFERENCE)
        return reference_index(machine->scope, &item->reference, i, why);
    if (item->kind == ITEM_BRANCH)
        return expr_force(machine, item);
    bool matrix = item->value.kind == EXPR_MATRIX;
    if (!reference_check_index(matrix ? N_("row") : N_("entry"), whole_of(&item->value),
                               expr_length_of(machine->scope, item), i, why))
        return false;
    index_value(item, (int32_t)i);
    return true;
}

static bool slice_matrix(ExprMachine *machine, ExprItem *item, int32_t from, int32_t to)
{
    ExprValue *value = &item->value;
    int32_t begin = from > 0 ? value->end[from - 1] : 0;
    int32_t *end = (int32_t *)(void *)expr_take(machine, to - from, item->at);

    for (int32_t r = from; end && r < to; r++)
        end[r - from] = value->end[r] - begin;
    value->count = to > from && end ? end[to - from - 1] : 0;
    value->entry += begin;
    value->rows = to - from;
    value->end = end;
    return end != NULL;
}

bool expr_run_slice(ExprMachine *machine, const ExprCode *code)
{
    ExprItem *item = &machine->expr->stack[machine->top - 3];
    Error *why = &machine->error->why;

    machine->top -= 2;
    machine->error->at = code->at;
    if (!can_index(machine, item, code->at) ||
        !expr_force_number(machine, item + 1, N_("a slice")) ||
        !expr_force_number(machine, item + 2, N_("a slice")))
        return false;
    double from = item[1].value.number, to = item[2].value.number;
    if (item->kind == ITEM_REFERENCE)
        return reference_slice(machine->scope, &item->reference, from, to, why);
    if (item->kind == ITEM_BRANCH)
        return expr_force(machine, item);
    if (!reference_check_slice(whole_of(&item->value), expr_length_of(machine->scope, item), from,
                               to, why))
        return false;
    if (item->value.kind == EXPR_MATRIX)
        return slice_matrix(machine, item, (int32_t)from, (int32_t)to);
    item->value.entry += (int64_t)from;
    item->value.count = (int64_t)(to - from);
    return true;
}

/* The items are all numbers, or all vectors. */
static bool check_list(ExprMachine *machine, ExprItem *item, int count, int64_t *entries)
{
    for (int i = 0; i < count; i++) {
        if (!expr_force_numbers(machine, &item[i], N_("a list")))
            return false;
        if (item[i].value.kind == EXPR_MATRIX)
            return expr_wrong(machine, item[i].at, "a list cannot hold a matrix");
        if (item[i].value.kind != item[0].value.kind)
            return expr_wrong(machine, item[i].at, "a list holds numbers, or vectors: not both");
        *entries += expr_entries(&item[i].value);
    }
    return true;
}

bool expr_run_list(ExprMachine *machine, const ExprCode *code)
{
    int count = code->count;
    ExprItem *item = &machine->expr->stack[machine->top - count];
    int64_t entries = 0, done = 0;

    machine->top += 1 - count;
    if (!check_list(machine, item, count, &entries))
        return false;
    bool matrix = count > 0 && item[0].value.kind == EXPR_VECTOR;
    double *entry = expr_take(machine, entries, code->at);
    int32_t *end =
        entry ? (int32_t *)(void *)expr_take(machine, matrix ? count : 0, code->at) : NULL;
    if (!end)
        return false;
    for (int i = 0; i < count; i++) {
        for (int64_t k = 0; k < expr_entries(&item[i].value); k++)
            entry[done++] = expr_entry(&item[i].value, k);
        if (matrix)
            end[i] = (int32_t)done;
    }
    item->at = code->at;
    expr_set_vector(item, entry, entries);
    if (matrix) {
        item->value.kind = EXPR_MATRIX;
        item->value.rows = count;
        item->value.end = end;
    }
    return true;
}
