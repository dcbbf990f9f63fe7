/* From the text of an expression to instructions. */
#include "app/expr_code.h"
#include "app/nearest.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

typedef struct Parser {
    Expr *expr;
    const char *text;
    int at;    /* next byte to be read */
    int depth; /* of nesting */
    int branches; /* entered and not left */
    int items; /* on the stack when the instructions so far have run */
    ExprError *error;
} Parser;

/* ---- errors and instructions ----------------------------------------------------------------- */

static bool wrong(Parser *parser, int at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool wrong(Parser *parser, int at, const char *format, ...)
{
    va_list arguments;

    parser->error->at = at;
    va_start(arguments, format);
    vsnprintf(parser->error->why.text, sizeof parser->error->why.text, _(format), arguments);
    va_end(arguments);
    return false;
}

static bool expected(Parser *parser, const char *what)
{
    if (parser->text[parser->at] == '\0')
        return wrong(parser, parser->at, "expected %s, but here it ends", _(what));
    return wrong(parser, parser->at, "expected %s", _(what));
}

/* Adds an instruction that leaves so many items more (or fewer) on the stack. */
static ExprCode *emit(Parser *parser, ExprOp op, int at, int length, int items)
{
    Expr *expr = parser->expr;

    if (expr->codes == expr->code_room) {
        int room = expr->code_room ? 2 * expr->code_room : 16;
        ExprCode *code = sys_resize(expr->code, (size_t)room, sizeof *code);
        if (!code) {
            wrong(parser, at, "out of memory");
            return NULL;
        }
        expr->code = code;
        expr->code_room = room;
    }
    parser->items += items;
    if (parser->items > expr->depth)
        expr->depth = parser->items;
    expr->code[expr->codes] = (ExprCode){.op = op, .at = at, .length = length};
    return &expr->code[expr->codes++];
}

/* ---- words and signs ------------------------------------------------------------------------- */

static void skip_blanks(Parser *parser)
{
    while (parser->text[parser->at] == ' ' || parser->text[parser->at] == '\t' ||
           parser->text[parser->at] == '\n')
        parser->at++;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool begins_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Bytes of the name that begins here; 0: none does. */
static int name_length(const char *text)
{
    int length = 0;

    if (begins_name(*text))
        while (begins_name(text[length]) || is_digit(text[length]))
            length++;
    return length;
}

/* Reads a sign if it is the next thing. */
static bool take(Parser *parser, const char *sign)
{
    size_t length = strlen(sign);

    skip_blanks(parser);
    if (strncmp(parser->text + parser->at, sign, length) != 0)
        return false;
    parser->at += (int)length;
    return true;
}

static bool take_word(Parser *parser, const char *word)
{
    size_t length = strlen(word);

    skip_blanks(parser);
    if ((size_t)name_length(parser->text + parser->at) != length ||
        memcmp(parser->text + parser->at, word, length) != 0)
        return false;
    parser->at += (int)length;
    return true;
}

/* ---- operators ------------------------------------------------------------------------------- */

/* How strongly operators bind. */
enum {
    BIND_OR = 1,
    BIND_AND,
    BIND_NOT,
    BIND_COMPARISON,
    BIND_SUM,
    BIND_PRODUCT,
    BIND_SIGN,
    BIND_POWER
};

/* Longer signs before those that they begin with. right: how strongly what stands to the right must
 * bind. */
static const struct {
    const char *sign;
    ExprOp op;
    int binds, right;
} operators[] = {
    {"or", CODE_OR, BIND_OR, BIND_AND},
    {"and", CODE_AND, BIND_AND, BIND_NOT},
    {"<=", CODE_LESS_EQUAL, BIND_COMPARISON, BIND_SUM},
    {">=", CODE_GREATER_EQUAL, BIND_COMPARISON, BIND_SUM},
    {"==", CODE_EQUAL, BIND_COMPARISON, BIND_SUM},
    {"!=", CODE_UNEQUAL, BIND_COMPARISON, BIND_SUM},
    {"<", CODE_LESS, BIND_COMPARISON, BIND_SUM},
    {">", CODE_GREATER, BIND_COMPARISON, BIND_SUM},
    {"+", CODE_ADD, BIND_SUM, BIND_PRODUCT},
    {"-", CODE_SUBTRACT, BIND_SUM, BIND_PRODUCT},
    {"**", CODE_POWER, BIND_POWER, BIND_SIGN},
    {"*", CODE_MULTIPLY, BIND_PRODUCT, BIND_SIGN},
    {"/", CODE_DIVIDE, BIND_PRODUCT, BIND_SIGN},
    {"^", CODE_POWER, BIND_POWER, BIND_SIGN},
};
enum { OPERATORS = sizeof operators / sizeof *operators };

/* Reads the next operator if it binds at least so strongly; returns its row or -1. */
static int take_operator(Parser *parser, int least)
{
    int before = parser->at;

    for (int i = 0; i < OPERATORS; i++) {
        const char *sign = operators[i].sign;
        if (begins_name(*sign) ? take_word(parser, sign) : take(parser, sign)) {
            if (operators[i].binds >= least)
                return i;
            parser->at = before;
            return -1;
        }
    }
    return -1;
}

static bool parse(Parser *parser, int least);

/* What follows the operator at `at`. */
static bool parse_right(Parser *parser, int row, int at)
{
    int length = (int)strlen(operators[row].sign);
    bool jumps = operators[row].op == CODE_AND || operators[row].op == CODE_OR;
    int jump = parser->expr->codes;

    if (!jumps)
        return parse(parser, operators[row].right) &&
               emit(parser, operators[row].op, at, length, -1);
    if (!emit(parser, operators[row].op, at, length, -1) || !parse(parser, operators[row].right) ||
        !emit(parser, CODE_TRUTH, at, length, 0))
        return false;
    parser->expr->code[jump].index = parser->expr->codes;
    return true;
}

static bool parse_operators(Parser *parser, int least)
{
    bool compared = false;
    int row;

    while ((row = take_operator(parser, least)) >= 0) {
        int at = parser->at - (int)strlen(operators[row].sign);
        if (operators[row].binds == BIND_COMPARISON && compared)
            return wrong(parser, at, "compare two at a time: 0 < x and x < 1");
        compared = operators[row].binds == BIND_COMPARISON;
        if (!parse_right(parser, row, at))
            return false;
    }
    return true;
}

/* ---- operands -------------------------------------------------------------------------------- */

/* Digits with a point among or before them and perhaps an exponent. */
static int number_length(const char *text)
{
    int length = 0, digits = 0, point = 0, exponent;

    for (; is_digit(text[length]) || (text[length] == '.' && !point); length++) {
        point |= text[length] == '.';
        digits += is_digit(text[length]);
    }
    if (digits == 0 || (text[length] != 'e' && text[length] != 'E'))
        return digits ? length : 0;
    exponent = length + 1;
    exponent += text[exponent] == '+' || text[exponent] == '-';
    if (!is_digit(text[exponent]))
        return length;
    while (is_digit(text[exponent]))
        exponent++;
    return exponent;
}

static bool parse_number(Parser *parser, int length)
{
    int at = parser->at;
    ExprCode *code = emit(parser, CODE_NUMBER, at, length, 1);

    if (!code)
        return false;
    code->number = strtod(parser->text + at, NULL);
    parser->at += length;
    return !begins_name(parser->text[parser->at]) || expected(parser, N_("an operator"));
}

static bool parse_text(Parser *parser, char quote)
{
    int at = parser->at++;
    const char *end = strchr(parser->text + parser->at, quote);

    if (!end)
        return wrong(parser, at, "this text has no end: expected %c", quote);
    int length = (int)(end - (parser->text + parser->at));
    if (!emit(parser, CODE_TEXT, parser->at, length, 1))
        return false;
    parser->at += length + 1;
    return true;
}

/* Items up to the closing sign, with commas between them; the opening sign is read. */
static bool parse_items(Parser *parser, const char *close, int *count)
{
    *count = 0;
    if (take(parser, close))
        return true;
    do {
        if (!parse(parser, BIND_OR))
            return false;
        ++*count;
    } while (take(parser, ","));
    return take(parser, close) || expected(parser, *close == ')' ? N_(", or )") : N_(", or ]"));
}

static bool parse_list(Parser *parser, int at)
{
    int count;

    if (!parse_items(parser, "]", &count))
        return false;
    ExprCode *code = emit(parser, CODE_LIST, at, 1, 1 - count);
    if (code)
        code->count = count;
    return code != NULL;
}

/* "one argument", "1 to 3 arguments" */
static bool check_arguments(Parser *parser, int at, const ExprFunction *function, int count)
{
    if (count >= function->least && count <= function->most)
        return true;
    return wrong(parser, at, "write %s(%s)", function->name, function->arguments);
}

static bool parse_call(Parser *parser, int at, int length)
{
    int count, index = expr_find_function(parser->text + at, (size_t)length);

    if (index < 0) {
        char word[32] = "";
        const char *best = NULL;
        strncat(word, parser->text + at, (size_t)(length < 31 ? length : 31));
        for (int i = 0; i < expr_function_count; i++)
            best = nearest_of(word, best, expr_functions[i].name);
        return best ? wrong(parser, at, "there is no function %s: did you mean %s?", word, best)
                    : wrong(parser, at, "there is no function %s", word);
    }
    if (!parse_items(parser, ")", &count) ||
        !check_arguments(parser, at, &expr_functions[index], count))
        return false;
    ExprCode *code = emit(parser, CODE_CALL, at, length, 1 - count);
    if (!code)
        return false;
    code->index = index;
    code->count = count;
    return true;
}

static bool is_operator_word(const char *text, int length)
{
    static const char *const words[] = {"and", "or", "not"};

    for (int i = 0; i < 3; i++)
        if ((int)strlen(words[i]) == length && memcmp(words[i], text, (size_t)length) == 0)
            return true;
    return false;
}

static bool parse_operand(Parser *parser);
static bool parse_steps(Parser *parser);

/* Characters of a branch's name. */
static int branch_length(const char *text)
{
    int length = 0;

    while (is_digit(text[length]) || begins_name(text[length]) || text[length] == '-')
        length++;
    return length;
}

/* After "run.": the branch, a point, and what is read there: main.wte[5][0]. */
static bool parse_branch(Parser *parser)
{
    skip_blanks(parser);
    int at = parser->at, length = branch_length(parser->text + at);

    if (!length)
        return expected(parser, N_("a branch, as in run.main.loss"));
    if (++parser->branches > EXPR_BRANCH_LIMIT)
        return wrong(parser, at, "more than %d branches within each other", EXPR_BRANCH_LIMIT);
    parser->at += length;
    if (!take(parser, "."))
        return expected(parser, N_("a point and a name, as in run.main.loss"));
    skip_blanks(parser);
    if (!begins_name(parser->text[parser->at]))
        return expected(parser, N_("a name, as in run.main.loss"));
    if (!emit(parser, CODE_ENTER, at, length, 0) || !parse_operand(parser) || !parse_steps(parser))
        return false;
    parser->branches--;
    return emit(parser, CODE_LEAVE, at, length, 0) != NULL;
}

static bool parse_operand(Parser *parser)
{
    skip_blanks(parser);
    int at = parser->at, name = name_length(parser->text + at);
    char c = parser->text[at];

    if (number_length(parser->text + at))
        return parse_number(parser, number_length(parser->text + at));
    if (c == '"' || c == '\'')
        return parse_text(parser, c);
    if (take(parser, "("))
        return parse(parser, BIND_OR) && (take(parser, ")") || expected(parser, ")"));
    if (take(parser, "["))
        return parse_list(parser, at);
    if (!name || is_operator_word(parser->text + at, name))
        return expected(parser, N_("a number, a name or ("));
    parser->at += name;
    if (name == 3 && memcmp(parser->text + at, "run", 3) == 0 && take(parser, "."))
        return parse_branch(parser);
    if (take(parser, "("))
        return parse_call(parser, at, name);
    return emit(parser, CODE_NAME, at, name, 1);
}

/* ---- what follows an operand: [index], [from:to], .field ------------------------------------- */

/* From the colon on; what stands before it is on the stack. */
static bool parse_slice(Parser *parser, int at)
{
    if (take(parser, "]"))
        return emit(parser, CODE_LENGTH, at, 1, 1) && emit(parser, CODE_SLICE, at, 1, -2);
    return parse(parser, BIND_OR) && (take(parser, "]") || expected(parser, "]")) &&
           emit(parser, CODE_SLICE, at, 1, -2);
}

static bool parse_index(Parser *parser)
{
    skip_blanks(parser);
    int at = parser->at;
    if (take(parser, ":"))
        return emit(parser, CODE_NUMBER, at, 1, 1) && parse_slice(parser, at);
    if (!parse(parser, BIND_OR))
        return false;
    if (take(parser, ":"))
        return parse_slice(parser, at);
    return (take(parser, "]") || expected(parser, "]")) && emit(parser, CODE_INDEX, at, 1, -1);
}

static bool parse_field(Parser *parser)
{
    skip_blanks(parser);
    int at = parser->at, length = name_length(parser->text + at);
    if (!length)
        return expected(parser, N_("a name after the point"));
    parser->at += length;
    return emit(parser, CODE_FIELD, at, length, 0);
}

static bool parse_steps(Parser *parser)
{
    for (;;) {
        if (take(parser, "[")) {
            if (!parse_index(parser))
                return false;
        } else if (take(parser, ".")) {
            if (!parse_field(parser))
                return false;
        } else {
            return true;
        }
    }
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* A sign, or "not", and what it stands before. */
static bool parse_signed(Parser *parser, int least)
{
    skip_blanks(parser);
    int at = parser->at;
    if (take_word(parser, "not"))
        return (least <= BIND_NOT || wrong(parser, at, "not must stand in ( ) here")) &&
               parse(parser, BIND_NOT) && emit(parser, CODE_NOT, at, 3, 0);
    if (take(parser, "-"))
        return parse(parser, BIND_SIGN) && emit(parser, CODE_NEGATE, at, 1, 0);
    if (take(parser, "+"))
        return parse(parser, BIND_SIGN);
    return parse_operand(parser) && parse_steps(parser);
}

/* An expression whose operators bind at least so strongly. */
static bool parse(Parser *parser, int least)
{
    if (++parser->depth > EXPR_DEPTH_LIMIT)
        return wrong(parser, parser->at, "nested too deep");
    if (!parse_signed(parser, least) || !parse_operators(parser, least))
        return false;
    parser->depth--;
    return true;
}

/* Something follows that is no part of the expression. */
static bool stray(Parser *parser)
{
    char c = parser->text[parser->at];

    if (c == '=')
        return wrong(parser, parser->at, "write == to compare");
    if (c == ')' || c == ']')
        return wrong(parser, parser->at, "this %c has no %c before it", c, c == ')' ? '(' : '[');
    return expected(parser, N_("an operator"));
}

static bool parse_text_whole(Parser *parser)
{
    if (!parse(parser, BIND_OR))
        return false;
    skip_blanks(parser);
    return parser->text[parser->at] == '\0' || stray(parser);
}

bool expr_init(Expr *expr, const char *text, ExprError *error)
{
    size_t length = strlen(text);
    Parser parser = {.expr = expr, .error = error};

    *expr = (Expr){0};
    *error = (ExprError){0};
    if (length >= EXPR_TEXT_LIMIT)
        return wrong(&parser, 0, "longer than %d characters", EXPR_TEXT_LIMIT - 1);
    expr->text = sys_alloc(length + 1, 1);
    if (!expr->text)
        return wrong(&parser, 0, "out of memory");
    memcpy(expr->text, text, length);
    parser.text = expr->text;
    bool done = parse_text_whole(&parser);
    if (done) {
        assert(parser.items == 1);
        expr->stack = sys_alloc((size_t)expr->depth, sizeof *expr->stack);
        done = expr->stack || wrong(&parser, 0, "out of memory");
    }
    if (!done)
        expr_release(expr);
    return done;
}
