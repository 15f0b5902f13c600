/** How people are told: an SNS topic with the addresses that get its messages. */
@NullMarked
package parkmeter.notice;

import org.jspecify.annotations.NullMarked;
