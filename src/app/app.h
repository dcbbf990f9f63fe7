/* App: the whole state of the program, on main's stack. Keys and commands change it, work moves it
 * on, views read it.
 *
 *     a key press      term/loop  -> app_key  -> command_run -> a command's function -> what changed
 *                                             -> the prompt, or the page that is being read
 *     running          term/loop  -> app_work -> session -> history -> trainer
 *     a frame          term/loop  -> layout_draw (view) -> Canvas -> terminal
 *
 * Handlers report what changed; drawing happens in one place, from this state alone. */
#ifndef GPTOSCOPE_APP_APP_H
#define GPTOSCOPE_APP_APP_H

#include "app/answer.h"
#include "app/asking.h"
#include "app/autosave.h"
#include "app/branches.h"
#include "app/contrast.h"
#include "app/edited.h"
#include "app/graph.h"
#include "app/graph_look.h"
#include "app/keymap.h"
#include "app/knobs.h"
#include "app/look.h"
#include "app/pace.h"
#include "app/prompt.h"
#include "app/session.h"
#include "app/since.h"
#include "app/track.h"
#include "app/tutor.h"
#include "app/spelling.h"
#include "app/sweep.h"
#include "app/watch.h"
#include "app/writing.h"
#include "engine/stride.h"

/* What a key, a command or work has changed. */
typedef enum Change {
    CHANGE_NONE = 0,
    CHANGE_SCREEN = 1,  /* something that is shown */
    CHANGE_QUIT = 2,    /* the program is to end */
    CHANGE_REPAINT = 4, /* the terminal is to be painted anew */
    CHANGE_FAILED = 8   /* nothing was done: the error says why */
} Change;

#define APP_FRAME (1.0 / 30) /* seconds: the screen is drawn at most this often */

enum { APP_LOOK_BYTES = 8 };

struct App;

/* Draws a view as a file; the ending of its name says how. What does so stands above the app. */
typedef bool AppExport(struct App *app, const char *view, const char *path, const char *size,
                       Error *error);

typedef struct App {
    Session session;
    const char *data_path; /* where its documents are; borrowed */
    Unit unit;       /* what . and , move by, and Space runs in */
    int direction;   /* running: 1 forwards, -1 backwards; 0: paused */
    int64_t pending; /* units still to go at once, signed */
    bool moving;     /* under way to target, one unit or a jump from where the run stood */
    Moment target;
    double due;       /* running: when the next unit is to begin, in seconds */
    double rate;      /* running: steps a second as measured; 0: not known yet */
    double rate_since;
    int64_t rate_step; /* where that measurement began */
    double held_since; /* when the key for one unit was last pressed, and how often without a rest */
    int held;
    int position;      /* selected position of the document; may lie beyond a shorter one's end */
    int layer, head;   /* selected attention head */
    bool headless;     /* there is no screen: what would open a pane answers in lines */
    bool help;         /* the help page is shown, from line help_line on */
    int help_line;
    Asking asking;     /* the tree under a question, on the screen while on */
    Graph graph;       /* the reader's own; shown and stepped instead of the run while graphing */
    bool graphing;
    ViewName graph_from;  /* the view that was left for it */
    GraphLook graph_look; /* where the reader is in the view of the graph */
    Knobs knobs;       /* the panel in which settings are turned; over the view while on */
    Branches branches; /* other ways in which the run goes on */
    struct Twins *twins; /* those that somebody asks for (app/twin.h); owned */
    char compared[BRANCH_NAME_BYTES]; /* the branch that is shown beside; "": none */
    bool compare_other; /* it is the one that is shown where there is room for one only */
    Look look;         /* which views are shown, and how */
    Contrast contrast; /* what the numbers on the screen are held against */
    Edited edited;     /* the step as it would be without the latest change */
    Writing writing;   /* what the model of this moment writes */
    Since since;       /* what changes of parameters are counted from */
    Track track;       /* gradients over the run, for their curves */
    Pace pace;         /* how long a step takes */
    Spelling spelling;  /* a text to see as tokens */
    Sweep sweep;       /* whole runs in the background, at several values of a setting */
    double sweep_due;  /* when what they brought is to be shown next */
    Watches watches;   /* expressions on the screen */
    Until until;       /* what the run is to stop at */
    Tutor tutor;       /* lessons, where there are any */
    AppExport *export; /* NULL: views cannot be drawn here */
    Keymap keymap;
    Prompt prompt;
    Answer answer;     /* of the last command */
    bool reading;      /* it is longer than a line: shown until it is put away, from row answer_row on */
    int answer_row;
    int scroll_limit;  /* how far the help page or the answer can be scrolled: whoever draws knows */
    char message[480]; /* one line for the reader, until the next key; may hold any bytes */
    bool message_wrong;
    Autosave autosave; /* the session, kept while it goes on */
    bool mouse;        /* clicks put the cursor where they are */
    char theme[APP_LOOK_BYTES], glyphs[APP_LOOK_BYTES]; /* names; "": as at the start */
} App;

/* The settings and the documents' path make the run; stands at moment 0, running. load_path may be
 * NULL; data_path must stay. Errors: those of session_init. */
bool app_init(App *app, const Settings *settings, const char *data_path, const char *load_path, Error *error);
void app_release(App *app);

/* One key press, by name: a character as itself in UTF-8 ("q", "é"), others as "Space", "Tab",
 * "S-Tab", "Enter", "Esc", "Backspace", "Delete", "Insert", "Up", "Down", "Left", "Right", "Home",
 * "End", "PgUp", "PgDn", "F1", "C-l", ... Keys without a command change nothing. */
Change app_key(App *app, const char *key);

/* One command line, as it is typed at the prompt: what it answers or why it fails is there to be
 * shown. */
Change app_enter(App *app, const char *line);

/* Whether app_work has something to do, and from when (seconds of sys_seconds; 0: now). */
bool app_wants_work(const App *app, double *from);

/* Works until done with what is due or until `until`, whichever is first. Work goes in pieces of
 * about a millisecond; only laying out a document of a very large model is one piece. */
Change app_work(App *app, double until);

/* Starts moving by so many units of the app's, signed; a run that is under way is paused. */
void app_move(App *app, int64_t units);

/* The key for one unit, held down: moves more units a press the longer it is held, so that it
 * covers ground. */
void app_move_held(App *app, int direction);

/* Goes to a moment at once. Errors: there is none such; it then stands where it stood. */
bool app_goto(App *app, const char *moment, Error *error);

/* Goes to a moment before it returns, with everything that is written on the way. Errors: as
 * app_goto. */
bool app_seek(App *app, const char *moment, Error *error);

/* Runs in a direction (1, -1), or pauses (0). */
void app_run(App *app, int direction);

/* Takes up a graph of the reader's own (statements as in app/graph.h), or leaves it. Errors: those
 * of the statements. */
bool app_graph(App *app, const char *statements, Error *error);
void app_leave_graph(App *app);

/* Steps between two points of the held-out curve that the reader has chosen; 0: it is off. */
int64_t app_heldout_interval(const App *app);

/* What names in expressions are looked up in. */
Scope app_scope(const App *app);

/* Puts the cursor of the active view on something (or nothing), and selects its position and
 * head. */
void app_focus(App *app, Focus focus);

/* The selected position, within the document on the tape. */
int app_position(const App *app);

/* Where the run stands, in words: "step 412 | backward | pos 3 'm' | layer 0 attention, head 2,
 * score | node 21,934 of 59,647". */
void app_describe_place(const App *app, char *text, size_t size);

/* Leaves a line for the reader. */
void app_say(App *app, bool wrong, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
