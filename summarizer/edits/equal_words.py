"""Words that say the same in news, for paraphrases: data only."""

# Verbs in their base form; every form of the one becomes the same form of the other.
VERBS = """
buy purchase|acquire buy|purchase buy|begin start|start begin|reveal disclose|disclose reveal|
construct build|build construct|assist help|help assist|attempt try|obtain get|
require need|permit allow|allow permit|injure hurt|rescue save|postpone delay|
demonstrate show|select choose|choose select|terminate end|conclude end|commence begin|
demolish destroy|employ use|assert claim|retain keep|capture seize|
evacuate clear|recruit hire|hire recruit|manufacture make|produce make|defeat beat|beat defeat|
scrap cancel|cancel scrap|receive get|donate give|vow pledge|pledge vow|approve authorise|
forecast predict|predict forecast|expect anticipate|anticipate expect|conceal hide|hide conceal|
halt stop|murder kill|sack fire|fire dismiss|dismiss sack|oust remove|probe investigate|
investigate probe|
boost increase|reduce cut|cut reduce|widen expand|unveil present|publish release
"""
# Verbs that are one only before "by", "to" or a number.
MOTIONS = """
rise increase|increase rise|climb rise|grow increase|fall drop|drop fall|decline fall|decrease fall|
jump rise|gain rise|slip fall
"""
WORDS = """
approximately about|approximately roughly|roughly about|nearly almost|almost nearly|around about|
film movie|films movies|movie film|movies films|company firm|companies firms|firm company|
firms companies|
physician doctor|physicians doctors|doctors physicians|aircraft plane|automobile car|
automobiles cars|
employees workers|workers employees|lawyer attorney|lawyers attorneys|attorney lawyer|
attorneys lawyers|
ship vessel|ships vessels|vessel ship|vessels ships|blaze fire|huge enormous|
enormous huge|
talks negotiations|negotiations talks|lawmakers legislators|legislators lawmakers|
quickly rapidly|rapidly quickly|previously earlier|currently now|frequently often|
additional further|assistance help|residents inhabitants|earthquake quake|quake earthquake|
frontier border|truce ceasefire|ceasefire truce|error mistake|mistake error|mistakes errors|
errors mistakes|crucial vital|vital crucial|entire whole|whole entire|whilst while|amongst among|
worldwide globally|globally worldwide|famous well-known|annually yearly|upcoming forthcoming|
forthcoming upcoming|initially at_first|attempts efforts|major big|
newspaper paper|reporters journalists|journalists reporters|purchase acquisition|
nation country|gathered assembled|wealthy rich|rich wealthy|difficult hard|
children kids|soldiers troops|troops soldiers|illness disease|
students pupils|demonstrators protesters|protesters demonstrators|migrants immigrants|
numerous many|sufficient enough|several a_number_of
"""
PHRASES = """
because of>due to|in order to>to|prior to>before|in spite of>despite|
despite>in spite of|as well as>and also|per cent>percent|a number of>several|
the United States>the US|the United Kingdom>the UK|the U.S.>the US|the US>the United States|
the UK>the United Kingdom|the European Union>the EU|the EU>the European Union|
the United Nations>the UN|took part in>participated in|take part in>participate in|
carried out>conducted|carry out>conduct|called off>cancelled|
passed away>died|gave up>abandoned|turned down>rejected|went up>rose|
went down>fell|is able to>can|are able to>can|
at the moment>at present|at present>at the moment|in the course of>during|
the majority of>most of|with regard to>about|
chief executive>CEO|as a result of>because of|on the grounds that>because|
took place>happened|took place>was held|got under way>began|
as of now>for now|in advance of>ahead of
"""
CONTRACTIONS = """
is not>isn't|are not>aren't|was not>wasn't|were not>weren't|has not>hasn't|have not>haven't|
had not>hadn't|does not>doesn't|do not>don't|did not>didn't|will not>won't|would not>wouldn't|
cannot>can't|could not>couldn't|should not>shouldn't|it is>it's|they are>they're|he will>he'll|
she will>she'll|they will>they'll|we are>we're|I am>I'm|they have>they've|we have>we've
"""
SPELLINGS = """
organisation organization|organise organize|organised organized|organising organizing|
recognise recognize|recognised recognized|criticised criticized|apologised apologized|
realised realized|labour labor|defence defense|favour favor|favourite favorite|honour honor|
colour color|neighbour neighbor|neighbours neighbors|centre center|theatre theater|
travelled traveled|
cancelled canceled|behaviour behavior|harbour harbor
"""
