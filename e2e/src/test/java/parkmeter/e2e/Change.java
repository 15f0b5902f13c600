package parkmeter.e2e;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A stack that stands, and is changed. */
abstract class Change {

    /** The stack, as {@code e2e/src/test/stacks/Pulumi.changing.yaml} describes it at first. */
    final Stack stack;

    /** The compiled program, run as a jar. */
    Change(Workbench workbench, String name) throws IOException {
        this(workbench.stack(name, config(workbench)));
    }

    Change(Stack stack) {
        this.stack = stack;
    }

    static String config(Workbench workbench) throws IOException {
        return workbench.file("e2e/src/test/stacks/Pulumi.changing.yaml");
    }

    @BeforeAll
    void bring_it_up() {
        before();
        stack.up();
    }

    /** Makes what is to be there before the stack; nothing unless a story says so. */
    void before() {}

    @AfterAll
    void take_it_down() {
        stack.close();
    }
}
