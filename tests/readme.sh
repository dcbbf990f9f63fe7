#!/bin/sh
# Runs every console example of the README and compares what it prints. In what is expected, "..." at the end of a line or
# alone on one stands for anything.
cd "$TESTS_DIR/.." || exit 1
source=$(pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$GPTOSCOPE" "$work/bin/gptoscope"
ln -s "$source/data" "$work/data"
ln -s "$source/doc" "$work/doc"
PATH=$work/bin:$PATH

# One file a command: the command in its first line, what it prints in those below.
awk -v work="$work" '
    /^```console$/ { inside = 1; next }
    /^```$/ { inside = 0 }
    inside && /^\$ / { file = sprintf("%s/example-%02d", work, ++count); print substr($0, 3) > file; next }
    inside { print > file }
' README.md
cd "$work" || exit 1
wrong=0
count=0
for example in example-*; do
    [ -f "$example" ] || continue
    count=$((count + 1))
    command=$(head -n 1 "$example")
    tail -n +2 "$example" >expected
    sh -c "$command" >printed 2>errors </dev/null || { echo "fails: $command"; cat errors; wrong=1; }
    awk '
        FNR == NR { want[++wants] = $0; next }
        { got[++gots] = $0 }
        function same(pattern, line,    dots, next_dots, rest, found) {
            while ((dots = index(pattern, "...")) > 0) {
                if (substr(line, 1, dots - 1) != substr(pattern, 1, dots - 1)) return 0
                pattern = substr(pattern, dots + 3); line = substr(line, dots)
                if (pattern == "") return 1
                next_dots = index(pattern, "...")
                rest = next_dots ? substr(pattern, 1, next_dots - 1) : pattern
                found = index(line, rest)
                if (found == 0) return 0
                line = substr(line, found)
            }
            return pattern == line
        }
        END {
            at = 1
            for (i = 1; i <= wants; i++) {
                if (want[i] == "...") { # any lines up to the next that is expected
                    while (i < wants && at <= gots && !same(want[i + 1], got[at])) at++
                    if (i == wants) at = gots + 1
                    continue
                }
                if (!same(want[i], got[at])) { print "expected: " want[i] "\nprinted:  " got[at]; exit 1 }
                at++
            }
            if (at <= gots) { print "printed besides: " got[at]; exit 1 }
        }
    ' expected printed || { echo "in: $command"; wrong=1; }
done
echo "$count examples"
[ "$count" -gt 0 ] || exit 1
exit $wrong
