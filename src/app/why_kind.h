/* The inside of why: what each kind of item can say, and what these share. For why*.c. */
#ifndef GPTOSCOPE_APP_WHY_KIND_H
#define GPTOSCOPE_APP_WHY_KIND_H

#include "app/why.h"
#include "engine/adam.h"

/* A text under construction; length is what it would have in full. */
typedef struct WhyText {
    char *text;
    size_t size, length;
} WhyText;

void why_put(WhyText *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A number, so that it reads back to the same bits; as the base of a power, in brackets where it
 * has a sign. */
void why_put_number(WhyText *text, double number);
void why_put_base(WhyText *text, double number);

/* The name of a node. Some of the reader's own graph have none: then it is put into words, which no
 * expression understands. */
void why_put_name(const Why *why, WhyText *text, int32_t node);
bool why_is_named(const Why *why, int32_t node);

/* One row a kind; what a kind does not have is NULL. */
typedef void WhyWriter(const Why *why, const WhyItem *item, WhyText *text);

typedef struct WhyKindInfo {
    const char *name;                            /* in answers for programs */
    void (*look)(const Why *why, WhyItem *item); /* known, here, value, leaf */
    void (*open)(Why *why, const WhyItem *item); /* adds what stands below it */
    WhyWriter *label, *formula, *filled, *there, *note;
    bool (*moment)(const Why *why, const WhyItem *item, Moment *moment);
} WhyKindInfo;

extern const WhyKindInfo why_kinds[WHY_KINDS];

/* Adds an item below the one that is being opened. */
void why_add(Why *why, WhyItem item);

/* An item that tells where the value of a node comes from, as the document had it. */
WhyItem why_value_item(const Why *why, int32_t node);

static inline const Trainer *why_trainer(const Why *why)
{
    return why->scope.trainer;
}

static inline const Tape *why_tape(const Why *why)
{
    return why->numbers.tape;
}

static inline bool why_has_value(const Why *why, int32_t node)
{
    return node < why->numbers.computed;
}

bool why_same_bits(double a, double b);

/* The moment when n operations of a phase of the step on the tape are done, by its right name. */
Moment why_moment_after(const Why *why, Phase phase, int64_t n);

/* ---- asking (why_ask.c), the tree (why.c) */

/* Looks at an item: fills in what its kind knows of it. */
void why_look(const Why *why, WhyItem *item);

/* ---- values (why_value.c), by the formulas of places (why_place.c) */

void why_look_value(const Why *why, WhyItem *item);
void why_look_vector(const Why *why, WhyItem *item);
void why_look_given(const Why *why, WhyItem *item);
void why_open_result(Why *why, const WhyItem *item);
void why_open_operation(Why *why, const WhyItem *item);
void why_open_vector(Why *why, const WhyItem *item);
WhyWriter why_name, why_name_there, why_given_note, why_value_note, why_result_formula,
    why_result_filled, why_operation_label, why_operation_formula, why_operation_filled,
    why_vector_label, why_vector_name, why_vector_note;
bool why_value_moment(const Why *why, const WhyItem *item, Moment *moment);

/* The right side of a place's formula. */
void why_put_place_formula(WhyText *text, Part part);

/* Node is what its place leaves behind and the place has a formula of its own. */
bool why_is_result(const Why *why, int32_t node);

/* The entry of a place's results that node is, or -1. */
int32_t why_entry(const Span *span, int32_t node);

int32_t why_vector_at(const Why *why, const WhyVector *vector, int32_t i);
void why_put_vector(const Why *why, WhyText *text, const WhyVector *vector);

/* ---- parameters and their updates (why_update.c) */

void why_look_parameter(const Why *why, WhyItem *item);
void why_look_used(const Why *why, WhyItem *item);
void why_look_term(const Why *why, WhyItem *item);
void why_open_parameter(Why *why, const WhyItem *item);
void why_open_term(Why *why, const WhyItem *item);
WhyWriter why_parameter_formula, why_parameter_filled, why_parameter_note, why_used_label,
    why_used_note, why_term_label, why_term_formula, why_term_filled, why_term_there, why_term_note;
bool why_parameter_moment(const Why *why, const WhyItem *item, Moment *moment);
bool why_used_moment(const Why *why, const WhyItem *item, Moment *moment);
/* Errors: the optimiser does without this term. */
bool why_check_term(const Why *why, const WhyItem *item, Error *error);
bool why_term_moment(const Why *why, const WhyItem *item, Moment *moment);

/* ---- gradients (why_gradient.c) */

void why_look_gradient(const Why *why, WhyItem *item);
void why_look_use(const Why *why, WhyItem *item);
void why_look_slope(const Why *why, WhyItem *item);
void why_open_gradient(Why *why, const WhyItem *item);
void why_open_use(Why *why, const WhyItem *item);
void why_open_slope(Why *why, const WhyItem *item);
WhyWriter why_gradient_label, why_gradient_there, why_gradient_formula, why_gradient_filled,
    why_gradient_note, why_use_label, why_use_formula, why_use_filled, why_use_there, why_use_note,
    why_slope_label, why_slope_formula, why_slope_filled;
bool why_gradient_moment(const Why *why, const WhyItem *item, Moment *moment);
bool why_use_moment(const Why *why, const WhyItem *item, Moment *moment);

#endif
