package cn.eseal.peers;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.apache.pdfbox.cos.COSName;

/**
 * For benchmarks: signs the same file some times in one process.
 *
 * <p>{@code PdfBoxSign IN OUT KEY.pem CHAIN.pem [REPEAT]} prints a line of JSON a run, {@code {"run":1,"ns":…}}, and at last
 * {@code {"peak_rss_kib":…,"peak_heap_bytes":…}}. A run is: open, prepare, hash, sign, write OUT anew. The resident size is the
 * kernel's high-water mark and 0 where there is none to read.
 */
public final class PdfBoxSign {
    private PdfBoxSign() {}

    /**
     * The whole program.
     *
     * @param arguments as above
     * @throws IOException when a file cannot be read or written
     * @throws GeneralSecurityException when the key or chain cannot be read
     */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        if (arguments.length != 4 && arguments.length != 5) {
            System.err.println("usage: PdfBoxSign IN OUT KEY.pem CHAIN.pem [REPEAT]");
            System.exit(2);
        }
        Path in = Path.of(arguments[0]);
        Path out = Path.of(arguments[1]);
        PdfBoxSigner signer = new PdfBoxSigner(Pem.key(arguments[2]), Pem.certificates(arguments[3]));
        int repeat = arguments.length == 5 ? Integer.parseInt(arguments[4]) : 1;
        COSName subFilter = COSName.getPDFName("ETSI.CAdES.detached");
        for (int run = 1; run <= repeat; run++) {
            long started = System.nanoTime();
            signer.sign(in, out, subFilter);
            System.out.printf("{\"run\":%d,\"ns\":%d}%n", run, System.nanoTime() - started);
        }
        System.out.printf("{\"peak_rss_kib\":%d,\"peak_heap_bytes\":%d}%n", peakResidentKib(), peakHeap());
    }

    private static long peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .mapToLong(usage -> usage.getUsed())
                .sum();
    }

    private static long peakResidentKib() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
