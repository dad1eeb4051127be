"""English word lists for hearing. Patterns stand over folded text (lower case, straight apostrophes), one a line."""

# ruff: noqa: E501 - a pattern or a list of names stays on one line

from __future__ import annotations

from understudy.simulation.hearing_lexicon import Lexicon, WordLists

__all__ = ["ENGLISH"]

_MACROS = {
    # Participles that tell of something completed; "required", "located", "called" are not among them.
    "DONE": (
        "booked|confirmed|cancell?ed|moved|re-?scheduled|changed|updated|scheduled|reserved|blocked|frozen|locked|unlocked|unblocked|reset|"
        "activated|re-?activated|deactivated|ordered|sent|emailed|mailed|issued|re-?issued|refunded|credited|reversed|transferred|paid|"
        "processed|completed|done|fixed|resolved|solved|registered|added|removed|deleted|renewed|extended|upgraded|downgraded|switched|"
        "shipped|dispatched|replaced|saved|applied|approved|waived|raised|lowered|increased|decreased|reduced|restored|enabled|disabled|"
        "in place|sorted(?: out)?|taken care of|set up|set|arranged|opened|closed|created|installed|returned|unsubscribed|subscribed|"
        "paused|suspended|resumed|linked|merged|corrected|amended|modified|swapped|adjusted|filed|submitted|entered|signed up|enrolled|"
        "ended|stopped|terminated|postponed|brought forward|pushed back|put through|placed|made|recorded|redeemed|assigned|granted"
    ),
    # Participles after "have" that complete nothing for the user.
    "IDLE": (
        "received|noted|noticed|checked|looked|located|tried|attempted|understood|reviewed|verified|identified|pulled|offered|mentioned|"
        "explained|listed|needed|wanted|loved|started|asked|searched|called|contacted|informed|notified|learned|followed|answered|helped|"
        "considered|attached|wondered|failed|encountered|experienced|detected|logged|flagged|forwarded|escalated|misunderstood|stated|"
        "declined|rejected|denied|delayed|provided|shared|enjoyed|hoped|assumed|closed this|outlined|described|gathered|matched|worked"
    ),
    "IRREGULAR": "sent|made|put|set|taken|reset|frozen|done|paid|brought|given|signed|gone ahead and",
    "ADV": "now|just|already|also|all|successfully|officially|been|hereby|duly|both|finally|since|automatically|immediately|therefore|then",
    # Where a question can begin: "which name should I use" is no request for a yes.
    "START": r"(?:^|(?<=, )|(?<=: )|(?<=; )|(?<=- )|(?<=\bso )|(?<=\band )|(?<=\bthen )|(?<=\bor ))",
    "SLOT": "(?:the )?(?:slot|appointment|opening|time|date|seat|table|room|place|option|flight|availabilit)\\w*",
}

