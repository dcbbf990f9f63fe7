#include "app/keep.h"

#include "engine/checkpoint.h"
#include "program.h"
#include "scratch.h"
#include "suites.h"
#include <stdio.h>
#include <string.h>

#define TOWNS "Arhus\nBonn\nBern\nBari\nBath\nNice\n"
#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define OPTIONS "--n-embd 4 --n-head 2 --steps 12"

/* Moments of every phase, with changes before, at and after them. */
static const char *const sessions[][5] = {
    {"goto 5"},
    {"goto 5.forward.0"},
    {"goto 5.forward.77", "set wte[0][1] = 2"},
    {"goto 5.backward.10", "set wpe[0][1] = -1", "step 20 operation"},
    {"goto 5.update.9", "set wpe[0][0] = 0.25", "set wte[1][1] = 4", "step 3 operation"},
    {"goto 5", "set wte[0][0] = 1", "option lr = 0.05"},
    {"goto 7", "option lr = 0.2", "set wte[0][0] = 1", "goto 6.forward.3"},
    {"goto 5.forward.3", "option beta1 = 0.5", "step 9 operation", "set x[0].embed[1] = 3"},
};

static void play(App *app, int i)
{
    for (int k = 0; k < 5 && sessions[i][k]; k++)
        program_enter(app, sessions[i][k]);
}

START_TEST(a_loaded_session_stands_where_it_stood_and_goes_on_with_the_same_bits)
{
    App *whole = program_open(OPTIONS), *loaded = program_open(OPTIONS);

    play(whole, _i);
    program_enter(whole, "save run");
    ck_assert_msg(!whole->message_wrong, "%s", whole->message);
    program_enter(loaded, "load run");
    ck_assert_msg(!loaded->message_wrong, "%s", loaded->message);
    if (whole->session.trainer.at.phase != PHASE_DONE)
        program_same(loaded, whole);
    program_enter(whole, "goto 9.forward.50");
    program_enter(loaded, "goto 9.forward.50");
    program_same(loaded, whole);
    program_close(whole);
    program_close(loaded);
}
END_TEST

START_TEST(unit_and_watched_expressions_come_along)
{
    App *app = program_open(OPTIONS), *loaded = program_open(OPTIONS);

    program_enter(app, "watch loss + 1");
    program_enter(app, "watch wte[0][0]");
    program_enter(app, "unit block");
    program_enter(app, "goto 2.forward.5");
    program_enter(app, "save run");
    program_enter(loaded, "watch step");
    program_enter(loaded, "load run");
    ck_assert_int_eq(loaded->unit, UNIT_BLOCK);
    ck_assert_int_eq(loaded->watches.count, 2);
    ck_assert_str_eq(loaded->watches.expr[0].text, "loss + 1");
    ck_assert_str_eq(loaded->watches.expr[1].text, "wte[0][0]");
    program_at(loaded, "2.forward.5");
    program_close(app);
    program_close(loaded);
}
END_TEST

/* Sessions with branches: made by commands, then saved. */
static const char *const branched[][14] = {
    {"goto 3", "fork warm", "option lr = 0.05", "goto 7"},
    {"goto 3", "fork warm", "option lr = 0.05", "goto 7", "switch main", "goto 5.backward.20"},
    {"goto 2", "set wte[0][1] = 2", "fork warm", "goto 4.forward.9", "set wpe[0][1] = 1", "goto 3",
     "option residual = off", "goto 8", "switch main", "goto 6"},
    {"goto 3", "fork warm", "option lr = 0.05", "set wte[1][1] = 3", "undo", "undo", "goto 6"},
    {"goto 4", "fork luck seed 7", "set wte[0][0] = 1", "switch main", "goto 5"},
    {"goto 4", "fork large n_embd 8 n_layer 2", "option lr = 0.05", "goto 6.update.3"},
    {"goto 3", "save first", "load first", "goto 5", "fork warm", "option lr = 0.05", "goto 8"},
    {"goto 3", "save first", "load first", "fork warm", "fork luck seed 7", "goto 9", "switch warm",
     "set wpe[1][1] = 0.5", "goto 6.forward.4", "switch luck"},
    {"option zero_grad = off", "goto 4", "save first", "load first", "goto 5", "fork warm",
     "option lr = 0.05", "goto 7"},
    {"goto 12", "fork warm", "goto 9", "option lr = 0.05", "goto 12"},
    {"goto 4", "fork towns data towns.txt", "set wte[0][0] = 1", "goto 6.forward.9"},
    {"goto 4", "fork towns data towns.txt", "option lr = 0.05", "fork more", "goto 5", "switch main",
     "fork luck seed 7"},
    {"goto 3", "save first", "load first", "goto 5", "fork towns seed 7 data ./towns.txt"},
};

