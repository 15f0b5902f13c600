package parkmeter.e2e;

import java.io.IOException;
import java.util.Map;

/** Two models, three routes: a second endpoint and function, a permission for each route. */
@Story
final class PairStory extends LifeCycle {

    PairStory(Workbench workbench) throws IOException {
        super(
                workbench,
                new Sample(
                        "pair", workbench.file("e2e/src/test/stacks/Pulumi.pair.yaml"), Map.of(), "small", "/small"));
    }
}
