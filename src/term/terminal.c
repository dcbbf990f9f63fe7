#define _GNU_SOURCE
#include "term/terminal.h"

#include "engine/sys.h"
#include "term/signals.h"
#include "term/style.h"

#include <curses.h>
#include <langinfo.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define PASTE_ON  "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_ON  "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

enum {
    ESCAPE_DELAY = 25,  /* milliseconds after which a lone Esc is a key of its own */
    FUTILE_READS = 100, /* so many times "readable" and then nothing: nobody is there */
    RESCUE_SIZE = 256
};

struct Terminal {
    SCREEN *screen;
    WINDOW *keyboard; /* a pad: reading from it never redraws anything */
    KeyReader keys;
    Canvas shown; /* what the screen shows, where it is not stale */
    bool stale;   /* nothing is known of what it shows */
    cchar_t *row; /* [CANVAS_WIDTH_LIMIT] being put together; owned */
    int width, height;
    Glyphs glyphs;
    Styles styles;
    bool pastes;          /* bracketed paste is switched on */
    bool mouse;           /* it reports clicks and the wheel */
    bool control_c_key;   /* Ctrl-C is a key */
    struct termios modes; /* as they were before */
    int futile;           /* reads in a row that gave nothing */
};

/* -- Modes -- */

/* Ctrl-S would stop the screen, and someone who does not know Ctrl-Q would think that the program
 * hangs. */
static void free_control_s(void)
{
    struct termios modes;
    if (tcgetattr(STDOUT_FILENO, &modes) == 0) {
        modes.c_iflag &= ~(tcflag_t)IXON;
        tcsetattr(STDOUT_FILENO, TCSANOW, &modes);
        def_prog_mode();
    }
}

static void define_sequence(const char *sequence, int code)
{
    define_key(sequence, code);
}

static int read_code(void *context, int milliseconds)
{
    Terminal *terminal = context;
    wtimeout(terminal->keyboard, milliseconds);
    int code = wgetch(terminal->keyboard);
    if (code == ERR)
        return KEYS_NONE;
    terminal->futile = 0;
    return code;
}

static void set_modes(Terminal *terminal)
{
    cbreak();
    noecho();
    nonl();
    free_control_s();
    typeahead(-1); /* a frame is written whole */
    leaveok(stdscr, TRUE);
    curs_set(0);
    intrflush(terminal->keyboard, FALSE);
    keypad(terminal->keyboard, TRUE);
    keys_define(define_sequence);
    keys_init(&terminal->keys, read_code, terminal);
}

/* Bytes straight to the terminal, outside of curses' picture of the screen. */
static void send(const char *bytes, size_t length)
{
    ssize_t ignored = write(STDOUT_FILENO, bytes, length);
    (void)ignored;
}

/* What a terminal says besides keys: where a paste begins and ends, and what the mouse does. */
static void set_reports(const Terminal *terminal, bool on)
{
    if (terminal->pastes)
        send(on ? PASTE_ON : PASTE_OFF, strlen(PASTE_ON));
    if (terminal->mouse)
        send(on ? MOUSE_ON : MOUSE_OFF, strlen(MOUSE_ON));
}

static void arm_rescue(const Terminal *terminal)
{
    char bytes[RESCUE_SIZE];
    size_t length =
        kind_append_string(bytes, 0, sizeof bytes, terminal->pastes ? PASTE_OFF MOUSE_OFF : "");
    length += kind_way_back(bytes + length, sizeof bytes - length);
    signals_arm_rescue(STDOUT_FILENO, bytes, length, &terminal->modes);
}

static int clamp_size(int told, int standard, int limit)
{
    return told < 1 ? standard : told > limit ? limit : told;
}

/* The size is ours to read, not curses': it would take 2 GB for a window of 10000 x 10000. */
static void measure(Terminal *terminal)
{
    struct winsize size = {0};
    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
    terminal->width = clamp_size(size.ws_col, 80, CANVAS_WIDTH_LIMIT);
    terminal->height = clamp_size(size.ws_row, 24, CANVAS_HEIGHT_LIMIT);
}

static void take_size(Terminal *terminal)
{
    measure(terminal);
    if (terminal->width != COLS || terminal->height != LINES)
        resizeterm(terminal->height, terminal->width);
    canvas_resize(&terminal->shown, terminal->width, terminal->height, NULL);
    terminal_repaint(terminal);
}

/* -- Opening and closing -- */

static bool make_buffers(Terminal *terminal, Error *error)
{
    terminal->row = sys_alloc(CANVAS_WIDTH_LIMIT, sizeof *terminal->row);
    if (!terminal->row)
        return error_set(error, "out of memory");
    return canvas_init(&terminal->shown, 1, 1, GLYPHS_ASCII, error);
}

