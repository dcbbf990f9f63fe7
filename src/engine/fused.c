#include "engine/fused.h"

#include "engine/fused_check.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <math.h>
#include <stdint.h>
#include <string.h>

const FusedKernels *const fused_kernels_float64[] = {&fused_avx512_float64, &fused_avx2_float64,
                                                     &fused_plain_float64, NULL};
const FusedKernels *const fused_kernels_float32[] = {&fused_avx512_float32, &fused_avx2_float32,
                                                     &fused_plain_float32, NULL};

const FusedKernels *fused_find(FusedPrecision precision, const char *name)
{
    const FusedKernels *const *row =
        precision == FUSED_FLOAT64 ? fused_kernels_float64 : fused_kernels_float32;

    while (*row && (!(*row)->available() || (name && strcmp(name, (*row)->name) != 0)))
        row++;
    return *row;
}

const FusedKernels *fused_find_for(const Settings *settings)
{
    return fused_find((FusedPrecision)settings->precision, NULL);
}

static bool is_standard(const Settings *settings, SettingPart part)
{
    for (int i = 0; i < settings_count; i++) {
        const SettingInfo *info = &settings_table[i];
        if (info->part == part && settings_get(settings, info) != info->standard)
            return false;
    }
    return true;
}

/* Options of the graph and of the backward pass are the tape's alone. */
bool fused_can(const Settings *settings)
{
    return fused_can_forward(settings) && is_standard(settings, SETTING_BACKWARD) &&
           settings->optimizer == OPTIMIZER_ADAM;
}

bool fused_can_forward(const Settings *settings)
{
    return is_standard(settings, SETTING_GRAPH);
}

static FusedShape shape_of(const Settings *settings, int vocab)
{
    return (FusedShape){(int)settings->n_layer, (int)settings->n_embd, (int)settings->n_head,
                        (int)settings->block_size, vocab};
}

size_t fused_bytes(const FusedKernels *kernels, const Settings *settings, int vocab)
{
    FusedShape shape = shape_of(settings, vocab);

    return kernels->bytes(&shape) + FUSED_ALIGNMENT + (size_t)vocab * sizeof(double);
}

bool fused_init(Fused *fused, const FusedKernels *kernels, const Settings *settings, int vocab,
                Error *error)
{
    *fused = (Fused){.kernels = kernels, .shape = shape_of(settings, vocab)};
    fused->memory = sys_alloc(kernels->bytes(&fused->shape) + FUSED_ALIGNMENT, 1);
    fused->logit = sys_alloc((size_t)vocab, sizeof *fused->logit);
    if (!fused->memory || !fused->logit) {
        fused_release(fused);
        return error_set(error, "out of memory for the fused kernels");
    }
    fused->state =
        (char *)fused->memory + FUSED_ALIGNMENT - (uintptr_t)fused->memory % FUSED_ALIGNMENT;
    kernels->init(fused->state, &fused->shape);
    return true;
}

void fused_release(Fused *fused)
{
    sys_free(fused->memory);
    sys_free(fused->logit);
    *fused = (Fused){0};
}

bool fused_ready(Fused *fused)
{
    const FusedKernels *kernels = fused->kernels;

    if (fused->trust == FUSED_UNTRIED) {
        if (!kernels->exact)
            fused->trust = FUSED_OTHER;
        else if (fused_check_functions(kernels, fused->state) && fused_check_steps(kernels, false))
            fused->trust = FUSED_SHORT;
        else if (fused_check_steps(kernels, true))
            fused->trust = FUSED_PLAIN;
        else
            fused->trust = FUSED_NEVER;
        kernels->set_plain(fused->state, fused->trust == FUSED_PLAIN);
    }
    return fused->trust != FUSED_NEVER;
}

void fused_trust_as(Fused *fused, const Fused *other)
{
    if (other->kernels == fused->kernels && other->trust != FUSED_UNTRIED) {
        fused->trust = other->trust;
        fused->kernels->set_plain(fused->state, fused->trust == FUSED_PLAIN);
    }
}

const char *fused_note(const Fused *fused)
{
    static const char *const notes[] = {
        [FUSED_UNTRIED] = N_("not used yet"),
        [FUSED_SHORT] = N_("the same bits as the tape"),
        [FUSED_PLAIN] = N_("slower here: this C library rounds powers in its own way"),
        [FUSED_OTHER] = N_("float32, with bits of its own"),
        [FUSED_NEVER] = N_("not used: they do not give the bits of the tape on this machine"),
    };

    return _(notes[fused->trust]);
}

void fused_load(Fused *fused, const double *value, const double *m, const double *v)
{
    fused->kernels->load(fused->state, value, m, v);
}

void fused_store(const Fused *fused, double *value, double *m, double *v)
{
    fused->kernels->store(fused->state, value, m, v);
}

bool fused_step(Fused *fused, const int *token, int positions, const Settings *settings,
                int64_t step, double *loss)
{
    AdamStep adam = adam_step(settings, step);

    *loss = fused_loss(fused, token, positions);
    if (!isfinite(*loss))
        return false;
    fused->kernels->train(fused->state, token, positions, &adam);
    return true;
}

void fused_adam(Fused *fused, const AdamStep *step, double *value, const double *grad, double *m,
                double *v, int32_t from, int32_t to)
{
    fused->kernels->adam(fused->state, step, value + from, grad + from, m + from, v + from,
                         (size_t)(to - from));
}

double fused_loss(Fused *fused, const int *token, int positions)
{
    fused->kernels->forward(fused->state, token, 0, positions);
    return fused->kernels->loss(fused->state, token, positions);
}

const double *fused_logits(Fused *fused, const int *token, int positions)
{
    fused->kernels->forward(fused->state, token, positions - 1, positions);
    fused->kernels->logits(fused->state, positions - 1, fused->logit);
    return fused->logit;
}

void fused_weights(const Fused *fused, int layer, int head, int position, double *weight)
{
    fused->kernels->weights(fused->state, layer, head, position, weight);
}
