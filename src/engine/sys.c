#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "engine/sys.h"

#include "engine/words.h"
#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#ifdef __APPLE__
#include <sys/random.h>
#endif

enum {
    CHUNK = 1 << 30,    /* one read or write: some systems refuse more than 2^31 - 1 bytes */
    STALE_SECONDS = 60, /* age at which a temporary file has lost its owner */
    PATH_SHOWN = 300,   /* bytes of a path in an error: the reason must still fit */
    NAME_TRIES = 16     /* random names tried before giving up */
};

/* Names of temporary files all have the same length, so that one buffer holds the path of any. */
static const char temporary_form[] = ".gptoscope-%016llx.tmp";
enum { NAME_PREFIX = 11, NAME_DIGITS = 16, NAME_LENGTH = NAME_PREFIX + NAME_DIGITS + 4 };

void *sys_alloc(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    return calloc(bytes ? bytes : 1, 1);
}

void *sys_resize(void *block, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    return realloc(block, bytes ? bytes : 1);
}

void sys_free(void *block)
{
    free(block);
}

double sys_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

double sys_memory(void)
{
    const long pages = sysconf(_SC_PHYS_PAGES), bytes = sysconf(_SC_PAGESIZE);
    return pages > 0 && bytes > 0 ? (double)pages * (double)bytes : INFINITY;
}

/* The end of a very long path: it says more than its beginning. */
static const char *path_end(const char *path)
{
    size_t length = strlen(path);
    return length > PATH_SHOWN ? path + length - PATH_SHOWN : path;
}

static bool refuse(Error *error, const char *path, int reason)
{
    return error_set(error, "%s: %s", path_end(path), strerror(reason));
}

static bool refuse_kind(Error *error, const char *path, mode_t mode)
{
    const char *kind = S_ISDIR(mode)    ? N_("a folder")
                       : S_ISFIFO(mode) ? N_("a FIFO")
                       : S_ISSOCK(mode) ? N_("a socket")
                                        : N_("a device");
    return error_set(error, "%s: is %s, not a file", path_end(path), _(kind));
}

/* A size in words, rounded up: what is beyond a limit must not read like the limit. */
static void size_words(uintmax_t bytes, char text[32])
{
    static const char *const units[] = {N_("bytes"), "KB", "MB", "GB"};
    size_t unit = 0;
    for (; bytes >= 1024 && unit < 3; unit++)
        bytes = bytes / 1024 + (bytes % 1024 != 0);
    snprintf(text, 32, "%ju %s", bytes, _(units[unit]));
}

static bool refuse_size(Error *error, const char *path, uintmax_t size, size_t limit)
{
    char has[32], may[32];
    size_words(size, has);
    size_words(limit, may);
    return error_set(error, "%s: %s, the limit is %s", path_end(path), has, may);
}

static bool check_readable(const char *path, const struct stat *status, size_t limit, Error *error)
{
    if (!S_ISREG(status->st_mode))
        return refuse_kind(error, path, status->st_mode);
    if (status->st_size < 0 || (uintmax_t)status->st_size > limit)
        return refuse_size(error, path, (uintmax_t)status->st_size, limit);
    return true;
}

/* Looks at the file before it is opened, since opening alone can act (a tape rewinds), and again
 * afterwards, since another file may have taken its place meanwhile. */
static bool open_to_read(const char *path, size_t limit, int *file, size_t *size, Error *error)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return refuse(error, path, errno);
    if (!check_readable(path, &status, limit, error))
        return false;
    *file = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (*file < 0)
        return refuse(error, path, errno);
    bool good = fstat(*file, &status) == 0 ? check_readable(path, &status, limit, error)
                                           : refuse(error, path, errno);
    *size = good ? (size_t)status.st_size : 0;
    if (!good)
        close(*file);
    return good;
}

static ssize_t read_some(int file, char *to, size_t room)
{
    ssize_t got;
    do
        got = read(file, to, room < CHUNK ? room : CHUNK);
    while (got < 0 && errno == EINTR);
    return got;
}

/* Reads to the end of the file, which may have grown since its size was looked up, or have had none
 * (as in /proc). Returns 0, or the reason; the caller frees *bytes in both cases. *length > limit:
 * the file is too large. */
static int read_to_end(int file, size_t size, size_t limit, char **bytes, size_t *length)
{
    size_t room = 0, wanted = size + 1; /* one byte more shows whether there is more */
    for (*length = 0; *length <= limit;) {
        if (*length == room) {
            char *more = sys_resize(*bytes, wanted + 1, 1);
            if (!more)
                return ENOMEM;
            *bytes = more;
            room = wanted;
            wanted = 2 * room < limit + 1 ? 2 * room : limit + 1;
        }
        ssize_t got = read_some(file, *bytes + *length, room - *length);
        if (got < 0)
            return errno;
        if (got == 0)
            break;
        *length += (size_t)got;
    }
    (*bytes)[*length] = 0;
    return 0;
}

