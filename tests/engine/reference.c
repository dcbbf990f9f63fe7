#include "reference.h"

#include "engine/sampler.h"
#include "support.h"
#include <check.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- one comparison -------------------------------------------------------------------------- */

typedef struct Comparison {
    const ReferenceRun *of;
    bool live; /* bits, not nearly */
    int line;
    TestRun run;
    Sampler sampler;
    Rng rng;              /* of sampling */
    double *value, *grad; /* at the end of the backward pass of the step just done */
    int32_t *order; /* of all nodes that its loss depends on, also those that are not visited */
    int32_t order_count;
    int64_t numbers; /* reals compared */
} Comparison;

static void same_whole(const Comparison *c, const char *field, int64_t ours, const json_t *theirs)
{
    ck_assert_msg(json_is_integer(theirs) && json_integer_value(theirs) == ours,
                  "%s:%d: %s: %d, not %d", c->of->name, c->line, field, (int)ours,
                  (int)json_integer_value(theirs));
}

static void same_text(const Comparison *c, const char *field, const char *ours, size_t length,
                      const json_t *theirs)
{
    ck_assert_msg(json_is_string(theirs) && json_string_length(theirs) == length &&
                      memcmp(ours, json_string_value(theirs), length) == 0,
                  "%s:%d: %s: `%.*s`, not `%s`", c->of->name, c->line, field, (int)length, ours,
                  json_string_value(theirs));
}

static double read_real(const json_t *theirs)
{
    return json_is_string(theirs) ? strtod(json_string_value(theirs), NULL) : NAN;
}

/* Live, the same bits; against a stored file nearly the same, in proportion to `size`. */
static void same_real(Comparison *c, const char *field, size_t i, double ours, const json_t *theirs,
                      double size)
{
    double number = read_real(theirs);
    bool same =
        c->live ? memcmp(&ours, &number, sizeof ours) == 0 : fabs(ours - number) <= 1e-12 * size;

    ck_assert_msg(same, "%s:%d: %s[%zu]: %a, not %a", c->of->name, c->line, field, i, ours, number);
    c->numbers++;
}

/* Our numbers: count of them, each stride after the one before. The largest of them is the measure
 * of what is nearly the same: a small one may be what is left of a sum of large terms. */
static void same_reals(Comparison *c, const char *field, const double *ours, int32_t stride,
                       int64_t count, const json_t *theirs)
{
    double size = 0;

    ck_assert_msg(json_is_array(theirs) && (int64_t)json_array_size(theirs) == count,
                  "%s:%d: %s: not %d numbers", c->of->name, c->line, field, (int)count);
    for (size_t i = 0; i < json_array_size(theirs); i++)
        size = fmax(size, fabs(read_real(json_array_get(theirs, i))));
    for (size_t i = 0; i < json_array_size(theirs); i++)
        same_real(c, field, i, ours[(int64_t)i * stride], json_array_get(theirs, i), size);
}

/* A digest tells one bit, so it is compared live only. */
static void same_digest(const Comparison *c, const char *field, const double *ours, int64_t count,
                        const json_t *theirs)
{
    if (c->live)
        same_text(c, field, test_digest_reals(ours, count).text, 64, theirs);
}

/* ---- one function a field -------------------------------------------------------------------- */

static void compare_docs(Comparison *c, const char *field, const json_t *theirs)
{
    same_whole(c, field, c->run.corpus.count, theirs);
}

static void compare_vocab(Comparison *c, const char *field, const json_t *theirs)
{
    same_whole(c, field, corpus_vocab(&c->run.corpus), theirs);
}

static void compare_chars(Comparison *c, const char *field, const json_t *theirs)
{
    const Corpus *corpus = &c->run.corpus;
    char text[1024];
    size_t length = 0;

    ck_assert_int_le(corpus->characters, sizeof text / 4);
    for (int t = 0; t < corpus->characters; t++)
        length += (size_t)corpus_encode(corpus->character[t], text + length);
    same_text(c, field, text, length, theirs);
}

static void compare_count(Comparison *c, const char *field, const json_t *theirs)
{
    same_whole(c, field, c->run.trainer.gpt.params, theirs);
}

