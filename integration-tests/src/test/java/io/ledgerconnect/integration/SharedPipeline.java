package io.ledgerconnect.integration;

import io.ledgerconnect.testbed.Testbed;
import io.ledgerconnect.testbed.pipeline.Pipeline;
import io.ledgerconnect.testbed.pipeline.PipelineSpec;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests one pipeline, started when the first asks for it and ended after the last of all classes. Tests on it
 * must leave its servers running and settings as they are; each has tables, slots and connectors of its own.
 */
public final class SharedPipeline implements ParameterResolver {

    /** The testbed and what was started on it. */
    public record Bench(Testbed testbed, Pipeline pipeline) implements AutoCloseable {

        public static Bench open(PipelineSpec spec) {
            Testbed testbed = Testbed.open();
            try {
                return new Bench(testbed, Pipeline.start(testbed, spec, step -> {}));
            } catch (RuntimeException e) {
                testbed.close();
                throw e;
            }
        }

        @Override
        public void close() {
            testbed.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Pipeline.class || type == Bench.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Bench bench = context.getRoot()
                .getStore(Namespace.create(SharedPipeline.class))
                .computeIfAbsent(Bench.class, key -> Bench.open(PipelineSpec.defaults()), Bench.class);
        return parameter.getParameter().getType() == Pipeline.class ? bench.pipeline() : bench;
    }
}
