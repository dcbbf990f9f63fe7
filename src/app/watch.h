/* Watch: expressions that are read again at every moment: those on the screen, and the one that a
 * run stops at. */
#ifndef GPTOSCOPE_APP_WATCH_H
#define GPTOSCOPE_APP_WATCH_H

#include "app/expr.h"

enum { WATCH_LIMIT = 12, WATCH_TEXT_BYTES = 160 };

typedef struct Watches {
    Expr expr[WATCH_LIMIT]; /* expr.text is what was typed */
    int count;
} Watches;

/* Adds an expression. Errors: it is none; there are too many. */
bool watch_add(Watches *watches, const char *text, Error *error);

/* Removes number i (from 0). */
void watch_remove(Watches *watches, int i);
void watch_release(Watches *watches);

/* What an expression says at the scope's moment, in one line: its value, "·" where it is not
 * computed yet, or why there is none. Returns false in the last case. */
bool watch_read(Expr *expr, const Scope *scope, char text[WATCH_TEXT_BYTES]);

/* An expression's error in one line: "loss +: character 7: expected a number". */
bool watch_error(const char *text, const ExprError *why, Error *error);

/* What a run is to stop at. */
typedef struct Until {
    Expr expr;
    bool set;
    int direction;
} Until;

/* Sets the condition in the place of another. Errors: it is no expression, or none that is true or
 * false. */
bool until_set(Until *until, const char *text, int direction, const Scope *scope, Error *error);
void until_clear(Until *until);

/* Whether it holds at the scope's moment; what is not computed yet does not. */
bool until_holds(Until *until, const Scope *scope);

#endif
