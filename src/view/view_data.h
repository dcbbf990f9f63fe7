/* Parts of the view of the data that stand in view_data_tokens.c. */
#ifndef GPTOSCOPE_VIEW_VIEW_DATA_H
#define GPTOSCOPE_VIEW_VIEW_DATA_H

#include "view/frame.h"

/* The text that is cut into tokens: what the reader has typed, else document d (in the order of
 * training). */
typedef struct DataText {
    const char *bytes;
    size_t length;
    bool typed;
} DataText;

DataText data_text_of(const App *app, int64_t d);

/* The vocabulary: each token's number, character, code point, count and share, with bars; in
 * columns where there is room. Scrolls around the cursor. */
void data_draw_vocabulary(Frame *frame, Area area);

/* The fewest rows that all of it takes in an area so wide, title and all. */
int data_vocabulary_rows(const App *app, int width);

/* A text as the model is given it: characters over token numbers. All of it takes
 * data_token_rows. */
int data_token_rows(const App *app, int width, DataText text);
void data_draw_tokens(Frame *frame, Area area, DataText text, int64_t d);

void data_tell_vocabulary(const App *app, Answer *answer);
void data_tell_tokens(const App *app, Answer *answer, DataText text);

#endif
