/* Nearest: the known word that a mistyped one was most likely meant to be. */
#ifndef GPTOSCOPE_APP_NEAREST_H
#define GPTOSCOPE_APP_NEAREST_H

/* Letters to insert, drop or change to make a into b (words longer than 31 letters are cut). */
int nearest_distance(const char *a, const char *b);

/* Keeps the nearer of best (may be NULL) and candidate. One that begins with the word is nearest of
 * all; one that differs from it in more than half of its letters is none. */
const char *nearest_of(const char *word, const char *best, const char *candidate);

#endif
