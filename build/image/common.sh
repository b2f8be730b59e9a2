# What build/prove-image and build/prove-edge share; read by them, with $name set to their own name.
# shellcheck shell=bash disable=SC2034,SC2154 # names that the one who reads this uses or sets

work=$(mktemp -d)
weir_process=
weir=${WEIR:-bin/weir}

say() { printf '\n== %s\n' "$*"; }

fail() {
  echo "$name: $*" >&2
  exit 1
}

clean_up() {
  if [ -d "$work/storage" ]; then
    podman rm --all --force --time 5 >/dev/null 2>&1 || true
    podman volume prune --force >/dev/null 2>&1 || true
  fi
  if [ -n "$weir_process" ]; then
    kill "$weir_process" 2>/dev/null || true
    wait "$weir_process" 2>/dev/null || true
  fi
  umount "$work"/storage/overlay 2>/dev/null || true
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# Everything that podman and buildah keep lies in $work.
prepare_clients() {
  mkdir -p "$work"/{run,storage,tmp}
  cat >"$work/containers.conf" <<'CONF'
[containers]
default_ulimits = ["nofile=16384:16384", "nproc=20000:20000"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
CONF
  cat >"$work/storage.conf" <<CONF
[storage]
driver = "overlay"
runroot = "$work/run"
graphroot = "$work/storage"
CONF
  echo '{"default": [{"type": "insecureAcceptAnything"}]}' >"$work/policy.json"
  echo '{"auths": {}}' >"$work/auth.json"
  export CONTAINERS_CONF=$work/containers.conf CONTAINERS_STORAGE_CONF=$work/storage.conf
  export CONTAINERS_REGISTRIES_CONF=$work/registries.conf REGISTRY_AUTH_FILE=$work/auth.json
  export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1 TMPDIR=$work/tmp
  unset REGISTRY_CONFIGURATION_PATH
}

podman() { command podman --tmpdir "$work/tmp" --volumepath "$work/volumes" "$@"; }

# A weir that takes pushes and asks nobody; the registry of the bases maps to it.
start_weir() {
  cat >"$work/weir.yml" <<CONF
version: 0.1
http: {addr: "127.0.0.1:0"}
storage: {filesystem: {rootdirectory: $work/registry}}
CONF
  "$weir" --version
  "$weir" serve "$work/weir.yml" >"$work/weir.log" 2>&1 &
  weir_process=$!
  local tries=0
  until port=$(sed -n 's/.*listening on 127.0.0.1:\([0-9]*\).*/\1/p' "$work/weir.log") && [ -n "$port" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 120 ] || { cat "$work/weir.log" >&2; fail "weir does not start"; }
    sleep 0.25
  done
  registry=127.0.0.1:$port
  cat >"$work/registries.conf" <<CONF
unqualified-search-registries = []
[[registry]]
prefix = "registry.access.redhat.com"
location = "$registry/registry.access.redhat.com"
insecure = true
[[registry]]
location = "$registry"
insecure = true
CONF
}
