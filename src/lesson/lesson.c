#include "lesson/lesson.h"

#include "engine/corpus.h"
#include "engine/sys.h"
#include "lesson/directive.h"
#include <assert.h>
#include <stdio.h>
#include <string.h>

/* ---- headings -------------------------------------------------------------------------------- */

static bool is_id(const char *text, size_t length)
{
    return length > 0 && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") >= length;
}

/* "A title {#its-id}" */
static bool read_heading(Lesson *lesson, const char *text, Step *step, Error *error)
{
    const char *brace = strstr(text, "{#"), *end = brace ? strchr(brace, '}') : NULL;

    if (!end || end[1] || !is_id(brace + 2, (size_t)(end - brace - 2)))
        return error_set(error, "a step's heading ends with its id, as {#my-step}: small letters, "
                                "digits and -");
    while (brace > text && brace[-1] == ' ')
        brace--;
    step->title = store_text(&lesson->store, text, (size_t)(brace - text));
    const char *id = strstr(text, "{#") + 2;
    step->id = store_text(&lesson->store, id, (size_t)(end - id));
    if (step->id && lesson_find(lesson, step->id) >= 0)
        return error_set(error, "the id %.40s is that of an earlier step", step->id);
    return (step->title && step->id) || error_set(error, "out of memory");
}

static bool begin_step(Reading *reading, const Block *block, Error *error)
{
    Lesson *lesson = reading->lesson;
    Step step = {.line = block->line, .scene = SCENE_KEEP};

    if (!read_heading(lesson, block->text, &step, error))
        return false;
    Step *grown = store_grow(&lesson->store, lesson->step, lesson->steps, sizeof *lesson->step);
    if (!grown)
        return error_set(error, "out of memory");
    lesson->step = grown;
    lesson->step[lesson->steps] = step;
    reading->step = &lesson->step[lesson->steps++];
    return true;
}

