#include "program.h"

#include "app/command.h"
#include "app/script.h"
#include "engine/support.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

App *program_open(const char *options)
{
    static TestPath path;
    char all[512];
    App *app = calloc(1, sizeof *app);
    Error error;

    path = test_path("data/words.txt");
    snprintf(all, sizeof all, "--n-embd 4 --n-head 2 --block-size 4 --steps 40 %s", options);
    Settings settings = test_settings(all);
    ck_assert(app);
    ck_assert_msg(app_init(app, &settings, path.text, NULL, &error), "%s", error.text);
    app_run(app, 0);
    return app;
}

void program_close(App *app)
{
    app_release(app);
    free(app);
}

Change program_press(App *app, const char *keys)
{
    char all[1024];
    Change change = CHANGE_NONE;

    ck_assert_int_lt(snprintf(all, sizeof all, "%s", keys), (int)sizeof all);
    for (char *key = strtok(all, " "); key; key = strtok(NULL, " "))
        change |= app_key(app, key);
    return change;
}

void program_type(App *app, const char *text)
{
    while (*text) {
        char key[8] = "Space";
        int bytes = 1;
        while (((unsigned char)text[bytes] & 0xc0) == 0x80)
            bytes++;
        if (*text != ' ')
            snprintf(key, sizeof key, "%.*s", bytes, text);
        app_key(app, key);
        text += bytes;
    }
}

void program_settle(App *app)
{
    ck_assert(script_settle(app, NULL));
}

void program_enter(App *app, const char *command)
{
    app_key(app, ":");
    ck_assert(app->prompt.open);
    program_type(app, command);
    app_key(app, "Enter");
    program_settle(app);
}

void program_at(const App *app, const char *moment)
{
    char at[64];

    moment_print(app->session.trainer.at, at, sizeof at);
    ck_assert_str_eq(at, moment);
}

void program_same(const App *a, const App *b)
{
    uint8_t x[32], y[32];

    ck_assert_int_eq(moment_compare(a->session.trainer.at, b->session.trainer.at), 0);
    history_digest(&a->session.history, x);
    history_digest(&b->session.history, y);
    ck_assert_mem_eq(x, y, sizeof x);
}
