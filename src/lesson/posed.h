/* Posed: a question as it stands before the reader: what is right, and what the traps are,
 * evaluated where the run stands (or will stand, where the question says `after`).
 *
 *     Question (the author's text) + App  --posed_set-->  Posed  --posed_grade(typed)-->  right, or wrong and why */
#ifndef GPTOSCOPE_LESSON_POSED_H
#define GPTOSCOPE_LESSON_POSED_H

#include "lesson/grade.h"
#include "lesson/question.h"

/* What is wrong with a lesson, line by line; say may be NULL. */
typedef struct Report {
    void (*say)(void *context, int line, const char *reason);
    void *context;
} Report;

void report_say(const Report *report, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

typedef struct Posed {
    const Question *question;
    Datum right;                      /* num, text */
    Focus place;                      /* pick */
    int option;                       /* choice: the one that holds */
    Datum trap[QUESTION_TRAPS];       /* num, text */
    Focus trap_place[QUESTION_TRAPS]; /* pick */
    int trap_option[QUESTION_TRAPS];  /* choice */
    bool trapped[QUESTION_TRAPS];     /* it could be evaluated */
    int shown[QUESTION_OPTIONS];      /* order: the option in each row; else row i has option i */
} Posed;

typedef enum Verdict {
    VERDICT_UNREADABLE, /* it is no answer at all: does not count */
    VERDICT_WRONG,
    VERDICT_RIGHT
} Verdict;

/* Evaluates a question where app stands. Reports what cannot be; returns whether it can be
 * asked. */
bool posed_set(Posed *posed, const Question *question, const App *app, const Lets *lets,
               const Report *report);

/* Whether what was typed is right. *trap: which trap a wrong answer fell into, or -1. Errors: it is
 * unreadable. */
Verdict posed_grade(const Posed *posed, const App *app, const char *typed, int *trap, Error *error);

/* A right answer as one would type it; false where every answer is. And a wrong one. */
bool posed_print_right(const Posed *posed, const App *app, char *text, size_t size);
void posed_print_wrong(const Posed *posed, const App *app, char *text, size_t size);

/* Whether any answer is right: a guess, or a text in the reader's own words. */
bool posed_takes_all(const Question *question);

#endif
