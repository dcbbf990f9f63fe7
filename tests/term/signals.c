#include "pty.h"
#include "suites.h"

#include <signal.h>
#include <stdlib.h>

static void start(Pty *pty)
{
    pty_start(pty, &pty_usual);
    ck_assert(pty_wait_at(pty, -1, FRAME_MARK, 5));
    ck_assert(!pty_is_restored(pty));
}

static const int deadly[] = {SIGINT, SIGTERM, SIGHUP, SIGSEGV, SIGABRT,
                             SIGBUS, SIGFPE,  SIGILL, SIGQUIT};
enum { DEADLY = sizeof deadly / sizeof *deadly };

START_TEST(a_deadly_signal_leaves_the_terminal_as_it_was)
{
    Pty pty;
    start(&pty);
    kill(pty.program, deadly[_i]);
    ck_assert_int_eq(pty_wait_end(&pty, 3), 128 + deadly[_i]);
    ck_assert_msg(pty_is_restored(&pty), "signal %d", deadly[_i]);
    pty_release(&pty);
}
END_TEST

START_TEST(control_c_ends_it)
{
    Pty pty;
    start(&pty);
    pty_send(&pty, "\x03");
    ck_assert_int_eq(pty_wait_end(&pty, 3), 128 + SIGINT);
    ck_assert(pty_is_restored(&pty));
    pty_release(&pty);
}
END_TEST

START_TEST(control_c_leaves_the_prompt_and_not_the_program)
{
    Pty pty;
    start(&pty);
    pty_send(&pty, ":goto");
    ck_assert(pty_wait_at(&pty, -1, ":goto", 3));
    pty_send(&pty, "\x03");
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 3));
    pty_send(&pty, ":quit\r");
    ck_assert_int_eq(pty_wait_end(&pty, 3), 0);
    ck_assert(pty_is_restored(&pty));
    pty_release(&pty);
}
END_TEST

START_TEST(it_ends_within_a_second_after_the_terminal)
{
    Pty pty;
    PtyOptions options = pty_usual;
    options.ignore_hangup = _i == 1;
    pty_start(&pty, &options);
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 5));
    pty_hang_up(&pty);
    ck_assert_int_eq(pty_wait_end(&pty, 1), 128 + SIGHUP);
    pty_release(&pty);
}
END_TEST

START_TEST(a_terminal_that_does_not_read_cannot_keep_it)
{
    Pty pty;
    start(&pty);
    pty.deaf = true;
    pty_run(&pty, 1);
    kill(pty.program, SIGTERM);
    ck_assert_int_eq(pty_wait_end(&pty, 3), 128 + SIGTERM);
    pty.deaf = false;
    pty_run(&pty, 0.1);
    ck_assert(pty_is_restored(&pty));
    pty_release(&pty);
}
END_TEST

/* Such a terminal has no second screen to come back from, and the cursor comes back only if it is
 * asked to. */
START_TEST(a_terminal_with_one_screen_gets_its_cursor_back)
{
    static const int signals[] = {SIGTERM, SIGSEGV};
    Pty pty;
    PtyOptions options = pty_usual;
    options.term = "linux";
    pty_start(&pty, &options);
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 5));
    ck_assert(pty.cursor_hidden);
    kill(pty.program, signals[_i]);
    ck_assert_int_eq(pty_wait_end(&pty, 3), 128 + signals[_i]);
    ck_assert(pty_is_restored(&pty));
    pty_release(&pty);
}
END_TEST

static void stop(Pty *pty, bool by_key)
{
    if (by_key)
        pty_send(pty, "\x1a");
    else
        kill(pty->program, SIGTSTP);
    ck_assert(pty_wait_stop(pty, 3));
    for (int i = 0; i < 100 && !pty_is_restored(pty); i++)
        pty_run(pty, 0.01); /* what it has written is still on its way */
    ck_assert(pty_is_restored(pty));
}

START_TEST(it_stops_and_goes_on_with_the_shell)
{
    Pty pty;
    start(&pty);
    for (int i = 0; i < (getenv("GPTOSCOPE_FULL") ? 100 : 20); i++) {
        stop(&pty, i % 2);
        pty_resize(&pty, 70 + i % 30, 20 + i % 7);
        kill(pty.program, SIGCONT);
        ck_assert_msg(pty_wait_at(&pty, -1, FRAME_MARK, 3), "cycle %d", i);
        ck_assert(pty.full_screen && pty.cursor_hidden);
    }
    pty_send(&pty, "q");
    ck_assert_int_eq(pty_wait_end(&pty, 3), 0);
    ck_assert(pty_is_restored(&pty));
    pty_release(&pty);
}
END_TEST

