/* Claim: what a guide says in words and numbers, held against a value of the engine.
 *
 *     "sum: 11.76"                   11.7626...          holds: rounded to the digits written
 *     "= [0.63, 0.23, 0.14]"         a vector of three   the last three numbers of the text
 *     "the third is 0.05"            0.0420              does not hold
 *     "temperature keeps the order"  true                a truth value says it by itself
 *     "harley"                       "harley"            a text stands in the text */
#ifndef GPTOSCOPE_LESSON_CLAIM_H
#define GPTOSCOPE_LESSON_CLAIM_H

#include "lesson/datum.h"

/* Whether the claim holds. reason: what does not, or that there are too few numbers. */
bool claim_holds(const char *text, const Datum *value, Error *reason);

#endif
