/* Question: what stands between `ask` and `end`, as the author wrote it.
 *
 *     ask num "How fast does L grow with b?"     kind, text
 *       after goto end                           after: commands that the answer presupposes
 *       answer grad(b)                           answer
 *       tol 0.01 0                               absolute, relative
 *       trap grad(a) "That is a's."              trap
 *       hint "c = a*b ..."                       hint
 *       why "..."                                why
 *     end
 *
 * Texts lie in the lesson's store. */
#ifndef GPTOSCOPE_LESSON_QUESTION_H
#define GPTOSCOPE_LESSON_QUESTION_H

#include "engine/error.h"
#include "lesson/store.h"

enum { QUESTION_OPTIONS = 8, QUESTION_TRAPS = 8, QUESTION_HINTS = 6, QUESTION_AFTERS = 8 };

typedef enum QuestionKind {
    QUESTION_NUM,
    QUESTION_TEXT,
    QUESTION_CHOICE,
    QUESTION_ORDER,
    QUESTION_PICK,
    QUESTION_GUESS,
    QUESTION_KINDS
} QuestionKind;

extern const char *const question_kinds[QUESTION_KINDS]; /* "num", ... */

/* A line of a lesson's own. */
typedef struct Said {
    int line;
    const char *text;
} Said;

typedef struct Option {
    int line;
    const char *text;
    const char *condition; /* NULL: it does not hold */
} Option;

typedef struct Trap {
    int line;
    const char *expr;
    const char *feedback;
} Trap;

typedef struct Question {
    QuestionKind kind;
    int line;
    const char *text;
    Said after[QUESTION_AFTERS];
    int afters;
    Said answer;   /* text NULL: there is none */
    bool tolerant; /* tol was given */
    double absolute, relative;
    Option option[QUESTION_OPTIONS];
    int options;
    Trap trap[QUESTION_TRAPS];
    int traps;
    Said hint[QUESTION_HINTS];
    int hints;
    Said why;
} Question;

/* Reads what follows `ask`: kind and text. Errors: reasons without file and line. */
bool question_begin(Question *question, int line, const char *rest, Store *store, Error *error);

/* Reads a line between ask and end. */
bool question_read(Question *question, int line, const char *text, Store *store, Error *error);

/* Whether it has all that its kind needs. */
bool question_check(const Question *question, Error *error);

/* Splits a line into what stands before, within and behind one quoted text: `"TEXT" rest`, or
 * (last) `rest "TEXT"`. The text comes with its marks (lesson/markdown.h), what is around it
 * without blanks at its ends. Errors: no quoted text. */
typedef struct Quoted {
    const char *before, *text, *behind;
    const char *raw; /* the text as it was written */
} Quoted;
bool question_unquote(const char *line, bool last, Store *store, Quoted *quoted, Error *error);

#endif
