"""The MCP face: translates between the protocol and `understudy.app`, and decides nothing."""
