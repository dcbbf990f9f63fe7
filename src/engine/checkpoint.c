#include "engine/checkpoint.h"

#include "engine/sys.h"
#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define FORMAT "gptoscope 1"
#define BEGIN "begin" /* an array that only some have */

/* What there is of every parameter. */
enum { OF_VALUE, OF_M, OF_V, OF_GRAD, OF_COUNT };
static const char *const prefixes[OF_COUNT] = {"", "adam.m.", "adam.v.", "grad."};

enum {
    NAME_ROOM = 48,    /* prefix and name of a tensor */
    WORD_DIGITS = 8,   /* hexadecimal, of one of the random numbers' words */
    GAUSS_DIGITS = 16, /* hexadecimal, of a double's bits */
    OWN_TEXTS = 10,    /* besides the settings */
    FILE_LIMIT = 8 + SAFETENSORS_HEADER_LIMIT + SAFETENSORS_DATA_LIMIT
};

static bool refuse(Error *error, const char *path, const Error *reason)
{
    return error_set(error, "%.300s: %s", path, reason->text);
}

static void name_array(char name[NAME_ROOM], int of, const Tensor *tensor)
{
    snprintf(name, NAME_ROOM, "%s%s", prefixes[of], tensor->name);
}

/* How many of these a saved run has: gradients only where the next step begins with them. */
static int kinds_of(const Settings *settings)
{
    return settings->zero_grad ? OF_GRAD : OF_COUNT;
}

bool checkpoint_fits(const Settings *settings, int vocab, Error *error)
{
    /* A tape without a position is the parameters and three nodes more. */
    int64_t numbers = kinds_of(settings) * gpt_nodes(settings, vocab, 0) + settings->steps;
    int64_t bytes = numbers * (int64_t)sizeof(double);
    if (bytes <= SAFETENSORS_DATA_LIMIT)
        return true;
    return error_set(error,
                     "a run of this model and %" PRId64 " steps takes %" PRId64
                     " MB when saved, the limit is %d MB",
                     settings->steps, (bytes >> 20) + 1, SAFETENSORS_DATA_LIMIT >> 20);
}

/* ---- saving ---------------------------------------------------------------------------------- */

static void add_whole(SafetensorsWriter *writer, const char *name, int64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, number);
    safetensors_add_text(writer, name, text);
}

static void add_settings(SafetensorsWriter *writer, const Settings *settings)
{
    for (int i = 0; i < settings_count; i++) {
        char text[64];
        settings_print(settings, &settings_table[i], text, sizeof text);
        safetensors_add_text(writer, settings_table[i].name, text);
    }
}

static void add_rng(SafetensorsWriter *writer, const Rng *rng)
{
    char words[RNG_WORDS * WORD_DIGITS + 1], gauss[GAUSS_DIGITS + 1] = "";
    uint64_t bits;
    for (int i = 0; i < RNG_WORDS; i++)
        snprintf(words + i * WORD_DIGITS, WORD_DIGITS + 1, "%08" PRIx32, rng->word[i]);
    memcpy(&bits, &rng->gauss_next, sizeof bits);
    if (rng->gauss_kept)
        snprintf(gauss, sizeof gauss, "%016" PRIx64, bits);
    safetensors_add_text(writer, "rng", words);
    add_whole(writer, "rng_next", rng->next);
    safetensors_add_text(writer, "rng_gauss", gauss);
}

/* Returns false when there is no memory. */
static bool add_characters(SafetensorsWriter *writer, const Corpus *corpus)
{
    char *text = sys_alloc((size_t)corpus->characters + 1, 4), *end = text;
    if (!text)
        return false;
    for (int i = 0; i < corpus->characters; i++)
        end += corpus_encode(corpus->character[i], end);
    safetensors_add_text(writer, "characters", text);
    sys_free(text);
    return true;
}

