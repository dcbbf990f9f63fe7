/* Loop: keys, work and frames, in turn, until the program ends.
 *
 *     wait      for a key, a signal, the next frame's time or the next work, whichever is first
 *     keys      all that have arrived -> app_key
 *     work      a slice of training, short enough that a key never waits for longer than a frame ->
 * app_work frame     if something has changed, at most 30 times a second -> layout_draw ->
 * terminal_present
 *
 * When nothing moves it sleeps. A terminal that does not read (a slow line) gets fewer frames;
 * training goes on. */
#ifndef GPTOSCOPE_TERM_LOOP_H
#define GPTOSCOPE_TERM_LOOP_H

#include "app/app.h"
#include "term/terminal.h"

enum { LOOP_NO_SCREEN = 2 }; /* exit status */

/* Runs the program on the terminal. Returns the exit status: 0 after the quit command, 128 + N
 * after signal N (also for a terminal that went away: SIGHUP), LOOP_NO_SCREEN with *error filled if
 * there is no terminal to run on. */
int loop_run(App *app, const TerminalOptions *options, Error *error);

#endif
