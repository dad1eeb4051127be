"""Phrase bank: German. One phrase a row; `(a|b|)` are alternatives; no numbers, dates or names of its own."""

# ruff: noqa: E501
# A row is one family of phrases; wrapping rows would hide which alternatives belong together.
from __future__ import annotations

from typing import Final

from understudy.simulation.wording.bank import Cell, Words, lines, word_set

__all__ = ["ACTS", "WORDS"]

_OPENING: dict[str, Cell] = {
    "greet": {
        "formal": lines("""
            (Guten Tag|Guten Morgen|Sehr geehrte Damen und Herren|Einen schönen guten Tag|Guten Abend).
            Guten Tag, (ich hoffe, ich bin hier richtig|schön, dass ich Sie erreiche|danke, dass Sie sich Zeit nehmen)."""),
        "neutral": lines("""
            (Guten Tag|Hallo|Hallo zusammen|Guten Morgen|Schönen guten Tag)(.|!|,)
            (Hallo|Guten Tag), (ich hoffe, ich bin hier richtig|hoffentlich können Sie mir helfen|ist da jemand?)"""),
        "casual": lines("""
            (Hallo|Hi|Hey|Moin|Hallöchen|Huhu|Hallo ihr)(!|,|)
            (Hi|Hey|Hallo), (ist da wer|jemand da)?
            (Hi|Hey), (hoffe, ihr könnt mir helfen|hoffe, euch geht's gut)(!|)"""),
        "slang": lines("""
            (yo|hey|moin|hi|servus|jo|hey leute)(,|!|)
            (yo|hey) (jemand da|wer da)?"""),
    },
    "greet_company": {
        "formal": lines("""
            Guten Tag, (bin ich hier richtig bei|spreche ich mit|ist dort) {company}?
            (Guten Tag|Guten Morgen), {company}."""),
        "neutral": lines("""
            (Hallo|Guten Tag), (ist das|bin ich hier bei|bin ich da richtig bei) {company}?
            (Hallo|Guten Tag) {company}."""),
        "casual": lines("""
            (Hi|Hey|Hallo), (ist das|bin ich hier bei) {company}(, oder|)?
            (Hi|Hey) {company}(!|)"""),
        "slang": lines("""
            (yo|hey), (ist das|bin ich hier bei) {company}?
            (yo|hey) {company}"""),
    },
    "sign_on": {
        "formal": lines("(Mein Name ist|Hier spricht|Hier schreibt) {me}."),
        "neutral": lines("(Hier ist|Ich bin|Mein Name ist|Hier schreibt) {me}."),
        "casual": lines("(Ich bin's, |Hier ist |Ich bin ){first}."),
        "slang": lines("(bin |hier ist |ich bins, ){first}"),
    },
    "open_lead": {
        "formal": lines("""
            (Ich wende mich mit folgendem Anliegen an Sie|Ich hätte ein Anliegen|Es geht um Folgendes|Gestatten Sie mir eine Frage|Wenn Sie erlauben):
            (Ich hoffe, Sie können mir weiterhelfen|Ich bitte um Ihre Unterstützung):"""),
        "neutral": lines("""
            (Es geht um Folgendes|Ich hab da eine Sache|Mein Anliegen ist|Ich bräuchte Hilfe bei etwas|Ich wollte mal fragen|Mein Problem ist|Also, die Sache ist die|Kurze Frage):
            (Ich weiß nicht, ob ich hier richtig bin|Keine Ahnung, wer dafür zuständig ist), aber:"""),
        "casual": lines("""
            (Also|Folgendes|Kurze Frage|Ich hab da mal was|Die Sache ist die|Kleine Sache|Ich wollt mal fragen|Also pass auf):
            (Weiß nicht, ob ihr das macht|Keine Ahnung, ob ich hier richtig bin), aber:"""),
        "slang": lines("(also|folgendes|kurze frage|pass auf|hab da was|ma ne frage|die sache is):"),
    },
    "hint": {
        "formal": lines("""
            (Mein Anliegen betrifft|Es geht um|Meine Frage betrifft|Es handelt sich um eine Frage, sie betrifft) {topic}.
            Es gäbe etwas zu klären, es geht um {topic}."""),
        "neutral": lines("""
            (Es geht um|Ich habe eine Frage, es geht um|Ich bräuchte Hilfe, es geht um|Ich melde mich, es geht um) {topic}.
            (Ich habe da etwas, es geht um|Ich wollte etwas klären, es geht um) {topic}."""),
        "casual": lines("""
            (Es geht um|Geht um|Hab ne Frage, geht um|Bräuchte mal Hilfe, geht um) {topic}.
            (Also, geht um|Ich meld mich, geht um|Ich wollt was klären, geht um) {topic}."""),
        "slang": lines("(geht um|hab ne frage, geht um|brauch hilfe, geht um|also geht um) {topic}"),
    },
    "hint_blank": {
        "formal": lines(
            "(Ich hätte ein Anliegen|Ich bräuchte Ihre Unterstützung|Es gäbe da etwas zu klären), (wenn Sie so freundlich wären|es ist allerdings nicht ganz einfach)."
        ),
        "neutral": lines("""
            (Ich habe da ein Problem|Ich bräuchte Hilfe|Ich hätte eine Frage|Ich komme hier nicht weiter|Da wäre etwas zu regeln)(.|, es ist etwas kompliziert.|, weiß nur nicht, wie ich es sagen soll.)
            (Können Sie mir bei etwas helfen|Könnten Sie sich etwas ansehen|Darf ich Sie etwas fragen)?"""),
        "casual": lines("""
            (Hab da ein Problem|Bräuchte mal Hilfe|Hab mal ne Frage|Ich häng hier fest|Müsste da was regeln)(.|...|, bisschen kompliziert.)
            (Könnt ihr mir helfen|Kann mir da wer helfen|Darf ich mal was fragen)?"""),
        "slang": lines(
            "(hab n problem|brauch hilfe|häng hier fest|ma ne frage|muss was klären)(.|...)\n(könnt ihr helfen|kann wer helfen)?"
        ),
    },
    "elaborate": {
        "formal": lines("(Um es genauer zu sagen|Ich präzisiere gern|Genauer gesagt|Gemeint ist Folgendes):"),
        "neutral": lines("(Ich meine|Genauer gesagt|Anders gesagt|Also konkret|Es ist so|Konkret):"),
        "casual": lines("(Also|Na ja|Ich mein|Also konkret|Es ist so|Also gut):"),
        "slang": lines("(also|ich mein|naja|is so):"),
    },
}

