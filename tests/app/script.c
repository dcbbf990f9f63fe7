#include "app/script.h"

#include "app/command.h"
#include "engine/support.h"
#include "program.h"
#include "scratch.h"
#include "suites.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static App *app;
static TestPath data;

static void open_program(void)
{
    data = test_path("data/words.txt");
    app = program_open("");
}

static void close_program(void)
{
    program_close(app);
}

/* What a script has printed and how it ended. */
typedef struct Played {
    int status;
    char *text;
    Error error;
} Played;

static bool interrupted_at_once;

static bool interrupted(void)
{
    return interrupted_at_once;
}

static Played play(const char *script, bool json)
{
    Played played = {.error = {""}};
    Options options = {.settings = test_settings("--n-embd 4 --n-head 2 --block-size 4 --steps 40"),
                       .json = json,
                       .argument = {"script"}};
    size_t length;
    FILE *stream = open_memstream(&played.text, &length);

    scratch_put("script", script);
    played.status = script_run(&options, data.text, NULL, interrupted, stream, &played.error);
    fclose(stream);
    return played;
}

static void expect(const char *script, const char *text)
{
    Played played = play(script, false);

    ck_assert_str_eq(played.error.text, "");
    ck_assert_int_eq(played.status, BATCH_DONE);
    ck_assert_str_eq(played.text, text);
    free(played.text);
}

static void refuse(const char *script, int status, const char *error)
{
    Played played = play(script, false);

    ck_assert_str_eq(played.error.text, error);
    ck_assert_int_eq(played.status, status);
    free(played.text);
}

/* ---- lines ----------------------------------------------------------------------------------- */

START_TEST(comments_and_blank_lines_say_nothing)
{
    expect("# goto 9\n\n   \n\t# more\necho one\n  echo two  \n#\n", "one\ntwo\n");
    expect("", "");
}
END_TEST

START_TEST(the_last_line_needs_no_end_and_lines_may_end_as_on_windows)
{
    expect("echo one\r\necho two", "one\ntwo\n");
}
END_TEST

START_TEST(what_is_printed_is_made_safe_and_keeps_its_columns)
{
    expect("echo a\x1b[31mb\xff\n", "a^[[31mb\\xff\n");
    expect("bind G\n", "G\tgoto end\n");
}
END_TEST

START_TEST(an_error_names_the_file_and_the_line)
{
    refuse("echo one\n\n# no\nfly away\necho two\n", BATCH_FAILED,
           "script:4: there is no command fly: see help");
    refuse("goto 4000\n", BATCH_FAILED, "script:1: 4000: the run has 40 steps");
    refuse("step x", BATCH_FAILED,
           "script:1: expected operation, block, position, phase, step, 10 or 100, not x");
}
END_TEST

START_TEST(a_script_ends_at_its_first_error)
{
    Played played = play("echo one\nfly\necho two\n", false);

    ck_assert_str_eq(played.text, "one\n");
    free(played.text);
}
END_TEST

START_TEST(a_file_that_cannot_be_read_is_another_failure)
{
    Options options = {.settings = test_settings(""), .argument = {"nowhere"}};
    Error error;

    ck_assert_int_eq(script_run(&options, data.text, NULL, interrupted, stdout, &error),
                     BATCH_UNUSABLE);
    ck_assert_str_eq(error.text, "nowhere: No such file or directory");
}
END_TEST

START_TEST(a_file_with_nul_bytes_is_no_script)
{
    Options options = {.settings = test_settings(""), .argument = {"bytes"}};
    Error error;

    scratch_write("bytes", "echo one\n\0echo two\n", 19);
    ck_assert_int_eq(script_run(&options, data.text, NULL, interrupted, stdout, &error),
                     BATCH_UNUSABLE);
    ck_assert_str_eq(error.text, "bytes: a NUL byte: it is no text");
}
END_TEST

START_TEST(a_line_that_is_too_long_is_refused_whole)
{
    char script[1200] = "echo one\necho ";

    memset(script + strlen(script), 'x', 600);
    strcat(script, "\n");
    refuse(script, BATCH_FAILED, "script:2: a command has at most 511 bytes");
    script[9 + 511] = '\n';
    script[9 + 512] = '\0';
    Played played = play(script, false);
    ck_assert_int_eq(played.status, BATCH_DONE);
    ck_assert_uint_eq(strlen(played.text), 4 + 506 + 1);
    free(played.text);
}
END_TEST

