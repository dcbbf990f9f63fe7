#include "lesson/plain.h"

#include "app/command.h"
#include "app/text.h"
#include "engine/words.h"
#include <ctype.h>
#include <string.h>

enum { WIDTH = 78 };

typedef struct Plain {
    LessonRun *run;
    FILE *in, *out;
    PlainDescribe *describe;
    int cleared; /* of the sheet that was printed last, and the serial of its next piece */
    int serial;
    bool quit;
} Plain;

/* ---- printing -------------------------------------------------------------------------------- */

/* One line of text, broken at blanks; indent stands before all but the first. */
static void print_wrapped(FILE *out, const char *text, int column, int indent)
{
    while (*text) {
        size_t blanks = strspn(text, " "), length = strcspn(text + blanks, " \n");
        char word[1024];
        snprintf(word, sizeof word, "%.*s", (int)length, text + blanks);
        int width = text_width(word);
        if (column + width + 1 > WIDTH && column > indent) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
        } else if (blanks > 0) {
            fputc(' ', out);
            column++;
        }
        fputs(word, out);
        column += width;
        text += blanks + length;
        if (*text == '\n') {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
            text++;
        }
    }
    fputc('\n', out);
}

static void print_lines(FILE *out, const char *text, const char *before)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        fprintf(out, "%s%.*s\n", before, (int)length, text);
        text += length + (text[length] == '\n');
    }
}

/* Cells with a bar between them: what a screen reader says in order. */
static void print_row(FILE *out, const char *text)
{
    fputs("  ", out);
    for (; *text; text++)
        if (*text == '\t')
            fputs(" | ", out);
        else
            fputc(*text, out);
    fputc('\n', out);
}

static void print_block(FILE *out, const Block *block, const char *label, const char *text)
{
    switch (block->kind) {
    case BLOCK_CODE:
        fprintf(out, *label ? "\n(%s)\n" : "\n", label);
        print_lines(out, text, "    ");
        break;
    case BLOCK_ROW:
        print_row(out, text);
        break;
    case BLOCK_ITEM:
        fprintf(out, "%*s%s ", 2 * block->level + 2, "", label);
        print_wrapped(out, text, 2 * block->level + 4, 2 * block->level + 4);
        break;
    case BLOCK_RULE:
        fputc('\n', out);
        break;
    default:
        fputc('\n', out);
        print_wrapped(out, text, 0, 0);
        break;
    }
}

static void print_piece(FILE *out, const Piece *piece)
{
    static const char *const before[] = {[PIECE_QUESTION] = N_("\nQuestion: "),
                                         [PIECE_TASK] = N_("\nTo do: "),
                                         [PIECE_RIGHT] = N_("Right: "),
                                         [PIECE_SAID] = N_("Kept: "),
                                         [PIECE_WRONG] = "",
                                         [PIECE_SHOWN] = N_("Answer: "),
                                         [PIECE_SKIPPED] = N_("Left out."),
                                         [PIECE_DONE] = N_("Done."),
                                         [PIECE_HINT] = N_("Hint: "),
                                         [PIECE_WHY] = N_("Why: "),
                                         [PIECE_OUTPUT] = "  ",
                                         [PIECE_NOTE] = "\n",
                                         [PIECE_OPTION] = "  "};
    char text[8192];

    sheet_plain(piece->text, text, sizeof text);
    if (piece->kind == PIECE_BLOCK) {
        print_block(out, piece->block, piece->label, text);
        return;
    }
    fputs(_(before[piece->kind]), out);
    if (piece->kind == PIECE_OPTION)
        fprintf(out, "%s) ", piece->label);
    print_wrapped(out, text, text_width(_(before[piece->kind])), 2);
}

/* What has come to the sheet since the latest printing; a new step with its heading. */
static void print_news(Plain *plain)
{
    LessonRun *run = plain->run;
    const Sheet *sheet = &run->sheet;
    char title[200], place[200], heading[400];

    if (sheet->cleared != plain->cleared) {
        lesson_run_describe(run, title, place, sizeof title);
        sheet_plain(run->at < run->visits ? lesson_run_step(run)->title : "", heading,
                    sizeof heading);
        fprintf(plain->out, "\n== %s, %s%s%s ==\n", title, place, *heading ? ": " : "", heading);
        plain->serial = 0;
        plain->cleared = sheet->cleared;
    }
    for (int i = 0; i < sheet->count; i++)
        if (sheet->piece[i].serial >= plain->serial)
            print_piece(plain->out, &sheet->piece[i]);
    plain->serial = sheet->serial;
}

