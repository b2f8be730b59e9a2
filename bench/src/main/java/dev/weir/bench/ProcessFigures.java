package dev.weir.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What /proc says of one process. */
final class ProcessFigures {
  /** What the kernel counts CPU time in, on every Linux that runs a JDK. */
  private static final double TICKS_PER_SECOND = 100;
  private static final double KIB_PER_MIB = 1024;
  /** Fields of /proc/pid/stat after the name in brackets, counted from 0. */
  private static final int USER_TICKS = 11;
  private static final int SYSTEM_TICKS = 12;

  private ProcessFigures() {}

  /** CPU seconds of all its threads, since it started. */
  static double cpuSeconds(long pid) throws IOException {
    return cpuSeconds(Files.readString(file(pid, "stat")));
  }

  static double residentMebibytes(long pid) throws IOException {
    return mebibytes(Files.readAllLines(file(pid, "status")), "VmRSS:");
  }

  /** The most that it ever was. */
  static double peakMebibytes(long pid) throws IOException {
    return mebibytes(Files.readAllLines(file(pid, "status")), "VmHWM:");
  }

  /** The name may hold blanks and brackets itself. */
  static double cpuSeconds(String stat) {
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[USER_TICKS]) + Long.parseLong(fields[SYSTEM_TICKS])) / TICKS_PER_SECOND;
  }

  static double mebibytes(List<String> status, String key) {
    return status.stream().filter(line -> line.startsWith(key))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum() / KIB_PER_MIB;
  }

  private static Path file(long pid, String name) {
    return Path.of("/proc", Long.toString(pid), name);
  }
}
