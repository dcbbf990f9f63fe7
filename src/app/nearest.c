#include "app/nearest.h"

#include <stddef.h>
#include <string.h>

enum { LETTERS = 31 };

static int least(int a, int b, int c)
{
    int m = a < b ? a : b;

    return m < c ? m : c;
}

/* Levenshtein's distance, a row of the table at a time. */
int nearest_distance(const char *a, const char *b)
{
    int row[LETTERS + 1];
    int a_length = (int)strnlen(a, LETTERS), b_length = (int)strnlen(b, LETTERS);

    for (int j = 0; j <= b_length; j++)
        row[j] = j;
    for (int i = 1; i <= a_length; i++) {
        int diagonal = row[0];
        row[0] = i;
        for (int j = 1; j <= b_length; j++) {
            int above = row[j];
            row[j] = least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[b_length];
}

/* A word that was cut short is as near to the whole one as a word can be. */
static int distance_to(const char *word, const char *candidate)
{
    size_t length = strlen(word);

    return length > 0 && strncmp(word, candidate, length) == 0 ? 0
                                                               : nearest_distance(word, candidate);
}

const char *nearest_of(const char *word, const char *best, const char *candidate)
{
    int distance = distance_to(word, candidate);

    if (distance > (int)strlen(candidate) / 2)
        return best;
    return !best || distance < distance_to(word, best) ? candidate : best;
}