static void add_arrays(SafetensorsWriter *writer, const Trainer *trainer)
{
    const double *numbers[OF_COUNT] = {trainer->value, trainer->m, trainer->v, trainer->grad};
    uint64_t steps = (uint64_t)trainer->at.step;
    for (int of = 0; of < kinds_of(&trainer->settings); of++)
        for (int i = 0; i < trainer->gpt.tensors; i++) {
            const Tensor *tensor = &trainer->gpt.tensor[i];
            uint64_t shape[] = {(uint64_t)tensor->rows, (uint64_t)tensor->cols};
            char name[NAME_ROOM];
            name_array(name, of, tensor);
            safetensors_add_array(writer, name, shape, 2, numbers[of] + tensor->first);
        }
    safetensors_add_array(writer, "history.loss", &steps, 1, trainer->loss);
}

/* A run that has left the finite numbers cannot go on, and is not read back. */
static bool check_finite(const Trainer *trainer, Error *error)
{
    for (int32_t i = 0; i < trainer->gpt.params; i++)
        if (!isfinite(trainer->value[i]) || !isfinite(trainer->m[i]) || !isfinite(trainer->v[i]) ||
            (!trainer->settings.zero_grad && !isfinite(trainer->grad[i])))
            return error_set(error, "not saved: the training of %s has gone to infinity",
                             gpt_tensor_of(&trainer->gpt, i)->name);
    return true;
}

bool checkpoint_save(const Trainer *trainer, const char *path, Error *error)
{
    return checkpoint_save_session(trainer, "", path, error);
}

bool checkpoint_save_session(const Trainer *trainer, const char *session, const char *path,
                             Error *error)
{
    SafetensorsWriter writer;
    bool saved = checkpoint_write(trainer, session, &writer, path, error) &&
                 safetensors_save(&writer, path, error);
    safetensors_end(&writer);
    return saved;
}

bool checkpoint_write(const Trainer *trainer, const char *session, SafetensorsWriter *writer,
                      const char *path, Error *error)
{
    Error reason;
    *writer = (SafetensorsWriter){0};
    assert(trainer->at.phase != PHASE_UPDATE || trainer->at.n == 0);
    if (!checkpoint_fits(&trainer->settings, corpus_vocab(trainer->corpus), &reason) ||
        !check_finite(trainer, &reason))
        return refuse(error, path, &reason);
    safetensors_begin(writer);
    safetensors_add_text(writer, "format", FORMAT);
    add_settings(writer, &trainer->settings);
    add_whole(writer, "step", trainer->at.step);
    safetensors_add_text(writer, "data", trainer->corpus->source);
    add_whole(writer, "documents", trainer->corpus->count);
    safetensors_add_text(writer, "session", session);
    add_rng(writer, &trainer->rng);
    if (!add_characters(writer, trainer->corpus))
        return error_set(error, "%.300s: not saved: out of memory", path);
    add_arrays(writer, trainer);
    return true;
}

/* ---- reading texts --------------------------------------------------------------------------- */

static bool read_text(const Safetensors *file, const char *name, const char **text, Error *error)
{
    *text = safetensors_text(file, name);
    return *text || error_set(error, "not a run saved by this program: it lacks %s", name);
}

static bool read_whole(const Safetensors *file, const char *name, int64_t least, int64_t most,
                       int64_t *number, Error *error)
{
    const char *text;
    if (!read_text(file, name, &text, error))
        return false;
    *number = 0;
    for (const char *digit = text; *digit; digit++)
        if (*digit < '0' || *digit > '9' || __builtin_mul_overflow(*number, 10, number) ||
            __builtin_add_overflow(*number, *digit - '0', number))
            return error_set(error, "%s: %.40s is not a whole number", name, text);
    if (!*text || *number < least || *number > most)
        return error_set(error, "%s: %.40s is not from %" PRId64 " to %" PRId64, name, text, least,
                         most);
    return true;
}

static bool read_format(const Safetensors *file, Error *error)
{
    const char *format;
    if (!read_text(file, "format", &format, error))
        return false;
    if (strcmp(format, FORMAT) != 0)
        return error_set(error, "saved in the format %.40s: this program reads %s", format, FORMAT);
    if (safetensors_texts(file) != (size_t)settings_count + OWN_TEXTS)
        return error_set(error, "it holds more than a saved run: %zu texts, not %d",
                         safetensors_texts(file), settings_count + OWN_TEXTS);
    return true;
}