/* ---- words ----------------------------------------------------------------------------------- */

static void say(Plain *plain, bool done, const Error *error)
{
    char safe[4 * sizeof error->text];

    if (done)
        return;
    text_show(error->text, strlen(error->text), safe, sizeof safe, false);
    fprintf(plain->out, "%s\n", safe);
}

static void word_help(Plain *plain)
{
    fputs(_("Type an answer, or one of: hint, show, skip, next, back, again, view, quit.\n"
            "Behind a colon any command of the program: :step 1 operation, :print loss.\n"),
          plain->out);
}

static void word_hint(Plain *plain)
{
    Error error;

    say(plain, lesson_run_hint(plain->run, &error), &error);
}

static void word_show(Plain *plain)
{
    Error error;

    say(plain, lesson_run_show(plain->run, &error), &error);
}

static void word_skip(Plain *plain)
{
    Error error;

    say(plain, lesson_run_skip(plain->run, &error), &error);
}

static void word_next(Plain *plain)
{
    lesson_run_next(plain->run);
}

static void word_back(Plain *plain)
{
    lesson_run_prev(plain->run);
}

static void word_again(Plain *plain)
{
    lesson_run_retry(plain->run);
}

static void word_view(Plain *plain)
{
    if (plain->describe)
        plain->describe(plain->run->app, plain->out);
}

static void word_quit(Plain *plain)
{
    plain->quit = true;
}

/* A single letter may be an answer. */
static const struct {
    const char *word;
    void (*act)(Plain *plain);
} words[] = {{"help", word_help}, {"?", word_help},      {"hint", word_hint}, {"show", word_show},
             {"skip", word_skip}, {"next", word_next},   {"n", word_next},    {"back", word_back},
             {"b", word_back},    {"again", word_again}, {"view", word_view}, {"quit", word_quit}};

/* ---- lines ----------------------------------------------------------------------------------- */

/* A command of the program, with what it answers. */
static void run_command(Plain *plain, const char *line)
{
    App *app = plain->run->app;
    Error error;
    bool done = scene_run(app, line, &error);

    say(plain, done, &error);
    if (done)
        answer_print(&app->answer, plain->out);
    if (done && app->answer.lines.length == 0)
        word_view(plain);
    answer_clear(&app->answer);
    app->reading = app->help = false;
    if (app->tutor.open)
        lesson_run_follow(plain->run);
}

static void answer(Plain *plain, const char *line)
{
    LessonRun *run = plain->run;
    Error error;

    if (run->phase == LESSON_ASKING) {
        Verdict verdict = lesson_run_answer(run, line, &error);
        say(plain, verdict != VERDICT_UNREADABLE, &error);
    } else if (run->phase == LESSON_DOING) {
        fputs(_("This waits until it is done: type a command behind a colon, or show, or skip.\n"),
              plain->out);
    } else {
        word_help(plain);
    }
}

static void take_line(Plain *plain, char *line)
{
    line[strcspn(line, "\r\n")] = '\0';
    line += strspn(line, " \t");
    bool letter = isalpha((unsigned char)line[0]) && line[1] == '\0';
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, line) == 0 && !(letter && plain->run->phase == LESSON_ASKING)) {
            words[i].act(plain);
            return;
        }
    if (*line == ':')
        run_command(plain, line + 1);
    else if (*line)
        answer(plain, line);
    else if (plain->run->phase == LESSON_READING || plain->run->phase == LESSON_ENDED)
        word_next(plain);
}

int plain_run(LessonRun *run, FILE *in, FILE *out, PlainDescribe *describe)
{
    Plain plain = {.run = run, .in = in, .out = out, .describe = describe};
    char line[LINE_BYTES];

    fputs(_("Enter goes on; help says what can be typed.\n"), out);
    while (!plain.quit && run->phase != LESSON_CLOSED) {
        if (run->watching)
            lesson_run_reload(run);
        print_news(&plain);
        fputs(run->phase == LESSON_READING ? _("[Enter] ") : "> ", out);
        fflush(out);
        if (!fgets(line, sizeof line, in))
            break;
        take_line(&plain, line);
    }
    fputc('\n', out);
    bool amid = run->phase == LESSON_ASKING || run->phase == LESSON_DOING;
    return amid && !plain.quit ? PLAIN_FAILED : PLAIN_DONE;
}
