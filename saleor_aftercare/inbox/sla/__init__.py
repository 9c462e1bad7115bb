"""Service levels: by when a customer has an answer. Pure: policies and events in, deadlines out."""
