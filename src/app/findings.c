#include "app/findings.h"

/* One piece: documents of usual length, characters of those. */
enum { DOCUMENTS_A_PIECE = 200, CHARACTERS_A_PIECE = 20000 };

void findings_release(Findings *findings)
{
    bigram_release(&findings->bigram);
    tally_release(&findings->tally);
    heldout_curve_release(&findings->heldout);
    *findings = (Findings){0};
}

/* ---- each of them ---------------------------------------------------------------------------- */

static bool wants_bigram(const Findings *findings, FindingsWish wish)
{
    return wish.bigram && !findings->failed.bigram &&
           !(findings->begun.bigram && bigram_is_done(&findings->bigram));
}

static bool wants_tally(const Findings *findings, FindingsWish wish)
{
    const Tally *tally = &findings->tally;

    return wish.tally && !findings->failed.tally &&
           !(findings->begun.tally && tally->documents == tally->corpus->count);
}

static bool wants_heldout(const Findings *findings, const History *history, FindingsWish wish)
{
    return wish.heldout > 0 && !findings->failed.heldout &&
           (!findings->begun.heldout ||
            heldout_curve_wants(&findings->heldout, history, wish.heldout, wish.still));
}

static void work_on_bigram(Findings *findings, const History *history)
{
    const Trainer *trainer = history->trainer;
    const int64_t count = trainer->corpus->count, steps = trainer->settings.steps;
    Error error;

    if (!findings->begun.bigram)
        findings->begun.bigram =
            bigram_init(&findings->bigram, trainer->corpus, steps < count ? steps : count,
                        trainer->gpt.block_size, &error);
    findings->failed.bigram =
        !findings->begun.bigram || !bigram_advance(&findings->bigram, DOCUMENTS_A_PIECE, &error);
}

static void work_on_tally(Findings *findings, const History *history)
{
    Error error;

    if (!findings->begun.tally)
        findings->begun.tally = tally_init(&findings->tally, history->trainer->corpus, &error);
    findings->failed.tally = !findings->begun.tally;
    if (findings->begun.tally)
        tally_advance(&findings->tally, CHARACTERS_A_PIECE);
}

static void work_on_heldout(Findings *findings, const History *history, FindingsWish wish)
{
    Error error;

    if (!findings->begun.heldout)
        findings->begun.heldout = heldout_curve_init(&findings->heldout, history, &error);
    findings->failed.heldout = !findings->begun.heldout;
    if (findings->begun.heldout)
        heldout_curve_work(&findings->heldout, history, wish.heldout, wish.still);
}

/* ---- all of them ----------------------------------------------------------------------------- */

bool findings_want(const Findings *findings, const History *history, FindingsWish wish)
{
    return wants_bigram(findings, wish) || wants_tally(findings, wish) ||
           wants_heldout(findings, history, wish);
}

bool findings_work(Findings *findings, const History *history, FindingsWish wish)
{
    if (wants_bigram(findings, wish))
        work_on_bigram(findings, history);
    else if (wants_tally(findings, wish))
        work_on_tally(findings, history);
    else if (wants_heldout(findings, history, wish))
        work_on_heldout(findings, history, wish);
    else
        return false;
    return true;
}

void findings_forget(Findings *findings, const History *history)
{
    if (findings->begun.heldout)
        heldout_curve_forget(&findings->heldout, history);
}

bool findings_bigram(const Findings *findings, double *loss)
{
    if (!findings->begun.bigram || findings->failed.bigram || !bigram_is_done(&findings->bigram))
        return false;
    *loss = bigram_loss(&findings->bigram);
    return true;
}

bool findings_heldout(const Findings *findings, const History *history, int64_t step, double *loss)
{
    return findings->begun.heldout && heldout_curve_find(&findings->heldout, history, step, loss);
}
