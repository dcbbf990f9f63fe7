#include "term/loop.h"

#include "engine/sys.h"
#include "view/layout.h"

#include <signal.h>
#include <string.h>

enum { KEYS_AT_ONCE = 64 }; /* then a frame gets its turn */

static const double SLICE_SECONDS = 0.005;

typedef struct Loop {
    App *app;
    Terminal *terminal;
    Canvas canvas;
    bool dirty;        /* what the screen shows is not what there is */
    bool keys_left;    /* more have arrived than could be answered at once */
    double next_frame; /* not before then */
    Theme theme;       /* that the terminal has now */
} Loop;

static bool work_is_due(const Loop *loop, double now)
{
    double from;
    return app_wants_work(loop->app, &from) && from <= now;
}

static double sooner(double a, double b)
{
    return a < b ? a : b;
}

/* Seconds to sleep if no key comes; negative: for good. A frame that is due waits for the terminal,
 * not for the clock. */
static double patience(const Loop *loop, double now)
{
    const double never = 1e9;
    double from, until = never;
    if (loop->keys_left)
        return 0;
    if (app_wants_work(loop->app, &from))
        until = from;
    if (autosave_is_due(loop->app, &from))
        until = sooner(until, from);
    if (loop->dirty && loop->next_frame > now)
        until = sooner(until, loop->next_frame);
    return until == never ? -1 : until > now ? until - now : 0;
}

/* Lays the screen out; it is not shown yet. */
static void lay_out(Loop *loop)
{
    loop->app->look.wide = layout_is_wide(loop->canvas.width);
    loop->app->scroll_limit = layout_draw(loop->app, &loop->canvas, &loop->app->look.spots);
}

/* The cursor moves in what is drawn: with keys that come faster than frames, what would be
 * drawn. */
static bool moves_cursor(const Loop *loop, const char *key)
{
    const char *line = keymap_line(&loop->app->keymap, key);

    return strncmp(key, "Click", 5) == 0 || (line && strncmp(line, "cursor", 6) == 0);
}

static Change answer_keys(Loop *loop)
{
    char name[KEYS_NAME_SIZE];
    Change change = CHANGE_NONE;
    loop->keys_left = false;
    for (int i = 0; i < KEYS_AT_ONCE; i++) {
        if (!terminal_read_key(loop->terminal, name))
            return change;
        if ((change != CHANGE_NONE || loop->dirty) && moves_cursor(loop, name))
            lay_out(loop);
        change |= app_key(loop->app, name);
        terminal_take_control_c(loop->terminal, loop->app->prompt.open);
        if (change & CHANGE_QUIT)
            return change;
    }
    loop->keys_left = true;
    return change;
}

static Change work(Loop *loop)
{
    double now = sys_seconds(), until = now + SLICE_SECONDS;
    if (!work_is_due(loop, now))
        return CHANGE_NONE;
    if (loop->dirty && loop->next_frame > now)
        until = sooner(until, loop->next_frame);
    return app_work(loop->app, until);
}

/* Where memory is short, the canvas keeps its size, and the terminal shows what it has. */
static void take_size(Loop *loop)
{
    int width, height;
    terminal_size(loop->terminal, &width, &height);
    canvas_resize(&loop->canvas, width, height, NULL);
    loop->dirty = true;
}

/* How the reader wants it to look, if the reader has said so. */
static void take_looks(Loop *loop)
{
    Theme theme = theme_find(loop->app->theme);
    terminal_set_mouse(loop->terminal, loop->app->mouse);
    for (int i = 0; i <= GLYPHS_BRAILLE; i++)
        if (strcmp(glyphs_names[i], loop->app->glyphs) == 0)
            loop->canvas.glyphs = (Glyphs)i;
    if (theme == THEME_COUNT || theme == loop->theme)
        return;
    terminal_set_theme(loop->terminal, theme);
    loop->theme = theme;
}

static void draw(Loop *loop)
{
    loop->next_frame = sys_seconds() + APP_FRAME;
    take_looks(loop);
    lay_out(loop);
    terminal_present(loop->terminal, &loop->canvas);
    loop->dirty = false;
}

/* The terminal is asked whether it takes a frame only when one is due. */
static int wait(Loop *loop)
{
    double now = sys_seconds();
    bool to_write = loop->dirty && loop->next_frame <= now;
    return terminal_wait(loop->terminal, to_write, patience(loop, now));
}

static void take_note(Loop *loop, Change change)
{
    if (change & CHANGE_REPAINT)
        terminal_repaint(loop->terminal);
    if (change != CHANGE_NONE)
        loop->dirty = true;
}

/* Keys first, then the frame that shows what they did, then work. Returns false when the program is
 * to end. */
static bool take_turn(Loop *loop, int events)
{
    Change change = CHANGE_NONE;
    if (events & TERMINAL_RESIZED)
        take_size(loop);
    if (events & TERMINAL_KEYS || loop->keys_left)
        change = answer_keys(loop);
    if (change & CHANGE_QUIT)
        return false;
    take_note(loop, change);
    if (events & TERMINAL_WRITABLE)
        draw(loop);
    change = work(loop);
    take_note(loop, change);
    if (autosave_work(loop->app, sys_seconds()))
        loop->dirty = true;
    return !(change & CHANGE_QUIT);
}

static int run(Loop *loop)
{
    for (;;) {
        int events = wait(loop);
        if (events & TERMINAL_ENDED)
            return 128 + terminal_signal();
        if (events & TERMINAL_GONE)
            return 128 + SIGHUP;
        if (!take_turn(loop, events))
            return 0;
    }
}

int loop_run(App *app, const TerminalOptions *options, Error *error)
{
    Loop loop = {.app = app,
                 .terminal = terminal_open(options, error),
                 .dirty = true,
                 .theme = options->theme};
    if (!loop.terminal)
        return LOOP_NO_SCREEN;
    int width, height, status = LOOP_NO_SCREEN;
    terminal_size(loop.terminal, &width, &height);
    if (canvas_init(&loop.canvas, width, height, terminal_glyphs(loop.terminal), error)) {
        status = run(&loop);
        /* While signals are held back: one more of them would end the program before it has saved. */
        if (status != 0)
            autosave_end(app, false, error);
        canvas_release(&loop.canvas);
    }
    terminal_close(loop.terminal);
    return status;
}
