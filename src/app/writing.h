/* Writing: the model of this moment writes, and how it does so is kept to be looked at.
 *
 *     the run's parameters --copied--> Sampler, with a tape of its own
 *     seed --> dice[0] --> text 0: < k a m o n >     begins with the prefix; its tape stays:
 *              dice[1] --> text 1: < a n n a >       logits, probabilities, keys and values
 *              ...                                   of every position so far
 *              dice[19] -> text 19
 *
 * Texts depend on the parameters, the prefix, the temperature and the seed alone, and the run
 * depends on none of them: it is only read. When one of the four changes, all is written anew, a
 * token at a time, in app_work. While the run is on its way a new model is taken up a few times a
 * second, so what is shown can be of a moment ago; it says of which.
 *
 * Position p reads token p; what was drawn there is token p + 1. */
#ifndef GPTOSCOPE_APP_WRITING_H
#define GPTOSCOPE_APP_WRITING_H

#include "app/focus.h"
#include "engine/history.h"
#include "engine/sampler.h"

struct App;

enum {
    WRITING_TEXTS = 20,
    WRITING_PREFIX_BYTES = 128,
    WRITING_TEXT_BYTES = 256,
    WRITING_WHOLE = -1
};

/* How a text stands to the documents. */
typedef enum WritingKind {
    WRITING_NEW,
    WRITING_IN_DATA,
    WRITING_TRAINED,
    WRITING_KINDS
} WritingKind;

extern const char *const writing_kind_names[WRITING_KINDS]; /* "new", ... */

typedef struct WritingText {
    char bytes[WRITING_TEXT_BYTES]; /* UTF-8, cut at a whole character where it is longer */
    WritingKind kind;
} WritingText;

/* Which parameters, and what was asked of them. */
typedef struct WritingFrom {
    Moment at;       /* PHASE_UPDATE where some are updated already, else PHASE_DONE */
    int applied;     /* of the history's events */
    int64_t changes; /* of the session */
    double temperature;
    int64_t seed; /* 0: the dice with which the run itself writes */
    char prefix[WRITING_PREFIX_BYTES];
} WritingFrom;

typedef struct Writing {
    bool ready;        /* what is owned is there */
    bool failed;       /* there was no memory for it: said once, not tried again for this model */
    Sampler sampler;   /* of text `held` */
    double *before;    /* [block_size][vocab] what may come next at temperature 1; owned */
    double *drawn;     /* [block_size] the number that was drawn, NaN where the token was given */
    int *picked;       /* [block_size] the token that follows position p */
    Rng *dice;         /* [WRITING_TEXTS + 1] before each text; known up to dice[count] */
    WritingText *text; /* [WRITING_TEXTS] */
    int *given;        /* [block_size] the prefix as tokens */
    int givens;
    int count; /* texts that are written */
    int held;  /* -1: none is begun */
    int draws; /* tokens drawn for it, its end included */
    WritingFrom from;
    double wrote;                      /* when the last token was written, in seconds */
    char prefix[WRITING_PREFIX_BYTES]; /* what the reader wants texts to begin with */
    int number;                        /* the text that the reader looks at */
    int limit;                         /* tokens of it that are to be drawn, or WRITING_WHOLE */
} Writing;

void writing_init(Writing *writing);
void writing_release(Writing *writing);

/* What the reader has chosen: the option `temperature` of the view generate, its option `seed`. */
double writing_temperature(const struct App *app);
int64_t writing_seed(const struct App *app);

/* Lets texts begin with this one. Errors: a character that the documents do not have, too long. */
bool writing_set_prefix(struct App *app, const char *prefix, Error *error);

/* Whether something is to be written because a view shows it. */
bool writing_is_due(const struct App *app);

/* Writes until a text has ended or until `until` (seconds of sys_seconds), at the least a token:
 * half a text is seen only where the model is slow. false: there is nothing to do. */
bool writing_work(struct App *app, double until);

/* Writes what is due, at once; while the run is on its way as far as it is. */
void writing_settle(struct App *app);

/* Writes all that is asked for, whether it is shown or not; pauses the run. */
void writing_finish(struct App *app);

/* Whether there is a text to look at, if only its beginning. */
bool writing_has_begun(const Writing *writing);

/* Whether what is there is of the parameters of this moment. */
bool writing_is_current(const struct App *app);

/* The next character of the text, or one less; where it has ended the text after it. In the list
 * the text under the cursor is opened. false: there is none to take back. */
void writing_next(struct App *app);
bool writing_back(struct App *app);

/* Positions that the text held has read, and the text so far. */
int writing_positions(const Writing *writing);
int writing_print(const struct App *app, char *text, size_t size);

/* Probabilities after position pos as they are drawn from: vocab of them, first + i stride in the
 * sampler's values. */
TapeRange writing_probs(const Writing *writing, int pos);

/* Operations that position pos took, with keys and values of earlier positions read from the tape
 * (the KV cache); and how many more it would have taken to make those anew. */
void writing_count(const Gpt *gpt, int pos, int64_t *made, int64_t *saved);

/* Operations that were done again before it, where nothing is kept: those of all positions before. */
int64_t writing_again(const Gpt *gpt, int pos);

/* ---- what the cursor can stand on ------------------------------------------------------------ */

/* Numbers of a text have no name in the expression language: they are items of the views that show
 * them. */
typedef enum WritingItem {
    WRITING_ITEM_NONE,
    WRITING_ITEM_TEXT,   /* index: of the list */
    WRITING_ITEM_TOKEN,  /* the token that follows the position */
    WRITING_ITEM_BEFORE, /* index: token; its probability at temperature 1 */
    WRITING_ITEM_AFTER,  /* index: token; as it is drawn from */
    WRITING_ITEM_DRAWN,  /* the number drawn */
    WRITING_ITEM_NODE    /* index: node of the sampler's tape */
} WritingItem;

Focus writing_focus(WritingItem item, int pos, int32_t index);
WritingItem writing_item(Focus focus);
int writing_item_position(Focus focus);

/* The number of an item; false where it has none or it is not computed. */
bool writing_value(const struct App *app, Focus focus, double *value);

#endif
