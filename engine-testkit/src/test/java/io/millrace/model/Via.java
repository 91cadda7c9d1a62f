package io.millrace.model;

/** How a receiver names a message that it has received. */
enum Via {
    /** By the latest delivery. */
    DELIVERY,
    /** By the receipt of the first delivery, through the queue that has the name now. */
    RECEIPT,
    /** By the latest delivery number of the raw tier. */
    NUMBER
}
