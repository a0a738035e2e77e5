package io.multistatus;

import io.multistatus.format.ContentType;
import io.multistatus.model.HttpSyntax;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The media ranges of a client's {@code Accept} fields (RFC 9110, section 12.5.1). Immutable. */
final class AcceptedTypes {
    private static final Pattern WEIGHT = Pattern.compile("[01](?:\\.[0-9]{0,3})?|\\.[0-9]{1,3}");
    private static final String WEIGHT_PARAMETER = "q";

    private final List<ContentType> ranges;

    private AcceptedTypes(List<ContentType> ranges) {
        this.ranges = ranges;
    }

    /** Those of {@code fields}; what is no media range is left out. */
    static AcceptedTypes of(List<String> fields) {
        return new AcceptedTypes(fields.stream()
                .flatMap(field -> HttpSyntax.split(field, ',').stream())
                .flatMap(range -> ContentType.parse(range).stream())
                .toList());
    }

    /** The media range that names this type and subtype, of several the one of the greatest weight; empty if none is welcome. */
    Optional<ContentType> named(String essence) {
        Optional<ContentType> best = Optional.empty();
        double greatest = 0;
        for (ContentType range : ranges) {
            if (range.essence().equals(essence) && weight(range) > greatest) {
                greatest = weight(range);
                best = Optional.of(range);
            }
        }
        return best;
    }

    /**
     * How welcome something is, by the most specific range that it fits.
     *
     * @param essence its type and subtype
     * @param fits whether it is what the parameters of a range ask for that has this type and subtype
     */
    Acceptance of(String essence, Predicate<ContentType> fits) {
        Acceptance acceptance = Acceptance.NONE;
        for (ContentType range : ranges) {
            int precision = precision(range, essence, fits);
            double weight = weight(range);
            boolean counts = precision > acceptance.precision
                    || (precision == acceptance.precision && weight > acceptance.weight);
            if (precision > 0 && counts) {
                acceptance = new Acceptance(weight, precision);
            }
        }
        return acceptance;
    }

    private static int precision(ContentType range, String essence, Predicate<ContentType> fits) {
        if (range.essence().equals(essence)) {
            boolean bare = range.parameters().keySet().stream().allMatch(WEIGHT_PARAMETER::equals);
            return fits.test(range) ? (bare ? 3 : 4) : 0;
        }
        if (range.subtype().equals("*")) {
            return range.type().equals("*") ? 1 : essence.startsWith(range.type() + '/') ? 2 : 0;
        }
        return 0;
    }

    /** From 0 to 1; 0 as well where it is none (RFC 9110, section 12.4.2). */
    static double weight(ContentType range) {
        return range.parameter(WEIGHT_PARAMETER)
                .map(q -> WEIGHT.matcher(q).matches() ? Double.parseDouble(q) : 0.0)
                .orElse(1.0);
    }

    /**
     * How welcome something is.
     *
     * @param weight from 0, not at all, to 1
     * @param precision how precisely the client has named it; 0 if not at all
     */
    record Acceptance(double weight, int precision) {
        static final Acceptance NONE = new Acceptance(0, 0);

        /** Whether it is more welcome than {@code other}. At equal weights, what the client has named itself counts more than a wildcard. */
        boolean isAbove(Acceptance other) {
            boolean named = precision > 2;
            return weight > other.weight || (weight > 0 && weight == other.weight && named && other.precision <= 2);
        }
    }
}
