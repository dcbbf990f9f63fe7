#include "app/options.h"

#include "app/nearest.h"
#include "engine/words.h"
#include <assert.h>
#include <getopt.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *name, *arguments, *help;
    int least, most; /* arguments */
} modes[MODE_COUNT] = {
    [MODE_EXPLORE] = {"explore", "", N_("watch a GPT learn, on the whole screen (the default)"), 0,
                      0},
    [MODE_LEARN] = {"learn", "[LESSON]", N_("a lesson, by name or file; else the one begun last"),
                    0, 1},
    [MODE_TRAIN] = {"train", "", N_("train without a screen, then write texts"), 0, 0},
    [MODE_SAMPLE] = {"sample", "[FILE]", N_("write texts with a saved run, or train first"), 0, 1},
    [MODE_SHOW] = {"show", "VIEW", N_("print one view, such as attention"), 1, 1},
    [MODE_EVAL] = {"eval", "EXPR...", N_("print expressions over a run, such as loss"), 1,
                   OPTIONS_ARGUMENTS - 1},
    [MODE_SCRIPT] = {"script", "FILE", N_("run a file of commands without a screen"), 1, 1},
    [MODE_LIST] = {"list", "WHAT",
                   N_("list commands, expressions, keys, lessons, options or views"), 1, 1},
    [MODE_LINT] = {"lint", "FILE...", N_("check lessons"), 1, OPTIONS_ARGUMENTS - 1},
    [MODE_BENCH] = {"bench", "[NAME]", N_("measure: train, fused, sizes, seek, ..."), 0, 1},
};

/* Options that are not settings: where their text goes, or which flag they set. */
typedef struct Row {
    const char *name, *value, *help;
    size_t text, flag; /* offset in Options; the other is 0 */
    char letter;
    unsigned modes; /* whose help has it, a bit each; 0: of all */
} Row;

/* clang-format off */
#define OF(mode) (1u << MODE_##mode)
#define TEXT(name, value, modes, help) {#name, value, help, offsetof(Options, name), 0, 0, modes}
#define FLAG(name, letter, modes, help) {#name, NULL, help, 0, offsetof(Options, name), letter, modes}
/* clang-format on */

static const Row rows[] = {
    TEXT(data, "FILE", 0, "documents to learn from: a text file, one a line"),
    TEXT(load, "FILE", 0, "go on from a saved run"),
    TEXT(save, "FILE", OF(EXPLORE) | OF(TRAIN) | OF(SAMPLE), "save the run at its end"),
    TEXT(stop, "STEP", OF(TRAIN), "end after so many steps of the run"),
    TEXT(at, "MOMENT", OF(SHOW) | OF(EVAL), "where in the run, as 412 or end"),
    {"execute", "COMMAND", N_("run a command first; may be given often"),
     offsetof(Options, execute), 0, 'e', OF(SHOW)},
    TEXT(size, "WxH", OF(SHOW), "columns and rows (80x24)"),
    TEXT(format, "NAME", OF(SHOW), "text, ansi, svg, json or describe"),
    TEXT(color, "WHEN", OF(EXPLORE) | OF(LEARN), "auto, always or never"),
    TEXT(theme, "NAME", OF(EXPLORE) | OF(LEARN) | OF(SHOW), "dark, light or mono"),
    TEXT(glyphs, "NAME", OF(EXPLORE) | OF(LEARN) | OF(SHOW), "braille, blocks or ascii"),
    FLAG(json, 0, 0, "one JSON object a line"),
    FLAG(quiet, 0, 0, "print results only"),
    FLAG(plain, 0, 0, "no screen control"),
    FLAG(resume, 0, OF(EXPLORE), "go on from the session that was interrupted last"),
    {"no-autosave", NULL, N_("do not keep the session in case it is interrupted"), 0,
     offsetof(Options, no_autosave), 0, OF(EXPLORE)},
    FLAG(watch, 0, OF(LEARN), "begin anew whenever the file is saved"),
    FLAG(review, 0, OF(LEARN), "the questions that wait to be asked again"),
    FLAG(recap, 0, OF(LEARN), "print what was learnt, as Markdown"),
    FLAG(reset, 0, OF(LEARN), "forget what was done in a lesson, or in all"),
    FLAG(help, 'h', 0, "this help; after a mode, that mode's"),
    FLAG(version, 0, 0, "the version"),
};

enum {
    ROWS = sizeof rows / sizeof *rows,
    SETTINGS_LIMIT = 64,
    FIRST_SETTING = 1000,
    FIRST_ROW = 2000
};

