#include "engine/trainer.h"

#include "engine/backward.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <assert.h>
#include <math.h>
#include <string.h>

/* ---- beginning and end ----------------------------------------------------------------------- */

/* Lays trainer->token on the tape, with the order of its backward pass. */
static void record(Trainer *trainer)
{
    gpt_choose(&trainer->gpt, &trainer->settings);
    trainer->loss_node = gpt_layout_document(&trainer->layout, &trainer->gpt, &trainer->tape,
                                             trainer->token, trainer->positions);
}

/* Takes up the document of the step under way. */
static void lay_out(Trainer *trainer)
{
    int limit = trainer->gpt.block_size + 1;
    int tokens = corpus_tokens(trainer->corpus, trainer->at.step % trainer->corpus->count,
                               trainer->token, limit);

    trainer->tape_step = trainer->at.step;
    trainer->positions = tokens - 1;
    trainer->retold = false;
    if (trainer_is_open(trainer))
        record(trainer);
}

/* Nothing of the document on the tape is computed. */
static bool is_untouched(const Trainer *trainer)
{
    return trainer->tape_step == trainer->at.step &&
           (trainer->at.phase == PHASE_DONE ||
            (trainer->at.phase == PHASE_FORWARD && trainer->at.n == 0));
}

void trainer_settle(Trainer *trainer)
{
    if (trainer_is_open(trainer) && is_untouched(trainer) &&
        !gpt_same_graph(&trainer->gpt.options, &trainer->settings))
        record(trainer);
}

void trainer_set_token(Trainer *trainer, int pos, int token)
{
    assert(is_untouched(trainer) && 0 <= token && token < trainer->gpt.vocab);
    if (pos > trainer->positions)
        return;
    trainer->token[pos] = token;
    trainer->retold = true;
    if (trainer_is_open(trainer))
        record(trainer);
}

double trainer_bytes(const Settings *settings, int vocab)
{
    const FusedKernels *kernels = fused_find_for(settings);
    const double numbers = 4 * gpt_params(settings, vocab) + (double)settings->steps;
    const double tensors = (double)(GPT_LAYERS + settings->n_layer * LAYER_TENSORS);

    return numbers * sizeof(double) + tensors * sizeof(Tensor) +
           (double)(settings->block_size + 1) * sizeof(int) +
           (double)fused_bytes(kernels, settings, vocab);
}

/* What would be taken page by page, until the machine has no more, is better refused at once. */
static bool check_memory(const Trainer *trainer, int vocab, Error *error)
{
    const double bytes = trainer_bytes(&trainer->settings, vocab), there = sys_memory();
    char why[128];

    if (bytes <= there)
        return true;
    snprintf(why, sizeof why,
             _("needs %.1f GB of memory, this machine has %.1f GB: make one of them smaller"),
             bytes / (1 << 30), there / (1 << 30));
    return gpt_refuse(&trainer->settings, vocab, _("to train "), why, error);
}

static bool allocate(Trainer *trainer, Error *error)
{
    size_t params = (size_t)trainer->gpt.params;

    trainer->value = sys_alloc(params, sizeof(double));
    trainer->grad = sys_alloc(params, sizeof(double));
    trainer->m = sys_alloc(params, sizeof(double));
    trainer->v = sys_alloc(params, sizeof(double));
    trainer->token = sys_alloc((size_t)trainer->gpt.block_size + 1, sizeof(int));
    trainer->loss = sys_alloc((size_t)trainer->settings.steps, sizeof(double));
    if (!fused_init(&trainer->fused, fused_find_for(&trainer->settings), &trainer->settings,
                    trainer->gpt.vocab, error))
        return false;
    if (trainer->value && trainer->grad && trainer->m && trainer->v && trainer->token &&
        trainer->loss)
        return true;
    return error_set(error, "out of memory for the model");
}

/* The tape computes in float64, and in float32 there is nothing but the kernels. */
static bool check_precision(const Settings *settings, bool looked_into, Error *error)
{
    if (settings->precision == PRECISION_FLOAT64 || (!looked_into && fused_can(settings)))
        return true;
    return error_set(
        error, looked_into
                   ? N_("in float32 a run goes by whole steps only: look inside with precision "
                        "float64, or train without looking: gptoscope train")
                   : N_("precision float32 is for microgpt's model and Adam: take options of "
                        "the model, the backward pass and the optimiser with float64"));
}

