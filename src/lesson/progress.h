/* Progress: what the reader has done in which lesson, kept as JSON among what the program
 * remembers.
 *
 *     {"version": 1, "last": "2a", "lessons": {"2a": {
 *         "at": "push", "order": ["slope", "push", ...], "done": false,
 *         "steps": {"push": {"outcome": "right", "attempts": 2, "due": 1,
 *                            "question": "...", "answer": "28", "why": "..."}}}}}
 *
 * due: 0 not in the review deck, 1 to be recalled once more, 2 missed or shown: comes first.
 *
 * Saved whole or not at all. A file that cannot be read is set aside under another name, with a
 * message. Where nothing can be saved the lessons work all the same. */
#ifndef GPTOSCOPE_LESSON_PROGRESS_H
#define GPTOSCOPE_LESSON_PROGRESS_H

#include "lesson/lesson.h"
#include <stdio.h>

enum { PROGRESS_PATH_BYTES = 4096, PROGRESS_ID_BYTES = 64 };

typedef enum Outcome {
    OUTCOME_NONE,
    OUTCOME_SKIPPED,
    OUTCOME_SHOWN,
    OUTCOME_RIGHT,
    OUTCOMES
} Outcome;

typedef struct Progress {
    struct json_t *root;            /* owned */
    bool failed;                    /* memory ran out: what is there is not whole, and is not saved */
    char path[PROGRESS_PATH_BYTES]; /* "": it is not kept */
} Progress;

/* What came of a question or task. Texts are plain. */
typedef struct ProgressNote {
    Outcome outcome;
    int attempts;
    bool recall;   /* it is one for the review deck */
    bool recalled; /* this was a recall */
    const char *question, *answer, *why;
} ProgressNote;

/* Reads what was kept; path NULL or "": nothing is. message (480 bytes, or ""): what became of a
 * damaged file. Errors: memory. */
bool progress_open(Progress *progress, const char *path, char *message, size_t size, Error *error);
void progress_close(Progress *progress);

/* Writes it. Errors: "PATH: reason"; memory had run out before, the file then stays as it was. */
bool progress_save(const Progress *progress, Error *error);

/* Where the reader is. */
void progress_enter(Progress *progress, const Lesson *lesson, int step);
void progress_finish(Progress *progress, const Lesson *lesson);

/* The step to go on with: where the reader was, or if that is gone the nearest before it that is
 * there; 0 for a lesson that is new or done. */
int progress_resume(const Progress *progress, const Lesson *lesson);

/* The lesson of the latest visit, "" if none. */
const char *progress_last(const Progress *progress);

/* Notes what came of a step. What was right stays right. */
void progress_note(Progress *progress, const char *lesson, const char *step,
                   const ProgressNote *note);

Outcome progress_outcome(const Progress *progress, const char *lesson, const char *step);
bool progress_is_done(const Progress *progress, const char *lesson);
bool progress_is_begun(const Progress *progress, const char *lesson);

/* How many steps came to that. */
int progress_count(const Progress *progress, const char *lesson, Outcome outcome);

/* Steps to recall, those missed first, none of lesson `except` (or NULL). Returns how many. */
typedef struct ProgressDue {
    char lesson[LESSON_NAME_BYTES], step[PROGRESS_ID_BYTES];
    int due;
} ProgressDue;
int progress_due(const Progress *progress, const char *except, ProgressDue *list, int room);

/* Forgets a lesson, or (NULL) all. */
void progress_reset(Progress *progress, const char *lesson);

/* What was learnt, with the reader's answers, as Markdown. */
void progress_recap(const Progress *progress, FILE *stream);

#endif
