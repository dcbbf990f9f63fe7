#include "app/options.h"

#include "suites.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- a command line -------------------------------------------------------------------------- */

enum { WORDS = 128 };

/* Words lie in text, which a row of Options may point into: it must outlive that. */
typedef struct Line {
    char text[1024];
    char *word[WORDS + 1];
    int words;
    Options options;
    Error error;
} Line;

/* Reads a line of words with one blank between; an empty word is written as "". */
static bool parse(Line *line, const char *text)
{
    char *rest = line->text;

    *line = (Line){.word = {(char *)(uintptr_t) "gptoscope"}, .words = 1};
    ck_assert(strlen(text) < sizeof line->text);
    strcpy(line->text, text);
    for (char *word; (word = strtok_r(rest, " ", &rest)) && line->words < WORDS;)
        line->word[line->words++] = strcmp(word, "\"\"") == 0 ? word + 2 : word;
    return options_parse(&line->options, line->words, line->word, &line->error);
}

static void expect(Line *line, const char *text)
{
    ck_assert_msg(parse(line, text), "%s: %s", text, line->error.text);
}

/* All that the two have in common except one field, which is set back first. */
static void expect_no_other(Line *line, size_t offset, size_t size)
{
    Line plain;

    expect(&plain, "train");
    memcpy((char *)&line->options + offset, (char *)&plain.options + offset, size);
    ck_assert_mem_eq(&line->options, &plain.options, sizeof plain.options);
}

/* ---- settings -------------------------------------------------------------------------------- */

START_TEST(without_a_word_it_is_explore_with_the_standard_settings)
{
    Settings standard;
    Line line;

    settings_default(&standard);
    expect(&line, "");
    ck_assert_int_eq(line.options.mode, MODE_EXPLORE);
    ck_assert_mem_eq(&line.options.settings, &standard, sizeof standard);
    ck_assert_int_eq(line.options.arguments, 0);
    ck_assert(!line.options.data && !line.options.load && !line.options.save);
    ck_assert(!line.options.help && !line.options.version && !line.options.json);
}
END_TEST

START_TEST(every_setting_is_an_option_with_hyphens)
{
    const SettingInfo *info = &settings_table[_i];
    double wanted = info->kind == SETTING_WHOLE    ? info->standard * 2
                    : info->kind == SETTING_CHOICE ? info->most - info->standard
                    : info->kind == SETTING_HEAD   ? 3
                                                   : info->standard / 2;
    char name[32], value[64], text[112];
    Settings settings;

    strcpy(name, info->name);
    for (char *c = name; (c = strchr(c, '_'));)
        *c = '-';
    settings_default(&settings);
    settings_set(&settings, info, wanted);
    settings_print(&settings, info, value, sizeof value);
    for (int form = 0; form < 2; form++) {
        Line line;
        snprintf(text, sizeof text, "train --%s%s%s", name, form ? "=" : " ", value);
        expect(&line, text);
        ck_assert_double_eq(settings_get(&line.options.settings, info), wanted);
        expect_no_other(&line, offsetof(Options, settings) + info->offset, 8);
    }
}
END_TEST

/* ---- the other options ----------------------------------------------------------------------- */

static const struct {
    const char *name;
    size_t offset;
} texts[] = {
    {"data", offsetof(Options, data)},     {"load", offsetof(Options, load)},
    {"save", offsetof(Options, save)},     {"stop", offsetof(Options, stop)},
    {"at", offsetof(Options, at)},         {"size", offsetof(Options, size)},
    {"format", offsetof(Options, format)}, {"color", offsetof(Options, color)},
    {"theme", offsetof(Options, theme)},   {"glyphs", offsetof(Options, glyphs)},
};

