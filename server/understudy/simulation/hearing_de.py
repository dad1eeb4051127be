"""German word lists for hearing. Patterns stand over folded text (lower case, umlauts kept), one a line."""

# ruff: noqa: E501 - a pattern or a list of names stays on one line

from __future__ import annotations

from understudy.simulation.hearing_lexicon import Lexicon, WordLists

__all__ = ["GERMAN"]

_MACROS = {
    # Participles of something completed, and those after "habe" that complete nothing.
    "DONE": (
        "(?:um|ein|frei|ab|aus|zurück)?ge(?:bucht|ändert|sperrt|löscht|schickt|sendet|stellt|legt|tragen|zahlt|setzt|schaltet|schrieben|plant|speichert|klärt|löst|macht|schlossen|sagt|richtet|kündigt|nommen)|"
        "(?:neu |um)?(?:verschoben|verlegt|vereinbart|vorgemerkt|versendet|verschickt|verlängert|veranlasst|vergeben)|storniert|abgesagt|gekündigt|reserviert|bestätigt|"
        "aktualisiert|korrigiert|erstattet|zurückerstattet|gutgeschrieben|überwiesen|bezahlt|bearbeitet|abgeschlossen|erledigt|behoben|gelöst|repariert|"
        "hinzugefügt|entfernt|erneuert|aktiviert|deaktiviert|reaktiviert|entsperrt|ausgestellt|bestellt|beauftragt|übermittelt|angelegt|eröffnet|"
        "registriert|angepasst|geändert|getauscht|umgetauscht|ersetzt|erhöht|gesenkt|reduziert|beantragt|eingereicht|angemeldet|abgemeldet|fertig|erfolgreich|erfasst|hinterlegt|eingetragen|terminiert|angewiesen|installiert|organisiert|notiert|erlassen"
    ),
    "ANY": r"(?!<IDLE>\b)(?:\w*ge\w{2,}(?:t|en)|\w{2,}iert|(?:ver|be|er|ent|zer|über|unter|wider)\w{3,}(?:t|en))",
    "IDLE": (
        "erhalten|bekommen|verstanden|gesehen|nachgesehen|gefunden|geprüft|überprüft|nachgeschaut|versucht|gelesen|gefragt|nachgefragt|gesagt|gehört|gesucht|"
        "weitergeleitet|übergeben|gedacht|begonnen|angefangen|festgestellt|bemerkt|erwähnt|erklärt|gerne|gern|gemeldet|gewünscht|gebraucht|benötigt|vergessen|gehabt|geholfen|verbunden|erfahren|vernommen|gemeint|gebeten|beendet"
    ),
    "ADV": "jetzt|nun|bereits|schon|soeben|gerade|hiermit|damit|somit|erfolgreich|auch|alles|beide|beides|sofort|gerade eben|für sie|ihnen|wie gewünscht|natürlich|gern|gerne|automatisch|direkt|umgehend",
    "START": r"(?:^|(?<=, )|(?<=: )|(?<=; )|(?<=- )|(?<=\bund )|(?<=\bdann )|(?<=\boder )|(?<=\balso ))",
}
_MACROS["ANY"] = _MACROS["ANY"].replace("<IDLE>", f"(?:{_MACROS['IDLE']})")

