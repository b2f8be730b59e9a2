/**
 * The configuration: YAML and variables in, immutable records out. Stages: text → tree with places ({@link Node}) →
 * variables laid over it → checked against the table of keys ({@link Keys}) → bound into {@link WeirConfig}.
 */
@NullMarked
package dev.weir.server.config;

import org.jspecify.annotations.NullMarked;
