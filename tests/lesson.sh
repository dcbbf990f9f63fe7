#!/bin/sh
# Lessons from outside: exit statuses, what is kept, and that nothing but a lesson can be opened.
unset LC_ALL LC_CTYPE XDG_CONFIG_HOME XDG_STATE_HOME XDG_DATA_HOME
LANG=C
export LANG
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
HOME=$work
export HOME
sound=$TESTS_DIR/lessons/sound.md
wrong=0

# holds SENTENCE COMMAND...
holds() {
    sentence=$1
    shift
    "$@" && return
    wrong=$((wrong + 1))
    echo "DOES NOT HOLD: $sentence"
    cat printed errors 2>/dev/null
}

# learn INPUT ARGUMENT...: what the program says of these lines.
learn() {
    input=$1
    shift
    printf "$input" | "$GPTOSCOPE" learn "$@" >printed 2>errors
    status=$?
}

"$GPTOSCOPE" lint "$sound" >printed 2>errors
holds 'a sound lesson passes' test $? -eq 0 -a ! -s printed
"$GPTOSCOPE" lint "$TESTS_DIR/lessons/assert.md" >printed 2>errors
holds 'a broken one has status 1' test $? -eq 1
holds 'and is named with its line' grep -q 'assert.md:6: assert: 1 > 2 does not hold' printed
"$GPTOSCOPE" lint nothing.md >printed 2>errors
holds 'a file that is not there is named' grep -q 'nothing.md: ' printed

learn '' "$sound" --plain
holds 'input that ends where nothing is asked is no failure' test $status -eq 0
learn '\n' "$sound" --plain
holds 'input that ends in a question has status 1' test $status -eq 1
learn '\n12\n' "$sound"
holds 'without a terminal a lesson goes line by line' grep -q 'Not so' printed
learn '\n14\nquit\n' "$sound" --plain
holds 'an answer is graded' grep -q 'Right: 14' printed
holds 'where the reader is and what was answered is kept' test -s "$HOME/.local/state/gptoscope/lessons.json"
learn 'quit\n' "$sound" --plain
holds 'the lesson goes on where it was' grep -q 'step 2 of 5' printed
"$GPTOSCOPE" learn --recap >printed 2>errors
holds 'a recap has the answer' grep -q 'Your answer: 14' printed
"$GPTOSCOPE" learn t --reset >printed 2>errors
holds 'a lesson can be forgotten' test $? -eq 0
"$GPTOSCOPE" learn --recap >printed 2>errors
holds 'and is then gone from the recap' sh -c '! grep -q "Your answer" printed'

printf '{"version": 1, "les' >"$HOME/.local/state/gptoscope/lessons.json"
learn 'quit\n' "$sound" --plain
holds 'a damaged file is set aside' test -s "$HOME/.local/state/gptoscope/lessons.json.damaged"
holds 'with a message' grep -q 'lessons.json.damaged' errors

learn '' no-such-lesson --plain
holds 'a lesson that is not there has status 2' test $status -eq 2
holds 'and says where to look' grep -q 'gptoscope list lessons' errors
"$GPTOSCOPE" list lessons >printed 2>errors
holds 'the lessons of the program are listed' grep -q '^2a	The chain rule' printed
mkdir -p "$HOME/.local/share/gptoscope/lessons"
cp "$sound" "$HOME/.local/share/gptoscope/lessons/t-mine.md"
"$GPTOSCOPE" list lessons >printed 2>errors
holds 'and those of the reader' grep -q '^t	A sound lesson' printed
learn 'quit\n' sound --plain
holds 'which are opened by a word' grep -q 't A sound lesson' printed

[ $wrong -eq 0 ]
