package parkmeter.local.aws;

/** A service that speaks AWS's query protocol: a form goes in, XML comes out. */
interface QueryService {
    /** The API's version, which every request of this service and of no other carries. */
    String version();

    /**
     * Answers a call.
     *
     * @return what is in the {@code …Result} element
     * @throws Refused where AWS would refuse it, or the action is none of those that are served here
     */
    Xml answer(String action, Form request);
}
