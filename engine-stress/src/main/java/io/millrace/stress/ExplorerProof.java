package io.millrace.stress;

import io.millrace.stress.explore.Explorer;
import io.millrace.stress.explore.Scenario;
import io.millrace.stress.explore.SlotScenarios;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Every interleaving of the three-sided races, and the planted bugs that must be found. Stateless. */
final class ExplorerProof {
    private ExplorerProof() {}

    static List<Summary> run() {
        int failures = 0;
        long states = 0;
        double schedules = 0;
        for (Scenario scenario : SlotScenarios.sound()) {
            final Explorer.Result result = Explorer.explore(scenario);
            System.out.printf(
                    Locale.ROOT,
                    "%s: %s, states=%d schedules=%.3g%n",
                    result.scenario(),
                    result.failure().orElse("holds"),
                    result.states(),
                    result.schedules());
            failures += result.failure().isPresent() ? 1 : 0;
            states += result.states();
            schedules += result.schedules();
        }
        final List<Scenario> weakened = new ArrayList<>(SlotScenarios.weakened());
        weakened.add(SlotScenarios.wrap());
        weakened.add(SlotScenarios.wrapOfDue());
        for (Scenario scenario : weakened) {
            if (Explorer.explore(scenario).failure().isEmpty()) {
                failures++;
                System.out.println(scenario.name() + ": the planted bug was NOT found");
            }
        }
        return List.of(Summary.of(
                "explorer",
                failures,
                String.format(
                        Locale.ROOT,
                        "%d scenarios, %d states, %.3g schedules, %d planted bugs",
                        SlotScenarios.sound().size(),
                        states,
                        schedules,
                        weakened.size())));
    }
}
