"""What a reply did for each of the user's sub-goals: met, attempted, refused, taken back, passed over; and which facts it has wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from understudy.domain.conversation import Ledger, Turn
from understudy.domain.goal import PlayerGoal, SubGoal
from understudy.domain.persona import Persona
from understudy.domain.same import Same
from understudy.simulation.hearing_lexicon import Patterns, lexicon
from understudy.simulation.hearing_sentences import Sentence
from understudy.simulation.hearing_values import contradicts, count_of, gives, miscounts, states_old_value
from understudy.simulation.ledger import fact_values, subgoals_after
from understudy.text import phrases
from understudy.text.patterns import fold
from understudy.text.words import content_words, stems

__all__ = ["Aim", "Outcome", "aims_of", "judge_aims"]

_PRONOUNS = frozenset(
    ["it", "they", "this", "that", "es", "sie", "er", "das", "diese", "dieser", "dieses", "este", "esta", "esto", "lo", "la"]
)
_CONTACT = ("phone", "email", "address", "postcode")
"""Details that an agent may update along the way; a claim about one is about nothing else."""
_OPEN = ("asked", "attempted", "refused")


@dataclass(slots=True, eq=False)
class Aim:
    """A sub-goal as it stands while a reply is heard."""

    sub: SubGoal
    status: str
    brought: bool
    """The user's last message brought it up."""
    words: frozenset[str]
    """Stems of its wordings."""
    own: frozenset[str]
    """Those that no other sub-goal has; all of them when that leaves none."""
    verbs: frozenset[str]
    expects: frozenset[str]
    """For questions: the kinds of answer that would do."""

    id: str = field(init=False)
    open: bool = field(init=False)
    """Asked for or brought up, and not met."""

    def __post_init__(self) -> None:
        self.id = self.sub.id
        self.open = self.status in _OPEN or (self.brought and self.status != "met")


@dataclass(slots=True)
class Outcome:
    """What became of the sub-goals."""

    met: list[str] = field(default_factory=list[str])
    attempted: list[str] = field(default_factory=list[str])
    refused: list[str] = field(default_factory=list[str])
    taken_back: list[str] = field(default_factory=list[str])
    mistaken: list[str] = field(default_factory=list[str])
    ignored: list[str] = field(default_factory=list[str])
    confirmed: bool = False
    """A claim that something is done was heard, whether or not it met anything."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a sub-goal is about, whatever becomes of it."""

    sub: SubGoal
    words: frozenset[str]
    own: frozenset[str]
    verbs: frozenset[str]
    expects: frozenset[str]


@lru_cache(maxsize=8192)
def _subjects(persona: Same[Persona], goal: Same[PlayerGoal], came_in: tuple[str, ...], language: str) -> tuple[_Subject, ...]:
    patterns = lexicon(language)
    subgoals = subgoals_after(persona, goal, came_in)
    words = {id: stems(" ".join((sub.say, *sub.again)), language) for id, sub in subgoals.items()}
    subjects: list[_Subject] = []
    for id, sub in subgoals.items():
        others = frozenset[str]().union(*(words[other] for other in words if other != id))
        low = fold(sub.say)
        kinds = ("amount", "duration", "time", "yes_no") if sub.kind == "question" else ()
        expects = frozenset(kind for kind in kinds if patterns.found(f"asks_{kind}", low))
        subjects.append(_Subject(sub, words[id], (words[id] - others) or words[id], patterns.verb_classes(words[id]), expects))
    return tuple(subjects)


def aims_of(persona: Persona, goal: PlayerGoal, ledger: Ledger, last: Turn | None, language: str) -> list[Aim]:
    """Every sub-goal with its standing. Without a direction (a scripted user), what the last message shares words with was brought up."""
    said = frozenset[str]()
    brought: set[str] = set()
    if last is not None and last.direction is not None:
        brought = {*last.direction.bring_up, *last.direction.ask_again}
    elif last is not None and last.role == "user":
        said = stems(last.text, language)
    standing = {entry.id: entry.status for entry in reversed(ledger.goals)}
    aims: list[Aim] = []
    for about in _subjects(Same(persona), Same(goal), ledger.complications, language):
        id, words, own = about.sub.id, about.words, about.own
        up = id in brought or (bool(said & own) and 2 * len(said & words) >= len(words))
        aims.append(Aim(about.sub, standing.get(id, "unsaid"), up, words, own, about.verbs, about.expects))
    return aims


