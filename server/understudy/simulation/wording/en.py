"""Phrase bank: English. One phrase a row; `(a|b|)` are alternatives; no numbers, dates or names of its own."""

# ruff: noqa: E501
# A row is one family of phrases; wrapping rows would hide which alternatives belong together.
from __future__ import annotations

from typing import Final

from understudy.simulation.wording.bank import Cell, Words, lines, word_set

__all__ = ["ACTS", "WORDS"]

_OPENING: dict[str, Cell] = {
    "greet": {
        "formal": lines("""
            (Good morning|Good day|Good afternoon|Hello|Dear team|Good evening).
            (Good day|Hello|Good morning) to you.
            Hello, (I hope you are well|thank you for taking my message|I hope this is the right place)."""),
        "neutral": lines("""
            (Hello|Hi|Hi there|Hello there|Good morning|Hi, good morning)(.|!|,)
            (Hi|Hello), (I hope I'm in the right place|hope you can help|hope someone's there)."""),
        "casual": lines("""
            (Hi|Hey|Hiya|Hey there|Hi there|Morning|Heya)(!|,|)
            (Hey|Hi), (anyone there|anybody around|you there)?
            (Hey|Hi), (hope you're having a good day|hope you can help)(!|)"""),
        "slang": lines("""
            (yo|heya|sup|oi|hey hey|yo yo|ayy|alright)(,|!|)
            (yo|hey) (anyone there|u there|anyone about)?"""),
    },
    "greet_company": {
        "formal": lines("""
            (Good day|Hello|Good morning), (is this|am I speaking with|have I reached) {company}?
            (Dear {company} team|Good morning, {company})."""),
        "neutral": lines("""
            (Hi|Hello), (is this|am I through to|have I got|is that) {company}?
            (Hi|Hello) {company}."""),
        "casual": lines("""
            (Hey|Hi), (is this|this is|that's) {company}(, right|, yeah)?
            (Hey|Hi) {company}(!|)"""),
        "slang": lines("""
            (yo|hey) (this|is this) {company}(, yeah|)?
            (yo|heya) {company}(!|)"""),
    },
    "sign_on": {
        "formal": lines("""
            (My name is|This is) {me}."""),
        "neutral": lines("""
            (This is|It's|I'm) {me}(| here)."""),
        "casual": lines("""
            (it's|I'm|this is) {first}(| here)."""),
        "slang": lines("""
            (its|im) {first}(| here)."""),
    },
    "open_lead": {
        "formal": lines("""
            (I am writing|I am contacting you) (about the following|with a request):
            (I hope you can assist me|I wonder whether you could assist me):
            (Might I ask you something|If I may):
            (I have a request|The matter is this):"""),
        "neutral": lines("""
            (So,|Right,|OK so,|Well,|Basically,)
            (Here's the thing|Here's my problem|It's about this|The thing is this|My question is this|It's like this):
            I (wanted to ask something|have a request|need some help with something|hope you can sort this out):
            (I'm not sure who to ask|Not sure if this is the right place|I wasn't sure where to go with this), but:"""),
        "casual": lines("""
            (So,|OK so,|Right so,|So yeah,|Basically,|So um,)
            (Quick one|Quick question|Small thing|Bit of a thing|Here's the deal|Here's the thing):
            (Not sure if you're the right person|Dunno if this is the right place) but,"""),
        "slang": lines("""
            (so,|ok so,|so yeah,|right so,|so basically,|so like,)
            (quick one|heres the deal|got a thing|real quick):
            (dunno if ur the right ppl|not sure who does this) but,"""),
    },
    "hint": {
        "formal": lines("""
            I (am contacting you|am writing|have a question) (regarding|concerning|about) {topic}.
            (There is something|There seems to be a matter) (regarding|concerning) {topic} (that I should like to discuss|that needs attention)."""),
        "neutral": lines("""
            (It's about|I've got a question about|I wanted to ask about|I need some help with|I'm writing about) {topic}.
            (I'm getting in touch about|This is about|I'm here because of) {topic}.
            (Can you help me with|Can you look at|Could someone help me with) {topic}?"""),
        "casual": lines("""
            (It's about|Got a question about|Need some help with|Just wondering about) {topic}.
            (So it's about|There's a bit of a thing with|It's to do with) {topic}.
            (Can you do something about|Can you help with) {topic}?"""),
        "slang": lines("""
            (its about|need help w|got a q about|smth about|its to do w) {topic}.
            (can u help w|can u sort|can u look at) {topic}?"""),
    },
    "hint_blank": {
        "formal": lines("""
            I (am afraid I have|have) (a matter|something) (to discuss|to clear up|that needs settling).
            (There is something I need|I require some assistance), (though it is not easy to explain|if you would be so kind)."""),
        "neutral": lines("""
            (I've got a bit of a problem|I need some help|I have a question|There's something I need sorted out|I'm a bit stuck).
            (Can you help me with something|Can I ask you something|Could you look into something for me)?
            (I need something done|There's something I need), (but it's a bit complicated|not sure how to put it)."""),
        "casual": lines("""
            (Got a bit of a problem|I need some help|Got a question|I'm kinda stuck|Need something sorted)(.|...)
            (Can you help me out|Can I ask you something|Can you sort something for me)?"""),
        "slang": lines("""
            (got a prob|need some help|bit stuck tbh|need smth sorted)(.|...)
            (can u help me out|can i ask smth|u able to sort smth)?"""),
    },
    "elaborate": {
        "formal": lines("""
            (To be more precise|Let me be more specific|More exactly|To put it properly|What I mean is this):"""),
        "neutral": lines("""
            (What I mean is|To be exact|More precisely|Let me put it this way|It's this|In other words):
            (Well,|OK,|Right,|So,)"""),
        "casual": lines("""
            (What I mean is|Basically it's this|OK so it's this|Put it this way):
            (Well,|OK so,|So,|Right so,)"""),
        "slang": lines("""
            (what i mean is|ok so basically|its this):
            (so,|well,|ok so,)"""),
    },
}

