#include "lesson/markdown.h"

#include "app/text.h"
#include "engine/sys.h"
#include <md4c.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH_LIMIT = 6, LABEL_BYTES = 32, TAB_COLUMNS = 4 };

/* Characters that mean something to Markdown and to expressions; between braces they are written as
 * bytes that no UTF-8 has, and read back afterwards. */
static const char specials[] = "*_[]<>`\\|&!~";
static const unsigned char stand_ins[] = {0xc0, 0xc1, 0xf5, 0xf6, 0xf7, 0xf8,
                                          0xf9, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe};

_Static_assert(sizeof specials - 1 == sizeof stand_ins, "each has its own");

/* A list that is open. */
typedef struct List {
    bool numbered;
    unsigned next;
} List;

typedef struct Reader {
    const char *text; /* protected copy of the file */
    size_t length;
    size_t counted; /* bytes before here have `line` lines ended */
    int line;
    Store *store;
    Markdown *markdown;
    List list[DEPTH_LIMIT];
    int lists, quotes;
    bool open;               /* a block is being read */
    Block block;             /* that one */
    char label[LABEL_BYTES]; /* of the item that begins */
    bool in_code, raw;
    int cells;
    char *bytes; /* its text so far; owned */
    size_t used, room;
} Reader;

/* ---- the text of a block --------------------------------------------------------------------- */

static void put_bytes(Reader *reader, const char *bytes, size_t length)
{
    if (reader->used + length > reader->room) {
        size_t room = 2 * (reader->used + length) + 256;
        char *larger = sys_resize(reader->bytes, room, 1);
        if (!larger) {
            reader->store->failed = true;
            return;
        }
        reader->bytes = larger;
        reader->room = room;
    }
    memcpy(reader->bytes + reader->used, bytes, length);
    reader->used += length;
}

static void put_mark(Reader *reader, char mark)
{
    put_bytes(reader, &mark, 1);
}

/* The line of a place in the file; places are asked for in rising order. */
static int line_at(Reader *reader, const char *at)
{
    if (at < reader->text || at > reader->text + reader->length)
        return reader->line + 1;
    for (; reader->counted < (size_t)(at - reader->text); reader->counted++)
        reader->line += reader->text[reader->counted] == '\n';
    return reader->line + 1;
}

/* Writes a character that Markdown has left as it is: special ones under their own names. */
static size_t unprotect(const char *text, size_t length, char *out)
{
    for (size_t i = 0; i < length; i++) {
        const unsigned char *found = memchr(stand_ins, (unsigned char)text[i], sizeof stand_ins);
        out[i] = found ? specials[found - stand_ins] : text[i];
    }
    return length;
}

/* Text made safe, in pieces; a character is never cut. */
static void put_text(Reader *reader, const char *text, size_t length)
{
    char raw[128], safe[128 * 11 + 1];

    while (length > 0) {
        size_t piece = length < sizeof raw ? length : sizeof raw;
        while (piece < length && piece > sizeof raw - 4 &&
               ((unsigned char)text[piece] & 0xc0) == 0x80)
            piece--;
        size_t bytes = text_show(raw, unprotect(text, piece, raw), safe, sizeof safe, false);
        put_bytes(reader, safe, bytes);
        text += piece;
        length -= piece;
    }
}

/* Directives stay as they were written: whoever shows them makes them safe. */
static void put_raw(Reader *reader, const char *text, size_t length)
{
    char raw[128];

    for (size_t piece; length > 0; text += piece, length -= piece) {
        piece = length < sizeof raw ? length : sizeof raw;
        put_bytes(reader, raw, unprotect(text, piece, raw));
    }
}

/* Lines of code: newlines stay, tabs become columns. */
static void put_code(Reader *reader, const char *text, size_t length)
{
    for (size_t i = 0, run; i < length; i += run) {
        run = 0;
        while (i + run < length && text[i + run] != '\n' && text[i + run] != '\t')
            run++;
        if (reader->raw)
            put_raw(reader, text + i, run);
        else
            put_text(reader, text + i, run);
        if (i + run == length)
            return;
        put_bytes(reader, text[i + run] == '\n' ? "\n" : "    ",
                  text[i + run] == '\n' ? 1 : TAB_COLUMNS);
        run++;
    }
}

/* ---- blocks ---------------------------------------------------------------------------------- */

