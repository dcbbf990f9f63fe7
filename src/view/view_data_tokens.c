/* The vocabulary and the tokenizer, parts of the view of the data. */
#include "view/view_data.h"

#include "app/text.h"
#include "engine/words.h"
#include "view/panel.h"
#include "view/plot.h"
#include <stdio.h>
#include <string.h>

static int digits_of(int64_t number)
{
    int digits = 1;

    for (; number >= 10; number /= 10)
        digits++;
    return digits;
}

/* ---- the vocabulary -------------------------------------------------------------------------- */

enum { CODE = 8, COUNT = 10, SHARE = 6, LEAST_BAR = 6, MOST_BAR = 48, GAP = 3 };

/* How tokens are laid out: `columns` beside each other, row by row. */
typedef struct Shelf {
    int id, width, bar; /* columns of the number, of a token, of its bar */
    int columns, rows;  /* rows: that all of them take */
} Shelf;

/* In as few columns as show all in `room` rows, or as many as there is room for. */
static Shelf shelf_of(const App *app, int width, int room)
{
    const int vocab = app->session.trainer.gpt.vocab;
    Shelf shelf = {.id = digits_of(vocab - 1), .columns = 1};
    const int fixed = shelf.id + 1 + 3 + CODE + COUNT + SHARE + 1,
              most = (width + GAP) / (fixed + LEAST_BAR + GAP);

    while (shelf.columns < most && (vocab + shelf.columns - 1) / shelf.columns > room)
        shelf.columns++;
    shelf.width = (width + GAP) / shelf.columns - GAP;
    shelf.bar = shelf.width - fixed;
    shelf.bar = shelf.bar > MOST_BAR ? MOST_BAR : shelf.bar;
    shelf.rows = (vocab + shelf.columns - 1) / shelf.columns;
    return shelf;
}

static const char *code_of(const App *app, int token, char text[16])
{
    const Corpus *corpus = &app->session.corpus;

    if (token == corpus->characters)
        return "BOS";
    snprintf(text, 16, "U+%04X", (unsigned)corpus->character[token]);
    return text;
}

/* 4 e  U+0065     8,403  9.2% ▆▆▆▆ */
static void draw_token(Frame *frame, Area cell, const Shelf *shelf, int token)
{
    const App *app = frame->app;
    const Tally *tally = &app->session.findings.tally;
    const bool counted =
        app->session.findings.begun.tally && tally->documents == app->session.corpus.count;
    char text[32];
    int x = shelf->id;

    snprintf(text, sizeof text, "%d", token);
    canvas_text_right(frame->canvas, cell, x, 0, ROLE_DIM, 0, text);
    panel_token(app, frame->canvas, cell, x + 1, 0, token, false, ROLE_TEXT, ATTR_BOLD);
    frame_spot(frame, cell, 0, 0, shelf->id + 3, 1, (Focus){.kind = FOCUS_TOKEN, .index = token});
    x += 4;
    canvas_text(frame->canvas, cell, x, 0, ROLE_DIM, 0, code_of(app, token, text));
    x += CODE + COUNT;
    if (!counted) {
        canvas_text_right(frame->canvas, cell, x, 0, ROLE_ABSENT, 0, "·");
        return;
    }
    canvas_text_right(frame->canvas, cell, x, 0, ROLE_TEXT, 0,
                      text_whole(tally->count[token], text, sizeof text));
    x += SHARE;
    snprintf(text, sizeof text, "%.1f%%",
             100 * (double)tally->count[token] / (double)tally->tokens);
    canvas_text_right(frame->canvas, cell, x, 0, ROLE_DIM, 0, text);
    plot_bar(frame->canvas, cell, x + 1, 0, shelf->bar,
             (double)tally->count[token] / (double)tally->most,
             token == app->session.corpus.characters ? ROLE_DIM : ROLE_CURVE);
}

