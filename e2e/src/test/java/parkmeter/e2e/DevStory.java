package parkmeter.e2e;

import java.io.IOException;
import java.util.Map;

/** The first environment. {@link PipelineStory} deploys it as a person does, by Maven. */
@Story
final class DevStory extends LifeCycle {

    DevStory(Workbench workbench) throws IOException {
        super(workbench, new Sample("dev", workbench.file("Pulumi.dev.yaml"), Map.of(), "tinyllama", "/invoke"));
    }
}
