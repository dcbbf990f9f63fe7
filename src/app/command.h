/* Commands: what a key does, what a script says and what a lesson does are the same commands, from
 * one table.
 *
 *     "Space" --key table--> "run" --command_run--> row "run" --> its function --> what changed
 *
 * A row names the command, its arguments, says in a few words what it does, and gives its default
 * keys, each with the arguments that the key stands for. Help, completion and the manual read this
 * table. */
#ifndef GPTOSCOPE_APP_COMMAND_H
#define GPTOSCOPE_APP_COMMAND_H

#include "app/app.h"

enum { COMMAND_WORDS = 16, COMMAND_KEYS = 10, COMMAND_LINE_BYTES = LINE_BYTES };

/* A command line, split at blanks: word[0] is the command; rest[i] is the line from word i on, as
 * it was typed but for blanks at its end. */
typedef struct CommandWords {
    int count;
    char *word[COMMAND_WORDS];
    const char *rest[COMMAND_WORDS];
} CommandWords;

/* Fills error and returns CHANGE_FAILED, with the state untouched, where the arguments are wrong.
 * What it has to say it writes into app->answer. */
typedef Change CommandRun(App *app, const CommandWords *words, Error *error);

/* Which group of the help page a command belongs to; and whether it may stand in the configuration
 * file. */
typedef enum CommandKind {
    COMMAND_MOVES,   /* through the run */
    COMMAND_SELECTS, /* what the panels show */
    COMMAND_CHANGES, /* the run, and what it was told */
    COMMAND_ANSWERS,
    COMMAND_FILES,
    COMMAND_SCREEN, /* keys, looks, the program itself */
    COMMAND_KINDS,
    COMMAND_ARRANGES = 16, /* besides: it may */
    COMMAND_BESIDE = 32    /* it leaves the panel of knobs open; others close it first */
} CommandKind;

/* args: "KEY [COMMAND...|none]". In capitals what stands for something else (app/complete.h knows
 * what), [] around what may be left out, | between alternatives; after dots comes a whole command
 * line. */
typedef struct Command {
    const char *name, *args, *help;
    CommandRun *run;
    int kind; /* CommandKind, | COMMAND_ARRANGES, | COMMAND_BESIDE */
    struct {
        const char *key;   /* as app_key names it */
        const char *args;  /* "" for none */
        const char *label; /* two or three words for the help page; NULL: a second key for the same */
    } keys[COMMAND_KEYS];
} Command;

extern const Command command_table[]; /* commands.c */
extern const int command_count;

/* The row of that name, or of the only name that begins so; NULL otherwise. */
const Command *command_find(const char *name);

/* Whether the first word of a line is a command. Errors: it is not, with the nearest that there
 * is. */
bool command_check(const char *line, Error *error);

/* Runs one command line. Errors: no such command, wrong arguments. */
Change command_run(App *app, const char *line, Error *error);

/* The command line that default key k of a command stands for; line has COMMAND_LINE_BYTES. */
const char *command_key_line(const Command *command, int k, char *line);

#endif
