package cn.eseal.peers;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Does jobs until standard input ends: a {@link Job} a line in, an {@link Answer} a line out, in the same order. One process
 * serves a whole test run, because starting it costs more than most answers.
 */
public final class Peers {
    private Peers() {}

    /**
     * The whole program.
     *
     * @param arguments none
     * @throws IOException when standard input cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        // Whatever a library prints must not stand among the answers.
        System.setOut(System.err);
        ObjectMapper json = new ObjectMapper();
        BufferedReader jobs = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = jobs.readLine(); line != null; line = jobs.readLine()) {
            answers.println(json.writeValueAsString(answer(json.readValue(line, Job.class))));
        }
    }

    private static Answer answer(Job job) {
        try {
            return switch (job.task()) {
                case JUDGE_PDFBOX -> PdfBoxJudge.judge(job);
                case JUDGE_DSS -> DssJudge.judge(job);
                case JUDGE_VERAPDF -> VeraPdfJudge.judge(job);
                case SIGN_PDFBOX -> PdfBoxSigner.sign(job);
                case SIGN_DSS -> DssSigner.sign(job);
            };
        } catch (Exception | LinkageError | VirtualMachineError broken) {
            return Answer.of(Answer.Verdict.ERROR, broken.toString());
        }
    }
}
