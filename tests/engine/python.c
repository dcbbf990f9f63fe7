#include "python.h"

#include "support.h"
#include <math.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGUMENTS = 64 };

extern char **environ;

static bool spawn(pid_t *child, const char *const *arguments, int output)
{
    const char *all[ARGUMENTS] = {"python3", "-X", "utf8"};
    posix_spawn_file_actions_t actions;
    int count = 3;

    while (*arguments && count < ARGUMENTS - 1)
        all[count++] = *arguments++;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    bool started = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) == 0 &&
                   posix_spawnp(child, all[0], &actions, NULL, (char **)all, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    return started;
}

bool python_start(Python *python, const char *const *arguments)
{
    int ends[2];

    if (pipe(ends) != 0)
        return false;
    bool started = spawn(&python->child, arguments, ends[1]);
    close(ends[1]);
    python->output = started ? fdopen(ends[0], "r") : NULL;
    if (!python->output)
        close(ends[0]);
    return python->output != NULL;
}

bool python_finish(Python *python)
{
    int status;

    fclose(python->output);
    return waitpid(python->child, &status, 0) == python->child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

/* Every function of the C library that a run uses, at many places. */
enum { PLACES = 2000, RESULTS = 10 };

static const char probe[] =
    "import hashlib, math, struct, sys\n"
    "if sys.version_info < (3, 9): sys.exit()\n"
    "h = hashlib.sha256()\n"
    "for i in range(1, 2001):\n"
    "    x = i / 257\n"
    "    for y in (math.exp(x), math.exp(-x), math.log(x), math.cos(x), math.sin(x),\n"
    "              x ** 2.0, x ** -1.0, x ** 0.5, x ** -0.5, x ** -1.5):\n"
    "        h.update(struct.pack('<d', y))\n"
    "print(h.hexdigest())\n";

static TestDigest probe_here(void)
{
    /* Pointers that the compiler knows nothing of, so that nothing is computed in another way. */
    double (*volatile const e)(double) = exp, (*volatile const ln)(double) = log;
    double (*volatile const c)(double) = cos, (*volatile const s)(double) = sin;
    double (*volatile const power)(double, double) = pow;
    double y[PLACES * RESULTS], *next = y;

    for (int i = 1; i <= PLACES; i++) {
        double x = i / 257.0;
        const double row[RESULTS] = {e(x),           e(-x),         ln(x),        c(x),
                                     s(x),           power(x, 2),   power(x, -1), power(x, 0.5),
                                     power(x, -0.5), power(x, -1.5)};
        memcpy(next, row, sizeof row);
        next += RESULTS;
    }
    return test_digest_reals(y, PLACES * RESULTS);
}

const char *python_unusable(void)
{
    const char *const arguments[] = {"-c", probe, NULL};
    char answer[128] = "";
    Python python;

    if (!python_start(&python, arguments))
        return "there is no python3";
    bool answered = fgets(answer, sizeof answer, python.output) != NULL;
    if (!python_finish(&python) || !answered)
        return "there is no python3 of 3.9 or newer";
    answer[strcspn(answer, "\n")] = '\0';
    return strcmp(answer, probe_here().text) == 0 ? NULL : "python3 rounds differently here";
}