_ASKING: dict[str, Cell] = {
    "also": {
        "formal": lines(
            "(Außerdem|Des Weiteren|Darüber hinaus hätte ich noch etwas|Noch ein weiterer Punkt|Ergänzend|Eine weitere Frage|Bei dieser Gelegenheit):"
        ),
        "neutral": lines(
            "(Außerdem|Ach ja, und|Noch etwas|Und noch was|Übrigens|Wo ich schon dabei bin|Eine Frage noch|Bevor ich es vergesse|Das bringt mich drauf):"
        ),
        "casual": lines("(Ach und|Noch was|Übrigens|Und dann noch|Ach ja|Wo ich grad dabei bin|Eins noch):"),
        "slang": lines("(ach und|noch was|btw|achja|eins noch|und dann noch):"),
    },
    "again": {
        "formal": lines(
            "(Wie bereits erwähnt|Ich wiederhole mein Anliegen|Um darauf zurückzukommen|Nochmals|Wie gesagt|Erlauben Sie, dass ich es wiederhole):"
        ),
        "neutral": lines(
            "(Wie gesagt|Noch mal|Zurück zu meiner Frage|Ich frage noch mal|Noch einmal|Wie ich schon sagte|Aber meine Frage war|Um es noch mal zu sagen):"
        ),
        "casual": lines("(Wie gesagt|Nochmal|Zurück zu meiner Frage|Also nochmal|Immer noch dasselbe|Aber wie gesagt):"),
        "slang": lines("(wie gesagt|nochmal|also nochmal|immer noch|nochma):"),
    },
    "again_blank": {
        "formal": lines("""
            (Meine Frage ist damit noch nicht beantwortet|Ich warte noch auf eine Antwort auf mein Anliegen|Das beantwortet nicht, was ich gefragt habe).
            (Könnten Sie bitte auf mein Anliegen zurückkommen|Würden Sie sich bitte meiner Frage annehmen)?
            (Mein Anliegen ist noch offen|Ich bitte um eine Antwort auf meine eigentliche Frage)."""),
        "neutral": lines("""
            (Sie haben meine Frage noch nicht beantwortet|Das war nicht meine Frage|Ich habe immer noch keine Antwort|Das ist noch nicht erledigt).
            (Was ist denn nun mit meiner Frage|Können Sie das jetzt machen oder nicht|Und was ist mit meinem Anliegen|Kommen wir noch mal zu meiner Frage)?
            (Ich warte immer noch|Damit ist mir noch nicht geholfen|Da fehlt noch die Antwort auf meine Frage).
            (Beantworten Sie mir bitte|Klären wir bitte) (erst |)meine Frage."""),
        "casual": lines("""
            (Das war nicht meine Frage|Das ist immer noch nicht erledigt|Da fehlt noch die Antwort|Ich warte noch).
            (Und was ist mit meiner Frage|Geht das jetzt oder nicht|Was ist jetzt mit meinem Anliegen)?
            (Damit ist mir noch nicht geholfen|Das hilft mir noch nicht weiter|Ich frag nochmal nach).
            (Kommt da noch was|Wird das noch was)?"""),
        "slang": lines("""
            (das war nich die frage|immer noch keine antwort|warte noch|noch nich erledigt)
            (geht das jetz oder nich|und meine frage|was is jetz damit)?
            (hilft mir nich weiter|frag nochma nach|da fehlt noch was)
            kommt da noch was?"""),
    },
    "complication_lead": {
        "formal": lines(
            "(Leider hat sich etwas geändert|Ich muss etwas ergänzen|Verzeihung, es gibt eine Neuigkeit|Soeben habe ich erfahren):"
        ),
        "neutral": lines(
            "(Moment, da kommt gerade was dazwischen|Ach, mir fällt gerade ein|Entschuldigung, es hat sich was geändert|Ich sehe gerade|Oh, ich erfahre gerade|Halt, noch etwas Neues):"
        ),
        "casual": lines("(Oh warte|Mist, Planänderung|Moment, grad erfahren|Oh nein, seh grad|Sorry, hat sich was geändert|Ach Mist):"),
        "slang": lines("(oh warte|mist|planänderung|seh grad|moment ma):"),
    },
    "mind_no": {
        "formal": lines("(beziehungsweise nein,|oder vielmehr:|nein, verzeihen Sie,|wobei, wenn ich es recht bedenke:)"),
        "neutral": lines("(ach nein,|oder nein,|das heißt, nein:|obwohl,|hm, nein,|wissen Sie was,|eigentlich doch nicht,)"),
        "casual": lines("(ach nee,|oder nee,|obwohl,|hm, nee,|weißt du was,|eigentlich doch nicht,)"),
        "slang": lines("(ach ne,|oder ne,|obwohl,|ne warte,|hm ne,)"),
    },
    "mind_back": {
        "formal": lines("(nein, bleiben wir beim Ersten:|nein, ich bitte um Verzeihung,|oder nein, wie zuerst gesagt:)"),
        "neutral": lines("(nein, Moment,|nein, doch lieber das Erste:|ach nein, vergessen Sie das,|nein warten Sie,|nein, doch:)"),
        "casual": lines("(nee warte,|nee doch,|ach nee, vergiss das,|nee, doch lieber das Erste:|warte nee,)"),
        "slang": lines("(ne warte,|ne doch,|ach vergiss,|warte ne,|lol ne,)"),
    },
    "mind_blank": {
        "formal": lines("(lassen wir alles, wie es ist|ich ziehe das Ganze zurück|vielleicht doch gar nicht)"),
        "neutral": lines(
            "(lassen wir das Ganze|lassen Sie alles, wie es ist|vielleicht brauche ich das gar nicht|vergessen Sie das Ganze)"
        ),
        "casual": lines("(lassen wir's einfach|vergiss das Ganze|vielleicht brauch ich's gar nicht|lass alles, wie es ist)"),
        "slang": lines("(lass ma|vergiss es|kp vielleicht doch nich|lass einfach so)"),
    },
}

_FACTS: dict[str, Cell] = {
    "answer_lead": {
        "formal": lines("(Selbstverständlich:|Gern:|Natürlich:|Gewiss:|Sehr gern:)"),
        "neutral": lines("(Ja,|Klar:|Natürlich:|Gern:|Also,|Moment,|Einen Augenblick,|Sicher:|Ja, Moment:)"),
        "casual": lines("(Klar,|Ja,|Jo,|Ok,|Sekunde,|Ähm,|Ja klar,|Also,)"),
        "slang": lines("(jo,|ja,|klar,|ok,|sek,|ähm,|joa,)"),
    },
    "answer_one": {
        "formal": lines("(Das ist|Das wäre|Das lautet) {value}.\n{value}."),
        "neutral": lines("(Das ist|Das wäre|Es ist|Das müsste sein:|Das sollte sein:) {value}.\n{value}(|, glaube ich|, das wär's)."),
        "casual": lines("(Das ist|Das wär|Müsste sein:|Ist) {value}(.|)\n{value}(|, glaub ich|, bitteschön)(.|)"),
        "slang": lines("(das is|is|wär) {value}\n{value}(| glaub| jo|, bitte)"),
    },
    "answer_named": {
        "formal": lines("{Name}: {value}.\nUnter {name}: {value}.\n{Name} (ist|wäre|lautet) {value}."),
        "neutral": lines("{Name}: {value}.\n(Zu|Bei|Unter) {name} (steht hier|habe ich|hätte ich) {value}.\n{Name} (ist|wäre) {value}."),
        "casual": lines("{Name}(: | ist | wär | - ){value}(.|)\n(Bei|Zu) {name}: {value}."),
        "slang": lines("{name}(: | is | = | wär ){value}(.|)"),
    },
    "volunteer_lead": {
        "formal": lines("(Zu Ihrer Information|Falls Sie es benötigen|Der Vollständigkeit halber|Vorab):"),
        "neutral": lines("(Falls Sie das brauchen|Damit Sie es gleich haben|Zur Info|Das brauchen Sie sicher|Gleich dazu|Vorweg):"),
        "casual": lines("(Falls ihr's braucht|Zur Info|Damit ihr's habt|Braucht ihr bestimmt|Vorweg):"),
        "slang": lines("(falls ihrs braucht|zur info|fyi|damit ihrs habt):"),
    },
    "withhold": {
        "formal": lines("""
            (Das möchte ich nicht angeben|Das gebe ich ungern weiter|Dazu möchte ich keine Angabe machen|Das behalte ich lieber für mich), (wenn Sie erlauben|bitte haben Sie Verständnis).
            {Name}? Das möchte ich lieber für mich behalten.
            Ich (bitte Sie, ohne diese Angabe fortzufahren|möchte ohne diese Angabe fortfahren)."""),
        "neutral": lines("""
            (Das möchte ich lieber nicht sagen|Das gebe ich nicht raus|Das behalte ich für mich|Das ist mir zu privat)(.|, tut mir leid.|, wenn das geht.)
            ({Name}? Lieber nicht.|{Name}? Das möchte ich hier nicht angeben.|{Name}? Geht das auch ohne?)
            (Das lassen wir bitte weg|Das schreibe ich hier nicht rein|Da bin ich vorsichtig, das sage ich nicht|Ohne {name} bitte)(.|, ja?)"""),
        "casual": lines("""
            (Das sag ich lieber nicht|Das geb ich nicht raus, sorry|Das ist mir zu privat|{Name}? Nee, lieber nicht|{Name} behalt ich lieber für mich).
            Geht's auch ohne?
            (Das lassen wir weg|Das tipp ich hier nicht rein|Da bin ich vorsichtig)(.|, sorry.)"""),
        "slang": lines("""
            (sag ich lieber nich|geb ich nich raus|is mir zu privat|{name}? ne lieber nich|gehts auch ohne?)
            (tipp ich hier nich rein|behalt ich für mich|lass ma weg)(| sry)"""),
    },
    "unknown": {
        "formal": lines("""
            (Das weiß ich leider nicht|Das ist mir leider nicht bekannt|Das habe ich bedauerlicherweise nicht zur Hand)(.|. Wo finde ich das?|. Geht es auch anders?)
            {Name}? Das ist mir leider nicht bekannt. (Wo müsste das stehen?|)
            (Darüber verfüge ich leider nicht|Das wurde mir nie mitgeteilt|Das kann ich Ihnen bedauerlicherweise nicht sagen)."""),
        "neutral": lines("""
            ({Name}? |)(Keine Ahnung, wo ich das finde|Das weiß ich nicht|Das habe ich nicht|Da muss ich passen|Das weiß ich leider nicht).
            {Name}? (Wo steht das denn?|Wo finde ich das?|Habe ich nicht.|Nie gesehen.|Brauchen Sie das unbedingt?) (Ich weiß es nicht.|)
            (Das hat mir nie jemand gesagt|Das müsste ich suchen, weiß nur nicht wo|Auf die Schnelle finde ich das nicht|So etwas habe ich nie bekommen).
            (Tut mir leid|Leider), (da habe ich nichts|das finde ich nirgends|das kenne ich nicht)."""),
        "casual": lines("""
            ({Name}? |)(Keine Ahnung|Weiß ich nicht, sorry|Hab ich nicht|Kein Plan, wo das steht|Null Ahnung)(.|!|. Wo steht das?)
            (Nie gehört|Find ich nirgends|Hat mir keiner gegeben|Was ist das überhaupt)(.|, sorry.)"""),
        "slang": lines("""
            ({name}? |)(kp|keine ahnung|kein plan|weiß nich|hab ich nich)(| sorry|, wo steht das?)
            (nie gehört|find ich nich|hat mir keiner gegeben)(| sry)"""),
    },
    "correct": {
        "formal": lines("""
            (Nein, das stimmt leider nicht|Ich muss Sie korrigieren|Das ist nicht richtig): {value}, nicht {old}.
            (Bitte nicht|Nicht) {old}, sondern {value}.
            Sie (haben|nannten) {old}; (richtig|korrekt) (ist|wäre) {value}."""),
        "neutral": lines("""
            (Nein,|Nein, Moment,|Das stimmt nicht,|Halt, nein,|Falsch,) {value}, nicht {old}.
            (Nicht {old}, sondern {value}|Ich sagte {value}, nicht {old}|Es ist {value} und nicht {old}).
            (Da steht|Sie haben) {old}, richtig ist (aber |){value}.
            (Bitte ändern|Bitte korrigieren) auf {value}, nicht {old}."""),
        "casual": lines("""
            (Nee,|Nein,|Ähm nein,|Stopp,) {value}, nicht {old}(.|)
            (Nicht {old}, {value}|Ich sagte {value}, nicht {old})(.|!)
            Da steht {old}, (muss aber {value} sein|stimmt aber nicht: {value})(.|)"""),
        "slang": lines("""
            (ne|nee|falsch|äh ne) {value}, nich {old}
            nich {old}, {value}
            (da steht|nich) {old}, richtig is {value}"""),
    },
    "correct_new": {
        "formal": lines(
            "(Das ist leider nicht richtig|Hier liegt ein Fehler vor|Ich muss das berichtigen): {value}.\n{Name} stimmt nicht. Richtig ist {value}."
        ),
        "neutral": lines(
            "(Nein, das stimmt nicht|Das ist falsch|Moment, nein|Da ist ein Fehler), (richtig ist|es ist) {value}.\n{Name} stimmt nicht. Es ist {value}."
        ),
        "casual": lines("(Nee|Ähm, nein|Stimmt nicht|Falsch), (es ist |das ist |){value}(.|)\n{Name} ist falsch, {value} wär richtig."),
        "slang": lines("(ne|falsch|stimmt nich|äh ne), {value}\n{name} is falsch, {value} stimmt"),
    },
    "choose": {
        "formal": lines(
            "(Ich hätte gern|Ich würde bevorzugen:|Dann bitte|Ich entscheide mich für) {option}.\n{option} (wäre mir recht|würde mir passen)(, vielen Dank|)."
        ),
        "neutral": lines("""
            (Dann|Ich nehme|Dann nehme ich|Lieber|Machen wir|Am liebsten) {option}(, bitte|).
            {option} (passt mir|wäre gut|klingt gut|geht bei mir|ist in Ordnung).
            (Ich würde|Ich möchte) {option} nehmen."""),
        "casual": lines("(Dann|Ich nehm|Machen wir|Lieber|Gern) {option}(.| bitte.)\n{option} (passt|wär super|klingt gut|geht klar)."),
        "slang": lines("(dann|nehm|lieber|mach) {option}(| bitte)\n{option} (passt|is gut|geht klar)"),
    },
}

