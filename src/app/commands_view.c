/* Commands that change what is shown: view, cursor, focus, open, leave, look, pane, mark, find,
 * edit. */
#include "app/commands.h"

#include "app/pass.h"
#include "app/text.h"
#include "engine/words.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- views ----------------------------------------------------------------------------------- */

static Change no_view(Error *error, const char *got)
{
    return command_expected(error,
                            "a view (overview, graph, attention, parameters, loss, adam, generate, "
                            "data, memory)",
                            got);
}

Change command_view(App *app, const CommandWords *words, Error *error)
{
    ViewName first = look_find_view(command_word(words, 1)), second = look_find_view(command_word(words, 2));
    Look *look = &app->look;

    if (first == VIEW_COUNT || (words->count > 2 && second == VIEW_COUNT))
        return no_view(error, command_word(words, first == VIEW_COUNT ? 1 : 2));
    app->help = false;
    asking_end(app);
    if (words->count > 2 && first != second) {
        look->pane[0] = first;
        look->pane[1] = second;
        look->panes = 2;
        look->active = 0;
        look->chosen = true;
        return CHANGE_SCREEN;
    }
    if (look_view(look) == first)
        look->depth[first] = 0;
    if (!look->chosen)
        look->panes = 1; /* what stands beside it goes with the view */
    look->active *= look->panes > 1;
    look->back[first] = first;
    look_show(look, first);
    return CHANGE_SCREEN;
}

Change command_pane(App *app, const CommandWords *words, Error *error)
{
    Look *look = &app->look;

    if (strcmp(command_word(words, 1), "next") == 0 && app->compared[0]) {
        app->compare_other = !app->compare_other;
    } else if (strcmp(command_word(words, 1), "next") == 0) {
        if (look->panes == 1 && !look->chosen) {
            look->pane[1] = look_views[look->pane[0]].beside;
            look->panes += look->pane[1] != look->pane[0];
        }
        look->active = (look->active + 1) % look->panes;
    } else if (strcmp(command_word(words, 1), "one") == 0) {
        look->pane[0] = look_view(look);
        look->panes = 1;
        look->active = 0;
        look->chosen = true;
    } else {
        return command_expected(error, "next or one", command_word(words, 1));
    }
    return CHANGE_SCREEN;
}

Change command_look(App *app, const CommandWords *words, Error *error)
{
    static const char *const ordinals[] = {"first", "second", "third", "fourth"};
    const ViewName view = look_view(&app->look);
    LookName option = look_find_option(view, command_word(words, 1));
    char choice[LOOK_CHOICE_BYTES];

    for (int i = 0; i < 4; i++)
        if (strcmp(ordinals[i], command_word(words, 1)) == 0)
            option = look_option(view, i);
    if (words->count > 1 && option == LOOK_COUNT) {
        error_set(error, "the view %s has no option %.40s", look_views[view].name, command_word(words, 1));
        return CHANGE_FAILED;
    }
    if (words->count > 2) {
        bool chosen = look_choose(app, option, words->rest[2], error);
        if (chosen && view == VIEW_ATTENTION)
            pass_refocus(app);
        return chosen ? CHANGE_SCREEN : CHANGE_FAILED;
    }
    for (int i = 0; look_option(view, i) != LOOK_COUNT; i++) {
        LookName each = look_option(view, i);
        if ((words->count > 1 && each != option) ||
            !look_choice(app, each, app->look.choice[each], choice))
            continue;
        answer_line(&app->answer, "%s\t%s\t%s", look_options[each].name, choice,
                    look_options[each].choices ? look_options[each].choices : "");
        answer_text(&app->answer, look_options[each].name, choice);
    }
    return CHANGE_SCREEN;
}

/* ---- the cursor ------------------------------------------------------------------------------ */

static Toward find_side(const char *name)
{
    int side = 0;

    while (side < TOWARD_COUNT && strcmp(toward_names[side], name) != 0)
        side++;
    return (Toward)side;
}

