package parkmeter.local.gateway;

import java.util.Optional;
import parkmeter.local.edge.Limiter;

/**
 * One method of one path, with everything that its requests need.
 *
 * @param resource the path as the document has it, such as <code>/models/{id}</code>
 * @param resourceId what AWS would call the path, made from it
 * @param security who may call it
 * @param throttle the stage's bucket for this method; AWS gives each method its own
 * @param validation what is checked before the integration
 * @param integration what answers
 */
record Route(
        String resource,
        String resourceId,
        Security security,
        Optional<Limiter> throttle,
        Validation validation,
        Integration integration) {}
