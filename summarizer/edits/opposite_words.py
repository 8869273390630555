"""Words of opposite sense that news uses, for edits: data only."""

# Verbs in their base form: every form of the one becomes the same form of the other.
VERBS = """
rise fall|increase decrease|grow shrink|gain lose|win lose|accept reject|reject accept|
approve block|
approve reject|allow ban|permit forbid|support oppose|back oppose|praise criticise|
praise criticize|confirm deny|admit deny|buy sell|acquire sell|hire fire|join leave|enter leave|
open close|begin end|start stop|start finish|arrest release|arrest free|detain release|
convict acquit|
succeed fail|expand shrink|widen narrow|accelerate slow|strengthen weaken|improve worsen|
raise lower|boost cut|include exclude|encourage discourage|attack defend|
launch cancel|welcome condemn|condemn praise|uphold overturn|tighten loosen|
import export|lend borrow|upgrade downgrade|
create destroy|build demolish|publish withhold|reveal conceal|
disclose conceal|climb drop|jump plunge|soar plunge|surge slump|
love hate|remember forget|continue stop|outperform underperform|
exceed miss|reduce increase|cut increase|drop rise|decline rise|slump surge|plunge soar|
deploy withdraw|enable prevent|
deny confirm|oppose support|sell buy|close open|fail succeed|lose win|fall rise|
release detain|end begin|free arrest|ban allow|criticise praise|criticize praise|
block approve|fire hire|endorse oppose|defend attack|demolish build|cancel launch|
reopen close|legalise ban|legalize ban
"""

# Other words, as they stand.
WORDS = """
more fewer|most least|higher lower|larger smaller|bigger smaller|faster slower|stronger weaker|
better worse|best worst|largest smallest|biggest smallest|highest lowest|longest shortest|
oldest youngest|older younger|earlier later|first last|early late|major minor|majority minority|
maximum minimum|success failure|victory defeat|winner loser|guilty innocent|alive dead|
male female|northern southern|eastern western|north south|east west|safe dangerous|strong weak|
positive negative|optimistic pessimistic|rich poor|cheap expensive|easy difficult|
private public|domestic foreign|temporary permanent|voluntary mandatory|partial complete|
successful unsuccessful|successfully unsuccessfully|likely unlikely|legal illegal|
possible impossible|
increase decrease|profit loss|profits losses|growth decline|gains losses|rise fall|above below|
before after|inside outside|always never|friend enemy|husband wife|father mother|
son daughter|brother sister|daughter son|mother father|wife husband|sister brother|sons daughters|
morning evening|day night|indoor outdoor|internal external|hot cold|warm cool|wet dry|
rarely often|often rarely|heavily lightly|sharply slightly|slightly sharply|quickly slowly|
slowly quickly|widely rarely|popular unpopular|urban rural|rural urban|junior senior|senior junior|
winning losing|experienced inexperienced|effective ineffective|necessary unnecessary|
satisfied dissatisfied|available unavailable|buyer seller|buyers sellers|supporters opponents|
opponents supporters|supporter opponent|critics supporters|import export|imports exports|
exports imports|export import|
strength weakness|advantage disadvantage|acceptance rejection|arrival departure|opening closure|
longer shorter|fewer more|smaller larger|slower faster|lower higher|weaker stronger|worse better|
worst best|lowest highest|smallest largest|last first|late early|youngest oldest|younger older|
minor major|minority majority|failure success|defeat victory|dead alive|female male|
southern northern|
western eastern|dangerous safe|weak strong|negative positive|poor rich|expensive cheap|
difficult easy|public private|foreign domestic|permanent temporary|mandatory voluntary|
unlikely likely|illegal legal|loss profit|losses profits|decline increase|below above|after before|
outside inside|decrease increase|least most|later earlier|former current|current former|
large small|small large|old new|new old|full empty|empty full
"""
