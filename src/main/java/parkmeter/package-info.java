/**
 * The Pulumi program. {@link parkmeter.App} reads the config, declares the stack and exports its outputs; data flows one way,
 * from {@code config} through the components of {@code model}, {@code function} and {@code api} to the exports.
 */
@NullMarked
package parkmeter;

import org.jspecify.annotations.NullMarked;
