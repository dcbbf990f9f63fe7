#!/bin/sh
# The manual page is well-formed; it has every mode, option, view, key and name in expressions of the program's own tables,
# the completions the first three.
cd "$TESTS_DIR/.." || exit 1
set -f # the key ? is no file name
page=man/gptoscope.1
wrong=0

# has FILE PATTERN WHAT
has() {
    grep -qE -e "$2" "$1" && return
    echo "$1 lacks $3"
    wrong=1
}

everywhere() {
    has completions/bash/gptoscope "(^|[ '|])$1([ '|)]|\$)" "$1"
    has completions/zsh/_gptoscope "['({, )]$1[]':[)} ]" "$1"
}

table() {
    "$GPTOSCOPE" list "$1" | cut -f1
}

options=$(table options)
views=$(table views)
keys=$(table keys)
[ -n "$options" ] && [ -n "$views" ] && [ -n "$keys" ] || exit 1
for word in $options; do
    everywhere "$word"
    case $word in
    --*)
        has $page "^\.It Fl ([a-z] , )?-${word#--}( |\$)" "$word"
        has completions/fish/gptoscope.fish " -l ${word#--} " "$word"
        ;;
    *)
        has $page "^\.It Cm $word( |\$)" "$word"
        has completions/fish/gptoscope.fish " -a $word " "$word"
        ;;
    esac
done
for word in $views; do
    everywhere "$word"
    has $page "^\.Cm $word( |\$)" "the view $word"
    has completions/fish/gptoscope.fish "[ ']$word([ ']|\$)" "the view $word"
done
for key in $keys; do
    case $key in
    [.?:]) key="(\\\\&)?\\$key" ;;
    [+]) key="\\$key" ;;
    esac
    has $page "^\.It Ic (.* )?$key( |\$)" "the key $key"
done

for word in $(table commands | cut -d' ' -f1); do
    has $page "^\.It Ic $word( |\$)" "the command $word"
done
for word in $(table expressions | sed 's/[[(.].*//' | sort -u); do
    has $page "^\.It Ic (.* )?$word( |\$)" "$word of expressions"
done

if command -v mandoc >/dev/null; then
    mandoc -T lint -W style $page || wrong=1
fi
if command -v bash >/dev/null; then
    bash -n completions/bash/gptoscope || wrong=1
fi
exit $wrong
