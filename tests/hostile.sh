#!/bin/sh
# Whatever stands in documents, lessons, saved runs, file names, options and the environment: it is shown, never sent. Every
# mode is run on files full of escape sequences, C1 controls, and characters that turn or hide text; no byte that acts on a
# terminal may come out, but for the colours of show --format ansi.
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
HOME=$work XDG_CONFIG_HOME=$work/config XDG_STATE_HOME=$work/state XDG_DATA_HOME=$work/share
export HOME XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME
unset LANGUAGE NO_COLOR
small="--n-embd 2 --n-head 1 --block-size 6 --steps 2 --samples 3"
runs=0 wrong=0

# ---- what may not come out ----

# Controls but tab and newline; DEL; C1; soft hyphen; Arabic letter mark; zero width, direction marks, separators,
# embeddings; joiners and isolates; byte order mark; a tag character.
printf '[\001-\010\013-\037\177]\n\302[\200-\237]\n\302\255\n\330\234\n\342\200[\213-\217\250-\256]\n\342\201[\240-\257]\n\357\273\277\n\363\240' >acting
printf 'a\033b\n' >one
LC_ALL=C grep -q -f acting one || { echo 'this grep does not find bytes'; exit 77; }
is_clean() {
    ! LC_ALL=C grep -q -f acting "$1" && [ "$(LC_ALL=C tr -d -c '\000' <"$1" | wc -c)" -eq 0 ] &&
        iconv -f UTF-8 -t UTF-8 "$1" >/dev/null 2>&1
}

complain() {
    wrong=$((wrong + 1))
    echo "DOES NOT HOLD: $1"
    LC_ALL=C grep -n -a -f acting out errors | head -3 | cat -v | cut -c1-300
}

# clean ARGUMENTS...: runs the program, input from the file `typed`, and looks at both of its outputs.
: >typed
clean() {
    runs=$((runs + 1))
    timeout 30 "$GPTOSCOPE" "$@" <typed >out 2>errors
    status=$?
    [ $status -lt 124 ] || complain "$1 ends by itself (status $status)"
    { is_clean out && is_clean errors; } || complain "$(echo "$*" | cat -v) prints nothing that acts"
}

# ---- the bad words ----

esc=$(printf '\033[31m\033]0;title\007\033[2J')
c1=$(printf '\302\2332J\302\205')
bidi=$(printf '\342\200\256abc\342\201\246\342\200\213')
bad="x$esc$c1$bidi$(printf '\010\177\357\273\277\330\234')y"
broken=$(printf 'a\233b\377')
{ printf 'ab%s\n' "$bad"; printf 'ba\tb\n%s\n' "$esc" "$c1" "$bidi" "a$(printf '\015')b"; } >"d$bad.txt"
data=d$bad.txt

for LC_ALL in C.UTF-8 ${GPTOSCOPE_FULL:+C}; do
    export LC_ALL

    # ---- documents, and what was saved of them ----
    # shellcheck disable=SC2086 # options are several words
    {
        clean train --data "$data" $small --save "r$bad.run"
        clean train --data "$data" $small --json
        clean sample --data "$data" $small
        clean sample --data "$data" $small --json
        clean sample --data "$data" "r$bad.run"
        clean eval --data "$data" $small doc tokens "tokens[0]" "\"$bad\"" "probs[0]"
        clean eval --data "$data" $small --json doc "\"$bad\""
        clean eval --data "$data" $small "$bad"
        clean eval --data "$data" $small "wte[$broken]"
    }
    for view in $("$GPTOSCOPE" list views | cut -f1); do
        for format in text svg json describe; do
            # shellcheck disable=SC2086
            clean show "$view" --data "$data" $small --at 1.forward.9 --format $format --size 120x40
        done
    done
    # shellcheck disable=SC2086
    timeout 30 "$GPTOSCOPE" show data --data "$data" $small --format ansi 2>errors | sed 's/'"$(printf '\033')"'\[[0-9;]*m//g' >out
    is_clean out || complain 'show --format ansi sends nothing but colours'

    # ---- commands ----
    cat >"s$bad" <<END
