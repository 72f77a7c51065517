/// The wire contract: what producers may write on Kafka and what Belay writes back. JSON Schemas, records, codec.
@NullMarked
package dev.belay.schemas;

import org.jspecify.annotations.NullMarked;
