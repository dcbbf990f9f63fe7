/* Terminal: a screen that shows a canvas, and a keyboard that gives key names.
 *
 *     Canvas --terminal_present-->  rows that changed  -->  curses  -->  the terminal
 *     the terminal  -->  curses  -->  KeyReader (keys.h)  --terminal_read_key-->  "Up"
 *
 * Only this module, keys.c and kind.c include curses. There is one terminal a process, and curses
 * keeps it in global state; from open to close it is in the alternate screen with the cursor
 * hidden. However the program ends (short of SIGKILL), modes and screen are as they were before: by
 * terminal_close, or by signals.h where the program was killed. */
#ifndef GPTOSCOPE_TERM_TERMINAL_H
#define GPTOSCOPE_TERM_TERMINAL_H

#include "term/keys.h"
#include "term/kind.h"
#include "view/canvas.h"
#include "view/theme.h"

typedef struct TerminalOptions {
    Theme theme;
    ColorWhen color;
    bool choose_glyphs; /* by locale and kind of terminal; else as given */
    Glyphs glyphs;
} TerminalOptions;

typedef struct Terminal Terminal;

/* What happened while waiting; several at once. */
typedef enum TerminalEvent {
    TERMINAL_KEYS = 1,     /* terminal_read_key has something to read */
    TERMINAL_WRITABLE = 2, /* a frame can be written without waiting for the terminal */
    TERMINAL_RESIZED = 4,  /* size and everything on the screen may have changed */
    TERMINAL_GONE = 8,     /* there is no terminal any more */
    TERMINAL_ENDED = 16    /* a signal wants the program to end: terminal_signal */
} TerminalEvent;

/* Takes over the terminal on standard input and output. NULL if there is none or it cannot move its
 * cursor: the error names what works without. */
Terminal *terminal_open(const TerminalOptions *options, Error *error);
void terminal_close(Terminal *terminal);

/* The glyphs it was opened with or found to have; the theme. */
Glyphs terminal_glyphs(const Terminal *terminal);
void terminal_set_theme(Terminal *terminal, Theme theme);

/* Columns and rows; never more than a canvas can have. */
void terminal_size(const Terminal *terminal, int *width, int *height);

/* Shows what has changed; a canvas of another size is cut, or leaves the rest blank. */
void terminal_present(Terminal *terminal, const Canvas *canvas);

/* Lets the next terminal_present send every cell. */
void terminal_repaint(Terminal *terminal);

/* Waits for keys, signals and, if wanted, until a frame can be written; at most so many seconds
 * (negative: for good). Stops and goes on with the shell's job control. Returns TerminalEvent
 * flags. */
int terminal_wait(Terminal *terminal, bool to_write, double seconds);

/* The signal of TERMINAL_ENDED. */
int terminal_signal(void);

/* Whether Ctrl-C is a key, to leave what is being typed; else it ends the program. */
void terminal_take_control_c(Terminal *terminal, bool as_key);

/* Whether the terminal reports clicks and the wheel: it then cannot be used to select text. */
void terminal_set_mouse(Terminal *terminal, bool on);

/* The next key press; false if there is none. */
bool terminal_read_key(Terminal *terminal, char name[KEYS_NAME_SIZE]);

#endif
