"""What Understudy does, as functions over an `App`: the same ones behind the MCP tools, the command line and Python."""
