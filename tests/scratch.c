#include "scratch.h"

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[256];
static int before = -1; /* the folder to go back to */

/* The tests' own files must be found from the new folder too. */
static void keep_tests_folder(void)
{
    char path[4096];
    const char *tests = getenv("TESTS_DIR");
    if (realpath(tests ? tests : "tests", path))
        setenv("TESTS_DIR", path, 1);
}

void scratch_enter(void)
{
    keep_tests_folder();
    const char *place = getenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/gptoscope-test-XXXXXX", place ? place : "/tmp");
    before = open(".", O_RDONLY);
    ck_assert(before >= 0 && mkdtemp(folder) && chmod(folder, 0755) == 0 && chdir(folder) == 0);
}

static void remove_entries(void)
{
    DIR *entries = opendir(".");
    ck_assert(entries);
    for (struct dirent *entry; (entry = readdir(entries));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (unlink(entry->d_name) == 0)
            continue;
        ck_assert_msg(chmod(entry->d_name, 0755) == 0 && chdir(entry->d_name) == 0, "%s",
                      entry->d_name);
        remove_entries();
        ck_assert(chdir("..") == 0 && rmdir(entry->d_name) == 0);
    }
    closedir(entries);
}

void scratch_leave(void)
{
    ck_assert(chdir(folder) == 0 && chmod(folder, 0755) == 0);
    remove_entries();
    ck_assert(fchdir(before) == 0 && close(before) == 0 && rmdir(folder) == 0);
}

void scratch_write(const char *name, const void *bytes, size_t length)
{
    FILE *file = fopen(name, "wb");
    ck_assert_msg(file && fwrite(bytes, 1, length, file) == length && fclose(file) == 0, "%s",
                  name);
}

void scratch_put(const char *name, const char *text)
{
    scratch_write(name, text, strlen(text));
}

void scratch_expect(const char *name, const char *text)
{
    char bytes[4096];
    FILE *file = fopen(name, "rb");
    ck_assert_msg(file != NULL, "%s is not there", name);
    size_t length = fread(bytes, 1, sizeof bytes - 1, file);
    fclose(file);
    bytes[length] = 0;
    ck_assert_str_eq(bytes, text);
}

int scratch_entries(void)
{
    int count = 0;
    DIR *entries = opendir(".");
    ck_assert(entries);
    for (struct dirent *entry; (entry = readdir(entries));)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(entries);
    return count;
}
