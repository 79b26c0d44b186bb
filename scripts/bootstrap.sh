# Sourced with $root set: installs the dependencies when they are missing or do not fit the lock file, and sets
# $node to a Node that can run this project (22.18 or later). Prints only to standard error. Several processes may
# do this at once on one clone; one of them installs. Writes nothing when everything is installed.

installed_lock=$root/node_modules/.package-lock.json
installed_copy=$root/node_modules/.temper-installed
install_lock=$root/.temper/install

# npm writes node_modules/.package-lock.json last, so a broken-off installation does not count. When only the
# times differ (a checkout touched the file), the copy made after installing decides.
is_installed() {
  [ -f "$installed_lock" ] || return 1
  [ "$root/package-lock.json" -nt "$installed_lock" ] || return 0
  cmp -s "$root/package-lock.json" "$installed_copy"
}

fail() {
  echo "temper: $1" >&2
  exit 3
}

# The lock is a symbolic link whose text names its owner: made in one step, readable at once.
lock_owner_is_gone() {
  case $1 in
    *"@$(uname -n)") ! kill -0 "${1%%@*}" 2>/dev/null ;;
    # Another machine or container made it: only its age can tell (minutes).
    *) [ -n "$(find "$install_lock" -maxdepth 0 -mmin +15 2>/dev/null)" ] ;;
  esac
}

# Only one process at a time may break a lock, and only the one that it looked at.
break_lock() {
  if mkdir "$install_lock.break" 2>/dev/null; then
    [ "$(readlink "$install_lock" 2>/dev/null)" != "$1" ] || rm -f "$install_lock"
    rmdir "$install_lock.break"
  else
    find "$install_lock.break" -maxdepth 0 -mmin +1 -exec rmdir {} \; 2>/dev/null || true
  fi
}

take_lock() {
  mkdir -p "$root/.temper" 2>/dev/null && [ -w "$root/.temper" ] ||
    fail "the dependencies are missing and $root is not writable. Run ./temper once as its owner."
  waiting=
  until ln -s "$$@$(uname -n)" "$install_lock" 2>/dev/null; do
    owner=$(readlink "$install_lock" 2>/dev/null || true)
    if [ -n "$owner" ] && lock_owner_is_gone "$owner"; then
      break_lock "$owner"
      continue
    fi
    [ -n "$waiting" ] || echo "temper: another process is installing the dependencies; waiting for it…" >&2
    waiting=yes
    sleep 1
  done
  trap 'rm -f "$install_lock"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

release_lock() {
  rm -f "$install_lock"
  trap - EXIT INT TERM HUP
}

install_dependencies() {
  command -v npm >/dev/null 2>&1 ||
    fail "npm is not installed. Install Node with npm (on Debian: apt-get install npm) and try again."
  echo "temper: installing dependencies into $root/node_modules (once, about a minute)…" >&2
  started=$(date +%s)
  (cd "$root" && npm ci --no-audit --no-fund --progress --loglevel=error >&2) ||
    fail "npm ci failed. Check the network and npm's registry setting (npm config get registry), then try again."
  cp "$root/package-lock.json" "$installed_copy"
  touch "$installed_lock"
  echo "temper: dependencies installed in $(($(date +%s) - started)) s" >&2
}

if ! is_installed; then
  take_lock
  is_installed || install_dependencies
  release_lock
fi

node=$root/node_modules/node/bin/node
if host_node=$(command -v node 2>/dev/null); then
  case $("$host_node" --version 2>/dev/null) in
    v22.1[89].* | v22.[2-9][0-9].* | v2[4-9].* | v[3-9][0-9].* | v[1-9][0-9][0-9].*) node=$host_node ;;
  esac
fi
[ -x "$node" ] ||
  fail "no Node 22.18 or later found, and the pinned one is missing. Run: npm ci --ignore-scripts=false"
