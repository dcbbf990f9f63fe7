/* The whole screen, compared with pictures under tests/screens. To make them anew after a wanted
 * change, run with GPTOSCOPE_PICTURES=new and look at the difference. */
#include "app/app.h"
#include "app/command.h"
#include "app/script.h"
#include "suites.h"
#include "support.h"
#include "view/export.h"
#include "view/layout.h"
#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 1024 };

static const struct {
    const char *name, *data, *moment;
    int width, height;
    Glyphs glyphs;
    int n_layer;
    const char *commands[4]; /* before the picture is drawn */
} screens[] = {
    {"beginning-80x24", "data/names.txt", "0", 80, 24, GLYPHS_BRAILLE, 1, {NULL}},
    {"done-80x24", "data/names.txt", "60", 80, 24, GLYPHS_BRAILLE, 1, {NULL}},
    {"done-80x24-blocks", "data/names.txt", "60", 80, 24, GLYPHS_BLOCKS, 1, {NULL}},
    {"done-80x24-ascii", "data/names.txt", "60", 80, 24, GLYPHS_ASCII, 1, {NULL}},
    {"done-120x40", "data/names.txt", "60", 120, 40, GLYPHS_BRAILLE, 1, {NULL}},
    {"done-200x60", "data/names.txt", "60", 200, 60, GLYPHS_BRAILLE, 1, {NULL}},
    {"smallest-60x16", "data/names.txt", "60", 60, 16, GLYPHS_BRAILLE, 1, {NULL}},
    {"too-small-59x16", "data/names.txt", "0", 59, 16, GLYPHS_BRAILLE, 1, {NULL}},
    {"forward-80x24", "data/names.txt", "7.forward@pos3.layer0.attn.head2.score", 80, 24, GLYPHS_BRAILLE, 1, {NULL}},
    {"backward-80x24", "data/names.txt", "7.backward@pos2.layer0.mlp.fc1", 80, 24, GLYPHS_BRAILLE, 1, {NULL}},
    {"layers-120x40", "data/places.txt", "3", 120, 40, GLYPHS_BRAILLE, 3, {NULL}},
    {"letters-80x24", "data/turkish.txt", "5", 80, 24, GLYPHS_BRAILLE, 1, {NULL}},
    {"help-80x24", "data/names.txt", "0", 80, 24, GLYPHS_BRAILLE, 1, {"help"}},
    {"parameters-80x24", "data/names.txt", "60", 80, 24, GLYPHS_BRAILLE, 1,
     {"view parameters", "focus wte[4][3]"}},
    {"parameters-ascii-60x16", "data/names.txt", "60.backward@pos0.layer0.attn.q", 60, 16, GLYPHS_ASCII, 1,
     {"view parameters", "look shows gradient", "look tensor layer0.mlp_fc2"}},
    {"parameters-map-80x24", "data/turkish.txt", "60", 80, 24, GLYPHS_BRAILLE, 1,
     {"view parameters", "look as map"}},
    {"parameters-cosines-120x40", "data/names.txt", "60", 120, 40, GLYPHS_BLOCKS, 1,
     {"view parameters", "look as cosines", "cursor down"}},
    {"parameters-200x60", "data/names.txt", "60", 200, 60, GLYPHS_BRAILLE, 3,
     {"view parameters", "since 20", "look shows change", "focus layer1.attn_wo[2][5]"}},
    {"attention-80x24", "data/names.txt", "60.forward@pos3.layer0.attn.head2.score", 80, 24, GLYPHS_BRAILLE, 1,
     {"view attention", "focus attn[0][1][2][1]"}},
    {"attention-200x60", "data/places.txt", "60.backward@pos3.layer1.attn.q", 200, 60, GLYPHS_BRAILLE, 3,
     {"view attention", "look shows score gradient"}},
    {"attention-head-80x24", "data/names.txt", "60", 80, 24, GLYPHS_BRAILLE, 1,
     {"view attention", "focus attn[0][1][2][1]", "open"}},
    {"attention-cell-120x40", "data/names.txt", "60", 120, 40, GLYPHS_BRAILLE, 1,
     {"view attention", "focus attn[0][1][2][1]", "open", "open"}},
    {"attention-cell-ascii-60x16", "data/names.txt", "60", 60, 16, GLYPHS_ASCII, 1,
     {"view attention", "focus score[0][1][2][1]", "open", "open"}},
    {"generate-80x24", "data/names.txt", "60", 80, 24, GLYPHS_BRAILLE, 1, {"view generate", "gen em"}},
    {"generate-ascii-60x16", "data/names.txt", "60", 60, 16, GLYPHS_ASCII, 1,
     {"view generate", "open", "open", "cursor right"}},
    {"generate-list-120x40", "data/names.txt", "60", 120, 40, GLYPHS_BRAILLE, 1,
     {"view generate", "look as list", "cursor down"}},
    {"generate-200x60", "data/turkish.txt", "60", 200, 60, GLYPHS_BRAILLE, 1,
     {"view generate", "look temperature 1", "look seed 3"}},
    {"adam-80x24", "data/names.txt", "60.update.100", 80, 24, GLYPHS_BRAILLE, 1, {"view adam"}},
    {"adam-ascii-60x16", "data/names.txt", "60", 60, 16, GLYPHS_ASCII, 1, {"view adam", "focus lm_head[3][2]"}},
    {"adam-matrix-120x40", "data/names.txt", "60.update.200", 120, 40, GLYPHS_BRAILLE, 1,
     {"view adam", "look shows matrix"}},
    {"adam-schedule-80x24", "data/names.txt", "60", 80, 24, GLYPHS_BRAILLE, 1,
     {"view adam", "look shows schedule"}},
    {"graph-80x24", "data/names.txt", "60.backward@pos2.layer0.mlp.fc1", 80, 24, GLYPHS_BRAILLE, 1,
     {"view graph", "focus pos2.layer0.attn.q"}},
    {"graph-ascii-60x16", "data/names.txt", "60", 60, 16, GLYPHS_ASCII, 3, {"view graph"}},
    {"graph-200x60", "data/places.txt", "60", 200, 60, GLYPHS_BRAILLE, 3,
     {"view graph", "pane one", "focus pos2.layer1.attn.k"}},
    {"graph-block-80x24", "data/names.txt", "60", 80, 24, GLYPHS_BRAILLE, 1,
     {"view graph", "focus pos2.layer0.attn.q", "open", "focus x[2].layer0.attn.q[1]"}},
    {"graph-block-120x40", "data/names.txt", "60", 120, 40, GLYPHS_BLOCKS, 1,
     {"view graph", "focus pos2.probs", "open", "cursor down"}},
    {"graph-number-80x24", "data/names.txt", "60.backward@pos2.layer0.attn.head1.score", 80, 24, GLYPHS_BRAILLE, 1,
     {"view graph", "find x[2].layer0.attn.norm[3]"}},
    {"graph-number-120x40", "data/names.txt", "60", 120, 40, GLYPHS_BRAILLE, 1,
     {"view graph", "find score[0][1][2][1]"}},
    {"graph-whole-ascii-80x24", "data/names.txt", "60", 80, 24, GLYPHS_ASCII, 1,
     {"view graph", "find score[0][1][2][1]", "look as whole"}},
    {"graph-walk-80x24", "data/names.txt", "60", 80, 24, GLYPHS_BRAILLE, 1,
     {"view graph", "find x[2].embed[1]", "look mode walk"}},
    {"own-80x24", "data/names.txt", "0", 80, 24, GLYPHS_BRAILLE, 1,
     {"expr a=2; b=3; c=a*b; d=c+1; L=d^2", "goto 5", "focus a"}},
    {"own-ascii-80x24", "data/names.txt", "0", 80, 24, GLYPHS_ASCII, 1,
     {"expr a=2; b=a*a; c=exp(b); L=b+c*a", "goto end"}},
    {"own-walk-80x24", "data/names.txt", "0", 80, 24, GLYPHS_BRAILLE, 1,
     {"expr a=2; b=3; c=a*b; d=c+1; L=d^2", "look mode walk", "step 7"}},
    {"own-120x40", "data/names.txt", "0", 120, 40, GLYPHS_BRAILLE, 1,
     {"expr x=[1,2,3]; y=softmax(x)", "goto 9"}},
    {"loss-80x24", "data/names.txt", "60", 80, 24, GLYPHS_BRAILLE, 1, {"view loss", "focus step 40"}},
    {"loss-ascii-60x16", "data/names.txt", "60", 60, 16, GLYPHS_ASCII, 1, {"view loss", "look held-out 10"}},
    {"loss-log-120x40", "data/turkish.txt", "60.backward@pos1.layer0.attn.q", 120, 40, GLYPHS_BLOCKS, 1,
     {"view loss", "look scale log", "look zoom so far"}},
    {"loss-200x60", "data/places.txt", "60", 200, 60, GLYPHS_BRAILLE, 1,
     {"view loss", "pane one", "look zoom tenth", "focus step 55"}},
    {"sweep-80x24", "data/names.txt", "60", 80, 24, GLYPHS_BRAILLE, 1,
     {"view loss", "sweep lr 0.003 0.01 0.1 seeds 3 steps 200"}},
    {"sweep-ascii-60x16", "data/names.txt", "60", 60, 16, GLYPHS_ASCII, 1,
     {"view loss", "sweep n_embd 7 8 16 seeds 2 steps 60"}},
    {"sweep-120x40", "data/names.txt", "60", 120, 40, GLYPHS_BLOCKS, 1,
     {"view loss", "sweep lr 1e300 0.01 seeds 3 steps 100 also norm off", "cursor down"}},
    {"sweep-seeds-80x24", "data/names.txt", "200", 80, 24, GLYPHS_BRAILLE, 1,
     {"view loss", "sweep seeds 4"}},
    {"knobs-80x24", "data/names.txt", "60", 80, 24, GLYPHS_BRAILLE, 1, {"knobs lr=0.05"}},
    {"knobs-120x40", "data/names.txt", "60", 120, 40, GLYPHS_BRAILLE, 1,
     {"knobs lr=0.05 n_embd=32", "knobs keep", "knobs optimizer=momentum"}},
    {"knobs-200x60", "data/turkish.txt", "60", 200, 60, GLYPHS_BRAILLE, 2,
     {"knobs lr=0.002 n_head=8 steps=400"}},
    {"knobs-ascii-60x16", "data/names.txt", "60", 60, 16, GLYPHS_ASCII, 1, {"knobs seed=7"}},
    {"knobs-blocks-120x40", "data/names.txt", "60", 120, 40, GLYPHS_BLOCKS, 1,
     {"knobs residual=off attention=uniform"}},
    {"knobs-diverged-ascii-80x24", "data/names.txt", "60", 80, 24, GLYPHS_ASCII, 1,
     {"knobs lr=0.3", "knobs keep", "knobs lr=1e300"}},
    {"data-80x24", "data/turkish.txt", "60.forward@pos1.embed", 80, 24, GLYPHS_BRAILLE, 1,
     {"view data", "cursor down"}},
    {"data-ascii-60x16", "data/names.txt", "60", 60, 16, GLYPHS_ASCII, 1, {"view data", "look as vocabulary"}},
    {"data-tokens-80x24", "data/names.txt", "60", 80, 24, GLYPHS_BRAILLE, 1,
     {"view data", "look as tokenizer", "tok Zoe, a name"}},
    {"data-200x60", "data/places.txt", "60", 200, 60, GLYPHS_BRAILLE, 1, {"view data", "pane one", "focus doc 70"}},
    {"edited-80x24", "data/names.txt", "60", 80, 24, GLYPHS_BRAILLE, 1, {"set attn[0][2][2][1] = 0.9"}},
    {"edited-token-ascii-80x24", "data/names.txt", "60", 80, 24, GLYPHS_ASCII, 1, {"set tok[2] = \"e\""}},
    {"edited-attention-120x40", "data/names.txt", "60", 120, 40, GLYPHS_BRAILLE, 1,
     {"view attention", "set attn[0][2][2][1] = 0.9", "focus attn[0][2][2][0]", "open"}},
    {"edited-graph-80x24", "data/names.txt", "60", 80, 24, GLYPHS_BRAILLE, 1,
     {"view graph", "set x[1].layer0.mlp.fc1[5] = 1", "focus x[1].layer0.mlp.relu[5]", "open"}},
    {"edited-parameters-120x40", "data/names.txt", "60", 120, 40, GLYPHS_BRAILLE, 1,
     {"view parameters", "set wpe[1][3] = 0.5", "goto 60.backward@pos0.embed", "focus wpe[1][2]"}},
};
enum { SCREENS = sizeof screens / sizeof *screens };

