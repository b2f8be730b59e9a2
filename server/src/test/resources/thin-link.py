#!/usr/bin/env python3
"""A thin link in user space, between this machine and a new network namespace, with a registry at its near end.

  thin-link.py NAMESPACE ROOT [--megabits 10] [--delay 50] [--loss 1] [--cut 20] [--down 30:60 --down 150:60]

Delay is one way, in milliseconds; loss in percent, each way; every CUT seconds all connections of the registry are reset;
--down AFTER:FOR takes the link away, in seconds since the first body. The registry gives what lies under ROOT
(NAME/manifests/REFERENCE, NAME/blobs/DIGEST) in ranges if it is asked to, by TCP cubic. Needs root. Says where it listens,
and at which address the namespace is reached from here beside the link, which costs nothing. Ends at the end of its
input, and says then in one line of JSON what went over the link towards the namespace: bytes of TCP payload, without
repetitions, and all bytes.
"""
import argparse, ctypes, fcntl, heapq, http.server, json, os, random, select, socket, struct, subprocess, sys, threading, time

TUNSETIFF, TUN_WITHOUT_HEADER, TCP_CONGESTION = 0x400454CA, 0x1001, 13
PORT = 5000
LIBC = ctypes.CDLL(None, use_errno=True)
QUEUE_SECONDS = 0.3


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("namespace")
    parser.add_argument("root")
    parser.add_argument("--megabits", type=float, default=10)
    parser.add_argument("--delay", type=float, default=50)
    parser.add_argument("--loss", type=float, default=1)
    parser.add_argument("--cut", type=float, default=20)
    parser.add_argument("--down", action="append", default=[])
    return parser.parse_args()


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def device(name):
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", name.encode(), TUN_WITHOUT_HEADER))
    return tun


class Clock:
    """Seconds since the first body was asked for."""
    start = None

    @classmethod
    def now(cls):
        return -1 if cls.start is None else time.monotonic() - cls.start


class Link(threading.Thread):
    def __init__(self, near, far, given):
        super().__init__(daemon=True)
        self.near, self.far = near, far
        self.rate, self.delay, self.loss = given.megabits * 1e6 / 8, given.delay / 1e3, given.loss / 100
        self.downs = [tuple(map(float, down.split(":"))) for down in given.down]
        self.free = {near: 0.0, far: 0.0}
        self.under_way, self.number = [], 0
        self.all_bytes, self.first, self.highest = 0, {}, {}

    def is_down(self):
        now = Clock.now()
        return any(after <= now < after + howlong for after, howlong in self.downs)

    def run(self):
        ends = {self.near: self.far, self.far: self.near}
        while True:
            wait = max(0.0, self.under_way[0][0] - time.monotonic()) if self.under_way else None
            for end in select.select(list(ends), [], [], wait)[0]:
                self.read(end, ends[end])
            self.deliver()

    def read(self, end, other):
        while True:
            try:
                packet = os.read(end, 65536)
            except BlockingIOError:
                return
            now = time.monotonic()
            begins = max(now, self.free[end])
            if self.is_down() or begins - now > QUEUE_SECONDS:
                continue
            self.free[end] = begins + len(packet) / self.rate
            if random.random() >= self.loss:
                self.number += 1
                heapq.heappush(self.under_way, (self.free[end] + self.delay, self.number, other, packet))

    def deliver(self):
        while self.under_way and self.under_way[0][0] <= time.monotonic():
            _, _, end, packet = heapq.heappop(self.under_way)
            if end == self.far:
                self.count(packet)
            try:
                os.write(end, packet)
            except OSError:
                pass

    def count(self, packet):
        head = (packet[0] & 15) * 4
        if packet[0] >> 4 != 4 or packet[9] != 6:
            return
        self.all_bytes += len(packet)
        flow = packet[12:20] + packet[head:head + 4]
        sequence = struct.unpack_from("!I", packet, head + 4)[0]
        payload = len(packet) - head - (packet[head + 12] >> 4) * 4
        if packet[head + 13] & 2:
            self.first[flow] = sequence + 1
            self.highest.setdefault(flow, 0)
        elif flow in self.first:
            reached = (sequence + payload - self.first[flow]) % 2**32 if payload else 0
            self.highest[flow] = max(self.highest[flow], reached)

    def payload(self):
        return sum(self.highest.values())


