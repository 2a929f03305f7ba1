# t.sh - the harness of the scripts: TAP lines, a folder of the test's own, and "N passed, N failed" at the end.
#
#     . "$(dirname "$0")/../support/t.sh"
#     run list layers            # $code, and what it printed in $work/out and $work/err
#     is "$code" 0 'list layers succeeds'
#     t_done
#
# shellcheck shell=sh
set -u
case $1 in
/*) program=$1 ;;
*) program=$PWD/$1 ;;
esac
tests=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 129' HUP INT TERM
passed=0 failed=0
# What the user has set must not change what a test sees.
unset NO_COLOR XDG_CACHE_HOME COLUMNS
export LC_ALL=C.UTF-8 HOME="$work/home" TERM=dumb
mkdir "$HOME"
cd "$work" || exit 1

result() { # result 0|OTHER NAME
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
        printf 'ok - %s\n' "$2"
    else
        failed=$((failed + 1))
        printf 'not ok - %s\n' "$2"
    fi
}

is() { # is GOT WANT NAME
    if [ "$1" = "$2" ]; then
        result 0 "$3"
    else
        result 1 "$3"
        printf '#   got:  %s\n#   want: %s\n' "$1" "$2" | sed '2,$s/^\([^#]\)/#         \1/'
    fi
}

same() { # same FILE FILE NAME
    if cmp -s "$1" "$2"; then
        result 0 "$3"
    else
        result 1 "$3"
        diff -u "$2" "$1" | head -n 40 | sed 's/^/#   /'
    fi
}

has() { # has FILE TEXT NAME
    if grep -qF -- "$2" "$1"; then
        result 0 "$3"
    else
        result 1 "$3"
        printf '#   no "%s" in:\n' "$2"
        sed 's/^/#   /' "$1" | head -n 20
    fi
}

run() { # the program, with what it prints kept
    code=0
    "$program" "$@" >"$work/out" 2>"$work/err" </dev/null || code=$?
}

# A transcript: say() runs a command and notes what was said; transcript() compares all of it with
# tests/cli/expected/NAME. Standard error is marked by "! ", the exit code, when not 0, stands in brackets.
said=0
say() {
    run "$@"
    {
        printf '$ ermine %s\n' "$*"
        sed "s|$work|/work|g" "$work/out"
        sed "s|$work|/work|g; s/^/! /" "$work/err"
        if [ "$code" -ne 0 ]; then printf '[%d]\n' "$code"; fi
        printf '\n'
    } >>"$work/transcript"
    said=$((said + 1))
}

transcript() { # transcript NAME; ERMINE_EXPECTED=1 writes it anew
    same "$work/transcript" "$tests/cli/expected/$1" "$said commands say what tests/cli/expected/$1 says"
    if [ -n "${ERMINE_EXPECTED-}" ]; then cp "$work/transcript" "$tests/cli/expected/$1"; fi
}

skip() { # skip REASON: the whole script
    printf '1..0 # SKIP %s\n' "$*"
    exit 0
}

t_done() {
    printf '1..%d\n%d passed, %d failed\n' $((passed + failed)) "$passed" "$failed"
    if [ "$failed" -gt 0 ] || [ "$passed" -eq 0 ]; then exit 1; fi
    exit 0
}
