/**
 * What is served: a model's container and its environment, the Model, EndpointConfiguration and Endpoint, the role under which
 * the container runs. A Model and an EndpointConfiguration can't be changed, only replaced: their names carry a hash of their
 * content, so that the new one stands before the old one goes and the Endpoint moves over without a gap. Instead of an Endpoint a
 * metered model has a registration at the stack's meter.
 */
@NullMarked
package parkmeter.model;

import org.jspecify.annotations.NullMarked;
