#include "app/answer.h"

#include "app/json.h"
#include "app/text.h"
#include "engine/sys.h"
#include "engine/words.h"
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

static void clear(AnswerBytes *to)
{
    to->length = 0;
    if (to->bytes)
        to->bytes[0] = '\0';
}

void answer_clear(Answer *answer)
{
    clear(&answer->lines);
    clear(&answer->members);
    answer->cut = false;
}

void answer_release(Answer *answer)
{
    sys_free(answer->lines.bytes);
    sys_free(answer->members.bytes);
    *answer = (Answer){.cut = false};
}

static bool make_room(AnswerBytes *to, size_t length)
{
    size_t needed = to->length + length + 1, room = to->room ? to->room : 1024;

    if (needed <= to->room)
        return true;
    while (room < needed)
        room *= 2;
    char *bytes =
        length < ANSWER_LIMIT && room <= ANSWER_LIMIT ? sys_resize(to->bytes, room, 1) : NULL;
    if (!bytes)
        return false;
    to->bytes = bytes;
    to->room = room;
    return true;
}

/* Once something is left out, so is all that comes after: an answer is cut at one place. */
static void append(Answer *answer, AnswerBytes *to, const char *bytes, size_t length)
{
    if (answer->cut || !make_room(to, length)) {
        answer->cut = true;
        return;
    }
    memcpy(to->bytes + to->length, bytes, length);
    to->length += length;
    to->bytes[to->length] = '\0';
}

/* ---- lines ----------------------------------------------------------------------------------- */

void answer_bytes(Answer *answer, const char *bytes, size_t length)
{
    append(answer, &answer->lines, bytes, length);
}

static void append_formatted(Answer *answer, const char *format, va_list args)
{
    char text[ANSWER_LINE_BYTES];

    vsnprintf(text, sizeof text, _(format), args);
    answer_bytes(answer, text, strlen(text));
}

void answer_format(Answer *answer, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    append_formatted(answer, format, args);
    va_end(args);
}

void answer_line(Answer *answer, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    append_formatted(answer, format, args);
    va_end(args);
    answer_bytes(answer, "\n", 1);
}

const char *answer_first(const Answer *answer)
{
    return answer->lines.bytes ? answer->lines.bytes : "";
}

int answer_lines(const Answer *answer)
{
    int count = 0;

    for (const char *at = answer_first(answer); (at = strchr(at, '\n')); at++)
        count++;
    return count;
}

void answer_print(const Answer *answer, FILE *stream)
{
    const char *at = answer_first(answer), *end = at + answer->lines.length;

    while (at < end) {
        const char *tab = memchr(at, '\t', (size_t)(end - at));
        text_print(stream, at, (size_t)((tab ? tab : end) - at));
        if (tab)
            fputc('\t', stream);
        at = tab ? tab + 1 : end;
    }
}

/* ---- members --------------------------------------------------------------------------------- */

static void add(Answer *answer, const char *text)
{
    append(answer, &answer->members, text, strlen(text));
}

static void add_string(Answer *answer, const char *bytes, size_t length)
{
    char piece[JSON_PIECE];

    add(answer, "\"");
    while (length > 0) {
        json_text_piece(&bytes, &length, piece);
        add(answer, piece);
    }
    add(answer, "\"");
}

/* Texts end in a quote, so a bracket at the end is one of structure. */
static bool is_first(const AnswerBytes *members)
{
    return members->length == 0 || strchr("[{", members->bytes[members->length - 1]);
}

static void begin(Answer *answer, const char *name)
{
    if (!is_first(&answer->members))
        add(answer, ",");
    if (name) {
        add_string(answer, name, strlen(name));
        add(answer, ":");
    }
}

void answer_text(Answer *answer, const char *name, const char *text)
{
    answer_string(answer, name, text, strlen(text));
}

void answer_string(Answer *answer, const char *name, const char *bytes, size_t length)
{
    begin(answer, name);
    add_string(answer, bytes, length);
}

void answer_real(Answer *answer, const char *name, double number)
{
    char piece[JSON_PIECE];

    json_real_piece(number, piece);
    begin(answer, name);
    add(answer, piece);
}

void answer_whole(Answer *answer, const char *name, int64_t number)
{
    char piece[JSON_PIECE];

    snprintf(piece, sizeof piece, "%" PRId64, number);
    begin(answer, name);
    add(answer, piece);
}

void answer_truth(Answer *answer, const char *name, bool truth)
{
    begin(answer, name);
    add(answer, truth ? "true" : "false");
}

void answer_null(Answer *answer, const char *name)
{
    begin(answer, name);
    add(answer, "null");
}

void answer_open(Answer *answer, const char *name, char bracket)
{
    begin(answer, name);
    add(answer, bracket == '[' ? "[" : "{");
}

void answer_close(Answer *answer, char bracket)
{
    add(answer, bracket == ']' ? "]" : "}");
}
