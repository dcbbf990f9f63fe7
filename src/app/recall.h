/* Recall: the lines that were typed before, oldest first, kept in a file from one session to the
 * next. */
#ifndef GPTOSCOPE_APP_RECALL_H
#define GPTOSCOPE_APP_RECALL_H

#include "app/line.h"
#include "engine/error.h"

enum { RECALL_LINES = 200, RECALL_FILE_LIMIT = 1 << 20 };

typedef struct Recall {
    char line[RECALL_LINES][LINE_BYTES];
    int count;
    int fresh; /* of them, the last so many are not in the file */
} Recall;

/* Keeps a line, unless it is the last one again. The oldest is forgotten where there is no room. */
void recall_add(Recall *recall, const char *line);

/* The next line that begins with `beginning`, older or newer (direction 1, -1) than that `back`
 * lines back; as lines back, 0: none. */
int recall_find(const Recall *recall, const char *beginning, int back, int direction);

/* The line so many lines back, from 1. */
const char *recall_line(const Recall *recall, int back);

/* Fills an empty recall from a file; none is no error. Errors: those of
 * sys_read_file. */
bool recall_read(Recall *recall, const char *path, Error *error);

/* Adds the fresh lines to the file, which another session may have written meanwhile; its folder is
 * made if need be. Errors: those of the file. */
bool recall_save(const Recall *recall, const char *path, Error *error);

#endif
