package io.multistatus;

import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.Enumeration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A filter's init-params and nothing else; its context forgets all attributes. */
record StubFilterConfig(Map<String, String> params) implements FilterConfig {

    @Override
    public String getFilterName() {
        return "multistatus";
    }

    @Override
    public ServletContext getServletContext() {
        return (ServletContext) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ServletContext.class}, (self, method, arguments) -> {
                    if (method.getName().endsWith("Attribute")) {
                        return null;
                    }
                    throw new UnsupportedOperationException("a configuration needs no context");
                });
    }

    @Override
    public @Nullable String getInitParameter(String name) {
        return params.get(name);
    }

    @Override
    public Enumeration<String> getInitParameterNames() {
        return Collections.enumeration(params.keySet());
    }
}
