#include "engine/settings.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A word's place among its like is its number: see the enums of settings.h. */
static const char *const precision_words[] = {"float64", "float32", NULL};
static const char *const switch_words[] = {"off", "on", NULL};
static const char *const init_words[] = {"normal", "zeros", NULL};
static const char *const attention_words[] = {"off", "on", "uniform", NULL};
static const char *const activation_words[] = {"none", "relu", "gelu", NULL};
static const char *const optimizer_words[] = {"adam", "sgd", "momentum", NULL};
static const char *const schedule_words[] = {"linear", "constant", "cosine", "warmup", NULL};

/* The most that settings_check has to tell apart: a layer and a head in one number. */
enum { HEADS_A_LAYER = 256, LAYERS = 64 };

/* clang-format off */
#define ROW(field, kind, part, standard, least, most, words, help) \
    {#field, kind, part, offsetof(Settings, field), standard, least, most, words, help}
#define WHOLE(field, part, standard, least, most, help) \
    ROW(field, SETTING_WHOLE, part, standard, least, most, NULL, help)
#define REAL(field, part, standard, least, most, help) \
    ROW(field, SETTING_REAL, part, standard, least, most, NULL, help)
#define CHOICE(field, part, standard, words, help) \
    ROW(field, SETTING_CHOICE, part, standard, 0, sizeof words / sizeof *words - 2, words, help)
#define SWITCH(field, part, help) CHOICE(field, part, 1, switch_words, help)

const SettingInfo settings_table[] = {
    WHOLE(steps, SETTING_RUN, 1000, 1, 10000000, "updates in the whole run"),
    WHOLE(seed, SETTING_RUN, 42, 0, 9007199254740992.0, "seed of the random numbers"),
    WHOLE(n_layer, SETTING_RUN, 1, 1, LAYERS, "transformer blocks"),
    WHOLE(n_embd, SETTING_RUN, 16, 1, 4096, "width of the vectors"),
    WHOLE(n_head, SETTING_RUN, 4, 1, HEADS_A_LAYER, "attention heads"),
    WHOLE(block_size, SETTING_RUN, 16, 1, 4096, "positions the model can see"),
    REAL(lr, SETTING_UPDATE, 0.01, 0, 1e300, "learning rate at the start"),
    REAL(beta1, SETTING_UPDATE, 0.85, 0, 1, "Adam: share of the old mean of gradients"),
    REAL(beta2, SETTING_UPDATE, 0.99, 0, 1, "Adam: share of the old mean of squares"),
    REAL(eps, SETTING_UPDATE, 1e-8, 0, 1e300, "Adam: keeps the division finite"),
    REAL(init_std, SETTING_RUN, 0.08, 0, 1e300, "spread of fresh parameters"),
    CHOICE(init, SETTING_RUN, INIT_NORMAL, init_words, "what fresh parameters are"),
    REAL(temperature, SETTING_WRITING, 0.5, 1e-3, 1e3, "of sampling: low is safe, high is wild"),
    WHOLE(samples, SETTING_RUN, 20, 0, 100000, "texts to write after training"),
    CHOICE(precision, SETTING_RUN, PRECISION_FLOAT64, precision_words, "of all numbers of the run"),
    SWITCH(residual, SETTING_GRAPH, "each block adds to its input"),
    SWITCH(norm, SETTING_GRAPH, "RMSNorm, all three of them"),
    SWITCH(first_norm, SETTING_GRAPH, "the norm after the embedding"),
    SWITCH(attn_norm, SETTING_GRAPH, "the norm before attention"),
    SWITCH(mlp_norm, SETTING_GRAPH, "the norm before the MLP"),
    CHOICE(attention, SETTING_GRAPH, ATTENTION_ON, attention_words, "look at earlier positions"),
    SWITCH(attn_scale, SETTING_GRAPH, "divide scores by the root of their terms"),
    ROW(silence, SETTING_HEAD, SETTING_GRAPH, SETTING_NO_HEAD, SETTING_ALL_HEADS,
        LAYERS * HEADS_A_LAYER - 1, NULL, "head whose output is 0, as 0.2"),
    SWITCH(position, SETTING_GRAPH, "add the position's embedding"),
    SWITCH(mlp, SETTING_GRAPH, "the second half of a block"),
    CHOICE(activation, SETTING_GRAPH, ACTIVATION_RELU, activation_words, "what bends in the MLP"),
    SWITCH(subtract_max, SETTING_GRAPH, "softmax takes the maximum off first"),
    SWITCH(k_gradient, SETTING_GRAPH, "off, a bug: keys get no gradient"),
    SWITCH(v_gradient, SETTING_GRAPH, "off, a bug: values get no gradient"),
    SWITCH(accumulate, SETTING_BACKWARD, "off, a bug: = in the place of +="),
    SWITCH(zero_grad, SETTING_BACKWARD, "off, a bug: old gradients stay in"),
    CHOICE(optimizer, SETTING_UPDATE, OPTIMIZER_ADAM, optimizer_words, "from gradient to update"),
    SWITCH(bias_correction, SETTING_UPDATE, "Adam: make up for starting at 0"),
    CHOICE(schedule, SETTING_UPDATE, SCHEDULE_LINEAR, schedule_words, "of the learning rate"),
    WHOLE(warmup_steps, SETTING_UPDATE, 100, 1, 10000000, "steps in which warmup rises"),
    SWITCH(kv_cache, SETTING_WRITING, "writing keeps keys and values"),
};
/* clang-format on */
const int settings_count = sizeof settings_table / sizeof *settings_table;

double settings_get(const Settings *settings, const SettingInfo *info)
{
    const char *field = (const char *)settings + info->offset;

    return info->kind == SETTING_REAL ? *(const double *)(const void *)field
                                      : (double)*(const int64_t *)(const void *)field;
}

void settings_set(Settings *settings, const SettingInfo *info, double number)
{
    char *field = (char *)settings + info->offset;

    if (info->kind == SETTING_REAL)
        *(double *)(void *)field = number;
    else
        *(int64_t *)(void *)field = (int64_t)number;
}

bool settings_allows(const SettingInfo *info, double number)
{
    return info->least <= number && number <= info->most &&
           (info->kind == SETTING_REAL || number == floor(number));
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

static bool parse_whole(const SettingInfo *info, const char *text, int64_t *field, Error *error)
{
    char *end;

    errno = 0;
    long long whole = strtoll(text, &end, 10);
    if (end == text || *end || !is_plain(text))
        return error_set(error, "%s: %.40s is not a whole number", info->name, text);
    if (errno || whole < (int64_t)info->least || whole > (int64_t)info->most)
        return outside(info, text, error);
    *field = whole;
    return true;
}

static bool parse_real(const SettingInfo *info, const char *text, double *field, Error *error)
{
    char *end;
    double real = strtod(text, &end);

    if (end == text || *end || !is_plain(text))
        return error_set(error, "%s: %.40s is not a number", info->name, text);
    if (!(info->least <= real && real <= info->most))
        return outside(info, text, error);
    *field = real;
    return true;
}

static bool refuse_word(const SettingInfo *info, const char *text, Error *error)
{
    char values[64];

    settings_print_values(info, values, sizeof values);
    return error_set(error, "%s: %.40s is not one of %s", info->name, text, values);
}

static bool parse_choice(const SettingInfo *info, const char *text, int64_t *field, Error *error)
{
    for (int i = 0; info->words[i]; i++)
        if (strcmp(info->words[i], text) == 0) {
            *field = i;
            return true;
        }
    return refuse_word(info, text, error);
}

/* "none", "all", LAYER.HEAD, or HEAD alone: of layer 0 */
static bool parse_head(const SettingInfo *info, const char *text, int64_t *field, Error *error)
{
    long first = 0, second = -1;
    int read = 0;

    if (strcmp(text, "none") == 0 || strcmp(text, "all") == 0) {
        *field = *text == 'n' ? SETTING_NO_HEAD : SETTING_ALL_HEADS;
        return true;
    }
    if (text[strspn(text, ".0123456789")] != '\0' || strlen(text) > 6 ||
        (sscanf(text, "%ld%n.%ld%n", &first, &read, &second, &read) < 1) || text[read])
        return refuse_word(info, text, error);
    long layer = second < 0 ? 0 : first, head = second < 0 ? first : second;
    if (layer >= LAYERS || head >= HEADS_A_LAYER)
        return error_set(error, "%s: no model has a head %.40s", info->name, text);
    *field = settings_head(layer, head);
    return true;
}

bool settings_parse(Settings *settings, const SettingInfo *info, const char *text, Error *error)
{
    void *field = (char *)settings + info->offset;

    switch (info->kind) {
    case SETTING_WHOLE:
        return parse_whole(info, text, field, error);
    case SETTING_REAL:
        return parse_real(info, text, field, error);
    case SETTING_CHOICE:
        return parse_choice(info, text, field, error);
    default:
        return parse_head(info, text, field, error);
    }
}

static void print_head(int64_t head, char *text, size_t size)
{
    if (head < 0)
        snprintf(text, size, head == SETTING_NO_HEAD ? "none" : "all");
    else
        snprintf(text, size, "%" PRId64 ".%" PRId64, head / HEADS_A_LAYER, head % HEADS_A_LAYER);
}

void settings_print(const Settings *settings, const SettingInfo *info, char *text, size_t size)
{
    const void *field = (const char *)settings + info->offset;

    switch (info->kind) {
    case SETTING_WHOLE:
        snprintf(text, size, "%" PRId64, *(const int64_t *)field);
        break;
    case SETTING_REAL:
        snprintf(text, size, "%.17g", *(const double *)field);
        break;
    case SETTING_CHOICE:
        snprintf(text, size, "%s", info->words[*(const int64_t *)field]);
        break;
    default:
        print_head(*(const int64_t *)field, text, size);
        break;
    }
}

void settings_print_values(const SettingInfo *info, char *text, size_t size)
{
    size_t used = 0;

    if (info->kind != SETTING_CHOICE) {
        snprintf(text, size, info->kind == SETTING_HEAD ? "none|all|LAYER.HEAD" : "number");
        return;
    }
    for (int i = 0; info->words[i] && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? "|" : "", info->words[i]);
}

/* ---- several settings ------------------------------------------------------------------------ */

int64_t settings_head(int64_t layer, int64_t head)
{
    return layer * HEADS_A_LAYER + head;
}

bool settings_is_silent(const Settings *settings, int layer, int head)
{
    return settings->silence == SETTING_ALL_HEADS ||
           settings->silence == settings_head(layer, head);
}

double settings_deviation(const Settings *settings)
{
    return settings->init == INIT_ZEROS ? 0 : settings->init_std;
}

bool settings_same_part(const Settings *a, const Settings *b, SettingPart part)
{
    for (int i = 0; i < settings_count; i++)
        if (settings_table[i].part == part &&
            settings_get(a, &settings_table[i]) != settings_get(b, &settings_table[i]))
            return false;
    return true;
}

bool settings_standard_passes(const Settings *settings)
{
    Settings standard;

    settings_default(&standard);
    return settings_same_part(settings, &standard, SETTING_GRAPH) &&
           settings_same_part(settings, &standard, SETTING_BACKWARD);
}

static bool check_silence(const Settings *settings, Error *error)
{
    int64_t layer = settings->silence / HEADS_A_LAYER, head = settings->silence % HEADS_A_LAYER;

    if (settings->silence < 0 || (layer < settings->n_layer && head < settings->n_head))
        return true;
    return error_set(error,
                     "silence: there is no head %" PRId64 ".%" PRId64 " among %" PRId64
                     " layers of %" PRId64 " heads",
                     layer, head, settings->n_layer, settings->n_head);
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
    return check_silence(settings, error);
}