bool sys_read_file(const char *path, size_t limit, char **bytes, size_t *length, Error *error)
{
    assert(limit < SIZE_MAX / 4);
    int file = -1;
    size_t size = 0;
    *bytes = NULL;
    *length = 0;
    if (!open_to_read(path, limit, &file, &size, error))
        return false;
    int reason = read_to_end(file, size, limit, bytes, length);
    close(file);
    if (!reason && *length <= limit)
        return true;
    sys_free(*bytes);
    *bytes = NULL;
    return reason ? refuse(error, path, reason) : refuse_size(error, path, *length, limit);
}

/* Whether a save may replace what stands at target. What is no file stays (a rename over /dev/null
 * would replace it), and so does a file that is write-protected. The mode is kept. */
static bool check_replaceable(const char *target, const char *path, mode_t *mode, Error *error)
{
    struct stat status;
    if (stat(target, &status) != 0)
        return refuse(error, path, errno);
    if (!S_ISREG(status.st_mode))
        return refuse_kind(error, path, status.st_mode);
    if (faccessat(AT_FDCWD, target, W_OK, AT_EACCESS) != 0)
        return refuse(error, path, errno);
    *mode = status.st_mode & 0777;
    return true;
}

/* Length of the folder's part of a path, with its slash; 0: the current folder. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

static unsigned long long random_bits(void)
{
    unsigned long long bits;
#ifdef HAVE_GETENTROPY
    if (getentropy(&bits, sizeof bits) == 0)
        return bits;
#endif
    struct timespec now; /* O_EXCL keeps names apart; this only makes a second try rare */
    clock_gettime(CLOCK_REALTIME, &now);
    bits = (unsigned long long)now.tv_nsec << 32 ^ (unsigned long long)now.tv_sec;
    return (bits ^ (unsigned long long)getpid() << 16) * 0x9e3779b97f4a7c15u;
}

static bool is_temporary_name(const char *name)
{
    return strlen(name) == NAME_LENGTH && strncmp(name, temporary_form, NAME_PREFIX) == 0 &&
           strspn(name + NAME_PREFIX, "0123456789abcdef") == NAME_DIGITS &&
           strcmp(name + NAME_PREFIX + NAME_DIGITS, ".tmp") == 0;
}

/* Removes what saves that were killed have left in the folder. path is the folder's, with room for
 * a name behind it. */
static void sweep_temporaries(char *path, size_t folder)
{
    path[folder] = 0;
    DIR *entries = opendir(folder ? path : ".");
    if (!entries)
        return;
    for (struct dirent *entry; (entry = readdir(entries));) {
        struct stat status;
        if (!is_temporary_name(entry->d_name))
            continue;
        memcpy(path + folder, entry->d_name, NAME_LENGTH + 1);
        if (lstat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
            time(NULL) - status.st_mtime > STALE_SECONDS)
            unlink(path);
    }
    closedir(entries);
}

/* Makes a new file behind the folder in path. Returns its descriptor, or -1 with errno. */
static int create_temporary(char *path, size_t folder, mode_t mode)
{
    int file = -1;
    for (int i = 0; i < NAME_TRIES && file < 0 && (i == 0 || errno == EEXIST); i++) {
        snprintf(path + folder, NAME_LENGTH + 1, temporary_form, random_bits());
        file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOCTTY | O_CLOEXEC, mode);
    }
    return file;
}

static bool write_bytes(int file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t done = write(file, bytes, length < CHUNK ? length : CHUNK);
        if (done < 0 && errno == EINTR)
            continue;
        if (done == 0)
            errno = EIO;
        if (done <= 0)
            return false;
        bytes += done;
        length -= (size_t)done;
    }
    return true;
}

/* Some file systems cannot be asked to flush; then there is nothing to wait for. */
static bool flush(int file)
{
    int result;
    do
        result = fsync(file);
    while (result != 0 && errno == EINTR);
    return result == 0 || errno == EINVAL || errno == ENOTSUP || errno == ENOSYS;
}

/* Writes, flushes and closes. Returns 0, or the reason. */
static int fill_file(int file, const SysPiece *pieces, size_t count)
{
    bool whole = true;
    for (size_t i = 0; whole && i < count; i++)
        whole = write_bytes(file, pieces[i].bytes, pieces[i].length);
    int reason = whole && flush(file) ? 0 : errno;
    if (close(file) != 0 && !reason && errno != EINTR)
        reason = errno;
    return reason;
}

/* Makes a rename in the folder last. A folder that may be written but not read cannot be flushed.
 */
static int flush_folder(char *path, size_t folder)
{
    path[folder] = 0;
    int file = open(folder ? path : ".", O_RDONLY | O_DIRECTORY | O_NOCTTY | O_CLOEXEC);
    if (file < 0)
        return errno == EACCES ? 0 : errno;
    int reason = flush(file) ? 0 : errno;
    close(file);
    return reason;
}

/* Returns 0, or the reason; then target is as it was, unless it was only the last flush that
 * failed. */
