#!/bin/sh
# gptoscope eval: what it prints, where, and its exit status.
settings='--steps 4 --n-embd 8 --block-size 5'
errors_file=$(mktemp) || exit 1
trap 'rm -f "$errors_file"' EXIT
wrong=0

# expect STATUS OUTPUT ERRORS ARGUMENT...
expect() {
    status=$1 output=$2 errors=$3
    shift 3
    # shellcheck disable=SC2086
    got=$("$GPTOSCOPE" eval --data "$TESTS_DIR/data/words.txt" $settings "$@" 2>"$errors_file")
    code=$?
    if [ "$code" != "$status" ] || [ "$got" != "$output" ] || [ "$(cat "$errors_file")" != "$errors" ]; then
        printf 'eval %s: status %s, printed\n%s\nand said\n%s\n' "$*" "$code" "$got" "$(cat "$errors_file")"
        wrong=1
    fi
}

expect 0 7 '' '1 + 2 * 3'
expect 0 '4
[1, 2]
[1]
[2, 3]
true
update' '' --at 3.update.1 'step + 1' '[1, 2]' '[[1], [2, 3]]' '1 < 2' phase
expect 0 -4 '' -- '-2^2'
expect 0 4 '' step
expect 0 true '' 'all(softmax(logits) == probs) and mean(losses) == loss'
expect 0 '{"expr":"0.1","moment":"2","value":0.10000000000000001}
{"expr":"[[1],[2,3]]","moment":"2","value":[[1],[2,3]]}
{"expr":"phase == \"done\"","moment":"2","value":true}
{"expr":"1/0","moment":"2","value":"inf"}' '' --json --at 2 0.1 '[[1],[2,3]]' 'phase == "done"' 1/0
expect 1 '{"expr":"2 * loss","moment":"2.forward.3","value":null}
{"expr":"step","moment":"2.forward.3","value":2}' '' --json --at 2.forward.3 '2 * loss' step
expect 1 2 '2 * loss
    ^ not computed yet at 2.forward.3' --at 2.forward.3 '2 * loss' step
expect 2 '' 'attn[0][9][0][0]
        ^ head 9: this model has 4 (0 to 3)' 'attn[0][9][0][0]'
expect 2 2 'lost
^ there is no lost: did you mean loss?' --at 2 lost step
expect 2 '' '1 +
   ^ expected a number, a name or (, but here it ends' step '1 +'
expect 2 '' 'gptoscope: 2.sideways.3: expected forward, backward or update at character 3' --at 2.sideways.3 step
expect 2 '' 'gptoscope: step 9: the run has 4 steps' --at 9 step
exit $wrong
