"""Telling languages apart, and saying nothing when unsure."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.text.language import detect


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is your date of birth?", "en"),
        ("I cannot help with that.", "en"),
        ("Your appointment with Dr. Müller on Königstraße is confirmed.", "en"),
        ("Ich möchte meinen Termin verschieben.", "de"),
        ("Wie lautet Ihr Geburtsdatum?", "de"),
        ("Guten Tag, Praxis Lindenhof, was kann ich für Sie tun?", "de"),
        ("Su cita ya está cambiada.", "es"),
        ("¿Cuál es su fecha de nacimiento?", "es"),
        ("Hola, ¿en qué puedo ayudarle?", "es"),
    ],
)
def test_sentences_are_told_apart(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Okay, thanks!",
        "Danke!",
        "Hi",
        "12345",
        "Thursday 10:00",
        "Dr. Sarah Chen, 42 Maple Street, Springfield",
        "asdf qwer zxcv uiop hjkl",
        "😀",
    ],
)
def test_too_little_is_no_language(text: str) -> None:
    assert detect(text) is None


@pytest.mark.parametrize(
    "text",
    ["Bonjour, je voudrais changer mon rendez-vous de demain avec le docteur.", "Vorrei cambiare il mio appuntamento con il dottore"],
)
def test_a_neighbour_is_not_taken_for_a_candidate(text: str) -> None:
    assert detect(text) is None


def test_only_candidates_are_named() -> None:
    german = "Ich möchte meinen Termin bei Ihnen verschieben."
    assert detect(german, ("en", "es")) is None
    assert detect("Je voudrais changer mon rendez-vous de demain avec le docteur.", ("en", "fr")) == "fr"


def test_the_library_is_loaded_only_when_needed() -> None:
    code = (
        "import sys; from understudy.text.language import detect; detect('What is your date of birth?'); print('langdetect' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@given(st.text(max_size=200))
def test_any_text_gives_a_candidate_or_nothing(text: str) -> None:
    assert detect(text) in {None, "en", "de", "es"}
