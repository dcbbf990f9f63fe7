#include "view/prose.h"

#include "app/text.h"
#include <stdio.h>
#include <string.h>

enum { WORD_BYTES = 256, TABLE_COLUMNS = 8, CODE_COLUMN = 40 };

/* ---- words and lines ------------------------------------------------------------------------- */

/* Text that is being set: where it stands in its line, and which marks are on. */
typedef struct Pen {
    Prose *prose;
    int left, x;
    Role role;
    int attr;
    bool on[MARKS_END];
} Pen;

static void put(const Pen *pen, int x, const char *text)
{
    const Prose *prose = pen->prose;
    bool code = pen->on[MARK_CODE];
    int attr = pen->attr | (pen->on[MARK_STRONG] ? ATTR_BOLD : 0) |
               (pen->on[MARK_EMPHASIS] ? ATTR_UNDERLINE : 0);

    if (!prose->measuring && prose->y >= 0 && prose->y < prose->area.h)
        canvas_text(prose->canvas, prose->area, x, prose->y, code ? ROLE_ACCENT : pen->role, attr,
                    text);
}

static void break_line(Pen *pen)
{
    pen->prose->y++;
    pen->x = pen->left;
}

static bool is_mark(char c)
{
    return c >= MARK_STRONG && c < MARKS_END;
}

/* Columns of the next word, marks left out. */
static int word_width(const char *text)
{
    char word[WORD_BYTES];
    size_t length = 0;

    for (; *text && *text != ' ' && *text != '\n' && length + 1 < sizeof word; text++)
        if (!is_mark(*text))
            word[length++] = *text;
    word[length] = '\0';
    return text_width(word);
}

/* A piece of a word without marks; what is wider than a line is broken where the line ends. */
static void put_run(Pen *pen, const char *text, size_t length)
{
    char piece[WORD_BYTES];

    while (length > 0) {
        size_t bytes = 0;
        int width = 0, room = pen->prose->area.w - pen->x;
        while (bytes < length && bytes + 5 < sizeof piece) {
            size_t next = bytes + 1;
            while (next < length && ((unsigned char)text[next] & 0xc0) == 0x80)
                next++;
            memcpy(piece, text, next);
            piece[next] = '\0';
            if (text_width(piece) > room && (bytes > 0 || pen->x > pen->left))
                break;
            width = text_width(piece);
            bytes = next;
        }
        piece[bytes] = '\0';
        if (bytes > 0)
            put(pen, pen->x, piece);
        pen->x += width;
        text += bytes;
        length -= bytes;
        if (length > 0)
            break_line(pen);
    }
}

static void set_text(Pen *pen, const char *text)
{
    while (*text) {
        if (is_mark(*text)) {
            pen->on[(int)*text] = !pen->on[(int)*text];
            text++;
        } else if (*text == '\n') {
            break_line(pen);
            text++;
        } else if (*text == ' ') {
            while (*text == ' ')
                text++;
            if (pen->x + 1 + word_width(text) > pen->prose->area.w)
                break_line(pen);
            else if (pen->x > pen->left)
                pen->x++;
        } else {
            size_t length = 0;
            while (text[length] && !is_mark(text[length]) && !strchr(" \n", text[length]))
                length++;
            put_run(pen, text, length);
            text += length;
        }
    }
}

void prose_text(Prose *prose, int indent, const char *label, Role label_role, Role role, int attr,
                const char *text)
{
    Pen tag = {.prose = prose, .role = label_role, .attr = ATTR_BOLD};
    Pen pen = {.prose = prose, .left = indent, .x = indent, .role = role, .attr = attr};

    if (*label)
        put(&tag, indent - text_width(label) - 1 > 0 ? indent - text_width(label) - 1 : 0, label);
    set_text(&pen, text);
    prose->y++;
}

/* ---- tables ---------------------------------------------------------------------------------- */

static bool is_row(const Sheet *sheet, int i)
{
    return i < sheet->count && sheet->piece[i].kind == PIECE_BLOCK &&
           sheet->piece[i].block->kind == BLOCK_ROW;
}

/* The cell that begins at text, without its marks; what comes behind it. */
static const char *take_cell(const char *text, char cell[WORD_BYTES])
{
    size_t length = strcspn(text, "\t"), used = 0;

    for (size_t i = 0; i < length && used + 1 < WORD_BYTES; i++)
        if (!is_mark(text[i]))
            cell[used++] = text[i];
    cell[used] = '\0';
    return text + length + (text[length] == '\t');
}

