package io.multistatus.standalone;

/** Tomcat 11 from its archive. */
class Tomcat11DropInIT extends DropInContract {
    Tomcat11DropInIT() {
        super("tomcat-11", new TomcatDistribution(), OldAppWar.jakarta());
    }
}
