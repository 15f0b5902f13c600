package parkmeter.config;

/**
 * What becomes of the jobs of long routes.
 *
 * @param keepDays for how many days a job can be asked for
 */
public record JobSettings(int keepDays) {}
