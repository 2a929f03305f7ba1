#!/bin/sh
# Installs what package-lock.json names, once, and again when it changes. Nothing of it is part of Ermine.
set -eu
cd "$(dirname "$0")"
if ! cmp -s package-lock.json node_modules/.installed-lock 2>/dev/null; then
    npm ci --no-audit --no-fund --loglevel=error
    cp package-lock.json node_modules/.installed-lock
fi
