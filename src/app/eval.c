#include "app/eval.h"

#include "app/command.h"
#include "app/expr.h"
#include "app/json.h"
#include "app/script.h"
#include <string.h>

typedef struct Eval {
    const Options *options;
    BatchInterrupted interrupted;
    FILE *stream;
    App app;
    Expr expr[OPTIONS_ARGUMENTS];
    int exprs; /* read so far */
} Eval;

/* All are read before the run begins: it may take long. */
static bool read_expressions(Eval *eval)
{
    for (; eval->exprs < eval->options->arguments; eval->exprs++) {
        const char *text = eval->options->argument[eval->exprs];
        ExprError error;
        if (!expr_init(&eval->expr[eval->exprs], text, &error)) {
            expr_write_error(text, &error, stderr);
            return false;
        }
    }
    return true;
}

/* Trains to a moment, first in pieces to its step, so that one can interrupt it. Returns an exit
 * status. */
static int go_to(Eval *eval, const char *text, Error *error)
{
    History *history = &eval->app.session.history;
    int64_t steps = eval->app.session.trainer.settings.steps;
    MomentName name;

    if (!moment_parse(text, &name, error))
        return BATCH_UNUSABLE;
    int64_t step = name.at_end ? steps : name.at.step;
    Moment near = {step < steps ? step : steps, PHASE_DONE, 0};
    bool there = step > steps || moment_compare(near, eval->app.session.trainer.at) <= 0;
    while (!there && !eval->interrupted())
        there = history_approach(history, near, INT64_MAX) != APPROACH_MOVING;
    if (!there)
        return BATCH_INTERRUPTED;
    return history_go(history, &name, error) ? BATCH_DONE : BATCH_UNUSABLE;
}

/* value: NULL where it is not computed. */
static void print_json(const Eval *eval, const char *text, const ExprValue *value)
{
    char moment[64];

    moment_print(eval->app.session.trainer.at, moment, sizeof moment);
    fputc('{', eval->stream);
    json_print_member(eval->stream, "expr", true);
    json_print_text(eval->stream, text, strlen(text));
    json_print_member(eval->stream, "moment", false);
    json_print_text(eval->stream, moment, strlen(moment));
    json_print_member(eval->stream, "value", false);
    if (value)
        expr_write_json(value, eval->stream);
    else
        fputs("null", eval->stream);
    fputs("}\n", eval->stream);
}

static int print_value(Eval *eval, int i)
{
    Scope scope = app_scope(&eval->app);
    const char *text = eval->options->argument[i];
    ExprError error;
    ExprValue value;

    bool done = expr_eval(&eval->expr[i], &scope, &value, &error);
    if (eval->options->json && (done || error.not_yet))
        print_json(eval, text, done ? &value : NULL);
    else if (done)
        expr_write(&value, eval->stream);
    else
        expr_write_error(text, &error, stderr);
    return done ? BATCH_DONE : error.not_yet ? BATCH_FAILED : BATCH_UNUSABLE;
}

/* What --execute says, each to its end. Returns an exit status. */
static int execute(Eval *eval, Error *error)
{
    for (int i = 0; i < eval->options->executes; i++) {
        Error why = {""};
        if (command_run(&eval->app, eval->options->execute[i], &why) & CHANGE_FAILED) {
            error_set(error, "--execute %.60s: %.400s", eval->options->execute[i], why.text);
            return BATCH_FAILED;
        }
        if (!script_settle(&eval->app, eval->interrupted))
            return BATCH_INTERRUPTED;
    }
    return BATCH_DONE;
}

static int evaluate(Eval *eval, const char *data_path, Error *error)
{
    const Options *options = eval->options;

    if (!read_expressions(eval) ||
        !app_init(&eval->app, &options->settings, data_path, options->load, error))
        return BATCH_UNUSABLE;
    eval->app.headless = true;
    app_run(&eval->app, 0);
    int worst = go_to(eval, options->at ? options->at : "end", error);
    worst = worst == BATCH_DONE ? execute(eval, error) : worst;
    if (worst != BATCH_DONE)
        return worst;
    for (int i = 0; i < eval->exprs; i++) {
        int status = print_value(eval, i);
        worst = status > worst ? status : worst;
    }
    return worst;
}

int eval_run(const Options *options, const char *data_path, BatchInterrupted interrupted,
             FILE *stream, Error *error)
{
    Eval eval = {.options = options, .interrupted = interrupted, .stream = stream};
    int status = evaluate(&eval, data_path, error);

    app_release(&eval.app);
    for (int i = 0; i < eval.exprs; i++)
        expr_release(&eval.expr[i]);
    return status;
}
