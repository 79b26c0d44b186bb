# Sourced with $root set: installs the dependencies when they are missing or older than the lock file,
# and sets $node to a Node that can run this project (22.18 or later). Prints only to standard error.

if [ ! -f "$root/node_modules/.package-lock.json" ] || [ "$root/package-lock.json" -nt "$root/node_modules/.package-lock.json" ]; then
  command -v npm >/dev/null 2>&1 || {
    echo "temper: npm is not installed. Install Node with npm (on Debian: apt-get install npm) and try again." >&2
    exit 3
  }
  echo "temper: installing dependencies (once)…" >&2
  (cd "$root" && npm ci --no-audit --no-fund --loglevel=error >&2) || {
    echo "temper: npm ci failed. Check the network and npm's registry setting (npm config get registry), then try again." >&2
    exit 3
  }
  touch "$root/node_modules/.package-lock.json"
fi

node=$root/node_modules/node/bin/node
host_node=$(command -v node 2>/dev/null || true)
if [ -n "$host_node" ]; then
  case $("$host_node" --version 2>/dev/null) in
    v22.1[89].* | v22.[2-9][0-9].* | v2[4-9].* | v[3-9][0-9].*) node=$host_node ;;
  esac
fi
[ -x "$node" ] || {
  echo "temper: no Node 22.18 or later found, and the pinned one is missing. Run: npm ci" >&2
  exit 3
}