_LISTS = WordLists(
    question_openers=r"""
(?:and |so |ok(?:ay)?,? |great[,!]? |sure[,!]? |thanks[,!]? |thank you[,!]? |now,? |also,? |first,? |finally,? )?(?:what(?!ever)|when(?= (?:would|do|did|is|are|was|were|can|could|should|will)\b)|where|which|who|whose|how|why|is|are|was|were|do|does|did|can|could|may|might|shall|should|would|will|won't|have you|has (?:the|your)|am i)\b(?! (?:be|know that)\b)
(?:and |so )?(?:anything|something) (?:else|more)
any (?:other|more|further) (?:question|request|thing)
""",
    wh_questions=r"(?:and |so |now,? |ok(?:ay)?,? )?(?:(?:at|on|in|for|to|from|under|with|until|by) )?(?:what(?! about)|which|when|where|who|whose|whom|why|how (?:many|much|long|old|often|soon|big|would you like|can i|may i|should i))",
    tail_questions=r"""
(?:is|are) there (?:anything|something)
(?:would|do|does|did|can|could|may|might|shall|should|will|have|is|are) (?:you|i|we|that|this|it|there|your|the)
what|which|when would|how (?:can|would|about|does|do|many|much|long)|anything else|where|who
""",
    tag_questions=r"""
(?:right|correct|ok|okay|yes|alright|all right|deal|is that right|is that correct|is this right|is this correct|is that ok(?:ay)?|is that all right|does that (?:sound|look) (?:right|good)|isn't it|aren't you|don't you|doesn't it|did i get that right|have i got that right|yeah|agreed)
""",
    requests=r"""
(?:please|kindly|just) (?:\w+ly )?(?:provide|tell|give|share|enter|confirm|verify|state|send|supply|type|specify|let (?:me|us) (?:know|have)|choose|pick|select|describe|spell|repeat|indicate|upload)
(?:i|we)(?:'ll| will| would|'d)?(?: just| also| still| first| only)? (?:need|require|like|have) (?:to (?:know|have|confirm|verify|check|ask(?: you)? (?:for|about)|take)|you to (?:confirm|tell|provide|give|verify)|your|the|an?|some|a few|both|two|one)
(?:tell|give|send) (?:me|us)
(?:let (?:me|us) (?:know|have)) (?:your|the|which|what|when|where|how|who|if|whether)
(?:provide|enter|share|confirm|verify|state|specify) (?:me with |us with )?(?:your|the|both|following)
(?:once|as soon as|when) (?:i|we) (?:have|know|get) (?:your|the)
(?:i'm|i am|we're|we are) (?:just |still )?(?:missing|going to need|gonna need|waiting for)
(?:i|we) (?:just |still )?(?:must|have to|need to|should) (?:ask|verify|confirm|know|check)
(?:what|which)'?s? (?:is |are |was )?(?:your|the)
(?:could|can|would|will) you (?:please |kindly |just )?(?:tell|give|share|provide|confirm|verify|state|send|spell|repeat|enter|let|specify|describe)
(?:may|can|could|might) (?:i|we) (?:please |just )?(?:have|get|ask|take|know|see)
all (?:i|we) need (?:is|are)
""",
    needs_first=r"(?:without|(?:until|unless|before) (?:i|we|you) (?:have|know|get|give|provide|tell|confirm)[a-z ]{0,20}?) (?:your|the|an?)",
    inner_negation=r"not|never|n't",
    negation=r"""
not|never|no|none|nothing|nobody|neither|nor|cannot|without|hardly|barely|unable
\w+n't
can not|no longer|fail(?:s|ed)? to|instead of
""",
    interjections=r"""
(?:no (?:problem|worries|trouble|rush)(?: at all)?|not a problem|not to worry|never mind|don't worry|why not|no doubt|can't wait|not only)[,.!:;-]*
""",
    contrast=r"""
but|however|although|though|unfortunately|whereas|except that|yet i|and unfortunately
""",
    claims=r"""
(?:i|we|he|she|they|our team|the (?:system|team|doctor|office|bank))(?:'ve| have| has)(?: <ADV>| gone ahead and)*,? (?!<IDLE>|no\b|not\b)(?:[a-z-]{3,}ed|<IRREGULAR>)
(?:i|we)(?: just| already| also| successfully| went ahead and| then| now)* (?:booked|cancell?ed|moved|re-?scheduled|changed|updated|scheduled|reserved|blocked|froze|locked|unlocked|reset|activated|ordered|sent|emailed|issued|refunded|credited|reversed|transferred|processed|completed|fixed|resolved|added|removed|deleted|renewed|extended|upgraded|switched|shipped|replaced|applied|waived|corrected|put|set up|arranged|closed|submitted|placed|registered)
(?:is|are|was|were|got|'s|'re)(?: <ADV>| being)* (?!being)<DONE>
(?:has|have|'s|'ve)(?: <ADV>)* been(?: <ADV>)* (?!<IDLE>)(?:<DONE>|[a-z-]{4,}ed)
(?:has|have)(?: now| just| successfully)? (?:gone through|taken effect|come through)
(?:went|gone) through(?: successfully)?
(?:is|are) now (?:on|at|set|due|valid|active|live|good|ready|yours|working|open|closed|under|for)
(?:you(?:'re| are)|we(?:'re| are)|everything(?:'s| is)|it(?:'s| is)|that(?:'s| is)|this is) (?:now )?(?:all )?(?:set|done|booked(?: in)?|confirmed|sorted(?: out)?|taken care of|good to go|complete|fixed|in place|registered|enrolled|covered)
(?:all|and) (?:set|done|sorted|booked|fixed)
consider it done
(?:^|[-:,;] ?)(?:great,? |ok(?:ay)?,? |perfect,? |alright,? |sure,? |thanks?,? |excellent,? |good news,? |yes,? |right,? )?(?:that(?:'s| is) |it(?:'s| is) )?(?:done|booked|confirmed|cancell?ed|moved|rescheduled|changed|updated|blocked|sorted|fixed|success|successful|refunded|ordered|sent|reserved|scheduled|completed?|resolved)(?=[.!,:;-]|$| -| for you| in for| to (?!be\b|confirm\b|do\b)| and | successfully)
successfully <DONE>
<DONE> successfully
(?:booking|appointment|order|request|payment|change|reservation|transfer|refund|update|cancellation|subscription|ticket) (?:confirmed|complete|completed|successful|updated|cancelled|saved|placed)
your (?:new|updated|rescheduled|revised) (?:[a-z]+ ){1,3}?(?:is|are|will be)(?! (?:not|being|to|still|free|under|pending|available)\b)
(?:changes|details) (?:saved|updated)
""",
    denials=r"""
(?:has|have|is|are|was|were)(?:n't| not| never)(?: actually| yet| in fact| really| been| successfully| fully| correctly| properly| quite)* (?:<DONE>|go(?:ne)? through|saved|taken effect|stored)
(?:did|does|do)(?:n't| not)(?: actually| in fact| really)? (?:go through|take effect|work|get (?:<DONE>)|save|complete|succeed|book|cancel|move|change|update|send)
(?:never|not) (?:actually )?(?:went through|<DONE>)
(?:booking|change|update|payment|cancellation|transfer|request|order|it|that) (?:has |have )?(?:failed|bounced|was lost|got lost|fell through|was rejected)
(?:no|nothing) (?:[a-z]+ ){0,3}(?:has|have|was|were|is) (?:actually |yet )?(?:been )?<DONE>
(?:i|we)(?: have|'ve)? (?:failed|forgot|forgotten|neglected) to
""",
    unless_before=r"""
if|unless|until|till|whether|in case|provided|assuming|once(?! again)|as soon as|as long as|make sure|ensure|so that|in order to
(?:when|whenever|after|before|while) (?:i|we|you|it|they|your|the|that|this|he|she)\b
would|could|should|might|must|may|wish|i'll have|will have|to have|want(?:s|ed)? (?:to|it|me)|like (?:to|me to)|need(?:s|ed)? (?:to|it)|going to|about to|let me (?:get|see|check|make)|i'll get|to get|have to be|can be|will be|to be|get you|getting you|asked|think|thought|believe|hope|hopefully|try|trying|suppose
you(?: have|'ve| had)? (?:just )?(?:said|mentioned|wrote|told|say)
to (?:see|check|verify|find out)
""",
    unless_after=r"""
(?:^|\W)(?:once|as soon as|if|when|after|provided(?: that)?|unless|until) (?:you|i|we|they)(?:'ve| have)? (?:can |could |do |also )?(?:confirm|pay|agree|approve|accept|reply|respond|provide|give|send|tell|say|let|want|sign|verify|receive|get|have (?:your|the))
subject to|pending|only (?:if|when|after|once)
""",
    state=r"""
currently|at the moment|presently|at present|existing|original(?:ly)?|previously|until now|still|as of now|so far|right now
(?:i|we) (?:can )?(?:see|found|find|notice)|(?:it )?looks like|it seems|seems to|according to|(?:our )?(?:records|system) shows?|shows? that|says that|i have you
fully|completely|usually|normally|typically|generally|always|often|sometimes|every|each|any|most|all our|all of our
booked (?:out|up|solid)|already taken|closed (?:on|for|at|from|during|every)|opened? (?:on|at|from)
(?:not|never) only
""",
    plans=r"""
(?:i|we)(?:'ll| will| shall|'m going to| am going to|'re going to| are going to)
(?:i'm|i am|we're|we are) (?:now |just |currently )?(?:[a-z]{2,}ing)
let me|allow me|let us|let's
will be|is being|are being|in progress|working on
(?:i|we) (?:can|could)
going to
""",
    settles=r"""
^(?:and |so )?(?:all right|alright|great|perfect|ok(?:ay)?|noted|got it|wonderful|excellent|lovely|done|sure|fine|good|very well|of course|certainly|absolutely|no problem|super|brilliant)\b
(?:here|there) (?:is|are|you are|you go)|see you|it is[.!]*$|it's a date|(?:you're|you are|i have you|i've got you|we have you|we've got you) (?:down|in) for|expect(?:s|ing)? you|^(?:noted|confirmed|done|booked)
(?:comes|arrives|visits|calls) (?:on|this|next|tomorrow|to)|(?:is|are) (?:ready|waiting|yours)|(?:ready|waiting) for (?:you|pick-?up|collection)|(?:ticket|booking|reference|confirmation|order) number is
""",
    takes_back=r"""
actually,? (?:[a-z']+ ){0,6}(?:not|n't|never|did not|didn't|hasn't|wasn't|isn't|failed)
(?:i|we) (?:was|were|am|are) (?:wrong|mistaken|in error|incorrect)
(?:i|we) (?:made|have made|'ve made) (?:a|an) (?:mistake|error)
my mistake|my (?:bad|error)|correction|i take that back|i (?:must|have to|need to) correct (?:myself|that|what)|i spoke too soon|scratch that
(?:did|does)(?:n't| not) (?:actually )?(?:go through|take effect|save)|(?:has|have)(?:n't| not) (?:actually )?gone through|after all,? (?:it|that|the|your)
""",
    greets=r"""
hello|hi|hi there|hey|welcome|good (?:morning|afternoon|evening)|greetings|thank you for (?:calling|contacting|reaching out)|thanks for (?:calling|contacting|reaching out)
""",
    how_can_i_help=r"""
(?:how|what) (?:can|may|could|might) (?:i|we) (?:help|assist|do|be of)
how (?:can|may) i be of
what (?:brings you|can i do)
what would you like (?:to do|help with|me to do)(?: today)?
""",
    offers_more=r"""
(?:anything|something) (?:else|more|further)
any (?:other|more|further) (?:questions?|requests?|concerns?|help|assistance)
(?:what|how) else (?:can|may|could) (?:i|we)
else (?:i|we) can (?:help|do|assist)
""",
    closes=r"""
good ?bye|bye(?: bye| now)?|have an? (?:\w+ )?(?:day|evening|afternoon|night|weekend|one|time|trip|flight|stay)|take care|see you (?:then|soon|on|later|tomorrow)|farewell|until next time|enjoy your (?:day|trip|stay|flight|weekend)|thank you for (?:choosing|being a|banking)
this (?:chat|conversation) (?:is|has been|will be|was) (?:now )?(?:closed|ended)
""",
    stalls=r"""
(?:one|just a|a|a quick|just one) (?:moment|second|minute|sec)(?: please)?
please (?:wait|hold|stand by|bear with)|bear with me|hold on|hang on|stand by|hold the line
(?:give|allow) me (?:a|one|just a|some)? ?(?:moment|second|minute|few|time|bit)
let me (?:just |quickly |first )?(?:check|look|see|find|pull|verify|have a look|take a look|think|get back)
(?:i|we)(?:'ll| will) (?:just |quickly |have to )?(?:check|look (?:into|that|it|this)|get back to you|investigate|look at|see what|be right back|be with you|follow up|find out|have a look|take a look|ask)
(?:i'm|i am|we're|we are) (?:just |still |currently |now )?(?:checking|looking|working on|processing|searching|investigating|pulling)
(?:could|can|would) you (?:please )?(?:hold|wait|bear with)
(?:this|it) (?:may|might|will|could) take (?:a|some|a few)
(?:is|are) (?:still )?(?:being (?:processed|looked|checked|reviewed)|in progress|under review)
we(?:'ll| will) (?:let you know|contact you|be in touch|get back)
someone will (?:get back|look)
thank you for your patience|thanks for (?:your patience|waiting|holding|bearing)
""",
    apologises=r"""
(?:i'm |i am |we're |we are |so |very |really )?sorry|apolog(?:y|ies|ise|ize|ising|izing)|(?:please )?(?:forgive|excuse) (?:me|us|the)|my apologies|i regret
""",
    acknowledges=r"""
(?:i|we) (?:completely |totally |fully |can |do |really |certainly |truly )*(?:understand|hear you|see why|appreciate|realise|realize|get (?:that|how|why|it)|imagine|know how|sympathi[sz]e|share your)
(?:that|this|it) (?:must|sounds|is|can be|has to be|must be|would be) (?:be |so |very |really |quite |incredibly )*(?:frustrating|annoying|stressful|upsetting|worrying|difficult|inconvenient|hard|tough|awful|terrible|confusing|scary|disappointing|a pain)
sorry (?:to hear|that you|about (?:this|that|the)|for (?:the|your|any|this|that|all))
(?:completely|totally|perfectly|entirely) understandable
(?:i can see|i see) (?:that |why |how )?(?:you're|you are|this|that)
you(?:'re| are) (?:absolutely )?right to
your (?:frustration|concern|worry|patience|anger)
""",
    misunderstands=r"""
(?:i|we) (?:did not|didn't|don't|do not|couldn't|could not|can't|cannot)(?: quite| really| fully| seem to)? (?:understand|catch|get|follow|make sense of|recogni[sz]e|hear)(?! (?:why|how (?:frustrat|diffic)|back|through|in\b|to\b|any|access|around|it to|that (?:done|fixed|information|to)|you\b (?:a|an|the|in|that|to|set)|into|your (?:money|refund)))
(?:could|can|would) you (?:please |kindly )?(?:rephrase|reword|say that again|clarify|put that (?:another|differently)|explain what|be more specific|try (?:again|rephras))
(?:please|try to|try|kindly) (?:rephrase|reword|clarify|rephrasing)
(?:not sure|unsure|unclear) (?:i understand|what you|i follow|i got|if i understood|how to interpret)
what do you mean|i beg your pardon|pardon\?|come again|i'm confused
sorry, (?:what|i missed that)
i missed (?:that|what)
(?:that|your (?:message|request|question)) (?:was|is) (?:not clear|unclear|not recogni[sz]ed)
""",
    refuses=r"""

(?:i|we)(?: still| currently| just| simply| really| also| unfortunately| personally)* (?:can't|cannot|can not|could not|couldn't|won't|will not)(?: be able to)?(?! (?:wait\b|help (?:but|being)|thank you|apologi[sz]e|be happier|recommend|stress|understand|hear|imagine|keep you|forget|let you down|charge|share your|hesitate|wish|get enough))
(?:i|we)(?:'m| am|'re| are)(?: currently| still| unfortunately| really| just| afraid i am)? (?:not able|unable|not allowed|not permitted|not authori[sz]ed|not in a position|not equipped) to
(?:i|we) (?:do not|don't) (?:currently |unfortunately )?(?:offer|provide|support|allow|do|have (?:the )?(?:ability|option|access|authority|permission)|handle|deal with|accept)
(?:is|are|it's|that's|was)(?:n't| not)(?: currently| unfortunately| really| something (?:i|we) can)? (?:possible|allowed|permitted|an option|something (?:i|we) (?:can|am able|are able)|supported|eligible|doable|feasible)
(?:isn't|not) (?:going to be )?possible|impossible
(?:i|we) (?:was|were)(?:n't| not) able to|(?:i|we) (?:could not|couldn't|failed to) (?:move|book|cancel|change|complete|process|reschedule|update|reserve|finish|refund)
there(?:'s| is) (?:nothing|no way) (?:i|we|else|to|more)
nothing (?:i|we) can do|no can do|out of (?:my|our) hands
(?:beyond|outside|out of) (?:my|our|the) (?:scope|abilities|capabilities|remit|control)
(?:against|not in line with) (?:our )?policy|(?:our )?polic(?:y|ies) (?:does not|doesn't|do not|don't|prohibits?|prevents?|forbids?)
(?:cannot|can't|can not|could not|couldn't) (?:now |currently |unfortunately )?be (?:\w+ly )?(?:changed|moved|cancelled|canceled|refunded|booked|done|made|processed|completed|rescheduled|waived|reversed|blocked|modified|updated|saved|transferred|accepted|extended|arranged|fulfilled|reset)
(?:i|we)(?:'ll| will)? (?:have|need) to (?:decline|refuse|say no)|(?:i|we) (?:must|refuse to|decline)
(?:request|refund|claim|application|it) (?:has been|was|is) (?:declined|denied|refused|rejected)
not entitled to|no longer (?:possible|able|offer)
""",
    i_refuse=r"""
(?:i|we)(?:'m| am|'re| are)?(?: afraid|,| sorry| but| i| we| that| still| currently| just| simply| really| also| unfortunately| personally)* (?:can't|cannot|can not|could not|couldn't|won't|will not|unable|not able|not allowed|not permitted|not authori[sz]ed|don't|do not|refuse|decline)
(?:isn't|not) possible|impossible
""",
    unless_refused=r"without|until|unless|before (?:i|we|you)|with (?:that|this|those|these)|locate|find|on (?:that|this)|(?:mon|tues|wednes|thurs|fri|satur|sun)day|first need|that (?:day|time|slot)",
    dont_know=r"""
(?:i|we) (?:don't|do not|cannot|can't|couldn't) (?:actually |currently |really |unfortunately )?(?:know|have (?:that|this|any|the|access to|details|information)|tell you|say(?! no)|answer|find (?:any|that|this)|see (?:any|that|this)|comment|give you|disclose|share)
(?:i'm|i am|we're|we are) (?:not sure|unsure|not certain|not aware|unable to (?:say|tell|answer|give|share))
no (?:information|idea|details) (?:on|about|regarding)
""",
    no_options=r"""
(?:is|are|'s|'re) (?:already |now |completely |unfortunately )*full(?=[,.;!]|$)
(?:no|not any|n't any|n't have any|without) (?:[a-z]+ ){0,3}(?:appointments?|slots?|openings?|availabilit(?:y|ies)|times?|dates?|seats?|tables?|rooms?|flights?|options?|tickets?|spots?|spaces?|vacancies|places|stock|alternatives?)(?: (?:available|left|free|open|remaining|at all|that day|on|in|this|next|for|until|before|whatsoever)|[.!,;]|$)
(?:nothing|none|no one) (?:is |are |else )?(?:available|free|open|left|suitable)
(?:is|are|we're|we are|it's|they're) (?:already |all |now )?(?:fully|completely|all) (?:booked|reserved|taken)|booked (?:out|up|solid)|sold out|(?:fully|completely) booked
(?:isn't|aren't|is not|are not|not|no longer) available
""",
    hands_off=r"""
(?:i'm|i am|we're|we are)(?: now| just| going to)* (?:transferring|connecting|forwarding|handing|passing|putting|escalating|redirecting|routing|transfer|connect|hand|pass|put|escalate)(?: you| your (?:call|chat|case|request|conversation|issue)| this| it| the (?:call|chat|case))(?: on| over| through| now| directly)*(?: to| with| through|[.!,]|$)
(?:i|we)(?:'ll| will)(?: now| just| go ahead and| gladly| have to| need to| happily)* (?:transfer|connect|forward|hand|pass|put|escalate|redirect|route|get|bring)(?: you| your (?:call|chat|case|request|conversation|issue)| this| it| the (?:call|chat|case))(?: on| over| through| straight| directly)* (?:to|with|through) (?:an?|the|our|one of our|my|someone|somebody|another)
(?:i'll|i will|i'm going to|let me)(?: now| just| go ahead and)* (?:transfer|connect) you
let me (?:just |now |quickly )?(?:transfer|connect|hand|pass|put|escalate|get|bring in|bring)(?: you| this| it| your (?:call|chat|case)| a| an| the)(?: on| over| through)*(?: to| with| through| human| colleague| agent| supervisor| manager| someone| now|[.!,]|$)
(?:i|we)(?:'ve| have)(?: now| just| already)* (?:transferred|connected|handed|escalated|forwarded|passed) (?:you|this|it|your (?:call|chat|case|request|conversation|issue|message|details|question)|the (?:call|chat|case|matter|request))(?: on| over| through)*(?: to| with|[.!,]|$)
(?:you(?:'re| are)|you(?:'ll| will)(?: now| then| shortly| soon)* be|your (?:call|chat|case|request) (?:is|has been|will be))(?: now| being| just)* (?:transferred|connected|put through|handed over|escalated)
(?:an?|one of our|our|another|my|the) (?:human |live |real |support |service |customer |senior )*(?:agent|colleague|colleagues|representative|specialist|advisor|adviser|supervisor|manager|person|human|team member|team|nurse|banker|expert)s? (?:will|is going to|are going to|'ll) (?:now |then |soon |shortly |personally )?(?:take over|contact|call|reach|be with|join|help|assist|get (?:back|in touch)|follow up|continue|respond|reach out)
(?:please )?(?:hold|stay (?:on the line|with me|connected)|wait)(?: on)? while i (?:transfer|connect|put|get|hand|find)
handing (?:you|this|over)|transferring you|connecting you|escalating (?:this|your)
(?:has|have) (?:now )?been (?:escalated|handed (?:over|off)|passed (?:on|over)|forwarded) to
""",
    transfer_words=r"""
(?:transfer|connect|hand|pass|put|escalate|forward|redirect)(?: you| this| it| your (?:call|chat|case|request)| the (?:call|chat|case))(?: on| over| through| straight)*(?: to| with| through|[?.!,]|$)
(?:speak|talk|chat)(?:ing)? (?:to|with) (?:an? |the |our |one of our |someone|somebody|another )?(?:human|person|colleague|agent|representative|supervisor|manager|someone|specialist|advisor|team|live|real|nurse|member)
(?:get|bring in|call in) (?:an? |the |our )?(?:human|colleague|agent|supervisor|manager|representative|specialist)
(?:a|an|our|one of our) (?:human |live )?(?:colleague|agent|human|representative|specialist|advisor)s?(?: to)? (?:call|contact|take over)
""",
    only_offers=r"if|can|could|may|might|would|happy to|glad to|unless|should you|whether|want me to|like me to|option|before",
    redirects=r"""
(?:please |kindly |you (?:can|could|should|must|may|will need to|need to|have to|'ll need to|'ll have to|would need to|might want to) |you(?:'ll| will) (?:need|have) to |just |simply |try |i (?:suggest|recommend|advise|ask)(?: that)? you(?: to)? )(?:please |also |instead |directly |then )*(?:call(?!ed)|phone|ring|dial|visit|contact|go to|reach out to|email|e-mail|write to|check (?:our|the) (?:website|site|app|faq|help)|consult (?:our|the) (?:website|faq)|head to|use (?:our|the) (?:website|app|online|portal|form)|get in touch with|turn to|refer to|see our|log in(?:to)? (?:to )?(?:our|the|your)|do (?:that|this|it) (?:online|in (?:person|the app)|on (?:our|the)|via|through|yourself)|stop by|come (?:to|in|by)|speak (?:to|with)|ask (?:your|the|at)|apply online|book online)
(?:calling|visiting|contacting|emailing) (?:our|the|your|us|customer)
for (?:that|this),? (?:please |you )
(?:this|that|it) (?:can|must|has to|needs to) (?:only )?be (?:done|handled|changed|requested|arranged|made|booked) (?:only )?(?:online|by phone|in person|in (?:the|our|a) (?:app|branch)|on (?:our|the) website|via|through|at)
(?:is|are) handled by (?:our|the|another|a different)
""",
    courtesy=r"""
(?:if|should) (?:you|there)(?:'s| is| are| have| need| ever| should)* (?:any(?:thing)?|other|more|further|another|require|need|change your mind|run into|want to (?:know|change)|questions?|(?:any )?concerns)
(?:feel free|don't hesitate|do not hesitate|you(?:'re| are) welcome to|happy to help|here to help|any(?:thing)? else|at any time|any ?time|in the future|next time|also)
let me know if
""",
    confirm_questions=r"""
<START>(?:shall|should) (?:i|we)(?! (?:know|be aware))
<START>(?:would you like|do you want|would you want|want|did you want|would you prefer|do you need|would you prefer for|would it help for) (?:me|us) to(?! (?:help|assist))
<START>(?:may|can|could) (?:i|we) (?:\w+ly |just |now |then |please )*(?:book|cancel|move|change|go ahead|proceed|confirm (?!your\b|the (?:last|date of birth|name))|continue|reserve|schedule|reschedule|block|order|put|make|process|update|assume|finali[sz]e|submit)
<START>(?:is it (?:ok|okay|alright|all right) if|are you (?:ok|okay|happy|fine) (?:if|for)|do (?:i|we) have your (?:permission|ok|okay|consent|approval)|would you mind if) (?:i|we|to)?
(?:would you like|do you want|do you wish|want|would you prefer|are you ready|ready|are you sure you want|are you happy|do you (?:really|still) want|would you still like) to (?:proceed|continue|go ahead|confirm|keep|accept|cancel|book|move|change|do (?:that|this|it)|take (?:that|this|it)|reserve|reschedule|block|order|go with|finali[sz]e|complete|submit|receive|have)
(?:is|are|was) (?:that|this|it|everything|all (?:of )?(?:that|this)|these|those)(?: all| information| details| data| still| about)* (?:right|correct|ok|okay|accurate|fine|good|alright|all right|what you|acceptable|in order|true|up to date)
(?:does|do|did|would|will) (?:that|this|it|these|those|everything|the|thursday|monday|tuesday|wednesday|friday|saturday|sunday|tomorrow|\d|either)[^?]{0,60}?(?:work|suit|sound|look|fit|be (?:ok|okay|fine|good|alright|convenient)|help|seem|match)
(?:did|have) i (?:get|got|understand|understood) (?:that|this|it|everything|you|all)(?: all)? (?:right|correctly|correct)?
(?:please |kindly |just )(?:confirm|reply (?:with )?['"]?(?:yes|confirm))(?!(?:ing)? (?:your|the|with your|which|what))
(?:can|could|would) you (?:please |just |kindly )?confirm(?: that| this| it| these| the (?:details|change|booking|above|new)| everything| if| whether|[?.]|$)(?! the )
(?:confirm|proceed|agreed|go ahead|sound good|sounds good|ok|okay|correct|right|all good|yes or no|deal)\?
(?:can|may|shall|should) (?:i|we) (?:go ahead|proceed|continue|assume)
(?:are you|is it) (?:ok|okay|happy|sure|certain|fine|alright)(?: with| to| that| for)?
is (?:thursday|monday|tuesday|wednesday|friday|saturday|sunday|tomorrow|\d[^?]{0,40}) (?:ok|okay|fine|good|alright|convenient|possible)
do you (?:agree|accept|confirm|consent)
(?:am i|are we) (?:right|correct)
how (?:does|do|would) (?:that|this|it|these) (?:sound|look|work|suit)
how about (?:[a-z]+day|tomorrow|\d)
""",
    changes_subject=r"""
by the way|while (?:i have you|you're here|we're at it)|speaking of|on another note|on a different note|changing the subject|incidentally
have you (?:considered|heard (?:of|about)|thought about|tried|seen) (?:our|the new|upgrading|switching to)
did you know(?: that)? (?:we|our|you can)
(?:special|limited|exclusive|great|new|amazing) (?:offers?|promotions?|deals?|discounts?)
(?:would you be|are you|may i|can i) (?:interest(?:ed)?)(?: in| you)
(?:fun|interesting) fact
""",
    echoes=r"""
(?:you(?:'re| are| were| have|'ve)?(?: just| also)? (?:asked|asking|wanted|want|mentioned|would like|wrote|wondering|need|looking|interested|enquired|inquired))
(?:your|the|that|this) (?:question|query|request|inquiry|enquiry|message|concern) (?:about|regarding|on|concerning|for|is|was|has)
(?:i|we)(?:'d| would|'ll| will|'m| am|'re| are| can| could)?(?: be| more than| very| certainly| gladly| of course| absolutely)* (?:happy|glad|pleased|delighted|help|assist|here) (?:to|you|with)
(?:regarding|about|concerning|as for|with regard to|in relation to) your (?:question|query|request)[^.]*$
i understand|i see|i hear|i can help|i can assist|got it|thank(?:s| you) for
i(?:'ll| will) (?:come|get) to
""",
    breaks=r"""
traceback \(most recent call last\)|internal (?:server )?error|unhandled exception|stack ?trace|segmentation fault|\[object object\]|an? (?:internal|unexpected|unknown) (?:server )?error(?: has)? (?:occurred|happened)
error:? ?(?:code )?[45]\d\d|http (?:error )?[45]\d\d|[45]\d\d (?:internal server error|bad gateway|service unavailable|not found|gateway timeout)|(?:type|value|key|attribute|runtime|name|syntax|reference|index|nullpointer|null pointer )(?:error|exception)(?=:| at\b)
""",
    proposals=r"works?|suits?|how about|instead|available|free|prefer|alternatively|earliest|next",
    option_cues=r"""
available|availability|free|open(?:ings?)?|slots?|options?|choices?|choose|pick|prefer|which|offer|either|possible (?:times|dates)|alternatives?|could do|can do|have (?:the following|these|two|three|a few|several)|following|how about|would you like|do you want|works? (?:best|better)|would (?:work|suit)|earliest|next|we have|i have|is it
""",
    not_options=r"""
summary|details|confirm(?:ed|ation|ing)|to recap|recap|please (?:provide|tell|give|share|enter|confirm|send)|(?:i|we)(?:'ll| will)? (?:just |also |still )?(?:need|require)|steps?|instructions|(?:you|your) (?:booking|order|appointment|details)|so far|here(?:'s| is) what|bring|include[sd]?|note that|requirements?|documents?|cover(?:s|ed)|information|how to|first|requested
""",
    option_lead_ins=r"""
(?:would|do|did|will) you (?:rather |still |also )?(?:like|prefer|want|need|mean)(?: me| us)?(?: to(?: have| get| take| go with)?)?|(?:i|we)(?: can| could| do| currently|'d| would)*(?: offer| have| do| got| see|'ve)(?: got)?(?: you| openings?| slots?| availability| appointments?| times?| an opening| a slot)*(?: available| free| open)*|(?:there(?:'s| is| are))(?: openings?| slots?| appointments?| availability)*|how about|what about|is it|was it|are you|should (?:i|we|it)(?: be)?|shall (?:i|we)|either|choose(?: between| from)?|pick(?: between| from)?|prefer|available(?: times| slots| options| dates)*(?: are| include)?|options(?: are)?|you can(?: either| have| choose)*|(?:do|would) (?:the )?|which (?:do you prefer|would you like|one|works best|is better|would you prefer)(?: for you)?|between
""",
    option_tails=r"""
(?:are |is |both |would be |be )?(?:available|free|open|possible|left)|works?(?: best| better)? for you|suits? you(?: best| better)?|would (?:you (?:prefer|like)|work|suit|that|be)|which|instead|for you|please
""",
    alternatives="or",
    single_offers=r"""
(?:earliest|next|first|only|nearest|closest) (?:\w+ ){0,3}(?:available|availability|slot|appointment|opening|free|time|date|is)|(?:i|we) (?:have|can offer|could offer|do have)|(?:is|are) (?:available|free|open)|there(?:'s| is)
""",
    everything=r"both|all|everything",
    sent_to=r"(?:sent|emailed|mailed|texted|delivered|shipped|send)",
    choose=r"(?:choose|pick|select)(?! (?:your|a|the) (?:name|date of birth|password))|reply with (?:the|a|its|your) (?:number|letter)|type the (?:number|letter)",
    which_one=r"""
(?:and |so )?(?:which|what)(?: one| of (?:these|those|them|the two)| option| slot)?(?: would| do| works?| suits?| is| fits?| should| shall| can)\b(?! (?:the|your|my|his|her)\b)(?! you (?:looking|calling|trying))
(?:and |so )?would (?:either|any|one) (?:of|work|suit)
(?:and |so )?(?:do you have|have you got|any) (?:a |any )?preference
""",
    no_choice=r"(?:not|no|yes|so|more|less|later|two|one|later|anything else|something else|both|other|otherwise|else)(?: .*)?",
    instead_of=r"""
from|instead of|rather than|not|no longer|previous(?:ly)?|old|original(?:ly)?|formerly|replac(?:es|ing|ed)|cancell?ed|former|used to be|current(?:ly)?|existing|until now|earlier
""",
    now_words="to|now|but",
    count_nouns=r"tickets?|people|persons?|visitors?|guests?|adults?|seats?|places?|spots?|passengers?|travell?ers?|attendees|children|kids|students?|seniors?",
    asks_amount=r"how much|cost|costs|price|prices|fee|fees|charges?|charged|rate|expensive|pay",
    asks_duration=r"how (?:long|many (?:days|weeks|hours|minutes|months)|soon|quickly|fast)",
    asks_time=r"when|what time|which day|what day|opening hours|open|until what|by what|how late|hours",
    asks_yes_no=r"^(?:\w+[,!] )?(?:is|are|do|does|did|can|could|will|would|should|may|am|has|have|was|were)",
    amounts=r"""
[$€£] ?\d[\d.,]*|\d[\d.,]* ?(?:[$€£]|dollars?|euros?|pounds?|usd|eur|gbp|chf|francs|cents?|percent|%)|[$€£%]|free(?: of charge)?|no (?:extra |additional |cancellation |change )?(?:charge|fee|cost)s?|nothing extra|doesn't cost|costs nothing|without (?:charge|cost)|included
""",
    durations=r"""
(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|several|a few|a couple of|half an)(?:(?: ?- ?| to | or )(?:\d+|two|three|four|five|six|seven|ten))?[ -](?:business |working |calendar )?(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)|immediately|instantly|right away|same day|overnight
""",
    times=r"""
\d{1,2}[:.]\d\d|\d{1,2} ?[ap]\.?m\.?|noon|midnight|(?:mon|tues|wednes|thurs|fri|satur|sun)days?|tomorrow|today|tonight|(?:january|february|march|april|may|june|july|august|september|october|november|december)|\d+(?:st|nd|rd|th)|24/7|around the clock|within|immediately|straight away|next week|by the end of
""",
    yes_no=r"^(?:well,? )?(?:yes|no|yep|nope|yeah|absolutely|certainly|of course|definitely|sure|correct|indeed|unfortunately|not at all|you (?:can|cannot|can't|may|do|don't|need|will|won't)|it (?:is|isn't|does|doesn't|can|can't)|there (?:is|are|isn't|aren't)|that's (?:right|correct|included))",
)

