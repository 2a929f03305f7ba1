#!/bin/sh
# Builds the page's script and style: page.sh WEB OUT. The packages of web/package-lock.json are installed once and
# again only when the lock file changes; builds that share a checkout wait for each other.
set -eu
web=$1 out=$2
mkdir -p "$out"
exec 9>"$web/.build-lock"
flock 9
cd "$web"
if ! cmp -s package-lock.json node_modules/.installed-lock 2>/dev/null; then
    npm ci --no-audit --no-fund --loglevel=error
    cp package-lock.json node_modules/.installed-lock
fi
npm run --silent build
cp dist/page.js dist/page.css "$out/"
