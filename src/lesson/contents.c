#include "lesson/contents.h"

#include "app/paths.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- listing --------------------------------------------------------------------------------- */

/* A folder that is being read. */
typedef struct Listing {
    Contents *contents;
    const char *folder;
} Listing;

/* NAME.md, but for the notes that are no lessons. */
static bool is_lesson(const char *name)
{
    size_t length = strlen(name);

    return length > 3 && strcmp(name + length - 3, ".md") == 0 && name[0] != '.' &&
           strcmp(name, "README.md") != 0 && strcmp(name, "TEMPLATE.md") != 0;
}

static bool add_file(void *context, const char *name, bool is_folder)
{
    Listing *listing = context;
    Contents *contents = listing->contents;

    if (is_folder || !is_lesson(name))
        return true;
    ContentsEntry *entry = &contents->entry[contents->count];
    *entry = (ContentsEntry){.steps = 0};
    if (snprintf(entry->path, sizeof entry->path, "%s/%s", listing->folder, name) <
        (int)sizeof entry->path)
        contents->count++;
    return contents->count < CONTENTS_LIMIT;
}

static const char *file_of(const ContentsEntry *entry)
{
    const char *slash = strrchr(entry->path, '/');

    return slash ? slash + 1 : entry->path;
}

static int by_file(const void *a, const void *b)
{
    return strcmp(file_of(a), file_of(b));
}

/* Reads what is listed of a lesson, in the reader's language where there is a translation. */
static void look_at(ContentsEntry *entry)
{
    char translated[PATHS_BYTES];
    Lesson lesson;
    Error error;

    if (paths_translated(entry->path, translated))
        snprintf(entry->path, sizeof entry->path, "%s", translated);
    if (!lesson_read(&lesson, entry->path, &error)) {
        snprintf(entry->name, sizeof entry->name, "%.*s", (int)strcspn(file_of(entry), "-."),
                 file_of(entry));
        snprintf(entry->wrong, sizeof entry->wrong, "%s", error.text);
        return;
    }
    snprintf(entry->name, sizeof entry->name, "%s", lesson.name);
    snprintf(entry->title, sizeof entry->title, "%s", lesson.title);
    snprintf(entry->about, sizeof entry->about, "%s", lesson.about);
    entry->steps = lesson.steps;
    entry->minutes = lesson.minutes;
    lesson_release(&lesson);
}

bool contents_open(Contents *contents, const char *const folder[], int folders, Error *error)
{
    *contents = (Contents){.entry = sys_alloc(CONTENTS_LIMIT, sizeof *contents->entry)};
    if (!contents->entry)
        return error_set(error, "out of memory");
    for (int i = 0; i < folders; i++) {
        Listing listing = {contents, folder[i]};
        int before = contents->count;
        if (!folder[i] || !*folder[i] || before == CONTENTS_LIMIT)
            continue;
        sys_visit_folder(folder[i], add_file, &listing, NULL);
        qsort(&contents->entry[before], (size_t)(contents->count - before), sizeof *contents->entry,
              by_file);
    }
    for (int i = 0; i < contents->count; i++)
        look_at(&contents->entry[i]);
    return true;
}

void contents_close(Contents *contents)
{
    sys_free(contents->entry);
    *contents = (Contents){NULL, 0};
}

/* ---- finding --------------------------------------------------------------------------------- */

static bool has_word(const char *text, const char *word)
{
    size_t length = strlen(word);

    for (; *text; text++) {
        size_t i = 0;
        while (i < length && tolower((unsigned char)text[i]) == tolower((unsigned char)word[i]))
            i++;
        if (i == length)
            return true;
    }
    return false;
}

int contents_find(const Contents *contents, const char *word)
{
    int found = -1;

    for (int i = 0; i < contents->count; i++)
        if (strcmp(contents->entry[i].name, word) == 0)
            return i;
    for (int i = 0; *word && i < contents->count; i++)
        if (has_word(contents->entry[i].title, word) ||
            has_word(file_of(&contents->entry[i]), word)) {
            if (found >= 0)
                return -1;
            found = i;
        }
    return found;
}

/* ---- saying ---------------------------------------------------------------------------------- */

static void write_state(const ContentsEntry *entry, const Progress *progress, char *text,
                        size_t size)
{
    int skipped = progress_count(progress, entry->name, OUTCOME_SKIPPED);
    const char *last = progress_last(progress);

    if (*entry->wrong)
        snprintf(text, size, _("cannot be read: %.200s"), entry->wrong);
    else if (progress_is_done(progress, entry->name))
        snprintf(text, size, skipped > 0 ? _("done, %d left out") : _("done"), skipped);
    else if (strcmp(last, entry->name) == 0)
        snprintf(text, size, _("here"));
    else if (progress_is_begun(progress, entry->name))
        snprintf(text, size, _("begun"));
    else if (entry->minutes > 0)
        snprintf(text, size, _("%d minutes"), entry->minutes);
    else
        text[0] = '\0';
}

void contents_answer(const Contents *contents, const Progress *progress, Answer *answer)
{
    answer_open(answer, "lessons", '[');
    for (int i = 0; i < contents->count; i++) {
        const ContentsEntry *entry = &contents->entry[i];
        const char *title = *entry->title ? entry->title + strcspn(entry->title, " ") : " ?";
        char state[480];
        write_state(entry, progress, state, sizeof state);
        answer_line(answer, "%s\t%s%s%s%s", entry->name, *title ? title + 1 : title,
                    *state ? " (" : "", state, *state ? ")" : "");
        answer_open(answer, NULL, '{');
        answer_text(answer, "name", entry->name);
        answer_text(answer, "title", entry->title);
        answer_text(answer, "state", state);
        answer_whole(answer, "steps", entry->steps);
        answer_close(answer, '}');
    }
    answer_close(answer, ']');
}
