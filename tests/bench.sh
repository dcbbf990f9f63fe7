#!/bin/sh
# Measures the program, and beside it, in the same run, the reference in Python where there is one: ratios hold on any machine.
# usage: bench.sh PROGRAM SOURCES
program=$1
sources=$2

"$program" bench
command -v python3 >/dev/null 2>&1 || { echo "no python3: not compared with the reference"; exit 0; }
steps=10
one=$(python3 -c '
import resource, subprocess, sys
def run(steps):
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    subprocess.run([sys.executable, sys.argv[1], "--data", sys.argv[2], "--run", str(steps), "--dump", "loss"],
                   check=True, stdout=subprocess.DEVNULL)
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
steps = int(sys.argv[3])
print("%.0f" % ((run(steps) - run(0)) / steps * 1e6))' "$sources/tests/oracle.py" "$sources/data/names.txt" $steps)
tape=$("$program" bench train --json | sed 's/.*"mean":\([0-9]*\).*/\1/')
echo "reference in Python: $one us a step (mean of $steps)"
echo "ratio: the tape takes 1/$((one / tape)) of the reference's time"
