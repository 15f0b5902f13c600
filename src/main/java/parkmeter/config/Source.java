package parkmeter.config;

import java.util.Optional;

/** What is served. */
public sealed interface Source {

    /**
     * A model on the Hugging Face hub; the container downloads it when it starts.
     *
     * @param id the model's id, {@code owner/name}
     * @param revision a branch, tag or commit; absent: the hub's main branch at each start
     */
    record Hub(String id, Optional<String> revision) implements Source {}
}
