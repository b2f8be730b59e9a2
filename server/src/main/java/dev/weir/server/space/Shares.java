package dev.weir.server.space;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.weir.storage.ContentListener.Keeping;
import dev.weir.storage.RepositoryName;

/** Adds up, repository by repository, what it was shown before. For one thread at a time. */
final class Shares {
  /** An image of a repository, as it was when it was shown. */
  @SuppressWarnings("ArrayRecordComponent")
  private record Part(boolean owned, int id, int[] blobs) {}

  private final List<List<Part>> byRepository = new ArrayList<>();
  private long[] sizes = new long[0];

  void add(Image image) {
    for (int repository : image.repositories()) {
      while (byRepository.size() <= repository) {
        byRepository.add(new ArrayList<>());
      }
      boolean owned = image.keepingAt(repository) != Keeping.CACHED || image.keepers > 0;
      byRepository.get(repository).add(new Part(owned, image.id, image.blobs));
    }
  }

  void addSizes(BlobTable blobs, int from, int to) {
    if (to > sizes.length) {
      sizes = Arrays.copyOf(sizes, DigestTable.grown(to));
    }
    for (int blob = from; blob < to; blob++) {
      sizes[blob] = blobs.size(blob);
    }
  }

  /** @param names by their numbers, of at least all that were shown */
  List<Share> of(List<RepositoryName> names) {
    // the last repository that counted a blob, and one more; owned images count first
    int[] counted = new int[sizes.length];
    List<Share> found = new ArrayList<>();
    for (int repository = 0; repository < byRepository.size(); repository++) {
      if (!byRepository.get(repository).isEmpty()) {
        found.add(share(names.get(repository), repository + 1, byRepository.get(repository), counted));
      }
    }
    return found;
  }

  private Share share(RepositoryName name, int stamp, List<Part> all, int[] counted) {
    List<Part> owned = all.stream().filter(Part::owned).toList();
    List<Part> cached = all.stream().filter(part -> !part.owned()).toList();
    long ownedBytes = bytes(owned, stamp, counted);
    long cachedBytes = bytes(cached, stamp, counted);
    return new Share(name, owned.size(), cached.size(), ownedBytes, cachedBytes);
  }

  private long bytes(List<Part> all, int stamp, int[] counted) {
    long sum = 0;
    for (Part part : all) {
      sum += once(part.id, stamp, counted);
      for (int blob : part.blobs) {
        sum += once(blob, stamp, counted);
      }
    }
    return sum;
  }

  private long once(int blob, int stamp, int[] counted) {
    long size = counted[blob] == stamp ? 0 : sizes[blob];
    counted[blob] = stamp;
    return size;
  }
}
