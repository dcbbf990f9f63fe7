#define _GNU_SOURCE
#include "pty.h"

#include "engine/sys.h"

#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LEAST_WIDTH = 2, ROW_SIZE = 8192 };

const PtyOptions pty_usual = {
    .term = "xterm-256color", .locale = "C.UTF-8", .width = 80, .height = 24};

/* -- The shell -- */

/* What the shell tells: the program's number first, then each change of its state. */
typedef struct Event {
    pid_t program;
    int status;
} Event;

/* A sanitizer that finds something aborts, which restores the terminal; signals are the program's
 * own to handle. */
#define SANITIZER_OPTIONS                                                                          \
    "abort_on_error=1:handle_segv=0:handle_abort=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=" \
    "0"

static void set_environment(const PtyOptions *options)
{
    static const char *const confusing[] = {"LINES", "COLUMNS", "NO_COLOR", "TERM"};
    for (size_t i = 0; i < sizeof confusing / sizeof *confusing; i++)
        unsetenv(confusing[i]);
    if (options->term)
        setenv("TERM", options->term, 1);
    setenv("LC_ALL", options->locale, 1);
    setenv("ASAN_OPTIONS", SANITIZER_OPTIONS, 1);
    setenv("UBSAN_OPTIONS", SANITIZER_OPTIONS, 1);
    for (int i = 0; i < 4 && options->variable[i]; i += 2)
        setenv(options->variable[i], options->variable[i + 1], 1);
}

static void become_program(const PtyOptions *options)
{
    setpgid(0, 0);
    tcsetpgrp(STDIN_FILENO, getpid());
    signal(SIGTTOU, SIG_DFL);
    signal(SIGHUP, options->ignore_hangup ? SIG_IGN : SIG_DFL);
    set_environment(options);
    const char *path = getenv("GPTOSCOPE");
    const char *const *argument = options->argument;
    const char *first = options->autosave ? "--quiet" : "--no-autosave";
    execl(path, path, first, argument[0], argument[1], argument[2], argument[3], (char *)NULL);
    _exit(127);
}

static void tell(int events, Event event)
{
    if (write(events, &event, sizeof event) != sizeof event)
        _exit(1);
}

static volatile pid_t watched;

/* A test that fails leaves its program behind, perhaps stopped: once the terminal is gone, it has
 * this long to end. */
static void grant_seconds(int number)
{
    (void)number;
    alarm(5);
}

static void kill_watched(int number)
{
    (void)number;
    kill(watched, SIGKILL);
}

static void watch(pid_t program, int events)
{
    int status;
    watched = program;
    signal(SIGHUP, grant_seconds);
    signal(SIGALRM, kill_watched);
    tell(events, (Event){program, 0});
    while (waitpid(program, &status, WUNTRACED | WCONTINUED) == program) {
        tell(events, (Event){program, status});
        if (WIFEXITED(status) || WIFSIGNALED(status))
            _exit(0);
    }
    _exit(1);
}

static void become_shell(const Pty *pty, const PtyOptions *options, int events)
{
    close(pty->master);
    setsid();
    ioctl(pty->slave, TIOCSCTTY, 0);
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        dup2(pty->slave, fd);
    signal(SIGTTOU, SIG_IGN);
    pid_t program = fork();
    if (program == 0)
        become_program(options);
    close(pty->slave);
    watch(program, events);
}

/* -- The screen -- */

static int note_property(VTermProp property, VTermValue *value, void *user)
{
    Pty *pty = user;
    if (property == VTERM_PROP_ALTSCREEN)
        pty->full_screen = value->boolean;
    if (property == VTERM_PROP_CURSORVISIBLE)
        pty->cursor_hidden = !value->boolean;
    return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = note_property};

static void write_screen(Pty *pty, const char *bytes)
{
    vterm_input_write(pty->vterm, bytes, strlen(bytes));
}

