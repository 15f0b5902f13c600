/**
 * {@code make import}: the stack file for a configuration of SageMaker Endpoint Manager, whose README calls it
 * {@code config/configs.json}. docs/migrating.md shows what becomes of each field.
 */
@NullMarked
package parkmeter.local.migrate;

import org.jspecify.annotations.NullMarked;
