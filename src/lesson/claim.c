#include "lesson/claim.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WRITTEN_BYTES = 64 };

/* A number as it was written, and half of its last digit. */
typedef struct Written {
    double number, half;
    char text[WRITTEN_BYTES];
} Written;

static bool is_digit(char c)
{
    return isdigit((unsigned char)c) != 0;
}

/* A comma between thousands: three digits and no fourth behind it. */
static bool parts_thousands(const char *comma)
{
    return *comma == ',' && is_digit(comma[1]) && is_digit(comma[2]) && is_digit(comma[3]) &&
           !is_digit(comma[4]);
}

static size_t exponent_length(const char *at)
{
    size_t length = 1;

    if (*at != 'e' && *at != 'E')
        return 0;
    length += at[1] == '-' || at[1] == '+';
    if (!is_digit(at[length]))
        return 0;
    while (is_digit(at[length]))
        length++;
    return length;
}

/* Bytes of the number that begins at text; 0 if none does. */
static size_t number_length(const char *text)
{
    size_t length = 0;
    bool point = false;

    for (;; length++) {
        bool begins_decimals = text[length] == '.' && !point && is_digit(text[length + 1]);
        if (!is_digit(text[length]) && !begins_decimals &&
            !(length > 0 && !point && parts_thousands(text + length)))
            break;
        point |= begins_decimals;
    }
    return length > 0 ? length + exponent_length(text + length) : 0;
}

/* A sign belongs to the number where nothing is taken away from. */
static bool is_negative(const char *text, const char *number)
{
    if (number == text || number[-1] != '-')
        return false;
    return number - 1 == text || strchr(" [(,=:", number[-2]) != NULL;
}

static Written read_number(const char *from, size_t length, bool negative)
{
    Written written = {.number = 0};
    size_t used = 0;
    long decimals = 0;
    bool point = false;

    for (size_t i = 0; i < length && used + 1 < WRITTEN_BYTES; i++) {
        if (from[i] == ',')
            continue;
        if (from[i] == 'e' || from[i] == 'E') {
            decimals -= strtol(from + i + 1, NULL, 10);
            point = false;
        }
        decimals += point;
        point |= from[i] == '.';
        written.text[used++] = from[i];
    }
    written.number = (negative ? -1 : 1) * strtod(written.text, NULL);
    written.half = 0.5 * pow(10, (double)-decimals);
    return written;
}

/* The last `wanted` numbers of a text. Digits within a name (x1) are none. Returns how many there
 * are. */
static int read_numbers(const char *text, Written list[DATUM_ENTRIES], int wanted)
{
    int count = 0;

    for (const char *at = text; *at;) {
        bool joined = at > text && (isalpha((unsigned char)at[-1]) || at[-1] == '_');
        size_t length = joined ? 0 : number_length(at);
        if (length > 0) {
            if (count == wanted)
                memmove(list, list + 1, (size_t)(--count) * sizeof *list);
            list[count++] = read_number(at, length, is_negative(text, at));
        }
        at += length > 0 ? length : 1 + (joined ? strspn(at + 1, "0123456789") * is_digit(*at) : 0);
    }
    return count;
}

static bool holds_numbers(const char *text, const Datum *value, Error *reason)
{
    Written list[DATUM_ENTRIES];
    int count = read_numbers(text, list, value->count);

    if (count < value->count)
        return error_set(reason, "the claim has %d numbers, the value %d", count, value->count);
    for (int i = 0; i < count; i++) {
        double off = fabs(list[i].number - value->number[i]);
        if (!(off <= list[i].half * (1 + 1e-9)))
            return error_set(reason, "it says %s, but it is %.6g", list[i].text, value->number[i]);
    }
    return true;
}

bool claim_holds(const char *text, const Datum *value, Error *reason)
{
    if (value->kind == DATUM_TRUTH)
        return value->number[0] != 0 || error_set(reason, "it is not so");
    if (value->kind == DATUM_TEXT)
        return strstr(text, value->text) || error_set(reason, "it is %.60s", value->text);
    return holds_numbers(text, value, reason);
}
