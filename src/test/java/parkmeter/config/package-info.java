/** The reading of stack files: every rule, and the messages that a person sees. */
@NullMarked
package parkmeter.config;

import org.jspecify.annotations.NullMarked;
