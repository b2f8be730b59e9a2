package dev.weir.server.doctor;

import java.io.IOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import dev.weir.storage.fs.RootLock;

/** Where the data lies, and how much more it can hold. */
record DiskCheck(Path root, Disk.Source disks) implements Check {
  private static final int LOW_PERCENT = 10;
  private static final int FULL_PERCENT = 2;

  @Override
  public String subject() {
    return "disk";
  }

  @Override
  public List<Finding> run() throws Exception {
    List<Finding> findings = new ArrayList<>();
    findings.add(existence());
    Disk disk = disks.of(existing());
    findings.add(room("room", shown(disk.usable()) + " of " + shown(disk.totalBytes()), disk.usable(),
        disk.totalBytes(), "delete what nobody needs there, or move the data to a larger one"));
    if (disk.inodes() > 0) {
      findings.add(room("inodes", disk.freeInodes() + " of " + disk.inodes(), disk.freeInodes(), disk.inodes(),
          "delete files there that nobody needs, or make the file system anew with more (mkfs -i, or xfs)"));
    }
    kind(disk).ifPresent(findings::add);
    if (disk.options().stream().anyMatch(option -> option.equals("prjquota") || option.equals("pquota"))) {
      findings.add(Finding.ok(subject(), "project quotas are on: if the data has one, the figures here are those of"
          + " the quota"));
    }
    holder().ifPresent(findings::add);
    return findings;
  }

  private Finding existence() {
    return Finding.ok(subject(), Files.isDirectory(root)
        ? "the data lies in " + root
        : root + " is not there yet: weir serve makes it, below " + existing());
  }

  private Path existing() {
    Path at = root.toAbsolutePath();
    while (Files.notExists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }

  private Finding room(String of, String left, long free, long all, String todo) {
    double percent = all == 0 ? 0 : 100.0 * free / all;
    String what = "the file system of " + root + " has " + of + " left: " + left + " ("
        + String.format(Locale.ROOT, "%.1f", percent) + " %)";
    if (percent < FULL_PERCENT) {
      return Finding.fail(subject(), what + ": pulls of what is not held, and pushes, fail or soon will", todo);
    }
    return percent < LOW_PERCENT ? Finding.warn(subject(), what, todo) : Finding.ok(subject(), what);
  }

  private Optional<Finding> kind(Disk disk) {
    String kind = disk.kind().toLowerCase(Locale.ROOT);
    if (kind.equals("tmpfs") || kind.equals("ramfs")) {
      return Optional.of(Finding.warn(subject(), root + " lies in memory (" + kind + "): all of it is gone at the next"
          + " restart of the machine, and takes memory until then",
          "set storage.filesystem.rootdirectory to a directory"
              + " on a disk"));
    }
    if (kind.startsWith("nfs") || kind.equals("cifs") || kind.equals("smb3") || kind.equals("9p")) {
      return Optional.of(Finding.warn(subject(), root + " lies on a network file system (" + kind + "): whether a lock"
          + " keeps a second weir away, and what is left after a power cut, is up to its server",
          "use a local disk, xfs best; or see to it that nothing else writes there"));
    }
    if (kind.equals("overlay") || kind.equals("overlayfs") || kind.equals("fuse-overlayfs")) {
      return Optional.of(Finding.warn(subject(), root + " lies in a container's own layer (" + kind + "): it is slow,"
          + " and gone with the container", "mount a volume there: podman run -v /srv/weir:" + root + ":Z"));
    }
    return Optional.of(Finding.ok(subject(), "its file system is " + disk.kind()));
  }

  private Optional<Finding> holder() throws IOException {
    try {
      return RootLock.holder(root)
          .map(holder -> Finding.ok(subject(), "a weir runs on " + root + " at this moment: " + holder));
    } catch (OverlappingFileLockException e) {
      return Optional.of(Finding.ok(subject(), "a weir runs on " + root + " at this moment: this process"));
    }
  }

  private static String shown(long bytes) {
    double size = bytes;
    for (String unit : List.of("B", "KiB", "MiB", "GiB")) {
      if (size < 1024) {
        return String.format(Locale.ROOT, "%.1f %s", size, unit);
      }
      size /= 1024;
    }
    return String.format(Locale.ROOT, "%.1f TiB", size);
  }
}
