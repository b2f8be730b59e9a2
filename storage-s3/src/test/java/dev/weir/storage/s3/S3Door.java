package dev.weir.storage.s3;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands before a server of buckets: writes down what is asked for, and gives trouble when it is told to. */
public final class S3Door implements AutoCloseable {
  private static final Pattern WHO = Pattern
      .compile("(?im)^authorization: .*Credential=([^/]+)/|X-Amz-Credential=([^%/]+)%2F");
  private static final Pattern LENGTH = Pattern.compile("(?im)^content-length: *(\\d+)");

  /** What becomes of a request. */
  public enum Trouble {
    /** It is answered by the server. */
    NONE,
    /** 500. */
    ERROR,
    /** 503, with Amazon's words for "ask less often". */
    SLOW_DOWN,
    /** 400, as for a token that was good until a moment ago. */
    EXPIRED,
    /** 404, as for a bucket that somebody deleted. */
    NO_BUCKET,
    /** 404, as a balancer says it that has no way to the store. */
    NO_WAY,
    /** No word. */
    SILENCE,
    /** The connection ends in the middle of the answer. */
    CUT
  }

  private final ServerSocket door;
  private final URI server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final List<Call> calls = new CopyOnWriteArrayList<>();
  private volatile Function<String, Trouble> trouble = operation -> Trouble.NONE;
  private final AtomicInteger accepted = new AtomicInteger();
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
  private final AtomicLong untilCut = new AtomicLong(Long.MAX_VALUE);
  private volatile boolean isClosed;

  /**
   * A request.
   *
   * @param who the access key
   * @param isByAddress signed in its query
   * @param operation as S3 calls it, or the request's line if it is none that weir may ask for
   */
  public record Call(String who, String operation, String path, boolean isByAddress) {}

  private S3Door(ServerSocket door, URI server) {
    this.door = door;
    this.server = server;
  }