static bool read_settings(const Safetensors *file, Settings *settings, Error *error)
{
    for (int i = 0; i < settings_count; i++) {
        const char *text;
        if (!read_text(file, settings_table[i].name, &text, error) ||
            !settings_parse(settings, &settings_table[i], text, error))
            return false;
    }
    return settings_check(settings, error);
}

static bool read_hexadecimal(const char *text, int digits, uint64_t *bits)
{
    static const char all[] = "0123456789abcdef";
    *bits = 0;
    for (int i = 0; i < digits; i++) {
        const char *digit = text[i] ? strchr(all, text[i]) : NULL;
        if (!digit)
            return false;
        *bits = *bits << 4 | (uint64_t)(digit - all);
    }
    return true;
}

static bool read_gauss(const char *text, Rng *rng)
{
    uint64_t bits;
    rng->gauss_kept = *text != 0;
    if (!rng->gauss_kept)
        return true;
    if (strlen(text) != GAUSS_DIGITS || !read_hexadecimal(text, GAUSS_DIGITS, &bits))
        return false;
    memcpy(&rng->gauss_next, &bits, sizeof bits);
    return isfinite(rng->gauss_next);
}

static bool read_rng(const Safetensors *file, Rng *rng, Error *error)
{
    const char *words, *gauss;
    int64_t next;
    if (!read_text(file, "rng", &words, error) || !read_text(file, "rng_gauss", &gauss, error) ||
        !read_whole(file, "rng_next", 0, RNG_WORDS, &next, error))
        return false;
    if (strlen(words) != RNG_WORDS * WORD_DIGITS)
        return error_set(error, "rng: not %d words", RNG_WORDS);
    for (int i = 0; i < RNG_WORDS; i++) {
        uint64_t bits;
        if (!read_hexadecimal(words + i * WORD_DIGITS, WORD_DIGITS, &bits))
            return error_set(error, "rng: word %d is not hexadecimal", i);
        rng->word[i] = (uint32_t)bits;
    }
    rng->next = (int)next;
    return read_gauss(gauss, rng) || error_set(error, "rng_gauss: not the bits of a number");
}

static bool read_characters(const Safetensors *file, Checkpoint *checkpoint, Error *error)
{
    const char *text;
    if (!read_text(file, "characters", &text, error))
        return false;
    size_t left = strlen(text);
    checkpoint->character = sys_alloc(left, sizeof *checkpoint->character);
    if (!checkpoint->character)
        return error_set(error, "out of memory");
    while (left > 0) {
        uint32_t *character = &checkpoint->character[checkpoint->characters];
        int n = corpus_decode(text, left, character);
        if (n == 0)
            return error_set(error, "characters: not UTF-8");
        if (checkpoint->characters > 0 && character[0] <= character[-1])
            return error_set(error, "characters: U+%04" PRIX32 " does not come after U+%04" PRIX32,
                             character[0], character[-1]);
        checkpoint->characters++;
        text += n;
        left -= (size_t)n;
    }
    return checkpoint->characters > 0 || error_set(error, "characters: there are none");
}

static bool read_source(const Safetensors *file, Checkpoint *checkpoint, Error *error)
{
    const char *name;
    if (!read_text(file, "data", &name, error))
        return false;
    if (strlen(name) >= sizeof checkpoint->data)
        return error_set(error, "data: a name of %zu bytes", strlen(name));
    memcpy(checkpoint->data, name, strlen(name) + 1);
    return read_whole(file, "documents", 1, CORPUS_COUNT_LIMIT, &checkpoint->documents, error);
}

static bool read_session(const Safetensors *file, Checkpoint *checkpoint, Error *error)
{
    const char *text;
    if (!read_text(file, "session", &text, error))
        return false;
    size_t length = strlen(text);
    if (length > CHECKPOINT_SESSION_LIMIT)
        return error_set(error, "session: %zu bytes, the limit is %d", length,
                         CHECKPOINT_SESSION_LIMIT);
    checkpoint->session = sys_alloc(length + 1, 1);
    if (!checkpoint->session)
        return error_set(error, "out of memory");
    memcpy(checkpoint->session, text, length);
    return true;
}

