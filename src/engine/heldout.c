#include "engine/heldout.h"

#include "engine/sys.h"
#include <assert.h>
#include <string.h>

static void choose_documents(Heldout *heldout, int64_t steps, int64_t most)
{
    int64_t unseen = heldout->corpus->count - steps;

    unseen = unseen < 0 ? 0 : unseen;
    heldout->count = unseen < most ? unseen : most;
    heldout->first = heldout->corpus->count - heldout->count;
}

static bool allocate(Heldout *heldout, const Settings *settings, Error *error)
{
    const int vocab = corpus_vocab(heldout->corpus);

    heldout->token = sys_alloc((size_t)settings->block_size + 1, sizeof(int));
    return (heldout->token ||
            error_set(error, "out of memory for the loss on documents held out")) &&
           gpt_init(&heldout->gpt, settings, vocab, error) &&
           fused_init(&heldout->fused, fused_find_for(settings), settings, vocab, error);
}

static bool open_tape(Heldout *heldout, Error *error)
{
    if (!gpt_tape(&heldout->gpt, &heldout->tape, error))
        return false;
    heldout->value = sys_alloc((size_t)heldout->tape.capacity, sizeof(double));
    return heldout->value || error_set(error, "out of memory for the loss on documents held out");
}

bool heldout_init(Heldout *heldout, const Settings *settings, const Corpus *corpus, int64_t most,
                  Error *error)
{
    *heldout = (Heldout){.corpus = corpus};
    choose_documents(heldout, settings->steps, most);
    if (allocate(heldout, settings, error) && open_tape(heldout, error))
        return true;
    heldout_release(heldout);
    return false;
}

bool heldout_init_closed(Heldout *heldout, const Settings *settings, const Corpus *corpus,
                         int64_t most, const Fused *tried, Error *error)
{
    *heldout = (Heldout){.corpus = corpus};
    choose_documents(heldout, settings->steps, most);
    bool done = allocate(heldout, settings, error);
    if (done && tried)
        fused_trust_as(&heldout->fused, tried);
    if (done && !(fused_can_forward(settings) && fused_ready(&heldout->fused)))
        done = open_tape(heldout, error);
    if (!done)
        heldout_release(heldout);
    return done;
}

void heldout_release(Heldout *heldout)
{
    gpt_release(&heldout->gpt);
    tape_release(&heldout->tape);
    fused_release(&heldout->fused);
    sys_free(heldout->value);
    sys_free(heldout->token);
    *heldout = (Heldout){0};
}

void heldout_begin(Heldout *heldout, const Settings *settings, const double *params)
{
    assert(settings->n_layer == heldout->gpt.n_layer && settings->n_embd == heldout->gpt.n_embd);
    gpt_choose(&heldout->gpt, settings);
    if (heldout->value)
        memcpy(heldout->value, params, (size_t)heldout->gpt.params * sizeof *params);
    heldout->fast = fused_can_forward(settings) && fused_ready(&heldout->fused);
    if (heldout->fast)
        fused_load(&heldout->fused, params, NULL, NULL);
    assert(heldout->fast || heldout->value);
    heldout->done = 0;
    heldout->sum = 0;
}

static double loss_by_tape(Heldout *heldout, int positions)
{
    Tape *tape = &heldout->tape;
    int32_t loss = gpt_record_document(&heldout->gpt, tape, heldout->token, positions);

    tape_forward(tape, heldout->value, tape->params, tape->count);
    return heldout->value[loss];
}

bool heldout_next(Heldout *heldout)
{
    if (heldout->done == heldout->count)
        return false;
    int tokens = corpus_tokens(heldout->corpus, heldout->first + heldout->done, heldout->token,
                               heldout->gpt.block_size + 1);
    heldout->sum += heldout->fast ? fused_loss(&heldout->fused, heldout->token, tokens - 1)
                                  : loss_by_tape(heldout, tokens - 1);
    heldout->done++;
    return true;
}

bool heldout_finished(const Heldout *heldout)
{
    return heldout->count > 0 && heldout->done == heldout->count;
}

double heldout_loss(const Heldout *heldout)
{
    return heldout->done > 0 ? heldout->sum / (double)heldout->done : 0;
}