static void begin(Reader *reader, BlockKind kind, int level)
{
    reader->open = true;
    reader->used = 0;
    reader->block = (Block){.kind = kind, .level = level, .label = ""};
}

static void end(Reader *reader)
{
    Markdown *markdown = reader->markdown;

    if (!reader->open)
        return;
    reader->open = false;
    while (reader->block.kind == BLOCK_CODE && reader->used > 0 &&
           reader->bytes[reader->used - 1] == '\n')
        reader->used--;
    reader->block.text =
        store_text(reader->store, reader->bytes ? reader->bytes : "", reader->used);
    Block *grown =
        store_grow(reader->store, markdown->block, markdown->count, sizeof *markdown->block);
    if (!reader->block.text || !reader->block.label || !grown)
        return;
    if (reader->block.line == 0)
        reader->block.line = reader->line + 1;
    markdown->block = grown;
    markdown->block[markdown->count++] = reader->block;
}

/* A paragraph, or what is one within a list or a quotation. */
static void begin_text(Reader *reader)
{
    if (reader->lists > 0) {
        begin(reader, BLOCK_ITEM, (reader->lists < DEPTH_LIMIT ? reader->lists : DEPTH_LIMIT) - 1);
        reader->block.label = store_text(reader->store, reader->label, strlen(reader->label));
        reader->label[0] = '\0';
    } else {
        begin(reader, reader->quotes > 0 ? BLOCK_QUOTE : BLOCK_PARAGRAPH, 0);
    }
}

static void begin_item(Reader *reader)
{
    List *list = &reader->list[(reader->lists < DEPTH_LIMIT ? reader->lists : DEPTH_LIMIT) - 1];

    if (list->numbered)
        snprintf(reader->label, sizeof reader->label, "%u.", list->next++);
    else
        snprintf(reader->label, sizeof reader->label, "-");
}

static void begin_list(Reader *reader, bool numbered, unsigned start)
{
    end(reader);
    if (reader->lists < DEPTH_LIMIT)
        reader->list[reader->lists] = (List){numbered, start};
    reader->lists++;
}

/* The first word of the info string. */
static void begin_code(Reader *reader, const MD_BLOCK_CODE_DETAIL *detail)
{
    char word[LABEL_BYTES], safe[LABEL_BYTES * 11];
    size_t length = detail->lang.text ? detail->lang.size : 0;

    begin(reader, BLOCK_CODE, 0);
    reader->in_code = true;
    length = length < sizeof word ? length : sizeof word;
    unprotect(detail->lang.text ? detail->lang.text : "", length, word);
    length = text_show(word, length, safe, sizeof safe, false);
    reader->block.label = store_text(reader->store, safe, length);
    reader->raw = strcmp(safe, "lesson") == 0;
    if (detail->info.text) /* its lines begin below; overwritten by the first of them */
        reader->block.line = line_at(reader, detail->info.text) + 1;
}

static int enter_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    Reader *reader = context;

    switch (type) {
    case MD_BLOCK_QUOTE:
        reader->quotes++;
        break;
    case MD_BLOCK_UL:
        begin_list(reader, false, 0);
        break;
    case MD_BLOCK_OL:
        begin_list(reader, true, ((MD_BLOCK_OL_DETAIL *)detail)->start);
        break;
    case MD_BLOCK_LI:
        begin_item(reader);
        break;
    case MD_BLOCK_HR:
        begin(reader, BLOCK_RULE, 0);
        end(reader);
        break;
    case MD_BLOCK_H:
        begin(reader, BLOCK_HEADING, (int)((MD_BLOCK_H_DETAIL *)detail)->level);
        break;
    case MD_BLOCK_CODE:
        end(reader);
        begin_code(reader, detail);
        break;
    case MD_BLOCK_P:
        begin_text(reader);
        break;
    case MD_BLOCK_TR:
        begin(reader, BLOCK_ROW, 0);
        reader->cells = 0;
        break;
    case MD_BLOCK_TH:
    case MD_BLOCK_TD:
        reader->block.head |= type == MD_BLOCK_TH;
        if (reader->cells++ > 0)
            put_mark(reader, '\t');
        break;
    default:
        break;
    }
    return 0;
}

