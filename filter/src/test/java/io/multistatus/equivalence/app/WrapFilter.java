package io.multistatus.equivalence.app;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.CharArrayWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;

/** Wraps request and response, and writes what the handler wrote in upper case. */
final class WrapFilter implements Filter {
    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        CharArrayWriter buffer = new CharArrayWriter();
        PrintWriter writer = new PrintWriter(buffer);
        chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public String getParameter(String name) {
                        return "wrapped".equals(name) ? "yes" : super.getParameter(name);
                    }
                },
                new HttpServletResponseWrapper((HttpServletResponse) response) {
                    @Override
                    public PrintWriter getWriter() {
                        return writer;
                    }
                });
        writer.flush();
        response.getWriter().print(buffer.toString().toUpperCase(Locale.ROOT));
    }
}