/* Copies a name with one letter in the place of another. */
static void spell(const char *word, char *name, size_t size, char from, char to)
{
    snprintf(name, size, "%s", word);
    for (char *c = name; *c; c++)
        if (*c == from)
            *c = to;
}

static void option_name(const char *setting, char *name, size_t size)
{
    spell(setting, name, size, '_', '-');
}

/* ---- parsing --------------------------------------------------------------------------------- */

/* Options are known by the names of settings, which have _ where an option has -. */
static const char *nearest_option(const char *word)
{
    char name[64];
    const char *best = NULL;

    spell(word, name, sizeof name, '-', '_');
    for (int i = 0; i < settings_count; i++)
        best = nearest_of(name, best, settings_table[i].name);
    for (int i = 0; i < ROWS; i++)
        best = nearest_of(name, best, rows[i].name);
    return best;
}

/* What getopt has read last, as it was typed: --name or -x, without a value. */
static void read_last(char **argv, char word[64])
{
    const char *typed = argv[optarg == argv[optind - 1] ? optind - 2 : optind - 1];

    if (optopt && optopt < FIRST_SETTING) /* one of several letters behind a - */
        snprintf(word, 64, "-%c", optopt);
    else
        snprintf(word, 64, "%.*s", (int)strcspn(typed, "="), typed);
}

static bool refuse_value(char **argv, Error *error)
{
    char word[64];

    read_last(argv, word);
    return error_set(error, "%s needs a value", word);
}

static bool refuse_option(char **argv, Error *error)
{
    char known[64];
    char word[64];

    read_last(argv, word);
    const char *best = strncmp(word, "--", 2) == 0 ? nearest_option(word + 2) : NULL;
    if (!best)
        return error_set(error, "there is no option %s: see gptoscope --help", word);
    option_name(best, known, sizeof known);
    if (strcmp(known, word + 2) == 0)
        return error_set(error, "%s takes no value", word);
    return error_set(error, "there is no option %s: did you mean --%s?", word, known);
}

static bool add_command(Options *options, const char *line, Error *error)
{
    if (options->executes == OPTIONS_COMMANDS)
        return error_set(error, "--execute: at most %d commands: write a script", OPTIONS_COMMANDS);
    options->execute[options->executes++] = line;
    return true;
}

static bool set_option(Options *options, int code, const char *value, Error *error)
{
    if (code >= FIRST_ROW) {
        const Row *row = &rows[code - FIRST_ROW];
        if (row->flag)
            *(bool *)(void *)((char *)options + row->flag) = true;
        else if (row->text == offsetof(Options, execute))
            return add_command(options, value, error);
        else
            *(const char **)(void *)((char *)options + row->text) = value;
        return true;
    }
    return settings_parse(&options->settings, &settings_table[code - FIRST_SETTING], value, error);
}

static bool parse_mode(Options *options, const char *word, Error *error)
{
    const char *best = NULL;

    for (int i = 0; i < MODE_COUNT; i++) {
        if (strcmp(modes[i].name, word) == 0) {
            options->mode = (Mode)i;
            return true;
        }
        best = nearest_of(word, best, modes[i].name);
    }
    return best ? error_set(error, "there is no mode %.40s: did you mean %s?", word, best)
                : error_set(error, "there is no mode %.40s: see gptoscope --help", word);
}

static bool parse_arguments(Options *options, int argc, char **argv, int first, Error *error)
{
    if (first < argc && !parse_mode(options, argv[first++], error))
        return false;
    for (; first < argc && options->arguments < OPTIONS_ARGUMENTS; first++)
        options->argument[options->arguments++] = argv[first];
    if (options->help || options->version)
        return true;
    if (options->arguments < modes[options->mode].least)
        return error_set(error, "%s needs %s: see gptoscope %s --help", modes[options->mode].name,
                         modes[options->mode].arguments, modes[options->mode].name);
    if (options->arguments > modes[options->mode].most)
        return error_set(error, "%s does not know what to do with %.60s", modes[options->mode].name,
                         options->argument[modes[options->mode].most]);
    return true;
}