/* Rows beyond what is seen have spots too. */
static void draw_row(Frame *frame, Area list, const Shelf *shelf, int row, int y)
{
    const int vocab = frame->app->session.trainer.gpt.vocab;

    for (int column = 0; column < shelf->columns; column++) {
        int token = row * shelf->columns + column, x = column * (shelf->width + GAP);
        if (token >= vocab)
            break;
        if (y >= 0 && y < list.h)
            draw_token(
                frame,
                (Area){list.x + x, list.y + y, shelf->width < list.w ? shelf->width : list.w, 1},
                shelf, token);
        else
            frame_spot(frame, list, x, y, shelf->id + 3, 1,
                       (Focus){.kind = FOCUS_TOKEN, .index = token});
    }
}

/* The token that must be seen: under the cursor, else the one at the selected position; the one
 * that every text begins with is no reason to show the end of the list. */
static int token_here(const Frame *frame)
{
    if (frame->focus.kind == FOCUS_TOKEN)
        return frame->focus.index;
    if (frame->focus.kind == FOCUS_INPUT)
        return frame->app->session.trainer.token[app_position(frame->app)];
    const int token = frame->app->session.trainer.token[app_position(frame->app)];
    return token == frame->app->session.trainer.gpt.vocab - 1 ? 0 : token;
}

void data_draw_vocabulary(Frame *frame, Area area)
{
    enum { BEYOND = 8 };
    const App *app = frame->app;
    const Area list = area_inset(area, 0, 2, 0, 0);
    const Shelf shelf = shelf_of(app, area.w, list.h);
    const int first = panel_scroll(shelf.rows, list.h, token_here(frame) / shelf.columns);
    char title[64];

    snprintf(title, sizeof title, _("%d tokens"), app->session.trainer.gpt.vocab);
    int x = panel_title(frame->canvas, area, title, N_("vocabulary"));
    if (x + 12 < area.w && list.h < shelf.rows)
        canvas_print(frame->canvas, area, x + 2, 0, ROLE_DIM, 0, "from %d", first * shelf.columns);
    if (list.h < 1)
        return;
    for (int column = 0; column < shelf.columns; column++) {
        Area head = {area.x + column * (shelf.width + GAP), area.y + 1, shelf.width, 1};
        head.w = head.w < area.w ? head.w : area.w;
        int at = shelf.id + 1;
        canvas_text(frame->canvas, head, at + 3, 0, ROLE_DIM, 0, _("code"));
        canvas_text_right(frame->canvas, head, at + 3 + CODE + COUNT, 0, ROLE_DIM, 0, _("count"));
        canvas_text_right(frame->canvas, head, at + 3 + CODE + COUNT + SHARE, 0, ROLE_DIM, 0,
                          _("share"));
    }
    for (int y = -BEYOND; y < list.h + BEYOND; y++)
        if (first + y >= 0 && first + y < shelf.rows)
            draw_row(frame, list, &shelf, first + y, y);
}

int data_vocabulary_rows(const App *app, int width)
{
    return 2 + shelf_of(app, width, 0).rows;
}

/* ---- the tokenizer --------------------------------------------------------------------------- */

DataText data_text_of(const App *app, int64_t d)
{
    DataText text = {app->spelling.text, app->spelling.length, app->spelling.length > 0};

    if (!text.typed)
        text.bytes = corpus_text(&app->session.corpus, d, &text.length);
    return text;
}

/* Tokens in rows: each a band of characters, numbers and, where there is room, code points. */
typedef struct Bands {
    int cell, across; /* columns of a token; tokens beside each other */
    int lines;        /* of a band */
} Bands;

static Bands bands_of(const App *app, Area area, int count)
{
    enum { NAMES = 7, WIDE = 7 };
    Bands bands = {digits_of(app->session.trainer.gpt.vocab - 1) + 1, 0, 2};
    const bool codes = area.h >= 6 && count * WIDE <= area.w - NAMES;

    if (codes)
        bands = (Bands){WIDE, 0, 3};
    bands.cell = bands.cell < 3 ? 3 : bands.cell;
    bands.across = (area.w - NAMES) / bands.cell;
    bands.across = bands.across < 1 ? 1 : bands.across;
    return bands;
}

