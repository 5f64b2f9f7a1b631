"""Words that bind or harm: what a desk may promise, what it may ask for, what it denies. Closed lists, by language.

A phrase ends in `*` where any ending counts. None of them may come from a model: each must stand in the author's words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from engine.readers.vocabulary import phrase_list
from engine.readers.words import words

PROMISES: Mapping[str, str] = {
    "en": """
refund*|reimburs*|compensat*|guarant*|warrant*|promis*|assur*|free|freebie*|gratis|complimentary|no charge|no cost
at no cost|on the house|waiv*|discount*|voucher*|coupon*|gift*|bonus*|reward*|prize*|credit*|cash*|payout*|rebate*
approv*|accepted|granted|authoris*|authoriz*|entitle*|eligib*|liab*|legal*|lawsuit*|court|responsible for|our fault
admit*|certain|certainly will|definitely|for sure|will receive|will get|will be paid|will pay|we owe|you are owed
money back|paid|pay you|transferr*|deposit*|processed|completed|successful*|went through|on its way|on their way
sent|shipped|delivered|dispatched|resolved|fixed|confirmed|booked|reserved|scheduled|cancelled|canceled|deleted|declined
rejected|refused|denied|expired|verified|upgraded|activated|escalated|priority|immediately|instantly|within the hour
right away|by tomorrow|overnight|unlimited|lifetime|always available|exception|special deal|offer you|as a gesture
call you|contact you|reach out to you|get back to you|connect you|transfer you|human will|person will|agent will
""",
    "de": """
erstatt*|rückerstatt*|ruckerstatt*|entschädig*|entschadig*|garant*|versprech*|versproch*|zusicher*|kostenlos*|gratis
umsonst|gutschein*|gutschrift*|rabatt*|geschenk*|nachlass|genehmig*|bewillig*|bestätigt|bestatigt|haft*|anspruch
sicher erhalten|geld zurück|geld zuruck|überwiesen|uberwiesen|bezahlt|erledigt|erfolgreich*|versandt|verschickt
geliefert|unterwegs|storniert|abgelehnt|gelöscht|geloscht|sofort|werden erhalten|melden uns
""",
    "es": """
reembols*|devol*|indemni*|compensa*|garant*|prome*|asegur*|gratis|gratuit*|sin coste|sin costo|descuento*|cupón|cupon
vale de|regalo*|bono*|aprob*|autoriz*|derecho a|responsab*|recibirá*|recibira*|dinero de vuelta|pagad*|transferid*
completad*|exitos*|enviad*|entregad*|en camino|cancelad*|rechazad*|confirmad*|inmediat*|resuelt*
""",
    "fr": """
rembours*|dédommag*|dedommag*|compens*|garanti*|promet*|promis*|assur*|gratuit*|sans frais|remise*|réduction*
reduction*|bon d'achat|cadeau*|avoir de|approuv*|accord*|autoris*|droit à|droit a|responsab*|recevrez|argent rendu
payé*|paye*|viré*|virement|terminé*|termine*|réussi*|reussi*|envoyé*|envoye*|livré*|livre*|en route|annulé*|annule*
refusé*|refuse*|confirmé*|confirme*|immédiat*|immediat*|résolu*|resolu*
""",
    "it": """
rimbors*|risarc*|compens*|garan*|promett*|promess*|assicur*|gratis|gratuit*|senza costi|scont*|buono*|regal*|omaggio
approv*|autorizz*|diritto a|responsab*|riceverà*|ricevera*|soldi indietro|pagat*|trasferit*|completat*|riuscit*
inviat*|spedit*|consegnat*|in arrivo|annullat*|rifiutat*|confermat*|immediat*|risolt*
""",
}
"""What commits the desk, or says that something came about."""

SECRETS = """
password*|passwort*|contraseña*|contrasena*|mot de passe|parola d'ordine|passcode*|passphrase*|pin|pincode|cvv|cvc|cvv2
card number|credit card|debit card|card details|kartennummer|kreditkart*|tarjeta*|carte bancaire|carta di credito
security code|verification code|one time code|otp|login*|log in|sign in|credential*|username*|api key|token*|secret*
bank*|iban|sort code|routing number|account details|social security|ssn|passport|id card|ausweis*|date of birth
seed phrase|wallet*|bitcoin*|crypto*|paypal|western union|gift card*|wire|venmo|zelle|whatsapp|telegram|signal|wechat
download*|install*|click*|klick*|clic|cliquez|haz clic|attachment|qr|scan|website|web site|web page|link|url|http*
dot|slash|hotline|call us|call this|phone us|text us|email us|write to us at|instagram|facebook
teamviewer|anydesk|remote access|screen share|verify your|confirm your identity|update your payment
"""
"""What only an author may ask of a customer, and where only an author may send one."""

_DENIALS = """
not|no|never|nobody|nothing|none|neither|nor|cannot|can't|cant|without|unable|unfortunately|isn't|aren't|wasn't|weren't
don't|doesn't|didn't|won't|wouldn't|couldn't|haven't|hasn't|hadn't|shouldn't|failed|impossible
nicht|kein*|nie|niemand|nichts|ohne|leider|nein|nunca|nada|nadie|ninguno|ninguna|sin|pas|jamais|rien|aucun*|sans|non
mai|niente|nessun*|senza
"""
_IDLE = """
no problem|no worries|no trouble|not a problem|not at all|no rush|why not|don't worry|don't hesitate|no need to worry
kein problem|keine sorge|ningún problema|ningun problema|no hay problema|sin problema|pas de souci|pas de problème
pas de probleme|nessun problema|non c'è problema|if not|or not|whether or not
"""
"""Denials that deny nothing."""


def bound(text: str) -> frozenset[str]:
    """Words of PROMISES and SECRETS that a text holds, in whatever language, each as its list writes it."""
    return frozenset(_found(text, _binding()))


def denies(text: str) -> bool:
    """Does a text say that something is not so?"""
    said = _bare(text)
    for idle in phrase_list(_IDLE):
        said = said.replace(f" {_bare(idle).strip()} ", " ")
    return any(True for _ in _found(said, _denials()))


def _found(text: str, phrases: tuple[tuple[str, bool], ...]) -> Iterator[str]:
    said = _bare(text)
    for phrase, open_end in phrases:
        if (f" {phrase}" if open_end else f" {phrase} ") in said:
            yield phrase


def _bare(text: str) -> str:
    """Its words with one space around each."""
    return f" {' '.join([word.text for word in words(text)])} "


def _listed(lists: tuple[str, ...]) -> tuple[tuple[str, bool], ...]:
    every = dict.fromkeys(phrase for listed in lists for phrase in phrase_list(listed))
    return tuple((_bare(phrase.removesuffix("*")).strip(), phrase.endswith("*")) for phrase in every)


@cache
def _binding() -> tuple[tuple[str, bool], ...]:
    return _listed((*PROMISES.values(), SECRETS))


@cache
def _denials() -> tuple[tuple[str, bool], ...]:
    return _listed((_DENIALS,))
