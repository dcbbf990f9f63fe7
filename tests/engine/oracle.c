/* The engine against the reference run, for every line of tests/golden/settings.txt: against its
 * stored output nearly, and where there is a python3 against a live run to the last bit. */
#include "python.h"
#include "reference.h"
#include "suites.h"
#include "support.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- the table of runs ----------------------------------------------------------------------- */

enum { ROWS = 64 };

static ReferenceRun rows[ROWS];
static int row_count;

static void read_rows(void)
{
    FILE *file = fopen(test_path("golden/settings.txt").text, "r");
    char line[512];

    row_count = 0;
    while (file && row_count < ROWS && fgets(line, sizeof line, file)) {
        ReferenceRun *row = &rows[row_count];
        if (sscanf(line, " %31[^# \n] %31s %255[^\n]", row->name, row->data, row->options) == 3)
            row_count++;
    }
    if (file)
        fclose(file);
}

/* ---- the tests ------------------------------------------------------------------------------- */

START_TEST(the_table_of_runs_is_there)
{
    ck_assert_int_ge(row_count, 10);
}
END_TEST

START_TEST(stored_runs_come_out_nearly_the_same)
{
    char name[64];

    snprintf(name, sizeof name, "golden/%s.jsonl", rows[_i].name);
    FILE *file = fopen(test_path(name).text, "r");
    ck_assert_msg(file, "%s is missing: run tests/golden/make.sh", name);
    reference_compare(&rows[_i], false, file, 4);
    fclose(file);
}
END_TEST

START_TEST(a_live_run_of_python_comes_out_to_the_last_bit)
{
    static const char dump[] = "loss,hash,params,adam,graph,attention,grads,samples";
    const int64_t run_steps = test_full() ? 100 : 10;
    const char *arguments[40] = {0};
    char data[64], options[256], steps[16], *rest = options;
    int count = 0;
    Python python;

    snprintf(data, sizeof data, "data/%s", rows[_i].data);
    const TestPath oracle = test_path("oracle.py"), documents = test_path(data);
    int64_t whole = test_settings(rows[_i].options).steps;
    int64_t run = whole < run_steps ? whole : run_steps;
    snprintf(steps, sizeof steps, "%d", (int)run);
    const char *const fixed[] = {oracle.text, "--data", documents.text, "--run",     steps,
                                 "--dump",    dump,     "--at",         "1,2,10,100"};
    for (size_t i = 0; i < COUNT(fixed); i++)
        arguments[count++] = fixed[i];
    strcpy(options, rows[_i].options);
    while ((arguments[count] = strtok_r(rest, " ", &rest)))
        count++;

    ck_assert(python_start(&python, arguments));
    reference_compare(&rows[_i], true, python.output, run);
    ck_assert_msg(python_finish(&python), "the reference run failed");
}
END_TEST

/* One hexadecimal number a line: the losses of a run on the project's own names. */
START_TEST(a_thousand_stored_losses_come_out_nearly_the_same)
{
    FILE *file = fopen(test_path("golden/names-1000.txt").text, "r");
    TestRun run;
    char line[64];
    int step = 0;

    ck_assert(file);
    test_run_open(&run, "../../data/names.txt", "");
    while (fgets(line, sizeof line, file)) {
        ck_assert(trainer_step(&run.trainer));
        ck_assert_double_eq_tol(run.trainer.loss[step], strtod(line, NULL), 1e-12);
        step++;
    }
    fclose(file);
    ck_assert_int_eq(step, 1000);
    test_run_close(&run);
}
END_TEST

Suite *oracle_suite(void)
{
    Suite *suite = suite_create("oracle");
    TCase *tests = tcase_create("oracle");
    const char *unusable = python_unusable();

    read_rows();
    tcase_set_timeout(tests, test_full() ? 600 : 60);
    tcase_add_test(tests, the_table_of_runs_is_there);
    tcase_add_loop_test(tests, stored_runs_come_out_nearly_the_same, 0, row_count);
    tcase_add_test(tests, a_thousand_stored_losses_come_out_nearly_the_same);
    if (unusable)
        printf("oracle: not compared to the last bit: %s\n", unusable);
    else
        tcase_add_loop_test(tests, a_live_run_of_python_comes_out_to_the_last_bit, 0, row_count);
    suite_add_tcase(suite, tests);
    return suite;
}
