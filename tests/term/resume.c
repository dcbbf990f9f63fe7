#include "pty.h"
#include "suites.h"

#include "scratch.h"
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static const char offer[] = "An earlier session was interrupted";
static char state[4096];

static void enter(void)
{
    scratch_enter();
    ck_assert(getcwd(state, sizeof state));
}

static void start(Pty *pty, const char *argument)
{
    PtyOptions options = pty_usual;

    options.autosave = true;
    options.variable[0] = "XDG_STATE_HOME";
    options.variable[1] = state;
    options.argument[0] = argument;
    pty_start(pty, &options);
}

/* Whether the program, newly started, offers an interrupted session; then it is
 * left in order. */
static bool is_offered(void)
{
    Pty pty;

    start(&pty, NULL);
    ck_assert(pty_wait_for(&pty, "step ", 5));
    bool offered = pty_wait_at(&pty, -1, offer, 0.2);
    pty_send(&pty, "q");
    ck_assert_int_eq(pty_wait_end(&pty, 3), 0);
    pty_release(&pty);
    return offered;
}

/* A session that stood, paused, at step 7, and was ended by a signal. */
static void interrupt(int number)
{
    Pty pty;

    ck_assert(!is_offered()); /* and the welcome of a first start has been said */
    start(&pty, NULL);
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 5));
    pty_send(&pty, ":goto 7\r");
    ck_assert(pty_wait_for(&pty, "step 7", 5));
    if (number == SIGKILL)
        pty_run(&pty, 32);
    if (number)
        kill(pty.program, number);
    else
        pty_hang_up(&pty);
    ck_assert_int_eq(pty_wait_end(&pty, 1), 128 + (number ? number : SIGHUP));
    pty_release(&pty);
}

static const int ends[] = {SIGTERM, SIGHUP, SIGINT, 0 /* the terminal goes away */, SIGKILL};

START_TEST(an_interrupted_session_is_offered_and_taken_up)
{
    Pty pty;

    interrupt(ends[_i]);
    start(&pty, NULL);
    ck_assert(pty_wait_at(&pty, -1, offer, 5));
    pty_send(&pty, ":resume\r");
    ck_assert(pty_wait_for(&pty, "step 7", 5));
    pty_send(&pty, "q");
    ck_assert_int_eq(pty_wait_end(&pty, 3), 0);
    pty_release(&pty);
    ck_assert(!is_offered());
}
END_TEST

START_TEST(it_is_taken_up_by_an_option)
{
    Pty pty;

    interrupt(SIGTERM);
    start(&pty, "--resume");
    ck_assert(pty_wait_for(&pty, "step 7", 5));
    pty_send(&pty, "q");
    ck_assert_int_eq(pty_wait_end(&pty, 3), 0);
    pty_release(&pty);
    start(&pty, "--resume");
    ck_assert_int_eq(pty_wait_end(&pty, 3), 2);
    ck_assert(pty_shows(&pty, "there is no interrupted session with these documents"));
    pty_release(&pty);
}
END_TEST

START_TEST(with_no_autosave_nothing_is_kept)
{
    Pty pty;

    ck_assert(!is_offered());
    start(&pty, "--no-autosave");
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 5));
    kill(pty.program, SIGTERM);
    ck_assert_int_eq(pty_wait_end(&pty, 1), 128 + SIGTERM);
    pty_release(&pty);
    ck_assert(!is_offered());
}
END_TEST

Suite *resume_suite(void)
{
    Suite *suite = suite_create("resume");
    TCase *tests = tcase_create("resume");

    tcase_add_checked_fixture(tests, enter, scratch_leave);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, an_interrupted_session_is_offered_and_taken_up, 0,
                        getenv("GPTOSCOPE_FULL") ? 5 : 4);
    tcase_add_test(tests, it_is_taken_up_by_an_option);
    tcase_add_test(tests, with_no_autosave_nothing_is_kept);
    suite_add_tcase(suite, tests);
    return suite;
}
