#!/bin/sh
# The command line from outside. What is bad gets one clear line on standard error, an exit status and nothing else; what is
# good is compared with the reference run, with itself after a stop, and in another locale.
#
# A case is a sentence that says what holds. Where this machine lacks something, that part says so and is left out.
unset LC_ALL LC_CTYPE LC_NUMERIC LC_MESSAGES LANGUAGE NO_COLOR
LANG=C
export LANG
"$GPTOSCOPE" --version && [ -d "$TESTS_DIR/data" ] || exit 1
work=$(mktemp -d) || exit 1
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work" || exit 1
data=$TESTS_DIR/data
cases=0
wrong=0
small="--n-embd 4 --n-head 2 --block-size 6"

# ---- a case ----

fails() {
    wrong=$((wrong + 1))
    echo "DOES NOT HOLD: $*"
    [ -s errors ] && sed 's/^/    stderr: /' errors | cat -v
}

# holds SENTENCE COMMAND...
holds() {
    sentence=$1
    shift
    cases=$((cases + 1))
    "$@" || fails "$sentence"
}

left_out() {
    echo "left out: $*"
}

# Nothing may wait or go on for long. Machines that test are busy: this is no measure of speed.
seconds=30
if timeout 5 true 2>/dev/null; then
    within="timeout -k 5 $seconds"
else
    within=
fi

# The program with its input closed: output in printed and errors, status in status.
run() {
    # shellcheck disable=SC2086
    $within "$GPTOSCOPE" "$@" >printed 2>errors </dev/null
    status=$?
}

has_control() {
    tr -d '\n' <"$1" | LC_ALL=C grep -q '[[:cntrl:]]'
}

# One line in errors, by the program, with these words and nothing that acts on a terminal.
said() {
    [ "$(wc -l <errors)" -eq 1 ] && grep -q '^gptoscope: ' errors && grep -qF -e "$1" errors && ! has_control errors
}

is_refused() {
    [ "$status" -eq 2 ] && said "$1" && ! [ -s printed ]
}

# refuses SENTENCE WORDS ARGUMENT...
refuses() {
    sentence=$1
    words=$2
    shift 2
    run "$@"
    holds "$sentence is refused (${*:-no argument})" is_refused "$words"
}

# Every mode that reads documents, and every one that reads a saved run.
everywhere() {
    option=$1
    shift
    for mode in train sample 'show overview' bench ''; do
        [ "$mode $option" = 'bench --load' ] && continue
        # shellcheck disable=SC2086
        refuses "$1" "$2" $mode "$option" "$3"
    done
}

# ---- files that cannot be documents ----

printf 'emma\nanna\nbob\n' >good.txt
: >empty.txt
mkdir folder
mkfifo fifo
printf ' \n\t\n\r\n\302\240\n\n' >blank.txt
printf 'emma\nan\377na\n' >bytes.txt
printf 'emma\nzo\303' >cut.txt
printf 'emma\nbo\0b\n' >nul.txt
dd if=/dev/zero bs=1048576 count=100 2>/dev/null | tr '\0' a >line-100.txt
dd if=/dev/zero bs=1048576 count=90 2>/dev/null | tr '\0' a >line-90.txt

while IFS='|' read -r sentence words file; do
    everywhere --data "$sentence" "$words" "$file"
done <<'END'
a file that is not there|missing.txt: No such file|missing.txt
a file in a folder that is not there|no/names.txt: No such file|no/names.txt
an empty file|empty.txt: no document in it|empty.txt
a folder|folder: is a folder, not a file|folder
a FIFO that nobody writes to|fifo: is a FIFO, not a file|fifo
a device without an end|/dev/zero: is a device, not a file|/dev/zero
a device without a byte|/dev/null: is a device, not a file|/dev/null
a file of blank lines|blank.txt: no document in it: every line is blank|blank.txt
a byte that is not UTF-8|bytes.txt:2: not UTF-8 (byte 0xff)|bytes.txt
a character cut off by the end|cut.txt:2: not UTF-8 (byte 0xc3)|cut.txt
a NUL byte|nul.txt:2: a NUL byte|nul.txt
a line of 100 MB|line-100.txt: |line-100.txt
END
rm -f line-100.txt
refuses 'a line of 90 MB' 'line-90.txt:1: a document of 94371840 bytes, the limit is' train --data line-90.txt
rm -f line-90.txt

