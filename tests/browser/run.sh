#!/bin/sh
# The tests of pages in a browser: run.sh [FILE...], all of them without a word. What is made on the way stays in
# build/browser, results of studies among it; report.tap there ends with the counts.
set -eu
cd "$(dirname "$0")"
sh install.sh
exec node run.mjs "$@"
