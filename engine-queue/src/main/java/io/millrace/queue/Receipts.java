package io.millrace.queue;

import io.millrace.api.InvalidReceiptException;
import io.millrace.api.queue.ReceiptHandle;
import io.millrace.core.directory.ReceiptKey;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;

/**
 * Makes and checks receipt handles, which say what they name and carry a tag that only this engine can make. Immutable.
 *
 * <pre>
 *  offset  length  field            meaning
 *  ------  ------  ---------------  ------------------------------------------
 *       0       1  VERSION          1
 *       1       1  KEY_ID           which key made the tag; 0
 *       2       2  (reserved)       0
 *       4       8  QUEUE            number of the queue
 *      12       8  SEQUENCE         of the message
 *      20       4  RECEIVE_NUMBER   of the delivery, from 1
 *      24      16  TAG              SipHash-2-4-128 of all that is before
 * </pre>
 *
 * <p>Little endian. There is no table of receipts: a handle is valid for as long as its message lives.
 */
final class Receipts {
    private static final byte VERSION = 1;
    private static final int QUEUE_OFFSET = 4;
    private static final int SEQUENCE_OFFSET = 12;
    private static final int RECEIVE_NUMBER_OFFSET = 20;
    private static final int TAG_OFFSET = 24;
    private static final int SIZE = 40;

    private final SipHash hash;

    Receipts(ReceiptKey key) {
        hash = new SipHash(key.first(), key.second());
    }

    ReceiptHandle issue(long queueNumber, long sequence, int receiveNumber) {
        final byte[] bytes = new byte[SIZE];
        final ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.put(0, VERSION);
        out.putLong(QUEUE_OFFSET, queueNumber);
        out.putLong(SEQUENCE_OFFSET, sequence);
        out.putInt(RECEIVE_NUMBER_OFFSET, receiveNumber);
        putTag(out, bytes);
        return ReceiptHandle.of(bytes);
    }

    private void putTag(ByteBuffer out, byte[] bytes) {
        final SipHash.Tag tag = hash.hash(bytes, TAG_OFFSET);
        out.putLong(TAG_OFFSET, tag.low());
        out.putLong(TAG_OFFSET + Long.BYTES, tag.high());
    }

    /** The sequence that a receipt of the queue names; refuses any other receipt. */
    long sequenceOf(ReceiptHandle receipt, String queueName, long queueNumber) {
        final byte[] bytes = receipt.bytes();
        final ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length != SIZE || bytes[0] != VERSION || !isAuthentic(bytes)) {
            throw new InvalidReceiptException("receipt was not issued by this engine", receipt.toString());
        }
        if (in.getLong(QUEUE_OFFSET) != queueNumber) {
            throw new InvalidReceiptException("receipt is of another queue than " + queueName, receipt.toString());
        }
        return in.getLong(SEQUENCE_OFFSET);
    }

    private boolean isAuthentic(byte[] bytes) {
        final byte[] expected = bytes.clone();
        putTag(ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN), expected);
        return MessageDigest.isEqual(expected, bytes); // in constant time
    }
}