_REPLIES: dict[str, Cell] = {
    "yes_more": {
        "formal": lines("(Ja, in der Tat|Ja, wenn Sie erlauben|Ja, da gäbe es noch etwas|Durchaus)."),
        "neutral": lines("(Ja|Ja, tatsächlich|Ja, da ist noch was|Doch, ja|Ja, eine Sache noch)."),
        "casual": lines("(Ja|Jo|Ja, eigentlich schon|Doch, ja|Ja, da wär noch was)(.|,|)"),
        "slang": lines("(jo|ja|ja schon|doch|eins noch)(,|)"),
    },
    "check_value": {
        "formal": lines(
            "(Es bleibt also bei: {value}?|Also {value}, nicht wahr?|Um ganz sicherzugehen: {value}?|{value}, ist das richtig?)"
        ),
        "neutral": lines("(Also {value}, ja?|{value}, richtig?|Nur zur Sicherheit: {value}?|Dann also {value}, ja?)"),
        "casual": lines("(Also {value}, ja?|{value}, oder?|Nur zur Sicherheit, {value}?|Ganz sicher {value}?)"),
        "slang": lines("(also {value} ja?|{value}, oder?|safe {value}?|nur zur sicherheit, {value}?)"),
    },
    "recheck": {
        "formal": lines("(Um ganz sicherzugehen, ist dies nun erledigt|Gestatten Sie eine Rückfrage, das ist jetzt veranlasst): {core}?"),
        "neutral": lines(
            "(Nur zur Sicherheit, das ist jetzt erledigt|Ich frage lieber noch mal nach, das steht jetzt fest|Und das ist sicher geklärt): {core}?"
        ),
        "casual": lines(
            "(Nur zur Sicherheit, das ist jetzt durch, ja|Also das passt jetzt sicher|Ich frag lieber nochmal, erledigt): {core}?"
        ),
        "slang": lines("(nur zur sicherheit, is durch ja|also das passt jetz safe): {core}?"),
    },
    "bye": {
        "formal": lines("(Auf Wiedersehen|Einen schönen Tag noch|Ich wünsche Ihnen einen guten Tag)."),
        "neutral": lines("(Tschüss|Auf Wiedersehen|Schönen Tag noch|Bis dann|Alles Gute)."),
        "casual": lines("(Tschüss|Ciao|Schönen Tag noch|Bis dann|Machts gut)(!|.|)"),
        "slang": lines("(tschau|bye|bis dann|hauste rein|ciao)"),
    },
    "yes": {
        "formal": lines("(Ja|Ja, bitte|Gewiss|Ja, gern|Sehr gern)."),
        "neutral": lines("(Ja|Ja, bitte|Ja, gern|Ja, das passt|Ja, in Ordnung|Machen Sie das|Gern)."),
        "casual": lines("(Ja|Jo|Klar|Ja gern|Ja passt|Ja, mach mal|Gerne)(.|!|)"),
        "slang": lines("(jo|ja|klar|jap|passt|ja mach)"),
    },
    "yes_confirm": {
        "formal": lines("(Ja, das ist richtig|Das ist korrekt|Ganz recht|Ja, bitte veranlassen Sie das|Ich bestätige das)."),
        "neutral": lines(
            "(Ja, das stimmt|Genau|Stimmt so|Ja, genau|Ja, richtig|Ja, machen Sie das bitte|Alles richtig so|Ja, so passt es)."
        ),
        "casual": lines("(Jo, stimmt|Genau|Ja genau|Passt so|Ja, mach das|Jap, alles richtig)(.|!)"),
        "slang": lines("(jo stimmt|genau|passt so|jap|ja mach so)"),
    },
    "no": {
        "formal": lines("(Nein|Nein, danke|Leider nein|Nein, das möchte ich nicht)."),
        "neutral": lines("(Nein|Nein, danke|Eher nicht|Nein, lieber nicht|Nein, so nicht)."),
        "casual": lines("(Nee|Nein danke|Nö|Eher nicht|Nee, lieber nicht)(.|)"),
        "slang": lines("(ne|nö|nope|eher nich|ne danke)"),
    },
    "no_confirm": {
        "formal": lines("(Nein, das ist nicht richtig|Das trifft leider nicht zu|So war das nicht gemeint)."),
        "neutral": lines("(Nein, das stimmt nicht|Nein, das ist falsch|So meinte ich das nicht|Nein, nicht ganz|Das passt nicht)."),
        "casual": lines("(Nee, stimmt nicht|Nein, falsch|Ähm, nein|Nicht ganz|So mein ich das nicht)."),
        "slang": lines("(ne stimmt nich|ne falsch|nich ganz|so mein ich das nich)"),
    },
    "no_more": {
        "formal": lines("(Nein, das wäre alles|Das war alles|Nein, mehr brauche ich nicht)."),
        "neutral": lines("(Nein, das war's|Das ist alles|Nein, sonst nichts|Mehr brauche ich nicht|Nein, alles erledigt|Das wäre alles)."),
        "casual": lines("(Nee, das war's|Das war alles|Nö, alles gut|Sonst nichts|Alles klar soweit)(.|!)"),
        "slang": lines("(ne das wars|alles gut|nö passt|sonst nix)"),
    },
    "go_on": {
        "formal": lines("(Ich verstehe|Gut|In Ordnung). (Bitte fahren Sie fort.|Wie geht es nun weiter?|Was ist der nächste Schritt?)"),
        "neutral": lines("(OK|Gut|In Ordnung|Verstehe|Aha|Na gut)(.| und jetzt?|, wie geht's weiter?|. Was nun?|, weiter.|, und dann?)"),
        "casual": lines("(Ok|Gut|Alles klar|Aha|Jo)(.|, und jetzt?|, wie weiter?|... und?|, was nun?)"),
        "slang": lines("(ok|jo|alles klar|gut|aha)(, und jetz?|... und?|, weiter|, was nu?)"),
    },
    "wait": {
        "formal": lines("(Gut, ich warte|Ich warte gern, bitte beeilen Sie sich|Nehmen Sie sich die Zeit, die Sie brauchen)."),
        "neutral": lines("(OK, ich warte|Gut, ich bin noch da|In Ordnung, ich warte kurz|Wie lange dauert das?|Ich bleibe dran)(.|)"),
        "casual": lines("(Ok, ich warte|Jo, bin da|Kein Stress, na ja, bisschen schon|Wart dann mal)(.|)"),
        "slang": lines("(ok warte|bin da|ok aber mach schnell|jo warte)"),
    },
    "unsure": {
        "formal": lines(
            "(Ich bin nicht sicher, was Sie meinen|Das kann ich leider nicht beantworten|Dazu kann ich nichts sagen).\n(Ist das für mein Anliegen nötig|Müssen Sie das wissen)?"
        ),
        "neutral": lines(
            "(Ich bin nicht sicher|Ich weiß nicht genau, was Sie meinen|Schwer zu sagen|Hm, kann ich nicht sagen|Das weiß ich nicht so genau).\n(Ist das wichtig|Brauchen Sie das|Spielt das eine Rolle)?"
        ),
        "casual": lines("(Bin nicht sicher|Hm, keine Ahnung|Schwer zu sagen|Weiß nicht, was du meinst|Kann ich nicht sagen)(.|)"),
        "slang": lines("(kp|hm kein plan|was meinst du|is das wichtig?|weiß nich)"),
    },
    "not_understood": {
        "formal": lines("""
            (Das habe ich leider nicht verstanden|Aus Ihrer Antwort werde ich nicht klug|Ich konnte nicht folgen).
            (Könnten Sie das anders ausdrücken|Was meinen Sie damit)?
            (Mit Verlaub|Verzeihung), (das erschließt sich mir nicht|das ist mir unklar|ich kann damit nichts anfangen)."""),
        "neutral": lines("""
            (Das verstehe ich nicht|Das ergibt für mich keinen Sinn|Da komme ich nicht mit|Mit Ihrer Nachricht stimmt was nicht).
            (Was heißt das|Können Sie das noch mal einfach sagen|Was soll das bedeuten|Wie bitte)?
            (Damit kann ich nichts anfangen|Das sagt mir nichts|Das war mir jetzt zu hoch).
            (Wie|Was) meinen Sie(| genau|) damit?"""),
        "casual": lines("""
            (Hä|Wie bitte|Was|Wie jetzt|Was soll das heißen)?
            (Versteh ich nicht|Das ergibt keinen Sinn|Da komm ich nicht mit|Kapier ich nicht).
            (Ist das überhaupt eine Antwort|Was war das jetzt|Wie meinst du das)?"""),
        "slang": lines("""
            (hä|was|wie jetz|was soll das heißen)?
            (check ich nich|ergibt kein sinn|kapier ich nich)
            (is das ne antwort|was war das jetz)?"""),
    },
    "wrong_language": {
        "formal": lines(
            "(Könnten wir bitte auf Deutsch fortfahren|Darf ich Sie bitten, auf Deutsch zu antworten|Wäre es auf Deutsch möglich)?"
        ),
        "neutral": lines("(Geht das auch auf Deutsch|Können Sie bitte auf Deutsch antworten|Auf Deutsch bitte|Gibt es das auf Deutsch)?"),
        "casual": lines("(Auf Deutsch bitte|Geht das auf Deutsch|Ähm, auf Deutsch)?"),
        "slang": lines("(auf deutsch pls|deutsch bitte|geht das auf deutsch)?"),
    },
    "thank": {
        "formal": lines(
            "(Vielen Dank|Haben Sie vielen Dank|Ich danke Ihnen|Besten Dank|Danke, sehr freundlich von Ihnen|Herzlichen Dank)."
        ),
        "neutral": lines("(Danke|Vielen Dank|Danke schön|Super, danke|Gut, danke|Danke dafür|Besten Dank|Prima, danke)(.|!)"),
        "casual": lines("(Danke|Danke dir|Danke euch|Super, danke|Top, danke|Cool, danke|Dankeschön|Perfekt, danke)(!|.|)"),
        "slang": lines("(thx|danke|dankö|nice danke|top danke|ehre|merci)(!|)"),
    },
}

