/* Scene: where the program stands, kept so that a lesson can come back to it: after unseen
 * commands, after free play, and when the lesson is closed.
 *
 * A state is a function of its moment and of the changes before it, so a scene is small: the
 * moment, the branch and its changes, the statements and numbers of a graph of the reader's own, and what is
 * selected. */
#ifndef GPTOSCOPE_LESSON_SCENE_H
#define GPTOSCOPE_LESSON_SCENE_H

#include "app/app.h"

typedef struct Scene {
    bool kept;
    Moment at;
    Event *event; /* [events] owned, or NULL */
    int events;
    char branch[BRANCH_NAME_BYTES]; /* where it stands */
    int branches;                   /* that there are */
    char *graph;   /* statements; NULL: there is no graph; owned */
    double *given; /* [givens] its parameters; owned */
    int32_t givens;
    int64_t graph_at;
    Unit unit;
    int position, layer, head;
    Look look; /* without what it owns */
} Scene;

void scene_release(Scene *scene);

/* Keeps where app stands, in the place of what the scene held. Errors: memory. */
bool scene_keep(Scene *scene, const App *app, Error *error);

/* Brings app there again; branches made since are dropped. Errors: memory; the run ends before that
 * moment. */
bool scene_restore(const Scene *scene, App *app, Error *error);

/* Whether app still stands there (moment, changes, graph). */
bool scene_is_current(const Scene *scene, const App *app);

/* Everything new: no change made by hand, no branch but main, no graph, no watched expression, nothing selected, the
 * overview; the run stays where it stands. */
void scene_clear(App *app);

/* Runs one command to its end. Errors: the command's. */
bool scene_run(App *app, const char *command, Error *error);

/* Lets every movement come to its end that a command has set going. */
void scene_settle(App *app);

#endif
