package dev.weir.server.keep.shared;

import java.io.IOException;

/** The stage names a list that is not there: a former owner wrote it late, after the list was withdrawn. */
final class DanglingStageException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient Stage stage;

  DanglingStageException(Stage stage) {
    super("the stage in the bucket names the list " + stage.list() + ", which is not there");
    this.stage = stage;
  }

  Stage stage() {
    return stage;
  }
}
