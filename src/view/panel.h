/* Panel: the parts that screens are put together from. Each draws one picture with its title,
 * legend and unit into an area of any size, from the program's state alone; with less room it shows
 * what lies around the selection.
 *
 * What is not computed at the moment shown is a dim dot. */
#ifndef GPTOSCOPE_VIEW_PANEL_H
#define GPTOSCOPE_VIEW_PANEL_H

#include "view/frame.h"

/* ---- panels ---------------------------------------------------------------------------------- */

/* The way of a training step from the text to the update, what is under work lit. 1 row. */
void panel_pipeline(Frame *frame, Area area);

/* The document of the step, its characters above their token numbers. 3 rows. */
void panel_document(Frame *frame, Area area);

/* For each position: the right next token, what probability it got, and the best guesses. */
void panel_next(Frame *frame, Area area);

/* Rows that panel_next can use. */
int panel_next_rows(const App *app);

/* Every head of the selected layer as a heatmap, as large as fits; as many as fit around the
 * selected one. */
void panel_attention(Frame *frame, Area area);

/* Rows that it needs at the least to show all queries of the document. */
int panel_attention_rows(const App *app);

/* The loss so far, its smoothed line, the base line; below it the learning rate over the run. */
void panel_loss(Frame *frame, Area area);

/* What the model writes now, and what it wrote before. */
void panel_texts(Frame *frame, Area area);

/* The watched expressions and their values, a row each. */
void panel_watch(Frame *frame, Area area);
int panel_watch_rows(const App *app);

/* ---- what they share ------------------------------------------------------------------------- */

/* A title in words, with the field's term behind it where that fits. Returns the column after
 * it. */
int panel_title(Canvas *canvas, Area area, const char *words, const char *term);

/* The glyph of a token: its character, or ⟨ and ⟩ for the token at a document's beginning and end.
 * Returns its columns. */
int panel_token(const App *app, Canvas *canvas, Area area, int x, int y, int token, bool at_end, Role role, int attr);

/* The first of `count` rows to show in `room` rows, so that `selected` is among them, near the
 * middle. */
int panel_scroll(int count, int room, int selected);

/* The value of element i of a place at this moment; false if it is not computed. */
bool panel_value(const App *app, Place place, int i, double *value);

#endif
