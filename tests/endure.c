#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

/* A session of many hours, with the time between commands left out: random commands of a script, and
 * pictures of what they did. Memory after all of them is what it was after a thousand.
 * COMMANDS says how many (20,000; a million where GPTOSCOPE_FULL is set). */
#include "app/app.h"
#include "app/command.h"
#include "app/script.h"
#include "engine/sys.h"
#include "view/layout.h"
#include "view/show.h"

#include "scratch.h"
#include <check.h>
#include <limits.h>
#ifdef HAVE_MALLINFO2
#include <malloc.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STEPS = 24, WARM = 1000, SLACK_KB = 1024, GAPS_KB = 16384 };

/* Under a sanitizer, where the heap tells nothing: what it holds back of memory that was freed. */
enum { HELD_BACK_KB = 320 * 1024 };

static unsigned long long state = 1;

/* From 0 to below - 1; always the same numbers (splitmix64). */
static int any(int below)
{
    unsigned long long bits = state += 0x9e3779b97f4a7c15u;

    bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ bits >> 27) * 0x94d049bb133111ebu;
    return (int)((bits ^ bits >> 31) % (unsigned long long)below);
}

static const char *one_of(const char *const *words, int count)
{
    return words[any(count)];
}

#define ONE_OF(...)                            \
    one_of((const char *const[]){__VA_ARGS__}, \
           (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)))

#define PATH ONE_OF("wte[1][2]", "wpe[0][0]", "lm_head[2][1]", "layer0.attn_wq[1][1]")
#define VIEW                                                                                   \
    ONE_OF("overview", "graph", "attention", "parameters", "loss", "adam", "generate", "data", \
           "memory")

/* The next command line of the reader. */
static const char *next_line(void)
{
    static char line[256];
    const char *phase = ONE_OF("", ".forward.9", ".backward.30", ".update.4");

#define LINE(...)                             \
    snprintf(line, sizeof line, __VA_ARGS__); \
    break
    switch (any(34)) {
    case 0:
    case 1:
    case 2:
        LINE("goto %d%s", any(STEPS), phase);
    case 3:
    case 4:
        LINE("step %d %s", 1 + any(9), ONE_OF("operation", "block", "position", "phase", "step"));
    case 5:
    case 6:
        LINE("back %d %s", 1 + any(9), ONE_OF("operation", "block", "position", "phase", "step"));
    case 7:
    case 8:
        LINE("set %s = %d", PATH, any(7) - 3);
    case 9:
        LINE("option %s", ONE_OF("lr = 0.02", "beta1 = 0.5", "temperature = 0.7", "lr = 0.01"));
    case 10:
    case 11:
    case 12:
        LINE("undo");
    case 13:
        LINE("redo");
    case 14:
        LINE("fork b%d", any(12));
    case 15:
    case 16:
        LINE("switch %s", ONE_OF("main", "b1", "b2", "b3", "b7"));
    case 17:
        LINE("drop b%d", any(12));
    case 18:
        LINE("watch %s", ONE_OF("loss", "norm(grad(wte))", "wte[1]", "loss +"));
    case 19:
        LINE("unwatch %d", 1 + any(4));
    case 20:
    case 21:
        LINE("view %s", VIEW);
    case 22:
        LINE("print %s", ONE_OF("loss", "max(wte)", "grad(wte)[0]", "x[0]", "nothing at all"));
    case 23:
        LINE("why %s", ONE_OF("loss", "wte[1][2]", "x[0].embed[1]"));
    case 24:
        LINE("gen %s", ONE_OF("", "a", "em"));
    case 25:
        LINE("expr %s", ONE_OF("a = 2; b = a * a", "a = 1; c = exp(a) + a", "b = q"));
    case 26:
        LINE("until %s", ONE_OF("loss < 2", "step > 9"));
    case 27:
        LINE("since %d", any(STEPS));
    case 28:
        LINE("cursor %s", ONE_OF("left", "right", "up", "down"));
    case 29:
        LINE("%s", any(60) ? "unit phase" : "save run");
    case 30:
        LINE("%s", any(60) ? "unit step" : "load run");
    case 31:
        LINE("%s", any(60) ? "print lr" : "export loss picture.svg 80x24");
    case 32:
        LINE("diff main b%d", any(4));
    default:
        LINE("%s", any(60) ? ONE_OF("changes", "compare b1", "compare off", "quit", "list keys")
                           : "sweep lr 0.01 0.02 steps 4");
    }
    return line;
}