static bool read_texts(const Safetensors *file, Checkpoint *checkpoint, Error *error)
{
    Settings *settings = &checkpoint->settings;
    return read_format(file, error) && read_settings(file, settings, error) &&
           read_whole(file, "step", 0, settings->steps, &checkpoint->step, error) &&
           read_source(file, checkpoint, error) && read_rng(file, &checkpoint->rng, error) &&
           read_characters(file, checkpoint, error) && read_session(file, checkpoint, error);
}

/* ---- reading numbers ------------------------------------------------------------------------- */

static bool find_array(const Safetensors *file, int of, const Tensor *tensor,
                       const SafetensorsArray **array, Error *error)
{
    char name[NAME_ROOM];
    name_array(name, of, tensor);
    *array = safetensors_array(file, name);
    if (!*array)
        return error_set(error, "not a run saved by this program: it lacks %s", name);
    if ((*array)->dimensions != 2 || (*array)->shape[0] != (uint64_t)tensor->rows ||
        (*array)->shape[1] != (uint64_t)tensor->cols)
        return error_set(error, "%s is not of %" PRId32 " rows and %" PRId32 " columns", name,
                         tensor->rows, tensor->cols);
    return true;
}

static bool find_losses(const Safetensors *file, int64_t step, const SafetensorsArray **array,
                        Error *error)
{
    *array = safetensors_array(file, "history.loss");
    if (!*array || (*array)->dimensions != 1 || (*array)->shape[0] != (uint64_t)step)
        return error_set(
            error, "history.loss does not hold one loss for each of the %" PRId64 " steps", step);
    return true;
}

/* Every array is there in its shape, and no other: before any memory is taken for them. */
static bool check_arrays(const Safetensors *file, const Gpt *gpt, int64_t step, Error *error)
{
    const SafetensorsArray *array;
    const int kinds = kinds_of(&gpt->options);
    for (int of = 0; of < kinds; of++)
        for (int i = 0; i < gpt->tensors; i++)
            if (!find_array(file, of, &gpt->tensor[i], &array, error))
                return false;
    if (!find_losses(file, step, &array, error))
        return false;
    const size_t arrays = (size_t)(kinds * gpt->tensors + 1 + (safetensors_array(file, BEGIN) != 0));
    if (file->arrays != arrays)
        return error_set(error, "it holds more than a saved run: %zu arrays, not %zu", file->arrays,
                         arrays);
    return true;
}

static bool allocate(Checkpoint *checkpoint, Error *error)
{
    size_t params = (size_t)checkpoint->params;
    checkpoint->value = sys_alloc(params, sizeof(double));
    checkpoint->m = sys_alloc(params, sizeof(double));
    checkpoint->v = sys_alloc(params, sizeof(double));
    checkpoint->grad = sys_alloc(params, sizeof(double));
    checkpoint->loss = sys_alloc((size_t)checkpoint->step, sizeof(double));
    return (checkpoint->value && checkpoint->m && checkpoint->v && checkpoint->grad &&
            checkpoint->loss) ||
           error_set(error, "out of memory");
}

/* Of a session with branches that do not begin at moment 0; whoever reads the session knows the
 * shape. */
static bool copy_begin(const Safetensors *file, Checkpoint *checkpoint, Error *error)
{
    const SafetensorsArray *array = safetensors_array(file, BEGIN);
    if (!array)
        return true;
    checkpoint->begin = sys_alloc(array->count, sizeof *checkpoint->begin);
    checkpoint->begins = (int64_t)array->count;
    return checkpoint->begin ? safetensors_numbers(file, array, checkpoint->begin, error)
                             : error_set(error, "out of memory");
}

/* A mean of squares; Adam takes its root. */
static bool check_squares(const Checkpoint *checkpoint, Error *error)
{
    for (int32_t i = 0; i < checkpoint->params; i++)
        if (checkpoint->v[i] < 0)
            return error_set(error, "a number of adam.v is negative");
    return true;
}

