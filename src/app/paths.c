#include "app/paths.h"

#include "engine/sys.h"
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The program's file as the shell found it: argv[0] where it names a path, else the first match
 * along PATH. */
static bool find_program(const char *program, char path[PATHS_BYTES])
{
    const char *folder = getenv("PATH");

    if (strchr(program, '/'))
        return snprintf(path, PATHS_BYTES, "%s", program) < PATHS_BYTES;
    while (folder && *folder) {
        size_t length = strcspn(folder, ":");
        int written = snprintf(path, PATHS_BYTES, "%.*s/%s", (int)length, folder, program);
        if (length < PATHS_BYTES && written < PATHS_BYTES && access(path, X_OK) == 0)
            return true;
        folder += length + (folder[length] == ':');
    }
    return false;
}

/* The folder of the program, links resolved. */
static bool find_folder(const char *program, char folder[PATHS_BYTES])
{
    char path[PATHS_BYTES];
    char *real = find_program(program, path) ? sys_real_path(path) : NULL;
    char *slash = real ? strrchr(real, '/') : NULL;
    bool fits = slash && slash - real < PATHS_BYTES;

    if (fits)
        snprintf(folder, PATHS_BYTES, "%.*s", (int)(slash - real), real);
    sys_free(real);
    return fits;
}

bool paths_find(const char *program, const char *file, char path[PATHS_BYTES], Error *error)
{
    static const char *const shares[] = {"/../share/gptoscope", "/share/gptoscope"};
    char folder[PATHS_BYTES];

    if (find_folder(program, folder))
        for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
            if (snprintf(path, PATHS_BYTES, "%s%s/%s", folder, shares[i], file) < PATHS_BYTES &&
                access(path, R_OK) == 0)
                return true;
    if (snprintf(path, PATHS_BYTES, "%s/%s", PKGDATADIR, file) < PATHS_BYTES &&
        access(path, R_OK) == 0)
        return true;
    return error_set(error,
                     "%s is not where it was installed (%s): name a text file with --data FILE",
                     file, PKGDATADIR);
}

void paths_locale(const char *program, char path[PATHS_BYTES])
{
    static const char sibling[] = "/gptoscope/data/names.txt";
    char *at = paths_find(program, "data/names.txt", path, NULL) ? strstr(path, sibling) : NULL;

    if (at) {
        memcpy(at, "/locale", sizeof "/locale");
        if (access(path, X_OK) == 0)
            return;
    }
    snprintf(path, PATHS_BYTES, "%s", LOCALEDIR);
}

/* ---- in the reader's language ---------------------------------------------------------------- */

/* Where the first `length` letters of a language name a folder that has the file. */
static bool find_in(const char *path, const char *language, size_t length,
                    char translated[PATHS_BYTES])
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;

    return length > 0 &&
           snprintf(translated, PATHS_BYTES, "%.*s%.*s/%s", (int)(name - path), path, (int)length,
                    language, name) < PATHS_BYTES &&
           access(translated, R_OK) == 0;
}

bool paths_translated(const char *path, char translated[PATHS_BYTES])
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    const char *locale = setlocale(LC_MESSAGES, NULL), *list = getenv("LANGUAGE");

    if (!locale || strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0)
        return false;
    for (const char *at = list && *list ? list : locale; *at;
         at += strcspn(at, ":"), at += *at == ':') { /* "pt_BR.UTF-8:pt", most wanted first */
        size_t language = strspn(at, letters), country = language;
        if (at[country] == '_')
            country += 1 + strspn(at + country + 1, letters);
        if (find_in(path, at, country, translated) || find_in(path, at, language, translated))
            return true;
    }
    return false;
}

/* ---- the reader's own ------------------------------------------------------------------------ */

/* A relative path in such a variable is to be ignored, says the standard for them. */
static const char *absolute(const char *variable)
{
    const char *path = getenv(variable);

    return path && *path == '/' ? path : NULL;
}

static bool find_own(const char *variable, const char *below_home, const char *file,
                     char path[PATHS_BYTES])
{
    const char *told = absolute(variable), *home = absolute("HOME");

    if (!told && !home)
        return false;
    return snprintf(path, PATHS_BYTES, "%s%s/gptoscope/%s", told ? told : home,
                    told ? "" : below_home, file) < PATHS_BYTES;
}

bool paths_config(const char *file, char path[PATHS_BYTES])
{
    return find_own("XDG_CONFIG_HOME", "/.config", file, path);
}

bool paths_state(const char *file, char path[PATHS_BYTES])
{
    return find_own("XDG_STATE_HOME", "/.local/state", file, path);
}

bool paths_data(const char *file, char path[PATHS_BYTES])
{
    return find_own("XDG_DATA_HOME", "/.local/share", file, path);
}

bool paths_expand(const char *typed, char path[PATHS_BYTES])
{
    const char *home = strncmp(typed, "~/", 2) == 0 ? absolute("HOME") : NULL;

    return snprintf(path, PATHS_BYTES, "%s%s", home ? home : "", home ? typed + 1 : typed) <
           PATHS_BYTES;
}
