/* Show: one view, printed without a terminal. */
#ifndef GPTOSCOPE_VIEW_SHOW_H
#define GPTOSCOPE_VIEW_SHOW_H

#include "app/app.h"
#include "app/options.h"
#include "view/theme.h"
#include <stdio.h>

/* Trains up to the options' moment and prints the view of the first argument in the wanted size and
 * format. Errors: no such view, moment, size, format, theme; those of making the run. */
bool show_print(const Options *options, const char *data_path, FILE *stream, Error *error);

/* Draws a view as a file at path, in columns x rows; its ending says in which format. An AppExport.
 * Errors: no such view or size; those of writing. */
bool show_export(App *app, const char *view, const char *path, const char *size, Error *error);

/* --theme and --glyphs, or what holds without them. Errors: no such name. */
bool show_read_theme(const Options *options, Theme *theme, Error *error);
bool show_read_glyphs(const Options *options, Glyphs *glyphs, Error *error);

/* The views' names and what they show, one a line with a tab between. */
void show_list(FILE *stream);

#endif
