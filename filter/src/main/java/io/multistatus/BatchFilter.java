package io.multistatus;

import jakarta.servlet.http.HttpFilter;

public final class BatchFilter extends HttpFilter {}
