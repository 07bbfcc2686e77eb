import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;

/**
 * Java's list under the work of benches/crossover: threads that get one element, or set it to another
 * object, by a share. The same columns, the last of them left empty; threads are not pinned.
 */
class Crossover {
    static final int INDEX = 7;
    /** Set in turn: an object that is there already would not be copied. */
    static final int VALUES = 1024;
    static volatile boolean stop;
    static volatile long sink;

    public static void main(String[] arguments) throws Exception {
        List<String> given = Arrays.asList(arguments);
        int threads = (int) number(given, "--threads", 2);
        int length = (int) number(given, "--len", 64);
        int rounds = (int) number(given, "--rounds", 9);
        long millis = (long) number(given, "--millis", 20);
        double share = number(given, "--share", -1);
        double[] shares = share < 0 ? new double[] {0, 0.1, 1, 10, 50, 100} : new double[] {share};
        System.out.println(
                "subject,write,read,share,threads,readers,writers,len,payload,reads_s,writes_s,ns,"
                        + "of_lock,p50,p99,p99.9,write_bytes,peak_bytes");
        for (double each : shares) {
            // For the compiler to have seen it all.
            race(threads, length, each, 50 * millis);
            double[][] figures = new double[rounds][];
            for (int round = 0; round < rounds; round++) {
                figures[round] = race(threads, length, each, millis);
            }
            System.out.printf(
                    Locale.ROOT,
                    "Java CopyOnWriteArrayList,set,one,%s,%d,0,0,%d,Long,%.0f,%.0f,%.2f,,,,,,%n",
                    each == (long) each ? "" + (long) each : "" + each,
                    threads, length, median(figures, 0), median(figures, 1), median(figures, 2));
        }
    }

    static double number(List<String> given, String name, double otherwise) {
        int place = given.indexOf(name);
        return place < 0 ? otherwise : Double.parseDouble(given.get(place + 1));
    }

    static double median(double[][] figures, int column) {
        double[] sorted = Arrays.stream(figures).mapToDouble(figure -> figure[column]).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** Reads and writes a second, and nanoseconds for an operation of one thread. */
    static double[] race(int threads, int length, double share, long millis) throws Exception {
        List<Long> elements = new ArrayList<>();
        for (long i = 0; i < length; i++) {
            elements.add(i);
        }
        List<Long> list = new CopyOnWriteArrayList<>(elements);
        // Of random numbers without a sign, those below are writes.
        long threshold = (long) (share / 100 * 0x1p63) * 2;
        long[][] counts = new long[threads][];
        CyclicBarrier barrier = new CyclicBarrier(threads + 1);
        Thread[] running = new Thread[threads];
        stop = false;
        for (int i = 0; i < threads; i++) {
            int thread = i;
            running[i] = new Thread(() -> {
                try {
                    barrier.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                counts[thread] = run(list, (thread + 1) * 0x9E3779B97F4A7C15L, threshold);
            });
            running[i].start();
        }
        barrier.await();
        long begin = System.nanoTime();
        Thread.sleep(millis);
        stop = true;
        double took = System.nanoTime() - begin;
        double reads = 0, writes = 0;
        for (int i = 0; i < threads; i++) {
            running[i].join();
            reads += counts[i][0];
            writes += counts[i][1];
        }
        return new double[] {reads / took * 1e9, writes / took * 1e9, took * threads / (reads + writes)};
    }

    /** What one thread does until it is told to stop: how often it read, and how often it wrote. */
    static long[] run(List<Long> list, long state, long threshold) {
        Long[] values = new Long[VALUES];
        for (int i = 0; i < VALUES; i++) {
            values[i] = state + i;
        }
        long reads = 0, sum = 0;
        int writes = 0, index = INDEX % list.size();
        while (!stop) {
            for (int i = 0; i < 64; i++) {
                state ^= state << 13;
                state ^= state >>> 7;
                state ^= state << 17;
                if (Long.compareUnsigned(state, threshold) < 0) {
                    list.set(index, values[writes++ & (VALUES - 1)]);
                } else {
                    sum += list.get(index);
                    reads++;
                }
            }
        }
        sink = sum;
        return new long[] {reads, writes};
    }
}
