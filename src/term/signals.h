/* Signals: what the system wants from the program while it has the terminal.
 *
 *     SIGINT SIGTERM SIGHUP       noted; the loop ends. One second later the program ends from the
 * handler, should the loop be stuck in a write to a terminal that no longer reads SIGTSTP SIGCONT
 * SIGWINCH    noted; the loop leaves the screen and stops, paints anew, takes the new size SIGSEGV
 * SIGABRT ... SIGQUIT the terminal is restored from the handler, then the signal does what it
 * always does
 *
 * Those noted are blocked except while the loop waits: one cannot arrive between looking and
 * falling asleep, and none interrupts curses. Signals that were ignored when the program started
 * (nohup) stay ignored. */
#ifndef GPTOSCOPE_TERM_SIGNALS_H
#define GPTOSCOPE_TERM_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

/* Before curses starts: it leaves alone what is already handled. */
void signals_install(void);

/* Gives every signal back to whom it belonged. */
void signals_release(void);

/* The mask to wait with: everything let through. */
const sigset_t *signals_waiting_mask(void);

/* The signal that wants the program to end, or 0. */
int signals_end(void);

/* Whether such a signal has come since the last call. */
bool signals_take_stop(void);
bool signals_take_resume(void);
bool signals_take_resize(void);

/* Stops the program as Ctrl-Z does by default; returns when it goes on. */
void signals_stop_here(void);

/* Lets ending signals through while writing to the terminal, which may never return. */
void signals_begin_output(void);
void signals_finish_output(void);

/* From now on a fatal signal writes these bytes to the terminal and sets its modes, before it ends
 * the program. The bytes are copied, cut at an internal limit. */
void signals_arm_rescue(int fd, const char *bytes, size_t length, const struct termios *modes);
void signals_disarm_rescue(void);

#endif
