package parkmeter.e2e;

import java.io.IOException;

/** A model behind a REST API with a key, a rate and a quota. */
@Story
final class Seed000Story extends Example {

    Seed000Story(Workbench workbench) throws IOException {
        super(workbench, "seed-000");
    }
}
