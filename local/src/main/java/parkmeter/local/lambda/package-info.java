/**
 * Lambda on one machine: functions run from their zip in processes of their own, through Lambda's own runtime client.
 *
 * <p>{@link parkmeter.local.lambda.FunctionRuntime} has a {@code Pool} for each function; a pool starts processes by its
 * {@code Sandbox} (folder, command, memory, environment) and gives calls to {@code Worker}s, one for each process. The
 * processes ask for calls and answer them at {@code RuntimeApi}. What a process starts is {@code Launcher}, which sees to
 * it that it ends with this one.
 *
 * <p>The Runtime API stands on Jetty, as all servers here: the JDK's own server answers as fast, but only when a system
 * property that counts for the whole JVM turns Nagle's algorithm off (else 23 calls a second instead of 2000 and more),
 * and saves no memory where Jetty is loaded already.
 */
@NullMarked
package parkmeter.local.lambda;

import org.jspecify.annotations.NullMarked;