static int replace_file(const char *target, mode_t mode, const SysPiece *pieces, size_t count)
{
    size_t folder = folder_length(target);
    char *path = sys_alloc(folder + NAME_LENGTH + 1, 1);
    if (!path)
        return ENOMEM;
    memcpy(path, target, folder);
    sweep_temporaries(path, folder);
    int file = create_temporary(path, folder, mode);
    int reason = file < 0 ? errno : fill_file(file, pieces, count);
    if (!reason && rename(path, target) != 0)
        reason = errno;
    if (reason && file >= 0)
        unlink(path);
    if (!reason)
        reason = flush_folder(path, folder);
    sys_free(path);
    return reason;
}

void sys_sweep(const char *path)
{
    size_t folder = folder_length(path);
    char *room = sys_alloc(folder + NAME_LENGTH + 1, 1);
    if (!room)
        return;
    memcpy(room, path, folder);
    sweep_temporaries(room, folder);
    sys_free(room);
}

bool sys_remove_file(const char *path, Error *error)
{
    return unlink(path) == 0 || errno == ENOENT || refuse(error, path, errno);
}

double sys_file_time(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 ? (double)status.st_mtime : 0;
}

/* ---- locks ----------------------------------------------------------------------------------- */

int sys_open_locks(const char *path, Error *error)
{
    int locks = open(path, O_RDWR | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0600);
    if (locks < 0)
        refuse(error, path, errno);
    return locks;
}

/* A lock is one byte of the file, which need not be there. */
static bool set_lock(int locks, int64_t number, short kind)
{
    struct flock lock = {.l_type = kind, .l_whence = SEEK_SET, .l_len = 1};
    lock.l_start = (off_t)number;
    return fcntl(locks, F_SETLK, &lock) == 0;
}

bool sys_take_lock(int locks, int64_t number)
{
    return set_lock(locks, number, F_WRLCK);
}

void sys_give_lock(int locks, int64_t number)
{
    set_lock(locks, number, F_UNLCK);
}

void sys_close_locks(int locks)
{
    close(locks);
}

/* ---- where saves go -------------------------------------------------------------------------- */

char *sys_real_path(const char *path)
{
    return realpath(path, NULL);
}

/* Where a save to path goes, and whether one may: *target is what a link leads to, or NULL for a
 * new file. The caller frees it in both cases. */
static bool find_target(const char *path, char **target, mode_t *mode, Error *error)
{
    *target = sys_real_path(path);
    if (!*target && errno != ENOENT)
        return refuse(error, path, errno);
    return !*target || check_replaceable(*target, path, mode, error);
}

bool sys_write_file(const char *path, const SysPiece *pieces, size_t count, Error *error)
{
    mode_t mode = 0666;
    char *target;
    bool may = find_target(path, &target, &mode, error);
    int reason = may ? replace_file(target ? target : path, mode, pieces, count) : 0;
    sys_free(target);
    return reason ? refuse(error, path, reason) : may;
}

/* Whether a file can be made beside the target. Returns 0, or the reason. */
static int check_folder(const char *target)
{
    size_t folder = folder_length(target);
    char *path = sys_alloc(folder + 2, 1);
    if (!path)
        return ENOMEM;
    memcpy(path, folder ? target : ".", folder ? folder : 1);
    int reason = faccessat(AT_FDCWD, path, W_OK | X_OK, AT_EACCESS) == 0 ? 0 : errno;
    sys_free(path);
    return reason ? reason : target[folder] ? 0 : ENOENT;
}

bool sys_may_write(const char *path, Error *error)
{
    mode_t mode;
    char *target;
    bool may = find_target(path, &target, &mode, error);
    int reason = may ? check_folder(target ? target : path) : 0;
    sys_free(target);
    return reason ? refuse(error, path, reason) : may;
}

static bool make_one_folder(const char *path, Error *error)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST || refuse(error, path, errno);
}

FILE *sys_open_memory(char **bytes, size_t *length)
{
    return open_memstream(bytes, length);
}

bool sys_make_folder(const char *path, Error *error)
{
    char *part = sys_alloc(strlen(path) + 1, 1);
    bool made = part != NULL;
    if (!part)
        return refuse(error, path, ENOMEM);
    for (const char *slash = strchr(path + (*path == '/'), '/'); made && slash;
         slash = strchr(slash + 1, '/')) {
        memcpy(part, path, (size_t)(slash - path));
        part[slash - path] = 0;
        made = make_one_folder(part, error);
    }
    sys_free(part);
    return made && make_one_folder(path, error);
}

/* A link counts as what it leads to. */
static bool leads_to_folder(DIR *entries, const char *name)
{
    struct stat status;
    return fstatat(dirfd(entries), name, &status, 0) == 0 && S_ISDIR(status.st_mode);
}

bool sys_visit_folder(const char *path, SysVisit *visit, void *context, Error *error)
{
    DIR *entries = opendir(path);
    if (!entries)
        return refuse(error, path, errno);
    bool more = true;
    for (struct dirent *entry; more && (entry = readdir(entries));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            more = visit(context, entry->d_name, leads_to_folder(entries, entry->d_name));
    closedir(entries);
    return true;
}
