#include "app/autosave.h"

#include "app/keep.h"
#include "engine/sys.h"
#include "program.h"
#include "scratch.h"
#include "suites.h"
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void enter(void)
{
    char path[4096];

    scratch_enter();
    ck_assert(getcwd(path, sizeof path));
    setenv("XDG_STATE_HOME", path, 1);
}

static App *begin(void)
{
    App *app = program_open("");
    Error error = {""};

    ck_assert_msg(autosave_begin(app, &error), "%s", error.text);
    return app;
}

static void end(App *app, bool in_order)
{
    Error error = {""};

    ck_assert_msg(autosave_end(app, in_order, &error), "%s", error.text);
    program_close(app);
}

/* What is due so many seconds after the beginning, until it is written. */
static void work_at(App *app, double seconds)
{
    autosave_work(app, sys_seconds() + seconds);
    while (app->autosave.writing) {
        pool_wait(&app->autosave.pool, 10);
        autosave_work(app, 0);
    }
}

/* Saved sessions in the folder; the name of one of them. */
static int sessions(char name[256])
{
    DIR *folder = opendir("gptoscope");
    int count = 0;

    ck_assert(folder);
    for (struct dirent *entry; (entry = readdir(folder));) {
        const size_t length = strlen(entry->d_name);
        ck_assert_msg(!strstr(entry->d_name, ".tmp"), "%s", entry->d_name);
        if (length < 4 || strcmp(entry->d_name + length - 4, ".run") != 0)
            continue;
        snprintf(name, 256, "gptoscope/%.200s", entry->d_name);
        count++;
    }
    closedir(folder);
    return count;
}

/* A session that goes to a moment, and is killed half a minute later. */
static void die_at(const char *moment)
{
    char line[64];
    pid_t session = fork();

    ck_assert_int_ge(session, 0);
    if (session == 0) {
        App *app = begin();
        snprintf(line, sizeof line, "goto %s", moment);
        program_enter(app, line);
        program_enter(app, "set wte[0][0] = 3");
        program_enter(app, "watch loss + 1");
        work_at(app, AUTOSAVE_SECONDS + 1);
        raise(SIGKILL);
    }
    waitpid(session, NULL, 0);
}

START_TEST(a_session_that_is_killed_is_offered_and_goes_on_with_the_same_bits)
{
    App *whole = program_open(""), *app;
    Error error = {""};

    die_at("7.forward.5");
    app = begin();
    ck_assert(autosave_offers(app));
    program_enter(app, "resume");
    ck_assert_msg(!app->message_wrong, "%s", app->message);
    program_enter(whole, "goto 7.forward.5");
    program_enter(whole, "set wte[0][0] = 3");
    program_same(app, whole);
    ck_assert_int_eq(app->watches.count, 1);
    ck_assert(!autosave_offers(app));
    ck_assert(!autosave_resume(app, &error));
    program_close(whole);
    end(app, true);
}
END_TEST

START_TEST(what_was_taken_up_is_kept_until_its_new_session_ends_in_order)
{
    char name[256];

    die_at("3");
    for (int i = 0; i < 2; i++) {
        App *app = begin();
        ck_assert(autosave_offers(app));
        program_enter(app, "resume");
        ck_assert_int_eq(sessions(name), 1);
        end(app, i == 1);
    }
    ck_assert_int_eq(sessions(name), 0);
}
END_TEST

START_TEST(what_is_not_taken_up_stays_until_it_is_forgotten)
{
    char name[256];
    Error error = {""};

    die_at("3");
    end(begin(), true);
    ck_assert_int_eq(sessions(name), 1);
    App *app = begin();
    program_enter(app, "goto 5");
    work_at(app, AUTOSAVE_SECONDS + 1);
    ck_assert_int_eq(sessions(name), 2);
    program_enter(app, "resume forget");
    ck_assert_msg(!app->message_wrong, "%s", app->message);
    ck_assert(!autosave_forget(app, &error));
    ck_assert_int_eq(sessions(name), 1);
    end(app, true);
    ck_assert_int_eq(sessions(name), 0);
}
END_TEST

