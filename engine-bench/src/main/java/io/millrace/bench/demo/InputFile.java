package io.millrace.bench.demo;

import java.nio.file.Path;

/**
 * A file that takes part. Immutable.
 *
 * @param number place among the files, from 0
 * @param path where it is
 * @param name path below the input directory, every byte that is no plain character as {@code %XX}, so that a name in
 *     any encoding or in none survives and prints
 * @param sizeBytes size when it was found
 */
record InputFile(int number, Path path, String name, long sizeBytes) {}
