package io.multistatus.spring;

import io.multistatus.InvalidConfigException;
import java.util.Arrays;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.ListableBeanFactory;

/** The databases of the app, by the names of their beans. */
final class DataSourceBeans {
    private DataSourceBeans() {}

    /**
     * The one that is called so.
     *
     * @param key what names it
     * @throws InvalidConfigException if there is none; says which there are
     */
    static DataSource named(String name, String key, ListableBeanFactory beans) {
        if (!beans.containsBean(name) || !beans.isTypeMatch(name, DataSource.class)) {
            List<String> names = Arrays.stream(beans.getBeanNamesForType(DataSource.class))
                    .sorted()
                    .toList();
            throw new InvalidConfigException(
                    List.of(key + " is '" + name + "': no DataSource bean has that name; there are " + names));
        }
        return beans.getBean(name, DataSource.class);
    }
}
