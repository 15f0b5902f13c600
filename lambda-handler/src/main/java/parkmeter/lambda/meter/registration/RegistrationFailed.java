package parkmeter.lambda.meter.registration;

/** A deployment that can't go on. Its sentence is what Pulumi shows. */
final class RegistrationFailed extends RuntimeException {

    RegistrationFailed(String sentence) {
        super(sentence, null, false, false); // a stack trace would bury the sentence on the terminal
    }
}
