#!/usr/bin/env bash
# A real S3 server for tests: one node of Ceph with its gateway, on the loopback address, its data in memory. Needs no root.
#   radosgw.sh start DIRECTORY PORT   ready when it returns; takes PORT, PORT+1 and PORT+2 and what Ceph finds from 6800 on
#   radosgw.sh stop DIRECTORY         ends its processes, and deletes the directory
# Two users: owner/owner-secret makes buckets and says who may do what in them, weir/weir-secret may do nothing by itself.
# Debian's packages radosgw, ceph-mon, ceph-osd and ceph-common.
set -euo pipefail
action=${1:?start or stop}
home=${2:?a directory}
export CEPH_CONF=$home/ceph.conf

end() {
  local pid
  pid=$(cat "$home/$1.pid" 2>/dev/null) || return 0
  kill "$pid" 2>/dev/null || return 0
  for _ in $(seq 50); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -9 "$pid" 2>/dev/null || true
}

stop() {
  end radosgw
  end osd
  end mon
  rm -rf "$home"
}

run() {
  local name=$1
  shift
  "$@" >>"$home/$name.out" 2>&1 </dev/null &
  echo $! >"$home/$name.pid"
}

configure() {
  # mons without authentication want crc mode, else each connection waits half a minute; the proposal interval is most of the
  # time to ready; without nodelay each small answer waits 40 ms
  cat >"$CEPH_CONF" <<CONF
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon host = [v2:127.0.0.1:$((port + 1)),v1:127.0.0.1:$((port + 2))]
auth cluster required = none
auth service required = none
auth client required = none
ms mon client mode = crc
ms mon cluster mode = crc
ms mon service mode = crc
osd pool default size = 1
osd pool default pg num = 4
mon allow pool size one = true
paxos propose interval = 0.05
paxos min wait = 0.02
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = ${RADOSGW_BYTES:-2147483648}
run dir = $home
log file = $home/\$name.log
admin socket = $home/\$name.\$pid.asok
[osd]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
rgw data = $home/rgw
# what was deleted or replaced gives its memory back at once, not after two hours
rgw gc obj min wait = 1
rgw gc processor period = 5
CONF
}

user() {
  radosgw-admin -n client.rgw user create --uid="$1" --display-name="$1" --access-key="$1" --secret-key="$1-secret" \
    >/dev/null 2>"$home/admin.out" || {
    cat "$home/admin.out" >&2
    return 1
  }
}

start() {
  local id
  [ ! -e "$home/mon.pid" ] || {
    echo "already started: $home" >&2
    exit 1
  }
  trap 'status=$?; if [ "$status" -ne 0 ]; then cat "$home"/*.out >&2 || true; stop; fi' EXIT
  mkdir -p "$home"/{mon,osd,rgw}
  configure
  ceph-mon --mkfs -i a --mon-data "$home/mon" >"$home/mkfs.out" 2>&1
  run mon ceph-mon -f -i a --mon-data "$home/mon"
  id=$(cat /proc/sys/kernel/random/uuid)
  timeout 60 ceph osd new "$id" >/dev/null
  ceph-osd --mkfs -i 0 --osd-data "$home/osd" --osd-uuid "$id" >>"$home/mkfs.out" 2>&1
  run osd ceph-osd -f -i 0 --osd-data "$home/osd"
  run radosgw radosgw -f -n client.rgw
  for _ in $(seq 600); do
    curl -fsS -o /dev/null --noproxy '*' "http://127.0.0.1:$port/" 2>/dev/null && break
    kill -0 "$(cat "$home/radosgw.pid")"
    sleep 0.1
  done
  user owner
  user weir
}

case $action in
  start)
    port=${3:?a port}
    start
    ;;
  stop) stop ;;
  *)
    sed -n 2,6p "$0" >&2
    exit 2
    ;;
esac