static const struct {
    const char *name;
    size_t offset;
} flags[] = {
    {"--json", offsetof(Options, json)},     {"--quiet", offsetof(Options, quiet)},
    {"--plain", offsetof(Options, plain)},   {"--help", offsetof(Options, help)},
    {"-h", offsetof(Options, help)},         {"--version", offsetof(Options, version)},
    {"--watch", offsetof(Options, watch)},   {"--review", offsetof(Options, review)},
    {"--recap", offsetof(Options, recap)},   {"--reset", offsetof(Options, reset)},
    {"--resume", offsetof(Options, resume)}, {"--no-autosave", offsetof(Options, no_autosave)},
};

START_TEST(the_text_of_an_option_is_kept_as_typed)
{
    for (int form = 0; form < 2; form++) {
        char text[64];
        const char *kept;
        Line line;
        snprintf(text, sizeof text, "train --%s%s-1=--x", texts[_i].name, form ? "=" : " ");
        expect(&line, text);
        memcpy(&kept, (char *)&line.options + texts[_i].offset, sizeof kept);
        ck_assert_str_eq(kept, "-1=--x");
        expect_no_other(&line, texts[_i].offset, sizeof kept);
    }
}
END_TEST

START_TEST(a_flag_sets_its_own_field)
{
    char text[64];
    Line line;

    snprintf(text, sizeof text, "train %s", flags[_i].name);
    expect(&line, text);
    ck_assert(*((bool *)(void *)((char *)&line.options + flags[_i].offset)));
    expect_no_other(&line, flags[_i].offset, sizeof(bool));
}
END_TEST

START_TEST(an_unmistakable_beginning_is_enough_and_the_last_of_two_holds)
{
    Line line;

    expect(&line, "train --da a.txt --n-l 2 --data b.txt --n-layer=3");
    ck_assert_str_eq(line.options.data, "b.txt");
    ck_assert_int_eq(line.options.settings.n_layer, 3);
}
END_TEST

/* ---- modes and arguments --------------------------------------------------------------------- */

static const struct {
    Mode mode;
    const char *name;
    int least, most; /* arguments */
} modes[MODE_COUNT] = {
    {MODE_EXPLORE, "explore", 0, 0}, {MODE_LEARN, "learn", 0, 1}, {MODE_TRAIN, "train", 0, 0},
    {MODE_SAMPLE, "sample", 0, 1},   {MODE_SHOW, "show", 1, 1},   {MODE_EVAL, "eval", 1, 63},
    {MODE_SCRIPT, "script", 1, 1},   {MODE_LIST, "list", 1, 1},   {MODE_LINT, "lint", 1, 63},
    {MODE_BENCH, "bench", 0, 1},
};

/* A mode with so many arguments, "eval a a a". */
static void write_line(char *text, const char *name, int arguments)
{
    text += sprintf(text, "%s", name);
    while (arguments-- > 0)
        text += sprintf(text, " a");
}

START_TEST(a_mode_takes_as_many_arguments_as_it_needs)
{
    char text[512];
    Line line;

    for (int count = modes[_i].least; count <= modes[_i].most; count++) {
        write_line(text, modes[_i].name, count);
        expect(&line, text);
        ck_assert_int_eq(line.options.mode, modes[_i].mode);
        ck_assert_int_eq(line.options.arguments, count);
    }
    write_line(text, modes[_i].name, modes[_i].most + 1);
    ck_assert(!parse(&line, text));
    ck_assert_ptr_nonnull(strstr(line.error.text, "does not know what to do with a"));
    write_line(text, modes[_i].name, modes[_i].least - 1);
    ck_assert(modes[_i].least == 0 || !parse(&line, text));
}
END_TEST

START_TEST(help_and_version_need_no_arguments)
{
    char text[64];
    Line line;

    snprintf(text, sizeof text, "%s --help", modes[_i].name);
    expect(&line, text);
    ck_assert(line.options.help);
    ck_assert_int_eq(line.options.mode, modes[_i].mode);
    snprintf(text, sizeof text, "--version %s", modes[_i].name);
    expect(&line, text);
    ck_assert(line.options.version);
}
END_TEST

