package cn.eseal.ofdrw;

import java.io.IOException;
import java.io.StringReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Optional;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.ofdrw.gm.ses.v4.SESeal;
import org.ofdrw.reader.OFDReader;
import org.ofdrw.sign.SignMode;
import org.ofdrw.sign.signContainer.SESV4Container;
import org.ofdrw.sign.stamppos.NormalStampPos;
import org.ofdrw.sign.verify.OFDValidator;

/**
 * For benchmarks: seals the same package some times in one process, and verifies what it sealed.
 *
 * <p>{@code OfdrwBench seal|verify IN OUT KEY.pem CERT.pem SEAL.esl [REPEAT]} prints a line of JSON a run, {@code {"ns":…}}: the
 * thread's time of the processor; compiler and collector are not counted, to its favour. Sealing
 * is: open, seal page 1 under GB/T 38540-2020, write OUT anew. Verifying reads IN, and neither OUT nor the key.
 */
public final class OfdrwBench {
    private OfdrwBench() {}

    /**
     * The whole program.
     *
     * @param arguments as above
     * @throws IOException when a file cannot be read or written
     * @throws GeneralSecurityException when something does not hold
     */
    public static void main(String[] arguments) throws IOException, GeneralSecurityException {
        if (arguments.length != 6 && arguments.length != 7) {
            System.err.println("usage: OfdrwBench seal|verify IN OUT KEY.pem CERT.pem SEAL.esl [REPEAT]");
            System.exit(2);
        }
        Path in = Path.of(arguments[1]);
        Path out = Path.of(arguments[2]);
        PrivateKey key = key(Path.of(arguments[3]));
        X509Certificate certificate = Certificates.read(Files.readAllBytes(Path.of(arguments[4])));
        byte[] seal = Files.readAllBytes(Path.of(arguments[5]));
        int repeat = arguments.length == 7 ? Integer.parseInt(arguments[6]) : 1;
        for (int run = 1; run <= repeat; run++) {
            long started = spent();
            if ("seal".equals(arguments[0])) {
                SESV4Container container = new SESV4Container(key, SESeal.getInstance(seal), certificate);
                NormalStampPos place = new NormalStampPos(1, 30, 40, 40, 40);
                Signer.sign(in, out, container, Optional.of(place), SignMode.ContinueSign);
            } else {
                verify(in);
            }
            System.out.printf("{\"ns\":%d}%n", spent() - started);
        }
    }

    private static long spent() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void verify(Path file) throws IOException, GeneralSecurityException {
        try (OFDReader reader = new OFDReader(file);
                OFDValidator validator = new OFDValidator(reader)) {
            validator.setValidator(Containers.judging(new ArrayList<>()));
            validator.exeValidate();
        }
    }

    private static PrivateKey key(Path file) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(Files.readString(file)))) {
            PrivateKeyInfo info = (PrivateKeyInfo) parser.readObject();
            return new JcaPEMKeyConverter().setProvider(Pki.PROVIDER).getPrivateKey(info);
        }
    }
}
