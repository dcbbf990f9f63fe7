#include "engine/settings.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define WHOLE(field, standard, least, most, help) \
    {#field, SETTING_WHOLE, offsetof(Settings, field), standard, least, most, help}
#define REAL(field, standard, least, most, help) \
    {#field, SETTING_REAL, offsetof(Settings, field), standard, least, most, help}
/* clang-format on */

const SettingInfo settings_table[] = {
    WHOLE(steps, 1000, 1, 10000000, "updates in the whole run"),
    WHOLE(seed, 42, 0, 9007199254740992.0, "seed of the random numbers"),
    WHOLE(n_layer, 1, 1, 64, "transformer blocks"),
    WHOLE(n_embd, 16, 1, 4096, "width of the vectors"),
    WHOLE(n_head, 4, 1, 256, "attention heads"),
    WHOLE(block_size, 16, 1, 4096, "positions the model can see"),
    REAL(lr, 0.01, 0, 1e300, "learning rate at the start"),
    REAL(beta1, 0.85, 0, 1, "Adam: share of the old mean of gradients"),
    REAL(beta2, 0.99, 0, 1, "Adam: share of the old mean of squares"),
    REAL(eps, 1e-8, 0, 1e300, "Adam: keeps the division finite"),
    REAL(init_std, 0.08, 0, 1e300, "spread of fresh parameters"),
    REAL(temperature, 0.5, 1e-3, 1e3, "of sampling: low is safe, high is wild"),
    WHOLE(samples, 20, 0, 100000, "texts to write after training"),
};
const int settings_count = sizeof settings_table / sizeof *settings_table;

double settings_get(const Settings *settings, const SettingInfo *info)
{
    const char *field = (const char *)settings + info->offset;

    return info->kind == SETTING_WHOLE ? (double)*(const int64_t *)(const void *)field
                                       : *(const double *)(const void *)field;
}

void settings_set(Settings *settings, const SettingInfo *info, double number)
{
    char *field = (char *)settings + info->offset;

    if (info->kind == SETTING_WHOLE)
        *(int64_t *)(void *)field = (int64_t)number;
    else
        *(double *)(void *)field = number;
}

void settings_default(Settings *settings)
{
    for (int i = 0; i < settings_count; i++)
        settings_set(settings, &settings_table[i], settings_table[i].standard);
}

static bool same_name(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if (*a != *b && !((*a == '-' || *a == '_') && (*b == '-' || *b == '_')))
            return false;
    return *a == *b;
}

const SettingInfo *settings_find(const char *name)
{
    for (int i = 0; i < settings_count; i++)
        if (same_name(settings_table[i].name, name))
            return &settings_table[i];
    return NULL;
}

static bool outside(const SettingInfo *info, const char *text, Error *error)
{
    return error_set(error, "%s: %.40s is not from %.16g to %.16g", info->name, text, info->least,
                     info->most);
}

/* Only what a plain number is made of: left to itself, the C library also takes white space,
 * hexadecimal and infinity, and in some locales a comma. */
static bool is_plain(const char *text)
{
    return text[strspn(text, "+-.0123456789eE")] == '\0';
}

bool settings_parse(Settings *settings, const SettingInfo *info, const char *text, Error *error)
{
    char *field = (char *)settings + info->offset, *end;

    errno = 0;
    if (info->kind == SETTING_WHOLE) {
        long long whole = strtoll(text, &end, 10);
        if (end == text || *end || !is_plain(text))
            return error_set(error, "%s: %.40s is not a whole number", info->name, text);
        if (errno || whole < (int64_t)info->least || whole > (int64_t)info->most)
            return outside(info, text, error);
        *(int64_t *)(void *)field = whole;
        return true;
    }
    double real = strtod(text, &end);
    if (end == text || *end || !is_plain(text))
        return error_set(error, "%s: %.40s is not a number", info->name, text);
    if (!(info->least <= real && real <= info->most))
        return outside(info, text, error);
    *(double *)(void *)field = real;
    return true;
}

void settings_print(const Settings *settings, const SettingInfo *info, char *text, size_t size)
{
    const char *field = (const char *)settings + info->offset;

    if (info->kind == SETTING_WHOLE)
        snprintf(text, size, "%" PRId64, *(const int64_t *)(const void *)field);
    else
        snprintf(text, size, "%.17g", *(const double *)(const void *)field);
}

bool settings_check(const Settings *settings, Error *error)
{
    if (settings->n_embd % settings->n_head != 0)
        return error_set(error,
                         "n_embd %" PRId64 " cannot be shared out among n_head %" PRId64
                         " heads: try n_embd %" PRId64,
                         settings->n_embd, settings->n_head,
                         (settings->n_embd + settings->n_head - 1) / settings->n_head *
                             settings->n_head);
    return true;
}
