#include "engine/sys.h"

#include "scratch.h"
#include "suites.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { LIMIT = 3 << 20, NOBODY = 65534 };

static bool write_text(const char *path, const char *text, Error *error)
{
    SysPiece piece = {text, strlen(text)};
    return sys_write_file(path, &piece, 1, error);
}

/* Root may read and write anything: these tests are about everybody else. */
static void become_somebody(void)
{
    if (geteuid() == 0)
        ck_assert(chmod(".", 0777) == 0 && seteuid(NOBODY) == 0);
}

static void become_root_again(void)
{
    if (getuid() == 0)
        ck_assert(seteuid(0) == 0);
}

/* ---- memory ---------------------------------------------------------------------------------- */

START_TEST(a_new_block_holds_zeros)
{
    unsigned char *block = sys_alloc(100, 10);
    ck_assert(block);
    for (int i = 0; i < 1000; i++)
        ck_assert_uint_eq(block[i], 0);
    sys_free(block);
}
END_TEST

START_TEST(a_block_of_nothing_is_a_block)
{
    void *none = sys_alloc(0, 8), *resized = sys_resize(NULL, 0, 8);
    ck_assert(none && resized);
    sys_free(none);
    sys_free(resized);
}
END_TEST

START_TEST(a_size_beyond_all_numbers_is_no_memory)
{
    void *block = sys_alloc(1, 8);
    ck_assert_ptr_null(sys_alloc(SIZE_MAX / 2 + 1, 2));
    ck_assert_ptr_null(sys_resize(block, SIZE_MAX / 8 + 2, 8));
    sys_free(block);
}
END_TEST

START_TEST(a_resized_block_keeps_its_bytes)
{
    char *block = sys_alloc(4, 1);
    memcpy(block, "abc", 4);
    block = sys_resize(block, 1 << 20, 1);
    ck_assert_str_eq(block, "abc");
    sys_free(block);
}
END_TEST

/* ---- reading --------------------------------------------------------------------------------- */

START_TEST(a_file_is_read_whole_with_a_zero_behind_it)
{
    static const char bytes[] = "one\0two\n";
    char *read;
    size_t length;
    Error error;
    scratch_write("a", bytes, sizeof bytes - 1);
    ck_assert_msg(sys_read_file("a", LIMIT, &read, &length, &error), "%s", error.text);
    ck_assert_uint_eq(length, sizeof bytes - 1);
    ck_assert_mem_eq(read, bytes, sizeof bytes);
    sys_free(read);
}
END_TEST

START_TEST(an_empty_file_is_read_as_no_bytes)
{
    char *read;
    size_t length;
    scratch_put("a", "");
    ck_assert(sys_read_file("a", LIMIT, &read, &length, NULL));
    ck_assert_uint_eq(length, 0);
    ck_assert_int_eq(read[0], 0);
    sys_free(read);
}
END_TEST

START_TEST(a_file_may_be_as_large_as_the_limit_and_no_larger)
{
    char *read;
    size_t length;
    Error error;
    scratch_put("a", "12345678");
    ck_assert(sys_read_file("a", 8, &read, &length, NULL));
    sys_free(read);
    ck_assert(!sys_read_file("a", 7, &read, &length, &error));
    ck_assert_str_eq(error.text, "a: 8 bytes, the limit is 7 bytes");
    ck_assert_ptr_null(read);
}
END_TEST

/* The kernel makes such a file while it is read: its size is told as 0. */
START_TEST(a_file_that_does_not_tell_its_size_is_read_up_to_the_limit)
{
    const char *path = "/proc/self/smaps";
    char *read;
    size_t length;
    Error error;
    if (access(path, R_OK) != 0)
        return;
    ck_assert_msg(sys_read_file(path, LIMIT, &read, &length, &error), "%s", error.text);
    ck_assert_uint_gt(length, 1000);
    ck_assert_uint_eq(strlen(read), length);
    sys_free(read);
    ck_assert(!sys_read_file(path, 1000, &read, &length, &error));
    ck_assert_str_eq(error.text, "/proc/self/smaps: 1001 bytes, the limit is 1000 bytes");
}
END_TEST

static void make_socket(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int file = socket(AF_UNIX, SOCK_STREAM, 0);
    strcpy(address.sun_path, name);
    ck_assert(bind(file, (struct sockaddr *)&address, sizeof address) == 0);
    close(file);
}

