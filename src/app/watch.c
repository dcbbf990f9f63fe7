#include "app/watch.h"

#include "app/text.h"
#include <stdio.h>
#include <string.h>

/* A person counts characters, not bytes. */
static int character_number(const char *text, int at)
{
    int number = 1;

    for (int i = 0; i < at && text[i]; i++)
        number += ((unsigned char)text[i + 1] & 0xc0) != 0x80;
    return number;
}

bool watch_error(const char *text, const ExprError *why, Error *error)
{
    return error_set(error, "%.120s: character %d: %.200s", text, character_number(text, why->at),
                     why->why.text);
}

/* ---- those on the screen --------------------------------------------------------------------- */

bool watch_add(Watches *watches, const char *text, Error *error)
{
    ExprError why;

    if (watches->count == WATCH_LIMIT)
        return error_set(error, "%d expressions are watched already: unwatch one first",
                         WATCH_LIMIT);
    if (!expr_init(&watches->expr[watches->count], text, &why))
        return watch_error(text, &why, error);
    watches->count++;
    return true;
}

void watch_remove(Watches *watches, int i)
{
    expr_release(&watches->expr[i]);
    watches->count--;
    memmove(&watches->expr[i], &watches->expr[i + 1],
            (size_t)(watches->count - i) * sizeof *watches->expr);
}

void watch_release(Watches *watches)
{
    while (watches->count > 0)
        watch_remove(watches, watches->count - 1);
}

bool watch_read(Expr *expr, const Scope *scope, char text[WATCH_TEXT_BYTES])
{
    char raw[WATCH_TEXT_BYTES];
    ExprValue value;
    ExprError why;

    if (expr_eval(expr, scope, &value, &why)) {
        expr_print(&value, raw, sizeof raw);
        text_show(raw, strlen(raw), text, WATCH_TEXT_BYTES, false);
        return true;
    }
    snprintf(text, WATCH_TEXT_BYTES, "%.150s", why.not_yet ? "·" : why.why.text);
    return why.not_yet;
}

/* ---- what a run stops at --------------------------------------------------------------------- */

bool until_set(Until *until, const char *text, int direction, const Scope *scope, Error *error)
{
    Expr expr;
    ExprError why;
    bool holds;

    if (!expr_init(&expr, text, &why))
        return watch_error(text, &why, error);
    if (!expr_eval_truth(&expr, scope, &holds, &why) && !why.not_yet) {
        expr_release(&expr);
        return watch_error(text, &why, error);
    }
    until_clear(until);
    *until = (Until){.expr = expr, .set = true, .direction = direction};
    return true;
}

void until_clear(Until *until)
{
    if (until->set)
        expr_release(&until->expr);
    *until = (Until){.set = false};
}

bool until_holds(Until *until, const Scope *scope)
{
    ExprError why;
    bool holds;

    return until->set && expr_eval_truth(&until->expr, scope, &holds, &why) && holds;
}
