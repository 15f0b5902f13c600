/**
 * What a stack is asked to be: {@code Pulumi.<stack>.yaml} as immutable records.
 *
 * <p>{@link parkmeter.config.ConfigReader} turns the raw values into a {@link parkmeter.config.StackConfig} or into one
 * {@link parkmeter.config.ConfigProblems} that names every problem at once. Each key is declared once, in {@code Keys}: its
 * type, rule, default and meaning; the reader, the messages and {@code docs/configuration.md} are all made from that. Closed
 * choices are sealed interfaces, so that a new kind can't be forgotten where the choice is taken. Nothing here knows AWS's
 * resources or Pulumi.
 */
@NullMarked
package parkmeter.config;

import org.jspecify.annotations.NullMarked;
