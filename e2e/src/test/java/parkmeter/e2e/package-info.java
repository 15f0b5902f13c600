/**
 * Stories about the stack on the real engine: the Pulumi CLI, the AWS provider, and an AWS endpoint on this machine.
 *
 * <p>A {@link parkmeter.e2e.Story} is a class; a {@link parkmeter.e2e.Workbench} gives it {@linkplain parkmeter.e2e.Stack
 * stacks}, each with a folder, a backend and a passphrase of its own; a stack's commands give {@linkplain
 * parkmeter.e2e.Run runs} with the {@linkplain parkmeter.e2e.Step steps} that the engine took; the {@link
 * parkmeter.e2e.Account} tells, without Pulumi, what stands in AWS.
 */
@NullMarked
package parkmeter.e2e;

import org.jspecify.annotations.NullMarked;