Change command_cursor(App *app, const CommandWords *words, Error *error)
{
    const Toward side = find_side(command_word(words, 1));
    const Spots *spots = &app->look.spots;
    long count = words->count > 2 ? strtol(words->word[2], NULL, 10) : 1;
    int spot;

    if (side == TOWARD_COUNT || count < 1 || count > 10000)
        return command_expected(error, "left, right, up or down, and how far", words->rest[1]);
    spot = spots_toward(spots, spots_find(spots, look_focus(&app->look)), side, (int)count);
    if (spot >= 0)
        app_focus(app, spots->spot[spot].focus);
    return CHANGE_SCREEN;
}

Change command_focus(App *app, const CommandWords *words, Error *error)
{
    Scope scope = app_scope(app);
    Focus focus = {.kind = FOCUS_NONE};

    if (words->count < 2)
        return command_expected(error, "a name, such as attn[0][2][3][1], or none", "");
    if (strcmp(words->rest[1], "none") != 0 &&
        focus_read(&scope, words->rest[1], &focus, 1, error) == 0)
        return CHANGE_FAILED;
    app_focus(app, focus);
    return CHANGE_SCREEN;
}

/* What stands under the cursor where nothing does: in a head that is shown large, the cell in which
 * the selected position looks at itself. */
static void stand_on_selection(App *app)
{
    const Place weight = {PART_WEIGHT, app_position(app), app->layer, app->head};

    if (look_view(&app->look) == VIEW_ATTENTION && app->look.depth[VIEW_ATTENTION] == 1 &&
        look_focus(&app->look).kind == FOCUS_NONE)
        app->look.focus[VIEW_ATTENTION] =
            focus_of_place(&app->session.trainer, FOCUS_VALUE, weight, weight.pos);
}

/* To the moment just after the step whose loss is under the cursor. */
static Change go_to_step(App *app, int64_t step, Error *error)
{
    char moment[32];

    snprintf(moment, sizeof moment, "%lld", (long long)step);
    return app_goto(app, moment, error) ? CHANGE_SCREEN : CHANGE_FAILED;
}

Change command_open(App *app, const CommandWords *words, Error *error)
{
    stand_on_selection(app);
    const Focus focus = look_focus(&app->look);

    (void)words;
    if (look_view(&app->look) == VIEW_GENERATE) {
        writing_next(app);
        return CHANGE_SCREEN;
    }
    if (look_view(&app->look) == VIEW_LOSS && focus.kind == FOCUS_ITEM && sweep_is_on(&app->sweep))
        return commands_open_sweep(app, focus.index, error);
    if (focus.kind == FOCUS_STEP)
        return go_to_step(app, focus.index, error);
    if (focus.kind == FOCUS_DOCUMENT && focus.index < app->session.trainer.settings.steps)
        return go_to_step(app, focus.index + 1, error);
    if (!look_enter(&app->look))
        app_say(app, false,
                focus.kind == FOCUS_NONE ? N_("arrows put the cursor on a number first")
                                         : N_("there is nothing deeper here: w asks why"));
    return CHANGE_SCREEN;
}

Change command_leave(App *app, const CommandWords *words, Error *error)
{
    (void)words;
    (void)error;
    if (look_view(&app->look) == VIEW_GENERATE && writing_back(app))
        return CHANGE_SCREEN;
    if (!look_leave(&app->look))
        app->look.focus[look_view(&app->look)] = (Focus){.kind = FOCUS_NONE};
    return CHANGE_SCREEN;
}

/* ---- finding and marking --------------------------------------------------------------------- */

/* A character of the vocabulary by itself: "a". */
static bool find_character(const App *app, const char *text, Focus *focus)
{
    const Corpus *corpus = &app->session.corpus;
    uint32_t code_point;
    int bytes = corpus_decode(text, strlen(text), &code_point);

    for (int i = 0; bytes > 0 && text[bytes] == '\0' && i < corpus->characters; i++)
        if (corpus->character[i] == code_point) {
            *focus = (Focus){.kind = FOCUS_TOKEN, .index = i};
            return true;
        }
    return false;
}

