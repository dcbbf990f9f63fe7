#include "app/command.h"

#include "app/nearest.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

const Command *command_find(const char *name)
{
    const Command *found = NULL;
    size_t length = strlen(name);

    for (int i = 0; length > 0 && i < command_count; i++) {
        if (strcmp(command_table[i].name, name) == 0)
            return &command_table[i];
        if (strncmp(command_table[i].name, name, length) == 0) {
            if (found) /* the beginning of several */
                found = NULL, length = 0;
            else
                found = &command_table[i];
        }
    }
    return found;
}

/* Splits line at blanks, in place; rest[i] points into whole, an unchanged copy. */
static void split(char *line, const char *whole, CommandWords *words)
{
    char *at = line;

    *words = (CommandWords){0};
    while (words->count < COMMAND_WORDS) {
        while (isspace((unsigned char)*at))
            at++;
        if (!*at)
            return;
        words->rest[words->count] = whole + (at - line);
        words->word[words->count++] = at;
        while (*at && !isspace((unsigned char)*at))
            at++;
        if (*at)
            *at++ = '\0';
    }
}

static bool unknown(const char *word, Error *error)
{
    const char *best = NULL;

    for (int i = 0; i < command_count; i++)
        best = nearest_of(word, best, command_table[i].name);
    if (best)
        return error_set(error, "there is no command %.40s: did you mean %s?", word, best);
    return error_set(error, "there is no command %.40s: see help", word);
}

/* A line without blanks at its end, as it is and cut into words. */
typedef struct CutLine {
    char whole[COMMAND_LINE_BYTES], cut[COMMAND_LINE_BYTES];
    CommandWords words;
} CutLine;

static void cut_line(CutLine *line, const char *text)
{
    size_t length = strnlen(text, COMMAND_LINE_BYTES - 1);

    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    snprintf(line->whole, sizeof line->whole, "%.*s", (int)length, text);
    memcpy(line->cut, line->whole, sizeof line->cut);
    split(line->cut, line->whole, &line->words);
}

bool command_check(const char *text, Error *error)
{
    CutLine line;

    cut_line(&line, text);
    return (line.words.count > 0 && command_find(line.words.word[0])) ||
           unknown(line.words.count > 0 ? line.words.word[0] : "", error);
}

/* What is about the screen does, or says so. */
static bool leaves_knobs_open(const Command *command)
{
    return command->kind & COMMAND_BESIDE || (command->kind & ~COMMAND_ARRANGES) == COMMAND_SCREEN;
}

Change command_run(App *app, const char *text, Error *error)
{
    CutLine line;

    answer_clear(&app->answer);
    app->reading = false;
    cut_line(&line, text);
    if (line.words.count == 0)
        return CHANGE_NONE;
    const Command *command = command_find(line.words.word[0]);
    if (command && app->knobs.on && !leaves_knobs_open(command))
        knobs_close(app);
    if (command)
        return command->run(app, &line.words, error);
    unknown(line.words.word[0], error);
    return CHANGE_FAILED;
}

const char *command_key_line(const Command *command, int k, char *line)
{
    const char *args = command->keys[k].args;

    snprintf(line, COMMAND_LINE_BYTES, "%s%s%s", command->name, *args ? " " : "", args);
    return line;
}
