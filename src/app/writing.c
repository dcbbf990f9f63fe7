#include "app/writing.h"

#include "app/app.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const writing_kind_names[WRITING_KINDS] = {N_("new"), N_("in the data"),
                                                       N_("trained on")};

/* ---- beginning and end ----------------------------------------------------------------------- */

void writing_init(Writing *writing)
{
    *writing = (Writing){.held = -1, .limit = WRITING_WHOLE};
}

/* What depends on the model; the reader's wishes stay. */
static void release_model(Writing *writing)
{
    sampler_release(&writing->sampler);
    sys_free(writing->before);
    sys_free(writing->drawn);
    sys_free(writing->picked);
    sys_free(writing->dice);
    sys_free(writing->text);
    sys_free(writing->given);
    writing->before = writing->drawn = NULL;
    writing->picked = writing->given = NULL;
    writing->dice = NULL;
    writing->text = NULL;
    writing->ready = false;
    writing->count = 0;
    writing->held = -1;
}

void writing_release(Writing *writing)
{
    release_model(writing);
    writing_init(writing);
}

static bool allocate(Writing *writing, const Trainer *trainer, Error *error)
{
    const size_t block = (size_t)trainer->gpt.block_size, vocab = (size_t)trainer->gpt.vocab;

    if (!sampler_init(&writing->sampler, &trainer->settings, trainer->gpt.vocab, error))
        return false;
    writing->before = sys_alloc(block * vocab, sizeof(double));
    writing->drawn = sys_alloc(block, sizeof(double));
    writing->picked = sys_alloc(block, sizeof(int));
    writing->given = sys_alloc(block, sizeof(int));
    writing->dice = sys_alloc(WRITING_TEXTS + 1, sizeof(Rng));
    writing->text = sys_alloc(WRITING_TEXTS, sizeof(WritingText));
    return (writing->before && writing->drawn && writing->picked && writing->given &&
            writing->dice && writing->text) ||
           error_set(error, "out of memory for writing texts");
}

static bool fits(const Writing *writing, const Gpt *gpt)
{
    const Gpt *own = &writing->sampler.gpt;

    return own->n_layer == gpt->n_layer && own->n_embd == gpt->n_embd &&
           own->n_head == gpt->n_head && own->block_size == gpt->block_size &&
           own->vocab == gpt->vocab;
}

/* A sampler for the run's model: made when texts are first shown, and when another run was
 * loaded. */
static bool prepare(App *app)
{
    Writing *writing = &app->writing;
    const Trainer *trainer = &app->session.trainer;
    Error error;

    if (writing->ready && fits(writing, &trainer->gpt))
        return true;
    release_model(writing);
    writing->ready = allocate(writing, trainer, &error);
    if (!writing->ready) {
        release_model(writing);
        writing->failed = true;
        app_say(app, true, "%s", error.text);
    }
    return writing->ready;
}

/* ---- what is asked for ----------------------------------------------------------------------- */

double writing_temperature(const App *app)
{
    const int choice = app->look.choice[LOOK_GENERATE_TEMPERATURE];
    char text[LOOK_CHOICE_BYTES];

    if (choice == 0 || !look_choice(app, LOOK_GENERATE_TEMPERATURE, choice, text))
        return app->session.trainer.settings.temperature;
    return strtod(text, NULL);
}

int64_t writing_seed(const App *app)
{
    return app->look.choice[LOOK_GENERATE_SEED];
}

static bool is_list(const App *app)
{
    return app->look.choice[LOOK_GENERATE_AS] == 1;
}

/* Reads the prefix as tokens. Errors: it is none of this alphabet, too long. */
static bool read_prefix(const App *app, const char *prefix, int *token, int *count, Error *error)
{
    const Corpus *corpus = &app->session.corpus;
    const int room = app->session.trainer.gpt.block_size - 1;
    uint32_t c;
    int bytes;

    *count = 0;
    for (const char *at = prefix; *at; at += bytes) {
        bytes = corpus_decode(at, strlen(at), &c);
        int id = bytes ? corpus_token(corpus, c) : -1;
        if (id < 0)
            return error_set(error, "%.*s is no character of the documents", bytes ? bytes : 1, at);
        if (*count == room)
            return error_set(error, "a text of this model has at most %d characters to begin with",
                             room);
        if (token)
            token[*count] = id;
        ++*count;
    }
    return true;
}

bool writing_set_prefix(App *app, const char *prefix, Error *error)
{
    int count;

    if (strlen(prefix) >= WRITING_PREFIX_BYTES)
        return error_set(error, "what a text begins with has at most %d bytes",
                         WRITING_PREFIX_BYTES - 1);
    if (!read_prefix(app, prefix, NULL, &count, error))
        return false;
    snprintf(app->writing.prefix, WRITING_PREFIX_BYTES, "%s", prefix);
    return true;
}

