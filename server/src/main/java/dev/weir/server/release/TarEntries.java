package dev.weir.server.release;

import java.io.IOException;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.jspecify.annotations.Nullable;

/**
 * A tar's entries. What stands before an entry (long names, extended attributes, maps of holes) is kept in memory by the one
 * who reads it, as much as the archive says; so there is a measure for it here.
 */
public final class TarEntries extends TarArchiveInputStream {
  /** Most that stands before one entry, in bytes. */
  private static final int BEFORE_ONE = 256 << 10;
  /** Most that one header of more than a record has. */
  private static final int HEADER = 64 << 10;
  private static final int TYPE = 156;
  private static final int SIZE = 124;
  private static final int SIZE_LENGTH = 12;
  private static final String LONGER = "LKxXg";

  private final Metered metered;
  /** Bytes in headers that hold for all that follows, and add up. */
  private long lasting;
  private boolean isWhole;

  public TarEntries(Metered metered) {
    super(metered);
    this.metered = metered;
  }

  /** The entry after this one; null: there is none. */
  @Nullable
  public TarArchiveEntry next() throws IOException {
    pass();
    metered.expect(BEFORE_ONE, "holds more than " + BEFORE_ONE + " bytes of headers before one file");
    try {
      return getNextEntry();
    } finally {
      metered.expectAnything();
    }
  }

  /** Whether what ends an archive was seen: one that was cut between two entries lacks it. */
  public boolean isWhole() {
    return isWhole;
  }

  /** Its content is no header, and may be long. */
  private void pass() throws IOException {
    boolean more = getCurrentEntry() != null;
    while (more) {
      more = skip(Long.MAX_VALUE) > 0;
    }
  }

  @Override
  protected byte[] readRecord() throws IOException {
    byte[] record = super.readRecord();
    isWhole |= record != null && isEOFRecord(record);
    if (record != null && record.length > TYPE && LONGER.indexOf(record[TYPE]) >= 0) {
      long size = TarUtils.parseOctalOrBinary(record, SIZE, SIZE_LENGTH);
      lasting += record[TYPE] == 'g' ? Math.max(0, size) : 0;
      if (size < 0 || size > HEADER || lasting > HEADER) {
        throw new IOException("holds a header of " + Math.max(size, lasting) + " bytes, more than the " + HEADER
            + " that names and attributes have");
      }
    }
    return record;
  }
}
