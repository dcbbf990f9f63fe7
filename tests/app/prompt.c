#include "app/prompt.h"

#include "app/command.h"
#include "program.h"
#include "scratch.h"
#include "suites.h"
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static App *app;

static void open_program(void)
{
    ck_assert(setlocale(LC_CTYPE, "C.UTF-8") || setlocale(LC_CTYPE, "en_US.UTF-8"));
    app = program_open("");
}

static void close_program(void)
{
    program_close(app);
}

/* The line of the prompt with | where the cursor is. */
static const char *shown(void)
{
    static char text[LINE_BYTES + 1];
    const Line *line = &app->prompt.line;

    snprintf(text, sizeof text, "%.*s|%s", line->cursor, line->text, line->text + line->cursor);
    ck_assert_int_eq(line->length, (int)strlen(line->text));
    return text;
}

/* Opens the prompt anew, types a text, then presses keys. */
static const char *after(const char *text, const char *keys)
{
    app->prompt.open = false;
    program_press(app, ":");
    program_type(app, text);
    program_press(app, keys);
    return shown();
}

/* ---- editing --------------------------------------------------------------------------------- */

START_TEST(characters_are_typed_at_the_cursor)
{
    ck_assert_str_eq(after("gto 1", "Home Right o End 2"), "goto 12|");
    ck_assert_str_eq(after("a  b", "Left Left x"), "a x| b");
}
END_TEST

START_TEST(keys_that_are_no_characters_type_nothing)
{
    ck_assert_str_eq(after("a", "F5 M-x C-t PgUp Insert S-Left C-\\"), "a|");
}
END_TEST

START_TEST(letters_that_are_commands_elsewhere_are_only_typed)
{
    ck_assert_str_eq(after("", "q g . , + - ? r"), "qg.,+-?r|");
    program_at(app, "0");
    ck_assert(!app->help);
}
END_TEST

START_TEST(a_character_of_many_bytes_is_moved_over_and_deleted_whole)
{
    ck_assert_str_eq(after("é你😀", "Left Left"), "é|你😀");
    ck_assert_str_eq(after("é你😀", "Left Backspace"), "é|😀");
    ck_assert_str_eq(after("é你😀", "Home Delete"), "|你😀");
    ck_assert_str_eq(after("é你😀", "Home Right Right Right Right x"), "é你😀x|");
}
END_TEST

START_TEST(a_mark_stays_with_the_letter_that_it_is_on)
{
    ck_assert_str_eq(after("ae\xcc\x81\xcc\xa3", "Left"), "a|e\xcc\x81\xcc\xa3");
    ck_assert_str_eq(after("ae\xcc\x81\xcc\xa3", "Backspace"), "a|");
    ck_assert_str_eq(after("ae\xcc\x81", "Home Right Delete"), "a|");
}
END_TEST

START_TEST(parts_of_the_line_are_deleted)
{
    ck_assert_str_eq(after("goto one two", "C-w"), "goto one |");
    ck_assert_str_eq(after("goto one  ", "C-w"), "goto |");
    ck_assert_str_eq(after("goto one two", "C-Left C-u"), "|two");
    ck_assert_str_eq(after("goto one two", "C-a C-f C-k"), "g|");
    ck_assert_str_eq(after("goto one two", "C-a M-d C-e C-b"), " one tw|o");
    ck_assert_str_eq(after("goto", "Home Backspace C-w C-u Left"), "|goto");
    ck_assert_str_eq(after("goto", "End Delete C-k Right C-Right"), "goto|");
}
END_TEST

START_TEST(a_full_line_takes_no_more_and_loses_nothing)
{
    after("", "");
    for (int i = 0; i < 600; i++)
        program_press(app, "x");
    ck_assert_int_eq(app->prompt.line.length, LINE_BYTES - 1);
    program_press(app, "Left Left 你");
    ck_assert_int_eq(app->prompt.line.length, LINE_BYTES - 1);
    program_press(app, "Backspace Backspace é");
    ck_assert_int_eq(app->prompt.line.length, LINE_BYTES - 1);
    ck_assert_str_eq(app->prompt.line.text + LINE_BYTES - 5, "éxx");
}
END_TEST

START_TEST(a_line_is_never_cut_within_a_character)
{
    char text[LINE_BYTES + 8];
    Line line;

    memset(text, 'x', LINE_BYTES - 2);
    memcpy(text + LINE_BYTES - 2, "é", 3);
    line_set(&line, text);
    ck_assert_int_eq(line.length, LINE_BYTES - 2);
}
END_TEST