/* Rows of a table one below the other, columns as wide as their widest cell. Returns how many. */
static int set_table(Prose *prose, const Sheet *sheet, int first)
{
    int width[TABLE_COLUMNS] = {0}, rows = 0;
    char cell[WORD_BYTES];

    for (; is_row(sheet, first + rows); rows++) {
        const char *text = sheet->piece[first + rows].text;
        for (int c = 0; *text && c < TABLE_COLUMNS; c++) {
            text = take_cell(text, cell);
            width[c] = text_width(cell) > width[c] ? text_width(cell) : width[c];
        }
    }
    for (int row = 0; row < rows; row++, prose->y++) {
        const char *text = sheet->piece[first + row].text;
        bool head = sheet->piece[first + row].block->head;
        for (int c = 0, x = 1; *text && c < TABLE_COLUMNS; x += width[c++] + 2) {
            const Pen pen = {
                .prose = prose, .role = head ? ROLE_DIM : ROLE_TEXT, .attr = head ? ATTR_BOLD : 0};
            text = take_cell(text, cell);
            put(&pen, x, cell);
        }
    }
    return rows;
}

/* ---- code ------------------------------------------------------------------------------------ */

/* Lines of code from a column on, cut at the width. Returns how many there are. */
static int set_code(Prose *prose, int left, int width, const char *label, const char *text)
{
    Prose part = *prose;
    int rows = 0;

    part.area = area_inset(prose->area, left, 0, prose->area.w - left - width, 0);
    const Pen tag = {.prose = &part, .role = ROLE_DIM};
    const Pen pen = {.prose = &part, .role = ROLE_ACCENT};
    if (*label) {
        put(&tag, 0, label);
        part.y++, rows++;
    }
    while (*text) {
        char line[WORD_BYTES];
        size_t length = strcspn(text, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, text);
        put(&pen, 1, line);
        part.y++, rows++;
        text += length + (text[length] == '\n');
    }
    return rows;
}

static bool is_code(const Sheet *sheet, int i, const char *language)
{
    return i < sheet->count && sheet->piece[i].kind == PIECE_BLOCK &&
           sheet->piece[i].block->kind == BLOCK_CODE &&
           strcmp(sheet->piece[i].label, language) == 0;
}

static int set_code_blocks(Prose *prose, const Sheet *sheet, int i)
{
    const Piece *piece = &sheet->piece[i];
    int half = prose->area.w / 2, rows, other = 0, taken = 1;

    if (is_code(sheet, i, "go") && is_code(sheet, i + 1, "c") && half >= CODE_COLUMN) {
        rows = set_code(prose, 0, half - 1, "Go", piece->text);
        other = set_code(prose, half, prose->area.w - half, "C", piece[1].text);
        taken = 2;
    } else {
        rows = set_code(prose, 0, prose->area.w,
                        strcmp(piece->label, "go") == 0  ? "Go"
                        : strcmp(piece->label, "c") == 0 ? "C"
                                                         : "",
                        piece->text);
    }
    prose->y += rows > other ? rows : other;
    return taken;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

int prose_block(Prose *prose, const Sheet *sheet, int i)
{
    const Piece *piece = &sheet->piece[i];
    int level = piece->block->level;

    switch (piece->block->kind) {
    case BLOCK_ROW:
        return set_table(prose, sheet, i);
    case BLOCK_CODE:
        return set_code_blocks(prose, sheet, i);
    case BLOCK_ITEM:
        prose_text(prose, 2 * level + (text_width(piece->label) > 1 ? 4 : 3),
                   strcmp(piece->label, "-") == 0 ? "•" : piece->label, ROLE_DIM, ROLE_TEXT, 0,
                   piece->text);
        break;
    case BLOCK_QUOTE:
        prose_text(prose, 2, "│", ROLE_DIM, ROLE_DIM, 0, piece->text);
        break;
    case BLOCK_HEADING:
        prose_text(prose, 0, "", ROLE_DIM, ROLE_TITLE, ATTR_BOLD, piece->text);
        break;
    case BLOCK_RULE:
        prose->y++;
        break;
    default:
        prose_text(prose, 0, "", ROLE_DIM, ROLE_TEXT, 0, piece->text);
        break;
    }
    return 1;
}