static void compare_documents(Comparison *c, const char *field, const json_t *theirs)
{
    const json_t *document;
    size_t i;

    json_array_foreach(theirs, i, document)
    {
        size_t length;
        const char *text = corpus_text(&c->run.corpus, (int64_t)i, &length);
        same_text(c, field, text, length, document);
    }
}

static void compare_tensors(Comparison *c, const char *field, const json_t *theirs)
{
    const json_t *tensor;
    size_t i;

    ck_assert_int_eq(json_array_size(theirs), c->run.trainer.gpt.tensors);
    json_array_foreach(theirs, i, tensor)
    {
        const Tensor *ours = &c->run.trainer.gpt.tensor[i];
        same_text(c, field, ours->name, strlen(ours->name), json_array_get(tensor, 0));
        same_whole(c, field, ours->rows, json_array_get(tensor, 1));
        same_whole(c, field, ours->cols, json_array_get(tensor, 2));
    }
}

static void compare_step(Comparison *c, const char *field, const json_t *theirs)
{
    same_whole(c, field, c->run.trainer.at.step, theirs);
}

static void compare_document(Comparison *c, const char *field, const json_t *theirs)
{
    size_t length;
    const char *text = corpus_text(&c->run.corpus, trainer_document(&c->run.trainer), &length);

    same_text(c, field, text, length, theirs);
}

static void compare_loss(Comparison *c, const char *field, const json_t *theirs)
{
    same_real(c, field, 0, c->run.trainer.loss[c->run.trainer.at.step - 1], theirs, 1);
}

static void compare_rate(Comparison *c, const char *field, const json_t *theirs)
{
    same_real(c, field, 0, trainer_rate(&c->run.trainer), theirs, 1);
}

/* What there is one number a parameter of. */
static const double *parameters(const Comparison *c, const char *field)
{
    const Trainer *trainer = &c->run.trainer;

    return field[0] == 'm'   ? trainer->m
           : field[0] == 'v' ? trainer->v
           : field[0] == 'g' ? c->grad
                             : trainer->value;
}

static void compare_parameters(Comparison *c, const char *field, const json_t *theirs)
{
    same_reals(c, field, parameters(c, field), 1, c->run.trainer.gpt.params, theirs);
}

static void compare_parameters_digest(Comparison *c, const char *field, const json_t *theirs)
{
    same_digest(c, field, parameters(c, field), c->run.trainer.gpt.params, theirs);
}

static void compare_attention(Comparison *c, const char *field, const json_t *theirs)
{
    const Gpt *gpt = &c->run.trainer.gpt;
    const json_t *head;
    size_t i;

    int looks = gpt->options.attention == ATTENTION_OFF ? 0 : gpt->n_layer * gpt->n_head;
    ck_assert_int_eq(json_array_size(theirs), gpt->positions * looks);
    json_array_foreach(theirs, i, head)
    {
        Place place = {PART_SCORE, (int)json_integer_value(json_object_get(head, "pos")),
                       (int)json_integer_value(json_object_get(head, "layer")),
                       (int)json_integer_value(json_object_get(head, "head"))};
        TapeRange score = gpt_span(gpt, place)->out;
        place.part = PART_WEIGHT;
        TapeRange weight = gpt_span(gpt, place)->out;
        same_reals(c, field, c->value + score.first, score.stride, score.count,
                   json_object_get(head, "scores"));
        same_reals(c, field, c->value + weight.first, weight.stride, weight.count,
                   json_object_get(head, "weights"));
    }
}

static void compare_nodes(Comparison *c, const char *field, const json_t *theirs)
{
    same_whole(c, field, c->run.trainer.tape.count, theirs);
}

static void compare_reachable(Comparison *c, const char *field, const json_t *theirs)
{
    same_whole(c, field, c->order_count, theirs);
    same_whole(c, field, tape_reachable(&c->run.trainer.tape), theirs);
}

/* How many nodes of the order have an op of that name: several ops are shown as "const". */
static int64_t count_op(const Comparison *c, const char *name)
{
    const TapeNode *node = c->run.trainer.tape.node;
    int64_t count = 0;

    for (int32_t i = 0; i < c->order_count; i++)
        count += strcmp(tape_ops[node[c->order[i]].op].name, name) == 0;
    return count;
}

