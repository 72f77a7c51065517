package dev.belay.drill;

/// How much of everything, and the seed of all choices.
///
/// @param jobs    that are fed
/// @param workers processes
/// @param kills   `kill -9`, of workers and broker together
public record DrillPlan(int jobs, int workers, int kills, long seed) {
    private static final int JOBS_EACH = 10;
    private static final int FEWEST_DATASETS = 4;
    private static final int MOST_DATASETS = 40;
    private static final int KILLS_FOR_ONE_OF_THE_BROKER = 20;
    private static final int KILLS_FOR_ONE_STOP = 5;

    /// The most that may be asked for, and the least.
    public static final int MOST_JOBS = 100_000;

    public static final int MOST_WORKERS = 16;
    public static final int MOST_KILLS = 10_000;
    public static final int FEWEST_JOBS = 10;

    /// @throws IllegalArgumentException naming the number that is out of range
    public DrillPlan {
        within("jobs", jobs, FEWEST_JOBS, MOST_JOBS);
        within("workers", workers, 1, MOST_WORKERS);
        within("kills", kills, 0, MOST_KILLS);
    }

    private static void within(String name, int number, int least, int most) {
        if (number < least || number > most) {
            throw new IllegalArgumentException(
                    "--%s is a whole number from %,d to %,d, not %,d".formatted(name, least, most, number));
        }
    }

    /// How many datasets the jobs are for.
    public int datasets() {
        return Math.clamp(jobs / JOBS_EACH, FEWEST_DATASETS, MOST_DATASETS);
    }

    /// How many of the kills are the broker's.
    public int brokerKills() {
        return (kills + KILLS_FOR_ONE_OF_THE_BROKER / 2) / KILLS_FOR_ONE_OF_THE_BROKER;
    }

    /// How often a worker is stopped (SIGSTOP) and continued, besides.
    public int stops() {
        return kills / KILLS_FOR_ONE_STOP;
    }

    /// The command that makes the same choices again.
    public String command() {
        return "belay drill --jobs %d --workers %d --kills %d --seed %d".formatted(jobs, workers, kills, seed);
    }
}
