package io.multistatus.standalone;

import org.junit.jupiter.api.Tag;

/** The same with sessions that WildFly keeps for a cluster. */
@Tag("wildfly")
class WildFlyDistributableDropInIT extends DropInContract {
    WildFlyDistributableDropInIT() {
        super("wildfly", new WildFlyDistribution(), OldAppWar.jakarta());
    }

    @Override
    String webXml() {
        return "<distributable/>";
    }
}
