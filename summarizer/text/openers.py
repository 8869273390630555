"""Stems of words that open a sentence without being a name there: data only.

Counted over public news and encyclopedia text, as text.common but less strict: words that stand
at least three times as often in lower case as capitalised inside a sentence. A capitalised word
after one of them still makes both a name ("Air Velmora").
"""

OPENER_STEMS = frozenset(
    """
abnorm abstract academ accent access accessori accident account acoust acr actor addict adjac adm
administr admiss adolesc adult advertis advoc aesthet affin age agenda agent aid airstrik alert
alien align aliv alt amaz ambit ambiti analysi angiotensin anim annual anthem antholog antigen
antiqu aol apart appeal apprenticeship archipelag architect arguabl aris arm articl artist assassin
asset assist atom attorney audit aunt authent automobil autonom autumn await babi backlash bad badg
ballad banner bar basic bass bathroom batter bear beauti beer belong bench benefici big biopic
birthday bitter blank bless blocker blood boat bodili bodybuild bonus book boot borough bound bout
branch brand brawl breakthrough breed bright broadcast broader brother browser brutal bug bullet
bulli bump burden busi cabin cabinet cameo camp campus cancel candidaci canon capit captiv car
carbon cardiac cargo carv cast cat categori cement centuri certif certifi chair challeng chapter
chariti charm chart cheat cheek chicken childhood chip chloroquin chorus cilantro cinema circuit
clash classroom clean cleavag clever climat clinic clock closer closur coach coastal cocktail code
coffe cognit cohort collid colloqui coloni color com combat comeback comed comedi command
commentari common communiti comorbid compani competitor complement compli composit comput concert
concuss condol confin conquer conspiraci constitut consult contemporari content contest contigu
continent convalesc conveni coordin cop cope copi corner correct cotton counsel count courag
coverag cow cranial crawl cream creativ creator cri cross crossov cruel cruis cube culmin cult
cultur curios curious currenc dad databas date day dayb deadlin decent deep defam defamatori defici
deliveri demis demo democraci demograph deni deport depress depth der descent desert design desktop
detain detect deton devis dexamethason diagnosi diagnost dictatorship die digit director directori
disabl disadvantag disast disc disciplin diseas disinfect dispar disproportion dissid distinguish
distributor ditch divin divorc doctrin documentari doi domin dope dot doubl download downward
dramat dream dri dual duo dust dysfunct dysregul dystopian eager echo econom economi edg edit edu
eighth eleventh elicit elit email embodi embrac emiss emoji emphasi encod endang endeavor endotheli
enforc ensembl envelop environment epidemiolog eponym equat era erot essay ethic eurosport evalu
evangel evening everyday everywher evolut exam excel exclus execut exercis exhaust exhibit exil
exit expedit expel expir explan explod export express extradit extremist eye faction factori fade
fair faith fall fantasi fantast feasibl feat feed fellow ferret fever field fifteen filter fine
finger firearm fish flag flagship flavor flaw fli floor flower fluid fold food forc forens forg
forget forgotten forthcom forti foul fragranc frame framework fratern free freedom freez frequenc
fresh freshman friendship frighten fuck fuel fun fund futur game gang garner gender genocid gentl
geograph geographi geolog giant gig glacier glass global glori glove glycoprotein goddess gonna
good graduat grandson grass gravit grip gross group guess guidanc guidelin guy gym hang happi
harass hardwar haul haunt header heart heavi height heighten helm herd hero hide high highlight
hijack histor histori historian holder hole home honor honour horrif horror hospit hospitalis href
html http https hub human humanitarian humid hungri hurt hydroxychloroquin hygien hypertens
hypothes hypothesi ibuprofen identif immunogen immunolog implant impli imprint inbox incarn incred
independ indirect indoor industri inequ infecti inflat inform innat innoc insight inspect instinct
intercept interferon interim interrupt intim invad invent inventor invest jacket jazz jockey
journey judg jurisdict keeper key keyboard kilomet kilometr knowledg kyr labor land landlock lap
laser law leader leadership lean leap leather lectur legendari len lend lengthi lens letter leverag
licenc licens lie life lifestyl light lighter like likelihood line lineal linger list literatur
littl live lobbi lock logic logo loop loud loyal luck lunch lymphocyt main mainland mainstream
mainten major maker makeup man manag mandat manga map marker market mass masterpiec matchcent
mathematician matur meal meaning medal medallist median medic melodi melt membran memoir memor
memori mentor merchant merg merger merit meta metal meter method metr migrat mile millionair min
mind miner mini mink minor miss mix mixtap mlssoccer mobil mobilis mode modern modest mogul
molecular molest mom monkey monoclon monument moral morn movement multin multiplay music mysteri
myth nationwid natur naturalist nephew nerv net neurolog newborn nice nightmar nine noir northeast
northeastern notifi nowher nytim obstacl offenc offic old onlin open opera oral org organiz
organoid orient other outer outlink oversaw oversea own ownership pace pad page palsi pant paper
parliamentari partner partnership passag passion password pastor pathogenesi patholog paus payment
peak pen penetr penni perform perfum perspect pest pesticid petit philanthropist philosoph
philosophi photo photographi physic physician piano pick pile pill pillow plagu planet plate
platform playback playwright pledg plus poetri poison polic polici pollut polymeras pool pop
pornograph poster pound powder power pray prayer preach predecessor premis prescript presum pretend
pretti prevent price primat princip principl print privat probe proclaim profil program programm
project prolif promis prospect prosper proteas protector protocol provinc provis provok proxim
psychic public pulmonari punish pursuit puzzl qualif qualifi quantiti quarantin quot race racism
racist railroad railway rain ramp random rang rank rap raw reactiv readili rebuild recipi recombin
record recoveri recreat redback refere referendum refineri reform regain regard regimen regist
reinfect reluct remdesivir remix render rendit renew renov repres repress research reserv resili
resolut resort resourc respir restor restrict retrospect reunion review revis rhesus rhetor rhythm
ride rider right robot rock rocket romanc roof rooki room roster round rpfl rubber ruin rule ruler
runway sack safeti sail sailor sale saliva salvat save scam scandal scare scatter scholar
scholarship scoreboard scout scratch screen scrutini sculptur secondari secur segreg select senior
sensat sera seri serolog servic session sex shake shame shape sharehold sheet shelter shift shine
shit shootout shorten shorter shuttl sibl silli simul sing singer sink sister sixteen sketch skin
slaveri slay smart smash smile smoker snake snap snooker snow soft soldier solidar solut somewher
song southeastern southwestern space spare spawn speaker special specialist speech spike spin
spiritu spite sponso sponsor spray sprint squad staff standard star starter stat statesman statist
steril steward sticker stir store stori strang strategi string strip strive studio subcontin
submarin subscript summer superconduct supernatur supervisor support surf surgic surpass surreal
surveil survey swab swim swing switch symptomat syndic syndrom synthet system systemat tabl tablet
tail tailor takeov talent talk tall tallest task taxi teach team technolog teen teenag templat ten
tendenc tenni tent tenth term termin terrifi territori terror test theguardian thereaft therebi
thirti thorough thrill thrive tide tier time tip titer titular tobacco tongu top topic tornado
tournament tow town toxic track trade tragedi tragic trail trailer train transact transport trap
travel trend tribe trilog triumph tropic trouser true tune twelv typeof unanim unarm uncertainti
uncl uncomfort undefin under underw unemploy unknown unleash unlimit updat upload util utter vector
ventur veteran vibrant video view villag villain virtual visitor visual vocal volcano volleybal
wage waiv waiver walk wardrob warrant wash wast watch water weaken weather web webcast week weekend
whenev wherev whilst whistl wicket wife will window wine winner woman wonder worsen worship worst
worth worthi yard young youngster zero zone
""".split()
)
