/* Commands: what a key does, what a script says and what a lesson does are the same commands, from one table.
 *
 *     "Space" --key table--> "run" --command_run--> row "run" --> its function --> what changed
 *
 * A row names the command, its arguments, says in a few words what it does, and gives its default keys, each with the
 * arguments that the key stands for. Help, completion and the manual read this table. */
#ifndef GPTOSCOPE_APP_COMMAND_H
#define GPTOSCOPE_APP_COMMAND_H

#include "app/app.h"

enum { COMMAND_WORDS = 16, COMMAND_KEYS = 6, COMMAND_LINE_BYTES = 512 };

/* A command line, split at blanks: word[0] is the command; rest[i] is the line from word i on, as it was typed. */
typedef struct CommandWords {
    int count;
    char *word[COMMAND_WORDS];
    const char *rest[COMMAND_WORDS];
} CommandWords;

typedef struct Command {
    const char *name, *args, *help;
    /* Fills error and returns CHANGE_FAILED, with the state untouched, where the arguments are wrong. */
    Change (*run)(App *app, const CommandWords *words, Error *error);
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

/* Runs one command line. Errors: no such command (with the nearest), wrong arguments. */
Change command_run(App *app, const char *line, Error *error);

/* The command line that a key stands for, or NULL; line has COMMAND_LINE_BYTES. */
const char *command_of_key(const char *key, char *line);

#endif
