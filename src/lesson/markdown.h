/* Markdown: the text of a lesson as a list of blocks, in order, with the lines of the file that
 * they begin in.
 *
 *     # 2a The chain rule          HEADING  level 1   "2a The chain rule"
 *     A *slope* on `x^2`.          PARAGRAPH          "A \2slope\2 on \3x^2\3."
 *     - one                        ITEM     level 0   label "-"  text "one"
 *     | a | b |                    ROW      head      "a\tb"
 *     ```lesson                    CODE     label "lesson", text: its lines
 *
 * The text of a block, but for one that is in "lesson", is safe to show (app/text.h) but for these
 * bytes: the marks below, which switch a style on and off; a tab between two cells of a row; a
 * newline where the author broke the line. Expressions between {{ and }} are left as they were
 * written, whatever Markdown would make of the * and [ in them.
 *
 * Blocks lie in the store that was given. */
#ifndef GPTOSCOPE_LESSON_MARKDOWN_H
#define GPTOSCOPE_LESSON_MARKDOWN_H

#include "engine/error.h"
#include "lesson/store.h"

enum { MARK_STRONG = 1, MARK_EMPHASIS = 2, MARK_CODE = 3, MARKS_END = 4 };

typedef enum BlockKind {
    BLOCK_HEADING,
    BLOCK_PARAGRAPH,
    BLOCK_ITEM,
    BLOCK_QUOTE,
    BLOCK_CODE,
    BLOCK_ROW,
    BLOCK_RULE
} BlockKind;

typedef struct Block {
    BlockKind kind;
    int line;  /* of the file, from 1; of code: its first line within */
    int level; /* of a heading, from 1; of an item: how deep it is nested, from 0 */
    bool head; /* the first row of a table */
    const char
        *label; /* of an item: "-" or "3.", "" for its further paragraphs; of code: what it is in */
    const char *text;
} Block;

typedef struct Markdown {
    Block *block;
    int count;
} Markdown;

/* Reads length bytes of UTF-8. Errors: memory. */
bool markdown_read(const char *text, size_t length, Store *store, Markdown *markdown, Error *error);

/* The text of a directive, with ** and backticks as marks, safe to show. NULL where memory runs
 * out. */
const char *markdown_inline(const char *text, size_t length, Store *store);

#endif
