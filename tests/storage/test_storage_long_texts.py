"""Long texts are taken out of a JSON value and put back where they were."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import from_json, to_json

from understudy.domain.value import JsonObject
from understudy.storage.long_texts import LONG, lifted, restored

_WORDS = st.text(max_size=30) | st.integers(1, 3).map(lambda n: f"rule {n} " * LONG)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(value=st.dictionaries(st.text(max_size=5), _JSON, max_size=3))
def test_any_value_comes_back_as_it_was(value: JsonObject) -> None:
    without, places, texts = lifted(value)
    assert max(map(len, texts.values()), default=LONG) >= LONG
    assert restored(from_json(to_json(without)), from_json(to_json(places)), texts.__getitem__) == value


def test_long_texts_of_a_request_do_not_stay_in_it() -> None:
    rules = "rule " * LONG
    sent = {"system": rules, "messages": [{"role": "user", "content": [{"type": "text", "text": rules}]}, {"content": "short"}]}
    without, places, texts = lifted(sent)
    assert without == {"system": "", "messages": [{"role": "user", "content": [{"type": "text", "text": ""}]}, {"content": "short"}]}
    assert [list(path) for path, _ in places] == [["system"], ["messages", 0, "content", 0, "text"]]
    assert list(texts.values()) == [rules]
