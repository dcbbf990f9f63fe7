#include "app/knob.h"

#include "engine/gpt.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the table ------------------------------------------------------------------------------- */

/* First what is turned most; words follow. */
static const struct {
    const char *name;
    KnobScale scale;
    double low, high;
    int notches;
} rows[] = {
    {"lr", KNOB_GEOMETRIC, 1e-5, 10, 20},
    {"beta1", KNOB_NEAR_ONE, 0, 0.9999, 20},
    {"beta2", KNOB_NEAR_ONE, 0, 0.99999, 20},
    {"eps", KNOB_GEOMETRIC, 1e-12, 1, 2},
    {"init_std", KNOB_GEOMETRIC, 1e-4, 10, 20},
    {"temperature", KNOB_GEOMETRIC, 0.05, 10, 20},
    {"seed", KNOB_WHOLE, 0, 100, 1},
    {"n_embd", KNOB_WHOLE, 1, 128, 1},
    {"n_layer", KNOB_WHOLE, 1, 8, 1},
    {"n_head", KNOB_WHOLE, 1, 16, 1},
    {"block_size", KNOB_WHOLE, 1, 64, 1},
    {"steps", KNOB_GEOMETRIC, 10, 100000, 10},
    {"warmup_steps", KNOB_GEOMETRIC, 1, 10000, 10},
    {"silence", KNOB_HEADS, 0, 0, 1},
};
enum { ROWS = sizeof rows / sizeof *rows };

static const SettingInfo *nth_of_words(int i)
{
    for (int k = 0; k < settings_count; k++)
        if (settings_table[k].kind == SETTING_CHOICE && i-- == 0)
            return &settings_table[k];
    return NULL;
}

int knob_count(void)
{
    int count = ROWS;

    while (nth_of_words(count - ROWS))
        count++;
    return count;
}

Knob knob_row(int i)
{
    if (i < ROWS)
        return (Knob){settings_find(rows[i].name), rows[i].scale, rows[i].low, rows[i].high,
                      rows[i].notches};
    const SettingInfo *info = nth_of_words(i - ROWS);
    return (Knob){info, KNOB_WORDS, info->least, info->most, 1};
}

int knob_find(const SettingInfo *info)
{
    for (int i = 0; i < knob_count(); i++)
        if (knob_row(i).info == info)
            return i;
    return -1;
}

/* ---- notches --------------------------------------------------------------------------------- */

enum { NEAR_ONE_DIGITS = 6 };

/* With two digits, so that it is what is read: 0.0126 is 0.013. */
static double with_two_digits(double number)
{
    char text[32];

    snprintf(text, sizeof text, "%.1e", number);
    return strtod(text, NULL);
}

static double notch_of(const Knob *knob, int k)
{
    double number = with_two_digits(pow(10, (double)k / knob->notches));

    return knob->info->kind == SETTING_WHOLE ? floor(number + 0.5) : number;
}

/* The notch next to a number, on either side of it. */
static double geometric(const Knob *knob, double number, int way)
{
    int k = (int)floor(log10(number) * knob->notches) - 2 * way;

    while (way > 0 ? notch_of(knob, k) <= number : notch_of(knob, k) >= number)
        k += way;
    return notch_of(knob, k);
}

/* Within low and high; below the lowest lies 0, where the setting can be that. */
static double geometric_between(const Knob *knob, double number, double low, double high, int way)
{
    if (number < low)
        return way > 0 ? low : number;
    if (way > 0)
        return number < high ? fmin(geometric(knob, number, 1), high) : number;
    if (number > low)
        return fmax(geometric(knob, number, -1), low);
    return knob->info->least == 0 ? 0 : low;
}

/* 0.1 ... 0.99, as notches of what is left to 1. */
static double near_one(const Knob *knob, double number, int way)
{
    const double scale = pow(10, NEAR_ONE_DIGITS);
    const double left = floor((1 - number) * scale + 0.5) / scale,
                 least = floor((1 - knob->high) * scale + 0.5) / scale;

    if (way > 0 && left <= least)
        return number;
    return floor((1 - geometric_between(knob, left, least, 1, -way)) * scale + 0.5) / scale;
}

static int heads_of(const Settings *settings)
{
    return (int)(settings->n_layer * settings->n_head);
}

