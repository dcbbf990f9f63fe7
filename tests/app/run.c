#include "run.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

void app_run_open(AppRun *run, const char *data, const char *options)
{
    Error error;

    test_run_open(&run->run, data, options);
    ck_assert_msg(history_init(&run->history, &run->run.trainer, HISTORY_BYTES, &error), "%s",
                  error.text);
    run->scope = (Scope){.trainer = &run->run.trainer, .history = &run->history};
}

void app_run_close(AppRun *run)
{
    history_release(&run->history);
    test_run_close(&run->run);
}

void app_run_go(AppRun *run, const char *moment)
{
    MomentName name;
    Error error;

    ck_assert_msg(moment_parse(moment, &name, &error), "%s", error.text);
    ck_assert_msg(history_go(&run->history, &name, &error), "%s", error.text);
}

AppText app_run_text(const AppRun *run, const char *text)
{
    AppText shown;
    ExprError error;
    ExprValue value;
    Expr expr;

    bool read = expr_init(&expr, text, &error);
    if (read && expr_eval(&expr, &run->scope, &value, &error))
        expr_print(&value, shown.text, sizeof shown.text);
    else
        snprintf(shown.text, sizeof shown.text, "%d: %s", error.at, error.why.text);
    if (read)
        expr_release(&expr);
    return shown;
}

double app_run_number(const AppRun *run, const char *text)
{
    ExprError error;
    ExprValue value;
    Expr expr;

    ck_assert_msg(expr_init(&expr, text, &error), "%s: %s", text, error.why.text);
    ck_assert_msg(expr_eval(&expr, &run->scope, &value, &error), "%s: %s", text, error.why.text);
    ck_assert_int_eq(value.kind, EXPR_NUMBER);
    expr_release(&expr);
    return value.number;
}

void app_run_holds(const AppRun *run, const char *text)
{
    ck_assert_msg(strcmp(app_run_text(run, text).text, "true") == 0, "%s: %s", text,
                  app_run_text(run, text).text);
}
