/* The inside of expressions: instructions, the items on the machine's stack, and what functions and
 * names are given to work with. For expr*.c, and for graph.c, which records the same instructions
 * on a tape. */
#ifndef GPTOSCOPE_APP_EXPR_CODE_H
#define GPTOSCOPE_APP_EXPR_CODE_H

#include "app/expr.h"

/*  op            takes from the stack      leaves there */
typedef enum ExprOp {
    CODE_NUMBER, /* -                       number */
    CODE_TEXT,   /* -                       the text between quotes */
    CODE_NAME,   /* -                       what the name stands for */
    CODE_FIELD,  /* an item                 its .field */
    CODE_INDEX,  /* an item, an index       the entry or row */
    CODE_LENGTH, /* -                       the length of the item below the top (for [a:]) */
    CODE_SLICE,  /* an item, from, to       entries or rows from ... to-1 */
    CODE_CALL,   /* count arguments         function `index` of them */
    CODE_ENTER,  /* -                       - (names are those of another branch from here on) */
    CODE_LEAVE,  /* an item                 its value (and names are those of before again) */
    CODE_LIST,   /* count items             a vector of numbers, or a matrix of vectors */
    CODE_NEGATE, /* one                     one */
    CODE_NOT,
    CODE_ADD, /* two                     one */
    CODE_SUBTRACT,
    CODE_MULTIPLY,
    CODE_DIVIDE,
    CODE_POWER,
    CODE_LESS,
    CODE_LESS_EQUAL,
    CODE_GREATER,
    CODE_GREATER_EQUAL,
    CODE_EQUAL,
    CODE_UNEQUAL,
    CODE_AND, /* a truth value: if it is false, it stays and instruction `index` is next; else it goes */
    CODE_OR,   /* the same if it is true */
    CODE_TRUTH /* one: must be a truth value, and stays */
} ExprOp;

typedef struct ExprCode {
    ExprOp op;
    int32_t at, length; /* bytes of the text that it stands for */
    int32_t count, index;
    double number;
} ExprCode;

/* What is read at nodes. */
typedef enum ExprReading {
    READ_VALUE,
    READ_GRAD,
    READ_ADAM, /* a term must be chosen: .g, .m, ... */
    READ_ADAM_G,
    READ_ADAM_M,
    READ_ADAM_V,
    READ_ADAM_M_HAT,
    READ_ADAM_V_HAT,
    READ_ADAM_UPDATE
} ExprReading;

typedef enum ExprItemKind {
    ITEM_VALUE,
    ITEM_REFERENCE,
    ITEM_BRANCH /* run: a branch's name must follow */
} ExprItemKind;

/* Something on the stack: a value, or nodes that are not read yet. */
typedef struct ExprItem {
    ExprItemKind kind;
    int at; /* where it begins in the text */
    ExprReading reading;
    Reference reference;
    ExprValue value;
} ExprItem;

enum { EXPR_BRANCH_LIMIT = 8 };

/* An evaluation under way. */
typedef struct ExprMachine {
    const Scope *scope; /* that in which it was begun, or the last of those entered */
    Scope entered[EXPR_BRANCH_LIMIT];
    const Scope *left[EXPR_BRANCH_LIMIT]; /* that before each of them */
    int branches;                         /* how many are entered */
    Expr *expr;
    int top;      /* items on the stack */
    int64_t work; /* done so far, in numbers looked at: limited */
    ExprError *error;
} ExprMachine;

/* Fills the error and returns false. */
bool expr_wrong(ExprMachine *machine, int at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* count numbers of the pool; NULL (with an error at `at`) where the evaluation has too many. */
double *expr_take(ExprMachine *machine, int64_t count, int at);

/* Counts work that makes no numbers. */
bool expr_charge(ExprMachine *machine, int64_t work, int at);

/* Reads an item's nodes: afterwards it is a value. */
bool expr_force(ExprMachine *machine, ExprItem *item);

/* The same, for values that must be numbers (vectors, matrices), or one number. `what` needs
 * them. */
bool expr_force_numbers(ExprMachine *machine, ExprItem *item, const char *what);
bool expr_force_number(ExprMachine *machine, ExprItem *item, const char *what);

/* Makes an item a value: a number, a truth value, a text, a vector or a value of the shape of
 * another with count new entries. */
void expr_set_number(ExprItem *item, double number);
void expr_set_truth(ExprItem *item, bool truth);
void expr_set_text(ExprItem *item, const char *text, size_t length);
void expr_set_vector(ExprItem *item, const double *entry, int64_t count);

/* Room for a result of the shape of `like`, which becomes item's value; NULL with an error. */
double *expr_set_like(ExprMachine *machine, ExprItem *item, const ExprValue *like);

/* Entry i of a number (i = 0), a vector or a matrix; how many there are. */
double expr_entry(const ExprValue *value, int64_t i);
int64_t expr_entries(const ExprValue *value);

/* Row r of a matrix; a vector is its own row 0. */
const double *expr_row(const ExprValue *value, int32_t r, int32_t *count);

/* Instructions that are more than a few lines (expr_index.c). */
bool expr_run_index(ExprMachine *machine, const ExprCode *code);
bool expr_run_slice(ExprMachine *machine, const ExprCode *code);
bool expr_run_list(ExprMachine *machine, const ExprCode *code);

/* What an index of it may be: 0 ... length-1. */
int64_t expr_length_of(const Scope *scope, const ExprItem *item);

/* Names that stand for a number, a text or a vector of the run: step, doc, n_embd. false: there is
 * none, or an error (then machine->error says so and *found is true). */
bool expr_read_name(ExprMachine *machine, const char *name, size_t length, ExprItem *item,
                    bool *found);

/* A field of an item: the rest of a path, .grad of a node, .m_hat of adam(...). */
bool expr_read_field(ExprMachine *machine, ExprItem *item, const char *name, size_t length, int at);

/* Known name nearest to a mistyped one, or NULL. */
const char *expr_nearest_name(const Scope *scope, const char *word);

/* A call under way: the function finds its arguments as they are and leaves its result in
 * argument[0]. */
typedef struct ExprCall {
    ExprMachine *machine;
    const struct ExprFunction *function;
    ExprItem *argument;
    int count;
} ExprCall;

/* One row a function. */
typedef struct ExprFunction {
    const char *name, *arguments, *help;
    int least, most; /* arguments */
    bool (*run)(const ExprCall *call);
    double (*one)(double x); /* of a function of one number that is taken entry by entry */
} ExprFunction;

/* Those about the run (expr_live.c). */
bool expr_run_grad(const ExprCall *call);
bool expr_run_adam(const ExprCall *call);
bool expr_run_node(const ExprCall *call);
bool expr_run_tok(const ExprCall *call);
bool expr_run_text(const ExprCall *call);

extern const ExprFunction expr_functions[];
extern const int expr_function_count;

/* The row of that name, or -1. */
int expr_find_function(const char *name, size_t length);

/* Sums and the like, in the order in which the model computes. */
double expr_sum(const double *x, int64_t count);
double expr_dot(const double *a, const double *b, int64_t count);

#endif
