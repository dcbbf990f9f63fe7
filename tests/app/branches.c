#include "app/branches.h"

#include "app/differences.h"
#include "program.h"
#include "scratch.h"
#include "suites.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

#define TOWNS "\u00c5rhus\nBonn\nBern\nBari\nBath\nZ\u00fcrich\nNice\n"

static App *app;

static void set_up(void)
{
    app = program_open("--n-embd 4 --n-head 2 --steps 40");
    program_enter(app, "goto 10");
}

static void tear_down(void)
{
    program_close(app);
}

static double loss_at(const char *moment)
{
    char line[64];

    snprintf(line, sizeof line, "goto %s", moment);
    program_enter(app, line);
    return app->session.trainer.loss[app->session.trainer.at.step - 1];
}

START_TEST(a_fork_without_a_change_has_the_same_bits)
{
    App *other = program_open("--n-embd 4 --n-head 2 --steps 40");

    program_enter(app, "fork twin");
    program_enter(app, "goto 30");
    program_enter(other, "goto 30");
    program_same(app, other);
    program_enter(app, "diff main twin");
    ck_assert(strstr(app->message, "the same bits"));
    program_close(other);
}
END_TEST

START_TEST(branches_go_on_by_themselves_and_come_back_to_the_bit)
{
    App *other = program_open("--n-embd 4 --n-head 2 --steps 40");
    double here, there;

    program_enter(app, "fork warm");
    program_enter(app, "option lr = 0.05");
    there = loss_at("30");
    program_enter(app, "switch main");
    program_at(app, "10");
    here = loss_at("30");
    ck_assert(here != there);
    program_enter(other, "goto 30");
    program_same(app, other);
    program_enter(app, "switch warm");
    program_at(app, "30");
    ck_assert(app->session.trainer.loss[29] == there);
    program_enter(app, "switch main");
    program_same(app, other);
    program_close(other);
}
END_TEST

START_TEST(a_change_of_main_is_not_the_forks)
{
    program_enter(app, "fork one");
    program_enter(app, "switch main");
    program_enter(app, "set wte[0][0] = 0.5");
    ck_assert_int_eq(app->session.history.events, 1);
    program_enter(app, "switch one");
    ck_assert_int_eq(app->session.history.events, 0);
    ck_assert(app->session.trainer.value[0] != 0.5);
    program_enter(app, "switch main");
    ck_assert(app->session.trainer.value[0] == 0.5);
    program_enter(app, "undo");
    ck_assert(app->session.trainer.value[0] != 0.5);
}
END_TEST

START_TEST(the_first_difference_is_an_operation)
{
    program_enter(app, "fork warm");
    program_enter(app, "option lr = 0.05");
    program_enter(app, "goto 20");
    program_enter(app, "diff main warm");
    ck_assert_int_eq(app->session.trainer.at.step, 10);
    ck_assert_int_eq(app->session.trainer.at.phase, PHASE_UPDATE);
    ck_assert_str_eq(branches_name(&app->branches), "main");
    program_enter(app, "switch warm");
    program_at(app, "20");
    program_enter(app, "goto 10.forward.5");
    program_enter(app, "fork patched");
    program_enter(app, "set node(4) = 1");
    program_enter(app, "goto 12");
    program_enter(app, "diff warm patched");
    ck_assert_int_eq(app->session.trainer.at.step, 10);
    ck_assert_int_ne(app->session.trainer.at.phase, PHASE_DONE);
}
END_TEST

/* What the last command answered. */
static const char *answered(void)
{
    return app->answer.members.bytes;
}

START_TEST(the_largest_differences_are_told_by_block)
{
    program_enter(app, "fork patched");
    program_enter(app, "goto 10.forward.0");
    program_enter(app, "set wte[2][1] = 0.75");
    program_enter(app, "diff main patched");
    ck_assert(strstr(answered(), "\"block\":\"wte\",\"kind\":\"parameters\""));
    ck_assert(strstr(answered(), "\"element\":\"wte[2][1]\""));
    ck_assert(strstr(answered(), "\"b\":0.75}"));
    ck_assert(!strstr(answered(), "\"block\":\"wpe\""));
    ck_assert(!strstr(answered(), "activations"));
}
END_TEST

