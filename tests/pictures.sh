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

# The recording: what a player reads, and each command in it still one of the program's.
if command -v python3 >/dev/null; then
    python3 - doc/gptoscope.cast <<'END' || wrong=1
import json, sys
head, *events = (json.loads(line) for line in open(sys.argv[1], encoding="utf-8"))
times = [time for time, kind, text in events if kind == "o" and isinstance(text, str)]
shown = "".join(text for _, _, text in events)
good = head["version"] == 2 and len(times) == len(events) > 100 and times == sorted(times) and "\033[?1049l" in shown
sys.exit(not good)
END
fi
sed -n 's/^[0-9.]* :\([a-z]*\).*/\1/p' doc/cast.txt | while read -r command; do
    "$GPTOSCOPE" list commands | grep -q "^$command[[:space:]]" || echo "doc/cast.txt types $command, which is no command"
done | grep . && wrong=1
[ $pictures -gt 0 ] || wrong=1
exit $wrong