START_TEST(it_saves_every_half_minute_at_most_and_only_what_has_changed)
{
    char name[256];
    double from;
    App *app = begin();
    const double start = sys_seconds();

    work_at(app, 100);
    ck_assert_int_eq(sessions(name), 0);
    ck_assert(!autosave_is_due(app, &from));
    program_enter(app, "goto 2");
    ck_assert(autosave_is_due(app, &from) && from > start + AUTOSAVE_SECONDS - 1);
    work_at(app, AUTOSAVE_SECONDS - 1);
    ck_assert_int_eq(sessions(name), 0);
    work_at(app, AUTOSAVE_SECONDS + 1);
    ck_assert_int_eq(sessions(name), 1);
    ck_assert(!autosave_is_due(app, &from));
    program_enter(app, "watch loss");
    ck_assert(autosave_is_due(app, &from) && from > start + 2 * AUTOSAVE_SECONDS);
    unlink(name);
    work_at(app, 2 * AUTOSAVE_SECONDS);
    ck_assert_int_eq(sessions(name), 0);
    work_at(app, 2 * AUTOSAVE_SECONDS + 2);
    ck_assert_int_eq(sessions(name), 1);
    end(app, true);
}
END_TEST

START_TEST(a_session_that_ends_by_a_signal_saves_what_there_is)
{
    char name[256];
    App *app = begin();

    program_enter(app, "goto 9");
    end(app, false);
    ck_assert_int_eq(sessions(name), 1);
    app = begin();
    program_enter(app, "resume");
    program_at(app, "9.forward.0");
    end(app, true);
    ck_assert_int_eq(sessions(name), 0);
}
END_TEST

/* A session in a process of its own that has saved and waits for its end; its number. */
static pid_t stay(void)
{
    int ready[2];
    char byte;

    ck_assert_int_eq(pipe(ready), 0);
    pid_t session = fork();
    if (session == 0) {
        App *app = begin();
        program_enter(app, "goto 4");
        work_at(app, AUTOSAVE_SECONDS + 1);
        if (write(ready[1], "", 1) == 1)
            pause();
        _exit(1);
    }
    ck_assert(read(ready[0], &byte, 1) == 1);
    close(ready[0]);
    close(ready[1]);
    return session;
}

static void kill_session(pid_t session)
{
    kill(session, SIGKILL);
    waitpid(session, NULL, 0);
}

START_TEST(sessions_at_the_same_time_leave_each_other_alone)
{
    char name[256];
    pid_t one = stay(), two = stay();

    ck_assert_int_eq(sessions(name), 2);
    App *app = begin();
    ck_assert(!autosave_offers(app));
    program_enter(app, "goto 6");
    work_at(app, AUTOSAVE_SECONDS + 1);
    ck_assert_int_eq(sessions(name), 3);
    end(app, true);
    ck_assert_int_eq(sessions(name), 2);
    kill_session(one);
    app = begin();
    ck_assert(autosave_offers(app));
    program_enter(app, "resume");
    program_at(app, "4.forward.0");
    end(app, true);
    ck_assert_int_eq(sessions(name), 1);
    kill_session(two);
}
END_TEST

START_TEST(one_session_more_than_there_are_places_is_told_so)
{
    pid_t session[AUTOSAVE_PLACES];
    Error error = {""};

    for (int i = 0; i < AUTOSAVE_PLACES; i++)
        session[i] = stay();
    App *app = program_open("");
    ck_assert(!autosave_begin(app, &error));
    ck_assert_str_eq(error.text, "8 sessions with these documents are open");
    app->autosave.wanted = true;
    ck_assert(autosave_work(app, 0));
    ck_assert_msg(strstr(app->message, "the session is not kept: 8 sessions"), "%s", app->message);
    ck_assert(!app->autosave.wanted);
    program_close(app);
    for (int i = 0; i < AUTOSAVE_PLACES; i++)
        kill_session(session[i]);
}
END_TEST

START_TEST(the_oldest_gives_way_where_all_places_are_full)
{
    char name[256];

    for (int i = 0; i < AUTOSAVE_PLACES + 3; i++)
        die_at("2");
    ck_assert_int_eq(sessions(name), AUTOSAVE_PLACES);
}
END_TEST

START_TEST(the_newest_is_offered)
{
    const struct timespec old[2] = {{.tv_sec = 1000000}, {.tv_sec = 1000000}};
    char name[256];

    die_at("3");
    ck_assert_int_eq(sessions(name), 1);
    ck_assert_int_eq(utimensat(AT_FDCWD, name, old, 0), 0);
    die_at("6");
    App *app = begin();
    program_enter(app, "resume");
    program_at(app, "6.forward.0");
    end(app, true);
}
END_TEST

START_TEST(a_damaged_session_is_refused_with_the_reason_and_the_program_goes_on)
{
    static const char *const damage[] = {"", "nonsense", "\x08\0\0\0\0\0\0\0{}"};
    char name[256];
    App *app;

    die_at("3");
    ck_assert_int_eq(sessions(name), 1);
    scratch_put(name, damage[_i]);
    app = begin();
    ck_assert(autosave_offers(app));
    program_enter(app, "goto 5");
    program_enter(app, "resume");
    ck_assert_msg(app->message_wrong && strstr(app->message, "session-"), "%s", app->message);
    program_at(app, "5");
    ck_assert_int_eq(sessions(name), 1);
    program_enter(app, "resume forget");
    ck_assert_int_eq(sessions(name), 0);
    end(app, true);
}
END_TEST