_LISTS = WordLists(
    question_openers=r"""
(?:und |also |okay,? |gut,? |danke[,!]? |dann )?(?:was|wann|wo|wohin|woher|welche[rsnm]?|wer|wem|wen|wessen|wie|warum|wieso|weshalb|womit|wofür|worum|auf welchen|an welchem|in welcher|unter welcher|für wann|von wo|bis wann|seit wann)\b
(?:ist|sind|haben|hat|kann|können|könnten|könnte|darf|dürfen|dürfte|soll|sollen|sollte|möchten|wollen|würden|wäre|wären|wird|werden|passt|stimmt|geht|gibt|brauchen|benötigen|gilt|hätten|kennen|wissen|sehen) (?:sie|ich|wir|es|das|ihnen|ihre?|der|die|dies|dieser|damit|alles|ihr|du)\b
sonst noch|noch etwas|darf es|kann ich
""",
    wh_questions=r"(?:und |also |gut,? |okay,? )?(?:(?:an|in|um|für|auf|zu|bei|unter|mit|von|seit|bis|ab|ab) )?(?:was|wann|wo(?:hin|her|mit|für|rum|bei|ran|rauf|nach)?|welche[rsnm]?|wer|wem|wen|wessen|wie(?! (?:wäre|klingt|hört))|warum|wieso|weshalb)",
    tail_questions=r"""
(?:ist|sind|haben|kann|können|könnten|darf|dürfen|soll|sollen|möchten|wollen|würden|wäre|passt|stimmt|geht|gibt|brauchen|benötigen) (?:sie|ich|wir|es|das|ihnen|sonst|noch)|was|wann|wo|welche[rsnm]?|wie|wer|sonst noch|noch etwas
""",
    tag_questions=r"""
richtig|korrekt|stimmt(?:'s| das| so)?|oder|ja|okay|ok|in ordnung|einverstanden|ist das (?:richtig|korrekt|so richtig|in ordnung|okay)|passt das(?: so)?|nicht wahr|gell
""",
    requests=r"""
(?:bitte )?(?:nennen|geben|sagen|teilen|schicken|senden|verraten|bestätigen|wählen|beschreiben|buchstabieren|wiederholen|schildern|tippen|tragen) sie (?:mir|uns|bitte|doch|dazu|zunächst|zuerst|noch|einfach|kurz|ihre?n?|die|den|das|einen?|eine der|mir bitte|ein|unten)
bitte (?:nennen|geben|sagen|mitteilen|angeben|bestätigen|eingeben|wählen|ihre?n?|noch|um|zunächst|zuerst|die|den|das)
(?:ich|wir|dazu|dafür|hierfür|zunächst|zuerst|noch) (?:benötige|brauche|benötigen|brauchen|bräuchte|bräuchten|benötigte)n?
(?:benötige|brauche|bräuchte|benötigen|brauchen|bräuchten) (?:ich|wir)
(?:können|könnten|würden) sie mir (?:bitte )?
(?:mir|uns) (?:fehlt|fehlen)|(?:fehlt|fehlen) (?:mir|uns)|es fehlt|fehlt noch
(?:dürfte|darf|könnte|kann) (?:ich|wir) (?:bitte |um |noch |sie um )?(?:ihre?n?|um|die|den)
""",
    needs_first=r"ohne (?:ihre?n?|die|den|eine?n?)|solange (?:ich|wir|sie)",
    inner_negation=r"wenn|sobald|falls|sofern|bevor|um zu|nicht|nie|niemals|kein(?:e[nrms]?)?|noch nicht",
    negation=r"""
nicht|kein(?:e[nrms]?)?|nie|niemals|nichts|ohne|weder|noch nicht|kaum|niemand|unmöglich|statt
""",
    interjections=r"""
(?:kein(?:e|erlei)? (?:problem|sorge|ursache|thema)|nicht schlimm|nichts zu danken|kein ding|macht nichts|überhaupt kein problem|gar kein problem|keine sorge|nicht nur)[,.!:;-]*
""",
    contrast=r"""
aber|jedoch|allerdings|leider|dennoch|obwohl|sondern|doch leider
""",
    claims=r"""
(?:ich|wir) (?:habe|haben|hab)(?! (?:leider|nicht|kein\w*|noch nicht)\b)(?: [^;!?]{1,110}?)? (?:<ANY>|<DONE>)
(?:habe|haben|hab) (?:ich|wir)(?! (?:leider|nicht|kein\w*)\b)(?: [^;!?]{1,110}?)? (?:<ANY>|<DONE>)
(?:wurde|wurden|ist|sind)(?: [^;!?]{1,110}?)? (?:<DONE>)(?: worden)?
(?:wurde|wurden)(?: [^;!?]{1,110}?)? <ANY>(?: worden)?
(?:<DONE>|<ANY>) (?:wurde|wurden|worden ist|worden sind|ist|sind|habe|haben)
(?:ist|sind|liegt|findet|steht|gilt|läuft|funktioniert) (?:jetzt|nun|ab sofort|somit|damit) (?:auf|am|um|für|gültig|aktiv|fest|der|den|in|bereit|im|wieder|statt|bei|beim|frei|offen)
ihr neuer? (?:termin|tag|flug|datum|tisch|tarif|platz|pin|karte|vertrag|buchung)\w* (?:ist|lautet|findet|steht|beginnt|geht)(?! (?:nicht|noch)\b)
(?:das |alles |schon |ist |so,? |okay,? |gut,? |bereits )*(?:erledigt|geschafft)(?= |[.!,:]|$)
alles (?:klar,? )?(?:ist )?(?:bereit|fertig|geregelt|in die wege geleitet)
(?:^|[-:,;] ?)(?:super,? |perfekt,? |okay,? |ok,? |alles klar,? |gut,? |prima,? |fertig,? |so,? |wunderbar,? |gerne,? |ja,? )?(?:gebucht|storniert|verschoben|bestätigt|gesperrt|geändert|umgebucht|reserviert|eingetragen|erledigt|gespeichert|fertig|abgesagt|gelöscht|bestellt|vermerkt)(?=[.!,:;-]|$)
(?:buchung|termin|änderung|stornierung|bestellung|sperrung|zahlung|reservierung|umbuchung|verschiebung|anmeldung|überweisung) (?:ist )?(?:erfolgreich|bestätigt|abgeschlossen|gespeichert|steht)
hat (?:geklappt|funktioniert)
erfolgreich <DONE>
sie sind (?:jetzt|nun|damit|hiermit)? ?(?:für [^,;.!?]{1,50}? )?(?:angemeldet|eingetragen|gebucht|registriert|vorgemerkt|eingeschrieben)
damit (?:ist|wäre|sind) (?:alles|das|der|die|ihr)
""",
    denials=r"""
(?:wurde|wurden|ist|sind|habe|haben|hat)(?: [^,;.!?]{0,70}?)? (?:doch |noch |leider |gar |tatsächlich |nun |wohl )*(?:nicht|nie|kein\w*)(?: [^,;.!?]{0,40}?)? (?:<DONE>|<ANY>|durchgegangen|geklappt|funktioniert|angekommen|übernommen)(?: worden)?
nicht (?:\w+ )?(?:<DONE>|durchgegangen|geklappt|übernommen|funktioniert|gespeichert)(?: (?:wurde|worden|ist|hat))?
(?:buchung|änderung|verschiebung|zahlung|stornierung|umbuchung|überweisung|sperrung|das|es) (?:ist |war )?(?:leider )?(?:fehlgeschlagen|gescheitert|verloren gegangen|schiefgegangen)
""",
    unless_before=r"""
wenn|falls|sobald|sofern|ob|bevor|nachdem|bis|solange|vorausgesetzt|damit ich|um zu|ehe
würde|würden|könnte|könnten|sollte|sollten|müsste|hätte|hätten|wäre|wären|möchte|möchten|will|wollen|werde|werden|wird|(?:kann|können)(?! (?:ihnen )?(?:\w+ )?bestätigen)|darf|soll|sollen|muss|müssen|lassen sie|hoffe|hoffentlich|glaube|denke|versuche|versuchen
sie (?:haben|hatten)|haben sie|laut ihnen|wie sie sagten
""",
    unless_after=r"""
(?:^|\W)(?:sobald|wenn|falls|sofern|nachdem|bevor|vorbehaltlich|vorausgesetzt)\b(?! (?:sie (?:noch|weitere|fragen)|es|noch))
nicht|noch nicht|kein\w*|werden (?:soll|kann|muss|könnte)|müssen|können|sollen|will|möchte
""",
    state=r"""
aktuell|derzeit|momentan|zurzeit|zur zeit|bisher|bislang|ursprünglich|noch|gegenwärtig|im moment|immer noch
(?:ich|wir) (?:sehe|sehen|finde|finden)|(?:ich |wir )?(?:sehe|sehen) (?:ich|wir)|laut (?:unserem|meinem|system)|scheint|anscheinend|offenbar
ausgebucht|komplett|vollständig|voll belegt|normalerweise|üblicherweise|in der regel|immer|meistens|jede[rnms]?|alle unsere
""",
    plans=r"""
(?:ich|wir) (?:werde|werden|kümmere|kümmern|verschiebe|buche|storniere|ändere|sperre|prüfe|schaue|sehe|mache|trage|veranlasse|schicke|sende|kann|können|könnte|könnten)|(?:werde|werden|kann|können|könnte|verschiebe|buche|storniere|ändere|sperre|prüfe|trage|veranlasse) (?:ich|wir)
wird|werden|lassen sie mich|dann (?:verschiebe|buche|storniere|ändere|sperre)|in bearbeitung
""",
    settles=r"""
^(?:und |also )?(?:alles klar|gut|sehr gut|prima|perfekt|okay|ok|notiert|in ordnung|wunderbar|super|klar|gern(?:e)?|erledigt|natürlich|selbstverständlich|ist notiert|einverstanden)\b
hier (?:ist|sind|haben sie)|bis (?:(?:dann|zum|am|nächsten) )?(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)|(?:steht|liegt|stehen|liegen) .{0,60}bereit|zur abholung bereit|wir (?:sehen uns|erwarten sie)|(?:kommt|besucht sie) (?:am|dann|diesen|nächsten|morgen|zu ihnen)|(?:ist|sind) (?:notiert|abholbereit|eingetragen|vermerkt)|(?:ticket|buchungs|auftrags|vorgangs|bestell)nummer (?:ist|lautet)|bleibt es dabei
""",
    takes_back=r"""
tatsächlich|doch nicht|(?:ich|wir) (?:habe|haben) (?:mich|uns) (?:geirrt|vertan|getäuscht)|(?:ich|wir) (?:lag|lagen) falsch|(?:mein|unser) (?:fehler|irrtum|versehen)|korrektur|ich muss (?:mich )?(?:korrigieren|berichtigen)|das war (?:falsch|ein (?:fehler|irrtum))|(?:mir|uns) ist ein fehler (?:unterlaufen|passiert)|fehlgeschlagen|nicht (?:geklappt|durchgegangen|übernommen)
""",
    greets=r"""
hallo|guten (?:tag|morgen|abend)|grüß gott|grüezi|servus|moin|willkommen|herzlich willkommen|danke für (?:ihren anruf|ihre nachricht)|vielen dank für (?:ihren anruf|ihre nachricht)|hi
""",
    how_can_i_help=r"""
(?:wie|womit|wobei) (?:kann|darf|könnte|können) (?:ich|wir) (?:ihnen |dir )?(?:heute )?(?:helfen|behilflich|weiterhelfen|dienen|unterstützen)
was (?:kann|darf|können) (?:ich|wir) (?:heute )?(?:für sie|für dich) tun|worum geht es
""",
    offers_more=r"""
(?:sonst|noch|außerdem) (?:noch )?(?:etwas|was|irgendetwas|irgendwas|ein(?:en)? (?:wunsch|anliegen)|weitere)|(?:sonst|weiter) noch|noch (?:etwas|was|eine? (?:frage|anliegen))|weitere (?:fragen|anliegen|wünsche)|sonst behilflich|andere[sn]? anliegen
""",
    closes=r"""
auf wieder(?:sehen|hören|schauen)|tschüss?|bis (?:dann|bald|zum nächsten mal|später)|(?:schönen|guten|angenehmen) (?:tag|abend|nachmittag|feierabend|flug|aufenthalt)(?: noch)?|schönes wochenende|gute reise|alles gute|mach'?s gut|machen sie es gut|ade
""",
    stalls=r"""
(?:einen?|nur einen?) (?:kleinen |kurzen )?(?:moment|augenblick|sekunde|minute)(?: bitte)?|moment(?: bitte|,|\.|!|$)|augenblick bitte
bitte (?:warten|haben sie (?:einen moment )?geduld|bleiben sie dran|gedulden)|gedulden sie sich|haben sie (?:noch )?(?:einen moment|etwas|ein wenig|bitte) (?:geduld)?|ich bin gleich
lassen sie mich (?:kurz |das |mal |eben |schnell )*(?:nachsehen|prüfen|nachschauen|überprüfen|schauen|klären)
(?:ich|wir) (?:prüfe|schaue|sehe|kläre|melde|melden|überprüfe|suche|prüfen|klären|schauen)(?: das| mal| kurz| gleich| gerade| eben| mich| uns| für sie| ihr\w*)*(?: nach| gleich| wieder| bei ihnen|[.!,]|$)
(?:wird|werden) (?:gerade|noch|derzeit|aktuell) (?:bearbeitet|geprüft|überprüft)|in bearbeitung|vielen dank für ihre geduld|danke für ihre geduld|das kann (?:einen moment|etwas) dauern
(?:können|könnten|würden) sie (?:bitte )?(?:kurz |einen moment )?warten
""",
    apologises=r"""
entschuldig\w*|verzeih\w*|(?:es )?tut (?:mir|uns) (?:sehr |wirklich |furchtbar )?leid|bedau(?:re|ern|erlicherweise)|sorry|pardon
""",
    acknowledges=r"""
(?:ich|wir) (?:kann |können )?(?:ihre?n? |das |gut |sehr |sie |voll |vollkommen )*(?:verstehe|verstehen|nachvollziehen|begreife)(?! (?:sie )?(?:leider )?nicht)|(?:das )?verstehe ich|(?:das )?(?:ist|klingt|muss) (?:wirklich |sehr |natürlich |sicher )*(?:ärgerlich|frustrierend|unangenehm|stressig|verständlich|belastend)|tut mir leid zu hören|tut mir leid, dass|(?:völlig|absolut|vollkommen) verständlich|ihr (?:ärger|frust|unmut)|ihre (?:sorge|verärgerung|frustration|geduld)
""",
    misunderstands=r"""
(?:habe|hab|kann|konnte|verstehe|verstand) (?:ich )?(?:sie |das |ihre \w+ |ihr \w+ |den \w+ )?(?:leider |jetzt |gerade |so |akustisch )*nicht (?:ganz |richtig |genau |wirklich |so recht )?(?:verstanden|verstehen|zuordnen|einordnen)|verstehe (?:ich )?(?:sie |das |ihre \w+ )?(?:leider )?nicht|nicht (?:ganz |richtig |genau )?verstanden
(?:können|könnten|würden) sie (?:das |es |ihre \w+ |ihr \w+ |sich )?(?:bitte )?(?:noch ?mal |noch einmal |anders |genauer )*(?:umformulieren|formulieren|erklären|wiederholen|präzisieren|ausdrücken)
(?:nicht sicher|unsicher|unklar),? (?:was|ob ich|wie)|was meinen sie|wie bitte|wie meinen sie das|formulieren sie
""",
    refuses=r"""
(?:kann|können|könnte|darf|dürfen) (?:ich|wir)?(?: [^,;.!?]{0,80}?)? ?(?:nicht|kein\w*|leider nicht)(?! (?:warten|nur|ausschließen))
(?:ich|wir) (?:kann|können|darf|dürfen|werde|werden)(?: [^,;.!?]{0,80}?)? ?(?:nicht|kein\w*)(?! (?:warten|nur|ausschließen))
(?:das |dies |es )?(?:ist|geht|wäre)(?: [^,;.!?]{0,60}?)? nicht (?:möglich|erlaubt|gestattet|vorgesehen|zulässig|machbar)|(?:das |dies |es )?geht (?:leider |so |hier |bei uns )*nicht|leider nicht(?! (?:verstanden|ganz))|unmöglich|nicht möglich
(?:bin|sind) (?:ich |wir )?(?:dazu |leider |hierzu )*nicht (?:befugt|berechtigt|in der lage|imstande|autorisiert)|nicht (?:befugt|berechtigt|in der lage)
(?:da|dafür|hierfür|dabei) (?:kann|können) (?:ich|wir) (?:ihnen )?(?:leider )?(?:nicht|nichts)|(?:da )?(?:ist|kann man|lässt sich) (?:leider )?nichts (?:zu machen|machen|tun)|lässt sich (?:leider )?nicht
(?:konnte|konnten) (?:ich |wir )?(?:[^,;.!?]{0,60} )?nicht (?:verschoben|gebucht|storniert|geändert|verschieben|buchen|stornieren|ändern|gespeichert)(?: werden)?
(?:ich|wir) (?:muss|müssen) (?:[^,;.!?]{0,40} )?ablehnen|(?:wurde|ist) (?:leider )?abgelehnt|gegen unsere richtlinien|bieten (?:wir )?(?:leider )?(?:nicht|kein\w*)|kein anspruch|haben (?:sie )?keinen anspruch
""",
    i_refuse=r"""
(?:kann|können|darf|dürfen|möchte|werde) (?:ich|wir)(?: [^,;.!?]{0,80}?)? (?:nicht|kein\w*)|(?:ich|wir) (?:kann|können|darf|dürfen|werde|werden|bin|sind)(?: [^,;.!?]{0,80}?)? (?:nicht|kein\w*)|nicht möglich|leider nicht|unmöglich
""",
    unless_refused=r"ohne|bevor|erst|finden|gefunden|solange|an diesem|montags?|dienstags?|mittwochs?|donnerstags?|freitags?|samstags?|sonntags?|um \d|so",
    dont_know=r"""
(?:weiß|wissen) (?:ich|wir) (?:leider |das )*nicht|(?:ich|wir) (?:weiß|wissen) (?:das |es |leider )*nicht|(?:dazu |darüber |hierzu )?(?:habe|haben) (?:ich|wir) (?:dazu |darüber |hierzu |leider )*(?:keine (?:information|angabe|auskunft|kenntnis)\w*|nichts)|(?:kann|können) (?:ich|wir) (?:ihnen )?(?:dazu |das |leider |darüber )*(?:nicht (?:sagen|beantworten)|nichts sagen|keine auskunft)|keine (?:informationen|auskunft|angaben) (?:dazu|darüber|zu|über)|bin (?:ich )?(?:mir )?(?:leider )?nicht sicher
""",
    no_options=r"""
(?:alles|alle|komplett|restlos) (?:\w+ )?(?:ausverkauft|vergeben|belegt)|(?:ist|sind) (?:leider |schon |bereits |schon alle )*(?:voll|belegt|vergeben|ausverkauft)(?! (?:mit|von))
kein(?:e|en)? (?:\w+ ){0,3}?(?:termine?|plätze|platz|tische?|zimmer|flüge|verbindungen|verfügbarkeit\w*|möglichkeit\w*|zeiten|slots?|tickets|alternativen?|optionen)(?: (?:mehr|frei|verfügbar|an|am|in|für|bis|vor|diese|nächste|zur)|[.!,;]|$)|nichts (?:mehr )?(?:frei|verfügbar)|ausgebucht|ausverkauft|voll belegt|(?:nicht|leider nicht) (?:mehr )?(?:verfügbar|frei)
""",
    hands_off=r"""
(?:ich|wir) (?:verbinde|verbinden|leite|übergebe|übergeben|stelle|reiche|gebe)(?: sie| ihr\w* (?:anfrage|anliegen|chat|gespräch|fall)| das| es)(?: jetzt| nun| gleich| gerne| sofort| direkt)*(?: mit| an| zu| weiter| durch|[.!,]|$)
(?:verbinde|leite|übergebe|stelle) (?:ich|wir) (?:sie|ihr\w* \w+)
(?:ich|wir) (?:werde|werden) sie (?:jetzt |nun |gleich |sofort |umgehend )*(?:mit |an |zu )[^,;.!?]{1,60}(?:verbinden|weiterleiten|übergeben|weitervermitteln)
(?:ich|wir) (?:habe|haben) (?:sie|ihr\w* (?:anfrage|anliegen|fall|nachricht)|das|es) (?:jetzt |nun |bereits )*an [^,;.!?]{1,60}(?:weitergeleitet|übergeben|weitergegeben)
sie werden (?:jetzt |nun |gleich |sofort )*(?:mit [^,;.!?]{1,60} )?(?:verbunden|weitergeleitet|durchgestellt)
(?:ein|eine|einer|unsere?|mein)(?:e|r|n)? (?:menschliche[rn]? |zuständige[rn]? )?(?:kolleg\w+|mitarbeiter\w*|berater\w*|spezialist\w*|team|person|mensch)(?: aus \w+)? (?:wird|werden|übernimmt|meldet|kümmert|ruft|hilft)
lassen sie mich sie (?:jetzt |kurz )?(?:mit |an )[^,;.!?]{1,60}(?:verbinden|weiterleiten|übergeben)
""",
    transfer_words=r"""
(?:verbinden|weiterleiten|übergeben|durchstellen|weitervermitteln)|(?:mit|an) (?:einem?|einer|einen|unserem?) (?:menschen|kolleg\w+|mitarbeiter\w*|berater\w*|person) (?:sprechen|reden|verbunden|verbinden|weiter\w*)|(?:verbinde|leite|übergebe|stelle) ich sie
""",
    only_offers=r"wenn|falls|sofern|kann|könnte|können|könnten|gerne auf wunsch|auf wunsch|würde|möchten|soll|ob|bevor",
    redirects=r"""
(?:bitte )?(?:rufen|wenden|besuchen|kontaktieren|gehen|schreiben|schauen|melden|nutzen|verwenden|loggen|kommen|mailen) sie (?:bitte |dazu |dafür |hierfür |doch |stattdessen |direkt |einfach )*(?:sich|uns|unsere?[nrms]?|die|unter|an|in|auf|bei|zur|zum)
(?:bitte )?(?:wenden sie sich|an unsere (?:hotline|filiale|zentrale)|auf unserer (?:website|webseite|homepage)|unter der (?:nummer|telefonnummer)|unter \d)
(?:sie )?(?:müssen|müssten|können|sollten) (?:sie )?(?:sich )?(?:dafür |dazu |das |es |hierfür |hierzu |bitte |leider |nur )*(?:in der (?:filiale|app)|an (?:die|unsere|ihre|den|das)|auf (?:der|unserer) (?:website|webseite)|unter|bei der|online|telefonisch|persönlich|selbst|direkt|anrufen)
(?:das |dies )?(?:geht|ist|kann) (?:leider )?(?:nur|ausschließlich) (?:telefonisch|online|persönlich|in der (?:filiale|app)|schriftlich|per|über)
""",
    courtesy=r"""
(?:falls|wenn|sollten|bei) (?:sie |ihnen )?(?:noch |weitere|weiteren|rückfragen|fragen|etwas|sonst)|jederzeit|gerne wieder|zögern sie nicht|auch|stehe (?:ich )?ihnen|gerne (?:zur verfügung|weiter)|in zukunft|nächstes mal
""",
    confirm_questions=r"""
<START>(?:würde|passt|passte|ginge|geht|wäre|klappt|ist)(?: ihnen| dir)?(?: auch| stattdessen)?(?: der| am)? (?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|morgen)\w*
<START>(?:soll|sollen|darf|dürfen|kann|könnte|können) (?:ich|wir)(?! (?:bitte )?(?:noch )?(?:um )?(?:ihre?n?\b|erfahren|fragen|wissen|helfen|ihnen (?:sonst|helfen|weiter|behilflich|noch|anders)|sie (?:fragen|um)|sonst|noch))
<START>(?:möchten|wollen|wünschen|würden) sie,? (?:dass (?:ich|wir)|(?:das |den |die |es |ihn |diesen |dieses )?[^,;.!?]{0,60}?(?:fortfahren|bestätigen|bestätigt|so buchen|buchen|stornieren|verschieben|nehmen|annehmen|behalten|durchführen))
(?:ist|sind|wäre|wären) (?:das|dies|es|alles|die (?:angaben|daten)|ihnen das|das alles|der termin|das so|diese angaben)(?: so| für sie| alles| damit| noch)* (?:richtig|korrekt|in ordnung|okay|ok|recht|aktuell|gut|möglich|genehm|vollständig)
<START>(?:passt|passen|stimmt|stimmen|geht|klappt|ginge|gefällt|wäre) (?:das|dies|es|ihnen|der|die|diese|dieser|so|alles)
(?:bitte )?bestätigen sie(?! (?:mir )?(?:bitte )?(?:ihre?n?|die letzten|zunächst ihr)\b)|(?:können|könnten|würden) sie (?:das |dies |den termin |die änderung |mir das )?(?:bitte )?bestätigen|bitte (?:mit ja |kurz )?bestätigen$
(?:einverstanden|in ordnung|okay|ok|richtig|korrekt|ja oder nein)\?|sind sie (?:damit )?(?:einverstanden|sicher|zufrieden)|habe ich (?:das|sie|alles) (?:so )?(?:richtig|korrekt)
""",
    changes_subject=r"""
übrigens|apropos|bei der gelegenheit|ganz nebenbei|nebenbei bemerkt|wo wir gerade|kennen sie (?:schon|eigentlich|bereits) unser\w*|haben sie schon (?:von unser\w*|unser\w*|einmal über)|wussten sie(?: schon)?,? dass|(?:sonder|spezial)angebot\w*|aktion(?:sangebot)?|interessieren sie sich
""",
    echoes=r"""
sie (?:haben gefragt|fragen|möchten|wollten|fragten|wollen|interessieren sich)|ihre (?:frage|anfrage|nachricht) (?:zu|zur|zum|nach|bezüglich|wegen|ist)|(?:ich|wir) (?:helfe|helfen)|helfe ich|(?:kann|können) (?:ich|wir) (?:ihnen )?(?:gerne |natürlich |gern )*(?:weiter)?helfen|gerne helfe|verstehe|(?:vielen )?dank für|danke für|bezüglich ihrer|komme ich gleich
""",
    breaks=r"interner (?:server)?fehler|unerwarteter fehler|ein (?:interner|technischer|unbekannter) fehler ist aufgetreten|internal (?:server )?error|traceback",
    proposals=r"passt|passen|ginge|stattdessen|frei|verfügbar|alternativ\w*|lieber|wie wäre|nächste\w*",
    option_cues=r"""
frei|freie|verfügbar|verfügbare|zur (?:auswahl|verfügung)|möglich|mögliche|anbieten|angebot|auswahl|option\w*|möglichkeit\w*|wählen|welche[rsnm]?|lieber|bevorzugen|passt|passen|hätte|hätten|folgende|entweder|termine?|alternativ\w*|nächste[rsn]?|früheste[rsn]?|wir haben|ich habe|möchten sie
""",
    not_options=r"""
zusammenfassung|zusammengefasst|details|ihre (?:daten|buchung|angaben|bestellung)|bestätigung|bitte (?:nennen|geben|teilen)|benötige|brauche|schritte|anleitung|bringen|mitbringen|enthalten|hinweis|unterlagen|so geht|zuerst
""",
    option_lead_ins=r"""
(?:möchten|wollen|hätten|würden|bevorzugen|brauchen|meinen|wünschen) sie(?: lieber| gern| gerne| das| den| es| die)*|(?:ich|wir) (?:habe|haben|hätte|hätten|kann|können|könnte|könnten)(?: ihnen| noch| derzeit| einen termin| termine| am| den)*(?: anbieten)?|(?:es gibt|gibt es|frei (?:ist|sind|wäre|wären)|verfügbar (?:ist|sind))(?: noch)*|wie wäre es mit|passt(?: ihnen| es ihnen)?(?: besser| eher)?|geht es um|ist es|entweder|soll(?:en)? (?:ich|wir|es)(?: das| sie| den)?|zwischen
""",
    option_tails=r"""
(?:noch |wieder )?(?:frei|verfügbar|möglich|anbieten|passen|besser|lieber|recht|an|sprechen|haben|verschieben|buchen|nehmen|stornieren|bevorzugen|sein)
""",
    alternatives="oder",
    everything=r"beides?|alles|alle",
    sent_to=r"(?:gesendet|geschickt|verschickt|versendet|gemailt|übermittelt)",
    single_offers=r"""
(?:nächste|früheste|erste|einzige)[rsn]? (?:\w+ ){0,3}(?:termin|zeitpunkt|platz|freie|verfügbare|möglichkeit)|(?:ich|wir) (?:hätte|hätten|habe|haben|kann|können|könnte)|(?:ist|wäre|sind) (?:noch )?(?:frei|verfügbar|möglich)|frei (?:ist|wäre)
""",
    choose=r"(?:wählen|auswählen|aussuchen)|(?:wähle|such)\b.* aus|antworten sie (?:bitte )?mit der (?:nummer|zahl)",
    which_one=r"""
(?:und |also )?(?:was|welche[rsnm]?)(?: termin| option| davon| von (?:beiden|diesen))?(?: wäre| passt| passen| möchten| hätten| bevorzugen| ist| würde| nehmen| darf es)\b(?! (?:ihre?|der|die|das)\b)
(?:und |also )?(?:passt|wäre|ginge) (?:ihnen )?(?:eine?[rs]? davon|etwas davon)
(?:und |also )?(?:was|welchen|welche) (?:ist|wäre) ihnen (?:lieber|recht)
""",
    no_choice=r"(?:nicht|nein|ja|so|mehr|weniger|später|etwas anderes|beides|anders|sonst)(?: .*)?",
    instead_of=r"""
vom|von|statt|anstatt|anstelle|anstelle von|nicht|nicht mehr|kein\w*|bisher\w*|alte[rnms]?|ursprünglich\w*|vorherige[rnms]?|aktuelle?[rnms]?|derzeit|früher\w*|stornier\w*|abgesagt\w*
""",
    now_words="auf|nun|jetzt|sondern|zum|bis",
    count_nouns=r"tickets?|karten?|personen?|besucher|gäste|erwachsenen?|plätze|platz|reisende|passagiere|kinder|teilnehmer|eintrittskarten",
    asks_amount=r"wie ?viel|kosten|kostet|preis|preise|gebühr|gebühren|teuer|zahlen|berechnet",
    asks_duration=r"wie (?:lange|schnell|viele (?:tage|wochen|stunden|minuten|monate))|dauert|dauer",
    asks_time=r"wann|um wie viel uhr|wie spät|welcher tag|öffnungszeiten|geöffnet|offen|bis wann|ab wann",
    asks_yes_no=r"^(?:\w+[,!] )?(?:ist|sind|kann|können|könnte|könnten|darf|dürfen|muss|müssen|gibt|haben|hat|wird|werden|soll|sollte|brauche|benötige|gilt|geht|fällt|fallen|kostet|bekomme|soll|sollen|möchten|wollen)",
    amounts=r"""
[$€£] ?\d[\d.,]*|\d[\d.,]* ?(?:[$€£]|euro|eur|franken|chf|dollar|cent|prozent|%)|kostenlos|kostenfrei|gratis|umsonst|gebührenfrei|kein(?:e|erlei)? (?:\w+ )?(?:gebühr\w*|kosten|aufpreis)|kostet nichts|inklusive
""",
    durations=r"""
(?:\d+|ein(?:e|en|em)?|zwei|drei|vier|fünf|sechs|sieben|acht|zehn|vierzehn|mehrere|einige|wenige|halbe)(?:(?: ?- ?| bis | oder )(?:\d+|zwei|drei|vier|fünf|sechs|sieben|zehn))? (?:werktag|arbeitstag|bankarbeitstag|geschäftstag|sekunde|minute|stunde|tag|woche|monat|jahr)\w*|sofort|umgehend|über nacht
""",
    times=r"""
\d{1,2}[:.]\d\d|\d{1,2} ?uhr|mittag|mitternacht|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?|morgen|heute|(?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)|\d{1,2}\.\d{1,2}\.|rund um die uhr|innerhalb|sofort|nächste woche
""",
    yes_no=r"^(?:ja|nein|doch|genau|natürlich|selbstverständlich|klar|leider|sicher|richtig|auf jeden fall|absolut|sie (?:können|müssen|dürfen|brauchen)|es (?:gibt|ist|sind|fällt|fallen))",
)

