package dev.belay.saga;

import dev.belay.fault.FaultPoint;
import dev.belay.fault.FaultPoint.Side;
import dev.belay.fault.Faults;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// What a kill at each passing of a point would leave of an installation. Passings between which nothing has
/// changed on disk or in Kafka leave the same: they are one moment.
final class Moments {
    /// A state that a kill can leave.
    ///
    /// @param points the passings that leave it
    /// @param left   a copy of it
    record Moment(List<String> points, OnDisk left) {
        /// Which kill it was, for people.
        String where() {
            return "killed " + points.getFirst();
        }
    }

    /// Which moments are kept.
    @FunctionalInterface
    interface Choice {
        /// @param number of the moment, from 0
        /// @return its place among the kept ones, instead of the one that was there; -1 to let it go
        int place(int number);
    }

    static final Choice ALL = number -> number;

    /// Any one of them, each as likely as the others.
    static Choice any(Random random) {
        return number -> random.nextInt(number + 1) == 0 ? 0 : -1;
    }

    private final OnDisk disk;
    private final Copies copies;
    private final Choice choice;
    private final List<Moment> kept = new ArrayList<>();
    private List<String> current = new ArrayList<>();
    private int passings;
    private int different;
    private long last;

    private Moments(OnDisk disk, Copies copies, Choice choice) {
        this.disk = disk;
        this.copies = copies;
        this.choice = choice;
    }

    /// Lets a worker live, and keeps what a kill at each point of its life would leave.
    static Moments of(OnDisk disk, Copies copies, Choice choice) {
        var moments = new Moments(disk, copies, choice);
        Thread worker = Thread.currentThread();
        try (var _ = Faults.onEveryPass((point, side) -> {
            if (Thread.currentThread().equals(worker)) {
                moments.pass(point, side);
            }
        })) {
            disk.live();
        }
        return moments;
    }

    private void pass(FaultPoint point, Side side) {
        passings++;
        long now = disk.checksum();
        if (different == 0 || now != last) {
            current = new ArrayList<>();
            keep(choice.place(different));
            different++;
        }
        last = now;
        current.add(side + " " + point);
    }

    private void keep(int place) {
        if (place < 0) {
            return;
        }
        var moment = new Moment(current, disk.copyTo(copies.next()));
        if (place == kept.size()) {
            kept.add(moment);
        } else {
            copies.remove(kept.set(place, moment).left());
        }
    }

    /// How often a point was passed.
    int passings() {
        return passings;
    }

    /// How many different states that makes.
    int different() {
        return different;
    }

    /// The chosen ones, in order.
    List<Moment> kept() {
        return kept;
    }

    /// What the first kept kill at a passing leaves, such as `AFTER LIVE_DELETE`.
    OnDisk at(String passing) {
        return kept.stream()
                .filter(moment -> moment.points().contains(passing))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("never passed: " + passing))
                .left();
    }
}
