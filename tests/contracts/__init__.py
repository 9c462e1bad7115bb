"""What every adapter of a kind must do, our fakes included. A new adapter adds itself to the list in its file."""
