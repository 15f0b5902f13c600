/**
 * Runs the Pulumi program without Pulumi's command and without an account, and records what it declares.
 *
 * <p>The program talks to its engine over gRPC; here {@link parkmeter.local.engine.Engine} is that engine. A
 * {@link parkmeter.local.engine.Stack} is read as the command reads it, the program runs as a process of its own, every
 * resource that it registers gets the outputs that AWS would give ({@code AwsOutputs}: ARNs, ids, URLs, formed and never
 * asked for), and the {@link parkmeter.local.engine.Plan} is what was declared. The plan is printed for people
 * ({@link parkmeter.local.engine.PlanText}), written for machines ({@link parkmeter.local.engine.PlanJson}), compared with
 * golden files, and served by the local run: there is no second description of the stack.
 *
 * <p>The same stack gives the same plan, byte for byte: every id is derived from its resource's URN.
 */
@NullMarked
package parkmeter.local.engine;

import org.jspecify.annotations.NullMarked;