/* none, each head, all: their places; and back. */
static int place_of_heads(const Settings *settings, double number)
{
    for (int i = 0; i < heads_of(settings); i++)
        if (number == (double)settings_head(i / settings->n_head, i % settings->n_head))
            return i + 1;
    return number == SETTING_NO_HEAD ? 0 : heads_of(settings) + 1;
}

static double heads_of_place(const Settings *settings, int place)
{
    if (place <= 0)
        return SETTING_NO_HEAD;
    if (place > heads_of(settings))
        return SETTING_ALL_HEADS;
    return (double)settings_head((place - 1) / settings->n_head, (place - 1) % settings->n_head);
}

/* The number a notch on (way 1) or back (-1); the same at the end. */
static double notch_beside(const Knob *knob, const Settings *settings, double number, int way)
{
    switch (knob->scale) {
    case KNOB_GEOMETRIC:
        return geometric_between(knob, number, knob->low, knob->high, way);
    case KNOB_NEAR_ONE:
        return near_one(knob, number, way);
    case KNOB_HEADS:
        return heads_of_place(settings, place_of_heads(settings, number) + way);
    default:
        return way > 0 ? fmax(number, fmin(number + 1, knob->high)) : fmax(number - 1, knob->low);
    }
}

/* The same, but the default is never turned past. */
static double next_number(const Knob *knob, const Settings *settings, double number, int way)
{
    const double next = notch_beside(knob, settings, number, way), standard = knob->info->standard;
    const bool between =
        way > 0 ? number < standard && standard < next : next < standard && standard < number;

    return between && knob->scale <= KNOB_WHOLE ? standard : next;
}

/* ---- turning --------------------------------------------------------------------------------- */

bool knob_fits(const Settings *settings, int vocab, Error *error)
{
    const int megabyte = 1 << 20;

    if (!settings_check(settings, error) || !gpt_fits(settings, vocab, error))
        return false;
    const int64_t bytes = gpt_bytes(settings, vocab);
    return bytes <= KNOB_BYTES_LIMIT ||
           error_set(error, "such a run takes %d MB; beside the screen it may take %d MB",
                     (int)(bytes / megabyte), (int)(KNOB_BYTES_LIMIT / megabyte));
}

/* One notch, over impossible ones. */
static bool turn_once(const Knob *knob, Settings *settings, int vocab, int way)
{
    Settings next = *settings;

    for (;;) {
        const double before = settings_get(&next, knob->info),
                     number = next_number(knob, &next, before, way);
        if (number == before || !settings_allows(knob->info, number))
            return false;
        settings_set(&next, knob->info, number);
        if (knob_fits(&next, vocab, NULL)) {
            *settings = next;
            return true;
        }
    }
}

bool knob_turn(const Knob *knob, Settings *settings, int vocab, int notches)
{
    const int way = notches < 0 ? -1 : 1;
    bool turned = false;

    for (; notches != 0 && turn_once(knob, settings, vocab, way); notches -= way)
        turned = true;
    return turned;
}

bool knob_cycle(const Knob *knob, Settings *settings, int vocab)
{
    if (knob_turn(knob, settings, vocab, 1))
        return true;
    return knob->scale >= KNOB_WORDS && knob_turn(knob, settings, vocab, -1000);
}

/* ---- dials ----------------------------------------------------------------------------------- */

static double logarithmic(double number, double low, double high)
{
    return number <= low ? 0 : log(number / low) / log(high / low);
}

double knob_place(const Knob *knob, const Settings *settings, double number)
{
    double place;

    if (knob->scale == KNOB_GEOMETRIC)
        place = logarithmic(number, knob->low, knob->high);
    else if (knob->scale == KNOB_NEAR_ONE)
        place = number >= 1 ? 1 : 1 - logarithmic(1 - number, 1 - knob->high, 1);
    else if (knob->scale == KNOB_HEADS)
        place = (double)place_of_heads(settings, number) / (heads_of(settings) + 1);
    else
        place = (number - knob->low) / (knob->high - knob->low);
    return fmin(fmax(place, 0), 1);
}

int knob_places(const Knob *knob, const Settings *settings)
{
    if (knob->scale == KNOB_HEADS)
        return heads_of(settings) + 2;
    return knob->scale == KNOB_WORDS ? (int)(knob->high - knob->low) + 1 : 0;
}
