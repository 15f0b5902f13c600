package parkmeter.e2e;

import java.util.Map;

/**
 * What IAM asks the caller of an AWS API for.
 *
 * @param action such as {@code sagemaker:CreateModel}
 * @param resource the ARN of what it is done to
 * @param context the condition keys that hang on it, such as {@code iam:PassedToService}
 */
record Permission(String action, String resource, Map<String, String> context) {

    Permission {
        context = Map.copyOf(context);
    }

    Permission(String action, String resource) {
        this(action, resource, Map.of());
    }
}
