/* The program without a terminal, for the app's tests: keys are typed at it by name, and what it
 * does is looked at in its state. */
#ifndef TESTS_APP_PROGRAM_H
#define TESTS_APP_PROGRAM_H

#include "app/app.h"

/* Options of the run, as for test_settings; a small model learning tests/data/words.txt, paused at
 * its beginning. */
App *program_open(const char *options);
void program_close(App *app);

/* Presses keys, named with blanks between: "g : Tab Enter". */
Change program_press(App *app, const char *keys);

/* Presses the keys that type a text. */
void program_type(App *app, const char *text);

/* Opens the prompt, types a command, enters it, and works until nothing is left to do. */
void program_enter(App *app, const char *command);
void program_settle(App *app);

/* Fails unless it stands at that moment, as it is written. */
void program_at(const App *app, const char *moment);

/* Fails unless both stand at the same moment with the same digest. */
void program_same(const App *a, const App *b);

#endif
