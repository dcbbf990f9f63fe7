#include "term/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t noted;

static void note(int number)
{
    (void)number;
    noted = 1;
}

void interrupt_install(void)
{
    struct sigaction once = {.sa_handler = note, .sa_flags = SA_RESETHAND};
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    sigemptyset(&once.sa_mask);
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGINT, &once, NULL);
    sigaction(SIGTERM, &once, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
}

void interrupt_ignore_limits(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    sigemptyset(&ignore.sa_mask);
    sigaction(SIGXFSZ, &ignore, NULL);
}

bool interrupt_noted(void)
{
    return noted != 0;
}
