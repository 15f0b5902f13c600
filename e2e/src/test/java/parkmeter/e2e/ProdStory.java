package parkmeter.e2e;

import java.io.IOException;
import java.util.Map;

/** The larger sample: three clients in two plans, one of them without a quota. */
@Story
final class ProdStory extends LifeCycle {

    ProdStory(Workbench workbench) throws IOException {
        super(workbench, new Sample("prod", workbench.file("Pulumi.prod.yaml"), Map.of(), "qwen", "/invoke"));
    }
}