static void make_odd_files(void)
{
    ck_assert(mkdir("folder", 0755) == 0 && mkfifo("fifo", 0644) == 0);
    ck_assert(symlink("nowhere", "dangling") == 0 && symlink("circle", "circle") == 0);
    make_socket("socket");
    scratch_put("file", "x");
    scratch_put("large", "");
    ck_assert(truncate("large", LIMIT + 1) == 0);
}

START_TEST(what_is_no_readable_file_is_refused_with_the_reason)
{
    static const struct {
        const char *path, *error;
    } rows[] = {
        {"missing", "missing: No such file or directory"},
        {"", ": No such file or directory"},
        {"file/x", "file/x: Not a directory"},
        {"dangling", "dangling: No such file or directory"},
        {"circle", "circle: Too many levels of symbolic links"},
        {"folder", "folder: is a folder, not a file"},
        {"fifo", "fifo: is a FIFO, not a file"},
        {"socket", "socket: is a socket, not a file"},
        {"/dev/zero", "/dev/zero: is a device, not a file"},
        {"/dev/tty", "/dev/tty: is a device, not a file"},
        {"large", "large: 4 MB, the limit is 3 MB"},
    };
    make_odd_files();
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *read = (char *)"";
        size_t length = 1;
        Error error = {""};
        ck_assert(!sys_read_file(rows[i].path, LIMIT, &read, &length, &error));
        ck_assert_str_eq(error.text, rows[i].error);
        ck_assert_ptr_null(read);
    }
}
END_TEST

START_TEST(a_file_that_may_not_be_read_is_refused)
{
    char *read;
    size_t length;
    Error error;
    scratch_put("secret", "x");
    chmod("secret", 0);
    become_somebody();
    bool good = sys_read_file("secret", LIMIT, &read, &length, &error);
    become_root_again();
    ck_assert(!good);
    ck_assert_str_eq(error.text, "secret: Permission denied");
}
END_TEST

START_TEST(a_very_long_path_leaves_room_for_the_reason)
{
    char path[3000], *read;
    size_t length;
    Error error;
    memset(path, 'x', sizeof path);
    for (size_t i = 100; i < sizeof path; i += 100)
        path[i] = '/';
    strcpy(path + sizeof path - 10, "names.txt");
    ck_assert(!sys_read_file(path, LIMIT, &read, &length, &error));
    ck_assert_ptr_nonnull(strstr(error.text, "names.txt: No such file or directory"));
}
END_TEST

START_TEST(reading_leaves_no_file_open)
{
    char *read;
    size_t length;
    make_odd_files();
    int before = open(".", O_RDONLY);
    close(before);
    ck_assert(sys_read_file("file", LIMIT, &read, &length, NULL));
    sys_free(read);
    sys_read_file("large", LIMIT, &read, &length, NULL);
    sys_read_file("/proc/self/smaps", 10, &read, &length, NULL);
    write_text("file", "y", NULL);
    write_text("folder", "y", NULL);
    int after = open(".", O_RDONLY);
    close(after);
    ck_assert_int_eq(before, after);
}
END_TEST

/* ---- writing --------------------------------------------------------------------------------- */

START_TEST(pieces_are_written_one_behind_the_other)
{
    SysPiece pieces[] = {{"one ", 4}, {"", 0}, {NULL, 0}, {"two", 3}};
    Error error;
    ck_assert_msg(sys_write_file("a", pieces, COUNT(pieces), &error), "%s", error.text);
    scratch_expect("a", "one two");
    ck_assert_int_eq(scratch_entries(), 1);
}
END_TEST

START_TEST(a_new_file_has_the_mode_that_any_program_gives)
{
    struct stat status;
    umask(027);
    ck_assert(write_text("a", "x", NULL) && stat("a", &status) == 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0640);
}
END_TEST

START_TEST(a_file_is_replaced_and_keeps_its_mode)
{
    struct stat status;
    scratch_put("a", "a longer text than the new one");
    chmod("a", 0600);
    ck_assert(write_text("a", "new", NULL) && stat("a", &status) == 0);
    scratch_expect("a", "new");
    ck_assert_uint_eq(status.st_mode & 0777, 0600);
    ck_assert_int_eq(scratch_entries(), 1);
}
END_TEST

