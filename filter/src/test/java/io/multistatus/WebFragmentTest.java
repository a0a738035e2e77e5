package io.multistatus;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.bootstrap.DOMImplementationRegistry;
import org.w3c.dom.ls.DOMImplementationLS;
import org.w3c.dom.ls.LSInput;
import org.xml.sax.SAXException;

/** The descriptor that lets the jar work by being there. */
class WebFragmentTest {
    /** What the schemas use of http://www.w3.org/2001/xml.xsd, which is not in the jar. */
    private static final String XML_NAMESPACE = """
            <schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace">
              <attribute name="lang" type="language"/>
            </schema>
            """;

    private static final Path FRAGMENT =
            Path.of(System.getProperty("basedir", ""), "src", "main", "resources", "META-INF", "web-fragment.xml");

    @Test
    void theFragmentIsValidByTheSchemaOfServlet6() throws Exception {
        Schema schema = schema("web-fragment_6_0.xsd");
        try (InputStream fragment = Files.newInputStream(FRAGMENT)) {
            schema.newValidator().validate(new StreamSource(fragment));
        }
    }

    @Test
    void theFragmentMapsTheFilterBeforeOthersAndAsynchronously() throws Exception {
        Element fragment = parse();
        assertThat(text(fragment, "name")).isEqualTo("multistatus");
        assertThat(text(fragment, "filter-name")).isEqualTo("multistatus");
        assertThat(text(fragment, "async-supported")).isEqualTo("true");
        assertThat(text(fragment, "url-pattern")).isEqualTo("/*");
        assertThat(text(fragment, "dispatcher")).isEqualTo("REQUEST");
        assertThat(fragment.getElementsByTagName("others")
                        .item(0)
                        .getParentNode()
                        .getNodeName())
                .isEqualTo("before");
    }

    @Test
    void theFilterClassOfTheFragmentIsAFilter() throws Exception {
        assertThat(Class.forName(text(parse(), "filter-class"))).isAssignableTo(Filter.class);
    }

    private static Element parse() throws IOException, ParserConfigurationException, SAXException {
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(FRAGMENT.toFile());
        return document.getDocumentElement();
    }

    private static String text(Element parent, String name) {
        return Objects.requireNonNull(parent.getElementsByTagName(name).item(0), name)
                .getTextContent();
    }

    /** A schema of the servlet API's jar, which includes others of the same jar. */
    private static Schema schema(String name) throws Exception {
        DOMImplementationLS dom =
                (DOMImplementationLS) DOMImplementationRegistry.newInstance().getDOMImplementation("LS 3.0");
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        factory.setResourceResolver((type, namespace, publicId, systemId, base) -> {
            String file = systemId.substring(systemId.lastIndexOf('/') + 1);
            LSInput input = dom.createLSInput();
            input.setSystemId(file);
            if (file.equals("xml.xsd")) {
                input.setStringData(XML_NAMESPACE);
            } else {
                input.setByteStream(resource(file));
            }
            return input;
        });
        return factory.newSchema(new StreamSource(resource(name), name));
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(Servlet.class.getResourceAsStream("/jakarta/servlet/resources/" + name), name);
    }
}
