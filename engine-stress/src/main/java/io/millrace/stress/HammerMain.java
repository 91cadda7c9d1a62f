package io.millrace.stress;

/** Runs rounds of the {@link Hammer}: arguments are the seed of the first and how many. Stateless. */
public final class HammerMain {
    private HammerMain() {}

    public static void main(String[] args) throws InterruptedException {
        final long seed = Long.parseLong(args[0]);
        final int rounds = Integer.parseInt(args[1]);
        long received = 0;
        for (int round = 0; round < rounds; round++) {
            final Hammer.Report report = new Hammer(seed + round).run();
            System.out.println("seed " + (seed + round) + ": " + report);
            if (!report.problems().isEmpty()) {
                report.problems().forEach(System.out::println);
                System.out.println("seed " + (seed + round) + " failed: "
                        + report.problems().get(0));
                System.out.flush();
                Runtime.getRuntime().halt(1); // whoever hangs would keep the JVM
            }
            received += report.received();
        }
        System.out.println(rounds + " rounds, " + rounds * Hammer.MESSAGES + " messages, each acknowledged, " + received
                + " received, first seed " + seed);
    }
}