/* A path below the sources' folder. */
static void source_path(char path[PATH_BYTES], const char *folder, const char *name, const char *ending)
{
    const char *tests = getenv("TESTS_DIR");

    snprintf(path, PATH_BYTES, "%s/%s%s%s", tests ? tests : "tests", folder, name, ending);
}

static void open_app(App *app, int i)
{
    char path[PATH_BYTES];
    Settings settings;
    Error error;

    settings_default(&settings);
    settings.n_layer = screens[i].n_layer;
    source_path(path, "../", screens[i].data, "");
    ck_assert_msg(app_init(app, &settings, path, NULL, &error), "%s", error.text);
    ck_assert_msg(app_seek(app, screens[i].moment, &error), "%s", error.text);
}

/* The picture after the screen's commands: drawn before each as well, since a cursor moves in what
 * is drawn. */
static void draw(App *app, int i, Canvas *canvas)
{
    Error error;

    app->look.wide = layout_is_wide(canvas->width);
    layout_draw(app, canvas, &app->look.spots);
    for (int k = 0; k < 4 && screens[i].commands[k]; k++) {
        ck_assert_msg(!(command_run(app, screens[i].commands[k], &error) & CHANGE_FAILED), "%s: %s",
                      screens[i].commands[k], error.text);
        script_settle(app, NULL);
        layout_draw(app, canvas, &app->look.spots);
    }
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text = calloc(1, 1 << 20);

    ck_assert_msg(file != NULL, "%s is missing: run with GPTOSCOPE_PICTURES=new", path);
    ck_assert_uint_lt(fread(text, 1, (1 << 20) - 1, file), (1 << 20) - 1);
    fclose(file);
    return text;
}

