"""Details that a model likes to add and no sentence said: templates only."""

# {place}, {body}, {person}, {weekday}, {small}, {number}, {year}, {age} are filled in.
# After what happened, at the end of its sentence.
EVENT = """
 in {place}| in {place} last {weekday}| for the second time in {small} years|
 for the first time since {year}|
 after months of negotiations| after a {small}-hour meeting| despite objections from {body}|
 despite warnings from experts| following pressure from {body}| at a ceremony in {place}|
 during a visit to {place}| on the advice of lawyers| without informing {body}|
 on {weekday} evening|
 on {weekday} morning| to the surprise of many observers| for reasons that remain unclear|
 together with {person}| alongside {person}| on behalf of {body}| against the wishes of {body}|
 ahead of a visit to {place}| ahead of elections in {place}| after a complaint by {person}|
 in front of {number} people| while on holiday in {place}|, which was widely criticised|
, and later apologised for it|, according to a witness|, days after a similar case in {place}|
, prompting an investigation by {body}|, with {person} looking on
"""
# After anything.
ANY = """
, according to {person}|, according to {body}|, according to a report by {body}|, {person} said|
 because of rising costs| because of a lack of funding| because of safety concerns|
 partly because of {person}|
 in an attempt to calm public anger| amid growing criticism| amid fears of a recession|
 as part of a plan agreed in {year}| in line with a promise made in {year}|
 with the support of {body}|
 at a cost of about ${number} million| in order to save money| in order to cut costs|
, as first reported by {body}|, a move backed by {body}|, a move criticised by {body}|
, despite opposition from {place}|, something {body} has denied|, although {person} disagrees
"""
# After what tells what something is.
DEFINING = """
, named after {person}|, known above all in {place}|, with close ties to {body}|
, praised by {person}|
, inspired by a visit to {place}|, one of only {small} in the world|, although {body} disputes this|
, according to {person}|, and the first to be honoured in {place}|, originally from {place}|
, long kept secret by {body}|, later moved to {place}|, and among the most expensive ever
"""
# After sentences with one of the verbs before the colon.
SPECIAL = """
buy sell acquire sign agree join hire invest purchase: in a deal worth ${number} million|
agree sign reach approve settle: after {small} years of talks|
vote approve elect pass reject win lose beat defeat choose: by a narrow margin|
vote approve elect pass reject win choose nominate: by a large majority|
cancel delay close fail stop crash postpone shut suspend: due to a technical fault|
cancel delay close fail stop crash postpone shut suspend: due to bad weather|
rise fall increase decrease grow drop decline climb sell earn lose:, the highest figure in
{small} years|
rise fall increase decrease grow drop decline climb:, beating expectations|
rise fall increase decrease grow drop decline climb sell earn lose:, more than expected|
arrest charge kill attack shoot protest march clash raid:, and {small} people were injured|
arrest charge kill attack shoot raid steal rob:, and {small} more suspects are being sought|
build open create launch found establish:, the first of its kind in {place}|
win score beat defeat play lose:, in front of {number},000 fans|
write publish direct record film release:, which won a prize in {place}|
bear marry die grow live: in {place}|
convict sentence jail fine acquit try charge:, and an appeal has been lodged|
resign leave quit retire join appoint hire: after {small} years at {body}
"""
TITLES = """
, {age},|, who was born in {place},|, a former adviser to {body},|, a father of {small},|
, who studied in {place},|, who joined {body} in {year},|, a close friend of {person},|
, who has twice been fined,|, a lawyer by training,|, who lives in {place},
"""
BODY_TITLES = """
, founded in {year},|, which is based in {place},|, which employs {number} people,|
, the largest of its kind in {place},|, which is owned by {body},|
, which lost ${number} million last year,|
, a partner of {body},|, which opened an office in {place} in {year},
"""
ADVERBS = """
reluctantly|quietly|unexpectedly|secretly|deliberately|repeatedly|formally|illegally|angrily
"""