/* Both hold the same branches, each where it was left, with the same bits. */
static void same_branches(App *a, App *b)
{
    char line[64];

    ck_assert_int_eq(a->branches.count, b->branches.count);
    ck_assert_str_eq(branches_name(&a->branches), branches_name(&b->branches));
    program_enter(a, "goto 9.update.5"); /* on from the numbers of the file */
    program_enter(b, "goto 9.update.5");
    program_same(a, b);
    for (int i = 1; i < a->branches.count; i++) {
        snprintf(line, sizeof line, "diff main %s", a->branches.branch[i].name);
        program_enter(a, line);
        program_enter(b, line);
        ck_assert_str_eq(a->answer.members.bytes, b->answer.members.bytes);
    }
    for (int i = 0; i < a->branches.count; i++) {
        const char *name = a->branches.branch[i].name;
        ck_assert_str_eq(name, b->branches.branch[i].name);
        snprintf(line, sizeof line, "switch %s", name);
        program_enter(a, line);
        program_enter(b, line);
        if (a->session.trainer.at.phase != PHASE_DONE)
            program_same(a, b);
        ck_assert_int_eq(a->session.history.events, b->session.history.events);
        ck_assert_int_eq(a->session.history.undos, b->session.history.undos);
        program_enter(a, "goto 10.forward.30");
        program_enter(b, "goto 10.forward.30");
        program_same(a, b);
        program_enter(a, "goto 4.backward.3"); /* what came before is known too */
        program_enter(b, "goto 4.backward.3");
        program_same(a, b);
    }
}

START_TEST(branches_come_along_with_the_same_bits)
{
    App *whole = program_open(OPTIONS), *loaded = program_open(OPTIONS);

    scratch_put("towns.txt", TOWNS);
    for (int k = 0; k < 14 && branched[_i][k]; k++)
        program_enter(whole, branched[_i][k]);
    program_enter(whole, "save run");
    ck_assert_msg(!whole->message_wrong, "%s", whole->message);
    program_enter(loaded, "load run");
    ck_assert_msg(!loaded->message_wrong, "%s", loaded->message);
    same_branches(whole, loaded);
    program_close(whole);
    program_close(loaded);
}
END_TEST

START_TEST(what_was_taken_back_can_be_made_again_and_taken_back_in_order)
{
    App *app = program_open(OPTIONS);

    program_enter(app, "goto 3");
    program_enter(app, "fork warm");
    program_enter(app, "set wte[0][1] = 2");
    program_enter(app, "set wte[0][2] = 3");
    program_enter(app, "set wte[0][3] = 4");
    program_enter(app, "undo");
    program_enter(app, "undo");
    program_enter(app, "save run");
    program_enter(app, "load run");
    program_enter(app, "redo");
    program_enter(app, "redo");
    ck_assert(app->session.trainer.value[2] == 3 && app->session.trainer.value[3] == 4);
    program_enter(app, "undo");
    ck_assert(app->session.trainer.value[2] == 3 && app->session.trainer.value[3] != 4);
    program_enter(app, "undo");
    ck_assert(app->session.trainer.value[1] == 2 && app->session.trainer.value[2] != 3);
    program_close(app);
}
END_TEST

#define DOCUMENTS "documents " /* and the digest, filled in */
#define SIZES     "with block_size 4\nwith n_embd 4\nwith n_head 2\nwith steps 12\n"
#define ONE       "branch main 2\n" SIZES "branch b 2\n" SIZES