static bool copy_arrays(const Safetensors *file, const Gpt *gpt, Checkpoint *checkpoint,
                        Error *error)
{
    double *const numbers[OF_COUNT] = {checkpoint->value, checkpoint->m, checkpoint->v,
                                         checkpoint->grad};
    const SafetensorsArray *array;
    for (int of = 0; of < kinds_of(&checkpoint->settings); of++)
        for (int i = 0; i < gpt->tensors; i++)
            if (!find_array(file, of, &gpt->tensor[i], &array, error) ||
                !safetensors_numbers(file, array, numbers[of] + gpt->tensor[i].first, error))
                return false;
    return find_losses(file, checkpoint->step, &array, error) &&
           safetensors_numbers(file, array, checkpoint->loss, error) &&
           copy_begin(file, checkpoint, error) && check_squares(checkpoint, error);
}

static bool read_arrays(const Safetensors *file, Checkpoint *checkpoint, Error *error)
{
    Gpt gpt;
    int vocab = checkpoint->characters + 1;
    if (!checkpoint_fits(&checkpoint->settings, vocab, error) ||
        !gpt_init(&gpt, &checkpoint->settings, vocab, error))
        return false;
    checkpoint->params = gpt.params;
    bool good = check_arrays(file, &gpt, checkpoint->step, error) && allocate(checkpoint, error) &&
                copy_arrays(file, &gpt, checkpoint, error);
    gpt_release(&gpt);
    return good;
}

bool checkpoint_parse(Checkpoint *checkpoint, const char *bytes, size_t length, const char *path,
                      Error *error)
{
    Safetensors file;
    Error reason;
    *checkpoint = (Checkpoint){0};
    bool good = safetensors_parse(&file, bytes, length, &reason);
    if (good) {
        good = read_texts(&file, checkpoint, &reason) && read_arrays(&file, checkpoint, &reason);
        safetensors_release(&file);
    }
    if (good)
        return true;
    checkpoint_release(checkpoint);
    return refuse(error, path, &reason);
}

bool checkpoint_read(Checkpoint *checkpoint, const char *path, Error *error)
{
    char *bytes;
    size_t length;
    *checkpoint = (Checkpoint){0};
    if (!sys_read_file(path, FILE_LIMIT, &bytes, &length, error))
        return false;
    bool good = checkpoint_parse(checkpoint, bytes, length, path, error);
    sys_free(bytes);
    return good;
}

void checkpoint_release(Checkpoint *checkpoint)
{
    sys_free(checkpoint->character);
    sys_free(checkpoint->value);
    sys_free(checkpoint->m);
    sys_free(checkpoint->v);
    sys_free(checkpoint->grad);
    sys_free(checkpoint->loss);
    sys_free(checkpoint->session);
    sys_free(checkpoint->begin);
    *checkpoint = (Checkpoint){0};
}

/* ---- going on -------------------------------------------------------------------------------- */

static bool same_model(const Settings *a, const Settings *b)
{
    return a->n_layer == b->n_layer && a->n_embd == b->n_embd && a->n_head == b->n_head &&
           a->block_size == b->block_size;
}

static bool same_alphabet(const Checkpoint *checkpoint, const Corpus *corpus)
{
    return checkpoint->characters == corpus->characters &&
           memcmp(checkpoint->character, corpus->character,
                  (size_t)corpus->characters * sizeof *corpus->character) == 0;
}

bool checkpoint_restore(const Checkpoint *checkpoint, Trainer *trainer, Error *error)
{
    if (!same_model(&checkpoint->settings, &trainer->settings))
        return error_set(error, "the saved run has a model of another shape");
    if (!same_alphabet(checkpoint, trainer->corpus))
        return error_set(error, "the saved run has other characters");
    if (checkpoint->step > trainer->settings.steps)
        return error_set(
            error, "the saved run has already done %" PRId64 " steps: it cannot end after %" PRId64,
            checkpoint->step, trainer->settings.steps);
    trainer_restore(trainer, checkpoint->step, checkpoint->value, checkpoint->m, checkpoint->v);
    memcpy(trainer->grad, checkpoint->grad, (size_t)checkpoint->params * sizeof *trainer->grad);
    memcpy(trainer->loss, checkpoint->loss, (size_t)checkpoint->step * sizeof *trainer->loss);
    trainer->rng = checkpoint->rng;
    return true;
}