_ASKING: dict[str, Cell] = {
    "also": {
        "formal": lines("""
            (In addition,|Furthermore,|I should also like to ask,|There is one further point:|While we are at it,|Might I add a point:|A further matter:)"""),
        "neutral": lines("""
            (Also,|And another thing:|One more thing:|Oh, and|By the way,|While I'm here:|While we're at it,|Something else:|And,)
            (There's something else|Another question|Before I forget|That reminds me):"""),
        "casual": lines("""
            (Oh and|Also,|Oh, another thing:|Btw,|While I've got you,|Oh yeah, and|One more thing:|And hey,)"""),
        "slang": lines("""
            (oh and|also,|btw,|oh yeah n|another thing,|and like,)"""),
    },
    "again": {
        "formal": lines("""
            (As I mentioned|To repeat my request|I must come back to my request|Once more|As stated|To return to my point|Allow me to repeat):"""),
        "neutral": lines("""
            (As I said|Like I said|Again|Once more|Coming back to my question|Back to what I asked|As I asked before|To say it again):
            (But what about this|That still leaves my question|I still need an answer to this):"""),
        "casual": lines("""
            (Like I said|As I said|Again|Back to my thing|So, again|Still the same question|But yeah, like I said):"""),
        "slang": lines("""
            (like i said|again|still|so again|back to it|ok but):"""),
    },
    "again_blank": {
        "formal": lines("""
            (My question has not been answered yet|I am still waiting for an answer to my question|That does not answer what I asked).
            (Could you please come back to my request|Might I ask you to return to my request|Would you kindly deal with what I asked)?"""),
        "neutral": lines("""
            (You haven't answered my question yet|That's not what I asked|I still don't have an answer|We're not there yet with what I asked).
            (What about what I asked|Can you come back to my question|So can you do that or not|And what about my request)?
            (I'm still waiting|I still need that done|That still isn't sorted)."""),
        "casual": lines("""
            (That's not really what I asked|You still haven't answered me|I still need that sorted|Still waiting on that one).
            (So what about my thing|So can you do it or not|And my question|Can we get back to what I asked)?"""),
        "slang": lines("""
            (thats not what i asked|still no answer|still waiting|still not sorted)(.|)
            (so can u or not|what about my thing|n my question|u gonna do it or what)?"""),
    },
    "complication_lead": {
        "formal": lines("""
            (I am afraid something has come up|There has been a change|I must add something|My apologies, there is news|I have just been told something new):"""),
        "neutral": lines("""
            (Wait, something's come up|Hang on, there's a change|Oh, I've just found out|Sorry, things have changed|Just noticed something|I've just heard):
            (Actually,|Oh,|Hold on,)"""),
        "casual": lines("""
            (Oh wait, something's come up|Ugh, change of plan|Hang on, just found out|Oh no, just saw this|Sorry, just heard):
            (Oh,|Wait,|Actually,)"""),
        "slang": lines("""
            (oh wait|hold up|ugh change of plan|omg just found out|nah wait):"""),
    },
    "mind_no": {
        "formal": lines("""
            (or rather, no,|although, on reflection,|no, forgive me,|or perhaps rather:)"""),
        "neutral": lines("""
            (actually no,|or no,|actually, you know what,|hmm, no,|or maybe,|although,|no, hang on,|well, actually,)"""),
        "casual": lines("""
            (actually no,|nah,|actually you know what,|or wait,|hmm no,|or maybe like,)"""),
        "slang": lines("""
            (actually nah,|nah wait,|or like,|hmm nah,|tbh no,)"""),
    },
    "mind_back": {
        "formal": lines("""
            (no, I beg your pardon,|no, let us stay with the first:|or no, as I said at first,)"""),
        "neutral": lines("""
            (no wait,|no, sorry,|no, let's stick with the first thing:|no, scratch that,|wait, no,|no, forget that,)"""),
        "casual": lines("""
            (no wait,|nope,|no no,|sorry no,|wait no, scratch that,|nah, first thing:)"""),
        "slang": lines("""
            (no wait,|nah nah,|scratch that,|lol no,|nvm,)"""),
    },
    "mind_blank": {
        "formal": lines("""
            (leave it as it is|I withdraw the whole thing|let us not do this at all)"""),
        "neutral": lines("""
            (forget the whole thing|just leave everything as it is|let's not bother at all|maybe I don't need it at all)"""),
        "casual": lines("""
            (just forget it|leave it as it is|maybe let's not bother|maybe I'll just leave it)"""),
        "slang": lines("""
            (forget it|just leave it|cba tbh|maybe not idk)"""),
    },
}

_FACTS: dict[str, Cell] = {
    "answer_lead": {
        "formal": lines("""
            (Certainly:|Of course:|Gladly:|Naturally:|By all means:)"""),
        "neutral": lines("""
            (Sure,|Yes,|OK,|Of course,|Right,|Let me see,|Yes, one moment,|Yep,|Alright,)"""),
        "casual": lines("""
            (Sure,|Yep,|Yeah,|Ok,|Sec,|Oh sure,|Yeah so,|Um,|Hmm,)"""),
        "slang": lines("""
            (yeah,|ye,|k,|sure,|yep,|uhh,|alr,)"""),
    },
    "answer_one": {
        "formal": lines("""
            (It is|That is|That would be) {value}.
            {value}."""),
        "neutral": lines("""
            (It's|That's|That'd be|That would be|It should be) {value}.
            {value}(|, that's it)."""),
        "casual": lines("""
            (It's|That's|Should be|That'd be) {value}(.|)
            {value}(|, yeah|, I think|, there you go)(.|)"""),
        "slang": lines("""
            (its|thats|should be) {value}(.|)
            {value}(| yeah| lol|, there u go)"""),
    },
    "answer_named": {
        "formal": lines("""
            {Name}: {value}.
            The {name} (is|would be) {value}.
            As to the {name}: {value}."""),
        "neutral": lines("""
            {Name}: {value}.
            (For the|As for the) {name}(,|:) (it's|that's) {value}.
            The {name} (is|would be|should be) {value}."""),
        "casual": lines("""
            {Name}(: | is |, that's |'s ){value}(.|)
            (the|for the) {name}(, it's|: | - ) {value}."""),
        "slang": lines("""
            {name}(: | is | = ){value}(.|)
            {name}, (its|thats) {value}"""),
    },
    "volunteer_lead": {
        "formal": lines("""
            (For your information:|In case you need it:|For reference:|It may help to know:|For the record:)"""),
        "neutral": lines("""
            (In case you need it:|In case it helps:|Just so you know:|You'll probably need this:|To save you asking:|For reference:)"""),
        "casual": lines("""
            (In case you need it:|Just so you know:|Fyi:|You'll prob need this:|Case it helps:)"""),
        "slang": lines("""
            (fyi:|if u need it:|jsyk:|case u need it:)"""),
    },
    "withhold": {
        "formal": lines("""
            I (would rather not|prefer not to|do not wish to) (give you|disclose|share) (that|the {name}).
            (The {name} is|That is) (something I keep to myself|a private matter|not something I give out), if you do not mind.
            I (must ask you to proceed|should prefer to go on) without (it|that)."""),
        "neutral": lines("""
            I'd (rather not say|rather not give you that|prefer to keep that to myself).
            (The {name}? I'd rather not|I don't give that out|That's private|I'm not comfortable sharing that)(.|, sorry.)
            (Can we do this without the|Is there a way without the|Does it work without the) {name}?
            (Let's leave|Let's skip|I'd like to keep) the {name} (out of this|to myself).
            (No offence, but|I'd rather be careful:) I (don't share that|keep that private|won't type that in here)."""),
        "casual": lines("""
            (I'd rather not say|Not giving that out, sorry|Rather keep that to myself|That's kinda private).
            (The {name}? Nah, rather not|Can we skip the {name}?|I don't wanna give you that)
            (Nope, keeping that one to myself|Not typing that in here|Gonna keep that private)(.|, sorry.)"""),
        "slang": lines("""
            (rather not say|nah not giving that out|thats private tho|not tellin u that lol)
            (do u rly need the {name}|can we skip the {name})? rather not
            (not typing that in here|keepin that one private|nope not sharing that)(| sry)"""),
    },
    "unknown": {
        "formal": lines("""
            I am (afraid|sorry), I do not (know|have) (that|the {name}).
            I (do not have the {name} to hand|could not tell you the {name}). (Where would I find it?|Is there another way?|Can you find me without it?)
            (I was never given|I cannot find) (such a thing|the {name}), I am afraid.
            Might you be able to look up the {name} yourself? I do not have it."""),
        "neutral": lines("""
            (The {name}? |)(No idea where I'd find that|I don't know that one|I don't have that|I've no idea, sorry|I honestly don't know).
            I don't (know|have) the {name}(.|, sorry.|. Where would I find that?|. Do you need it?)
            (Where would I find|Where does it say|Where do I get) the {name}? (I don't have it.|No idea.|I've never seen it.)
            (Off the top of my head, no|That's not something I've got here|Nobody ever told me that|I'd have to look for that, and I wouldn't know where|You'd have to tell me where the {name} is).
            (I've looked, but I can't find|I've never been given|I can't see) (a|any) {name} (anywhere|here).
            (Not a clue|I really do not know), (sorry|I'm afraid)."""),
        "casual": lines("""
            (The {name}? |)(No clue|No idea, sorry|Dunno|Not a clue where I'd find that|Haven't got that)(.|!)
            (Don't have the|No idea about the|Couldn't tell you the) {name}(.|, sorry.|... where's that?)
            (Never heard of that|Nobody gave me one|Can't find it anywhere|What even is that)(.|, sorry.)"""),
        "slang": lines("""
            ({name}? |)(no clue|idk|dunno tbh|no idea lol|havent got that)
            (dont have the|wheres the|whats the) {name} (tho|even)? (no idea|idk)
            (never seen it|nobody gave me one|cant find it|what even is that)(| soz)"""),
    },
    "correct": {
        "formal": lines("""
            (No, I am afraid not|I must correct you|That is not right): (it is|it should be) {value}, not {old}.
            (Not {old}, please|{old} is not correct): {value}.
            (You have|You wrote) {old}; it (is|should be) {value}."""),
        "neutral": lines("""
            (No,|No, wait,|That's wrong,|Sorry, no,|Hang on,) (it's |){value}, not {old}.
            (I said {value}, not {old}|Not {old}. {value}|It's not {old}, it's {value}).
            (That should be|Make that|Please change that to) {value}, not {old}.
            (You've got|You wrote) {old}, but it's {value}."""),
        "casual": lines("""
            (No,|Nope,|Nah,|Uh no,|Wait no,) (it's |){value}, not {old}(.|)
            (Not {old}, {value}|I said {value}, not {old})(.|!)
            (Make that|Should be) {value}, not {old}(.|!)
            You put {old}, it's {value}(.|)"""),
        "slang": lines("""
            (nah|nope|no|wait no) its {value}, not {old}
            not {old}(, |... ){value}(| mate| lol)
            u put {old}, its {value}
            make that {value} not {old}"""),
    },
    "correct_new": {
        "formal": lines("""
            (I am afraid that is not correct|There seems to be a mistake|I must correct that): (it is|it should read) {value}.
            (Please note|Please correct that): the {name} is {value}."""),
        "neutral": lines("""
            (No,|No, that's wrong,|That's not right,|Hang on, no,|Sorry, no,) it's {value}.
            (That's a mistake|You've got the {name} wrong|The {name} isn't right). It's {value}."""),
        "casual": lines("""
            (No,|Nope,|Nah,|Uh no,) it's {value}(.|)
            (Wrong {name}|You've got the {name} wrong)(, it's|. It's|:) {value}."""),
        "slang": lines("""
            (nah|nope|wrong,|uh no) its {value}
            wrong {name}(, |... )its {value}"""),
    },
    "choose": {
        "formal": lines("""
            I (should like|would prefer|would choose|shall take) {option}(, please|).
            {option} would (suit me|be convenient|be best), (thank you|please)."""),
        "neutral": lines("""
            (I'll take|Let's go with|I'd go for|Let's do|I'd prefer|Then) {option}(, please|).
            {option} (works for me|is fine|sounds good|would be best|suits me)."""),
        "casual": lines("""
            (Let's do|I'll take|Go with|I'll go for|Gimme) {option}(.| then.| please.)
            {option} (works|is good|sounds good|is fine)(.| for me.)"""),
        "slang": lines("""
            (gimme|ill take|lets do|go w) {option}(| pls| then)
            {option} (works|is cool|is good|is fine)"""),
    },
}