static const char *const hostile_branches[] = {
    "branch main 2\n" SIZES "branch main 2\n" SIZES "here main",
    "branch a/b 2\nhere a/b",
    "branch main 2 3\nhere main",
    "branch main\nhere main",
    "branch main end\nhere main",
    "branch main 2@pos0.embed\nhere main",
    "branch a-name-that-is-longer-than-it-may-be 2\nhere main",
    "branch main 13\n" SIZES "here main",
    "branch main 3\n" SIZES "here main",
    "branch b 999999999999999999999\nhere b",
    "change 2 value 0 1",
    "undone 2 value 0 1",
    "with seed 7",
    "begin 2",
    "here main",
    ONE "here nobody",
    ONE,
    ONE "here main\nbranch c 2",
    ONE "here main\nchange 2 value 0 1",
    ONE "with nothing 2\nhere main",
    ONE "with seed\nhere main",
    ONE "with n_embd 5\nhere main",
    ONE "with n_embd -1\nhere main",
    ONE "with n_embd 1024\nwith n_layer 64\nwith block_size 1024\nhere main",
    ONE "with steps 1\nhere main",
    ONE "with seed 7\nhere b",
    ONE "with n_embd 8\nhere b",
    ONE "begin 2\nhere main",
    ONE "begin -2\nhere main",
    ONE "begin x\nhere main",
    ONE "reads\nhere main",
    ONE "reads 00 towns.txt\nhere main",
    ONE "reads " DIGEST "\nhere main",
    ONE "reads " DIGEST " \nhere main",
    ONE "reads " DIGEST " none.txt\nhere main",
    ONE "reads " DIGEST " run\nhere main",
    ONE "reads " DIGEST " /dev/zero\nhere main",
    ONE "change 2 value -1 1\nhere main",
    ONE "change 2 value 999999999 1\nhere main",
    ONE "change 2 setting 0 7\nhere main",
    ONE "change 99 value 0 1\nhere main",
    ONE "change 2 value 0\nhere main",
    ONE "undone 2 value 999999999 1\nhere main",
    ONE "undone 2 setting 6 -1\nhere main",
    ONE "undone 99 value 0 1\nhere main",
    ONE "undone 2 m 999999 1\nhere main",
    "branch a 2\nbranch b 2\nbranch c 2\nbranch d 2\nbranch e 2\nbranch f 2\nbranch g 2\nbranch h "
    "2\n"
    "branch i 2\nhere a",
};

/* A run saved at step 2 with these lines for its session, the documents' own digest before them. */
static void save_lines(App *app, const char *lines)
{
    char text[2048], digest[65] = "";
    uint8_t bytes[32];
    Error error;

    corpus_digest(&app->session.corpus, bytes);
    for (int i = 0; i < 32; i++)
        snprintf(digest + (size_t)i * 2, 3, "%02x", bytes[i]);
    snprintf(text, sizeof text, DOCUMENTS "%s\n%s", digest, lines);
    ck_assert(checkpoint_save_session(&app->session.trainer, text, "run", &error));
}

START_TEST(branches_that_cannot_be_are_refused)
{
    App *app = program_open(OPTIONS);

    program_enter(app, "goto 2");
    save_lines(app, hostile_branches[_i]);
    program_enter(app, "load run");
    ck_assert_msg(app->message_wrong, "taken: %s", hostile_branches[_i]);
    ck_assert_int_eq(app->branches.count, 0);
    program_enter(app, "goto 3");
    program_close(app);
}
END_TEST

START_TEST(the_lines_around_those_that_are_refused_are_taken)
{
    App *app = program_open(OPTIONS);

    program_enter(app, "goto 2");
    save_lines(app, ONE "with seed 7\nchange 2 value 0 1\nundone 2 value 1 1\nhere main");
    program_enter(app, "load run");
    ck_assert_msg(!app->message_wrong, "%s", app->message);
    ck_assert_int_eq(app->branches.count, 2);
    program_close(app);
}
END_TEST

START_TEST(other_documents_make_no_branches)
{
    App *app = program_open(OPTIONS);
    Error error;

    program_enter(app, "goto 2");
    ck_assert(checkpoint_save_session(&app->session.trainer, "documents 00ff\n" ONE "here main",
                                      "run", &error));
    program_enter(app, "load run");
    ck_assert(app->message_wrong && strstr(app->message, "other documents"));
    program_close(app);
}
END_TEST