/* Memory of the process, in KB; 0 where the system does not tell. */
static long resident(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");

    if (file && fscanf(file, "%*s %ld", &pages) != 1)
        pages = 0;
    if (file)
        fclose(file);
    return pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* Of that, what the program has asked for and not given back, in KB; the rest is gaps between blocks,
 * which the C library keeps. 0 where it does not tell. */
static long in_use(void)
{
#ifdef HAVE_MALLINFO2
    struct mallinfo2 heap = mallinfo2();

    return (long)((heap.uordblks + heap.hblkhd) / 1024);
#else
    return 0;
#endif
}

/* Nothing of what was done is left, so that what is in use can be compared. */
static void begin_anew(App *app, const char *line)
{
    const char *const lines[] = {"quit", "compare off", "unwatch", line, "view overview"};
    Error error;

    for (int i = 0; i < 5; i++) {
        command_run(app, lines[i], &error);
        ck_assert(script_settle(app, NULL));
    }
}

static App *open_session(void)
{
    App *app = calloc(1, sizeof *app);
    Settings settings;
    Error error = {""};

    scratch_put("names.txt", "emma\nanna\nbob\nada\n");
    settings_default(&settings);
    settings.n_embd = settings.block_size = 4;
    settings.n_head = 2;
    settings.steps = STEPS;
    ck_assert(app);
    ck_assert_msg(app_init(app, &settings, "names.txt", NULL, &error), "%s", error.text);
    app_run(app, 0);
    app->headless = true;
    app->export = show_export;
    return app;
}

static void one_command(App *app, Canvas *canvas, int i)
{
    Error error = {""};
    Change change = command_run(app, next_line(), &error);

    ck_assert(!(change & CHANGE_FAILED) || *error.text);
    ck_assert(script_settle(app, NULL));
    app->message[0] = '\0';
    if (i % 50 == 0)
        layout_draw(app, canvas, &app->look.spots);
}

START_TEST(a_long_session_takes_no_more_memory_than_a_short_one)
{
    const char *wanted = getenv("COMMANDS");
    const int commands = wanted ? atoi(wanted) : getenv("GPTOSCOPE_FULL") ? 1000000 : 20000;
    const double start = sys_seconds();
    App *app = open_session();
    Canvas canvas;
    Error error;
    long early = 0, early_use = 0;

    ck_assert_int_gt(commands, WARM);
    ck_assert(canvas_init(&canvas, 100, 30, GLYPHS_BRAILLE, &error));
    begin_anew(app, "save fresh");
    for (int i = 0; i < commands; i++) {
        one_command(app, &canvas, i);
        if (i != WARM)
            continue;
        begin_anew(app, "load fresh");
        early = resident();
        early_use = in_use();
    }
    begin_anew(app, "load fresh");
    const long late = resident(), late_use = in_use();
    printf(
        "%d commands in %.0f s: %ld KB in use after a thousand, %ld KB after all; of the system's "
        "memory %ld KB, then %ld KB\n",
        commands, sys_seconds() - start, early_use, late_use, early, late);
    fflush(stdout);
    const long gaps = early_use > 0 ? GAPS_KB : HELD_BACK_KB;
    ck_assert_msg(late_use <= early_use + SLACK_KB && late <= early + gaps, "memory grows");
    canvas_release(&canvas);
    app_release(app);
    free(app);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("endure");
    TCase *tests = tcase_create("endure");
    SRunner *runner = srunner_create(suite);

    tcase_add_checked_fixture(tests, scratch_enter, scratch_leave);
    tcase_add_test(tests, a_long_session_takes_no_more_memory_than_a_short_one);
    tcase_set_timeout(tests, 0);
    suite_add_tcase(suite, tests);
    srunner_run_all(runner, CK_NORMAL);
    int run = srunner_ntests_run(runner), failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return run == 0 || failed > 0;
}