static void compare(const char *name, const char *drawn)
{
    char path[PATH_BYTES];
    const char *wish = getenv("GPTOSCOPE_PICTURES");

    source_path(path, "screens/", name, ".txt");
    if (wish && strcmp(wish, "new") == 0) {
        FILE *file = fopen(path, "w");
        ck_assert(file && fputs(drawn, file) >= 0 && fclose(file) == 0);
        return;
    }
    char *kept = read_file(path);
    ck_assert_msg(strcmp(kept, drawn) == 0, "%s is drawn so:\n%s", name, drawn);
    free(kept);
}

START_TEST(the_screen_is_as_it_was_approved)
{
    App app;
    TestText text;
    Canvas canvas = test_canvas(screens[_i].width, screens[_i].height, screens[_i].glyphs);

    open_app(&app, _i);
    draw(&app, _i, &canvas);
    test_text_open(&text);
    export_text(&canvas, text.stream);
    test_text_close(&text);
    compare(screens[_i].name, text.text);
    free(text.text);
    canvas_release(&canvas);
    app_release(&app);
}
END_TEST

/* At every size something is drawn, and the last two rows are the status and the keys. */
START_TEST(every_size_is_drawn_without_a_stray_cell)
{
    static const int sizes[][2] = {{1, 1}, {2, 3}, {60, 16}, {61, 17}, {79, 23}, {81, 25}, {100, 30}, {149, 40}, {150, 40},
                                   {151, 16}, {60, 200}, {300, 80}, {500, 16}, {1000, 500}};
    const size_t count = sizeof sizes / sizeof *sizes - (_i > 0); /* the hugest but once */
    Canvas usual = test_canvas(80, 24, GLYPHS_BRAILLE);
    App app;

    open_app(&app, _i);
    draw(&app, _i, &usual);
    canvas_release(&usual);
    for (size_t k = 0; k < count; k++) {
        Canvas canvas = test_canvas(sizes[k][0], sizes[k][1], GLYPHS_BRAILLE);
        layout_draw(&app, &canvas, &app.look.spots);
        app.position = app.session.trainer.positions - 1;
        layout_draw(&app, &canvas, &app.look.spots);
        for (int c = 0; c < canvas.width * canvas.height; c++)
            ck_assert_uint_ne(canvas.cell[c].glyph, 0x1b);
        canvas_release(&canvas);
    }
    app_release(&app);
}
END_TEST

