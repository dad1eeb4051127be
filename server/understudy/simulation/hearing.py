"""What the user takes from a reply: the acts of the agent, the facts it asked for, and what became of each sub-goal.

Works sentence by sentence: a question is no confirmation, a negated claim no claim, an offer to hand over no hand-over.
Pure and offline; the same reply in the same conversation is always heard the same way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from understudy.domain.conversation import Act, Heard, Ledger, Reply, Turn
from understudy.domain.goal import PlayerGoal
from understudy.domain.persona import Persona
from understudy.simulation.hearing_facts import Item, asked_in, sheet
from understudy.simulation.hearing_goals import Aim, Outcome, aims_of, judge_aims
from understudy.simulation.hearing_lexicon import LEXICON_LANGUAGES
from understudy.simulation.hearing_options import options_in
from understudy.simulation.hearing_proposals import proposed_wrongly
from understudy.simulation.hearing_sentences import Sentence, read
from understudy.simulation.hearing_shapes import asked_by_shape
from understudy.simulation.ledger import fact_values
from understudy.text import phrases
from understudy.text.language import detect
from understudy.text.manners import rude_quote
from understudy.text.similarity import alike, normalise

__all__ = ["hear"]

_IN_ORDER = tuple(Act)
_SAME_AGAIN = 0.9
_MUCH_THE_SAME = 0.7
_TOO_SHORT_TO_REPEAT = 25
"""Characters: `Done.` twice is no loop."""
_MARKUP = re.compile(r"<(?:!doctype|html|head|body|div|span|p|br|h[1-6]|table|script|title)\b[^<>]{0,200}>", re.IGNORECASE)
_BLANKS = re.compile(r"\{\{\s*\w+\s*\}\}|\{[a-z]+_[a-z_]+\}|<%|%\([a-z_]+\)s|\$\{\w+\}")
_NOTHINGS = frozenset({"undefined", "null", "none", "nan", "error", "true", "false", "[]", "{}", "exception", "n/a"})
_BLANK_MARKS = re.compile(r"[{<%$]")
"""One of them is in every blank."""
LONGEST_REPLY = 20_000
"""Characters that anybody would listen to."""
_SHORT_REPLY = 30
"""Words: an apology for a technical error is the whole reply only when it is short."""


@dataclass(slots=True)
class _Ear:
    """One reply being heard."""

    acts: set[Act] = field(default_factory=set[Act])
    asked: list[str] = field(default_factory=list[str])
    asked_unknown: list[str] = field(default_factory=list[str])
    again: bool = False
    """A fact that was said is asked for again."""
    to_confirm: list[tuple[Sentence | None, Sentence]] = field(default_factory=list[tuple[Sentence | None, Sentence]])
    """The questions for a yes or no, each with the sentence before it."""
    options: tuple[str, ...] = ()


def hear(reply: Reply, *, persona: Persona, goal: PlayerGoal, ledger: Ledger, turns: tuple[Turn, ...]) -> Heard:
    """What this user hears in the reply to the last of `turns`. Never raises, whatever the text."""
    reply = reply if len(reply.text) <= LONGEST_REPLY else reply.evolve(text=reply.text[:LONGEST_REPLY])
    text = reply.text
    own = persona.language[:2]
    if not any(c.isalnum() for c in text):
        return _nothing_said(reply)
    spoken = detect(text, LEXICON_LANGUAGES if own in LEXICON_LANGUAGES else (*LEXICON_LANGUAGES, own))
    sentences = read(text, spoken or own)
    ear = _Ear()
    ear.options = options_in(sentences)
    if ear.options:
        ear.acts.add(Act.OFFERS_OPTIONS)
    last = turns[-1] if turns and turns[-1].role == "user" else None
    items = sheet(persona, goal, ledger).items
    aims = aims_of(persona, goal, ledger, last, own)
    _hear_questions(ear, sentences, items, ledger, aims, turns, wants_human=_wants_human(goal, last))
    denied = _hear_proposals(ear, aims, ledger)
    _hear_statements(ear, sentences)
    _hear_whole(ear, reply, turns)
    outcome = judge_aims(aims, sentences, ledger, ear.asked, _busy(ear, sentences), bool(ear.options or ear.asked or ear.asked_unknown))
    outcome.mistaken += [name for name in denied if name not in outcome.mistaken]
    _settle(ear, outcome, sentences, reply, aims)
    foreign = spoken is not None and spoken != own
    if foreign:
        ear.acts.add(Act.WRONG_LANGUAGE)
    deaf = foreign or Act.BREAKS in ear.acts
    return Heard(
        acts=tuple([act for act in _IN_ORDER if act in ear.acts]),
        asked=tuple(ear.asked),
        asked_unknown=tuple(ear.asked_unknown),
        options=ear.options,
        # Whoever cannot follow the language, or sees an error, does not believe that anything was done.
        met=() if deaf else tuple(outcome.met),
        attempted=tuple(outcome.attempted),
        refused=tuple(outcome.refused),
        taken_back=tuple(outcome.taken_back),
        mistaken=tuple(outcome.mistaken),
        ignored=() if deaf else tuple(outcome.ignored),
        language=spoken,
    )


def _nothing_said(reply: Reply) -> Heard:
    acts = {Act.SAYS_NOTHING, *((Act.HANDS_OFF,) if reply.handed_off else ()), *((Act.CLOSES,) if reply.closed else ())}
    return Heard(acts=tuple(act for act in Act if act in acts))


def _wants_human(goal: PlayerGoal, last: Turn | None) -> bool:
    if goal.settles_for == "handoff":
        return True
    return last is not None and (
        last.move == "asks_for_human" or (last.direction is not None and last.direction.trigger_action == "ask_for_human")
    )


# ---------------------------------------------------------------- questions


def _hear_questions(
    ear: _Ear,
    sentences: tuple[Sentence, ...],
    items: tuple[Item, ...],
    ledger: Ledger,
    aims: list[Aim],
    turns: tuple[Turn, ...],
    *,
    wants_human: bool,
) -> None:
    values = fact_values(ledger)
    said = {f.name for f in ledger.facts if f.said_at is not None}
    asked: list[Item] = []
    for before, s in zip((None, *sentences), sentences, strict=False):
        if not (s.question or s.request):
            continue
        act = _kind_of_question(s, wants_human)
        if act is not None:
            ear.acts.add(act)
            continue
        hits = [] if _asks_for_yes(s) else _asked(s, before, items, ear.options) or asked_by_shape(s, items, ledger)
        # "Which light is on, the red or the green one?" asks, although the fact's value is in it.
        open_ended = s.patterns["wh_questions"].match(s.low) is not None or "alternatives" in s.found
        told = [] if open_ended else [item for item in hits if item.known and phrases.find(values[item.name], s.text) is not None]
        fresh = [item for item in hits if item not in told and (item.name not in said or not _speaks_of(s, item) or _repeats(s, turns))]
        ear.again = ear.again or any(item.name in said for item in fresh)
        asked += [item for item in fresh if item not in asked]
        if not fresh and not (s.request and s.text.endswith(":")):
            _other_question(ear, before, s, aims, told=bool(told))
    ear.asked = [item.name for item in asked if item.known]
    ear.asked_unknown = [item.name for item in asked if not item.known]
    ear.acts |= ({Act.ASKS_KNOWN} if ear.asked else set()) | ({Act.ASKS_UNKNOWN} if ear.asked_unknown else set())
    if ear.again:
        ear.acts.add(Act.ASKS_AGAIN)


def _hear_proposals(ear: _Ear, aims: list[Aim], ledger: Ledger) -> list[str]:
    """The facts that the user has said and must say again, as a yes would be to another value. One that they have not said yet
    is simply asked for by such a proposal."""
    wrong = [fact for name in proposed_wrongly(aims, ear.to_confirm, ledger) if (fact := ledger.fact(name)) is not None]
    unsaid = [fact.name for fact in wrong if fact.said_at is None and fact.disclose != "never"]
    if unsaid:
        ear.asked += [name for name in unsaid if name not in ear.asked]
        ear.acts = (ear.acts - {Act.ASKS_TO_CONFIRM}) | {Act.ASKS_KNOWN}
    return [fact.name for fact in wrong if fact.said_at is not None]


def _repeats(s: Sentence, turns: tuple[Turn, ...]) -> bool:
    """Whether the agent has asked much the same before."""
    earlier = (old.text for t in turns if t.role == "agent" for old in read(t.text, s.patterns.language))
    return any(alike(s.text, text, _MUCH_THE_SAME) for text in earlier)


def _speaks_of(s: Sentence, item: Item) -> bool:
    """Whether a question for a yes or no merely speaks of a fact that only its own name is known for: "Does the light turn green?"."""
    by_name = not item.kinds and not (item.asked_as and phrases.find_any(item.asked_as, s.text))
    return by_name and s.question and s.has("asks_yes_no") and "requests" not in s.found and s.patterns["wh_questions"].match(s.low) is None


_REACHED_BY = frozenset({"phone", "email", "address"})


def _asked(s: Sentence, before: Sentence | None, items: tuple[Item, ...], options: tuple[str, ...]) -> list[Item]:
    """The facts that a question is after; `could you give me that?` is after what the sentence before named."""
    hits = asked_in(s, items)
    if not hits and before is not None and not before.claims and s.question and "requests" in s.found:
        hits = asked_in(before, items)
    if len(options) > 1 and "alternatives" in s.found and all(option in s.text for option in options):
        # "A call or an email?" is a choice of ways, and asks for no number.
        hits = [item for item in hits if not item.kinds & _REACHED_BY]
    return hits


def _kind_of_question(s: Sentence, wants_human: bool) -> Act | None:
    """Questions that are after no fact: courtesies, pleas for patience, offers to hand over."""
    if "offers_more" in s.found and "confirm_questions" not in s.found:
        return Act.OFFERS_MORE
    if s.question and "transfer_words" in s.found and not s.claims:
        # An offer: only who wants a human takes it for a question to say yes to.
        return Act.ASKS_TO_CONFIRM if wants_human else Act.ASKS_OTHER
    if "misunderstands" in s.found:
        return Act.MISUNDERSTANDS
    if s.question and "stalls" in s.found:
        return Act.STALLS
    return Act.GREETS if "how_can_i_help" in s.found else None


def _asks_for_yes(s: Sentence) -> bool:
    low = s.low.rstrip(" ?!.\"')")
    tag = s.question and any(s.patterns["tag_questions"].fullmatch(low[m.end() :].strip()) for m in re.finditer(r"[,;:.-] ", low))
    return tag or ("confirm_questions" in s.found and s.patterns["wh_questions"].match(s.low) is None)


def _other_question(ear: _Ear, before: Sentence | None, s: Sentence, aims: list[Aim], *, told: bool) -> None:
    if len(ear.options) > 1 and ("option_cues" in s.found or "alternatives" in s.found or s.bullet):
        return  # which of several it should be is a choice, not a yes or no
    if (
        told
        or _asks_for_yes(s)
        or (
            s.question and s.has("asks_yes_no") and any(aim.open and s.stems & aim.own for aim in aims) and "changes_subject" not in s.found
        )
    ):
        ear.acts.add(Act.ASKS_TO_CONFIRM)
        ear.to_confirm.append((before, s))
    else:
        ear.acts.add(Act.ASKS_OTHER)


# ---------------------------------------------------------------- statements

_BY_LIST = (
    (Act.GREETS, "greets"),
    (Act.APOLOGISES, "apologises"),
    (Act.ACKNOWLEDGES, "acknowledges"),
    (Act.NO_OPTIONS, "no_options"),
)


def _hear_statements(ear: _Ear, sentences: tuple[Sentence, ...]) -> None:
    acts = ear.acts
    for position, s in enumerate(sentences):
        found = s.found
        for act, name in _BY_LIST:
            if name in found and (act is not Act.GREETS or (position < 2 and s.patterns[name].match(s.low))):
                acts.add(act)
        if "misunderstands" in found:
            acts.discard(Act.ACKNOWLEDGES)
        if s.question:
            continue
        if _hands_off(s):
            acts.add(Act.HANDS_OFF)
        elif "redirects" in found and "courtesy" not in found and not s.claims and not _denied(s, "redirects"):
            acts.add(Act.REDIRECTS)
        if "stalls" in found and not s.claims and "refuses" not in found:
            acts.add(Act.STALLS)
        if "misunderstands" in found:
            acts.add(Act.MISUNDERSTANDS)
        if _refuses(s):
            acts.add(Act.REFUSES)
        if "offers_more" in found and "courtesy" in found:
            acts.add(Act.OFFERS_MORE)
        if Act.INFORMS not in acts and _informs(s):
            acts.add(Act.INFORMS)


def _denied(s: Sentence, name: str) -> bool:
    match = s.patterns[name].search(s.low)
    return match is not None and s.patterns["negation"].search(s.patterns["interjections"].sub(" ", s.low[: match.start()])) is not None


def _hands_off(s: Sentence) -> bool:
    """A hand-over that happens: not denied, not on condition, not merely possible."""
    found = s.found
    if "hands_off" not in found or "refuses" in found or "courtesy" in found or (s.request and "stalls" not in found):
        return False
    match = s.patterns["hands_off"].search(s.low)
    before = s.low[: match.start()] if match else ""
    return not _denied(s, "hands_off") and not s.patterns["only_offers"].search(before)


def _refuses(s: Sentence) -> bool:
    if s.claims or "misunderstands" in s.found:
        return False
    return s.has_plainly("refuses") or (s.has_plainly("transfer_words") and "i_refuse" in s.found)


def _informs(s: Sentence) -> bool:
    if not s.states or len(s.stems) < 2:
        return False
    if s.claims:
        return True
    return _TELLS_NOTHING.isdisjoint(s.found) or "yes_no" in s.found


_TELLS_NOTHING = frozenset(
    (
        *("stalls", "closes", "offers_more", "misunderstands", "how_can_i_help", "i_refuse", "dont_know", "courtesy"),
        *("echoes", "apologises", "acknowledges"),
    )
)


# ---------------------------------------------------------------- the reply as a whole


def _hear_whole(ear: _Ear, reply: Reply, turns: tuple[Turn, ...]) -> None:
    if reply.handed_off:
        ear.acts.add(Act.HANDS_OFF)
    if rude_quote(reply.text) is not None:
        ear.acts.add(Act.RUDE)
    if _breaks(reply.text):
        ear.acts.add(Act.BREAKS)
    earlier = [t.text for t in reversed(turns) if t.role == "agent"]
    if earlier and len(normalise(reply.text)) >= _TOO_SHORT_TO_REPEAT and any(alike(reply.text, text, _SAME_AGAIN) for text in earlier):
        ear.acts.add(Act.REPEATS_ITSELF)


def _breaks(text: str) -> bool:
    stripped = text.strip().strip("`").strip()
    if stripped.lower().rstrip(".!") in _NOTHINGS:
        return True
    if ("<" in text and _MARKUP.search(text) is not None) or (_BLANK_MARKS.search(text) and _BLANKS.search(text) is not None):
        return True
    if stripped[:1] in "{[" and _is_json(stripped):
        return True
    if len(text.split()) > _SHORT_REPLY and "raceback" not in text:
        return False
    return any("breaks" in s.found and s.states for s in read(text, "en"))


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False


_BUSY = frozenset(
    {Act.ASKS_KNOWN, Act.ASKS_UNKNOWN, Act.ASKS_TO_CONFIRM, Act.ASKS_OTHER, Act.OFFERS_OPTIONS, Act.STALLS, Act.NO_OPTIONS, Act.HANDS_OFF}
)


def _busy(ear: _Ear, sentences: tuple[Sentence, ...]) -> bool:
    """Whether the agent is at work on something: asks, offers, looks it up, hands it over or says what it is going to do."""
    if not _BUSY.isdisjoint(ear.acts):
        return True
    return any(
        not s.question and not s.request and (s.denials or ("plans" in s.found and _NO_PLANS.isdisjoint(s.found))) for s in sentences
    )


_NO_PLANS = frozenset(("refuses", "courtesy", "closes"))


_ASKS = frozenset({Act.ASKS_KNOWN, Act.ASKS_UNKNOWN, Act.ASKS_TO_CONFIRM, Act.ASKS_OTHER, Act.OFFERS_OPTIONS})
_EXCUSED = frozenset({Act.BREAKS, Act.STALLS, Act.HANDS_OFF, Act.MISUNDERSTANDS, Act.TAKES_BACK})
"""Who does one of these has not simply passed over what the user wants."""


def _settle(ear: _Ear, outcome: Outcome, sentences: tuple[Sentence, ...], reply: Reply, aims: list[Aim]) -> None:
    """The acts that depend on the reply as a whole and on what became of the sub-goals."""
    acts = ear.acts
    asks = not _ASKS.isdisjoint(acts)
    if outcome.confirmed:
        acts.add(Act.CONFIRMS)
    if outcome.met or outcome.confirmed or asks:
        acts.discard(Act.STALLS)
    if (outcome.met and not outcome.refused) or (asks and not outcome.refused):
        acts.discard(Act.REFUSES)
    if outcome.refused:
        acts.add(Act.REFUSES)
    if outcome.taken_back or any("takes_back" in s.found and s.denials and s.states for s in sentences):
        acts.add(Act.TAKES_BACK)
    if Act.HANDS_OFF in acts:
        acts.discard(Act.STALLS)
    goes = any("closes" in s.found and s.states for s in sentences)
    if (goes and not asks and Act.OFFERS_MORE not in acts and Act.STALLS not in acts) or reply.closed:
        acts.add(Act.CLOSES)
    if Act.REPEATS_ITSELF in acts and _only_courtesies(sentences):
        acts.discard(Act.REPEATS_ITSELF)
    if _changes_subject(acts, outcome, sentences, aims):
        acts.add(Act.CHANGES_SUBJECT)
    if not _EXCUSED.isdisjoint(acts):
        outcome.ignored = []
    if outcome.ignored:
        acts.add(Act.IGNORES)


def _only_courtesies(sentences: tuple[Sentence, ...]) -> bool:
    return not any(_COURTESIES.isdisjoint(s.found) for s in sentences)


_COURTESIES = frozenset(("offers_more", "closes", "greets", "how_can_i_help"))


def _changes_subject(acts: set[Act], outcome: Outcome, sentences: tuple[Sentence, ...], aims: list[Aim]) -> bool:
    if outcome.met or outcome.refused or not _ON_THE_SUBJECT.isdisjoint(acts):
        return False
    if not any("changes_subject" in s.found for s in sentences):
        return False
    pending = [aim for aim in aims if aim.open]
    return bool(pending) and not any(s.stems & aim.own for s in _substance(sentences) for aim in pending)


_ON_THE_SUBJECT = frozenset({Act.HANDS_OFF, Act.REDIRECTS, Act.MISUNDERSTANDS, Act.BREAKS, Act.ASKS_KNOWN, Act.ASKS_UNKNOWN})


def _substance(sentences: tuple[Sentence, ...]) -> Iterator[Sentence]:
    return (s for s in sentences if _NO_SUBSTANCE.isdisjoint(s.found))


_NO_SUBSTANCE = frozenset(("changes_subject", "acknowledges", "apologises"))