START_TEST(it_paints_anew_after_being_stopped_hard)
{
    Pty pty;
    start(&pty);
    kill(pty.program, SIGSTOP);
    ck_assert(pty_wait_stop(&pty, 3));
    pty_resize(&pty, pty.width, pty.height); /* an empty screen; the window is as it was */
    ck_assert(!pty_shows_at(&pty, -1, FRAME_MARK));
    tcsetattr(pty.slave, TCSANOW, &pty.before); /* as a shell does */
    kill(pty.program, SIGCONT);
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 3));
    pty_send(&pty, "q");
    ck_assert_int_eq(pty_wait_end(&pty, 3), 0);
    pty_release(&pty);
}
END_TEST

START_TEST(a_signal_while_stopped_by_the_shell_still_ends_it)
{
    Pty pty;
    start(&pty);
    stop(&pty, true);
    kill(pty.program, SIGTERM);
    kill(pty.program, SIGCONT);
    ck_assert_int_eq(pty_wait_end(&pty, 3), 128 + SIGTERM);
    ck_assert(pty_is_restored(&pty));
    pty_release(&pty);
}
END_TEST

/* Whole runs go on in threads, which no signal may reach. */
static void start_sweep(Pty *pty)
{
    start(pty);
    pty_send(pty, " :sweep lr 0.01 0.02 0.03 seeds 4\r");
    pty_run(pty, 0.5);
}

START_TEST(a_deadly_signal_leaves_the_terminal_as_it_was_while_a_sweep_goes_on)
{
    Pty pty;
    start_sweep(&pty);
    kill(pty.program, deadly[_i]);
    ck_assert_int_eq(pty_wait_end(&pty, 3), 128 + deadly[_i]);
    ck_assert_msg(pty_is_restored(&pty), "signal %d", deadly[_i]);
    pty_release(&pty);
}
END_TEST

START_TEST(it_stops_and_ends_in_time_while_a_sweep_goes_on)
{
    Pty pty;
    start_sweep(&pty);
    for (int i = 0; i < 6; i++) {
        stop(&pty, i % 2);
        double before = pty_cpu(&pty);
        pty_run(&pty, 0.1);
        ck_assert_double_eq(pty_cpu(&pty), before);
        kill(pty.program, SIGCONT);
        ck_assert_msg(pty_wait_at(&pty, 0, "gptoscope", 3), "cycle %d", i);
        ck_assert(pty.full_screen && pty.cursor_hidden);
    }
    pty_hang_up(&pty);
    ck_assert_int_eq(pty_wait_end(&pty, 1), 128 + SIGHUP);
    pty_release(&pty);
}
END_TEST

Suite *signals_suite(void)
{
    Suite *suite = suite_create("signals");
    TCase *ends = tcase_create("ends");
    tcase_add_loop_test(ends, a_deadly_signal_leaves_the_terminal_as_it_was, 0, DEADLY);
    tcase_add_test(ends, control_c_ends_it);
    tcase_add_test(ends, control_c_leaves_the_prompt_and_not_the_program);
    tcase_add_loop_test(ends, it_ends_within_a_second_after_the_terminal, 0, 2);
    tcase_add_test(ends, a_terminal_that_does_not_read_cannot_keep_it);
    tcase_add_loop_test(ends, a_terminal_with_one_screen_gets_its_cursor_back, 0, 2);
    tcase_add_loop_test(ends, a_deadly_signal_leaves_the_terminal_as_it_was_while_a_sweep_goes_on,
                        0, DEADLY);
    tcase_set_timeout(ends, 30);
    suite_add_tcase(suite, ends);
    TCase *stops = tcase_create("stops");
    tcase_add_test(stops, it_stops_and_goes_on_with_the_shell);
    tcase_add_test(stops, it_paints_anew_after_being_stopped_hard);
    tcase_add_test(stops, a_signal_while_stopped_by_the_shell_still_ends_it);
    tcase_add_test(stops, it_stops_and_ends_in_time_while_a_sweep_goes_on);
    tcase_set_timeout(stops, 120);
    suite_add_tcase(suite, stops);
    return suite;
}
