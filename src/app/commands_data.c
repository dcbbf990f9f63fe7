/* The command that shows what the model is given: tok. */
#include "app/commands.h"

#include "app/text.h"
#include "engine/words.h"
#include <stdio.h>
#include <string.h>

static void answer_token(Answer *answer, const SpelledToken *token)
{
    char text[16] = "BOS", number[16] = "-";

    if (token->code_point != 0)
        text_show_character(token->code_point, text);
    if (token->token != SPELLING_UNKNOWN)
        snprintf(number, sizeof number, "%d", token->token);
    answer_line(answer, token->token == SPELLING_UNKNOWN ? N_("%s\t%s\tnot in the data") : "%s\t%s",
                text, number);
    if (token->token == SPELLING_UNKNOWN)
        answer_null(answer, NULL);
    else
        answer_whole(answer, NULL, token->token);
}

/* Where the data are shown the picture answers. */
Change command_tok(App *app, const CommandWords *words, Error *error)
{
    const char *text = words->count > 1 ? words->rest[1] : "";
    SpelledToken list[SPELLING_TOKENS];

    if (!*text)
        return command_expected(error, "a text, such as emma", text);
    spelling_keep(&app->spelling, text);
    if (!app->headless && look_is_shown(&app->look, VIEW_DATA)) {
        app->look.choice[LOOK_DATA_AS] = 2;
        return CHANGE_SCREEN;
    }
    int count = spelling_cut(&app->session.corpus, app->spelling.text, app->spelling.length, list,
                             SPELLING_TOKENS);
    answer_string(&app->answer, "text", app->spelling.text, app->spelling.length);
    answer_open(&app->answer, "tokens", '[');
    for (int i = 0; i < count; i++)
        answer_token(&app->answer, &list[i]);
    answer_close(&app->answer, ']');
    return CHANGE_SCREEN;
}
