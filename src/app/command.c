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

static Change unknown(const char *word, Error *error)
{
    const char *best = NULL;

    for (int i = 0; i < command_count; i++)
        best = nearest_of(word, best, command_table[i].name);
    if (best)
        error_set(error, "there is no command %.40s: did you mean %s?", word, best);
    else
        error_set(error, "there is no command %.40s: see help", word);
    return CHANGE_FAILED;
}

Change command_run(App *app, const char *line, Error *error)
{
    char cut[COMMAND_LINE_BYTES], whole[COMMAND_LINE_BYTES];
    CommandWords words;

    snprintf(whole, sizeof whole, "%s", line);
    memcpy(cut, whole, sizeof cut);
    split(cut, whole, &words);
    if (words.count == 0)
        return CHANGE_NONE;
    const Command *command = command_find(words.word[0]);
    if (!command)
        return unknown(words.word[0], error);
    return command->run(app, &words, error);
}

const char *command_of_key(const char *key, char *line)
{
    for (int i = 0; i < command_count; i++)
        for (int k = 0; k < COMMAND_KEYS && command_table[i].keys[k].key; k++)
            if (strcmp(command_table[i].keys[k].key, key) == 0) {
                snprintf(line, COMMAND_LINE_BYTES, "%s %s", command_table[i].name,
                         command_table[i].keys[k].args);
                return line;
            }
    return NULL;
}
