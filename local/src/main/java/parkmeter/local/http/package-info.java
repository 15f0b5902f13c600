/**
 * The one way in which the HTTP servers of the local run listen: {@link parkmeter.local.http.Loopback}. Each adds what is special
 * about it; the port, "in use" and the way to stop are here.
 */
@NullMarked
package parkmeter.local.http;

import org.jspecify.annotations.NullMarked;