START_TEST(a_block_names_its_largest_difference_and_the_mean)
{
    Differences differences;
    Error error;
    App *other = program_open("--n-embd 4 --n-head 2 --steps 40");
    const Tensor *wpe = gpt_tensor(&app->session.trainer.gpt, "wpe");

    program_enter(other, "goto 10");
    other->session.trainer.value[wpe->first + 5] += 3;
    other->session.trainer.value[wpe->first + 6] -= 4;
    ck_assert(
        differences_find(&differences, &app->session.trainer, &other->session.trainer, &error));
    ck_assert_int_eq(differences.count, 1);
    ck_assert_str_eq(differences.block[0].block, "wpe");
    ck_assert_str_eq(differences.block[0].element, "wpe[1][2]");
    ck_assert_double_eq_tol(differences.block[0].most, 4, 1e-12);
    ck_assert_double_eq_tol(differences.block[0].rms, sqrt(25.0 / (wpe->rows * wpe->cols)), 1e-12);
    differences_release(&differences);
    program_close(other);
}
END_TEST

START_TEST(a_number_that_is_none_is_the_furthest_apart)
{
    Differences differences;
    Error error;
    App *other = program_open("--n-embd 4 --n-head 2 --steps 40");

    program_enter(other, "goto 10");
    other->session.trainer.value[1] = NAN;
    other->session.trainer.value[2] += 1;
    other->session.trainer.value[3] = INFINITY;
    ck_assert(
        differences_find(&differences, &app->session.trainer, &other->session.trainer, &error));
    ck_assert_str_eq(differences.block[0].element, "wte[0][1]");
    ck_assert(isnan(differences.block[0].most));
    differences_release(&differences);
    program_close(other);
}
END_TEST

START_TEST(a_branch_can_begin_with_settings_of_its_own)
{
    App *other = program_open("--n-embd 4 --n-head 2 --steps 40 --seed 7");

    program_enter(app, "fork luck seed 7");
    program_at(app, "10");
    program_enter(other, "goto 10");
    program_same(app, other);
    program_enter(app, "option lr = 0.05");
    program_enter(app, "goto 20");
    program_enter(app, "switch main");
    program_at(app, "10");
    ck_assert_int_eq(app->session.history.events, 0);
    ck_assert_int_eq(app->session.trainer.settings.seed, 42);
    program_enter(app, "switch luck");
    program_at(app, "20");
    program_enter(other, "option lr = 0.05");
    program_enter(other, "goto 20");
    program_same(app, other);
    program_enter(app, "undo");
    ck_assert_int_eq(app->session.history.events, 0);
    program_enter(app, "diff main luck");
    ck_assert(strstr(answered(), "\"first\":null,\"begin\":[{\"setting\":\"seed\""));
    program_close(other);
}
END_TEST

START_TEST(a_model_of_another_shape_can_be_a_branch)
{
    static const char *const views[] = {"overview", "graph",    "attention", "parameters", "loss",
                                        "adam",     "generate", "data",      "memory"};
    char line[64];

    program_enter(app, "view parameters");
    program_enter(app, "focus layer0.mlp_fc2[3][7]");
    program_enter(app, "fork large n_layer 2 n_embd 8");
    ck_assert_int_eq(app->session.trainer.gpt.n_layer, 2);
    program_enter(app, "focus layer1.mlp_fc2[3][7]");
    program_enter(app, "compare main");
    for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
        snprintf(line, sizeof line, "view %s", views[i]);
        program_enter(app, line);
        program_enter(app, "step operation");
    }
    program_enter(app, "switch main");
    ck_assert_int_eq(app->session.trainer.gpt.n_layer, 1);
    program_enter(app, "print run.large.layer1.mlp_fc2[3][7] - wte[0][0]");
    ck_assert(!app->message_wrong);
}
END_TEST

/* A run of its own from the start with the documents of that file. */
static App *program_of(const char *data)
{
    App *other = program_open("--n-embd 4 --n-head 2 --steps 40");
    Settings settings = other->session.trainer.settings;
    Error error;

    app_release(other);
    ck_assert(app_init(other, &settings, data, NULL, &error));
    app_run(other, 0);
    return other;
}

