"""How much of each prompt was the beginning of an earlier one: what could be cached, and what providers would have cached."""

from __future__ import annotations

from dataclasses import dataclass

from understudy.testing.fake_models.request import ModelRequest, Segment

__all__ = ["Prefixes", "PromptTokens", "tokens"]

_BLOCK_CHARS = 64
_BLOCK_TOKENS = 16
_OPENAI_STEP = 128
_LOOK_BACK = 20
"""So many blocks before a mark Anthropic looks for an earlier entry."""
_PER_MESSAGE_CHARS = 5


def tokens(chars: int) -> int:
    """About four characters a token."""
    return chars // 4


@dataclass(frozen=True)
class PromptTokens:
    """The prompt of one call, in tokens."""

    all: int
    schema: int = 0
    """Those of `all` that a JSON schema takes."""
    repeated: int = 0
    """Those that were the beginning of an earlier prompt of the same model: 16-token blocks."""
    cached: int = 0
    """Those that the provider would bill as read from its cache: from 1,024 tokens on. OpenAI: by itself, in steps of 128;
    Anthropic: up to a `cache_control` mark."""
    written: int = 0
    """Those that Anthropic would bill as written to its cache."""


class Prefixes:
    """Every prompt so far, by model."""

    def __init__(self, *, cache_from: int) -> None:
        self._cache_from = cache_from
        self._blocks: dict[str, set[int]] = {}
        self._marks: dict[str, set[int]] = {}

    def count(self, request: ModelRequest) -> PromptTokens:
        """The tokens of this prompt, which then belongs to the earlier ones."""
        segments = request.segments
        schema = request.json_schema
        whole = prompt_tokens(segments)
        extra = 0 if schema is None else tokens(len(next(s.text for s in segments[len(request.tools) :])))
        repeated = min(self._repeated(request.model, segments), whole)
        if request.wire == "openai":
            cached = repeated // _OPENAI_STEP * _OPENAI_STEP if repeated >= self._cache_from else 0
            return PromptTokens(whole, extra, repeated, cached)
        cached, written = self._marked(request.model, segments)
        return PromptTokens(whole, extra, repeated, cached, written)

    def _repeated(self, model: str, segments: tuple[Segment, ...]) -> int:
        text = "\x1e".join(segment.text for segment in segments)
        seen = self._blocks.setdefault(model, set())
        chain, same, unbroken = 0, 0, True
        for start in range(0, len(text) - _BLOCK_CHARS + 1, _BLOCK_CHARS):
            chain = hash((chain, text[start : start + _BLOCK_CHARS]))
            unbroken = unbroken and chain in seen
            same += _BLOCK_TOKENS if unbroken else 0
            seen.add(chain)
        return same

    def _marked(self, model: str, segments: tuple[Segment, ...]) -> tuple[int, int]:
        """(read, written) with the marks of this prompt."""
        marks = [i for i, segment in enumerate(segments) if segment.marked]
        if not marks:
            return 0, 0
        entries = self._marks.setdefault(model, set())
        chains: list[int] = []
        for segment in segments:
            chains.append(hash((chains[-1] if chains else 0, segment.text)))
        near = {i for mark in marks for i in range(max(0, mark - _LOOK_BACK), mark + 1)}
        hit = max((i for i in near if chains[i] in entries), default=-1)
        read = prompt_tokens(segments[: hit + 1]) if hit >= 0 else 0
        for mark in marks:
            if prompt_tokens(segments[: mark + 1]) >= self._cache_from:
                entries.add(chains[mark])
        upto = prompt_tokens(segments[: marks[-1] + 1])
        return read, max(0, upto - read) if upto >= self._cache_from else 0


def prompt_tokens(segments: tuple[Segment, ...]) -> int:
    """With a little for what surrounds each message."""
    return tokens(sum(len(segment.text) for segment in segments) + _PER_MESSAGE_CHARS * len(segments)) + 3
