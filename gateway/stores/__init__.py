"""The stores: where a mailbox and the records live."""
