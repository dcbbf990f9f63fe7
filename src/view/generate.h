/* Generate: what the pictures of the view generate share.
 *
 *     view_generate.c         title, the text, all together; in words
 *     view_generate_draw.c    how one token is drawn: probabilities, the cumulative line
 *     view_generate_cache.c   keys and values that are kept, operations that this saves
 *     view_generate_list.c    20 texts and what they are */
#ifndef GPTOSCOPE_VIEW_GENERATE_H
#define GPTOSCOPE_VIEW_GENERATE_H

#include "view/frame.h"

/* Rows that the cumulative line takes, with its title. */
enum { GENERATE_LINE_ROWS = 4 };

/* The position whose drawing is shown: of the character under the cursor, else the latest; -1: none
 * is computed. */
int generate_position(const App *app, Focus focus);

/* Before and after temperature, the most probable first. */
void generate_draw_shares(Frame *frame, Area area, int pos);

/* Probabilities joined to a line from 0 to 1, and where the drawn number fell; with a row less it
 * has no title. */
void generate_draw_line(Frame *frame, Area area, int pos);

/* Keys and values of the selected layer, as far as they are there once position pos is read. */
void generate_draw_cache(Frame *frame, Area area, int pos);
int generate_cache_width(const App *app);

/* One row: operations of the position, and what the cache saved. */
void generate_draw_count(Frame *frame, Area area, int pos);

void generate_draw_list(Frame *frame, Area area);
void generate_tell_list(const App *app, Answer *answer);

#endif
