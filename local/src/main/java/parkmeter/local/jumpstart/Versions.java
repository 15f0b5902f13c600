package parkmeter.local.jumpstart;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The versions of a model: three numbers each. */
final class Versions {

    private Versions() {}

    static boolean isWhole(String version) {
        return version.matches("[0-9]{1,4}\\.[0-9]{1,4}\\.[0-9]{1,4}");
    }

    /** Those that are whole. */
    static List<String> newestFirst(List<String> versions) {
        return versions.stream()
                .filter(Versions::isWhole)
                .sorted(Comparator.comparing(Versions::numbers, Arrays::compare).reversed())
                .toList();
    }

    private static int[] numbers(String version) {
        return Stream.of(version.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
    }

    /** Those that begin as the version does, by two numbers, then by one; then all others. */
    static List<String> nearestFirst(List<String> newestFirst, String version) {
        String[] parts = version.split("\\.", -1);
        Stream<String> alike = Stream.of(2, 1)
                .filter(count -> parts.length >= count && !parts[0].isEmpty())
                .map(count -> String.join(".", List.of(parts).subList(0, count)) + ".")
                .flatMap(prefix -> newestFirst.stream().filter(each -> each.startsWith(prefix)));
        return Stream.concat(alike, newestFirst.stream()).distinct().toList();
    }
}
