/* An empty folder for a test that writes files: the current one from scratch_enter to
 * scratch_leave, which removes it with all that is in it. As a checked fixture:
 * tcase_add_checked_fixture(tests, scratch_enter, scratch_leave). */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <stddef.h>

void scratch_enter(void);
void scratch_leave(void);

/* Makes a file of length bytes, or of a text. */
void scratch_write(const char *name, const void *bytes, size_t length);
void scratch_put(const char *name, const char *text);

/* Fails unless the file holds this text and nothing more. */
void scratch_expect(const char *name, const char *text);

/* How many entries the folder has, hidden ones too. */
int scratch_entries(void);

#endif
