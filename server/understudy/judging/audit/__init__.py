"""The audit of the simulated user, after the conversation: by counting, and by a model where there is one."""
