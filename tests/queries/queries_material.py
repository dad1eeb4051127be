"""Topics, personas and a company for the tests of queries."""

from __future__ import annotations

from typing import Any

from understudy.domain.persona import Persona
from understudy.domain.query import ExampleUser, Topic

COMPANY = """\
# Nord Bank

Nord Bank serves customers in Europe with cards and accounts.

## Cards
The **NordCard** comes in three tiers, and [payment](https://bank.test/pay) by card works everywhere.

- Basic: no yearly fee
- **Plus** - 4 EUR a month
1. Student (free until 27)

```
- not an item: code
```

## Extra cards
Up to three partner cards, requested in the app, for one account.

## Branch hours
- Monday to Friday, 9 to 17
"""


def example(type_: str, background: str, query: str) -> ExampleUser:
    return ExampleUser(example_type=type_, example_background=background, example_query=query)


TOPICS = (
    Topic(
        id="payment",
        topic="Payment Not Going Through",
        example_types=(
            example(
                "Rushed Florist",
                "Rosa runs a flower shop and pays her suppliers by card.",
                "I paid the wholesaler twice today and my NordCard was declined both times! The van leaves at 9. Why is it blocked?",
            ),
            example(
                "First Card Owner",
                "Jonas got his first card last month.",
                "My card got rejected when I paid for my bus pass online. I'm not sure I typed it right. Could you check my account?",
            ),
        ),
    ),
    Topic(
        id="extra-card",
        topic="Requesting an Additional Card",
        example_types=(
            example(
                "Flat Share",
                "Iris splits the rent.",
                "Could I get a second card for my flatmate? We share the shopping, so one bill is easier.",
            ),
            example(
                "Parent", "Omar's daughter moves out.", "My daughter starts university in October. She needs a card. What limits can I set?"
            ),
        ),
    ),
    Topic(
        id="abroad",
        topic="Travelling Abroad",
        example_types=(
            example("Backpacker", "Lena is off to Peru.", "I fly to Lima on Friday. Will the cash machines there take my card?"),
        ),
    ),
)


def persona(id: str, profile: str = "I work nights at a bakery. My phone is old and slow.", **fields: Any) -> Persona:
    return Persona(
        **{"id": id, "name": id.title(), "company": "Nord Bank", "profile": profile, "intents": {"primary": "I want help."}, **fields}
    )


PERSONAS = (
    persona("terse", style="terse", emotion="angry", traits=("blunt",)),
    persona(
        "verbose",
        "I have been a customer since 1998. My husband used to do the banking.",
        style="verbose",
        register="formal",
        traits=("polite",),
    ),
    persona("noisy", style="rambling", register="slang", emotion="hurried", noise={"typos": 0.6, "caps": 0.3, "fillers": 0.6}),
    persona("vague", "I am new in this country. I study chemistry.", clarity="vague", emotion="anxious", traits=("apologetic",)),
    persona("broken", "I drive a taxi. My English is fine.", style="fragmented", clarity="partial", traits=("asks_why",)),
    persona("german", "Ich bin Rentner und wohne allein.", language="de"),
)