class Registry(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address, root):
        super().__init__((address, PORT), Answer)
        self.root, self.open = root, set()

    def server_bind(self):
        self.socket.setsockopt(socket.IPPROTO_TCP, TCP_CONGESTION, b"cubic")
        super().server_bind()

    def cut(self):
        for connection in list(self.open):
            LIBC.connect(connection.fileno(), bytes(16), 16)  # to no family: this resets it, whoever is busy with it
            self.open.discard(connection)


class Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        self.request.setsockopt(socket.IPPROTO_TCP, TCP_CONGESTION, b"cubic")
        self.request.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 256 * 1024)
        self.server.open.add(self.request)
        super().setup()

    def finish(self):
        self.server.open.discard(self.request)
        try:
            super().finish()
        except OSError:
            pass

    def handle(self):
        try:
            super().handle()
        except (OSError, ValueError):
            pass

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.do_GET(body=False)

    def do_GET(self, body=True):
        path = os.path.join(self.server.root, self.path[4:].split("?")[0])
        if self.path == "/v2/" or not os.path.isfile(path):
            return self.head(200 if self.path == "/v2/" else 404, 0, [])
        size = os.path.getsize(path)
        first, last = 0, size - 1
        asked = self.headers.get("Range")
        if asked:
            begin, end = asked.removeprefix("bytes=").split("-")
            first, last = int(begin), min(last, int(end) if end else last)
        kind, digest = path.split("/")[-2:]
        lines = [("Accept-Ranges", "bytes"), ("Content-Type", "application/octet-stream")]
        if kind == "manifests":
            lines = [("Content-Type", "application/vnd.oci.image.manifest.v1+json"),
                     ("Docker-Content-Digest", os.path.basename(os.path.realpath(path)))]
        if asked:
            lines.append(("Content-Range", f"bytes {first}-{last}/{size}"))
        self.head(206 if asked else 200, last - first + 1, lines)
        if body:
            self.send(path, first, last + 1)

    def head(self, status, length, lines):
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        for name, value in lines:
            self.send_header(name, value)
        self.end_headers()

    def send(self, path, at, end):
        if end - at > 100_000 and Clock.start is None:
            Clock.start = time.monotonic()
        with open(path, "rb") as content:
            content.seek(at)
            while at < end:
                piece = content.read(min(64 * 1024, end - at))
                self.wfile.write(piece)
                at += len(piece)


def cut_now_and_then(registry, every):
    cuts = 0
    while True:
        if Clock.now() >= (cuts + 1) * every:
            cuts += 1
            registry.cut()
        time.sleep(0.05)


def connect(namespace, name, near, far):
    """Moves one end into the namespace, and gives both their addresses."""
    ip("link", "set", f"{name}-far", "netns", namespace)
    for within, device_name, mine, other in (([], f"{name}-near", near, far),
                                             (["-n", namespace], f"{name}-far", far, near)):
        ip(*within, "addr", "add", mine, "peer", other, "dev", device_name)
        ip(*within, "link", "set", device_name, "up")


def main():
    given = arguments()
    net = os.getpid() % 250
    near, far = device(f"thin{net}-near"), device(f"thin{net}-far")
    ip("link", "add", f"wide{net}-near", "type", "veth", "peer", f"wide{net}-far")
    ip("netns", "add", given.namespace)
    try:
        ip("-n", given.namespace, "link", "set", "lo", "up")
        connect(given.namespace, f"thin{net}", f"10.213.{net}.1", f"10.213.{net}.2")
        connect(given.namespace, f"wide{net}", f"10.214.{net}.1", f"10.214.{net}.2")
        registry, link = Registry(f"10.213.{net}.1", given.root), Link(near, far, given)
        for work in (link.run, registry.serve_forever, lambda: cut_now_and_then(registry, given.cut)):
            threading.Thread(target=work, daemon=True).start()
        print(f"listening on 10.213.{net}.1:{PORT}, reach the namespace at 10.214.{net}.2", flush=True)
        sys.stdin.read()
        print(json.dumps({"payload": link.payload(), "bytes": link.all_bytes}), flush=True)
    finally:
        subprocess.run(["ip", "netns", "del", given.namespace])


main()
