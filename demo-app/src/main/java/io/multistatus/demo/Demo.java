package io.multistatus.demo;

public final class Demo {
    private Demo() {}

    public static void main(String[] args) {}
}
