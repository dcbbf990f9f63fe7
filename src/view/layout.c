#include "view/layout.h"

#include "app/command.h"
#include "app/text.h"
#include "view/overview.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- the lines around a view -------------------------------------------------------------------------------------- */

/* What is being trained on what, and whether it moves. Where the line is short, the documents are not counted. */
static void draw_title(const App *app, Canvas *canvas, Area area)
{
    const Trainer *trainer = &app->session.trainer;
    char documents[24], parameters[24], source[256], line[400], state[32] = "‖ paused";

    const bool running = app->direction != 0;

    if (running && fabs(app->rate) >= 1)
        snprintf(state, sizeof state, "%s %.0f steps/s", app->direction > 0 ? "▶" : "◀",
                 fabs(app->rate));
    else if (running)
        snprintf(state, sizeof state, "%s running", app->direction > 0 ? "▶" : "◀");
    else if (trainer_finished(trainer))
        snprintf(state, sizeof state, "complete");
    canvas_text_right(canvas, area, area.w - 1, 0, running ? ROLE_RIGHT : ROLE_NOTE, ATTR_BOLD,
                      state);

    text_show(app->session.corpus.source, strlen(app->session.corpus.source), source, sizeof source,
              false);
    text_whole(app->session.corpus.count, documents, sizeof documents);
    text_whole(trainer->gpt.params, parameters, sizeof parameters);
    int x = canvas_text(canvas, area, 1, 0, ROLE_ACCENT, ATTR_BOLD, "gptoscope");
    Area left = area_inset(area, 0, 0, text_width(state) + 2, 0);
    snprintf(line, sizeof line, "  %.60s · %s documents · %d tokens · %s parameters", source,
             documents, trainer->gpt.vocab, parameters);
    if (x + text_width(line) > left.w)
        snprintf(line, sizeof line, "  %.60s · %d tokens · %s parameters", source,
                 trainer->gpt.vocab, parameters);
    canvas_text(canvas, left, x, 0, ROLE_DIM, 0, line);
}

/* Where on the run we are: step 412 of 1,000 ├────●──────┤ */
static void draw_scrubber(const App *app, Canvas *canvas, Area area)
{
    const Trainer *trainer = &app->session.trainer;
    char now[24], all[24], line[80];

    snprintf(line, sizeof line, "step %s of %s ", text_whole(trainer->at.step, now, sizeof now),
             text_whole(trainer->settings.steps, all, sizeof all));
    int x = canvas_text(canvas, area, 1, 0, ROLE_TEXT, ATTR_BOLD, line);
    int width = area.w - x - 3;
    if (width < 4)
        return;
    int at = (int)(trainer->at.step * (width - 1) / trainer->settings.steps);
    canvas_text(canvas, area, x, 0, ROLE_DIM, 0, "├");
    canvas_fill(canvas, area, x + 1, 0, at, canvas_glyph(canvas, 0x2501), ROLE_ACCENT, 0);
    canvas_fill(canvas, area, x + 1 + at, 0, width - at, canvas_glyph(canvas, 0x2500), ROLE_DIM, 0);
    canvas_text(canvas, area, x + 1 + at, 0, ROLE_ACCENT, ATTR_BOLD, "●");
    canvas_text(canvas, area, x + 1 + width, 0, ROLE_DIM, 0, "┤");
}

/* Cuts what says least out of a line that is too wide: "| node 14,133 of 38,116" becomes "| 14,133/38,116". */
static void shorten(char *line, int width)
{
    static const char *const cuts[][2] = {{" of ", "/"}, {" node ", " "}, {" parameter ", " "}};

    for (size_t i = 0; i < sizeof cuts / sizeof *cuts && text_width(line) > width; i++) {
        char *at = strstr(line, cuts[i][0]);
        size_t from = strlen(cuts[i][0]), to = strlen(cuts[i][1]);
        if (at) {
            memmove(at + to, at + from, strlen(at + from) + 1);
            memcpy(at, cuts[i][1], to);
        }
    }
}

/* Where the run stands by name, and the loss. */
static void draw_status(const App *app, Canvas *canvas, Area area)
{
    const Trainer *trainer = &app->session.trainer;
    char line[256], loss[48] = "";

    canvas_ground(canvas, area, 0, 0, area.w, ROLE_BAR);
    app_describe_place(app, line, sizeof line);
    shorten(line, area.w - 2);
    char *of = text_width(line) > area.w - 2 ? strstr(line, " of ") : NULL;
    if (of) { /* a few columns too many: 14,133/38,116 */
        *of = '/';
        memmove(of + 1, of + 4, strlen(of + 4) + 1);
    }
    int x = canvas_text(canvas, area, 1, 0, ROLE_TEXT, ATTR_BOLD, line);
    if (trainer->at.step > 0)
        snprintf(loss, sizeof loss, "loss %.4f", trainer->loss[trainer->at.step - 1]);
    if (x + (int)strlen(loss) + 2 < area.w)
        canvas_text_right(canvas, area, area.w - 1, 0, ROLE_CURVE, ATTR_BOLD, loss);
}

