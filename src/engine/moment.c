#include "engine/moment.h"

#include "engine/words.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *const phase_names[PHASE_COUNT] = {"done", "forward", "backward", "update"};

int moment_compare(Moment a, Moment b)
{
    if (a.step != b.step)
        return a.step < b.step ? -1 : 1;
    if (a.phase != b.phase)
        return a.phase < b.phase ? -1 : 1;
    return (a.n > b.n) - (a.n < b.n);
}

static bool expected(const char *what, const char *text, const char *at, Error *error)
{
    return error_set(error, "%.80s: expected %s at character %d", text, _(what),
                     (int)(at - text) + 1);
}

/* Digits at *text; at most 15 of them, which any computer of doubles counts exactly. */
static bool read_whole(const char **text, int64_t *number)
{
    int digits = 0;

    *number = 0;
    for (; **text >= '0' && **text <= '9' && digits < 16; ++*text, digits++)
        *number = *number * 10 + (**text - '0');
    return digits > 0 && digits < 16;
}

static bool read_phase(const char **text, Phase *phase)
{
    for (int i = PHASE_FORWARD; i < PHASE_COUNT; i++) {
        size_t length = strlen(phase_names[i]);
        if (strncmp(*text, phase_names[i], length) == 0) {
            *text += length;
            *phase = (Phase)i;
            return true;
        }
    }
    return false;
}

bool moment_parse(const char *text, MomentName *name, Error *error)
{
    const char *at = text;

    *name = (MomentName){.at_end = strcmp(text, "end") == 0};
    if (name->at_end)
        return true;
    if (!read_whole(&at, &name->at.step))
        return expected(N_("a step, or end"), text, at, error);
    if (*at == '\0')
        return true;
    if (*at != '.')
        return expected(N_(".forward, .backward or .update"), text, at, error);
    at++;
    if (!read_phase(&at, &name->at.phase))
        return expected(N_("forward, backward or update"), text, at, error);
    if (*at == '@' && name->at.phase != PHASE_UPDATE) {
        name->at_place = place_parse(at + 1, strlen(at + 1), &name->place);
        return name->at_place ||
               expected(N_("a place such as pos3.layer0.attn.q"), text, at + 1, error);
    }
    if (*at != '.')
        return expected(name->at.phase == PHASE_UPDATE ? ".N" : N_(".N or @PLACE"), text, at,
                        error);
    at++;
    if (!read_whole(&at, &name->at.n) || *at)
        return expected(N_("a number of operations"), text, at, error);
    return true;
}

int moment_print(Moment moment, char *text, size_t size)
{
    if (moment.phase == PHASE_DONE)
        return snprintf(text, size, "%" PRId64, moment.step);
    return snprintf(text, size, "%" PRId64 ".%s.%" PRId64, moment.step, phase_names[moment.phase],
                    moment.n);
}
