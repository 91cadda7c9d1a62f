package io.millrace.stress.corrupt;

/**
 * Bytes of a file. Immutable.
 *
 * @param from the first
 * @param to the one after the last
 */
record Touch(String file, int from, int to) {}