bool trainer_init_closed(Trainer *trainer, const Settings *settings, Corpus *corpus, Error *error)
{
    *trainer = (Trainer){.settings = *settings, .corpus = corpus};
    if (!check_precision(settings, false, error) ||
        !gpt_init(&trainer->gpt, settings, corpus_vocab(corpus), error) ||
        !check_memory(trainer, corpus_vocab(corpus), error) || !allocate(trainer, error)) {
        trainer_release(trainer);
        return false;
    }
    rng_seed(&trainer->rng, (uint64_t)settings->seed);
    corpus_shuffle(corpus, &trainer->rng);
    gpt_draw(&trainer->gpt, &trainer->rng, settings_deviation(settings), trainer->value);
    lay_out(trainer);
    return true;
}

bool trainer_is_open(const Trainer *trainer)
{
    return trainer->tape.capacity > 0;
}

/* Numbers of the parameters, with room for those of the nodes behind them. */
static double *grown(const Trainer *trainer, const double *numbers)
{
    double *more = sys_alloc((size_t)trainer->tape.capacity, sizeof *more);

    if (more)
        memcpy(more, numbers, (size_t)trainer->gpt.params * sizeof *more);
    return more;
}

static bool grow(Trainer *trainer, Error *error)
{
    double *value = grown(trainer, trainer->value), *grad = grown(trainer, trainer->grad);

    if (!value || !grad) {
        sys_free(value);
        sys_free(grad);
        return error_set(error, "out of memory for the values of the tape");
    }
    sys_free(trainer->value);
    sys_free(trainer->grad);
    trainer->value = value;
    trainer->grad = grad;
    return true;
}

bool trainer_open(Trainer *trainer, Error *error)
{
    if (trainer_is_open(trainer))
        return true;
    if (!check_precision(&trainer->settings, true, error) ||
        !gpt_tape(&trainer->gpt, &trainer->tape, error) ||
        !gpt_layout_init(&trainer->layout, &trainer->gpt, error) || !grow(trainer, error)) {
        gpt_layout_release(&trainer->layout);
        gpt_drop_tape(&trainer->gpt, &trainer->tape);
        return false;
    }
    lay_out(trainer);
    return true;
}

bool trainer_init(Trainer *trainer, const Settings *settings, Corpus *corpus, Error *error)
{
    *trainer = (Trainer){0};
    if (settings_check(settings, error) && gpt_fits(settings, corpus_vocab(corpus), error) &&
        trainer_init_closed(trainer, settings, corpus, error) && trainer_open(trainer, error))
        return true;
    trainer_release(trainer);
    return false;
}

void trainer_release(Trainer *trainer)
{
    gpt_layout_release(&trainer->layout);
    gpt_release(&trainer->gpt);
    tape_release(&trainer->tape);
    fused_release(&trainer->fused);
    sys_free(trainer->value);
    sys_free(trainer->grad);
    sys_free(trainer->m);
    sys_free(trainer->v);
    sys_free(trainer->token);
    sys_free(trainer->loss);
    *trainer = (Trainer){0};
}

void trainer_restore(Trainer *trainer, int64_t step, const double *value, const double *m,
                     const double *v)
{
    size_t bytes = (size_t)trainer->gpt.params * sizeof(double);

    assert(0 <= step && step <= trainer->settings.steps);
    memcpy(trainer->value, value, bytes);
    memcpy(trainer->m, m, bytes);
    memcpy(trainer->v, v, bytes);
    trainer_stand(trainer, step);
}

void trainer_stand(Trainer *trainer, int64_t step)
{
    memset(trainer->grad, 0, (size_t)trainer->gpt.params * sizeof *trainer->grad);
    trainer->at = (Moment){step, step < trainer->settings.steps ? PHASE_FORWARD : PHASE_DONE, 0};
    if (trainer->tape_step != step || trainer->retold)
        lay_out(trainer);
}

/* ---- questions ------------------------------------------------------------------------------- */

int64_t trainer_phase_length(const Trainer *trainer, Phase phase)
{
    switch (phase) {
    case PHASE_FORWARD:
        return trainer->tape.count - trainer->gpt.params;
    case PHASE_BACKWARD:
        return trainer->tape.order_count;
    case PHASE_UPDATE:
        return trainer->gpt.params;
    default:
        return 1;
    }
}

bool trainer_finished(const Trainer *trainer)
{
    return trainer->at.step == trainer->settings.steps;
}

bool trainer_failed(const Trainer *trainer)
{
    Moment at = trainer->at;

    return at.phase == PHASE_BACKWARD && at.n == 0 && !isfinite(trainer->value[trainer->loss_node]);
}

/* Between steps the tape holds the step just finished, or, at the very beginning, one that nothing
 * is known of yet. */
static bool tape_is_complete(const Trainer *trainer)
{
    return trainer->tape_step < trainer->at.step;
}

bool trainer_has_value(const Trainer *trainer, int32_t node)
{
    if (node < trainer->gpt.params)
        return true;
    switch (trainer->at.phase) {
    case PHASE_DONE:
        return tape_is_complete(trainer);
    case PHASE_FORWARD:
        return node < trainer->gpt.params + trainer->at.n;
    default:
        return true;
    }
}

