/* Keep: a session in a saved run. Beside the run's numbers, as the step under way began, the file
 * holds lines:
 *
 *     data /home/me/places.txt                  where its documents are, if they are not the program's
 *     unit operation                            what . and , move by
 *     watch loss                                watched expressions, in order
 *     event 400.forward.17 value 123 0x1p-1     changes still to come from there on: moment, kind, index, number
 *     goto 400.forward.20                       the moment where the reader stood
 *
 * and, where there are branches, of each of them what it is made of (app/keep_branches.h):
 *
 *     documents 2a6f...                         the digest of the program's documents, where a branch reads those
 *     branch main 400.forward.20                its name, and where it was left
 *     reads 9b1d... /home/me/places.txt         the digest of its documents and where they are, likewise
 *     begin 100                                 it begins where a run was loaded, with the array `begin`; else at moment 0
 *     with seed 7                               a setting that its run begins with, where that is not the usual
 *     change 120.forward.17 value 123 0x1p-1    its changes, in the order in which they were made
 *     undone 130 setting 6 0x1p-6               those that were taken back, the latest last
 *     here main                                 the branch where the reader stood
 *
 * Loading reads the lines in this order, and stands where the session stood, with the same bits. A
 * file is data: these are all that a line can be. */
#ifndef GPTOSCOPE_APP_KEEP_H
#define GPTOSCOPE_APP_KEEP_H

#include "app/app.h"
#include "engine/checkpoint.h"

/* Saves the session at any moment. Errors: "PATH: reason". */
bool keep_save(App *app, const char *path, Error *error);

/* The same up to safetensors_save, which may be left to another thread. The caller ends the writer,
 * also on failure. path is only named in errors. */
bool keep_write(App *app, SafetensorsWriter *writer, const char *path, Error *error);

/* Goes on from a saved run in the place of the session. Errors: those of session_init, the session
 * is then as it was; or of keep_restore. */
bool keep_load(App *app, const char *path, Error *error);

/* Puts a session in the place of the app's, which goes with all that was found in it. `by` must not
 * be used under its old name again. */
void keep_replace(App *app, Session *by);

/* After a saved run was loaded into app->session: what it brought along. Errors: a line that this
 * program does not write. */
bool keep_restore(App *app, Error *error);

/* Whether such lines hold changes that are still to come: modes that only train do not make
 * them. */
bool keep_has_changes(const char *lines);

#endif
