#!/bin/sh
# What the world limits and what odd files do: full disks, limits on the size of files, folders that may not be written to;
# FIFOs, devices, folders, huge and broken files at every place that reads. Each gets one clear line and an exit status of 1
# or 2, or is read within 256 MB; nothing is lost, nothing is left behind.
LC_ALL=C
export LC_ALL
"$GPTOSCOPE" --version >/dev/null || exit 1
work=$(mktemp -d) || exit 1
mounted=
trap '[ -n "$mounted" ] && umount "$mounted"; chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work" || exit 1
XDG_STATE_HOME=$work/state XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/own
export XDG_STATE_HOME XDG_CONFIG_HOME XDG_DATA_HOME
mkdir -p state/gptoscope config/gptoscope own
small="--n-embd 4 --n-head 2 --block-size 6 --steps 4"
cases=0
wrong=0
greatest=0

holds() {
    sentence=$1
    shift
    cases=$((cases + 1))
    "$@" && return
    wrong=$((wrong + 1))
    echo "DOES NOT HOLD: $sentence (status $status, $peak KB)"
    sed 's/^/    stderr: /' errors | cat -v | cut -c1-200 | head -3
}

# The program, with its status and the most memory it had, in KB (0: this machine does not tell).
seconds=60
if /usr/bin/time -f %M true >/dev/null 2>&1; then
    measured='/usr/bin/time -q -o peak -f %M'
elif command -v python3 >/dev/null; then
    cat >measured.py <<'END'
import resource, subprocess, sys
status = subprocess.call(sys.argv[1:])
open("peak", "w").write("%d\n" % resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status if status >= 0 else 128 - status)
END
    measured='python3 measured.py'
else
    echo "left out: how much memory it takes: there is neither time nor python3"
    measured=
fi
run() {
    echo 0 >peak
    # shellcheck disable=SC2086
    timeout -k 5 $seconds $measured "$GPTOSCOPE" "$@" >printed 2>errors </dev/null
    status=$?
    peak=$(tail -n 1 peak)
    [ "$peak" -gt "$greatest" ] && greatest=$peak
}

is_bounded() {
    [ "$status" -le 2 ] && [ "$peak" -lt 262144 ]
}
is_one_line() {
    [ "$(wc -l <errors)" -eq 1 ] && grep -q '^gptoscope: ' errors && ! tr -d '\n' <errors | grep -q '[[:cntrl:]]'
}
is_refused() {
    is_bounded && { [ "$status" -eq 1 ] || [ "$status" -eq 2 ]; } && is_one_line
}

# ---- odd files at every place that reads ----

printf 'emma\nanna\nbob\n' >good.txt
: >empty
mkfifo fifo
mkdir folder
printf 'emma\0anna\n' >nul
printf 'em\377ma\n' >bytes
printf '\357\273\277emma\r\nanna\r\n' >windows
head -c 104857600 /dev/zero | tr '\0' a >line
printf 'em\033[31mma\302\233\342\200\256\n' >escapes
lines=100000
[ -n "$GPTOSCOPE_FULL" ] && lines=10000000
yes anna | head -n $lines >lines

# reads PLACE ARGUMENT...: an argument FILE stands for each odd file; all but some must be refused.
reads() {
    place=$1
    taken=$2
    shift 2
    for file in empty fifo folder /dev/zero nul bytes windows line escapes lines missing; do
        for word in "$@"; do
            shift
            [ "$word" = FILE ] && word=$file
            set -- "$@" "$word"
        done
        run "$@"
        case " $taken " in
        *" $file "*) holds "$place takes $file within bounds" is_bounded ;;
        *) holds "$place refuses $file" is_refused ;;
        esac
        for word in "$@"; do
            shift
            [ "$word" = "$file" ] && word=FILE
            set -- "$@" "$word"
        done
    done
}
# shellcheck disable=SC2086
reads 'the documents' 'windows escapes lines' train --data FILE $small --samples 0 --quiet
reads 'a saved run' '' sample FILE
reads 'a run to go on from' '' train --load FILE --data good.txt
# shellcheck disable=SC2086
reads 'a script' 'empty' script FILE --data good.txt $small
# shellcheck disable=SC2086
reads 'a command that loads' '' show overview -e 'load FILE' --data good.txt $small
reads 'a lesson' 'empty nul bytes windows line escapes lines fifo folder /dev/zero missing' lint FILE --data good.txt