/* of_run: of the document on the tape, where it can be changed. */
static void draw_spelled(Frame *frame, Area cell, const Bands *bands, const SpelledToken *token,
                         bool of_run, int position)
{
    const bool known = token->token != SPELLING_UNKNOWN, bos = token->code_point == 0;
    Canvas *canvas = frame->canvas;
    char text[16];

    if (bos)
        panel_token(frame->app, canvas, cell, cell.w - 2, 0, token->token, position > 0, ROLE_DIM,
                    ATTR_BOLD);
    else
        canvas_put(canvas, cell, cell.w - 2, 0,
                   token->code_point == ' ' ? 0x2423 : token->code_point,
                   known ? ROLE_TEXT : ROLE_WRONG, ATTR_BOLD);
    snprintf(text, sizeof text, "%d", token->token);
    canvas_text_right(canvas, cell, cell.w - 1, 1, known ? ROLE_ACCENT : ROLE_WRONG, 0,
                      known ? text : "?");
    snprintf(text, sizeof text, "U+%04X", (unsigned)token->code_point);
    if (bands->lines > 2)
        canvas_text_right(canvas, cell, cell.w - 1, 2, ROLE_DIM, 0, bos ? "BOS" : text);
    if (known && of_run)
        frame_thing(frame, cell, 0, 1, cell.w - 1, (Focus){.kind = FOCUS_INPUT, .index = position});
    else if (known)
        frame_spot(frame, cell, 0, 1, cell.w - 1, 1,
                   (Focus){.kind = FOCUS_TOKEN, .index = token->token, .entry = position + 1});
}

/* Returns the row after the last band. */
static int draw_bands(Frame *frame, Area area, const SpelledToken *list, int count, bool of_run)
{
    enum { NAMES = 7 };
    static const char *const names[] = {N_("text"), N_("token"), N_("code")};
    const Bands bands = bands_of(frame->app, area, count);
    int y = 0;

    for (int first = 0; first < count && y + 2 <= area.h; first += bands.across) {
        for (int line = 0; line < bands.lines; line++)
            canvas_text(frame->canvas, area, 0, y + line, ROLE_DIM, 0, _(names[line]));
        for (int i = first; i < count && i < first + bands.across; i++) {
            Area cell = {area.x + NAMES + (i - first) * bands.cell, area.y + y, bands.cell,
                         bands.lines};
            cell.h = cell.h < area.h - y ? cell.h : area.h - y;
            if (NAMES + (i - first + 1) * bands.cell <= area.w)
                draw_spelled(frame, cell, &bands, &list[i],
                             of_run && i <= frame->app->session.trainer.positions, i);
        }
        y += bands.lines + (area.h > 6);
    }
    return y;
}

/* What is to be said of it: unknown characters, and what the model does not see. */
static void draw_remarks(Frame *frame, Area area, int y, const SpelledToken *list, int count)
{
    const int unknown = spelling_unknown(list, count),
              block = frame->app->session.trainer.gpt.block_size;

    if (unknown > 0 && y < area.h)
        canvas_print(
            frame->canvas, area, 0, y++, ROLE_WRONG, 0,
            words_count("%d character is not in the data: the model has no token for it (?).",
                        "%d characters are not in the data: the model has no token for them (?).",
                        (unsigned long)unknown),
            unknown);
    if (count > block + 1 && y < area.h)
        canvas_print(frame->canvas, area, 0, y, ROLE_NOTE, 0,
                     "%d tokens: the model sees the first %d and predicts %d.", count, block + 1,
                     block);
    else if (y < area.h)
        canvas_print(frame->canvas, area, 0, y, ROLE_DIM, 0, "%d tokens, %d of them to predict",
                     count, count - 1);
}

/* The document on the tape has the tokens that the reader has put there. */
static void take_tokens_of_run(const App *app, SpelledToken *list, int count)
{
    const Corpus *corpus = &app->session.corpus;
    const Trainer *trainer = &app->session.trainer;

    for (int i = 0; i < count && i <= trainer->positions; i++) {
        const int token = trainer->token[i];
        list[i] = (SpelledToken){token < corpus->characters ? corpus->character[token] : 0, token};
    }
}