_REPLIES: dict[str, Cell] = {
    "yes_more": {
        "formal": lines("(Yes, indeed|Yes, there is|Yes, if I may|There is, yes|Indeed there is)."),
        "neutral": lines("(Yes|Yes, actually|Yes, there is|Actually, yes|There is, yes|Yes, one thing)."),
        "casual": lines("(Yeah|Yep|Yeah actually|Actually yeah|There is, yeah|Oh yeah)(.|,|)"),
        "slang": lines("(yeah|ye|yeah actually|actually ye|theres one)(,|)"),
    },
    "check_value": {
        "formal": lines(
            "(So that is {value}, is it not?|{value}, then, is that correct?|To be quite certain: {value}?|May I rely on {value}?)"
        ),
        "neutral": lines(
            "(So {value}, yes?|{value}, right?|Just to be sure: {value}?|So it's definitely {value}?|Just to double-check, {value}?)"
        ),
        "casual": lines("(So {value}, yeah?|{value}, right?|Just double checking, {value}?|Def {value}, yeah?)"),
        "slang": lines("(so {value} yeah?|{value} right?|jus checkin, {value}?|def {value} yeah?)"),
    },
    "recheck": {
        "formal": lines(
            "(For the avoidance of doubt, this is now settled|To be quite certain, is this now done|Allow me to make sure of this): {core}?"
        ),
        "neutral": lines(
            "(Just to be sure, is this done now|Just to double-check, that's settled now|Let me make sure, this is definitely done|And this is sorted for certain): {core}?"
        ),
        "casual": lines("(Just double checking, that's done yeah|So that's def sorted|Just making sure, done and dusted): {core}?"),
        "slang": lines("(jus checkin thats done yeah|so thats def sorted|u sure thats done): {core}?"),
    },
    "bye": {
        "formal": lines("(Goodbye|Good day to you|Have a pleasant day|I wish you a good day)."),
        "neutral": lines("(Bye|Goodbye|Have a good day|Bye for now|Take care)."),
        "casual": lines("(Bye|See ya|Have a good one|Take care|Cheers, bye|Byeee)(!|.|)"),
        "slang": lines("(bye|cya|laters|have a good one|peace)"),
    },
    "yes": {
        "formal": lines("(Yes|Yes, please|Certainly|Yes, indeed|By all means)."),
        "neutral": lines("(Yes|Yes, please|Yep|Sure|Yes, that's fine|Yes, go ahead|OK, yes|Please do)."),
        "casual": lines("(Yeah|Yep|Sure|Yeah, go for it|Ok yeah|Yup|Sounds good)(.|!|)"),
        "slang": lines("(yeah|ye|yep|sure thing|yup|go for it|bet)"),
    },
    "yes_confirm": {
        "formal": lines("""
            (Yes, that is correct|That is right|Correct|Quite right|Yes, please proceed|I confirm)."""),
        "neutral": lines("""
            (Yes, that's right|That's right|Correct|Yes, exactly|Yes, go ahead|That's it, yes|Yes, all correct|Yes, please do that)."""),
        "casual": lines("(Yep, that's it|Yeah that's right|Exactly|Yeah, go ahead|Spot on|Yep, all good)(.|!)"),
        "slang": lines("(yep thats it|yeah thats right|ye go ahead|exactly|all good yeah)"),
    },
    "no": {
        "formal": lines("(No|No, thank you|I am afraid not|No, I would rather not)."),
        "neutral": lines("(No|No, thanks|Not really|No, I'd rather not|No, not like that)."),
        "casual": lines("(Nope|Nah|No thanks|Not really|Nah, I'm good)(.|)"),
        "slang": lines("(nah|nope|nah im good|no ty|not rly)"),
    },
    "no_confirm": {
        "formal": lines("(No, that is not correct|I am afraid that is not right|That is not what I meant)."),
        "neutral": lines("(No, that's not right|No, that's wrong|That's not it|No, not quite|No, that's not what I meant)."),
        "casual": lines("(Nope, that's not it|No, that's wrong|Uh, no|Not quite|Nah, that's not right)."),
        "slang": lines("(nah thats wrong|nope not it|thats not right|nah not what i meant)"),
    },
    "no_more": {
        "formal": lines("(No, that is everything|That would be all|No, nothing further|That is all I needed)."),
        "neutral": lines("(No, that's everything|That's all|No, that's it|Nothing else|No, I'm all set|That was all I needed)."),
        "casual": lines("(Nope, that's it|That's all|Nah, I'm good|All good|That's everything)(.|!)"),
        "slang": lines("(nah thats it|thats all|all good|nope im sorted|thats me)"),
    },
    "go_on": {
        "formal": lines("""
            (I see|Very well|Understood). (Please go on.|And what happens now?|What is the next step?|How do we proceed?)"""),
        "neutral": lines("""
            (OK|Alright|Right|I see|Fine|Okay, got it)(.| and now?|, so what happens next?|, go on.|. What's next?|, and then?)"""),
        "casual": lines("(Ok|Alright|Right|Cool|Gotcha)(.|, so what now?|, and now?|, go on|... and?|, what's next?)"),
        "slang": lines("(k|ok|alr|cool|right)(, so what now?|... and?| n now?|, go on|, whats next)"),
    },
    "wait": {
        "formal": lines("(Very well, I shall wait|I will wait, but please be quick|Certainly, take the time you need)."),
        "neutral": lines("(OK, I'll wait|Alright, I'm here|Fine, I'll hold on|Okay, waiting|OK. How long will it take?)(.|)"),
        "casual": lines("(Ok, I'll wait|Sure, I'm here|K, waiting|No rush... well, a bit)(.|)"),
        "slang": lines("(k waiting|ok ill wait|im here|ok but hurry pls)"),
    },
    "unsure": {
        "formal": lines("""
            (I am not certain what you are asking|I am not sure how to answer that|I could not say).
            (Is that necessary for my request|Do you need to know that)?"""),
        "neutral": lines("""
            (I'm not sure|I'm not sure what you mean|Hard to say|I don't really know|Hmm, I couldn't tell you|That I can't tell you).
            (Does that matter|Do you need that|Is that important for this)?"""),
        "casual": lines("(Not sure tbh|Hmm, dunno|Hard to say|No idea what you mean|Not sure what to say to that)(.|)"),
        "slang": lines("(idk tbh|not sure what u mean|hmm dunno|does that matter tho?|no clue what u mean)"),
    },
    "not_understood": {
        "formal": lines("""
            (I am afraid I do not understand|I cannot make sense of your answer|I could not follow that).
            (Could you put that differently|Would you explain that again|What do you mean by that)?
            (Forgive me, but|I regret to say that) (I do not follow|that is not clear to me|I can make nothing of that)."""),
        "neutral": lines("""
            (I don't understand|That makes no sense to me|I didn't get that|Sorry, I can't follow|Something went wrong with your message).
            (What does that mean|Could you say that again in plain words|What is that supposed to mean|Can you explain that)?
            (What|How) do you mean(, exactly|)?
            (That went over my head|I can't make sense of that|Not sure what just happened there)."""),
        "casual": lines("""
            (Huh|Sorry, what|Wait, what|Come again|What's that supposed to mean)?
            (I don't get it|That makes no sense|You lost me|Not following).
            (Sorry, no idea what that means|Uhh, what was that|Is that even an answer)?"""),
        "slang": lines("""
            (huh|wut|wait what|say that again|what does that even mean)?
            (dont get it|makes no sense|u lost me)
            (no idea what that means|is that even an answer|brain hurts)"""),
    },
    "wrong_language": {
        "formal": lines("(Could we continue in English, please|Might I ask you to answer in English|Would you mind writing in English)?"),
        "neutral": lines("(Can we do this in English|Could you answer in English, please|In English, please|Do you have that in English)?"),
        "casual": lines("(English please|Can you say that in English|Um, in English)?"),
        "slang": lines("(english pls|in english|can u write english)?"),
    },
    "thank": {
        "formal": lines("""
            (Thank you|Thank you very much|I am much obliged|Many thanks|I appreciate that|Thank you, that is kind)."""),
        "neutral": lines("""
            (Thanks|Thank you|Thanks a lot|Great, thanks|Good, thank you|Thanks for that|OK, thanks|Appreciate it|Many thanks)(.|!)"""),
        "casual": lines("(Thanks|Cheers|Thanks a bunch|Ta|Nice, thanks|Great, thanks|Thank you|Awesome, thanks|Perfect, thanks)(!|.|)"),
        "slang": lines("(thx|ty|cheers|tysm|thanks a mil|nice one|sweet thx|ta)(!|)"),
    },
}

