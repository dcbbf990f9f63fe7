#!/bin/sh
# The README's pictures are what the program draws now. With GPTOSCOPE_PICTURES=new they are made anew.
cd "$TESTS_DIR/.." || exit 1
new=$(mktemp) || exit 1
trap 'rm -f "$new"' EXIT
tab=$(printf '\t')
wrong=0
pictures=0

while IFS=$tab read -r file arguments; do
    case $file in '#'* | '') continue ;; esac
    pictures=$((pictures + 1))
    eval "\"\$GPTOSCOPE\" $arguments --format svg" >"$new" </dev/null || {
        echo "$file: gptoscope $arguments fails"
        wrong=1
        continue
    }
    if [ "$GPTOSCOPE_PICTURES" = new ]; then
        cat "$new" >"$file"
    elif ! cmp -s "$new" "$file"; then
        echo "$file is not what gptoscope $arguments draws"
        wrong=1
    fi
    grep -qF "]($file)" README.md || {
        echo "README.md does not show $file"
        wrong=1
    }
done <doc/pictures.txt
[ $pictures -gt 0 ] || wrong=1
exit $wrong
