#include "app/since.h"

#include "engine/sys.h"
#include <string.h>

void since_release(Since *since)
{
    sys_free(since->value);
    *since = (Since){.value = NULL};
}

bool since_keep(Since *since, const History *history, Error *error)
{
    const size_t params = (size_t)history->trainer->gpt.params;

    if (!since->value && !(since->value = sys_alloc(params, sizeof *since->value)))
        return error_set(error, "out of memory for a copy of the parameters");
    memcpy(since->value, history->trainer->value, params * sizeof *since->value);
    since->at = history->trainer->at;
    return true;
}

bool since_keep_moment(Since *since, History *history, const char *moment, Error *error)
{
    const Moment now = history->trainer->at;
    MomentName name;

    if (!moment_parse(moment, &name, error))
        return false;
    if (name.at_end)
        name = (MomentName){.at = {history->trainer->settings.steps, PHASE_DONE, 0}};
    if (moment_compare(name.at, now) > 0)
        return error_set(
            error, "%.60s has not come yet: go there first, or choose an earlier moment", moment);
    if (!history_go(history, &name, error))
        return false;
    bool kept = moment_compare(history->trainer->at, now) <= 0
                    ? since_keep(since, history, error)
                    : error_set(error, "%.60s has not come yet: go there first", moment);
    history_seek(history, now);
    return kept;
}

const double *since_base(const Since *since, const History *history)
{
    return since->value ? since->value : history->frame;
}

Moment since_moment(const Since *since, const History *history)
{
    return since->value ? since->at : history->begin;
}
