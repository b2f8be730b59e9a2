package dev.weir.server.space;

import java.util.function.LongUnaryOperator;

/**
 * How much room there is to be used.
 *
 * @param bound never to be passed; in bytes, of the file system's total
 * @param high of the bound: beyond it, content goes in the background
 * @param low of the bound: until it is met
 */
public record Marks(LongUnaryOperator bound, LongUnaryOperator high, LongUnaryOperator low) {}