START_TEST(controls_and_broken_bytes_are_left_out_of_a_line)
{
    Line line;

    line_set(&line, "a\x1b[31m\tb\xff\xc3 c\xc2\x9b\x7f"
                    "d\n");
    ck_assert_str_eq(line.text, "a[31mb cd");
}
END_TEST

/* ---- opening and closing --------------------------------------------------------------------- */

START_TEST(closing_keys_run_nothing_and_never_end_the_program)
{
    const char *const keys[] = {"Esc", "C-c", "C-g"};

    for (int i = 0; i < 3; i++) {
        after("quit", "");
        ck_assert(!(program_press(app, keys[i]) & CHANGE_QUIT));
        ck_assert(!app->prompt.open);
        ck_assert_str_eq(app->message, "");
    }
    after("", "Backspace");
    ck_assert(!app->prompt.open);
    ck_assert(!(program_press(app, "Esc Esc C-g") & CHANGE_QUIT));
}
END_TEST

START_TEST(enter_runs_the_line)
{
    program_enter(app, "goto 3");
    program_at(app, "3");
    after("quit", "");
    ck_assert(program_press(app, "Enter") & CHANGE_QUIT);
}
END_TEST

START_TEST(the_screen_can_be_painted_anew_while_typing)
{
    after("goto", "");
    ck_assert(program_press(app, "C-l") & CHANGE_REPAINT);
    ck_assert_str_eq(shown(), "goto|");
}
END_TEST

START_TEST(an_empty_line_does_nothing)
{
    program_enter(app, "");
    program_enter(app, "   ");
    ck_assert_str_eq(app->message, "");
    ck_assert_int_eq(app->prompt.recall.count, 0);
}
END_TEST

START_TEST(what_is_wrong_is_said_and_changes_nothing)
{
    program_enter(app, "goto 2");
    program_enter(app, "gto 3");
    ck_assert_str_eq(app->message, "there is no command gto: did you mean goto?");
    ck_assert(app->message_wrong);
    program_at(app, "2");
}
END_TEST

START_TEST(a_key_can_open_the_prompt_with_something_to_go_on_from)
{
    program_enter(app, "bind F5 prompt goto");
    program_press(app, "F5");
    ck_assert_str_eq(shown(), "goto |");
}
END_TEST

/* ---- what was typed before ------------------------------------------------------------------- */

START_TEST(up_brings_back_earlier_lines_and_down_the_one_being_typed)
{
    program_enter(app, "goto 1");
    program_enter(app, "where");
    ck_assert_str_eq(after("", "Up"), "where|");
    ck_assert_str_eq(after("", "Up Up"), "goto 1|");
    ck_assert_str_eq(after("", "Up Up Up Up"), "goto 1|");
    ck_assert_str_eq(after("", "Up Up Down"), "where|");
    ck_assert_str_eq(after("", "Up Up Down Down Down"), "|");
    ck_assert_str_eq(after("", "Down"), "|");
}
END_TEST

START_TEST(only_lines_that_begin_like_the_typed_one_come_back)
{
    program_enter(app, "goto 1");
    program_enter(app, "where");
    program_enter(app, "goto 2");
    ck_assert_str_eq(after("go", "Up Up"), "goto 1|");
    ck_assert_str_eq(after("go", "Up Up Down"), "goto 2|");
    ck_assert_str_eq(after("go", "Up Up Down Down"), "go|");
    ck_assert_str_eq(after("xyz", "Up"), "xyz|");
}
END_TEST

START_TEST(a_line_that_came_back_can_be_changed)
{
    program_enter(app, "goto 1");
    ck_assert_str_eq(after("", "Up 2 Up"), "goto 12|");
    program_press(app, "Backspace Up");
    ck_assert_str_eq(shown(), "goto 1|");
    program_press(app, "Esc");
    program_enter(app, "where");
    program_enter(app, "echo");
    ck_assert_str_eq(after("", "Up C-u g o Up"), "goto 1|");
}
END_TEST

START_TEST(the_same_line_twice_is_kept_once)
{
    program_enter(app, "goto 1");
    program_enter(app, "goto 1");
    program_enter(app, "where");
    program_enter(app, "goto 1");
    ck_assert_int_eq(app->prompt.recall.count, 3);
}
END_TEST

