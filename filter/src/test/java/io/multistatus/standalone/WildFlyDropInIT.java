package io.multistatus.standalone;

import org.junit.jupiter.api.Tag;

/** WildFly from its archive; in a profile, because that is large. */
@Tag("wildfly")
class WildFlyDropInIT extends DropInContract {
    WildFlyDropInIT() {
        super("wildfly", new WildFlyDistribution(), OldAppWar.jakarta());
    }
}
