#include "suites.h"

#include <stddef.h>

#define ROW(module) module##_suite,
static Suite *(*const suites[])(void) = {SUITES(ROW)};

int main(void)
{
    SRunner *runner = srunner_create(NULL);

    for (size_t i = 0; i < sizeof suites / sizeof *suites; i++)
        srunner_add_suite(runner, suites[i]());
    srunner_run_all(runner, CK_NORMAL);
    int run = srunner_ntests_run(runner), failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return run == 0 || failed > 0; /* a filter that leaves no test is no success */
}