START_TEST(the_oldest_lines_are_forgotten)
{
    Recall *recall = calloc(1, sizeof *recall);
    char text[32];

    for (int i = 0; i < RECALL_LINES + 10; i++) {
        snprintf(text, sizeof text, "goto %d", i);
        recall_add(recall, text);
    }
    ck_assert_int_eq(recall->count, RECALL_LINES);
    for (int i = 1; i <= RECALL_LINES; i++) {
        snprintf(text, sizeof text, "goto %d", RECALL_LINES + 10 - i);
        ck_assert_str_eq(recall_line(recall, i), text);
    }
    free(recall);
}
END_TEST

static Recall *recall_of(const char *const *lines)
{
    Recall *recall = calloc(1, sizeof *recall);

    ck_assert(recall);
    for (; *lines; lines++)
        recall_add(recall, *lines);
    return recall;
}

START_TEST(two_sessions_both_leave_their_lines)
{
    const char *const first[] = {"goto 1", "where", NULL}, *const second[] = {"goto 2", NULL};
    Recall *one = recall_of(first), *two = recall_of(second);
    Error error;

    ck_assert(recall_save(one, "state/gptoscope/history", &error));
    ck_assert(recall_save(two, "state/gptoscope/history", &error));
    scratch_expect("state/gptoscope/history", "goto 1\nwhere\ngoto 2\n");
    Recall *three = calloc(1, sizeof *three);
    ck_assert(recall_read(three, "state/gptoscope/history", &error));
    ck_assert_int_eq(three->count, 3);
    ck_assert_int_eq(three->fresh, 0);
    free(one);
    free(two);
    free(three);
}
END_TEST

START_TEST(the_history_is_for_the_user_alone)
{
    const char *const lines[] = {"goto 1", NULL};
    Recall *recall = recall_of(lines);
    struct stat status;

    ck_assert(recall_save(recall, "state/gptoscope/history", NULL));
    ck_assert_int_eq(stat("state/gptoscope", &status), 0);
    ck_assert_int_eq(status.st_mode & 0777, 0700);
    free(recall);
}
END_TEST

START_TEST(a_session_without_commands_writes_nothing)
{
    ck_assert(recall_save(&app->prompt.recall, "history", NULL));
    ck_assert_int_eq(scratch_entries(), 0);
}
END_TEST

START_TEST(no_history_yet_is_no_error_but_what_is_no_file_is)
{
    Error error = {""};

    ck_assert(recall_read(&app->prompt.recall, "nowhere/history", &error));
    ck_assert_str_eq(error.text, "");
    ck_assert_int_eq(mkdir("folder", 0755), 0);
    ck_assert(!recall_read(&app->prompt.recall, "folder", &error));
    ck_assert_str_eq(error.text, "folder: is a folder, not a file");
}
END_TEST

START_TEST(a_history_that_was_tampered_with_is_harmless)
{
    char bytes[4096];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7 + i / 256);
    scratch_write("history", bytes, sizeof bytes);
    ck_assert(recall_read(&app->prompt.recall, "history", NULL));
    for (int i = 1; i <= app->prompt.recall.count; i++)
        for (const char *c = recall_line(&app->prompt.recall, i); *c; c++)
            ck_assert((unsigned char)*c >= ' ' && *c != 0x7f);
    after("", "Up Up Up Left Left Backspace x End");
}
END_TEST

/* ---- completion ------------------------------------------------------------------------------ */