def judge_aims(aims: list[Aim], sentences: tuple[Sentence, ...], ledger: Ledger, asked: Iterable[str], busy: bool, choice: bool) -> Outcome:
    """Weigh the sentences against the aims. `asked` are facts asked for; `busy`: the agent asks, offers or works on something;
    `choice`: it offers options or asks for facts, so that a "cannot" is not its last word."""
    out = Outcome()
    facts = fact_values(ledger)
    live = [aim for aim in aims if aim.open]
    settled = [s for s in sentences if _settles(s)] if not busy else []
    if settled and any("refuses" in s.found and s.states for s in sentences):
        settled = []
    out.mistaken = _mistaken([aim for aim in aims if aim.open or aim.status == "met"], sentences, settled, ledger)
    claimed = _actions_met(live, aims, sentences, facts, out)
    plainly = {aim.id for aim in live if aim.sub.kind == "action" and _said_plainly(aim, settled, facts)}
    claimed |= plainly
    out.confirmed = out.confirmed or bool(plainly)
    told = [s for s in sentences if s.states and "dont_know" not in s.found]
    answered = [aim.id for aim in live if aim.sub.kind == "question" and _answered(aim, live, told, facts)]
    needs = {name for aim in aims for name in aim.sub.needs}
    miscounted = bool(set(out.mistaken) - needs - {f.name for f in ledger.facts if f.old_values})
    # What was done for the wrong number is not what was wished for, whether or not the step names the number as needed.
    wrong = {aim.id for aim in live if set(aim.sub.needs) & set(out.mistaken) or (miscounted and aim.id in claimed)}
    out.met = [aim.id for aim in live if (aim.id in claimed or aim.id in answered) and aim.id not in wrong]
    out.met += [aim.id for aim in aims if aim.status == "unsaid" and not aim.open and not out.mistaken and _ahead(aim, sentences, ledger)]
    out.refused = _refused([aim for aim in live if aim.id not in out.met], live, sentences, choice)
    done = {*out.met, *out.refused}
    tried = {
        *claimed,
        *answered,
        *_attempted([aim for aim in live if aim.id not in done], live, sentences, set(asked), busy or out.confirmed),
    }
    out.attempted = [aim.id for aim in live if aim.id in tried and aim.id not in done]
    out.taken_back = _taken_back([aim for aim in aims if aim.status == "met"], sentences)
    touched = {*done, *out.attempted}
    out.ignored = [aim.id for aim in live if aim.brought and aim.id not in touched]
    return out


# ---------------------------------------------------------------- facts that the agent has wrong


def _mistaken(aims: list[Aim], sentences: tuple[Sentence, ...], settled: list[Sentence], ledger: Ledger) -> list[str]:
    claimed = any(s.claims for s in sentences)
    weighty = claimed or bool(settled) or any(_asks_whether_right(s) for s in sentences)
    if not weighty and not any(f.old_values for f in ledger.facts):
        return []
    needed = {name for aim in aims for name in aim.sub.needs}
    values = tuple(f.value for f in ledger.facts)
    numbers = [f.name for f in ledger.facts if claimed and count_of(f.value, sentences[0].patterns) is not None]
    counted = numbers if len(numbers) == 1 else []  # with several, their sum may be what is meant
    wrong: list[str] = []
    for fact in ledger.facts:
        said = fact.said_at is not None
        old = said and any(len(v) > 2 for v in fact.old_values)
        needs, counts = weighty and fact.name in needed, said and fact.name in counted
        if not (old or needs or counts):
            continue
        others = tuple(v for v in values if v != fact.value)
        for s in sentences:
            # What the agent cannot know yet it has wrong only where it says that it is done, without having asked.
            sums_up = bool(s.claims) or (said and (any(s is plain for plain in settled) or _asks_whether_right(s)))
            if (old and (sums_up or s.states) and not _sets_apart(s) and states_old_value(s.low, fact, s.patterns)) or (
                (sums_up and needs and contradicts(s.low, fact, (*others, *fact.old_values), s.patterns))
                or (s.claims and counts and miscounts(s.low, fact.value, s.patterns))
            ):
                wrong.append(fact.name)
            else:
                continue
            break
    return wrong


