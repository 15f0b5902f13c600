package parkmeter.e2e;

import java.io.IOException;

/** A model on the meter. */
@Story
final class Seed003Story extends Example {

    Seed003Story(Workbench workbench) throws IOException {
        super(workbench, "seed-003");
    }
}
