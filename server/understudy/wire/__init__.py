"""What targets and models share of talking to strangers: reading what they wrote, hiding secrets, telling faults of the network."""
