package io.multistatus;

import io.multistatus.event.BatchListener;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.List;

/** Listeners that are configured by the names of their classes. */
final class ListenerClasses {
    private ListenerClasses() {}

    /**
     * A new instance of each class that {@code names} lists, found by the thread's context class loader: the web app's.
     *
     * @throws IllegalArgumentException if there is none to be had; says why
     */
    static List<BatchListener> instantiate(String names) {
        List<BatchListener> listeners = new ArrayList<>();
        for (String name : ParamText.list(names)) {
            listeners.add(newListener(name));
        }
        return listeners;
    }

    private static BatchListener newListener(String name) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = context != null ? context : ListenerClasses.class.getClassLoader();
        try {
            return Class.forName(name, true, loader)
                    .asSubclass(BatchListener.class)
                    .getConstructor()
                    .newInstance();
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException("there is no class '" + name + "'", e);
        } catch (ClassCastException e) {
            throw new IllegalArgumentException("'" + name + "' does not implement " + BatchListener.class.getName(), e);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException("the constructor of '" + name + "' threw " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(
                    "'" + name + "' must be a public class, not abstract, with a public constructor without parameters",
                    e);
        } catch (LinkageError e) {
            throw new IllegalArgumentException("'" + name + "' cannot be loaded: " + e, e);
        }
    }
}