static bool begin_lesson(Lesson *lesson, const Block *block, Error *error)
{
    size_t length = strcspn(block->text, " ");

    if (lesson->title || lesson->steps > 0)
        return error_set(error, "a lesson has one title, at its beginning; steps begin with ##");
    if (length == 0 || length >= LESSON_NAME_BYTES || strchr(block->text, '/'))
        return error_set(error, "the title begins with the lesson's name, such as 2a");
    lesson->title = block->text;
    snprintf(lesson->name, sizeof lesson->name, "%.*s", (int)length, block->text);
    return true;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

/* The lines of a block of directives. *line is that of an error. */
static bool read_directives(Reading *reading, const Block *block, int *line, Error *error)
{
    char text[1024];

    *line = block->line;
    for (const char *at = block->text; *at; (*line)++) {
        size_t length = strcspn(at, "\n"), from = strspn(at, " ");
        from = from < length ? from : length;
        size_t to = length;
        while (to > from && at[to - 1] == ' ')
            to--;
        if (to - from >= sizeof text)
            return error_set(error, "a line has at most %d bytes", (int)sizeof text - 1);
        snprintf(text, sizeof text, "%.*s", (int)(to - from), at + from);
        if (*text && *text != '#' && !directive_read(reading, *line, text, error))
            return false;
        at += length + (at[length] == '\n');
    }
    if (!reading->question)
        return true;
    *line = reading->question->line;
    return error_set(error, "this question has no end");
}

static bool read_prose(Reading *reading, const Block *block, Error *error)
{
    Lesson *lesson = reading->lesson;

    if (!reading->step) {
        if (!lesson->title)
            return error_set(error, "a lesson begins with its title: # NAME TITLE");
        if (block->kind == BLOCK_PARAGRAPH && !*lesson->about)
            lesson->about = block->text;
        return true;
    }
    Directive *directive = directive_add(reading, DIRECTIVE_PROSE, block->line);
    if (directive)
        directive->block = block;
    return directive || error_set(error, "out of memory");
}

static bool read_block(Reading *reading, const Block *block, int *line, Error *error)
{
    *line = block->line;
    if (block->kind == BLOCK_CODE && strcmp(block->label, "lesson") == 0)
        return read_directives(reading, block, line, error);
    if (block->kind == BLOCK_HEADING && block->level == 1)
        return begin_lesson(reading->lesson, block, error);
    if (block->kind == BLOCK_HEADING && block->level == 2)
        return begin_step(reading, block, error);
    return read_prose(reading, block, error);
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* Each `do` has something that makes it true, and the first step a scene. */
static bool check(Lesson *lesson, int *line, Error *error)
{
    *line = 1;
    if (!lesson->title)
        return error_set(error, "a lesson begins with its title: # NAME TITLE");
    if (lesson->steps == 0)
        return error_set(error, "there is no step: ## TITLE {#id}");
    for (int i = 0; i < lesson->steps; i++)
        for (int k = 0; k < lesson->step[i].directives; k++) {
            const Directive *directive = &lesson->step[i].directive[k];
            *line = directive->line;
            if (directive->kind == DIRECTIVE_DO && directive->bys == 0)
                return error_set(error, "do: there is no by line below it");
        }
    if (lesson->step[0].scene == SCENE_KEEP)
        lesson->step[0].scene = SCENE_INIT;
    return true;
}

/* Text that a terminal could not show is no lesson. */
static bool check_bytes(const char *text, size_t length, int *line, Error *error)
{
    *line = 1;
    for (size_t i = 0, bytes; i < length; i += bytes) {
        uint32_t code_point;
        bytes = (size_t)corpus_decode(text + i, length - i, &code_point);
        if (bytes == 0)
            return error_set(error, "not UTF-8 (byte 0x%02x)", (unsigned char)text[i]);
        if (code_point == 0)
            return error_set(error, "a NUL byte: it is no text");
        *line += code_point == '\n';
    }
    return true;
}

static bool parse(Lesson *lesson, const char *text, size_t length, int *line, Error *error)
{
    Reading reading = {.lesson = lesson};
    Markdown markdown;

    if (!check_bytes(text, length, line, error) ||
        !markdown_read(text, length, &lesson->store, &markdown, error))
        return false;
    for (int i = 0; i < markdown.count; i++)
        if (!read_block(&reading, &markdown.block[i], line, error))
            return false;
    return check(lesson, line, error) &&
           (!lesson->store.failed || error_set(error, "out of memory"));
}

bool lesson_parse(Lesson *lesson, const char *path, const char *text, size_t length, Error *error)
{
    Error reason = {""};
    int line = 1;

    *lesson = (Lesson){.about = ""};
    lesson->path = store_text(&lesson->store, path, strlen(path));
    if (lesson->path && parse(lesson, text, length, &line, &reason))
        return true;
    lesson_release(lesson);
    return error_set(error, "%.200s:%d: %s", path, line, reason.text);
}

bool lesson_read(Lesson *lesson, const char *path, Error *error)
{
    char *text;
    size_t length;

    *lesson = (Lesson){.about = ""};
    if (!sys_read_file(path, LESSON_FILE_LIMIT, &text, &length, error))
        return false;
    bool read = lesson_parse(lesson, path, text, length, error);
    sys_free(text);
    return read;
}

void lesson_release(Lesson *lesson)
{
    store_release(&lesson->store);
    *lesson = (Lesson){.about = ""};
}

int lesson_find(const Lesson *lesson, const char *id)
{
    for (int i = 0; i < lesson->steps; i++)
        if (strcmp(lesson->step[i].id, id) == 0)
            return i;
    return -1;
}

int lesson_anchor(const Lesson *lesson, int step)
{
    while (lesson->step[step].scene == SCENE_KEEP)
        step--;
    assert(step >= 0);
    return step;
}

Settings lesson_settings(const Lesson *lesson, const Settings *settings)
{
    Settings own = *settings;

    for (int i = 0; i < lesson->settings; i++)
        settings_parse(&own, &settings_table[lesson->setting[i].row], lesson->setting[i].value,
                       NULL);
    return own;
}
