/* The one thin layer between the program and the system's memory and files.
 *
 * Every allocation and every file operation of the program goes through here, so that a test can
 * make each of them fail in turn, and so that the rules for opening and saving files are kept in
 * one place:
 *
 *   opening   O_NONBLOCK | O_NOCTTY | O_CLOEXEC, then fstat: a regular file no larger than the caller's limit. A folder,
 *             FIFO, device or socket is refused at once, with a reason.
 *   saving    a new file with a random name in the same folder, written whole, flushed to disk, renamed over the target,
 *             the folder flushed: a file under its own name is always whole. A link is followed, the mode is kept; a
 *             folder, a device, a FIFO or a write-protected file is not replaced.
 *
 * Memory: sys_alloc zeroes; sizes are checked products; NULL means "no memory". Blocks are given
 * back by sys_free. */
#ifndef GPTOSCOPE_ENGINE_SYS_H
#define GPTOSCOPE_ENGINE_SYS_H

#include "engine/error.h"
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* count x size zeroed bytes, or NULL (also when the product overflows). A request for 0 bytes gives
 * a block. */
void *sys_alloc(size_t count, size_t size);

/* block, resized to count x size bytes; bytes beyond the old size are not set. NULL leaves block as
 * it was. */
void *sys_resize(void *block, size_t count, size_t size);

void sys_free(void *block);

/* Reads a whole regular file of at most limit bytes into a new block, followed by one 0 byte that
 * is not counted. Errors: "PATH: reason", for a missing, unreadable, too large or irregular file.
 * The caller owns *bytes. */
bool sys_read_file(const char *path, size_t limit, char **bytes, size_t *length, Error *error);

/* The path from the root without a link, in a new block; NULL if there is no such file, with
 * errno. */
char *sys_real_path(const char *path);

/* One piece of a file to be written. */
typedef struct SysPiece {
    const void *bytes;
    size_t length;
} SysPiece;

/* Writes the pieces, one after another, as the file at path; all or nothing. Errors: "PATH:
 * reason"; the file is then as it was, or whole and new if it was only the last flush of the
 * folder that failed. A temporary file of an earlier save that was killed (same folder, older
 * than a minute) is swept. The program ignores SIGXFSZ, or a limit on the size of files would
 * end it here. */
bool sys_write_file(const char *path, const SysPiece *pieces, size_t count, Error *error);

/* Whether that may be written at all, asked before the work that makes it; nothing is touched.
 * Errors: as above, as far as they are known without writing. */
bool sys_may_write(const char *path, Error *error);

/* Removes what saves that were killed have left beside a file: temporary files of this user, older
 * than a minute. */
void sys_sweep(const char *path);

/* Removes a file; one that is not there is no error. Errors: "PATH: reason". */
bool sys_remove_file(const char *path, Error *error);

/* When a file was written last, in seconds of the system's clock; 0: there is none. */
double sys_file_time(const char *path);

/* Locks keep programs apart: a lock is a number, held by at most one process, and given back by the
 * system when that ends, however it ends. The file of the locks is empty and stays. Returns a handle
 * for the others, or -1. Errors: "PATH: reason". */
int sys_open_locks(const char *path, Error *error);
bool sys_take_lock(int locks, int64_t number);
void sys_give_lock(int locks, int64_t number);
void sys_close_locks(int locks);

/* A stream into memory: once it is closed, *bytes has what was printed, for sys_free. NULL: no
 * memory. */
FILE *sys_open_memory(char **bytes, size_t *length);

/* Makes a folder, and those above it, where they are not there yet; for the user alone. Errors:
 * "PATH: reason". */
bool sys_make_folder(const char *path, Error *error);

/* One entry of a folder (not . and ..); false: enough was seen. */
typedef bool SysVisit(void *context, const char *name, bool is_folder);

/* Visits the entries of a folder, in no order. Errors: "PATH: reason". */
bool sys_visit_folder(const char *path, SysVisit *visit, void *context, Error *error);

/* Bytes of memory that the machine has; infinite where nobody knows. */
double sys_memory(void);

/* Seconds on a clock that only goes forward. */
double sys_seconds(void);

#endif