START_TEST(other_documents_have_sessions_of_their_own)
{
    char name[256];
    App *app = calloc(1, sizeof *app);
    Error error = {""};
    Settings settings;

    die_at("3");
    settings_default(&settings);
    scratch_put("others.txt", "anna\nbob\n");
    ck_assert(app_init(app, &settings, "others.txt", NULL, &error));
    ck_assert(autosave_begin(app, &error));
    ck_assert(!autosave_offers(app));
    end(app, true);
    ck_assert_int_eq(sessions(name), 1);
}
END_TEST

START_TEST(a_lesson_that_is_open_is_not_saved)
{
    char name[256];
    App *app = begin();

    program_enter(app, "goto 5");
    app->tutor.open = true; /* half a lesson, but all that is looked at */
    work_at(app, AUTOSAVE_SECONDS + 1);
    ck_assert_int_eq(sessions(name), 0);
    app->tutor.open = false;
    end(app, true);
}
END_TEST

START_TEST(a_folder_that_cannot_be_written_to_is_told_once)
{
    App *app = begin();

    ck_assert(rename("gptoscope", "away") == 0);
    scratch_put("gptoscope", "in the way\n");
    program_enter(app, "goto 5");
    work_at(app, AUTOSAVE_SECONDS + 1);
    ck_assert_msg(strstr(app->message, "the session is not kept: "), "%s", app->message);
    app->message[0] = '\0';
    program_enter(app, "goto 6");
    work_at(app, 3 * AUTOSAVE_SECONDS);
    ck_assert_str_eq(app->message, "");
    unlink("gptoscope");
    ck_assert(rename("away", "gptoscope") == 0);
    end(app, true);
}
END_TEST

START_TEST(autosave_off_removes_the_file_and_on_begins_anew)
{
    char name[256];
    App *app = begin();

    program_enter(app, "goto 5");
    work_at(app, AUTOSAVE_SECONDS + 1);
    program_enter(app, "autosave off");
    work_at(app, 0);
    ck_assert(!app->autosave.open);
    ck_assert_int_eq(sessions(name), 0);
    program_enter(app, "autosave on");
    work_at(app, 0);
    ck_assert(app->autosave.open);
    program_enter(app, "autosave");
    ck_assert(app->message_wrong);
    end(app, true);
}
END_TEST

START_TEST(without_a_screen_there_is_none)
{
    App *app = program_open("");
    double from;

    ck_assert(!autosave_is_due(app, &from) && !autosave_offers(app));
    program_enter(app, "resume");
    ck_assert_msg(strstr(app->message, "no interrupted session"), "%s", app->message);
    program_close(app);
    ck_assert_int_eq(access("gptoscope", F_OK), -1);
}
END_TEST

Suite *autosave_suite(void)
{
    Suite *suite = suite_create("autosave");
    TCase *tests = tcase_create("autosave");

    tcase_add_checked_fixture(tests, enter, scratch_leave);
    tcase_set_timeout(tests, 20);
    tcase_add_test(tests, a_session_that_is_killed_is_offered_and_goes_on_with_the_same_bits);
    tcase_add_test(tests, what_was_taken_up_is_kept_until_its_new_session_ends_in_order);
    tcase_add_test(tests, what_is_not_taken_up_stays_until_it_is_forgotten);
    tcase_add_test(tests, it_saves_every_half_minute_at_most_and_only_what_has_changed);
    tcase_add_test(tests, a_session_that_ends_by_a_signal_saves_what_there_is);
    tcase_add_test(tests, sessions_at_the_same_time_leave_each_other_alone);
    tcase_add_test(tests, one_session_more_than_there_are_places_is_told_so);
    tcase_add_test(tests, the_oldest_gives_way_where_all_places_are_full);
    tcase_add_test(tests, the_newest_is_offered);
    tcase_add_loop_test(tests, a_damaged_session_is_refused_with_the_reason_and_the_program_goes_on,
                        0, 3);
    tcase_add_test(tests, other_documents_have_sessions_of_their_own);
    tcase_add_test(tests, a_lesson_that_is_open_is_not_saved);
    tcase_add_test(tests, a_folder_that_cannot_be_written_to_is_told_once);
    tcase_add_test(tests, autosave_off_removes_the_file_and_on_begins_anew);
    tcase_add_test(tests, without_a_screen_there_is_none);
    suite_add_tcase(suite, tests);
    return suite;
}
