/* Any keys and any sizes, faster than anybody types: the program goes on, and leaves the terminal
 * as it was. By default for a second; with GPTOSCOPE_FULL for a minute; with GPTOSCOPE_STORM=N until
 * it has read N keys, and a tenth as many sizes. */
#include "pty.h"
#include "scratch.h"
#include "suites.h"

#include "engine/sys.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { BURSTS = 20, KEYS_A_BURST = 21, KEYS_A_SIZE = 10 };

typedef struct Storm {
    long keys, sizes; /* sent */
    long wanted;      /* keys; 0: until the time is up */
    double end;
    int starts;
} Storm;

/* Any byte but those that end or stop the program. */
static char random_key(void)
{
    char key = (char)(rand() % 256);
    return key && !strchr("q\x03\x1a\x1c", key) ? key : 'a';
}

static void send_burst(Pty *pty, Storm *storm)
{
    char keys[KEYS_A_BURST];
    int count = rand() % KEYS_A_BURST;
    struct winsize size = {.ws_row = (unsigned short)(1 + rand() % 70),
                           .ws_col = (unsigned short)(1 + rand() % 220)};
    for (int i = 0; i < count; i++)
        keys[i] = random_key();
    ssize_t sent = write(pty->master, keys, (size_t)count);
    ck_assert_int_eq(ioctl(pty->master, TIOCSWINSZ, &size), 0);
    storm->keys += sent > 0 ? sent : 0;
    storm->sizes++;
}

/* Only what there is room for: the program reads, and is read. */
static void send_some(Pty *pty, Storm *storm)
{
    struct pollfd to = {.fd = pty->master, .events = POLLOUT};
    for (int i = 0; i < BURSTS && poll(&to, 1, 0) == 1 && to.revents & POLLOUT; i++)
        send_burst(pty, storm);
    pty_run(pty, 0.005);
}

static bool goes_on(const Storm *storm)
{
    return storm->wanted > 0
               ? storm->keys < storm->wanted || storm->sizes < storm->wanted / KEYS_A_SIZE
               : sys_seconds() < storm->end;
}

static void begin(Pty *pty, Storm *storm)
{
    pty_start(pty, &pty_usual);
    ck_assert(pty_wait_at(pty, -1, FRAME_MARK, 10));
    pty_resize(pty, 1, 1); /* libvterm need not survive it */
    storm->starts++;
}

/* Tab may have found the command that ends the program: that is no harm, and it begins anew. */
static void begin_again(Pty *pty, Storm *storm)
{
    ck_assert_int_eq(pty_wait_end(pty, 1), 0);
    ck_assert(pty_is_restored(pty));
    pty_release(pty);
    begin(pty, storm);
}

START_TEST(a_storm_of_keys_and_sizes_leaves_it_in_order)
{
    const char *wanted = getenv("GPTOSCOPE_STORM");
    Storm storm = {.wanted = wanted ? atol(wanted) / 2 : 0,
                   .end = sys_seconds() + (getenv("GPTOSCOPE_FULL") ? 60 : 1)};
    Pty pty;
    srand((unsigned)_i + 1); /* 0 is as 1 */
    begin(&pty, &storm);
    while (goes_on(&storm)) {
        send_some(&pty, &storm);
        if (pty.ended)
            begin_again(&pty, &storm);
    }
    pty_run(&pty, 1.2); /* a paste that has begun is over */
    pty_resize(&pty, 80, 24);
    pty_send(&pty, "\x0c");
    ck_assert(pty_wait_at(&pty, 0, "gptoscope", 20));
    kill(pty.program, SIGTERM);
    ck_assert_int_eq(pty_wait_end(&pty, 5), 128 + SIGTERM);
    ck_assert(pty_is_restored(&pty));
    pty_release(&pty);
    printf("storm: %ld keys and %ld sizes, in order after %d starts\n", storm.keys, storm.sizes,
           storm.starts);
    fflush(stdout);
}
END_TEST

Suite *storm_suite(void)
{
    const double days = 2 * 24 * 3600;
    Suite *suite = suite_create("storm");
    TCase *tests = tcase_create("storm");
    tcase_add_checked_fixture(tests, scratch_enter, scratch_leave); /* for files that keys save */
    tcase_add_loop_test(tests, a_storm_of_keys_and_sizes_leaves_it_in_order, 0, 2);
    tcase_set_timeout(tests, getenv("GPTOSCOPE_STORM") ? days : 200);
    suite_add_tcase(suite, tests);
    return suite;
}
