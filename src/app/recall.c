#include "app/recall.h"

#include "app/paths.h"
#include "engine/sys.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void recall_add(Recall *recall, const char *text)
{
    Line line;

    line_set(&line, text);
    if (line.text[strspn(line.text, " ")] == '\0' ||
        (recall->count > 0 && strcmp(recall_line(recall, 1), line.text) == 0))
        return;
    if (recall->count == RECALL_LINES)
        memmove(recall->line[0], recall->line[1], sizeof line.text * (size_t)--recall->count);
    memcpy(recall->line[recall->count++], line.text, sizeof line.text);
    recall->fresh += recall->fresh < RECALL_LINES;
}

const char *recall_line(const Recall *recall, int back)
{
    return recall->line[recall->count - back];
}

int recall_find(const Recall *recall, const char *beginning, int back, int direction)
{
    int i = back + direction;

    while (i > 0 && i <= recall->count &&
           strncmp(recall_line(recall, i), beginning, strlen(beginning)) != 0)
        i += direction;
    return i > recall->count ? 0 : i;
}

/* ---- the file -------------------------------------------------------------------------------- */

static void add_lines(Recall *recall, char *text)
{
    for (char *end; (end = strchr(text, '\n')); text = end + 1) {
        *end = '\0';
        recall_add(recall, text);
    }
    recall_add(recall, text);
}

bool recall_read(Recall *recall, const char *path, Error *error)
{
    size_t length;
    char *text;

    if (access(path, F_OK) != 0 && errno == ENOENT)
        return true;
    if (!sys_read_file(path, RECALL_FILE_LIMIT, &text, &length, error))
        return false;
    add_lines(recall, text);
    recall->fresh = 0;
    sys_free(text);
    return true;
}

static bool write_lines(const Recall *recall, const char *path, Error *error)
{
    SysPiece piece[2 * RECALL_LINES];

    for (int i = 0; i < recall->count; i++) {
        piece[2 * i] = (SysPiece){recall->line[i], strlen(recall->line[i])};
        piece[2 * i + 1] = (SysPiece){"\n", 1};
    }
    return sys_write_file(path, piece, 2 * (size_t)recall->count, error);
}

static bool make_folder_of(const char *path, Error *error)
{
    char folder[PATHS_BYTES];
    const char *slash = strrchr(path, '/');

    if (!slash || slash == path)
        return true;
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    return sys_make_folder(folder, error);
}

bool recall_save(const Recall *recall, const char *path, Error *error)
{
    if (recall->fresh == 0)
        return true;
    Recall *all = sys_alloc(1, sizeof *all);
    bool saved = all ? recall_read(all, path, error) && make_folder_of(path, error)
                     : error_set(error, "%s: out of memory", path);
    for (int i = recall->fresh; saved && i > 0; i--)
        recall_add(all, recall_line(recall, i));
    saved = saved && write_lines(all, path, error);
    sys_free(all);
    return saved;
}
