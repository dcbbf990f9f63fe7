/* Reference: which nodes a name stands for. It is found without reading any number, so that a
 * command can change, ask about or look at what was named as well as print it.
 *
 *     wte[5][0]                     one node, a parameter
 *     x[3].layer0.mlp.fc1           a vector of nodes: what the place pos3.layer0.mlp.fc1 leaves behind
 *     attn[0][2]                    a matrix of nodes whose rows grow: row t has t + 1 of them
 *
 * A path is followed a step at a time: a name, then [index], [from:to] or .field. On the way a
 * reference may stand for no node yet (attn[0], x[3].layer0): reference_is_whole tells.
 *
 *     attn            [0]              [2]                [3]           [1]
 *     HEADS, no layer HEADS, layer 0   NODES, a matrix    a vector      one node
 *
 * A reference is a plain value that owns nothing. It holds for the document on the tape. */
#ifndef GPTOSCOPE_APP_REFERENCE_H
#define GPTOSCOPE_APP_REFERENCE_H

#include "engine/history.h"

struct Graph;
struct Look;

/* What names are looked up in. */
struct App;
typedef struct Scope {
    const Trainer *trainer;
    const History *history;    /* NULL: nothing was ever changed by hand */
    const struct Graph *graph; /* the reader's own, whose names come first; or NULL */
    const struct Look *look;   /* what it hides cannot be read; NULL: everything can */
    const struct App *app;     /* whose scope it is; NULL: nobody's */
    bool hurried;              /* another branch is read only where it stands at this moment already */
    /* The scope of another branch at this moment; NULL: there are none. *not_yet: it is on its way. */
    bool (*other)(const struct Scope *scope, const char *branch, struct Scope *other,
                  bool *not_yet, Error *error);
} Scope;

/* Nodes and the numbers behind them: of the run's tape, or of the reader's own. */
typedef struct Numbers {
    const Tape *tape;
    const double *value, *grad;
    int32_t computed; /* nodes before this one have a value */
    bool graded; /* gradients stand; while a backward pass is under way, each is the sum so far */
} Numbers;

typedef enum ReferenceKind {
    REFERENCE_NODES,
    REFERENCE_LAYER,     /* layer0: a tensor's name must follow */
    REFERENCE_POSITIONS, /* x: [position] must follow */
    REFERENCE_PLACE,     /* x[3], x[3].layer0.attn: the rest of a place must follow */
    REFERENCE_HEADS      /* attn, attn[0]: [layer] or [head] must follow */
} ReferenceKind;

/* How the rows of a matrix are found. */
typedef enum ReferenceRows {
    ROWS_RANGE,     /* one row: range */
    ROWS_TENSOR,    /* row r: range, moved on by r range.count */
    ROWS_POSITIONS, /* row r: results of place, r positions on */
    ROWS_HEADS,     /* row r: results of place, r heads on */
    ROWS_LIST       /* row r: list + r range.count */
} ReferenceRows;

typedef struct Reference {
    ReferenceKind kind;
    bool own; /* nodes of the reader's own graph */
    int dims; /* of nodes: 0 for one, 1 for a vector, 2 for a matrix */
    int32_t
        rows; /* 1 for a node and a vector; but a vector with ROWS_POSITIONS has an entry a row */
    ReferenceRows source;
    TapeRange range;
    const int32_t *list;
    Place place;       /* also what is known of one that is not whole: layer or head may be -1 */
    const char *group; /* of a REFERENCE_PLACE: "attn.", "mlp." or "" */
} Reference;

typedef struct ReferenceName {
    const char *name;    /* "attn" */
    const char *written; /* "attn[layer][head][p][s]" */
    const char *help;
} ReferenceName;

/* Names that a path can begin with and what they stand for, for people; those of the tensors are
 * the model's. */
extern const ReferenceName reference_names[];
extern const int reference_names_count;

Numbers reference_numbers(const Scope *scope, const Reference *reference);

/* The steps of a path. The text need not be terminated. reference_begin returns false where nothing
 * has that name, the others fill error: no such field or index ("head 9: this model has 4 (0 to
 * 3)"). */
bool reference_begin(const Scope *scope, const char *name, size_t length, Reference *reference);
bool reference_field(const Scope *scope, Reference *reference, const char *name, size_t length,
                     Error *error);
bool reference_index(const Scope *scope, Reference *reference, double index, Error *error);

/* Entries or rows from ... to-1. */
bool reference_slice(const Scope *scope, Reference *reference, double from, double to,
                     Error *error);

/* What an index may be: 0 ... length-1. Of what takes no index: 0. */
int64_t reference_length(const Scope *scope, const Reference *reference);

/* The rule for every index and slice, of references and of plain numbers: a whole number in range.
 * `what` is indexed ("head"), `whole` has count of it ("this model"). */
bool reference_check_index(const char *what, const char *whole, int64_t count, double index,
                           Error *error);
bool reference_check_slice(const char *whole, int64_t count, double from, double to, Error *error);

/* The node of that number. Errors: there is none. */
bool reference_node(const Scope *scope, double number, Reference *reference, Error *error);

/* Whether it stands for nodes; if not, error says what is still to follow. */
bool reference_is_whole(const Scope *scope, const Reference *reference, Error *error);

/* Of a whole reference: entries of a row; entries in all; the node of an entry (a vector is row 0,
 * a node entry 0 of it). */
int32_t reference_cols(const Scope *scope, const Reference *reference, int32_t row);
int64_t reference_count(const Scope *scope, const Reference *reference);
int32_t reference_at(const Scope *scope, const Reference *reference, int32_t row, int32_t col);

/* The best name for a node of the run: "wte[5][0]", "attn[0][2][3][1]", "x[3].layer0.mlp.fc1[7]",
 * else "node(21934)". snprintf-fashion. */
int reference_print(const Trainer *trainer, int32_t node, char *text, size_t size);

#endif
