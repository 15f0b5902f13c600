/** Tests of what watches a stack. */
@NullMarked
package parkmeter.watch;

import org.jspecify.annotations.NullMarked;
