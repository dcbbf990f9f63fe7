#include "app/prompt.h"

#include <stddef.h>
#include <string.h>

void prompt_open(Prompt *prompt, const char *text)
{
    line_set(&prompt->line, text);
    prompt->open = true;
    prompt->back = 0;
    prompt->completing = false;
}

/* ---- what was typed before ------------------------------------------------------------------- */

static void go_back(Prompt *prompt, int direction)
{
    if (prompt->back == 0)
        prompt->typed = prompt->line;
    int back = recall_find(&prompt->recall, prompt->typed.text, prompt->back, direction);
    if (back == 0 && direction > 0)
        return; /* the oldest stays */
    prompt->back = back;
    if (back > 0)
        line_set(&prompt->line, recall_line(&prompt->recall, back));
    else
        prompt->line = prompt->typed;
}

/* ---- completion ------------------------------------------------------------------------------ */

static void put_candidate(Prompt *prompt, const char *candidate)
{
    line_replace(&prompt->line, prompt->completion.start, candidate);
}

/* A name that is whole is followed by a blank; one that goes on is not. */
static void finish_word(Prompt *prompt)
{
    const char *candidate = prompt->completion.common;
    size_t length = strlen(candidate);
    bool at_end = prompt->line.cursor == prompt->line.length;

    if (at_end && length > 0 && !strchr("/.@", candidate[length - 1]))
        line_key(&prompt->line, "Space");
}

static void choose(Prompt *prompt, int direction)
{
    int count = prompt->completion.count,
        from = prompt->chosen < 0 && direction < 0 ? 0 : prompt->chosen;

    prompt->chosen = (from + direction + count) % count;
    put_candidate(prompt, prompt->completion.candidate[prompt->chosen]);
}

static void complete(Prompt *prompt, const struct App *app, int direction)
{
    Completion *completion = &prompt->completion;

    if (prompt->completing && completion->count > 1) {
        choose(prompt, direction);
        return;
    }
    complete_line(app, prompt->line.text, prompt->line.cursor, completion);
    prompt->completing = completion->count != 1;
    prompt->chosen = -1;
    if (completion->count > 0)
        put_candidate(prompt, completion->common);
    if (completion->count == 1)
        finish_word(prompt);
}

/* ---- keys ------------------------------------------------------------------------------------ */

static bool is_one_of(const char *key, const char *const *keys)
{
    while (*keys && strcmp(*keys, key) != 0)
        keys++;
    return *keys != NULL;
}

static PromptOutcome enter(Prompt *prompt)
{
    prompt->open = false;
    recall_add(&prompt->recall, prompt->line.text);
    return PROMPT_ENTERED;
}

static PromptOutcome close_prompt(Prompt *prompt)
{
    prompt->open = false;
    return PROMPT_CLOSED;
}

PromptOutcome prompt_key(Prompt *prompt, const struct App *app, const char *key)
{
    static const char *const entering[] = {"Enter", "C-j", "C-m", NULL};
    static const char *const closing[] = {"Esc", "C-c", "C-g", NULL};
    static const char *const older[] = {"Up", "C-p", NULL};
    static const char *const newer[] = {"Down", "C-n", NULL};
    bool empty = prompt->line.length == 0;

    if (strcmp(key, "Tab") == 0 || strcmp(key, "S-Tab") == 0) {
        complete(prompt, app, *key == 'S' ? -1 : 1);
        return PROMPT_OPEN;
    }
    prompt->completing = false;
    if (is_one_of(key, entering))
        return enter(prompt);
    if (is_one_of(key, closing) || (empty && strcmp(key, "Backspace") == 0))
        return close_prompt(prompt);
    if (is_one_of(key, older))
        go_back(prompt, 1);
    else if (is_one_of(key, newer) && prompt->back > 0)
        go_back(prompt, -1);
    else if (line_key(&prompt->line, key))
        prompt->back = 0;
    return PROMPT_OPEN;
}