START_TEST(options_may_stand_anywhere_before_two_hyphens)
{
    static const char *const lines[] = {"--json eval loss step", "eval --json loss step",
                                        "eval loss --json step", "eval loss step --json",
                                        "--json eval -- loss step"};
    Line line;

    for (size_t i = 0; i < COUNT(lines); i++) {
        expect(&line, lines[i]);
        ck_assert(line.options.json);
        ck_assert_int_eq(line.options.arguments, 2);
        ck_assert_str_eq(line.options.argument[0], "loss");
        ck_assert_str_eq(line.options.argument[1], "step");
    }
    expect(&line, "eval -- -1 --json");
    ck_assert(!line.options.json);
    ck_assert_str_eq(line.options.argument[0], "-1");
    ck_assert_str_eq(line.options.argument[1], "--json");
}
END_TEST

START_TEST(a_line_is_read_alike_whatever_was_read_before)
{
    Line line, cut; /* whose h is not read */

    ck_assert(!parse(&cut, "train --json -xh"));
    ck_assert_str_eq(cut.error.text, "there is no option -x: see gptoscope --help");
    expect(&line, "train");
    ck_assert(!line.options.help);
    ck_assert(!parse(&line, "train --bogus"));
    ck_assert_str_eq(line.error.text, "there is no option --bogus: see gptoscope --help");
    expect(&line, "train --steps 3");
    ck_assert(!line.options.json);
    ck_assert_int_eq(line.options.settings.steps, 3);
}
END_TEST

/* ---- what is refused ------------------------------------------------------------------------- */

static const struct {
    const char *line, *error;
} refused[] = {
    {"tran", "there is no mode tran: did you mean train?"},
    {"sam", "there is no mode sam: did you mean sample?"},
    {"xyzzy", "there is no mode xyzzy: see gptoscope --help"},
    {"--bogus", "there is no option --bogus: see gptoscope --help"},
    {"--dtaa x", "there is no option --dtaa: did you mean --data?"},
    {"--dtaa=x", "there is no option --dtaa: did you mean --data?"},
    {"--blocksize 3", "there is no option --blocksize: did you mean --block-size?"},
    {"--n_layer 3", "there is no option --n_layer: did you mean --n-layer?"},
    {"--st 3", "there is no option --st: did you mean --steps?"},
    {"-x", "there is no option -x: see gptoscope --help"},
    {"-hx", "there is no option -x: see gptoscope --help"},
    {"-xh train", "there is no option -x: see gptoscope --help"},
    {"--data", "--data needs a value"},
    {"train --json --data", "--data needs a value"},
    {"--data=", "--data needs a value"},
    {"--data \"\"", "--data needs a value"},
    {"--steps=", "--steps needs a value"},
    {"--steps \"\" train", "--steps needs a value"},
    {"--json=yes", "--json takes no value"},
    {"--json=", "--json takes no value"},
    {"--help=train", "--help takes no value"},
    {"--steps 0", "steps: 0 is not from 1 to 10000000"},
    {"--lr nan", "lr: nan is not a number"},
    {"--n-embd 15", "n_embd 15 cannot be shared out among n_head 4 heads: try n_embd 16"},
    {"show", "show needs VIEW: see gptoscope show --help"},
    {"train x y", "train does not know what to do with x"},
    {"sample x y", "sample does not know what to do with y"},
};

START_TEST(what_cannot_be_read_is_refused_in_its_own_words)
{
    Line line;

    ck_assert_msg(!parse(&line, refused[_i].line), "%s", refused[_i].line);
    ck_assert_str_eq(line.error.text, refused[_i].error);
}
END_TEST

START_TEST(very_long_words_are_cut_in_the_error)
{
    char text[1000] = "--";
    Line line;

    memset(text + 2, 'x', 900);
    ck_assert(!parse(&line, text));
    ck_assert_ptr_nonnull(strstr(line.error.text, "xxx: see gptoscope --help"));
    ck_assert(!parse(&line, text + 2));
    ck_assert_ptr_nonnull(strstr(line.error.text, "xxx: see gptoscope --help"));
}
END_TEST

