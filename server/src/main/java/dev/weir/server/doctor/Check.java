package dev.weir.server.doctor;

import java.util.List;

/** Looks at one thing, and changes nothing. */
interface Check {
  /** What it looks at, as findings name it. */
  String subject();

  /** At least one finding. An exception is a finding too: that this could not be looked at. */
  List<Finding> run() throws Exception;
}