# As root every file can be read and every folder written to.
ordinary() { "$@"; }
if [ "$(id -u)" -eq 0 ]; then
    ordinary() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
fi
if ordinary "$GPTOSCOPE" --version >/dev/null 2>&1; then
    cp good.txt secret.txt
    chmod 000 secret.txt
    ordinary "$GPTOSCOPE" train --data secret.txt >printed 2>errors </dev/null
    status=$?
    holds 'a file that may not be read is refused' is_refused 'secret.txt: Permission denied'
else
    left_out 'what may not be read or written: there is no ordinary user to run as'
fi

escape=$(printf '\033')
newline='
'
refuses 'a control character in a name is shown as ^[' 'no^[[31m: No such file' train --data "no${escape}[31m"
refuses 'a newline in a name is shown as ^J' 'no^Jno: No such file' train --data "no${newline}no"
refuses 'a byte of a name that is not UTF-8 is shown by its number' 'no\xff: No such' train --data "$(printf 'no\377')"
cp bytes.txt "bytes${escape}[31m"
refuses 'a name is shown safely where its line is named' 'bytes^[[31m:2: not UTF-8' train --data "bytes${escape}[31m"
long=$(printf '%01000d' 0)
refuses 'a name of 1000 bytes leaves room for the reason' 'File name too long' train --data "$long"

# ---- options and modes ----