_FACTS = {
    "name": r"(?:ihr(?:en)? |der |den |voller |vollen |vollständige[rn]? |vor- und nach)+name[ns]?|wie heißen sie|(?:auf|unter) welchen namen?|auf wessen namen|mit wem (?:spreche|habe)|wer (?:ist|spricht)|vor- und (?:nachname|zuname)\w*|name,|(?<=[-*•] )name|(?<=und )name",
    "first_name": r"vorname[ns]?",
    "last_name": r"nachname[ns]?|familienname[ns]?|zuname[ns]?",
    "date_of_birth": r"geburts(?:datum|tag|daten)|wann (?:sind sie|wurden sie) geboren|geboren",
    "age": r"wie alt|ihr alter",
    "phone": r"(?:telefon|handy|mobil|rückruf|mobilfunk)(?:nummer)?|unter welcher nummer|nummer (?:können|kann|sind|erreichen)|kontaktdaten|erreichen wir sie",
    "email": r"e-?mail(?:-?adresse)?|mailadresse|kontaktdaten",
    "address": r"(?:wohn|liefer|rechnungs|post|heimat)?(?:adresse|anschrift)|wo wohnen sie|wohin (?:sollen|dürfen) wir",
    "postcode": r"postleitzahl|plz",
    "city": r"(?:welcher|welche|in welcher) stadt|wohnort|ihre stadt",
    "country": r"welches land|in welchem land|ihr land",
    "order_number": r"bestell(?:nummer|-?nr\.?|ung)|auftragsnummer",
    "account_number": r"konto(?:nummer|-?nr\.?)|welches konto|welchem konto",
    "iban": r"iban|bankverbindung|kontodaten",
    "customer_number": r"kunden(?:nummer|-?nr\.?)|mitglieds(?:nummer|-?nr\.?)|patienten(?:nummer|-?nr\.?)",
    "booking_reference": r"buchungs(?:nummer|code|referenz|-?nr\.?)|reservierungs(?:nummer|code)|referenznummer|bestätigungsnummer",
    "ticket_number": r"ticket(?:nummer|-?nr\.?)|vorgangsnummer|fallnummer",
    "invoice_number": r"rechnungs(?:nummer|-?nr\.?)|welche rechnung",
    "tracking_number": r"sendungs(?:nummer|-?nr\.?)|trackingnummer",
    "serial_number": r"serien(?:nummer|-?nr\.?)",
    "licence": r"lizenz(?:schlüssel|nummer|key)?|produktschlüssel",
    "card_last_four": r"letzten? (?:vier|4)(?: ziffern| stellen| zahlen)?|(?:vier|4) letzten (?:ziffern|stellen)",
    "card_number": r"(?:kredit|bank|giro|ec-?)?karten(?:nummer|-?nr\.?)|nummer (?:ihrer|der|auf der) (?:\w+)?karte|welche karte|um welche karte",
    "card_type": r"art (?:von |der |ihrer )?karte|kartentyp|kredit- oder|(?:kreditkarte|girokarte|debitkarte) oder",
    "pin": r"pin|tan|sicherheitscode|prüfziffer|cvv",
    "password": r"passwort|kennwort",
    "security_answer": r"sicherheitsfrage|mädchenname\w*",
    "username": r"benutzername[ns]?|nutzername[ns]?|anmeldename[ns]?",
    "policy_number": r"versicherungs(?:nummer|-?nr\.?|scheinnummer)|versichertennummer|policen?nummer",
    "insurance": r"krankenkasse|krankenversicherung|versicherung|versichert|welcher kasse",
    "date": r"(?:welche[rnms]?|an welche[nm]|für welchen|auf welchen) (?:\w+ )?(?:tage?|datum|termin|wochentag)\w*|wann (?:möchten|hätten|würde|würden|wäre|soll|sollen|passt|können|ist|war|haben|darf|wollen|könnten|geht|wünschen)|(?:wunsch|neuer |neuen |gewünschte[nrs]? )(?:termin|datum|tag)|zu welchem (?:termin|datum|zeitpunkt)|wunschtermin|datum(?= und|[?.,:]|$)|auf wann|für wann|welche woche",
    "time": r"(?:um )?(?:welche|wie viel|wieviel) (?:uhr(?:zeit)?|zeit)|uhrzeit|vormittags? oder nachmittags?|welcher uhrzeit|zu welcher zeit|tageszeit",
    "duration": r"wie (?:lange|viele (?:tage|nächte|wochen))|dauer|seit wann",
    "doctor": r"(?:welche[mnrs]?|bei welche[mnr]|zu welche[mnr]|ihr(?:em|e|en)? (?:behandelnde[rn] )?|bei ihrem) (?:arzt|ärztin|doktor|behandler\w*|hausarzt|zahnarzt)|bei wem|zu wem|wer (?:ist|behandelt) (?:ihr|sie)",
    "reason": r"grund|warum (?:möchten|wollen|kommen|haben)|weswegen|weshalb|worum geht|anlass|art de[sr] (?:termins|behandlung|anliegens)|was für einen? termin|welche art von termin",
    "symptom": r"symptome?|beschwerden|was fehlt ihnen|wo tut es weh",
    "problem": r"(?:welches|was für ein|beschreiben sie (?:mir |bitte |kurz )*(?:das|ihr|den)|um welches) (?:problem|fehler|anliegen)?|was (?:genau )?(?:ist|funktioniert|passiert|geht nicht)|wo(?:rin)? (?:liegt|besteht) das problem",
    "error_message": r"fehler(?:meldung|code|nummer|text)|welcher fehler|was steht",
    "amount": r"(?:welche[rnms]?|wie hoch (?:ist|war|soll)|über welchen|den|der|genauen?) (?:\w+ )?(?:betrag|summe|limit)|wie ?viel(?! uhr)(?: geld)?|betrag|höhe",
    "budget": r"budget|preisrahmen|preisvorstellung",
    "currency": r"währung",
    "quantity": r"wie viele(?! (?:tage|nächte|wochen|monate|stunden|personen|reisende|erwachsene|kinder|passagiere|gäste))|anzahl|stückzahl|menge",
    "destination": r"wohin|reiseziel|zielort|zielflughafen|ziel|nach (?:welcher|welchem) (?:stadt|land|ort)",
    "origin": r"von wo|abflug(?:ort|hafen)|abfahrtsort|startort|von welchem (?:flughafen|bahnhof|ort)|ab wo|woher",
    "departure_date": r"(?:hinflug|abreise|anreise|abflug)(?:datum|tag|termin)?|reise(?:datum|daten|zeitraum|termin)|wann (?:möchten|wollen|soll|reisen|fliegen|würden)(?: sie)? ?(?:es |die reise |gern |gerne )*(?:reisen|fliegen|abreisen|anreisen|losgehen|hinfliegen|abfliegen|starten|beginnen|los)?(?=[?.]|$| und| nach)",
    "return_date": r"(?:rückflug|rückreise|heimreise)(?:datum|tag|termin)?|reise(?:daten|zeitraum)|wann (?:möchten|wollen|kommen|fliegen)(?: sie)? ?(?:wieder )?(?:zurück\w*)",
    "travellers": r"(?:wie groß ist )?(?:ihre |die )?gruppengröße|wie groß ist ihre gruppe|wie ?viele (?:besucher|teilnehmer|eintrittskarten|sind sie|werden sie|personen|reisende|erwachsene|kinder|passagiere|gäste|leute|mitreisende|tickets|karten)|anzahl der (?:personen|reisenden|gäste)|wer reist|zu wievielt",
    "flight_number": r"flugnummer|welche[rn]? flug",
    "passport": r"(?:reise)?passnummer|reisepass|ausweis(?:nummer)?",
    "nationality": r"staatsangehörigkeit|nationalität",
    "seat": r"(?:sitz)?platz(?:nummer|wunsch)|welche[rn] (?:sitz)?platz|fenster oder gang|gang oder fenster",
    "hotel": r"welches hotel|name des hotels",
    "room": r"(?:welches|was für ein|zimmer)(?: )?(?:zimmer|typ|kategorie|nummer)|einzel- oder doppel",
    "merchant": r"(?:welcher|welchem|bei welchem) (?:händler|geschäft|shop)|händler",
    "transaction": r"(?:welche|um welche) (?:buchung|transaktion|abbuchung|zahlung|überweisung)|transaktions(?:nummer|datum)",
    "recipient": r"empfänger\w*|an wen",
    "device": r"(?:welches|was für ein) (?:gerät|modell|handy|laptop)|gerät|gerätetyp",
    "operating_system": r"betriebssystem|windows oder mac",
    "browser": r"browser",
    "version": r"(?:welche|software|app|programm)-?(?: )?version\w*|versionsnummer",
    "product": r"(?:welches|um welches|welche|welchen|um welche) (?:produkt|artikel|programm|app|software|anwendung)|produktname|artikel(?:name|nummer)",
    "plan": r"(?:welche[rnms]?|ihr(?:en)?) (?:tarif|paket|abo(?:nnement)?|vertrag)|tarif",
    "company": r"(?:firmen|unternehmens)name|name (?:ihrer firma|ihres unternehmens)|(?:welche|welches) (?:firma|unternehmen)",
    "payment_method": r"zahlungs(?:art|methode|weise|mittel)|wie möchten sie (?:be)?zahlen",
    "contact_method": r"wie (?:dürfen|sollen|können|möchten)[^?]* (?:kontaktieren|erreichen|benachrichtig\w+)",
    "location": r"(?:welche[rnms]?|in welcher|an welchem) (?:filiale|standort|praxis|niederlassung|geschäftsstelle)|standort",
    "language": r"welche sprache|in welcher sprache",
    "gender": r"geschlecht|anrede",
    "size": r"(?:welche|ihre) größe|größe|wie groß",
    "colour": r"(?:welche|in welcher) farbe|farbe",
}

