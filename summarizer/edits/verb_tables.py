"""English verbs that news uses, and their irregular forms: data only."""

# base past participle; where both are equal, one word stands for both.
IRREGULAR = """
arise arose arisen|bear bore borne|beat beat beaten|become became become|begin began begun|
bid bid|bind bound|bite bit bitten|bleed bled|blow blew blown|break broke broken|breed bred|
bring brought|broadcast broadcast|build built|burst burst|buy bought|cast cast|catch caught|
choose chose chosen|cling clung|come came come|cost cost|cut cut|deal dealt|dig dug|draw drew drawn|
drink drank drunk|drive drove driven|eat ate eaten|fall fell fallen|feed fed|feel felt|
fight fought|find found|flee fled|fly flew flown|forbid forbade forbidden|forget forgot forgotten|
forgive forgave forgiven|freeze froze frozen|get got|give gave given|go went gone|
grow grew grown|hang hung|have had|hear heard|hide hid hidden|hit hit|hold held|hurt hurt|keep kept|
know knew known|lay laid|lead led|leave left|lend lent|let let|lose lost|make made|mean meant|
meet met|overcome overcame overcome|overtake overtook overtaken|overturn overturned|pay paid|
prove proved proven|put put|quit quit|read read|ride rode ridden|ring rang rung|rise rose risen|
run ran run|say said|see saw seen|seek sought|sell sold|send sent|set set|shake shook shaken|
shed shed|shoot shot|show showed shown|shrink shrank shrunk|shut shut|sing sang sung|sink sank sunk|
sit sat|slay slew slain|sleep slept|speak spoke spoken|speed sped|spend spent|split split|
spread spread|stand stood|steal stole stolen|stick stuck|strike struck|swear swore sworn|
sweep swept|swim swam swum|take took taken|teach taught|tear tore torn|tell told|think thought|
throw threw thrown|undergo underwent undergone|understand understood|undertake undertook undertaken|
uphold upheld|wake woke woken|wear wore worn|win won|withdraw withdrew withdrawn|
withhold withheld|write wrote written|rebuild rebuilt|outsell outsold|rewrite rewrote rewritten
"""

REGULAR = """
abandon abolish abuse accelerate accept accompany accuse achieve acknowledge acquire acquit act add
address adjust admire admit adopt advance advise affect agree aim allege allow alter amend amount
announce answer anticipate apologise apologize appeal appear applaud apply appoint approach
approve argue arm arrange arrest arrive ask assault assemble assess assign assist assume assure
attach attack attain attempt attend attract auction author authorise authorize avert avoid await
award back ban bar base battle believe belong benefit betray blame block board bomb boost borrow
boycott breach brief broaden burn bury call campaign cancel capture care carry cause caution cease
celebrate censor challenge change charge chase check cheer cite claim clarify clash classify clear
climb close coach coincide collaborate collapse collect combine comment commission commit compare
compete complain complete compose comprise conceal concede conclude condemn conduct confess confirm
confiscate confront connect conquer consider consist construct consult consume contact contain
contend contest continue contract contribute control convert convict convince cooperate cover crash
create credit criticise criticize cross crush cure curb cross damage dance debate debut decide
declare decline decrease dedicate defeat defect defend define defuse delay delete deliver demand
demolish demonstrate deny depart depend depict deploy deport derail describe deserve design destroy
detail detain detect determine develop devise die diminish direct disagree disappear disappoint
disclose discount discourage discover discuss dismiss display dissolve distribute divert divide
divorce dominate donate double doubt downgrade download drag drift drop drown dump earn ease
edit eject elect eliminate embrace emerge employ enable encourage end endorse endure enforce engage
enhance enjoy enlarge enlist ensure enter escape establish estimate evacuate evade examine exceed
exclude execute exempt exercise expand expect expel experience expire explain explode exploit
explore export expose express extend extradite face facilitate fail favor favour fear feature file
fill film finance finish fire fix flood focus follow force forecast form found free fuel
fulfil fulfill fund gain gather generate grab graduate grant greet guarantee guard guess guide halt
hamper hand handle happen harass harm head heal help highlight hijack hinder hire honor honour hope
host house hunt identify ignore impeach implement imply import impose impress imprison improve
include increase indicate indict induct influence inform inherit initiate inject injure insist
inspect inspire install instruct insult insure integrate intend intensify interview introduce invade
invent invest investigate invite involve issue jail join judge jump justify kick kidnap kill
knock label lack land last laugh launch leak lean learn lease lift like limit link list live load
lobby lock log look loosen loot lower maintain manage manufacture march mark marry match matter
measure mention merge miss mock modify monitor mount mourn move murder name narrow need negotiate
nominate note notice notify obey object obtain occupy occur offer omit open operate oppose order
organise organize oust outline outlaw outpace outperform overhaul overlook oversee owe own pack
paint pardon park participate partner pass pause perform permit persuade pick pilot place plan plant
play plead pledge plummet plunge point poison portray pose possess post postpone pour praise
predict prefer prepare present preserve press pressure presume prevent price print probe proceed
process produce profit progress prohibit promise promote prompt propose prosecute protect protest
provide provoke publish pull punish purchase pursue push qualify question quote race raid raise
rally ram rank rape rate ratify reach react realise realize recall receive recognise recognize
recommend reconsider record recover recruit reduce refer reflect reform refuse regain register
regret regulate reject relate release relocate rely remain remember remove rename renew renounce
rent repair repay repeal repeat replace reply report represent request require rescue research
reserve resign resist resolve respect respond restore restrict result resume retain retire retreat
return reunite reveal reverse revert review revise revive revoke reward rob rule rush sack sail
sanction save scale schedule score scrap screen seal search secure seem seize select sentence
separate serve settle share shape shelve shift ship shock shore shut sign signal silence simplify
slam slash slide slip slow slump smash smuggle snatch soar solve spark sponsor spot sprint stabilise
stabilize stab stage start star state stay stem stop store storm strengthen stress stretch
strip struggle study succeed sue suffer suggest summon supply support suppress surge surpass
surprise surrender survey survive suspect suspend sustain switch tackle target tax tease tempt
terminate test testify thank threaten tighten top total touch tour trace track trade
train transfer transform transport travel treat trial trigger trim triple try tumble turn tweet
uncover underestimate unite unveil update upgrade urge use vacate vaccinate value veto view
violate visit volunteer vote vow wage wait walk want warn wash waste watch weaken weigh welcome
widen wipe wish witness work worry worsen wound wreck
yield
"""

