package io.multistatus.standalone.app;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.util.EnumSet;
import java.util.Set;

/** Adds filters the way frameworks do: one ahead of all that are declared, one after them. */
public final class FilterInitializer implements ServletContainerInitializer {

    @Override
    public void onStartup(Set<Class<?>> classes, ServletContext context) {
        add(context, "ahead", false);
        add(context, "after", true);
    }

    private static void add(ServletContext context, String name, boolean isMatchAfter) {
        FilterRegistration.Dynamic filter = context.addFilter(name, SeenFilter.class);
        filter.setAsyncSupported(true);
        filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), isMatchAfter, "/*");
    }
}