START_TEST(what_is_not_computed_is_not_shown)
{
    App app;
    TestText text;
    Error error;
    Canvas canvas = test_canvas(120, 40, GLYPHS_BRAILLE);

    open_app(&app, 0);
    ck_assert(app_seek(&app, "5.forward@pos1.embed", &error));
    layout_draw(&app, &canvas, &app.look.spots);
    test_text_open(&text);
    export_text(&canvas, text.stream);
    test_text_close(&text);
    int rows_with_guesses = 0, position = 0;
    for (char *row = strtok(text.text, "\n"); row; row = strtok(NULL, "\n"))
        if (strstr(row, " → ") && !strstr(row, "after") && !strstr(row, "text") && !strstr(row, "cursor")) {
            position++;
            rows_with_guesses += strchr(row, '.') != NULL && strchr(row, '.') - row < 14;
        }
    ck_assert_int_gt(position, 1);
    ck_assert_int_eq(rows_with_guesses, 1);
    free(text.text);
    canvas_release(&canvas);
    app_release(&app);
}
END_TEST

static bool shows(const Canvas *canvas, const char *words)
{
    TestText text;

    test_text_open(&text);
    export_text(canvas, text.stream);
    test_text_close(&text);
    bool found = strstr(text.text, words) != NULL;
    free(text.text);
    return found;
}

