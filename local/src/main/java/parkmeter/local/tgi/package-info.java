/**
 * TGI's wire format, before 2.4 and today's.
 *
 * <p>A body becomes one of TGI's {@code Requests}, {@code Validation} turns it into a job for the model or a {@code Refusal} in TGI's
 * words, and {@code Answers} says what was generated in TGI's format; {@code Router} ties them together.
 */
@NullMarked
package parkmeter.local.tgi;

import org.jspecify.annotations.NullMarked;