_FACTS = {
    "name": r"""
(?:your |the |full |first and last |patient(?:'s)? |account holder(?:'s)? |legal |complete )+name(?! of (?:your|the))
who (?:am i|do i have|is this|are we|is the (?:appointment|booking) for|is (?:calling|speaking|travell?ing))
(?:which|what|whose) name|(?:whom am i|to whom)|(?:whose|what) name (?:is|should|shall|did|the)|names? (?:on|under|in) (?:the|your|which)|(?:spell|state) your name|(?:what|how) (?:should|may|can|do) (?:i|we) (?:call|address) you
(?:booking|account|appointment|reservation) (?:under|in) (?:what|which|whose)|full name|name please|name, please|(?<=[-*•] )name|(?<=, )name|(?<=and )name
""",
    "first_name": r"(?:first|given) name",
    "last_name": r"(?:last name|surname|family name|second name)",
    "date_of_birth": r"date of birth|birth ?date|birth ?day|d\.?o\.?b\.?|when were you born|birth ?year|year of birth|born on",
    "age": r"how old|(?:your|the|their|patient's) age|ages? of",
    "phone": r"(?:tele)?phone(?: number)?s?|mobile(?: number)?|cell(?: ?phone)?(?: number)?|contact number|(?:call ?back|contact|daytime) number|number (?:can|should|could|do|may) (?:we|i) (?:reach|call|contact)|number to (?:reach|call|contact)|best number|reach you (?:on|at|by)|contact details",
    "email": r"e-?mail(?: address)?(?:es)?|contact details",
    "address": r"(?:home |postal |mailing |delivery |shipping |billing |street |current |full |new )*address(?! (?:this|that|the|your)\b)|where do you live|where (?:should|shall|do|can) (?:we|i) (?:send|ship|deliver|mail)|(?:shipping|delivery) (?:details|location)",
    "postcode": r"post(?:al)? ?code|zip(?: ?code)?",
    "city": r"(?:which|what) (?:city|town)|your (?:city|town)|city",
    "country": r"(?:which|what) country|your country|country of residence",
    "order_number": r"order (?:number|id|no\.?|reference|#)|number of (?:your|the) order|(?:which|what) order",
    "account_number": r"account (?:number|id|no\.?)|(?:which|what) account|number of (?:your|the) account",
    "iban": r"iban|bank details|account details",
    "customer_number": r"(?:customer|client|member(?:ship)?|patient|user) (?:number|id|no\.?|code)",
    "booking_reference": r"(?:booking|reservation|confirmation|record) (?:reference|number|code|id|locator|no\.?)|pnr|locator|reference(?: number| code)?",
    "ticket_number": r"(?:ticket|case|incident|support) (?:number|id|no\.?|reference)",
    "invoice_number": r"(?:invoice|bill) (?:number|id|no\.?)|(?:which|what) (?:invoice|bill)",
    "tracking_number": r"tracking (?:number|id|code)",
    "serial_number": r"serial (?:number|no\.?)|device id",
    "licence": r"licen[cs]e (?:key|number|code|type)|product key|activation (?:key|code)",
    "card_last_four": r"last (?:four|4|few)(?: digits| numbers)?|final (?:four|4)(?: digits)?|ending (?:digits|number)|(?:four|4) (?:last |final )?digits|card ending in(?= what|\?)",
    "card_number": r"(?:credit |debit |bank )?card(?:'s)? (?:number|no\.?|details)|number (?:on|of) (?:your|the) card|16[- ]digit|(?:which|what) card",
    "card_type": r"(?:type|kind) of card|(?:which|what) (?:type|kind|card)|credit or debit|debit or credit|card type",
    "pin": r"(?:your |the )?pin(?: code| number)?|security code|cvv|cvc|passcode|one-time code|verification code|tan",
    "password": r"password|passphrase",
    "security_answer": r"security question|mother's maiden name|memorable word|security word",
    "username": r"user ?name|login(?: name)?|user id|account name",
    "policy_number": r"(?:insurance )?policy (?:number|id|no\.?)|policy|insurance (?:number|id)|member(?:ship)? id",
    "insurance": r"insur(?:ance|er|ed)(?! (?:policy )?number)(?: (?:provider|company|plan|carrier|details))?|health (?:plan|coverage|insurance)|(?:which|what) (?:plan|coverage)|how (?:are|will) you (?:be )?(?:paying|insured)",
    "date": r"(?:what|which) (?:other |new |exact |specific |alternative |preferred )*(?:days?|dates?)|(?:preferred|desired|new|alternative|requested|exact) (?:days?|dates?)(?: and times?)?|when (?:would|do|did|should|shall|will|can|could|were|is|was|are) (?:you|we|i|it|the|that|this|your)(?! born)|(?:day|date) (?:would|do|should|works|suits|and time|of (?:your|the) (?!birth))|date\b(?! of birth)(?= (?:and|or)|[?:.]|$)|time ?frame|which week|what week|date(?:\(s\)|s) ",
    "time": r"(?:what|which) (?:other |exact |new |preferred )*(?:times?|hour)|(?:preferred|desired|new|alternative|exact) times?|time (?:would|do|should|works|suits|of (?:day|your))|(?:date|day) and times?|time (?:slot|window)|(?:morning|mornings) or (?:afternoon|afternoons|evening)|when would you (?:like|prefer)",
    "duration": r"how (?:long|many (?:days|nights|weeks|months|hours))|duration|length of (?:stay|time)|since when",
    "doctor": r"(?:which|what|your|the|preferred|a particular|a specific|a preferred) (?:doctor|physician|practitioner|provider|dentist|gp|therapist|specialist|clinician|consultant)(?!'s (?:office|note))|who (?:is|was|are) (?:your|the) (?:doctor|appointment|usual)|(?:doctor|who) (?:would|do|are|did|were) you|with whom|who (?:is|was) it with|see (?:a|any) (?:particular|specific) doctor",
    "reason": r"reasons?|why (?:do|are|did|would|were) you|purpose|what(?:'s| is) (?:it|this|the (?:appointment|visit|matter|call)) (?:about|for|regarding)|what (?:it|this|that)(?:'s| is) (?:about|for|regarding)|what brings you|nature of (?:your|the)|type of (?:appointment|visit)|kind of (?:appointment|visit)|(?:what|which) (?:type|kind) of (?:appointment|visit)|regarding what",
    "symptom": r"symptoms?|what (?:seems to be|is) (?:the )?(?:problem|matter|trouble|wrong)|where does it hurt|how (?:are you|do you) feel",
    "problem": r"(?:describe|explain|tell (?:me|us)(?: more)? about|more details (?:about|on)) (?:the|your|this) (?:problem|issue|error|situation|matter)|what (?:exactly |seems to be |is |was )*(?:the )?(?:problem|issue|matter|trouble|happening|going wrong|happened|goes wrong|not working)|what(?:'s| is) (?:the |your )?(?:problem|issue|wrong|happening)|nature of (?:the|your) (?:problem|issue)",
    "error_message": r"error (?:message|code|text|number)|(?:what|which|any) errors?|exact (?:message|wording)|what (?:does|did) (?:it|the (?:error|screen|message)) say",
    "amount": r"how much(?! (?:time|longer))|(?:what|which|the|exact|total|transaction|payment|desired) (?:amount|sum|value|limit)|amount|what limit",
    "budget": r"budget|(?:price|spending) (?:range|limit)|how much (?:are you|do you want|would you like|can you) (?:\w+ )?(?:to )?spend",
    "currency": r"currency",
    "quantity": r"how many(?! (?:days|nights|weeks|months|hours|people|passengers|travell?ers|guests|adults|children|persons))|quantity",
    "destination": r"destination|where (?:are you|would you like|do you want|will you be|is it) (?:to )?(?:travel|fly|go|going|head)\w*|where to|(?:flying|travell?ing|going) to|to which (?:city|airport|country)|which country (?:are you|will you)|arrival (?:city|airport)",
    "origin": r"(?:where|which city|which airport|what city|what airport)[a-z ]* from|departure (?:city|airport|point)|(?:leaving|departing|flying|travell?ing) from|origin|from where|from which",
    "departure_date": r"departure date|(?:outbound|outgoing) (?:date|flight)|(?:when|what day|which day|what date|which date) (?:are you|would you like to|do you want to|will you|do you plan to|do you wish to) (?:be )?(?:leav|depart|travel|fly|go)\w*|travel dates?|date of travel|check-?in date|dates of (?:your|the) (?:trip|stay|travel)",
    "return_date": r"return (?:date|flight|journey)|when (?:are you|would you like to|do you want to|will you) (?:be )?(?:com\w* back|return\w*)|coming back|travel dates?|(?:inbound) (?:date|flight)|check-?out date|dates of (?:your|the) (?:trip|stay|travel)",
    "travellers": r"(?:group|party) size|size of (?:your|the) (?:group|party)|how big is your (?:group|party)|how many (?:visitors|attendees|participants|adults|will you)|(?:how many|number of|who(?: else)?(?: is| are)?|which) (?:people|passengers|travell?ers|guests|adults|children|persons|travell?ing|seats|tickets)|party size|travell?ing with|how many (?:of you|will be)|tickets (?:do|would) you",
    "flight_number": r"flight (?:number|no\.?|code)|(?:which|what) flight",
    "passport": r"passport(?: number)?|(?:travel|identity|id) document|id (?:card )?number",
    "nationality": r"nationality|citizenship|citizen",
    "seat": r"(?:which|what|preferred) seats?|seat (?:number|preference)|aisle or window|window or aisle",
    "hotel": r"(?:which|what) hotel|name of (?:your|the) hotel|hotel name",
    "room": r"(?:which|what) (?:type of |kind of )?room|room (?:type|number)|single or double",
    "merchant": r"(?:which|what) (?:merchant|shop|store|company|retailer)|merchant|where (?:was|did) (?:the|you) (?:payment|purchase|transaction|charge|buy|use)\w*|who (?:charged|was the payment)",
    "transaction": r"(?:which|what) (?:transaction|payment|charge|purchase|transfer)s?|transaction (?:id|number|details|date)|(?:date|details) of the (?:transaction|payment|charge)",
    "recipient": r"recipient|payee|beneficiary|who (?:is|are|should|do|would)[a-z ]* (?:pay|send|transfer)\w*|(?:send|transfer|pay) (?:it|the money|this)? ?to whom",
    "device": r"(?:which|what) (?:device|computer|phone model|laptop|hardware|model|machine)|device|(?:kind|type|make) (?:of|and model)|are you using (?:a )?(?:mac|pc|windows|phone|desktop|mobile)",
    "operating_system": r"operating system|which os|what os|windows or mac|os version|(?:which|what) (?:version of )?(?:windows|macos|android|ios)|os",
    "browser": r"browser",
    "version": r"(?:which|what|software|app|product|exact|current) versions?|version (?:number|of|are)|build number",
    "product": r"(?:which|what) (?:product|item|article|software|app|application|programme?|model|service)|name of the (?:product|item)|product name|items? (?:would|do|did)",
    "plan": r"(?:which|what) (?:plan|tariff|package|subscription|tier|licen[cs]e)|(?:current|your) (?:plan|tariff|subscription|tier)|subscription type",
    "company": r"(?:company|organi[sz]ation|business|workspace|employer)(?:'s)? name|name of (?:your|the) (?:company|organi[sz]ation|business|workspace)|(?:which|what) (?:company|organi[sz]ation|workspace)",
    "payment_method": r"payment (?:method|type|option|details)|how (?:would you like to|do you want to|will you|did you|would you) (?:be )?pay\w*|method of payment|pay by",
    "contact_method": r"how (?:should|can|may|would you like)[a-z ]* (?:contact|reach|notif|inform)\w*|preferred contact|(?:sms|text|phone|email) or (?:sms|text|phone|email|call)",
    "location": r"(?:which|what|your|nearest|preferred) (?:location|branch|office|clinic|store|site|practice|area)|where (?:are you|is (?:it|the))(?! (?:travel|fly|go|from))|location",
    "language": r"(?:which|what|preferred) language",
    "gender": r"gender|sex",
    "size": r"(?:which|what) size|sizes?|dimensions|how (?:big|large|tall|wide)",
    "colour": r"(?:which|what) colou?r|colou?r",
}

