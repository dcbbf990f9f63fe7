/* Pty: the program on a terminal of our own, whose screen can be read and whose modes can be
 * compared.
 *
 *     test --bytes--> master ==== slave --keys--> program        Pty.program
 *          <--screen-- libvterm         <--frames--   |
 *          <--events--------------------------------- shell      Pty.shell, leader of the session
 *
 * The shell between is needed because Ctrl-Z does nothing to a program without one. It only
 * watches, and tells through a pipe when the program stops, goes on, or ends. */
#ifndef TESTS_TERM_PTY_H
#define TESTS_TERM_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

typedef struct PtyOptions {
    const char *term;   /* TERM; NULL: not set */
    const char *locale; /* LC_ALL */
    int width, height;
    bool ignore_hangup;      /* as under nohup */
    bool autosave;           /* else an earlier test's session is not offered on the last row */
    const char *variable[4]; /* more of the environment: name, value, name, value */
    const char *argument[4]; /* of the program */
} PtyOptions;

/* An xterm of 80 x 24 in UTF-8. */
extern const PtyOptions pty_usual;

typedef struct Pty {
    int master, slave; /* -1: closed */
    int events;
    pid_t shell, program;
    VTerm *vterm; /* NULL where it is narrower than libvterm can bear */
    VTermScreen *screen;
    int width, height;
    struct termios before;
    bool full_screen, cursor_hidden; /* as the program has asked last */
    size_t bytes;                    /* that it has written */
    bool deaf;                       /* nobody reads what it writes, until its buffer is full */
    bool stopped, ended;
    int status; /* of waitpid, when it has ended */
} Pty;

/* Starts the program that the environment variable GPTOSCOPE names. */
void pty_start(Pty *pty, const PtyOptions *options);

/* Ends what is still running. */
void pty_release(Pty *pty);

void pty_send(Pty *pty, const char *keys);
void pty_resize(Pty *pty, int width, int height);

/* The terminal goes away. */
void pty_hang_up(Pty *pty);

/* Passes on what the program writes for so many seconds. */
void pty_run(Pty *pty, double seconds);

/* Whether some row, or row y (from the end if negative), holds a text now. */
bool pty_shows(const Pty *pty, const char *text);
bool pty_shows_at(const Pty *pty, int y, const char *text);

/* Runs until it does; false after so many seconds. */
bool pty_wait_for(Pty *pty, const char *text, double seconds);
bool pty_wait_at(Pty *pty, int y, const char *text, double seconds);

/* Runs until the first byte arrives, the program stops, or it ends. */
bool pty_wait_output(Pty *pty, double seconds);
bool pty_wait_stop(Pty *pty, double seconds);

/* The exit status, or 128 + the signal that ended it; -1 if it still runs after so many seconds. */
int pty_wait_end(Pty *pty, double seconds);

/* Whether it has asked for marks round pasted text. */
bool pty_marks_pastes(const Pty *pty);

/* Whether the terminal is as it was: modes, ordinary screen, cursor, no marks. */
bool pty_is_restored(const Pty *pty);

/* Seconds of CPU that the program has used. */
double pty_cpu(const Pty *pty);

#endif