_ENDINGS: dict[str, Cell] = {
    "satisfied": {
        "formal": lines(
            "(Damit ist die Angelegenheit erledigt|Das war alles, was ich brauchte|Damit sind meine Fragen beantwortet). (Auf Wiedersehen.|Einen schönen Tag noch.|)"
        ),
        "neutral": lines(
            "(Dann ist alles geklärt|Das war alles|Gut, damit ist das erledigt|Damit ist meine Frage beantwortet|Dann passt ja alles). (Tschüss.|Auf Wiedersehen.|Schönen Tag noch.|)"
        ),
        "casual": lines(
            "(Dann passt alles|Alles geklärt|Das war's schon|Perfekt, dann hab ich alles|Super, erledigt)(.|!) (Tschüss!|Ciao!|Schönen Tag noch!|Bis dann.|)"
        ),
        "slang": lines("(alles klar|passt alles|erledigt|das wars dann|hab alles)(.|!|) (tschau|bye|bis dann|hauste rein|)"),
    },
    "handed_over": {
        "formal": lines(
            "(Gut, ich warte auf Ihre Kollegin oder Ihren Kollegen|Dann warte ich, bis sich jemand meldet|In Ordnung, ich bleibe in der Leitung|Dann bespreche ich es mit Ihrem Kollegium)."
        ),
        "neutral": lines(
            "(Okay, dann warte ich|Gut, ich warte so lange|In Ordnung, ich bleibe dran|Dann warte ich, bis jemand übernimmt)."
        ),
        "casual": lines("(Ok, dann warte ich|Alles klar, ich bleib dran|Gut, ich warte auf deine Kollegen|Okay, ich warte so lange)(.|!)"),
        "slang": lines("(ok ich warte|klar, bleib dran|jo dann wart ich|ok wart auf die kollegen)"),
    },
    "give_up": {
        "formal": lines(
            "(Das führt zu nichts|So kommen wir nicht weiter|Ich verfolge das nicht weiter|Ich gebe auf). (Auf Wiedersehen.|Ich suche mir anderswo Hilfe.|)"
        ),
        "neutral": lines(
            "(Vergessen Sie es|Lassen wir das|Ich gebe auf|Das hat keinen Sinn|Das bringt ja nichts|Schon gut). (Ich regle das anders.|Mir reicht es.|Ich versuche es woanders.|Tschüss.|)"
        ),
        "casual": lines(
            "(Vergiss es|Ach, lassen wir das|Ich geb's auf|Das bringt doch nichts|Schon gut)(.|, ich bin raus.|, tschüss.|. Ich mach's selber.|, mir reicht's.)"
        ),
        "slang": lines("(vergiss es|egal|lass ma|kb mehr|bringt nix)(.|, bin raus|, tschau|, machs selber|, reicht jetz)"),
    },
    "call_back": {
        "formal": lines(
            "(Ich melde mich zu einem späteren Zeitpunkt wieder|Ich versuche es später noch einmal|Ich werde ein andermal darauf zurückkommen). (Auf Wiedersehen.|Vielleicht klappt es dann besser.|)"
        ),
        "neutral": lines(
            "(Ich melde mich später noch mal|Ich rufe später noch mal an|Ich versuche es später wieder|Dann probiere ich es ein andermal)(.|, tschüss.|, so wird das nichts.|. Vielleicht ist dann jemand anders da.|, ich muss los.)"
        ),
        "casual": lines(
            "(Ich meld mich später nochmal|Ich probier's später nochmal|Ich ruf später nochmal an)(.|, tschüss|, muss los.|, das wird gerade nix.|, ciao)"
        ),
        "slang": lines("(meld mich später|probiers später|ruf später nochma an)(.|, ciao|, muss los|, wird grad nix)"),
    },
    "ask_human": {
        "formal": lines("""
            (Ich möchte bitte mit|Ich würde gern mit|Ich muss mit) (einer Mitarbeiterin|einem Mitarbeiter|einem Menschen|jemandem aus Ihrem Team) sprechen.
            Verbinden Sie mich bitte mit (einer Mitarbeiterin|einem Mitarbeiter|einem Menschen).
            (Könnte ich bitte mit einem Menschen sprechen|Gibt es eine Person, mit der ich darüber sprechen kann)?"""),
        "neutral": lines("""
            (Kann ich mit|Kann ich bitte mit|Könnte ich mit) (einem Menschen|einem echten Menschen|einem Mitarbeiter|jemandem persönlich) sprechen?
            (Ich möchte mit|Ich will mit) (einem Menschen|einem Mitarbeiter|einer echten Person) sprechen.
            Verbinden Sie mich bitte mit (einem Menschen|einem Mitarbeiter|einer Mitarbeiterin)."""),
        "casual": lines(
            "(Ich will mit|Lasst mich mit|Ich möcht mit) (einem Menschen|einem echten Menschen|jemandem Echten) reden(.|)\n(Kann ich einfach mit|Kann ich mal mit) (einem Menschen|einem echten Menschen|jemandem Echten) reden?\n(Ist da auch ein Mensch|Gibt's bei euch auch Menschen)?"
        ),
        "slang": lines(
            "(will mit|lasst mich mit) (nem menschen|nem echten menschen|wem echten) reden(| bitte)\nkann ich mit (nem menschen|nem echten menschen|wem echten) reden?"
        ),
    },
    "out_of_scope": {
        "formal": lines(
            "(Dann bin ich hier offenbar falsch|Ich sehe, Sie sind dafür nicht zuständig). (Ich frage anderswo nach.|Auf Wiedersehen.)"
        ),
        "neutral": lines(
            "(Ach so, dann bin ich hier falsch|Verstehe, das machen Sie hier nicht|Gut, dafür sind Sie nicht zuständig). (Dann frage ich woanders.|Ich suche mir etwas anderes.|Tschüss.)"
        ),
        "casual": lines(
            "(Ach so, dann bin ich hier falsch|Ok, macht ihr also nicht|Gut, nicht euer Ding)(.|, dann frag ich woanders.|, tschüss)"
        ),
        "slang": lines("(ach so falsch hier|ok macht ihr nich|nich euer ding)(.|, frag woanders|, tschau)"),
    },
}

