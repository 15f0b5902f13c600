package parkmeter.lambda.meter.simulation;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import parkmeter.lambda.meter.MeterRecord;

/** Says what one write changed in a record. */
final class Difference {
    private Difference() {}

    static String of(@Nullable MeterRecord before, MeterRecord after) {
        List<String> changed = new ArrayList<>();
        for (RecordComponent component : MeterRecord.class.getRecordComponents()) {
            Object last = before == null ? null : value(component, before);
            Object next = value(component, after);
            if (!Objects.equals(last, next)) {
                changed.add(component.getName() + " " + next);
            }
        }
        return after.endpoint() + ": " + String.join(", ", changed);
    }

    private static @Nullable Object value(RecordComponent component, MeterRecord record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a record's accessors are public", e);
        }
    }
}
