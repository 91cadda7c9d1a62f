package io.millrace.queue;

import io.millrace.api.queue.Delivery;
import io.millrace.core.log.RecordLayout;
import io.millrace.core.log.RecordLog;
import io.millrace.core.memory.Region;
import io.millrace.core.slot.SlotLayout;
import io.millrace.queue.slots.ClaimSink;
import io.millrace.queue.slots.SlotQueue;
import java.util.ArrayList;
import java.util.List;

/** Copies claimed messages to the heap, inside the gate. Confined to one receive. */
final class DeliveryCollector extends ClaimSink {
    private static final int USUAL_MAX = 16;
    private static final byte[] NO_BYTES = new byte[0];

    private final HeapQueue queue;
    private final RecordLog log;
    private final List<Delivery> deliveries;

    DeliveryCollector(HeapQueue queue, RecordLog log, int max) {
        this.queue = queue;
        this.log = log;
        this.deliveries = new ArrayList<>(Math.min(max, USUAL_MAX));
    }

    @Override
    protected void onClaimed(int block, Region region, int slot, long sequence, long control) {
        final long position = SlotQueue.position(region, slot);
        final Region record = log.region(position);
        final int at = RecordLog.offsetOf(position);
        final int propertiesAt = RecordLayout.propertiesAt(record, at);
        final int propertiesLength = record.intPlain(at + RecordLayout.PROPERTIES_LENGTH_OFFSET);
        final int payloadLength = record.intPlain(at + RecordLayout.PAYLOAD_LENGTH_OFFSET);
        deliveries.add(new HeapDelivery(
                queue,
                sequence,
                control,
                SlotQueue.receiveCount(region, slot, control),
                copy(record, propertiesAt + propertiesLength, payloadLength),
                copy(record, propertiesAt, propertiesLength),
                record.longPlain(at + RecordLayout.SENT_MS_OFFSET),
                region.longOpaque(slot + SlotLayout.FIRST_RECEIVED_MS_OFFSET)));
    }

    static byte[] copy(Region record, int index, int length) {
        if (length == 0) {
            return NO_BYTES;
        }
        final byte[] bytes = new byte[length];
        record.copyOut(index, bytes, 0, length);
        return bytes;
    }

    List<Delivery> deliveries() {
        return deliveries;
    }
}