/* A new one for each size, in the state of the last: the program paints all of it anyway. */
static void make_screen(Pty *pty, int width, int height)
{
    bool full_screen = pty->full_screen, cursor_hidden = pty->cursor_hidden;
    if (pty->vterm)
        vterm_free(pty->vterm);
    pty->vterm = NULL;
    pty->width = width;
    pty->height = height;
    if (width < LEAST_WIDTH)
        return;
    pty->vterm = vterm_new(height, width);
    vterm_set_utf8(pty->vterm, 1);
    pty->screen = vterm_obtain_screen(pty->vterm);
    vterm_screen_set_callbacks(pty->screen, &callbacks, pty);
    vterm_screen_enable_altscreen(pty->screen, 1);
    vterm_screen_reset(pty->screen, 1);
    write_screen(pty, full_screen ? "\033[?1049h" : "");
    write_screen(pty, cursor_hidden ? "\033[?25l" : "");
}

bool pty_shows_at(const Pty *pty, int y, const char *text)
{
    char row[ROW_SIZE];
    int at = y < 0 ? pty->height + y : y;
    VTermRect area = {.start_row = at, .end_row = at + 1, .start_col = 0, .end_col = pty->width};
    if (!pty->vterm)
        return false;
    row[vterm_screen_get_text(pty->screen, row, sizeof row - 1, area)] = '\0';
    return strstr(row, text) != NULL;
}

bool pty_shows(const Pty *pty, const char *text)
{
    for (int y = 0; y < pty->height; y++)
        if (pty_shows_at(pty, y, text))
            return true;
    return false;
}

/* -- Passing bytes on -- */

static void take_output(Pty *pty)
{
    char bytes[65536];
    ssize_t length = read(pty->master, bytes, sizeof bytes);
    if (length <= 0)
        return;
    pty->bytes += (size_t)length;
    if (!pty->vterm)
        return;
    vterm_input_write(pty->vterm, bytes, (size_t)length);
    size_t answer = vterm_output_read(pty->vterm, bytes, sizeof bytes);
    ck_assert(write(pty->master, bytes, answer) == (ssize_t)answer);
}

static void take_event(Pty *pty)
{
    Event event;
    if (read(pty->events, &event, sizeof event) != sizeof event)
        return;
    pty->stopped = WIFSTOPPED(event.status);
    pty->ended = WIFEXITED(event.status) || WIFSIGNALED(event.status);
    pty->status = event.status;
}

/* Waits for at most 10 ms for output or an event, and takes what there is. */
static void take_some(Pty *pty)
{
    struct pollfd ends[] = {{.fd = pty->deaf ? -1 : pty->master, .events = POLLIN},
                            {.fd = pty->ended ? -1 : pty->events, .events = POLLIN}};
    poll(ends, 2, 10);
    if (ends[0].revents & POLLIN)
        take_output(pty);
    if (ends[1].revents & POLLIN)
        take_event(pty);
}

void pty_run(Pty *pty, double seconds)
{
    for (double end = sys_seconds() + seconds; sys_seconds() < end;)
        take_some(pty);
}

bool pty_wait_at(Pty *pty, int y, const char *text, double seconds)
{
    for (double end = sys_seconds() + seconds; sys_seconds() < end; take_some(pty))
        if (pty_shows_at(pty, y, text))
            return true;
    return false;
}

bool pty_wait_for(Pty *pty, const char *text, double seconds)
{
    for (double end = sys_seconds() + seconds; sys_seconds() < end; take_some(pty))
        if (pty_shows(pty, text))
            return true;
    return false;
}

bool pty_wait_output(Pty *pty, double seconds)
{
    for (double end = sys_seconds() + seconds; sys_seconds() < end && pty->bytes == 0;)
        take_some(pty);
    return pty->bytes > 0;
}

bool pty_wait_stop(Pty *pty, double seconds)
{
    for (double end = sys_seconds() + seconds; sys_seconds() < end && !pty->stopped;)
        take_some(pty);
    return pty->stopped;
}

