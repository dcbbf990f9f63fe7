/* Grade: whether what was typed is a right answer.
 *
 *     answer 1.6094    typed 1.61   right: within half of its last digit, .005
 *                            1.6    right: two significant digits
 *                            2      wrong: one digit says too little
 *                            ln(5)  right: an expression, within one part in a million
 *
 * What is typed may use names of the run, but none that a lesson hides. */
#ifndef GPTOSCOPE_LESSON_GRADE_H
#define GPTOSCOPE_LESSON_GRADE_H

#include "lesson/datum.h"

/* One typed number, and how far off it may be by itself. */
typedef struct Typed {
    double number;
    double half;     /* of its last digit, if it has at least two significant digits; else 0 */
    bool expression; /* it was computed, not typed digit by digit */
} Typed;

typedef struct TypedNumbers {
    int count;
    Typed entry[DATUM_ENTRIES];
} TypedNumbers;

/* Reads a number, or as many as are wanted (`.63 .23`, `[.63, .23]`). Errors: it is none; another
 * number of them. */
bool grade_read(const App *app, const char *text, int wanted, TypedNumbers *typed, Error *error);

/* tolerant: absolute and relative hold besides. */
bool grade_number(const Typed *typed, double right, bool tolerant, double absolute,
                  double relative);

/* Without regard to case, blanks and quotes. */
bool grade_text(const char *typed, const char *right);

/* Options by their letters: "bca", "b, c, a"; a number from 1 is one too. Returns how many, -1
 * where it is not made of letters of `options` options. */
int grade_letters(const char *typed, int options, int chosen[], int room);

#endif
