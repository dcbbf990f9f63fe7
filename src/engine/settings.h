/* Settings: what a run is made from besides its documents. One table gives each setting its name,
 * kind, default, range and help; the command line, saved runs, the documentation and the tests all
 * read that table. */
#ifndef GPTOSCOPE_ENGINE_SETTINGS_H
#define GPTOSCOPE_ENGINE_SETTINGS_H

#include "engine/error.h"
#include <stddef.h>
#include <stdint.h>

/* Numbers are those of microgpt.py unless told otherwise. */
typedef struct Settings {
    int64_t steps; /* updates in the whole run; the learning rate falls to 0 over them */
    int64_t seed;
    int64_t n_layer;    /* transformer blocks */
    int64_t n_embd;     /* width of the vectors */
    int64_t n_head;     /* attention heads; n_embd / n_head numbers each */
    int64_t block_size; /* positions that the model can see */
    double lr;          /* learning rate at step 0 */
    double beta1, beta2, eps; /* Adam */
    double init_std;          /* standard deviation of fresh parameters */
    double temperature;       /* of sampling */
    int64_t samples;          /* texts generated after training */
} Settings;

typedef enum SettingKind { SETTING_WHOLE, SETTING_REAL } SettingKind;

typedef struct SettingInfo {
    const char *name;   /* as in saved runs and expressions: "n_layer"; on the command line --n-layer */
    SettingKind kind;
    size_t offset;      /* of the int64_t or double in Settings */
    double standard;    /* default */
    double least, most; /* inclusive */
    const char *help;   /* a few words */
} SettingInfo;

extern const SettingInfo settings_table[];
extern const int settings_count;

void settings_default(Settings *settings);

/* The row named name, with - and _ taken as the same; NULL if there is none. */
const SettingInfo *settings_find(const char *name);

/* One setting as a number, and back. The number must be in the row's range. */
double settings_get(const Settings *settings, const SettingInfo *info);
void settings_set(Settings *settings, const SettingInfo *info, double number);

/* Reads text into one setting. Errors: not a number, outside the range ("n_layer: 0 is not from 1
 * to 64"). */
bool settings_parse(Settings *settings, const SettingInfo *info, const char *text, Error *error);

/* Writes one setting so that settings_parse reads back the same bits. */
void settings_print(const Settings *settings, const SettingInfo *info, char *text, size_t size);

/* What single rows cannot see: n_embd divides by n_head. */
bool settings_check(const Settings *settings, Error *error);

#endif
