#include "pty.h"
#include "suites.h"

#include "engine/sys.h"
#include <stdlib.h>

static const char help_mark[] = "What you see"; /* on the help page, and nowhere else */

static void start(Pty *pty)
{
    pty_start(pty, &pty_usual);
    ck_assert(pty_wait_at(pty, -1, FRAME_MARK, 5));
}

START_TEST(it_trains_as_soon_as_it_is_there)
{
    Pty pty;
    start(&pty);
    ck_assert(pty_wait_for(&pty, "step 1", 3));
    pty_release(&pty);
}
END_TEST

START_TEST(idle_it_uses_no_cpu)
{
    Pty pty;
    start(&pty);
    pty_send(&pty, " ");
    ck_assert(pty_wait_at(&pty, 0, "paused", 3));
    pty_run(&pty, 0.3);
    const double seconds = getenv("GPTOSCOPE_FULL") ? 10 : 1;
    double before = pty_cpu(&pty);
    pty_run(&pty, seconds);
    double used = pty_cpu(&pty) - before;
    ck_assert_double_lt(used, 0.01 * seconds);
    pty_release(&pty);
}
END_TEST

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void turn_help(Pty *pty, bool on)
{
    pty_send(pty, "?");
    for (double end = sys_seconds() + 3; sys_seconds() < end && pty_shows(pty, help_mark) != on;)
        pty_run(pty, 0.001);
    ck_assert(pty_shows(pty, help_mark) == on);
}

static double seconds_to_answer(Pty *pty)
{
    double begin = sys_seconds();
    turn_help(pty, true);
    double seconds = sys_seconds() - begin;
    turn_help(pty, false);
    return seconds;
}

/* A step of this model takes longer than a frame. The middle of several, since the machine may have
 * other things to do. */
START_TEST(a_key_is_answered_at_once_while_it_trains_at_full_speed)
{
    enum { TIMES = 9 };
    double seconds[TIMES];
    Pty pty;
    PtyOptions options = pty_usual;
    options.argument[0] = "--n-embd";
    options.argument[1] = "64";
    pty_start(&pty, &options);
    ck_assert(pty_wait_at(&pty, -1, FRAME_MARK, 5));
    pty_send(&pty, "++");
    pty_run(&pty, 0.2);
    for (int i = 0; i < TIMES; i++)
        seconds[i] = seconds_to_answer(&pty);
    qsort(seconds, TIMES, sizeof *seconds, compare);
    ck_assert_double_lt(seconds[TIMES / 2], 0.1);
    pty_release(&pty);
}
END_TEST

START_TEST(frames_are_few_however_fast_keys_come)
{
    Pty pty;
    start(&pty);
    pty_send(&pty, " ");
    ck_assert(pty_wait_at(&pty, 0, "paused", 3));
    size_t before = pty.bytes;
    pty_send(&pty, "\x0c");
    pty_run(&pty, 0.2);
    size_t one_frame = pty.bytes - before;
    before = pty.bytes;
    for (int i = 0; i < 100; i++) {
        pty_send(&pty, "\x0c");
        pty_run(&pty, 0.001);
    }
    pty_run(&pty, 0.2);
    ck_assert_uint_gt(one_frame, 1000);
    ck_assert_uint_lt(pty.bytes - before, 70 * one_frame);
    pty_release(&pty);
}
END_TEST

START_TEST(keys_that_come_at_once_move_in_the_view_that_they_ask_for)
{
    Pty pty;
    start(&pty);
    pty_send(&pty, " ");
    ck_assert(pty_wait_at(&pty, 0, "paused", 3));
    pty_send(&pty, "4\033[B\033[B");
    ck_assert(pty_wait_at(&pty, -2, "wte[", 3));
    pty_release(&pty);
}
END_TEST

START_TEST(a_click_puts_the_cursor_where_it_is_once_the_mouse_is_on)
{
    Pty pty;
    start(&pty);
    pty_send(&pty, " ");
    ck_assert(pty_wait_at(&pty, 0, "paused", 3));
    pty_send(&pty, "4:mouse on\r");
    pty_run(&pty, 0.3);
    ck_assert(!pty_wait_at(&pty, -2, "wte[", 0.2));
    pty_send(&pty, "\033[<0;12;12M\033[<0;12;12m");
    ck_assert(pty_wait_at(&pty, -2, "wte[", 3));
    pty_release(&pty);
}
END_TEST

Suite *loop_suite(void)
{
    Suite *suite = suite_create("loop");
    TCase *turns = tcase_create("turns");
    tcase_add_test(turns, it_trains_as_soon_as_it_is_there);
    tcase_add_test(turns, idle_it_uses_no_cpu);
    tcase_add_test(turns, a_key_is_answered_at_once_while_it_trains_at_full_speed);
    tcase_add_test(turns, frames_are_few_however_fast_keys_come);
    tcase_set_timeout(turns, 60);
    suite_add_tcase(suite, turns);
    tcase_add_test(turns, keys_that_come_at_once_move_in_the_view_that_they_ask_for);
    tcase_add_test(turns, a_click_puts_the_cursor_where_it_is_once_the_mouse_is_on);
    return suite;
}
