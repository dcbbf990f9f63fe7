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
    CHANGE_SCREEN = 1, /* something that is shown */
    CHANGE_QUIT = 2,   /* the program is to end */
    CHANGE_REPAINT = 4 /* the terminal is to be painted anew (Ctrl-L) */
} Change;

/* What `.` and `,` move by, and how fast Space runs. */
typedef enum Unit { UNIT_STEP, UNIT_10_STEPS, UNIT_100_STEPS, UNIT_COUNT } Unit;

typedef struct App {
    Session session;
    bool running;
    Unit unit;
    int position;      /* selected position of the document */
    int layer, head;   /* selected attention head */
    bool help;         /* the help page is shown, scrolled to line help_scroll */
    int help_scroll;
    char message[480]; /* one line for the reader, until the next key; may hold any bytes */
    bool message_wrong;
    double due;        /* app_work: when the next unit is to run, in seconds; 0: at once */
    double rate;       /* measured steps a second while running; 0: none yet */
    double rate_since; /* start of the measurement, and the step it started at */
    int64_t rate_step;
} App;

/* The settings and the documents' path make the run; stands at moment 0, running. Errors: those of the run. */
bool app_init(App *app, const Settings *settings, const char *data_path, const char *load_path, Error *error);
void app_release(App *app);

/* One key press, by name: a character as itself in UTF-8 ("q", "é"), others as "Space", "Tab", "S-Tab", "Enter", "Esc",
 * "Backspace", "Delete", "Insert", "Up", "Down", "Left", "Right", "Home", "End", "PgUp", "PgDn", "F1", "C-l", ... Unknown
 * keys change nothing. */
Change app_key(App *app, const char *key);

/* Whether app_work has something to do, and from when (seconds of sys_seconds; 0: now). */
bool app_wants_work(const App *app, double *from);

/* Works until done with what is due or until `until`, whichever is first; never much longer than a hundredth of a second
 * beyond it, whatever the size of the model. */
Change app_work(App *app, double until);

#endif