void data_draw_tokens(Frame *frame, Area area, DataText text, int64_t d)
{
    const bool of_run = !text.typed && d == trainer_document(&frame->app->session.trainer);
    SpelledToken list[SPELLING_TOKENS];
    const int count =
        spelling_cut(&frame->app->session.corpus, text.bytes, text.length, list, SPELLING_TOKENS);
    int x = panel_title(frame->canvas, area, "What the model is given", N_("tokens"));

    if (text.typed)
        canvas_text(frame->canvas, area, x + 2, 0, ROLE_DIM, 0, _("the text you typed"));
    else
        x = canvas_print(frame->canvas, area, x + 2, 0, ROLE_DIM, 0, "doc %lld", (long long)d);
    if (!text.typed && x + 24 < area.w)
        canvas_text_right(frame->canvas, area, area.w, 0, ROLE_DIM, 0, _(":tok TEXT for another"));
    area = area_inset(area, 0, 1, 0, 0);
    if (of_run)
        take_tokens_of_run(frame->app, list, count);
    draw_remarks(frame, area, draw_bands(frame, area_inset(area, 0, 0, 0, 1), list, count, of_run),
                 list, count);
}

int data_token_rows(const App *app, int width, DataText text)
{
    enum { TITLE = 1, REMARKS = 2, HIGH = 7 };
    SpelledToken list[SPELLING_TOKENS];
    const int count =
        spelling_cut(&app->session.corpus, text.bytes, text.length, list, SPELLING_TOKENS);
    const Bands bands = bands_of(app, (Area){0, 0, width, HIGH}, count);

    return TITLE + (count + bands.across - 1) / bands.across * (bands.lines + 1) + REMARKS;
}

/* ---- in words -------------------------------------------------------------------------------- */

void data_tell_vocabulary(const App *app, Answer *answer)
{
    const Corpus *corpus = &app->session.corpus;
    const Tally *tally = &app->session.findings.tally;
    const bool counted = app->session.findings.begun.tally && tally->documents == corpus->count;
    char shown[16], code[16];

    answer_line(answer, "The vocabulary has %d tokens.", corpus_vocab(corpus));
    answer_open(answer, "vocabulary", '[');
    for (int token = 0; token < corpus_vocab(corpus); token++) {
        snprintf(shown, sizeof shown, "BOS");
        if (token < corpus->characters)
            text_show_character(corpus->character[token], shown);
        if (counted)
            answer_line(answer, "Token %d: %s, %s, %lld times, %.1f %%.", token, shown,
                        code_of(app, token, code), (long long)tally->count[token],
                        100 * (double)tally->count[token] / (double)tally->tokens);
        answer_open(answer, NULL, '{');
        answer_whole(answer, "token", token);
        answer_text(answer, "character", shown);
        answer_text(answer, "code", code_of(app, token, code));
        if (counted)
            answer_whole(answer, "count", tally->count[token]);
        else
            answer_null(answer, "count");
        answer_close(answer, '}');
    }
    answer_close(answer, ']');
}

void data_tell_tokens(const App *app, Answer *answer, DataText text)
{
    SpelledToken list[SPELLING_TOKENS];
    const int count =
        spelling_cut(&app->session.corpus, text.bytes, text.length, list, SPELLING_TOKENS);
    char shown[16];

    answer_string(answer, "text", text.bytes, text.length);
    answer_format(answer,
                  "%s is given as tokens:", text.typed ? _("The typed text") : _("The document"));
    answer_open(answer, "tokens", '[');
    for (int i = 0; i < count; i++) {
        snprintf(shown, sizeof shown, "BOS");
        if (list[i].code_point != 0)
            text_show_character(list[i].code_point, shown);
        if (list[i].token == SPELLING_UNKNOWN) {
            answer_format(answer, "%s %s unknown", i > 0 ? "," : "", shown);
            answer_null(answer, NULL);
        } else {
            answer_format(answer, "%s %s %d", i > 0 ? "," : "", shown, list[i].token);
            answer_whole(answer, NULL, list[i].token);
        }
    }
    answer_close(answer, ']');
    answer_format(answer, ".\n");
}
