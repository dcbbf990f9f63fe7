#include "engine/error.h"

#include "engine/words.h"
#include <stdarg.h>
#include <stdio.h>

bool error_set(Error *error, const char *format, ...)
{
    if (error) {
        va_list args;
        va_start(args, format);
        vsnprintf(error->text, sizeof error->text, _(format), args);
        va_end(args);
    }
    return false;
}
