#!/bin/sh
# OpenBLAS with threads for PyTorch, in build/peers-openblas: the system's PyTorch takes the system's BLAS, whose serial build
# leaves all threads but one idle. Debian's package, unpacked and not installed; nothing happens when it is there.
set -eu
cd "$(dirname "$0")/../.."
folder=build/peers-openblas
ls $folder/lib/libblas.so.3 > /dev/null 2>&1 && exit 0
rm -rf $folder
mkdir -p $folder
cd $folder
apt-get -o APT::Sandbox::User=root download libopenblas0-pthread > /dev/null
dpkg -x libopenblas0-pthread_*.deb unpacked
ln -s "unpacked/$(cd unpacked && ls -d usr/lib/*/openblas-pthread)" lib
