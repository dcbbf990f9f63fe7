/* Bench of precision: one run in float64 and in float32, side by side. */
#include "app/bench.h"

#include "app/json.h"
#include "engine/skip.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <math.h>
#include <stdio.h>

/* The same run twice; each shuffles documents of its own, in the same way. */
typedef struct Side {
    Corpus corpus;
    Trainer trainer;
    double *numbers; /* [3 params] as the kernels have them: value, m, v */
} Side;

enum { EXACT, ROUNDED, SIDES };

typedef struct Pair {
    Side side[SIDES];
    int64_t loss_from;    /* the first step whose loss differs, from 1 on; 0: none yet */
    int64_t printed_from; /* ... also as it is printed */
} Pair;

static bool open_side(Side *side, const Settings *settings, int64_t precision,
                      const char *data_path, Error *error)
{
    Settings of = *settings;

    of.precision = precision;
    if (!corpus_read(&side->corpus, data_path, error) ||
        !trainer_init_closed(&side->trainer, &of, &side->corpus, error))
        return false;
    side->numbers = sys_alloc(3 * (size_t)side->trainer.gpt.params, sizeof *side->numbers);
    if (!side->numbers)
        return error_set(error, "out of memory");
    return skip_begin(&side->trainer) ||
           error_set(error, "with such options, or on this machine, only the tape trains");
}

static void close_side(Side *side)
{
    trainer_release(&side->trainer);
    corpus_release(&side->corpus);
    sys_free(side->numbers);
}

/* ---- the beginning --------------------------------------------------------------------------- */

/* Before any operation: a parameter as it was drawn, and what is left of it in float32. */
static void print_rounding(const Options *options, const Trainer *trainer, FILE *stream)
{
    int32_t first = -1, count = 0;

    for (int32_t i = trainer->gpt.params - 1; i >= 0; i--)
        if ((double)(float)trainer->value[i] != trainer->value[i]) {
            first = i;
            count++;
        }
    if (first < 0)
        return;
    const Tensor *tensor = gpt_tensor_of(&trainer->gpt, first);
    const double drawn = trainer->value[first];
    char name[64];
    snprintf(name, sizeof name, "%s[%d][%d]", tensor->name,
             (int)((first - tensor->first) / tensor->cols),
             (int)((first - tensor->first) % tensor->cols));
    if (options->json)
        fprintf(stream,
                "{\"bench\":\"precision\",\"first\":\"%s\",\"float64\":%.17g,\"float32\":%.17g,"
                "\"rounded\":%d,\"params\":%d}\n",
                name, drawn, (double)(float)drawn, (int)count, (int)trainer->gpt.params);
    else
        fprintf(stream,
                _("precision: the first number that differs is %s, as it is drawn: %.17g in "
                  "float64,\n           %.17g in float32; %d of %d parameters are rounded\n"),
                name, drawn, (double)(float)drawn, (int)count, (int)trainer->gpt.params);
}

/* ---- steps ----------------------------------------------------------------------------------- */

static double parameters_apart(const Pair *pair)
{
    const int32_t params = pair->side[EXACT].trainer.gpt.params;
    double most = 0;

    for (int i = 0; i < SIDES; i++) {
        double *numbers = pair->side[i].numbers;
        skip_keep(&pair->side[i].trainer, numbers, numbers + params, numbers + 2 * params);
    }
    for (int32_t i = 0; i < params; i++)
        most = fmax(most, fabs(pair->side[EXACT].numbers[i] - pair->side[ROUNDED].numbers[i]));
    return most;
}

static void print_step(const Options *options, const Pair *pair, int64_t step, FILE *stream)
{
    const double exact = pair->side[EXACT].trainer.loss[step - 1],
                 rounded = pair->side[ROUNDED].trainer.loss[step - 1];

    if (options->json) {
        fprintf(stream, "{\"bench\":\"precision\",\"step\":%lld", (long long)step);
        json_print_member(stream, "float64", 0);
        json_print_real(stream, exact);
        json_print_member(stream, "float32", 0);
        json_print_real(stream, rounded);
        json_print_member(stream, "parameters_apart", 0);
        json_print_real(stream, parameters_apart(pair));
        fputs("}\n", stream);
    } else {
        fprintf(stream,
                _("           step %6lld: loss %.9f and %.9f, apart by %.1e; parameters by at most "
                  "%.1e\n"),
                (long long)step, exact, rounded, fabs(exact - rounded), parameters_apart(pair));
    }
}

static bool same_as_printed(double a, double b)
{
    return round(a * 1e4) == round(b * 1e4);
}

/* One step of both. Returns false at the end, or where a loss is not a finite number. */
static bool step_both(Pair *pair)
{
    Trainer *exact = &pair->side[EXACT].trainer, *rounded = &pair->side[ROUNDED].trainer;
    const int64_t step = exact->at.step + 1;

    if (trainer_finished(exact) || !skip_to(exact, step) || !skip_to(rounded, step))
        return false;
    if (pair->loss_from == 0 && exact->loss[step - 1] != rounded->loss[step - 1])
        pair->loss_from = step;
    if (pair->printed_from == 0 && !same_as_printed(exact->loss[step - 1], rounded->loss[step - 1]))
        pair->printed_from = step;
    return true;
}

/* Steps 1, 2, 5, 10, 20, ... and the last. */
static void compare_steps(const Options *options, Pair *pair, FILE *stream)
{
    static const int64_t next[] = {2, 5, 10};
    int64_t due = 1, scale = 1, step = 0;
    int k = 0;

    while (step_both(pair)) {
        step = pair->side[EXACT].trainer.at.step;
        if (step == due || step == options->settings.steps)
            print_step(options, pair, step, stream);
        if (step < due)
            continue;
        due = next[k] * scale;
        scale = k == 2 ? 10 * scale : scale;
        k = (k + 1) % 3;
    }
}

static void print_first(const Options *options, const Pair *pair, FILE *stream)
{
    const long long loss = (long long)pair->loss_from, printed = (long long)pair->printed_from;

    if (options->json) {
        fprintf(stream,
                "{\"bench\":\"precision\",\"loss_differs_from\":%lld,\"printed_from\":%lld}\n",
                loss, printed);
        return;
    }
    if (loss == 0)
        fprintf(stream, "           no loss differs\n");
    else if (printed == 0)
        fprintf(stream,
                "           losses differ from step %lld on, in the four digits that are "
                "printed never\n",
                loss);
    else
        fprintf(stream,
                "           losses differ from step %lld on, in the four digits that are "
                "printed first at step %lld\n",
                loss, printed);
}

bool bench_precision(const Options *options, const char *data_path, FILE *stream, Error *error)
{
    Pair pair = {0};
    bool done =
        open_side(&pair.side[EXACT], &options->settings, PRECISION_FLOAT64, data_path, error) &&
        open_side(&pair.side[ROUNDED], &options->settings, PRECISION_FLOAT32, data_path, error);

    if (done) {
        print_rounding(options, &pair.side[EXACT].trainer, stream);
        compare_steps(options, &pair, stream);
        print_first(options, &pair, stream);
    }
    for (int i = 0; i < SIDES; i++)
        close_side(&pair.side[i]);
    return done;
}
