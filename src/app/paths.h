/* Paths: where the program's own files are (documents, lessons), and how they are found without
 * being told:
 *
 *     DIR/../share/gptoscope    installed: DIR/gptoscope is the program
 *     DIR/share/gptoscope       in a build tree: a link to the sources
 *     the place that configure was told
 *
 * and where the reader's are: settings in $XDG_CONFIG_HOME/gptoscope, what the program remembers in
 * $XDG_STATE_HOME/gptoscope, lessons of their own in $XDG_DATA_HOME/gptoscope. */
#ifndef GPTOSCOPE_APP_PATHS_H
#define GPTOSCOPE_APP_PATHS_H

#include "engine/error.h"
#include <stddef.h>

enum { PATHS_BYTES = 4096 };

/* The path of one of the program's own files, such as "data/names.txt". program is argv[0]. Errors:
 * it is nowhere. */
bool paths_find(const char *program, const char *file, char path[PATHS_BYTES], Error *error);

/* The folder of the catalogues of other languages: beside the program's own files, else where
 * configure was told. */
void paths_locale(const char *program, char path[PATHS_BYTES]);

/* The translation of a file into the reader's language: FOLDER/de/NAME for FOLDER/NAME, where there
 * is one. Languages are taken as gettext takes them: the list in LANGUAGE, else the locale for
 * messages; none in the C locale. Returns false where the file itself is to be read. */
bool paths_translated(const char *path, char translated[PATHS_BYTES]);

/* The path of one of the reader's files, which need not be there. Returns false where no home
 * folder is known. */
bool paths_config(const char *file, char path[PATHS_BYTES]);
bool paths_state(const char *file, char path[PATHS_BYTES]);
bool paths_data(const char *file, char path[PATHS_BYTES]);

/* A path as it was typed, with the home folder for a leading ~/. Returns false where it is too
 * long. */
bool paths_expand(const char *typed, char path[PATHS_BYTES]);

#endif