_ENDINGS: dict[str, Cell] = {
    "satisfied": {
        "formal": lines("""
            (That settles the matter|That was all I needed|Everything is settled, then|That answers everything). (Goodbye.|Good day to you.|Have a pleasant day.|)"""),
        "neutral": lines("""
            (That's all I needed|That's everything sorted|Good, that's settled|That answers it|Then that's done|That's everything). (Bye.|Goodbye.|Have a good day.|Bye for now.|)"""),
        "casual": lines("""
            (That's me sorted|All sorted|That's all I needed|Perfect, that's everything|We're good then)(.|!) (Bye!|See ya.|Have a good one!|Take care.|)"""),
        "slang": lines("(all sorted|thats me done|sorted|we good then|thats all)(.|!|) (bye|cya|laters|have a good one|peace|)"),
    },
    "handed_over": {
        "formal": lines("""
            (Very well, I shall wait for your colleague|Understood, I shall wait to be connected|I will hold for your colleague, then|I shall explain it to your colleague, then)."""),
        "neutral": lines("""
            (OK, I'll wait for your colleague|Alright, I'll hold for your colleague|Fine, I'll wait|OK, I'll take it up with your colleague|Right, I'll hold on)(.|, then.)"""),
        "casual": lines("(Ok, I'll wait for your colleague|Alright, I'll hang on|Ok, I'll wait then|Cool, I'll hold for them)(.|!)"),
        "slang": lines("(k ill wait for them|alr ill hang on|ok waiting for ur colleague|cool ill hold)"),
    },
    "give_up": {
        "formal": lines("""
            (I see that this leads nowhere|This is not getting us anywhere|I shall not pursue this any further|I give up). (Goodbye.|I will look for help elsewhere.|Good day.|)"""),
        "neutral": lines("""
            (Forget it|Never mind|I give up|Leave it|This isn't getting anywhere|There's no point). (I'll sort it out some other way.|Bye.|I've had enough.|I'll try somewhere else.|)"""),
        "casual": lines("""
            (Forget it|Never mind|You know what, leave it|I'm done here|This is going nowhere)(.|, I'm out.|, bye.|. I'll figure it out myself.|, I've had enough.)"""),
        "slang": lines(
            "(forget it|nvm|im done|cba anymore|whatever|this is pointless)(.|, bye|, im out|, ill sort it myself|, wasted enough time)"
        ),
    },
    "call_back": {
        "formal": lines("""
            (I shall get in touch again later|I will try again at another time|I shall come back to you another time). (Goodbye.|Perhaps it will work better then.|Good day.|)"""),
        "neutral": lines("""
            (I'll call back later|I'll try again later|I'll come back another time|I'll get back to you later|I'll try again some other time)(.|, bye.|, this isn't working now.|. Maybe someone else can help then.|, I have to go.)"""),
        "casual": lines("""
            (I'll try again later|I'll call back later|Gonna try again later|I'll come back to this later)(.|, bye|, gotta go.|, not getting anywhere right now.|, cya)"""),
        "slang": lines("(ill try later|gonna call back later|ill hit u up later|trying again later)(.|, bye|, gtg|, this aint workin)"),
    },
    "ask_human": {
        "formal": lines("""
            (I should like to speak to|Please connect me with|I must ask you to put me through to|I would like to be transferred to) (a member of staff|a person|a human colleague|someone in charge)(.|, please.)
            (Might I speak to a person about this|Is there a member of staff I can speak to|Could a colleague of flesh and blood take over)?"""),
        "neutral": lines("""
            (I'd like to speak to|Please put me through to|I want to talk to|I'd rather talk to) (a real person|a human|someone who can help|an actual person|a member of staff).
            (Can I talk to|Could I speak with|Can you get me|Can you put me through to) (a real person|a human|an actual person|a member of staff)(, please|)?
            (I need a human for this.|Is there a person I can talk to?|Can someone real look at this?)"""),
        "casual": lines("""
            (Just get me|I wanna talk to|Gimme|I'd rather talk to) (a real person|a human|an actual human|someone real)(, please|)(.|)
            (Can I just talk to|Can you put me on to) (a real person|a human|an actual human|someone real)(, please|)?
            (Is there an actual person around|Any humans about)?"""),
        "slang": lines(
            "(just get me|can i talk to|lemme talk to|put me on to|need) (a human|a real person|an actual human|someone real)(| pls)"
        ),
    },
    "out_of_scope": {
        "formal": lines("""
            (I see that you are not the right place for this|It seems I have come to the wrong place). (I will enquire elsewhere.|Goodbye.|Good day.)"""),
        "neutral": lines("""
            (OK, so this is the wrong place|I see, you don't do that here|Right, that's not something you handle). (I'll ask elsewhere.|I'll look somewhere else.|Bye.)"""),
        "casual": lines(
            "(Ah ok, wrong place then|Ok so you don't do that|Right, not your thing)(.|, I'll look elsewhere.|, I'll try somewhere else.|, bye)"
        ),
        "slang": lines("(ah wrong place then|ok not ur thing|right u dont do that)(.|, ill look elsewhere|, bye|, my bad)"),
    },
}

