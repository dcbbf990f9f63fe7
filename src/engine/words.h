/* Words: the program's texts in the reader's language, from catalogues that gettext reads.
 *
 *     error_set(error, "%s needs a value", name)   a funnel translates its format: calls are plain
 *     {"run", N_("let the training run"), ...}     a table is marked here, and
 *     _(row->help)                                 translated where it is shown
 *     snprintf(text, size, _("step %d"), step)     what goes through no funnel is both at once
 *
 * po/extract.sh lists the funnels. Only whole texts are in a catalogue: what comes from files or
 * was typed is handed to a funnel as an argument of "%s", never as its format. Names of commands,
 * options, expressions and views, and members of JSON objects, are no words: they are the same
 * everywhere.
 *
 * Nothing is translated before words_open, in the C locale, or where the program was built without
 * catalogues: a text is then itself. */
#ifndef GPTOSCOPE_ENGINE_WORDS_H
#define GPTOSCOPE_ENGINE_WORDS_H

#define _(text) words_translate(text)
#define N_(text) text
#define C_(context, text) words_within(context "\004" text, text)

/* For a word that stands for more than one thing, or must be short: C_("column", "key"). */
const char *words_within(const char *both, const char *text) __attribute__((format_arg(2)));

/* Reads catalogues from folder/LANGUAGE/LC_MESSAGES, for the locale that is set. */
void words_open(const char *folder);

/* The text in the reader's language, or itself. */
const char *words_translate(const char *text) __attribute__((format_arg(1)));

/* The same for a text that has one form for a count of one and another for more. */
const char *words_count(const char *one, const char *more, unsigned long count)
    __attribute__((format_arg(1), format_arg(2)));

#endif
