/* Interrupt: Ctrl-C and its like while there is no screen: noted, and asked for between two steps.
 * A second one ends the program at once. */
#ifndef GPTOSCOPE_TERM_INTERRUPT_H
#define GPTOSCOPE_TERM_INTERRUPT_H

#include <stdbool.h>

/* From now on SIGINT and SIGTERM are noted; a full disk or a closed pipe is an error of the write,
 * not a signal. */
void interrupt_install(void);

bool interrupt_noted(void);

/* In every mode: a file that grows beyond a limit is an error, not the end of the program. */
void interrupt_ignore_limits(void);

#endif