def _asks_whether_right(s: Sentence) -> bool:
    """A summary that is to be confirmed, and no offer."""
    if not s.question or "confirm_questions" not in s.found or "alternatives" in s.found or "proposals" in s.found:
        return False
    return s.patterns["wh_questions"].match(s.low) is None


_NOT_FOR_NOW = frozenset(("refuses", "no_options", "state", "alternatives"))


def _sets_apart(s: Sentence) -> bool:
    """Sentences in which an old value may well stand: refusals, offers, descriptions of how things were, denials."""
    return not s.claims and (bool(s.denials) or not _NOT_FOR_NOW.isdisjoint(s.found))


# ---------------------------------------------------------------- met


def _actions_met(live: list[Aim], aims: list[Aim], sentences: tuple[Sentence, ...], facts: dict[str, str], out: Outcome) -> set[str]:
    actions = [aim for aim in live if aim.sub.kind == "action"]
    claims = [(s, clause) for s in sentences for clause in s.claims]
    worded = {aim.id for aim in actions if aim.sub.answered_by and _says_so(aim, sentences)}
    out.confirmed = bool(claims) or bool(worded)
    if not out.confirmed:
        return set()
    statements = [
        s
        for before, s in pairwise((None, *sentences))
        if s is not None and s.states and (s.claims or _goes_on(before, s) or not ("plans" in s.found or "refuses" in s.found or s.denials))
    ]
    met = {aim.id for aim in actions if aim.sub.answered_by and (aim.id in worded or _phrase_in(aim, statements, facts))}
    plain = [aim for aim in actions if not aim.sub.answered_by]
    for s, clause in claims:
        met |= _meant(plain, actions, aims, s, stems(clause, s.patterns.language), clause)
    return met


def _goes_on(before: Sentence | None, s: Sentence) -> bool:
    """Whether `s` says more of what the sentence before it said was done: "I have ordered your card. It will be sent to ..."."""
    return before is not None and bool(before.claims) and not s.denials and "refuses" not in s.found and s.low.split(" ")[0] in _PRONOUNS


def _phrase_in(aim: Aim, sentences: Iterable[Sentence], facts: dict[str, str]) -> bool:
    return any(phrases.find_any(aim.sub.answered_by, s.text, facts) for s in sentences)


def _says_so(aim: Aim, sentences: tuple[Sentence, ...]) -> bool:
    """A phrase of several words that the goal's author gave, said as a plain statement, is a confirmation in itself."""
    own = _sentences_of_its_own(aim.sub.answered_by)
    for s in sentences if own else ():
        if not s.states or s.denials or not _NOT_DONE.isdisjoint(s.found):
            continue
        quote = phrases.find_any(own, s.text)
        if quote is None or s.has("unless_before") or s.has("unless_after"):
            continue
        if s.patterns["negation"].search(s.low.partition(fold(quote))[0]) is None:
            return True
    return False


_NOT_DONE = frozenset(("plans", "refuses", "no_options"))


@lru_cache(maxsize=4096)
def _sentences_of_its_own(answered_by: tuple[str, ...]) -> tuple[str, ...]:
    """The phrases of several words among them: no expressions, and none with a placeholder."""
    return tuple(p for p in answered_by if not (p.startswith("/") and p.endswith("/")) and "{" not in p and len(p.split()) > 1)


def _ahead(aim: Aim, sentences: tuple[Sentence, ...], ledger: Ledger) -> bool:
    """Whether an agent did what the user was still going to ask for: it had been told all that this needs, and says it is done."""
    needed = [ledger.fact(name) for name in aim.sub.needs]
    told = [fact.value for fact in needed if fact is not None and fact.said_at is not None]
    if aim.sub.kind != "action" or not told or len(told) < len(needed):
        return False
    return any(s.claims and s.stems & aim.own and all(gives(s.low, v, s.patterns) for v in told) for s in sentences)