_FEELING: dict[str, Cell] = {
    "frustrated_mild": {
        "formal": lines("""
            (This is taking rather long|I had hoped this would be simpler|I must say I expected better|This is somewhat tiresome|I find this a little trying)."""),
        "neutral": lines("""
            (This is taking a while|This is getting a bit tedious|I thought this would be easier|Hmm, this is going in circles|I'm losing track here).
            Can we speed this up a bit?
            (That's a bit annoying|Not ideal|I'd hoped this would be quick)."""),
        "casual": lines("""
            (Ugh|Hmm|Come on|Oh man), (this is taking ages|this is going in circles|it shouldn't be this hard|that's a bit annoying).
            (Not gonna lie, this is getting annoying|This is dragging a bit)."""),
        "slang": lines("(ugh|cmon|bruh|man), (this is taking ages|why is this so hard|this is long|ngl thats annoying)"),
    },
    "frustrated_firm": {
        "formal": lines(
            "(This is unsatisfactory|I am losing patience|I have explained this already|This will not do|I find this unacceptable)."
        ),
        "neutral": lines(
            "(This is frustrating|I'm losing patience|I've explained this already|We're going in circles|This is not good enough|Seriously)."
        ),
        "casual": lines("(Seriously?|Come on.|This is ridiculous.|I'm getting fed up.|How hard can it be?|For real?)"),
        "slang": lines("(seriously?|bruh|this is a joke|cmon man|fed up now|how hard can it be?)"),
    },
    "frustrated_sharp": {
        "formal": lines("(Enough|Unacceptable|This is absurd|I have had enough|Outrageous)."),
        "neutral": lines("(Enough|Unbelievable|This is ridiculous|I've had enough|Listen|Really now|For the last time)(.|!)"),
        "casual": lines("(Unreal|Enough already|Ridiculous|Oh come ON|Wow|Just read it)(.|!)\nAre you kidding?"),
        "slang": lines("(wtf|unreal|omg|joke|enough)(!|)\nr u serious?"),
    },
    "open.calm": {
        "any": lines("""
            (No rush|Nothing urgent|Whenever you have a moment).
            (Take your time|There's no hurry|I've got time|Just whenever it suits|It's nothing dramatic).""")
    },
    "mid.calm": {
        "any": lines("""
            (That's fine.|No problem.|Fair enough.|Alright then.|Okay.)
            (That's okay.|Sounds fair.|Makes sense.|No worries.|Right.)""")
    },
    "close.calm": {
        "any": lines("""
            (All good.|Good.|Fine by me.)
            (That works.|Nice and simple.|Sounds good to me.|Okay then.)""")
    },
    "open.cheerful": {
        "any": lines("""
            (Lovely day, isn't it|Hope you're having a great day|I'm in a good mood, so no pressure)(!|.)
            (What a lovely morning to sort things out|Sun's out, life's good|Finally getting round to this, hooray|I'm chipper today, so be gentle)!""")
    },
    "mid.cheerful": {
        "any": lines("""
            (Great!|Lovely!|Brilliant!|Perfect!|Nice!|Wonderful!|Oh good!)
            (Fantastic!|Love it!|That's great news!|Excellent!|Super!|How lovely!|Yay!)""")
    },
    "close.cheerful": {
        "any": lines("""
            (You've made my day!|Brilliant!|Lovely!|How nice!|Great stuff!)
            (Well, that was easy!|Marvellous!|Couldn't be happier!|That's made it a good day!)""")
    },
    "open.anxious": {
        "any": lines("""
            (I'm a bit worried about this|I'm rather nervous about this|I hope it's not too late|I've been worrying about this all night|I hope I haven't done anything wrong).
            (I've got a bad feeling about this|I keep thinking something will go wrong|I hope this doesn't turn into a big thing|My heart's racing a little, sorry|I really hope you can sort this out)(.|...)"""),
    },
    "mid.anxious": {
        "any": lines("""
            (I hope that's okay?|Is that going to be a problem?|I'm a bit worried.|Oh dear.|That won't cause trouble, will it?|I hope this works out.)
            (Nothing bad will happen, will it?|I just want to be sure.|You're sure that's fine?|I'm getting nervous.|Please tell me that's alright.|What if it goes wrong?)""")
    },
    "close.anxious": {
        "any": lines("""
            (I hope it all works out.|That's a weight off my mind.|I just hope nothing goes wrong now.|Phew.)
            (I'll sleep better now.|Please let that be right.|I do hope it stays that way.|Okay, breathing again.)""")
    },
    "open.confused": {
        "any": lines("""
            (I'm not quite sure how this works|I'm a bit lost here|I don't really know what I need|Sorry, I'm confused by all this).
            (I've read it again and again and still don't get it|It's all Greek to me|I may be mixing things up|I honestly don't know where to begin|Bear with me, I'm a bit muddled)."""),
    },
    "mid.confused": {
        "any": lines("""
            (I'm a bit lost.|Wait, I'm confused.|Hm, I'm not sure I follow.|I'm not sure I've understood.|Hm?|If I've got that right.)
            (Am I missing something?|Now I'm muddled.|Which one was that again?|I think I've lost the thread.|Does that mean yes?|So what does that mean for me?)""")
    },
    "close.confused": {
        "any": lines("""
            (I think I've understood.|If I've understood that right.|I think that's it?)
            (At least I think so.|If I'm not mixing things up.|I hope I've got that straight.|That's clear now, more or less.)""")
    },
    "open.frustrated": {
        "any": lines("""
            (I've tried this before and got nowhere|This isn't the first time I'm asking|I've been going back and forth on this|I'm a bit fed up already).
            (Here we go again|I was hoping not to have to write again|Last time nobody could help|This has been dragging on|It's always the same with this)(.|...)"""),
    },
    "mid.frustrated": {
        "any": lines("""
            (Honestly.|This is tiring.|Again this.|It shouldn't be this hard.|I keep having to do this.)
            (Why is this always so complicated?|I'm tired of explaining it.|Here we go.|Not again.|This is wearing me out.|Sigh.)""")
    },
    "close.frustrated": {
        "any": lines("""
            (That took long enough.|Finally.|At last.|That could have been easier.)
            (Well, that was a slog.|Took a while, but fine.|Could have had that sooner.|Let's hope that was the last time.)""")
    },
    "open.angry": {
        "any": lines("""
            (I'm really not happy|I'm very annoyed|This is an absolute mess|I'm furious, to be honest|I am not in the mood for excuses).
            (I've had it up to here|This cannot be happening again|I want this fixed, and fast|Don't even get me started|I'm seriously annoyed)(.|!)"""),
    },
    "mid.angry": {
        "any": lines("""
            (Get on with it.|No excuses.|I'm not happy about this.|Just sort it.|This is your job, not mine.|What a mess.)
            (I mean it.|That's outrageous.|Don't test my patience.|I want this fixed.|Spare me the excuses.|I've been more than patient.)""")
    },
    "close.angry": {
        "any": lines("""
            (About time.|Should have worked from the start.|Don't let it happen again.)
            (It should never have come to this.|I won't forget this.|Next time I expect better.|That was overdue.)""")
    },
    "open.hurried": {
        "any": lines("""
            (I don't have much time|I'm in a rush|I've got to be quick|I'm about to go into a meeting|Need this fast).
            (Quick as you can please|I'm between meetings|My bus is coming|Got a minute, not more|Please keep it short|I'm on my break)(.|, ok?)"""),
    },
    "mid.hurried": {
        "any": lines("""
            (Quickly please.|I'm in a rush.|Need to go soon.|Can we be quick?|Short on time.|Let's move on.)
            (Tick tock.|Short version please.|I'm about to leave.|Hurry, please.|Got to dash in a moment.|Just the essentials please.)""")
    },
    "close.hurried": {
        "any": lines("""
            (Got to run.|Need to go.|OK, off I go.|Must dash.)
            (Right, running.|I'm off.|Back to work.|No more time, sorry.)""")
    },
    "open.sad": {
        "any": lines("""
            (It's been a hard time lately|I'm not having the best of days|It's all a bit much at the moment|Things have been difficult).
            (I'm not really up to this today|It's been one thing after another|I've been putting this off, I had no strength|Sorry if I sound flat, it's been rough|I didn't sleep much)(.|...)""")
    },
    "mid.sad": {
        "any": lines("""
            (Oh well.|It's all a bit much.|I suppose so.|I'm too tired for this, to be honest.|It is what it is.)
            (What can you do.|Nothing's easy these days.|I'm a bit worn out.|I guess.|It doesn't really matter anyway.|Sorry, I'm not myself.)""")
    },
    "close.sad": {
        "any": lines("""
            (At least that's done.|One worry less.|That's something, I suppose.)
            (That's a small relief.|Well, that's one thing.|I needed that.|One thing off the list.)""")
    },
    "open.suspicious": {
        "any": lines("""
            (I'm not sure I can trust this|I hope nobody else reads this|Is this even the right place, officially|I've heard bad things, so I'm careful).
            (I'd like to know who I'm dealing with|Before I say anything, is this safe|I've been burned before|I don't normally do this online|You hear about so many scams)(.|...)"""),
    },
    "mid.suspicious": {
        "any": lines("""
            (What happens with that information?|Who gets to see that?|I'd like to know why.|Is that really necessary?|And there's no catch?|Hm, if you say so.)
            (Why would you need to know?|I'd rather double check that.|Sounds too easy.|Says who?|You're not going to sell that on, are you?|I'm keeping a copy of this.)""")
    },
    "close.suspicious": {
        "any": lines("""
            (I'll be checking that.|I'd better get that in writing.|Let's see if that's true.|We'll see.)
            (I've saved this chat, just so you know.|I'll believe it when I see it.|I hope that's true.|I'll keep an eye on it.)""")
    },
}

