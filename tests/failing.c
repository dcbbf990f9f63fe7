#include "failing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

World world;

void world_arm(Fault fault, long at)
{
    world = (World){.armed = true, .fault = fault, .at = at};
}

void world_disarm(void)
{
    world.armed = false;
}

static bool fails(const char *function, int reason)
{
    if (!world.armed || world.fault == FAULT_SHORT || world.fault == FAULT_INTERRUPTED)
        return false;
    if (world.memory_spared && reason == ENOMEM)
        return false;
    world.calls++;
    if (world.calls < world.at || (world.fault == FAULT_ONCE && world.calls > world.at))
        return false;
    if (!world.failed)
        world.failed = function;
    errno = reason;
    return true;
}

static bool interrupted(void)
{
    if (!world.armed || world.fault != FAULT_INTERRUPTED)
        return false;
    world.interrupt = !world.interrupt;
    errno = EINTR;
    return world.interrupt;
}

static size_t shortened(size_t length)
{
    return world.armed && world.fault == FAULT_SHORT && length > 97 ? 97 : length;
}

static void *taken(void *block)
{
    world.blocks += world.armed && block;
    return block;
}

#define WRAP(type, name, arguments) \
    type __real_##name arguments;   \
    type __wrap_##name arguments;   \
    type __wrap_##name arguments

WRAP(void *, malloc, (size_t size))
{
    return fails("malloc", ENOMEM) ? NULL : taken(__real_malloc(size));
}

WRAP(void *, calloc, (size_t count, size_t size))
{
    return fails("calloc", ENOMEM) ? NULL : taken(__real_calloc(count, size));
}

WRAP(void *, realloc, (void *block, size_t size))
{
    if (fails("realloc", ENOMEM))
        return NULL;
    return block ? __real_realloc(block, size) : taken(__real_realloc(block, size));
}

WRAP(void, free, (void *block))
{
    world.blocks -= world.armed && block;
    __real_free(block);
}

WRAP(char *, realpath, (const char *path, char *room))
{
    return fails("realpath", ENOMEM) ? NULL : taken(__real_realpath(path, room));
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    int care = O_CLOEXEC | O_NOCTTY | (flags & (O_CREAT | O_DIRECTORY) ? 0 : O_NONBLOCK);
    world.careless |= world.armed && (flags & care) != care;
    int file = fails("open", EMFILE) ? -1 : __real_open(path, flags, mode);
    world.files += world.armed && file >= 0;
    return file;
}

WRAP(int, fstat, (int file, struct stat *status))
{
    return fails("fstat", EIO) ? -1 : __real_fstat(file, status);
}

WRAP(ssize_t, read, (int file, void *bytes, size_t length))
{
    return interrupted() || fails("read", EIO) ? -1 : __real_read(file, bytes, shortened(length));
}

WRAP(ssize_t, write, (int file, const void *bytes, size_t length))
{
    return interrupted() || fails("write", ENOSPC) ? -1
                                                   : __real_write(file, bytes, shortened(length));
}

/* What is flushed cannot be seen from here, and takes its time. */
WRAP(int, fsync, (int file))
{
    return interrupted() || fails("fsync", EIO) ? -1 : world.armed ? 0 : __real_fsync(file);
}

WRAP(int, rename, (const char *from, const char *to))
{
    return fails("rename", EIO) ? -1 : __real_rename(from, to);
}

/* A descriptor is given back in any case. */
WRAP(int, close, (int file))
{
    bool failed = fails("close", EIO);
    world.files -= world.armed;
    return __real_close(file) != 0 || failed ? -1 : 0;
}

WRAP(int, stat, (const char *path, struct stat *status))
{
    return fails("stat", EIO) ? -1 : __real_stat(path, status);
}

WRAP(int, faccessat, (int folder, const char *path, int mode, int flags))
{
    return fails("faccessat", EIO) ? -1 : __real_faccessat(folder, path, mode, flags);
}

WRAP(int, mkdir, (const char *path, mode_t mode))
{
    return fails("mkdir", ENOSPC) ? -1 : __real_mkdir(path, mode);
}

WRAP(DIR *, opendir, (const char *path))
{
    return fails("opendir", EMFILE) ? NULL : __real_opendir(path);
}

/* Its bytes are the program's to free. */
static FILE *given(FILE *stream)
{
    world.blocks += world.armed && stream;
    return stream;
}

WRAP(FILE *, open_memstream, (char **bytes, size_t *length))
{
    return fails("open_memstream", ENOMEM) ? NULL : given(__real_open_memstream(bytes, length));
}

WRAP(int, getentropy, (void *bytes, size_t length))
{
    return fails("getentropy", EIO) ? -1 : __real_getentropy(bytes, length);
}