# Files that the program looks for by itself: it says what is wrong, and goes on.
for own in state/gptoscope/lessons.json config/gptoscope/config; do
    for file in empty fifo folder /dev/zero nul bytes line escapes; do
        rm -rf "$own" "$own".damaged
        ln -s "$work/$file" "$own"
        [ $file = /dev/zero ] && ln -sf /dev/zero "$own"
        run learn --recap
        holds "$own that is $file does not end it" is_bounded
    done
    rm -f "$own"
done
rm -f line lines

# ---- limits and full disks ----

run train --data good.txt $small --samples 0 --quiet --save run
cp run before
rm -f run.keep
unharmed() {
    cmp -s run before && [ -z "$(find . -name '.gptoscope-*')" ]
}
not_saved() {
    is_refused && unharmed && grep -q "$1" errors
}

printf 'save run\n' >save
printf 'goto 2\nexport loss picture.svg\n' >draw
for blocks in 1 4; do
    for command in "train --data good.txt $small --samples 0 --quiet --save run" "script save --data good.txt $small" \
        "script draw --data good.txt $small"; do
        # shellcheck disable=SC2086
        (
            ulimit -f $blocks
            "$GPTOSCOPE" $command 2>&1 >/dev/null </dev/null | cat >&3
            "$GPTOSCOPE" $command >/dev/null 2>&1 </dev/null
            echo $? | cat >&4
        ) 3>errors 4>status
        status=$(cat status)
        peak=0
        [ -s errors ] || [ "$command$blocks" = "script draw --data good.txt ${small}4" ] || echo "no error from $command"
        case $command in
        *draw*) holds "a picture within $blocks blocks is drawn or refused" test "$status" -le 2 ;;
        *) holds "a limit of $blocks blocks keeps the old run ($command)" not_saved 'File too large' ;;
        esac
    done
done

if [ "$(id -u)" -eq 0 ] && mkdir small && mount -t tmpfs -o size=64k tmpfs small 2>/dev/null; then
    mounted=$work/small
    run train --data good.txt $small --samples 0 --quiet --save small/run
    holds 'a small disk has room for a small run' test "$status" -eq 0
    cp small/run kept
    head -c 1000000 /dev/zero >small/rest 2>/dev/null
    run train --data good.txt $small --samples 0 --quiet --save small/run
    holds 'a full disk is told' is_refused
    holds 'by its name' grep -q 'No space left' errors
    holds 'on a full disk the old run stays' cmp -s small/run kept
    holds 'on a full disk nothing else is left' test -z "$(find small -name '.gptoscope-*')"
    umount small && mounted=
else
    echo "left out: a full disk: a small one cannot be mounted here"
fi

ordinary() { "$@"; }
[ "$(id -u)" -eq 0 ] && ordinary() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
if ordinary "$GPTOSCOPE" --version >/dev/null 2>&1; then
    mkdir locked
    cp run locked/run
    chmod 555 locked
    peak=0
    # shellcheck disable=SC2086
    ordinary "$GPTOSCOPE" script save --data good.txt $small >printed 2>errors </dev/null
    status=$?
    chmod 755 .
    holds 'a folder that may not be written to is refused' is_refused
    holds 'what was in it is still there' cmp -s locked/run run
    chmod 000 good.txt
    ordinary "$GPTOSCOPE" script save --data good.txt >printed 2>errors </dev/null
    status=$?
    holds 'a file that may not be read is refused' is_refused
else
    echo "left out: what may not be read or written: there is no ordinary user to run as"
fi

echo "$cases cases, at most $((greatest / 1024)) MB, $wrong wrong"
[ "$wrong" -eq 0 ]
