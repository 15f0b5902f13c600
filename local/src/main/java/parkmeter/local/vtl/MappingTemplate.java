package parkmeter.local.vtl;

import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.velocity.Template;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.event.EventCartridge;
import org.apache.velocity.app.event.InvalidReferenceEventHandler;
import org.apache.velocity.context.Context;
import org.apache.velocity.exception.MethodInvocationException;
import org.apache.velocity.exception.VelocityException;
import org.apache.velocity.runtime.RuntimeConstants;
import org.apache.velocity.runtime.RuntimeInstance;
import org.apache.velocity.runtime.parser.ParseException;
import org.apache.velocity.util.introspection.Info;
import org.apache.velocity.util.introspection.SecureUberspector;
import org.jspecify.annotations.Nullable;

/** A mapping template, read once. */
public final class MappingTemplate {
    /** The largest template in bytes (API Gateway quotas, "Mapping template size"). */
    private static final int MOST_CHARACTERS = 300 * 1024;

    /** How often a {@code #foreach} goes round at most (API Gateway quotas, "Number of iterations in a #foreach loop"). */
    private static final int MOST_ROUNDS = 1000;

    private static final RuntimeInstance VELOCITY = velocity();

    private final Template template;

    private MappingTemplate(Template template) {
        this.template = template;
    }

    /**
     * Reads a template.
     *
     * @throws BadTemplate when Velocity can't
     */
    public static MappingTemplate of(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new BadTemplate("a mapping template has 300 KB at most");
        }
        Template template = new Template();
        template.setRuntimeServices(VELOCITY);
        template.setName("template");
        try {
            template.setData(VELOCITY.parse(new StringReader(text), template));
            template.initDocument();
        } catch (ParseException | VelocityException broken) {
            throw new BadTemplate(String.valueOf(broken.getMessage()));
        }
        return new MappingTemplate(template);
    }

    /**
     * Fills the template in.
     *
     * @throws BadBody when it reads a body as JSON that is none
     * @throws BadTemplate when it can't be run
     */
    public String render(Variables variables) {
        Context context = new VelocityContext();
        context.put("input", new InputVariable(variables));
        context.put("util", new UtilVariable());
        context.put("context", variables.context());
        context.put("stageVariables", variables.stageVariables());
        EventCartridge events = new EventCartridge();
        events.addInvalidReferenceEventHandler(new NothingIsEmpty());
        events.addMethodExceptionHandler(MappingTemplate::fail);
        events.attachToContext(context);
        StringWriter text = new StringWriter();
        try {
            template.merge(context, text);
        } catch (MethodInvocationException failed) {
            if (failed.getCause() instanceof BadBody badBody) {
                throw badBody;
            }
            throw new BadTemplate(failed.getReferenceName() + " failed in line " + failed.getLineNumber());
        } catch (VelocityException broken) {
            throw new BadTemplate(String.valueOf(broken.getMessage()));
        }
        return text.toString();
    }

    /** Where there is a cartridge without such a handler, Velocity takes a method that failed for one that returned nothing. */
    private static Object fail(Context context, Class<?> owner, String method, Exception fault, Info info) {
        throw fault instanceof RuntimeException unchecked ? unchecked : new IllegalStateException(fault);
    }

    /** Behaves as 1.7, by the settings that Velocity's own guide gives for it ("Upgrading", backward compatibility). */
    private static RuntimeInstance velocity() {
        Properties settings = new Properties();
        settings.putAll(Map.of(
                RuntimeConstants.CONVERSION_HANDLER_CLASS, "none",
                RuntimeConstants.SPACE_GOBBLING, "bc",
                RuntimeConstants.CHECK_EMPTY_OBJECTS, "false",
                RuntimeConstants.PARSER_HYPHEN_ALLOWED, "true",
                RuntimeConstants.VM_PERM_ALLOW_INLINE, "false",
                RuntimeConstants.MAX_NUMBER_LOOPS, String.valueOf(MOST_ROUNDS),
                RuntimeConstants.UBERSPECT_CLASSNAME, SecureUberspector.class.getName(),
                RuntimeConstants.RESOURCE_LOADERS, "none"));
        List.of("quiet", "null", "tested")
                .forEach(which -> settings.setProperty("event_handler.invalid_references." + which, "true"));
        RuntimeInstance velocity = new RuntimeInstance();
        velocity.setProperties(settings);
        velocity.init();
        List.of("parse", "include", "evaluate").forEach(velocity::removeDirective);
        return velocity;
    }

    /** A reference that leads nowhere is an empty text. */
    private static final class NothingIsEmpty implements InvalidReferenceEventHandler {
        @Override
        public Object invalidGetMethod(
                Context context, String reference, @Nullable Object object, @Nullable String property, Info info) {
            return "";
        }

        @Override
        public boolean invalidSetMethod(
                Context context, @Nullable String leftReference, @Nullable String rightReference, Info info) {
            return false;
        }

        @Override
        public Object invalidMethod(
                Context context, String reference, @Nullable Object object, @Nullable String method, Info info) {
            return "";
        }
    }
}
