package io.ledgerconnect.testbed.ledger;

import io.ledgerconnect.testbed.ledger.Booking.Leg;
import io.ledgerconnect.testbed.ledger.Books.Account;
import io.ledgerconnect.testbed.ledger.Books.Kind;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes up requests for transfers. Not thread-safe: one per connection. */
final class BookingFactory {
    static final String PAYMENT_KEY = "payment-";

    /** Enough to convert into at least one minor unit of any currency, and to have a fee. */
    private static final int SMALLEST_PAYMENT = 200;

    private static final int LARGEST_PAYMENT = 10_000;
    private static final long OPENING_BALANCE = 1_000_000;

    /** More than an account ever holds. */
    private static final long UNAFFORDABLE = 1_000_000_000_000L;

    private static final BigDecimal[] FEE_RATES = {
        new BigDecimal("0.0025"), new BigDecimal("0.009"), new BigDecimal("0.01449"), new BigDecimal("0")
    };
    private static final String[] CHANNELS = {"card", "wallet", "bank", "qr"};
    private static final String[] NOTES = {"coffee", "Grüße aus Köln", "커피 두 잔", "line\nbreak, \"quotes\" and \\\\"};
    private static final double WITH_FX = 0.05;
    private static final double WITHOUT_METADATA = 0.1;

    /** Long enough, and random enough, to be stored out of line, so that an update of the row does not send it. */
    private static final double WITH_RECEIPT = 0.01;

    private static final int RECEIPT_BYTES = 3000;

    private final Books books;
    private final RandomGenerator random;

    BookingFactory(Books books, RandomGenerator random) {
        this.books = books;
        this.random = random;
    }

    /** A customer pays a merchant, in a few cases one with another currency. */
    Booking payment() {
        return payment(random.nextInt(SMALLEST_PAYMENT, LARGEST_PAYMENT));
    }

    /** A payment that the ledger refuses for lack of funds. */
    Booking unaffordable() {
        return payment(UNAFFORDABLE);
    }

    private Booking payment(long amount) {
        Currency currency = Currency.any(random);
        Currency payeeCurrency = random.nextDouble() < WITH_FX ? Currency.any(random) : currency;
        Account payer = books.any(Kind.CUSTOMER, currency, random);
        Account payee = books.any(Kind.MERCHANT, payeeCurrency, random);
        BigDecimal rate = currency == payeeCurrency ? null : currency.rateTo(payeeCurrency);
        long received = rate == null ? amount : rounded(rate.multiply(BigDecimal.valueOf(amount)));
        BigDecimal fee = FEE_RATES[random.nextInt(FEE_RATES.length)].multiply(BigDecimal.valueOf(received));
        List<Leg> legs = new ArrayList<>();
        legs.add(new Leg(payer.id(), -amount));
        if (rate != null) {
            legs.add(leg(Kind.EXCHANGE, currency, amount));
            legs.add(leg(Kind.EXCHANGE, payeeCurrency, -received));
        }
        legs.add(new Leg(payee.id(), received - rounded(fee)));
        if (rounded(fee) > 0) {
            legs.add(leg(Kind.FEES, payeeCurrency, rounded(fee)));
        }
        return booking(PAYMENT_KEY, payer, payee, amount, fee, rate, legs);
    }

    /** Money comes in from outside to a customer. */
    Booking deposit(Account customer) {
        Account external = books.any(Kind.EXTERNAL, customer.currency(), random);
        List<Leg> legs = List.of(new Leg(external.id(), -OPENING_BALANCE), new Leg(customer.id(), OPENING_BALANCE));
        return booking("deposit-", external, customer, OPENING_BALANCE, BigDecimal.ZERO, null, legs);
    }

    /** Money comes in from outside to some customers of one currency, none of them twice. */
    List<Booking> deposits(int number) {
        List<Account> customers = books.all(Kind.CUSTOMER, Currency.any(random));
        int first = random.nextInt(Math.max(1, customers.size() - number));
        return customers.subList(first, Math.min(customers.size(), first + number)).stream()
                .map(this::deposit)
                .toList();
    }

    private Booking booking(
            String kind, Account payer, Account payee, long amount, BigDecimal fee, BigDecimal rate, List<Leg> legs) {
        var id = Ids.next(random);
        String key = kind + id;
        return new Booking(
                id, key, payer.id(), payee.id(), amount, payer.currency(), fee, rate, metadata(), List.copyOf(legs));
    }

    private Leg leg(Kind kind, Currency currency, long amount) {
        return new Leg(books.any(kind, currency, random).id(), amount);
    }

    private static long rounded(BigDecimal minorUnits) {
        return minorUnits.setScale(0, RoundingMode.HALF_EVEN).longValueExact();
    }

    private String metadata() {
        double draw = random.nextDouble();
        if (draw < WITHOUT_METADATA) {
            return null;
        }
        String channel = CHANNELS[random.nextInt(CHANNELS.length)];
        String note = NOTES[random.nextInt(NOTES.length)].replace("\n", "\\n").replace("\"", "\\\"");
        String receipt = draw < WITHOUT_METADATA + WITH_RECEIPT ? receipt() : "";
        return "{\"channel\": \"" + channel + "\", \"note\": \"" + note + "\", \"receipt\": \"" + receipt + "\"}";
    }

    private String receipt() {
        byte[] bytes = new byte[RECEIPT_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
