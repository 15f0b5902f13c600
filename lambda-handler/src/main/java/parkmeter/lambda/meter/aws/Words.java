package parkmeter.lambda.meter.aws;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** AWS's sentences, fit to be shown to people who may not know whose account this is. */
final class Words {
    /** An ARN: {@code arn:partition:service:region:account:resource}. */
    private static final Pattern ARN =
            Pattern.compile("arn:[a-z0-9-]*:(?<service>[a-z0-9-]*):[a-z0-9-]*:[0-9*]*:(?<resource>[^\\s\"',;()]*)");

    private static final Pattern ACCOUNT = Pattern.compile("\\b\\d{12}\\b");
    private static final Pattern URL = Pattern.compile("https?://\\S+");
    private static final int LONGEST = 1024;

    private Words() {}

    /** Without accounts and links; an ARN of SageMaker's keeps the resource's name, another's nothing. */
    static String withoutNames(String sentence) {
        String named = ARN.matcher(sentence)
                .replaceAll(
                        arn -> Matcher.quoteReplacement(arn.group(1).equals("sagemaker") ? arn.group(2) : "(an ARN)"));
        String plain =
                ACCOUNT.matcher(URL.matcher(named).replaceAll("(a link)")).replaceAll("(an account)");
        return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST) + "…";
    }
}
