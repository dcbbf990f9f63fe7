/* Lines that are typed. One that begins with "gptoscope" is a command line of the shell, in words
 * with one blank between; any other is typed at the prompt, where expressions and the statements of
 * `expr` stand too. Tab completes it first. */
#include "fuzz.h"
#include "world.h"

#include "app/complete.h"
#include "app/options.h"
#include <stdlib.h>
#include <string.h>

enum { LINES = 4, LINE = 512, WORDS = 40 };

static const char shell[] = "gptoscope";

static void read_options(char *line)
{
    char *word[WORDS + 1] = {NULL}, *rest = line;
    Options options;
    Error error;
    int words = 0;

    while (words < WORDS && rest)
        word[words++] = strsep(&rest, " ");
    options_parse(&options, words, word, &error);
}

static void type(App *app, const char *line)
{
    const uint8_t none = 0;
    Completion completion;

    world_serve(&none, 0);
    complete_line(app, line, (int)strlen(line), &completion);
    if (app_enter(app, line) & CHANGE_QUIT)
        return;
    app_work(app, 0);
}

void fuzz_command(const uint8_t *bytes, size_t length)
{
    const char *at = (const char *)bytes, *end = at + length;
    char line[LINE];
    App app = {0};
    bool open = false;

    for (int i = 0; i < LINES && at < end; i++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t n = (size_t)((stop ? stop : end) - at);
        size_t kept = n < LINE ? n : LINE - 1;
        memcpy(line, at, kept);
        line[kept] = '\0';
        at += n + 1;
        if (strncmp(line, shell, sizeof shell - 1) == 0) {
            read_options(line);
            continue;
        }
        if (!open)
            world_open_app(&app);
        open = true;
        type(&app, line);
    }
    if (open)
        app_release(&app);
}
