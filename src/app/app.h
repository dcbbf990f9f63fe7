/* App: the whole state of the program, on main's stack. Keys and commands change it, work moves it on, views read it.
 *
 *     a key press      term/loop  -> app_key  -> command_run -> a command's function -> what changed
 *     running          term/loop  -> app_work -> trainer
 *     a frame          term/loop  -> layout_draw (view) -> Canvas -> terminal
 *
 * Handlers report what changed; drawing happens in one place, from this state alone. */
#ifndef GPTOSCOPE_APP_APP_H
#define GPTOSCOPE_APP_APP_H

#include "app/session.h"

/* What a key, a command or work has changed. */
typedef enum Change {
    CHANGE_NONE = 0,
    CHANGE_SCREEN = 1,  /* something that is shown */
    CHANGE_QUIT = 2,    /* the program is to end */
    CHANGE_REPAINT = 4, /* the terminal is to be painted anew */
    CHANGE_FAILED = 8   /* nothing was done: the message says why */
} Change;

/* What `.` moves by, and how fast Space runs: one unit a frame. */
typedef enum Unit { UNIT_STEP, UNIT_10_STEPS, UNIT_100_STEPS, UNIT_COUNT } Unit;

typedef struct UnitInfo {
    const char *name;
    int64_t steps;
} UnitInfo;

extern const UnitInfo app_units[UNIT_COUNT];

#define APP_FRAME (1.0 / 30) /* seconds: the screen is drawn at most this often */

typedef struct App {
    Session session;
    bool running;
    Unit unit;
    int64_t target;    /* step up to which `.` still has to go; the run is there when it is not larger */
    int position;      /* selected position of the document; may lie beyond a shorter one's end */
    int layer, head;   /* selected attention head */
    bool help;         /* the help page is shown, from line help_line on */
    int help_line;
    char message[480]; /* one line for the reader, until the next key; may hold any bytes */
    bool message_wrong;
    double due;  /* seconds: when the next unit is to run */
    double rate; /* steps a second, measured while running; 0: not known yet */
    double rate_since;
    int64_t rate_step; /* where that measurement began */
} App;

/* The settings and the documents' path make the run; stands at moment 0, running. load_path may be NULL. Errors: those of
 * session_init. */
bool app_init(App *app, const Settings *settings, const char *data_path, const char *load_path, Error *error);
void app_release(App *app);

/* One key press, by name: a character as itself in UTF-8 ("q", "é"), others as "Space", "Tab", "S-Tab", "Enter", "Esc",
 * "Backspace", "Delete", "Insert", "Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDn", "F1", "C-l", ... Keys without
 * a command change nothing. */
Change app_key(App *app, const char *key);

/* Whether app_work has something to do, and from when (seconds of sys_seconds; 0: now). */
bool app_wants_work(const App *app, double *from);

/* Works until done with what is due or until `until`, whichever is first. Work goes in pieces of about a millisecond; only
 * laying out a document of a very large model is one piece. */
Change app_work(App *app, double until);

/* The selected position, within the document on the tape. */
int app_position(const App *app);

/* Leaves a line for the reader. */
void app_say(App *app, bool wrong, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
