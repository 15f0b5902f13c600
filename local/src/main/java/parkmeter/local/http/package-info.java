/** The one way in which the local run's parts listen: {@link parkmeter.local.http.Loopback}. */
@NullMarked
package parkmeter.local.http;

import org.jspecify.annotations.NullMarked;
