/* LessonRun: a lesson under way. It walks the steps of a lesson, sets scenes, asks, grades, and
 * says what is to be read; it draws and prints nothing (view/lesson_pane.h and lesson/plain.h do).
 *
 *     lesson    1          2          3                   visits: questions to recall, then the steps
 *                          │
 *     step      prose  mask  ASK ........ prose  DO ...   directives are taken in order, until one waits
 *                            │                   │
 *     phase               ASKING   ── answer ──▶ DOING ── it is done ──▶ READING ── next ──▶ 3
 *                         shown, skipped         shown, skipped
 *
 * What the reader's answer presupposes is carried out unseen when the question comes up, evaluated
 * and taken back; when the reader has answered it is carried out in sight. The state in which a
 * step begins is a function of the lesson alone (lesson_anchor), so any step can be entered from
 * anywhere.
 *
 * Free play: keys go to the program; coming back restores where the lesson stood. When the lesson
 * is closed the reader stands where the lesson was opened. */
#ifndef GPTOSCOPE_LESSON_LESSON_RUN_H
#define GPTOSCOPE_LESSON_LESSON_RUN_H

#include "lesson/contents.h"
#include "lesson/posed.h"
#include "lesson/scene.h"
#include "lesson/sheet.h"

enum { LESSON_RECALLS = 2 };

typedef enum LessonPhase {
    LESSON_CLOSED,
    LESSON_READING, /* nothing waits: the next step may begin */
    LESSON_ASKING,
    LESSON_DOING,
    LESSON_ENDED /* after the last step */
} LessonPhase;

/* One of the steps to go through. */
typedef struct Visit {
    const Lesson *lesson;
    int step;
    bool recall;
} Visit;

/* Who puts the program together says where the lessons are and how documents of that name are
 * found. */
typedef struct LessonPlaces {
    const char *lessons[2]; /* folders: the program's, the reader's own */
    bool (*find_data)(void *context, const char *name, char path[4096], Error *error);
    void *context;
    Settings settings; /* where a lesson says nothing */
    const char *data;  /* the documents that the reader named, or the program's */
} LessonPlaces;

typedef struct LessonRun LessonRun;

struct LessonRun {
    App *app;
    LessonPlaces places;
    Contents contents;
    Progress *progress;
    Report report; /* whom to tell what is wrong with the lesson; may be nobody */
    void (*check)(struct LessonRun *run,
                  const Directive *directive); /* do, assert, guide; or NULL */
    /* what a question came to when it was posed before, so that it need not be posed again; or NULL */
    const Posed *(*known)(struct LessonRun *run, const Question *question);

    Lesson lesson, recalled[LESSON_RECALLS];
    Visit *visit; /* owned */
    int visits, at;
    int next; /* directive of the step to be taken next */
    LessonPhase phase;
    bool free;     /* keys go to the program */
    bool busy;     /* a command of the lesson is being carried out */
    uint32_t seen; /* a sum over the file, as it was read */
    bool watching; /* the file is read again when it changes */
    bool unasked;  /* recalls are left out: lint, and a step that was asked for */

    const Directive *waiting; /* ASK or DO */
    Posed posed;
    int attempts, hints;
    Line line;        /* what is being typed */
    char notice[480]; /* why something could not be done, until the next key; or "" */

    Sheet sheet;
    int scroll; /* rows of the sheet above the pane; whoever draws limits it */
    Lets lets;
    Scene scene;  /* where the lesson has left the program */
    Scene home;   /* where the reader was */
    Session away; /* the reader's run, where the lesson has another */
    bool is_away;
    Branches home_branches; /* the reader's: a lesson has its own */
    const char *home_data;
    char data[CONTENTS_PATH_BYTES];
};

/* Takes up nothing yet. progress is borrowed. Errors: memory. */
bool lesson_run_init(LessonRun *run, App *app, const LessonPlaces *places, Progress *progress,
                     Error *error);
void lesson_run_release(LessonRun *run);

/* Opens a lesson by its name, a word of its title, or the path of a file; "" is the one where the
 * reader was, or the first. Goes on where the reader was. Errors: there is none such; "FILE:LINE:
 * reason"; the run cannot be made. */
bool lesson_run_open(LessonRun *run, const char *name, Error *error);

/* Opens a lesson that is read already (which moves into the run) at a step. */
bool lesson_run_take(LessonRun *run, Lesson *lesson, int step, Error *error);

/* Back to where the reader was before. */
void lesson_run_close(LessonRun *run);

/* The questions that wait to be recalled, as a lesson. Errors: there are none. */
bool lesson_run_review(LessonRun *run, Error *error);

/* The next step; a question or task that waits is left out, if nothing came of it before. The step
 * before. This one from its beginning. */
void lesson_run_next(LessonRun *run);
void lesson_run_prev(LessonRun *run);
void lesson_run_retry(LessonRun *run);

/* An answer. Errors: it is none at all, or nothing is asked: nothing has changed. */
Verdict lesson_run_answer(LessonRun *run, const char *text, Error *error);

/* The next hint. Errors: there is no further one. */
bool lesson_run_hint(LessonRun *run, Error *error);

/* Shows the answer, or does the task; leaves it out, though it is carried out. Errors: nothing
 * waits. */
bool lesson_run_show(LessonRun *run, Error *error);
bool lesson_run_skip(LessonRun *run, Error *error);

/* Begins or ends free play. */
void lesson_run_free(LessonRun *run);

/* Reads the file of the lesson again if it has changed, and begins the step under way anew. What is
 * wrong with it becomes the notice. Returns whether it has changed. */
bool lesson_run_reload(LessonRun *run);

/* Whether the task is done now: then goes on; looks at the file where it is watched. Returns
 * whether something has changed. */
bool lesson_run_follow(LessonRun *run);

/* The step under way. */
const Step *lesson_run_step(const LessonRun *run);

/* "2a The chain rule", "step 3 of 12": what stands above the sheet; "recall" before the first
 * step. */
void lesson_run_describe(const LessonRun *run, char *title, char *place, size_t size);

/* Whether the text being typed goes to the question: it waits for text, and keys are the
 * lesson's. */
bool lesson_run_is_typing(const LessonRun *run);

/* A key, and a command of app/tutor.h. Fastens the run to its app. */
bool lesson_run_key(LessonRun *run, const char *key);
bool lesson_run_act(LessonRun *run, TutorAct act, const char *text, Error *error);
void lesson_run_fasten(LessonRun *run);

/* The keys that do something now, as "Enter next · ? hint". */
void lesson_run_keys(const LessonRun *run, char *text, size_t size);

#endif
