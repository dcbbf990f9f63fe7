/* The parts of the view parameters: one picture each of the matrix that subject_tensor names. */
#ifndef GPTOSCOPE_VIEW_VIEW_PARAMETERS_H
#define GPTOSCOPE_VIEW_VIEW_PARAMETERS_H

#include "view/matrix.h"

/* Choices of LOOK_PARAMETERS_AS. */
enum { PARAMETERS_AS_HEAT, PARAMETERS_AS_MAP, PARAMETERS_AS_COSINES };

/* Norm, mean, spread, share of zeros and the histogram of what is shown of it. */
void parameters_draw_statistics(Frame *frame, Area area, const Matrix *matrix);

/* Its rows as points of a plane; their cosines as a table. */
void parameters_draw_map(Frame *frame, Area area, const Tensor *tensor);
void parameters_draw_cosines(Frame *frame, Area area, const Tensor *tensor);

/* Which side of its axes a projection of the rows is turned to: that of the vowels or, where the
 * rows are no letters, that of the later rows. side has PROJECTION_ROWS places. */
void parameters_sides(const App *app, const Tensor *tensor, double *side);

/* Whether a row stands for a vowel. */
bool parameters_is_vowel(const App *app, const Tensor *tensor, int32_t row);

#endif