_FEELING: dict[str, Cell] = {
    "frustrated_mild": {
        "formal": lines(
            "(Das dauert doch recht lange|Ich hatte mir das einfacher vorgestellt|Das ist etwas mühsam|Ich hätte mehr erwartet)."
        ),
        "neutral": lines(
            "(Das dauert ganz schön|Das wird langsam mühsam|Das hatte ich mir einfacher vorgestellt|Wir drehen uns im Kreis|Das nervt ein bisschen|Langsam verliere ich den Überblick)."
        ),
        "casual": lines(
            "(Puh|Oh Mann|Na ja|Hm), (das dauert ewig|wir drehen uns im Kreis|das nervt ein bisschen|so schwer ist das doch nicht)."
        ),
        "slang": lines("(puh|boah|alter|ey), (dauert ewig|nervt langsam|so schwer kanns nich sein)"),
    },
    "frustrated_firm": {
        "formal": lines("(Das ist unbefriedigend|Ich verliere allmählich die Geduld|Das habe ich bereits erklärt|So geht das nicht)."),
        "neutral": lines(
            "(Das nervt|Ich verliere die Geduld|Das habe ich schon erklärt|So geht das nicht|Im Ernst|Wir drehen uns im Kreis)."
        ),
        "casual": lines("(Im Ernst?|Ach komm.|Das nervt echt.|Wie schwer kann das sein?|Langsam reicht's.)"),
        "slang": lines("(ernsthaft?|ey komm|nervt|wie schwer kann das sein?|reicht langsam)"),
    },
    "frustrated_sharp": {
        "formal": lines("(Genug|Unerhört|Das ist inakzeptabel|Mir reicht es|Unfassbar)."),
        "neutral": lines("(Jetzt reicht's|Unglaublich|Mir reicht es|Hören Sie|Zum letzten Mal|Also wirklich)(.|!)"),
        "casual": lines("(Jetzt reicht's|Unfassbar|Echt jetzt|Das gibt's nicht|Wow|Lest doch mal)(.|!)"),
        "slang": lines("(alter|echt jetz|krass|boah ey|reicht)(!|)"),
    },
    "open.calm": {
        "any": lines("""
            (Es eilt nicht|Ganz in Ruhe|Wann immer es passt).
            (Lassen wir uns Zeit|Ist nichts Dramatisches|Ich habe Zeit|Hat keine Eile).""")
    },
    "mid.calm": {
        "any": lines("""
            (Passt schon.|Kein Problem.|Na gut.|In Ordnung.|Okay.)
            (Klingt gut.|Verstehe.|Gut.|Macht nichts.|Passt.)""")
    },
    "close.calm": {
        "any": lines("""
            (Alles gut.|Gut so.|Passt.)
            (Das passt so.|Wunderbar einfach.|Ist recht.|Dann ist ja gut.)""")
    },
    "open.cheerful": {
        "any": lines("""
            (Was für ein schöner Tag|Ich hab heute gute Laune|Hoffentlich läuft es heute gut)(!|.)
            (Die Sonne scheint, da regelt man gern was|Endlich komme ich mal dazu, juhu|Heute klappt bestimmt alles|Ich bin bester Dinge)!""")
    },
    "mid.cheerful": {
        "any": lines("""
            (Super!|Wunderbar!|Toll!|Klasse!|Sehr schön!|Prima!|Ach schön!)
            (Fantastisch!|Herrlich!|Das ist ja schön!|Ausgezeichnet!|Spitze!|Na super!|Juhu!)""")
    },
    "close.cheerful": {
        "any": lines("""
            (Das freut mich!|Toll!|Wunderbar!|Das ging ja gut!|Klasse!)
            (Das war ja einfach!|Herrlich!|Da freue ich mich!|So macht das Spaß!)""")
    },
    "open.anxious": {
        "any": lines("""
            (Ich mache mir etwas Sorgen|Ich bin ziemlich nervös deswegen|Hoffentlich ist es nicht zu spät|Ich hoffe, ich habe nichts falsch gemacht).
            (Ich habe da ein ungutes Gefühl|Ich denke dauernd, dass etwas schiefgeht|Hoffentlich wird das keine große Sache|Ich hoffe sehr, dass Sie das hinbekommen|Ich bin da etwas ängstlich)(.|...)""")
    },
    "mid.anxious": {
        "any": lines("""
            (Ist das ein Problem?|Hoffentlich geht das?|Ich mache mir Sorgen.|Oje.|Das gibt doch keinen Ärger?|Hoffentlich klappt das.)
            (Da passiert doch nichts?|Ich will nur sichergehen.|Ist das auch wirklich in Ordnung?|Ich werde langsam nervös.|Und wenn es schiefgeht?|Bitte sagen Sie, dass das klappt.)""")
    },
    "close.anxious": {
        "any": lines("""
            (Hoffentlich klappt jetzt alles.|Da fällt mir ein Stein vom Herzen.|Hoffentlich geht nichts mehr schief.|Puh.)
            (Dann schlafe ich besser.|Hoffentlich bleibt es dabei.|Jetzt kann ich durchatmen.|Bitte lass das stimmen.)""")
    },
    "open.confused": {
        "any": lines("""
            (Ich weiß nicht so recht, wie das hier geht|Ich blicke nicht ganz durch|Ich bin etwas verwirrt|Ich weiß gar nicht genau, was ich brauche).
            (Ich verstehe nur Bahnhof|Ich hab es mehrmals gelesen und verstehe es nicht|Vielleicht verwechsle ich auch etwas|Ich weiß gar nicht, wo ich anfangen soll)(.|...)""")
    },
    "mid.confused": {
        "any": lines("""
            (Ich bin verwirrt.|Ich blicke nicht ganz durch.|Hm?|Wenn ich das richtig verstehe.|Moment, ich komme nicht mit.)
            (Habe ich was übersehen?|Jetzt bin ich durcheinander.|Welches war das noch mal?|Ich habe den Faden verloren.|Heißt das jetzt ja?|Und was bedeutet das für mich?)""")
    },
    "close.confused": {
        "any": lines("""
            (Ich glaube, ich habe es verstanden.|Wenn ich das richtig verstanden habe.|Das war's dann, oder?)
            (Glaube ich zumindest.|Wenn ich nichts verwechsle.|Jetzt ist es klar, so halbwegs.|Hoffentlich habe ich das richtig im Kopf.)""")
    },
    "open.frustrated": {
        "any": lines("""
            (Ich habe das schon mal versucht, ohne Erfolg|Ich frage nicht zum ersten Mal|Ich bin schon etwas genervt|Das zieht sich jetzt schon ewig).
            (Da sind wir wieder|Eigentlich wollte ich nicht noch mal schreiben|Letztes Mal konnte mir keiner helfen|Es ist immer dasselbe damit)(.|...)""")
    },
    "mid.frustrated": {
        "any": lines("""
            (Ehrlich.|Das ist ermüdend.|Schon wieder.|So schwer kann das nicht sein.|Immer dasselbe.)
            (Warum ist das immer so kompliziert?|Ich bin das Erklären leid.|Nicht schon wieder.|Das kostet Nerven.|Seufz.)""")
    },
    "close.frustrated": {
        "any": lines("""
            (Das hat gedauert.|Endlich.|Na endlich.|Das ginge auch einfacher.)
            (Das war mühsam.|Hat gedauert, aber gut.|Das hätte man früher haben können.|Hoffentlich war das das letzte Mal.)""")
    },
    "open.angry": {
        "any": lines("""
            (Ich bin wirklich sauer|Ich bin stinksauer, ehrlich gesagt|Das ist eine Frechheit|Für Ausreden habe ich keine Nerven|Das ist ein einziges Chaos).
            (Mir reicht es langsam|Das kann doch nicht schon wieder sein|Ich will, dass das in Ordnung kommt, und zwar schnell|Fangen Sie gar nicht erst mit Ausflüchten an|Ich bin richtig verärgert)(.|!)""")
    },
    "mid.angry": {
        "any": lines("""
            (Machen wir mal voran.|Keine Ausreden.|Das ärgert mich.|Bitte einfach erledigen.|Was für ein Chaos.)
            (Ich meine das ernst.|Das ist unverschämt.|Ich war geduldig genug.|Das muss jetzt klappen.|Sparen wir uns die Ausreden.)""")
    },
    "close.angry": {
        "any": lines("""
            (Wurde auch Zeit.|Das hätte gleich klappen müssen.|Nicht noch mal bitte.)
            (Das hätte nie so weit kommen dürfen.|Das merke ich mir.|Nächstes Mal bitte besser.|Das war überfällig.)""")
    },
    "open.hurried": {
        "any": lines("""
            (Ich habe wenig Zeit|Ich bin in Eile|Es muss schnell gehen|Ich muss gleich weg).
            (Bitte ganz kurz|Mein Bus kommt gleich|Ich bin zwischen Terminen|Ich habe gerade Pause|Nur schnell)(.|!)""")
    },
    "mid.hurried": {
        "any": lines("""
            (Schnell bitte.|Ich bin in Eile.|Ich muss gleich los.|Geht das zügig?|Hab wenig Zeit.|Weiter bitte.)
            (Bitte nur das Wichtigste.|Die Kurzfassung bitte.|Bin gleich weg.|Zack zack bitte.|Die Uhr läuft.)""")
    },
    "close.hurried": {
        "any": lines("""
            (Ich muss los.|Bin dann weg.|Muss weiter.)
            (Zurück an die Arbeit.|Bin weg.|So, weiter.|Keine Zeit mehr, sorry.)""")
    },
    "open.sad": {
        "any": lines("""
            (Es ist gerade eine schwere Zeit|Mir geht es nicht so gut|Es ist alles etwas viel im Moment|Es war schwierig in letzter Zeit).
            (Mir fehlt heute die Kraft dafür|Es kommt gerade eins zum anderen|Ich habe das lange vor mir hergeschoben|Entschuldigung, wenn ich matt klinge|Ich habe kaum geschlafen)(.|...)""")
    },
    "mid.sad": {
        "any": lines("""
            (Na ja.|Ist alles etwas viel.|Wird wohl so sein.|Ich bin zu müde für so was.|Ist halt so.)
            (Da kann man nichts machen.|Leicht ist gerade nichts.|Ich bin etwas erschöpft.|Ist ja auch egal.|Ich bin nicht ganz bei mir.)""")
    },
    "close.sad": {
        "any": lines("""
            (Wenigstens das ist erledigt.|Eine Sorge weniger.|Immerhin.)
            (Eine kleine Erleichterung.|Das habe ich gebraucht.|Ein Punkt weniger auf der Liste.|Na, wenigstens etwas.)""")
    },
    "open.suspicious": {
        "any": lines("""
            (Ich weiß nicht, ob ich dem trauen kann|Hoffentlich liest hier sonst keiner mit|Ist das hier überhaupt die richtige Stelle|Man hört ja so einiges, ich bin vorsichtig).
            (Ich wüsste gern, mit wem ich es zu tun habe|Ich bin schon mal reingefallen|Normalerweise mache ich so was nicht online|Man liest ja so viel von Betrug|Bevor ich etwas sage: das hier ist hoffentlich sicher)(.|...)""")
    },
    "mid.suspicious": {
        "any": lines("""
            (Was passiert mit den Angaben?|Wer bekommt das zu sehen?|Ist das wirklich nötig?|Und da ist kein Haken?|Wer's glaubt.|Das wüsste ich gern genauer.)
            (Warum müssen Sie das wissen?|Das prüfe ich lieber nach.|Klingt zu einfach.|Sagt wer?|Das geben Sie aber nicht weiter, oder?|Ich mache mir davon eine Kopie.)""")
    },
    "close.suspicious": {
        "any": lines("""
            (Das werde ich nachprüfen.|Das hätte ich gern schriftlich.|Mal sehen, ob das stimmt.|Warten wir's ab.)
            (Den Chat habe ich gespeichert, nur dass Sie es wissen.|Das glaube ich, wenn ich es sehe.|Hoffentlich stimmt das auch.|Ich behalte das im Auge.)""")
    },
}

