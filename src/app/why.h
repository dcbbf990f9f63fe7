/* Why: why is this number what it is?
 *
 *     adam(wte[4][7]).update                   item 0    the question, open
 *       lr                                     item 1
 *       m_hat                                  item 2    open
 *         m                                    item 3
 *       v_hat                                  item 4
 *
 * The answer is a tree that opens lazily. Its items stand in the order in which they are shown:
 * those below an open item follow it, one deeper. An item is one number (or a vector of them) and
 * knows where it comes from: a formula in symbols, the same with the numbers of this moment, and
 * below it the numbers that stand in there, down to parameters, and from these to their last
 * update, its gradient, and its users.
 *
 * What is written with numbers is an expression (app/expr.h) that gives, at this moment, the bits
 * that are shown. Where a number stands nowhere any more (a parameter before its update), a moment
 * tells where it stands under its name.
 *
 * Values are computed from the parameters as the document had them, which its update writes over
 * (engine/basis.h): the tree keeps a copy of these. It holds for the moment at which it was asked;
 * why_is_current tells.
 *
 * Numbers of the reader's own graph (app/graph.h) are explained in the same way, down to those that
 * the reader gave. They come from no moment of the run. */
#ifndef GPTOSCOPE_APP_WHY_H
#define GPTOSCOPE_APP_WHY_H

#include "app/answer.h"
#include "app/reference.h"

enum {
    WHY_ROOM = 8192,       /* items, some of which are needed to open more */
    WHY_TEXT_BYTES = 4096, /* room for any text of an item */
    WHY_QUESTION_BYTES = 160
};

typedef enum WhyKind {
    WHY_RESULT,    /* what a place leaves behind, by the place's formula */
    WHY_OPERATION, /* a node, by its one operation */
    WHY_VECTOR,    /* numbers side by side */
    WHY_GIVEN,     /* a number that the reader gave to a graph */
    WHY_PARAMETER,
    WHY_USED,   /* a parameter as the document had it, since updated */
    WHY_BEFORE, /* a parameter before its last update */
    WHY_UPDATE,
    WHY_RATE,
    WHY_M_HAT,
    WHY_M,
    WHY_M_BEFORE,
    WHY_V_HAT,
    WHY_V,
    WHY_V_BEFORE,
    WHY_GRADIENT,
    WHY_USE,   /* what one user adds to a gradient */
    WHY_SLOPE, /* of a user by its input */
    WHY_KINDS
} WhyKind;

typedef enum WhyPart {
    WHY_LABEL,      /* what it is: "m_hat", "x[1].embed[7]" */
    WHY_FORMULA,    /* in symbols: "m / (1 - β1^t)" */
    WHY_FILLED,     /* with numbers: "0.03 / (1 - 0.85 ^ 413)" */
    WHY_EXPRESSION, /* gives the number at this moment: "adam(wte[4][7]).m_hat" */
    WHY_THERE,      /* gives it at why_moment */
    WHY_NOTE        /* in words: "not computed yet", "3 of 16 users so far" */
} WhyPart;

/* Numbers side by side. */
typedef struct WhyVector {
    enum { WHY_RANGE, WHY_COLUMN, WHY_HEADS } source;
    TapeRange range; /* WHY_RANGE */
    Place place;     /* else the place whose results they are */
    int32_t entry;   /* WHY_COLUMN: of these the same entry, at position 0, 1, ... */
    int32_t count;   /* WHY_HEADS: those of head 0, then of head 1, ... */
} WhyVector;

typedef struct WhyItem {
    WhyKind kind;
    int depth;
    bool open;
    bool leaf;    /* there is nothing to open */
    bool known;   /* it has a number at this moment */
    bool here;    /* its name stands for that number at this moment */
    bool changed; /* by hand: its formula gives another number */
    double value;
    int32_t node; /* node or parameter; of a use, that whose gradient it is part of */
    int32_t user; /* of a use or slope: the user, and which of its inputs node is */
    int input;
    WhyVector vector;
} WhyItem;

typedef struct Why {
    Scope scope;
    char question[WHY_QUESTION_BYTES];
    bool own;         /* it is about the reader's own graph */
    Numbers numbers;  /* of the run or of that graph */
    int32_t cursor;   /* users from here on in the tape's order are visited by the backward pass */
    Moment at;        /* of the run, when it was asked */
    int applied;      /* changes by hand at that moment */
    int64_t graph_at; /* operations of the graph that were done then */
    double *value;    /* [nodes] as computed, or as the document had it; owned */
    int32_t nodes;
    WhyItem *item; /* [WHY_ROOM] owned */
    int count;
    int added; /* while an item is being opened: those below it, behind the others */
    bool full;
} Why;

void why_release(Why *why);

/* Asks why: of a node ("loss", "x[3].embed[0]", "node(77).value"), a gradient ("grad(...)"), a term
 * of adam(...), or lr. Leaves one item, opened. Errors: those of the name, memory; the tree is then
 * empty. Asking again is free to reuse what is there. */
bool why_ask(Why *why, const Scope *scope, const char *question, Error *error);

/* Whether the run stands where it was asked. */
bool why_is_current(const Why *why);

/* Opens item i, or closes it with all below. Opening returns false for a leaf and where there is no
 * room left. */
bool why_open(Why *why, int i);
void why_close(Why *why, int i);

/* The item that i stands below; -1 for item 0. */
int why_parent(const Why *why, int i);

/* Writes a part of an item; false (and "") where it has none or it does not fit. */
bool why_write(const Why *why, int i, WhyPart part, char text[WHY_TEXT_BYTES]);

/* The moment at which item i got its number, or (of one that stands nowhere any more) had it. */
bool why_moment(const Why *why, int i, Moment *moment);

/* Opens what is less deep than `depth`, and says all as lines and as members. */
void why_answer(Why *why, int depth, Answer *answer);

/* The command. */
bool why_run(const Scope *scope, const char *question, int depth, Answer *answer, Error *error);

#endif
