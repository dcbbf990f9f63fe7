#!/bin/sh
# What the program was built with against those who find a mistake in it: its place in memory is drawn anew at each start
# (PIE), nothing that is code can be written and the reverse, what the linker has filled in is read-only (RELRO, at once),
# and returns over a damaged stack are noticed. And in every build: it starts no other program.
build=$(dirname "$GPTOSCOPE")
wrong=0
for tool in readelf nm; do
    command -v $tool >/dev/null || { echo "no $tool here: the program was not looked at"; exit 77; }
done
readelf -h "$GPTOSCOPE" >/dev/null 2>&1 || { echo "not an ELF program: it was not looked at"; exit 77; }

# holds SENTENCE COMMAND...
holds() {
    sentence=$1
    shift
    "$@" || { wrong=$((wrong + 1)); echo "DOES NOT HOLD: $sentence"; }
}
calls() {
    nm -D -u "$GPTOSCOPE" | grep -qE "[[:space:]]($1)(@.*)?\$"
}
calls_not() {
    ! calls "$1"
}
headers_say() {
    readelf -W -h -l -d "$GPTOSCOPE" | grep -qE "$1"
}
headers_do_not_say() {
    ! headers_say "$1"
}

calls '[a-z].*' || { echo "nm cannot read the program"; exit 77; }
holds "it starts no other program" calls_not 'system|popen|exec[lv].*|fexecve|posix_spawnp?|v?fork|clone|dlopen'
holds "it looks for libraries where the system has them" headers_do_not_say '\((RPATH|RUNPATH)\)'
holds "nothing in memory is both code and can be written" headers_do_not_say '[[:space:]]RWE[[:space:]]'
holds "the stack is no code" headers_say 'GNU_STACK.* RW '

# These cannot be had together with the sanitizers, and may be switched off.
if "$build/config.status" --config 2>/dev/null | grep -qE -e '--(disable-hardening|enable-(sanitizers|coverage))'; then
    echo "built without hardening: only what holds in every build was looked at"
else
    holds "its place in memory is drawn (PIE)" headers_say 'Type:.*DYN'
    holds "what is linked is read-only (RELRO)" headers_say 'GNU_RELRO'
    holds "and linked at once (NOW)" headers_say '\((FLAGS|FLAGS_1|BIND_NOW)\).*NOW|\(BIND_NOW\)'
    holds "a damaged stack is noticed" calls '__stack_chk_fail'
fi
[ $wrong -eq 0 ]