_TRAITS: dict[str, Cell] = {
    "polite": {
        "formal": lines(
            "(Wenn es keine Umstände macht.|Ich wäre Ihnen sehr verbunden.|Haben Sie Dank für Ihre Mühe.|Das wäre sehr freundlich von Ihnen.)"
        ),
        "neutral": lines(
            "(Wenn es geht.|Das wäre sehr nett.|Bitte.|Vielen Dank im Voraus.|Wenn das in Ordnung ist.|Das wäre wirklich lieb.)"
        ),
        "casual": lines("(Wär super lieb, danke!|Wenn's geht, bitte.|Danke schon mal!|Wär echt nett.|Kein Stress.)"),
        "slang": lines("(wär nice, danke|danke schonma|wenns geht|wär korrekt)"),
    },
    "sarcastic": {
        "formal": lines("(Wie erfreulich.|Das ist ja ein wahres Vergnügen.|Überaus beruhigend.|Großartig.|Ich bin überwältigt.)"),
        "neutral": lines(
            "(Na wunderbar.|Genau das hat mir noch gefehlt.|Welch Überraschung.|Das läuft ja super.|Toller Service, wirklich.|Herrlich.)"
        ),
        "casual": lines("(Na super.|Wow, toll.|Läuft ja.|Überraschung.|Ganz großes Kino.|Na klasse.)"),
        "slang": lines("(na super|wow toll|läuft bei euch|ganz großes kino|wer hätts gedacht lol)"),
    },
    "chatty": {
        "formal": lines(
            "(Man hört darüber heutzutage ja so viel.|Erst kürzlich sprach ich mit meiner Nachbarin darüber.|Langweilig wird es ja nie.|Meine Schwester meinte, ich hätte früher fragen sollen.)"
        ),
        "neutral": lines(
            "(Meine Nachbarin hatte lustigerweise dasselbe.|Sie glauben nicht, was ich für eine Woche habe.|Meine Schwester liegt mir deswegen schon in den Ohren.|Der Hund bellt, falls ich langsam bin.|Irgendwas ist ja immer.|Ich tippe das gerade mit dem Kaffee in der Hand.)"
        ),
        "casual": lines(
            "(Ihr glaubt nicht, was für eine Woche das war, haha.|Ein Kumpel hatte genau dasselbe.|Irgendwas ist ja immer.|Meine Schwester nervt mich schon deswegen haha.|Was für ein Tag.)"
        ),
        "slang": lines("(was ne woche lol|n kumpel hatte das auch haha|irgendwas is immer|katze sitzt auf der tastatur lol)"),
    },
    "interrupts": {
        "formal": lines("(Verzeihen Sie die Unterbrechung:|Bevor Sie fortfahren:|Einen Augenblick,|Wenn ich kurz einhaken darf:)"),
        "neutral": lines("(Moment,|Halt,|Warten Sie,|Kurz dazwischen:|Stopp,|Bevor Sie weitermachen:|Sekunde,)"),
        "casual": lines("(Warte warte,|Moment mal,|Stopp,|Sekunde,|Ja ja,|Halt mal,)"),
        "slang": lines("(warte warte,|moment ma,|ja ja,|stop,|sek,)"),
    },
    "why_ask": {
        "formal": lines("(Darf ich fragen, wozu Sie das benötigen?|Wofür ist das erforderlich?|Zu welchem Zweck, wenn ich fragen darf?)"),
        "neutral": lines("(Wozu brauchen Sie das?|Wofür ist das?|Warum fragen Sie?|Was machen Sie damit?|Nur interessehalber, wozu?)"),
        "casual": lines("(Wozu braucht ihr das eigentlich?|Wofür ist das?|Warum eigentlich?|Wieso braucht ihr das?)"),
        "slang": lines("(wozu eig?|wofür is das?|wieso braucht ihr das?|warum eig?)"),
    },
    "why_no": {
        "formal": lines("(Darf ich den Grund erfahren?|Aus welchem Grund?|Weshalb ist das so?|Wie kommt das?)"),
        "neutral": lines("(Warum ist das so?|Wieso?|Wie kommt das?|Aus welchem Grund?|Und warum?)"),
        "casual": lines("(Wieso das?|Warum denn?|Aber warum?|Wie kommt's?)"),
        "slang": lines("(wieso?|warum eig?|aber warum?)"),
    },
    "check": {
        "formal": lines(
            "(Können Sie bestätigen, dass Sie es notiert haben?|Das ist verbindlich, nicht wahr?|Darf ich mich darauf verlassen?|Ist das gesichert?)"
        ),
        "neutral": lines(
            "(Sie haben das sicher notiert?|Nur zur Sicherheit, ist das notiert?|Sind Sie sicher?|Und das ist fix?|Können Sie das bestätigen?|Das ist verbindlich, ja?)"
        ),
        "casual": lines("(Habt ihr, oder?|Ganz sicher?|Nur zur Sicherheit, notiert?|Das steht jetzt fest, ja?)"),
        "slang": lines("(habt ihr, oder?|sicher?|nur zur sicherheit, notiert?|safe?)"),
    },
    "repeat": {
        "formal": lines("(Wie gesagt|Ich wiederhole|Noch einmal zur Klarheit): {core}."),
        "neutral": lines("(Also, wie gesagt|Ich sag's noch mal|Noch mal|Also noch mal): {core}."),
        "casual": lines("(Also wie gesagt|Nochmal|Ich sag's nochmal): {core}."),
        "slang": lines("(wie gesagt|nochma|also nochma): {core}"),
    },
    "acknowledge": {
        "formal": lines(
            "(Ich hoffe, Sie verstehen, was das für mich bedeutet.|Etwas Verständnis wäre willkommen.|Verstehen Sie, warum mich das beunruhigt?)"
        ),
        "neutral": lines(
            "(Verstehen Sie, wie ärgerlich das ist?|Ich hoffe, Sie können mich verstehen.|Es wäre schön, wenn mal jemand zuhört.|Ich möchte nur ernst genommen werden.)"
        ),
        "casual": lines(
            "(Versteht ihr, warum das nervt?|Wär schön, wenn mal jemand zuhört.|Seht ihr mein Problem?|Ich will nur ernst genommen werden.)"
        ),
        "slang": lines("(versteht ihr warum das nervt?|hört überhaupt wer zu|seht ihr das problem?)"),
    },
    "compare": {
        "formal": lines(
            "(Anderswo ist das eine Sache von Augenblicken.|Andere Häuser schaffen das ohne Weiteres.|Ihre Mitbewerber handhaben das anders.)"
        ),
        "neutral": lines(
            "(Woanders geht das ganz schnell.|Bei meinem letzten Anbieter ging das einfach so.|Andere kriegen das problemlos hin.|Bei der Konkurrenz ist das kein Thema, übrigens.)"
        ),
        "casual": lines(
            "(Woanders geht das einfach.|Mein alter Anbieter hat das einfach gemacht.|Alle anderen kriegen das hin.|Bei Freunden ging das woanders ratzfatz.)"
        ),
        "slang": lines("(woanders gehts einfach|die anderen kriegens auch hin|beim alten laden ging das ez)"),
    },
    "limits": {
        "formal": lines(
            "(Ließe sich nicht eine Ausnahme machen?|Und wenn ich das nicht tue?|Gibt es keinen Weg daran vorbei?|Wer würde es merken, wenn wir das auslassen?)"
        ),
        "neutral": lines(
            "(Können Sie keine Ausnahme machen?|Was ist, wenn ich das einfach nicht mache?|Können Sie das nicht einfach überspringen?|Das merkt doch keiner, oder?|Lässt sich da nichts drehen?)"
        ),
        "casual": lines(
            "(Könnt ihr das nicht einfach weglassen?|Und wenn ich das nicht mach?|Ach komm, merkt doch keiner.|Lässt sich da was drehen?)"
        ),
        "slang": lines("(könnt ihr das nich skippen?|und wenn ichs nich mach lol|merkt doch keiner|geht da was?)"),
    },
    "sorry": {
        "formal": lines("(Verzeihen Sie die Umstände:|Ich bitte um Entschuldigung,|Entschuldigen Sie die Störung:|Bitte verzeihen Sie,)"),
        "neutral": lines(
            "(Entschuldigung,|Tut mir leid,|Entschuldigen Sie die Störung:|Sorry,|Sorry für die Umstände:|Entschuldigung, falls das dumm klingt:)"
        ),
        "casual": lines("(Sorry,|Sorry, dass ich nerve:|Tut mir leid,|Ups, sorry,|Sorry, blöde Frage vielleicht:)"),
        "slang": lines("(sry,|sorry,|sry dass ich nerv,|mein fehler,)"),
    },
    "novice": {
        "formal": lines(
            "(Ich kenne mich damit leider nicht aus.|Bitte erklären Sie es mir einfach.|Diese technischen Dinge sind mir fremd.)"
        ),
        "neutral": lines(
            "(Ich kenne mich damit nicht aus.|Bitte einfach erklären.|Ich weiß nicht, wie man das richtig nennt.|Ich mache das zum ersten Mal.|Das macht sonst meine Tochter für mich.)"
        ),
        "casual": lines(
            "(Ich hab davon keine Ahnung.|Erklärt's mir bitte ganz einfach.|Hab das noch nie gemacht.|Weiß nicht, wie das heißt, sorry.)"
        ),
        "slang": lines("(hab da null plan von|noch nie gemacht|erklärs einfach bitte|kp wie das heißt)"),
    },
    "expert": {
        "formal": lines(
            "(Das Verfahren ist mir bekannt, die Grundlagen können wir überspringen.|Sie können sich kurz fassen, ich kenne den Ablauf.|Die üblichen Schritte habe ich bereits ausgeführt.)"
        ),
        "neutral": lines(
            "(Ich weiß, wie das läuft, die Grundlagen können wir überspringen.|Die üblichen Schritte habe ich schon gemacht.|Ich kenne den Ablauf, sagen Sie nur, was fehlt.)"
        ),
        "casual": lines(
            "(Ich weiß, wie das läuft.|Das Übliche hab ich schon probiert.|Grundlagen könnt ihr überspringen.|Kenn den Ablauf.)"
        ),
        "slang": lines("(weiß wies läuft|das übliche hab ich schon|grundlagen könnt ihr skippen|kenn den ablauf)"),
    },
    "unknown_novice": {"any": lines("(Steht das irgendwo drauf?|Wo wäre das denn?|Steht das in einem Brief?|Wie sieht das aus?)")},
    "unknown_expert": {
        "any": lines(
            "(Lässt sich das anders nachschlagen?|Geht auch ein anderes Merkmal?|Das müsste im System stehen.|Liegt das nicht auf Ihrer Seite?)"
        )
    },
}

