/** JSON as plain maps and lists, which a cold start loads in a third of the time that binding to types takes. */
@NullMarked
package parkmeter.lambda.json;

import org.jspecify.annotations.NullMarked;
