#!/bin/sh
# Prints the texts of the sources as a template of a catalogue. A funnel is named with the number of its argument that is a
# text; it translates that itself. What stands in a table or in a choice (a ? "b" : "c") is marked N_( ).
# Of formats only those with words are texts.
cd "$(dirname "$0")/.." || exit 1
find src -name '*.[ch]' | LC_ALL=C sort |
    xgettext --files-from=- --output=- --from-code=UTF-8 --language=C --add-comments=TRANSLATORS: --add-location=file \
        --package-name=gptoscope --copyright-holder='the authors of gptoscope' --keyword \
        --keyword=_ --keyword=N_ --keyword=C_:1c,2 --keyword=words_count:1,2 \
        --keyword=answer_format:2 --keyword=answer_line:2 --keyword=app_say:3 \
        --keyword=canvas_print:7 --keyword=command_expected:2 --keyword=error_set:2 --keyword=expr_wrong:3 \
        --keyword=graph_wrong:3 --keyword=panel_title:3 --keyword=report_say:3 --keyword=wrong:3 \
        --keyword=CHOICE:5 --keyword=FLAG:4 --keyword=REAL:6 --keyword=ROW:8 --keyword=SWITCH:3 --keyword=TEXT:4 \
        --keyword=WHOLE:6 |
    msggrep --msgid --extended-regexp --regexp='(^|[^-%0-9.*#+a-zA-Z<])[a-zA-Z]{2}|%[sdc][a-zA-Z]{2}' |
    sed -e '/^"POT-Creation-Date:/d' -e '/^# SOME DESCRIPTIVE/d' -e 's/charset=CHARSET/charset=UTF-8/'
