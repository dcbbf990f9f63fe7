#include "app/complete.h"

#include "app/command.h"
#include "app/expr.h"
#include "app/paths.h"
#include "engine/sys.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { ENTRIES_LIMIT = 20000, ARGUMENT_BYTES = 64 };

/* What is being completed: candidates must begin with what is typed so far. */
typedef struct Offer {
    const App *app;
    const char *typed;
    int length; /* of typed, which is not terminated */
    bool sorted;
    Completion *to;
    const char *line; /* of which typed is a part */
} Offer;

/* ---- candidates ------------------------------------------------------------------------------ */

static void shorten_common(Completion *to, const char *candidate)
{
    int same = 0;

    while (to->common[same] && to->common[same] == candidate[same])
        same++;
    while (((unsigned char)to->common[same] & 0xc0) == 0x80)
        same--; /* not within a character */
    to->common[same] = '\0';
}

/* Where a candidate belongs: behind the others, or among them where they are sorted. */
static int find_row(const Offer *offer, const char *candidate)
{
    int row = offer->to->count;

    while (offer->sorted && row > 0 && strcmp(offer->to->candidate[row - 1], candidate) > 0)
        row--;
    return row;
}

static void keep(Completion *to, int row, const char *candidate)
{
    bool full = to->count == COMPLETION_CANDIDATES;

    to->more += full;
    if (row == COMPLETION_CANDIDATES)
        return;
    memmove(to->candidate[row + 1], to->candidate[row],
            sizeof to->candidate[0] * (size_t)(to->count - row - full));
    snprintf(to->candidate[row], COMPLETION_BYTES, "%s", candidate);
    to->count += !full;
}

/* Two sources may know the same name. */
static bool is_there(const Completion *to, const char *candidate)
{
    for (int i = 0; i < to->count; i++)
        if (strcmp(to->candidate[i], candidate) == 0)
            return true;
    return false;
}

static void offer_word(const Offer *offer, const char *word)
{
    Completion *to = offer->to;

    if (strlen(word) >= COMPLETION_BYTES || !line_can_hold(word) ||
        strncmp(word, offer->typed, (size_t)offer->length) != 0 || is_there(to, word))
        return;
    if (to->count == 0)
        snprintf(to->common, sizeof to->common, "%s", word);
    else
        shorten_common(to, word);
    keep(to, find_row(offer, word), word);
}

/* Names with many parts are offered a part at a time: goes into this one if it is typed already,
 * else offers it. */
static bool goes_into(const Offer *offer, const char *part)
{
    int length = (int)strlen(part);

    if (offer->length >= length && strncmp(offer->typed, part, (size_t)length) == 0)
        return true;
    offer_word(offer, part);
    return false;
}

/* ---- where they come from -------------------------------------------------------------------- */

static void offer_commands(const Offer *offer)
{
    for (int i = 0; i < command_count; i++)
        offer_word(offer, command_table[i].name);
}

static void offer_units(const Offer *offer)
{
    for (int i = 0; i < UNIT_COUNT; i++) {
        char name[ARGUMENT_BYTES]; /* "10" is enough for 10 steps */
        snprintf(name, sizeof name, "%.*s", (int)strcspn(stride_units[i].name, " "),
                 stride_units[i].name);
        offer_word(offer, name);
    }
}

static void offer_keys(const Offer *offer)
{
    for (int i = 0; i < offer->app->keymap.count; i++)
        offer_word(offer, offer->app->keymap.bound[i].key);
}

static void offer_parts(const Offer *offer, const char *before, bool in_layer, bool in_head)
{
    char name[COMPLETION_BYTES];

    for (int part = 0; part < PART_MEAN_LOSS; part++) {
        const PartInfo *info = &place_parts[part];
        if (info->in_layer != in_layer || info->in_head != in_head)
            continue;
        snprintf(name, sizeof name, "%.128s%s%s", before, in_head ? "" : info->group, info->name);
        offer_word(offer, name);
    }
}

static void offer_heads(const Offer *offer, const char *layer)
{
    char head[COMPLETION_BYTES];

    for (int h = 0; h < offer->app->session.trainer.gpt.n_head; h++) {
        snprintf(head, sizeof head, "%.128sattn.head%d.", layer, h);
        if (goes_into(offer, head))
            offer_parts(offer, head, true, true);
    }
}

static void offer_layers(const Offer *offer, const char *position)
{
    char layer[COMPLETION_BYTES];

    for (int l = 0; l < offer->app->session.trainer.gpt.n_layer; l++) {
        snprintf(layer, sizeof layer, "%.128slayer%d.", position, l);
        if (!goes_into(offer, layer))
            continue;
        offer_parts(offer, layer, true, false);
        offer_heads(offer, layer);
    }
}