static int leave_block(MD_BLOCKTYPE type, void *detail, void *context)
{
    Reader *reader = context;

    (void)detail;
    switch (type) {
    case MD_BLOCK_QUOTE:
        reader->quotes--;
        break;
    case MD_BLOCK_UL:
    case MD_BLOCK_OL:
        end(reader);
        reader->lists--;
        break;
    case MD_BLOCK_LI:
    case MD_BLOCK_H:
    case MD_BLOCK_P:
    case MD_BLOCK_TR:
        end(reader);
        break;
    case MD_BLOCK_CODE:
        end(reader);
        reader->in_code = false;
        break;
    default:
        break;
    }
    return 0;
}

static int mark_span(MD_SPANTYPE type, void *detail, void *context)
{
    Reader *reader = context;

    (void)detail;
    if (!reader->open)
        begin_text(reader);
    if (type == MD_SPAN_STRONG)
        put_mark(reader, MARK_STRONG);
    else if (type == MD_SPAN_EM)
        put_mark(reader, MARK_EMPHASIS);
    else if (type == MD_SPAN_CODE)
        put_mark(reader, MARK_CODE);
    return 0;
}

static void put_entity(Reader *reader, const char *text, size_t length)
{
    static const char *const known[][2] = {
        {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&nbsp;", " "}};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i][0]) == length && memcmp(known[i][0], text, length) == 0) {
            put_bytes(reader, known[i][1], 1);
            return;
        }
    put_text(reader, text, length);
}

static int take_text(MD_TEXTTYPE type, const MD_CHAR *text, MD_SIZE size, void *context)
{
    Reader *reader = context;

    if (!reader->open) /* of an item whose list has no blank lines */
        begin_text(reader);
    if (reader->used == 0 && size > 0 && text >= reader->text &&
        text < reader->text + reader->length)
        reader->block.line = line_at(reader, text);
    if (type == MD_TEXT_BR)
        put_mark(reader, '\n');
    else if (type == MD_TEXT_SOFTBR)
        put_bytes(reader, " ", 1);
    else if (type == MD_TEXT_ENTITY)
        put_entity(reader, text, size);
    else if (reader->in_code)
        put_code(reader, text, size);
    else
        put_text(reader, text, size);
    return 0;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* Whether {{ at a place of the text is closed on its line. */
static bool is_closed(const char *text)
{
    const char *end = strstr(text, "}}"), *line = strchr(text, '\n');

    return end && (!line || end < line);
}

/* Between {{ and }} on one line no character means anything to Markdown. */
static void protect(char *text, size_t length)
{
    bool inside = false;

    for (size_t i = 0; i < length; i++) {
        const char *found = text[i] ? strchr(specials, text[i]) : NULL;
        if (strncmp(text + i, "{{", 2) == 0)
            inside = is_closed(text + i);
        else if (strncmp(text + i, "}}", 2) == 0)
            inside = false;
        else if (inside && found)
            text[i] = (char)stand_ins[found - specials];
    }
}

bool markdown_read(const char *text, size_t length, Store *store, Markdown *markdown, Error *error)
{
    const MD_PARSER parser = {.flags = MD_FLAG_TABLES | MD_FLAG_NOHTML,
                              .enter_block = enter_block,
                              .leave_block = leave_block,
                              .enter_span = mark_span,
                              .leave_span = mark_span,
                              .text = take_text};
    char *copy = store_text(store, text, length);
    Reader reader = {.text = copy, .length = length, .store = store, .markdown = markdown};

    *markdown = (Markdown){NULL, 0};
    if (!copy || length > UINT32_MAX / 2)
        return error_set(error, "out of memory");
    protect(copy, length);
    bool read = md_parse(copy, (MD_SIZE)length, &parser, &reader) == 0;
    sys_free(reader.bytes);
    return (read && !store->failed) || error_set(error, "out of memory");
}

const char *markdown_inline(const char *text, size_t length, Store *store)
{
    Markdown none = {NULL, 0};
    Reader reader = {.store = store, .markdown = &none};
    bool code = false;

    for (size_t i = 0, run; i < length; i += run) {
        run = 1;
        if (text[i] == '`') {
            code = !code;
            put_mark(&reader, MARK_CODE);
        } else if (!code && text[i] == '*' && i + 1 < length && text[i + 1] == '*') {
            put_mark(&reader, MARK_STRONG);
            run = 2;
        } else {
            while (i + run < length && text[i + run] != '`' && text[i + run] != '*')
                run++;
            put_text(&reader, text + i, run);
        }
    }
    const char *marked = store_text(store, reader.bytes ? reader.bytes : "", reader.used);
    sys_free(reader.bytes);
    return marked;
}