START_TEST(documents_of_a_branch_must_be_there_and_the_same)
{
    static const char *const stands[] = {"switch towns", "switch main"};
    App *app = program_open(OPTIONS), *loaded = program_open(OPTIONS);

    scratch_put("towns.txt", TOWNS);
    program_enter(app, "fork towns data towns.txt");
    program_enter(app, stands[_i]);
    program_enter(app, "save run");
    program_enter(loaded, "load run");
    ck_assert_msg(!loaded->message_wrong, "%s", loaded->message);
    scratch_put("towns.txt", TOWNS "Bonn\n");
    program_enter(loaded, "load run");
    ck_assert_msg(loaded->message_wrong && strstr(loaded->message, "towns.txt") &&
                      strstr(loaded->message, "other documents"),
                  "%s", loaded->message);
    ck_assert_int_eq(remove("towns.txt"), 0);
    program_enter(loaded, "load run");
    ck_assert_msg(loaded->message_wrong && strstr(loaded->message, "towns.txt"), "%s",
                  loaded->message);
    program_enter(loaded, "goto 3");
    program_close(app);
    program_close(loaded);
}
END_TEST

static const char *const hostile[] = {
    "data /etc/passwd",
    "watch loss\ndata x",
    "quit",
    "save other",
    "unit parsec",
    "goto 3",
    "goto 4000000.forward.1",
    "goto x",
    "watch )",
    "event",
    "event 2.forward.5 value 0",
    "event 2.forward.5 nose 0 1",
    "event 2.forward.5 value -1 1",
    "event 2.forward.5 value 999999999 1",
    "event 2.forward.5 value 0 1x",
    "event 1 value 0 1",
    "event 99 value 0 1",
    "event 2@pos0.embed value 0 1",
    "event 2.forward.5 setting 0 7",
    "event 2.forward.5 setting 6 -1",
    "event 2.forward.5 setting 6 nan",
    "event 2.forward.5 setting 99 1",
};

START_TEST(a_line_that_is_not_the_programs_own_is_refused)
{
    App *app = program_open(OPTIONS);
    Error error;

    program_enter(app, "goto 2");
    ck_assert(checkpoint_save_session(&app->session.trainer, hostile[_i], "run", &error));
    program_enter(app, "load run");
    ck_assert_msg(app->message_wrong, "taken: %s", hostile[_i]);
    ck_assert_int_eq(scratch_entries(), 1);
    program_close(app);
}
END_TEST

START_TEST(training_without_a_screen_says_that_changes_are_still_to_come)
{
    ck_assert(keep_has_changes("event 2 value 0 1\n"));
    ck_assert(keep_has_changes("unit step\nevent 2 value 0 1\n"));
    ck_assert(!keep_has_changes("unit step\nwatch event 2\n"));
    ck_assert(!keep_has_changes(""));
}
END_TEST

Suite *keep_suite(void)
{
    Suite *suite = suite_create("keep");
    TCase *tests = tcase_create("keep");

    tcase_set_timeout(tests, 60);
    tcase_add_checked_fixture(tests, scratch_enter, scratch_leave);
    tcase_add_loop_test(tests,
                        a_loaded_session_stands_where_it_stood_and_goes_on_with_the_same_bits, 0,
                        sizeof sessions / sizeof *sessions);
    tcase_add_loop_test(tests, branches_come_along_with_the_same_bits, 0,
                        sizeof branched / sizeof *branched);
    tcase_add_test(tests, what_was_taken_back_can_be_made_again_and_taken_back_in_order);
    tcase_add_loop_test(tests, branches_that_cannot_be_are_refused, 0,
                        sizeof hostile_branches / sizeof *hostile_branches);
    tcase_add_test(tests, the_lines_around_those_that_are_refused_are_taken);
    tcase_add_loop_test(tests, documents_of_a_branch_must_be_there_and_the_same, 0, 2);
    tcase_add_test(tests, other_documents_make_no_branches);
    tcase_add_test(tests, unit_and_watched_expressions_come_along);
    tcase_add_loop_test(tests, a_line_that_is_not_the_programs_own_is_refused, 0,
                        sizeof hostile / sizeof *hostile);
    tcase_add_test(tests, training_without_a_screen_says_that_changes_are_still_to_come);
    suite_add_tcase(suite, tests);
    return suite;
}
