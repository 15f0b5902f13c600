/**
 * Mapping templates as API Gateway runs them: Apache Velocity with API Gateway's own variables (API Gateway developer guide, "Mapping
 * template and access logging variable reference").
 *
 * <p>API Gateway runs Velocity 1.7; {@link parkmeter.local.vtl.MappingTemplate} sets the current engine to behave as that did. Where
 * the guide says nothing, what AWS answered to the tests of LocalStack's template engine holds (github.com/localstack/airspeed,
 * tests/test_templating.snapshot.json): a reference to nothing is an empty text, which {@code #if} takes for true, and there are no
 * macros.
 */
@NullMarked
package parkmeter.local.vtl;

import org.jspecify.annotations.NullMarked;
