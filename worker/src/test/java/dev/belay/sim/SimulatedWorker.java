package dev.belay.sim;

import dev.belay.datastore.Datastore;
import dev.belay.dictionary.Stash;
import dev.belay.intake.SimulatedIntake;
import dev.belay.job.Fenced;
import dev.belay.job.Unavailable;
import dev.belay.job.WorkerId;
import dev.belay.journal.AnnouncementKey;
import dev.belay.journal.Journal;
import dev.belay.saga.JobHandler;
import dev.belay.saga.Saga;
import dev.belay.sim.Fibers.Life;
import dev.belay.source.Source;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/// One life of a worker: a process with its saga, its intake and its timers.
final class SimulatedWorker implements SimulatedIntake.World {
    private static final int BEAT_EVERY = 2000;

    private final World world;
    private final Scene scene;
    private final String slot;
    private final Life life;
    private final WorkerId id;
    private final Journal journal;
    private final Saga saga;
    private final SimulatedIntake intake;

    SimulatedWorker(World world, String slot, int number) {
        this.world = world;
        this.scene = world.scene();
        this.slot = slot;
        this.life = new Life(slot + "." + number);
        this.id = new WorkerId(slot, "life-" + number);
        var ports = new Ports(scene.fibers(), scene.faults());
        journal = ports.around(Journal.class, world.journal(), true);
        Datastore datastore = ports.around(Datastore.class, world.datastore(), true);
        saga = world.saga(
                new World.Rooms(
                        journal,
                        datastore,
                        ports.around(Stash.class, world.stash(), true),
                        ports.around(Source.class, world.source(), false),
                        world.pivot(ports, datastore)),
                id,
                clock());
        intake = new SimulatedIntake(World.settings(slot), world.journal().id(), handler(), this);
    }

    Life life() {
        return life;
    }

    /// The life begins.
    void begin() {
        start("main", () -> {
            untilAnswered(() -> journal.beat(id, clock().instant()));
            untilAnswered(saga::recover);
            untilAnswered(saga::sweep);
            start("timer", this::beat);
            intake.start(this::ended);
        });
    }

    private void untilAnswered(Runnable call) {
        while (!tried(call)) {
            scene.fibers().sleep(500);
        }
    }

    private static boolean tried(Runnable call) {
        try {
            call.run();
            return true;
        } catch (Unavailable | Fenced notNow) {
            return false;
        }
    }

    private void beat() {
        for (int number = 1; ; number++) {
            scene.fibers().sleep(BEAT_EVERY);
            tried(() -> journal.beat(id, clock().instant()));
            if (number % 3 == 0) {
                tried(saga::recover);
            }
            if (number % 7 == 0) {
                tried(saga::sweep);
            }
        }
    }

    /// What comes out of the saga is a defect.
    private JobHandler handler() {
        return (request, delivery, listener, stop) -> {
            try {
                return saga.handle(request, delivery, listener, stop);
            } catch (RuntimeException defect) {
                world.violated("a defect in job " + request.jobId() + ": " + defect);
                throw defect;
            }
        };
    }

    /// The poll loop cannot go on: the process ends soon.
    private void ended(Throwable failure) {
        scene.fibers().note(life.name, "ends: " + failure);
        if (failure instanceof Fibers.Killed) {
            return;
        }
        if (SimulatedIntake.isDefect(failure)) {
            world.violated("the poll loop of " + life.name + " ended: " + failure);
        }
        start("exit", () -> {
            scene.fibers().sleep(3000);
            life.silentSince = scene.fibers().now();
            life.dead = true;
        });
    }

    @Override
    public void start(String name, Runnable body) {
        scene.fibers().spawn(life, name, body);
    }

    @Override
    public void sleep(Duration time) {
        scene.fibers().sleep(time.toMillis());
    }

    @Override
    public void await(BooleanSupplier condition) {
        scene.fibers().await(condition);
    }

    @Override
    public long millis() {
        return scene.fibers().now();
    }

    @Override
    public InstantSource clock() {
        return () -> World.START.plusMillis(scene.fibers().now() + life.skew);
    }

    @Override
    public Admin admin() {
        return new SimulatedClients(scene).admin();
    }

    @Override
    public Supplier<Producer<byte[], byte[]>> producers() {
        return () -> new SimulatedClients(scene).producer(SimulatedClients.GROUP + "-" + slot);
    }

    @Override
    public Consumer<byte[], byte[]> consumer() {
        return SimulatedConsumer.of(scene, new SimulatedClients(scene), slot);
    }

    @Override
    public void announced(List<AnnouncementKey> keys) {
        start("notes", () -> tried(() -> journal.announced(keys)));
    }

    @Override
    public void broken(Error error) {
        if (!(error instanceof Fibers.Killed)) {
            world.violated("an error came out of a job: " + error);
        }
        life.silentSince = scene.fibers().now();
        life.dead = true;
    }
}
