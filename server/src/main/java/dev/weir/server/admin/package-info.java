/** What is asked and ordered of a running weir by those who administer it: JSON below {@code /weir/v1}. */
@NullMarked
package dev.weir.server.admin;

import org.jspecify.annotations.NullMarked;
