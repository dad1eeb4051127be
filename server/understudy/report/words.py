"""Figures in words: a share never goes without its denominator and its interval, and nothing judged is never 0 %."""

from __future__ import annotations

from datetime import UTC, datetime

from understudy.campaigns.stats.clusters import ClusteredRate
from understudy.domain.campaign import Campaign
from understudy.domain.verdict import Interval, Rate

__all__ = [
    "NOTHING",
    "campaign_facts",
    "count",
    "day",
    "design_effect",
    "duration",
    "interval",
    "milliseconds",
    "money",
    "number",
    "p_value",
    "percent",
    "points",
    "rate",
    "said",
]

NOTHING = "–"


def percent(share: float | None) -> str:
    """A share as a whole percentage; 0 % and 100 % only where it is exactly that."""
    if share is None:
        return NOTHING
    if 0 < share < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= share < 1 else f"{share:.0%}"


def points(difference: float) -> str:
    """A difference of two shares in percentage points, with its sign."""
    return f"{_signed(difference)} points"


def interval(found: Interval | None, *, signed: bool = False) -> str:
    """Both ends as percentages; of a difference with their signs."""
    if found is None:
        return NOTHING
    if signed:
        return f"[{_signed(found.low)}, {_signed(found.high)}]"
    return f"[{found.low:.0%}, {found.high:.0%}]"


def _signed(share: float) -> str:
    return f"{share * 100:+.1f}".replace("-", "−")


def rate(found: Rate | ClusteredRate) -> str:
    """`41/50 = 82% [69%, 90%]`; `0/0`, with the reason, when there is no denominator."""
    plain = found.rate if isinstance(found, ClusteredRate) else found
    if plain.total == 0:
        return "0/0, nothing judged" if isinstance(found, ClusteredRate) else "0/0"
    return f"{plain.hits}/{plain.total} = {percent(plain.value)} {interval(found.interval)}"


def design_effect(found: ClusteredRate) -> str:
    """What the repeats of scenarios do to the interval, in a sentence."""
    total = found.rate.total
    if total == 0:
        return "Nothing was judged, so there is no interval."
    if found.clusters == total:
        return f"Each of the {count(total, 'judged conversation')} is a scenario of its own, so all of them count in full."
    if found.design_effect is None or found.n_effective is None:
        told = "one scenario" if found.clusters == 1 else f"{number(found.clusters)} scenarios that all came out alike"
        return f"{count(total, 'judged conversation')} of {told}: repeats add nothing to the certainty here."
    if found.design_effect <= 1.05:
        return f"Repeats of a scenario are no more alike than others (design effect {found.design_effect:.2f}): all {number(total)} count."
    return (
        f"Repeats of a scenario are alike (design effect {found.design_effect:.1f}): {count(total, 'judged conversation')} over "
        f"{count(found.clusters, 'scenario')} tell as much as {max(1, round(found.n_effective)):,} independent ones."
    )


def p_value(p: float | None) -> str:
    """A p-value as it is printed; small ones as a bound."""
    return NOTHING if p is None else "< 0.001" if p < 0.001 else f"{p:.3f}" if p < 0.1 else f"{p:.2f}"


def money(usd: float | None) -> str:
    """US dollars, with cents, and more digits where cents would be nothing."""
    if usd is None:
        return NOTHING
    return f"${usd:,.2f}" if usd >= 0.1 or usd == 0 else f"${usd:.4f}"


def number(value: float) -> str:
    """With thousands apart."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.1f}"


def count(value: int, word: str) -> str:
    """`1 conversation`, `2,000 conversations`."""
    return f"{value:,} {word}{'' if value == 1 else 's'}"


def duration(seconds: float) -> str:
    """`850 ms`, `12.3 s`, `4 min 05 s`, `2 h 10 min`."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    if seconds < 3600:
        return f"{int(seconds // 60)} min {int(seconds % 60):02d} s"
    return f"{int(seconds // 3600)} h {int(seconds % 3600 // 60):02d} min"


def milliseconds(value: float | None) -> str:
    """A latency; seconds from one second on."""
    return NOTHING if value is None else f"{value / 1000:.1f} s" if value >= 1000 else f"{value:.0f} ms"


def day(at: float) -> str:
    """Seconds since the epoch as a date and time in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M UTC")


def said(word: str) -> str:
    """A field's word as people write it: `goal_reached` is `goal reached`."""
    return word.replace("_", " ")


def campaign_facts(campaign: Campaign) -> tuple[tuple[str, str], ...]:
    """What the campaign was, as pairs of a word and its value."""
    spec = campaign.spec
    caps = spec.caps
    limits = [
        money(caps.usd) if caps.usd else "",
        f"{caps.tokens:,} tokens" if caps.tokens else "",
        duration(caps.seconds) if caps.seconds else "",
        count(caps.conversations, "conversation") if caps.conversations else "",
        f"worse than {caps.against}" if caps.against else "",
    ]
    sampled = spec.sampling + (f", {count(spec.size, 'scenario')}" if spec.size else "")
    return (
        ("campaign", campaign.id),
        ("started", day(campaign.created_at)),
        ("status", campaign.status + (f": {campaign.why}" if campaign.why else "")),
        ("targets", ", ".join(spec.targets)),
        ("personas", _named(spec.personas)),
        ("goals", _named(spec.goals) if spec.goals else "each persona's own"),
        ("repeats", str(spec.repeats)),
        ("sampling", sampled),
        ("seed", str(spec.seed)),
        ("player", spec.player),
        ("rubric", spec.rubric),
        ("limits of a conversation", f"{spec.limits.max_turns} user turns, {duration(spec.limits.max_seconds)}"),
        ("caps", ", ".join(filter(None, limits)) or "none"),
        ("at once", str(spec.concurrency)),
        *((said(name), version) for name, version in sorted(campaign.versions.items())),
    )


def _named(names: tuple[str, ...], most: int = 12) -> str:
    shown = ", ".join(names[:most])
    return f"{len(names)}: {shown}" + (f" and {len(names) - most:,} more" if len(names) > most else "")