/* ---- moving ---------------------------------------------------------------------------------- */

START_TEST(a_script_stands_exactly_where_it_was_sent_before_it_goes_on)
{
    const char *const moments[] = {"3", "17.forward.5", "17.backward.9", "17.update.2", "2", "40"};
    char script[256];

    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        snprintf(script, sizeof script, "goto %s", moments[i]);
        app_enter(app, script);
        program_settle(app);
        program_at(app, moments[i]);
        App *fresh = program_open("");
        Error error;
        ck_assert_msg(app_seek(fresh, moments[i], &error), "%s", error.text);
        program_same(app, fresh);
        program_close(fresh);
    }
}
END_TEST

static const struct {
    const char *script, *moment;
} moves[] = {
    {"goto end", "40"},
    {"step", "1"},
    {"step 3", "3"},
    {"step 3 operation", "0.forward.2"},
    {"step phase", "0.forward.0"},
    {"step 2 10", "20"},
    {"goto 5\nback 2", "3"},
    {"goto 5\nback 100", "0"},
    {"goto 5.forward.7\nback 3 operation", "5.forward.4"},
    {"run", "40"},
    {"goto 7\nrun back", "0"},
    {"unit phase\nrun", "40"},
    {"run\nrun", "40"},
    {"step 3\npause\nstep", "4"},
};

START_TEST(every_movement_is_over_before_the_next_line)
{
    char script[256], expected[64];

    snprintf(script, sizeof script, "%s\nprint step\nwhere\n", moves[_i].script);
    Played played = play(script, false);
    ck_assert_str_eq(played.error.text, "");
    char *second = strchr(played.text, '\n');
    ck_assert(second);
    snprintf(expected, sizeof expected, "\n%s: ", moves[_i].moment);
    ck_assert_msg(strncmp(second, expected, strlen(expected)) == 0, "%s: %s", moves[_i].script,
                  second);
    free(played.text);
}
END_TEST

START_TEST(ctrl_c_ends_a_script)
{
    interrupted_at_once = true;
    Played played = play("goto 40\necho one\n", false);
    ck_assert_int_eq(played.status, BATCH_INTERRUPTED);
    ck_assert_str_eq(played.text, "");
    ck_assert_str_eq(played.error.text, "");
    free(played.text);
}
END_TEST

START_TEST(quit_ends_a_script_well)
{
    expect("echo one\nhelp\nquit\necho two\n", "one\n");
}
END_TEST

START_TEST(a_run_that_breaks_down_is_an_error)
{
    Options options = {.settings = test_settings("--n-embd 4 --n-head 2 --block-size 4 --lr 1e9"),
                       .argument = {"script"}};
    Error error;

    scratch_put("script", "echo one\nrun\n");
    FILE *nothing = fopen("/dev/null", "w");
    ck_assert_int_eq(script_run(&options, data.text, NULL, interrupted, nothing, &error),
                     BATCH_FAILED);
    fclose(nothing);
    test_error_names(
        &error,
        "script:2: the loss is not a number any more, the run stops here; the first: step ");
    test_error_names(&error, "not a number");
}
END_TEST

/* ---- answers --------------------------------------------------------------------------------- */

START_TEST(answers_are_printed_as_lines)
{
    expect("goto 2\nwhere\nprint 1/4\nprint [1,2] * 2\nprint step > 1\n",
           "2: step 2 | done\n1/4 = 0.25\n[1,2] * 2 = [2, 4]\nstep > 1 = true\n");
}
END_TEST

