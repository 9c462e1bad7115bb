"""How letters leave: mail servers and mail services behind one protocol."""
