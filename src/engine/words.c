#include "config.h"

#include "engine/words.h"

#if ENABLE_NLS

#include <langinfo.h>
#include <libintl.h>
#include <string.h>

#define DOMAIN "gptoscope"

/* Inside, all text is UTF-8. Where the terminal has other characters, only those of ASCII are sure
 * to be among them; the library puts "ae" for "ä" then. */
void words_open(const char *folder)
{
    bindtextdomain(DOMAIN, folder);
    bind_textdomain_codeset(DOMAIN, strcmp(nl_langinfo(CODESET), "UTF-8") == 0 ? "UTF-8" : "ASCII");
    textdomain(DOMAIN);
}

const char *words_translate(const char *text)
{
    return *text ? gettext(text) : text; /* "" stands for the catalogue's own head */
}

const char *words_within(const char *both, const char *text)
{
    const char *found = gettext(both);

    return found == both ? text : found;
}

const char *words_count(const char *one, const char *more, unsigned long count)
{
    return ngettext(one, more, count);
}

#else

void words_open(const char *folder)
{
    (void)folder;
}

const char *words_translate(const char *text)
{
    return text;
}

const char *words_within(const char *both, const char *text)
{
    (void)both;
    return text;
}

const char *words_count(const char *one, const char *more, unsigned long count)
{
    return count == 1 ? one : more;
}

#endif
