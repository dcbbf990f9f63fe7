/* Sheet: what is to be read of a step so far, from top to bottom, with its numbers filled in. The
 * pane of the screen draws it, plain mode prints it. */
#ifndef GPTOSCOPE_LESSON_SHEET_H
#define GPTOSCOPE_LESSON_SHEET_H

#include "lesson/markdown.h"

typedef enum PieceKind {
    PIECE_BLOCK, /* of the author's text: block says how it is set */
    PIECE_QUESTION,
    PIECE_OPTION, /* label: its letter */
    PIECE_TASK,   /* what the reader is to do */
    PIECE_OUTPUT, /* what a command answered, line by line */
    PIECE_RIGHT,  /* what the reader answered */
    PIECE_SAID,   /* the same where every answer is taken */
    PIECE_WRONG,  /* the same, and what to say to it */
    PIECE_SHOWN,  /* the answer, since it was asked for */
    PIECE_SKIPPED,
    PIECE_DONE, /* the task is done */
    PIECE_HINT,
    PIECE_WHY,
    PIECE_NOTE /* of the program's own */
} PieceKind;

/* Texts have the marks of lesson/markdown.h. */
typedef struct Piece {
    PieceKind kind;
    const Block *block;
    const char *label, *text;
    int serial; /* pieces that came to the sheet before it, also those that were taken away */
} Piece;

typedef struct Sheet {
    Store store;
    Piece *piece;
    int count;
    int serial;  /* of the next piece */
    int cleared; /* how often it was cleared */
} Sheet;

void sheet_clear(Sheet *sheet);

/* Adds a piece; text is copied and made safe to show. What memory has no room for is left out. */
void sheet_add(Sheet *sheet, PieceKind kind, const Block *block, const char *label,
               const char *text);

/* Takes the last piece away if it is of that kind. */
void sheet_drop(Sheet *sheet, PieceKind kind);

/* A text without its marks; returns out. */
const char *sheet_plain(const char *text, char *out, size_t size);

#endif
