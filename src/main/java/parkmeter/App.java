package parkmeter;

import com.pulumi.Pulumi;

public final class App {
    private App() {}
    public static void main(String[] args) { Pulumi.run(ctx -> {}); }
}
