/* Bench of the fused kernels beside the tape, and of models of several sizes. */
#include "app/bench.h"

#include "engine/skip.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 9, ROUND_STEPS = 200, SIZE_ROUNDS = 5, SIZE_STEPS = 20, SERIES = 8 };

static double processor_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

/* One way to run steps: kernels, or the tape where there are none. */
typedef struct Series {
    const FusedKernels *kernels;
    const char *precision;
    Fused fused;
    double us[ROUNDS]; /* of one step */
} Series;

typedef struct Runs {
    Settings settings;
    Corpus corpus;
    Trainer trainer;
    double *start; /* [3 params] as the run begins: value, m, v */
    int *token;
    Series series[SERIES];
    int count;
} Runs;

static bool add_series(Runs *runs, FusedPrecision precision, const char *name, Error *error)
{
    const FusedKernels *kernels = fused_find(precision, name);
    Series *series = &runs->series[runs->count];

    if (!kernels)
        return true;
    *series = (Series){.kernels = kernels,
                       .precision = precision == FUSED_FLOAT64 ? "float64" : "float32"};
    if (!fused_init(&series->fused, kernels, &runs->settings, runs->trainer.gpt.vocab, error))
        return false;
    runs->count++;
    return true;
}

static bool open_runs(Runs *runs, const Settings *settings, const char *data_path, Error *error)
{
    *runs = (Runs){.settings = *settings};
    if (!corpus_read(&runs->corpus, data_path, error) ||
        !trainer_init_closed(&runs->trainer, settings, &runs->corpus, error))
        return false;
    const size_t params = (size_t)runs->trainer.gpt.params;
    runs->start = sys_alloc(3 * params, sizeof(double));
    runs->token = sys_alloc((size_t)runs->trainer.gpt.block_size + 1, sizeof(int));
    if (!runs->start || !runs->token)
        return error_set(error, "out of memory");
    memcpy(runs->start, runs->trainer.value, params * sizeof(double));
    return true;
}

static void close_runs(Runs *runs)
{
    for (int i = 0; i < runs->count; i++)
        if (runs->series[i].kernels)
            fused_release(&runs->series[i].fused);
    trainer_release(&runs->trainer);
    corpus_release(&runs->corpus);
    sys_free(runs->start);
    sys_free(runs->token);
}

static void step_fused(Runs *runs, Fused *fused, int64_t step)
{
    const int64_t document = step % runs->corpus.count;
    int positions =
        corpus_tokens(&runs->corpus, document, runs->token, runs->trainer.gpt.block_size + 1) - 1;
    double loss;

    fused_step(fused, runs->token, positions, &runs->settings, step, &loss);
}

