#!/bin/bash
# Writes an Ignition configuration with files and units of this folder, as a SiteConfig's ignitionConfigOverride wants it.
#
#   make-ignition.sh discovery|node [serve 50-weir.conf]
#
# discovery: for the discovery image; node: for the installed node, where serve has weir serve the partition instead of
# its images being loaded, and 50-weir.conf sends the node to it: weir openshift registries-conf --plain writes that. JSON knows no octal numbers: a file's mode is written in decimal.
set -eu -o pipefail
here=$(cd "$(dirname "$0")" && pwd)

# A file's path, mode and content.
file() {
  printf '{"path":"%s","mode":%d,"overwrite":true,"contents":{"source":"data:text/plain;charset=utf-8;base64,%s"}}' \
    "$1" "$((8#$2))" "$(base64 --wrap=0 <"$3")"
}

# A unit; comments and line ends need no escape but \n and quotes.
unit() {
  local text
  text=$(sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' "$here/$1" | awk '{ printf "%s\\n", $0 }')
  printf '{"name":"%s","enabled":true,"contents":"%s"}' "$1" "$text"
}

files=$(file /usr/local/bin/extract-images.sh 0755 "$here/extract-images.sh")
case "${1:-} ${2:-}" in
  "discovery ") version=3.1.0 units="$(unit var-mnt.mount),$(unit precache-images.service)" ;;
  "node ") version=3.2.0 units="$(unit var-mnt.mount),$(unit precache-ocp-images.service)" ;;
  "node serve")
    [ -r "${3:-}" ] || { echo "make-ignition: node serve wants 50-weir.conf: weir openshift registries-conf --plain" >&2; exit 2; }
    version=3.2.0 units="$(unit var-mnt.mount),$(unit weir.service)"
    files=$(file /etc/containers/registries.conf.d/50-weir.conf 0644 "$3")
    ;;
  *) echo "make-ignition: discovery or node? with node, perhaps serve 50-weir.conf" >&2; exit 2 ;;
esac
printf '{"ignition":{"version":"%s"},"storage":{"files":[%s]},"systemd":{"units":[%s]}}\n' "$version" "$files" "$units"
