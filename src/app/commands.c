/* The command table, and the commands that move through the run and the screen. */
#include "app/commands.h"

#include "engine/words.h"
#include <stdlib.h>
#include <string.h>

Change command_expected(Error *error, const char *expected, const char *got)
{
    error_set(error, "expected %s, not %.60s", _(expected), got && *got ? got : _("nothing"));
    return CHANGE_FAILED;
}

const char *command_word(const CommandWords *words, int i)
{
    return i < words->count ? words->word[i] : "";
}

/* ---- moving through the run ------------------------------------------------------------------ */

static Change run_run(App *app, const CommandWords *words, Error *error)
{
    int direction = strcmp(command_word(words, 1), "back") == 0 ? -1 : 1;

    if (words->count > 1 && direction == 1)
        return command_expected(error, "nothing or back", command_word(words, 1));
    app_run(app, app->direction == direction ? 0 : direction);
    return CHANGE_SCREEN;
}

static Change run_pause(App *app, const CommandWords *words, Error *error)
{
    (void)words;
    (void)error;
    app_run(app, 0);
    return CHANGE_SCREEN;
}

static Change run_goto(App *app, const CommandWords *words, Error *error)
{
    if (words->count != 2)
        return command_expected(error, "a moment, such as 412, 412.backward.100 or end",
                                words->count > 2 ? words->rest[1] : "");
    if (app->graphing) {
        app_run(app, 0);
        graph_go(&app->graph, strcmp(words->word[1], "end") == 0
                                  ? graph_length(&app->graph)
                                  : strtoll(words->word[1], NULL, 10));
        return CHANGE_SCREEN;
    }
    return app_goto(app, words->word[1], error) ? CHANGE_SCREEN : CHANGE_FAILED;
}

/* step and back: [N] [UNIT] */
static Change move(App *app, const CommandWords *words, int direction, Error *error)
{
    char *end = NULL;
    long long count = words->count > 1 ? strtoll(words->word[1], &end, 10) : 1;
    bool counted = end && end != words->word[1] && *end == '\0';
    int unit_word = counted ? 2 : 1;
    Unit unit = words->count > unit_word ? stride_find(words->rest[unit_word]) : app->unit;

    if (counted && (count < 1 || count > 1000000000))
        return command_expected(error, "how many units, from 1 to 1000000000", words->word[1]);
    if (unit == UNIT_COUNT)
        return command_expected(error, "operation, block, position, phase, step, 10 or 100",
                                words->rest[unit_word]);
    app->unit = unit;
    if (words->count == 1)
        app_move_held(app, direction);
    else
        app_move(app, direction * (counted ? count : 1));
    return CHANGE_SCREEN;
}

static Change run_step(App *app, const CommandWords *words, Error *error)
{
    return move(app, words, 1, error);
}

static Change run_back(App *app, const CommandWords *words, Error *error)
{
    return move(app, words, -1, error);
}

static Change run_unit(App *app, const CommandWords *words, Error *error)
{
    const char *name = words->count > 1 ? words->rest[1] : "";
    int unit = (int)app->unit;

    if (strcmp(name, "+") == 0)
        unit += unit + 1 < UNIT_COUNT;
    else if (strcmp(name, "-") == 0)
        unit -= unit > 0;
    else
        unit = (int)stride_find(name);
    if (unit == UNIT_COUNT)
        return command_expected(error, "+, -, operation, block, position, phase, step, 10 or 100",
                                name);
    app->unit = (Unit)unit;
    app->rate = 0;
    app->rate_since = 0;
    return CHANGE_SCREEN;
}

/* ---- moving on the screen -------------------------------------------------------------------- */

static int limited(int value, int most)
{
    return value < 0 ? 0 : value > most ? most : value;
}

/* "+1", "-1": signed distance in word 1. */
static bool distance(const CommandWords *words, int *by)
{
    char *end = NULL;
    long far = words->count > 1 ? strtol(words->word[1], &end, 10) : 0;

    *by = (int)far;
    return far != 0 && far >= -10000 && far <= 10000 && *end == '\0';
}

static Change run_position(App *app, const CommandWords *words, Error *error)
{
    int by;

    if (!distance(words, &by))
        return command_expected(error, "how far: +1 or -1", command_word(words, 1));
    app->position = limited(app_position(app) + by, app->session.trainer.positions - 1);
    return CHANGE_SCREEN;
}

static Change run_head(App *app, const CommandWords *words, Error *error)
{
    const Gpt *gpt = &app->session.trainer.gpt;
    int by, heads = gpt->n_layer * gpt->n_head;

    if (!distance(words, &by))
        return command_expected(error, "how far: +1 or -1", command_word(words, 1));
    int head = ((app->layer * gpt->n_head + app->head + by) % heads + heads) % heads;
    app->layer = head / gpt->n_head;
    app->head = head % gpt->n_head;
    return CHANGE_SCREEN;
}

