#include "app/batch.h"

#include "app/failure.h"
#include "app/json.h"
#include "app/keep.h"
#include "app/text.h"
#include "engine/checkpoint.h"
#include "engine/sampler.h"
#include "engine/skip.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct Batch {
    const Options *options;
    Settings settings; /* of the options, or of the saved run */
    Corpus corpus;
    Trainer trainer;
    Checkpoint saved;
    double since;  /* start of training */
    int64_t stop;  /* step to end at */
    int64_t first; /* step that training started at */
    double drawn;  /* when the progress line was last drawn */
    bool progress; /* there is a progress line on standard error */
    bool shared;   /* results go to the same terminal, above that line */
    BatchInterrupted interrupted;
} Batch;

static void release(Batch *batch)
{
    trainer_release(&batch->trainer);
    corpus_release(&batch->corpus);
    checkpoint_release(&batch->saved);
}

/* From so much on it is said beforehand what a run takes. */
#define BYTES_WORTH_A_LINE ((double)(256 << 20))

static void tell_memory(const Batch *batch)
{
    const Trainer *trainer = &batch->trainer;
    double bytes = trainer_bytes(&batch->settings, trainer->gpt.vocab);

    if (trainer_is_open(trainer))
        bytes += (double)gpt_bytes(&batch->settings, trainer->gpt.vocab);
    if (bytes >= BYTES_WORTH_A_LINE && !batch->options->quiet)
        fprintf(stderr, _("needs %.2f GB of memory\n"), bytes / (1 << 30));
}

static bool prepare(Batch *batch, const char *data_path, Error *error)
{
    const char *load = batch->options->load;

    batch->settings = batch->options->settings;
    if (load) {
        if (!checkpoint_read(&batch->saved, load, error))
            return false;
        if (keep_has_changes(batch->saved.session))
            return error_set(
                error, "%.300s: it holds changes still to come: open it with gptoscope --load",
                load);
        batch->settings = batch->saved.settings;
        batch->settings.samples = batch->options->settings.samples;
        batch->settings.temperature = batch->options->settings.temperature;
    }
    if (!corpus_read(&batch->corpus, data_path, error) ||
        (load &&
         !corpus_adopt(&batch->corpus, batch->saved.character, batch->saved.characters, error)) ||
        !trainer_init_closed(&batch->trainer, &batch->settings, &batch->corpus, error))
        return false;
    if (batch->options->save && /* better now than after the training */
        (!sys_may_write(batch->options->save, error) ||
         !checkpoint_fits(&batch->settings, corpus_vocab(&batch->corpus), error)))
        return false;
    return (!load || checkpoint_restore(&batch->saved, &batch->trainer, error)) &&
           (skip_can(&batch->trainer) || trainer_open(&batch->trainer, error));
}

/* ---- training -------------------------------------------------------------------------------- */

static void print_head(const Batch *batch)
{
    const Trainer *trainer = &batch->trainer;

    if (batch->options->json)
        printf("{\"docs\":%" PRId64 ",\"vocab\":%d,\"params\":%d}\n", batch->corpus.count,
               trainer->gpt.vocab, (int)trainer->gpt.params);
    else
        printf("num docs: %" PRId64 "\nvocab size: %d\nnum params: %d\n", batch->corpus.count,
               trainer->gpt.vocab, (int)trainer->gpt.params);
}

static void print_step(const Batch *batch)
{
    const Trainer *trainer = &batch->trainer;
    int64_t step = trainer->at.step;
    double loss = trainer->loss[step - 1];
    size_t length;

    if (batch->options->quiet)
        return;
    if (batch->shared) /* the progress line gives way; it is drawn again below */
        fputs("\r\033[K", stderr);
    if (!batch->options->json) {
        printf("step %4" PRId64 " / %4" PRId64 " | loss %.4f\n", step, trainer->settings.steps,
               loss);
        return;
    }
    const char *doc = corpus_text(&batch->corpus, (step - 1) % batch->corpus.count, &length);
    printf("{\"step\":%" PRId64 ",\"doc\":", step);
    json_print_text(stdout, doc, length);
    json_print_member(stdout, "loss", 0);
    json_print_real(stdout, loss);
    json_print_member(stdout, "lr", 0);
    json_print_real(stdout, adam_rate(&trainer->settings, step - 1));
    puts("}");
}

