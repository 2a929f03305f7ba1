#!/bin/sh
# What the program says when it is asked for help and when it is used wrongly.
# shellcheck source=tests/support/t.sh
. "$(dirname "$0")/../support/t.sh"

say
say --help
say versoin
say --frobnicate
say help runn
say help frobnicate
say help help
say list
say list layer
say list presets
say list layers losses
say list --hepl
say list -x
say list --help=yes
say completion
say completion tcsh
say version --json=1
say version extra
transcript usage.txt

"$program" version >/dev/full 2>"$work/err"
is $? 1 'a full standard output is a failure'
has "$work/err" 'No space left' 'and is said'

"$program" --version >"$work/out"
has "$work/out" "ermine 0." 'the version in one line'
is "$(wc -l <"$work/out")" 1 'one line'
run version --json
has "$work/out" '"format": "ermine-version"' 'the build as JSON'

if command -v bash >/dev/null; then
    run completion bash
    is "$(bash -n "$work/out" 2>&1)" '' 'the bash completion parses'
    cat >>"$work/out" <<'BASH'
try() { COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) && _ermine && echo "${COMPREPLY[*]}"; }
try ermine versi
try ermine list la
try ermine version --j
BASH
    is "$(bash "$work/out" | tr '\n' ' ')" 'version layers --json ' 'and completes commands, words, options'
fi
for shell in zsh fish; do
    run completion $shell
    if command -v $shell >/dev/null; then
        is "$($shell -n "$work/out" 2>&1)" '' "the $shell completion parses"
    else
        printf '# no %s here to parse its completion\n' $shell
    fi
done

# Every option of every command is in the manual page, and every command has a help.
"$program" man >"$work/man"
for command in $("$program" --help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p'); do
    run "$command" --help
    is "$code" 0 "$command --help"
    has "$work/man" "ermine $command" "$command is in the manual page"
    options=$(sed -n 's/^ .*\(--[a-z][a-z-]*\).*/\1/p' "$work/out")
    for option in $options; do
        has "$work/man" "$(printf '%s' "$option" | sed 's/-/\\-/g')" "$command $option is in the manual page"
    done
done
t_done
