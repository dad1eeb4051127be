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
def test_any_value_comes_back_as_it_was_and_no_long_text_stays_in_it(value: JsonObject) -> None:
    without, places, texts = lifted(value)
    assert max(map(len, texts.values()), default=LONG) >= LONG
    assert "rule " not in to_json(without).decode()
    assert restored(from_json(to_json(without)), from_json(to_json(places)), texts.__getitem__) == value
