"""Rude and dismissive phrases in English, German and Spanish."""

from __future__ import annotations

import re
from functools import lru_cache

from understudy.text.openings import Openings
from understudy.text.patterns import compile_lines, filled_lines, fold

__all__ = ["rude_quote"]

# Phrases that no courteous agent says to a customer whatever the matter; single words only where they are insults.
# A word such as "stop" or "problem" is ordinary service language and stays out.
_EN = r"""
shut up
stop (?:shouting|yelling|screaming|whining|complaining|wasting (?:my|our) time)
(?:please )?(?:just )?calm (?:down|yourself)
(?:(?:that's|that is|this is|it's|it is) )?not my (?:problem|job|fault|department)
(?:that's|that is|sounds like) (?:a )?your? (?:own )?(?:problem|fault)
deal with it[.!]
get over it
read the (?:damn|bloody|freaking|f\w*ing) \w+
(?:as|like) i(?:'ve| have)? (?:already )?(?:said|told you),? (?:a )?(?:hundred|thousand|million) times
how many times do i (?:have|need) to
are you (?:stupid|deaf|blind|dumb|even listening|an idiot|kidding me)
you(?:'re| are) (?:being )?(?:an? )?(?:stupid|idiot|dumb|ridiculous|pathetic|hysterical|nuisance|moron|hopeless|annoying|wasting my time)
how (?:hard|difficult) can (?:it|that) be
what part of .{1,40} (?:don't|do not|didn't) you understand
learn (?:to|how to) (?:read|listen|type|spell|write)
(?:stop|quit) (?:bothering|pestering) (?:me|us)
i (?:don't|do not|couldn't|could not) (?:really )?care(?= less|[.,!]| (?:what|if|about)\b)
who cares
whatever[.!](?=\s|$)
your (?:stupid|dumb|silly|ridiculous|pathetic) \w+
(?:stupid|dumb|idiotic) question
(?:what an?|you) (?:idiot|moron|fool|imbecile)s?
(?:there(?:'s| is) )?no need to (?:shout|yell|scream|be (?:rude|hysterical))
(?:turn|switch) off (?:your |the |that )?caps(?: lock)?
(?:don't|do not|stop) (?:shout|yell|scream)(?:ing)? at (?:me|us)
(?:watch|mind) your (?:tone|language|mouth)
i (?:won't|will not|refuse to|don't) (?:talk|speak|respond|answer|deal)\w* (?:to|with) (?:people|someone|anyone|customers) (?:who|like)
take it or leave it
go away
get (?:lost|a life)
(?:piss|bugger|sod|fuck) off
fuck\w*
bullshit
dumbass
asshole
wtf
use your (?:head|brain|eyes)
(?:you should have|should've) (?:thought (?:of|about) that|known better)
try (?:reading|listening) (?:next time|for once)
i (?:don't|do not) have (?:the )?time for (?:this|you)
some of us have work to do
grow up[.!](?=\s|$)
cry me a river
suck it up
tough luck
too bad[.!](?=\s|$)
"""
_DE = r"""
halt(?:en sie)? (?:die|den|ihre) (?:klappe|mund|fresse|schnauze)
(?:schreien|brüllen) sie (?:mich |uns |hier )?nicht(?: so)?(?: (?:an|rum|herum))?
hören sie auf zu (?:schreien|brüllen|jammern|nerven|meckern)
(?:jetzt )?beruhigen sie sich
(?:das ist )?nicht (?:mein|unser) (?:problem|bier)
das ist (?:ganz allein )?(?:ihr|dein) (?:eigenes )?problem
ist mir (?:doch )?(?:egal|wurst|schnuppe|scheißegal)
(?:das )?interessiert mich nicht
(?:pech(?: gehabt)?|selbst schuld|selber schuld)[.!](?=\s|$)
sind sie (?:taub|blind|dumm|blöd|schwer von begriff)
(?:so )?(?:eine )?(?:dumme|blöde|dämliche) frage
(?:dummkopf|idiot|vollidiot|trottel|depp)(?:en)?
verpiss\w*
scheiß\w*
stell(?:en sie sich| dich) nicht so an
lern(?:en sie)? (?:erst ?mal |doch )?(?:lesen|schreiben|zuhören)
können sie nicht lesen
was (?:daran|genau) verstehen sie nicht
wie (?:oft|schwer) (?:soll|muss|kann) (?:ich|das|man)(?: ihnen)?(?: das)? (?:noch|denn|eigentlich|sein)
sie nerven
nerven sie (?:mich |uns )?nicht
(?:dafür|für so was|für sowas) habe ich keine zeit
nicht in diesem ton
"""
_ES = r"""
c[aá]ll(?:ese|ate)
c[aá]lm(?:ese|ate)
no (?:me )?(?:grite|grites|chille)
deje de (?:gritar|quejarse|molestar)
(?:ese |eso )?no es (?:mi|nuestro) problema
es[eo] es (?:su|tu) problema
(?:a m[ií] )?no me importa(?: nada)?(?=[.!,]|$)
me da igual(?=[.!,]|$)
(?:es usted|eres|está usted|estás) (?:tonto|tonta|sordo|sorda|idiota|estúpido|estúpida|ciego|ciega)
pregunta (?:tonta|est[uú]pida)
idiotas?
imb[eé]cil(?:es)?
est[uú]pid[oa]s?
v[aá]yase a
l[aá]rg(?:uese|ate)
aprenda a (?:leer|escribir|escuchar)
no sabe leer
qué parte no entiende
no tengo tiempo para (?:esto|usted|tonter[ií]as)
no (?:me )?moleste(?: más)?
mala suerte[.!](?=\s|$)
con ese tono
mierda
joder
"""


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    # Some lines end in punctuation, where a word may follow without a boundary; the rest are whole words.
    return re.compile(compile_lines(_EN + _DE + _ES).pattern.removesuffix(r"(?!\w)") + r"(?:(?!\w)|(?<=\W))")


@lru_cache(maxsize=1)
def _openings() -> Openings:
    return Openings(filled_lines(_EN + _DE + _ES))


def rude_quote(text: str) -> str | None:
    """The first rude or dismissive phrase, exactly as it stands in the text, or None."""
    folded = fold(text)
    if not _openings().candidates(folded):
        return None
    match = _pattern().search(folded)
    return text[match.start() : match.end()].strip() if match else None