static WritingFrom wanted(const App *app)
{
    const Session *session = &app->session;
    const Moment at = session->trainer.at;
    WritingFrom from = {.at = {at.step, PHASE_DONE, 0},
                        .applied = session->history.applied,
                        .changes = session->changes,
                        .temperature = writing_temperature(app),
                        .seed = writing_seed(app)};

    if (at.phase == PHASE_UPDATE && at.n > 0)
        from.at = at;
    snprintf(from.prefix, sizeof from.prefix, "%s", app->writing.prefix);
    return from;
}

static bool same_model(const WritingFrom *a, const WritingFrom *b)
{
    return moment_compare(a->at, b->at) == 0 && a->applied == b->applied &&
           a->changes == b->changes;
}

static bool same_wish(const WritingFrom *a, const WritingFrom *b)
{
    return a->temperature == b->temperature && a->seed == b->seed &&
           strcmp(a->prefix, b->prefix) == 0;
}

bool writing_has_begun(const Writing *writing)
{
    return writing->ready && writing->held >= 0;
}

bool writing_is_current(const App *app)
{
    const WritingFrom now = wanted(app);

    return writing_has_begun(&app->writing) && same_model(&app->writing.from, &now) &&
           same_wish(&app->writing.from, &now);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* The text that is to be worked on: the list in its order, else the one that is looked at, whose
 * dice are known once those before it are written. */
static int text_in_turn(const App *app)
{
    const Writing *writing = &app->writing;

    if (is_list(app) && writing->count < WRITING_TEXTS)
        return writing->count;
    return writing->number <= writing->count ? writing->number : writing->count;
}

static bool is_done(const App *app)
{
    const Writing *writing = &app->writing;
    bool stepped =
        writing->limit != WRITING_WHOLE && !is_list(app) && writing->held == writing->number;

    return writing->held == text_in_turn(app) &&
           (writing->sampler.ended || (stepped && writing->draws >= writing->limit &&
                                       writing_positions(writing) >= writing->givens));
}

static void begin_text(Writing *writing, int number)
{
    writing->held = number;
    writing->draws = 0;
    sampler_begin(&writing->sampler, NULL);
}

/* Takes up the parameters of this moment. A prefix that another alphabet does not have is
 * dropped. */
static void begin_model(App *app)
{
    Writing *writing = &app->writing;
    const Trainer *trainer = &app->session.trainer;
    Error error;

    if (!read_prefix(app, writing->prefix, writing->given, &writing->givens, &error)) {
        writing->prefix[0] = '\0';
        writing->givens = 0;
    }
    writing->from = wanted(app);
    writing->count = 0;
    writing->dice[0] = trainer->rng;
    if (writing->from.seed > 0)
        rng_seed(&writing->dice[0], (uint64_t)writing->from.seed);
    gpt_choose(&writing->sampler.gpt, &trainer->settings);
    sampler_begin(&writing->sampler, trainer->value);
    begin_text(writing, text_in_turn(app));
}

/* softmax of the logits, term by term as the engine has it. */
static void fill_before(Writing *writing, int pos)
{
    const Sampler *sampler = &writing->sampler;
    const TapeRange logits = gpt_span(&sampler->gpt, (Place){PART_LOGITS, pos, -1, -1})->out;
    double *share = &writing->before[(size_t)pos * (size_t)logits.count];
    double most = sampler->value[logits.first], sum = 0;

    for (int i = 0; i < logits.count; i++)
        most = fmax(most, sampler->value[logits.first + i * logits.stride]);
    for (int i = 0; i < logits.count; i++) {
        share[i] = exp(sampler->value[logits.first + i * logits.stride] - most);
        sum += share[i];
    }
    for (int i = 0; i < logits.count; i++)
        share[i] *= pow(sum, -1);
}

/* Bytes of the text in the sampler; *cut: not all of it fits. */
static size_t encode(const App *app, char *bytes, size_t size, bool *cut)
{
    const Sampler *sampler = &app->writing.sampler;
    size_t length = 0;
    int i = 1;

    for (; i < sampler->length && length + 5 <= size; i++)
        length +=
            (size_t)corpus_encode(app->session.corpus.character[sampler->token[i]], bytes + length);
    bytes[length] = '\0';
    *cut = i < sampler->length;
    return length;
}

static void keep_text(App *app)
{
    Writing *writing = &app->writing;
    WritingText *text = &writing->text[writing->count];
    bool cut;
    size_t length = encode(app, text->bytes, sizeof text->bytes, &cut);

    text->kind = WRITING_NEW;
    if (!cut && known_has(&app->session.known, text->bytes, length))
        text->kind = known_is_among(&app->session.known, text->bytes, length, writing->from.at.step)
                         ? WRITING_TRAINED
                         : WRITING_IN_DATA;
    writing->count++;
}

/* The next token of the text: of the prefix, or drawn. */
static void write_token(App *app)
{
    Writing *writing = &app->writing;
    Sampler *sampler = &writing->sampler;
    const int pos = sampler->length - 1, before = writing_positions(writing);
    /* The dice of text k go on in dice[k + 1]. */
    Rng *dice = &writing->dice[writing->held + 1];

    if (writing->draws == 0)
        *dice = writing->dice[writing->held];
    if (pos < writing->givens) {
        sampler_read(sampler, writing->from.temperature, writing->given[pos]);
        writing->drawn[pos] = NAN;
        writing->picked[pos] = writing->given[pos];
    } else {
        sampler_next(sampler, writing->from.temperature, dice);
        if (writing_positions(writing) > before) {
            writing->draws++;
            writing->drawn[pos] = sampler->drawn;
            writing->picked[pos] =
                sampler->ended ? sampler->gpt.vocab - 1 : sampler->token[pos + 1];
        }
    }
    if (writing_positions(writing) > before)
        fill_before(writing, pos);
    if (writing_positions(writing) == sampler->gpt.block_size)
        sampler->ended = true; /* there is no room for more: the sampler would find that out next */
    if (sampler->ended && writing->held == writing->count)
        keep_text(app);
}

/* While the run is on its way, a new model only when the texts of the last are written and have
 * been seen. */
static bool may_begin(const App *app)
{
    const double rest = 0.25; /* seconds */
    const bool running = app->direction != 0 || app->moving || app->pending != 0;
    const WritingFrom now = wanted(app);

    return !running || !writing_has_begun(&app->writing) || !same_wish(&app->writing.from, &now) ||
           (is_done(app) && sys_seconds() - app->writing.wrote >= rest);
}

static bool is_shown(const App *app)
{
    const Look *look = &app->look;
    bool shown = false;

    for (int i = 0; i < look->panes; i++)
        shown =
            shown || look->pane[i] == VIEW_GENERATE ||
            (look->pane[i] == VIEW_ATTENTION && look->choice[LOOK_ATTENTION_OF] == LOOK_OF_WRITING);
    return shown && !app->writing.failed;
}

static bool has_work(const App *app)
{
    return writing_is_current(app)
               ? !is_done(app)
               : !writing_has_begun(&app->writing) || !is_done(app) || may_begin(app);
}

bool writing_is_due(const App *app)
{
    return is_shown(app) && has_work(app);
}

/* One piece of work. */
static void write_piece(App *app)
{
    Writing *writing = &app->writing;

    if (!writing_is_current(app) && may_begin(app))
        begin_model(app);
    else if (writing->held != text_in_turn(app))
        begin_text(writing, text_in_turn(app));
    else
        write_token(app);
    writing->wrote = sys_seconds();
}

bool writing_work(App *app, double until)
{
    if (!is_shown(app) || !prepare(app) || !has_work(app))
        return false;
    do
        write_piece(app);
    while (app->writing.wrote < until && !app->writing.sampler.ended && has_work(app));
    return true;
}

void writing_settle(App *app)
{
    while (writing_work(app, 0))
        continue;
}

void writing_finish(App *app)
{
    app_run(app, 0);
    while (prepare(app) && has_work(app))
        write_piece(app);
}

/* ---- character by character ------------------------------------------------------------------ */

/* The text held again, up to its new limit: what is drawn cannot be taken off a tape. */
static void draw_again(Writing *writing)
{
    if (writing->held == writing->number)
        writing->held = -1;
}

void writing_next(App *app)
{
    Writing *writing = &app->writing;
    Focus *cursor = &app->look.focus[VIEW_GENERATE];

    if (is_list(app)) {
        if (writing_item(*cursor) == WRITING_ITEM_TEXT)
            writing->number = cursor->index;
        app->look.choice[LOOK_GENERATE_AS] = 0;
        writing->limit = WRITING_WHOLE;
        *cursor = (Focus){.kind = FOCUS_NONE};
        return;
    }
    *cursor = (Focus){.kind = FOCUS_NONE};
    if (writing->limit == WRITING_WHOLE) {
        writing->limit = 1;
        draw_again(writing);
    } else if (writing->held == writing->number && writing->sampler.ended) {
        writing->number = (writing->number + 1) % WRITING_TEXTS;
        writing->limit = 1;
    } else {
        writing->limit++;
    }
}

bool writing_back(App *app)
{
    Writing *writing = &app->writing;

    if (is_list(app) || writing->limit == WRITING_WHOLE)
        return false;
    writing->limit = writing->draws < writing->limit ? writing->draws : writing->limit;
    writing->limit = writing->limit > 0 ? writing->limit - 1 : WRITING_WHOLE;
    draw_again(writing);
    app->look.focus[VIEW_GENERATE] = (Focus){.kind = FOCUS_NONE};
    return true;
}

/* ---- what is there --------------------------------------------------------------------------- */

int writing_positions(const Writing *writing)
{
    return writing_has_begun(writing) ? writing->sampler.gpt.positions : 0;
}

int writing_print(const App *app, char *text, size_t size)
{
    bool cut;

    text[0] = '\0';
    return writing_has_begun(&app->writing) && size > 4 ? (int)encode(app, text, size, &cut) : 0;
}
