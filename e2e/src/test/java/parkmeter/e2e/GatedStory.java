package parkmeter.e2e;

import java.io.IOException;
import java.util.Map;

/** A model that needs a token, in another partition of AWS: the token stays a secret on its way into the container. */
@Story
final class GatedStory extends LifeCycle {

    /** A plan, which can't read what is encrypted, has this text in its place; and the Model's name has a hash of it. */
    private static final String TOKEN = "encrypted-value";

    GatedStory(Workbench workbench) throws IOException {
        super(
                workbench,
                new Sample(
                        "gated",
                        workbench.file("local/src/test/stacks/Pulumi.gated.yaml"),
                        Map.of("parkmeter:huggingFaceToken", TOKEN),
                        "Llama",
                        "/chat"));
    }
}
