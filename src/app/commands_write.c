/* What the model writes: gen. */
#include "app/commands.h"

#include "app/text.h"
#include "engine/words.h"
#include <string.h>

/* For each token that was drawn: what was drawn from, and the number that fell. */
static void answer_draws(const App *app, Answer *answer)
{
    const Writing *writing = &app->writing;
    double after = 0, before = 0;

    answer_open(answer, "draws", '[');
    for (int pos = writing->givens; pos < writing_positions(writing); pos++) {
        const int token = writing->picked[pos];
        writing_value(app, writing_focus(WRITING_ITEM_BEFORE, pos, token), &before);
        writing_value(app, writing_focus(WRITING_ITEM_AFTER, pos, token), &after);
        answer_open(answer, NULL, '{');
        answer_whole(answer, "token", token);
        answer_real(answer, "probability", before);
        answer_real(answer, "after_temperature", after);
        answer_real(answer, "drawn", writing->drawn[pos]);
        answer_close(answer, '}');
    }
    answer_close(answer, ']');
}

static void answer_text_written(App *app)
{
    const WritingText *text = &app->writing.text[app->writing.number];
    Answer *answer = &app->answer;
    char moment[64];

    moment_print(app->session.trainer.at, moment, sizeof moment);
    answer_line(answer, "%s\t%s", text->bytes, _(writing_kind_names[text->kind]));
    answer_text(answer, "text", text->bytes);
    answer_text(answer, "prefix", app->writing.prefix);
    answer_text(answer, "kind", writing_kind_names[text->kind]);
    answer_text(answer, "moment", moment);
    answer_real(answer, "temperature", app->writing.from.temperature);
    answer_whole(answer, "seed", app->writing.from.seed);
    answer_draws(app, answer);
}

/* Shows the text as it is written, or answers with it where there is no screen. */
Change command_gen(App *app, const CommandWords *words, Error *error)
{
    Writing *writing = &app->writing;

    if (!writing_set_prefix(app, words->count > 1 ? words->rest[1] : "", error))
        return CHANGE_FAILED;
    writing->number = 0;
    writing->limit = WRITING_WHOLE;
    writing->failed = false;
    app->look.choice[LOOK_GENERATE_AS] = 0;
    if (!app->headless) {
        look_show(&app->look, VIEW_GENERATE);
        app->look.focus[VIEW_GENERATE] = (Focus){.kind = FOCUS_NONE};
        return CHANGE_SCREEN;
    }
    writing_finish(app);
    if (!writing->ready) {
        error_set(error, "out of memory for writing texts");
        return CHANGE_FAILED;
    }
    answer_text_written(app);
    return CHANGE_SCREEN;
}
