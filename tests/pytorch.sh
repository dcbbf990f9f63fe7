#!/bin/sh
# A saved run means the same to PyTorch: the same logits, the same losses when it goes on, and what it saves opens again.
# Skipped where there is no PyTorch.
set -u
here=${srcdir:-.}
gptoscope=${GPTOSCOPE:-./gptoscope}
for python in python3 /usr/bin/python3; do
    "$python" -c 'import torch' 2>/dev/null && break
    python=
done
[ -n "$python" ] || exit 77

scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
PYTHONDONTWRITEBYTECODE=1
export PYTHONDONTWRITEBYTECODE
failures=0

fail() {
    echo "FAIL: $*"
    failures=$((failures + 1))
}

# near TOLERANCE A B: two files of numbers, line by line and number by number.
near() {
    "$python" - "$@" <<'END'
import sys
limit = float(sys.argv[1])
a, b = ([float(x) for x in open(path).read().replace("[", " ").replace("]", " ").replace(",", " ").split()] for path in sys.argv[2:])
worst = max((abs(x - y) for x, y in zip(a, b)), default=9)
print(f"{len(a)} numbers, largest difference {worst:.1e}")
sys.exit(len(a) != len(b) or not worst <= limit)
END
}

# holds NAME TRAIN-OPTION...: logits at 1e-12, losses of the last steps at 1e-9.
holds() {
    name=$1
    shift
    "$gptoscope" train --data "$here/data/names.txt" --steps 60 --stop 40 --samples 0 --quiet "$@" --save "$scratch/run" >/dev/null ||
        { fail "$name: not saved"; return; }
    document=$("$gptoscope" eval --data "$here/data/names.txt" --load "$scratch/run" --at 40.backward.0 doc | tr -d '"')
    "$python" "$here/contrib/pytorch/logits.py" "$scratch/run" "$document" >"$scratch/theirs" || fail "$name: logits.py"
    last=$(($(wc -l <"$scratch/theirs") - 1))
    # shellcheck disable=SC2046
    "$gptoscope" eval --data "$here/data/names.txt" --load "$scratch/run" --at 40.backward.0 $(seq -f 'logits[%g]' 0 "$last") >"$scratch/ours"
    near 1e-12 "$scratch/ours" "$scratch/theirs" || fail "$name: logits differ"
    "$python" "$here/contrib/pytorch/train.py" "$scratch/run" --data "$here/data/names.txt" --save "$scratch/more" >"$scratch/log" ||
        fail "$name: train.py"
    sed 's/.*loss //' "$scratch/log" >"$scratch/theirs"
    "$gptoscope" train --data "$here/data/names.txt" --load "$scratch/run" --samples 0 --json |
        sed -n 's/.*"loss":\([^,]*\),.*/\1/p' >"$scratch/ours"
    near 1e-9 "$scratch/ours" "$scratch/theirs" || fail "$name: losses differ"
    "$gptoscope" sample "$scratch/more" --samples 1 >/dev/null || fail "$name: what PyTorch saved does not open"
}

holds "defaults"
holds "three layers" --n-layer 3 --n-embd 12 --n-head 2
holds "options" --residual off --norm off --activation gelu --silence 0.1 --schedule cosine --optimizer momentum --lr 0.001
holds "uniform attention, plain descent" --attention uniform --attn-scale off --position off --optimizer sgd --schedule warmup
holds "attention off" --attention off --k-gradient off --activation none

printf x | dd of="$scratch/run" bs=1 seek=5000 conv=notrunc 2>/dev/null
"$python" "$here/contrib/pytorch/logits.py" "$scratch/run" emma 2>&1 | grep -q damaged || fail "a damaged run is read"
[ $failures -eq 0 ]
