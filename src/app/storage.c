#include "app/storage.h"

#include "engine/words.h"
#include <stddef.h>

/* ---- parts ----------------------------------------------------------------------------------- */

static int64_t reals(int64_t count)
{
    return count * (int64_t)sizeof(double);
}

/* Kernels that something has for itself. */
static int64_t kernels_of(const Fused *fused, const Session *session)
{
    const Trainer *trainer = &session->trainer;

    if (!fused->memory)
        return 0;
    return (int64_t)fused_bytes(fused->kernels, &trainer->settings, trainer->gpt.vocab);
}

static int64_t keyframes(const Session *session)
{
    const History *history = &session->history;
    const int64_t params = session->trainer.gpt.params;

    return reals(history->frames * 3 * params) + history->frames + reals(4 * params) +
           (history->carried ? reals(history->frames * params) : 0);
}

static int64_t graph(const Session *session)
{
    const Trainer *trainer = &session->trainer;

    return (int64_t)tape_bytes(trainer->tape.capacity, trainer->tape.range_capacity) +
           trainer->gpt.span_capacity * (int64_t)sizeof(Span);
}

static int64_t values(const Session *session)
{
    return reals(session->trainer.tape.capacity - session->trainer.gpt.params);
}

static int64_t gradients(const Session *session)
{
    return reals(session->trainer.tape.capacity);
}

static int64_t layout(const Session *session)
{
    return gpt_layout_bytes(&session->trainer.settings, session->trainer.gpt.vocab);
}

static int64_t parameters(const Session *session)
{
    return reals(session->trainer.gpt.params);
}

static int64_t adam(const Session *session)
{
    return reals(2 * (int64_t)session->trainer.gpt.params);
}

static int64_t kernels(const Session *session)
{
    return kernels_of(&session->trainer.fused, session);
}

static int64_t changes(const Session *session)
{
    (void)session;
    return 2 * HISTORY_EVENTS * (int64_t)sizeof(Event);
}

static int64_t documents(const Session *session)
{
    const Corpus *corpus = &session->corpus;
    const CorpusDocument last = corpus->document[corpus->count - 1];

    return last.start + last.length +
           corpus->count * (int64_t)(sizeof *corpus->document + sizeof *corpus->order) +
           corpus->characters * (int64_t)sizeof *corpus->character +
           session->known.slots * (int64_t)sizeof *session->known.slot;
}

static int64_t writing(const Session *session)
{
    const Tape *tape = &session->sampler.tape;

    return (int64_t)tape_bytes(tape->capacity, tape->range_capacity) + reals(tape->capacity) +
           session->sampler.gpt.span_capacity * (int64_t)sizeof(Span) +
           kernels_of(&session->sampler.fused, session);
}

static int64_t texts(const Session *session)
{
    (void)session;
    return (SESSION_MARKS + 1) * (int64_t)sizeof(SessionTexts);
}

static int64_t losses(const Session *session)
{
    return reals(3 * session->trainer.settings.steps);
}

static int64_t findings(const Session *session)
{
    const Findings *found = &session->findings;
    const Tape *tape = &found->heldout.heldout.tape;
    const int64_t vocab = session->trainer.gpt.vocab;
    int64_t bytes = 0;

    if (found->begun.bigram)
        bytes += found->bigram.slots * (int64_t)sizeof(BigramPair) + reals(vocab);
    if (found->begun.tally)
        bytes += reals(vocab);
    if (found->begun.heldout)
        bytes += (int64_t)tape_bytes(tape->capacity, tape->range_capacity) + reals(tape->capacity) +
                 reals(found->heldout.frames + 1) +
                 kernels_of(&found->heldout.heldout.fused, session);
    return bytes;
}

const StorageInfo storage_table[STORAGE_PARTS] = {
    [STORAGE_KEYFRAMES] = {N_("keyframes"), N_("parameters, m and v of earlier steps, to go back"),
                           keyframes},
    [STORAGE_GRAPH] = {N_("graph"), N_("operation and inputs of each node, and their order"),
                       graph},
    [STORAGE_VALUES] = {N_("values"), N_("a number a node"), values},
    [STORAGE_GRADIENTS] = {N_("gradients"), N_("a number a node and a parameter"), gradients},
    [STORAGE_LAYOUT] = {N_("layouts"), N_("parts of graphs that come again"), layout},
    [STORAGE_PARAMETERS] = {N_("parameters"), N_("what is learnt"), parameters},
    [STORAGE_ADAM] = {N_("m and v"), N_("Adam's two means a parameter"), adam},
    [STORAGE_KERNELS] = {N_("kernels"), N_("for whole steps without a graph"), kernels},
    [STORAGE_CHANGES] = {N_("changes"), N_("room for what you change"), changes},
    [STORAGE_DOCUMENTS] = {N_("documents"), N_("text, order, and where each begins"), documents},
    [STORAGE_WRITING] = {N_("writing"), N_("a graph of its own, to write texts"), writing},
    [STORAGE_TEXTS] = {N_("texts"), N_("what the model wrote on its way"), texts},
    [STORAGE_LOSSES] = {N_("losses"), N_("loss, mean and gradient of each step"), losses},
    [STORAGE_FINDINGS] = {N_("findings"), N_("held-out losses and counts"), findings},
};

int64_t storage_bytes(const Session *session)
{
    int64_t all = 0;

    for (int i = 0; i < STORAGE_PARTS; i++)
        all += storage_table[i].bytes(session);
    return all;
}

int64_t storage_keyframes(const Session *session)
{
    int64_t taken = 0;

    for (int64_t k = 0; k < session->history.frames; k++)
        taken += session->history.taken[k];
    return taken;
}

/* ---- a node ---------------------------------------------------------------------------------- */

#define FIELD(name)                                                                 \
    {                                                                               \
#name, (int)offsetof(TapeNode, name), (int)sizeof(((TapeNode *)NULL)->name) \
    }

int storage_node_fields(StorageField field[STORAGE_NODE_FIELDS])
{
    static const StorageField named[] = {FIELD(a), FIELD(b), FIELD(op), FIELD(dot)};
    int count = 0, end = 0;

    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (named[i].offset > end)
            field[count++] = (StorageField){"bits", end, named[i].offset - end};
        field[count++] = named[i];
        end = named[i].offset + named[i].size;
    }
    if (end < (int)sizeof(TapeNode))
        field[count++] = (StorageField){"-", end, (int)sizeof(TapeNode) - end};
    return count;
}

int storage_node_bytes(void)
{
    return (int)(tape_bytes(1, 0) + 2 * sizeof(double));
}
