package io.multistatus.standalone;

/** Tomcat 9 from its archive. */
class Tomcat9DropInIT extends DropInContract {
    Tomcat9DropInIT() {
        super("tomcat-9", new TomcatDistribution(), OldAppWar.javax());
    }
}
