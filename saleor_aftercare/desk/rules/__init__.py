"""When something happens, if it is so, then do that: the shop's own automation over conversations."""
