package dev.weir.server.archive.out;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;

import dev.weir.storage.Digest;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Writes one part of an archive, and knows its digest when it is done. For one thread, once. */
final class PartWriter implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final Map<String, Missing> damaged;
  private MessageDigest hash = Digest.Algorithm.SHA256.newHash();

  /** @param damaged gets, by digest, what could not be read */
  PartWriter(Path file, Map<String, Missing> damaged) throws IOException {
    this.file = file;
    this.channel = Durable.begin(file);
    this.damaged = damaged;
  }

  Contents.File write(Part part, Checked source) throws IOException {
    for (Member member : part.members()) {
      switch (member) {
        case Member.Folder folder -> put(folder.header());
        case Member.Text text -> {
          put(text.header());
          put(text.text().getBytes(UTF_8));
          put(new byte[TarHeader.padding(text.size())]);
        }
        case Member.Bytes bytes -> write(bytes, source);
      }
    }
    put(new byte[TarHeader.END]);
    long size = channel.position();
    Durable.finish(file, channel);
    return new Contents.File(part.file(), size, Digest.of(Digest.Algorithm.SHA256, hash).toString(),
        part.plan().toString());
  }

  /** What turns out to be damaged leaves nothing behind in the part. */
  private void write(Member.Bytes member, Checked source) throws IOException {
    long begin = channel.position();
    MessageDigest before = copy(hash);
    try {
      put(member.header());
      source.copy(member.piece(), this::put);
      put(new byte[TarHeader.padding(member.size())]);
    } catch (Checked.Unsound e) {
      damaged.put(member.piece().digest().toString(),
          new Missing(member.piece().image(), String.valueOf(e.getMessage())));
      channel.truncate(begin);
      hash = before;
    }
  }

  private static MessageDigest copy(MessageDigest hash) {
    try {
      return (MessageDigest) hash.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's SHA-256 can be copied", e);
    }
  }

  private void put(byte[] bytes) throws IOException {
    put(bytes, bytes.length);
  }

  private void put(byte[] bytes, int length) throws IOException {
    hash.update(bytes, 0, length);
    ByteBuffer rest = ByteBuffer.wrap(bytes, 0, length);
    while (rest.hasRemaining()) {
      channel.write(rest);
    }
  }

  /** What has not got its name goes, so that the room it took is there for another try. */
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(Durable.unfinished(file));
  }
}
