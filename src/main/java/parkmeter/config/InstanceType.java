package parkmeter.config;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A SageMaker instance type with GPUs on which the engines run.
 *
 * @param name as SageMaker writes it, {@code ml.g5.xlarge}
 * @param gpus how many GPUs it has
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
        return Optional.ofNullable(GPUS.getOrDefault(parts[1], Map.of()).get(parts[2]))
                .map(gpus -> new InstanceType(name, gpus));
    }

    /** All of them, family by family. */
    static String known() {
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
