/* Runs every file of tests/corpus/NAME through the target NAME: what was found once stays found. */
#include "fuzz.h"

#include <check.h>
#include <dirent.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_LIMIT = 1 << 20 };

static void replay_file(const char *path, FuzzTarget *target)
{
    uint8_t *bytes = malloc(FILE_LIMIT);
    FILE *file = fopen(path, "rb");

    ck_assert_msg(bytes && file, "%s", path);
    size_t length = fread(bytes, 1, FILE_LIMIT, file);
    fclose(file);
    /* In a block of its own size: what reads beyond it is found by the sanitizers. */
    uint8_t *exact = realloc(bytes, length ? length : 1);
    target(exact, length);
    free(exact);
}

static void replay(const char *name, FuzzTarget *target)
{
    const char *tests = getenv("TESTS_DIR");
    char folder[1024], path[1536];
    int files = 0;

    ck_assert(setlocale(LC_CTYPE, "C.UTF-8"));
    snprintf(folder, sizeof folder, "%s/corpus/%s", tests ? tests : "tests", name);
    DIR *entries = opendir(folder);
    ck_assert_msg(entries, "%s", folder);
    for (struct dirent *entry; (entry = readdir(entries));) {
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        replay_file(path, target);
        files++;
    }
    closedir(entries);
    ck_assert_int_gt(files, 0);
}

#define TEST(name)                  \
    START_TEST(name##_is_read)      \
    {                               \
        replay(#name, fuzz_##name); \
    }                               \
    END_TEST
FUZZ_TARGETS(TEST)

int main(void)
{
    Suite *suite = suite_create("corpus");
    TCase *tests = tcase_create("corpus");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tests, 60);
#define ADD(name) tcase_add_test(tests, name##_is_read);
    FUZZ_TARGETS(ADD)
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner) || srunner_ntests_run(runner) == 0;
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
