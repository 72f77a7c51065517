package dev.belay.sim;

import java.util.Random;

/// What all workers of a simulated world have in common.
///
/// @param random one for everything that the seed decides
record Scene(Fibers fibers, Faults faults, Broker broker, Group group, Random random) {}
