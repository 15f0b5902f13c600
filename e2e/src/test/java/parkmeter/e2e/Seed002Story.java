package parkmeter.e2e;

import java.io.IOException;

/** A model behind an HTTP API. */
@Story
final class Seed002Story extends Example {

    Seed002Story(Workbench workbench) throws IOException {
        super(workbench, "seed-002");
    }
}
