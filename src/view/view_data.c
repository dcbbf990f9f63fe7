#include "view/view_data.h"
#include "app/text.h"
#include "engine/words.h"
#include "view/panel.h"
#include "view/view.h"
#include <stdio.h>
#include <string.h>

const char view_data_about[] =
    N_("What the model learns from. A document is a line of the file, here in the shuffled "
       "order of training: document 0 is read in the first step, each step reads one.\n"
       "✓ is read already, ▸ is the one on the tape now, ○ is held out: never trained on, kept "
       "to test with. Beside it is the loss that its step had. Dim letters lie beyond what the "
       "model can see at once (the block size).\n"
       "Arrows move over the documents; Enter goes to the end of the step that reads one.\n"
       "The vocabulary is every character of the data, sorted, and BOS, the token that begins "
       "and ends every document. Count and share are of all documents.\n"
       "What the model is given: each character stands over its token number. :tok TEXT does "
       "the same to any text; a character that no document has gets no number.\n"
       "The guide's section on the data and the tokenizer says why.");

/* ---- documents ------------------------------------------------------------------------------- */

enum { GAP = 2, MARK = 2, LOSS = 6, LEAST_TEXT = 8, MOST_TEXT = 24 };

/* How documents are laid out: `columns` beside each other, row by row. */
typedef struct Sheet {
    int number, text, width; /* columns of the number, of the text, of a document */
    int columns;
    int64_t rows; /* that all of them take */
} Sheet;

static int number_columns(int64_t most)
{
    char text[32];

    return text_width(text_whole(most, text, sizeof text));
}

/* Columns for a text: of the longest there is, as far as it is known. */
static int text_columns(const App *app)
{
    const Tally *tally = &app->session.findings.tally;
    const bool counted =
        app->session.findings.begun.tally && tally->documents == app->session.corpus.count;
    int64_t longest = counted ? tally->longest : app->session.trainer.gpt.block_size;

    return longest < LEAST_TEXT ? LEAST_TEXT : longest > 1000 ? 1000 : (int)longest;
}

static Sheet sheet_of(const App *app, int width)
{
    Sheet sheet = {.number = number_columns(app->session.corpus.count - 1),
                   .text = text_columns(app)};
    const int fixed = sheet.number + 1 + MARK + LOSS;

    if (sheet.text > MOST_TEXT) /* long ones: one a row, with all the room there is */
        sheet.text = width - fixed > MOST_TEXT ? width - fixed : MOST_TEXT;
    sheet.width = fixed + sheet.text;
    sheet.columns = (width + GAP) / (sheet.width + GAP);
    if (sheet.columns < 1) {
        sheet.columns = 1;
        sheet.width = width;
        sheet.text = width - fixed;
    }
    sheet.rows = (app->session.corpus.count + sheet.columns - 1) / sheet.columns;
    return sheet;
}

/* The latest step that has read document d, 1 ... ; 0: none has yet. */
static int64_t step_of(const App *app, int64_t d)
{
    const int64_t done = app->session.trainer.at.step, count = app->session.corpus.count;

    return done > d ? d + (done - 1 - d) / count * count + 1 : 0;
}

static bool is_held_out(const App *app, int64_t d)
{
    const Session *session = &app->session;
    const int64_t count = session->corpus.count, unseen = count - session->trainer.settings.steps;

    return d >= count - (unseen < HELDOUT_USUAL ? unseen : HELDOUT_USUAL) && unseen > 0;
}

static const char *mark_of(const App *app, int64_t d)
{
    return d == trainer_document(&app->session.trainer) ? "▸"
           : step_of(app, d) > 0                        ? "✓"
           : is_held_out(app, d)                        ? "○"
                                                        : " ";
}

/* Its letters, those that the model does not see dim; an ellipsis where they are cut. */
static void draw_letters(Frame *frame, Area area, int64_t d, Role role, int attr)
{
    const App *app = frame->app;
    const int block = app->session.trainer.gpt.block_size;
    size_t length, at = 0;
    const char *text = corpus_text(&app->session.corpus, d, &length);
    int x = 0;

    for (int i = 0; at < length && x < area.w; i++) {
        uint32_t c = 0;
        at += (size_t)corpus_decode(text + at, length - at, &c);
        x += canvas_put(frame->canvas, area, x, 0, c, i < block ? role : ROLE_DIM,
                        i < block ? attr : 0);
    }
    if (at < length || x > area.w)
        canvas_text(frame->canvas, area, area.w - 1, 0, ROLE_DIM, 0, "…");
}

