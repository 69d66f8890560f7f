package io.ledgerconnect.source.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ledgerconnect.source.decode.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class CopyBinaryReaderTest {
    private static final String HEADER = "5047434f50590aff0d0a00 00000000 00000000 ";
    private static final String ROW = "0002 00000001 61 ffffffff ";
    private static final String TRAILER = "ffff";

    private final CopyBinaryReader reader = new CopyBinaryReader();
    private final List<String> rows = new ArrayList<>();

    private void read(String hex) {
        reader.read(bytes(hex), this::add);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private void add(Tuple row) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < row.columns(); i++) {
            byte[] bytes = new byte[row.length(i)];
            row.at(i).get(bytes);
            text.append((char) row.kind(i)).append(new String(bytes, StandardCharsets.UTF_8));
        }
        rows.add(text.toString());
    }

    @Test
    void readsRowsUntilTheTrailer() {
        read(HEADER + ROW);
        read(ROW + "0001 00000000");
        assertThat(reader.ended()).isFalse();
        read(TRAILER);
        assertThat(reader.ended()).isTrue();
        assertThat(rows).containsExactly("ban", "ban", "b");
    }

    @Test
    void readsATableWithoutRows() {
        read(HEADER + TRAILER);
        assertThat(reader.ended()).isTrue();
        assertThat(rows).isEmpty();
    }

    @Test
    void skipsAHeaderExtension() {
        read("5047434f50590aff0d0a00 00000000 00000003 010203" + ROW);
        assertThat(rows).containsExactly("ban");
    }

    @Test
    void refusesAnotherFormat() {
        assertThatThrownBy(() -> read("31 09 61 0a 31 09 61 0a 31 09 61 0a 31 09 61 0a 31 09 61 0a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not in its binary format");
    }

    @Test
    void refusesWhatIsCutOff() {
        byte[] whole = bytes(HEADER + ROW);
        int header = bytes(HEADER).length;
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            if (length != header) {
                assertThatThrownBy(() -> new CopyBinaryReader().read(cut, this::add))
                        .isInstanceOf(IllegalStateException.class);
            }
        }
        assertThat(rows).isEmpty();
    }
}
