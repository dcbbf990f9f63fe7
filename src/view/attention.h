/* Attention: what the pictures of the view attention share: of which text, which of its numbers,
 * where the cursor is.
 *
 *     view_attention.c        every head as a heatmap        Enter: one of them
 *     view_attention_head.c   one head, with its numbers     Enter: one cell of it
 *     view_attention_cell.c   how one cell comes about       Enter: the graph around a number */
#ifndef GPTOSCOPE_VIEW_ATTENTION_H
#define GPTOSCOPE_VIEW_ATTENTION_H

#include "app/pass.h"
#include "view/frame.h"

typedef struct Attention {
    Pass pass;
    Part part;      /* PART_WEIGHT or PART_SCORE */
    FocusKind kind; /* FOCUS_VALUE or FOCUS_GRAD */
    double most;    /* the greatest size of what is shown: 1 for weights, else rounded up */
    PassCell at;    /* what the cursor is on, or what is selected */
} Attention;

/* As the view's options have it. focus: the cursor. */
Attention attention_of(const App *app, Focus focus);

/* Whether a cell is a share of 0..1. */
bool attention_is_share(const Attention *attention);

/* "weight", "score", "weight gradient", "score gradient". */
const char *attention_word(const Attention *attention);

/* A cell of a heatmap; its number in `width` columns. */
void attention_heat(Frame *frame, Area area, const Attention *attention, int x, int y, int columns,
                    int lines, PassCell cell);
void attention_number(Frame *frame, Area area, const Attention *attention, int x, int y, int width,
                      PassCell cell);

/* Any number of the pass, of the attention's kind: its value or its gradient. */
void attention_node(Frame *frame, Area area, const Attention *attention, int x, int y, int width,
                    int32_t node);

/* The token of a position; lit where it is the selected one. Returns its columns. */
int attention_token(Frame *frame, Area area, const Attention *attention, int x, int y, int position,
                    bool here);

/* Title, of which text, legend: row 0, and row 1 where they need it. Returns the rows used. */
int attention_title(Frame *frame, Area area, const Attention *attention, const char *words);

/* The selected query's row in numbers, in one row. */
void attention_row(const Frame *all, Area area, const Attention *attention, int y);

/* The same as bars, a key a row, from row y on as far as there is room. */
void attention_bars(const Frame *all, Area area, const Attention *attention, int y);

void attention_draw_head(Frame *frame, Area area, const Attention *attention);
void attention_draw_cell(Frame *frame, Area area, const Attention *attention);

void attention_tell_head(const Attention *attention, Answer *answer);
void attention_tell_cell(const Attention *attention, Answer *answer);

/* A number in words, as a member, or both: three digits, "not computed yet" or "hidden". */
const char *attention_words(const Attention *attention, int32_t node, char text[32]);
void attention_member(const Attention *attention, Answer *answer, const char *name, int32_t node);

/* A token as text: its character, or "begin". */
const char *attention_name(const Attention *attention, int position, char text[16]);

#endif