/* "  412 ✓ emma             2.31" */
static void draw_document(Frame *frame, Area cell, const Sheet *sheet, int64_t d)
{
    const App *app = frame->app;
    const Trainer *trainer = &app->session.trainer;
    const bool here = d == trainer_document(trainer);
    const int64_t step = step_of(app, d);
    const Role role = here                                      ? ROLE_ACCENT
                      : step > 0 || d < trainer->settings.steps ? ROLE_TEXT
                                                                : ROLE_DIM;
    char number[32];
    int x = sheet->number + 1;

    canvas_text_right(frame->canvas, cell, sheet->number, 0, here ? ROLE_ACCENT : ROLE_DIM, 0,
                      text_whole(d, number, sizeof number));
    canvas_text(frame->canvas, cell, x, 0, here ? ROLE_ACCENT : ROLE_RIGHT, here ? ATTR_BOLD : 0,
                mark_of(app, d));
    x += MARK;
    Area letters = {cell.x + x, cell.y, sheet->text < cell.w - x ? sheet->text : cell.w - x, 1};
    draw_letters(frame, letters, d, role, here ? ATTR_BOLD : 0);
    frame_spot(frame, cell, 0, 0, x + sheet->text, 1,
               (Focus){.kind = FOCUS_DOCUMENT, .index = (int32_t)d});
    if (step > 0)
        frame_number(frame, cell, x + sheet->text, 0, LOSS,
                     (Focus){.kind = FOCUS_STEP, .index = (int32_t)step}, true,
                     trainer->loss[step - 1], ROLE_CURVE, 0);
}

static void draw_row(Frame *frame, Area list, const Sheet *sheet, int64_t row, int y)
{
    for (int column = 0; column < sheet->columns; column++) {
        int64_t d = row * sheet->columns + column;
        int x = column * (sheet->width + GAP);
        if (d >= frame->app->session.corpus.count)
            break;
        if (y >= 0 && y < list.h)
            draw_document(frame, (Area){list.x + x, list.y + y, sheet->width, 1}, sheet, d);
        else
            frame_spot(frame, list, x, y, sheet->number + 1 + MARK + sheet->text, 1,
                       (Focus){.kind = FOCUS_DOCUMENT, .index = (int32_t)d});
    }
}

/* The document under the cursor, also by its step's loss; else the one on the tape. */
static int64_t document_here(const Frame *frame)
{
    const int64_t count = frame->app->session.corpus.count;

    if (frame->focus.kind == FOCUS_DOCUMENT)
        return frame->focus.index;
    if (frame->focus.kind == FOCUS_STEP)
        return (frame->focus.index - 1) % count;
    return trainer_document(&frame->app->session.trainer);
}

/* The first row that is seen. The cursor stays in the middle; without one, pages are turned: a list
 * that scrolls with every step cannot be read. */
static int64_t first_row(const Frame *frame, const Sheet *sheet, int room)
{
    const int64_t row = document_here(frame) / sheet->columns,
                  last = sheet->rows > room ? sheet->rows - room : 0;
    int64_t first = row / room * room;

    if (frame->focus.kind == FOCUS_DOCUMENT || frame->focus.kind == FOCUS_STEP)
        first = row - room / 2;
    return first < 0 ? 0 : first > last ? last : first;
}

static void draw_documents_legend(Frame *frame, Area area)
{
    const Trainer *trainer = &frame->app->session.trainer;
    const int64_t count = trainer->corpus->count, done = trainer->at.step;
    char number[32], all[32];
    int x = 0;

    x = canvas_text(frame->canvas, area, x, 0, ROLE_RIGHT, 0, "✓");
    x = canvas_print(frame->canvas, area, x, 0, ROLE_DIM, 0, " read: %*s of %s  ",
                     number_columns(count),
                     text_whole(done < count ? done : count, number, sizeof number),
                     text_whole(count, all, sizeof all));
    x = canvas_text(frame->canvas, area, x, 0, ROLE_ACCENT, ATTR_BOLD, "▸");
    x = canvas_text(frame->canvas, area, x, 0, ROLE_DIM, 0, _(" on the tape  "));
    if (is_held_out(frame->app, count - 1)) {
        x = canvas_text(frame->canvas, area, x, 0, ROLE_RIGHT, 0, "○");
        x = canvas_text(frame->canvas, area, x, 0, ROLE_DIM, 0, _(" held out  "));
    }
    canvas_text(frame->canvas, area, x, 0, ROLE_CURVE, 0,
                area.w > 70 ? _("number: loss in nats") : _("loss"));
}

/* A cursor that is put down lands on the document that is under work. */
static void add_first_spot(Frame *frame, Area list, const Sheet *sheet, int64_t first)
{
    const int64_t d = trainer_document(&frame->app->session.trainer),
                  row = d / sheet->columns - first;

    if (row >= 0 && row < list.h)
        frame_spot(frame, list, (int)(d % sheet->columns) * (sheet->width + GAP), (int)row,
                   sheet->number + 1 + MARK + sheet->text, 1,
                   (Focus){.kind = FOCUS_DOCUMENT, .index = (int32_t)d});
}

