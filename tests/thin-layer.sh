#!/bin/sh
# Keeps engine/sys the only layer over memory and files: no other object of the program takes or gives back memory, or
# opens, makes, renames or removes a file. What libraries do inside is theirs; printing to an open stream is free.
# No object starts another program, or calls what threads cannot share.
objects=$(dirname "$GPTOSCOPE")/src
if ! command -v nm >/dev/null; then
    echo "no nm here: what the program calls was not looked at"
    exit 77
fi

memory='[mc]alloc|realloc(array)?|aligned_alloc|(posix_)?memalign|valloc|free|strn?dup|wcsdup|v?asprintf|get(line|delim)|mmap'
streams='[fp]open|fdopen|freopen|tmpfile|fmemopen|open_w?memstream'
files='open(at)?|creat|mk(o?s|d)temps?|f?truncate|rename(at2?)?|unlink(at)?|remove|mk(dir|fifo|nod)(at)?|rmdir|(sym)?link(at)?'
folders='(fd)?opendir|scandir|n?ftw|fts_open|glob'

processes='system|popen|exec[lv]p?e?|execvpe|fexecve|posix_spawnp?|v?fork|dlopen'

# Calls in the objects that find is asked for. Names are as the linker sees them: _open, open64, open@GLIBC, __open_2.
calls() {
    find "$objects" -name '*.o' "$@" -exec nm -A -u {} + |
        grep -E "[[:space:]]_?(__)?($memory|$streams|$files|$folders)(64)?(_2|_chk)?(@.*)?\$"
}

if ! calls -path '*/engine/*sys.o' | grep -q open; then
    echo "nm cannot read the program's objects: what it calls was not looked at"
    exit 77
fi
if calls ! -path '*/engine/*sys.o'; then
    echo "only src/engine/sys.c may call that"
    exit 1
fi
if memory=$processes streams=- files=- folders=- calls; then
    echo "the program starts no other, and loads none"
    exit 1
fi
# Functions that keep what they answer in one place for all threads.
if memory='strtok|localtime|gmtime|ctime|asctime|rand|getpwnam|getpwuid' streams=- files=- folders=- calls; then
    echo "threads would disturb each other in that"
    exit 1
fi
