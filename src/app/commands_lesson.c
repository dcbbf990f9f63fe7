/* Commands for lessons: each is handed to whoever runs them (app/tutor.h). */
#include "app/commands.h"

#include "engine/words.h"

static Change act(App *app, TutorAct what, bool needs_lesson, const char *text, Error *error)
{
    const Tutor *tutor = &app->tutor;

    if (!tutor->lesson || (needs_lesson && !tutor->open)) {
        error_set(error, tutor->lesson ? N_("no lesson is open: try lesson 1")
                                       : N_("there are no lessons here: see gptoscope learn"));
        return CHANGE_FAILED;
    }
    return tutor->act(tutor->lesson, what, text, error) ? CHANGE_SCREEN : CHANGE_FAILED;
}

Change command_lesson(App *app, const CommandWords *words, Error *error)
{
    return act(app, TUTOR_OPEN, false, words->count > 1 ? words->rest[1] : "", error);
}

Change command_next(App *app, const CommandWords *words, Error *error)
{
    (void)words;
    return act(app, TUTOR_NEXT, true, "", error);
}

Change command_prev(App *app, const CommandWords *words, Error *error)
{
    (void)words;
    return act(app, TUTOR_PREV, true, "", error);
}

Change command_hint(App *app, const CommandWords *words, Error *error)
{
    (void)words;
    return act(app, TUTOR_HINT, true, "", error);
}

Change command_show(App *app, const CommandWords *words, Error *error)
{
    (void)words;
    return act(app, TUTOR_SHOW, true, "", error);
}

Change command_skip(App *app, const CommandWords *words, Error *error)
{
    (void)words;
    return act(app, TUTOR_SKIP, true, "", error);
}

Change command_retry(App *app, const CommandWords *words, Error *error)
{
    (void)words;
    return act(app, TUTOR_RETRY, true, "", error);
}

Change command_free(App *app, const CommandWords *words, Error *error)
{
    (void)words;
    return act(app, TUTOR_FREE, true, "", error);
}

Change command_answer(App *app, const CommandWords *words, Error *error)
{
    if (words->count < 2)
        return command_expected(error, "an answer", "");
    return act(app, TUTOR_ANSWER, true, words->rest[1], error);
}

Change command_close(App *app, const CommandWords *words, Error *error)
{
    (void)words;
    return act(app, TUTOR_CLOSE, true, "", error);
}
