/* Opening, entering steps, and taking their directives. */
#include "lesson/lesson_walk.h"

#include "app/command.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <stdio.h>
#include <string.h>

enum { FILLED_BYTES = 8192, ANSWER_ROWS = 16 };

const Step *lesson_run_step(const LessonRun *run)
{
    const Visit *visit = &run->visit[run->at < run->visits ? run->at : run->visits - 1];

    return &visit->lesson->step[visit->step];
}

/* ---- what is to be read ---------------------------------------------------------------------- */

void lesson_walk_put(LessonRun *run, PieceKind kind, const Block *block, const char *label,
                     int line, const char *text)
{
    char filled[FILLED_BYTES];
    Error error;

    if (!datum_fill(run->app, &run->lets, text, filled, sizeof filled, &error))
        report_say(&run->report, line, "%s", error.text);
    sheet_add(&run->sheet, kind, block, label, filled);
}

/* What a command has answered, its first lines. */
static void put_output(LessonRun *run)
{
    const Answer *answer = &run->app->answer;
    const char *at = answer_first(answer);
    char line[256];

    for (int i = 0; i < answer_lines(answer) && i < ANSWER_ROWS; i++) {
        size_t length = strcspn(at, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, at);
        for (char *c = line; *c; c++)
            if (*c == '\t') /* between columns: the words of a sheet are only set apart */
                *c = ' ';
        sheet_add(&run->sheet, PIECE_OUTPUT, NULL, "", line);
        at += length + (at[length] == '\n');
    }
    answer_clear(&run->app->answer);
    run->app->reading = false;
}

/* ---- directives ------------------------------------------------------------------------------ */

void lesson_walk_command(LessonRun *run, const Said *command, bool in_sight)
{
    Error error;

    run->busy = true; /* what the lesson does by itself is no task that the reader has done */
    bool done = scene_run(run->app, command->text, &error);
    run->busy = false;
    if (!done) {
        report_say(&run->report, command->line, "%.60s: %s", command->text, error.text);
        if (in_sight)
            sheet_add(&run->sheet, PIECE_NOTE, NULL, "", error.text);
    } else if (in_sight) {
        put_output(run);
    }
    if (!in_sight)
        answer_clear(&run->app->answer);
    run->app->message[0] = '\0';
}

static void take_let(LessonRun *run, const Directive *directive)
{
    Datum datum;
    Error error;

    if (!datum_eval(run->app, &run->lets, directive->text, &datum, NULL, &error) ||
        !lets_add(&run->lets, run->app, directive->quoted, &datum, &error))
        report_say(&run->report, directive->line, "%s", error.text);
}

/* Nodes side by side, as their values. */
static int list_range(const Trainer *trainer, TapeRange range, Focus *list, int room)
{
    int count = 0;

    for (; count < range.count && count < room; count++)
        list[count] = focus_of_node(trainer, FOCUS_VALUE, range.first + count * range.stride);
    return count;
}

/* What a path stands for, number by number: of a matrix or a place all that it has. */
static int read_path(const LessonRun *run, const Scope *scope, const char *path, Focus *list,
                     Error *error)
{
    const Trainer *trainer = &run->app->session.trainer;
    TapeRange range = {.stride = 1};

    int count = focus_read(scope, path, list, LOOK_HIDDEN, error);
    if (count == 1 && list[0].kind == FOCUS_TENSOR) {
        const Tensor *tensor = &trainer->gpt.tensor[list[0].index];
        range.first = tensor->first;
        range.count = tensor->rows * tensor->cols;
        return list_range(trainer, range, list, LOOK_HIDDEN);
    }
    if (count == 1 && list[0].kind == FOCUS_PLACE)
        return list_range(trainer, gpt_span(&trainer->gpt, list[0].place)->out, list, LOOK_HIDDEN);
    return count;
}

/* Marks a matrix as a matrix, hides it number by number. list has room for LOOK_HIDDEN. */
static bool take_path(LessonRun *run, DirectiveKind kind, const char *path, Focus *list,
                      Error *error)
{
    Look *look = &run->app->look;
    Scope scope = app_scope(run->app);
    bool done = true;
    int count;

    scope.look = NULL;
    count = kind == DIRECTIVE_MARK ? focus_read(&scope, path, list, LOOK_HIDDEN, error)
                                   : read_path(run, &scope, path, list, error);
    for (int i = 0; i < count && done; i++)
        done = kind == DIRECTIVE_MARK ? look_is_marked(look, list[i]) || look_mark(look, list[i])
                                      : look_hide(look, list[i]);
    return count > 0 && (done || error_set(error, "%.60s: too many numbers", path));
}