/* While the run is on its way, what was asked about an earlier document must not be read in a later
 * one. */
START_TEST(a_question_of_another_moment_is_not_drawn)
{
    App app;
    Error error;
    Canvas canvas = test_canvas(100, 30, GLYPHS_BRAILLE);

    open_app(&app, 1);
    for (int i = 0; i < 30; i++) {
        Moment away = {i, PHASE_FORWARD, 0};
        ck_assert(app_seek(&app, "40", &error));
        ck_assert_msg(asking_begin(&app, i % 2 ? "attn[0][1][2][1]" : "probs[3][2]", &error), "%s", error.text);
        while (why_open(&app.asking.why, app.asking.why.count - 1) && app.asking.why.count < 40)
            continue;
        layout_draw(&app, &canvas, &app.look.spots);
        ck_assert(shows(&canvas, "Why is"));
        ck_assert(history_seek(&app.session.history, away));
        layout_draw(&app, &canvas, &app.look.spots);
        ck_assert(!shows(&canvas, "Why is"));
        asking_key(&app, "Right");
        layout_draw(&app, &canvas, &app.look.spots);
    }
    canvas_release(&canvas);
    app_release(&app);
}
END_TEST

Suite *screens_suite(void)
{
    Suite *suite = suite_create("screens");
    TCase *tests = tcase_create("screens");

    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, the_screen_is_as_it_was_approved, 0, SCREENS);
    tcase_add_loop_test(tests, every_size_is_drawn_without_a_stray_cell, 0, SCREENS);
    tcase_add_test(tests, what_is_not_computed_is_not_shown);
    tcase_add_test(tests, a_question_of_another_moment_is_not_drawn);
    suite_add_tcase(suite, tests);
    return suite;
}