_TRAITS: dict[str, Cell] = {
    "polite": {
        "formal": lines("(If it is not too much trouble.|I would be most grateful.|I appreciate your effort.)"),
        "neutral": lines(
            "(If you don't mind.|I'd really appreciate it.|That would be very kind.|Please.|If that's alright.|Thank you in advance.)"
        ),
        "casual": lines("(Please and thanks!|Would be great, thanks.|If that's ok!|Really appreciate it.|No worries if not.)"),
        "slang": lines("(pls n ty|appreciate u|would be sick, ty|if thats cool)"),
    },
    "sarcastic": {
        "formal": lines("(How delightful.|What a pleasure this is.|How very reassuring.|Splendid.|I am overwhelmed by the speed.)"),
        "neutral": lines(
            "(Oh, wonderful.|Great, just what I needed.|How surprising.|Well, this is fun.|Brilliant, as always.|Amazing service, really.)"
        ),
        "casual": lines("(Oh great.|Wow, amazing.|Cool cool cool.|Well this is fun.|Shocker.|Love that for me.)"),
        "slang": lines("(oh great|wow amazing|love that for me|shocker|big surprise lol|slow clap)"),
    },
    "chatty": {
        "formal": lines("""
            (One does hear so much about these things nowadays.|I was telling my neighbour about this only recently.|It is never dull, is it?|My sister always says I should have asked sooner.)"""),
        "neutral": lines("""
            (My neighbour had the same thing, funnily enough.|You wouldn't believe the week I'm having.|My sister says I should've asked ages ago.|The dog's barking, ignore me if I'm slow.|I'm typing this with a coffee in one hand.|It's always something, isn't it?)"""),
        "casual": lines("""
            (You wouldn't believe the week I've had haha.|My mate had the same thing, funny enough.|Typing this with the kettle on lol.|It's always something, eh?|My sister keeps nagging me about it haha.|What a week.)"""),
        "slang": lines(
            "(what a week lol|my mate had the same thing haha|my cat is sat on the keyboard lol|always smth innit|been a mad one today)"
        ),
    },
    "interrupts": {
        "formal": lines("(Forgive me for interrupting,|Before you continue,|One moment,|If I may stop you there,)"),
        "neutral": lines("(Hold on,|Wait,|Hang on,|Sorry to cut in,|Stop,|Before you go on,|Let me stop you there,)"),
        "casual": lines("(Wait wait,|Hang on,|Hold up,|Sec,|Yeah yeah,|Stop stop,)"),
        "slang": lines("(wait wait,|hold up,|yeah yeah,|nah hold on,|sec,)"),
    },
    "why_ask": {
        "formal": lines("(Might I ask why you need that?|What is that required for?|For what purpose, if I may ask?)"),
        "neutral": lines("(Why do you need that?|What's that for?|Why do you ask?|What do you do with that?|Out of interest, what for?)"),
        "casual": lines("(Why do you need it though?|What's it for?|Why, btw?|How come you need that?)"),
        "slang": lines("(why tho?|whats it for?|how come?|y u need that?)"),
    },
    "why_no": {
        "formal": lines("(Might I know the reason?|What is the reason for that?|Why should that be so?|How does that come about?)"),
        "neutral": lines("(Why is that?|How come?|Why does it have to be like that?|What's the reason?|And why?)"),
        "casual": lines("(How come?|Why's that?|But why?|Why though?)"),
        "slang": lines("(but why?|why tho?|how come?)"),
    },
    "check": {
        "formal": lines(
            "(Could you confirm that you have noted it?|I should like to be certain of that.|That is definite, is it?|Might I take that as confirmed?)"
        ),
        "neutral": lines(
            "(You've definitely got that?|Just to be sure, is that noted?|Are you sure?|And that's certain?|Can you confirm you've got that?|That's definite, yes?)"
        ),
        "casual": lines("(You got that, right?|Sure sure?|Just double checking, all noted?|That's def right, yeah?)"),
        "slang": lines("(u got that yeah?|u sure?|for sure?|just checkin u got it)"),
    },
    "repeat": {
        "formal": lines("(As I say|I repeat|Once again, so that it is clear): {core}."),
        "neutral": lines("(So, as I say|Just to say it again|Like I say|I'll say it again|So that's): {core}."),
        "casual": lines("(So yeah|Like I say|Just saying again|Again): {core}."),
        "slang": lines("(so yeah|like i say|again): {core}"),
    },
    "acknowledge": {
        "formal": lines(
            "(I hope you appreciate what this means for me.|A word of understanding would be welcome.|Do you see why this troubles me?)"
        ),
        "neutral": lines(
            "(Do you understand how annoying that is?|I hope you can see my side of it.|It would help if someone listened for once.|Do you see why that bothers me?|I just want someone to take this seriously.)"
        ),
        "casual": lines(
            "(You get why that's annoying, right?|Would be nice if someone listened.|You see my problem?|Just want to be heard tbh.)"
        ),
        "slang": lines("(u get why thats annoying right?|does anyone even listen|u see my problem?|just wanna be heard)"),
    },
    "compare": {
        "formal": lines(
            "(Elsewhere this is a matter of moments.|Other companies manage this without difficulty.|Your competitors handle this rather differently.)"
        ),
        "neutral": lines(
            "(Other places do this in no time.|My last provider just did it.|At other companies this is never a problem.|A friend had this done elsewhere in no time.|Your competitors manage that, by the way.)"
        ),
        "casual": lines(
            "(Other places just do it.|My old lot did this no problem.|Everyone else manages it fine.|My friend got it done elsewhere in no time.)"
        ),
        "slang": lines("(other places just do it tho|my old lot never did this|everyone else manages it|my mate got it done elsewhere ez)"),
    },
    "limits": {
        "formal": lines(
            "(Could an exception be made?|And if I decline to do so?|Who would notice if we left that out?|Is there no way around this?)"
        ),
        "neutral": lines(
            "(Can't you make an exception?|What if I just don't?|Could you skip that for me, just this once?|What's the worst that happens if we leave that out?|Can't you just bend the rules a bit?)"
        ),
        "casual": lines(
            "(Can't you just skip that bit?|What if I just don't lol?|Come on, nobody will notice.|Can you bend the rules a bit?)"
        ),
        "slang": lines("(cant u just skip that?|what if i just dont lol|nobody will notice cmon|bend the rules a lil?)"),
    },
    "sorry": {
        "formal": lines("(I do apologise for the trouble,|Forgive me for troubling you,|My apologies,|I beg your pardon,)"),
        "neutral": lines(
            "(Sorry,|Sorry to bother you,|Sorry for the hassle,|I'm sorry, I know you're busy,|Sorry if this is a silly question,|Apologies,)"
        ),
        "casual": lines("(Sorry,|Sorry to be a pain,|Sorryyy,|Ah sorry,|Sorry if this is dumb,)"),
        "slang": lines("(soz,|sry,|sorry to be a pain,|my bad,)"),
    },
    "novice": {
        "formal": lines(
            "(I am afraid I am not familiar with these matters.|I do not know much about this, please explain it simply.|These technical things are beyond me.)"
        ),
        "neutral": lines(
            "(I'm not good with these things.|You'll have to explain it simply.|I don't know the proper words for it.|I've never done this before.|My daughter usually does this for me.)"
        ),
        "casual": lines(
            "(I'm hopeless with this stuff.|Explain it like I know nothing please.|Never done this before tbh.|Don't know what it's called, sorry.)"
        ),
        "slang": lines("(im so bad at this stuff|never done this before|explain it simple pls|no clue how this works)"),
    },
    "expert": {
        "formal": lines(
            "(I am familiar with the procedure, so we can skip the basics.|You may be brief; I know the process.|I have already gone through the standard steps.)"
        ),
        "neutral": lines(
            "(I know how this works, so skip the basics.|I've already done the standard steps.|No need to walk me through it.|I know the process, just tell me what's missing.)"
        ),
        "casual": lines("(I know the drill.|Already did all the usual stuff.|Skip the basics, I know how it works.|No need for the tour.)"),
        "slang": lines("(i know the drill|already done the usual stuff|skip the basics|dont need the tour)"),
    },
    "unknown_novice": {
        "any": lines("(Is that written on something?|Where would that even be?|Would that be on a letter?|What does it look like?)"),
    },
    "unknown_expert": {
        "any": lines(
            "(Can you look it up another way?|Any other identifier you can use?|Your system should have it.|Isn't that on your side?)"
        ),
    },
}

