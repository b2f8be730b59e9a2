package dev.weir.server.ocreplay;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

import dev.weir.storage.Descriptor;
import dev.weir.storage.Digest;

/** A layer or a configuration whose bytes are made anew each time they are read. */
public record SyntheticBlob(Descriptor descriptor, Supplier<InputStream> content) {

  static SyntheticBlob of(String mediaType, byte[] bytes) {
    return new SyntheticBlob(new Descriptor(mediaType, Digest.sha256(bytes), bytes.length),
        () -> new ByteArrayInputStream(bytes));
  }

  /** A tar archive of one file of random bytes. */
  public static SyntheticBlob tar(String mediaType, long seed, long fileSize) {
    Supplier<InputStream> content = () -> new SequenceInputStream(Collections.enumeration(List.of(
        new ByteArrayInputStream(Ustar.header("payload-" + seed, fileSize)),
        new RandomBytes(seed, fileSize),
        new ByteArrayInputStream(Ustar.padding(fileSize)),
        new ByteArrayInputStream(Ustar.end()))));
    MessageDigest hash = Digest.Algorithm.SHA256.newHash();
    try (var read = new DigestInputStream(content.get(), hash)) {
      long size = read.transferTo(OutputStream.nullOutputStream());
      return new SyntheticBlob(new Descriptor(mediaType, Digest.of(Digest.Algorithm.SHA256, hash), size), content);
    } catch (IOException e) {
      throw new UncheckedIOException("read what is made here", e);
    }
  }

  public Digest digest() {
    return descriptor.digest();
  }

  public long size() {
    return descriptor.size();
  }

  /** As a manifest names it. */
  String json() {
    return """
        {
              "mediaType": "%s",
              "size": %d,
              "digest": "%s"
           }""".formatted(descriptor.mediaType(), size(), digest());
  }
}