_UNSETTLED = frozenset(("plans", "no_options", "stalls", "dont_know", "misunderstands", "echoes", "proposals", "hands_off", "redirects"))


def _settles(s: Sentence) -> bool:
    """A plain statement that leaves nothing open: "See you on Thursday!", "Here are your tickets for Sunday."."""
    if "settles" not in s.found or not s.states or s.claims or s.denials or not _UNSETTLED.isdisjoint(s.found):
        return False
    patterns = s.patterns
    rest = patterns["settles"].sub(" ", s.plain)  # "bis Freitag" is a goodbye and no condition
    unsure = any(patterns.found(name, rest) for name in ("unless_before", "unless_after", "single_offers", "i_refuse"))
    return not unsure and not s.has_plainly("negation")


def _said_plainly(aim: Aim, settled: Iterable[Sentence], facts: dict[str, str]) -> bool:
    """Whether such a statement has what the aim's author calls an answer, or else all that the aim needs."""
    if aim.sub.answered_by:
        return _phrase_in(aim, settled, facts)
    values = [facts[name] for name in aim.sub.needs if name in facts]
    return bool(values) and len(values) == len(aim.sub.needs) and any(all(gives(s.low, v, s.patterns) for v in values) for s in settled)


def _meant(plain: list[Aim], actions: list[Aim], aims: list[Aim], s: Sentence, said: frozenset[str], clause: str) -> set[str]:
    """The actions that one claim is about."""
    verbs = s.patterns.verb_classes(said)
    fitting = [aim for aim in plain if not (verbs and aim.verbs and not verbs & aim.verbs)]
    scores = {aim.id: 2 * len(said & aim.own) + len(said & aim.words) for aim in fitting}
    best = max(scores.values(), default=0)
    rivals = max((2 * len(said & a.own) + len(said & a.words) for a in aims if a.id not in scores), default=0)
    if best and best >= rivals:
        top = [aim for aim in fitting if scores[aim.id] == best]
        apart = [aim for aim in fitting if said & aim.own and aim.verbs & verbs and aim not in top]
        same = len({frozenset(said & aim.words) for aim in top}) < len(top)
        return {aim.id for aim in ((_nearest(top) if same else top) + apart)}
    if rivals > 2 or not fitting or _about_a_detail(clause, s.patterns, actions):
        return set()
    if len(actions) == 1 or "everything" in s.found:
        return {aim.id for aim in fitting}
    return {aim.id for aim in _nearest(actions) if aim in fitting}


def _nearest(aims: list[Aim]) -> list[Aim]:
    """Of several that are equally meant: the one just brought up, else the one under way, else the first."""
    for group in ([a for a in aims if a.brought], [a for a in aims if a.status == "attempted"], aims):
        if group:
            return group[:1]
    return []


def _about_a_detail(clause: str, patterns: Patterns, actions: list[Aim]) -> bool:
    for kind in _CONTACT:
        pattern = patterns.fact(kind)
        match = pattern.search(clause) if pattern else None
        if match and not any(pattern.search(fold(aim.sub.say)) for aim in actions if pattern):
            # "I have sent it to your email address" is about what was sent.
            return not patterns.found("sent_to", clause)
    return False


# ---------------------------------------------------------------- answered


def _answered(aim: Aim, live: list[Aim], told: list[Sentence], facts: dict[str, str]) -> bool:
    if aim.sub.answered_by:
        return _phrase_in(aim, told, facts)
    alone = aim.brought and not any(other.brought for other in live if other.id != aim.id and other.sub.kind == "question")
    return any(_answers(aim, s, alone) for s in told)


