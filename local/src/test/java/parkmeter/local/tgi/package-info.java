/** The model server over real HTTP, with the tiny generated model. */
@NullMarked
package parkmeter.local.tgi;

import org.jspecify.annotations.NullMarked;
