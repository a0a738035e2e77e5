package io.multistatus.standalone;

/** Tomcat 10.1 from its archive. */
class Tomcat101DropInIT extends DropInContract {
    Tomcat101DropInIT() {
        super("tomcat-10.1", new TomcatDistribution(), OldAppWar.jakarta());
    }
}
