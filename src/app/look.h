/* Look: what the screen shows of the run: which views, where the cursor of each is, and how each is
 * set. Commands change it, views draw by it.
 *
 *     look_views    the views, by their digits; the pictures are src/view's
 *     look_options  what can be chosen in each */
#ifndef GPTOSCOPE_APP_LOOK_H
#define GPTOSCOPE_APP_LOOK_H

#include "app/spots.h"

struct App;

typedef enum ViewName {
    VIEW_OVERVIEW,
    VIEW_GRAPH,
    VIEW_ATTENTION,
    VIEW_PARAMETERS,
    VIEW_LOSS,
    VIEW_ADAM,
    VIEW_GENERATE,
    VIEW_DATA,
    VIEW_MEMORY,
    VIEW_COUNT
} ViewName;

typedef struct ViewInfo {
    const char *name; /* "attention" */
    const char *help; /* what it shows, in a few words */
    ViewName beside;  /* what stands beside it where the window is wide; itself: nothing */
    int depths;       /* how deep Enter goes within it; at least 1 */
    ViewName deeper;  /* where Enter leads from there; itself: nowhere */
} ViewInfo;

extern const ViewInfo look_views[VIEW_COUNT];

/* What can be chosen in a view; the first of a view by the key t, the second by o, then z and y.
 * The choices of each are numbered from 0, the first is chosen at the start. */
typedef enum LookName {
    LOOK_GRAPH_MODE,
    LOOK_GRAPH_AS,
    LOOK_ATTENTION_SHOWS,
    LOOK_ATTENTION_OF,
    LOOK_PARAMETERS_SHOWS,
    LOOK_PARAMETERS_TENSOR,
    LOOK_PARAMETERS_AS,
    LOOK_LOSS_SCALE,
    LOOK_LOSS_ZOOM,
    LOOK_LOSS_HELD_OUT,
    LOOK_LOSS_SHOWS,
    LOOK_ADAM_SHOWS,
    LOOK_GENERATE_AS,
    LOOK_GENERATE_TEMPERATURE,
    LOOK_GENERATE_SEED,
    LOOK_DATA_AS,
    LOOK_MEMORY_SHOWS,
    LOOK_COUNT
} LookName;

/* Choices of LOOK_ATTENTION_OF; auto: of the text that is written where it is shown beside. */
enum { LOOK_OF_AUTO, LOOK_OF_RUN, LOOK_OF_WRITING };

/* Choices of LOOK_LOSS_SHOWS. */
enum { LOOK_LOSS_RUN, LOOK_LOSS_SWEEP };

typedef struct LookOption {
    ViewName view;
    const char *name;    /* "shows" */
    const char *choices; /* "weight|score|..."; NULL: they depend on the run, `choice` writes them */
    const char *help;    /* for the key line: two words at most */
    /* Writes choice i of app's run, snprintf-fashion; false beyond the last. */
    bool (*choice)(const struct App *app, int i, char *text, size_t size);
} LookOption;

extern const LookOption look_options[LOOK_COUNT];

enum { LOOK_PANES = 2, LOOK_CHOICE_BYTES = 48, LOOK_MARKS = 16, LOOK_HIDDEN = 1024 };

typedef struct Look {
    ViewName pane[LOOK_PANES]; /* what is shown beside each other */
    int panes;                 /* 1 or 2 */
    int active;                /* which of them has the cursor */
    bool chosen;               /* the reader has said which; else the size of the window does */
    bool wide;                 /* it has room for two: whoever draws knows */
    Focus focus[VIEW_COUNT];   /* the cursor of each view; FOCUS_NONE: none is shown */
    int depth[VIEW_COUNT];     /* how deep the reader has gone into each */
    Focus opened[VIEW_COUNT];  /* what the cursor was on when Enter led there; leaving, it is there again */
    ViewName back[VIEW_COUNT]; /* from where each was entered by going deeper; itself: from nowhere */
    int choice[LOOK_COUNT];
    Focus mark[LOOK_MARKS];    /* remembered by the reader or pointed at by a lesson */
    int marks;
    Focus *hidden;             /* [LOOK_HIDDEN] numbers that no view may show; owned, or NULL */
    int hiddens;
    Spots spots;               /* of the latest picture, of the active pane */
} Look;

void look_init(Look *look);
void look_release(Look *look);

/* The view with the cursor, and its cursor. */
ViewName look_view(const Look *look);
Focus look_focus(const Look *look);

/* Whether a view stands on the screen, alone, by choice beside another, or because there is room. */
bool look_is_shown(const Look *look, ViewName view);

/* Shows a view in the active pane, or in the one where it is already. */
void look_show(Look *look, ViewName view);

/* Goes deeper into what is under the cursor, within the view or to the next; back again. false:
 * there is nothing deeper, or nothing to go back to. */
bool look_enter(Look *look);
bool look_leave(Look *look);

/* The view of that name, of its digit, or the only one that begins so; VIEW_COUNT if there is
 * none. */
ViewName look_find_view(const char *name);

/* The option of a view with that name, or number i of it from 0; LOOK_COUNT if there is none. */
LookName look_find_option(ViewName view, const char *name);
LookName look_option(ViewName view, int i);

/* The text of a choice; false beyond the last. */
bool look_choice(const struct App *app, LookName option, int i, char text[LOOK_CHOICE_BYTES]);

/* The same as the reader sees it, in their language; what they type is the former. */
bool look_choice_shown(const struct App *app, LookName option, int i, char text[LOOK_CHOICE_BYTES]);

/* Sets an option by the text of a choice, or "+" or "-" (round and round). Errors: there is no such
 * choice. */
bool look_choose(struct App *app, LookName option, const char *text, Error *error);

/* Whether a focus is marked, and whether its number is hidden. */
bool look_is_marked(const Look *look, Focus focus);
bool look_is_hidden(const Look *look, Focus focus);

/* Marks a focus, or takes its mark away. false: there are too many. */
bool look_mark(Look *look, Focus focus);

/* Hides a number, also from expressions; look_reveal shows all again. false: memory, or too
 * many. */
bool look_hide(Look *look, Focus focus);
void look_reveal(Look *look);

#endif
