#!/bin/sh
# An installed tree is complete: install.sh TREE. A program of ten lines finds it by pkg-config, links, and runs; so
# does the installed program, with its manual page and its completions beside it.
set -eu
tree=$1
pc=$(find "$tree" -name ermine.pc)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/ten.c" <<'C'
#include <ermine/ermine.h>
#include <stdio.h>

int main(void)
{
    char hex[ER_SHA256_HEX];
    er_sha256("abc", 3, hex);
    printf("%s %.8s\n", er_version(), hex);
    struct er_error err; /* no product: refused, but LAPACK is linked */
    return er_lanczos(&(struct er_operator){.n = 1}, &(struct er_lanczos_options){0}, NULL, NULL, NULL, NULL, &err) == ER_OK;
}
C
PKG_CONFIG_PATH=${pc%/*}
export PKG_CONFIG_PATH
eval "set -- $(pkg-config --cflags --libs ermine)"
"${CC:-cc}" -std=c17 -Wall -Wextra -Werror -o "$work/ten" "$work/ten.c" "$@"
version=$(pkg-config --modversion ermine)
"$work/ten" | grep -qx "$version ba7816bf"
printf 'a program of ten lines runs against the installed library\n'

bin=$(find "$tree" -path '*/bin/ermine')
"$bin" version | grep -q "^ermine $version"
for file in man/man1/ermine.1 bash-completion/completions/ermine fish/vendor_completions.d/ermine.fish \
    zsh/site-functions/_ermine; do
    test -s "$(find "$tree" -path "*/share/$file")"
done
printf 'the installed program runs, its manual page and completions are there\n'
