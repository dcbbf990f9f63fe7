/* Datum: the value of an expression of a lesson: a number, a truth value, a text or a short vector,
 * kept by itself.
 *
 * A lesson's expressions may use, besides everything of app/expr.h, words that stand for a datum:
 * those of its `let` lines, and graph_at, graph_length, view and cursor. They are put in the place
 * of the word before the expression is read. They may read what is hidden from the reader. */
#ifndef GPTOSCOPE_LESSON_DATUM_H
#define GPTOSCOPE_LESSON_DATUM_H

#include "app/app.h"

enum { DATUM_ENTRIES = 64, DATUM_TEXT_BYTES = 256, LETS_LIMIT = 32, LET_NAME_BYTES = 24 };

typedef enum DatumKind { DATUM_NUMBER, DATUM_TRUTH, DATUM_TEXT, DATUM_VECTOR } DatumKind;

typedef struct Datum {
    DatumKind kind;
    int count;                    /* of a vector; else 1 */
    double number[DATUM_ENTRIES]; /* of a truth value: 0 or 1 */
    char text[DATUM_TEXT_BYTES];
} Datum;

/* The words of a lesson; about 25 KB. */
typedef struct Lets {
    int count;
    struct {
        char name[LET_NAME_BYTES];
        Datum value;
    } let[LETS_LIMIT];
} Lets;

/* Evaluates an expression where app stands; lets may be NULL. Errors: those of expressions, in one
 * line; a value that is too large; *not_yet (which may be NULL): it is only not computed yet. */
bool datum_eval(const App *app, const Lets *lets, const char *text, Datum *datum, bool *not_yet,
                Error *error);

/* The same for a condition: what is not computed yet does not hold. */
bool datum_holds(const App *app, const Lets *lets, const char *text, bool *holds, Error *error);

/* Gives a word its value, or another one. Errors: the word means something already, too many. */
bool lets_add(Lets *lets, const App *app, const char *name, const Datum *value, Error *error);

/* Writes a datum: format as in {{EXPR|FORMAT}}, "" for the shortest with at most six digits.
 * Errors: no such format. */
bool datum_print(const Datum *datum, const char *format, char *text, size_t size, Error *error);

/* Writes a text of a lesson with its {{EXPR|FORMAT}} filled in, cut where it does not fit. Errors:
 * those of the first expression that has one, which is shown as it was written. */
bool datum_fill(const App *app, const Lets *lets, const char *text, char *out, size_t size,
                Error *error);

#endif
