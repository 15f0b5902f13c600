package parkmeter.e2e;

import java.io.IOException;
import java.util.Map;

/** A large model on the meter beside a small one that is paid for by the request, with weights in a bucket; all of it is watched. */
@Story
final class HermesStory extends LifeCycle {

    HermesStory(Workbench workbench) throws IOException {
        super(workbench, new Sample("hermes", workbench.file("Pulumi.hermes.yaml"), Map.of(), "hermes", "/invoke"));
    }
}