static void compare_ops(Comparison *c, const char *field, const json_t *theirs)
{
    const json_t *count;
    const char *name;
    int64_t total = 0;

    json_object_foreach((json_t *)theirs, name, count)
    {
        same_whole(c, name, count_op(c, name), count);
        total += json_integer_value(count);
    }
    ck_assert_msg(total == c->order_count, "%s: %s", c->of->name, field);
}

/* Places that an option left out have no nodes, and no name in the reference run. */
static int places(const Gpt *gpt)
{
    int count = 0;

    for (int i = 0; i < gpt->spans; i++)
        count += gpt->span[i].end > gpt->span[i].first;
    return count;
}

static void compare_scopes(Comparison *c, const char *field, const json_t *theirs)
{
    const Gpt *gpt = &c->run.trainer.gpt;
    const json_t *count;
    const char *name;

    ck_assert_msg((int)json_object_size(theirs) == places(gpt) + 1, "%s: %s", c->of->name, field);
    json_object_foreach((json_t *)theirs, name, count)
    {
        Place place;
        if (strcmp(name, "param") == 0) {
            same_whole(c, name, gpt->params, count);
            continue;
        }
        ck_assert_msg(place_parse(name, strlen(name), &place), "%s", name);
        const Span *span = gpt_span(gpt, place);
        ck_assert_msg(span, "%s", name);
        same_whole(c, name, span->end - span->first, count);
    }
}

static void compare_values_digest(Comparison *c, const char *field, const json_t *theirs)
{
    same_digest(c, field, c->value, c->run.trainer.tape.count, theirs);
}

static void compare_grads_digest(Comparison *c, const char *field, const json_t *theirs)
{
    same_digest(c, field, c->grad, c->run.trainer.tape.count, theirs);
}

static void compare_order_digest(Comparison *c, const char *field, const json_t *theirs)
{
    same_text(c, field, test_digest_indices(c->order, c->order_count).text, 64, theirs);
}

static void compare_sample(Comparison *c, const char *field, const json_t *theirs)
{
    (void)c, (void)field;
    ck_assert(json_is_integer(theirs));
}

static void compare_text(Comparison *c, const char *field, const json_t *theirs)
{
    char text[4 * 64];
    size_t length = 0;

    ck_assert_int_le(c->sampler.length, 64);
    for (int i = 1; i < c->sampler.length; i++)
        length +=
            (size_t)corpus_encode(c->run.corpus.character[c->sampler.token[i]], text + length);
    same_text(c, field, text, length, theirs);
}

/* ---- lines ----------------------------------------------------------------------------------- */

/* The kinds of lines that the reference run prints, each known by its first field. */
typedef enum Kind { KIND_HEAD, KIND_STEP, KIND_SAMPLE, KIND_COUNT } Kind;

static const char *const kind_names[KIND_COUNT] = {"docs", "step", "sample"};

static const struct {
    Kind kind;
    const char *name;
    void (*compare)(Comparison *c, const char *field, const json_t *theirs);
} fields[] = {
    {KIND_HEAD, "docs", compare_docs},
    {KIND_HEAD, "vocab", compare_vocab},
    {KIND_HEAD, "chars", compare_chars},
    {KIND_HEAD, "params", compare_count},
    {KIND_HEAD, "first_docs", compare_documents},
    {KIND_HEAD, "tensors", compare_tensors},
    {KIND_STEP, "step", compare_step},
    {KIND_STEP, "doc", compare_document},
    {KIND_STEP, "loss", compare_loss},
    {KIND_STEP, "lr", compare_rate},
    {KIND_STEP, "params", compare_parameters},
    {KIND_STEP, "m", compare_parameters},
    {KIND_STEP, "v", compare_parameters},
    {KIND_STEP, "grads", compare_parameters},
    {KIND_STEP, "params_sha256", compare_parameters_digest},
    {KIND_STEP, "m_sha256", compare_parameters_digest},
    {KIND_STEP, "v_sha256", compare_parameters_digest},
    {KIND_STEP, "grads_sha256", compare_parameters_digest},
    {KIND_STEP, "attention", compare_attention},
    {KIND_STEP, "nodes", compare_nodes},
    {KIND_STEP, "reachable", compare_reachable},
    {KIND_STEP, "ops", compare_ops},
    {KIND_STEP, "scopes", compare_scopes},
    {KIND_STEP, "values_sha256", compare_values_digest},
    {KIND_STEP, "all_grads_sha256", compare_grads_digest},
    {KIND_STEP, "postorder_sha256", compare_order_digest},
    {KIND_SAMPLE, "sample", compare_sample},
    {KIND_SAMPLE, "text", compare_text},
};

