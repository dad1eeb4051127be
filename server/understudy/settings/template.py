"""The commented `understudy.yaml` that `understudy init` writes. It loads as it stands."""

from __future__ import annotations

__all__ = ["TEMPLATE"]

TEMPLATE = """\
# Settings of Understudy. Paths are taken from the folder of this file.
# Never write a secret here: name the environment variable that holds it (key_env, headers_env).

# The agents that you test, by name.
targets:
  my-agent:
    kind: openai                      # an OpenAI-compatible chat endpoint
    url: http://localhost:8000/v1
    model: agent
    # key_env: MY_AGENT_KEY           # sent as "Authorization: Bearer"; leave it out when no key is needed
    # stream: true
    # timeout_s: 60                   # seconds for one answer
    # concurrency: 32                 # the most conversations of a campaign at once
    # state_path: state               # where the answer exposes the agent's state, so that "done" can be checked
    # handoff:                        # how an answer shows that a human takes over
    #   tools: [transfer_to_human]
    #   pattern: "connecting you (to|with) a colleague"

  # my-json-agent:
  #   kind: http                      # any JSON over HTTP; `understudy doctor` finds the paths for you
  #   url: http://localhost:8000/chat
  #   body: {message: "{{ message }}", session: "{{ session }}"}
  #   reply_path: reply
  #   session_path: session

  # my-anthropic-agent:
  #   kind: anthropic                 # the wire of Anthropic's Messages API
  #   url: http://localhost:8000
  #   key_env: MY_AGENT_KEY           # sent as "x-api-key"

  # my-socket-agent:
  #   kind: websocket
  #   url: ws://localhost:8000/chat
  #   send: {messages: "{{ messages }}"}
  #   reply_path: reply

  # my-command:
  #   kind: command                   # a JSON line on stdin, a JSON line on stdout
  #   command: [python, agent.py]

  # my-callable:
  #   kind: python                    # module:function, run by your own interpreter
  #   callable: my_agent.chat:reply
  #   python: .venv/bin/python

  # my-tool:
  #   kind: mcp                       # a tool of an MCP server, on stdio (command) or HTTP (url)
  #   command: [python, server.py]
  #   tool: chat
  #   arguments: {message: "{{ message }}", session: "{{ session }}"}

  # my-a2a-agent:
  #   kind: a2a                       # needs the extra: pip install 'understudy[a2a]'
  #   url: http://localhost:9999

  # my-prompt:
  #   kind: prompt                    # a system prompt on a model, with mocked tools: before there is an agent
  #   system_file: prompt.md
  #   tools_file: tools.yaml
  #   model: {provider: anthropic, model: claude-haiku-4-5, key_env: ANTHROPIC_API_KEY}

# Models are optional: without them the built-in player and the checks do the work, with no key and no network.
# For the user take a small, fast model: the strongest one is not the best user. It plays when the player is `model`.
# `understudy doctor` calls each once and says what it found; docs/models.md has the rest.
# models:
#   user:      {provider: anthropic, model: claude-haiku-4-5, key_env: ANTHROPIC_API_KEY}
#   judge:     {provider: openai, model: gpt-5-mini, key_env: OPENAI_API_KEY}
#   generator: {provider: openai_compatible, model: llama3.2, base_url: "http://localhost:11434/v1"}
#                                     # also: timeout_s, retries, concurrency, requests_per_minute, temperature,
#                                     # reasoning_tokens, price: {input: 0.5, output: 2} (USD per million tokens)
#   replay: false                     # true: every answer comes from the recordings in the store, nothing is called

# Your company in Markdown, and the topics that people write about. Both ground the generated queries.
# company: company.md
# topics: topics.yaml

# Your own personas and rubrics (files or folders), beside the built-in ones. The same id replaces a built-in one.
# personas: [personas/]
# rubrics: [rubrics/]

defaults:
  target: my-agent
  player: rules                       # plays offline; the same seed gives the same conversation. `model`: models.user plays
  # reruns: 2                         # how often a run is played again when the model that played the user misbehaved
  max_turns: 16                       # user turns
  max_seconds: 600
  seed: 0
  rubric: service
  judge: auto                         # models.judge, where there is one, for what no check can judge; or: checks
  # workers: 2                        # processes that play a campaign; by itself one a core, and one for fewer than 200 conversations

# Under `understudy serve`: which groups of tools there are (all of them unless you say), and over --http where targets may be
# (default: public addresses, and what a target's own `url` spells out).
# serve:
#   toolsets: [core, campaigns]       # also: queries, by-hand; core is always there
#   allow_targets: ["agent.internal:8000", 10.1.0.0/16]

# What `understudy gate` asks of a campaign before a deploy; docs/ci.md has the rest.
# gate:
#   min_pass_rate: 0.9                # of what was judged
#   min_pass_rate_low: 0.8            # of the lower end of its interval
#   max_unscored: 0.1                 # more than this that nobody could judge is red, whatever passed
#   criteria: {claims-held: 0.99}     # the least share of single criteria
#   baseline: main                    # set with `understudy gate --update-baseline main`

# Where conversations are kept. Default: .understudy/ beside this file.
# store: .understudy
"""
