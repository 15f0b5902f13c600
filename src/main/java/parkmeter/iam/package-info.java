/**
 * IAM policies as typed values: a {@link parkmeter.iam.Statement} says who may do what to which resource, a {@link
 * parkmeter.iam.PolicyDocument} writes statements as JSON with ordered keys. The resource that is called owns the statement that
 * allows the call; whoever calls it only adds that to its role. Nothing here knows AWS's resource classes.
 */
@NullMarked
package parkmeter.iam;

import org.jspecify.annotations.NullMarked;
