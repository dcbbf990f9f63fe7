/* Tutor: where lessons are fastened to the program. The app knows nothing of lessons (src/lesson
 * stands above it): whoever puts the program together fills this in.
 *
 *     a key      app_key   -> tutor.key        first, while a lesson is open
 *     a command  "hint"    -> tutor.act        TUTOR_HINT
 *     anything   happened  -> tutor.follow     what the reader was asked to do may be done */
#ifndef GPTOSCOPE_APP_TUTOR_H
#define GPTOSCOPE_APP_TUTOR_H

#include "engine/error.h"

typedef enum TutorAct {
    TUTOR_OPEN,   /* the lesson of that name; "": goes on with one; "list": says which there are */
    TUTOR_NEXT,   /* the next step */
    TUTOR_PREV,   /* the step before */
    TUTOR_HINT,
    TUTOR_SHOW,   /* the answer */
    TUTOR_SKIP,   /* the question or task */
    TUTOR_RETRY,  /* the step from its beginning */
    TUTOR_FREE,   /* leaves the lesson for free play, and comes back */
    TUTOR_ANSWER, /* with a text */
    TUTOR_CLOSE
} TutorAct;

struct App;

typedef struct Tutor {
    struct LessonRun *lesson; /* NULL: there are no lessons here */
    /* Returns false with a reason where it cannot be done. */
    bool (*act)(struct LessonRun *lesson, TutorAct act, const char *text, Error *error);
    bool (*key)(struct LessonRun *lesson, const char *key); /* whether it was the lesson's */
    bool (*follow)(struct LessonRun *lesson);               /* whether something has changed */
    bool open;                                              /* a lesson is on the screen */
    double look_at; /* when it wants to be followed though nothing happens, in seconds; 0: never */
} Tutor;

#endif
