package dev.weir.server.archive.out;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.weir.server.archive.PrecacheFolder;
import dev.weir.storage.Digest;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * A folder of factory-precaching-cli, for the partition that goes with a host: an archive for each image and the lists by which its
 * scripts load them. What the lists name is there and whole.
 */
public final class PrecacheExport implements Export {
  private final Path folder;
  private final List<Precached> images;

  public PrecacheExport(Path folder, List<Precached> images) {
    this.folder = folder;
    this.images = images.stream().sorted(Comparator.comparing(Precached::source)).distinct().toList();
  }

  @Override
  public Report write(Held held, Cargo cargo, Progress.Shown shown) throws IOException {
    Files.createDirectories(folder);
    Journal journal = Journal.in(folder, "precache");
    Run run = new Run(held, journal, new ArrayList<>(cargo.missing()));
    List<Archive> archives = run.plan(cargo);
    refuseOthers(archives, journal);
    long lacking = 0;
    for (Archive each : archives) {
      lacking += journal.there(each.file(), each.plan(), folder).isPresent() ? 0 : each.size();
    }
    Room.require(folder, lacking);
    journal.begin();
    run.progress(new Progress(archives.stream().mapToLong(Archive::size).sum(), shown));
    for (Archive each : archives) {
      run.write(each);
    }
    writeLists(run);
    return new Report("precache:" + folder, run.files.size(), cargo.pieces().size(), cargo.bytes(), 0, run.written,
        List.of(), run.missing, List.of());
  }

  /** Its lists are written anew: what they do not name any more would be loaded by nobody. */
  private void refuseOthers(List<Archive> archives, Journal journal) throws IOException {
    Set<String> sources = images.stream().map(Precached::source).collect(Collectors.toSet());
    for (String list : List.of(PrecacheFolder.AI_IMAGES, PrecacheFolder.OCP_IMAGES, PrecacheFolder.MAPPING)) {
      Path file = folder.resolve(list);
      for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
        String source = line.replaceFirst("=.*", "").strip();
        if (!source.isEmpty() && !sources.contains(source)) {
          throw refused(file + " names " + source + ", which is not exported now");
        }
      }
    }
    for (String each : archives.stream().map(Archive::file).toList()) {
      if (Files.exists(folder.resolve(each)) && !journal.owns(each)) {
        throw refused(folder.resolve(each) + " is of another export");
      }
    }
    if (Files.exists(folder.resolve(ArchiveExport.SUMS)) && !journal.isOwn()) {
      throw refused(folder.resolve(ArchiveExport.SUMS) + " is of another export");
    }
  }

  private static IOException refused(String why) {
    return new IOException("nothing was written: " + why + "; name another folder, or empty this one");
  }

  private void writeLists(Run run) throws IOException {
    write(PrecacheFolder.AI_IMAGES, run, Precached::isEarly, Precached::source);
    write(PrecacheFolder.OCP_IMAGES, run, image -> !image.isEarly(), Precached::source);
    write(PrecacheFolder.MAPPING, run, image -> true, image -> image.source() + "=" + image.destination());
    Durable.write(folder.resolve(ArchiveExport.SUMS), run.files.values().stream()
        .map(file -> Digest.parse(file.digest()).hex() + "  " + file.file() + "\n").sorted()
        .collect(Collectors.joining()));
  }

  /** How an image stands in a list. */
  @FunctionalInterface
  private interface Line {
    String of(Precached image);
  }

  private void write(String list, Run run, Predicate<Precached> filter, Line line) throws IOException {
    Durable.write(folder.resolve(list), images.stream().filter(filter).filter(run.files::containsKey)
        .map(image -> line.of(image) + "\n").collect(Collectors.joining()));
  }

  /** The archive of one image, as planned. */
  private record Archive(Precached image, String file, List<Member> members) {
    long size() {
      return members.stream().mapToLong(Member::length).sum() + TarHeader.END;
    }

    Digest plan() {
      return new Part(1, members, 0).plan();
    }
  }

  /** For one thread, once. */
  private final class Run {
    private final Held held;
    private final Journal journal;
    private final List<Missing> missing;
    private final Map<Precached, Contents.File> files = new HashMap<>();
    private Progress progress = new Progress(0, (done, total, what) -> {});
    private Checked source;
    private long written;

    Run(Held held, Journal journal, List<Missing> missing) {
      this.held = held;
      this.journal = journal;
      this.missing = missing;
      this.source = new Checked(held, progress);
    }

    void progress(Progress known) {
      progress = known;
      source = new Checked(held, known);
    }

    List<Archive> plan(Cargo cargo) throws IOException {
      List<Archive> archives = new ArrayList<>();
      Map<String, String> owners = new HashMap<>();
      for (Precached each : images) {
        String name = PrecacheFolder.artifact(each.source());
        Optional<List<Member>> members = DirMembers.of(held, cargo, each.image(), name);
        String owner = owners.putIfAbsent(name, each.source());
        if (owner != null) {
          missing.add(new Missing(each.source(), "its file " + name + PrecacheFolder.ENDING + " is that of " + owner
              + ": by the rule of these folders both have the same name"));
        } else if (members.isPresent()) {
          archives.add(new Archive(each, name + PrecacheFolder.ENDING, members.get()));
        } else if (cargo.missing().isEmpty()) {
          missing.add(new Missing(each.source(), "it went while it was to be exported"));
        }
      }
      return archives;
    }

    void write(Archive archive) throws IOException {
      progress.at(archive.file());
      Optional<Contents.File> known = journal.whole(archive.file(), archive.plan(), folder);
      if (known.isPresent()) {
        progress.written(archive.size());
        files.put(archive.image(), known.get());
        return;
      }
      Path path = folder.resolve(archive.file());
      MessageDigest hash = Digest.Algorithm.SHA256.newHash();
      journal.claim(archive.file(), archive.plan());
      try {
        Durable.write(path, out -> write(archive.members(), new DigestOutputStream(out, hash)));
      } catch (Checked.Halted e) {
        missing.add(new Missing(archive.image().source(), String.valueOf(e.getMessage())));
        return;
      } catch (IOException e) {
        throw new IOException("write " + path + ": " + e.getMessage()
            + "; the archives before it are whole, and the same command goes on behind them", e);
      }
      Contents.File file = new Contents.File(archive.file(), Files.size(path),
          Digest.of(Digest.Algorithm.SHA256, hash).toString(), archive.plan().toString());
      journal.add(file);
      written += file.size();
      files.put(archive.image(), file);
    }

    private void write(List<Member> members, OutputStream out) throws IOException {
      try (ParallelGzip gzip = new ParallelGzip(out)) {
        for (Member member : members) {
          gzip.write(member.header());
          switch (member) {
            case Member.Folder _ -> {}
            case Member.Text text -> gzip.write(text.text().getBytes(UTF_8));
            case Member.Bytes bytes -> source.into(bytes.piece(), gzip);
          }
          gzip.write(new byte[TarHeader.padding(member.size())]);
        }
        gzip.write(new byte[TarHeader.END]);
        gzip.finish();
      }
    }
  }
}
