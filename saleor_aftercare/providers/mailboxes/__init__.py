"""How mails come in: mailboxes that are asked, services that tell us, behind one protocol each."""