_PADDING: dict[str, Cell] = {
    "verbose": {
        "formal": lines(
            "(Ich möchte das ordentlich geregelt wissen.|Ich habe mir das vorher gut überlegt.|Ich hoffe, das genügt Ihnen so.|Ich erkläre die Dinge lieber ausführlich.)"
        ),
        "neutral": lines(
            "(Ich wollte das erledigen, bevor ich es wieder vergesse.|Ich dachte, ich frage am besten direkt.|Auf der Webseite habe ich nichts dazu gefunden.|Ich hoffe, das ist so verständlich.|Ich erkläre es lieber gründlich, als etwas auszulassen.)"
        ),
        "casual": lines(
            "(Wollte das schon ewig machen.|Auf der Seite hab ich nix gefunden.|Hoffe, das ist verständlich haha.|Dachte, ich frag am besten direkt.)"
        ),
        "slang": lines("(wollt ich schon ewig machen|auf der seite nix gefunden|hoffe das macht sinn lol|dachte ich frag einfach)"),
    },
    "ramble": {
        "formal": lines("(wo war ich, ja,|wie das eben so ist,|und so weiter,|aber ich schweife ab,)"),
        "neutral": lines(
            "(wo war ich, ach ja,|na ja, lange Geschichte,|Sie wissen ja, wie das ist,|und so kam eins zum anderen,|ich schweife ab, jedenfalls,)"
        ),
        "casual": lines("(na ja, lange Geschichte,|ihr wisst ja, wie das ist,|wo war ich,|aber egal, jedenfalls,)"),
        "slang": lines("(naja lange geschichte,|kennt ihr ja,|aber egal,|jedenfalls,)"),
    },
    "aside_lead": {
        "formal": lines("(Nebenbei bemerkt:|Im Übrigen:|Am Rande:)"),
        "neutral": lines("(Übrigens:|Nur so nebenbei:|Nicht, dass es wichtig wäre:|Ach,)"),
        "casual": lines("(Btw:|Nur so:|Ach,|Falls es wen interessiert:)"),
        "slang": lines("(btw:|ach,|nur so:|random aber:)"),
    },
    "aside": {
        "any": lines("""
            (Hier regnet es in Strömen.|Die Nachbarn bohren schon wieder.|Mein Kaffee ist inzwischen kalt.|Bei uns übt jemand Trompete.|Eigentlich müsste ich kochen.)
            (Der Bus kam natürlich wieder zu spät.|Der Hund will raus, typisch.|Meine Brille ist auch weg.)"""),
    },
    "aside_back": {
        "formal": lines("(Doch zur Sache.|Aber das tut hier nichts zur Sache.)"),
        "neutral": lines("(Na ja.|Aber egal.|Jedenfalls.|Zurück zum Thema.)"),
        "casual": lines("(Egal.|Na ja.|Jedenfalls.|Zurück zum Thema.)"),
        "slang": lines("(egal|naja|jedenfalls)"),
    },
    "interruption": {
        "formal": lines("(Einen Moment, das Telefon. - So, da bin ich wieder.|Verzeihung, es hat geklingelt. Nun denn.)"),
        "neutral": lines(
            "(Moment, es klingelt... so, wieder da.|Sekunde, das Telefon... ja, weiter.|Entschuldigung, hier redet jemand dazwischen. So.|Halt, die Kinder... okay.)"
        ),
        "casual": lines("(Sek, Tür... ok wieder da.|Moment, Telefon... so.|Sorry, das Kind schreit. Ok.|Wart, der Hund. So.)"),
        "slang": lines("(sek, tür.. ok|moment, handy.. so|brb.. ok wieder da|wart ma.. ok)"),
    },
    "different": {"any": lines("(Ich sage es anders.|Noch mal anders.|Mit anderen Worten.|Anders gefragt.)")},
}

