package cn.eseal.ofdrw;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Does jobs until standard input ends: a {@link Job} a line in, an {@link Answer} a line out, in the same order. */
public final class Ofdrw {
    private Ofdrw() {}

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
                case JUDGE -> Judge.judge(job);
                case SIGN -> Signer.sign(job);
                case JUDGE_MANIFEST -> Manifests.judge(job);
                case CLOSE -> Manifests.close(job);
            };
        } catch (Exception | LinkageError | VirtualMachineError broken) {
            return new Answer(Answer.Verdict.ERROR, broken.toString());
        }
    }
}
