@NullMarked
package parkmeter.lambda.sagemaker;

import org.jspecify.annotations.NullMarked;