static Change run_redraw(App *app, const CommandWords *words, Error *error)
{
    (void)app;
    (void)words;
    (void)error;
    return CHANGE_SCREEN | CHANGE_REPAINT;
}

static Change run_quit(App *app, const CommandWords *words, Error *error)
{
    (void)words;
    (void)error;
    if (app->help)
        app->help = false;
    else if (app->knobs.on)
        knobs_close(app);
    else if (app->graphing)
        app_leave_graph(app);
    else if (!look_leave(&app->look))
        return CHANGE_QUIT;
    return CHANGE_SCREEN;
}

/* ---- the table ------------------------------------------------------------------------------- */

#define NO_KEYS             \
    {                       \
        {NULL, NULL, NULL}, \
    }

const Command command_table[] = {
    {"run",
     "[back]",
     N_("let the training run, or pause it; back: un-happen"),
     run_run,
     COMMAND_MOVES,
     {{"Space", "", N_("run / pause")}, {"r", "back", N_("run backwards")}}},
    {"pause", "", N_("stop running"), run_pause, COMMAND_MOVES, NO_KEYS},
    {"step",
     "[N] [UNIT]",
     N_("forward by a unit, or by N"),
     run_step,
     COMMAND_MOVES,
     {{".", "", N_("one unit on")}}},
    {"back",
     "[N] [UNIT]",
     N_("back by a unit, or by N"),
     run_back,
     COMMAND_MOVES,
     {{",", "", N_("one unit back")}}},
    {"unit",
     "UNIT|+|-",
     N_("what a unit is: operation, block, position, phase, step, 10 or 100 steps"),
     run_unit,
     COMMAND_MOVES | COMMAND_ARRANGES,
     {{"+", "+", N_("larger unit")}, {"=", "+", NULL}, {"-", "-", N_("smaller unit")}}},
    {"goto",
     "MOMENT",
     N_("go to a moment: 412, 412.forward.17, 412.backward@pos3.layer0.attn.q, end"),
     run_goto,
     COMMAND_MOVES,
     {{"g", "0", N_("to the beginning")},
      {"G", "end", N_("to the end")},
      {"Home", "0", NULL},
      {"End", "end", NULL}}},
    {"until", "[back] CONDITION", N_("run until a condition holds, looking after every unit"),
     command_until, COMMAND_MOVES, NO_KEYS},
    {"set", "PATH = EXPR", N_("change a number here: wte[5][0] = 0.5, grad(wpe[0][1]) = 0"),
     command_set, COMMAND_CHANGES, NO_KEYS},
    {"changes", "[off]",
     N_("what the latest change in this step has changed; off: marks it no more"), command_changes,
     COMMAND_ANSWERS, NO_KEYS},
    {"edit",
     "",
     N_("change what is under the cursor: opens the prompt with its name and value"),
     command_edit,
     COMMAND_CHANGES,
     {{"e", "", N_("edit")}}},
    {"option", "SETTING = WORD|NUMBER", N_("change an option of the model or the training"),
     command_option, COMMAND_CHANGES, NO_KEYS},
    {"knobs",
     "[KNOB|keep|reset|adopt|close] [KNOB]",
     N_("turn settings, and see the whole run trained anew: knobs lr=0.02 n_embd=32"),
     command_knobs,
     COMMAND_CHANGES | COMMAND_BESIDE,
     {{"x", "", N_("knobs")}}},
    {"undo",
     "",
     N_("take back the last change"),
     command_undo,
     COMMAND_CHANGES,
     {{"u", "", N_("undo a change")}}},
    {"redo", "", N_("make it again"), command_redo, COMMAND_CHANGES, {{"C-r", "", N_("redo it")}}},
    {"gen", "[PREFIX]", N_("let the model of this moment write a text that begins so"), command_gen,
     COMMAND_ANSWERS, NO_KEYS},
    {"fork", "[BRANCH] [SETTING|data VALUE...]",
     N_("let the run go on from here in another way, beside the one that there is; with settings: a "
        "run from the start"),
     command_fork,
     COMMAND_CHANGES, NO_KEYS},
    {"switch", "[BRANCH]", N_("to another branch, where it was left; alone: which there are"),
     command_switch, COMMAND_CHANGES, NO_KEYS},
    {"drop", "BRANCH", N_("forget a branch"), command_drop, COMMAND_CHANGES, NO_KEYS},
    {"compare", "BRANCH|off",
     N_("show the view of another branch beside this one's, at the same moment"), command_compare,
     COMMAND_SELECTS, NO_KEYS},
    {"sweep", "SWEPT VALUE... [seeds N] [steps N] [also SETTING VALUE]",
     N_("a setting at several values, whole runs in the background; sweep stop, sweep off"),
     command_sweep, COMMAND_ANSWERS, NO_KEYS},
    {"diff", "BRANCH BRANCH", N_("go to the first operation at which two branches differ"),
     command_diff, COMMAND_ANSWERS, NO_KEYS},
    {"expr", "STATEMENTS",
     N_("a graph of your own: a=2; b=3; c=a*b; d=c+1; L=d^2, then . and , step through it"),
     command_expr, COMMAND_ANSWERS, NO_KEYS},
    {"why",
     "[EXPR]",
     N_("why a number is what it is: its formula, down to parameters; alone: of what was computed "
        "last"),
     command_why,
     COMMAND_ANSWERS,
     {{"w", "", N_("why?")}}},
    {"gradcheck", "PATH|all", N_("hold backpropagation against other ways to the same slope"),
     command_gradcheck, COMMAND_ANSWERS, NO_KEYS},
    {"tok", "TEXT", N_("a text as tokens: what the model is given of it"), command_tok,
     COMMAND_ANSWERS, NO_KEYS},
    {"bench", "layout|alloc",
     N_("measure on this machine what a layout in memory or allocating costs"), command_bench,
     COMMAND_ANSWERS, NO_KEYS},
    {"watch", "EXPR", N_("show an expression's value at every moment"), command_watch,
     COMMAND_SCREEN, NO_KEYS},
    {"unwatch", "[N]", N_("stop watching one, or all"), command_unwatch, COMMAND_SCREEN, NO_KEYS},
    {"since", "[MOMENT|here]",
     N_("what changes of parameters are counted from; without a choice, where the run begins"),
     command_since, COMMAND_SELECTS, NO_KEYS},
    {"view",
     "VIEW [VIEW]",
     N_("show a view, or two beside each other: by name or number"),
     command_view,
     COMMAND_SELECTS | COMMAND_ARRANGES,
     {{"1", "1", N_("overview")},
      {"2", "2", N_("graph")},
      {"3", "3", N_("attention")},
      {"4", "4", N_("parameters")},
      {"5", "5", N_("loss")},
      {"6", "6", N_("adam")},
      {"7", "7", N_("generate")},
      {"8", "8", N_("data")},
      {"9", "9", N_("memory and speed")}}},
    {"cursor",
     "left|right|up|down [N]",
     N_("move the cursor from number to number"),
     command_cursor,
     COMMAND_SELECTS,
     {{"Left", "left", N_("cursor")},
      {"Right", "right", N_("cursor")},
      {"Up", "up", N_("cursor")},
      {"Down", "down", N_("cursor")},
      {"h", "left", NULL},
      {"l", "right", NULL},
      {"k", "up", NULL},
      {"j", "down", NULL},
      {"PgUp", "up 8", NULL},
      {"PgDn", "down 8", NULL}}},
    {"focus", "PATH|none",
     N_("put the cursor on something: attn[0][2][3][1], grad(wte[5][0]), step 412, none"),
     command_focus, COMMAND_SELECTS, NO_KEYS},
    {"open",
     "",
     N_("go deeper into what is under the cursor; to the step of a loss"),
     command_open,
     COMMAND_SELECTS,
     {{"Enter", "", N_("go deeper")}}},
    {"leave",
     "",
     N_("back from where one has gone deeper"),
     command_leave,
     COMMAND_SELECTS,
     {{"Backspace", "", N_("back up")}}},
    {"look",
     "OPTION|first|second|third|fourth [CHOICE|+|-]",
     N_("set how the view shows what it shows; alone: what can be set"),
     command_look,
     COMMAND_SELECTS | COMMAND_ARRANGES,
     {{"t", "first +", N_("what is shown")},
      {"T", "first -", NULL},
      {"o", "second +", N_("how")},
      {"O", "second -", NULL},
      {"z", "third +", N_("zoom, more")},
      {"Z", "third -", NULL},
      {"y", "fourth +", N_("more")},
      {"Y", "fourth -", NULL}}},
    {"pane",
     "next|one",
     N_("move to the other view of two, or show one alone"),
     command_pane,
     COMMAND_SELECTS,
     {{"Tab", "next", N_("other view")}, {"S-Tab", "next", NULL}}},
    {"mark",
     "[next|none]",
     N_("mark what is under the cursor, or take its mark away; go to the next mark; none are left"),
     command_mark,
     COMMAND_SELECTS,
     {{"m", "", N_("mark")}, {"'", "next", N_("next mark")}}},
    {"find", "TEXT", N_("put the cursor on what has that name: a path, a place, a matrix, a token"),
     command_search, COMMAND_SELECTS, NO_KEYS},
    {"position",
     "+N|-N",
     N_("select another position of the document"),
     run_position,
     COMMAND_SELECTS,
     {{"J", "+1", N_("next position")}, {"K", "-1", N_("position before")}}},
    {"head",
     "+N|-N",
     N_("select another attention head"),
     run_head,
     COMMAND_SELECTS,
     {{"L", "+1", N_("next head")}, {"H", "-1", N_("head before")}}},
    {"where", "", N_("the moment where the run stands, and its place"), command_where,
     COMMAND_ANSWERS | COMMAND_BESIDE, NO_KEYS},
    {"print", "EXPR", N_("the value of an expression"), command_print,
     COMMAND_ANSWERS | COMMAND_BESIDE, NO_KEYS},
    {"echo", "[TEXT]", N_("say a text"), command_echo, COMMAND_ANSWERS | COMMAND_BESIDE,
     NO_KEYS},
    {"list", "commands|keys", N_("list all commands or keys"), command_list, COMMAND_ANSWERS,
     NO_KEYS},
    {"help",
     "[COMMAND]",
     N_("the help page, or what a command does"),
     command_help,
     COMMAND_ANSWERS | COMMAND_BESIDE,
     {{"?", "", N_("help")}, {"F1", "", NULL}}},
    {"lesson", "[NAME|list]", N_("open a lesson, or go on with one; list: say which there are"),
     command_lesson, COMMAND_ANSWERS, NO_KEYS},
    {"next", "", N_("in a lesson: the next step"), command_next, COMMAND_ANSWERS, NO_KEYS},
    {"prev", "", N_("in a lesson: the step before"), command_prev, COMMAND_ANSWERS, NO_KEYS},
    {"answer", "TEXT", N_("in a lesson: answer the question"), command_answer, COMMAND_ANSWERS,
     NO_KEYS},
    {"hint", "", N_("in a lesson: a hint"), command_hint, COMMAND_ANSWERS, NO_KEYS},
    {"show", "", N_("in a lesson: show the answer"), command_show, COMMAND_ANSWERS, NO_KEYS},
    {"skip", "", N_("in a lesson: leave the question out"), command_skip, COMMAND_ANSWERS, NO_KEYS},
    {"retry", "", N_("in a lesson: this step again"), command_retry, COMMAND_ANSWERS, NO_KEYS},
    {"free", "", N_("in a lesson: keys go to the program, and back to the lesson"), command_free,
     COMMAND_ANSWERS, NO_KEYS},
    {"close", "", N_("leave the lesson"), command_close, COMMAND_ANSWERS, NO_KEYS},
    {"save", "FILE", N_("save the run with its changes and watched expressions"), command_save,
     COMMAND_FILES, NO_KEYS},
    {"load", "FILE", N_("go on from a saved run"), command_load, COMMAND_FILES, NO_KEYS},
    {"resume", "[forget]", N_("go on from a session that was interrupted, or forget it"),
     command_resume, COMMAND_FILES, NO_KEYS},
    {"autosave", "on|off", N_("keep the session while it goes on, in case it is interrupted"),
     command_autosave, COMMAND_FILES | COMMAND_ARRANGES, NO_KEYS},
    {"export", "VIEW FILE [WxH]",
     N_("draw a view as a file: .svg, .txt, .ansi, or in words .json, .description"),
     command_export, COMMAND_FILES | COMMAND_BESIDE, NO_KEYS},
    {"bind", "KEY [COMMAND...|none]",
     N_("let a key stand for a command, or for none; alone: show what it stands for"), command_bind,
     COMMAND_SCREEN | COMMAND_ARRANGES, NO_KEYS},
    {"theme", "dark|light|mono", N_("colours for that background"), command_theme,
     COMMAND_SCREEN | COMMAND_ARRANGES, NO_KEYS},
    {"glyphs", "braille|blocks|ascii", N_("characters that pictures are made of"), command_glyphs,
     COMMAND_SCREEN | COMMAND_ARRANGES, NO_KEYS},
    {"mouse", "on|off", N_("let clicks move the cursor; the terminal cannot select text then"),
     command_mouse, COMMAND_SCREEN | COMMAND_ARRANGES, NO_KEYS},
    {"prompt",
     "[COMMAND...]",
     N_("type a command, with what is given to begin with"),
     command_prompt,
     COMMAND_SCREEN,
     {{":", "", N_("type a command")},
      {"/", "find", N_("find")},
      {"i", "gen", N_("let it write")}}},
    {"redraw", "", N_("paint the screen anew"), run_redraw, COMMAND_SCREEN, {{"C-l", "", NULL}}},
    {"quit",
     "",
     N_("leave help, a graph of your own, or the program"),
     run_quit,
     COMMAND_SCREEN,
     {{"q", "", N_("quit")}}},
};
const int command_count = sizeof command_table / sizeof *command_table;