/* The keys that matter now, each with what it does; or a message. */
static void draw_keys(const App *app, Canvas *canvas, Area area)
{
    const char *const keys[][2] = {{"Space", app->direction ? "pause" : "run"},
                                   {".", "on"},
                                   {",", "back"},
                                   {"+ -", stride_units[app->unit].name},
                                   {"↑↓←→", "select"},
                                   {"?", "help"},
                                   {"q", "quit"}};
    char line[4 * sizeof app->message];
    int x = 1;

    if (app->message[0]) {
        text_show(app->message, strlen(app->message), line, sizeof line, false);
        canvas_text(canvas, area, x, 0, app->message_wrong ? ROLE_WRONG : ROLE_NOTE, ATTR_BOLD,
                    line);
        return;
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        x = canvas_text(canvas, area, x, 0, ROLE_KEY, ATTR_BOLD, keys[i][0]);
        x = canvas_print(canvas, area, x, 0, ROLE_DIM, 0, " %s   ", keys[i][1]);
    }
}

/* ---- help --------------------------------------------------------------------------------------------------------- */

/* What the panels show, in the order of reading. */
static const char *const explanations[] = {
    "This is a small GPT learning to spell. Each step it reads one text, guesses every next "
    "character, and is corrected.",
    "The text of this step: its characters, and below them the numbers (tokens) that the model "
    "sees. ⟨ and ⟩ mark where it "
    "begins and ends.",
    "What does it expect next? One row a position: after this character, that one is right; the "
    "bar is the probability that "
    "the model gave it. Beside it the model's best guesses, the right one underlined.",
    "Who looks at whom? One picture a head. Each row is a position that looks back at the columns: "
    "itself and those before "
    "it. Dark is 0, bright is 1, and a row adds up to 1.",
    "How surprised is it? The loss: minus the logarithm of the probability of what was right, "
    "averaged over the text. 0 is "
    "certainty; the dashed line is what blind guessing costs.",
    "What it writes: texts the model makes up, always with the same dice. ✓ is in the data, the "
    "others are new.",
};

static int draw_key_rows(Canvas *canvas, Area area, int y)
{
    for (int i = 0; i < command_count; i++) {
        const Command *command = &command_table[i];
        for (int k = 0; k < COMMAND_KEYS && command->keys[k].key; k++) {
            if (!command->keys[k].label)
                continue;
            canvas_text(canvas, area, 2, y, ROLE_KEY, ATTR_BOLD, command->keys[k].key);
            canvas_text(canvas, area, 10, y, ROLE_TEXT, 0, command->keys[k].label);
            canvas_text(canvas, area, 28, y, ROLE_DIM, 0, command->help);
            y++;
        }
    }
    return y;
}

/* The page scrolls as a whole: it is drawn from row -help_line on. */
static void draw_help(const App *app, Canvas *canvas, Area area)
{
    int y = -app->help_line;

    area = area_inset(area, 2, 0, 2, 0);
    area.w = area.w > 96 ? 96 : area.w;
    canvas_text(canvas, area, 0, y, ROLE_TITLE, ATTR_BOLD, "Keys");
    canvas_text_right(canvas, area, area.w, y, ROLE_DIM, 0, "↑ ↓ scroll · q leaves");
    y = draw_key_rows(canvas, area, y + 1) + 1;
    canvas_text(canvas, area, 0, y++, ROLE_TITLE, ATTR_BOLD, "What you see");
    for (size_t i = 0; i < sizeof explanations / sizeof *explanations; i++)
        y = canvas_wrap(canvas, area_inset(area, 2, 0, 0, 0), y, ROLE_TEXT, 0, explanations[i]);
}

/* ---- all together --------------------------------------------------------------------------------------------------- */

void layout_draw(const App *app, Canvas *canvas)
{
    Area all = canvas_area(canvas);

    canvas_clear(canvas);
    if (all.w < LAYOUT_LEAST_WIDTH || all.h < LAYOUT_LEAST_HEIGHT) {
        canvas_print(canvas, all, 0, 0, ROLE_NOTE, 0, "needs %dx%d, has %dx%d; q quits",
                     LAYOUT_LEAST_WIDTH, LAYOUT_LEAST_HEIGHT, all.w, all.h);
        return;
    }
    draw_title(app, canvas, (Area){all.x, 0, all.w, 1});
    draw_scrubber(app, canvas, (Area){all.x, 1, all.w, 1});
    Area view = area_inset(all, 1, all.h < 30 ? 2 : 3, 1, 2);
    if (app->help)
        draw_help(app, canvas, view);
    else
        overview_draw(app, canvas, view);
    draw_status(app, canvas, (Area){0, all.h - 2, all.w, 1});
    draw_keys(app, canvas, (Area){0, all.h - 1, all.w, 1});
}
