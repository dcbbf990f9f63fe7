#!/bin/sh
# Every claim of the guide is held against the engine in the lesson that tests/lessons/claims.txt names, and every claim that a lesson
# holds is in that list. Whether the claims hold is lint's to say.
cd "$TESTS_DIR/.." || exit 1
list=tests/lessons/claims.txt
wrong=0
rows=0
tab=$(printf '\t')

while IFS=$tab read -r claim lesson words; do
    case $claim in '#'* | '') continue ;; esac
    rows=$((rows + 1))
    if [ -z "$words" ]; then
        echo "$list: $claim: a row is: section, tab, lesson, tab, words"
        wrong=1
    elif ! tr '\n' ' ' <"lessons/$lesson.md" | grep -qF -e "$words"; then
        echo "lessons/$lesson.md lacks: $words ($claim)"
        wrong=1
    fi
done <$list
[ $rows -gt 50 ] || wrong=1

# The claims in the lessons, without what they are held against.
claims=$(sed -n 's/^ *\(guide ".*" \(is\|wrong\)\) .*/\1/p' lessons/[0-9]*.md | sed 's/ is$//')
while read -r claim; do
    grep -qF -e "$claim" $list && continue
    echo "$list lacks: $claim"
    wrong=1
done <<END
$claims
END
exit $wrong
