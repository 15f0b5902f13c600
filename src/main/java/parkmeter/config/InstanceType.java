package parkmeter.config;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A SageMaker instance type on which the engines run.
 *
 * @param name as SageMaker writes it, {@code ml.g5.xlarge}
 * @param gpus how many GPUs it has; 0: it has CPUs alone, on which llama.cpp runs
 */
public record InstanceType(String name, int gpus) {

    private static final Map<String, Integer> G_SIZES = Map.of(
            "xlarge",
            1,
            "2xlarge",
            1,
            "4xlarge",
            1,
            "8xlarge",
            1,
            "12xlarge",
            4,
            "16xlarge",
            1,
            "24xlarge",
            4,
            "48xlarge",
            8);

    private static final String C5_SIZES = "large xlarge 2xlarge 4xlarge 9xlarge 18xlarge";
    private static final String M5_SIZES = "large xlarge 2xlarge 4xlarge 12xlarge 24xlarge";
    private static final String INTEL_SIZES = "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge 24xlarge";
    private static final String ARM_SIZES = "large xlarge 2xlarge 4xlarge 8xlarge 12xlarge 16xlarge";

    /** Types without GPUs, by family (SageMaker pricing, "Real-Time Inference"). */
    private static final Map<String, String> CPUS = Map.of(
            "c5", C5_SIZES,
            "m5", M5_SIZES,
            "c6i", INTEL_SIZES,
            "m6i", INTEL_SIZES,
            "c7i", INTEL_SIZES,
            "m7i", INTEL_SIZES,
            "c6g", ARM_SIZES,
            "m6g", ARM_SIZES,
            "c7g", ARM_SIZES);

    /** GPUs by family and size (Amazon EC2 instance types guide, "Accelerated computing", those that SageMaker hosts). */
    private static final Map<String, Map<String, Integer>> GPUS = Map.of(
            "g4dn", Map.of("xlarge", 1, "2xlarge", 1, "4xlarge", 1, "8xlarge", 1, "12xlarge", 4, "16xlarge", 1),
            "g5", G_SIZES,
            "g6", G_SIZES,
            "g6e", G_SIZES,
            "p4d", Map.of("24xlarge", 8),
            "p4de", Map.of("24xlarge", 8),
            "p5", Map.of("4xlarge", 1, "48xlarge", 8),
            "p5e", Map.of("48xlarge", 8),
            "p5en", Map.of("48xlarge", 8));

    /** The instance type of that name, or nothing where its family or size is unknown. */
    public static Optional<InstanceType> of(String name) {
        String[] parts = name.split("\\.", -1);
        if (parts.length != 3 || !parts[0].equals("ml")) {
            return Optional.empty();
        }
        if (List.of(CPUS.getOrDefault(parts[1], "").split(" ")).contains(parts[2])) {
            return Optional.of(new InstanceType(name, 0));
        }
        return Optional.ofNullable(GPUS.getOrDefault(parts[1], Map.of()).get(parts[2]))
                .map(gpus -> new InstanceType(name, gpus));
    }

    /** Whether its processors are ARM's, for which a container needs an image of its own. */
    public boolean isArm() {
        return gpus == 0 && name.matches("ml\\.[a-z]+[0-9]+g\\..*");
    }

    /** All of them, family by family; those without GPUs are for one engine. */
    static String known() {
        String cpus = new TreeMap<>(CPUS)
                .entrySet().stream()
                        .map(family ->
                                family.getKey() + " (" + family.getValue().replace(" ", ", ") + ")")
                        .collect(Collectors.joining(", "));
        return gpuFamilies() + "; without a GPU, for llamacpp, " + cpus;
    }

    private static String gpuFamilies() {
        return new TreeMap<>(GPUS)
                .entrySet().stream()
                        .map(family -> family.getKey() + " ("
                                + family.getValue().keySet().stream()
                                        .sorted(Comparator.comparingInt(String::length)
                                                .thenComparing(size -> size))
                                        .collect(Collectors.joining(", "))
                                + ")")
                        .collect(Collectors.joining(", "));
    }
}
