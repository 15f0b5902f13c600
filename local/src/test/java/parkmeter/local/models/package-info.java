/** The model servers over real HTTP, with the tiny generated model. */
@NullMarked
package parkmeter.local.models;

import org.jspecify.annotations.NullMarked;