bool options_parse(Options *options, int argc, char **argv, Error *error)
{
    struct option longs[SETTINGS_LIMIT + ROWS + 1] = {{0}};
    char names[SETTINGS_LIMIT][32];
    int count = 0, code;

    assert(settings_count <= SETTINGS_LIMIT);
    *options = (Options){.mode = MODE_EXPLORE};
    settings_default(&options->settings);
    for (int i = 0; i < settings_count; i++) {
        option_name(settings_table[i].name, names[i], sizeof names[i]);
        longs[count++] = (struct option){names[i], required_argument, NULL, FIRST_SETTING + i};
    }
    for (int i = 0; i < ROWS; i++)
        longs[count++] = (struct option){
            rows[i].name, rows[i].value ? required_argument : no_argument, NULL, FIRST_ROW + i};
    opterr = optopt = 0;
    optind = 0; /* getopt begins anew, also where it has read another line before */
    while ((code = getopt_long(argc, argv, ":he:", longs, NULL)) != -1) {
        if (code == 'h')
            options->help = true;
        else if (code == ':' || (optarg && !*optarg))
            return refuse_value(argv, error);
        else if (code == 'e' && !add_command(options, optarg, error))
            return false;
        else if (code == '?')
            return refuse_option(argv, error);
        else if (code != 'e' && !set_option(options, code, optarg, error))
            return false;
    }
    return parse_arguments(options, argc, argv, optind, error) &&
           (options->load || settings_check(&options->settings, error));
}

/* ---- help ------------------------------------------------------------------------------------ */

static void print_modes(FILE *stream)
{
    for (int i = 0; i < MODE_COUNT; i++)
        fprintf(stream, "  %-9s%-8s %s\n", modes[i].name, modes[i].arguments, _(modes[i].help));
}

/* Words are options of the model and of its training; the rest are numbers. */
static bool is_word(const SettingInfo *info)
{
    return info->kind == SETTING_CHOICE || info->kind == SETTING_HEAD;
}

/* Settings that are numbers, in columns: name and standard value. */
static void print_numbers(FILE *stream)
{
    const int columns = 4, width = 19;
    Settings standard;
    int column = 0, used = 0;

    settings_default(&standard);
    for (int i = 0; i < settings_count; i++) {
        char name[32], value[32];
        if (is_word(&settings_table[i]))
            continue;
        option_name(settings_table[i].name, name, sizeof name);
        if (settings_table[i].kind == SETTING_REAL)
            snprintf(value, sizeof value, "%g", settings_table[i].standard);
        else
            settings_print(&standard, &settings_table[i], value, sizeof value);
        fprintf(stream, "%*s--%s %s", column == 0 ? 2 : width - used, "", name, value);
        used = (int)(strlen(name) + strlen(value)) + 3;
        column = (column + 1) % columns;
        fputs(column == 0 ? "\n" : "", stream);
    }
    fputs(column == 0 ? "" : "\n", stream);
}

static void print_settings(FILE *stream)
{
    print_numbers(stream);
    fputs(_("  and options of model and training, as --residual off: gptoscope list options\n"),
          stream);
}

static void print_overall_help(FILE *stream)
{
    fputs(_("gptoscope: watch a small GPT learn, operation by operation\n"
            "usage: gptoscope [MODE] [OPTION...]\n\n"),
          stream);
    print_modes(stream);
    fputs(_("\nsettings, with what they are when not given:\n"), stream);
    print_settings(stream);
    fputs(_("\nfiles: --data FILE  --load FILE  --save FILE  --resume  --no-autosave\n"
            "output: --json  --quiet  --color WHEN  --theme NAME  --glyphs NAME  --version\n"
            "more on one mode: gptoscope MODE --help\n"),
          stream);
}

static bool belongs(const Row *row, Mode mode)
{
    return row->modes == 0 || row->modes & (1u << mode);
}

static void print_mode_help(Mode mode, FILE *stream)
{
    fprintf(stream, "gptoscope %s%s%s\n  %s\n\n", modes[mode].name,
            *modes[mode].arguments ? " " : "", modes[mode].arguments, _(modes[mode].help));
    for (int i = 0; i < ROWS; i++) {
        char pair[32];
        snprintf(pair, sizeof pair, "--%s %s", rows[i].name, rows[i].value ? rows[i].value : "");
        if (belongs(&rows[i], mode))
            fprintf(stream, "  %-18s %s\n", pair, _(rows[i].help));
    }
    fputc('\n', stream);
    print_settings(stream);
}

void options_print_help(const Options *options, FILE *stream)
{
    if (options->mode == MODE_EXPLORE)
        print_overall_help(stream);
    else
        print_mode_help(options->mode, stream);
}

void options_list(FILE *stream)
{
    for (int i = 0; i < MODE_COUNT; i++)
        fprintf(stream, "%s\t%s\n", modes[i].name, _(modes[i].help));
    for (int i = 0; i < settings_count; i++) {
        char name[32];
        option_name(settings_table[i].name, name, sizeof name);
        fprintf(stream, "--%s\t%s\n", name, _(settings_table[i].help));
    }
    for (int i = 0; i < ROWS; i++)
        fprintf(stream, "--%s\t%s\n", rows[i].name, _(rows[i].help));
}
