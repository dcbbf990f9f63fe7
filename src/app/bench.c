#include "app/bench.h"

#include "engine/history.h"
#include "engine/sys.h"
#include "engine/trainer.h"
#include "engine/words.h"
#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

enum { BENCH_STEPS = 1000 };

/* The time that the processor worked for this program: what else the machine does is not in it. */
static double processor_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

typedef struct Sample {
    double whole, forward, backward,
        update; /* seconds of one step; the rest is laying out the document */
    double nodes;
} Sample;

/* One step, timed by phase. */
static bool time_step(Trainer *trainer, Sample *sample)
{
    double start = processor_seconds(), mark[PHASE_COUNT + 1];

    trainer_advance(trainer, 1);
    for (int phase = PHASE_FORWARD; phase <= PHASE_UPDATE; phase++) {
        mark[phase] = processor_seconds();
        trainer_advance(trainer, trainer_phase_length(trainer, (Phase)phase));
    }
    mark[PHASE_COUNT] = processor_seconds();
    *sample = (Sample){mark[PHASE_COUNT] - start, mark[PHASE_BACKWARD] - mark[PHASE_FORWARD],
                       mark[PHASE_UPDATE] - mark[PHASE_BACKWARD],
                       mark[PHASE_COUNT] - mark[PHASE_UPDATE], trainer->tape.count};
    return !trainer_failed(trainer) && !trainer_finished(trainer);
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void print(const Options *options, const Sample *sample, int count, FILE *stream)
{
    double whole[BENCH_STEPS], sum = 0, forward = 0, backward = 0, update = 0, nodes = 0;

    for (int i = 0; i < count; i++) {
        whole[i] = sample[i].whole;
        sum += sample[i].whole;
        forward += sample[i].forward;
        backward += sample[i].backward;
        update += sample[i].update;
        nodes += sample[i].nodes;
    }
    qsort(whole, (size_t)count, sizeof *whole, compare);
    if (options->json) {
        fprintf(stream,
                "{\"bench\":\"train\",\"engine\":\"tape\",\"unit\":\"us\",\"steps\":%d,\"mean\":%."
                "17g,\"median\":%.17g,"
                "\"min\":%.17g,\"p95\":%.17g,\"nodes_per_second\":%.17g}\n",
                count, 1e6 * sum / count, 1e6 * whole[count / 2], 1e6 * whole[0],
                1e6 * whole[count * 95 / 100], nodes / sum);
        return;
    }
    fprintf(stream,
            _("train, tape: %.0f us a step (mean of %d; median %.0f, least %.0f, p95 %.0f)\n"),
            1e6 * sum / count, count, 1e6 * whole[count / 2], 1e6 * whole[0],
            1e6 * whole[count * 95 / 100]);
    fprintf(stream, _("             %.1f million nodes a second, %.0f nodes a step\n"),
            nodes / sum / 1e6, nodes / count);
    fprintf(stream,
            _("             laying out %.0f%%, forward %.0f%%, backward %.0f%%, update %.0f%%\n"),
            100 * (sum - forward - backward - update) / sum, 100 * forward / sum,
            100 * backward / sum, 100 * update / sum);
}

bool bench_train(const Options *options, const char *data_path, FILE *stream, Error *error)
{
    Sample *sample = sys_alloc(BENCH_STEPS, sizeof *sample);
    Trainer trainer = {0};
    Corpus corpus = {0};
    int count = 0;

    bool done = sample ? corpus_read(&corpus, data_path, error) &&
                             trainer_init(&trainer, &options->settings, &corpus, error)
                       : error_set(error, "out of memory");
    if (done) {
        while (count < BENCH_STEPS && time_step(&trainer, &sample[count]))
            count++;
        done = count > 0 || error_set(error, "the run has no step to measure");
    }
    if (done)
        print(options, sample, count, stream);
    trainer_release(&trainer);
    corpus_release(&corpus);
    sys_free(sample);
    return done;
}

/* ---- seeking --------------------------------------------------------------------------------- */

enum { SEEKS = 500 };

/* A moment anywhere in the run: a step, a phase, and an operation in it. */
static Moment any_moment(const Trainer *trainer, Rng *rng)
{
    Moment moment = {rng_below(rng, (uint32_t)trainer->settings.steps),
                     (Phase)rng_below(rng, PHASE_COUNT), 0};

    if (moment.phase != PHASE_DONE)
        moment.n = rng_below(rng, (uint32_t)trainer_phase_length(trainer, moment.phase));
    return moment;
}

static bool time_seeks(History *history, double milliseconds[SEEKS], Error *error)
{
    const Trainer *trainer = history->trainer;
    Rng rng;

    rng_seed(&rng, 1);
    if (!history_seek(history, (Moment){trainer->settings.steps, PHASE_DONE, 0}))
        return error_set(error, "the run fails at step %lld", (long long)trainer->at.step + 1);
    for (int i = 0; i < SEEKS; i++) {
        Moment to = any_moment(trainer, &rng);
        double start = processor_seconds();
        history_seek(history, to);
        milliseconds[i] = 1e3 * (processor_seconds() - start);
    }
    qsort(milliseconds, SEEKS, sizeof *milliseconds, compare);
    return true;
}

static void print_seeks(const Options *options, const History *history,
                        const double milliseconds[SEEKS], FILE *stream)
{
    double median = milliseconds[SEEKS / 2], p95 = milliseconds[SEEKS * 95 / 100];
    double megabytes =
        (double)history->frames * 3 * history->trainer->gpt.params * sizeof(double) / (1 << 20);

    if (options->json)
        fprintf(stream,
                "{\"bench\":\"seek\",\"unit\":\"ms\",\"median\":%.17g,\"p95\":%.17g,\"keyframes_"
                "mb\":%.17g}\n",
                median, p95, megabytes);
    else
        fprintf(stream,
                _("seek: median %.2f ms, p95 %.2f ms, over %d; keyframes take %.1f MB, one every "
                  "%lld steps\n"),
                median, p95, SEEKS, megabytes, (long long)history->spacing);
}

bool bench_seek(const Options *options, const char *data_path, FILE *stream, Error *error)
{
    double milliseconds[SEEKS];
    Trainer trainer = {0};
    History history = {0};
    Corpus corpus = {0};

    bool done = corpus_read(&corpus, data_path, error) &&
                trainer_init(&trainer, &options->settings, &corpus, error) &&
                history_init(&history, &trainer, HISTORY_BYTES, error) &&
                time_seeks(&history, milliseconds, error);
    if (done)
        print_seeks(options, &history, milliseconds, stream);
    history_release(&history);
    trainer_release(&trainer);
    corpus_release(&corpus);
    return done;
}