START_TEST(answers_are_printed_as_objects)
{
    Played played = play("goto 2\nwhere\nprint 1/4\nprint [1,2]*2\nec a \"b\"\nbind F9\nprint "
                         "[[1],[2]]\nprint step > 1\nprint inf\n",
                         true);

    ck_assert_str_eq(played.error.text, "");
    ck_assert_str_eq(
        played.text,
        "{\"command\":\"where\",\"moment\":\"2\",\"place\":\"step 2 | done\"}\n"
        "{\"command\":\"print\",\"expr\":\"1/4\",\"moment\":\"2\",\"value\":0.25}\n"
        "{\"command\":\"print\",\"expr\":\"[1,2]*2\",\"moment\":\"2\",\"value\":[2,4]}\n"
        "{\"command\":\"echo\",\"text\":\"a \\\"b\\\"\"}\n"
        "{\"command\":\"bind\",\"key\":\"F9\",\"line\":null}\n"
        "{\"command\":\"print\",\"expr\":\"[[1],[2]]\",\"moment\":\"2\",\"value\":[[1],[2]]}\n"
        "{\"command\":\"print\",\"expr\":\"step > 1\",\"moment\":\"2\",\"value\":true}\n"
        "{\"command\":\"print\",\"expr\":\"inf\",\"moment\":\"2\",\"value\":\"inf\"}\n");
    free(played.text);
}
END_TEST

START_TEST(what_is_not_computed_yet_is_absent)
{
    expect("print probs[0]\n", "probs[0] = - (not computed yet at 0)\n");
    Played played = play("goto 3.forward.1\nprint loss\n", true);
    ck_assert_str_eq(played.text, "{\"command\":\"print\",\"expr\":\"loss\",\"moment\":"
                                  "\"3.forward.1\",\"value\":null}\n");
    free(played.text);
}
END_TEST

START_TEST(a_wrong_expression_is_an_error_of_its_line)
{
    Played played = play("echo one\nprint wte[99][0]\n", false);

    ck_assert_int_eq(played.status, BATCH_FAILED);
    test_error_names(&played.error, "script:2: ");
    test_error_names(&played.error, "wte[99][0]: character 5: ");
    free(played.text);
    played = play("print \"你好é\" + foo\n", false);
    test_error_names(&played.error, "character 9: ");
    free(played.text);
}
END_TEST

START_TEST(messages_are_no_answers)
{
    Played played = play("goto 40\nsave run\nstep\n", true);

    ck_assert_str_eq(played.text, "");
    ck_assert_int_eq(played.status, BATCH_DONE);
    free(played.text);
}
END_TEST

/* ---- saved runs ------------------------------------------------------------------------------ */

START_TEST(a_run_goes_on_with_the_same_bits_after_save_and_load)
{
    Error error = {""};

    ck_assert(command_run(app, "goto 12", &error) != CHANGE_FAILED);
    program_settle(app);
    ck_assert_msg(command_run(app, "save my run", &error) != CHANGE_FAILED, "%s", error.text);
    App *other = program_open("--steps 3 --seed 1");
    ck_assert_msg(command_run(other, "load my run", &error) != CHANGE_FAILED, "%s", error.text);
    program_at(other, "12.forward.0"); /* what was computed in step 12 is not in the file */
    app_enter(app, "goto 12.forward.0");
    program_settle(app);
    program_same(app, other);
    app_enter(app, "goto 30.backward.5");
    app_enter(other, "goto 30.backward.5");
    program_settle(app);
    program_settle(other);
    program_at(other, "30.backward.5");
    program_same(app, other);
    program_close(other);
}
END_TEST

START_TEST(a_file_that_is_no_run_leaves_everything_as_it_was)
{
    Error error = {""};

    app_enter(app, "goto 7");
    program_settle(app);
    scratch_put("text", "no run at all");
    ck_assert(command_run(app, "load text", &error) & CHANGE_FAILED);
    ck_assert_int_gt((int)strlen(error.text), 0);
    ck_assert(command_run(app, "load nowhere", &error) & CHANGE_FAILED);
    ck_assert(command_run(app, "load", &error) & CHANGE_FAILED);
    ck_assert(command_run(app, "save nowhere/run", &error) & CHANGE_FAILED);
    program_at(app, "7");
    app_enter(app, "step");
    program_settle(app);
    program_at(app, "8");
}
END_TEST

/* ---- configuration --------------------------------------------------------------------------- */

START_TEST(a_configuration_arranges_keys_unit_and_looks)
{
    Error error = {""};

    scratch_put("config", "# mine\nbind F5 goto 3\nbind G none\nunit phase\ntheme light\n"
                          "glyphs ascii\n");
    ck_assert_msg(script_configure(app, "config", &error), "%s", error.text);
    ck_assert_str_eq(keymap_line(&app->keymap, "F5"), "goto 3");
    ck_assert_ptr_null(keymap_line(&app->keymap, "G"));
    ck_assert_int_eq(app->unit, UNIT_PHASE);
    ck_assert_str_eq(app->theme, "light");
    ck_assert_str_eq(app->glyphs, "ascii");
}
END_TEST

