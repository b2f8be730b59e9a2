package dev.weir.server.admin;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Arrays;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/** By a running weir's own socket. Every answer ends its connection, and none is cut into pieces. */
public record SocketClient(Path socket) implements AdminClient {
  private static final byte[] END_OF_HEADER = "\r\n\r\n".getBytes(ISO_8859_1);
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final int STATUS_DIGITS = 3;

  @Override
  public Answer ask(String method, String path, String body) throws IOException {
    byte[] content = body.getBytes(UTF_8);
    String header = method + " " + path + " HTTP/1.1\r\nHost: weir\r\nConnection: close\r\n"
        + "Content-Type: application/json\r\nContent-Length: " + content.length + "\r\n\r\n";
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      write(channel, header.getBytes(ISO_8859_1));
      write(channel, content);
      return parse(readAll(channel));
    } catch (IOException e) {
      throw new IOException("no weir answers at " + socket + ": " + e.getMessage(), e);
    }
  }

  private static void write(SocketChannel channel, byte[] bytes) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      channel.write(rest);
    }
  }

  private static byte[] readAll(SocketChannel channel) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer piece = ByteBuffer.allocate(1 << 16);
    while (channel.read(piece) >= 0) {
      all.write(piece.array(), 0, piece.position());
      piece.clear();
    }
    return all.toByteArray();
  }

  private static Answer parse(byte[] answer) throws IOException {
    int end = indexOf(answer, END_OF_HEADER);
    if (end < STATUS_AT + STATUS_DIGITS) {
      throw new IOException("the connection ended before the answer");
    }
    String status = new String(answer, STATUS_AT, STATUS_DIGITS, ISO_8859_1);
    byte[] body = new ByteArrayInputStream(answer, end + END_OF_HEADER.length, answer.length).readAllBytes();
    return new Answer(Integer.parseInt(status), body);
  }

  private static int indexOf(byte[] all, byte[] wanted) {
    for (int i = 0; i + wanted.length <= all.length; i++) {
      if (Arrays.equals(all, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }
}