/* The first steps of the run, from its beginning. */
static double time_round(Runs *runs, Series *series, int64_t steps)
{
    const size_t params = (size_t)runs->trainer.gpt.params;
    const double *m = runs->start + params, *v = m + params;

    if (series->kernels)
        fused_load(&series->fused, runs->start, m, v);
    else
        trainer_restore(&runs->trainer, 0, runs->start, m, v);
    double before = processor_seconds();
    for (int64_t step = 0; step < steps; step++)
        if (series->kernels)
            step_fused(runs, &series->fused, step);
        else
            trainer_step(&runs->trainer);
    return 1e6 * (processor_seconds() - before) / (double)steps;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Round by round, each series in turn: what slows the machine for a while slows them all. */
static void time_rounds(Runs *runs, int rounds, int64_t most)
{
    int64_t steps = most < runs->settings.steps ? most : runs->settings.steps;

    for (int round = 0; round < rounds; round++)
        for (int i = 0; i < runs->count; i++)
            runs->series[i].us[round] = time_round(runs, &runs->series[i], steps);
    for (int i = 0; i < runs->count; i++)
        qsort(runs->series[i].us, (size_t)rounds, sizeof(double), compare);
}

/* ---- kernels --------------------------------------------------------------------------------- */

static void print_series(const Options *options, const Runs *runs, int i, FILE *stream)
{
    const Series *series = &runs->series[i];
    const char *name = series->kernels ? series->kernels->name : "tape";
    double median = series->us[ROUNDS / 2], ratio = runs->series[0].us[ROUNDS / 2] / median;

    if (options->json)
        fprintf(stream,
                "{\"bench\":\"fused\",\"engine\":\"%s\",\"precision\":\"%s\",\"unit\":\"us\","
                "\"median\":%.17g,\"min\":%.17g,\"times_the_tape\":%.17g}\n",
                name, series->precision, median, series->us[0], ratio);
    else
        fprintf(stream,
                _("step, %-7s %s: %7.1f us (median of %d; least %.1f), the tape takes %.1f times "
                  "that\n"),
                name, series->precision, median, ROUNDS, series->us[0], ratio);
}

bool bench_fused(const Options *options, const char *data_path, FILE *stream, Error *error)
{
    static const char *const names[] = {"plain", "avx2", "avx512"};
    Runs runs;
    bool done = open_runs(&runs, &options->settings, data_path, error);

    if (done && !fused_can(&options->settings))
        done = error_set(error, "with such options only the tape trains");
    done = done && trainer_open(&runs.trainer, error);
    if (done)
        runs.series[runs.count++] = (Series){.precision = "float64"};
    for (int i = 0; done && i < 6; i++)
        done = add_series(&runs, i < 3 ? FUSED_FLOAT64 : FUSED_FLOAT32, names[i % 3], error);
    if (done) {
        time_rounds(&runs, ROUNDS, ROUND_STEPS);
        for (int i = 0; i < runs.count; i++)
            print_series(options, &runs, i, stream);
        fused_ready(&runs.trainer.fused);
        if (!options->json)
            fprintf(stream, _("the kernels in float64: %s\n"), fused_note(&runs.trainer.fused));
    }
    close_runs(&runs);
    return done;
}

/* ---- sizes ----------------------------------------------------------------------------------- */

static void print_size(const Options *options, const Runs *runs, FILE *stream)
{
    const Settings *settings = &runs->settings;
    const double *us = runs->series[0].us, *us32 = runs->series[1].us;
    const int middle = SIZE_ROUNDS / 2;

    if (options->json)
        fprintf(stream,
                "{\"bench\":\"sizes\",\"n_layer\":%" PRId64 ",\"n_embd\":%" PRId64
                ",\"params\":%d,\"unit\":\"us\",\"float64\":%.17g,\"float32\":%.17g}\n",
                settings->n_layer, settings->n_embd, (int)runs->trainer.gpt.params, us[middle],
                us32[middle]);
    else
        fprintf(stream,
                _("step, layers %" PRId64 ", width %3" PRId64 ", %6d parameters: float64 %6.0f us, "
                  "float32 %6.0f us\n"),
                settings->n_layer, settings->n_embd, (int)runs->trainer.gpt.params, us[middle],
                us32[middle]);
}

static bool time_size(const Options *options, int layers, int width, const char *data_path,
                      FILE *stream, Error *error)
{
    Settings settings = options->settings;
    Runs runs;

    settings.n_layer = layers;
    settings.n_embd = width;
    settings.n_head = 4;
    bool done = open_runs(&runs, &settings, data_path, error) &&
                add_series(&runs, FUSED_FLOAT64, NULL, error) &&
                add_series(&runs, FUSED_FLOAT32, NULL, error);
    if (done) {
        time_rounds(&runs, SIZE_ROUNDS, SIZE_STEPS);
        print_size(options, &runs, stream);
    }
    close_runs(&runs);
    return done;
}

bool bench_sizes(const Options *options, const char *data_path, FILE *stream, Error *error)
{
    static const int layers[] = {1, 2, 4}, widths[] = {16, 32, 64, 128};
    bool done = true;

    for (int l = 0; done && l < 3; l++)
        for (int w = 0; done && w < 4; w++)
            done = time_size(options, layers[l], widths[w], data_path, stream, error);
    return done;
}