Change command_search(App *app, const CommandWords *words, Error *error)
{
    Scope scope = app_scope(app);
    Focus focus;

    if (words->count < 2)
        return command_expected(error, "a name, such as pos3.layer0.attn.q or wte[5][0]", "");
    if (focus_read(&scope, words->rest[1], &focus, 1, error) == 0 &&
        !find_character(app, words->rest[1], &focus))
        return CHANGE_FAILED;
    error->text[0] = '\0';
    app_focus(app, focus);
    if (focus.kind >= FOCUS_VALUE && focus.kind <= FOCUS_UPDATE &&
        look_view(&app->look) == VIEW_GRAPH)
        app->look.depth[VIEW_GRAPH] = look_views[VIEW_GRAPH].depths - 1;
    return CHANGE_SCREEN;
}

/* The mark after the one under the cursor, round and round. */
static Focus next_mark(const Look *look)
{
    const Focus here = look_focus(look);

    for (int i = 0; i < look->marks; i++)
        if (focus_same(look->mark[i], here))
            return look->mark[(i + 1) % look->marks];
    return look->mark[0];
}

Change command_mark(App *app, const CommandWords *words, Error *error)
{
    Look *look = &app->look;
    const Focus here = look_focus(look);

    if (strcmp(command_word(words, 1), "none") == 0) {
        look->marks = 0;
    } else if (strcmp(command_word(words, 1), "next") == 0) {
        if (look->marks > 0)
            app_focus(app, next_mark(look));
        else
            app_say(app, false, "nothing is marked yet: m marks what is under the cursor");
    } else if (words->count > 1) {
        return command_expected(error, "nothing, next or none", words->rest[1]);
    } else if (here.kind == FOCUS_NONE) {
        app_say(app, false, "arrows put the cursor on a number first");
    } else if (!look_mark(look, here)) {
        error_set(error, "%d things are marked: take a mark away first", LOOK_MARKS);
        return CHANGE_FAILED;
    }
    return CHANGE_SCREEN;
}

/* A number as set reads it; a token as its character, where it has one that can be quoted. */
static void print_value(const App *app, Focus focus, double value, char text[EXPR_NUMBER_BYTES])
{
    const Corpus *corpus = &app->session.corpus;
    char bytes[4];

    expr_print_number(value, text);
    if (focus.kind != FOCUS_INPUT || value >= corpus->characters)
        return;
    const uint32_t character = corpus->character[(int)value];
    const int length = corpus_encode(character, bytes);
    if (character >= ' ' && character != '"' && character != '\\')
        snprintf(text, EXPR_NUMBER_BYTES, "\"%.*s\"", length, bytes);
}

Change command_edit(App *app, const CommandWords *words, Error *error)
{
    const Focus focus = look_focus(&app->look);
    const Scope scope = app_scope(app);
    char name[FOCUS_TEXT_BYTES], number[EXPR_NUMBER_BYTES] = "", line[COMMAND_LINE_BYTES];
    double value;

    (void)words;
    (void)error;
    const bool settable = focus.kind == FOCUS_VALUE || focus.kind == FOCUS_GRAD ||
                          focus.kind == FOCUS_M || focus.kind == FOCUS_V ||
                          focus.kind == FOCUS_INPUT;

    if (!settable || focus_print(&scope, focus, name, sizeof name) == 0) {
        prompt_open(&app->prompt, "set ");
        return CHANGE_SCREEN;
    }
    if (focus_value(&scope, focus, &value))
        print_value(app, focus, value, number);
    snprintf(line, sizeof line, "set %s = %s", name, number);
    prompt_open(&app->prompt, line);
    return CHANGE_SCREEN;
}
