package dev.weir.server.archive.out;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import dev.weir.storage.Digest;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * One file of an archive, a whole tar of its own.
 *
 * @param number from 1 on
 * @param size of the file, in bytes
 */
record Part(int number, List<Member> members, long size) {
  /** As oc-mirror calls them. */
  static final String NAMES = "mirror_\\d{6}\\.tar";

  Part {
    members = List.copyOf(members);
  }

  String file() {
    return String.format(Locale.ROOT, "mirror_%06d.tar", number);
  }

  /** Two parts with the same plan have the same bytes. */
  Digest plan() {
    MessageDigest hash = Digest.Algorithm.SHA256.newHash();
    members.forEach(member -> hash.update(member.plan().getBytes(UTF_8)));
    return Digest.of(Digest.Algorithm.SHA256, hash);
  }

  /**
   * Cuts between members.
   *
   * @param split each part is smaller than this, but for one whose only member is larger
   */
  static List<Part> cut(List<Member> members, long split) {
    List<Part> parts = new ArrayList<>();
    List<Member> open = new ArrayList<>();
    long size = TarHeader.END;
    for (Member member : members) {
      if (!open.isEmpty() && size + member.length() >= split) {
        parts.add(new Part(parts.size() + 1, open, size));
        open = new ArrayList<>();
        size = TarHeader.END;
      }
      open.add(member);
      size += member.length();
    }
    if (!open.isEmpty()) {
      parts.add(new Part(parts.size() + 1, open, size));
    }
    return List.copyOf(parts);
  }
}