_VERBS = {
    "cancel": ("cancel", "terminat", "unsubscrib", "delet", "withdraw"),
    "change": (
        "mov",
        "reschedul",
        "re-schedul",
        "chang",
        "switch",
        "postpon",
        "shift",
        "modif",
        "amend",
        "updat",
        "book",
        "schedul",
        "swap",
    ),
    "book": ("book", "schedul", "reserv", "arrang", "order", "mov", "reschedul", "chang"),
    "block": ("block", "freez", "frozen", "lock", "suspend", "paus"),
    "unblock": ("unblock", "unlock", "unfreez", "reactivat", "resum", "activat"),
    "refund": ("refund", "reimburs", "credit", "revers", "waiv"),
}

ENGLISH = Lexicon(
    language="en",
    lists=_LISTS,
    macros=_MACROS,
    facts=_FACTS,
    verbs=_VERBS,
    weekdays=(("monday", "mon"), ("tuesday", "tues", "tue"), ("wednesday", "wed"), ("thursday", "thurs", "thur", "thu"), ("friday", "fri"), ("saturday", "sat"), ("sunday", "sun")),
    months=(
        ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"), ("may",), ("june", "jun"), ("july", "jul"),
        ("august", "aug"), ("september", "sept", "sep"), ("october", "oct"), ("november", "nov"), ("december", "dec"),
    ),
    day_parts={
        "morning": r"(?<!good )(?<!this )(?<!nice )(?<!lovely )(?<!great )(?<!wonderful )(?<!pleasant )mornings?",
        "afternoon": r"(?<!good )(?<!this )(?<!nice )(?<!lovely )(?<!great )(?<!wonderful )(?<!pleasant )afternoons?",
        "evening": r"(?<!good )(?<!this )(?<!nice )(?<!lovely )(?<!great )(?<!wonderful )(?<!pleasant )evenings?",
    },
    numbers=(("one", "a single"), ("two", "a couple of"), ("three",), ("four",), ("five",), ("six",), ("seven",), ("eight",), ("nine",), ("ten",), ("eleven",), ("twelve",)),
)  # fmt: skip
