/** The API's document, read back. */
@NullMarked
package parkmeter.api;

import org.jspecify.annotations.NullMarked;
