#!/bin/sh
# Every check of Ermine, in the order of their cost; stops at the first that fails. Run by `./bootstrap check`, which
# sees to it that all tools are here; arguments choose steps. The last line counts the tests that CTest ran.
# shellcheck disable=SC2317 # steps are called by name
set -u
cd "$(dirname "$0")/.." || exit 1

steps='format shell web tests browser asan tsan portable tidy fuzz install'
cores=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
passed=0 failed=0 skipped=0

c_files() {
    find src include cli tests fuzz bench -name '*.[ch]' "$@"
}

step_format() { # every C file as clang-format 14 writes it
    c_files -print0 | xargs -0 clang-format-14 --dry-run -Werror
}

step_shell() { # every script as shellcheck wants it
    find tests cmake bench -name node_modules -prune -o -name '*.sh' -print0 | xargs -0 shellcheck -x bootstrap .ci/run
}

step_web() { # the page's script: types, lint, its tests; lint of the tests in a browser
    sh cmake/page.sh "$PWD/web" "$PWD/build/web" && (cd web && npm run --silent check) &&
        (cd tests/browser && npm run --silent lint)
}

build() { # PRESET [--target T...]: warnings are errors
    preset=$1
    shift
    log=build/configure-$preset.log
    mkdir -p build
    cmake --preset "$preset" >"$log" 2>&1 || { cat "$log"; return 1; }
    cmake --build --preset "$preset" "$@" -- --quiet
}

# One test more than there are cores: some wait most of their time, for files, servers and signals.
ctest_counted() { # PRESET [ARGUMENT...]: runs CTest and adds to the sums
    preset=$1
    shift
    report=$PWD/build/ctest-$preset.xml
    rm -f "$report"
    ctest --preset "$preset" -j $((cores + 1)) --output-on-failure --no-tests=error --output-junit "$report" "$@"
    result=$?
    # shellcheck disable=SC2046 # three numbers
    set -- $(sed -n 's/^.*tests="\([0-9]*\)".*$/\1/p; s/^.*failures="\([0-9]*\)".*$/\1/p; s/^.*skipped="\([0-9]*\)".*$/\1/p' \
        "$report" | head -n 3) 0 0 0
    passed=$((passed + $1 - $2 - $3)) failed=$((failed + $2)) skipped=$((skipped + $3))
    return "$result"
}

step_tests() { # the whole suite on the program as it is used
    build release && ctest_counted release
}

step_browser() { # pages of notes in Chromium: what they show, whom they ask, what they never run
    build release --target ermine_program || return 1
    report=$PWD/build/browser/report.tap
    rm -f "$report"
    sh tests/browser/run.sh
    result=$?
    # shellcheck disable=SC2046 # three numbers
    set -- $(sed -n 's/^# \(pass\|fail\|skipped\) \([0-9]*\)$/\2/p' "$report" | tail -n 3) 0 0 0
    passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3))
    return "$result"
}

step_asan() { # the whole suite under the address, leak and undefined-behaviour sanitizers
    build asan && ctest_counted asan
}

step_tsan() { # what uses threads, under the thread sanitizer
    build tsan --target threaded_tests && ctest_counted tsan -L threads
}

step_portable() { # what stands on matrix products, where libxsmm is missing: with AVX2, and in plain C with nothing for AVX2
    for kernels in avx2 portable; do # whole nets only
        build "$kernels" --target product_tests && ctest_counted "$kernels" -L products -E net/readings || return 1
    done
}

step_tidy() { # clang-tidy over the library and the program
    # shellcheck disable=SC2016 # expanded by the inner shell
    find src cli -name '*.c' -print0 | xargs -0 -n 1 -P "$cores" sh -c '
        clang-tidy-14 --quiet -p build "$1" 2>build/tidy.$$ || { grep -v "warnings generated" build/tidy.$$; exit 1; }
        rm -f build/tidy.$$' tidy
}

step_fuzz() { # every reader of outside bytes: its corpus, then three seconds of new inputs
    build fuzz || return 1
    # shellcheck disable=SC2016 # expanded by the inner shell
    find build/fuzz/fuzz -name 'fuzz_*' -type f -print0 | xargs -0 -n 1 -P "$cores" sh -c '
        name=${1##*/fuzz_} found=build/fuzz/found/${1##*/fuzz_}
        mkdir -p "$found" "$found.bad"
        set -- "$1" "$found"
        [ ! -d "fuzz/corpus/$name" ] || set -- "$@" "fuzz/corpus/$name"
        if "$@" -max_total_time=3 -timeout=20 -rss_limit_mb=3000 -print_final_stats=1 \
            -artifact_prefix="$found.bad/" >"$found.log" 2>&1; then
            printf "%s: %s inputs\n" "$name" "$(sed -n "s/^stat::number_of_executed_units: *//p" "$found.log")"
        else
            tail -n 40 "$found.log"
            exit 1
        fi' fuzz
}

step_install() { # installed, found by pkg-config, linked by a program of ten lines
    rm -rf build/installed
    DESTDIR=$PWD/build/installed cmake --install build >build/install.log || { cat build/install.log; return 1; }
    sh tests/install.sh "$PWD/build/installed"
}

finish() {
    printf '\n'
    [ "$skipped" -eq 0 ] || printf '# %d skipped\n' "$skipped"
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" -eq 0 ] || exit 1
    exit 0
}

for step in "$@"; do
    case " $steps " in
    *" $step "*) ;;
    *)
        printf 'check: no such step: %s (there are: %s)\n' "$step" "$steps" >&2
        exit 2
        ;;
    esac
done
[ $# -gt 0 ] || eval "set -- $steps"
for step in "$@"; do
    printf '\n== %s: %s\n' "$step" "$(sed -n "s/^step_$step() { # //p" tests/check.sh)"
    began=$(date +%s)
    before=$failed
    if "step_$step"; then
        printf '== %s: passed, %d s\n' "$step" $(($(date +%s) - began))
    else
        printf '== %s: FAILED, %d s\n' "$step" $(($(date +%s) - began))
        [ "$failed" -gt "$before" ] || failed=$((failed + 1))
        finish
    fi
done
finish