  public static S3Door before(S3Server server) {
    try {
      S3Door door = new S3Door(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), server.address());
      Thread.ofVirtual().start(door::accept);
      return door;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + door.getLocalPort());
  }

  /** From now on. */
  public void make(Trouble given) {
    trouble = operation -> given;
  }

  /** From now on, by the operation's name. */
  public void make(Function<String, Trouble> given) {
    trouble = given;
  }

  /** The connection ends whose bytes reach this number, over all answers from now on; once. */
  public void cutAfter(long bytes) {
    untilCut.set(bytes);
  }

  /** What was asked for, in order. */
  public List<Call> calls() {
    return calls;
  }

  /** How many connections there have been. */
  public int connections() {
    return accepted.get();
  }

  /** How many there are. */
  public int clients() {
    return clients.size();
  }

  /** Ends all that there are. */
  public void dropConnections() throws IOException {
    for (Socket client : clients) {
      client.close();
    }
  }

  private void accept() {
    while (!isClosed) {
      try {
        Socket client = door.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    open.add(client);
    clients.add(client);
    accepted.incrementAndGet();
    try (client; Socket behind = new Socket(server.getHost(), server.getPort())) {
      // or else what is sent in two parts, as heads and bodies are, waits some 40 ms for the other side's acknowledgement
      client.setTcpNoDelay(true);
      behind.setTcpNoDelay(true);
      open.add(behind);
      Thread.ofVirtual().start(() -> pump(behind, client));
      InputStream in = client.getInputStream();
      for (Optional<String> head = head(in); head.isPresent(); head = head(in)) {
        Call call = call(head.get());
        calls.add(call);
        Trouble given = trouble.apply(call.operation());
        if (given != Trouble.NONE) {
          refuse(client, given);
          return;
        }
        forward(head.get(), in, behind.getOutputStream());
      }
    } catch (IOException e) {
      return; // somebody left
    } finally {
      open.remove(client);
      clients.remove(client);
    }
  }

  private static void forward(String head, InputStream in, OutputStream out) throws IOException {
    out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    Matcher length = LENGTH.matcher(head);
    long left = length.find() ? Long.parseLong(length.group(1)) : 0;
    byte[] buffer = new byte[64 << 10];
    while (left > 0) {
      int count = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (count < 0) {
        throw new IOException("the client left");
      }
      out.write(buffer, 0, count);
      left -= count;
    }
    out.flush();
  }

  private void pump(Socket from, Socket to) {
    byte[] buffer = new byte[64 << 10];
    try (from; to) {
      for (int count = from.getInputStream().read(buffer); count >= 0; count = from.getInputStream().read(buffer)) {
        to.getOutputStream().write(buffer, 0, count);
        if (untilCut.get() < Long.MAX_VALUE && untilCut.addAndGet(-count) <= 0) {
          untilCut.set(Long.MAX_VALUE);
          return;
        }
      }
    } catch (IOException e) {
      return; // somebody left
    }
  }

  private static Optional<String> head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int seen = 0;
    for (int next = in.read(); next >= 0; next = in.read()) {
      head.write(next);
      seen = next == "\r\n\r\n".charAt(seen) ? seen + 1 : next == '\r' ? 1 : 0;
      if (seen == 4) {
        return Optional.of(head.toString(StandardCharsets.ISO_8859_1));
      }
    }
    return Optional.empty();
  }

  private void refuse(Socket client, Trouble given) throws IOException {
    String answer = switch (given) {
      case NONE, SILENCE -> "";
      case ERROR -> error("500 Internal Server Error", "InternalError");
      case SLOW_DOWN -> error("503 Slow Down", "SlowDown");
      case EXPIRED -> error("400 Bad Request", "ExpiredToken");
      case NO_BUCKET -> error("404 Not Found", "NoSuchBucket");
      case NO_WAY ->
        "HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: 20\r\n\r\n<h1>Not Found</h1>\r\n";
      case CUT -> "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nETag: \"e\"\r\n\r\nnot all of it";
    };
    if (given == Trouble.SILENCE) {
      client.getInputStream().transferTo(OutputStream.nullOutputStream());
      return;
    }
    client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
    client.getOutputStream().flush();
    client.shutdownOutput();
    client.setSoTimeout(1_000);
    client.getInputStream().transferTo(OutputStream.nullOutputStream()); // else the answer is lost with what was not read
  }

  private static String error(String status, String code) {
    String body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>" + code
        + "</Code><Message>made up</Message></Error>";
    return "HTTP/1.1 " + status + "\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: "
        + body.length() + "\r\n\r\n" + body;
  }

  private static Call call(String head) {
    String[] line = head.substring(0, head.indexOf("\r\n")).split(" ", -1);
    URI uri = URI.create(line[1]);
    Matcher who = WHO.matcher(head);
    return new Call(who.find() ? Optional.ofNullable(who.group(1)).orElseGet(() -> who.group(2)) : "",
        operation(line[0], uri, head.toLowerCase(Locale.ROOT)), uri.getPath(), line[1].contains("X-Amz-Signature="));
  }

  private static String operation(String method, URI uri, String head) {
    boolean isBucket = uri.getPath().indexOf('/', 1) < 0 || uri.getPath().endsWith("/");
    String query = uri.getRawQuery() == null ? "" : "&" + uri.getRawQuery();
    boolean copies = head.contains("\r\nx-amz-copy-source:");
    String known = switch (method) {
      case "GET" -> isBucket ? ofBucket(query) : query.contains("&uploadId=") ? "ListParts" : plain(query, "GetObject");
      case "PUT" -> isBucket
          ? ""
          : query.contains("&partNumber=")
              ? copies ? "UploadPartCopy" : "UploadPart"
              : plain(query, copies ? "CopyObject" : "PutObject");
      case "POST" -> query.contains("&uploadId=")
          ? "CompleteMultipartUpload"
          : query.startsWith("&uploads") && !isBucket ? "CreateMultipartUpload" : "";
      case "DELETE" -> isBucket
          ? ""
          : query.contains("&uploadId=")
              ? "AbortMultipartUpload"
              : plain(query,
                  "DeleteObject");
      default -> "";
    };
    return known.isEmpty() ? method + " " + uri : known;
  }

  private static String ofBucket(String query) {
    return query.contains("&list-type=2")
        ? "ListObjectsV2"
        : query.contains("&location") ? "GetBucketLocation" : query.contains("&uploads") ? "ListMultipartUploads" : "";
  }

  /** Sub-resources, such as an object's tags, are asked for by other operations. */
  private static String plain(String query, String operation) {
    return query.isEmpty() || query.matches("&x-id=" + operation) || query.startsWith("&X-Amz-") ? operation : "";
  }

  @Override
  public void close() throws IOException {
    isClosed = true;
    door.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}
