"""How the craft speaks to a model: versioned prompts, structured answers, untrusted text behind a fence. No I/O of its own."""