echo $bad
print "$bad"
tok $bad
where
goto 1.forward.9
why
watch doc
list keys
list commands
help step
look
since
gen a
expr a=2; b=a^2
print b
bind F5 echo $bad
bind F5
save t$bad.run
load t$bad.run
END
    # shellcheck disable=SC2086
    {
        clean script --data "$data" $small "s$bad"
        [ "$status" -eq 0 ] || { complain 'the script runs to its end'; cat -v errors; }
        clean script --data "$data" $small --json "s$bad"
        for line in "$bad" "goto $bad" "set $bad = 1" "set wte[0][0] = $bad" "option $bad = 1" "option lr = $bad" "until $bad" \
            "expr $bad" "expr $bad=2" "why $bad" "gradcheck $bad" "watch $bad" "unwatch $bad" "view $bad" "focus $bad" "look $bad" \
            "find $bad" "mark $bad" "gen $bad" "fork $bad" "switch $bad" "drop $bad" "diff $bad $bad" "load $bad" "save /none/$bad" \
            "export $bad x.svg" "export loss $bad" "bind $bad" "bind F5 $bad" "theme $bad" "mouse $bad" "help $bad" "list $bad" \
            "lesson $bad" "since $bad" "unit $bad" "step $bad" "cursor $bad" "position $bad" "bench $bad" "echo $broken"; do
            printf '%s\n' "$line" >line
            clean script --data "$data" $small line
        done
    }

    # ---- words of the command line ----
    clean "$bad"
    clean "--$bad"
    clean "-$bad"
    clean "--step$esc=1"
    clean train --steps "$bad"
    clean train "$bad"
    clean train --residual "$bad"
    clean --color "$bad"
    clean show "$bad"
    clean show loss --format "$bad"
    clean show loss --size "$bad"
    clean show loss --at "$bad"
    clean show loss -e "$bad"
    clean show loss --theme "$bad"
    clean list "$bad"
    clean bench "$bad"
    clean train --data "no$bad"
    clean train --load "no$bad"
    clean sample "$broken"
    clean script "no$bad"
    clean lint "no$bad"
    clean learn "no$bad"
    TERM=$bad clean explore

    # ---- saved runs that are none: names in their headers ----
    header() { # of fewer than 256 bytes
        # shellcheck disable=SC2059
        { printf "\\$(printf %o ${#1})"; printf '\0\0\0\0\0\0\0'; printf '%s' "$1"; } >bad.run
        clean sample --data "$data" bad.run
        clean train --data "$data" --load bad.run
    }
    header '{"__metadata__":{"\u001b[2J\u202e":5}}'
    header '{"__metadata__":{},"\u009b31m\u200b":5}'
    header '{"__metadata__":{},"\u001b":{"dtype":"\u001b]0;x\u0007","shape":[],"data_offsets":[0,8]}}'
    header '{"__metadata__":{},"\u202e":{"dtype":"F64","shape":["\u001b"],"data_offsets":[0,8]}}'
    header "{\"__metadata__\":{\"$bad"

    # ---- lessons ----
    mkdir -p "$XDG_DATA_HOME/gptoscope/lessons" "$XDG_STATE_HOME/gptoscope" "$XDG_CONFIG_HOME/gptoscope"
    cat >"l$bad.md" <<END
# 9z Title $bad

About $bad.

## One $bad {#one}

Text $bad \`code $bad\` **strong $bad** [link $bad]($bad) {{doc}} {{"$bad"}} {{nothing$bad}}

- item $bad

| a$bad | b |
|---|---|
| $bad | c |

\`\`\`c $bad
code $bad
\`\`\`

\`\`\`lesson
ask num "what $bad?"
hint "hint $bad"
answer 2
trap 3 "trap $bad"
why "why $bad"
end
ask choice "which $bad?"
option "one $bad"
option "two $bad" if 1 == 1
why "why $bad"
end
do step > 0 "do $bad"
by step 1 step
watch doc
assert "$bad" == 2
guide "$bad" is 2
\`\`\`
END
    cp "l$bad.md" "$XDG_DATA_HOME/gptoscope/lessons/9z-$bad.md"
    printf '%s\n' "$bad" 3 hint 2 "$bad" show ":echo $bad" ":$bad" ":goto $bad" view next show next next >typed
    # shellcheck disable=SC2086
    {
        clean learn --plain --data "$data" $small "l$bad.md"
        grep -q 'Why: why' out || complain "the lesson is played"
        clean learn --plain --data "$data" $small 9z
        clean lint --data "$data" $small "l$bad.md"
    }
    : >typed
    clean list lessons
    clean learn --recap
    for text in "scene at $bad" "minutes $bad" "data $bad" "setting $bad" "ask $bad" "scene $bad" "$bad" "let $bad = 1" "by $bad"; do
        printf '# 9y T\n\n## A {#a}\n\n```lesson\n%s\n```\n' "$text" >wrong.md
        clean lint --data "$data" wrong.md
        clean learn --plain --data "$data" wrong.md
    done

    # ---- what the program remembers and is told ----
    escaped='\u001b[2J\u202e\u0007'
    printf '{"version":1,"last":"%s","lessons":{"%s":{"at":"%s","title":"%s","steps":{"%s":{"outcome":"right","due":2,"question":"%s","answer":"%s","why":"%s"}}}}}' \
        "$escaped" "$escaped" "$escaped" "$escaped" "$escaped" "$escaped" "$escaped" "$escaped" >"$XDG_STATE_HOME/gptoscope/lessons.json"
    clean learn --recap
    clean learn --review --plain
    clean learn --plain
    clean list lessons
    clean learn --reset "$bad"
    printf '%s' "$bad" >"$XDG_STATE_HOME/gptoscope/lessons.json"
    clean learn --recap
    clean list lessons
    XDG_STATE_HOME=$work/state$bad
    mkdir -p "$XDG_STATE_HOME/gptoscope"
    for mode in 'learn --recap' 'list lessons' 'learn --plain'; do
        printf '%s' "$bad" >"$XDG_STATE_HOME/gptoscope/lessons.json"
        # shellcheck disable=SC2086
        clean $mode
    done
    rm -rf "$XDG_STATE_HOME" "$XDG_DATA_HOME"
    XDG_STATE_HOME=$work/state
done

echo "$runs runs on hostile files and words, $wrong of them wrong"
[ "$wrong" -eq 0 ]
