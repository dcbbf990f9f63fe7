#!/bin/sh
# The program in German: the catalogue has every text of the sources, and the program shows it; lessons come from the folder
# of the language, one by one; and in the C locale all is as it was written.
cd "$TESTS_DIR/.." || exit 1
LC_ALL=C
export LC_ALL
unset LANGUAGE
wrong=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
HOME=$work
export HOME
unset XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME

# fail SENTENCE: it does not hold, with what was printed.
fail() {
    wrong=1
    echo "DOES NOT HOLD: $1"
    head -n 20 "$work/printed"
}

# --- The catalogue ---
looked=no
if command -v xgettext >/dev/null && command -v msgcmp >/dev/null && command -v msgfmt >/dev/null; then
    looked=yes
    sh po/extract.sh >"$work/texts.pot" 2>"$work/printed" || fail 'the texts of the sources can be listed'
    for file in po/*.po; do
        msgcmp "$file" "$work/texts.pot" >"$work/printed" 2>&1 || fail "$file has every text of the sources (make pot)"
        msgfmt --check --statistics -o "$work/made.mo" "$file" >"$work/printed" 2>&1 || fail "$file is well-formed"
        grep -Eq 'fuzzy|untranslated' "$work/printed" && fail "$file is whole"
        msgcat --no-wrap "$file" | awk '
            /^msgid "/ { choices = gsub(/[|]/, "") }
            /^msgstr "/ && gsub(/[|]/, "") != choices { print; wrong = 1 }
            END { exit wrong }' >"$work/printed" || fail "$file has as many choices (one|list) as the original"
    done
fi

# --- The program ---
"$GPTOSCOPE" --help >"$work/printed" 2>&1
grep -q '^usage: gptoscope' "$work/printed" || fail 'in the C locale help is in English'
"$GPTOSCOPE" list lessons >"$work/printed" 2>&1
grep -q '^1	The big picture' "$work/printed" || fail 'and so are lessons'

if ! locale -a 2>/dev/null | grep -Eiq '^de_DE\.utf-?8$'; then
    echo 'no locale de_DE.UTF-8 here: the program was not looked at in German'
    [ $wrong -eq 0 ] || exit 1
    exit 77
fi
LC_ALL=de_DE.UTF-8

# What does not lean on catalogues: lessons.
"$GPTOSCOPE" list lessons >"$work/printed" 2>&1
grep -q '^1	Das große Bild' "$work/printed" || fail 'a translated lesson is listed with its title'
grep -q '^2a	The chain rule' "$work/printed" || fail 'a lesson that is not translated is listed as it is'
LANGUAGE=fr:de LC_ALL=en_US.UTF-8 "$GPTOSCOPE" list lessons >"$work/printed" 2>&1
! locale -a | grep -Eiq '^en_US\.utf-?8$' || grep -q '^1	Das große Bild' "$work/printed" ||
    fail 'LANGUAGE names languages by preference'
echo quit | "$GPTOSCOPE" learn 1 --plain >"$work/printed" 2>&1
grep -q 'Das Modell sieht nie Buchstaben' "$work/printed" || fail 'and it is read'
for file in lessons/*/*.md; do
    LC_ALL=C "$GPTOSCOPE" lint "$file" >"$work/printed" 2>&1 || fail "$file holds, with the steps of the original"
done

if ! [ -e "${GPTOSCOPE%/*}/share/locale/de/LC_MESSAGES/gptoscope.mo" ]; then
    echo 'built without catalogues'
    [ $wrong -eq 0 ] || exit 1
    exit 77
fi

# says GERMAN ARGUMENT...: the program's output has that.
says() {
    words=$1
    shift
    "$GPTOSCOPE" "$@" >"$work/printed" 2>&1 </dev/null
    grep -q -e "$words" "$work/printed" || fail "gptoscope $* says: $words"
}

says '^Aufruf: gptoscope' --help
says 'die letzte Änderung zurücknehmen' list commands
says 'Lernrate am Anfang' list options
says 'es gibt keine Ansicht nichts' show nichts
says 'gptoscope: --steps' train --steps
says 'Wie überrascht ist es?' show overview --at 3
says 'Warum ist loss, was es ist?' show overview --at 3 -e 'why loss'
says 't zeigt: Wert' show parameters --at 3 -e 'look shows value'
says 'Durch den Lauf gehen' show overview --at 3 --size 100x60 -e help
says 'Der Verlust von Schritt 3 ist' show overview --at 3 --format describe

# No view breaks where words are longer, and none is wider than it may be.
for view in $(LC_ALL=C "$GPTOSCOPE" list views | cut -f1); do
    for size in 80x24 40x12 121x37; do
        "$GPTOSCOPE" show "$view" --at 3.backward.900 --size $size >"$work/printed" 2>&1 ||
            fail "$view is drawn in German at $size"
        [ "$(wc -l <"$work/printed")" -eq "${size#*x}" ] || fail "$view has the rows of $size"
        widest=$(wc -L <"$work/printed" 2>/dev/null) || continue
        [ "$widest" -le "${size%x*}" ] || fail "$view has the columns of $size"
    done
done

# Where the terminal has no UTF-8, a translation is spelt in ASCII.
if locale -a | grep -Eiq '^de_DE(\.iso88591)?$'; then
    LC_ALL=de_DE "$GPTOSCOPE" list commands >"$work/printed" 2>&1
    grep -q 'zuruecknehmen' "$work/printed" || fail 'ue stands for ü where there is no ü'
    LC_ALL=C grep -q "$(printf '[\200-\377]')" "$work/printed" && fail 'and nothing but ASCII is printed'
fi

[ $wrong -eq 0 ] || exit 1
[ $looked = yes ] || exit 77