def _answers(aim: Aim, s: Sentence, alone: bool) -> bool:
    found = s.found
    typed = any(kind in aim.expects and name in found for kind, name in _ANSWERS)
    if ("refuses" in found and "i_refuse" in found) or (not typed and not _NO_ANSWERS.isdisjoint(found)):
        return False
    shared, news = s.stems & aim.words, s.stems - aim.words
    close = not s.stems.isdisjoint(aim.own)
    if "yes_no" in aim.expects and alone and "yes_no" in s.found and not s.claims:
        return True
    if "yes_no" in aim.expects and close and len(shared) >= 2 and 2 * len(shared) >= len(aim.words):
        return "plans" not in s.found or len(shared) > 2  # the question's own words, as a statement
    if aim.expects - {"yes_no"}:
        return (typed and (close or (alone and not s.claims))) or (close and len(shared) >= 2 and bool(news) and "plans" not in s.found)
    enough = len(shared) >= 2 or (len(shared) == 1 and len(aim.words) <= 3)
    return close and enough and bool(news) and not ("plans" in s.found and not typed and "yes_no" not in s.found)


_ANSWERS = (("amount", "amounts"), ("duration", "durations"), ("time", "times"))
"""What a question asks for, and the word list of such answers."""
_NO_ANSWERS = frozenset(("stalls", "echoes", "how_can_i_help"))


# ---------------------------------------------------------------- refused, attempted, taken back


def _refused(rest: list[Aim], live: list[Aim], sentences: tuple[Sentence, ...], choice: bool) -> list[str]:
    refused: list[str] = []
    for s in sentences:
        no, unknown = "refuses" in s.found and "transfer_words" not in s.found, "dont_know" in s.found
        if not (no or unknown) or not s.states or s.claims or (choice and "unless_refused" in s.found):
            continue
        fit = [
            a
            for a in rest
            if (no or a.sub.kind == "question") and not (a.sub.kind == "question" and no and not unknown and "i_refuse" not in s.found)
        ]
        scores = {a.id: 2 * len(s.stems & a.own) + len(s.stems & a.words) for a in fit}
        best = max(scores.values(), default=0)
        if best:
            refused += [a.id for a in fit if scores[a.id] == best] if not choice or best > 2 else []
        elif not choice and fit:
            refused += [a.id for a in (_nearest(fit) if len(live) > 1 else fit)]
    return [a.id for a in rest if a.id in refused]


def _attempted(rest: list[Aim], live: list[Aim], sentences: tuple[Sentence, ...], asked: set[str], busy: bool) -> set[str]:
    if not rest:
        return set()
    working = [s for s in sentences if not s.states or "plans" in s.found or "stalls" in s.found or s.bullet or s.denials]
    tried = {a.id for a in rest for s in working if not s.stems.isdisjoint(a.own)}
    tried |= {a.id for a in rest if set(a.sub.needs) & asked}
    if asked - {name for a in live for name in a.sub.needs}:
        tried |= _behind_a_question_of_identity(rest, sentences)
    if busy:
        # What the agent is busy with is the action on the table, unless it shows otherwise.
        actions = [a for a in live if a.sub.kind == "action"]
        tried |= {a.id for a in _nearest(actions)}
        brought = [a for a in rest if a.brought]
        if len(brought) == 1 and (brought[0].sub.kind == "action" or not actions):
            tried.add(brought[0].id)
    return tried & {a.id for a in rest}


def _behind_a_question_of_identity(rest: list[Aim], sentences: tuple[Sentence, ...]) -> set[str]:
    """What was just brought up is not passed over by an agent that first asks who they are, unless it speaks of something else only."""
    named = {a.id for a in rest if any(s.stems & a.own for s in sentences)}
    return {a.id for a in rest if a.brought and (a.id in named or not named)}


def _taken_back(done: list[Aim], sentences: tuple[Sentence, ...]) -> list[str]:
    if not done:
        return []
    cue = any("takes_back" in s.found and s.states for s in sentences)
    back: list[str] = []
    for s in sentences:
        if not s.states or not s.denials:
            continue
        said = stems(" ".join(s.denials), s.patterns.language)
        actions = [a for a in done if a.sub.kind == "action"]
        near = [a.id for a in actions if said & a.own] or [a.id for a in actions if said & a.words]
        if near or cue or not content_words(s.low, s.patterns.language) - said:
            back += near or [a.id for a in actions[-1:]]
    return [a.id for a in done if a.id in back]
