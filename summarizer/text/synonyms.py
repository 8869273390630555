"""A small hand-made table of equal news words, and of opposites: data, no logic."""

from __future__ import annotations

# One group a line, equal enough that a news sentence stays true when one replaces another.
# Related is not equal: "rise" and "soar" are one group, "rise" and "change" are not.
EQUAL = """
begin start commence
buy acquire purchase
firm company corporation enterprise
build construct erect create develop
chip semiconductor microchip
say tell announce declare add remark
reveal disclose divulge
show demonstrate indicate
claim assert contend maintain insist
big large huge sizeable massive enormous
small little tiny
quick fast rapid swift speedy
rise increase grow climb gain soar surge jump
fall decrease decline drop sink plunge slump tumble plummet
cut reduce slash lower trim
accelerate speed hasten
slow decelerate
help assist aid
stop halt cease
end finish conclude
close shut
attempt try
use utilize utilise employ
need require
get obtain receive
keep retain
choose select pick
allow permit let enable
forbid ban prohibit outlaw bar
plan intend aim
goal aim target objective
hope wish
want seek desire
think believe
seller vendor
worker employee staff workforce staffer
boss chief head ceo leader
founder co-founder cofounder
job position post
hire recruit
quit resign
replace substitute supersede
car automobile
plane aircraft aeroplane airplane jet
ship vessel
film movie
picture image photo photograph
doctor physician
hospital clinic
medicine drug medication
illness disease sickness
kid child youngster
police cop
attack assault
kill slay
murder homicide
die decease
dead deceased
injure wound hurt
victim casualty
jail prison imprison
arrest detain
crime offence offense
lawyer attorney solicitor
lawsuit suit litigation
law legislation
rule regulation
watchdog regulator
accuse allege
inquiry investigation probe
investigate examine
study research
expert specialist
evidence proof
result outcome
cause trigger
effect consequence
danger hazard risk threat
warn caution
worry concern fear
safe secure
harm damage
destroy demolish
fix repair mend
problem issue difficulty
mistake error
answer reply respond response
ask request
agree consent
agreement accord deal pact
refuse decline
support back endorse
criticise criticize
praise laud
partnership collaboration alliance
collaborate cooperate
meet meeting
vote ballot
election poll
government administration
nation country
home house
people person
woman female
man male
money cash fund
invest investment investor
shareholder stockholder
stock share equity
profit earnings
revenue sales turnover
price cost
expensive costly pricey
cheap inexpensive
value worth
tax levy
loan credit
debt liability
bank lender
economy economic
market marketplace
trade commerce
goods merchandise
shop store
consumer shopper
phone telephone smartphone
internet web online
website site
software app application
datacenter datacentre
technology tech technological
tool instrument
powerful potent
strong robust
weak feeble
important significant crucial vital key essential
new novel
old elderly
current present
recent latest
total overall
entire whole
part portion
additional extra further more
several multiple
main principal primary chief major
famous renowned well-known
rich wealthy affluent
poor impoverished
happy glad pleased
angry furious
difficult hard tough
easy simple
possible potential
clear obvious
secret confidential
free gratis
win triumph victory
winner victor
match game
player footballer
team squad side
coach manager trainer
storm hurricane
flood flooding
earthquake quake
blaze fire
sea ocean
pollution contamination
energy power
oil petroleum crude
plant factory facility
road street highway
student pupil
university college
author writer
newspaper paper
travel journey
arrive reach
leave depart
flee escape
rescue save
discover find
expand enlarge extend widen broaden
improve enhance upgrade
advanced sophisticated cutting-edge state-of-the-art
battle fight
war conflict
soldier troop
bomb explosive
explosion blast
missile rocket
ceasefire truce
border frontier
migrant immigrant
protest demonstration rally
protester demonstrator
strike walkout
delay postpone
cancel scrap abandon
owner proprietor
own possess
rent lease
garner attract
gather collect
spread disseminate
surpass exceed outperform outstrip
beat defeat
prevent avert
protect guard shield
forthcoming upcoming
predict forecast
expect anticipate
understand comprehend
recall remember
make maker produce manufacture manufacturer
approximately roughly
dismiss sack
layoff redundancy
give provide supply
lawmaker legislator
area region
buyer purchaser
customer client
negotiation talks
rainfall rain
approve authorise authorize
rival compete competitor competition rivalry
release publish unveil introduce launch
former previous ex
defend defence defense
""".strip().splitlines()

# Several words for one: stems of the phrase, and the word it equals.
PHRASES = {
    "graphics chip": "gpu",
    "graphics card": "gpu",
    "graphics processor": "gpu",
    "graphics processing unit": "gpu",
    "large language model": "llm",
    "artificial intelligence": "ai",
    "data center": "datacenter",
    "data centre": "datacenter",
    "catch up": "rival",
    "open source": "opensource",
    "chief executive": "ceo",
    "chief executive officer": "ceo",
    "lay off": "layoff",
    "laid off": "layoff",
    "passed away": "die",
    "carry out": "conduct",
    "set up": "establish",
    "well known": "famous",
    "state of the art": "advanced",
    "cutting edge": "advanced",
    "prime minister": "premier",
    "court case": "lawsuit",
    "social media": "socialmedia",
    "interest rate": "interestrate",
    "kick off": "begin",
    "under way": "underway",
}

# Opposites: where the evidence has the one and the claim the other, the claim turns it round.
OPPOSITE = """
rise fall
increase decrease
grow shrink
growth decline
gain loss
profit loss
expand contract
widen narrow
accelerate slow
strengthen weaken
improve worsen
raise lower
high low
higher lower
highest lowest
more less
more fewer
most least
major minor
majority minority
maximum minimum
up down
above below
over under
before after
earlier later
early late
first last
old new
young old
accept reject
accept refuse
approve reject
allow ban
allow forbid
allow prohibit
permit ban
support oppose
praise criticise
admit deny
confirm deny
win lose
victory defeat
winner loser
success failure
succeed fail
buy sell
buyer seller
hire dismiss
join leave
arrive leave
enter leave
open close
begin end
arrest release
guilty innocent
convict acquit
alive dead
survive die
born die
male female
north south
east west
northern southern
eastern western
left right
import export
lend borrow
attack defend
add remove
include exclude
safe dangerous
strong weak
good bad
better worse
best worst
positive negative
optimistic pessimistic
rich poor
cheap expensive
easy difficult
simple complex
public private
domestic foreign
local national
temporary permanent
voluntary mandatory
partial complete
present absent
same different
similar different
increase reduce
encourage discourage
connect disconnect
agree refuse
obey disobey
hot cold
warm cool
dry wet
day night
single married
marry divorce
always never
everyone nobody
all none
forward backward
inside outside
internal external
win defeat
demand supply
guilty cleared
friend enemy
ally enemy
hope fear
love hate
peace war
offense defense
upgrade downgrade
inflow outflow
employment unemployment
visible invisible
increase fall
rise decline
grow decline
husband wife
father mother
son daughter
brother sister
king queen
men women
man woman
boy girl
morning evening
disclose conceal
disclose withhold
disclose confidential
disclose secret
reveal conceal
reveal hide
reveal confidential
reveal secret
publish withhold
direct indirect
explicit implicit
some all
some none
keep abandon
start stop
begin stop
continue stop
""".strip().splitlines()
