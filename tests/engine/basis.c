#include "engine/basis.h"

#include "suites.h"
#include "support.h"
#include <stdlib.h>
#include <string.h>

typedef struct Line {
    TestRun run;
    History history;
} Line;

static void open_line(Line *line)
{
    Error error;

    test_run_open(&line->run, "letters.txt",
                  "--n-embd 4 --n-head 1 --n-layer 1 --block-size 4 --steps 9");
    ck_assert(history_init(&line->history, &line->run.trainer, 1 << 20, &error));
}

static void close_line(Line *line)
{
    history_release(&line->history);
    test_run_close(&line->run);
}

static void go(Line *line, int64_t step, Phase phase, int64_t n)
{
    ck_assert(history_seek(&line->history, (Moment){step, phase, n}));
}

static void edit(Line *line, EventKind kind, int32_t index, double number)
{
    Error error;

    ck_assert(history_edit(&line->history, kind, index, number, &error));
}

static double *copy_of(const double *numbers, int32_t count)
{
    double *copy = malloc((size_t)count * sizeof *copy);

    memcpy(copy, numbers, (size_t)count * sizeof *copy);
    return copy;
}

START_TEST(the_parameters_of_the_document_stay_the_same_throughout_its_step)
{
    Line line;

    open_line(&line);
    Trainer *t = &line.run.trainer;
    go(&line, 3, PHASE_FORWARD, 0);
    double *began = copy_of(t->value, t->gpt.params), *found = copy_of(began, t->gpt.params);
    const Moment moments[] = {{3, PHASE_FORWARD, 20},
                              {3, PHASE_BACKWARD, 5},
                              {3, PHASE_UPDATE, 0},
                              {3, PHASE_UPDATE, 17},
                              {4, PHASE_DONE, 0}};
    for (int i = 0; i < 5; i++) {
        go(&line, moments[i].step, moments[i].phase, moments[i].n);
        basis_params(&line.history, found);
        test_same_bits(found, began, t->gpt.params, "parameter");
        ck_assert(basis_is_overwritten(t) == (i >= 2));
    }
    go(&line, 4, PHASE_FORWARD, 0); /* the next document has the new ones */
    basis_params(&line.history, found);
    test_same_bits(found, t->value, t->gpt.params, "parameter");
    free(began);
    free(found);
    close_line(&line);
}
END_TEST

START_TEST(changes_by_hand_that_the_document_has_seen_are_among_its_parameters)
{
    Line line;

    open_line(&line);
    Trainer *t = &line.run.trainer;
    double *found = copy_of(t->value, t->gpt.params);
    go(&line, 2, PHASE_FORWARD, 0);
    edit(&line, EVENT_VALUE, 1, 0.25);
    go(&line, 2, PHASE_BACKWARD, 9);
    edit(&line, EVENT_VALUE, 2, 0.5);
    go(&line, 2, PHASE_UPDATE, 3);
    edit(&line, EVENT_VALUE, 9, 0.75); /* too late */
    double before = t->value[9];
    go(&line, 3, PHASE_DONE, 0);
    basis_params(&line.history, found);
    ck_assert_double_eq(found[1], 0.25);
    ck_assert_double_eq(found[2], 0.5);
    ck_assert_double_ne(found[9], 0.75);
    ck_assert_double_eq(before, 0.75);
    go(&line, 2, PHASE_UPDATE, 0); /* where the last has not happened yet */
    double kept = found[9];
    basis_params(&line.history, found);
    ck_assert_double_eq(found[9], kept);
    free(found);
    close_line(&line);
}
END_TEST

START_TEST(an_update_began_from_the_number_that_stood_there)
{
    Line line;

    open_line(&line);
    Trainer *t = &line.run.trainer;
    go(&line, 2, PHASE_FORWARD, 0);
    const int32_t i = gpt_tensor(&t->gpt, "wpe")->first;
    double before = t->value[i], m = t->m[i], v = t->v[i];
    go(&line, 2, PHASE_UPDATE, i + 1);
    edit(&line, EVENT_VALUE, i + 1, 0.5); /* just before its update */
    edit(&line, EVENT_VALUE, i, 0.5);     /* just after it */
    go(&line, 3, PHASE_DONE, 0);
    ck_assert_double_eq(basis_before_update(&line.history, i), before);
    ck_assert_double_eq(basis_before_update(&line.history, i + 1), 0.5);
    ck_assert_double_eq(basis_m(&line.history, i), m);
    ck_assert_double_eq(basis_v(&line.history, i), v);
    ck_assert_double_ne(t->m[i], m);
    ck_assert_double_ne(t->v[i], v);
    close_line(&line);
}
END_TEST

