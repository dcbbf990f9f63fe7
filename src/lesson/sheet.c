#include "lesson/sheet.h"

#include "app/text.h"
#include <string.h>

void sheet_clear(Sheet *sheet)
{
    store_release(&sheet->store);
    *sheet = (Sheet){.cleared = sheet->cleared + 1};
}

static bool is_control(char c)
{
    return (c >= MARK_STRONG && c < MARKS_END) || c == '\t' || c == '\n';
}

/* A copy that is safe to show, with its marks, tabs and newlines. */
static const char *copy_safe(Store *store, const char *text)
{
    enum { LONGEST = 11 }; /* of a byte that is shown in words */
    size_t size = strlen(text) * LONGEST + 1, length = 0;
    char *safe = store_take(store, size);

    while (safe && *text) {
        size_t run = 0;
        while (text[run] && !is_control(text[run]))
            run++;
        length += text_show(text, run, safe + length, size - length, false);
        text += run;
        if (*text)
            safe[length++] = *text++;
    }
    return safe;
}

void sheet_add(Sheet *sheet, PieceKind kind, const Block *block, const char *label,
               const char *text)
{
    Piece *grown = store_grow(&sheet->store, sheet->piece, sheet->count, sizeof *sheet->piece);
    const char *copy = copy_safe(&sheet->store, text);
    const char *tag = copy_safe(&sheet->store, label);

    if (!grown || !copy || !tag)
        return;
    sheet->piece = grown;
    sheet->piece[sheet->count++] = (Piece){kind, block, tag, copy, sheet->serial++};
}

void sheet_drop(Sheet *sheet, PieceKind kind)
{
    if (sheet->count > 0 && sheet->piece[sheet->count - 1].kind == kind)
        sheet->count--;
}

const char *sheet_plain(const char *text, char *out, size_t size)
{
    size_t length = 0;

    for (; *text && length + 1 < size; text++)
        if (*text < MARK_STRONG || *text >= MARKS_END)
            out[length++] = *text;
    out[length] = '\0';
    return out;
}
