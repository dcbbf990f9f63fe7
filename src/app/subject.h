/* Subject: which matrix and which parameter the views parameters and adam are about. The cursor
 * says so; where there is none, an option or what the run has just done. */
#ifndef GPTOSCOPE_APP_SUBJECT_H
#define GPTOSCOPE_APP_SUBJECT_H

#include "app/quantity.h"

/* The matrix that the view parameters shows: that of its cursor, else the option's. */
const Tensor *subject_tensor(const App *app);

/* What the view parameters shows of it. */
Quantity subject_quantity(const App *app);

/* The row and column of the cursor in that matrix; 0 where there is none. */
int32_t subject_row(const App *app);
int32_t subject_col(const App *app);

/* The parameter that the view adam is about: that under its cursor, or under the cursor of the view
 * parameters. Without one: the parameter that has just been updated, or between updates the one
 * that has come farthest since the run began. */
int32_t subject_parameter(const App *app);

/* Whether a cursor says so. */
bool subject_is_chosen(const App *app);

/* After the cursor of the view parameters was moved: the option tensor names where it is. */
void subject_choose(App *app);

/* After an option of the view parameters was set: its cursor goes where the view is now. */
void subject_follow(App *app, LookName option);

#endif
