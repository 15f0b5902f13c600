package parkmeter.local;

import com.pulumi.Pulumi;

/** What a Pulumi program takes that declares nothing. */
final class EmptyProgram {

    private EmptyProgram() {}

    public static void main(String[] args) {
        Pulumi.run(ctx -> {});
    }
}