START_TEST(a_branch_can_read_other_documents)
{
    App *home = program_open("--n-embd 4 --n-head 2 --steps 40"), *other;

    scratch_put("towns.txt", TOWNS);
    other = program_of("towns.txt");
    program_enter(app, "fork towns data towns.txt");
    ck_assert_msg(!app->message_wrong, "%s", app->message);
    ck_assert_str_eq(app->session.corpus.source, "towns.txt");
    program_at(app, "10");
    program_enter(other, "goto 10");
    program_same(app, other);
    scratch_put("towns.txt", "the file is not read again\n");
    program_enter(app, "option lr = 0.05");
    program_enter(app, "goto 20");
    program_enter(app, "switch main");
    ck_assert_str_eq(app->session.corpus.source, "words.txt");
    program_enter(app, "goto 30.backward.9");
    program_enter(home, "goto 30.backward.9");
    program_same(app, home);
    program_enter(app, "switch towns");
    program_at(app, "20");
    program_enter(other, "option lr = 0.05");
    program_enter(other, "goto 20");
    program_same(app, other);
    program_close(home);
    program_close(other);
}
END_TEST

START_TEST(a_branch_of_a_branch_reads_what_that_reads)
{
    App *other;

    scratch_put("towns.txt", TOWNS);
    other = program_of("towns.txt");
    program_enter(app, "fork towns data towns.txt seed 7");
    program_enter(app, "fork usual seed 42");
    program_enter(app, "switch main");
    program_enter(app, "drop towns");
    program_enter(app, "switch usual");
    program_enter(app, "goto 12");
    program_enter(other, "goto 12");
    program_same(app, other);
    program_enter(app, "drop main");
    program_enter(app, "fork more");
    program_enter(app, "switch usual");
    ck_assert_msg(!app->message_wrong, "%s", app->message);
    program_close(other);
}
END_TEST

START_TEST(diff_says_first_that_the_documents_are_others)
{
    scratch_put("towns.txt", TOWNS);
    program_enter(app, "fork towns seed 7 data towns.txt");
    program_enter(app, "diff main towns");
    const char *lines = app->answer.lines.bytes;
    ck_assert(strstr(lines, "other documents: words.txt in one, towns.txt in the other") == lines);
    ck_assert(strstr(answered(), "\"begin\":[{\"setting\":\"data\",\"a\":\"words.txt\","));
}
END_TEST

START_TEST(views_show_branches_of_two_alphabets_beside_each_other)
{
    char line[64];

    scratch_put("towns.txt", TOWNS);
    program_enter(app, "focus wte[20][1]");
    program_enter(app, "tok words");
    program_enter(app, "gen wo");
    program_enter(app, "fork towns data towns.txt");
    program_enter(app, "compare main");
    for (int turn = 0; turn < 2; turn++) {
        for (int i = 0; i < VIEW_COUNT; i++) {
            snprintf(line, sizeof line, "view %s", look_views[i].name);
            program_enter(app, line);
            program_enter(app, "step operation");
        }
        program_enter(app, "print run.main.loss - run.towns.loss");
        ck_assert_msg(!app->message_wrong, "%s", app->message);
        program_enter(app, "switch main");
    }
}
END_TEST

/* Nothing has changed: not even that there are branches. */
START_TEST(documents_that_cannot_be_read_make_no_branch)
{
    static const char *const wrong[][2] = {
        {"fork a data", "expected a file"},
        {"fork a data none.txt", "none.txt"},
        {"fork a data .", "folder"},
        {"fork a data blank.txt", "blank"},
        {"fork a data bytes.txt", "not UTF-8"},
        {"fork a data /dev/zero", "/dev/zero"},
        {"fork a data good.txt n_embd 5", "n_embd"},
        {"fork a data good.txt data", "expected"},
        {"fork main data good.txt", "already"},
        {"fork a data ../\x01/\xff", ""},
        {"fork a data good.txt more.txt 3", "no setting more.txt"}};

    scratch_put("blank.txt", " \n\n");
    scratch_put("bytes.txt", "a\n\xff\n");
    scratch_put("good.txt", TOWNS);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        program_enter(app, wrong[i][0]);
        ck_assert_msg(app->message_wrong && strstr(app->message, wrong[i][1]), "%s: %s",
                      wrong[i][0], app->message);
        program_at(app, "10");
        ck_assert_int_eq(app->branches.count, 0);
        ck_assert_int_eq(app->branches.files, 0);
    }
    program_enter(app, "fork a data good.txt");
    scratch_put("good.txt", "others\n");
    program_enter(app, "fork b data good.txt");
    ck_assert(app->message_wrong && strstr(app->message, "was changed"));
    ck_assert_str_eq(branches_name(&app->branches), "a");
}
END_TEST