static void compare_field(Comparison *c, Kind kind, const char *name, const json_t *theirs)
{
    for (size_t i = 0; i < COUNT(fields); i++)
        if (fields[i].kind == kind && strcmp(fields[i].name, name) == 0) {
            fields[i].compare(c, name, theirs);
            return;
        }
    ck_abort_msg("the reference run prints `%s`, which is not compared", name);
}

/* What a backward pass visits are the nodes of the whole order that have inputs. */
static void find_order(Comparison *c)
{
    const Tape *tape = &c->run.trainer.tape;
    int32_t visits = 0;

    c->order_count = test_postorder(tape, c->run.trainer.loss_node, c->order);
    for (int32_t i = 0; i < c->order_count; i++)
        if (tape_input(tape, c->order[i], 0) >= 0)
            ck_assert_int_eq(tape->order[visits++], c->order[i]);
    ck_assert_int_eq(visits, tape->order_count);
}

/* Goes on to the end of `step`, and keeps what stands on the tape before its update. */
static void run_step(Comparison *c, int64_t step)
{
    Trainer *trainer = &c->run.trainer;

    if (step == 0)
        return;
    trainer_advance(trainer, 1);
    trainer_advance(trainer, trainer_phase_length(trainer, PHASE_FORWARD));
    trainer_advance(trainer, trainer_phase_length(trainer, PHASE_BACKWARD));
    ck_assert_int_eq(trainer->at.phase, PHASE_UPDATE);
    memcpy(c->value, trainer->value, (size_t)trainer->tape.count * sizeof(double));
    memcpy(c->grad, trainer->grad, (size_t)trainer->tape.count * sizeof(double));
    find_order(c);
    trainer_step(trainer);
}

static void write_sample(Comparison *c)
{
    sampler_begin(&c->sampler, c->run.trainer.value);
    while (sampler_next(&c->sampler, c->run.settings.temperature, &c->rng))
        ;
}

static void compare_line(Comparison *c, json_t *line)
{
    const json_t *value;
    const char *name;
    Kind kind = KIND_HEAD;

    while (kind < KIND_COUNT && !json_object_get(line, kind_names[kind]))
        kind++;
    if (kind == KIND_STEP)
        run_step(c, json_integer_value(json_object_get(line, "step")));
    if (kind == KIND_SAMPLE)
        write_sample(c);
    json_object_foreach(line, name, value) compare_field(c, kind, name, value);
}

static void comparison_open(Comparison *c, const ReferenceRun *of, bool live)
{
    Error error;

    *c = (Comparison){.of = of, .live = live};
    test_run_open(&c->run, of->data, of->options);
    ck_assert_msg(sampler_init(&c->sampler, &c->run.settings, corpus_vocab(&c->run.corpus), &error),
                  "%s", error.text);
    c->rng = c->run.trainer.rng;
    c->value = calloc((size_t)c->run.trainer.tape.capacity, sizeof(double));
    c->grad = calloc((size_t)c->run.trainer.tape.capacity, sizeof(double));
    c->order = calloc((size_t)c->run.trainer.tape.capacity, sizeof *c->order);
}

static void comparison_close(Comparison *c)
{
    sampler_release(&c->sampler);
    test_run_close(&c->run);
    free(c->value);
    free(c->grad);
    free(c->order);
}

void reference_compare(const ReferenceRun *of, bool live, FILE *output, int64_t steps)
{
    Comparison c;
    char *text = NULL;
    size_t room = 0;

    comparison_open(&c, of, live);
    for (ssize_t length; (length = getline(&text, &room, output)) > 0;) {
        json_t *line = json_loadb(text, (size_t)length, 0, NULL);
        c.line++;
        ck_assert_msg(line, "%s:%d: not JSON", of->name, c.line);
        compare_line(&c, line);
        json_decref(line);
    }
    free(text);
    ck_assert_int_ge(c.run.trainer.at.step, steps);
    ck_assert_int_gt(c.numbers, 2 * c.run.trainer.gpt.params);
    comparison_close(&c);
}
