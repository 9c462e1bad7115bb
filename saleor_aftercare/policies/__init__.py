"""What a shop promises about returns: versioned rules, reasons, and the legal bases that no rule may touch."""
