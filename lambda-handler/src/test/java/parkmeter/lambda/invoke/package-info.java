@NullMarked
package parkmeter.lambda.invoke;

import org.jspecify.annotations.NullMarked;