ACTS: Final[dict[str, Cell]] = {**_OPENING, **_ASKING, **_FACTS, **_REPLIES, **_ENDINGS, **_FEELING, **_TRAITS, **_PADDING}

_FRAMES: dict[str, tuple[str, ...]] = {
    "name": ("Mein Name ist {value}.", "Ich heiße {value}.", "{value} ist der Name.", "Das läuft auf {value}.", "Name: {value}."),
    "date_of_birth": ("Geboren bin ich {value}.", "Geburtsdatum: {value}.", "Mein Geburtsdatum ist {value}.", "Geboren {value}."),
    "phone": ("Meine Nummer ist {value}.", "Erreichbar bin ich unter {value}.", "Telefon: {value}.", "Am besten unter {value}."),
    "email": ("Meine E-Mail ist {value}.", "E-Mail: {value}.", "Per Mail unter {value}.", "Die Mailadresse lautet {value}."),
    "address": ("Meine Adresse ist {value}.", "Adresse: {value}.", "Ich wohne hier: {value}."),
    "postcode": ("Die Postleitzahl ist {value}.", "PLZ {value}.", "Postleitzahl: {value}."),
    "account_number": ("Die Kontonummer ist {value}.", "Konto {value}.", "Meine Kontonummer: {value}."),
    "card": ("Die Karte ist {value}.", "Meine Karte: {value}.", "Es geht um die Karte {value}."),
    "customer_number": ("Meine Kundennummer ist {value}.", "Kundennummer {value}.", "Als Kundennummer steht hier {value}."),
    "order_number": ("Die Bestellnummer ist {value}.", "Bestellung {value}.", "Bestellnummer: {value}."),
    "booking_reference": ("Die Buchungsnummer ist {value}.", "Buchung {value}.", "Als Buchungscode steht hier {value}."),
    "policy_number": ("Die Policennummer ist {value}.", "Versicherungsschein {value}.", "Vertragsnummer: {value}."),
    "insurance": ("Versichert bin ich bei {value}.", "Ich bin bei {value}.", "Meine Versicherung: {value}."),
    "insurance_number": ("Meine Versichertennummer ist {value}.", "Versichertennummer {value}.", "Auf der Karte steht {value}."),
    "doctor": ("Ich bin sonst bei {value}.", "Mein Arzt, das ist {value}.", "Der Termin war bei {value}."),
    "appointment": ("Mein Termin ist {value}.", "Es geht um den Termin {value}.", "Termin: {value}."),
    "date": ("Das Datum wäre {value}.", "Es ginge um {value}.", "Datum: {value}."),
    "time": ("Zeit: {value}.", "Am liebsten {value}.", "{value} wäre gut."),
    "preferred_date": ("{value} würde mir passen.", "Am liebsten {value}.", "Wenn möglich {value}."),
    "preferred_time": ("{value} würde mir passen.", "Am liebsten {value}.", "Wenn möglich {value}."),
    "amount": ("Der Betrag ist {value}.", "Es geht um {value}.", "Insgesamt {value}."),
    "destination": ("Es geht nach {value}.", "Das Ziel ist {value}.", "Reiseziel: {value}."),
    "origin": ("Los geht es in {value}.", "Abreise: {value}.", "Startpunkt ist {value}."),
    "travellers": ("Wir sind {value}.", "Reisende: {value}.", "Es reisen {value}."),
    "reason": ("Der Grund ist: {value}.", "Weshalb? {value}.", "Grund: {value}."),
    "symptom": ("Beschwerden: {value}.", "Ich habe Folgendes: {value}.", "Es ist {value}."),
    "product": ("Es geht um {value}.", "Das Produkt ist {value}.", "Ich benutze {value}."),
    "version": ("Version {value}.", "Es ist Version {value}.", "Als Version steht da {value}."),
    "device": ("Gerät: {value}.", "Ich benutze {value}.", "Das Gerät ist {value}."),
    "operating_system": ("System: {value}.", "Da läuft {value}.", "Ich habe {value}."),
    "browser": ("Browser: {value}.", "Ich benutze {value}.", "Mit {value}."),
    "error": ("Da steht {value}.", "Die Meldung lautet: {value}.", "Es kommt nur {value}."),
    "plan": ("Tarif: {value}.", "Mein Tarif ist {value}.", "Wir haben {value}."),
    "username": ("Benutzername: {value}.", "Ich melde mich als {value} an.", "Mein Benutzername ist {value}."),
    "company": ("Firma: {value}.", "Ich bin von {value}.", "Die Firma ist {value}."),
    "city": ("In {value}.", "Ort: {value}.", "Die Stadt ist {value}."),
    "department": ("Abteilung: {value}.", "Die Abteilung ist {value}.", "{value}, glaube ich, heißt das."),
    "budget": ("Budget: {value}.", "Ich kann {value} ausgeben.", "Möglichst nicht mehr als {value}."),
}

WORDS: Final = Words(
    facts=_FRAMES,
    labels={
        "name": "Name", "date_of_birth": "Geburtsdatum", "phone": "Telefonnummer", "email": "E-Mail-Adresse", "address": "Adresse",
        "postcode": "Postleitzahl", "account_number": "Kontonummer", "card": "Karte", "customer_number": "Kundennummer",
        "order_number": "Bestellnummer", "booking_reference": "Buchungsnummer", "policy_number": "Vertragsnummer",
        "insurance": "Versicherung", "insurance_number": "Versichertennummer", "doctor": "Arzt", "appointment": "Termin", "date": "Datum",
        "time": "Uhrzeit", "preferred_date": "Wunschtermin", "preferred_time": "Wunschzeit", "amount": "Betrag", "destination": "Reiseziel",
        "origin": "Abreiseort", "travellers": "Reisende", "reason": "Grund", "symptom": "Beschwerden", "product": "Produkt",
        "version": "Version", "device": "Gerät", "operating_system": "Betriebssystem", "browser": "Browser", "error": "Fehlermeldung",
        "plan": "Tarif", "username": "Benutzername", "company": "Firma", "city": "Ort", "department": "Abteilung", "budget": "Budget",
        "pin": "PIN", "password": "Passwort", "referral_code": "Überweisungscode", "invoice_number": "Rechnungsnummer",
    },
    starters=word_set(
        "können könnten kann könnte wie was wann wo wer warum wieso welche welcher welches ist sind war wird würde gibt geht haben hat habe ich"
        " wir mein meine meinen meiner der die das ein eine einen bitte nein ja nicht noch auch aber und für bei mit von vom zum am im in an"
        " es dann damit machen nehme dürfte darf muss müsste möchte will brauche bräuchte hätte"
        " wenn doch hier da so jetzt na ach ok okay egal jedenfalls zurück du er uns unser unsere unseren dieser diese dieses diesen kein keine"
        " keinen nur vielleicht leider eigentlich außerdem gern gerne danke dazu dafür deshalb seit nach bis vor über unter wegen ohne als ob"
        " weil dass sonst also immer schon meinem meines einem einer dem den des habt seid könnt gut genau klar bin bist hatte wäre würden werde"
        " soll sollte lässt denn zu zur beim ins etwas jemand man mir mich dir dich ihm sind wohin woher wofür warst hast kannst bleibt"
    ),
    wish=r"^(?:(?:hallo|hi|guten tag)[,!. ]+)?(?:ich (?:möchte|will|würde gern|würde gerne) wissen,|ich möchte(?: gern| gerne)?|ich würde(?: gern| gerne)?|ich will|ich muss|ich brauche"
    r"|könnten sie bitte|können sie bitte|könnten sie|können sie|kannst du|könnt ihr|bitte)\s+",
    detail=r",\s|\s(?=(?:von|vom|für|weil|da|seit|als|mit|am|um|bis|vor|nach|zum|zur|auf|aber|und|dass|in|im|ob|wenn)\s)",
    topic=r"\b((?:meine[nmrs]?|mein|unsere[nmrs]?|unser)\s+(?:[a-zäöüß]+(?:e|en|er|es)\s)?[A-ZÄÖÜ][\wäöüß-]{2,}|(?:de[nmr]|d[ai][es]|eine[nmr]?|ein)\s+(?-i:[A-ZÄÖÜ][\wäöüß-]{2,}))",
    fillers=("äh", "ähm", "also", "halt", "na ja", "irgendwie", "sozusagen", "hm", "quasi"),
    homophones={
        "das": "dass", "dass": "das", "seit": "seid", "seid": "seit", "wieder": "wider", "mehr": "Meer", "wahr": "war", "war": "wahr",
        "ist": "isst", "man": "Mann", "den": "denn", "denn": "den", "fast": "fasst", "hast": "hasst", "viel": "fiel", "wenn": "wen",
        "wird": "Wirt", "weg": "Weg", "noch": "nach", "geht": "geh",
    },
    joiner="und",
    run_on=(", und ", ", und na ja, ", ", also ", ", und dann noch: ", ", ach und "),
)  # fmt: skip
