package parkmeter.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in S3.
 *
 * @param bucket the bucket's name
 * @param key a prefix that ends with a slash, or the key of one object
 */
public record S3Location(String bucket, String key) {

    /** Amazon S3 user guide, "General purpose bucket naming rules" and "Safe characters". */
    private static final Pattern URI = Pattern.compile(
            "s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/((?!.*//)[A-Za-z0-9!_.'()-][A-Za-z0-9!_.'()/-]{0,400}(?:/|\\.tar\\.gz))");

    /** The place that a URI names, or nothing where it is none of a prefix or an archive. */
    static Optional<S3Location> of(String uri) {
        Matcher found = URI.matcher(uri);
        return found.matches() ? Optional.of(new S3Location(found.group(1), found.group(2))) : Optional.empty();
    }

    /** Whether it is one archive, {@code .tar.gz}; else it is a prefix. */
    public boolean isArchive() {
        return !key.endsWith("/");
    }

    /** {@code s3://bucket/key}. */
    public String uri() {
        return "s3://" + bucket + "/" + key;
    }
}