static void draw_documents(Frame *frame, Area area)
{
    enum { BEYOND = 8 };
    const App *app = frame->app;
    const Sheet sheet = sheet_of(app, area.w);
    const Area list = area_inset(area, 0, 2, 0, 0);

    panel_title(frame->canvas, area, "What it learns from",
                N_("documents, in the order of training"));
    draw_documents_legend(frame, area_inset(area, 0, 1, 0, 0));
    if (list.h < 1)
        return;
    const int64_t first = first_row(frame, &sheet, list.h);
    add_first_spot(frame, list, &sheet, first);
    for (int y = 0; y < list.h; y++)
        draw_row(frame, list, &sheet, first + y, y);
    for (int y = 1; y <= BEYOND; y++) {
        if (first - y >= 0)
            draw_row(frame, list, &sheet, first - y, -y);
        draw_row(frame, list, &sheet, first + list.h + y - 1, list.h + y - 1);
    }
}

/* ---- the view -------------------------------------------------------------------------------- */

enum { WIDE = 112, PANE_GAP = 4, TOKENS = 5, TOKENS_HIGH = 8, LOW = 16, HIGH = 34 };

/* Takes rows off the bottom of *area, and a blank one above them. */
static Area take_below(Area *area, int rows)
{
    Area below = area_inset(*area, 0, area->h - rows, 0, 0);

    area->h = area->h > rows + 1 ? area->h - rows - 1 : 0;
    return below;
}

/*   documents    vocabulary
 *   tokens                     */
static void draw_wide(Frame *frame, Area area)
{
    const int64_t d = document_here(frame);
    const int left = (area.w - PANE_GAP) * 60 / 100;
    const Area below = take_below(&area, area.h > HIGH ? TOKENS_HIGH : TOKENS);

    draw_documents(frame, (Area){area.x, area.y, left, area.h});
    data_draw_vocabulary(frame, area_inset(area, left + PANE_GAP, 0, 0, 0));
    data_draw_tokens(frame, below, data_text_of(frame->app, d), d);
}

/* A text as tokens with all the rows that it needs, and the vocabulary where any are left. */
static void draw_tokenizer(Frame *frame, Area area)
{
    const int64_t d = document_here(frame);
    const DataText text = data_text_of(frame->app, d);
    const int rows = data_token_rows(frame->app, area.w, text);
    const Area below = area_inset(area, 0, rows + 1, 0, 0);

    if (below.h >= LOW / 2)
        area.h = rows;
    data_draw_tokens(frame, area, text, d);
    if (below.h >= LOW / 2)
        data_draw_vocabulary(frame, below);
}

/* One below the other, what is chosen with the most room. */
static void draw_narrow(Frame *frame, Area area, bool documents)
{
    const int64_t d = document_here(frame);
    const int vocabulary = data_vocabulary_rows(frame->app, area.w);
    Area tokens = {0}, table = {0};

    if (area.h >= LOW)
        tokens = take_below(&area, area.h > HIGH ? TOKENS_HIGH : TOKENS);
    if (!documents)
        table = area;
    else if (area.h >= HIGH - TOKENS_HIGH && vocabulary <= area.h * 45 / 100)
        table = take_below(&area, vocabulary);
    if (documents)
        draw_documents(frame, area);
    data_draw_vocabulary(frame, table);
    data_draw_tokens(frame, tokens, data_text_of(frame->app, d), d);
}

void view_data_draw(Frame *frame, Area area)
{
    if (area.w >= WIDE && area.h >= LOW)
        draw_wide(frame, area);
    else if (frame->app->look.choice[LOOK_DATA_AS] == 2)
        draw_tokenizer(frame, area);
    else
        draw_narrow(frame, area, frame->app->look.choice[LOOK_DATA_AS] == 0);
}

/* ---- in words -------------------------------------------------------------------------------- */

static void tell_documents(const App *app, Answer *answer)
{
    const Session *session = &app->session;
    const Trainer *trainer = &session->trainer;
    const int64_t count = session->corpus.count, done = trainer->at.step,
                  d = trainer_document(trainer);
    size_t length;
    const char *text = corpus_text(&session->corpus, d, &length);

    answer_line(answer, "There are %lld documents; %lld of them are read.", (long long)count,
                (long long)(done < count ? done : count));
    answer_format(answer, "On the tape is document %lld: ", (long long)d);
    answer_bytes(answer, text, length);
    answer_format(answer, "\n");
    answer_whole(answer, "documents", count);
    answer_whole(answer, "read", done < count ? done : count);
    answer_whole(answer, "current", d);
}

void view_data_tell(const App *app, Answer *answer)
{
    const Focus focus = app->look.focus[VIEW_DATA];
    const int64_t d =
        focus.kind == FOCUS_DOCUMENT ? focus.index : trainer_document(&app->session.trainer);

    tell_documents(app, answer);
    data_tell_tokens(app, answer, data_text_of(app, d));
    data_tell_vocabulary(app, answer);
}