int pty_wait_end(Pty *pty, double seconds)
{
    for (double end = sys_seconds() + seconds; sys_seconds() < end && !pty->ended;)
        take_some(pty);
    if (!pty->ended)
        return -1;
    pty_run(pty, 0.02); /* its last words */
    return WIFEXITED(pty->status) ? WEXITSTATUS(pty->status) : 128 + WTERMSIG(pty->status);
}

/* -- From start to end -- */

static void start_shell(Pty *pty, const PtyOptions *options)
{
    int events[2];
    Event first;
    ck_assert_int_eq(pipe2(events, O_CLOEXEC), 0);
    pty->shell = fork();
    ck_assert_int_ge(pty->shell, 0);
    if (pty->shell == 0)
        become_shell(pty, options, events[1]);
    close(events[1]);
    pty->events = events[0];
    ck_assert(read(pty->events, &first, sizeof first) == sizeof first);
    pty->program = first.program;
}

void pty_start(Pty *pty, const PtyOptions *options)
{
    struct winsize size = {.ws_row = (unsigned short)options->height,
                           .ws_col = (unsigned short)options->width};
    ck_assert_ptr_nonnull(getenv("GPTOSCOPE"));
    *pty = (Pty){0};
    ck_assert_int_eq(openpty(&pty->master, &pty->slave, NULL, NULL, &size), 0);
    fcntl(pty->master, F_SETFD, FD_CLOEXEC);
    fcntl(pty->slave, F_SETFD, FD_CLOEXEC);
    tcgetattr(pty->slave, &pty->before);
    make_screen(pty, options->width, options->height);
    start_shell(pty, options);
}

void pty_hang_up(Pty *pty)
{
    close(pty->slave);
    close(pty->master);
    pty->master = pty->slave = -1;
}

void pty_release(Pty *pty)
{
    if (!pty->ended)
        kill(pty->program, SIGKILL);
    waitpid(pty->shell, NULL, 0);
    if (pty->master >= 0)
        pty_hang_up(pty);
    close(pty->events);
    if (pty->vterm)
        vterm_free(pty->vterm);
}

void pty_send(Pty *pty, const char *keys)
{
    ck_assert(write(pty->master, keys, strlen(keys)) == (ssize_t)strlen(keys));
}

void pty_resize(Pty *pty, int width, int height)
{
    struct winsize size = {.ws_row = (unsigned short)height, .ws_col = (unsigned short)width};
    make_screen(pty, width, height);
    ck_assert_int_eq(ioctl(pty->master, TIOCSWINSZ, &size), 0);
}

/* libvterm puts marks round pasted text only if the program has asked for them. */
bool pty_marks_pastes(const Pty *pty)
{
    char marks[16];
    if (!pty->vterm)
        return false;
    vterm_keyboard_start_paste(pty->vterm);
    return vterm_output_read(pty->vterm, marks, sizeof marks) > 0;
}

static bool has_modes_of_before(const Pty *pty)
{
    struct termios now;
    tcgetattr(pty->slave, &now);
    return now.c_iflag == pty->before.c_iflag && now.c_oflag == pty->before.c_oflag &&
           now.c_cflag == pty->before.c_cflag && now.c_lflag == pty->before.c_lflag &&
           memcmp(now.c_cc, pty->before.c_cc, sizeof now.c_cc) == 0;
}

bool pty_is_restored(const Pty *pty)
{
    return has_modes_of_before(pty) && !pty->full_screen && !pty->cursor_hidden &&
           !pty_marks_pastes(pty);
}

double pty_cpu(const Pty *pty)
{
    clockid_t clock;
    struct timespec used;
    ck_assert_int_eq(clock_getcpuclockid(pty->program, &clock), 0);
    ck_assert_int_eq(clock_gettime(clock, &used), 0);
    return (double)used.tv_sec + (double)used.tv_nsec * 1e-9;
}