/* Marks or hides what some paths stand for. */
static void take_paths(LessonRun *run, const Directive *directive)
{
    char paths[1024], *state = NULL;
    Focus *list = sys_alloc(LOOK_HIDDEN, sizeof *list);
    Error error = {""};

    snprintf(paths, sizeof paths, "%s", directive->text);
    for (char *path = strtok_r(paths, " \t", &state); path && list;
         path = strtok_r(NULL, " \t", &state))
        if (!take_path(run, directive->kind, path, list, &error))
            report_say(&run->report, directive->line, "%s", error.text);
    sys_free(list);
}

static void put_options(LessonRun *run)
{
    const Question *question = run->posed.question;

    for (int i = 0; i < question->options; i++) {
        const Option *option = &question->option[run->posed.shown[i]];
        const char label[2] = {(char)('a' + i), '\0'};
        lesson_walk_put(run, PIECE_OPTION, NULL, label, option->line, option->text);
    }
}

/* Poses a question: what it presupposes is carried out unseen, and taken back. */
static bool pose(LessonRun *run, const Question *question)
{
    App *app = run->app;
    bool headless = app->headless;
    const Posed *known = run->known ? run->known(run, question) : NULL;
    Error error;

    if (known) {
        run->posed = *known;
        return true;
    }
    app->headless = true; /* nothing opens */
    for (int i = 0; i < question->afters; i++)
        lesson_walk_command(run, &question->after[i], false);
    bool posed = posed_set(&run->posed, question, app, &run->lets, &run->report);
    app->headless = headless;
    if (question->afters > 0 && !scene_restore(&run->scene, app, &error))
        report_say(&run->report, question->line, "%s", error.text);
    return posed;
}

/* Returns whether it waits: a question that cannot be asked does not. */
static bool take_ask(LessonRun *run, const Directive *directive)
{
    const Question *question = directive->question;
    Error error;

    if (!scene_keep(&run->scene, run->app, &error)) {
        sheet_add(&run->sheet, PIECE_NOTE, NULL, "", error.text);
        return false;
    }
    lesson_walk_put(run, PIECE_QUESTION, NULL, "", question->line, question->text);
    if (!pose(run, question)) {
        sheet_add(&run->sheet, PIECE_NOTE, NULL, "", _("This question cannot be asked here."));
        return false;
    }
    put_options(run);
    run->phase = LESSON_ASKING;
    run->waiting = directive;
    run->attempts = run->hints = 0;
    line_set(&run->line, "");
    return true;
}

static bool take_do(LessonRun *run, const Directive *directive)
{
    lesson_walk_put(run, PIECE_TASK, NULL, "", directive->line, directive->quoted);
    run->phase = LESSON_DOING;
    run->waiting = directive;
    run->attempts = run->hints = 0;
    if (run->check)
        run->check(run, directive);
    return true;
}

static void take_prose(LessonRun *run, const Directive *directive)
{
    const Block *block = directive->block;

    if (block->kind == BLOCK_CODE)
        sheet_add(&run->sheet, PIECE_BLOCK, block, block->label, block->text);
    else
        lesson_walk_put(run, PIECE_BLOCK, block, block->label, block->line, block->text);
}

/* Takes one directive; returns whether it waits for the reader. */
static bool take(LessonRun *run, const Directive *directive)
{
    const Said command = {directive->line, directive->text};

    switch (directive->kind) {
    case DIRECTIVE_PROSE:
        take_prose(run, directive);
        return false;
    case DIRECTIVE_COMMAND:
        lesson_walk_command(run, &command, true);
        return false;
    case DIRECTIVE_MARK:
    case DIRECTIVE_MASK:
        take_paths(run, directive);
        return false;
    case DIRECTIVE_LET:
        take_let(run, directive);
        return false;
    case DIRECTIVE_ASK:
        return take_ask(run, directive);
    case DIRECTIVE_DO:
        return take_do(run, directive);
    default: /* claims are looked at by lint */
        if (run->check)
            run->check(run, directive);
        return false;
    }
}

