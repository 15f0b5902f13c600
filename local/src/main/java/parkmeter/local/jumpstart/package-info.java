/**
 * {@code make lock}: asks SageMaker's public hub for the JumpStart models of a stack and writes down what a deployment of them
 * needs. {@link parkmeter.local.jumpstart.Locking} is the command; {@code PublicHub} is the only class that knows a network,
 * {@code Resolver} the only one that knows what a document of the hub means.
 */
@NullMarked
package parkmeter.local.jumpstart;

import org.jspecify.annotations.NullMarked;