_PADDING: dict[str, Cell] = {
    "verbose": {
        "formal": lines(
            "(I would like this to be settled properly.|I have given the matter some thought before writing.|I trust this is sufficient for you to proceed.|I prefer to explain things fully.)"
        ),
        "neutral": lines("""
            (I wanted to get this sorted before it slips my mind again.|I thought it best to ask directly.|I looked on the website first but didn't get anywhere.|I hope that makes sense the way I've put it.|I'd rather explain it properly than leave something out.)"""),
        "casual": lines(
            "(I've been meaning to do this for ages.|Looked on the site but couldn't find it.|Hope that makes sense haha.|Figured it's easiest to just ask.)"
        ),
        "slang": lines(
            "(been meaning to do this for ages|looked on the site but couldnt find it|hope that makes sense lol|figured id just ask)"
        ),
    },
    "ramble": {
        "formal": lines("(where was I, yes,|as one does,|and so on and so forth,|but I digress,)"),
        "neutral": lines(
            "(where was I, oh yes,|anyway, long story,|you know how it is,|and then one thing led to another, well,|I'm going on a bit, anyway,)"
        ),
        "casual": lines("(anyway long story,|you know how it is,|where was I,|but yeah anyway,|I'm rambling,)"),
        "slang": lines("(anyway long story,|u know how it is,|but yeah,|im rambling lol,)"),
    },
    "aside_lead": {
        "formal": lines("(Incidentally:|By the way:|As an aside:)"),
        "neutral": lines("(By the way,|Just so you know,|Not that it matters, but:|For what it's worth,|Oh,)"),
        "casual": lines("(Btw,|Random, but:|Fun fact:|Oh,|Not that you asked but:)"),
        "slang": lines("(btw,|random but:|oh,|not that u asked but:)"),
    },
    "aside": {
        "any": lines("""
            (It's raining cats and dogs here.|The neighbours are drilling again.|My coffee's gone cold over this.|Someone at home is practising the trumpet.|I should be making dinner.)
            (The bus was late again, of course.|The dog wants to go out, typical.|I've misplaced my glasses, so bear with me.)"""),
    },
    "aside_back": {
        "formal": lines("(But to the point.|That is beside the point, however.)"),
        "neutral": lines("(Anyway.|But that's by the by.|Anyway, where were we?|But back to it.)"),
        "casual": lines("(Anyway.|But yeah.|Anyhow.|Anyway, back to it.)"),
        "slang": lines("(anyway|but yeah|anyways)"),
    },
    "interruption": {
        "formal": lines("(One moment, the telephone. - I am back.|Excuse me, someone was at the door. Now then.)"),
        "neutral": lines(
            "(Sorry, hang on, the door... OK, back.|One sec, my phone... right, go on.|Sorry, someone was talking to me. So.|Wait, the kids... okay, sorry.)"
        ),
        "casual": lines("(Sec, door... ok back.|Hang on, phone... right.|Sorry, kid's yelling. Ok.|Wait, dog. Ok I'm back.)"),
        "slang": lines("(sec, door.. k back|hold on phone.. ok|brb.. ok back|sry dog goin mental.. ok)"),
    },
    "different": {
        "any": lines("(Let me put it differently.|Let me try that again.|In other words.|To say it another way.)"),
    },
}