/* A line that is written over needs a terminal that can do so. */
static bool wants_progress(const Options *options)
{
    const char *term = getenv("TERM");

    return !options->quiet && !options->plain && isatty(STDERR_FILENO) && term && *term &&
           strcmp(term, "dumb") != 0;
}

/* One line that is written over: where training is, how fast, how long it still takes. */
static void draw_progress(Batch *batch, bool last)
{
    const Trainer *trainer = &batch->trainer;
    double now = sys_seconds(), spent = now - batch->since;
    int64_t step = trainer->at.step, done = step - batch->first;

    if (!batch->progress || done == 0 || (!last && !batch->shared && now - batch->drawn < 0.1))
        return;
    double rate = (double)done / (spent > 1e-9 ? spent : 1e-9);
    fputs("\r\033[K", stderr);
    fprintf(stderr, _("step %" PRId64 " of %" PRId64 "   loss %.4f   %.0f steps/s   %.0f s left%s"),
            step, trainer->settings.steps, trainer->loss[step - 1], rate,
            (double)(trainer->settings.steps - step) / rate, last ? "\n" : "");
    batch->drawn = now;
}

/* Where to end: after all steps, or where --stop says. */
static bool read_stop(Batch *batch, Error *error)
{
    const char *text = batch->options->stop;
    const int64_t steps = batch->trainer.settings.steps;
    char *end = NULL;

    batch->stop = text ? strtoll(text, &end, 10) : steps;
    return (batch->stop >= batch->trainer.at.step && batch->stop <= steps &&
            (!text || (end != text && !*end))) ||
           error_set(error, "--stop %.40s: expected a step from %" PRId64 " to %" PRId64, text,
                     batch->trainer.at.step, steps);
}

/* Tells of the step just finished. Returns false where nobody would have what comes. */
static bool tell_step(Batch *batch)
{
    print_step(batch);
    if (batch->shared)
        fflush(stdout);
    draw_progress(batch, false);
    return !batch->interrupted() && (!ferror(stdout) || batch->options->save);
}

/* By the fused kernels, where they can. */
static void train_steps(Batch *batch)
{
    Trainer *trainer = &batch->trainer;
    bool more = true;

    if (trainer->at.step < batch->stop && skip_begin(trainer)) {
        while (more && trainer->at.step < batch->stop && skip_to(trainer, trainer->at.step + 1))
            more = tell_step(batch);
        skip_end(trainer);
    }
    while (more && trainer_is_open(trainer) && trainer->at.step < batch->stop &&
           trainer_step(trainer))
        more = tell_step(batch);
}

/* Names the first number that is not finite, where a tape can be made to look for it. */
static int explain_failure(Trainer *trainer, Error *error)
{
    const char *loss = isnan(trainer->loss[trainer->at.step]) ? "nan" : "inf";
    char first[320] = "";
    Error none;

    if (trainer_open(trainer, &none)) {
        trainer_step(trainer);
        Diverged diverged = diverged_failed(trainer);
        size_t used = (size_t)snprintf(first, sizeof first, "; ");
        failure_print(trainer, &diverged, first + used, sizeof first - used);
    }
    error_set(error, "the loss is %s, not a number to learn from: try a smaller --lr%s", loss,
              first);
    return BATCH_FAILED;
}

