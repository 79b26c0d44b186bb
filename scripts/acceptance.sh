#!/bin/sh
# Builds every package of a list alone and tells what came of it: scripts/acceptance.sh LIST [--json FILE]
# (scripts/long/acceptance/acceptance.ts). Paths are meant from where it is called.
set -eu
INIT_CWD=$PWD
export INIT_CWD
exec sh "$(dirname -- "$0")/node.sh" scripts/long.ts acceptance "$@"
