#include "term/kind.h"

#include "engine/words.h"
#include <curses.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

#define TRY_INSTEAD N_("try gptoscope show overview, or gptoscope train")

static bool check_ends(Error *error)
{
    static const char *const names[] = {N_("input"), N_("output")};
    for (int fd = STDIN_FILENO; fd <= STDOUT_FILENO; fd++)
        if (!isatty(fd))
            return error_set(error, "no terminal on standard %s: %s", _(names[fd]), _(TRY_INSTEAD));
    return true;
}

static bool has_string(const char *name)
{
    const char *string = tigetstr(name);
    return string && string != (char *)-1;
}

bool kind_check(Error *error)
{
    if (!check_ends(error))
        return false;
    const char *term = getenv("TERM");
    if (!term || !*term)
        return error_set(error,
                         "the kind of terminal is not known (TERM is not set): set it, or %s",
                         _(TRY_INSTEAD));
    int found;
    if (setupterm(term, STDOUT_FILENO, &found) != OK)
        return error_set(error, "the kind of terminal '%s' (TERM) is not known here: %s", term,
                         _(TRY_INSTEAD));
    bool capable = has_string("cup");
    del_curterm(cur_term);
    return capable || error_set(error, "the terminal '%s' (TERM) cannot move its cursor: %s", term,
                                _(TRY_INSTEAD));
}

Glyphs kind_choose_glyphs(const char *term, const char *charset)
{
    bool unicode = strcmp(charset, "UTF-8") == 0;
    /* The font of a Linux console has no room for braille, and not for all blocks. */
    bool console = strcmp(term, "linux") == 0;
    return unicode && !console ? GLYPHS_BRAILLE : GLYPHS_ASCII;
}

int kind_choose_depth(ColorWhen when, const char *no_color, int colors)
{
    bool refused = when == COLOR_AUTO && no_color && *no_color;
    if (when == COLOR_NEVER || refused || colors < 8)
        return 0;
    return colors >= 256 ? 256 : colors >= 16 ? 16 : 8;
}

size_t kind_append_string(char *bytes, size_t length, size_t size, const char *string)
{
    if (!string || string == (char *)-1)
        return length;
    while (*string && length < size) {
        const char *end = strncmp(string, "$<", 2) == 0 ? strchr(string, '>') : NULL;
        if (end)
            string = end + 1;
        else
            bytes[length++] = *string++;
    }
    return length;
}

size_t kind_way_back(char *bytes, size_t size)
{
    static const char *const names[] = {"sgr0", "op", "rmkx", "rmcup", "cnorm"};
    size_t length = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        length = kind_append_string(bytes, length, size, tigetstr(names[i]));
    return length;
}
