/**
 * Model servers: one model in a process of its own, and any number of servers of that process which let it answer in a container's stead.
 *
 * <p>{@link parkmeter.local.models.ModelServer} is the process, {@link parkmeter.local.models.WireFormat} says whose stead it is.
 */
@NullMarked
package parkmeter.local.models;

import org.jspecify.annotations.NullMarked;