START_TEST(whoever_has_the_old_file_open_still_reads_the_old_file)
{
    char bytes[8] = "";
    scratch_put("a", "old");
    int file = open("a", O_RDONLY);
    ck_assert(write_text("a", "new", NULL));
    ck_assert_int_eq(read(file, bytes, sizeof bytes), 3);
    ck_assert_str_eq(bytes, "old");
    close(file);
}
END_TEST

START_TEST(a_link_is_followed_and_stays)
{
    struct stat status;
    ck_assert(mkdir("folder", 0755) == 0);
    scratch_put("folder/a", "old");
    ck_assert(symlink("folder/a", "link") == 0);
    ck_assert(write_text("link", "new", NULL));
    scratch_expect("folder/a", "new");
    ck_assert(lstat("link", &status) == 0 && S_ISLNK(status.st_mode));
    ck_assert_int_eq(scratch_entries(), 2);
}
END_TEST

START_TEST(what_is_no_file_is_not_replaced)
{
    static const struct {
        const char *path, *error;
    } rows[] = {
        {"folder", "folder: is a folder, not a file"},
        {"folder/", "folder/: is a folder, not a file"},
        {"fifo", "fifo: is a FIFO, not a file"},
        {"socket", "socket: is a socket, not a file"},
        {"circle", "circle: Too many levels of symbolic links"},
        {"missing/a", "missing/a: No such file or directory"},
        {"missing/", "missing/: No such file or directory"},
        {"file/a", "file/a: Not a directory"},
        {"", ": No such file or directory"},
    };
    make_odd_files();
    int entries = scratch_entries();
    for (size_t i = 0; i < COUNT(rows); i++) {
        Error error = {""};
        ck_assert_msg(!write_text(rows[i].path, "x", &error), "%s", rows[i].path);
        ck_assert_str_eq(error.text, rows[i].error);
        ck_assert_msg(!sys_may_write(rows[i].path, &error), "%s", rows[i].path);
        ck_assert_str_eq(error.text, rows[i].error);
        ck_assert_int_eq(scratch_entries(), entries);
    }
}
END_TEST

START_TEST(what_may_be_written_is_told_before_and_untouched)
{
    static const char *const paths[] = {"new", "old", "./new", "folder/new", "link", "lost"};
    Error error = {""};
    scratch_put("old", "old");
    ck_assert(mkdir("folder", 0755) == 0 && symlink("old", "link") == 0 &&
              symlink("nothing", "lost") == 0);
    for (size_t i = 0; i < COUNT(paths); i++)
        ck_assert_msg(sys_may_write(paths[i], &error), "%s", error.text);
    ck_assert_int_eq(scratch_entries(), 4);
    scratch_expect("old", "old");
    for (size_t i = 0; i < COUNT(paths); i++)
        ck_assert_msg(write_text(paths[i], "x", &error), "%s", error.text);
}
END_TEST

START_TEST(a_write_protected_file_or_folder_stays_as_it_is)
{
    Error of_file, of_folder;
    scratch_put("a", "old");
    chmod("a", 0444);
    ck_assert(mkdir("folder", 0555) == 0);
    become_somebody();
    bool may = sys_may_write("a", NULL) || sys_may_write("folder/a", NULL);
    bool file = write_text("a", "new", &of_file),
         folder = write_text("folder/a", "new", &of_folder);
    become_root_again();
    ck_assert(!file && !folder && !may);
    ck_assert_str_eq(of_file.text, "a: Permission denied");
    ck_assert_str_eq(of_folder.text, "folder/a: Permission denied");
    scratch_expect("a", "old");
    ck_assert_int_eq(scratch_entries(), 2);
}
END_TEST

