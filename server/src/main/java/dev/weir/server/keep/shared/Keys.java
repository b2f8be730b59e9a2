package dev.weir.server.keep.shared;

import java.util.Locale;

import dev.weir.storage.Digest;
import dev.weir.storage.ObjectKey;

/**
 * Where in the bucket the weirs find what they tell each other.
 *
 * <pre>
 * weir/gc/owner/&lt;number&gt;                      who collects, by the highest number
 * weir/gc/stage                               which list is in force, and how far its deletion is; absent: none
 * weir/gc/condemned/&lt;list&gt;                    what is on it; never changes
 * weir/gc/kept/&lt;list&gt;/&lt;portion&gt;/&lt;digest&gt;     somebody counts on it
 * weir/gc/released/&lt;any&gt;                      what a deleted image named
 * weir/gc/uses/&lt;place&gt;                        when one weir was asked for which image last
 * weir/gc/stored/&lt;place&gt;                      how many bytes it has ever stored
 * weir/gc/held                                what the owner found to be held
 * weir/gc/wanted                              somebody wants a list soon
 * weir/gc/last                                what the last one came to
 * </pre>
 */
final class Keys {
  static final ObjectKey ROOT = new ObjectKey("weir/gc");
  static final ObjectKey OWNERS = ROOT.resolve("owner");
  static final ObjectKey STAGE = ROOT.resolve("stage");
  static final ObjectKey RELEASED = ROOT.resolve("released");
  static final ObjectKey WANTED = ROOT.resolve("wanted");
  static final ObjectKey USES = ROOT.resolve("uses");
  static final ObjectKey STORED = ROOT.resolve("stored");
  static final ObjectKey HELD = ROOT.resolve("held");
  static final ObjectKey LAST = ROOT.resolve("last");
  static final ObjectKey LISTS = ROOT.resolve("condemned");
  static final ObjectKey KEPT = ROOT.resolve("kept");

  private Keys() {}

  static ObjectKey owner(long number) {
    return OWNERS.resolve(String.format(Locale.ROOT, "%019d", number));
  }

  static ObjectKey list(String id) {
    return LISTS.resolve(id);
  }

  static ObjectKey kept(String id) {
    return KEPT.resolve(id);
  }

  static ObjectKey kept(String id, int portion) {
    return kept(id).resolve(Integer.toString(portion));
  }

  static ObjectKey kept(String id, int portion, Digest digest) {
    return kept(id, portion).resolve(digest.algorithm() + "-" + digest.hex());
  }
}