/* before: what a place comes after, such as 412.backward@ */
static void offer_places(const Offer *offer, const char *before)
{
    char name[COMPLETION_BYTES];

    snprintf(name, sizeof name, "%.64sloss", before);
    offer_word(offer, name);
    for (int p = 0; p < offer->app->session.trainer.gpt.block_size; p++) {
        snprintf(name, sizeof name, "%.64spos%d.", before, p);
        if (!goes_into(offer, name))
            continue;
        offer_parts(offer, name, false, false);
        offer_layers(offer, name);
    }
}

static void offer_phases(const Offer *offer, const char *step)
{
    char name[COMPLETION_BYTES];

    for (int phase = PHASE_FORWARD; phase < PHASE_COUNT; phase++) {
        snprintf(name, sizeof name, "%.20s.%s.", step, phase_names[phase]);
        offer_word(offer, name);
        snprintf(name, sizeof name, "%.20s.%s@", step, phase_names[phase]);
        if (phase != PHASE_UPDATE && goes_into(offer, name))
            offer_places(offer, name);
    }
}

static void offer_moments(const Offer *offer)
{
    char step[24];
    int digits = 0;

    while (digits < offer->length && isdigit((unsigned char)offer->typed[digits]))
        digits++;
    offer_word(offer, "end");
    if (digits == 0)
        snprintf(step, sizeof step, "%lld", (long long)offer->app->session.trainer.at.step);
    else
        snprintf(step, sizeof step, "%.*s", digits < 20 ? digits : 20, offer->typed);
    if (digits == offer->length)
        offer_word(offer, step);
    if (digits > 0)
        offer_phases(offer, step);
}

static void offer_names(const Offer *offer)
{
    const Gpt *gpt = &offer->app->session.trainer.gpt;

    for (int i = 0; expr_name(i); i++)
        offer_word(offer, expr_name(i));
    for (int i = 0; i < gpt->tensors; i++)
        offer_word(offer, gpt->tensor[i].name);
}

/* ---- files ----------------------------------------------------------------------------------- */

typedef struct Folder {
    const Offer *offer;
    int length; /* of the folder's part of what is typed, with its slash */
    int entries;
} Folder;

static bool offer_entry(void *context, const char *name, bool is_folder)
{
    Folder *folder = context;
    const Offer *offer = folder->offer;
    bool asked_for_hidden = offer->length > folder->length && offer->typed[folder->length] == '.';
    char path[PATHS_BYTES + COMPLETION_BYTES];

    if (*name != '.' || asked_for_hidden) {
        snprintf(path, sizeof path, "%.*s%s%s", folder->length, offer->typed, name,
                 is_folder ? "/" : "");
        offer_word(offer, path);
    }
    return ++folder->entries < ENTRIES_LIMIT;
}

static void offer_files(const Offer *offer)
{
    char typed[LINE_BYTES], path[PATHS_BYTES];
    Offer sorted = *offer;
    Folder folder = {.offer = &sorted};

    sorted.sorted = true;
    for (int i = 0; i < offer->length; i++)
        if (offer->typed[i] == '/')
            folder.length = i + 1;
    snprintf(typed, sizeof typed, "%.*s", folder.length, offer->typed);
    if (paths_expand(folder.length ? typed : ".", path))
        sys_visit_folder(path, offer_entry, &folder, NULL);
}

static void offer_views(const Offer *offer)
{
    for (int i = 0; i < VIEW_COUNT; i++)
        offer_word(offer, look_views[i].name);
}

static void offer_branches(const Offer *offer)
{
    for (int i = 0; i < offer->app->branches.count; i++)
        offer_word(offer, offer->app->branches.branch[i].name);
}

static void offer_options(const Offer *offer)
{
    const ViewName view = look_view(&offer->app->look);

    for (int i = 0; look_option(view, i) != LOOK_COUNT; i++)
        offer_word(offer, look_options[look_option(view, i)].name);
}

static void offer_settings(const Offer *offer)
{
    for (int i = 0; i < settings_count; i++)
        if (settings_table[i].part != SETTING_RUN)
            offer_word(offer, settings_table[i].name);
}

/* What a sweep can be of, and the words that stand in that place. */
static void offer_swept(const Offer *offer)
{
    offer_word(offer, "seeds");
    offer_word(offer, "stop");
    offer_word(offer, "off");
    for (int i = 0; i < settings_count; i++)
        if (settings_table[i].part != SETTING_WRITING)
            offer_word(offer, settings_table[i].name);
}

