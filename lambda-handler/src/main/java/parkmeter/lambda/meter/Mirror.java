package parkmeter.lambda.meter;

/** The copy of each record for tools that read the SSM parameter {@code /sagemaker/endpoint/expiry/<endpoint>}. */
public interface Mirror {

    /**
     * Writes the parameter (String, overwrite).
     *
     * @param json {@code {"expiry", "endpoint_name", "endpoint_config_name", "schedule"?}}
     * @throws Unavailable when there is no answer
     */
    void put(String endpoint, String json);

    /**
     * Deletes the parameter; that there is none is no failure.
     *
     * @throws Unavailable when there is no answer
     */
    void delete(String endpoint);
}