START_TEST(a_full_disk_leaves_the_old_file_and_nothing_else)
{
    struct rlimit limit = {1000, RLIM_INFINITY};
    char *large = calloc(1, 5000);
    SysPiece pieces[] = {{"start", 5}, {large, 5000}};
    Error error;
    scratch_put("a", "old");
    signal(SIGXFSZ, SIG_IGN);
    ck_assert(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    bool good = sys_write_file("a", pieces, COUNT(pieces), &error);
    limit.rlim_cur = RLIM_INFINITY;
    ck_assert(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    free(large);
    ck_assert(!good);
    ck_assert_str_eq(error.text, "a: File too large");
    scratch_expect("a", "old");
    ck_assert_int_eq(scratch_entries(), 1);
}
END_TEST

static void put_aged(const char *name, int seconds)
{
    struct timespec times[2] = {{time(NULL) - seconds, 0}, {time(NULL) - seconds, 0}};
    scratch_put(name, "x");
    ck_assert(utimensat(AT_FDCWD, name, times, 0) == 0);
}

START_TEST(what_a_killed_save_has_left_is_swept_after_a_minute)
{
    static const char *const stay[] = {
        ".gptoscope-0123456789abcdef.tmp~", ".gptoscope-0123456789abcdeF.tmp",
        "gptoscope-0123456789abcdef.tmp",   ".gptoscope-0123456789abcde.tmp",
        ".gptoscope-0123456789abcdef0.tmp", "a.tmp",
    };
    put_aged(".gptoscope-0123456789abcdef.tmp", 120);
    put_aged(".gptoscope-fedcba9876543210.tmp", 120);
    put_aged(".gptoscope-1111111111111111.tmp", 30);
    ck_assert(mkdir(".gptoscope-2222222222222222.tmp", 0755) == 0);
    for (size_t i = 0; i < COUNT(stay); i++)
        put_aged(stay[i], 120);
    ck_assert(write_text("a", "x", NULL));
    ck_assert(access(".gptoscope-0123456789abcdef.tmp", F_OK) != 0);
    ck_assert(access(".gptoscope-fedcba9876543210.tmp", F_OK) != 0);
    ck_assert_int_eq(scratch_entries(), 1 + (int)COUNT(stay) + 2);
}
END_TEST

START_TEST(leftovers_are_swept_in_the_folder_of_the_file)
{
    ck_assert(mkdir("folder", 0755) == 0);
    put_aged("folder/.gptoscope-0123456789abcdef.tmp", 120);
    put_aged(".gptoscope-0123456789abcdef.tmp", 120);
    ck_assert(write_text("folder/a", "x", NULL));
    ck_assert(access("folder/.gptoscope-0123456789abcdef.tmp", F_OK) != 0);
    ck_assert(access(".gptoscope-0123456789abcdef.tmp", F_OK) == 0);
}
END_TEST

START_TEST(a_save_that_is_killed_leaves_the_old_file_or_the_new)
{
    static char large[1 << 20];
    memset(large, 'n', sizeof large);
    scratch_write("a", large, sizeof large);
    for (int i = 0; i < 20; i++) {
        pid_t child = fork();
        while (child == 0) {
            SysPiece piece = {large, sizeof large};
            sys_write_file("a", &piece, 1, NULL);
        }
        usleep(1000 * (useconds_t)i);
        kill(child, SIGKILL);
        char *read;
        size_t length;
        Error error;
        ck_assert_msg(sys_read_file("a", LIMIT, &read, &length, &error), "%s", error.text);
        ck_assert_uint_eq(length, sizeof large);
        ck_assert_mem_eq(read, large, length);
        sys_free(read);
    }
}
END_TEST

START_TEST(the_clock_goes_forward)
{
    double before = sys_seconds();
    usleep(2000);
    double passed = sys_seconds() - before;
    ck_assert(passed > 0.001 && passed < 60);
}
END_TEST

START_TEST(folders_are_made_for_the_user_alone_with_all_above_them)
{
    struct stat status;

    ck_assert(sys_make_folder("a/b/c", NULL));
    ck_assert(sys_make_folder("a/b/c", NULL));
    ck_assert(stat("a/b/c", &status) == 0 && S_ISDIR(status.st_mode));
    ck_assert_int_eq(status.st_mode & 0777, 0700);
    ck_assert_int_eq(scratch_entries(), 1);
}
END_TEST

START_TEST(a_folder_that_cannot_be_made_says_why)
{
    Error error;

    scratch_put("file", "");
    ck_assert(!sys_make_folder("file/b/c", &error));
    ck_assert_str_eq(error.text, "file/b: Not a directory");
    ck_assert(!sys_make_folder("", &error));
    ck_assert_str_eq(error.text, ": No such file or directory");
}
END_TEST

/* What was seen of a folder: how many entries, and the first letters of their names. */
typedef struct Seen {
    int count, folders, limit;
    bool letter[128];
} Seen;

static bool see(void *context, const char *name, bool is_folder)
{
    Seen *seen = context;

    seen->count++;
    seen->folders += is_folder;
    seen->letter[*name & 127] = true;
    return seen->count < seen->limit;
}

START_TEST(every_entry_of_a_folder_is_visited_once)
{
    Seen seen = {.limit = 100};

    ck_assert_int_eq(mkdir("d", 0755), 0);
    ck_assert_int_eq(symlink("d", "e"), 0);
    ck_assert_int_eq(symlink("nowhere", "f"), 0);
    scratch_put("g", "");
    scratch_put(".h", "");
    ck_assert(sys_visit_folder(".", see, &seen, NULL));
    ck_assert_int_eq(seen.count, 5);
    ck_assert_int_eq(seen.folders, 2);
    ck_assert(seen.letter['d'] && seen.letter['e'] && seen.letter['f'] && seen.letter['g']);
    ck_assert(seen.letter['.']);
}
END_TEST

START_TEST(a_visit_ends_when_enough_is_seen)
{
    Seen seen = {.limit = 2};

    scratch_put("a", "");
    scratch_put("b", "");
    scratch_put("c", "");
    ck_assert(sys_visit_folder(".", see, &seen, NULL));
    ck_assert_int_eq(seen.count, 2);
}
END_TEST

START_TEST(what_is_no_folder_is_not_visited)
{
    Seen seen = {.limit = 2};
    Error error;

    scratch_put("a", "");
    ck_assert(!sys_visit_folder("a", see, &seen, &error));
    ck_assert_str_eq(error.text, "a: Not a directory");
    ck_assert(!sys_visit_folder("nowhere", see, &seen, &error));
    ck_assert_int_eq(seen.count, 0);
}
END_TEST

Suite *sys_suite(void)
{
    Suite *suite = suite_create("sys");
    TCase *memory = tcase_create("memory"), *files = tcase_create("files");

    tcase_add_test(memory, a_new_block_holds_zeros);
    tcase_add_test(memory, a_block_of_nothing_is_a_block);
    tcase_add_test(memory, a_size_beyond_all_numbers_is_no_memory);
    tcase_add_test(memory, a_resized_block_keeps_its_bytes);
    tcase_add_test(memory, the_clock_goes_forward);
    suite_add_tcase(suite, memory);

    tcase_add_checked_fixture(files, scratch_enter, scratch_leave);
    tcase_add_test(files, a_file_is_read_whole_with_a_zero_behind_it);
    tcase_add_test(files, an_empty_file_is_read_as_no_bytes);
    tcase_add_test(files, a_file_may_be_as_large_as_the_limit_and_no_larger);
    tcase_add_test(files, a_file_that_does_not_tell_its_size_is_read_up_to_the_limit);
    tcase_add_test(files, what_is_no_readable_file_is_refused_with_the_reason);
    tcase_add_test(files, a_file_that_may_not_be_read_is_refused);
    tcase_add_test(files, a_very_long_path_leaves_room_for_the_reason);
    tcase_add_test(files, reading_leaves_no_file_open);
    tcase_add_test(files, pieces_are_written_one_behind_the_other);
    tcase_add_test(files, a_new_file_has_the_mode_that_any_program_gives);
    tcase_add_test(files, a_file_is_replaced_and_keeps_its_mode);
    tcase_add_test(files, whoever_has_the_old_file_open_still_reads_the_old_file);
    tcase_add_test(files, a_link_is_followed_and_stays);
    tcase_add_test(files, what_is_no_file_is_not_replaced);
    tcase_add_test(files, what_may_be_written_is_told_before_and_untouched);
    tcase_add_test(files, a_write_protected_file_or_folder_stays_as_it_is);
    tcase_add_test(files, a_full_disk_leaves_the_old_file_and_nothing_else);
    tcase_add_test(files, what_a_killed_save_has_left_is_swept_after_a_minute);
    tcase_add_test(files, leftovers_are_swept_in_the_folder_of_the_file);
    tcase_add_test(files, a_save_that_is_killed_leaves_the_old_file_or_the_new);
    tcase_add_test(files, folders_are_made_for_the_user_alone_with_all_above_them);
    tcase_add_test(files, a_folder_that_cannot_be_made_says_why);
    tcase_add_test(files, every_entry_of_a_folder_is_visited_once);
    tcase_add_test(files, a_visit_ends_when_enough_is_seen);
    tcase_add_test(files, what_is_no_folder_is_not_visited);
    suite_add_tcase(suite, files);
    return suite;
}