START_TEST(the_kept_losses_reach_as_far_as_the_branch_was_seen)
{
    program_enter(app, "fork warm");
    program_enter(app, "option lr = 0.05");
    program_enter(app, "goto 35");
    program_enter(app, "goto 12");
    program_enter(app, "switch main");
    const Branch *warm = &app->branches.branch[branches_find(&app->branches, "warm")];
    ck_assert_int_eq(warm->known, 35);
    program_enter(app, "diff main warm");
    warm = &app->branches.branch[branches_find(&app->branches, "warm")];
    ck_assert_int_eq(warm->known, 35);
}
END_TEST

START_TEST(what_cannot_be_done_says_why)
{
    static const char *const wrong[][2] = {{"fork main", "already"},
                                           {"fork a/b", "letters"},
                                           {"switch nobody", "no branch nobody"},
                                           {"drop nobody", "no branch nobody"},
                                           {"fork a nothing 3", "no setting nothing"},
                                           {"fork a seed", "expected a value"},
                                           {"fork a n_embd 5", "n_embd"},
                                           {"fork a seed x", "seed"},
                                           {"fork a-name-of-more-than-twenty-three", "at most 23"},
                                           {"diff main", "two branches"}};

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        program_enter(app, wrong[i][0]);
        ck_assert_msg(app->message_wrong && strstr(app->message, wrong[i][1]), "%s: %s",
                      wrong[i][0], app->message);
    }
    program_enter(app, "fork one");
    program_enter(app, "drop one");
    ck_assert(app->message_wrong && strstr(app->message, "where you are"));
    program_enter(app, "switch main");
    program_enter(app, "drop one");
    ck_assert_int_eq(app->branches.count, 1);
    for (int i = 1; i < BRANCHES_LIMIT; i++)
        program_enter(app, "fork");
    program_enter(app, "fork more");
    ck_assert(app->message_wrong && strstr(app->message, "drop one first"));
}
END_TEST

Suite *branches_suite(void)
{
    Suite *suite = suite_create("branches");
    TCase *tests = tcase_create("branches");

    suite_add_tcase(suite, tests);
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_checked_fixture(tests, scratch_enter, scratch_leave);
    tcase_add_test(tests, a_fork_without_a_change_has_the_same_bits);
    tcase_add_test(tests, branches_go_on_by_themselves_and_come_back_to_the_bit);
    tcase_add_test(tests, a_change_of_main_is_not_the_forks);
    tcase_add_test(tests, the_first_difference_is_an_operation);
    tcase_add_test(tests, the_largest_differences_are_told_by_block);
    tcase_add_test(tests, a_block_names_its_largest_difference_and_the_mean);
    tcase_add_test(tests, a_number_that_is_none_is_the_furthest_apart);
    tcase_add_test(tests, a_branch_can_begin_with_settings_of_its_own);
    tcase_add_test(tests, a_model_of_another_shape_can_be_a_branch);
    tcase_add_test(tests, a_branch_can_read_other_documents);
    tcase_add_test(tests, a_branch_of_a_branch_reads_what_that_reads);
    tcase_add_test(tests, diff_says_first_that_the_documents_are_others);
    tcase_add_test(tests, views_show_branches_of_two_alphabets_beside_each_other);
    tcase_add_test(tests, documents_that_cannot_be_read_make_no_branch);
    tcase_add_test(tests, the_kept_losses_reach_as_far_as_the_branch_was_seen);
    tcase_add_test(tests, what_cannot_be_done_says_why);
    return suite;
}