START_TEST(a_wrong_line_of_a_configuration_is_named_and_the_others_hold)
{
    Error error = {""};

    scratch_put("config", "unit phase\nbind F55 run\ntheme pink\nfly\ntheme mono\n");
    ck_assert(!script_configure(app, "config", &error));
    ck_assert_str_eq(error.text, "config:2: there is no key F55: names are like a, Space, F5, C-t, "
                                 "M-x (and 2 more)");
    ck_assert_int_eq(app->unit, UNIT_PHASE);
    ck_assert_str_eq(app->theme, "mono");
}
END_TEST

START_TEST(a_configuration_moves_nothing_and_touches_no_file)
{
    Error error = {""};

    for (int i = 0; i < command_count; i++) {
        char line[128];
        if (command_table[i].kind & COMMAND_ARRANGES)
            continue;
        snprintf(line, sizeof line, "%s 5\n", command_table[i].name);
        scratch_put("config", line);
        ck_assert(!script_configure(app, "config", &error));
        snprintf(line, sizeof line, "config:1: %s may not stand in a configuration file",
                 command_table[i].name);
        ck_assert_str_eq(error.text, line);
    }
    ck_assert_int_eq(scratch_entries(), 1);
    program_at(app, "0");
}
END_TEST

START_TEST(no_configuration_is_no_error_but_an_unreadable_one_is)
{
    Error error = {""};

    ck_assert(script_configure(app, "nowhere/config", &error));
    ck_assert_str_eq(error.text, "");
    ck_assert_int_eq(mkdir("config", 0755), 0);
    ck_assert(!script_configure(app, "config", &error));
    ck_assert_str_eq(error.text, "config: is a folder, not a file");
}
END_TEST

Suite *script_suite(void)
{
    Suite *suite = suite_create("script");
    TCase *tests = tcase_create("script");

    tcase_add_checked_fixture(tests, open_program, close_program);
    tcase_add_checked_fixture(tests, scratch_enter, scratch_leave);
    tcase_add_test(tests, comments_and_blank_lines_say_nothing);
    tcase_add_test(tests, the_last_line_needs_no_end_and_lines_may_end_as_on_windows);
    tcase_add_test(tests, what_is_printed_is_made_safe_and_keeps_its_columns);
    tcase_add_test(tests, an_error_names_the_file_and_the_line);
    tcase_add_test(tests, a_script_ends_at_its_first_error);
    tcase_add_test(tests, a_file_that_cannot_be_read_is_another_failure);
    tcase_add_test(tests, a_file_with_nul_bytes_is_no_script);
    tcase_add_test(tests, a_line_that_is_too_long_is_refused_whole);
    tcase_add_test(tests, a_script_stands_exactly_where_it_was_sent_before_it_goes_on);
    tcase_add_loop_test(tests, every_movement_is_over_before_the_next_line, 0,
                        sizeof moves / sizeof *moves);
    tcase_add_test(tests, ctrl_c_ends_a_script);
    tcase_add_test(tests, quit_ends_a_script_well);
    tcase_add_test(tests, a_run_that_breaks_down_is_an_error);
    tcase_add_test(tests, answers_are_printed_as_lines);
    tcase_add_test(tests, answers_are_printed_as_objects);
    tcase_add_test(tests, what_is_not_computed_yet_is_absent);
    tcase_add_test(tests, a_wrong_expression_is_an_error_of_its_line);
    tcase_add_test(tests, messages_are_no_answers);
    tcase_add_test(tests, a_run_goes_on_with_the_same_bits_after_save_and_load);
    tcase_add_test(tests, a_file_that_is_no_run_leaves_everything_as_it_was);
    tcase_add_test(tests, a_configuration_arranges_keys_unit_and_looks);
    tcase_add_test(tests, a_wrong_line_of_a_configuration_is_named_and_the_others_hold);
    tcase_add_test(tests, a_configuration_moves_nothing_and_touches_no_file);
    tcase_add_test(tests, no_configuration_is_no_error_but_an_unreadable_one_is);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return suite;
}