/* "lr=", and of settings of words the whole: "residual=off". */
static void offer_knobs(const Offer *offer)
{
    char name[COMPLETION_BYTES];

    for (int i = 0; i < knob_count(); i++) {
        const SettingInfo *info = knob_row(i).info;
        snprintf(name, sizeof name, "%s=", info->name);
        if (!goes_into(offer, name) || info->kind != SETTING_CHOICE)
            continue;
        for (int w = 0; info->words[w]; w++) {
            snprintf(name, sizeof name, "%s=%s", info->name, info->words[w]);
            offer_word(offer, name);
        }
    }
}

/* The words of the setting whose name stands before "=", before what is typed. */
static void offer_setting_words(const Offer *offer)
{
    const char *end = offer->typed, *start;
    char name[ARGUMENT_BYTES];

    while (end > offer->line && (end[-1] == ' ' || end[-1] == '='))
        end--;
    for (start = end; start > offer->line && start[-1] != ' ';)
        start--;
    snprintf(name, sizeof name, "%.*s", (int)(end - start), start);
    const SettingInfo *info = settings_find(name);
    for (int i = 0; info && info->words && info->words[i]; i++)
        offer_word(offer, info->words[i]);
}

/* The value of data is a file. */
static void offer_values(const Offer *offer)
{
    static const char word[] = " data ";
    const size_t length = sizeof word - 1;

    if ((size_t)(offer->typed - offer->line) >= length &&
        memcmp(offer->typed - length, word, length) == 0)
        offer_files(offer);
}

/* ---- the arguments of the command table ------------------------------------------------------ */

/* How far back from the cursor what is being completed reaches. */
typedef enum Extent {
    EXTENT_WORD, /* to the blank before it */
    EXTENT_NAME, /* to the last character that is none of a name's */
    EXTENT_REST  /* to where the argument begins: it may hold blanks */
} Extent;

typedef struct Source {
    const char *argument;
    void (*offer)(const Offer *offer); /* NULL: nobody can know what it will be */
    Extent extent;
    const char *separators; /* what stands before the last of them need not be shown again */
} Source;

static const Source sources[] = {
    {"COMMAND", offer_commands, EXTENT_WORD, ""},
    {"UNIT", offer_units, EXTENT_WORD, ""},
    {"VIEW", offer_views, EXTENT_WORD, ""},
    {"BRANCH", offer_branches, EXTENT_WORD, ""},
    {"OPTION", offer_options, EXTENT_WORD, ""},
    {"CHOICE", NULL, EXTENT_REST, ""},
    {"SETTING", offer_settings, EXTENT_WORD, ""},
    {"SWEPT", offer_swept, EXTENT_WORD, ""},
    {"KNOB", offer_knobs, EXTENT_WORD, "="},
    {"WORD", offer_setting_words, EXTENT_WORD, ""},
    {"NUMBER", NULL, EXTENT_WORD, ""},
    {"MOMENT", offer_moments, EXTENT_WORD, "@."},
    {"KEY", offer_keys, EXTENT_WORD, ""},
    {"FILE", offer_files, EXTENT_REST, "/"},
    {"EXPR", offer_names, EXTENT_NAME, ""},
    {"CONDITION", offer_names, EXTENT_NAME, ""},
    {"PATH", offer_names, EXTENT_NAME, ""},
    {"STATEMENTS", NULL, EXTENT_REST, ""},
    {"TEXT", NULL, EXTENT_REST, ""},
    {"PREFIX", NULL, EXTENT_REST, ""},
    {"VALUE", offer_values, EXTENT_WORD, "/"},
    {"NAME", NULL, EXTENT_WORD, ""},
    {"WxH", NULL, EXTENT_WORD, ""},
    {"N", NULL, EXTENT_WORD, ""},
    {"+N", NULL, EXTENT_WORD, ""},
    {"-N", NULL, EXTENT_WORD, ""},
};

static const Source *find_source(const char *argument)
{
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (strcmp(sources[i].argument, argument) == 0)
            return &sources[i];
    return NULL;
}

