package parkmeter.local.edge;

import java.util.List;

/** {@code x-amazon-apigateway-binary-media-types}. */
public final class MediaTypes {
    private MediaTypes() {}

    /**
     * Whether bodies of a media type are binary.
     *
     * @param declared such as <code>image/png</code>, <code>image/*</code> or <code>*&#47;*</code>
     */
    public static boolean binary(List<String> declared, String type) {
        return declared.stream()
                .anyMatch(one -> one.equals("*/*")
                        || one.equalsIgnoreCase(type)
                        || (one.endsWith("/*") && type.startsWith(one.substring(0, one.length() - 1))));
    }
}
