/**
 * The run on one machine. {@link parkmeter.local.Main} runs the real program on an engine of our own ({@code engine}), takes from
 * the plan what was declared, and serves just that: the API ({@code gateway}), the functions ({@code lambda}), the AWS calls that
 * they make ({@code aws}), the model ({@code tgi}). There is no second description of the stack.
 */
@NullMarked
package parkmeter.local;

import org.jspecify.annotations.NullMarked;