static void set_number(const char *variable, int number)
{
    char text[16];
    snprintf(text, sizeof text, "%d", number);
    setenv(variable, text, 1);
}

/* Curses believes these variables rather than the window; what the user's shell has exported is
 * stale after a resize. */
static SCREEN *start_screen(Terminal *terminal)
{
    measure(terminal);
    set_number("LINES", terminal->height);
    set_number("COLUMNS", terminal->width);
    SCREEN *screen = newterm(NULL, stdout, stdin);
    unsetenv("LINES");
    unsetenv("COLUMNS");
    return screen;
}

static bool start_curses(Terminal *terminal, Error *error)
{
    tcgetattr(STDOUT_FILENO, &terminal->modes);
    set_escdelay(ESCAPE_DELAY);
    terminal->screen = start_screen(terminal);
    terminal->keyboard = terminal->screen ? newpad(1, 1) : NULL;
    return terminal->keyboard || error_set(error, "the terminal could not be set up");
}

static void free_terminal(Terminal *terminal)
{
    if (terminal->keyboard)
        delwin(terminal->keyboard);
    if (terminal->screen)
        delscreen(terminal->screen);
    canvas_release(&terminal->shown);
    sys_free(terminal->row);
    sys_free(terminal);
}

Terminal *terminal_open(const TerminalOptions *options, Error *error)
{
    if (!kind_check(error))
        return NULL;
    Terminal *terminal = sys_alloc(1, sizeof *terminal);
    if (!terminal) {
        error_set(error, "out of memory");
        return NULL;
    }
    signals_install();
    if (!make_buffers(terminal, error) || !start_curses(terminal, error)) {
        signals_release();
        free_terminal(terminal);
        return NULL;
    }
    terminal->glyphs = options->choose_glyphs
                           ? kind_choose_glyphs(getenv("TERM"), nl_langinfo(CODESET))
                           : options->glyphs;
    terminal->pastes = strncmp(tigetstr("cup"), "\033[", 2) == 0;
    set_modes(terminal);
    arm_rescue(terminal);
    set_reports(terminal, true);
    styles_init(&terminal->styles, options->theme, options->color);
    take_size(terminal);
    return terminal;
}

/* Some terminals hide the cursor again with the screen that they go back from, where curses had its
 * place saved while it was hidden: so it is shown once more after that. */
static void show_cursor(void)
{
    char bytes[RESCUE_SIZE];

    send(bytes, kind_append_string(bytes, 0, sizeof bytes, tigetstr("cnorm")));
}

static void leave_screen(const Terminal *terminal)
{
    set_reports(terminal, false);
    endwin();
    show_cursor();
    signals_disarm_rescue();
}

void terminal_close(Terminal *terminal)
{
    leave_screen(terminal);
    signals_release();
    free_terminal(terminal);
}

Glyphs terminal_glyphs(const Terminal *terminal)
{
    return terminal->glyphs;
}

void terminal_set_theme(Terminal *terminal, Theme theme)
{
    styles_set_theme(&terminal->styles, theme);
    terminal_repaint(terminal);
}

void terminal_size(const Terminal *terminal, int *width, int *height)
{
    *width = terminal->width;
    *height = terminal->height;
}

/* -- Showing -- */

/* Whether the locale can show a character, in the columns that the canvas gave it. Where it cannot,
 * curses would write something of another width, and the row would shift. */
static bool can_show(uint32_t glyph, int columns)
{
    return wcwidth((wchar_t)glyph) == columns;
}

static void put_marks(const Cell *cell, wchar_t *text)
{
    for (int i = 0; i < CELL_MARKS && cell->mark[i]; i++)
        if (can_show(cell->mark[i], 0))
            *text++ = (wchar_t)cell->mark[i];
}

static void put_cell(Terminal *terminal, const Cell *cell, int columns, cchar_t *out)
{
    wchar_t text[CELL_MARKS + 2] = {(wchar_t)cell->glyph};
    if (can_show(cell->glyph, columns))
        put_marks(cell, text + 1);
    else
        text[0] = cell->glyph == 0 ? L' ' : L'?';
    const Style *style = styles_find(&terminal->styles, cell->role, cell->ground);
    setcchar(out, text, (attr_t)(style->attr | styles_attributes(cell->attr)), 0, &style->pair);
}

/* Curses takes a wide character as one element of a row, and skips the column behind it by itself.
 */
static int put_row(Terminal *terminal, const Cell *cell, int width)
{
    int count = 0;
    for (int x = 0; x < width; x++) {
        bool wide = x + 1 < width && cell[x].glyph != 0 && cell[x + 1].glyph == 0;
        put_cell(terminal, &cell[x], wide ? 2 : 1, &terminal->row[count++]);
        if (wide && can_show(cell[x].glyph, 2))
            x++;
    }
    return count;
}