/* Returns BATCH_DONE, or why training stopped before its end. */
static int train(Batch *batch, Error *error)
{
    Trainer *trainer = &batch->trainer;

    batch->since = sys_seconds();
    batch->first = trainer->at.step;
    train_steps(batch);
    draw_progress(batch, true);
    if (trainer->at.step == batch->stop)
        return BATCH_DONE;
    if (!isfinite(trainer->loss[trainer->at.step]))
        return explain_failure(trainer, error);
    return batch->interrupted() ? BATCH_INTERRUPTED : BATCH_FAILED;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void print_text(const Options *options, const Sampler *sampler, const uint32_t *character,
                       int number)
{
    char bytes[4 * 4096];
    size_t length = 0;

    for (int i = 1; i < sampler->length; i++)
        length += (size_t)corpus_encode(character[sampler->token[i]], bytes + length);
    if (options->json) {
        printf("{\"sample\":%d,\"text\":", number);
        json_print_text(stdout, bytes, length);
        puts("}");
    } else {
        printf("sample %2d: ", number);
        text_print(stdout, bytes, length);
        putchar('\n');
    }
}

/* Writes settings->samples texts with these parameters, drawing from rng. */
static int write_texts(const Options *options, const Settings *settings, const double *params,
                       const uint32_t *character, int characters, Rng *rng, const Fused *tried,
                       BatchInterrupted interrupted, Error *error)
{
    Sampler sampler;
    int status = BATCH_DONE;

    if (!sampler_init_closed(&sampler, settings, characters + 1, tried, error))
        return BATCH_UNUSABLE;
    for (int i = 0; i < settings->samples && status == BATCH_DONE; i++) {
        sampler_begin(&sampler, i == 0 ? params : NULL);
        while (sampler_next(&sampler, settings->temperature, rng))
            continue;
        print_text(options, &sampler, character, i + 1);
        if (interrupted())
            status = BATCH_INTERRUPTED;
        else if (ferror(stdout))
            status = BATCH_FAILED;
    }
    sampler_release(&sampler);
    return status;
}

static int write_after_training(Batch *batch, Error *error)
{
    Rng rng = batch->trainer.rng;

    return write_texts(batch->options, &batch->settings, batch->trainer.value,
                       batch->corpus.character, batch->corpus.characters, &rng,
                       &batch->trainer.fused, batch->interrupted, error);
}

/* ---- the two modes --------------------------------------------------------------------------- */

int batch_train(const Options *options, const char *data_path, BatchInterrupted interrupted,
                Error *error)
{
    Batch batch = {.options = options, .interrupted = interrupted};
    int status = BATCH_UNUSABLE;

    batch.progress = wants_progress(options);
    batch.shared = batch.progress && isatty(STDOUT_FILENO);
    if (prepare(&batch, data_path, error) && read_stop(&batch, error)) {
        tell_memory(&batch);
        print_head(&batch);
        status = train(&batch, error);
        bool between = batch.trainer.at.phase == PHASE_DONE || batch.trainer.at.n == 0;
        if (options->save && between && status != BATCH_FAILED &&
            !checkpoint_save(&batch.trainer, options->save, error))
            status = BATCH_UNUSABLE;
        if (status == BATCH_DONE && batch.settings.samples > 0) {
            if (!options->json)
                puts("\n--- inference (new, hallucinated names) ---");
            status = write_after_training(&batch, error);
        }
    }
    release(&batch);
    return status;
}

static int sample_saved(const Options *options, const char *path, BatchInterrupted interrupted,
                        Error *error)
{
    Checkpoint saved;

    if (!checkpoint_read(&saved, path, error))
        return BATCH_UNUSABLE;
    Settings settings = saved.settings;
    settings.samples = options->settings.samples;
    settings.temperature = options->settings.temperature;
    int status = write_texts(options, &settings, saved.value, saved.character, saved.characters,
                             &saved.rng, NULL, interrupted, error);
    checkpoint_release(&saved);
    return status;
}

int batch_sample(const Options *options, const char *data_path, BatchInterrupted interrupted,
                 Error *error)
{
    Options quiet = *options;
    Batch batch = {.options = &quiet, .interrupted = interrupted};
    int status = BATCH_UNUSABLE;

    if (options->arguments > 0)
        return sample_saved(options, options->argument[0], interrupted, error);
    batch.progress = wants_progress(options);
    quiet.quiet = true;
    if (prepare(&batch, data_path, error) && read_stop(&batch, error)) {
        status = train(&batch, error);
        if (status == BATCH_DONE)
            status = write_after_training(&batch, error);
    }
    release(&batch);
    return status;
}