START_TEST(a_parameter_is_updated_from_its_update_on)
{
    Line line;

    open_line(&line);
    const Trainer *t = &line.run.trainer;
    ck_assert(!basis_is_updated(t, 5));
    go(&line, 0, PHASE_UPDATE, 5);
    ck_assert(basis_is_updated(t, 4) && !basis_is_updated(t, 5));
    go(&line, 0, PHASE_UPDATE, 6);
    ck_assert(basis_is_updated(t, 5));
    go(&line, 1, PHASE_DONE, 0);
    ck_assert(basis_is_updated(t, 5));
    go(&line, 1, PHASE_FORWARD, 0);
    ck_assert(!basis_is_updated(t, 5));
    close_line(&line);
}
END_TEST

START_TEST(settings_are_those_of_the_moment)
{
    const SettingInfo *lr = settings_find("lr");
    Line line;

    open_line(&line);
    go(&line, 1, PHASE_UPDATE, 4);
    edit(&line, EVENT_SETTING, (int32_t)(lr - settings_table), 0.5);
    go(&line, 3, PHASE_DONE, 0);
    Settings before = basis_settings(&line.history, (Moment){1, PHASE_UPDATE, 3});
    Settings from = basis_settings(&line.history, (Moment){1, PHASE_UPDATE, 4});
    ck_assert_double_eq(before.lr, 0.01);
    ck_assert_double_eq(from.lr, 0.5);
    close_line(&line);
}
END_TEST

START_TEST(changes_of_nodes_are_forgotten_with_their_document)
{
    Line line;

    open_line(&line);
    const int32_t node = line.run.trainer.gpt.params + 2;
    go(&line, 1, PHASE_FORWARD, 10);
    ck_assert_ptr_null(basis_change(&line.history, EVENT_VALUE, node));
    edit(&line, EVENT_VALUE, node, 0.125);
    edit(&line, EVENT_VALUE, 3, 0.5);
    edit(&line, EVENT_VALUE, 3, 0.75);
    go(&line, 2, PHASE_DONE, 0);
    ck_assert_double_eq(basis_change(&line.history, EVENT_VALUE, node)->number, 0.125);
    ck_assert_double_eq(basis_change(&line.history, EVENT_VALUE, 3)->number, 0.75);
    ck_assert_ptr_null(basis_change(&line.history, EVENT_GRAD, 3));
    go(&line, 2, PHASE_FORWARD, 0);
    ck_assert_ptr_null(basis_change(&line.history, EVENT_VALUE, node));
    ck_assert_double_eq(basis_change(&line.history, EVENT_VALUE, 3)->number, 0.75);
    go(&line, 1, PHASE_FORWARD, 9); /* before it happens */
    ck_assert_ptr_null(basis_change(&line.history, EVENT_VALUE, 3));
    close_line(&line);
}
END_TEST

START_TEST(changes_between_two_steps_belong_to_the_document_just_finished)
{
    Line line;

    open_line(&line);
    const int32_t node = line.run.trainer.gpt.params + 2;
    go(&line, 2, PHASE_DONE, 0);
    edit(&line, EVENT_GRAD, node, 0.125);
    ck_assert_ptr_nonnull(basis_change(&line.history, EVENT_GRAD, node));
    go(&line, 2, PHASE_BACKWARD, 0);
    ck_assert_ptr_null(basis_change(&line.history, EVENT_GRAD, node));
    close_line(&line);
}
END_TEST

Suite *basis_suite(void)
{
    Suite *suite = suite_create("basis");
    TCase *tests = tcase_create("basis");

    tcase_add_test(tests, the_parameters_of_the_document_stay_the_same_throughout_its_step);
    tcase_add_test(tests, changes_by_hand_that_the_document_has_seen_are_among_its_parameters);
    tcase_add_test(tests, an_update_began_from_the_number_that_stood_there);
    tcase_add_test(tests, a_parameter_is_updated_from_its_update_on);
    tcase_add_test(tests, settings_are_those_of_the_moment);
    tcase_add_test(tests, changes_of_nodes_are_forgotten_with_their_document);
    tcase_add_test(tests, changes_between_two_steps_belong_to_the_document_just_finished);
    suite_add_tcase(suite, tests);
    return suite;
}
