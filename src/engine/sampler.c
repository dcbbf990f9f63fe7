#include "engine/sampler.h"

#include "engine/sys.h"
#include <math.h>
#include <string.h>

static bool allocate(Sampler *sampler, const Settings *settings, int vocab, Error *error)
{
    *sampler = (Sampler){0};
    sampler->weight = sys_alloc((size_t)vocab, sizeof(double));
    sampler->running = sys_alloc((size_t)vocab, sizeof(double));
    sampler->token = sys_alloc((size_t)settings->block_size + 1, sizeof(int));
    return ((sampler->weight && sampler->running && sampler->token) ||
            error_set(error, "out of memory for writing texts")) &&
           gpt_init(&sampler->gpt, settings, vocab, error);
}

static bool open_tape(Sampler *sampler, Error *error)
{
    if (!gpt_tape(&sampler->gpt, &sampler->tape, error))
        return false;
    sampler->value = sys_alloc((size_t)sampler->tape.capacity, sizeof(double));
    return sampler->value || error_set(error, "out of memory for writing texts");
}

static bool hurries(Sampler *sampler)
{
    return sampler->fused.kernels && fused_can_forward(&sampler->gpt.options) &&
           fused_ready(&sampler->fused);
}

bool sampler_init(Sampler *sampler, const Settings *settings, int vocab, Error *error)
{
    if (allocate(sampler, settings, vocab, error) && open_tape(sampler, error))
        return true;
    sampler_release(sampler);
    return false;
}

bool sampler_init_closed(Sampler *sampler, const Settings *settings, int vocab, const Fused *tried,
                         Error *error)
{
    if (allocate(sampler, settings, vocab, error) &&
        sampler_hurry(sampler, settings, tried, error) &&
        (hurries(sampler) || open_tape(sampler, error)))
        return true;
    sampler_release(sampler);
    return false;
}

void sampler_release(Sampler *sampler)
{
    gpt_release(&sampler->gpt);
    tape_release(&sampler->tape);
    fused_release(&sampler->fused);
    sys_free(sampler->value);
    sys_free(sampler->weight);
    sys_free(sampler->running);
    sys_free(sampler->token);
    *sampler = (Sampler){0};
}

bool sampler_hurry(Sampler *sampler, const Settings *settings, const Fused *tried, Error *error)
{
    if (!fused_init(&sampler->fused, fused_find_for(settings), settings, sampler->gpt.vocab, error))
        return false;
    if (tried)
        fused_trust_as(&sampler->fused, tried);
    return true;
}

void sampler_begin(Sampler *sampler, const double *params)
{
    if (params && sampler->value)
        memcpy(sampler->value, params, (size_t)sampler->gpt.params * sizeof *params);
    if (params && hurries(sampler))
        fused_load(&sampler->fused, params, NULL, NULL);
    if (sampler->value)
        gpt_clear(&sampler->gpt, &sampler->tape);
    sampler->token[0] = sampler->gpt.vocab - 1;
    sampler->length = 1;
    sampler->ended = false;
}

/* weight = softmax(logit scale), each operation as on the tape */
static void weigh(Sampler *sampler, const double *logit, double scale)
{
    const int vocab = sampler->gpt.vocab;
    double *weight = sampler->weight, top = 0, sum = 0;

    for (int i = 0; i < vocab; i++) {
        weight[i] = scale == 1 ? logit[i] : logit[i] * scale;
        if (i == 0 || weight[i] > top)
            top = weight[i];
    }
    for (int i = 0; i < vocab; i++) {
        weight[i] = exp(weight[i] - top);
        sum += weight[i];
    }
    const double inverse = pow(sum, -1);
    for (int i = 0; i < vocab; i++)
        weight[i] *= inverse;
}

static void run_on_tape(Sampler *sampler, int pos, double scale)
{
    int32_t from = sampler->tape.count;
    TapeRange logits = gpt_record_position(&sampler->gpt, &sampler->tape, sampler->token[pos], pos);
    TapeRange probs = gpt_record_probs(&sampler->gpt, &sampler->tape, logits, scale, pos);

    tape_forward(&sampler->tape, sampler->value, from, sampler->tape.count);
    for (int i = 0; i < sampler->gpt.vocab; i++)
        sampler->weight[i] = sampler->value[probs.first + i * probs.stride];
}

static void run_in_a_hurry(Sampler *sampler, int pos, double scale)
{
    weigh(sampler, fused_logits(&sampler->fused, sampler->token, pos + 1), scale);
}

/* Runs the model on the token that came last, without the cache on all those before it as well: sampler->weight says what may follow it. false: the
 * text has ended, or does here, where the model can see no more positions. */
static bool run_position(Sampler *sampler, double temperature)
{
    const double scale = pow(temperature, -1);

    if (sampler->length - 1 == sampler->gpt.block_size)
        sampler->ended = true;
    if (sampler->ended)
        return false;
    const bool hurry = hurries(sampler);
    const int last = sampler->length - 1, first = sampler->gpt.options.kv_cache ? last : 0;
    if (!hurry && first == 0)
        gpt_clear(&sampler->gpt, &sampler->tape);
    for (int pos = first; pos <= last; pos++)
        (hurry ? run_in_a_hurry : run_on_tape)(sampler, pos, scale);
    return true;
}

bool sampler_next(Sampler *sampler, double temperature, Rng *rng)
{
    const int vocab = sampler->gpt.vocab;

    if (!run_position(sampler, temperature))
        return false;
    int token =
        (int)rng_choice(rng, sampler->weight, (size_t)vocab, sampler->running, &sampler->drawn);
    if (token == vocab - 1)
        sampler->ended = true;
    else
        sampler->token[sampler->length++] = token;
    return !sampler->ended;
}

bool sampler_read(Sampler *sampler, double temperature, int token)
{
    if (!run_position(sampler, temperature))
        return false;
    sampler->token[sampler->length++] = token;
    return true;
}