static const struct {
    const char *typed, *keys, *expected;
    int candidates; /* shown; -1: the completion is over */
} completions[] = {
    {"got", "Tab", "goto |", -1},
    {"lo", "Tab", "lo|", 2},
    {"lis", "Tab", "list |", -1},
    {"list c", "Tab", "list commands |", -1},
    {"list ", "Tab", "list |", 2},
    {"zz", "Tab", "zz|", 0},
    {"unit op", "Tab", "unit operation |", -1},
    {"unit p", "Tab", "unit p|", 2},
    {"unit 10", "Tab Tab Tab", "unit 100|", 2},
    {"step 3 bl", "Tab", "step 3 block |", -1},
    {"step bl", "Tab", "step block |", -1},
    {"pause x", "Tab", "pause x|", 0},
    {"goto e", "Tab", "goto end |", -1},
    {"goto 4", "Tab", "goto 4|", 6},
    {"goto 4.b", "Tab", "goto 4.backward|", 2},
    {"goto 4.u", "Tab", "goto 4.update.|", -1},
    {"goto 4.forward@", "Tab", "goto 4.forward@|", 5},
    {"goto 4.forward@pos3.l", "Tab", "goto 4.forward@pos3.l|", 3},
    {"goto 4.forward@pos3.layer", "Tab", "goto 4.forward@pos3.layer0.|", -1},
    {"goto 4.forward@pos3.layer0.mlp.fc", "Tab", "goto 4.forward@pos3.layer0.mlp.fc|", 2},
    {"goto 4.forward@pos3.layer0.attn.h", "Tab", "goto 4.forward@pos3.layer0.attn.head|", 2},
    {"goto 4.forward@pos3.layer0.attn.head1.s", "Tab",
     "goto 4.forward@pos3.layer0.attn.head1.score |", -1},
    {"print layer0.attn_wq", "Tab", "print layer0.attn_wq |", -1},
    {"print softma", "Tab", "print softmax |", -1},
    {"print 2*(wt", "Tab", "print 2*(wte |", -1},
    {"print wte + wp", "Tab", "print wte + wpe |", -1},
    {"help go", "Tab", "help goto |", -1},
    {"bind F", "Tab", "bind F1 |", -1},
    {"bind F5 go", "Tab", "bind F5 goto |", -1},
    {"bind F5 non", "Tab", "bind F5 none |", -1},
    {"bind F5 goto e", "Tab", "bind F5 goto end |", -1},
    {"theme l", "Tab", "theme light |", -1},
    {"option be", "Tab", "option beta|", 2},
    {"option eps ", "Tab", "option eps = |", -1},
    {"until los", "Tab", "until loss|", 2},
    {"set wt", "Tab", "set wte |", -1},
    {"run b", "Tab", "run back |", -1},
    {"goto 4", "Tab .", "goto 4.|", -1},
    {"got 4", "Left Left Tab", "goto| 4", -1},
    {"goto unit", "Left Left Left Left Left Tab", "goto| unit", -1},
    {"lo", "Tab Tab", "look|", 2},
    {"lo", "Tab Tab Tab", "load|", 2},
    {"lo", "Tab Tab Tab Tab", "look|", 2},
    {"lo", "Tab S-Tab", "load|", 2},
    {"lo", "Tab Tab x", "lookx|", -1},
};

START_TEST(tab_completes_what_can_stand_there)
{
    const char *line = after(completions[_i].typed, completions[_i].keys);
    const Prompt *prompt = &app->prompt;

    ck_assert_msg(strcmp(line, completions[_i].expected) == 0, "%s %s: %s", completions[_i].typed,
                  completions[_i].keys, line);
    ck_assert_msg((prompt->completing ? prompt->completion.count : -1) ==
                      completions[_i].candidates,
                  "%s: %d candidates", line, prompt->completing ? prompt->completion.count : -1);
}
END_TEST

START_TEST(every_command_completes_its_own_name)
{
    for (int i = 0; i < command_count; i++) {
        Completion *completion = calloc(1, sizeof *completion);
        const char *name = command_table[i].name;
        complete_line(app, name, (int)strlen(name), completion);
        bool found = false;
        for (int k = 0; k < completion->count; k++)
            found |= strcmp(completion->candidate[k], name) == 0;
        ck_assert_msg(found, "%s", name);
        free(completion);
    }
}
END_TEST

START_TEST(candidates_are_shown_without_what_they_have_in_common)
{
    after("goto 4.forward@pos3.layer0.mlp.f", "Tab");
    ck_assert_str_eq(app->prompt.completion.candidate[0] + app->prompt.completion.shown, "fc1");
}
END_TEST

START_TEST(file_names_are_completed_folder_by_folder)
{
    ck_assert_int_eq(mkdir("runs", 0755), 0);
    scratch_put("names.run", "");
    scratch_put("names.txt", "");
    scratch_put("runs/two words.run", "");
    scratch_put("runs/.hidden", "");
    ck_assert_str_eq(after("save n", "Tab"), "save names.|");
    ck_assert_str_eq(app->prompt.completion.candidate[0], "names.run");
    ck_assert_str_eq(after("load r", "Tab"), "load runs/|");
    ck_assert_str_eq(after("load runs/", "Tab"), "load runs/two words.run |");
    ck_assert_str_eq(after("load runs/two w", "Tab"), "load runs/two words.run |");
    ck_assert_str_eq(after("load runs/.", "Tab"), "load runs/.hidden |");
    ck_assert_str_eq(after("load nowhere/", "Tab"), "load nowhere/|");
    ck_assert_str_eq(after("fork other data r", "Tab"), "fork other data runs/|");
}
END_TEST

