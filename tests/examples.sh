#!/bin/sh
# Runs every console example of the README and of the manual page. What the README shows is compared: there "..." at the end of
# a line or alone on one stands for anything. The manual shows only what to type.
cd "$TESTS_DIR/.." || exit 1
source=$(pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$GPTOSCOPE" "$work/bin/gptoscope"
ln -s "$source/data" "$work/data"
ln -s "$source/doc" "$work/doc"
cp data/turkish.txt "$work/towns.txt"
PATH=$work/bin:$PATH
HOME=$work XDG_CONFIG_HOME= XDG_STATE_HOME=
export HOME XDG_CONFIG_HOME XDG_STATE_HOME

# One file a command: the command in its first line, what it prints in those below.
awk -v work="$work" '
    /^```console$/ { inside = 1; next }
    /^```$/ { inside = 0 }
    inside && /^\$ / { file = sprintf("%s/readme-%02d", work, ++count); print substr($0, 3) > file; next }
    inside { print > file }
' README.md
awk -v work="$work" '
    /^\.Sh / { inside = $2 == "EXAMPLES" }
    inside && (sub(/^\.Dl \$ /, "") || sub(/^\$ /, "")) {
        gsub(/\\-/, "-"); gsub(/\\&/, "")
        file = sprintf("%s/manual-%02d", work, ++count); print > file; print "..." > file
    }
' man/gptoscope.1

# The program on a terminal, where a reader presses q again and again.
on_a_terminal() {
    { for _ in 1 2 3 4 5 6 7 8 9 10; do sleep 1; printf q; done; } 2>/dev/null |
        timeout 20 script -qec "TERM=xterm $1" /dev/null
}

cd "$work" || exit 1
wrong=0
count=0
for example in readme-* manual-*; do
    command=$(head -n 1 "$example")
    tail -n +2 "$example" >expected
    case $command in
    gptoscope | 'gptoscope --'*)
        if ! [ "$(script -qec 'echo yes' /dev/null </dev/null 2>/dev/null | tr -d '\r')" = yes ]; then
            echo "not run, there is no program script here that makes a terminal: $command"
            continue
        fi
        run=on_a_terminal
        ;;
    *) run='sh -c' ;;
    esac
    count=$((count + 1))
    $run "$command" >printed 2>errors </dev/null || { echo "fails: $command"; cat errors; wrong=1; }
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
[ -f readme-01 ] && [ -f manual-01 ] || exit 1
exit $wrong
