/* The parts of the view adam: an update term by term, as rows that the picture and the words
 * share. */
#ifndef GPTOSCOPE_VIEW_VIEW_ADAM_H
#define GPTOSCOPE_VIEW_VIEW_ADAM_H

#include "app/quantity.h"
#include "view/frame.h"

/* Choices of LOOK_ADAM_SHOWS. */
enum { ADAM_SHOWS_PARAMETER, ADAM_SHOWS_MATRIX, ADAM_SHOWS_SCHEDULE };

enum { ADAM_ROWS = 8, ADAM_FILLED_BYTES = 160 };

/* One parameter in the step on the tape. */
typedef struct AdamUpdate {
    const App *app;
    int32_t i;
    bool graded, updated; /* its gradient stands; its update is done */
    int64_t step;
    Settings settings; /* with which it is updated */
    AdamStep adam;
    double value;                      /* now */
    double before, m_before, v_before; /* as its update found them */
    double g;
    AdamTerms terms; /* where it is updated */
} AdamUpdate;

/* A term: "m", "beta1 × m + (1 - beta1) × g", "0.85 × .0298 + 0.15 × .0385", .0311 */
typedef struct AdamRow {
    const char *name, *words, *formula;
    char filled[ADAM_FILLED_BYTES];
    Focus focus;
    bool known;
    double number;
} AdamRow;

AdamUpdate adam_update_of(const App *app, int32_t i);

/* The terms of its update that the optimiser makes it from, in the order of the work. Returns how
 * many. */
int adam_rows(const AdamUpdate *update, AdamRow row[ADAM_ROWS]);

/* "Plain gradient descent would move it by lr × g = ...", or "" where that is what is done or it is
 * not known. Returns text. */
const char *adam_compare(const AdamUpdate *update, char *text, size_t size);

/* The learning rate of a step with the settings that hold there. */
double adam_rate_at(const App *app, int64_t step);

/* The schedule's formula, with names and with the step's numbers. */
const char *adam_rate_formula(const Settings *settings, int64_t step);
void adam_rate_filled(const Settings *settings, int64_t step, char text[ADAM_FILLED_BYTES]);

/* What the reader calls the optimiser: "Adam", "plain gradient descent (SGD)", "momentum". */
const char *adam_name(const AdamUpdate *update);

/* Whose parameter it is: "token 'e', number 3". */
void adam_print_place(const App *app, int32_t i, char text[80]);

/* The pictures. */
void adam_draw_curves(Frame *frame, Area area, const AdamUpdate *update);
void adam_draw_matrix(Frame *frame, Area area, int32_t i);
void adam_draw_schedule(Frame *frame, Area area, const AdamUpdate *update);

#endif
