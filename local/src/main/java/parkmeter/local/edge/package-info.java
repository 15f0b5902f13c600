/**
 * What both kinds of API Gateway have in common: a request as it came, the reply that goes back, buckets, and the {@link
 * parkmeter.local.edge.Listener} that stands between them and the network. Nothing here knows of routes or functions.
 */
@NullMarked
package parkmeter.local.edge;

import org.jspecify.annotations.NullMarked;