_VERBS = {
    "cancel": ("storn", "absag", "abgesag", "kundig", "gekundig", "lösch", "losch", "gelosch", "kündig", "widerruf"),
    "change": (
        "verschieb",
        "verschob",
        "verleg",
        "ander",
        "geander",
        "umbuch",
        "umgebuch",
        "wechsel",
        "gewechsel",
        "tausch",
        "buch",
        "aktualis",
        "anpass",
        "verein",
        "eintrag",
        "eingetrag",
        "reserv",
    ),
    "book": (
        "buch",
        "gebuch",
        "reserv",
        "vereinb",
        "bestell",
        "anmeld",
        "angemeld",
        "verschieb",
        "verschob",
        "verleg",
        "eintrag",
        "eingetrag",
        "umgebuch",
        "umbuch",
    ),
    "block": ("sperr", "gesperr", "blockier"),
    "unblock": ("entsperr", "freischalt", "freigeschalt", "aktivier", "reaktivier"),
    "refund": ("erstatt", "zuruckerstatt", "gutschreib", "gutgeschrieb", "zuruckzahl"),
}

GERMAN = Lexicon(
    language="de",
    lists=_LISTS,
    macros=_MACROS,
    facts=_FACTS,
    verbs=_VERBS,
    weekdays=(("montag", "mo"), ("dienstag", "di"), ("mittwoch", "mi"), ("donnerstag", "do"), ("freitag", "fr"), ("samstag", "sonnabend", "sa"), ("sonntag", "so")),
    months=(
        ("januar", "jänner", "jan"), ("februar", "feber", "feb"), ("märz", "mär"), ("april", "apr"), ("mai",), ("juni", "jun"), ("juli", "jul"),
        ("august", "aug"), ("september", "sept", "sep"), ("oktober", "okt"), ("november", "nov"), ("dezember", "dez"),
    ),
    day_parts={
        "morning": r"vormittags?|(?:mon|diens|donners|frei|sams|sonn)tag(?:morgen| morgen| früh)|mittwoch(?:morgen| morgen| früh)|morgens|am (?:frühen )?morgen",
        "afternoon": r"(?<!schönen )(?<!guten )(?:\w+tag|mittwoch)?nachmittags?",
        "evening": r"(?<!schönen )(?<!guten )(?:\w+tag|mittwoch)?abends?",
    },
    numbers=(("ein", "eine", "einen", "eins", "einer"), ("zwei",), ("drei",), ("vier",), ("fünf",), ("sechs",), ("sieben",), ("acht",), ("neun",), ("zehn",), ("elf",), ("zwölf",)),
)  # fmt: skip