ACTS: Final[dict[str, Cell]] = {**_OPENING, **_ASKING, **_FACTS, **_REPLIES, **_ENDINGS, **_FEELING, **_TRAITS, **_PADDING}

_FRAMES: dict[str, tuple[str, ...]] = {
    "name": ("My name is {value}.", "My name's {value}.", "{value} is the name.", "I'm {value}.", "It's under {value}.", "Name's {value}."),
    "date_of_birth": ("I was born {value}.", "Date of birth is {value}.", "My birthday's {value}.", "Born {value}.", "DOB {value}."),
    "phone": ("My number is {value}.", "You can reach me on {value}.", "Phone: {value}.", "Call me on {value}.", "Best number is {value}."),
    "email": ("My email is {value}.", "You can write to {value}.", "Email's {value}.", "It's {value}, the email."),
    "address": ("I live at {value}.", "My address is {value}.", "The address is {value}.", "We're at {value}."),
    "postcode": ("The postcode is {value}.", "Postcode {value}.", "My postcode's {value}."),
    "account_number": ("My account number is {value}.", "The account is {value}.", "Account {value}.", "Account number {value}."),
    "card": ("The card is {value}.", "My card: {value}.", "It's the card {value}.", "Card {value}."),
    "customer_number": ("My customer number is {value}.", "Customer number {value}.", "I've got {value} as my customer number."),
    "order_number": ("The order number is {value}.", "Order {value}.", "It's order {value}.", "My order is {value}."),
    "booking_reference": ("The booking reference is {value}.", "Booking {value}.", "My booking is {value}.", "The reference says {value}."),
    "policy_number": ("The policy number is {value}.", "Policy {value}.", "It says policy {value} here."),
    "insurance": ("I'm insured with {value}.", "My insurance is {value}.", "I'm with {value}.", "Insurance: {value}."),
    "insurance_number": ("My insurance number is {value}.", "Insurance number {value}.", "On the card it says {value}."),
    "doctor": ("I usually see {value}.", "My doctor is {value}.", "It was with {value}.", "I'm with {value}."),
    "appointment": ("My appointment is {value}.", "It's the appointment {value}.", "I'm booked in for {value}."),
    "date": ("The date is {value}.", "It'd be {value}.", "{value}, that's the date.", "For {value}."),
    "time": ("The time would be {value}.", "Around {value}, if possible.", "{value} would be good.", "Time: {value}."),
    "preferred_date": ("{value} would suit me.", "Ideally {value}.", "I'd like {value}.", "{value} if possible."),
    "preferred_time": ("{value} would suit me.", "Ideally {value}.", "Best for me is {value}.", "{value} if possible."),
    "amount": ("The amount is {value}.", "It's about {value}.", "We're talking about {value}.", "{value} in total."),
    "destination": ("I'm going to {value}.", "The destination is {value}.", "To {value}.", "We're heading to {value}."),
    "origin": ("From {value}.", "I'm leaving from {value}.", "We start from {value}."),
    "travellers": ("There'll be {value} of us.", "{value} of us.", "For {value}.", "Travelling: {value}."),
    "reason": ("The reason is this: {value}.", "Because of this: {value}.", "Why? {value}.", "It's because of {value}."),
    "symptom": ("It's {value}.", "I've got {value}.", "What I have is {value}.", "Symptoms: {value}."),
    "product": ("It's the {value}.", "I'm using {value}.", "The product is {value}.", "I've got {value}."),
    "version": ("It's version {value}.", "Version {value}.", "I'm on {value}.", "It says {value} for the version."),
    "device": ("It's on {value}.", "I'm using {value}.", "The device is {value}."),
    "operating_system": ("I'm on {value}.", "It's running {value}.", "{value} is the system."),
    "browser": ("I'm using {value}.", "The browser is {value}.", "In {value}."),
    "error": ("It says {value}.", "The error is: {value}.", "All I get is {value}.", "The message reads {value}."),
    "plan": ("I'm on {value}.", "My plan is {value}.", "We've got the {value} plan."),
    "username": ("My username is {value}.", "I log in as {value}.", "Username {value}."),
    "company": ("I'm with {value}.", "The company is {value}.", "We're {value}."),
    "city": ("In {value}.", "I'm in {value}.", "The city is {value}."),
    "department": ("The department is {value}.", "It's for {value}.", "{value}, I think it's called."),
    "budget": ("The budget is {value}.", "I can spend {value}.", "No more than {value}, ideally."),
}

WORDS: Final = Words(
    facts=_FRAMES,
    labels={"date_of_birth": "date of birth", "email": "email", "phone": "phone number", "dob": "date of birth", "pnr": "booking reference"},
    starters=word_set(
        "can could would will is are was do does did have has what when where who how why which please my the a an we it it's there there's"
        " this that these you your our if just also and but so need want not no yes in on at for to from after before maybe"
    ),
    wish=r"^(?:(?:hi|hello|hey)[,!. ]+)?(?:(?:i would like to|i'd like to|i want to|i need to) know|(?:i would like to|i'd like to|i would love to|i want to|i need to|i'd love to|i was hoping to|i wish to|i am trying to"
    r"|i'm trying to|i have to|could you please|can you please|could you|can you|please)(?!\s(?:know|be|have|see|do|say|understand)\b))\s+",
    detail=r",\s|\s(?=(?:from|to|for|because|since|as|with|on|by|until|before|after|at|but|and|so|that|which|when|in|if)\s)",
    topic=r"\b((?:my|our|the|an?)\s+(?!(?:moment|second|bit|lot|new|other|next|same|right|few|way|same)\b)[a-z-]{3,}"
    r"(?:\s(?:account|booking|card|bill|fee|order|flight|reservation|subscription|appointment|password|licence|license|export|transfer|ticket|tickets))?)",
    fillers=("um", "uh", "like", "you know", "I mean", "well", "kind of", "sort of", "er", "hmm"),
    homophones={
        "their": "there", "there": "their", "your": "you're", "here": "hear", "know": "no", "write": "right", "right": "write", "week": "weak",
        "would": "wood", "see": "sea", "whole": "hole", "meet": "meat", "new": "knew", "wait": "weight", "through": "threw",
        "which": "witch", "where": "wear", "been": "bean", "then": "than", "than": "then", "affect": "effect", "account": "a count",
        "appointment": "a pointment", "asked": "ask",
    },
    joiner="and",
    run_on=(", and ", ", and, well, ", ", so ", ", and also, ", ", oh and "),
)  # fmt: skip