/* Whether a question is still to come in this step. */
static bool has_question(const Step *step, int from)
{
    for (int i = from; i < step->directives; i++)
        if (step->directive[i].kind == DIRECTIVE_ASK)
            return true;
    return false;
}

void lesson_walk_on(LessonRun *run)
{
    const Step *step = lesson_run_step(run);
    Error error;

    run->waiting = NULL;
    run->phase = LESSON_READING;
    if (!has_question(step, run->next))
        look_reveal(&run->app->look);
    while (run->next < step->directives)
        if (take(run, &step->directive[run->next++])) {
            if (run->phase == LESSON_DOING)
                lesson_run_follow(run);
            return;
        }
    scene_settle(run->app);
    if (!scene_keep(&run->scene, run->app, &error))
        report_say(&run->report, step->line, "%s", error.text);
}

/* ---- scenes ---------------------------------------------------------------------------------- */

/* Sets the scene of a step that does not keep. */
static void set_scene(LessonRun *run, const Step *step)
{
    App *app = run->app;
    Error error = {""};
    bool done = false;

    scene_clear(app);
    run->lets.count = 0;
    switch (step->scene) {
    case SCENE_TRAINED:
        done = app_seek(app, "end", &error);
        break;
    case SCENE_AT:
        done = app_seek(app, step->scene_text.text, &error);
        break;
    case SCENE_EXPR:
        done = app_seek(app, "0", &error) && app_graph(app, step->scene_text.text, &error);
        break;
    default:
        done = app_seek(app, "0", &error);
        break;
    }
    if (!done) {
        report_say(&run->report, step->scene_text.line, "scene: %s", error.text);
        sheet_add(&run->sheet, PIECE_NOTE, NULL, "", error.text);
    }
}

/* What a step leaves behind, carried out without a reader. */
static void replay(LessonRun *run, const Step *step)
{
    for (int i = 0; i < step->directives; i++) {
        const Directive *directive = &step->directive[i];
        const Said command = {directive->line, directive->text};
        if (directive->kind == DIRECTIVE_COMMAND)
            lesson_walk_command(run, &command, false);
        if (directive->kind == DIRECTIVE_LET)
            take_let(run, directive);
        for (int k = 0; directive->kind == DIRECTIVE_ASK && k < directive->question->afters; k++)
            lesson_walk_command(run, &directive->question->after[k], false);
        for (int k = 0; directive->kind == DIRECTIVE_DO && k < directive->bys; k++)
            lesson_walk_command(run, &directive->by[k], false);
    }
}

/* Whether the program stands, or has stood before the reader went about, where this step begins. */
static bool follows(const LessonRun *run, int visit)
{
    const Visit *to = &run->visit[visit], *from = &run->visit[run->at];

    return visit == run->at + 1 && run->phase == LESSON_READING && run->scene.kept &&
           to->lesson == from->lesson && to->step == from->step + 1 && !from->recall &&
           to->lesson->step[to->step].scene == SCENE_KEEP;
}

static void set_state(LessonRun *run, int visit)
{
    const Visit *to = &run->visit[visit];
    Error error;

    if (follows(run, visit)) {
        if (!scene_is_current(&run->scene, run->app) &&
            !scene_restore(&run->scene, run->app, &error))
            report_say(&run->report, to->lesson->step[to->step].line, "%s", error.text);
        return;
    }
    int from = lesson_anchor(to->lesson, to->step);
    set_scene(run, &to->lesson->step[from]);
    for (int step = from; step < to->step; step++)
        replay(run, &to->lesson->step[step]);
}

void lesson_walk_enter(LessonRun *run, int visit)
{
    const Visit *to = &run->visit[visit];

    app_run(run->app, 0); /* the reader's own movement ends here */
    sheet_clear(&run->sheet);
    look_reveal(&run->app->look);
    set_state(run, visit);
    run->app->look.marks = 0;
    run->at = visit;
    run->next = 0;
    run->scroll = 0;
    run->free = false;
    run->notice[0] = '\0';
    if (!to->recall && run->progress)
        progress_enter(run->progress, to->lesson, to->step);
    lesson_walk_on(run);
}
