#!/bin/sh
# Runs a script of this repository: installs what is missing, then uses the host's Node when it is
# 22.18 or later, else the one that the repository pins (npm package "node").
set -eu
root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
. "$root/scripts/bootstrap.sh"
cd "$root"
exec "$node" "$@"
