#!/bin/sh
# The examples of README.md and of the help run as they stand.
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"

readme=$tests/../README.md
sed -n '/^~~~markdown$/,/^~~~$/p' "$readme" | sed '1d;$d' >spirals.md
run run spirals.md
is "$code" 0 'the note of README.md runs'
has out 'width: 9 runs, 9 computed' 'and trains nine networks'
is "$(tail -n 1 out)" spirals.html 'and writes its page'
test -s .ermine/results.db
result $? 'and keeps its results beside it'

# Each command that README.md shows for that note.
tr '`' '\n' <"$readme" | grep '^ermine [a-z]* spirals.md' | sort -u >commands
is "$(wc -l <commands)" 4 'README.md shows four more commands'
while read -r _ words; do
    # shellcheck disable=SC2086 # words of a command line
    run $words
    is "$code" 0 "ermine $words"
done <commands

# Every command that README.md names is one that the help names.
words=$(tr '`' '\n' <"$readme" | sed -n 's/^ermine \([a-z][a-z]*\).*/\1/p' | sort -u)
for word in $words; do
    run "$word" --help
    is "$code" 0 "README.md: ermine $word"
done

# Every file that the documentation names is there.
cd "$tests/.." || exit 1
find . -path ./build -prune -o -name node_modules -prune -o -type f -print >"$work/files"
for page in README.md docs/*.md */README.md src/*/README.md; do
    tr '`()' '\n' <"$page" | grep -x '[a-zA-Z0-9_./-]*[a-zA-Z0-9_-]\.\(c\|h\|def\|sh\|md\|mjs\)' | sort -u >"$work/named"
    while read -r file; do
        case $file in spirals.md | *NAME.*) continue ;; esac
        grep -q "/${file#../}\$" "$work/files" || result 1 "$page names $file, which is not there"
    done <"$work/named"
    result 0 "$page: $(wc -l <"$work/named") files"
done

# Every program of bench/ is in its table.
for file in bench/*.c bench/*.py bench/*.sh; do
    [ -e "$file" ] || continue
    name=$(basename "$file")
    case $name in *.c) name=bench_${name%.c} ;; esac
    grep -q "^| \`$name\`" bench/README.md
    result $? "bench/README.md lists $name"
done
t_done