bool trainer_has_grad(const Trainer *trainer)
{
    switch (trainer->at.phase) {
    case PHASE_DONE:
        return tape_is_complete(trainer);
    case PHASE_FORWARD:
        return false;
    default:
        return true;
    }
}

int64_t trainer_document(const Trainer *trainer)
{
    return trainer->tape_step % trainer->corpus->count;
}

double trainer_rate(const Trainer *trainer)
{
    return adam_rate(&trainer->settings, trainer->tape_step);
}

/* ---- moving forward -------------------------------------------------------------------------- */

/* Each runs at most `operations` of its phase, turns to the next phase at its end, and returns how
 * many were run. */

static int64_t run_done(Trainer *trainer)
{
    if (trainer->tape_step != trainer->at.step)
        lay_out(trainer);
    if (trainer->settings.zero_grad)
        memset(trainer->grad, 0, (size_t)trainer->gpt.params * sizeof *trainer->grad);
    trainer->at = (Moment){trainer->at.step, PHASE_FORWARD, 0};
    return 1;
}

static void begin_backward(Trainer *trainer)
{
    trainer->at = (Moment){trainer->tape_step, PHASE_BACKWARD, 0};
    trainer->cursor = trainer->tape.order_count;
    backward_begin(&trainer->settings, &trainer->tape, trainer->grad);
}

void trainer_rewind(Trainer *trainer, Moment to)
{
    assert(to.step == trainer->tape_step && to.phase != PHASE_DONE);
    if (to.phase == PHASE_FORWARD)
        trainer->at = to;
    else
        begin_backward(trainer);
}

static int64_t run_forward(Trainer *trainer, int64_t operations)
{
    int64_t left = trainer_phase_length(trainer, PHASE_FORWARD) - trainer->at.n;
    int64_t run = operations < left ? operations : left;
    int32_t from = trainer->gpt.params + (int32_t)trainer->at.n;

    tape_forward(&trainer->tape, trainer->value, from, from + (int32_t)run);
    trainer->at.n += run;
    if (run == left) {
        trainer->loss[trainer->at.step] = trainer->value[trainer->loss_node];
        begin_backward(trainer);
    }
    return run;
}

static int64_t run_backward(Trainer *trainer, int64_t operations)
{
    int64_t left = trainer->tape.order_count - trainer->at.n;
    int64_t run = operations < left ? operations : left;
    int32_t to = trainer->cursor - (int32_t)run;

    backward_visit(&trainer->settings, &trainer->tape, trainer->value, trainer->grad,
                   trainer->cursor, to);
    trainer->cursor = to;
    trainer->at.n += run;
    if (run == left)
        trainer->at = (Moment){trainer->at.step, PHASE_UPDATE, 0};
    return run;
}

static int64_t run_update(Trainer *trainer, int64_t operations)
{
    AdamStep step = adam_step(&trainer->settings, trainer->at.step);
    int64_t left = trainer->gpt.params - trainer->at.n;
    int64_t run = operations < left ? operations : left;
    int32_t from = (int32_t)trainer->at.n;

    if (step.optimizer == OPTIMIZER_ADAM)
        fused_adam(&trainer->fused, &step, trainer->value, trainer->grad, trainer->m, trainer->v,
                   from, from + (int32_t)run);
    else
        adam_update(&step, trainer->value, trainer->grad, trainer->m, trainer->v, from,
                    from + (int32_t)run);
    trainer->at.n += run;
    if (run == left)
        trainer->at = (Moment){trainer->at.step + 1, PHASE_DONE, 0};
    return run;
}

int64_t trainer_advance(Trainer *trainer, int64_t operations)
{
    int64_t left = operations;

    assert(trainer_is_open(trainer));
    while (left > 0 && !trainer_finished(trainer) && !trainer_failed(trainer)) {
        switch (trainer->at.phase) {
        case PHASE_FORWARD:
            left -= run_forward(trainer, left);
            break;
        case PHASE_BACKWARD:
            left -= run_backward(trainer, left);
            break;
        case PHASE_UPDATE:
            left -= run_update(trainer, left);
            break;
        default:
            left -= run_done(trainer);
            break;
        }
    }
    return operations - left;
}

bool trainer_step(Trainer *trainer)
{
    int64_t step = trainer->at.step;

    while (trainer->at.step == step && !trainer_finished(trainer) && !trainer_failed(trainer))
        trainer_advance(trainer,
                        trainer->at.phase == PHASE_DONE
                            ? 1
                            : trainer_phase_length(trainer, trainer->at.phase) - trainer->at.n);
    return trainer->at.step > step;
}
