#!/bin/sh
# Writes the golden files again: NAME.jsonl for each line of settings.txt, and with `long` also names-1000.txt, the losses
# of 1,000 steps on the project's names (minutes). Needs python3 of 3.9 or newer. The numbers' last bits depend on the C
# library that Python uses, so the files change a little from machine to machine.
set -eu
cd "$(dirname "$0")"

if [ "${1-}" = long ]; then
    python3 -X utf8 ../oracle.py --data ../../data/names.txt --dump loss |
        sed -n 's/.*"loss": "\([^"]*\)".*/\1/p' >names-1000.txt
    exit
fi

sed -e 's/#.*//' -e '/^$/d' settings.txt | while read -r name data options; do
    # shellcheck disable=SC2086
    python3 -X utf8 ../oracle.py --data "../data/$data" $options --run 4 --at 4 --samples 5 \
        --dump loss,hash,params,graph,attention,grads,samples >"$name.jsonl"
done