static bool stands_for_itself(const char *argument)
{
    return !strpbrk(argument, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
}

bool complete_knows(const char *argument)
{
    return stands_for_itself(argument) || find_source(argument);
}

/* A command line up to the cursor; within another one (bind KEY COMMAND...) it begins further
 * on. */
typedef struct Gap {
    const App *app;
    const char *line;
    int begin, cursor;
    Completion *to;
} Gap;

/* Bytes of a word of the line at `at`, up to the cursor. */
static int word_length(const Gap *gap, int at)
{
    int length = 0;

    while (at + length < gap->cursor && gap->line[at + length] != ' ')
        length++;
    return length;
}

static int skip_blanks(const Gap *gap, int at)
{
    while (at < gap->cursor && gap->line[at] == ' ')
        at++;
    return at;
}

/* Which word the cursor is at the end of, from 0; *start is where word number `limit` begins, or
 * that one if it is earlier. */
static int find_word(const Gap *gap, int limit, int *start)
{
    int word = 0, at = skip_blanks(gap, gap->begin);

    *start = at;
    while (at + word_length(gap, at) < gap->cursor) {
        at = skip_blanks(gap, at + word_length(gap, at));
        if (++word <= limit)
            *start = at;
    }
    return word;
}

static bool is_of_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '.';
}

/* first: where the argument begins that the cursor is in. */
static int start_of(const Gap *gap, Extent extent, int first)
{
    int start = gap->cursor;

    if (extent == EXTENT_REST)
        return first;
    while (start > first && (extent == EXTENT_NAME ? is_of_name(gap->line[start - 1])
                                                   : gap->line[start - 1] != ' '))
        start--;
    return start;
}

static int already_shown(const Offer *offer, const char *separators)
{
    int length = offer->length;

    while (length > 0 && !strchr(separators, offer->typed[length - 1]))
        length--;
    return length;
}

static void offer_argument(const Gap *gap, const char *argument, int first)
{
    const Source *source = find_source(argument);
    int start = start_of(gap, source ? source->extent : EXTENT_WORD, first);
    Offer offer = {gap->app, gap->line + start, gap->cursor - start, false, gap->to,
                   gap->line};

    if (!source && stands_for_itself(argument))
        offer_word(&offer, argument);
    if (source && source->offer) {
        source->offer(&offer);
        gap->to->shown = already_shown(&offer, source->separators);
    }
    gap->to->start = start;
}

/* Every alternative of an argument: "[COMMAND|none]". */
static void offer_alternatives(const Gap *gap, const char *argument, int length, int first)
{
    char one[ARGUMENT_BYTES];

    for (int at = 0; at < length;) {
        int size = (int)strcspn(argument + at, "|[]. ");
        snprintf(one, sizeof one, "%.*s", size, argument + at);
        if (size > 0)
            offer_argument(gap, one, first);
        at += size + 1;
    }
}

/* Whether the words of the line from this argument's on are all part of it. */
static bool takes_the_rest(const char *argument, int length)
{
    char name[ARGUMENT_BYTES];

    snprintf(name, sizeof name, "%.*s", (int)strcspn(argument + (*argument == '['), "|] "),
             argument + (*argument == '['));
    const Source *source = length > 0 ? find_source(name) : NULL;
    return source && source->extent != EXTENT_WORD;
}

static bool is_command_line(const char *argument, int length)
{
    const char *dots = strstr(argument, "...");

    return dots && dots < argument + length;
}

static void complete_from(const Gap *gap);

/* Argument number i, which begins at `first`, while the cursor is in word number `word`. */
static void complete_argument(const Gap *gap, const char *argument, int length, int i, int word)
{
    int first;

    find_word(gap, i, &first);
    if (i >= word || takes_the_rest(argument, length))
        offer_alternatives(gap, argument, length, first);
    if (i < word && is_command_line(argument, length)) {
        Gap inner = *gap;
        inner.begin = first;
        complete_from(&inner);
    }
}

/* What may be left out lets the cursor stand in what comes after it, too. */
static void complete_from(const Gap *gap)
{
    char name[ARGUMENT_BYTES];
    int first, length, word = find_word(gap, 0, &first);

    if (word == 0) {
        offer_argument(gap, "COMMAND", first);
        return;
    }
    snprintf(name, sizeof name, "%.*s", word_length(gap, first), gap->line + first);
    const Command *command = command_find(name);
    const char *argument = command ? command->args : "";
    for (int i = 1; *argument; i++, argument += length + (argument[length] == ' ')) {
        length = (int)strcspn(argument, " ");
        complete_argument(gap, argument, length, i, word);
        if (i >= word && *argument != '[')
            return;
    }
}

void complete_line(const App *app, const char *line, int cursor, Completion *completion)
{
    Gap gap = {app, line, 0, cursor, completion};

    *completion = (Completion){.start = cursor};
    complete_from(&gap);
}
