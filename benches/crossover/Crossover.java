import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Locale;
import java.util.Scanner;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;

/**
 * Measures Java's list under the workload of this benchmark, which runs {@code java Crossover.java ROUNDS MILLIS}.
 * Each line of standard input is a case: {@code write,read,share,threads,readers,writers,len,payload}. The program
 * prints each line with the subject's name before it and the figures after it.
 *
 * <p>A Java list holds references: a u64 is a Long, the other payloads are a String, and a copy of the list clones
 * none of them. Each write makes a new object, because the list does not copy if the object is already there.
 * Threads are not pinned. There is no peak of live bytes, because it depends on the garbage collector.
 */
class Crossover {
    static final int INDEX = 7;
    static final int PUSHES = 4096;
    static final byte[] TEXT = "a text of thirty and two bytes..".getBytes(StandardCharsets.ISO_8859_1);
    static final ThreadMXBean BEAN = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    static volatile boolean stop;
    static volatile long sink;

    public static void main(String[] arguments) throws Exception {
        // Stops everything if a thread fails, because the figures of the others would be wrong.
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> {
            error.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
        int rounds = Integer.parseInt(arguments[0]);
        long millis = Long.parseLong(arguments[1]);
        // The compiler must have seen reads and writes, timed and not timed.
        long warm = 50 * millis;
        for (Scanner input = new Scanner(System.in); input.hasNextLine(); warm = 2 * millis) {
            Case it = new Case(input.nextLine());
            race(it, new double[] {50, 50}, warm, true);
            race(it, new double[] {50, 50}, warm, false);
            race(it, it.roles, warm, false);
            double[][] figures = new double[rounds][];
            for (int round = 0; round < rounds; round++) {
                List<Worker> done = race(it, it.roles, millis, false);
                double reads = 0, writes = 0, took = 0;
                for (Worker worker : done) {
                    reads += worker.reads;
                    writes += worker.writes;
                    took += (double) worker.took / done.size();
                }
                figures[round] = new double[] {
                    reads / took * 1e9, writes / took * 1e9, took * it.roles.length / (reads + writes)
                };
            }
            System.out.printf(
                    Locale.ROOT, "Java CopyOnWriteArrayList,%s,%.0f,%.0f,%.2f,,%s,%s,%n",
                    it.line, median(figures, 0), median(figures, 1), median(figures, 2),
                    percentiles(race(it, it.roles, millis, true)), bytes(race(it, it.roles, millis, false)));
        }
    }

    static double median(double[][] figures, int column) {
        double[] sorted = Arrays.stream(figures).mapToDouble(figure -> figure[column]).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** Returns the 50th, 99th and 99.9th percentile of the times of reads, in nanoseconds. */
    static String percentiles(List<Worker> done) {
        long[] times = new long[Worker.BUCKETS];
        long all = 0;
        for (Worker worker : done) {
            all += worker.reads;
            Arrays.setAll(times, bucket -> times[bucket] + worker.times[bucket]);
        }
        List<String> found = new ArrayList<>();
        for (double part : new double[] {0.5, 0.99, 0.999}) {
            int bucket = 0;
            for (long seen = times[0]; seen < part * all; seen += times[bucket]) {
                bucket++;
            }
            found.add(all == 0 ? "" : "" + Worker.time(bucket));
        }
        return String.join(",", found);
    }

    /** Returns the bytes that all threads allocated, divided by the number of writes. */
    static String bytes(List<Worker> done) {
        long bytes = done.stream().mapToLong(worker -> worker.bytes).sum();
        long writes = done.stream().mapToLong(worker -> worker.writes).sum();
        return writes == 0 ? "" : "" + bytes / writes;
    }

    /** Runs one thread for each share of writes in {@code roles}. */
    static List<Worker> race(Case it, double[] roles, long millis, boolean timed) throws Exception {
        List<Object> list = new CopyOnWriteArrayList<>(Collections.nCopies(it.length, it.make()));
        List<Worker> workers = new ArrayList<>();
        CyclicBarrier barrier = new CyclicBarrier(roles.length + 1);
        stop = false;
        for (double share : roles) {
            Worker worker = new Worker(it, list, barrier, timed, share, workers.size() + 1, PUSHES / roles.length);
            workers.add(worker);
            worker.start();
        }
        barrier.await();
        Thread.sleep(millis);
        stop = true;
        for (Worker worker : workers) {
            worker.join();
        }
        return workers;
    }

    enum Write { SET, PUSH, REPLACE }

    /** One line of the input. */
    static class Case {
        final String line;
        final Write write;
        final boolean all, number;
        final int length;
        /** For each thread, the share of writes, in percent. */
        final double[] roles;

        Case(String line) {
            String[] fields = line.split(",");
            this.line = line;
            write = Write.valueOf(fields[0].toUpperCase(Locale.ROOT));
            all = fields[1].equals("all");
            int threads = Integer.parseInt(fields[3]);
            int readers = Integer.parseInt(fields[4]), writers = Integer.parseInt(fields[5]);
            roles = new double[threads + readers + writers];
            Arrays.fill(roles, threads == 0 ? 0 : Double.parseDouble(fields[2]));
            Arrays.fill(roles, threads + readers, roles.length, 100);
            length = Integer.parseInt(fields[6]);
            number = fields[7].equals("u64");
        }

        Object make() {
            // A large number, because Java shares one object for each small number.
            return number ? (Object) Long.valueOf(1L << 40) : new String(TEXT, StandardCharsets.ISO_8859_1);
        }
    }

    static class Worker extends Thread {
        /** One bucket for each time below 256, and 128 buckets for each power of two from there. */
        static final int BUCKETS = 128 * 58;

        final Case it;
        final List<Object> list;
        final CyclicBarrier barrier;
        final boolean timed;
        /** Unsigned random numbers below this are writes. */
        final long threshold;
        final int index, pushes;
        /** The index of reads. It is valid even while a replacement has removed an element. */
        final int place;
        final long[] times = new long[BUCKETS];
        long state, reads, writes, sum, bytes, took;
        /** The number of pushes left until the list is truncated. */
        int left;

        Worker(
                Case it, List<Object> list, CyclicBarrier barrier, boolean timed, double share, int number, int pushes) {
            this.it = it;
            this.list = list;
            this.barrier = barrier;
            this.timed = timed;
            this.pushes = pushes;
            threshold = (long) (share / 100 * 0x1p63) * 2;
            state = number * 0x9E3779B97F4A7C15L;
            index = INDEX % it.length;
            place = it.write == Write.REPLACE ? Math.min(index, Math.max(it.length - 2, 0)) : index;
            left = pushes;
        }

        static int bucket(long time) {
            int shift = Math.max(0, 56 - Long.numberOfLeadingZeros(time));
            return (shift << 7) + (int) (time >>> shift);
        }

        static long time(int bucket) {
            int shift = Math.max(0, (bucket >> 7) - 1);
            return (long) (bucket - (shift << 7)) << shift;
        }

        @Override
        public void run() {
            try {
                barrier.await();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            bytes = -BEAN.getThreadAllocatedBytes(getId());
            took = -System.nanoTime();
            while (!stop) {
                batch();
            }
            took += System.nanoTime();
            bytes += BEAN.getThreadAllocatedBytes(getId());
            sink = sum;
        }

        void batch() {
            for (int i = 0; i < 64; i++) {
                state ^= state << 13;
                state ^= state >>> 7;
                state ^= state << 17;
                if (Long.compareUnsigned(state, threshold) < 0) {
                    write();
                    left = left == 0 ? pushes : left - 1;
                    writes++;
                } else if (timed) {
                    long begin = System.nanoTime();
                    read();
                    times[bucket(System.nanoTime() - begin)]++;
                    reads++;
                } else {
                    read();
                    reads++;
                }
            }
        }

        void read() {
            if (it.all) {
                for (Object element : list) {
                    sum += look(element);
                }
            } else {
                sum += look(list.get(place));
            }
        }

        static long look(Object element) {
            return element instanceof Long ? (Long) element : ((String) element).length();
        }

        void write() {
            if (it.write == Write.SET) {
                list.set(index, it.make());
            } else if (it.write == Write.REPLACE) {
                // Other writes must not come between these two changes, because they could find nothing to remove.
                synchronized (list) {
                    list.remove(index);
                    list.add(it.make());
                }
            } else if (left > 0) {
                list.add(it.make());
            } else {
                shorten();
            }
        }

        /** Truncates the list. Retries if another thread changed it meanwhile. */
        void shorten() {
            for (boolean done = false; !done; ) {
                try {
                    list.subList(it.length, list.size()).clear();
                    done = true;
                } catch (ConcurrentModificationException | IndexOutOfBoundsException again) {
                    Thread.onSpinWait();
                }
            }
        }
    }
}