START_TEST(names_that_share_half_a_character_share_nothing_of_it)
{
    scratch_put("xé", "");
    scratch_put("xè", "");
    ck_assert_str_eq(after("save ", "Tab"), "save x|");
}
END_TEST

START_TEST(of_many_files_the_first_are_kept_in_order_and_the_rest_counted)
{
    char name[32];

    for (int i = 0; i < COMPLETION_CANDIDATES + 30; i++) {
        snprintf(name, sizeof name, "f%04d", (i * 37) % (COMPLETION_CANDIDATES + 30));
        scratch_put(name, "");
    }
    after("save f", "Tab");
    const Completion *completion = &app->prompt.completion;
    ck_assert_int_eq(completion->count, COMPLETION_CANDIDATES);
    ck_assert_int_eq(completion->more, 30);
    for (int i = 0; i < completion->count; i++) {
        snprintf(name, sizeof name, "f%04d", i);
        ck_assert_str_eq(completion->candidate[i], name);
    }
}
END_TEST

START_TEST(a_name_with_controls_in_it_does_not_get_into_the_line)
{
    scratch_put("a\x1b[31m", "");
    const char *line = after("save a", "Tab");
    ck_assert_msg(!strchr(line, '\x1b'), "an escape is in the line");
}
END_TEST

Suite *prompt_suite(void)
{
    Suite *suite = suite_create("prompt");
    TCase *tests = tcase_create("line");

    tcase_add_checked_fixture(tests, open_program, close_program);
    tcase_add_checked_fixture(tests, scratch_enter, scratch_leave);
    tcase_add_test(tests, characters_are_typed_at_the_cursor);
    tcase_add_test(tests, keys_that_are_no_characters_type_nothing);
    tcase_add_test(tests, letters_that_are_commands_elsewhere_are_only_typed);
    tcase_add_test(tests, a_character_of_many_bytes_is_moved_over_and_deleted_whole);
    tcase_add_test(tests, a_mark_stays_with_the_letter_that_it_is_on);
    tcase_add_test(tests, parts_of_the_line_are_deleted);
    tcase_add_test(tests, a_full_line_takes_no_more_and_loses_nothing);
    tcase_add_test(tests, a_line_is_never_cut_within_a_character);
    tcase_add_test(tests, controls_and_broken_bytes_are_left_out_of_a_line);
    tcase_add_test(tests, closing_keys_run_nothing_and_never_end_the_program);
    tcase_add_test(tests, enter_runs_the_line);
    tcase_add_test(tests, the_screen_can_be_painted_anew_while_typing);
    tcase_add_test(tests, an_empty_line_does_nothing);
    tcase_add_test(tests, what_is_wrong_is_said_and_changes_nothing);
    tcase_add_test(tests, a_key_can_open_the_prompt_with_something_to_go_on_from);
    tcase_add_test(tests, up_brings_back_earlier_lines_and_down_the_one_being_typed);
    tcase_add_test(tests, only_lines_that_begin_like_the_typed_one_come_back);
    tcase_add_test(tests, a_line_that_came_back_can_be_changed);
    tcase_add_test(tests, the_same_line_twice_is_kept_once);
    tcase_add_test(tests, the_oldest_lines_are_forgotten);
    tcase_add_test(tests, two_sessions_both_leave_their_lines);
    tcase_add_test(tests, the_history_is_for_the_user_alone);
    tcase_add_test(tests, a_session_without_commands_writes_nothing);
    tcase_add_test(tests, no_history_yet_is_no_error_but_what_is_no_file_is);
    tcase_add_test(tests, a_history_that_was_tampered_with_is_harmless);
    tcase_add_loop_test(tests, tab_completes_what_can_stand_there, 0,
                        sizeof completions / sizeof *completions);
    tcase_add_test(tests, every_command_completes_its_own_name);
    tcase_add_test(tests, candidates_are_shown_without_what_they_have_in_common);
    tcase_add_test(tests, file_names_are_completed_folder_by_folder);
    tcase_add_test(tests, names_that_share_half_a_character_share_nothing_of_it);
    tcase_add_test(tests, of_many_files_the_first_are_kept_in_order_and_the_rest_counted);
    tcase_add_test(tests, a_name_with_controls_in_it_does_not_get_into_the_line);
    suite_add_tcase(suite, tests);
    return suite;
}