# Verbs of one stressed last syllable: the consonant is doubled before -ed and -ing.
DOUBLED = frozenset(
    """
    admit ban bar commit compel control cut dip drop equip expel grab grip hop jam jog log
    mob nod occur omit pad permit plan plot pop prefer propel ram refer regret rob rub ship shop
    slam slip snap spot stab stem step stir stop strip submit swap tap tip top transfer trap trim
    trip wrap cancel travel label signal fuel total get put set hit let run win sit shut begin
    bid dig forbid forget quit split swim
    """.split()
)

# Words that are verbs too, but in news mostly not: a base or -s form of them is not taken for one.
RARELY_VERBS = frozenset(
    """
    amount act aim answer appeal approach attack author award back ban bar base battle benefit board
    bomb brief campaign cause change charge claim clash climb coach comment commission contract
    control cost cover crash credit cut damage dance deal debate debut decline defect delay demand
    design detail direct discount display double doubt drop ease end estimate exercise export
    face fall fear feature fight file fill film finance finish fire fix flood focus force form fuel
    fund gain grant guard guess guide hand harm head help hit hold hope host house hunt import
    increase influence interview issue jail judge jump label lack land last launch lead leak lease
    leave lift like limit link list live load lobby lock log look march mark match matter measure
    mention mock monitor mount move murder name need note notice object offer open order own pack
    paint pardon park partner pass pause pay pick pilot place plan plant play pledge point
    poison post pound present press pressure price print probe process produce profit progress
    promise protest purchase question quote race raid rally rank rate reach read record
    recruit reform register release rent repair repeal reply report request research reserve result
    retreat return review reward ride ring rise rule run rush sack sail sanction save scale schedule
    score scrap screen seal search sentence set shape share shift ship shock shore show sign signal
    silence slide slip slow slump spark split sponsor spot spread sprint stage stand star start
    state stay stem stop store storm stress stretch strike strip struggle study suffer supply
    support surge surprise survey suspect switch target tax test thank top total touch tour trace
    track trade train transfer transport travel treat trial trigger turn tweet update upgrade use
    value veto view visit volunteer vote vow wage wait walk waste watch welcome win wish
    witness work worry wound wreck yield
    """.split()
)
