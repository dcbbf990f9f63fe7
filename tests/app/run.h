/* A run with its history, and expressions over it, for the app's tests. */
#ifndef TESTS_APP_RUN_H
#define TESTS_APP_RUN_H

#include "app/expr.h"
#include "engine/support.h"

/* It must stay where it is: its parts point at each other. */
typedef struct AppRun {
    TestRun run;
    History history;
    Scope scope;
} AppRun;

void app_run_open(AppRun *run, const char *data, const char *options);
void app_run_close(AppRun *run);

/* Goes to a moment as it is written. */
void app_run_go(AppRun *run, const char *moment);

/* The value of an expression as expr_print writes it, or what is wrong with it: "5: expected )". */
typedef struct AppText {
    char text[4096];
} AppText;

AppText app_run_text(const AppRun *run, const char *text);

/* The number that it is; fails if it is none. */
double app_run_number(const AppRun *run, const char *text);

/* Fails unless the expression holds. */
void app_run_holds(const AppRun *run, const char *text);

#endif
