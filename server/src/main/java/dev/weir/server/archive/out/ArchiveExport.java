package dev.weir.server.archive.out;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.weir.storage.Digest;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * An archive of ours: {@code mirror_000001.tar} and so on, distribution's tree in tars that can each be unpacked alone, a list of what
 * is in them, {@code weir-export.json}, and {@code SHA256SUMS} over both, signed if there is a key.
 */
public final class ArchiveExport implements Export {
  static final String SUMS = "SHA256SUMS";

  private final Path folder;
  private final long split;
  private final Set<String> without;
  private final Optional<SigningKey> key;
  private final String request;

  /**
   * Into a folder.
   *
   * @param split each part is smaller than so many bytes
   * @param without digests of what the other side has
   * @param request what is asked for: what was written for another one is left alone
   */
  public ArchiveExport(Path folder, long split, Set<String> without, Optional<SigningKey> key, String request) {
    this.folder = folder;
    this.split = split;
    this.without = Set.copyOf(without);
    this.key = key;
    this.request = request;
  }

  @Override
  public Report write(Held held, Cargo cargo, Progress.Shown shown) throws IOException {
    Files.createDirectories(folder);
    List<Part> parts = Part.cut(TreeMembers.of(cargo, without), split);
    Journal journal = Journal.in(folder, request);
    List<Path> old = refuseOthers(parts, journal);
    Room.require(folder, lacking(parts, journal));
    journal.begin();
    for (Path file : old) {
      Files.delete(file);
    }
    Run run = new Run(held, journal, new Progress(parts.stream().mapToLong(Part::size).sum(), shown));
    for (Part part : parts) {
      run.write(part);
    }
    return finish(cargo, parts, run);
  }

  /**
   * Nothing may be lost but what is left of this request's own past.
   *
   * @return what of that goes
   */
  private List<Path> refuseOthers(List<Part> parts, Journal journal) throws IOException {
    Path list = folder.resolve(Contents.NAME);
    if (Files.exists(list) && !(journal.isOwn() && !Contents.read(list).missing().isEmpty())
        && !parts.stream().allMatch(part -> isPlanned(part, journal))) {
      throw refused(folder + " holds a finished archive of something else");
    }
    Map<String, Part> planned = parts.stream().collect(Collectors.toMap(Part::file, part -> part));
    List<Path> old = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = String.valueOf(file.getFileName());
        Part part = planned.get(name);
        boolean isSame = part != null && isPlanned(part, journal);
        boolean isOthers = name.matches(Part.NAMES)
            ? !isSame && !journal.owns(name)
            : name.startsWith(SUMS) && !Files.exists(list) && !journal.isOwn();
        if (isOthers) {
          throw refused(file + " is of another export");
        }
        if (Durable.isUnfinished(file) || (name.matches(Part.NAMES) && part == null)) {
          old.add(file);
        }
      }
    }
    return old;
  }

  private static IOException refused(String why) {
    return new IOException("nothing was written: " + why + "; name another folder, or empty this one");
  }

  private static boolean isPlanned(Part part, Journal journal) {
    return journal.known(part.file(), part.plan()).filter(known -> known.size() == part.size()).isPresent();
  }

  /** From a part with a damaged blob, something is left out. */
  private Optional<Contents.File> whole(Part part, Journal journal) throws IOException {
    return journal.whole(part.file(), part.plan(), folder).filter(known -> known.size() == part.size());
  }

  private long lacking(List<Part> parts, Journal journal) throws IOException {
    long bytes = 0;
    for (Part part : parts) {
      bytes += journal.there(part.file(), part.plan(), folder).filter(known -> known.size() == part.size()).isPresent()
          ? 0
          : part.size();
    }
    return bytes;
  }

  /** For one thread, once. */
  private final class Run {
    private final Journal journal;
    private final Progress progress;
    private final Checked source;
    private final Map<String, Missing> damaged = new LinkedHashMap<>();
    private final List<Contents.File> files = new ArrayList<>();
    private long written;

    Run(Held held, Journal journal, Progress progress) {
      this.journal = journal;
      this.progress = progress;
      this.source = new Checked(held, progress);
    }

    void write(Part part) throws IOException {
      progress.at(part.file());
      Optional<Contents.File> known = whole(part, journal);
      if (known.isPresent()) {
        files.add(known.get());
        progress.written(part.size());
        return;
      }
      int before = damaged.size();
      journal.claim(part.file(), part.plan());
      Contents.File file;
      Path path = folder.resolve(part.file());
      try (PartWriter writer = new PartWriter(path, damaged)) {
        file = writer.write(part, source);
      } catch (IOException e) {
        throw new IOException("write " + path + ": " + e.getMessage()
            + "; the parts before it are whole, and the same command goes on behind them", e);
      }
      files.add(file);
      written += file.size();
      if (damaged.size() == before) {
        journal.add(file);
      }
    }
  }

  private Report finish(Cargo cargo, List<Part> parts, Run run) throws IOException {
    Contents contents = Contents.of(cargo, without, run.files, run.damaged);
    String list = contents.text();
    Durable.write(folder.resolve(Contents.NAME), list);
    StringBuilder sums = new StringBuilder();
    run.files.forEach(file -> sums.append(sum(Digest.parse(file.digest()), file.file())));
    sums.append(sum(Digest.sha256(list.getBytes(UTF_8)), Contents.NAME));
    Durable.write(folder.resolve(SUMS), sums.toString());
    List<String> files = new ArrayList<>(run.files.stream().map(Contents.File::file).toList());
    files.addAll(List.of(Contents.NAME, SUMS));
    Path signature = folder.resolve(SUMS + ".sig");
    if (key.isPresent()) {
      byte[] signed = key.get().sign(sums.toString().getBytes(UTF_8));
      Durable.write(signature, out -> out.write(signed));
      files.add(String.valueOf(signature.getFileName()));
    } else {
      Files.deleteIfExists(signature);
    }
    if (contents.missing().isEmpty()) {
      run.journal.end();
    }
    long already = contents.elsewhere().stream().mapToLong(Contents.Blob::size).sum();
    return new Report("archive:" + folder, cargo.images().size(), contents.blobs().size(), cargo.bytes(), already,
        run.written, files, contents.missing(), remarks(parts));
  }

  /** As sha256sum writes and reads it. */
  private static String sum(Digest digest, String file) {
    return digest.hex() + "  " + file + "\n";
  }

  private List<String> remarks(List<Part> parts) {
    return parts.stream().filter(part -> part.size() >= split)
        .map(part -> part.file() + " has " + part.size() + " bytes, more than --split says: one blob of it is so large")
        .toList();
  }
}
