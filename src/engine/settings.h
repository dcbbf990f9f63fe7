/* Settings: what a run is made from besides its documents. One table gives each setting its name,
 * kind, default, range and help; the command line, saved runs, the documentation and the tests all
 * read that table.
 *
 *     part       what it shapes                                         when it may change
 *     RUN        documents, sizes, fresh parameters, length             at the start only
 *     GRAPH      the operations recorded for a document                 between two steps
 *     BACKWARD   how gradients are handed on and kept                   at any moment
 *     UPDATE     the optimiser and its learning rate                    at any moment
 *     WRITING    the texts that the model writes                        at any moment
 *
 * With every setting of GRAPH, BACKWARD and UPDATE at its default the bits are microgpt's. */
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
    int64_t init;             /* SettingInit */
    double temperature;       /* of sampling */
    int64_t samples;          /* texts generated after training */
    int64_t precision;        /* SettingPrecision */

    /* Graph. Where no enum is named, 1 is on and 0 is off. */
    int64_t residual;     /* x + f(x); off: f(x) */
    int64_t norm;         /* off: none of the three */
    int64_t first_norm, attn_norm, mlp_norm;
    int64_t attention;    /* SettingAttention */
    int64_t attn_scale;   /* scores are divided by sqrt(head_dim) */
    int64_t silence;      /* heads whose output is 0: SETTING_HEAD */
    int64_t position;     /* the embedding of the position is added */
    int64_t mlp;          /* off: the MLP's block passes on what it gets */
    int64_t activation;   /* SettingActivation */
    int64_t subtract_max; /* from what softmax gets */
    int64_t k_gradient, v_gradient; /* off: what looks at keys (values) hands no gradient to them */

    /* Backward pass */
    int64_t accumulate; /* gradients of several users add up; off: = in the place of += */
    int64_t zero_grad;  /* the gradients of the step before are forgotten */

    /* Update */
    int64_t optimizer;       /* SettingOptimizer */
    int64_t bias_correction; /* of Adam's running means */
    int64_t schedule;        /* SettingSchedule */
    int64_t warmup_steps;    /* of SCHEDULE_WARMUP */

    /* Writing */
    int64_t kv_cache; /* keys and values of earlier positions are kept; off: all is computed anew */
} Settings;

typedef enum SettingInit {
    INIT_NORMAL,
    INIT_ZEROS /* the same random numbers are taken, times 0 */
} SettingInit;

typedef enum SettingPrecision {
    PRECISION_FLOAT64,
    PRECISION_FLOAT32 /* by the kernels alone: whole steps, nothing to look at in between */
} SettingPrecision;

typedef enum SettingAttention {
    ATTENTION_OFF, /* its block passes on what it gets */
    ATTENTION_ON,
    ATTENTION_UNIFORM /* position t gives each of the t + 1 positions the weight 1 / (t + 1) */
} SettingAttention;

typedef enum SettingActivation {
    ACTIVATION_NONE,
    ACTIVATION_RELU,
    ACTIVATION_GELU
} SettingActivation;

typedef enum SettingOptimizer {
    OPTIMIZER_ADAM,
    OPTIMIZER_SGD,
    OPTIMIZER_MOMENTUM
} SettingOptimizer;

typedef enum SettingSchedule {
    SCHEDULE_LINEAR,
    SCHEDULE_CONSTANT,
    SCHEDULE_COSINE,
    SCHEDULE_WARMUP
} SettingSchedule;

typedef enum SettingKind {
    SETTING_WHOLE,
    SETTING_REAL,
    SETTING_CHOICE, /* one of a few words; its number is the word's place among them */
    SETTING_HEAD    /* "none", "all" or LAYER.HEAD, numbered by settings_head */
} SettingKind;

enum { SETTING_ALL_HEADS = -2, SETTING_NO_HEAD = -1 };

typedef enum SettingPart {
    SETTING_RUN,
    SETTING_GRAPH,
    SETTING_BACKWARD,
    SETTING_UPDATE,
    SETTING_WRITING
} SettingPart;

typedef struct SettingInfo {
    const char *name;         /* in saved runs and expressions: "n_layer"; as an option --n-layer */
    SettingKind kind;
    SettingPart part;
    size_t offset;            /* of the int64_t or, of SETTING_REAL, the double in Settings */
    double standard;          /* default */
    double least, most;       /* inclusive */
    const char *const *words; /* of SETTING_CHOICE, the last followed by NULL */
    const char *help;         /* a few words */
} SettingInfo;

extern const SettingInfo settings_table[];
extern const int settings_count;

void settings_default(Settings *settings);

/* The row named name, with - and _ taken as the same; NULL if there is none. */
const SettingInfo *settings_find(const char *name);

/* One setting as a number, and back. The number must be in the row's range. */
double settings_get(const Settings *settings, const SettingInfo *info);
void settings_set(Settings *settings, const SettingInfo *info, double number);

/* Whether the setting can have that number, as one may stand in a file. */
bool settings_allows(const SettingInfo *info, double number);

/* Reads text into one setting. Errors: not a number, outside the range ("n_layer: 0 is not from 1
 * to 64"), none of the words. */
bool settings_parse(Settings *settings, const SettingInfo *info, const char *text, Error *error);

/* Writes one setting so that settings_parse reads back the same bits. */
void settings_print(const Settings *settings, const SettingInfo *info, char *text, size_t size);

/* What a reader may write for it: "on|off", "none|all|LAYER.HEAD", "number". */
void settings_print_values(const SettingInfo *info, char *text, size_t size);

/* What single rows cannot see: n_embd divides by n_head, a silent head is one of the model's. */
bool settings_check(const Settings *settings, Error *error);

/* Head `head` of layer `layer` as the number of a SETTING_HEAD; and whether it is silent. */
int64_t settings_head(int64_t layer, int64_t head);
bool settings_is_silent(const Settings *settings, int layer, int head);

/* The standard deviation with which fresh parameters are drawn. */
double settings_deviation(const Settings *settings);

/* Whether both have the same numbers in every row of a part. */
bool settings_same_part(const Settings *a, const Settings *b, SettingPart part);

/* Whether the forward and the backward pass are microgpt's: every row of GRAPH and of BACKWARD is
 * at its default. Kernels that know no options ask this first. */
bool settings_standard_passes(const Settings *settings);

#endif