START_TEST(the_settings_of_a_saved_run_go_before_those_of_the_line)
{
    Line line;

    expect(&line, "train --load run --n-embd 15");
}
END_TEST

/* ---- help and lists -------------------------------------------------------------------------- */

static char *printed(const Options *options)
{
    char *text;
    size_t length;
    FILE *stream = open_memstream(&text, &length);

    if (options)
        options_print_help(options, stream);
    else
        options_list(stream);
    fclose(stream);
    return text;
}

START_TEST(the_list_has_every_mode_and_option_with_what_it_is_for)
{
    char *list = printed(NULL), *rest = list;
    size_t options = 0, known = 0;

    for (char *row; (row = strtok_r(rest, "\n", &rest));) {
        char *help = strchr(row, '\t');
        ck_assert_msg(help && help[1], "%s", row);
        *help = '\0';
        if (strncmp(row, "--", 2) != 0) {
            ck_assert_uint_lt(known, MODE_COUNT);
            ck_assert_str_eq(row, modes[known++].name);
        } else
            options++;
    }
    ck_assert_uint_eq(known, MODE_COUNT);
    ck_assert_uint_eq(options, (size_t)settings_count + COUNT(texts) + COUNT(flags));
    /* -h has no row of its own, --execute is in neither table */
    free(list);
}
END_TEST

/* Those that are words stand in the list that it names. */
START_TEST(help_on_a_mode_names_it_and_every_setting_that_is_a_number)
{
    Line line;
    char text[64];

    snprintf(text, sizeof text, "%s --help", modes[_i].name);
    expect(&line, text);
    char *help = printed(&line.options);
    ck_assert_ptr_nonnull(strstr(help, modes[_i].name));
    for (int i = 0; i < settings_count; i++) {
        char name[32];
        if (settings_table[i].kind == SETTING_CHOICE || settings_table[i].kind == SETTING_HEAD)
            continue;
        snprintf(name, sizeof name, "--%s ", settings_table[i].name);
        for (char *c = name; (c = strchr(c, '_'));)
            *c = '-';
        ck_assert_msg(strstr(help, name), "%s: %s", text, name);
    }
    free(help);
}
END_TEST

Suite *options_suite(void)
{
    Suite *suite = suite_create("options");
    TCase *rows = tcase_create("rows"), *rest = tcase_create("modes"), *no = tcase_create("errors");

    tcase_add_test(rows, without_a_word_it_is_explore_with_the_standard_settings);
    tcase_add_loop_test(rows, every_setting_is_an_option_with_hyphens, 0, settings_count);
    tcase_add_loop_test(rows, the_text_of_an_option_is_kept_as_typed, 0, COUNT(texts));
    tcase_add_loop_test(rows, a_flag_sets_its_own_field, 0, COUNT(flags));
    tcase_add_test(rows, an_unmistakable_beginning_is_enough_and_the_last_of_two_holds);
    suite_add_tcase(suite, rows);

    tcase_add_loop_test(rest, a_mode_takes_as_many_arguments_as_it_needs, 0, MODE_COUNT);
    tcase_add_loop_test(rest, help_and_version_need_no_arguments, 0, MODE_COUNT);
    tcase_add_test(rest, options_may_stand_anywhere_before_two_hyphens);
    tcase_add_test(rest, a_line_is_read_alike_whatever_was_read_before);
    tcase_add_test(rest, the_list_has_every_mode_and_option_with_what_it_is_for);
    tcase_add_loop_test(rest, help_on_a_mode_names_it_and_every_setting_that_is_a_number, 0,
                        MODE_COUNT);
    suite_add_tcase(suite, rest);

    tcase_add_loop_test(no, what_cannot_be_read_is_refused_in_its_own_words, 0, COUNT(refused));
    tcase_add_test(no, very_long_words_are_cut_in_the_error);
    tcase_add_test(no, the_settings_of_a_saved_run_go_before_those_of_the_line);
    suite_add_tcase(suite, no);
    return suite;
}