static void present_row(Terminal *terminal, const Canvas *canvas, int y)
{
    const Cell *from = canvas->cell + (size_t)y * canvas->width;
    int width = canvas->width < terminal->width ? canvas->width : terminal->width;
    mvadd_wchnstr(y, 0, terminal->row, put_row(terminal, from, width));
}

static bool same_size(const Canvas *a, const Canvas *b)
{
    return a->width == b->width && a->height == b->height;
}

static void send_frame(void)
{
    signals_begin_output();
    wnoutrefresh(stdscr);
    doupdate();
    signals_finish_output();
}

void terminal_present(Terminal *terminal, const Canvas *canvas)
{
    bool all = terminal->stale || !same_size(canvas, &terminal->shown);
    size_t row_size = (size_t)canvas->width * sizeof *canvas->cell;
    if (all)
        erase();
    for (int y = 0; y < canvas->height && y < terminal->height; y++) {
        size_t at = (size_t)y * canvas->width;
        if (!all && memcmp(canvas->cell + at, terminal->shown.cell + at, row_size) == 0)
            continue;
        present_row(terminal, canvas, y);
        if (same_size(canvas, &terminal->shown))
            memcpy(terminal->shown.cell + at, canvas->cell + at, row_size);
    }
    terminal->stale = false;
    send_frame();
}

void terminal_repaint(Terminal *terminal)
{
    clearok(curscr, TRUE);
    terminal->stale = true;
}

/* -- Waiting and reading -- */

int terminal_signal(void)
{
    return signals_end();
}

/* Ctrl-Z: the shell gets its terminal as it was, and may change it before we go on. */
static void stop(Terminal *terminal)
{
    leave_screen(terminal);
    signals_stop_here();
    tcgetattr(STDOUT_FILENO, &terminal->modes);
    def_shell_mode();
}

static void resume(Terminal *terminal)
{
    reset_prog_mode();
    arm_rescue(terminal);
    set_reports(terminal, true);
    take_size(terminal);
}

static int answer_signals(Terminal *terminal)
{
    if (signals_end())
        return TERMINAL_ENDED;
    bool stopped = signals_take_stop();
    if (stopped)
        stop(terminal);
    bool resumed = signals_take_resume() || stopped;
    if (resumed)
        resume(terminal);
    bool resized = signals_take_resize();
    if (resized)
        take_size(terminal);
    return resumed || resized ? TERMINAL_RESIZED : 0;
}

static struct timespec to_timespec(double seconds)
{
    time_t whole = (time_t)seconds;
    return (struct timespec){.tv_sec = whole, .tv_nsec = (long)((seconds - (double)whole) * 1e9)};
}

static bool is_gone(const struct pollfd *end)
{
    return end->revents & (POLLHUP | POLLERR | POLLNVAL);
}

int terminal_wait(Terminal *terminal, bool to_write, double seconds)
{
    enum { IN, OUT, ENDS };
    struct pollfd ends[ENDS] = {
        [IN] = {.fd = STDIN_FILENO, .events = POLLIN},
        [OUT] = {.fd = STDOUT_FILENO, .events = to_write ? POLLOUT : 0},
    };
    /* A signal that came while a frame was written is noted already and wakes nobody. */
    const bool ended = signals_end() != 0;
    struct timespec limit = to_timespec(ended ? 0 : seconds);
    int ready = ppoll(ends, ENDS, seconds < 0 && !ended ? NULL : &limit, signals_waiting_mask());
    int events = answer_signals(terminal);
    if (ready <= 0)
        return events;
    if (is_gone(&ends[IN]) || is_gone(&ends[OUT]))
        events |= TERMINAL_GONE;
    if (ends[IN].revents & POLLIN && terminal->futile++ > FUTILE_READS)
        events |= TERMINAL_GONE;
    return events | (ends[IN].revents & POLLIN ? TERMINAL_KEYS : 0) |
           (ends[OUT].revents & POLLOUT ? TERMINAL_WRITABLE : 0);
}

void terminal_take_control_c(Terminal *terminal, bool as_key)
{
    struct termios modes;
    if (terminal->control_c_key == as_key || tcgetattr(STDOUT_FILENO, &modes) != 0)
        return;
    modes.c_cc[VINTR] = as_key ? _POSIX_VDISABLE : terminal->modes.c_cc[VINTR];
    tcsetattr(STDOUT_FILENO, TCSANOW, &modes);
    def_prog_mode();
    terminal->control_c_key = as_key;
}

bool terminal_read_key(Terminal *terminal, char name[KEYS_NAME_SIZE])
{
    return keys_read(&terminal->keys, name);
}

void terminal_set_mouse(Terminal *terminal, bool on)
{
    if (terminal->mouse == on || !terminal->pastes)
        return;
    send(on ? MOUSE_ON : MOUSE_OFF, strlen(MOUSE_ON));
    terminal->mouse = on;
}