# What is refused | words of the message | arguments as a shell reads them
sed -e 's/  *| /|/g' -e 's/  *|$/|/' >rows <<'END'
n_embd that does not divide by n_head | n_embd 15 cannot be shared out among n_head 4 heads: try n_embd 16 | train --n-embd 15
one number more than its limit        | n_layer: 65 is not from 1 to 64   | train --n-layer 65
a model beyond all numbers            | billion parameters, the limit is  | train --n-layer 64 --n-embd 4096 --block-size 4096
a model beyond the memory, on screen  | GB of memory, the limit is 2 GB   | --n-layer 64 --n-embd 4096 --block-size 4096
a look inside float32                 | goes by whole steps only          | show loss --precision float32
an option that float32 has not        | is for microgpt's model and Adam  | train --precision float32 --norm off
a run too long to be saved            | MB when saved, the limit is       | train --steps 10000000 --save run
a rate that is not a number           | lr: nan is not a number           | train --lr nan
an infinite rate                      | lr: inf is not a number           | train --lr inf
a rate beyond all numbers             | lr: 1e999 is not from 0 to        | train --lr 1e999
a negative rate                       | lr: -0.1 is not from 0 to         | train --lr -0.1
a comma in a number                   | lr: 0,01 is not a number          | train --lr 0,01
beta1 that is not a number            | beta1: nan is not a number        | train --beta1 nan
beta2 above 1                         | beta2: 1.5 is not from 0 to 1     | train --beta2 1.5
eps that is not a number              | eps: NAN is not a number          | train --eps NAN
an infinite spread                    | init_std: Infinity is not a number | train --init-std Infinity
a temperature of 0                    | temperature: 0 is not from 0.001  | sample --temperature 0
fewer texts than none                 | samples: -1 is not from 0 to      | sample --samples -1
a negative seed                       | seed: -1 is not from 0 to         | train --seed -1
part of a step                        | steps: 1.5 is not a whole number  | train --steps 1.5
a hexadecimal number                  | steps: 0x10 is not a whole number | train --steps 0x10
a number with a blank                 | steps:  10 is not a whole number  | train --steps ' 10'
a stop behind the end                 | --stop 11: expected a step from 0 to 10 | train --steps 10 --stop 11
a stop that is no number              | --stop soon: expected a step      | train --stop soon
an unknown option                     | there is no option --bogus: see gptoscope --help | train --bogus
a mistyped option                     | there is no option --dtaa: did you mean --data?  | train --dtaa x
a mistyped setting                    | there is no option --n-haed: did you mean --n-head? | train --n-haed=2
the beginning of two options          | there is no option --st: did you mean --steps?   | train --st 3
an unknown letter                     | there is no option -x: see gptoscope --help      | train -x
an unknown letter behind a known one  | there is no option -x: see gptoscope --help      | train -hx
an unknown option with control bytes  | there is no option --^[[31m                      | train "--${escape}[31m"
an option without its value           | --data needs a value              | train --data
an option with an empty value         | --data needs a value              | train --data ''
an option with nothing behind its =   | --steps needs a value             | train --steps=
a value where there is none           | --json takes no value             | train --json=yes
a mistyped mode                       | there is no mode tran: did you mean train?       | tran
the beginning of a mode               | there is no mode sam: did you mean sample?       | sam
an unknown mode                       | there is no mode xyzzy: see gptoscope --help     | xyzzy
a mode with control bytes             | there is no mode ^[[31m           | "${escape}[31m"
a mode without a letter               | there is no mode                  | ''
an argument too many                  | train does not know what to do with names.txt    | train names.txt
two saved runs                        | sample does not know what to do with b | sample a b
more arguments than there is room for | sample does not know what to do with 2 | sample 1 2 3 4 5 6 7 8 9 10 11 12
show without a view                   | show needs VIEW: see gptoscope show --help       | show
an unknown view                       | there is no view heatmap: see gptoscope list views | show heatmap
list without a name                   | list needs WHAT: see gptoscope list --help       | list
an unknown list                       | there is no list of colours: try commands        | list colours
an unknown measurement                | there is no measurement colour: try train        | bench colour
a size of nothing                     | --size 0x0: expected columns x rows              | show overview --size 0x0
a size without rows                   | --size 80x: expected columns x rows              | show overview --size 80x
a size without columns                | --size x24: expected columns x rows              | show overview --size x24
a size beyond the limit               | --size 80x99999999999: expected columns x rows   | show overview --size 80x99999999999
an unknown format                     | --format pdf: expected text, ansi, svg, json or describe | show overview --format pdf
an unknown theme                      | --theme pink: expected dark, light or mono       | show overview --theme pink
unknown glyphs                        | --glyphs emoji: expected braille, blocks or ascii | show overview --glyphs emoji
an unknown moment                     | noon: expected a step, or end     | show overview --at noon
a moment behind the end               | 2000: the run has 1000 steps      | show overview --at 2000
a moment before the beginning         | -1: expected a step, or end       | show overview --at -1
an unknown time for colours           | --color maybe: expected auto, always or never    | --color maybe
a screen without screen control       | --plain: there is no plain form   | --plain
no terminal                           | no terminal on standard input: try gptoscope show overview |
no terminal for the named mode        | no terminal on standard input     | explore
END
while IFS='|' read -r sentence words arguments; do
    eval "set -- $arguments"
    refuses "$sentence" "$words" "$@"
done <rows

for option in steps n-layer n-embd n-head block-size; do
    for number in 0 -1 1e9 99999999999999999999; do
        refuses "a size of $number" " $number is not " train "--$option" "$number"
    done
done

# ---- terminals ----

# in_terminal COMMAND: a line for the shell, on a new terminal whose input is this one's; prints what the terminal got.
in_terminal() {
    # shellcheck disable=SC2086
    $within script -qec "$1" /dev/null
}

if [ "$(in_terminal 'test -t 0 && test -t 1 && echo yes' </dev/null 2>/dev/null | tr -d '\r')" = yes ]; then
    for kind in dumb no-such-terminal ''; do
        in_terminal "TERM='$kind' '$GPTOSCOPE' 2>errors; echo \$? >status" </dev/null >printed
        status=$(cat status)
        holds "a terminal of kind '$kind' is refused" is_refused '(TERM'
    done

    counted=steps/s
    train="'$GPTOSCOPE' train --data good.txt --steps 30 --samples 1 $small"
    "$GPTOSCOPE" train --data good.txt --steps 30 --samples 1 --n-embd 4 --n-head 2 --block-size 6 >plain
    in_terminal "TERM=xterm $train >printed" </dev/null >shown
    holds 'a terminal for errors gets a line that counts the steps' grep -q "step 30 of 30 .*$counted" shown
    holds 'the results beside that line are what they are without' cmp -s printed plain
    in_terminal "TERM=xterm $train" </dev/null | tr '\r' '\n' | sed "s/^$escape\[K//" | grep -v "$counted\|^\$" >shown
    grep -v '^$' plain >expected
    holds 'on one terminal with that line the results are whole' cmp -s shown expected
    for without in 'TERM=dumb' 'TERM=' 'TERM=xterm plain=--plain' 'TERM=xterm plain=--quiet'; do
        in_terminal "$without; export TERM; $train \$plain >printed" </dev/null >shown
        holds "no steps are counted with $without" test ! -s shown
    done
    in_terminal "TERM=xterm $train 2>errors" </dev/null >shown
    holds 'no steps are counted in a file' test ! -s errors
else
    left_out 'terminals: there is no program script here that makes one'
fi

# ---- output that cannot be written ----

is_unwritten() {
    [ "$status" -eq 1 ] && said "$1"
}

if [ -c /dev/full ]; then
    while read -r arguments; do
        # shellcheck disable=SC2086
        $within "$GPTOSCOPE" $arguments >/dev/full 2>errors </dev/null
        status=$?
        holds "a full disk under $arguments is told" is_unwritten 'cannot write the results to standard output'
    done <<'END'
--help
--version
train --help
list commands
list options
list views
show overview --at 0 --data good.txt
train --steps 3 --data good.txt
train --steps 3 --data good.txt --json
sample --steps 3 --data good.txt
END
else
    left_out 'a full disk: there is no /dev/full'
fi

# A reader that has had enough is no error, and nobody is told; work for nobody ends soon.
cat >head.sh <<'END'
{ "$GPTOSCOPE" "$@" 2>errors; echo $? >status; } | head -n 1 >printed
END
left_quietly() {
    [ "$(cat status)" -le 1 ] && ! [ -s errors ] && [ "$(wc -l <printed)" -eq 1 ]
}
for arguments in 'train --steps 10000000' 'train --steps 10000000 --json' 'sample --steps 1 --samples 100000' 'list keys' \
    'show overview --at 1' '--help'; do
    # shellcheck disable=SC2086
    $within sh head.sh $arguments --data good.txt $small
    holds "$arguments | head -n 1 ends soon and without a word" left_quietly
done
sh head.sh train --steps 500 --data good.txt --json --save piped
holds 'a reader that has left does not keep a run from being saved' left_quietly
run train --load piped --data good.txt --quiet --samples 0
holds 'that run has been trained to its end' test "$status" -eq 0

# ---- saving ----

run train --data good.txt --steps 4 --samples 0 --save old
cp old before
unharmed() {
    cmp -s old before && [ -z "$(find . -name '.gptoscope-*')" ]
}
not_saved() {
    [ "$status" -eq 2 ] && said "$1" && unharmed
}
while IFS='|' read -r sentence words path; do
    refuses "$sentence to save to" "$words" train --data good.txt --steps 2 --samples 0 --save "$path"
    holds "$sentence to save to leaves all as it was" unharmed
done <<'END'
a folder|folder: is a folder, not a file|folder
a FIFO|fifo: is a FIFO, not a file|fifo
a device|/dev/null: is a device, not a file|/dev/null
a folder that is not there|no/run: No such file|no/run
END
(
    ulimit -f 20
    "$GPTOSCOPE" train --data good.txt --steps 4 --samples 0 --save old >printed 2>errors </dev/null
    echo $? >status
)
status=$(cat status)
holds 'a disk that fills up while saving keeps the old run' not_saved 'old: File too large'
if ordinary "$GPTOSCOPE" --version >/dev/null 2>&1; then
    mkdir locked
    cp old locked/old
    chmod 555 locked
    ordinary "$GPTOSCOPE" train --data good.txt --steps 2 --samples 0 --save locked/old >printed 2>errors </dev/null
    status=$?
    holds 'a folder that may not be written to is refused before the training' is_refused 'locked/old: Permission denied'
    holds 'what was in that folder is still there' cmp -s old locked/old
fi

# ---- damaged saved runs ----

run train --data good.txt --steps 3 --samples 0 --n-embd 1 --n-head 1 --block-size 1 --save run
length=$(wc -c <run)
for part in 0 1 7 8 9 100 $((length / 2)) $((length - 8)) $((length - 1)); do
    head -c $part run >short
    everywhere --load "a saved run of only $part bytes" 'short: ' short
    refuses "a saved run of only $part bytes" 'short: ' sample short
done
at=0
while [ $at -lt "$length" ]; do
    byte=$(dd if=run bs=1 skip=$at count=1 2>/dev/null | od -An -tu1)
    cp run flipped
    # shellcheck disable=SC2059
    printf "\\$(printf %o $(((byte + 1) % 256)))" | dd of=flipped bs=1 seek=$at conv=notrunc 2>/dev/null
    refuses "a saved run with byte $at changed" 'flipped: ' sample flipped
    at=$((at + 431))
done
{ cat run; echo; } >longer
refuses 'a saved run with a byte more' 'longer: damaged' sample longer
refuses 'a text file as a saved run' 'good.txt: not a saved run' sample good.txt
refuses 'a folder as a saved run' 'folder: is a folder' sample folder
refuses 'a FIFO as a saved run' 'fifo: is a FIFO' sample fifo
refuses 'a saved run that is not there' 'missing: No such file' sample missing
refuses 'a device as a saved run' '/dev/zero: is a device' train --load /dev/zero
printf 'anna\nzo\303\253\n' >zoe.txt
refuses 'a character that the loaded run does not know' 'zoe.txt: document 2: character U+' train --load run --data zoe.txt
refuses 'such a character on the screen' 'zoe.txt: document 2: character U+' --load run --data zoe.txt
refuses 'a stop before the loaded step' '--stop 2: expected a step from 3 to 3' train --load run --data good.txt --stop 2

# ---- what the world can do to the numbers ----

run train --data good.txt --steps 9 --lr 1e300 --save lost
holds 'a loss that is no number ends the run with status 1' is_unwritten ': the loss is nan, not a number to learn from'
holds 'such a run is not saved' test ! -e lost

alike() {
    [ -s "$1" ] && cmp -s "$1" "$2"
}
# same SENTENCE FILE FILE
same() {
    holds "$1" alike "$2" "$3"
}

printf '\357\273\277emma\r\nanna\r\n\r\n bob \t' >windows.txt
"$GPTOSCOPE" train --data good.txt --steps 5 >unix
"$GPTOSCOPE" train --data windows.txt --steps 5 >printed
same 'a byte order mark, CR LF and blanks at the ends change nothing' printed unix

# Contents are as harmless as names: as text every control is written out, in JSON escaped.
printf 'em\033[31mma\nb\302\233ob\n\342\200\256\tx\177\n' >controls.txt
harmless() {
    [ "$status" -eq 0 ] && ! has_control printed && ! grep -q "$(printf '\302\233')" printed
}
for arguments in train 'train --json' sample 'sample --json' 'show overview' 'show overview --format svg'; do
    # shellcheck disable=SC2086
    run $arguments --data controls.txt --steps 20 --samples 20 --init-std 1 $small
    holds "$arguments shows documents with control characters safely" harmless
done

# ---- help ----

fits() {
    [ "$status" -eq 0 ] && [ -s printed ] && ! [ -s errors ] && [ "$(wc -l <printed)" -le 24 ] &&
        ! grep -qE '.{81}|[[:blank:]]$' printed && ! has_control printed
}
modes=$("$GPTOSCOPE" list options | cut -f1 | grep -v '^-')
holds 'the list of options names the modes' test -n "$modes"
for mode in '' $modes; do
    for option in --help -h; do
        # shellcheck disable=SC2086
        run $mode $option
        holds "$mode $option fits in 24 lines of 80 columns" fits
    done
done
run --version
holds 'the version is one line' grep -qxE 'gptoscope [0-9]+\.[0-9]+\.[0-9]+' printed

# ---- the numbers ----

# text GOLDEN STEPS: what the program must print for a golden file, its numbers rounded by the shell.
text() {
    sed -n '1s/^{"docs": \([0-9]*\), "vocab": \([0-9]*\),.*"params": \([0-9]*\), "first_docs".*/num docs: \1@vocab size: \2@num params: \3/p' \
        "$1" | tr @ '\n'
    sed -n 's/^{"step": \([0-9]*\),.*"loss": "\([^"]*\)".*/\1 \2/p' "$1" | while read -r step loss; do
        printf 'step %4d / %4d | loss %.4f\n' "$step" "$2" "$loss"
    done
    printf '\n--- inference (new, hallucinated names) ---\n'
    sed -n 's/^{"sample": \([0-9]*\), "text": "\(.*\)"}$/\1:\2/p' "$1" | while IFS=: read -r number line; do
        printf 'sample %2d: %s\n' "$number" "$line"
    done
}

for utf8 in C.UTF-8 C.utf8 en_US.UTF-8 en_US.utf8 UTF-8; do
    [ "$(LC_ALL=$utf8 locale charmap 2>/dev/null)" = UTF-8 ] && break
    utf8=
done
[ -n "$utf8" ] || left_out 'letters outside ASCII as they are: there is no locale for them'

# The golden runs end after 4 steps, then write 5 texts. One of them has controls in its texts, which are shown otherwise.
if [ "$(printf %.1f 0x1.8p+1 2>/dev/null)" = 3.0 ] && [ -n "$utf8" ]; then
    sed -e 's/#.*//' -e '/^$/d' -e '/^odd-spaces/d' "$TESTS_DIR/golden/settings.txt" >rows
    while read -r name file options; do
        steps=${options#*--steps }
        # shellcheck disable=SC2086
        LC_ALL=$utf8 "$GPTOSCOPE" train --data "$data/$file" $options --stop 4 --samples 5 >printed 2>errors </dev/null
        text "$TESTS_DIR/golden/$name.jsonl" "${steps%% *}" >expected
        same "train prints what the reference run printed ($name)" printed expected
    done <rows
else
    left_out 'the lines of train beside the golden files: the shell does not round numbers, or cannot show them'
fi

# The same by a live reference, whose numbers are this machine's to the last bit.
cat >compare.py <<'END'
import json, sys
ours = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
text = open(sys.argv[2], encoding="utf-8", newline="\n").read().replace("\u25cc", "").split("\n")  # it carries a lone accent
theirs = [json.loads(line) for line in open(sys.argv[3], encoding="utf-8")]
steps = int(sys.argv[4])
printable = all(c.isprintable() for c in theirs[0]["chars"])
expected, lines = [], []
for row in theirs:
    if "docs" in row:
        expected.append({key: row[key] for key in ("docs", "vocab", "params")})
        lines += ["num docs: %d" % row["docs"], "vocab size: %d" % row["vocab"], "num params: %d" % row["params"]]
    elif "loss" in row:
        loss = float.fromhex(row["loss"])
        expected.append({"step": row["step"], "doc": row["doc"], "loss": loss, "lr": float.fromhex(row["lr"])})
        lines.append("step %4d / %4d | loss %.4f" % (row["step"], steps, loss))
    else:
        if row["sample"] == 1:
            lines += ["", "--- inference (new, hallucinated names) ---"]
        expected.append({"sample": row["sample"], "text": row["text"]})
        lines.append("sample %2d: %s" % (row["sample"], row["text"]))
if ours != expected:
    sys.exit("JSON: " + next("%s is not %s" % pair for pair in zip(ours + [None], expected + [None]) if pair[0] != pair[1]))
if printable and text != lines + [""]:
    sys.exit("text: " + next("%s is not %s" % pair for pair in zip(text + [None], lines + [None]) if pair[0] != pair[1]))
END
if python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' 2>/dev/null && [ -n "$utf8" ]; then
    while read -r file steps options; do
        # shellcheck disable=SC2086
        {
            LC_ALL=$utf8 "$GPTOSCOPE" train --data "$data/$file" --steps $steps $options --json >json 2>errors
            LC_ALL=$utf8 "$GPTOSCOPE" train --data "$data/$file" --steps $steps $options >printed 2>errors
            python3 -X utf8 "$TESTS_DIR/oracle.py" --data "$data/$file" --steps $steps $options >reference
        }
        holds "train gives the reference's bits and lines ($file $options)" python3 compare.py json printed reference "$steps"
    done <<'END'
words.txt 6
words.txt 40 --n-embd 6 --n-head 3 --n-layer 2 --block-size 4 --seed 7 --samples 40
letters.txt 20 --n-embd 4 --n-head 2 --temperature 1.7 --lr 0.3
odd.txt 20 --n-embd 4 --n-head 2 --block-size 20 --init-std 0.5
one-character.txt 12 --n-embd 2 --n-head 1 --samples 3
END
else
    left_out 'numbers beside a live reference: there is no python3 of 3.9 or newer'
fi

# ---- less and other output ----

"$GPTOSCOPE" train --data good.txt --steps 5 --samples 3 >whole 2>errors
grep -v '^step ' whole >expected
run train --data good.txt --steps 5 --samples 3 --quiet
same '--quiet leaves out the steps' printed expected
holds '--quiet says nothing besides' test ! -s errors
run train --data good.txt --n-layer 8 --n-embd 256 --block-size 256 --stop 0 --samples 0
holds 'a run that takes much memory says beforehand how much' grep -q '^needs 0\.[0-9]* GB of memory$' errors
run train --data good.txt --n-layer 8 --n-embd 256 --block-size 256 --stop 0 --samples 0 --quiet
holds 'and with --quiet nothing' test ! -s errors
sed '/^$/,$d' whole >expected
run train --data good.txt --steps 5 --samples 0
sed '/^$/,$d' printed >other
same '--samples 0 trains as any other' other expected
sed -n 's/^sample/&/p' whole >expected
run sample --data good.txt --steps 5 --samples 3
same 'sample without a file trains first and prints only its texts' printed expected

german=$(locale -a 2>/dev/null | grep -i -m 1 '^de_DE\.utf-*8$')
if [ -n "$german" ] && [ "$(LC_ALL=$german locale decimal_point)" = , ]; then
    for arguments in 'train --steps 3 --lr 0.02' 'train --steps 3 --json' 'show overview --at 3' 'show overview --at 3 --format svg' \
        'list options' --help; do
        # shellcheck disable=SC2086
        LC_ALL=$utf8 "$GPTOSCOPE" $arguments --data good.txt >expected
        # shellcheck disable=SC2086
        LANGUAGE=en LC_ALL=$german "$GPTOSCOPE" $arguments --data good.txt >printed
        same "a decimal comma in the locale changes nothing in $arguments" printed expected
    done
else
    left_out 'a decimal comma: there is no locale de_DE here'
fi

# ---- stop and go on ----

# shellcheck disable=SC2086
whole_run() {
    "$GPTOSCOPE" train --data "$data/words.txt" $small --steps 60 --json "$@" 2>errors
}
whole_run >never
whole_run --save end >/dev/null
for stops in 0 1 2 59 60 '7 8 30' '15 15 16'; do
    sed 1q never >together
    load=
    for stop in $stops 60; do
        texts='--samples 0'
        [ "$stop" = 60 ] && texts=
        # shellcheck disable=SC2086
        whole_run --stop "$stop" $texts $load --save part >some
        sed '1d; /^{"sample"/d' some >>together
        load='--load part'
    done
    # shellcheck disable=SC2086
    whole_run $load | sed -n '/^{"sample"/p' >>together
    same "a run that stops at $stops and goes on gives what it gives without a stop" together never
    same "and is saved as that is ($stops)" part end
done
sed -n '/^{"sample"/p' never >expected
mkdir away
(cd away && "$GPTOSCOPE" sample ../end --json >../printed 2>../errors)
same 'a saved run writes without its documents' printed expected
cp good.txt gone.txt
run train --data gone.txt --steps 3 --save gone --samples 0
rm gone.txt
run sample gone --samples 2 --temperature 0.7
holds 'a saved run writes when its documents are gone' test "$status$(grep -c '^sample' printed)" = 02

# Ctrl-C, after some lines.
# interrupt ARGUMENT...: lines in some, status.
interrupt() {
    : >some # or lines of an earlier run let the signal go before the program is there to take it
    "$GPTOSCOPE" train --data "$data/words.txt" --n-embd 4 --n-head 2 --block-size 6 --steps 1000000 --json "$@" >some 2>errors </dev/null &
    child=$!
    tries=0
    until [ "$(wc -l <some)" -ge 3 ] || [ $tries -ge $seconds ]; do
        sleep 1
        tries=$((tries + 1))
    done
    kill -INT $child
    wait $child
    status=$?
}
interrupt --save stopped
holds 'Ctrl-C ends training with status 130' test "$status" -eq 130
holds 'Ctrl-C is no error' test ! -s errors
last=$(sed -n '$s/^{"step":\([0-9]*\),.*}$/\1/p' some)
holds 'the last line is whole and no text is written' test -n "$last"
on=$((${last:-1} + 20))
"$GPTOSCOPE" train --data "$data/words.txt" --n-embd 4 --n-head 2 --block-size 6 --steps 1000000 --stop $on --json >never
"$GPTOSCOPE" train --data "$data/words.txt" --load stopped --stop $on --json >printed 2>errors
sed 1d printed >>some
same 'going on after Ctrl-C gives what it gives without' some never
interrupt
holds 'without --save Ctrl-C ends with status 130 too' test "$status" -eq 130
if timeout -s INT -k 5 1 sleep 3 2>/dev/null; [ $? -eq 124 ]; then
    timeout -s INT -k 10 1 "$GPTOSCOPE" show overview --steps 100000 --data "$data/words.txt" >printed 2>errors </dev/null
    holds 'Ctrl-C ends show at once' test $? -eq 124
fi

echo "$cases cases"
[ $wrong -eq 0 ]
