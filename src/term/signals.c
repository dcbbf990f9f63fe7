#define _GNU_SOURCE
#include "term/signals.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { RESCUE_LIMIT = 512, STACK_SIZE = 64 * 1024 };

static const int noted[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH};
static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
static const int fatal[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGALRM};
enum {
    NOTED = sizeof noted / sizeof *noted,
    ENDING = sizeof ending / sizeof *ending,
    FATAL = sizeof fatal / sizeof *fatal
};

/* Handlers get no argument of ours: what they share with the program has to be in static variables.
 */
static volatile sig_atomic_t end_signal, stop_wanted, resumed, resized;

static struct {
    volatile sig_atomic_t armed;
    int fd;
    size_t length;
    char bytes[RESCUE_LIMIT];
    struct termios modes;
} rescue;

static struct {
    struct sigaction noted[NOTED], fatal[FATAL];
    sigset_t mask;
    stack_t stack;
} before;

static sigset_t waiting_mask, ending_set;
static char handler_stack[STACK_SIZE]; /* a stack overflow leaves no room on the other one */

static void on_end(int number)
{
    end_signal = number;
    alarm(1);
}

static void on_noted(int number)
{
    switch (number) {
    case SIGTSTP:
        stop_wanted = 1;
        break;
    case SIGCONT:
        resumed = 1;
        break;
    case SIGWINCH:
        resized = 1;
        break;
    default:
        on_end(number);
    }
}

static void restore_terminal(void)
{
    if (!rescue.armed)
        return;
    rescue.armed = 0;
    /* What still waits for a terminal that does not read would block the write. */
    tcflush(rescue.fd, TCOFLUSH);
    struct pollfd out = {.fd = rescue.fd, .events = POLLOUT};
    if (poll(&out, 1, 100) == 1 && (out.revents & POLLOUT)) {
        ssize_t ignored = write(rescue.fd, rescue.bytes, rescue.length);
        (void)ignored;
    }
    tcsetattr(rescue.fd, TCSANOW, &rescue.modes);
}

static void give_back_fatal(void)
{
    for (int i = 0; i < FATAL; i++)
        sigaction(fatal[i], &before.fatal[i], NULL);
}

/* A fault of the program's own comes again by itself, and then tells whoever handles it where it
 * was. */
static bool comes_again(int number, const siginfo_t *info)
{
    return info->si_code > 0 && number != SIGALRM && number != SIGQUIT;
}

/* The alarm stands for the signal that set it: the program ends as that one would have ended it. */
static void on_fatal(int number, siginfo_t *info, void *context)
{
    (void)context;
    restore_terminal();
    give_back_fatal();
    if (comes_again(number, info))
        return;
    if (number == SIGALRM && end_signal) {
        number = end_signal;
        signal(number, SIG_DFL);
    }
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, number);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &one, NULL);
}

static bool is_ignored(int number, struct sigaction *action)
{
    sigaction(number, NULL, action);
    return action->sa_handler == SIG_IGN;
}

static void install(int number, struct sigaction action, struct sigaction *old)
{
    sigemptyset(&action.sa_mask);
    if (!is_ignored(number, old))
        sigaction(number, &action, NULL);
}

static void install_stack(void)
{
    stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
    sigaltstack(&stack, &before.stack);
}

static void set_masks(void)
{
    sigset_t noted_set;
    sigemptyset(&noted_set);
    sigemptyset(&ending_set);
    for (int i = 0; i < NOTED; i++)
        sigaddset(&noted_set, noted[i]);
    for (int i = 0; i < ENDING; i++)
        sigaddset(&ending_set, ending[i]);
    sigprocmask(SIG_BLOCK, &noted_set, &before.mask);
    waiting_mask = before.mask;
    for (int i = 0; i < NOTED; i++)
        sigdelset(&waiting_mask, noted[i]);
}

void signals_install(void)
{
    const struct sigaction note = {.sa_handler = on_noted, .sa_flags = SA_RESTART};
    const struct sigaction end = {.sa_sigaction = on_fatal, .sa_flags = SA_ONSTACK | SA_SIGINFO};
    end_signal = stop_wanted = resumed = resized = 0;
    set_masks();
    for (int i = 0; i < NOTED; i++)
        install(noted[i], note, &before.noted[i]);
    install_stack();
    for (int i = 0; i < FATAL; i++)
        install(fatal[i], end, &before.fatal[i]);
}

void signals_release(void)
{
    alarm(0);
    signals_disarm_rescue();
    give_back_fatal();
    for (int i = 0; i < NOTED; i++)
        sigaction(noted[i], &before.noted[i], NULL);
    sigaltstack(&before.stack, NULL);
    sigprocmask(SIG_SETMASK, &before.mask, NULL);
}

const sigset_t *signals_waiting_mask(void)
{
    return &waiting_mask;
}

int signals_end(void)
{
    return end_signal;
}

static bool take(volatile sig_atomic_t *flag)
{
    bool was = *flag;
    *flag = 0;
    return was;
}

bool signals_take_stop(void)
{
    return take(&stop_wanted);
}

bool signals_take_resume(void)
{
    return take(&resumed);
}

bool signals_take_resize(void)
{
    return take(&resized);
}

void signals_stop_here(void)
{
    struct sigaction ours, standard = {.sa_handler = SIG_DFL};
    sigset_t through, old;
    sigemptyset(&through);
    sigaddset(&through, SIGTSTP);
    sigaddset(&through, SIGCONT);
    sigaction(SIGTSTP, &standard, &ours);
    raise(SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &through, &old); /* stops here */
    sigprocmask(SIG_SETMASK, &old, NULL);
    sigaction(SIGTSTP, &ours, NULL);
}

void signals_begin_output(void)
{
    sigprocmask(SIG_UNBLOCK, &ending_set, NULL);
}

void signals_finish_output(void)
{
    sigprocmask(SIG_BLOCK, &ending_set, NULL);
}

void signals_arm_rescue(int fd, const char *bytes, size_t length, const struct termios *modes)
{
    rescue.fd = fd;
    rescue.length = length < RESCUE_LIMIT ? length : RESCUE_LIMIT;
    memcpy(rescue.bytes, bytes, rescue.length);
    rescue.modes = *modes;
    rescue.armed = 1;
}

void signals_disarm_rescue(void)
{
    rescue.armed = 0;
}
