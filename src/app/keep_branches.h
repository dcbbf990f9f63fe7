/* Keep branches: the lines of a saved run that make its session's branches again (app/keep.h names
 * them).
 *
 * A branch is a beginning and a list of changes, and so it is kept: what it computes is computed
 * again. Only the branch where the reader stood has numbers in the file, those of its moment: it is
 * there at once, and its line is whole before and after them. */
#ifndef GPTOSCOPE_APP_KEEP_BRANCHES_H
#define GPTOSCOPE_APP_KEEP_BRANCHES_H

#include "app/app.h"

enum { KEEP_DIGEST_BYTES = 65 }; /* a digest as text */

/* Branches being read. */
typedef struct KeepBranches {
    Branches branches;
    bool saved[BRANCHES_LIMIT]; /* it begins with the array */
    int64_t begin[BRANCHES_LIMIT];
    Moment at[BRANCHES_LIMIT];
    Settings settings[BRANCHES_LIMIT];
    char data[BRANCHES_LIMIT][SESSION_DATA_BYTES];
    char digest[BRANCHES_LIMIT][KEEP_DIGEST_BYTES]; /* of those; "": not told */
    char documents[KEEP_DIGEST_BYTES];              /* of the program's */
    int here;                                       /* -1: not told yet */
} KeepBranches;

/* A change as a line, and back. Errors: it is none. */
void keep_print_event(Answer *text, const char *word, const Event *event);
bool keep_parse_event(const char *line, Event *event, Error *error);

/* Writes the lines of all branches; none where there is only main. */
void keep_print_branches(const App *app, Answer *text);

/* Adds the array with which branches begin, where one does not begin at moment 0. Errors: memory. */
bool keep_add_begin(const App *app, SafetensorsWriter *writer, const char *path, Error *error);

/* Reads one of these lines. *known: it is one. Errors: what is wrong with it. */
bool keep_read_branches(KeepBranches *keep, const Session *session, const char *line, bool *known,
                        Error *error);

/* After the last line: the branches become the app's, which stands in the one where the reader was.
 * Errors: what is missing or cannot be; memory. */
bool keep_open_branches(KeepBranches *keep, App *app, Error *error);
void keep_release_branches(KeepBranches *keep);

#endif
