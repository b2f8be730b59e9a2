#!/bin/bash
# Loads the images of a precaching folder into this host's container storage, without any network.
#
#   extract-images.sh [--remove] ai|ocp [FOLDER]
#
# FOLDER (/var/mnt) holds the list ai-images.txt or ocp-images.txt, one image's full name a line, and for each image an
# archive of skopeo's dir: layout, NAME.tgz, where NAME is the last part of the image's name with _ for its colon.
# --remove deletes an archive once its image is in the storage. What was unpacked is deleted in any case.
#
# An image that is there already is left alone, one that fails keeps no other from being loaded, and each that failed is
# tried once more. The exit status is 0 only if all images of the list are in the storage.
# JOBS: how many are loaded at once (4 of 5 processors).
set -u -o pipefail

say() { echo "extract-images: $*"; }

# The archive of image $1: as factory-precaching-cli names it, or as its own scripts look for it.
archive_of() {
  local last=${1##*/} name
  for name in "${last/:/_}" "${last//:/_}" "$last"; do
    if [ -f "$folder/$name.tgz" ]; then
      echo "$folder/$name.tgz"
      return
    fi
  done
  return 1
}

# Whether the unpacked image in $1 is what $2 names, as far as the name says.
is_named() {
  case $2 in
    *@sha256:*) [ "$(sha256sum <"$1/manifest.json" | cut -d ' ' -f 1)" = "${2##*@sha256:}" ] ;;
    *) true ;;
  esac
}

# Loads image $1 out of the scratch folder $2.
load() {
  local image=$1 scratch=$2 archive manifest
  archive=$(archive_of "$image") || { say "$image: there is no archive of it in $folder"; return 1; }
  tar --extract --gzip --no-same-owner --file "$archive" --directory "$scratch" ||
    { say "$image: $archive cannot be unpacked; it may be cut short"; return 1; }
  manifest=$(find "$scratch" -mindepth 1 -maxdepth 2 -name manifest.json -print -quit)
  [ -n "$manifest" ] || { say "$image: $archive holds no image in skopeo's dir: layout"; return 1; }
  is_named "${manifest%/*}" "$image" || { say "$image: $archive holds another image"; return 1; }
  skopeo copy --quiet "dir:${manifest%/*}" "containers-storage:$image" ||
    { say "$image: skopeo could not load it"; return 1; }
  say "$image: loaded"
  if [ "$remove" = yes ]; then
    rm -f "$archive"
  fi
}

# One image, for a worker of its own.
one() {
  local image=$1 scratch status=0
  if podman image exists "$image"; then
    say "$image: is there already"
    return
  fi
  scratch=$(mktemp -d "$folder/.unpacking.XXXXXX") || return 1
  load "$image" "$scratch" || status=1
  rm -rf "$scratch"
  return "$status"
}

# Lines without comments and ends of DOS, each once, in their order.
images() { tr -d '\r' <"$list" | awk '/^[^#[:space:]]/ && !seen[$1]++ { print $1 }'; }

# Loads the images on standard input. The status is not 0 where a worker failed, or could not be started.
all() {
  xargs --no-run-if-empty --max-args=1 --max-procs="$jobs" "$BASH" "$self" --one "$remove" "$folder"
}

# Those of the list that the storage does not have, whatever a worker said of them.
lacking() { images | while read -r image; do podman image exists "$image" </dev/null || echo "$image"; done; }

if [ "${1:-}" = --one ]; then
  remove=$2 folder=$3
  one "$4"
  exit
fi

remove=no
if [ "${1:-}" = --remove ]; then
  remove=yes
  shift
fi
stage=${1:-}
folder=${2:-/var/mnt}
case $stage in
  ai | ocp) ;;
  *) say "which images? ai or ocp" >&2; exit 2 ;;
esac
list=$folder/$stage-images.txt
[ -r "$list" ] || { say "there is no list $list" >&2; exit 1; }
processors=$(nproc)
jobs=${JOBS:-$((processors * 4 / 5 > 0 ? processors * 4 / 5 : 1))}
self=$(readlink -f "$0") || exit 1
rm -rf "$folder"/.unpacking.*
total=$(images | wc -l)
if [ "$total" = 0 ]; then
  say "the list $list names no image"
  exit 1
fi

images | all || say "not every image could be loaded"
again=$(lacking)
if [ -n "$again" ]; then
  say "once more: $(echo "$again" | wc -l) images"
  echo "$again" | all || say "not every image could be loaded this time"
fi
lacking=$(lacking)
if [ -n "$lacking" ]; then
  say "$(echo "$lacking" | wc -l) of $total images are not in the storage:"
  echo "$lacking"
  exit 1
fi
say "all $total images are in the storage"
