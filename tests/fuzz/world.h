/* World: what the program under a fuzz target sees of the machine. The linker puts functions of
 * this file in the place of the program's:
 *
 *     reading    WORLD_DOCUMENTS holds three short documents; every other path holds the bytes under test
 *     a folder   holds a file and a folder
 *     writing    succeeds, and nothing is written
 *     kernels    are taken to be right: to try them takes longer than most executions */
#ifndef TESTS_FUZZ_WORLD_H
#define TESTS_FUZZ_WORLD_H

#include "app/app.h"
#include <stdint.h>

#define WORLD_DOCUMENTS "documents"
#define WORLD_FILE      "." /* also there for who looks by other means */

/* What every path but WORLD_DOCUMENTS holds from now on; borrowed. */
void world_serve(const uint8_t *bytes, size_t length);

/* A copy that ends with a 0, for sys_free. */
char *world_copy(const uint8_t *bytes, size_t length);

/* Settings of a run so small that one is made in no time. */
Settings world_settings(void);

/* The program on such a run, paused at its beginning. */
void world_open_app(App *app);

/* Stops unless text is safe to show, but for the bytes in `also` (app/text.h). */
void world_expect_safe(const char *text, size_t length, const char *also);

#endif
