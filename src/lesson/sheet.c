#include "lesson/sheet.h"

#include <string.h>

void sheet_clear(Sheet *sheet)
{
    store_release(&sheet->store);
    *sheet = (Sheet){.cleared = sheet->cleared + 1};
}

void sheet_add(Sheet *sheet, PieceKind kind, const Block *block, const char *label,
               const char *text)
{
    Piece *grown = store_grow(&sheet->store, sheet->piece, sheet->count, sizeof *sheet->piece);
    const char *copy = store_text(&sheet->store, text, strlen(text));
    const char *tag = store_text(&sheet->store, label, strlen(label));

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
